# What one does here. Each target makes its own set-up first (scripts/setup.sh; quick when nothing changed).
CAMERAS ?= 24     # cameras of the demo; 279 is the full district
BENCH ?= all      # live, decide, ledger or all
WORKERS ?= 2      # processes for the tests that measure no time; those that measure it run one by one
PYTEST_ARGS ?=    # for example: make test PYTEST_ARGS="tests/ledger -x"

RUN := .venv/bin
ON_POSTGRES := $(addprefix tests/,ledger activation access people cameras agreements importing record web house/test_strangers.py)
IN_TURN := $(addprefix tests/,journeys/test_life.py promises/test_03_cut_at_once.py promises/test_09_dead_parts.py faults/test_clock_step.py \
  faults/test_server_kills.py) # what measures real time on the real thing, or loads the machine by itself
BY_FILES := $(addprefix tests/,journeys promises faults edge player media camerasim) # whole deployments, browsers, sockets: a file a process
EXAMPLES ?= 400 # runs of each state machine in the soak, 25 steps each
PROPERTIES := $(shell grep -rlE "^from hypothesis import.*given|RuleBased" tests --include=test_*.py) # new examples each time, in the soak alone
SIDE_BY_SIDE := tests $(addprefix --ignore=,$(BY_FILES))
CAMERAS := $(strip $(CAMERAS))
BENCH := $(strip $(BENCH))
WORKERS := $(strip $(WORKERS))

.PHONY: help demo test check bench soak docs postgres lock clean
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

demo: ## a made-up district with simulated cameras, on http://localhost:8000 (CAMERAS=24)
	@scripts/setup.sh run
	@exec $(RUN)/sightpact demo --cameras $(CAMERAS)

test: check ## the checks, then all tests but the soak (WORKERS=2; PYTEST_ARGS="tests/ledger -x" runs just those)
ifeq ($(strip $(PYTEST_ARGS)),)
	$(RUN)/pytest -n $(WORKERS) $(SIDE_BY_SIDE)
	$(RUN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(BY_FILES) $(addprefix --ignore=,$(IN_TURN))
	$(RUN)/pytest $(IN_TURN)
else
	$(RUN)/pytest $(PYTEST_ARGS)
endif

check: ## style, types and the layers of the house
	@scripts/setup.sh test
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports --no-cache

bench: ## the numbers, in a table (BENCH=live, decide, ledger or all)
	@scripts/setup.sh test
	$(RUN)/sightpact bench $(BENCH)

soak: ## what is too long for `make test`: 1,000 kills, the long runs, the property tests with new examples
	@scripts/setup.sh test
	SIGHTPACT_KILLS=1000 $(RUN)/pytest -m soak --timeout 14400 $(PYTEST_ARGS)
	SIGHTPACT_RANDOM=1 SIGHTPACT_EXAMPLES=$(EXAMPLES) $(RUN)/pytest --timeout 14400 $(PROPERTIES)

postgres: ## the tests that touch the database, on a throw-away PostgreSQL
	@scripts/setup.sh test
	@scripts/setup.sh postgres
	scripts/with_postgres.sh $(RUN)/pytest -n $(WORKERS) -m "not soak and not browser" $(wildcard $(ON_POSTGRES)) $(PYTEST_ARGS)

docs: ## the documentation, in docs/_build/html; a warning is an error
	@scripts/setup.sh test
	$(RUN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

lock: ## work the lock files out again from pyproject.toml (needs uv)
	@scripts/lock.sh

clean: ## remove what the targets made here, but no data
	rm -rf .venv docs/_build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build dist test-results
