# Two commands do everything on a machine with Python 3.11: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LONG := tests/faults/test_rebalance.py tests/faults/test_unkind_store.py tests/faults/test_up_renewal.py \
	tests/faults/test_guards.py tests/faults/test_disk_full.py tests/faults/test_broker_restarts.py \
	tests/faults/test_network_cut.py tests/faults/test_soak.py \
	tests/faults/test_up_gives_up.py tests/faults/test_fifty_clients.py tests/faults/test_backlog_by_priority.py tests/faults/test_isolation.py \
	tests/integration/folder/test_large_file.py \
	tests/integration/truth/test_dead_feeds.py tests/integration/access/test_whole_app.py \
	tests/integration/replay tests/integration/health
REAL := tests/real tests/browser tests/integration/alerts/test_real_alertmanager.py $(LONG)

.PHONY: help demo test test-real faults lint types install install-dev lock bench clean

help:  ## What there is to run
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ —/'

demo: install  ## Set up and start everything with the simulated hospital group
	$(BIN)/flowglass up

test: install-dev  ## Set up and run the tests that need Python alone
	$(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder $(REAL:%=--ignore %) tests
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

test-real: install-dev  ## Run the others: Apache Kafka (Java 17, Maven), the Collector (Go), Alertmanager, Chromium; long runs
	$(BIN)/python -m tests.real.jars
	-$(BIN)/python -m tests.real.collecting
	-$(BIN)/python -m tests.real.judging
	$(BIN)/python -m tests.real.applications
	$(BIN)/python -m tests.real.mining
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder $(REAL)

install: $(VENV)/.installed  ## Make .venv from the hash-locked file
install-dev: $(VENV)/.installed-dev

$(VENV)/.installed: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q streams metrics dashboards
	touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

lock:  ## Resolve the lock files anew (needs uv)
	uv pip compile --quiet --universal --no-header --generate-hashes --python-version 3.11 pyproject.toml --extra build -o requirements.lock
	uv pip compile --quiet --universal --no-header --generate-hashes --python-version 3.11 pyproject.toml --extra build --extra dev -c requirements.lock -o requirements-dev.lock

faults: install-dev  ## Run the fault tests in their full form, for hours, and write docs/faults.md
	$(BIN)/python -m tests.faults --full

bench: install-dev  ## Run the benchmarks and write the report
	$(BIN)/python -m benchmarks.run

clean:  ## Remove the virtual environment and the demo's data
	rm -rf $(VENV) .flowglass
