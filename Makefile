# What people do here. `make run` starts everything, `make test` proves everything.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
# Three processes, each taking a whole file at a time, the long ones first (tests/side_by_side.py); ARGS="-n 0 …" undoes it.
SIDE_BY_SIDE := -n 3 --dist loadfile --no-loadscope-reorder
# Then, with nothing beside them, those that measure time: waiting for them one by one would cost minutes.
PARTS := "$(SIDE_BY_SIDE) -m 'not alone'" "-n 0 -m alone"
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# What is compiled is kept, even where a container asks for nothing of it: the tests start many processes.
export PYTHONDONTWRITEBYTECODE =

.PHONY: run test proof check bench pins clean translations

run: .venv/ready
	@$(BIN)/python run.py

test: .venv/ready-dev check
	@. ./tests/prepare.sh && wrong=0 || exit 1; \
	for part in $(PARTS); do eval "$(BIN)/python -m pytest $$part $(ARGS)" || [ $$? = 5 ] || wrong=1; done; exit $$wrong

# What ran, how many, how long, what was caught: the proof of the sync, then the proof of that proof. SCENARIOS=… runs more.
proof: .venv/ready-dev
	@. ./tests/prepare.sh && $(BIN)/python -m tests.proof

check: .venv/ready-dev
	@$(BIN)/ruff check .

bench: .venv/ready-bench
	@for file in bench/pages.py bench/year.py bench/jury.py bench/cycle.py bench/localsheets.py bench/calls.py bench/plan.py bench/schedule.py bench/tutoring.py; do $(BIN)/python $$file || exit 1; done

# Gather what staff read, name what has no English yet, and compile both languages.
translations: .venv/ready
	@$(BIN)/python -m translations.extract

# Write the three requirements.txt, pinned with hashes.
pins:
	uv pip compile --universal --python-version 3.11 --generate-hashes -q --custom-compile-command "make pins" requirements.in -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes -q --custom-compile-command "make pins" requirements-dev.in -o requirements-dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes -q --custom-compile-command "make pins" bench/requirements.in -o bench/requirements.txt

.venv/ready: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install -q --require-hashes -r requirements.txt
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.txt
	@$(BIN)/pip install -q --require-hashes -r requirements-dev.txt
	@touch $@

# What the product is measured beside; the tests need none of it.
.venv/ready-bench: .venv/ready-dev bench/requirements.txt
	@$(BIN)/pip install -q --require-hashes -r bench/requirements.txt
	@touch $@

clean:
	rm -rf .venv var
