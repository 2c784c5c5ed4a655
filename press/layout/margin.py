"""The margin column: notes beside what they comment, wide blocks on the outer side.

Place in the flow: `engine` calls `place_margin` for every page when all are laid out. Margin notes are
floats of no height, laid out as on a right-hand page; here notes and wide blocks of left-hand pages
move to the outer side, and on all pages notes are stacked so that none meets another, a wide block,
or the foot of the page. Side heads are blocks of no height before their paragraphs, and stay level with
them; notes make way. All lengths are CSS pixels, as WeasyPrint's boxes have them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from weasyprint.document import Document
from weasyprint.formatting_structure import boxes

from press.layout.boxes import Box, descend, has_class
from press.page import PAGE, px

TOP, HEIGHT = PAGE.paper.top.px, PAGE.height.px  # the type area of every page
FOOT = TOP + HEIGHT
# The left edge of the margin column, by side of the page.
NOTE_LEFT = {True: PAGE.outer.px, False: PAGE.paper.inner.px + PAGE.column.px + PAGE.gutter.px}
WIDE_SHIFT = -PAGE.overhang.px  # of wide blocks on left-hand pages
NOTE_GAP = PAGE.note_gap.px


class Crowded(NamedTuple):
    """A page whose notes do not fit: its folio, what they need and what there is, in points."""

    folio: int
    needed: float
    available: float


def place_margin(page_box: Box, folio: int, is_left: bool) -> Crowded | None:
    """Move notes and wide blocks of one page to their places; return Crowded when the notes do not fit."""
    notes, wide, heads = [], [], []
    for parent in list(descend(page_box, lambda box: has_class(box, "note"))):
        beside = TOP
        for child in getattr(parent, "children", ()):
            if has_class(child, "note"):
                notes.append((child, beside))
            elif has_class(child, "side-head"):
                heads.append(child)
            elif has_class(child, "wide") and not has_class(parent, "wide"):
                wide.append(child)
                beside = child.border_box_y() + child.border_height()  # read after it, so below it
            elif child.is_in_normal_flow() and not isinstance(child, boxes.LineBox):
                beside = child.border_box_y()
    blocked = sorted(
        (box.border_box_y() - NOTE_GAP, box.border_box_y() + box.border_height() + NOTE_GAP) for box in wide
    )
    for head in heads:
        head.translate(NOTE_LEFT[is_left] - head.border_box_x(), PAGE.head_drop.px)
    blocked = sorted([*blocked, *((head.position_y - NOTE_GAP, foot_of(head) + NOTE_GAP) for head in heads)])
    heights = [note.children[0].margin_height() if note.children else 0 for note, _ in notes]
    # The head of an entry's notes has space of its own above it.
    above = [note.children[0].margin_top if note.children else 0 for note, _ in notes]
    wanted = [y + PAGE.note_drop.px - space for (_, y), space in zip(notes, above, strict=True)]
    placed = stack(wanted, heights, blocked)
    if is_left:
        for box in wide:
            box.translate(WIDE_SHIFT, 0)
    for (note, _), y in zip(notes, placed or [note.position_y for note, _ in notes], strict=True):
        note.translate(NOTE_LEFT[is_left] - note.border_box_x(), y - note.position_y)
    if placed is None:
        free = HEIGHT - sum(min(bottom, FOOT) - max(top, TOP) for top, bottom in blocked)
        return Crowded(folio, px(sum(heights) + NOTE_GAP * (len(heights) - 1)).pt, px(free).pt)
    return None


def foot_of(head: Box) -> float:
    """Return where the last line of a side head ends; the head itself has no height."""
    last = head.children[-1]
    return last.position_y + last.height


def stack(wanted: list[float], heights: list[float], blocked: list[tuple[float, float]]) -> list[float] | None:
    """Place notes in order: each as near below its wanted top as the others allow.

    `blocked` are (top, bottom) of what a note may not meet. Returns the tops, or None when there is
    no room.
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


@contextmanager
def notes_in_reading_order(document: Document) -> Iterator[None]:
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
