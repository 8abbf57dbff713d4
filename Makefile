# Each target does its own set-up on a machine with only Python 3.11, make and git.
#   make run          everything in one terminal, with the demo company (DEMO=0: empty; PORT=8000)
#   make test         the whole suite (DATABASE_URL: on PostgreSQL; BROKER_URL: with Redis; ARGS: to pytest)
#   make check        every check that CI makes; changes nothing
#   make fix          repairs what a tool can repair
#   make test-long    the full-size runs of the tests that CI runs small
#   make messages     takes new texts into the translation catalogue and writes docs/metrics.md anew
#   make lock         compiles requirements*.txt anew from requirements*.in
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
BIN := .venv/bin
ARGS ?=

.PHONY: run test test-long check fix messages lock
.SILENT:

run:
	$(PYTHON) scripts/bootstrap.py
	exec $(BIN)/python manage.py serve

test:
	$(PYTHON) scripts/bootstrap.py --dev
	$(PYTHON) scripts/chromium.py
	$(BIN)/pytest -n 2 --dist loadgroup -m "not long" $(ARGS)

test-long:
	$(PYTHON) scripts/bootstrap.py --dev
	$(BIN)/pytest -n 0 -rsP -m long $(ARGS)

check:
	$(PYTHON) scripts/bootstrap.py --dev
	$(BIN)/python scripts/check.py

fix:
	$(PYTHON) scripts/bootstrap.py --dev
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .
	$(BIN)/python manage.py messages --extract
	$(BIN)/python manage.py metrics_docs

messages:
	$(PYTHON) scripts/bootstrap.py
	$(BIN)/python manage.py messages --extract --compile
	$(BIN)/python manage.py metrics_docs

lock:
	$(PYTHON) scripts/bootstrap.py --dev
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade --no-header -o requirements.txt requirements.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade --no-header -o requirements-build.txt requirements-build.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade --no-header -o requirements-dev.txt requirements-dev.in
