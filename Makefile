# The two commands of the README are `make up` and `make test`; both do all their set-up.
SHELL := /bin/sh
# The first that is recent enough and really runs (a version manager's stub may not).
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done || echo python3)
BIN := .venv/bin
ARGS ?=
# How many processes share the tests.
JOBS ?= auto

# Every step runs, so that one look shows all there is to mend.
LINT = for step in "ruff check ." "ruff format --check ." "lint-imports --no-logo" "mypy"; do \
	echo "· $$step"; $(BIN)/$$step || code=1; done

.DEFAULT_GOAL := help
.PHONY: help up test check bench bench-quick lint doctor format lock clean prepare prepare-dev chromium

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: prepare ## set everything up, start it, and print the addresses (ARGS="--port 9000")
	@exec $(BIN)/wanku up $(ARGS)

test: prepare-dev chromium ## set everything up and run every check and test (ARGS="-k name")
	@code=0; $(LINT); \
	$(BIN)/python -m pytest -n $(JOBS) --maxprocesses 8 --dist loadscope $(ARGS) || code=1; exit $$code

check: prepare-dev ## the quick part: style, types, layers, pure tests; under a minute
	@code=0; $(LINT); \
	WANKU_TEST_CLUSTER=none $(BIN)/python -m pytest -q -n $(JOBS) --maxprocesses 8 $(ARGS) || code=1; exit $$code

bench: prepare-dev ## measure beside the bare database, under ten minutes; writes bench/RESULTS.md (ARGS="--nice -5")
	@exec $(BIN)/python -m bench $(ARGS)

bench-quick: prepare-dev ## the same in under three minutes (ARGS="--only place_order_rush_random")
	@exec $(BIN)/python -m bench --quick $(ARGS)

lint: prepare-dev ## style, types and layers alone
	@code=0; $(LINT); exit $$code

doctor: ## explain what is wrong, and how to mend it
	@if [ -x $(BIN)/wanku ]; then exec $(BIN)/wanku doctor; else echo 'Not set up yet; `make up` does that.'; fi

format: prepare-dev ## let ruff put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: prepare-dev ## resolve the dependencies anew into locks/ (hashes only, no addresses)
	$(BIN)/python -m wanku.runner.locks

clean: ## remove what was built; data in .wanku stays
	rm -rf .venv node_modules src/wanku/ui/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

prepare:
	@$(PYTHON) src/wanku/runner/bootstrap.py runtime

prepare-dev:
	@$(PYTHON) src/wanku/runner/bootstrap.py dev

chromium: prepare-dev
	@$(BIN)/python -m wanku.runner.chromium
