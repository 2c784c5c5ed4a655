"""Add an entry to a book: a question to its section's file, or a section with a file of its own.

Place in the flow: apart from a build. Files are changed line by line, so comments stay where they are; the book
is read again with the change before anything is written.
"""

import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from press.content import tree
from press.content.reading import read_yaml
from press.content.source import SourceEntry, source_lines
from press.problems import PressError, Problems
from press.starting.new import TEMPLATES, languages, question_text, section_text

NUMBER = re.compile(r"\d{1,3}\.\d{1,3}(?:\.\d{1,3})?")
UNNAMED = "?"  # a wording to be written


class Change(NamedTuple):
    """What is written: the file, its new text, and the line where the entry begins."""

    file: Path
    text: str
    line: int


def add(folder: Path, number: str) -> Change:
    """Add the entry of a number to the book in `folder`; return where it stands."""
    folder = folder.resolve()
    if not NUMBER.fullmatch(number):
        raise PressError(f"{number} is no number of an entry: sections are 1.1, questions 1.1.1")
    problems = Problems()
    book = tree.load(folder, problems, draft=True)
    if any(entry.number == number for entry in book.entries):
        raise PressError(f"{number} is in the book already")
    entry = _entry(book, number)
    language = book.meta.language.partition("-")[0]
    templates = TEMPLATES / (language if language in languages() else "en") / "empty"
    if number.count(".") == 1:
        changes = _with_section(book, entry, templates)
    else:
        changes = [_with_question(book, entry, templates)]
    _prove(folder, changes, len(problems.found))
    for change in changes:
        change.file.write_text(change.text, encoding="utf-8", newline="\n")
    return changes[0]


def _entry(book, number):
    """Return number, wording and page: the source's, or what fits between its neighbors."""
    if listed := book.part("source"):
        found = [item for _, item in source_lines(listed, Problems()) if item.number == number]
        if not found:
            raise PressError(
                f"{number} is not in {listed.name}, whose entries the book keeps: write its line there first"
            )
        return found[0]
    before = [entry.node.page for entry in book.entries if _key(entry.number) < _key(number)]
    after = [entry.node.page for entry in book.entries if _key(entry.number) > _key(number)]
    page = min([before[-1] + 1, *after[:1]]) if before else after[0]
    return SourceEntry(number, UNNAMED, page)


def _key(number):
    return [int(part) for part in number.split(".")]


def _with_section(book, entry, templates):
    """Return the changes that a new section makes: its own file, and its name in book.yaml."""
    file = book.folder / f"{entry.number}.yaml"
    if file.exists():
        raise PressError(f"{file} is there, but book.yaml does not name it: write {entry.number} under `sections`")
    home = book.folder / "book.yaml"
    before = [name for name in book.meta.sections if NUMBER.fullmatch(name) and _key(name) < _key(entry.number)]
    text = home.read_text(encoding="utf-8")
    start = text.index("\nsections:") + 1
    head, rest = text[:start], text[start:]
    if before:
        name = re.escape(before[-1])
        rest, count = re.subn(
            rf"""(?m)(^[ ]*-[ ]+)?(["']){name}\2""",
            lambda found: (
                f"{found[0]}\n{found[1]}{found[2]}{entry.number}{found[2]}"
                if found[1]
                else f'{found[0]}, "{entry.number}"'
            ),
            rest,
            count=1,
        )
    else:
        rest, count = re.subn(r"^sections:\s*\[", f'sections: ["{entry.number}", ', rest, count=1)
    if not count:
        raise PressError(f"{home}: write {entry.number} under `sections`; this list is written otherwise than usual")
    return [Change(file, section_text(templates, entry, []), 1), Change(home, head + rest, 0)]


def _with_question(book, entry, templates):
    """Return the change that a new question makes to the file of its section."""
    name = entry.number.rpartition(".")[0]
    section = next((item for item in book.sections if item.number == name), None)
    if section is None:
        raise PressError(f"there is no section {name}: python build.py add {name} adds it")
    if section.node.answer or section.node.key:
        raise PressError(f"{name} is an answer itself: take its `key` and `answer` out, or move them to a question")
    _, lines = read_yaml(section.file, Problems())
    rows = section.file.read_text(encoding="utf-8-sig").splitlines()
    text = question_text(templates, entry).strip("\n").split("\n")
    numbers = [item.number for item in section.node.questions]
    if numbers:
        starts = [lines[("questions", index)][0] - 1 for index in range(len(numbers))]
        indent = len(rows[starts[0]]) - len(rows[starts[0]].lstrip())
        text = [" " * indent + row[2:] for row in text]
        later = [start for start, other in zip(starts, numbers, strict=True) if _key(other) > _key(entry.number)]
        at = _above(rows, later[0]) if later else _filled(rows, _end_of_list(rows, starts[-1]))
    else:
        text = ["questions:", *text]
        at = _filled(rows, len(rows))
    is_first = rows[at - 1].strip() == "questions:"
    block = [*text, ""] if is_first else ["", *text]
    return Change(section.file, "\n".join([*rows[:at], *block, *rows[at:]]) + "\n", at + (1 if is_first else 2))


def _above(rows, at):
    """Return the row above which a question and what is said of it in comments begin."""
    while rows[at - 1].lstrip().startswith("#"):
        at -= 1
    return _filled(rows, at)


def _filled(rows, at):
    """Return the place after the last row before `at` that is not empty."""
    while at and not rows[at - 1].strip():
        at -= 1
    return at


def _end_of_list(rows, start):
    """Return the row after the last question, which begins at `start`: the next key of the section, or the end."""
    for at in range(start + 1, len(rows)):
        if rows[at][:1].strip() and not rows[at].startswith(("#", "-")):
            return at
    return len(rows)


def _prove(folder, changes, before):
    """Read a copy of the book with the changes; PressError where it cannot be read."""
    with TemporaryDirectory() as made:
        copy = Path(made) / folder.name
        copy.mkdir()
        for file in [*folder.glob("*.yaml"), *folder.glob("*.txt"), *folder.glob("*.bib")]:
            shutil.copyfile(file, copy / file.name)
        for change in changes:
            (copy / change.file.name).write_text(change.text, encoding="utf-8")
        problems = Problems()
        tree.load(copy, problems, draft=True)
        if len(problems.found) > before:
            raise PressError(f"the entry cannot be added: {problems.found[-1]}")
