# `make` alone lists what there is. Set-up is part of every target that needs it: see packaging/setup/set-up.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test check lint types imports fuzz soak bench package wheel test-package lock clean

SETUP := packaging/setup
PYTHON_HERE := .venv/bin/python
ARGS ?=

help: ## List the targets
	@echo "make TARGET [ARGS='...']      ARGS: for sms-desktop (run), pytest (test), names of measurements (bench)"
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1 \2/p' $(MAKEFILE_LIST) | while read -r name text; do printf '  %-14s%s\n' "$$name" "$$text"; done

run: ## Set up what is missing, then open the window
	@$(SETUP)/run $(ARGS)

test: ## Set up what is missing, then run the tests
	@$(SETUP)/test $(ARGS)

check: lint types imports ## Lint, types, import rule, tests and their coverage: what CI runs
	@$(MAKE) --no-print-directory test ARGS="--cov --cov-report=term $(ARGS)"

lint: .prepared
	$(PYTHON_HERE) -m ruff check
	$(PYTHON_HERE) -m ruff format --check

types: .prepared
	$(PYTHON_HERE) -m mypy

imports: .prepared
	.venv/bin/lint-imports

fuzz: .prepared ## Inspect hostile octets and call smsctl with hostile arguments, a minute each; ARGS: --seconds N --seed N
	@$(PYTHON_HERE) -m tests.fuzz.inspect_any_octets $(ARGS)
	@$(PYTHON_HERE) -m tests.fuzz.command_lines $(ARGS)

soak: .prepared ## Harm relay and console for long, and print what was lost or doubled (nothing); ARGS: names of faults
	@$(PYTHON_HERE) -m tests.faults $(ARGS)
	@$(PYTHON_HERE) -m tests.soak

bench: .prepared ## Measure ours against the yardsticks; fails when one is missed
	@$(PYTHON_HERE) -m tests.bench $(ARGS)

package: wheel ## Build the wheel, the frozen program and its Debian package into dist/
	@packaging/debian/package
	@cd dist && sha256sum *

wheel: .prepared ## Build the wheel and the source distribution into dist/ (the same octets every time)
	@rm -rf dist
	@env -u SOURCE_DATE_EPOCH $(PYTHON_HERE) -m hatchling build -d dist
	@cd dist && sha256sum *

test-package: ## Install the Debian package into a fresh Debian root, use it there, upgrade and remove it (root only)
	@packaging/debian/test-package $(ARGS)

lock: ## Write the locks anew from pyproject.toml (ARGS=--upgrade raises the pins)
	@$(SETUP)/lock $(ARGS)

clean: ## Remove what the other targets made, except .venv
	@rm -rf build dist .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find sms_desktop tests packaging -name __pycache__ -prune -exec rm -rf {} +

.PHONY: .prepared
.prepared:
	@$(SETUP)/set-up test || [ $$? = 3 ]
