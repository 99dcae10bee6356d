# make demo    crawl a fictional newspaper on this machine and show what came of it
# make test    lint, types and all tests, as CI runs them
# make clean   remove what these made
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test clean

demo: $(VENV)/.installed
	@$(BIN)/newsarchive demo

test: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m compileall -q crawler pipelines storage  # hundreds of commands start in these tests
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --collect-only -q >/dev/null || true  # compiles tests, once
	$(BIN)/python -m pytest --numprocesses 4 --dist loadfile --no-loadscope-reorder

clean:
	rm -rf $(VENV) demo-archive build *.egg-info

# uv is quicker; pip does as well.
INSTALL = if command -v uv >/dev/null; then VIRTUAL_ENV=$(VENV) uv pip install --quiet --compile-bytecode -e "$(1)"; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check -e "$(1)"; fi

$(VENV)/bin/python:
	@echo "making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	@echo "installing newsarchive …"
	@$(call INSTALL,.)
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/bin/python
	@echo "installing newsarchive and its test tools …"
	@$(call INSTALL,.[dev])
	@touch $@ $(VENV)/.installed
