# Ruggesteun. `make` alone lists what there is. Needs: make, and Python 3.12 (or the network, to fetch it).
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
VENV := .venv
PY := $(VENV)/app/bin/python
RASA_PY := $(VENV)/rasa/bin/python
RUGGESTEUN := $(VENV)/app/bin/ruggesteun
WHEEL := engine/spacy_nl/nl_ruggesteun_slim-1.0.0-py3-none-any.whl
LOCK := $(VENV)/uv/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.12
export RASA_TELEMETRY_ENABLED := false
export PYTHONUNBUFFERED := 1

.PHONY: help setup tools run train test lint evaluate ask bench bench-store doctor check-content check-answers safety-table lock clean

help: ## list what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(VENV)/.rasa-done $(VENV)/.app-done ## make both Python environments (only what changed)

tools: $(VENV)/.rasa-tools-done $(VENV)/.app-tools-done ## what tests and linters need beside them

$(VENV)/.uv-done: scripts/get_uv.sh
	@bash scripts/get_uv.sh $(VENV)
	@touch $@

$(VENV)/.rasa-done: $(VENV)/.uv-done requirements/rasa.lock $(WHEEL) scripts/make_env.sh
	@bash scripts/make_env.sh $(VENV) rasa 3.12 $(WHEEL)
	@touch $@

$(VENV)/.app-done: $(VENV)/.uv-done requirements/app.lock pyproject.toml scripts/make_env.sh
	@bash scripts/make_env.sh $(VENV) app 3.12
	@touch $@

$(VENV)/.rasa-tools-done: $(VENV)/.rasa-done requirements/rasa-dev.lock
	@bash scripts/make_env.sh $(VENV) rasa --add requirements/rasa-dev.lock
	@touch $@

$(VENV)/.app-tools-done: $(VENV)/.app-done requirements/dev.lock
	@bash scripts/make_env.sh $(VENV) app --add requirements/dev.lock
	@touch $@

run: setup ## set up, train and start everything: http://localhost:8080
	@exec $(RUGGESTEUN) serve

train: setup ## train the model if its inputs changed
	@$(RUGGESTEUN) train

test: tools train ## all tests; what a machine lacks is skipped, and said
	$(PY) -m pytest
	$(RASA_PY) -W ignore -m pytest -c engine/pytest.ini engine/tests

lint: tools ## ruff and mypy
	$(VENV)/app/bin/ruff check .
	$(VENV)/app/bin/ruff format --check .
	$(VENV)/app/bin/mypy
	$(RASA_PY) -m mypy --config-file engine/mypy.ini

evaluate: setup ## FILE=questions.tsv [OUT=answers.jsonl]: put a file of questions to the system
	@test -n "$(FILE)" || { echo 'Say which file: make evaluate FILE=questions.tsv OUT=answers.jsonl'; exit 2; }
	@$(RUGGESTEUN) evaluate "$(FILE)" $(if $(OUT),--out "$(OUT)") $(if $(MISSES),--misses)

ask: setup ## Q="mag ik hardlopen?": put one question to the system
	@test -n "$(Q)" || { echo 'Say what to ask: make ask Q="mag ik hardlopen?"'; exit 2; }
	@$(RUGGESTEUN) ask "$$Q"
ask: export Q := $(Q)

bench: setup train ## cost of a message, memory, training, growth, beside stock Rasa (half an hour the first time)
	@$(PY) -m bench $(BENCH)

bench-store: setup ## what 1,000,000 stored turns cost; needs PostgreSQL
	@$(PY) -m bench.store

doctor: setup ## look at this installation
	@$(RUGGESTEUN) doctor

check-content: setup ## check every text and alarm pattern
	@$(RUGGESTEUN) check-content

check-answers: setup ## leave out each wording of the answers in turn, and look for it
	@$(RUGGESTEUN) check-answers

safety-table: setup ## write docs/safety-table.md; fails where a text is more or less urgent than its sign
	@$(RUGGESTEUN) safety-table

lock: setup ## make the lock files anew from requirements/*.in
	$(LOCK) requirements/rasa.in --override requirements/rasa.overrides -o requirements/rasa.lock
	$(LOCK) requirements/app.in -o requirements/app.lock
	$(LOCK) requirements/rasa-dev.in -o requirements/rasa-dev.lock
	$(LOCK) requirements/dev.in -o requirements/dev.lock

clean: ## remove environments, model, databases and caches
	rm -rf $(VENV) var .rasa .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
