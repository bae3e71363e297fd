# Everything a developer does here; needs Python 3.11 and make, nothing else.
SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
DEMO := SYNC_HOME=$(CURDIR)/include $(BIN)/python -m servicetitan_netsuite.orchestration.demo

.DEFAULT_GOAL := help
.PHONY: help setup demo down clean test lint sandbox env compose-test

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  Ports: make demo AIRFLOW_PORT=8080 SERVICETITAN_PORT=8181 NETSUITE_PORT=8282 NETSUITE_SINGLE_PORT=8283"

setup: .venv/installed ## make .venv from the locked requirements; log in .venv/setup.log

.venv/installed: requirements.txt pyproject.toml scripts/setup
	@PYTHON="$(PYTHON)" scripts/setup

demo: setup ## start the stand-ins and Airflow, sync two tenants, show it; logs in .run/logs
	@$(DEMO) up

down: ## stop everything that make demo started
	@if [ -x $(BIN)/python ]; then $(DEMO) down; else echo "Nothing was installed, so nothing runs."; fi

clean: ## stop everything and forget the demo's data in .run
	@if [ -x $(BIN)/python ]; then $(DEMO) clean; else rm -rf .run; fi

test: setup ## run every check and test; ends with what could not run here
	@scripts/check all

lint: setup ## run the checks that need no test: style, types, who may import whom
	@scripts/check lint

sandbox: setup ## serve the stand-in ServiceTitan and NetSuite until Ctrl-C; .run/sandbox.json says how to call them
	@$(BIN)/python -m sandbox serve --state-dir .run/sandbox --info-file .run/sandbox.json \
		--servicetitan-port $${SERVICETITAN_PORT:-8181} --netsuite-port $${NETSUITE_PORT:-8282} \
		--netsuite-single-port $${NETSUITE_SINGLE_PORT:-8283}

env: ## make .env, the secrets that docker-compose.yaml asks for
	@scripts/compose/env

compose-test: setup ## run docker-compose.yaml and do it harm (root; ENGINE=podman TENANTS=20 ENTRIES=60 SMALL=); logs in .run/compose-test
	@scripts/compose/test
