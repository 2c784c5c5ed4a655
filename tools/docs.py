"""Fill in what the documents say of the code: python tools/docs.py; `tests/test_docs.py` compares.

A part that is made stands between <!-- made: NAME --> and <!-- end -->.
"""

import ast
import re
import sys
from functools import partial
from pathlib import Path

import typer

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from press.commands import app  # noqa: E402
from press.content import describing, schema  # noqa: E402
from press.layout.spans import Span  # noqa: E402
from press.pictures.latex import REFUSED  # noqa: E402  (found in the folder above)
from press.proof.findings import Finding  # noqa: E402
from press.text.blocks import documentation  # noqa: E402
from press.text.numbers import FILTERS  # noqa: E402

FILES = ("README.md", "CONTRIBUTING.md", "docs/how-the-press-works.md", "docs/files-and-options.md")
ROOMS = ("content", "pictures", "text", "layout", "pdf", "documents", "proof", "site", "starting", "commands")
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


# The models of each file, the outermost first.
KEYS = {
    "book": [schema.Metadata, schema.Headings, schema.License],
    "section": [schema.Section, schema.Node, schema.SelfTest, schema.KeyFormula, schema.Term],
    "notation": [schema.Group, schema.Spoken],
    "further": [schema.FurtherSection, schema.Further, schema.Problem],
    "toolbox": [schema.Toolbox, schema.Tool],
    "experiments": [schema.Experiments],
    "prose": [schema.Prose],
}


def keys(name):
    """Return the keys of a file of the book, and of what stands in it."""
    parts = []
    for model in KEYS[name]:
        said = (model.__doc__ or "").split("\n")[0]
        parts.append(f"{said}\n\n{describing.table(model)}")
    return "\n\n".join(parts)


def options():
    """Return the commands with what each does, their arguments and options."""
    command = typer.main.get_command(app)
    parts = [_command("", command)]
    parts += [_command(f" {name}", command.commands[name]) for name in sorted(command.commands)]
    return "\n\n".join(parts)


def _command(name, command):
    rows = [f"**`build.py{name}`**: {(command.help or '').split(chr(10))[0]}", "", "| | |", "|---|---|"]
    for option in command.params:
        if option.name not in ("help", "install_completion", "show_completion"):
            shown = ", ".join(option.opts) if option.opts[0].startswith("-") else option.name.upper()
            usual = option.show_default if isinstance(getattr(option, "show_default", None), str) else ""
            said = (getattr(option, "help", None) or "").replace("|", r"\|")
            rows.append(f"| `{shown}` | {said}{f' By itself: {usual}.' if usual else ''} |")
    return "\n".join(rows)


# What the fields of --json mean, by the record that is printed.
FIELDS = {
    Finding: {
        "rule": "the rule that is broken",
        "folio": "the page as printed, with the file's name before it where the file is not the book",
        "place": "where on the page",
        "entry": "the number of the entry that stands there",
        "what": "what is wrong",
    },
    Span: {
        "numbers": "the entries that begin on the span's first page",
        "first": "its first page",
        "last": "its last page; null for the last span, which has no limit",
        "there": "lines that there are",
        "used": "lines used on its own pages",
        "long": "lines of its text, wherever they land",
        "over": "lines that run over onto the page of the next span",
        "late": "headings that land late: number, page, lines to cut",
        "written": "whether all of it is written",
    },
}


def fields(record):
    """Return the fields of a record as a table; one that is not explained is an error."""
    rows = [f"| `{name}` | {FIELDS[record][name]} |" for name in record._fields]
    return "\n".join(["| field | what it says |", "|---|---|", *rows])


MADE = {
    **{f"keys_{name}": partial(keys, name) for name in KEYS},
    "options": options,
    "fields_proof": partial(fields, Finding),
    "fields_fit": partial(fields, Span),
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
