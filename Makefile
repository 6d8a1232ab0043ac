# 広域連携ポータル. `make` alone lists the targets. PORT chooses the port of `make run` (default 8000).
.DEFAULT_GOAL := help
PORT ?= 8000
export PORT

.PHONY: help setup run test check screens bench requirements

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## create .venv and install what running and testing need; installs only what is missing
	@scripts/setup run test

run: ## set up, load the demo world, start the portal and its worker on PORT (Ctrl-C stops both)
	@scripts/setup run
	@scripts/run

test: ## everything: checks, tests on SQLite, on PostgreSQL and in Chromium
	@scripts/setup run test
	@.venv/bin/python -m scripts.test

check: ## the quick one: lint, types, migrations, unit tests on SQLite
	@scripts/setup run test
	@.venv/bin/python -m scripts.test --quick

screens: ## write a picture of every page per role to docs/screens/
	@scripts/setup run test
	@.venv/bin/python -m scripts.screens

bench: ## run the benchmarks on a throwaway PostgreSQL: one JSON line each
	@scripts/setup run test
	@scripts/with_postgres .venv/bin/python -m bench.run
	@.venv/bin/python -m bench.imports

requirements: ## compile requirements*.txt from pyproject.toml, pinned with hashes
	@scripts/setup run test
	@scripts/compile_requirements
