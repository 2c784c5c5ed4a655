"""Ahead of its time: what stands behind the answers is laid out and painted in a fork, beside the answers themselves.

Place in the flow: `pipeline` begins it before the answers are laid out, `laying` takes what comes of it. Of the
answers it needs the folio of each anchor and the folio behind the last; these are guessed from the last layout of
the whole book. Nothing rests on the guess: when the answers are laid out, and one of them is another, the fork
begins anew.
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
    """All that the pages behind the answers depend on, beside the texts and the design."""

    places: dict[str, int]
    end: int


class Standing(NamedTuple):
    """What is known of a part as soon as it is laid out: its pages, notes that do not fit."""

    pages: list[AnchoredPage]
    first_folio: int
    crowded: list[Crowded]


class Ahead:
    """What stands behind the answers, on its way, and the answers as they are painted meanwhile."""

    def __init__(self, hands: Aside, context: Context, known: LastPass) -> None:
        self.hands, self.context, self.known = hands, context, known
        self.fonts = engine.fonts_of(laying.TEMPLATES)  # their files are the press's, not the fork's
        self.shown: dict[Page, tuple[PaintedPage, list[str]]] = {}
        self.asked: Asked | None = None
        if known.answers and known.behind:
            self._begin(Asked(known.answers, min(known.behind.values())))

    def confirm(self, answers: Layout) -> None:
        """Begin anew where the answers, as they are laid out now, ask for other pages behind them."""
        asked = Asked(back.anchor_places(answers), answers.end)
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

    def standing(self, answers: Layout) -> list[Layout | None]:
        """Return the layouts of the parts and of the back matter, whose pages are not there yet.

        Until they are laid out, the pictures are read that painting will ask for.
        """
        vector.read(self.context.pages, self.context.typeset.lines, self.context.read)
        found: list[Standing | None] = self.hands.result()
        return [told and Layout(answers.document.copy(told.pages), told.first_folio, 0, told.crowded) for told in found]

    def painted(self) -> list[list[PaintedPage]]:
        """Return the pages of each of them."""
        return self.hands.result()

    def kept(self, pages: list[Page]) -> list[Page | PaintedPage]:
        """Return the pages of a layout, in place of those that are painted with the right folios what was painted."""
        known = [self.shown.get(page, (page, None)) for page in pages]
        return [one if slots.shown(page) == folios else page for page, (one, folios) in zip(pages, known, strict=True)]

    def _begin(self, asked: Asked) -> None:
        self.asked = asked
        self.hands.start(lambda: self._make(asked))

    def _make(self, asked: Asked) -> Iterator[list]:
        """Lay out and paint; what quotes the pages of the parts is laid out while another fork paints them."""
        behind = laying.lay_out_parts(self.context, *asked, self.fonts)
        pages, places = behind.document.pages, asked.places | back.anchor_places(behind)
        slots.fill(pages, places)
        before = behind.document.copy(pages[:-1])  # what quotes them may begin on the last
        with Aside() as painter:
            painter.start(lambda: engine.paint(before))
            last = laying.lay_out_back(self.context, *asked, behind, self.fonts)
            yield [layout and _noted(layout) for layout in (behind, last)]
            rest = [behind.document.copy(pages[-1:]), *([last.document] if last else [])]
            places = asked.places | (back.anchor_places(last) if last else {}) | back.anchor_places(behind)
            for document in rest:
                slots.fill(document.pages, places)
            end, *quoting = [engine.paint(document) for document in rest]
            yield [[*painter.result(), *end], *quoting]


def _noted(layout: Layout) -> Standing:
    pages = [AnchoredPage(page.anchors) for page in layout.document.pages]
    return Standing(pages, layout.first_folio, layout.crowded)


def begin(hands: Aside, context: Context, known: LastPass) -> Ahead | None:
    """Begin with what a book has behind the answers; None where it has no parts there."""
    return Ahead(hands, context, known) if parts.has_parts(context.book) else None
