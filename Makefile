# Two commands on a fresh Debian or Ubuntu machine: `make demo` and `make test`.
# Each makes .venv and installs what it needs; everything else here is for people who change the code.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
CODE := alerts devices monitor simulators tests .ci $(wildcard bench docs/*.py)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Files in their order: the long ones with one test must not come last and alone.
IN_FILES := --dist loadfile --no-loadscope-reorder
# A hundred processes are started here: compiled code is kept, or each would compile it all anew.
unexport PYTHONDONTWRITEBYTECODE
PARALLEL ?= -n 2 $(IN_FILES)
# What starts brokers, hubs and browsers waits most of its time: four keep two cores at work.
PARALLEL_ALL ?= -n 4 $(IN_FILES)

.PHONY: help demo test check test-bluez nightly format live-long campaign bench lock clean pages pictures evaluate

help: ## show the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST)

# Installed again only when the lock or the package's description has changed.
$(READY): requirements.lock pyproject.toml
	@.ci/system python
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || \
	  "$$(.ci/system which-python)" -m venv --clear $(VENV)
	$(PIP) install -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY) ## a whole session with a simulated patient, devices and people (ARGS="--speed 10")
	$(BIN)/vigil demo $(or $(ARGS),--speed 60 --seed 1)

test: $(READY) ## every test, and full branch coverage of the pure modules
	@.ci/system test-tools
	$(BIN)/python -m pytest $(PARALLEL_ALL) --cov --cov-report= $(ARGS)
	$(BIN)/python -m coverage json --quiet -o var/coverage.json
	$(BIN)/python .ci/pure_coverage.py var/coverage.json

# A property is tried with a quarter of its examples: `make test` tries them all.
check: $(READY) ## format, lint, types, contracts and the fast tests
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --strict $(filter-out .ci docs/%,$(CODE))
	$(BIN)/lint-imports --no-logo
	VIGIL_EFFORT=$(or $(EFFORT),0.25) $(BIN)/python -m pytest -q $(PARALLEL) -p no:cov \
	  --ignore=tests/integration -m "not integration and not long" $(ARGS)

test-bluez: $(READY) ## Bluetooth on Debian's own bluetoothd, in a small emulated machine (about five minutes)
	.ci/bluez-machine $(ARGS)

nightly: $(READY) ## the properties with ten times the examples, and new ones (about half an hour)
	VIGIL_EFFORT=$(or $(EFFORT),10) CI= $(BIN)/python -m pytest -q $(PARALLEL) --timeout 3600 \
	  -p no:cov --ignore=tests/integration -m "not integration" $(ARGS)

format: $(READY) ## rewrite the layout and the import order
	$(BIN)/ruff check --quiet --select I --fix .
	$(BIN)/ruff format .

live-long: $(READY) ## ten minutes of a recording at real time into a running hub, against its replay
	VIGIL_LONG=1 $(BIN)/python -m pytest -q tests/integration/test_hub_live.py

campaign: $(READY) ## every alarm with every fault and every pair, and 200 real kills (a quarter of an hour)
	$(BIN)/python -m simulators.campaign --pairs --out docs/campaign.md
	VIGIL_LONG=1 $(BIN)/python -m pytest -q tests/integration/test_reach_kills.py

# The peers come beside the locked packages and move none of them.
$(VENV)/.peers: $(READY) requirements-bench.lock
	$(PIP) install -c requirements.lock -r requirements-bench.lock
	@touch $@

bench: $(VENV)/.peers ## speed, memory and time figures, from one run (ARGS="engine replay")
	$(BIN)/python -m bench $(ARGS)

pictures: $(READY) ## the pictures of the pages in docs/pictures, from simulated sessions
	@.ci/system test-tools
	$(BIN)/python -m simulators.pictures $(ARGS)

evaluate: $(READY) ## worlds by the thousand and recordings, into docs/evaluation.md; stopped, it goes on (ARGS="--part 0.05")
	$(BIN)/python -m simulators.evaluate --data ../shared/data $(ARGS)

pages: $(READY) ## the pages in docs/ that are read off the code and the default plan
	$(BIN)/python docs/make_pages.py

lock: ## requirements.lock from pyproject.toml, in a new environment
	@.ci/system python
	@fresh=$$(mktemp -d) && trap 'rm -rf "$$fresh"' EXIT && \
	"$$(.ci/system which-python)" -m venv "$$fresh" && \
	"$$fresh/bin/python" -m pip --disable-pip-version-check --quiet install -e '.[dev]' && \
	{ echo '# Made by `make lock` from pyproject.toml; exact versions, no index named.'; \
	  "$$fresh/bin/python" -m pip freeze --exclude-editable; } > requirements.lock.new && \
	mv requirements.lock.new requirements.lock
	@wc -l requirements.lock

clean: ## remove what these targets made, not the records in var/
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache \
	  .coverage var/coverage.json dist build
