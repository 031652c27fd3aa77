# make          says what can be made
# make run      sets up what is missing, in this folder only, and runs the model
# make test     sets up what is missing and checks everything
#
# The set-up needs a Python with pip and nothing else: no compiler, no other installer, no writable system folders.

PYTHON ?= python3
SHELL := bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run explore page test bench peers lock clean moved

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_ROOT_USER_ACTION := ignore
# A user's own habits for pip (install for the user, refuse outside an environment) do not fit a private folder.
export PIP_USER := 0
export PIP_REQUIRE_VIRTUALENV := 0

BIN := .venv/bin
PIP := PYTHONPATH=.tools/pip $(BIN)/python -m pip install --no-deps
PINNED := --require-hashes --only-binary :all:
# One dot a package; what pip said is shown when it failed. Byte code is written afterwards, on all cores.
DOTS := --no-compile 2>&1 | tee .tools/pip.log | while read -r line; do case $$line in \
	  Collecting*|Processing*) printf .;; Installing*) printf ' unpacking';; *Retrying*) printf '\n%s\n' "$$line";; esac; done; \
	[ "$${PIPESTATUS[0]}" = 0 ] || { echo; grep -Ev '^(Collecting|Processing|WARNING|  (Downloading|Using cached))' .tools/pip.log; \
	  echo "The set-up did not finish: pip says why above. The next make starts it again."; exit 1; } >&2; \
	echo ' compiling'; $(BIN)/python -m compileall -q -q -j 0 -x '/tests/' .venv/lib || true
FIT := $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && $(PYTHON) -m pip --version >/dev/null 2>&1 \
	|| { echo "greyspace needs Python 3.11 or newer with pip, and '$(PYTHON)' is not that: install it, or name another one as in 'make PYTHON=python3.12'." >&2; exit 1; }

# An environment that was moved with its folder, or whose Python is gone, is made anew.
ifneq ($(shell test -x $(BIN)/python && test "$$(cat .venv/.run 2>&1)" = "$$(pwd -P)" && echo here),here)
MOVED := moved
endif

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

run: .venv/.greyspace ## set up what is missing, then run the model
	@$(BIN)/greyspace run

explore: page ## build the page, if it is not built, and open it
	@$(BIN)/greyspace explore

# The page is built with Node, which comes as a package; what it is built of comes with npm.
page: .venv/.page ## build the page of `greyspace explore`, if it is not built
	@$(BIN)/python hatch_build.py

test: .venv/.test ## set up what is missing, then check style, types, layers and behaviour
	@echo "checking style"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@echo "checking types"
	@$(BIN)/mypy
	@echo "checking layers"
	@$(BIN)/lint-imports
	@echo "testing"
	@$(BIN)/pytest -n 2 -q

bench: .venv/.test ## set up what is missing, then time the model
	@set -e; for each in $(sort $(wildcard bench/*.py)); do echo "$$each"; $(BIN)/python "$$each"; done

# The other tools get environments of their own in the user's cache, made with PEERS_PYTHON (3.12 or newer for all of them).
PEERS_PYTHON ?= $(PYTHON)
peers: .venv/.greyspace ## time other tools on a small model, once they agree; half an hour
	@$(BIN)/python bench/peers/run.py --python $(PEERS_PYTHON) --docs

.PHONY: docs docs-systems
docs: .venv/.greyspace ## write the generated tables of README.md and docs/ anew
	@$(BIN)/python docs/build.py

# Each system on and off takes minutes: these tables are written when asked for, and `make test` does not check them.
docs-systems: .venv/.greyspace
	@$(BIN)/python docs/build.py --slow

.PHONY: engines
engines: .venv/.greyspace ## how far the two engines part over a whole history; some ten minutes
	@$(BIN)/python docs/closed_loop.py

clean: ## remove what the set-up and the checks made; results stay
	rm -rf page/node_modules page/map/provinces.json src/greyspace/web/static
	rm -rf .venv .tools .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# -- the set-up, step by step; each step leaves a stamp and is done again if it was cut short ---------------------------

.tools/pip/.done: locks/boot.txt
	@$(FIT)
	@echo "setting up in .tools and .venv, about 1 GB, once"
	@rm -f $@ && rm -rf .tools/pip
	@$(PYTHON) -m pip install -qq --target .tools/pip --no-deps $(PINNED) -r $<
	@touch $@

.venv/.run: .tools/pip/.done locks/run.txt $(MOVED)
	@$(FIT)
	@printf 'installing %s packages ' $$(grep -c '^[a-zA-Z0-9]' locks/run.txt)
	@rm -f $@ && rm -rf .venv && $(PYTHON) -m venv --without-pip .venv
	@$(PIP) $(PINNED) -r locks/run.txt $(DOTS)
	@pwd -P > $@

.venv/.greyspace: .venv/.run pyproject.toml
	@echo "installing greyspace itself"
	@$(PIP) -qq --no-build-isolation -e .
	@touch $@

.venv/.test: .venv/.run locks/test.txt | .venv/.greyspace
	@printf 'installing %s packages for the checks ' $$(grep -c '^[a-zA-Z0-9]' locks/test.txt)
	@$(PIP) $(PINNED) -r locks/test.txt $(DOTS)
	@touch $@

.venv/.page: .venv/.run locks/page.txt | .venv/.greyspace
	@printf 'installing %s packages for the page ' $$(grep -c '^[a-zA-Z0-9]' locks/page.txt)
	@$(PIP) $(PINNED) -r locks/page.txt $(DOTS)
	@touch $@

# -- for those who change the dependencies ------------------------------------------------------------------------------

COMPILE := PYTHONPATH=.tools/uv .tools/uv/bin/uv pip compile --quiet --upgrade --universal --fork-strategy fewest --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --only-binary :all: --custom-compile-command "make lock"

lock: ## find the newest fitting versions of all dependencies and pin them in locks/
	@$(PYTHON) -m pip install -q --upgrade --target .tools/uv uv
	@$(COMPILE) --group boot -o locks/boot.txt
	@$(COMPILE) pyproject.toml --group build -o locks/run.txt
	@$(COMPILE) --group test -c locks/run.txt -o locks/test.txt
	@$(COMPILE) --extra explore --group page -c locks/run.txt -c locks/test.txt pyproject.toml -o locks/page.txt
