"""Fill in what the documents say of the code: python tools/docs.py; `tests/test_docs.py` compares.

A part that is made stands between <!-- made: NAME --> and <!-- end -->.
"""

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from press.pictures.latex import REFUSED  # noqa: E402  (found in the folder above)
from press.text.blocks import documentation  # noqa: E402
from press.text.numbers import FILTERS  # noqa: E402

FILES = ("README.md", "CONTRIBUTING.md", "docs/how-the-press-works.md")
ROOMS = ("content", "pictures", "text", "layout", "pdf", "documents", "proof", "site", "commands")
PART = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def first_line(file):
    """Return the first sentence of a module's docstring."""
    return ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))).split("\n")[0]


def modules(folder):
    """Return the modules of a room, and of the rooms in it, by name."""
    return sorted(file for file in folder.rglob("*.py") if file != folder / "__init__.py")


def rooms():
    """Return the rooms with what each is for."""
    rows = [f"| `press/{name}/` | {first_line(ROOT / 'press' / name / '__init__.py')} |" for name in ROOMS]
    return "\n".join(["| room | what it knows |", "|---|---|", *rows])


def map_of_modules():
    """Return all modules, room by room, each with the first sentence that it says of itself."""
    parts = []
    for name in ROOMS:
        folder = ROOT / "press" / name
        rows = []
        for file in modules(folder):
            shown = file.parent if file.name == "__init__.py" else file
            rows.append(f"| `{shown.relative_to(folder).as_posix()}` | {first_line(file)} |")
        parts.append("\n".join([f"**{name}**: {first_line(folder / '__init__.py')}", "", "| | |", "|---|---|", *rows]))
    top = [file for file in sorted((ROOT / "press").glob("*.py")) if file.name != "__init__.py"]
    rows = [f"| `{file.name}` | {first_line(file)} |" for file in top]
    return "\n\n".join(["\n".join(["| | |", "|---|---|", *rows]), *parts])


def filters():
    """Return the filters of computed numbers."""
    said = {name: function.__doc__.split("\n")[0].removeprefix("Return ") for name, function in FILTERS.items()}
    rows = [f"| `{name}` | {words[0].upper()}{words[1:]} |" for name, words in said.items()]
    return "\n".join(["| filter | what it prints |", "|---|---|", *rows])


def refused():
    """Return the LaTeX that the book cannot set, and what to write instead."""
    rows = [f"| {_named(item.name)} | {_code(item.how)} |" for item in REFUSED]
    return "\n".join(["| refused | instead |", "|---|---|", *rows])


def _named(name):
    return (
        name
        if name.startswith("a ")
        else f"`` {name} ``".replace("|", r"\|")
        if "`" in name
        else f"`{name}`".replace("|", r"\|")
    )


def _code(how):
    return re.sub(r"(\\\|x\\\||\|x\||\\[a-z]+[()]?(?:\\[a-z]+)*|&|\$\$)", r"`\1`", how).replace("|", r"\|")


MADE = {
    "rooms": rooms,
    "map": map_of_modules,
    "blocks": documentation,
    "filters": filters,
    "refused": refused,
}


def filled(text):
    """Return a document with its made parts made."""
    return PART.sub(lambda part: f"{part[1]}{MADE[part[2]]()}\n{part[3]}", text)


def main():
    """Write the documents."""
    for name in FILES:
        file = ROOT / name
        file.write_text(filled(file.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
