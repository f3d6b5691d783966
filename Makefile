# `make help` lists what there is. Everything runs inside .venv, made from the pinned requirements.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PORT   ?= 8000
SENIORS ?= 3000
PIP    := $(BIN)/pip --disable-pip-version-check -q

.DEFAULT_GOAL := help
.PHONY: help run test check bench faults faults-long assets lock translations

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.run: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned requirements …"
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	@echo "Installing what the tests and checks need …"
	@$(PIP) install --require-hashes -r requirements.txt -r requirements-dev.txt
	@touch $@

lock: ## compile requirements*.in to pinned, hashed requirements
	@test -x $(BIN)/uv || $(PIP) install uv
	@$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	@$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header requirements-dev.in -o requirements-dev.txt

assets: $(VENV)/.run ## the front-end files, into platform/static/vendor
	@$(BIN)/python platform/commands/assets.py

check: $(VENV)/.dev ## ruff, mypy, djlint, import-linter
	@$(BIN)/ruff check -q . && $(BIN)/ruff format --check -q .
	@$(BIN)/mypy
	@$(BIN)/djlint --lint --quiet templates
	@PYTHONPATH=platform:. $(BIN)/lint-imports --no-cache

test: $(VENV)/.dev ## the whole suite, on SQLite and on PostgreSQL
	@$(BIN)/python -m pytest -n 2 --database sqlite
	@$(BIN)/python -m pytest -n 2 --database postgresql -m "not browser"
