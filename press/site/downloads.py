"""What there is to take from the site: the files of an edition, each with what a reader asks of it.

Place in the flow: under `site`; the files are those that a build has published.
"""

import hashlib
from pathlib import Path
from typing import NamedTuple

from press.page import PAGE
from press.pdf.records import open_file

KINDS = ("book", "cards", "formulas", "anki", "bleed")
FOLDER = "files"


class Download(NamedTuple):
    """A file: its kind, what it is printed on, where it lies, how large it is, how much stands in it."""

    kind: str
    paper: str  # "a4", "letter", "anki"
    path: Path
    size: str
    amount: int  # pages, or cards
    sha256: str

    @property
    def href(self) -> str:
        """Its place on the site."""
        return f"{FOLDER}/{self.path.name}"


def downloads(out: Path, name: str, cards: int) -> list[Download]:
    """Return the files of the book `name` in a folder, the book first; `cards` is how many there are."""
    found = []
    for kind in KINDS:
        for paper in ("anki",) if kind == "anki" else PAGE.papers:
            path = out / {
                "book": f"{name}-{paper}.pdf",
                "anki": f"{name}-cards.apkg",
                "bleed": f"{name}-{paper}-bleed.pdf",
            }.get(kind, f"{name}-{kind}-{paper}.pdf")
            if path.is_file():
                count = cards if kind == "anki" else _pages(path)
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                found.append(Download(kind, paper, path, size_of(path.stat().st_size), count, digest))
    return found


def told(kinds: list[Download], site: dict[str, str]) -> list[dict]:
    """Return what the page tells of each kind of file, with its files in it."""
    return [
        {
            "title": site[f"file_{kind}"],
            "purpose": site[f"for_{kind}"],
            "files": [
                {"paper": site[f"paper_{item.paper}"], "item": item, "count": _counted(item, site)}
                for item in kinds
                if item.kind == kind
            ],
        }
        for kind in dict.fromkeys(item.kind for item in kinds)
    ]


def _counted(item: Download, site: dict[str, str]) -> str:
    """Return "one page", "56 cards"."""
    if item.kind == "anki":
        return site["one_card"] if item.amount == 1 else site["count_cards"].format(item.amount)
    return site["one_page"] if item.amount == 1 else site["count_pages"].format(item.amount)


def size_of(number: int) -> str:
    """Return a size as people say it: "3.4 MB", "160 kB"."""
    return f"{number / 1e6:.1f} MB" if number >= 1e6 else f"{max(number / 1e3, 1):.0f} kB"


def _pages(path: Path) -> int:
    with open_file(path) as pdf:
        return len(pdf.pages)
