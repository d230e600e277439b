# The front door. `make` alone lists the commands, from the comments of the targets themselves.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules

PYTHON ?= python3# any Python 3.11 or newer
ENGINE ?= auto# auto, quarto or pandoc
RUN := .venv/bin/python
export TZ := UTC
export PYTHONHASHSEED := 0

.PHONY: help
help:
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

.PHONY: render
render: .venv/render.ok ## set everything up and build _output/: web page, PDF, every figure (ENGINE=auto|quarto|pandoc)
	@$(RUN) -m pipeline render --engine $(ENGINE)

.PHONY: test
test: .venv/test.ok ## set everything up and run all tests
	@$(RUN) -m pytest

.PHONY: check
check: .venv/render.ok ## check the tables only: file, line, column, what was found, what was expected
	@$(RUN) -m pipeline check

.PHONY: figures
figures: .venv/render.ok ## draw what changed, so that a plain `quarto render` works
	@$(RUN) -m pipeline figures

.PHONY: dist
dist: .venv/test.ok ## build a versioned, citable release: dist/two-counts-<version>/ and its archive
	@$(RUN) -m pipeline render --engine $(ENGINE)
	@$(RUN) -m pipeline.dist

.PHONY: clean
clean: ## remove what make can make again
	rm -rf build _output dist .pytest_cache

.PHONY: recode
recode: .venv/test.ok ## draw a blind sample of positions for a second coder, or score the filled sheet
	@$(RUN) -m pipeline.recode

.PHONY: quarto
quarto: .venv/render.ok ## try again to install Quarto into .venv
	@$(PYTHON) pipeline/venv.py quarto

.PHONY: lock
lock: ## renew the lock files from requirements/*.in
	@$(PYTHON) -m pip install --quiet uv
	cd requirements && for kind in render test; do \
	  $(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $$kind.in -o $$kind.lock; done

# Make compares dates here only to decide whether to ask; the lock file's hash decides what is installed.
.venv/render.ok .venv/test.ok: .venv/%.ok: requirements/%.lock
	@command -v $(PYTHON) >/dev/null || { echo "setup: no $(PYTHON) on the PATH; install Python 3.11 or newer, or name it: make PYTHON=…" >&2; exit 1; }
	@$(PYTHON) pipeline/venv.py $*
	@touch $@
