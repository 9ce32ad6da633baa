# make demo    read the pictures in examples/ with the runtime alone
# make test    everything that must hold before a change goes in
# make model   train, export and evaluate the packaged model anew, into runs/packaged (hours; goes on)
# PYTHON names the interpreter (3.11 or newer) that the environments are built with.

PYTHON ?= python3
PIP_FLAGS := --quiet --disable-pip-version-check --no-input
DEMO := out/demo

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Figures must not depend on how many cores the machine has, and two busy pools fight on a small one.
export TF_CPP_MIN_LOG_LEVEL := 3

.PHONY: help demo test model lint test-lowest test-aarch64 examples figures clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile
	@echo "also: lint, test-lowest, test-aarch64, examples (draw them again), figures (tables in documents), clean"

# Each environment is built once; its stamp is newer than pyproject.toml until that changes.
define build-venv
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "edgedigits needs Python 3.11 or newer; name one: make $@ PYTHON=python3.12" >&2; exit 1; }
	@echo "building $(@D) ..."
	@$(PYTHON) -m venv $(@D) || { echo "on Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
endef

.venv/.installed: pyproject.toml
	$(build-venv)
	@$(@D)/bin/python -m pip install $(PIP_FLAGS) --editable .
	@$(@D)/bin/python -m compileall -q runtime
	@touch $@

.venv-test/.installed: pyproject.toml
	$(build-venv)
	@$(@D)/bin/python -m pip install $(PIP_FLAGS) --no-compile --editable '.[train,web,bench,dev]'
	@touch $@

.venv-lowest/.installed: pyproject.toml tests/lowest.txt
	$(build-venv)
	@$(@D)/bin/python -m pip install $(PIP_FLAGS) --editable . --requirement tests/lowest.txt
	@touch $@

# The folder is the demo's own: it is emptied, since `predict --save` never overwrites a file.
demo: .venv/.installed
	@rm -rf $(DEMO)
	@.venv/bin/edgedigits predict examples --save $(DEMO)

lint: .venv-test/.installed
	.venv-test/bin/ruff check .
	.venv-test/bin/ruff format --check .
	.venv-test/bin/mypy --strict

test-lowest: .venv-lowest/.installed
	.venv-lowest/bin/python -m pytest -q tests/runtime

# The whole suite comes last: its summary line is the last line.
test: lint test-lowest
	.venv-test/bin/python -m pytest

# Interrupted, it goes on where it was. Nothing in runtime/ is replaced: compare, then copy by hand.
MODEL := runs/packaged
FINISHED := $(MODEL)-finished
PUPIL := $(MODEL)-pupil
TEACHER := $(MODEL)-teacher
HANDS := $(MODEL)-hands-teacher
LAST := $(addprefix $(MODEL)-,2 12 22)
train = .venv-test/bin/edgedigits train $(if $(wildcard $(1)/config.json),--resume $(1),--recipe $(2) --out $(1))
model: .venv-test/.installed $(LAST)
	test -f $(MODEL)/model.keras || .venv-test/bin/python -m edgedigits_train.average $(LAST) --out $(MODEL)
	.venv-test/bin/edgedigits export $(MODEL) --out $(MODEL)/edgedigits.onnx --force
	.venv-test/bin/edgedigits evaluate $(MODEL)/edgedigits.onnx --out $(MODEL)/evaluation --force

.PHONY: $(LAST) $(FINISHED) $(PUPIL) $(TEACHER) $(HANDS)
$(LAST): $(MODEL)-%: $(FINISHED) $(HANDS)
	$(call train,$@,hands --seed $* --start $(FINISHED) --teacher $(HANDS)/teacher.onnx)

$(FINISHED): .venv-test/.installed $(PUPIL)
	$(call train,$@,finish --start $(PUPIL) --teacher $(TEACHER)/teacher.onnx)

$(PUPIL): .venv-test/.installed $(TEACHER)
	$(call train,$@,distil --teacher $(TEACHER)/teacher.onnx)

$(TEACHER): .venv-test/.installed
	$(call train,$@,teacher)
	.venv-test/bin/edgedigits export $@ --out $@/teacher.onnx --force

$(HANDS): .venv-test/.installed $(TEACHER)
	$(call train,$@,hands-teacher --start $(TEACHER))
	.venv-test/bin/edgedigits export $@ --out $@/teacher.onnx --force

test-aarch64: .venv-test/.installed
	.venv-test/bin/python tests/aarch64.py

examples: .venv/.installed
	.venv/bin/python examples/draw_examples.py

figures: .venv-test/.installed
	.venv-test/bin/python -m edgedigits_bench.figures README.md docs/performance.md docs/reading.md docs/training.md runtime/edgedigits/assets/MODEL_CARD.md
	.venv-test/bin/python tests/readme.py

clean:
	rm -rf .venv .venv-test .venv-lowest out build dist .mypy_cache .pytest_cache .ruff_cache
