# `make help` lists what there is. Everything runs inside .venv, made from the pinned requirements.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PORT   ?= 8000
SENIORS ?= 3000
export PIP_ROOT_USER_ACTION := ignore
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

run: $(VENV)/.run assets translations ## the demo city on http://127.0.0.1:$(PORT): load it, run its day, serve it
	@$(BIN)/flask db upgrade
	@$(BIN)/flask demo load --if-empty --seniors $(SENIORS)
	@exec $(BIN)/flask serve --port $(PORT) --day

test: $(VENV)/.dev assets translations ## the whole suite, on SQLite and then on PostgreSQL
	@sh tests/browser/get-chromium.sh
	@$(BIN)/python -m pytest -n 2 --database sqlite
	@$(BIN)/python -m pytest -n 2 --database postgresql -m "not browser"

check: $(VENV)/.dev ## ruff, mypy, djlint, import-linter
	@$(BIN)/ruff check -q . && $(BIN)/ruff format --check -q .
	@$(BIN)/mypy
	@$(BIN)/djlint --lint --quiet templates
	@PYTHONPATH=platform:. $(BIN)/lint-imports --no-cache

bench: $(VENV)/.dev assets translations ## list the benchmarks; NAME=pages ARGS="--seniors 30000" runs one
	@$(BIN)/python benchmarks $(NAME) $(ARGS)

faults: $(VENV)/.dev ## kill, pause and mislead the senders of texts: nothing lost, nothing doubled
	@$(BIN)/python -m pytest tests/faults -n 4 -m faults --database postgresql
	@$(BIN)/python -m pytest tests/faults -n 4 -m faults --database sqlite

faults-long: $(VENV)/.dev ## the same with a thousand texts and hundreds of kills
	@FAULTS_LONG=1 $(BIN)/python -m pytest tests/faults -n 4 -m faults --database postgresql
	@FAULTS_LONG=1 $(BIN)/python -m pytest tests/faults -n 4 -m faults --database sqlite

assets: $(VENV)/.run ## the front-end files, into platform/static/vendor
	@$(BIN)/python platform/commands/assets.py

translations: $(VENV)/.run ## compile the English
	@$(BIN)/pybabel -q compile -d platform/translations

lock: ## compile requirements*.in to pinned, hashed requirements
	@test -x $(BIN)/uv || $(PIP) install uv
	@$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	@$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header requirements-dask.in -o requirements-dask.txt
	@$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header requirements-dev.in -o requirements-dev.txt
