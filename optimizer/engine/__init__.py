"""The periodic routing engine: ruin and recreate in compiled kernels, steered from Python."""
