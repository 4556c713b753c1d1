# All set-up is done by the targets themselves, in .venv beside this file.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test test-all check lint types imports dependencies compiled installed snapshots docs-images architecture members completions bench truth clean

demo: $(VENV)/client
	@$(BIN)/travel-tui demo

# Most of a test is waiting for a screen or a process, so there are more workers than the two cores of a small machine.
PYTEST := $(BIN)/python -m pytest -n 4 --dist worksteal -q

test: $(VENV)/dev
	$(PYTEST) -m "not slow" --hypothesis-profile quick

check: $(VENV)/dev
	$(MAKE) -j2 --output-sync=target types compiled lint imports dependencies
	$(MAKE) -j2 --output-sync=target test installed  # the second waits most of the time for processes

# All of it, also what takes long.
test-all: $(VENV)/dev
	$(PYTEST)

# Compiles the tests once: after a checkout, each of pytest's workers would compile all of them. Errors are test-all's to tell.
compiled: $(VENV)/dev
	@$(BIN)/python -m pytest --collect-only -qq -n 0 >/dev/null || true

lint: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/dev
	$(BIN)/mypy

imports: $(VENV)/dev
	$(BIN)/lint-imports

dependencies: $(VENV)/dev
	$(BIN)/deptry .

# Wheel and sdist in empty environments, and every example of README.md and docs/*.md there.
installed: $(VENV)/dev
	$(BIN)/python -m pytest -q tests/installed/check_package.py tests/installed/check_examples.py

snapshots: $(VENV)/dev
	$(BIN)/python -m pytest -q tests/tui --snapshot-update
	cd examples/recall-checks/tests && $(CURDIR)/$(BIN)/python -m pytest -q -p no:cacheprovider test_screen.py --tui-snapshot-update

docs-images: $(VENV)/dev
	$(BIN)/python -m tests.record
	for file in docs/*.svg; do name=$$(basename $$file .svg); \
		$(BIN)/travel-tui shot $${name%-*} --size $${name##*-} --out $$file; done

# The layers in docs/diagrams, from the import contracts and the docstrings of the packages.
architecture: $(VENV)/dev
	$(BIN)/python -m tests.architecture

# What each optional member of a request does at the local endpoint, from its tables.
members: $(VENV)/dev
	$(BIN)/python -m tests.members

# The completion scripts in the wheel, as the pinned click writes them.
completions: $(VENV)/dev
	for pair in bash:travel-tui.bash zsh:_travel-tui fish:travel-tui.fish; do \
		$(BIN)/travel-tui completion $${pair%%:*} > travel_tui/cli/completions/$${pair##*:}; done

bench: $(VENV)/dev
	$(BIN)/python -m bench

# Precision and recall of the attribution engine on labelled sessions, per kind.
truth: $(VENV)/dev
	$(BIN)/python -m tests.truth

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "travel-tui needs Python 3.11 or newer; PYTHON=python3.12 make … names another."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "This Python lacks venv. On Debian and Ubuntu: apt install python3-venv. Then run make again."; exit 1; }
	@echo "Creating a virtual environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/client: $(VENV)/python pyproject.toml constraints.txt
	@echo "Installing travel-tui and the libraries it uses into $(VENV) (about 20 s, this once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/dev: $(VENV)/client requirements-dev.txt
	@echo "Installing the tools for tests and checks into $(VENV) (about a minute, this once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) build dist

# Clients that are not ours, against the local endpoint; sets itself up in .venv-clients: node's part where npm is, and that
# of a newer Python where there is one.
CLIENTS := .venv-clients

.PHONY: test-clients
test-clients: $(VENV)/dev $(CLIENTS)/ready
	$(BIN)/python -m pytest -q tests/clients/check_clients.py tests/clients/check_agentcore.py

$(CLIENTS)/ready: $(VENV)/python $(wildcard tests/clients/requirements*.txt) tests/clients/package.json
	$(PYTHON) -m venv $(CLIENTS)
	$(CLIENTS)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/clients/requirements.txt
	for each in $(PYTHON) python3.14 python3.13 python3.12; do \
		if $$each -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then \
			$$each -m venv $(CLIENTS)/newer && $(CLIENTS)/newer/bin/python -m pip install --quiet \
				--disable-pip-version-check -r tests/clients/requirements-newer.txt; break; \
		fi; \
	done
	mkdir -p $(CLIENTS)/node
	cp tests/clients/package.json $(CLIENTS)/node
	if command -v npm >/dev/null; then npm install --silent --no-audit --no-fund --prefix $(CLIENTS)/node; fi
	touch $@

# A small real model behind llama.cpp's server as the local agent; sets itself up in .venv-model (about 200 MB). Where there is
# no built server for this machine, the tests are skipped and say so.
MODEL := .venv-model

.PHONY: test-model
test-model: $(VENV)/dev $(MODEL)/ready
	$(BIN)/python -m pytest -q -n 0 tests/language_model/check_language_model.py

$(MODEL)/ready: $(VENV)/python tests/language_model/requirements.txt
	rm -f $@
	$(PYTHON) -m venv $(MODEL)
	if $(MODEL)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-deps \
		-r tests/language_model/requirements.txt; then touch $@; fi

# The client in a real browser: Debian's chromium or another one that is installed; without one, its tests are skipped.
# The picture in docs/ is taken by it, too.
.PHONY: test-web web-image
test-web: $(VENV)/web
	$(BIN)/python -m pytest -q -n 0 tests/web/check_browser.py

web-image: $(VENV)/web
	$(BIN)/python -m tests.web.picture

$(VENV)/web: $(VENV)/dev tests/web/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r tests/web/requirements.txt
	touch $@

# All that takes minutes: every call of a provision, a destruction and a migration fails in turn, in every way; a hundred kills;
# two hundred terminals that go; every state in every theme and size; more of random use.
.PHONY: soak
soak: $(VENV)/dev
	TRAVEL_TUI_SOAK=1 $(BIN)/python -m pytest -q -n 2 --dist load tests/provision/test_matrix.py tests/migration/test_resume.py \
		tests/cli/test_killed.py tests/cli/test_terminal_gone.py tests/tui/test_contrast.py tests/tui/test_random_use.py

# Days of work in half an hour, at a terminal and on an endpoint with faults whose clock is moved on. `make soak-long
# MINUTES=10 SEED=7` is shorter, and does what another run did.
MINUTES ?= 30
.PHONY: soak-long
soak-long: $(VENV)/dev
	$(BIN)/python -m tests.soak --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

# Texts of a megabyte of many kinds, in every field, at the endpoint and in the client.
.PHONY: load
load: $(VENV)/dev
	TRAVEL_TUI_SOAK=1 $(BIN)/python -m pytest -q -n 2 tests/load

# What uses Textual, Rich or boto3, with the newest ones that pyproject.toml allows, and without pictures. Tools stay as pinned.
NEWEST := .venv-newest
CORE := $(addprefix tests/,agentcore bedrock cli local provision pytest_plugin recall tui)
MOVING := textual rich boto3
WITH_THEM := $(MOVING) botocore boto3-stubs botocore-stubs s3transfer types-s3transfer jmespath urllib3 markdown-it-py \
	mdit-py-plugins linkify-it-py mdurl Pygments platformdirs typing_extensions

.PHONY: test-newest
test-newest: $(VENV)/python
	$(PYTHON) -m venv $(NEWEST)
	printf '%s==\n' $(WITH_THEM) | grep -v -i -F -f - constraints.txt > $(NEWEST)/constraints.txt
	$(NEWEST)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade -c $(NEWEST)/constraints.txt \
		-r requirements-dev.txt -e . $(MOVING)
	$(NEWEST)/bin/python -m pip list --disable-pip-version-check | grep -w -E '$(subst $() ,|,$(MOVING))'
	$(NEWEST)/bin/python -m pytest -n 5 --dist worksteal -q -m "not slow" --hypothesis-profile quick $(CORE) \
		--ignore tests/tui/test_pictures.py --ignore tests/pytest_plugin/test_example.py

# The commands of the workflows in .github/ and examples/, on the local endpoint.
.PHONY: test-workflows
test-workflows: $(VENV)/dev
	$(BIN)/python -m pytest -q -n 0 tests/workflows/check_workflows.py
