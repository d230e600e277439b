# The front door. `make` alone lists the commands, from the comments of the targets themselves.
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules

PYTHON ?= python3# any Python 3.11 or newer
ENGINE ?= auto# auto, quarto or pandoc
PORT ?= 8000# where `make preview` begins to look for a free one
RUN := .venv/bin/python
export TZ := UTC
export PYTHONHASHSEED := 0

.PHONY: help
help:
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

.PHONY: render
render: ## set everything up and build _output/: web page, PDF, every figure (ENGINE=auto|quarto|pandoc)
	$(call set-up,render $(ENGINE))
	@$(RUN) -m pipeline render --engine $(ENGINE)

.PHONY: test
test: ## set everything up and run all tests
	$(call set-up,test $(ENGINE))
	@$(RUN) -m pytest

.PHONY: quick
quick: ## check layout, types, layers and tables, and run the fast tests
	$(call set-up,test $(ENGINE))
	@$(RUN) -m pytest -m "not slow"

.PHONY: preview
preview: ## show the site in the browser, and build and reload it at each save (PORT=8000)
	$(call set-up,render $(ENGINE))
	@$(RUN) -m tools.preview --engine $(ENGINE) --port $(PORT)

.PHONY: accept
accept: ## show how figures and text differ from what was last accepted, then accept them
	$(call set-up,test $(ENGINE))
	@$(RUN) -m pipeline.tables.codebook
	@$(RUN) -m pipeline render --engine $(ENGINE)
	@BUILT=. $(RUN) -m pytest -n 0 -vvv --tb=short tests/test_golden.py || true
	@BUILT=. $(RUN) -m pytest -n 0 --snapshot-update tests/test_golden.py
	@cp _output/figures/two-counts/two-counts.svg docs/two-counts.svg

.PHONY: check
check: ## check the tables only: file, line, column, what was found, what was expected
	$(call set-up,render)
	@$(RUN) -m pipeline check

.PHONY: figures
figures: ## draw what changed, so that a plain `quarto render` works
	$(call set-up,render)
	@$(RUN) -m pipeline figures

.PHONY: dist
dist: ## build a versioned, citable release: dist/two-counts-<version>/ and its archive
	$(call set-up,test $(ENGINE))
	@$(RUN) -m pipeline render --engine $(ENGINE)
	@$(RUN) -m pipeline.site.release

.PHONY: compare
compare: ## build, and compare every file with what others built (WITH=their folder or manifest.json)
	$(if $(WITH),,$(error say with what, for instance: make compare WITH=../site))
	$(call set-up,render $(ENGINE))
	@$(RUN) -m pipeline render --engine $(ENGINE)
	@$(RUN) -m tools.compare "$(WITH)"

.PHONY: clean
clean: ## remove what make can make again
	rm -rf build _output dist .pytest_cache

.PHONY: bench
bench: ## measure the build beside the conventional way of making the same report (OPTIONS="--quick")
	$(call set-up,render $(ENGINE))
	@$(RUN) -m tools.bench $(OPTIONS)

.PHONY: recode
recode: ## write the sheet of positions coded once for a second coder, or score the filled sheet
	$(call set-up,test)
	@$(RUN) -m tools.recode

.PHONY: recount
recount: ## make the summed tables again from a public file of tally sheets, and compare (FILE=…, WRITE=1)
	$(call set-up,render)
	@$(RUN) -m tools.recount $(FILE) $(if $(WRITE),--write)

.PHONY: fonts
fonts: ## make the fonts in theme/fonts again, from the packages that carry them
	$(call set-up,test)
	@$(RUN) -m tools.make_fonts

.PHONY: quarto
quarto: ## try again to install Quarto
	$(call set-up,render)
	@$(PYTHON) tools/environment.py quarto

.PHONY: lock
lock: ## renew the lock files from requirements/*.in
	$(call set-up,test)
	@cd requirements && for kind in render test quarto-build bench; do \
	  ../$(RUN) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-header $$kind.in -o $$kind.lock; done

# Asked before every command, and answered in a few hundredths of a second where all is there.
# The last line brings back a site that a kill caught between two renames, whatever command comes next.
define set-up
@command -v $(PYTHON) >/dev/null || { \
  echo "setup: no $(PYTHON) on the PATH; install Python 3.11 or newer, or name it: make PYTHON=…" >&2; exit 1; }
@$(PYTHON) tools/environment.py $(1)
@[ -d _output ] || [ ! -d build/previous-_output ] || $(RUN) -m pipeline.site.swap
endef
