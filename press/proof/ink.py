"""Proof for the print shop: page boxes, free edges, hairlines, and text readable in grey.

Place in the flow: called by `proof` with a finished PDF; pages are rendered by pdfium, and what is
measured is what the rendering shows. Lengths are points unless a name says otherwise.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from press.proof.findings import Finding
from press.proof.rules import DOTS, FinishedFile, FinishedPage, rule


class Sheet(NamedTuple):
    """A paper as it can be bought, and the margins above and inside, in mm."""

    width: float
    height: float
    top: float
    inner: float


PAPERS = {"a4": Sheet(210.0, 297.0, 30.0, 24.0), "letter": Sheet(215.9, 279.4, 22.0, 27.0)}
PT_PER_MM = 72 / 25.4
PIXEL = 72 / DOTS
TYPE_AREA = (164.0, 239.9)  # mm
HEAD = 13.0  # mm above the type area where the running head begins
TOLERANCE = 0.6  # mm; a descender or the round of an o may reach out as far
FREE_EDGE = 5.0  # mm of a sheet that a home printer may not reach
WHITE = 246  # of 255; what is darker is ink
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
THINNEST = 0.25
BOXES = ("/MediaBox", "/TrimBox", "/BleedBox", "/CropBox")


@rule
def boxes(file: FinishedFile):
    """Find pages whose boxes are not the paper's."""
    return proof_boxes(file.pdf, file.key.paper, file.name)


@rule
def ink(page: FinishedPage):
    """Find ink where none may be; the ground of the cover bleeds."""
    if page.file.is_book and page.index == 0:
        return []
    mask = allowed(page.picture.shape, page.index, page.file.key.paper, page.file.is_book)
    return ink_outside(page.picture, mask, page.finding)


@rule
def ground(page: FinishedPage):
    """Find words that are faint on their ground, and lines too thin to print; the papers have the same content."""
    if page.file.is_first:
        page.file.whole.looked["words on their ground"] += len(page.words)
        yield from faint(page.picture, page.words, page.finding)
        yield from hairlines(page.marks, page.upward)


def proof_boxes(pdf, paper, name):
    """Find pages whose boxes are not the paper's: all four boxes are the sheet."""
    wanted = PAPERS[paper]
    for index, page in enumerate(pdf.pages):
        for box in BOXES:
            left, bottom, right, top = map(float, page.obj.get(box, (0, 0, 0, 0)))
            width, height = (right - left) / PT_PER_MM, (top - bottom) / PT_PER_MM
            if abs(width - wanted.width) > 0.02 or abs(height - wanted.height) > 0.02:
                yield Finding(
                    "box",
                    f"{name} page {index + 1}",
                    box[1:],
                    "",
                    f"{width:.1f} x {height:.1f} mm instead of {wanted.width} x {wanted.height}",
                )


def allowed(shape, index, paper, is_book):
    """Return a mask of a rendered page, True where there may be ink."""
    mask, pixels = np.zeros(shape[:2], dtype=bool), DOTS / 25.4
    if not is_book:
        edge = int(FREE_EDGE * pixels)  # a line to cut along may stand on it
        mask[edge:-edge, edge:-edge] = True
        return mask
    sheet = PAPERS[paper]
    left = sheet.inner if index % 2 == 0 else sheet.width - sheet.inner - TYPE_AREA[0]
    rows = slice(int((sheet.top - HEAD) * pixels), int((sheet.top + TYPE_AREA[1] + TOLERANCE) * pixels) + 1)
    columns = slice(int((left - TOLERANCE) * pixels), int((left + TYPE_AREA[0] + TOLERANCE) * pixels) + 1)
    mask[rows, columns] = True
    return mask


def ink_outside(picture, mask, finding):
    """Find ink where there should be none; `finding` takes a rule, what is wrong, and a height."""
    darkest = np.minimum(np.minimum(picture[:, :, 0], picture[:, :, 1]), picture[:, :, 2])
    outside = (darkest < WHITE) & ~mask
    if outside.any():
        rows, columns = np.nonzero(outside)
        mm = 25.4 / DOTS
        across = f"{columns.min() * mm:.0f}-{columns.max() * mm:.0f} mm from the left"
        down = f"{rows.min() * mm:.0f}-{rows.max() * mm:.0f} mm from the top"
        yield finding("ink", f"{len(rows)} dots of ink outside the type area, {across}, {down}", rows.min() * PIXEL)


def faint(picture, found, finding):
    """Find words whose contrast with their ground is below 4.5:1, in color or printed in grey."""
    red, green, blue = (picture[:, :, part].astype(np.int32) for part in range(3))
    shades = (red << 16) + (green << 8) + blue
    for word in found:
        rows = slice(max(int(word.top / PIXEL), 0), int(word.bottom / PIXEL) + 1)
        # A dot more on both sides: a thin bar may leave no clear ground between its own edges.
        columns = slice(max(int(word.left / PIXEL) - 1, 0), int(word.right / PIXEL) + 2)
        ground = _ground(shades[rows, columns], word.color)
        ratio = readable(word.color, ground)
        if ratio < LEAST_CONTRAST:
            yield finding(
                "contrast",
                f"{word.text[:30]!r} in {_hex(word.color)} on {_hex(ground)}: "
                f"{ratio:.1f}:1, at least {LEAST_CONTRAST}:1 is needed",
                word.top,
            )


def _ground(shades, ink):
    """Return the color that most of a crop has besides the ink, or the ink if there is none."""
    numbers, counts = np.unique(shades, return_counts=True)
    for position in counts.argsort()[::-1]:
        number = int(numbers[position])
        color = number >> 16, number >> 8 & 255, number & 255
        if max(abs(one - other) for one, other in zip(color, ink, strict=True)) > 12:
            return color
    return ink


@cache
def readable(one, other):
    """Return the contrast of two colors, in color or in grey, whichever is less."""
    return min(contrast(one, other), contrast(_grey(one), _grey(other)))


def contrast(one, other):
    """Return the contrast of two colors, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color):
    parts = [part / 255 for part in color]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _grey(color):
    """Return the grey as which a color is printed in black and white (ITU-R BT.601)."""
    red, green, blue = color
    return (round(0.299 * red + 0.587 * green + 0.114 * blue),) * 3


def _hex(color):
    return "#" + "".join(f"{part:02x}" for part in color)


def hairlines(marks, finding):
    """Find strokes thinner than a quarter of a point in Marks, once for each drawing and width."""
    told = set()
    for mark in marks:
        if mark.kind == "stroke" and mark.width < THINNEST - 0.001:
            name = f" in {mark.forms[0][1:]}" if mark.forms else ""
            what = f"a line{name} is {mark.width:.2f} pt thin, at least {THINNEST} pt is needed"
            if what not in told:
                told.add(what)
                yield finding("hairline", what, mark.box[3])
