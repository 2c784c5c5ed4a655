# The two commands of the README, `make book` and `make test`; each sets up what it needs.

PYTHON ?= python3
BIN := .venv/bin
BOOK := dist/deep-learning-foundations-a4.pdf

.PHONY: book test check fit proof contact-sheet bench mutants lint clean

book: .venv/ready
	$(BIN)/python build.py

test: lint
	$(BIN)/python -m pytest -n 2 --dist loadfile

# Style, layers of imports (contracts in pyproject.toml) and types.
lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/mypy

check: .venv/ready
	$(BIN)/python build.py check

fit: .venv/ready
	$(BIN)/python build.py fit

proof: .venv/ready
	$(BIN)/python build.py proof

contact-sheet: .venv/ready
	$(BIN)/python build.py contact-sheet

bench: .venv/ready
	$(BIN)/python tests/bench.py

mutants: .venv/ready
	$(BIN)/python tests/mutants.py

# The virtual environment, made anew when the pinned versions change.
.venv/ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: install it, or name it with make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv || \
	  { echo "The venv module is missing: on Debian and Ubuntu, apt install python3-venv"; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch .venv/ready

clean:
	rm -rf build dist .venv *.egg-info
