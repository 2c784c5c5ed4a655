"""The source: the page-numbered table of contents that the book keeps.

Read by `tree` (every title and page has to be the source's), by `check` (the finished PDF is
compared with it) and by nothing in between.
"""

import re
from typing import NamedTuple

# Number, wording, page; in some lines of the source the space before the page is missing.
ENTRY = re.compile(r"^(?P<number>\d+(?:\.\d+)+) (?P<title>.*?) ?(?P<page>\d+)$")


class SourceEntry(NamedTuple):
    """One line of the source: number and wording as printed there, page as an integer."""

    number: str
    title: str
    page: int


def read_source(path):
    """Return the entries of a contents list, in its order; other lines are wrapper text."""
    lines = path.read_text(encoding="utf-8").splitlines()
    matches = (ENTRY.match(line.strip()) for line in lines)
    return [SourceEntry(m["number"], m["title"], int(m["page"])) for m in matches if m]
