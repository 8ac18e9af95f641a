# The commands a developer needs. `make help` lists them; each works from a clean clone.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

# The first Python of at least 3.11 on the PATH makes the virtual environment.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell command -v $(name) >/dev/null 2>&1 && \
	$(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
VENV ?= .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.installed-runtime
DEVELOPMENT := $(VENV)/.installed-development
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# What `make test` runs: T=tests/unit, T="tests/web -k cart", …
T ?= tests
# Settings of your own: a file of NAME=value lines that .env.example documents.
ENVIRONMENT := if [ -f .env ]; then set -a; . ./.env; set +a; fi

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
	  echo "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3" >&2; exit 1; fi
	@echo "making the virtual environment $(VENV) with $$($(PYTHON) -V)" >&2
	@$(PYTHON) -m venv $(VENV) >&2

# The installation knows the top-level packages by name: a new one means installing again.
$(RUNTIME): requirements.lock setup.cfg pyproject.toml $(wildcard */__init__.py) | $(BIN)/python
	@echo "installing what the shop needs (once; a minute or two)" >&2
	@$(PIP_INSTALL) --require-hashes --no-deps -r requirements.lock >&2
	@$(PIP_INSTALL) --no-build-isolation --no-deps -e . >&2
	@touch $@

$(DEVELOPMENT): requirements-dev.lock $(RUNTIME)
	@echo "installing what the tests and checks need (once; a minute or two)" >&2
	@$(PIP_INSTALL) --require-hashes --no-deps -r requirements-dev.lock >&2
	@touch $@

.PHONY: run
run: $(RUNTIME) ## set everything up and start the shop with the demo catalogue
	@$(ENVIRONMENT); exec $(BIN)/ocop run --demo

.PHONY: test
test: $(DEVELOPMENT) ## every test, on SQLite and on PostgreSQL where one is reachable (T=path for some)
	@$(BIN)/python -m tests.run $(T)

.PHONY: unit
unit: $(DEVELOPMENT) ## the pure tests only: seconds
	@$(BIN)/python -m pytest -q tests/unit

.PHONY: lint
lint: $(DEVELOPMENT) ## ruff, formatting, types, import contracts, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates

.PHONY: check
check: lint test ## lint, then every test

.PHONY: bench
bench: $(DEVELOPMENT) ## measure pages against a minimal Flask page on the same data (prints, never fails)
	@$(BIN)/python -m bench.run

.PHONY: bench-catalogue
bench-catalogue: $(DEVELOPMENT) ## measure import, export and browsing of 20,000 products (prints, never fails)
	@$(BIN)/python -m bench.catalogue

.PHONY: soak-import
soak-import: $(DEVELOPMENT) ## kill an import of 20,000 rows at random moments; fails when a row is lost or doubled
	@$(BIN)/python -m bench.interrupted

.PHONY: search-eval
search-eval: $(DEVELOPMENT) ## score the search against judged queries; fails under its gates
	@$(BIN)/python -m tests.search_eval.report

.PHONY: soak-edits
soak-edits: $(DEVELOPMENT) ## make 10,000 random edits; fails when search, page or export disagrees with the database
	@OCOP_TEST_EDITS=10000 $(BIN)/python -m pytest -q tests/integration/ops/test_random_edits.py

.PHONY: soak-search
soak-search: $(DEVELOPMENT) ## kill the indexer 40 times; three readers, indexer and rebuilds for a minute
	@OCOP_TEST_SEARCH_KILLS=40 OCOP_TEST_SEARCH_SECONDS=60 $(BIN)/python -m pytest -q \
	  tests/integration/search/test_killed_indexer.py tests/integration/search/test_search_under_way.py

.PHONY: search-other-engine
search-other-engine: $(DEVELOPMENT) ## run the tests of search on Whoosh-Reloaded 2.7.5, in a folder of its own
	@$(BIN)/python -m pip --version >/dev/null 2>&1 && installer="$(BIN)/python -m pip" || installer="$(BIN)/uv pip"; \
	  $$installer install -q --upgrade --no-deps --target var/whoosh-reloaded \
	    Whoosh-Reloaded==2.7.5 cached-property==2.0.1
	@PYTHONPATH=var/whoosh-reloaded $(BIN)/python -m pytest -q tests/unit/search tests/integration/search

.PHONY: test-cluster
test-cluster: $(DEVELOPMENT) ## search on a real OpenSearch cluster of three nodes (JDK and Maven; fetched once)
	@environment=$$(.ci/opensearch) && eval "$$environment" && \
	  OCOP_TEST_REQUIRE=opensearch $(BIN)/python -m pytest -q tests/integration/search_cluster

.PHONY: search-compare
search-compare: $(DEVELOPMENT) ## our search beside other engines: relevance and speed of each (prints, never fails)
	@$(BIN)/python -m bench.compare

.PHONY: bench-search
bench-search: $(DEVELOPMENT) ## the speed table of search, ours and other engines (quarter of an hour; prints, never fails)
	@environment=$$(.ci/opensearch) && eval "$$environment"; $(BIN)/python -m bench.search

.PHONY: check-pages
check-pages: $(DEVELOPMENT) ## axe on every kind of page in all nine languages and every desk, light and dark (about fifteen minutes)
	@OCOP_TEST_PAGES=all OCOP_TEST_REQUIRE=chromium $(BIN)/python -m pytest -q -n 2 --dist load \
	  tests/browser/test_every_page_is_accessible.py tests/browser/test_every_desk_is_accessible.py

.PHONY: check-html
check-html: $(DEVELOPMENT) ## the Nu HTML checker on every kind of page in all nine languages (Node and Java; fetched once)
	@environment=$$(.ci/page-checkers) && eval "$$environment" && \
	  OCOP_TEST_PAGES=all OCOP_TEST_REQUIRE=nu $(BIN)/python -m pytest -q tests/browser/test_every_page_is_valid.py

.PHONY: pictures
pictures: $(DEVELOPMENT) ## pictures of every kind of page in five languages, phone and desktop, light and dark, to look at (P=shop.product)
	@$(BIN)/python -m tests.browser.contact_sheets $(P)

.PHONY: lighthouse
lighthouse: $(DEVELOPMENT) ## Lighthouse on home, browse and product, three runs each; fails under its gates (L="vi de")
	@environment=$$(.ci/page-checkers) && eval "$$environment" && $(BIN)/python -m tests.browser.lighthouse $(L)

.PHONY: peers
peers: ## install and start PostgreSQL and Redis on loopback for the tests (Debian; needs root)
	@.ci/peers

.PHONY: migration
migration: $(DEVELOPMENT) ## write a migration from the models (M="add lots")
	@test -n "$(M)" || { echo 'say what it does: make migration M="add lots"' >&2; exit 2; }
	@$(BIN)/ocop migration "$(M)"

.PHONY: messages
messages: $(DEVELOPMENT) ## collect texts from the code into the message catalogues, and compile them
	@$(BIN)/ocop messages

.PHONY: coverage
coverage: $(DEVELOPMENT) ## the tests with branch coverage
	@$(PIP_INSTALL) 'coverage>=7' >&2
	@$(BIN)/python -m coverage run -m pytest -q $(T)
	@$(BIN)/python -m coverage report

.PHONY: lock
lock: $(BIN)/python ## resolve setup.cfg again into the two lock files
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(PIP_INSTALL) 'uv>=0.9' >&2
	@printf 'setuptools>=75\n' | $(UV_COMPILE) setup.cfg - --extra postgres --extra redis \
	  --output-file requirements.lock
	@$(UV_COMPILE) setup.cfg --extra test --extra lint --constraint requirements.lock \
	  --output-file requirements-dev.lock
UV_COMPILE = $(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" $(UV_OPTIONS)

.PHONY: clean
clean: ## remove caches and compiled files; keeps the virtual environment and var/
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage build dist
	@find . -path ./$(VENV) -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf
