"""Compare what is printed with the tree that it came from: every word, number and page number.

Place in the flow: at the end of every build, on the finished files of both papers, and in
`check --book`. The tree is read a second time, by `rawtree`, `rawtext`, `rawnumbers` and `wanted`,
which share nothing with the rooms that set the texts: what those swallow or change is missing here.

Each block of each field has to stand among the blocks of its entry, in its order and once for each
time that it is wanted. Lines of print may break at blanks, after hyphens and inside long addresses.
Formulas are stretches that are not looked into, but for their place, their order, and the computed
numbers in them, which their alternative texts have to name.
"""

import json
from pathlib import Path
from typing import NamedTuple

from press.pdf import windows
from press.pdf.story import read_story
from press.problems import Problem
from press.proof.beside import Reading
from press.proof.beside_book import BookReading
from press.proof.beside_sheets import CardsReading, SheetReading
from press.proof.wanted import read_book


class Verdict(NamedTuple):
    """The result: Problems, and how much was compared."""

    problems: list[Problem]
    counts: dict[str, int]


def compare(folder, files, numbers, cards=None, are_one=False):
    """Compare files with the tree in `folder`; return a Verdict.

    `files` maps (kind, paper) to paths, `numbers` and `cards` are the raw results of figures/. `are_one` says
    that the books differ in the boxes of their pages alone: what is said of the first holds for the others,
    unless a letter stands outside their pages.
    """
    problems, counts = {}, {}
    read: list[BookReading] = []
    first = Path()
    for paper in dict.fromkeys(paper for _, paper in files):
        path = files["book", paper]
        if not (are_one and read and windows.show_all((first, path), read[-1].story.reach)):
            first = path
            read.append(BookReading(read_book(folder, numbers, cards), read_story(path)))
            read[-1].run()
        readings: list[Reading] = [read[-1]]
        for kind, SheetKind in (("cards", CardsReading), ("formulas", SheetReading)):
            if (kind, paper) in files:
                sheet = SheetKind(read[-1].book, read_story(files[kind, paper]), read[-1])
                sheet.run()
                readings.append(sheet)
        for each in readings:
            problems |= dict.fromkeys(each.problems)
            for name, count in each.counts.items():
                counts[name] = counts.get(name, 0) + count
    return Verdict(_in_order(problems), counts)


def _in_order(problems):
    return sorted(problems, key=lambda problem: (str(problem.place.file), problem.place.line))


def summary(verdict):
    """Return the line that sums up, and says what was compared."""
    counted = ", ".join(f"{count:,} {name}" for name, count in verdict.counts.items())
    found = f"{len(verdict.problems)} faults" if verdict.problems else "nothing missing"
    return f"{found} in {counted}, beside the tree"


def as_json(verdict):
    """Return the Verdict as JSON."""
    told = [
        {"file": str(place.file), "line": place.line, "what": what, "how": how} for place, what, how in verdict.problems
    ]
    return json.dumps({"compared": verdict.counts, "problems": told}, ensure_ascii=False, indent=1)
