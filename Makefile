# make run starts a working Tirek with demo data; make test proves it. The rest is for those who change it.
# Paths are relative and quoted: the folder may have spaces in its name.

export MAKECMDGOALS
# compiled sources are kept whatever the shell says: hundreds of short commands would compile them anew
export PYTHONDONTWRITEBYTECODE :=
PY := .venv/bin/python
# a worker without work takes from the other: neighbours stay together, and so do the worlds that a file of tests shares
PYTEST := $(PY) -m pytest -n 2 --dist worksteal

.PHONY: run test test-all test-slow test-oldest check bench docs screens messages assets lock

run:
	@tools/environment run
	@TIREK_DEMO=$${TIREK_DEMO:-1} exec $(PY) -m tirek.cli run

# units, database, races, repository and browser; under 15 minutes
test:
	@tools/environment dev
	@tools/system chromium >/dev/null
	@$(PYTEST) -m "not slow"

test-all: test test-slow test-oldest

# every page of every desk in both sizes, long starts and stops
test-slow:
	@tools/environment dev
	@tools/system chromium >/dev/null
	@$(PYTEST) -m slow

# what the apps ask of the database, once more on the oldest PostgreSQL that is supported; whole pages ask nothing else
test-oldest:
	@tools/environment dev
	@binaries=$$(tools/system postgresql) && TIREK_TEST_BINARIES=$$binaries TIREK_TEST_VAR=var/test-oldest $(PYTEST) -m "not slow and not browser" --only-database \
	  --ignore tests/security --ignore tests/site --ignore tests/ui

# seconds, no server: style, types, import law, units
check:
	@tools/environment dev
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check --quiet .
	@TIREK_DEMO=1 $(PY) -m mypy
	@$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	@$(PYTEST) -q --no-database

bench:
	@tools/environment dev
	@$(PY) -m bench

docs:
	@tools/environment dev
	@$(PY) tools/reference_docs.py
	@$(PY) -m mkdocs build --strict

screens:
	@tools/environment dev
	@tools/system chromium >/dev/null
	@$(PY) tools/screens.py

messages:
	@tools/environment dev
	@for folder in src/tirek/*/locale; do $(PY) tools/messages.py "$$(basename "$$(dirname "$$folder")")" || exit 1; done

assets:
	@cd assets && npm ci --no-audit --no-fund && node build.mjs

lock:
	@tools/environment dev
	@tools/lock
	@tools/environment dev
