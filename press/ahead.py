"""Ahead of its time: what stands behind the answers is laid out and painted in a fork, beside the answers themselves.

Place in the flow: `pipeline` begins it before the answers are laid out, `laying` takes what comes of it. Of the
answers it needs the pages to refer to and the folio behind the last; these are guessed from the last layout of
the whole book. Nothing rests on the guess: when the answers are laid out, the HTML is composed from them, and
where it is not letter by letter what was begun with, the fork begins anew with it.
"""

from collections.abc import Iterator
from typing import NamedTuple

from press import laying
from press.aside import Aside
from press.documents import back, parts
from press.lastpass import LastPass
from press.layout import engine, slots
from press.layout.engine import Layout, Page
from press.layout.margin import Crowded
from press.layout.painting import AnchoredPage, PaintedPage
from press.pictures import vector
from press.text.html import Context


class Asked(NamedTuple):
    """What is laid out: all that the pages behind the answers depend on, beside the design."""

    html: str
    first_folio: int


class Standing(NamedTuple):
    """What is known as soon as they are laid out: the anchors of each page, notes that do not fit."""

    pages: list[AnchoredPage]
    crowded: list[Crowded]


class Ahead:
    """What stands behind the answers, on its way, and the answers as they are painted meanwhile."""

    def __init__(self, hands: Aside, context: Context, known: LastPass) -> None:
        self.hands, self.context, self.known = hands, context, known
        self.fonts = engine.fonts_of(laying.TEMPLATES)  # their files are the press's, not the fork's
        self.shown: dict[Page, tuple[PaintedPage, list[str]]] = {}
        self.asked: Asked | None = None
        if known.answers and known.behind:
            self._begin(self._ask(known.answers, min(known.behind.values())))

    def confirm(self, answers: Layout) -> None:
        """Begin anew where the answers, as they are laid out now, ask for other pages behind them."""
        asked = self._ask(back.anchor_places(answers), answers.end)
        if asked != self.asked:
            self.hands.stop()
            self._begin(asked)

    def paint(self, answers: Layout) -> None:
        """Paint the answers; the folios of what is behind them are those of the last layout."""
        pages, guessed = answers.document.pages, self.known.behind
        if guessed and not slots.outgrown(pages, guessed):
            slots.fill(pages, guessed)
            done = engine.paint(answers.document)
            self.shown = {page: (one, slots.shown(page)) for page, one in zip(pages, done, strict=True)}

    def standing(self, answers: Layout) -> Layout:
        """Return the layout of what is behind the answers, whose pages are not there yet.

        Until it is there, the pictures are read that painting will ask for.
        """
        vector.read(self.context.pages, self.context.typeset.lines, self.context.read)
        told: Standing = self.hands.result()
        assert self.asked
        return Layout(answers.document.copy(told.pages), self.asked.first_folio, 0, told.crowded)

    def painted(self) -> list[PaintedPage]:
        """Return the pages of what is behind the answers."""
        return self.hands.result()

    def kept(self, pages: list[Page]) -> list[Page | PaintedPage]:
        """Return the pages of a layout, in place of those that are painted with the right folios what was painted."""
        known = [self.shown.get(page, (page, None)) for page in pages]
        return [one if slots.shown(page) == folios else page for page, (one, folios) in zip(pages, known, strict=True)]

    def _ask(self, places: dict[str, int], first_folio: int) -> Asked:
        return Asked(parts.compose_parts(self.context, places, laying.TEMPLATES, first_folio), first_folio)

    def _begin(self, asked: Asked) -> None:
        self.asked = asked
        self.hands.start(lambda: self._make(asked))

    def _make(self, asked: Asked) -> Iterator[Standing | list[PaintedPage]]:
        laid_out = laying.go_on(self.context, asked.html, asked.first_folio, self.fonts, "parts.css")
        pages = laid_out.document.pages
        yield Standing([AnchoredPage(page.anchors) for page in pages], laid_out.crowded)
        slots.fill(pages, back.anchor_places(laid_out))
        yield engine.paint(laid_out.document)


def begin(hands: Aside, context: Context, known: LastPass) -> Ahead | None:
    """Begin with what a book has behind its answers; None where it has nothing there."""
    return Ahead(hands, context, known) if parts.has_parts(context.book) else None
