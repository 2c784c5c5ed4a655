"""Drawings cut to their ink, so that one distance on the page is one distance to the eye.

Place in the flow: under `figures`, which hands drawings on as pages. What a drawing leaves free at the
edges of its sheet differs from drawing to drawing; between text, ink and caption the style sheet alone
says how much there is. A drawing wider than the type area is a ground that bleeds, and stays whole.
"""

from pathlib import Path

import pikepdf
import pypdfium2

from press import remembered
from press.page import PAGE

FINENESS = 4  # dots to a point: ink is found to a quarter of a point
BEYOND = 36  # points around the sheet that are looked at too
PAPER_WHITE = 250  # of 255: what is lighter is no ink
Box = tuple[float, float, float, float]


def ink(drawn: bytes, digest: str, kept: Path) -> Box:
    """Return left, bottom, right, top of what a drawing paints, in points; `kept` holds it from build to build."""
    known = remembered.recall(kept)
    if known is None or known["digest"] != digest:
        known = {"digest": digest, "ink": _painted(drawn)}
        remembered.store(kept, known)
    return tuple(known["ink"])


def _painted(drawn: bytes) -> Box:
    """Return the rectangle of a drawing's ink, which may leave its sheet; the sheet where there is none."""
    document = pypdfium2.PdfDocument(drawn)
    try:
        width, height = document[0].get_size()
        document[0].set_mediabox(-BEYOND, -BEYOND, width + BEYOND, height + BEYOND)
        image = document[0].render(scale=FINENESS, grayscale=True).to_pil()
    finally:
        document.close()
    box = image.point(lambda grey: 255 if grey < PAPER_WHITE else 0).getbbox()
    if box is None:
        return 0.0, 0.0, width, height
    left, top, right, bottom = (dots / FINENESS - BEYOND for dots in box)
    return left, height - bottom, right, height - top


def crop(page: pikepdf.Page, box: Box) -> None:
    """Cut a page to a rectangle whose lower left corner becomes its origin."""
    left, bottom, right, top = box
    page.contents_add(b"q 1 0 0 1 %.3f %.3f cm" % (-left, -bottom), prepend=True)
    page.contents_add(b"Q")
    page.mediabox = pikepdf.Array([0, 0, round(right - left, 3), round(top - bottom, 3)])


def bleeds(width: float) -> bool:
    """Say whether a drawing of that width, in points, is wider than the type area."""
    return width > PAGE.wide.pt + 1
