# make run · make quick · make test · make test-all · make check · make data · make bench · make words · make lock · make audit · make extras
# Everything goes through .venv, filled from requirements.lock; tests and checks add the extras (serve, mcp, cluster,
# postgis: requirements-extras.lock) and requirements-dev.lock
# (names, versions, hashes).
PYTHON ?= python3
# another environment for another Python: make quick PYTHON=python3.13 VENV=.venv-3.13
VENV ?= .venv
PORT ?= 8501
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
STAMP := $(VENV)/.ready
ANSWERS := $(VENV)/.answers
MORE := $(VENV)/.extras
DEV := $(VENV)/.dev
# modules are compiled when they are first used: most never are (half the time, 160 MB)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile
JOBS ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count() or 1)')
# a process more than there are processors: the one with the browser mostly waits, for the page and for the browser;
# a browser, a server or a measured memory wants a file's tests in one of them
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
PARALLEL := --dist loadfile --no-loadscope-reorder
# compiled modules are kept: each of the many processes that the tests start would compile all it imports again
unexport PYTHONDONTWRITEBYTECODE

.PHONY: lint-types lint-style lint-arrows lint-scripts lint-tests run quick test test-all check lint data bench words lock audit setup extras development pictures clean

setup: $(ANSWERS)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Oreway needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Set PYTHON=/path/to/python3.11") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "no venv module: install the package python3-venv, or set PYTHON to another Python 3.11+" >&2; exit 1; }
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-build-isolation --editable .
	@echo "Preparing the distance engine (once)"
	@$(BIN)/oreway nearest --lon 0 --lat 0 --json > $(VENV)/.warm
	@touch $(STAMP)

# made anew when the facts change; what other code would answer is found out when it is asked
$(ANSWERS): $(STAMP) data/catalog.toml $(wildcard data/methods/*.csv)
	@echo "Making ready what sites are asked for (once)"
	@$(BIN)/oreway doctor --ready || echo "not all are: the others are made when they are asked for"
	@touch $(ANSWERS)

extras: $(MORE)

$(MORE): $(STAMP) requirements-extras.lock
	$(INSTALL) --require-hashes -r requirements-extras.lock
	@touch $(MORE)

development: $(DEV)

$(DEV): $(MORE) requirements-dev.lock
	$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $(DEV)

run: $(STAMP)
	$(BIN)/python cli.py app --port $(PORT)

quick: development
	$(BIN)/python -m pytest -n $(JOBS) $(PARALLEL) --durations=5 --durations-min=1 -m 'not heavy and not browser and not slow'

test: development
	$(BIN)/python -m scripts.browser
	$(BIN)/python -m pytest -n $(WORKERS) $(PARALLEL)

test-all: development
	$(BIN)/python -m scripts.browser
	$(BIN)/python -m pytest -m 'heavy or not heavy'

# the checks of lint run side by side, as many as there are processors; what each says stands together, and one that
# fails fails them all
LINTS := lint-types lint-style lint-arrows lint-scripts lint-tests
WHOLE := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
lint: development
	$(MAKE) --jobs=$(JOBS) $(WHOLE) --keep-going --no-print-directory $(LINTS)

lint-types:
	$(BIN)/mypy

lint-style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

lint-arrows:
	$(BIN)/lint-imports

lint-scripts:
	$(BIN)/oxlint --deny-warnings data/web/oreway-*.js

# every test can be read; what pytest makes of them is kept for the processes that will run them
lint-tests:
	@mkdir -p .cache
	@$(BIN)/python -m pytest --collect-only -qq > .cache/tests.txt || { tail -n 40 .cache/tests.txt; exit 1; }
	@echo "Every test can be read"

check: lint
	$(MAKE) test

data: development
	$(BIN)/python scripts/build.py
	$(BIN)/python scripts/network_completeness.py
	$(BIN)/python -m scripts.sites
	$(BIN)/python -m scripts.docs
	$(BIN)/python -m scripts.chain
	$(BIN)/python -m scripts.price_access

bench: development
	$(BIN)/python -m benchmarks

pictures: development
	$(BIN)/python -m scripts.browser
	$(BIN)/python scripts/pictures.py

words: development
	$(BIN)/python scripts/words.py $(BEGIN)

lock:
	$(PYTHON) scripts/lock.py

audit:
	$(PYTHON) -m venv .cache/audit
	.cache/audit/$(notdir $(BIN))/python -m pip install --quiet --disable-pip-version-check pip-audit
	.cache/audit/$(notdir $(BIN))/pip-audit --strict --require-hashes --disable-pip -r requirements.lock -r requirements-extras.lock

clean:
	rm -rf .venv .venv-* .cache .pytest_cache .mypy_cache .ruff_cache
