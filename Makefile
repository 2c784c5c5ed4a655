# The two commands of the README, `make book` and `make test`; each sets up all that it needs.

PYTHON ?=
BIN := .venv/bin

.PHONY: docs tune book site test test-readers check fit proof contact-sheet bench mutants lint clean

book: ready
	$(BIN)/python build.py

# Lint is one of the tests; two processes take the modules in the order of tests/conftest.py, longest first.
test: ready
	PYTHONPATH=. $(BIN)/python tests/drawn.py
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# Style, layers of imports (contracts in pyproject.toml) and types.
lint: ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/mypy

# What the documents say of the code: the map, the tables of blocks, filters and refusals.
docs: ready
	$(BIN)/python tools/docs.py

# The book, checked, and the site to take it from: dist/site/.
site: book
	$(BIN)/python build.py site

# What readers and printers open the files with; installed where it is missing.
test-readers: site
	@PYTHON='$(PYTHON)' sh tools/ready.sh readers
	$(BIN)/python -m pytest tests/readers

check: ready
	$(BIN)/python build.py check

fit: ready
	$(BIN)/python build.py fit

proof: ready
	$(BIN)/python build.py proof

contact-sheet: ready
	$(BIN)/python build.py contact-sheet

bench: ready
	$(BIN)/python tests/bench.py

mutants: ready
	$(BIN)/python tests/mutants.py
	PYTHONPATH=. $(BIN)/python tests/losses.py

# Search the settings of the experiments anew; the results are constants in figures/tuned/.
tune: ready
	$(BIN)/python -m figures.kit.tune

# A machine that is ready is so at once; what it lacks is installed, or told.
.PHONY: ready
ready:
	@PYTHON='$(PYTHON)' sh tools/ready.sh

clean:
	rm -rf build dist .venv *.egg-info
