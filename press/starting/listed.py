"""A contents list as it comes: what is odd in it is read, or told with its line.

Place in the flow: under `new`, which makes a tree from it. The lines themselves are read as in every build
(`content.source`): a missing blank before the page, dot leaders, tabs and a byte order mark are no matter.
"""

from pathlib import Path
from typing import NamedTuple

from press.content.rules import LONGEST_SPAN
from press.content.source import SourceEntry, read_frame, source_lines, undotted
from press.problems import Place, Problems

SECTION, QUESTION = 1, 2  # dots in the number


class Listed(NamedTuple):
    """Sections with their questions, the lines above the first entry and below the last, and what is odd."""

    sections: list[tuple[SourceEntry, list[SourceEntry]]]
    frame: tuple[str, str]
    notes: list[str]


def read_list(file: Path, problems: Problems) -> Listed:
    """Return what a contents list says; what cannot be kept goes to `problems`."""
    lines = source_lines(file, problems)
    if not lines and not problems.found and not undotted(file):
        problems.add(Place(file), "this contents list has no entries", "write lines of number, title, page")
    notes = _chapters(file, lines, problems)
    sections: dict[str, tuple[SourceEntry, list[SourceEntry]]] = {}
    numbers: set[str] = set()
    last = 0
    for line, entry in lines:
        place, section = Place(file, line), ".".join(entry.number.split(".")[:2])
        if entry.number in numbers:
            problems.add(place, f"the number {entry.number} stands twice", "give each entry its own number")
        elif entry.number.count(".") > QUESTION:
            problems.add(
                place,
                f"{entry.number} is of a third level",
                "a book has sections (1.1) and questions (1.1.1): take the line out, or number it as a question",
            )
        elif entry.number.count(".") == SECTION:
            sections[entry.number] = (entry, [])
        elif section not in sections:
            problems.add(place, f"{entry.number} comes before its section {section}", f"write a line for {section}")
        else:
            sections[section][1].append(entry)
        if entry.page < last:
            problems.add(place, f"page {entry.page} goes back behind page {last}", "pages never decrease")
        elif last and entry.page - last > LONGEST_SPAN:
            problems.add(place, f"{entry.page - last} pages after the entry before it", f"{LONGEST_SPAN} are the most")
        last = max(last, entry.page)
        numbers.add(entry.number)
    return Listed(list(sections.values()), read_frame(file), [*notes, *_leaps(file, lines)])


def _chapters(file, lines, problems):
    """Tell of numbers without a dot: chapters above the sections are left out, sections so numbered are at fault."""
    without = {line: number for number, line in undotted(file).items()}
    has_questions = any(entry.number.count(".") >= QUESTION for _, entry in lines)
    for line, number in sorted(without.items()):
        if not has_questions:
            what = f"the number {number} has no dot"
            problems.add(Place(file, line), what, f"number sections {number}.1 and their questions {number}.1.1")
    return [f"{file}:{line}: {number} has no dot and is left out" for line, number in sorted(without.items())]


def _leaps(file, lines):
    """Return what is said of numbers that do not follow the one before; they are kept as they are."""
    notes = []
    for (_, before), (line, entry) in zip(lines, lines[1:], strict=False):
        one, other = ([int(part) for part in item.number.split(".")] for item in (before, entry))
        follows = [one[:at] + [one[at] + 1] for at in range(len(one))] + [[*one, 1]]
        if other not in follows:
            notes.append(f"{file}:{line}: {entry.number} follows {before.number}; the number is kept")
    return notes
