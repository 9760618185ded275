# `make help` lists what there is. Everything is installed into .venv (VENV=folder: there); nothing else of the machine is touched.

PYTHON ?= $(shell for name in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	if command -v $$name >/dev/null 2>&1 && $$name -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then echo $$name; break; fi; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help serve test check oracle lint format schema record explorer bench bench-page bench-load bench-finding clients federation faults container lock clean

help: ## What can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: $(VENV)/runs explorer ## Serve the demo town on http://127.0.0.1:8000, with GraphiQL at /graphql
	@exec $(BIN)/python -m influents serve

test: $(VENV)/develops lint ## Everything that is checked before a change lands: lint, types, the schema, all tests
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

check: test ## All that, and what takes longer: hypothesis looks ten times as far, graphql-core answers in the engine's place, and hostile requests come for a minute
	@$(BIN)/python -m pytest --hypothesis-profile thorough tests/laws/test_play.py
	@INFLUENTS_EXECUTOR=graphql-core $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup tests/schema --ignore tests/schema/test_work.py
	@INFLUENTS_FUZZ_SECONDS=60 INFLUENTS_FUZZ_SEED=$${INFLUENTS_FUZZ_SEED:-$$(date +%s)} $(BIN)/python -m pytest tests/edge/test_fuzz.py

oracle: $(VENV)/develops ## Ask the engine and graphql-core 20,000 operations of made-up schemas, and 1,000 of this one (20 minutes)
	@INFLUENTS_ORACLE_OPERATIONS=20000 INFLUENTS_ORACLE_SERVICE=1000 $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup tests/engine/test_oracle.py tests/engine/test_service.py

lint: $(VENV)/develops ## Formatting, lint, types, import rules, and that schema.graphql is what the code says
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@$(BIN)/python -m influents schema --check schema.graphql

format: $(VENV)/develops ## Put code into its form
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

schema: $(VENV)/runs ## Print schema.graphql anew
	@$(BIN)/python -m influents schema > schema.graphql.new && mv schema.graphql.new schema.graphql

record: $(VENV)/develops ## Record anew what the hot queries take: statements, and instructions of Python
	@INFLUENTS_RECORD_WORK=1 $(BIN)/python -m pytest -q tests/schema/test_work.py tests/edge/test_work.py

explorer: $(VENV)/runs ## Build GraphiQL, with this machine's Node or one of its own; the service runs without it too
	@$(BIN)/python -m influents.explorer_build || true

bench: $(VENV)/develops ## Stand beside four others on the same rows (20 minutes; QUICK=1: under 6; GROWTH=1: what grows with what)
	@$(BIN)/python -m benchmarks.side_by_side $(if $(GROWTH),growth,run) $(if $(QUICK),--quick) $(BENCH)

bench-page: $(VENV)/develops ## Put what `make bench` wrote into docs/performance.md, with a picture
	@$(BIN)/python -m benchmarks.side_by_side page

bench-load: $(VENV)/develops ## Use it for ten minutes at the rate that the machine holds, then ten times as much for one (15 minutes)
	@$(BIN)/python -m benchmarks.load

bench-finding: $(VENV)/develops ## Measure how long finding takes in the database, with a country in it (10 minutes, 8 GB of disk)
	@$(BIN)/python -m benchmarks.finding

clients: $(VENV)/develops ## Install what others wrote to try us with (clients, gateways, audits: 650 MB); tests skip it where it isn't
	@$(BIN)/python -m tests.clients.install || true

federation: $(VENV)/runs ## Serve Influents, two partners' subgraphs and a gateway over them on http://127.0.0.1:4000/graphql
	@exec $(BIN)/python -m examples.federation

.PHONY: partner-client clean-partner-client
clean: clean-partner-client
clean-partner-client:
	@rm -rf examples/partner-client/.venv examples/partner-client/influents_client

partner-client: ## Make the typed client of examples/partner-client, in an environment of its own
	@test -x examples/partner-client/.venv/bin/python || $(PYTHON) -m venv examples/partner-client/.venv
	@examples/partner-client/.venv/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r examples/partner-client/requirements.txt
	@cd examples/partner-client && .venv/bin/ariadne-codegen

faults: $(VENV)/develops ## Break the service and its database while people write; TIMES=10 in a row
	@for time in $$(seq $(or $(TIMES),1)); do \
		echo "faults, time $$time of $(or $(TIMES),1), from $$(date -u +%H:%M:%S)"; \
		$(BIN)/python -m pytest -q tests/faults --durations=0 --durations-min=1 || exit 1; done

container: $(VENV)/develops ## Take the Dockerfile's steps in a fresh folder, without an engine, and try what comes of them
	@$(BIN)/python -m tests.container

lock: $(VENV)/develops ## Pin the newest versions of what pyproject.toml asks for
	@$(PIP) install uv
	@$(BIN)/uv pip compile pyproject.toml --upgrade $(LOCK) -o requirements.txt
	@$(BIN)/uv pip compile pyproject.toml --group dev --upgrade $(LOCK) -c requirements.txt -o requirements-dev.txt
	@$(BIN)/uv pip compile tests/clients/requirements.in --upgrade $(LOCK) -o tests/clients/requirements.txt
	@$(BIN)/uv pip compile examples/partner-client/requirements.in --upgrade $(LOCK) -c tests/clients/requirements.txt -o examples/partner-client/requirements.txt

LOCK := --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet

clean: ## Remove what was built and installed, and the demo town
	@rm -rf .venv explorer/dist explorer/node_modules tests/clients/.venv tests/clients/node_modules examples/federation/node_modules benchmarks/side_by_side/node_modules .data .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer, with venv, is needed: https://www.python.org/downloads/" >&2; exit 1; }
	@echo "Making $(VENV) with $(PYTHON) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/runs: $(VENV)/bin/python requirements.txt
	@echo "Installing what the service needs ..."
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(VENV)/develops: $(VENV)/bin/python requirements-dev.txt
	@echo "Installing what tests and checks need ..."
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/runs
