"""The source: the page-numbered table of contents that the book keeps.

Read by `tree` (every title and page has to be the source's), by `check` (the finished PDF is
compared with it) and by nothing in between. A line is a number with dots, a blank or a tab, the
wording, the page; dot leaders and a missing blank before the page are taken as they come. Other
lines are wrapper text.
"""

import re
from typing import NamedTuple

from press.content.reading import read_file
from press.problems import Place, Problems

NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})+(?=[ \t\u00a0])")
BARE = re.compile(r"\d{1,9}(?=[ \t\u00a0]+[^\W\d])")  # a number without a dot, before words
LEADERS = re.compile(r"(?:\.{4,}+|…|(?: \.){3,}+)[ .…]*+\Z")
DIGITS = "0123456789"


class SourceEntry(NamedTuple):
    """One line of the source: number and wording as printed there, page as an integer."""

    number: str
    title: str
    page: int


def read_source(path):
    """Return the entries of a contents list, in its order; BookError where it cannot be read."""
    problems = Problems()
    lines = source_lines(path, problems)
    problems.stop_if_any()
    return [entry for _, entry in lines]


def source_lines(path, problems):
    """Return (line, SourceEntry) of a contents list; lines with a number that are none go to `problems`."""
    text = read_file(path, problems)
    entries = []
    for line, row in enumerate((text or "").split("\n"), start=1):
        row = row.strip()
        found = NUMBER.match(row)
        if found is None:
            continue
        rest = row[found.end() :].strip(" \t\u00a0")
        stem = rest.rstrip(DIGITS)
        title = LEADERS.sub("", stem[-200:]) if LEADERS.search(stem[-200:]) else None
        title = stem.removesuffix(" ").removesuffix("\t") if title is None else (stem[:-200] + title).rstrip()
        page = rest[len(stem) :]
        if not page or len(page) > 4 or not title:
            lack = "no page" if not page else "no wording" if not title else "no page that a book has"
            problems.add(Place(path, line), f"this line has a number and {lack}", "write number, wording, page")
            continue
        entries.append((line, SourceEntry(found[0], title, int(page))))
    return entries


def as_list(nodes):
    """Return a contents list with a line for each number, wording and page."""
    return "".join(f"{node.number} {node.title} {node.page}\n" for node in nodes)


def read_frame(path):
    """Return the lines that stand right above the first entry and right below the last, "" for none."""
    rows = [row.strip() for row in (read_file(path, Problems()) or "").split("\n") if row.strip()]
    entries = [place for place, row in enumerate(rows) if NUMBER.match(row)] or [0]
    above, below = rows[: entries[0]], rows[entries[-1] + 1 :]
    return (above[-1] if above else ""), (below[0] if below else "")


def undotted(path):
    """Return {number: line} of the lines that begin with a number without a dot."""
    text = read_file(path, Problems()) or ""
    rows = ((BARE.match(row.strip()), line) for line, row in enumerate(text.split("\n"), start=1))
    return {found[0]: line for found, line in rows if found}
