# `make demo` and `make test` set up everything they need in .venv, once, and again when pyproject.toml changes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
JOBS ?= auto

.DEFAULT_GOAL := help

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## Run the dashboard against the simulator: no token, no network, nothing of yours is touched
	@$(BIN)/fleet-tui demo

test: $(READY) ## Run the whole test suite
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

check: $(READY) ## Lint, format, types, import contracts, generated documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m fleet_tui.config.reference | diff -u docs/config.md -
	$(BIN)/python -m fleet_tui.keys | diff -u docs/keys.md -

bench: $(READY) ## Measure what the dashboard costs beside a bare Textual program (let the machine rest meanwhile)
	@$(BIN)/python -m bench.speed
	@$(BIN)/python -m bench.board
	@$(BIN)/python -m bench.status

soak: $(READY) ## Kills while writing, a storm of sizes, a day's requests, a week of polling: three quarters of an hour
	@$(BIN)/python -m bench.kill_writes
	@$(BIN)/python -m bench.resize_storm
	@$(BIN)/python -m bench.api_budget
	@$(BIN)/python -m bench.soak

docs: $(READY) ## Make docs/config.md and docs/keys.md anew
	$(BIN)/python -m fleet_tui.config.reference > docs/config.md
	$(BIN)/python -m fleet_tui.keys > docs/keys.md

pictures: $(READY) ## Make the pictures in docs/pictures anew
	$(BIN)/python docs/make_pictures.py

snapshots: $(READY) ## Make the pictures in tests/snapshots anew (look at them before you commit)
	$(BIN)/python -m pytest -n $(JOBS) --snapshot-update

constraints: ## Bring all packages up to date, and note their versions in constraints.txt (then run the tests)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade --upgrade-strategy eager --editable '.[dev]'
	$(BIN)/python -m pip freeze --exclude-editable > constraints.txt

clean: ## Remove the virtual environment and all caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .snapshot_report.html

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "fleet-tui needs Python 3.11 or newer; this is $$($(PYTHON) --version). Name another: make PYTHON=python3.12 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

.PHONY: help demo test check bench soak docs pictures snapshots constraints clean
