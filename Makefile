# All set-up is done by the targets themselves, in .venv beside this file.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check lint types floors snapshots picture bench clean

demo: $(VENV)/client
	$(BIN)/travel-tui demo

test: $(VENV)/dev
	$(BIN)/python -m pytest -n 2 --dist loadfile -q

check: lint types floors test

lint: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/dev
	$(BIN)/mypy

floors: $(VENV)/dev
	$(BIN)/lint-imports

snapshots: $(VENV)/dev
	$(BIN)/python -m pytest -q tests/tui --snapshot-update

picture: $(VENV)/dev
	$(BIN)/python -m tests.record
	for file in docs/*.svg; do name=$$(basename $$file .svg); \
		$(BIN)/travel-tui shot $${name%-*} --size $${name##*-} --out $$file; done

bench: $(VENV)/dev
	$(BIN)/python -m bench

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "travel-tui needs Python 3.11 or newer; PYTHON=python3.12 make … names another."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "This Python lacks venv. On Debian and Ubuntu: apt install python3-venv. Then run make again."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/client: $(VENV)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/dev: $(VENV)/client requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) build dist

# Clients that are not ours, against the local endpoint; sets itself up in .venv-clients, node's part where npm is.
CLIENTS := .venv-clients

.PHONY: test-clients
test-clients: $(VENV)/dev $(CLIENTS)/ready
	$(BIN)/python -m pytest -q tests/clients/check_clients.py

$(CLIENTS)/ready: $(VENV)/python tests/clients/requirements.txt tests/clients/package.json
	$(PYTHON) -m venv $(CLIENTS)
	$(CLIENTS)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/clients/requirements.txt
	mkdir -p $(CLIENTS)/node
	cp tests/clients/package.json $(CLIENTS)/node
	if command -v npm >/dev/null; then npm install --silent --no-audit --no-fund --prefix $(CLIENTS)/node; fi
	touch $@

# All that takes minutes: every call of a provision and of a destruction fails in turn, in every way; a hundred kills.
.PHONY: soak
soak: $(VENV)/dev
	TRAVEL_TUI_SOAK=1 $(BIN)/python -m pytest -q -n 2 --dist load tests/provision/test_matrix.py tests/cli/test_killed.py
