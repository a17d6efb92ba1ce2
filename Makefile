# What a developer of mleval does. `make` alone lists it.

# The first interpreter that is new enough; `make PYTHON=...` chooses another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
# The oldest Python, for which the oldest versions of the dependencies are built.
OLDEST_PYTHON ?= python3.11
# What `make simulate` runs at full size.
CAMPAIGNS := $(addprefix tests/test_, intervals.py intervals_regression.py multilabel_intervals.py \
	gates_paired.py gates_texts.py bleu.py text_references.py language_tokenizers.py laws_text.py \
	diagnosis_planted.py diagnosis_threshold.py diagnosis_calibration.py clusters.py)
# What `make bench` runs: `make bench ARGS="small --repeats 9"`.
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := python -m pip --quiet --disable-pip-version-check
TEST_TOOLS := hypothesis jsonschema lxml polars pytest pytest-xdist pyyaml

.DEFAULT_GOAL := help
.PHONY: help demo check lint types test test-browser test-extras lowest format simulate bench sample-data clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.plain ## Install mleval into .venv and evaluate a sample file
	$(BIN)/mleval classify sample_data/cancer.csv

check: lint types test test-browser ## All that must pass before a commit

lint: $(VENV)/.dev ## Check style and formatting
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .

types: $(VENV)/.dev ## Check types
	@$(BIN)/mypy --no-error-summary

test: $(VENV)/.dev ## Run the tests and the examples in docstrings
	@$(BIN)/pytest --quiet --numprocesses auto

test-browser: $(VENV)/.browser ## Run the tests of pages in Chromium (apt gets it, if it is missing)
	@$(BIN)/pytest --quiet tests/browser

test-extras: .venv-extras/.done ## Run the tests that need large extras: PyTorch, DVC (gets them, once)
	@HF_HUB_OFFLINE=1 .venv-extras/bin/pytest --quiet -W default tests/extras

lowest: .venv-lowest/.done ## Run the tests with the oldest versions of the dependencies
	@.venv-lowest/bin/pytest --quiet --numprocesses auto -W default

format: $(VENV)/.dev ## Format the code and mend what can be mended
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

simulate: $(VENV)/.dev ## Simulate intervals, and compare texts with references, at full size (slow)
	@MLEVAL_SIMULATE=full $(BIN)/pytest --quiet --numprocesses auto $(CAMPAIGNS)

bench: $(VENV)/.plain ## Time mleval beside the usual script (ARGS="--help": the choices)
	@$(BIN)/python benchmarks/run.py $(ARGS)

sample-data: $(VENV)/.plain ## Write the sample files anew
	@$(BIN)/python sample_data/make_sample_data.py
	@$(BIN)/python sample_data/make_language_data.py
	@$(BIN)/python sample_data/make_captions.py

clean: ## Remove the environments, caches and generated data
	@rm -rf $(VENV) .venv-extras .venv-lowest .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	@rm -rf benchmarks/.data
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps say that an environment is set up; a change of pyproject.toml sets it up again.
$(VENV)/.plain: pyproject.toml
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo >&2 "error: mleval needs Python 3.11 or newer; found: $$($(or $(PYTHON),python3) --version 2>&1)"; \
		echo >&2 "hint: name one: make PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Setting up $(VENV) with $(PYTHON) (once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/$(PIP) install --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.plain
	@echo "Adding the tools of development to $(VENV) (once) ..."
	@$(BIN)/$(PIP) install --editable '.[dev]'
	@touch $@

# Chromium is on the machine or comes from its packages; nothing else is asked for it.
$(VENV)/.browser: $(VENV)/.dev
	@command -v chromium >/dev/null || { \
		echo "Getting Chromium from apt (once) ..."; \
		root=$$([ "$$(id -u)" = 0 ] || echo sudo --non-interactive); \
		{ $$root apt-get update -qq && \
		$$root env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends chromium; \
		} > $(VENV)/apt.log 2>&1 || { \
			tail -n 5 >&2 $(VENV)/apt.log; \
			echo >&2 "error: the tests of pages need Chromium, and apt-get cannot install it"; \
			echo >&2 "hint: install it so that 'chromium' is found, then: make test-browser"; exit 1; }; }
	@echo "Adding the tools of the tests of pages to $(VENV) (once) ..."
	@$(BIN)/$(PIP) install --editable '.[dev,browser]'
	@touch $@

.venv-extras/.done: $(VENV)/.plain
	@echo "Setting up .venv-extras with $(PYTHON) (once) ..."
	@$(PYTHON) -m venv .venv-extras
	@.venv-extras/bin/$(PIP) install --editable '.[dev,lm,extras]'
	@touch $@

.venv-lowest/.done: pyproject.toml
	@echo "Setting up .venv-lowest with $(OLDEST_PYTHON) (once) ..."
	@$(OLDEST_PYTHON) -m venv --clear .venv-lowest
	@$(OLDEST_PYTHON) -c 'import tomllib; project = tomllib.load(open("pyproject.toml", "rb")); \
		print(*project["project"]["dependencies"], sep="\n")' \
		| sed 's/>=/==/' > .venv-lowest/constraints.txt
	@.venv-lowest/bin/$(PIP) install --constraint .venv-lowest/constraints.txt \
		--editable . $(TEST_TOOLS)
	@touch $@
