"""The verdict on a finished PDF beside a source: what agrees, and every fault as a whole sentence.

Place in the flow: after `agreement` and `pages`, before what shows it: the command line, JSON, and the
page of press.site. Faults of entries that follow each other and are off by the same number are one
sentence, with the page that is missing or too many as its cause.
"""

import hashlib
import json
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from press.proof import agreement
from press.proof.pages import CAUSES, SMALL, PageFault, counted, pages_without_text

# What a column of an entry is called where it is at fault: in one entry, in many.
PARTS = {
    "printed": ("the line in the contents", "lines in the contents"),
    "link": ("the link in the contents", "links in the contents"),
    "bookmark": ("the bookmark", "bookmarks"),
    "heading": ("the heading", "headings"),
    "wording": ("the wording", "wordings"),
}
# So many entries in a row are told as one.
MANY = 3
NOT_CHECKED = (
    "What the answers say was not checked, nor whether the pictures show it; "
    "nor was any word beyond the titles compared with the source."
)
NOT_CHECKED_BESIDE_TREE = (
    "Whether what the answers say is true was not checked, nor what the drawings and formulas look like."
)


class File(NamedTuple):
    """A file that was looked at: its name, and the SHA-256 of its bytes."""

    name: str
    sha256: str


class Verdict(NamedTuple):
    """All that was found. `day` is that of the edition, or else what `dated` says."""

    pdf: File
    source: File
    day: date
    dated: str  # "edition", "file" (its own date), "disk" (when it was written)
    entries: agreement.Examined
    faults: list[str]
    compared: dict[str, int] | None  # what was compared with the tree, None where no tree was at hand

    @property
    def agrees(self) -> bool:
        """Say whether nothing is wrong."""
        return not self.faults

    @property
    def agreeing(self) -> int:
        """How many entries have no fault."""
        return sum(not row.faults for row in self.entries.rows)

    @property
    def sentence(self) -> str:
        """The verdict in one sentence."""
        rows, pages = self.entries.rows, len(self.entries.printed.pages)
        if self.agrees:
            return f"The book agrees with its source: all {len(rows)} entries, four ways, and all {pages} pages."
        found = counted(len(self.faults), "fault")
        return (
            f"The book does not agree with its source: {found}; "
            f"{self.agreeing} of {len(rows)} entries agree, four ways."
        )

    @property
    def not_checked(self) -> str:
        """What nobody looked at."""
        return NOT_CHECKED if self.compared is None else NOT_CHECKED_BESIDE_TREE


def judge(pdf_path, source_path, day=None, compare=None):
    """Read a PDF and a source and return the Verdict.

    `day` is the edition's; `compare` returns a printed.Verdict, and is asked where all pages are there.
    """
    entries = agreement.examine(pdf_path, source_path)
    faults = [*sentences(entries.rows, entries.pages), *(fault.what for fault in entries.pages)]
    compared = compare() if compare and not entries.pages else None
    if compared:
        faults += [
            f"{place.file.name}{f', line {place.line}' if place.line else ''}: {what}."
            for place, what, _ in compared.problems
        ]
    dated = ("edition", day) if day else _dated(entries.printed.metadata, pdf_path)
    return Verdict(
        _file(pdf_path), _file(source_path), dated[1], dated[0], entries, faults, compared.counts if compared else None
    )


def sentences(rows, pages=()):
    """Return the faults of rows as sentences: runs of entries that are off alike are told once, with their cause."""
    order = [row for row in rows if row.source is not None]
    runs, told = {}, set()
    for column in PARTS:
        for shift, group in groupby(enumerate(order), key=lambda pair: _shift(pair[1], column)):
            places = [place for place, _ in group]
            if shift is not None and len(places) >= MANY:
                runs.setdefault((places[0], places[-1], shift), []).append(column)
                told |= {(order[place].number, column) for place in places}
    found = [(first, _run(order, first, last, shift, columns, pages)) for (first, last, shift), columns in runs.items()]
    for place, row in enumerate(rows):
        faults = [(column, fault) for column, fault in row.faults.items() if (row.number, column) not in told]
        for fault, group in groupby(faults, key=lambda pair: pair[1]):
            found.append((place, _single(row, [column for column, _ in group], fault)))
    return [sentence for _, sentence in sorted(found, key=lambda pair: pair[0])]


def as_json(verdict):
    """Return the verdict as JSON; docs/check.md says what each field is."""
    return json.dumps(
        {
            "agrees": verdict.agrees,
            "verdict": verdict.sentence,
            "date": verdict.day.isoformat(),
            "dated": verdict.dated,
            "pdf": verdict.pdf._asdict(),
            "source": verdict.source._asdict(),
            "faults": verdict.faults,
            "entries": len(verdict.entries.rows),
            "agree": verdict.agreeing,
            "rows": [row._asdict() for row in verdict.entries.rows],
            "pages": len(verdict.entries.printed.pages),
            "pages_without_text": pages_without_text(verdict.entries.printed),
            "page_faults": [fault._asdict() for fault in verdict.entries.pages],
            "compared": verdict.compared,
            "not_checked": verdict.not_checked,
        },
        ensure_ascii=False,
        indent=2,
    )


def _file(path: Path) -> File:
    return File(path.name, hashlib.sha256(path.read_bytes()).hexdigest())


def _dated(metadata, path):
    """Return ("file", the date that a PDF bears) or ("disk", the day on which it was written)."""
    for key in ("ModDate", "CreationDate"):
        digits = metadata.get(key, "").removeprefix("D:")[:8]
        try:
            return "file", datetime.strptime(digits, "%Y%m%d").date()
        except ValueError:
            continue
    return "disk", datetime.fromtimestamp(path.stat().st_mtime).date()


def _shift(row, column):
    """Return by how much a page is off where that is the fault; the fault itself where many may share it."""
    fault = row.faults.get(column)
    if fault is None:
        return None
    shown = {"printed": row.printed, "link": row.link, "bookmark": row.bookmark, "heading": row.heading}.get(column, "")
    if fault.removeprefix("leads to ").startswith("page ") and shown.isdigit():
        return int(shown) - row.source
    return fault if fault in ("missing", "no link", "page missing", "leads nowhere") else None


def _run(order, first, last, shift, columns, pages: list[PageFault]):
    """Tell entries that follow each other and have one fault, with the first cause that the pages give."""
    to = "on" if last == len(order) - 1 else f"to {order[last].number}"
    who = "" if (first, last) == (0, len(order) - 1) else f"from {order[first].number} {to} "
    parts = " and ".join(PARTS[column][1] for column in columns)
    if isinstance(shift, str):
        told = f"{who}all {parts} {_predicate(shift, many=True)}"
    else:
        off = f"{SMALL.get(abs(shift), abs(shift))} {'less' if shift < 0 else 'more'}"
        told = f"{who}all pages of {parts} are {off} than the source’s"
    causes = [fault.what.rstrip(".") for fault in pages if fault.kind in CAUSES]
    cause = f": {causes[0][0].lower()}{causes[0][1:]}" if causes and not isinstance(shift, str) else ""
    return f"{told[0].upper()}{told[1:]}{cause}."


def _single(row, columns, fault):
    """Tell a fault of one entry, or the same fault in several of its parts."""
    parts = [PARTS[column][0] for column in columns]
    names = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    return f"{row.number}: {names} {_predicate(fault, len(columns) > 1, row.source)}."


def _predicate(fault, many=False, source=None):
    """Return a fault as the end of a sentence."""
    are, have = ("are", "have") if many else ("is", "has")
    if fault == "no link":
        return f"{are} missing"
    if fault == "page missing":
        return f"{have} no page number"
    if fault.startswith("page "):
        return f"{have} {fault}, the source {source}"
    if fault.startswith(("leads", "lands")):
        fault = fault.replace("to page missing", "to a page without a number")
        return fault.replace("leads", "lead").replace("lands", "land") if many else fault
    if fault.startswith("its number is"):
        return f"{have} the number {fault.split()[-1]}"
    return f"{are} {fault}"
