# make run: set up what is missing and open the dashboard. make test: set up and run every test. make check: style and types.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
PORT ?= 8501
# what it listens at; another address than this computer's own needs NNVIZ_ACCESS (docs/security.md)
HOST ?= 127.0.0.1
BIN = $(VENV)/bin
# make would print its own banner for each step; what the user should see is the URL
MAKEFLAGS += --no-print-directory

# Node comes in a Python wheel: nothing else has to be installed for the browser scripts' tools
NODE = $(BIN)/node
TOOLS = node_modules/.installed
JS_TESTS = "tests/js/**/*.test.js"

.PHONY: run test test-js check check-js audit setup setup-dev browser clean

# the dashboard itself says where it is and who can reach it
run: $(VENV)/.installed $(if $(filter login,$(NNVIZ_ACCESS)),$(VENV)/.installed-login)
	@$(BIN)/streamlit run dashboard.py --server.address $(HOST) --server.port $(PORT)

test: check browser test-js
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not e2e"
	@$(BIN)/python -m pytest -m e2e

check: $(VENV)/.installed-dev check-js
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/vulture
	@$(BIN)/mypy

# format and lint (biome), types (TypeScript reads them from the comments)
check-js: $(TOOLS)
	@$(NODE) node_modules/.bin/biome check --error-on-warnings --log-level=warn
	@$(NODE) node_modules/.bin/tsc

test-js: $(TOOLS)
	@$(NODE) --test --test-reporter=dot $(JS_TESTS)

# Known weaknesses of the pinned packages. It needs the network; without a database of advisories it says so and fails nothing.
audit: $(VENV)/.installed
	@$(BIN)/python -m pip install -q --disable-pip-version-check pip-audit || echo "nnviz: pip-audit cannot be installed here"
	@$(BIN)/python .ci/audit.py requirements.txt requirements-login.txt requirements-notify.txt

setup: $(VENV)/.installed
setup-dev: $(VENV)/.installed-dev $(TOOLS)

# The tests drive a real browser: $$CHROMIUM, else one on the path, else Playwright's own download.
browser: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.browser

$(VENV)/bin/python:
	@echo "nnviz: making a virtual environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo "nnviz needs Python 3.11 or newer; say which: make run PYTHON=/path/to/python3.11"; exit 1)
	@$(PYTHON) -m venv $(VENV) || (echo "venv is missing: apt-get install python3-venv"; exit 1)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "nnviz: installing its requirements (about 2 minutes, once)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements.txt
	@echo "nnviz: compiling them to bytecode, so that the first start is quick"
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null 2>&1 || true
	@touch $@

$(VENV)/.installed-login: requirements-login.txt $(VENV)/.installed
	@echo "nnviz: installing what logging in needs"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements-login.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "nnviz: installing what its tests need"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# made anew only where the lock file has changed since; the computer's own certificates count, as for pip
$(TOOLS): package-lock.json package.json | $(VENV)/.installed-dev
	@echo "nnviz: installing the tools for the browser scripts"
	@NODE_USE_SYSTEM_CA=1 $(BIN)/npm ci --loglevel=error --no-audit --no-fund || (echo "nnviz: the tools for the browser scripts (package-lock.json) could not be installed: npm's registry must be reachable, or set another one with npm_config_registry=URL"; exit 1)
	@touch $@

clean:
	rm -rf $(VENV) node_modules .nnviz .mypy_cache .ruff_cache
