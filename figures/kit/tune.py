"""Search the settings of experiments and write them down: `make tune`, or `python -m figures.kit.tune race`.

A module that compares methods has a function `search()`, which tries the settings and returns
constants as {NAME: value}. They are written to `figures/tuned/<module>.py` with the whole search,
so that a build reads them and does not search again. A test repeats a coarse search.
"""

import importlib
import pprint
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]


def searching():
    """Return the names of the modules that have a search."""
    return [file.stem for file in sorted(FOLDER.glob("*.py")) if "\ndef search(" in file.read_text(encoding="utf-8")]


def write(name):
    """Run the search of a module and write its constants; return the file."""
    constants = importlib.import_module(f"figures.{name}").search()
    lines = [f'"""Found by `python -m figures.kit.tune {name}`; the search stands beside what it chose."""\n']
    for constant, value in constants.items():
        lines.append(f"{constant} = {pprint.pformat(value, width=110, compact=True, sort_dicts=False)}\n")
    file = FOLDER / "tuned" / f"{name}.py"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def main():
    """Search for the modules named on the command line, or for all."""
    for name in sys.argv[1:] or searching():
        print(f"wrote {write(name)}", flush=True)


if __name__ == "__main__":
    main()
