# Every command of the house. `make` prints this list.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help venv up test check bench schemas lock new-decision clean

bin := .venv/bin
home := $(or $(MOTCUA_HOME),.motcua)

help:
	@awk 'BEGIN {FS = ":.*## "} \
	  /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

##@ Run a province on this machine
up: venv ## start everything; Ctrl-C ends it (MOTCUA_PORT, MOTCUA_HOME)
	@$(bin)/motcua up

clean: ## remove the province's data and the tools' caches
	@if [ -s $(home)/supervisor.pid ] && kill -0 "$$(< $(home)/supervisor.pid)" 2>/dev/null; then \
	  echo "The province in $(home) is running: end it with Ctrl-C first." >&2; exit 1; fi
	@rm -rf -- $(home) .hypothesis .pytest_cache .ruff_cache .import_linter_cache build *.egg-info
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

##@ Work on it
venv: .venv/installed ## make the virtual environment from the lock file

test: venv ## all tests, on real Postgres and Kafka (MOTCUA_TEST_PROCESSES, 2 side by side)
	@$(bin)/pytest --numprocesses $(or $(MOTCUA_TEST_PROCESSES),2) --dist loadgroup

check: venv ## format, lint, types, import rules, fresh schemas
	@$(bin)/ruff format --check --quiet . || { echo "Run: $(bin)/ruff format ." >&2; exit 1; }
	@$(bin)/ruff check --quiet .
	@$(bin)/pyright --warnings
	@$(bin)/lint-imports
	@$(bin)/python -m contracts.export --check
	@$(bin)/python -m motcua.settings_page --check

bench: venv ## ours beside its bare references
	@$(bin)/motcua bench

##@ Change it
schemas: venv ## write contracts/schemas, contracts/asyncapi and docs/settings.md anew
	@$(bin)/python -m contracts.export
	@$(bin)/python -m motcua.settings_page

lock: venv ## resolve the dependencies of pyproject.toml anew
	@$(bin)/uv pip compile --quiet --universal --python-version 3.11 --all-extras \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade \
	  pyproject.toml --output-file requirements.lock

new-decision: ## a numbered page in docs/decisions (TITLE="We …")
	@test -n "$(TITLE)" || { echo 'Say what is decided: make new-decision TITLE="We …"' >&2; exit 1; }
	@mkdir -p docs/decisions; cd docs/decisions; \
	  last=$$(ls | grep -oE '^[0-9]{4}' | sort | tail -1 || true); \
	  number=$$(printf '%04d' $$((10#$${last:-0} + 1))); \
	  page="$$number-$$(tr 'A-Z ' 'a-z-' <<< "$(TITLE)" | tr -cd 'a-z0-9-').md"; \
	  printf '# %s %s\n\nAccepted.\n\n## Context\n\n## Options\n\n## Decision\n\n## Consequences\n' \
	    "$$number" "$(TITLE)" > "$$page"; echo "docs/decisions/$$page"

# The lock pins uv too: pip fetches it by its hash, uv fetches the rest by theirs.
.venv/installed: requirements.lock pyproject.toml
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 ""; do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; done; \
	test -n "$$python" || { echo "Python 3.11 or newer is needed: install it, or set PYTHON." >&2; exit 1; }; \
	test -x $(bin)/python || "$$python" -m venv .venv >/dev/null || { rm -rf .venv; \
	  echo "Python cannot make a virtual environment: install its venv package (python3-venv)." >&2; exit 1; }
	@echo "Installing what requirements.lock pins …"
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.lock
	@{ $(bin)/pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.lock \
	  && $(bin)/uv pip sync --quiet --python $(bin)/python --require-hashes requirements.lock \
	  && $(bin)/uv pip install --quiet --python $(bin)/python --no-deps --no-build-isolation --editable .; } \
	  || { echo "The dependencies could not be installed: is there a network?" >&2; exit 1; }
	@touch $@
