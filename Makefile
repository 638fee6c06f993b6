# Two commands matter: `make demo` and `make test`. Each does all of its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCKED := requirements/dev.txt
STAMP := $(VENV)/.set-up

.DEFAULT_GOAL := help
.PHONY: help setup system foreign fonts demo test check gate bench fuzz chaos soak attack screens clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

setup: $(STAMP) ## virtual environment with everything, in .venv

$(STAMP): $(LOCKED) pyproject.toml scripts/setup-venv.sh
	@PYTHON="$(PYTHON)" sh scripts/setup-venv.sh "$(VENV)" "$(LOCKED)"
	@touch $@

system: ## Debian packages of the browser, broker and power-cut tests, where root or sudo is there
	@sh scripts/setup-system.sh "Browser tests are left out." chromium fonts-noto-cjk
	@sh scripts/setup-system.sh "Tests over other brokers are left out." \
		mosquitto mosquitto-clients rabbitmq-server
	@sh scripts/setup-system.sh "Power-cut images of real processes are left out." strace e2fsprogs

foreign: setup
	@sh scripts/setup-foreign.sh "$(VENV)/foreign"

fonts:
	@sh scripts/setup-system.sh "Slips show boxes for Chinese." fonts-noto-cjk

demo: setup fonts ## a county and a station with simulated hardware, in your browser (options: ARGS=...)
	@$(BIN)/cunyi demo $(ARGS)

check: setup ## the fast part of the tests (at most 5 minutes)
	@BIN="$(BIN)" sh scripts/check.sh fast

test: setup system foreign ## everything
	@BIN="$(BIN)" sh scripts/check.sh all

gate: setup system ## the part of the tests in which everything goes wrong
	@BIN="$(BIN)" sh scripts/check.sh gate

fuzz: setup ## broken input at every door; COUNT=20 tries twenty times as much as the tests do
	@FUZZ_TIMES=$(or $(COUNT),1) $(BIN)/python -m pytest -q -n 2 -o timeout=0 tests/fuzz

chaos: setup ## real processes killed, cut off and put on failing disks for long (CYCLES=, IMAGES=, SEED=)
	@CYCLES=$(or $(CYCLES),2000) IMAGES=$(or $(IMAGES),20000) SEED=$(or $(SEED),$$(date +%s)) \
		$(BIN)/python -m pytest -q -n 2 tests/torture

soak: setup ## 5,000 worlds of one hour with every fault; SEEDS=100 HOURS=3; 5,000 or more are kept in docs/soak.json
	@$(BIN)/python -m edge.simulation.soak $(or $(SEEDS),5000) $(or $(HOURS),1)

attack: setup ## a million days of guessing pickup codes, kept in docs/attack.json (DAYS=10000)
	@$(BIN)/python -m edge.simulation.attack $(or $(DAYS),1000000)

screens: setup system ## pictures of every screen, in docs/screens
	@$(BIN)/python -m tests.screens.tour

bench: setup ## measure, as ratios against a peer in the same run
	@$(BIN)/cunyi bench

clean: ## forget the environment and all caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* .import_linter_cache
