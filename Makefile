# Everything a newcomer, a developer and CI do. `make run` and `make test` set up what they need by themselves.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export SAM_CLI_TELEMETRY := 0
# Compiling every test anew costs a run ten seconds.
unexport PYTHONDONTWRITEBYTECODE
# The real interpreter first: SAM looks for python3.13 on PATH and a version manager's shim hides it.
export PATH := $(CURDIR)/.venv/bin:$(PATH)

PORT ?= 3000
VENV := .venv/.installed
LAYERS := core aws verification api evidence intake imaging face mrz barcode

.PHONY: help
help: ## Show what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

.PHONY: run
run: setup ## Start the whole API on http://127.0.0.1:3000 (PORT=…) and verify a sample
	@PORT=$(PORT) exec .venv/bin/python -m local

.PHONY: test
test: setup ## Run the unit, integration and end-to-end tests
	.venv/bin/pytest -n auto --dist loadgroup $(PYTEST)

.PHONY: unit
unit: $(VENV) ## Run the unit tests: no network, no stack, seconds
	.venv/bin/pytest -n auto --dist worksteal --hypothesis-profile quick tests/unit $(PYTEST)

.PHONY: test-changed
test-changed: $(VENV) ## Run the unit tests that the changes since the last such run can reach
	.venv/bin/pytest --testmon tests/unit $(PYTEST)

.PHONY: cov
cov: $(VENV) ## Run the unit tests and say which lines they leave out (htmlcov/index.html)
	.venv/bin/pytest -n auto --cov --cov-report term:skip-covered --cov-report html tests/unit $(PYTEST)

.PHONY: attack
attack: setup ## Attack a stack of its own, bounded in count and time: ARGS='--quick'
	.venv/bin/python -m tests.attack $(ARGS)

.PHONY: faults
faults: setup ## Let AWS fail on a stack of its own and say what held (docs/benchmarks/faults.md): ARGS='--quick'
	.venv/bin/python -m tests.faults $(ARGS)

.PHONY: key
key: $(VENV) ## Make a key for the stack that runs: make key NAME=… (MODE=live SCOPES=verify,read TENANT=…)
	@.venv/bin/python -m local.key create --name "$(or $(NAME),$(error NAME is missing))" $(if $(MODE),--mode $(MODE)) \
	  $(if $(SCOPES),--scopes $(SCOPES)) $(if $(TENANT),--tenant $(TENANT))

.PHONY: setup
setup: $(VENV) system weights

$(VENV): requirements/dev.txt $(LAYERS:%=layers/%/pyproject.toml)
	requirements/make-venv.sh
	@touch $@

.PHONY: system
system:
	@requirements/system-packages.sh

.PHONY: weights
weights: $(VENV) ## Fetch and convert the face model's weights, pinned and checked (MODEL=omz-0095 FROM=folder)
	@.venv/bin/python layers/face/build/weights.py $(MODEL) $(if $(FROM),--from $(FROM))

.PHONY: check
check: $(VENV) ## Lint, format, types, and which way the imports point
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

.PHONY: format
format: $(VENV) ## Let the tools have their way
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

.build/checkov/.installed: requirements/checkov.txt $(VENV)
	.venv/bin/python -m venv --clear .build/checkov
	.build/checkov/bin/pip install --quiet --no-deps --require-hashes -r requirements/checkov.txt
	@touch $@

.PHONY: template
template: $(VENV) .build/checkov/.installed ## Validate the template, as written and as CloudFormation gets it
	.venv/bin/sam validate --lint --region eu-west-1
	.venv/bin/python -m local.template > .build/template.json
	.venv/bin/cfn-lint .build/template.json .github/deploy-roles.yaml
	.build/checkov/bin/checkov --config-file .checkov.yaml --file .build/template.json

.PHONY: build
build: setup ## Build the zip functions for both processors and hold them to their size
	.venv/bin/python .ci/size_gate.py x86_64 arm64

.PHONY: iam
iam: setup ## Run the tests that call AWS and write which permissions each function uses (docs/benchmarks/iam.md)
	rm -rf .build/iam && mkdir -p .build/iam
	CARI_IAM_USED=$(CURDIR)/.build/iam .venv/bin/pytest -n auto --dist loadgroup tests/integration/functions tests/integration/events \
	  tests/integration/local_stack tests/e2e $(PYTEST)
	.venv/bin/python -m tools.iam_report .build/iam

.PHONY: deploy
deploy: setup ## Build, pack and deploy into your AWS account: make deploy [STAGE=prod] [ARCH=arm64]
	.venv/bin/python -m tools.deploy --stage $(or $(STAGE),dev) --arch $(or $(ARCH),x86_64) $(ARGS)

.PHONY: doctor
doctor: $(VENV) ## Check what was built or, with STACK=…, what is deployed; it reads only
	.venv/bin/python -m tools.doctor $(if $(STACK),--stack $(STACK)) $(ARGS)

.PHONY: drill
drill: setup ## Rehearse taking the tables back on the local stack or, with STACK=…, hold the drill (ARGS='--write-back …')
	.venv/bin/python -m tools.restore_drill $(if $(STACK),--stack $(STACK)) $(ARGS)

.PHONY: events
events: build ## Run every file of events/ by the functions as they were built, their files read-only
	BUILD=$(CURDIR)/.build/sam-x86_64 .venv/bin/pytest tests/integration/events $(PYTEST)

.PHONY: rotate-signing-key
rotate-signing-key: $(VENV) ## Let another key sign, with an operator's credentials: make rotate-signing-key STACK=cari-prod
	.venv/bin/python -m tools.rotate_signing_key $(or $(STACK),$(error STACK is missing))

.build/training/.installed: requirements/training.txt
	python3 -m venv --clear .build/training
	.build/training/bin/pip install --quiet --no-deps --require-hashes -r requirements/training.txt
	@touch $@

.PHONY: train
train: .build/training/.installed ## Train the MRZ reader's two nets anew, into .build/training/out (about an hour on 4 cores)
	requirements/system-packages.sh fonts-ocr-a fonts-liberation2 fonts-dejavu-core
	.build/training/bin/python -m training.mrz --out .build/training/out $(TRAIN)

.build/rapidocr/.installed: requirements/bench-rapidocr.txt $(VENV)
	.venv/bin/python -m venv --clear .build/rapidocr
	.build/rapidocr/bin/pip install --quiet --no-deps --require-hashes -r requirements/bench-rapidocr.txt
	@touch $@

.PHONY: bench-mrz
bench-mrz: setup .build/rapidocr/.installed ## Measure the MRZ reader beside others (needs CARI_EVAL_DATA): ARGS='--limit 5'
	.venv/bin/python -m tests.benchmarks.mrz $(ARGS)

.build/dlib/.installed: requirements/bench-dlib.txt $(VENV)
	.venv/bin/python -m venv --clear .build/dlib
	.build/dlib/bin/pip install --quiet --no-deps --require-hashes -r requirements/bench-dlib.txt
	PYTHONPATH=layers/face/build .venv/bin/python -m tests.benchmarks.face.workers.dlib_models .build/dlib/models
	@touch $@

.PHONY: bench-face
bench-face: setup .build/dlib/.installed ## Measure the face package, beside dlib (needs CARI_EVAL_DATA): ARGS='--step 10'
	PYTHONPATH=layers/face/build .venv/bin/python -m tests.benchmarks.face $(ARGS)

.PHONY: bench-api
bench-api: setup ## Measure the API beside its engines: ARGS='--posts 200'
	.venv/bin/python -m tests.benchmarks.api $(ARGS)

.PHONY: bench-cold
bench-cold: build ## Measure what each zip function's cold start pays, as built
	.venv/bin/python -m tests.benchmarks.cold .build/sam-x86_64 .build/sam-arm64 $(ARGS)

.PHONY: bench-cost
bench-cost: setup ## Measure what each call takes and price it (docs/benchmarks/cost.md): ARGS='--times 15'
	.venv/bin/python -m tests.benchmarks.cost $(ARGS)

.PHONY: bench-end-to-end
bench-end-to-end: setup ## Measure what the default policy answers to whole cases (needs CARI_EVAL_DATA): ARGS='--documents 50'
	.venv/bin/python -m tests.benchmarks.end_to_end $(ARGS)

.PHONY: bench-fraud
bench-fraud: setup ## Measure what two policies answer to every class of fraud (needs CARI_EVAL_DATA): ARGS='--instances 10'
	.venv/bin/python -m tests.benchmarks.fraud $(ARGS)

.PHONY: bench
bench: ## Run the MRZ, face and end-to-end benchmarks and write docs/benchmarks/ (needs CARI_EVAL_DATA; some hours)
	$(MAKE) bench-mrz bench-face bench-end-to-end ARGS=

.PHONY: docs
docs: $(VENV) ## Write docs/ and what the docs function serves from the code
	.venv/bin/python -m tools.docs

.PHONY: lock
lock: ## Pin requirements anew (needs uv): make lock UPGRADE=--upgrade
	requirements/lock.sh $(UPGRADE)

.PHONY: clean
clean: ## Remove what was built or installed here
	rm -rf .venv .build .aws-sam .local layers/face/cari_face/weights/*.onnx layers/face/cari_face/weights/*.tflite
