"""Lay out the HTML with WeasyPrint, bring each heading to its page, and place the margin notes.

Place in the flow: after `compose`, before `fit`, which measures the result, and `finish`, which
writes it. A heading carries the folio on which it has to begin, and margin notes are floats of no
height; what WeasyPrint has to do otherwise for both stands in `patches`. After the layout, on
WeasyPrint's own boxes, notes and wide blocks of left-hand pages move to the outer side, and on all
pages notes are stacked so that none meets another, a wide block, or the foot of the page.
"""

import logging
from contextlib import contextmanager
from typing import NamedTuple

import weasyprint
from weasyprint.document import Document, Page
from weasyprint.formatting_structure import boxes
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from press.layout.patches import has_class, patched
from press.page import PAGE, css, pt

# CSS pixels, as WeasyPrint measures.
POINT = pt(1).px
LINE = PAGE.line.px
TOP, HEIGHT = PAGE.paper.top.px, PAGE.height.px  # the type area of every page
FOOT = TOP + HEIGHT
# The left edge of the margin column, by side of the page.
NOTE_LEFT = {True: PAGE.outer.px, False: PAGE.paper.inner.px + PAGE.column.px + PAGE.gutter.px}
WIDE_SHIFT = -PAGE.overhang.px  # of wide blocks on left-hand pages
NOTE_GAP = PAGE.note_gap.px

# Warnings of WeasyPrint 70.0 that are known and harmless: message prefix, reason.
KNOWN_WARNINGS = ()


class RendererError(Exception):
    """WeasyPrint warned of something that is not on the list; carries the messages."""


class Layout(NamedTuple):
    """A laid-out document and what the measuring stages need of it."""

    document: Document
    first_folio: int
    front_pages: int
    crowded: list  # (folio, needed, available) in points: notes that do not fit on a page

    @property
    def body(self):
        """The pages of the answers, in order."""
        return self.document.pages[self.front_pages :]


class Fetcher(URLFetcher):
    """Give WeasyPrint the files of the templates folder and nothing else, no network."""

    def __init__(self, templates):
        super().__init__(allowed_protocols=["file"])
        self.root = templates.resolve().as_uri()

    def fetch(self, url, headers=None):
        """Fetch a file of the design; anything else is refused."""
        if not url.startswith(self.root):
            raise ValueError(f"{url} is outside the templates folder")
        return super().fetch(url, headers)


def lay_out(html, templates, pictures, first_folio, front_pages, stylesheets=("fonts.css", "book.css"), fonts=None):
    """Lay out HTML; `pictures` maps "vector:..." to VectorPages, `fonts` shares a FontConfiguration."""
    fonts = fonts or FontConfiguration()
    fetcher = Fetcher(templates)
    with renderer_messages(), patched(first_folio - front_pages - 1):
        sheets = [weasyprint.CSS(string=css(), font_config=fonts, url_fetcher=fetcher)]
        sheets += [weasyprint.CSS(templates / name, font_config=fonts, url_fetcher=fetcher) for name in stylesheets]
        document = weasyprint.HTML(string=html, base_url=templates.as_uri() + "/", url_fetcher=fetcher).render(
            stylesheets=sheets, cache=dict(pictures), font_config=fonts
        )
    crowded = []
    for index, page in enumerate(document.pages):
        needed = place_margin(page._page_box, is_left=index % 2 == 1)
        if needed:
            crowded.append((index - front_pages + first_folio, *needed))
        document.pages[index] = Page(page._page_box)  # gathers links and anchors anew
    return Layout(document, first_folio, front_pages, crowded)


class _Collector(logging.Handler):
    """Keep what is logged as a warning or worse."""

    def __init__(self, messages):
        super().__init__(logging.WARNING)
        self.messages = messages

    def emit(self, record):
        """Keep the message."""
        self.messages.append(record.getMessage())


@contextmanager
def renderer_messages():
    """Collect what WeasyPrint logs, and raise RendererError for all that is not known."""
    messages = []
    handler = _Collector(messages)
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield messages
    finally:
        logger.removeHandler(handler)
    unknown = [message for message in messages if not any(message.startswith(known) for known, _ in KNOWN_WARNINGS)]
    if unknown:
        raise RendererError("\n".join(dict.fromkeys(unknown)))


@contextmanager
def notes_in_reading_order(document):
    """Let notes be painted where they stand in the text: floats are painted before all of it.

    Readers that know no tags, and search, then meet each note after its paragraph.
    """
    notes = [box for page in document.pages for box in descend(page._page_box) if has_class(box, "note")]
    for note in notes:
        note.style["float"] = "none"
    try:
        yield
    finally:
        for note in notes:
            note.style["float"] = "right"


def descend(box, stop=lambda box: False):
    """Yield a box and what is in it, in order; the inside of a box that `stop` accepts is left out."""
    yield box
    if not stop(box):
        for child in getattr(box, "children", ()):
            yield from descend(child, stop)


def place_margin(page_box, is_left):
    """Move notes and wide blocks of one page to their places.

    Returns None, or (needed, available) in points when the notes do not fit.
    """
    notes, wide = [], []
    for parent in list(descend(page_box, lambda box: has_class(box, "note"))):
        beside = TOP
        for child in getattr(parent, "children", ()):
            if has_class(child, "note"):
                notes.append((child, beside))
            elif has_class(child, "wide") and not has_class(parent, "wide"):
                wide.append(child)
                beside = child.border_box_y() + child.border_height()  # read after it, so below it
            elif child.is_in_normal_flow() and not isinstance(child, boxes.LineBox):
                beside = child.border_box_y()
    blocked = sorted(
        (box.border_box_y() - NOTE_GAP, box.border_box_y() + box.border_height() + NOTE_GAP) for box in wide
    )
    heights = [note.children[0].margin_height() if note.children else 0 for note, _ in notes]
    wanted = [y + PAGE.note_drop.px for _, y in notes]
    placed = stack(wanted, heights, blocked)
    if is_left:
        for box in wide:
            box.translate(WIDE_SHIFT, 0)
    for (note, _), y in zip(notes, placed or [note.position_y for note, _ in notes], strict=True):
        note.translate(NOTE_LEFT[is_left] - note.border_box_x(), y - note.position_y)
    if placed is None:
        free = HEIGHT - sum(min(bottom, FOOT) - max(top, TOP) for top, bottom in blocked)
        return (sum(heights) + NOTE_GAP * (len(heights) - 1)) / POINT, free / POINT
    return None


def stack(wanted, heights, blocked):
    """Place notes in order: each as near below its wanted top as the others allow.

    All in CSS pixels; `blocked` are (top, bottom) of what a note may not meet. Returns the tops, or
    None when there is no room.
    """
    latest, floor = [], FOOT
    for height in reversed(heights):
        top = floor - height
        for upper, lower in reversed(blocked):
            if top < lower and top + height > upper:
                top = upper - height
        latest.append(top)
        floor = top - NOTE_GAP
    latest.reverse()
    if latest and latest[0] < TOP - 1:
        return None
    placed, ceiling = [], TOP
    for want, height, last in zip(wanted, heights, latest, strict=True):
        top = max(want, ceiling)
        for upper, lower in blocked:
            if top < lower and top + height > upper:
                top = lower
        placed.append(min(top, last))
        ceiling = placed[-1] + height + NOTE_GAP
    return placed
