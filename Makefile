# What this project can do; `make help` lists it.
ROOT := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
PYTHON ?= python3
BIN := $(ROOT)/.venv/bin
# Some tests wait for servers and browsers: one process more than there are cores keeps them busy.
PROCESSES = $${TEST_PROCESSES:-$$("$(BIN)/python" -c 'import os; print(min((os.cpu_count() or 1) + 1, 8))')}
FLASK := cd "$(ROOT)" && "$(BIN)/flask"

.DEFAULT_GOAL := help
.PHONY: help run live test quick bench bench-cache lint format coverage requirements screenshots clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' "$(ROOT)/Makefile" | sed -E 's/^([a-z-]+):.*## /\1|/' | \
		while IFS='|' read -r name does; do printf '  make %-14s %s\n' "$$name" "$$does"; done

run: $(ROOT)/.venv/installed ## the site on the simulated market, http://127.0.0.1:5000 (PORT=…)
	@$(FLASK) serve

live: $(ROOT)/.venv/installed ## the site on the S&P 500, through Yahoo Finance; resumes where it stopped
	@cd "$(ROOT)" && DATA_PROVIDER=yahoo \
		DATABASE_URL="$${DATABASE_URL:-sqlite:///$(ROOT)/instance/live.db}" \
		"$(BIN)/flask" serve --index sp500

test: $(ROOT)/.venv/installed-dev ## set up what the tests need and run all of them
	@"$(ROOT)/tests/install-servers"
	@cd "$(ROOT)" && "$(BIN)/python" -m pytest -q -n "$(PROCESSES)" --dist worksteal $(ARGS)

quick: $(ROOT)/.venv/installed-dev ## the fast tests alone: without browser, PostgreSQL, Redis; under a minute
	@cd "$(ROOT)" && "$(BIN)/python" -m pytest -q -n "$(PROCESSES)" --dist worksteal \
		--hypothesis-profile quick -m "not browser and not postgres and not redis and not replay and not slow" $(ARGS)

bench: $(ROOT)/.venv/installed-dev ## the benchmarks
	@cd "$(ROOT)" && "$(BIN)/python" -m bench

bench-cache: $(ROOT)/.venv/installed-dev ## the page cache against a bare Flask view, a storm, outages
	@cd "$(ROOT)" && "$(BIN)/python" -m bench.cache $(ARGS)

lint: $(ROOT)/.venv/installed-dev ## ruff, mypy, and the rules for imports
	@cd "$(ROOT)" && "$(BIN)/ruff" check . && "$(BIN)/ruff" format --check . && \
		"$(BIN)/mypy" && "$(BIN)/python" -m pytest -q tests/test_architecture.py

format: $(ROOT)/.venv/installed-dev ## let ruff lay out the code
	@cd "$(ROOT)" && "$(BIN)/ruff" check --fix . ; "$(BIN)/ruff" format .

coverage: $(ROOT)/.venv/installed-dev ## the tests with the lines and branches they reach, into build/coverage/
	@"$(ROOT)/tests/install-servers"
	@cd "$(ROOT)" && "$(BIN)/python" -m pytest -q -n "$(PROCESSES)" --dist worksteal \
		--cov --cov-report=html --cov-report=term:skip-covered $(ARGS)

requirements: $(ROOT)/.venv/installed-dev ## pin the requirements anew from the *.in files
	@cd "$(ROOT)" && for name in requirements requirements-dev; do \
		"$(BIN)/pip-compile" -q --strip-extras --no-annotate --no-header --no-emit-find-links \
			--no-emit-index-url --no-emit-trusted-host -o $$name.txt $$name.in || exit 1; done

screenshots: $(ROOT)/.venv/installed-dev ## pictures of the pages into docs/screenshots/
	@cd "$(ROOT)" && "$(BIN)/python" -m bench.screenshots

clean: ## remove the virtual environment (the databases in instance/ stay)
	rm -rf "$(ROOT)/.venv"

$(ROOT)/.venv/bin/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "StockScore needs Python 3.11 or newer; say which with PYTHON=/path/to/python3.11."; exit 1; }
	@"$(PYTHON)" -m venv "$(ROOT)/.venv" || \
		{ rm -rf "$(ROOT)/.venv"; echo "Python lacks the venv module; on Debian: apt install python3-venv."; exit 1; }

$(ROOT)/.venv/installed: $(ROOT)/.venv/bin/python $(ROOT)/requirements.txt
	@echo "Installing what StockScore needs (once) …"
	@"$(BIN)/python" -m pip install -q --disable-pip-version-check -r "$(ROOT)/requirements.txt"
	@touch "$@"

$(ROOT)/.venv/installed-dev: $(ROOT)/.venv/installed $(ROOT)/requirements-dev.txt
	@echo "Installing what the tests need (once) …"
	@"$(BIN)/python" -m pip install -q --disable-pip-version-check -r "$(ROOT)/requirements-dev.txt"
	@touch "$@"
