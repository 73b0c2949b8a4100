# Each target makes .venv and installs into it when it is missing or older than its inputs.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
STAMP := $(VENV)/.installed

.PHONY: demo test lint bench bench-engine bench-need bench-network bench-staffing prove clean
.DELETE_ON_ERROR:

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable ".[dev]"
	$(BIN)/python -c "from pathlib import Path; Path('$(STAMP)').touch()"

demo: $(STAMP)
	$(BIN)/xuncha demo ./demo

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The kernels once more as plain Python on tiny cases: coverage sees nothing that numba compiled.
# A test that hangs is shown where it hangs, and fails.
test: $(STAMP)
	$(BIN)/coverage erase
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report= \
		-o faulthandler_timeout=600 -o faulthandler_exit_on_timeout=true
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest tests/optimizer -k "engine or need or check" \
		-m "not slow" --cov --cov-append --cov-report=
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest tests/network/test_covering.py \
		tests/network/test_local_roads.py tests/network/test_walking.py \
		-m "not slow" --cov --cov-append --cov-report=
	$(BIN)/coverage report --fail-under=90

# What takes too long for every day: infeasible units explained and checked anew, random units planned,
# least staff held to brute force.
prove: $(STAMP)
	$(BIN)/python -m pytest -m proof

bench: $(STAMP)
	$(BIN)/python -m benchmarks

# Published instances, each one anytime run: make bench-engine FOLDER=... OPTIONS="--seconds 60"
bench-engine: $(STAMP)
	$(BIN)/python -m benchmarks.engine_published $(FOLDER) $(OPTIONS)

# Patrol need and its proven bound on twenty generated counties.
bench-need: $(STAMP)
	$(BIN)/python -m benchmarks.need $(OPTIONS)

# Roads against their peers: make bench-network OPTIONS=...
bench-network: $(STAMP)
	$(BIN)/python -m benchmarks.roads $(OPTIONS)

# Rostering on published shift scheduling: make bench-staffing FOLDER=... OPTIONS="--seconds 60"
bench-staffing: $(STAMP)
	$(BIN)/python -m benchmarks.staffing $(FOLDER) $(OPTIONS)

clean:
	rm -rf $(VENV) demo build dist .coverage .mypy_cache .pytest_cache .ruff_cache
