# Everything is installed into .venv from the hash-pinned locks; nothing else on the machine is touched.
#   make demo            the whole main job on a bundled sample county, needs no configuration
#   make test            every test
#   make check           format, lint, types, the import arrow, branch coverage of monitor
#   make lock            renew the locks (needs the network)
# Another interpreter: make demo PYTHON=python3.12; options for pytest: make test PYTEST="-x -m 'not slow'"

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check install -qq
CODE   := crawler monitor schedules storage reports notices console tests benchmarks docs

.PHONY: demo test check format lint types arrow coverage lock clean
.DELETE_ON_ERROR:

demo: $(VENV)/.run
	@$(BIN)/xunjian demo

test: $(VENV)/.dev
	$(BIN)/pytest $(PYTEST)

check: format lint types arrow coverage

format: $(VENV)/.dev
	$(BIN)/ruff format --check $(CODE)

lint: $(VENV)/.dev
	$(BIN)/ruff check $(CODE)

types: $(VENV)/.dev
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python

arrow: $(VENV)/.dev
	$(BIN)/lint-imports

coverage: $(VENV)/.dev
	$(BIN)/pytest tests/monitor -n 2 --cov --cov-report=term-missing

# --- installation: one stamp per lock, so that the second run takes a moment ---

$(BIN)/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else "Xunjian needs Python 3.11 or newer, and $(PYTHON) is %d.%d; name a newer one: make PYTHON=python3.12 …" % v[:2])'
	@$(PYTHON) -m venv $(VENV) || { rm -f $@; echo "The virtual environment could not be made; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) …"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installing the development tools into $(VENV) …"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

# --- locks: the same versions in both, for every Python that is supported, with no address in them ---

UV_COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --upgrade --group build

lock: $(VENV)/.run
	@$(PIP) uv
	$(UV_COMPILE) --group dev --extra postgres --extra apprise --output-file requirements-dev.lock --quiet
	$(UV_COMPILE) --constraint requirements-dev.lock --output-file requirements.lock --quiet

clean:
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage htmlcov build dist
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +
