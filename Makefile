# make run · make test · make test-all · make check · make data · make bench · make words · make lock · make audit
# Everything goes through .venv, filled from requirements.lock (names, versions, hashes).
PYTHON ?= python3
PORT ?= 8501
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
STAMP := .venv/.ready

.PHONY: run test test-all check data bench words lock audit setup pictures clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Oreway needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Set PYTHON=/path/to/python3.11") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; echo "no venv module: install the package python3-venv, or set PYTHON to another Python 3.11+" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@echo "Preparing the distance engine (once)"
	@$(BIN)/oreway nearest --lon 0 --lat 0 --json > .venv/.warm
	@touch $(STAMP)

run: setup
	$(BIN)/python cli.py app --port $(PORT)

test: setup
	$(BIN)/python -m scripts.browser
	$(BIN)/python -m pytest

test-all: setup
	$(BIN)/python -m scripts.browser
	$(BIN)/python -m pytest -m 'heavy or not heavy'

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

data: setup
	$(BIN)/python scripts/build.py
	$(BIN)/python -m scripts.sites
	$(BIN)/python -m scripts.docs

bench: setup
	$(BIN)/python -m benchmarks

pictures: setup
	$(BIN)/python -m scripts.browser
	$(BIN)/python scripts/pictures.py

words: setup
	$(BIN)/python scripts/words.py $(BEGIN)

lock:
	$(PYTHON) scripts/lock.py

audit:
	$(PYTHON) -m venv .cache/audit
	.cache/audit/$(notdir $(BIN))/python -m pip install --quiet --disable-pip-version-check pip-audit
	.cache/audit/$(notdir $(BIN))/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

clean:
	rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache
