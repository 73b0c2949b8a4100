"""Benchmarks, run by ``python -m benchmarks``: whole plannings, roads, and the routing engine."""
