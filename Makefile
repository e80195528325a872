# Three commands matter: `make demo`, `make test` and `make bench`. Each makes the environment it needs, from nothing but
# Python 3.12 or later. Plain make of any kind (GNU from 3.81, BSD).

PYTHON_IN_VENV = .venv/bin/python
PIP = $(PYTHON_IN_VENV) -m pip --disable-pip-version-check --no-input
COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
TEST_WORKERS ?= 3
BENCH_SIZES ?= 1000 10000 100000

.PHONY: help demo demo-reset test bench lint format lock

help:
	@echo 'make demo        the whole portal on this machine, with fictitious people and articles'
	@echo 'make demo-reset  the same, from an empty database'
	@echo 'make test        all tests, browser journeys included'
	@echo 'make bench       what the pages cost, side by side with the limits'
	@echo 'make lint        only the linters and the types'
	@echo 'make format      format Python and templates'
	@echo 'make lock        compile the requirements anew'

demo: .venv/.demo
	@exec $(PYTHON_IN_VENV) manage.py demo

demo-reset: .venv/.demo
	@exec $(PYTHON_IN_VENV) manage.py demo --reset

test: .venv/.test
	@$(PYTHON_IN_VENV) -m tests.chromium
	@exec $(PYTHON_IN_VENV) -m pytest -n $(TEST_WORKERS)

bench: .venv/.test
	@exec $(PYTHON_IN_VENV) -m bench $(BENCH_SIZES)

lint: .venv/.test
	@exec $(PYTHON_IN_VENV) -m tests.lint

format: .venv/.test
	.venv/bin/ruff check --fix --quiet .
	.venv/bin/ruff format .
	find templates -name '*.html' -exec .venv/bin/djade --target-version 6.1 {} +

lock: .venv/.test
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) -c requirements.txt requirements-dev.in -o requirements-dev.txt
	$(COMPILE) -c requirements.txt requirements-hybrid.in -o requirements-hybrid.txt

.venv/.demo: .venv/.python requirements.txt
	@echo 'Installing the packages ...'
	@$(PIP) install --quiet --require-hashes -r requirements.txt
	@touch $@

.venv/.test: .venv/.python requirements-dev.txt
	@echo 'Installing the packages for tests ...'
	@$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

.venv/.python: .ci/make-venv .python-version
	@sh .ci/make-venv
	@touch $@
