"""Proof of distances: one between a drawing's ink and its caption, one for each relation of blocks.

Place in the flow: called by `proof` with the laid-out pages (`layout.boxes`), and with the finished pages
of the first paper as pictures, where ink is seen. Lengths are points. What opens a page has nothing above.
"""

from collections.abc import Iterator
from itertools import pairwise, takewhile

import numpy as np

from press.layout.laid import LaidPage, Line
from press.proof.breaks import found
from press.proof.findings import Finding
from press.proof.rules import DOTS, TOP, FinishedPage, Whole, rule

PIXEL = 72 / DOTS
WHITE = 246  # of 255; what is darker is ink
FROM_INK = 7.0  # from the lowest ink of a drawing to the capitals of its caption
LABEL = 24.0  # the width of "Figure", with which a caption begins
COARSE = 1.5  # of ink, seen at 100 dots an inch
CLOSE = 0.6
GROUND = 10.5  # the most that stays free: a ground around its text, and a drawing above its ticks
# (what stands above, what below): the least and the greatest distance of their boxes. Blocks that
# make way for a note may be farther from what stands above them; `gap` has an eye on it.
RELATIONS = {
    ("caption", "th"): (5.6, 5.6),
    ("text", "drawing"): (10.0, None),
    ("text", "caption"): (9.5, None),
    ("figcaption", "text"): (8.0, None),
    ("figcaption", "caption"): (14.0, None),
    ("td", "text"): (8.0, None),
}


@rule
def captions(page: FinishedPage):
    """Find a drawing whose ink is not at the one distance from its caption."""
    if page.file.is_book and page.file.is_first:
        yield from from_ink(page.picture, page.file.whole.pages[page.index])


@rule
def distances(whole: Whole):
    """Find blocks that are not as far from each other as others of their kinds."""
    for page in whole.pages:
        yield from uneven_blocks(page)
    for page in whole.body:
        yield from low_tops(page)


def from_ink(picture, page: LaidPage) -> Iterator[Finding]:
    """Find drawings too near to their captions or too far, in a picture of the page."""
    dark = picture.min(axis=2) < WHITE
    for drawing, caption in pairwise(page.lines):
        if not (drawing.is_block and drawing.is_picture) or _kind(caption) != "figcaption":
            continue
        top, between, bottom = (int(y / PIXEL) for y in (drawing.top, caption.top, caption.bottom))
        left, right, label = (int(x / PIXEL) for x in (drawing.left, drawing.end, drawing.left + LABEL))
        above = np.flatnonzero(dark[top:between, left : right + 1].any(axis=1))
        below = np.flatnonzero(dark[between:bottom, left:label].any(axis=1))
        if not len(above) or not len(below):
            continue
        distance = (between + below[0] - top - above[-1] - 1) * PIXEL
        if abs(distance - FROM_INK) > COARSE:
            what = f"{distance:.1f} pt are between a drawing and its caption, {FROM_INK:g} are wanted"
            yield found("distance", caption.where, what)


def uneven_blocks(page: LaidPage) -> Iterator[Finding]:
    """Find blocks of a page's column that are nearer than their relation has it, or farther."""
    lines = [line for line in page.lines if not line.where.in_note and _kind(line)]
    for index, (above, below) in enumerate(pairwise(lines), start=1):
        relation = _kind(above), _kind(below)
        if relation not in RELATIONS or above.where.entry != below.where.entry or below.top < above.top:
            continue
        least, most = RELATIONS[relation]
        distance = min(line.top for line in _alike(lines[index:])) - above.bottom
        if distance < least - CLOSE or most is not None and distance > most + CLOSE:
            what = f"{distance:.1f} pt are between {NAMES[relation[0]]} and {NAMES[relation[1]]}, {least:g} are wanted"
            yield found("distance", below.where, what)


def low_tops(page: LaidPage) -> Iterator[Finding]:
    """Find a page whose first block keeps above itself what it keeps inside a page."""
    first = min((line for line in page.lines if not line.where.in_note), key=lambda line: line.top, default=None)
    if first is not None and first.top > TOP + GROUND:
        yield found("distance", first.where, f"{first.top - TOP:.1f} pt are free above what opens the page")


NAMES = {
    "text": "a text",
    "drawing": "a drawing",
    "figcaption": "a figure's caption",
    "caption": "a table's caption",
    "th": "the table's head",
    "td": "a table",
}


def _kind(line: Line) -> str:
    """Return what a line is of: text, drawing, or the tag of its block; "" where nobody asks for it."""
    if line.block is None or line.block.is_in_line:
        return ""
    if line.is_picture:
        return "drawing" if line.is_block and line.block.tag == "figure" else ""
    tag = "th" if "spanner" in line.block.classes else line.block.tag
    return "text" if tag in ("p", "li") else tag if tag in NAMES else ""


def _alike(lines):
    """Return the first lines of one kind: a block's own, in several columns where it is a table."""
    kind = _kind(lines[0])
    return takewhile(lambda line: _kind(line) == kind, lines)
