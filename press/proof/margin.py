"""Proof of the margin column: its notes stay apart, on their page, and leave room for the pen.

Place in the flow: called by `proof` with the laid-out pages of the answers; lengths are CSS pixels.
"""

from typing import NamedTuple

from press.layout.patches import has_class
from press.proof.breaks import SLACK, found, items
from press.proof.findings import Finding

MM, POINT = 96 / 25.4, 96 / 72
TOP, LINE = 30 * MM, 13.6 * POINT
FOOT = TOP + 50 * LINE
MARGIN_WIDTH, MARGIN_LINES = 45 * MM, 50
NOTE_LEFT = {True: 22 * MM, False: 143 * MM}  # left edge of the margin column, by side
LEAST_FREE = 0.4
WIDE_LEFT = {True: 22 * MM, False: 24 * MM}  # left edge of the whole type area, by side
WIDE_WIDTH = 164 * MM


class Block(NamedTuple):
    """What stands in the margin: a note, or a wide block, which takes the column too."""

    item: object
    is_note: bool
    left: float
    top: float
    right: float
    bottom: float


def proof_margin(body):
    """Return (Findings, counts) of the margins of the answers' pages."""
    blocks = [block for sheet in body for block in _blocks(sheet)]
    taken = sum((block.bottom - block.top) / LINE for block in blocks)
    free = 1 - taken / (MARGIN_LINES * len(body))
    findings = [*out_of_place(blocks), *torn(blocks), *meeting(blocks)]
    if free < LEAST_FREE:
        fullest = sorted(body, key=lambda sheet: _taken(blocks, sheet), reverse=True)[:5]
        folios = ", ".join(sheet.folio for sheet in fullest)
        findings.append(
            Finding(
                "margin",
                folios,
                "margin",
                "",
                f"{free:.0%} of the margin is free over the book, at least {LEAST_FREE:.0%} is wanted",
            )
        )
    return findings, {
        "margin notes": sum(block.is_note for block in blocks),
        "wide blocks": sum(not block.is_note for block in blocks),
        "percent of the margin free": round(100 * free),
    }


def _taken(blocks, sheet):
    return sum(block.bottom - block.top for block in blocks if block.item.sheet == sheet)


def _blocks(sheet):
    for item in items(sheet):
        box = item.box
        if has_class(box, "note") and box.children:
            inside = box.children[0]  # the note itself has no height
            yield Block(
                item,
                True,
                box.border_box_x(),
                inside.position_y,
                box.border_box_x() + box.border_width(),
                inside.position_y + inside.margin_height(),
            )
        elif has_class(box, "wide") and item.note is None:
            yield Block(
                item,
                False,
                box.border_box_x(),
                box.border_box_y(),
                box.border_box_x() + box.border_width(),
                box.border_box_y() + box.border_height(),
            )


def note_boxes(sheet):
    """Return the rectangles of a page's notes in points, y downward: left, top, right, bottom."""
    return [tuple(side / POINT for side in block[2:]) for block in _blocks(sheet) if block.is_note]


def _name(block):
    if not block.is_note:
        return "the wide block"
    kinds = block.item.box.element.get("class").split()[1:]
    return f"the note {kinds[0]!r}" if kinds else "the note"


def out_of_place(blocks):
    """Find notes and wide blocks that do not stand where the page has their column."""
    for block in blocks:
        is_left = block.item.sheet.is_left
        left = NOTE_LEFT[is_left] if block.is_note else WIDE_LEFT[is_left]
        width = MARGIN_WIDTH if block.is_note else WIDE_WIDTH
        if abs(block.left - left) > SLACK or abs(block.right - left - width) > SLACK:
            away = (block.left - left) / MM
            yield found("margin", block.item, f"{_name(block)} stands {away:+.1f} mm beside its column")
        if block.top < TOP - SLACK or block.bottom > FOOT + SLACK:
            over = max(TOP - block.top, block.bottom - FOOT) / LINE
            yield found("margin", block.item, f"{_name(block)} leaves the page by {over:.1f} lines")


def torn(blocks):
    """Find notes that are on two pages."""
    first = {}
    for block in blocks:
        element = block.item.box.element
        before = first.setdefault(element, block)
        if before.item.sheet != block.item.sheet:
            folio = before.item.sheet.folio
            yield found("margin", block.item, f"{_name(block)} began on page {folio}")


def meeting(blocks):
    """Find notes that meet another note or a wide block."""
    for index, block in enumerate(blocks):
        for other in blocks[index + 1 :]:
            if block.item.sheet != other.item.sheet:
                continue
            over = min(block.bottom, other.bottom) - max(block.top, other.top)
            if over > SLACK and (block.is_note or other.is_note):
                yield found(
                    "margin",
                    other.item,
                    f"{_name(block)} and {_name(other)} meet: {over / LINE:.1f} lines lie on each other",
                )
