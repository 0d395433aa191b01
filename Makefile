# `make` alone lists what there is. What the targets do is in tools/; see tools/README.md.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

# The environment to work on: make preview STACK=staging
STACK ?= dev
# More options for pulumi: make preview ARGS=--diff
ARGS ?=
# make new-environment NAME=qa FROM=staging
NAME ?=
FROM ?=
# make rollback FUNCTION=archive VERSION=7
FUNCTION ?=
VERSION ?=
# make promote FROM=staging TO=prod
TO ?=
# The log to look at: make logs SERVICE=moto, or make logs FUNCTION=archive;
# the service to reach: make forward SERVICE=web
SERVICE ?=
# make chaos ROUNDS=5 SEED=1
ROUNDS ?= 5
SEED ?=
PYTHON ?= python3

export STACK

# One process without a launcher in between, so that Ctrl-C reaches what it is meant for.
cli := node --import tsx tools/cli.ts
modules := node_modules/.package-lock.json
venv := .groundwork/venv-apps
in_apps := cd apps && ../$(venv)/bin/python -m
in_tools := cd tools && ../$(venv)/bin/python -m

.PHONY: help
help: ## List the targets
	@echo "make up brings everything up on this machine; no cloud account is needed."
	@echo
	@sed -nE 's/^([a-z-]+):.*## (.*)$$/\1 \2/p' $(firstword $(MAKEFILE_LIST)) \
	  | while read -r target about; do printf '  make %-16s %s\n' "$$target" "$$about"; done
	@echo
	@echo "STACK=dev by default; another one: make preview STACK=staging"

.PHONY: up
up: $(modules) ## Start the local platform and bring the stack up
	@$(cli) up $(ARGS)

.PHONY: preview
preview: $(modules) ## Show what up would change
	@$(cli) preview $(ARGS)

.PHONY: report
report: $(modules) ## Write what up would change as Markdown, for a pull request
	@$(cli) report $(ARGS)

.PHONY: plan
plan: $(modules) ## Write a report to approve, and the plan that deploy keeps to
	@$(cli) plan $(ARGS)

.PHONY: deploy
deploy: $(modules) ## Do what plan has planned, and nothing else
	@$(cli) deploy $(ARGS)

.PHONY: promote
promote: $(modules) ## Let an environment run the images of another: FROM=staging TO=prod
	@STACK="$(FROM)" $(cli) promote "$(FROM)" "$(TO)"

.PHONY: drift
drift: $(modules) ## Write what is no longer as it was deployed as Markdown
	@$(cli) drift $(ARGS)

.PHONY: down
down: $(modules) ## Destroy the stack's resources and stop the local platform
	@$(cli) down $(ARGS)

.PHONY: try
try: $(modules) ## Send an order through the sample system, and show where it is
	@$(cli) try

.PHONY: dev
dev: $(modules) ## Bring the stack up, and each saved change live; follow the logs
	@$(cli) dev

.PHONY: forward
forward: $(modules) ## Lead a port of this machine to a service: SERVICE=web
	@$(cli) forward "$(SERVICE)"

.PHONY: status
status: $(modules) ## Show what runs, and how many resources the stack has
	@$(cli) status

.PHONY: logs
logs: $(modules) ## Show the local services' logs (SERVICE=moto: one of them; FUNCTION=archive)
	@$(cli) logs "$(SERVICE)" "$(FUNCTION)"

.PHONY: doctor
doctor: $(modules) ## Show every tool with where it comes from, and how to mend what is missing
	@$(cli) doctor

.PHONY: engine
engine: $(modules) ## Get the pulumi engine and its plugins, to change the config by hand
	@$(cli) engine

.PHONY: env
env: $(modules) ## Print the variables for pulumi, kubectl and aws: eval "$(make -s env)"
	@$(cli) env

.PHONY: recover
recover: $(modules) ## Take what a killed update has made into the state (STACK=staging)
	@$(cli) recover $(ARGS)

.PHONY: rollback
rollback: $(modules) ## Move a function's calls to an earlier version: FUNCTION=archive [VERSION=7]
	@$(cli) rollback "$(FUNCTION)" "$(VERSION)"

.PHONY: new-environment
new-environment: $(modules) ## Make an environment like another: NAME=qa FROM=staging
	@$(cli) new-environment "$(NAME)" "$(FROM)"

.PHONY: environments
environments: $(modules) ## Print the environments in order of promotion as JSON
	@$(cli) environments

.PHONY: schema
schema: $(modules) ## Write the keys of config/keys.ts into Pulumi.yaml
	@$(cli) schema

.PHONY: reset
reset: $(modules) ## Throw the local platform and its stacks' states away, when nothing else helps
	@$(cli) reset

.PHONY: test
test: check unit ## Run all checks and all tests that need no engine

.PHONY: unit
unit: $(modules) $(venv)/complete
	node_modules/.bin/jest $(ARGS) --selectProjects unit
	$(in_apps) pytest -q
	$(in_tools) pytest -q --config-file emulator/pyproject.toml

.PHONY: modules
modules: ## Test the AWS plugin that is built from Go modules (needs Go)
	cd tools/from-modules && CGO_ENABLED=0 go test ./pulumi-resource-aws/...

.PHONY: check
check: $(modules) $(venv)/complete ## Check style, types, workflows and IAM policies
	node_modules/.bin/biome check
	node_modules/.bin/tsc --noEmit
	$(in_apps) ruff check . ../tools ../test
	$(in_apps) ruff format --check . ../tools ../test
	$(in_apps) mypy
	$(in_tools) mypy --config-file emulator/pyproject.toml
	$(venv)/bin/zizmor --offline --quiet .github
	PARLIAMENT=$(venv)/bin/parliament node_modules/.bin/jest --selectProjects lint

.PHONY: format
format: $(modules) $(venv)/complete ## Mend style
	node_modules/.bin/biome check --write
	$(in_apps) ruff check --fix . ../tools ../test
	$(in_apps) ruff format . ../tools ../test

.PHONY: integration
integration: $(modules) ## Run the tests that drive the real engine on the local platform
	@# A minute of the emulator is five seconds then.
	@EMULATOR_MINUTE_SECONDS=5 $(cli) integration $(ARGS)

.PHONY: rehearse-kind
rehearse-kind: $(modules) ## Rehearse Docker and kind with two clones (ARGS=clean removes it all)
	@test/rehearsal/rehearse $(ARGS)

.PHONY: scan
scan: $(modules) ## Hold the manifests of Kubernetes against kube-score and Polaris
	@$(cli) scan $(ARGS)

.PHONY: chaos
chaos: $(modules) ## Kill commands at random moments and see them recover: ROUNDS=5 [SEED=1]
	@node --import tsx test/chaos/chaos.ts "$(ROUNDS)" "$(SEED)"

# npm writes this file last, so a broken installation is made again. What it says goes to stderr:
# the output of some targets is meant for eval.
$(modules): package.json package-lock.json
	@echo "Installing npm packages (once, about 1 min)" >&2
	@npm ci --no-audit --no-fund >&2
	@touch $@

$(venv)/complete: apps/requirements-test.txt
	@echo "Installing Python packages for the tests of the apps and the emulator (once, about 1 min)" >&2
	@rm -rf $(venv)
	@$(PYTHON) -m venv $(venv)
	@$(venv)/bin/python -m pip install --disable-pip-version-check --no-input --progress-bar off \
	  --quiet --require-hashes -r $<
	@touch $@
