# make demo: set up and check an article. make test: set up and run the tests. make check: tests, lint, types, docs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := .demo

.DEFAULT_GOAL := help
.PHONY: help demo setup dev test browser check lint reliability docs screenshots clean

help:
	@sed -n '1s/^# //p' Makefile

demo: setup
	@mkdir -p $(DEMO)
	@$(BIN)/tracker --store $(DEMO)/claims.db import --starter
	@echo
	@$(BIN)/tracker --store $(DEMO)/claims.db check examples/nato-rapid-reaction-force.txt -k 1

setup: $(VENV)/.setup
dev: $(VENV)/.dev

test: dev
	$(BIN)/python -m pytest --numprocesses=auto --dist=loadfile --no-loadscope-reorder

# The crash, concurrency, history and hostile-input tests, and what they counted, for docs/testing.md.
reliability: dev
	$(BIN)/python -m pytest tests/test_crash.py tests/test_many_processes.py tests/test_history_replays.py \
	  tests/test_hostile.py --record=benchmarks/results/reliability.json

# The pages in a real browser, which the system has to have (Debian: apt install chromium); without one `make test`
# leaves these out.
browser: $(VENV)/.browser
	$(BIN)/python -m pytest tests/test_browser_*.py

check: lint test docs-check

lint: dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Writes what commands print into the README and docs; docs-check fails where they differ.
docs: dev
	$(BIN)/python docs/generate.py

docs-check: dev
	$(BIN)/python docs/generate.py --check

# The pictures in the docs; the same browser takes them.
screenshots: $(VENV)/.browser
	$(BIN)/python docs/screenshots.py

clean:
	rm -rf $(VENV) $(DEMO) build dist

# torch goes first and alone: its CPU build is what the constraint names.
$(VENV)/.setup: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[offline,serve,mcp]"
	@touch $@

$(VENV)/.dev: $(VENV)/.setup
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev
	@touch $@

$(VENV)/.browser: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group browser
	@touch $@
