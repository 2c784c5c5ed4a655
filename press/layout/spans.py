"""Copyfit: measure the layout against the source's pages.

Place in the flow: after `layout`. `measure` says for each span of pages (from the page where an
entry begins to the page before the next one) how many lines it has and uses, what runs over, and
which heading lands late; the commands `book` and `fit` print the same figures.

Fill of a span = height of the text column from its first line (after what runs over from the span
before) to the bottom of its last line or figure on its own pages, divided by what was there.
"""

import math
from typing import NamedTuple

from press.content.tree import Book, Entry
from press.layout.boxes import Page, descend, has_class, parts
from press.layout.engine import Layout
from press.page import PAGE
from press.problems import Problems

LINE = PAGE.line.pt
TOP, HEIGHT = PAGE.paper.top.pt, PAGE.height.pt
FOOT = TOP + HEIGHT
LEAST_GRID = 6  # lines that have to be free before a dot grid is drawn


class Fragment(NamedTuple):
    """What an entry has on one page: folio, top of its head or rest, bottom, in points."""

    number: str
    folio: int
    top: float
    bottom: float


class Span(NamedTuple):
    """A span of pages. Lines are lines of text (13.6 pt), with one decimal of meaning."""

    numbers: tuple
    first: int
    last: int | None  # None: the last span, without an upper limit
    there: float
    used: float  # on its own pages
    long: float  # as long as its text is, wherever it lands
    over: float  # lines that run over onto the page of the next span
    late: tuple  # (entry number, folio where it begins, lines to cut), for each late heading
    written: bool

    @property
    def fill(self) -> float:
        """Share of the lines there are that is used, 0 to 1."""
        return self.used / self.there if self.there else 0.0

    @property
    def pages(self) -> str:
        """The span's pages as text."""
        return f"{self.first}" if self.last == self.first else f"{self.first}–{self.last or 'on'}"


def margin_taken(page: Page) -> float:
    """Return which share of the margin of a page its notes take; wide blocks take none of it."""
    notes = [box for box in descend(page._page_box) if has_class(box, "note") and box.children]
    return sum(note.children[0].margin_height() for note in notes) / PAGE.height.px


def fragments(layout: Layout) -> list[Fragment]:
    """Return the Fragments of all entries, in order."""
    return [
        Fragment(part.number, layout.first_folio + index, part.top, part.bottom)
        for index, page in enumerate(layout.body)
        for part in parts(page)
    ]


def measure(book: Book, layout: Layout) -> list[Span]:
    """Return the Spans of the book, in order; those of which nothing is laid out are left out."""
    pieces = fragments(layout)
    begins: dict[str, Fragment] = {}
    for piece in pieces:
        begins.setdefault(piece.number, piece)
    starts = list(dict.fromkeys(entry.node.page for entry in book.entries))
    spans = []
    for first, following in zip(starts, [*starts[1:], None], strict=True):
        entries = [entry for entry in book.entries if entry.node.page == first]
        if all(entry.number in begins for entry in entries):
            spans.append(_span(entries, first, following, begins, pieces))
    return spans


def _span(
    entries: list[Entry], first: int, following: int | None, begins: dict[str, Fragment], pieces: list[Fragment]
) -> Span:
    """Return the span of the entries that begin on a page; `following` is the first page of the next one."""
    own = [piece for piece in pieces if piece.number in {entry.number for entry in entries}]
    late = tuple(
        (entry.number, begins[entry.number].folio, _lines_late(begins[entry.number], first, pieces))
        for entry in entries
        if begins[entry.number].folio > first
    )
    start = own[0].top - TOP if own[0].folio == first else 0.0
    last = following - 1 if following else own[-1].folio
    end = max(
        ((piece.folio - first) * HEIGHT + piece.bottom - TOP for piece in own if first <= piece.folio <= last),
        default=start,
    )
    there = (last - first + 1) * HEIGHT - start
    over = sum(piece.bottom - piece.top for piece in own if piece.folio > last)
    used = there if over else end - start
    long = sum(piece.bottom - piece.top for piece in own) if over or late else used
    return Span(
        tuple(entry.number for entry in entries),
        first,
        last if following else None,
        there / LINE,
        used / LINE,
        long / LINE,
        over / LINE,
        late,
        all(entry.is_written for entry in entries),
    )


def _lines_late(begin: Fragment, page: int, pieces: list[Fragment]) -> int:
    """Return how many lines have to go so that a heading finds room at the foot of its page.

    A heading needs its own lines and the first two below it.
    """
    before = [piece for piece in pieces if piece.folio == page]
    room = (FOOT - before[-1].bottom) / LINE if before else 0
    full_pages = max(begin.folio - page - 1, 0) * PAGE.lines
    above = (begin.top - TOP) / LINE
    return max(1, math.ceil(full_pages + above + 6 - max(room, 0)))


def grids(layout: Layout) -> dict[int, tuple[float, float]]:
    """Return {folio: (top, bottom)} in points of what is free for the dot grid on each page.

    Only below the end of an answer, and only where at least six lines are free; pages behind the
    last answer stay blank.
    """
    pieces = fragments(layout)
    ends = {}
    for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
        goes_on = following is not None and following.number == piece.number
        ends[piece.folio] = FOOT if goes_on else piece.bottom
    free = {}
    for folio in range(layout.first_folio, pieces[-1].folio + 1):
        top = ends.get(folio, TOP - LINE) + LINE
        if FOOT - top >= LEAST_GRID * LINE:
            free[folio] = top, FOOT
    return free


def faults(spans: list[Span], book: Book, problems: Problems) -> None:
    """Report the first late heading: which answer is too long, by how many lines, since when text runs over."""
    order = [entry.number for entry in book.entries]
    entries = {entry.number: entry for entry in book.entries}
    for position, span in enumerate(spans):
        for number, folio, lines in span.late:
            before = entries[order[order.index(number) - 1]] if order.index(number) else entries[number]
            start = position
            while start and spans[start - 1].over:
                start -= 1
            since = f": text has run over since page {spans[start].first}" if start < position - 1 else ""
            problems.add(
                before.place("answer"),
                f"{number} begins on page {folio} instead of {span.first}: {before.number} is too long",
                f"cut about {lines} lines from {before.number}, or from what stands before it{since}",
            )
            return  # what comes later is late because of this one
