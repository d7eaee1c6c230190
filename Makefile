# Everything runs from .venv, which the first call makes from the locked requirements.
PYTHON ?= python3
BIN := .venv/bin
# One more than there are processors: many tests wait for processes of their own.
WORKERS = $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

# How long `make fuzz` goes on, and at which of the targets in tests/fuzz/targets.py; nothing said is all of them.
SECONDS ?= 600
TARGET ?=

.PHONY: run test check fix texts fuzz chaos long bench image docs pictures charts setup lock clean

AXE := tests/browser/node_modules/.ready

run: .venv/run.ready
	@exec $(BIN)/rushes run

test: .venv/dev.ready $(AXE)
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal $(if $(COVERAGE),--cov --cov-report=)
ifdef COVERAGE
	$(BIN)/coverage report --include='bot/*,storage/*' --fail-under=100
	$(BIN)/coverage report --include='adapters/*,rushes/*,simulator/*' --fail-under=90
endif

check: .venv/dev.ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/hadolint Dockerfile
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build -q --strict

fix: .venv/dev.ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# What people read, gathered into the catalogues of the other languages.
texts: .venv/dev.ready
	$(BIN)/python -m tests.languages.texts

fuzz: .venv/dev.ready
	$(BIN)/python -m tests.fuzz.explore --seconds $(SECONDS) $(TARGET)

long: .venv/dev.ready
	LONG=1 $(BIN)/pytest -q tests/bot/test_never_above.py

# The bot is killed again and again while members order; some ten minutes.
JOBS ?= 2000
KILLS ?= 200
SEED ?= 1

chaos: .venv/dev.ready
	$(BIN)/python -m tests.chaos $(JOBS) $(KILLS) $(SEED)

# The Dockerfile, step by step, and the program as it runs there. It takes the right to mount.
image: .venv/dev.ready
	$(BIN)/pytest -q tests/image/building.py

# Everything, or what is called NAME.
NAME ?=

bench: .venv/dev.ready
	$(BIN)/python -m bench $(NAME)

pictures: .venv/dev.ready
	$(BIN)/python docs/shots.py
	$(BIN)/python -m docs.operator_page docs/pictures

charts: .venv/dev.ready
	$(BIN)/python docs/charts.py

# MkDocs Material speaks of its successor at every build.
docs: .venv/dev.ready
	PYTHONPATH=. $(BIN)/python docs/tables.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build -q --strict

setup: .venv/run.ready
	@$(BIN)/rushes setup

lock: .venv/dev.ready
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra build pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra build --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean:
	rm -rf .venv tests/browser/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage* .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What looks for flaws in the pages that hinder people; tests/browser/package-lock.json says which.
$(AXE): tests/browser/package-lock.json
	@command -v npm > /dev/null || { \
		echo "The tests of the pages need npm. Install Node.js with it, such as by: apt-get install nodejs npm" >&2; exit 2; }
	cd tests/browser && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "rushes needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	$(PYTHON) -m venv .venv

.venv/run.ready: requirements.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.ready: requirements-dev.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ .venv/run.ready
