"""The proof of distances: a drawing that is not cut to its ink, a caption too far, a table too near, each found."""

import numpy as np
import pytest

from press import pipeline
from press.layout import engine as layout
from press.layout.boxes import read_pages
from press.pictures.vector import VectorPage
from press.proof.distances import PIXEL, from_ink, low_tops, uneven_blocks

PICTURES = {"vector:drawn": VectorPage("drawn", 200, 60)}
DRAWN = '<img class="drawing" src="vector:drawn">'
FIGURE = f'<figure class="figure column">{DRAWN}<figcaption>Figure 1 A.</figcaption></figure>'
TABLE = "<table><caption>Table 1</caption><thead><tr><th>A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>"
TEXT = "<p>A line of text.</p>"


@pytest.fixture(scope="module")
def fonts():
    """One set of fonts for all layouts."""
    return layout.FontConfiguration()


@pytest.fixture
def page(fonts):
    """Return a function that lays out the body of one entry and returns a LaidPage of it."""

    def lay_out(body, style="", number=0):
        html = (
            f'<!DOCTYPE html><html lang="en-US"><title>T</title><style>{style}</style>'
            f'<main><article class="entry" data-entry="1.1">{TEXT}{body}{TEXT}</article></main></html>'
        )
        laid_out = layout.lay_out(html, pipeline.TEMPLATES, PICTURES, 10, 0, fonts=fonts)
        return read_pages(laid_out.document.pages, lambda index: str(10 + index))[number]

    return lay_out


def painted(page, short=0.0):
    """Return a picture of a page with the ink of its drawing, `short` of its lower edge, and of its caption."""
    picture = np.full((1170, 827, 3), 255, dtype=np.uint8)
    drawing = next(line for line in page.lines if line.is_picture)
    caption = next(line for line in page.lines if line.block.tag == "figcaption")
    left = int(drawing.left / PIXEL)
    picture[int(drawing.top / PIXEL) : int((drawing.bottom - short) / PIXEL), left : left + 200] = 0
    picture[int((caption.top + 2.5) / PIXEL) : int((caption.top + 8) / PIXEL), left : left + 40] = 0
    return picture


def test_the_ink_of_a_drawing_is_at_one_distance_from_its_caption(page):
    good = page(FIGURE)
    assert not list(from_ink(painted(good), good))
    assert [finding.what for finding in from_ink(painted(good, short=4), good)] == [
        "10.8 pt are between a drawing and its caption, 7 are wanted"
    ]
    far = page(FIGURE, "figcaption { margin-top: 9pt !important }")
    assert len(list(from_ink(painted(far), far))) == 1


@pytest.mark.parametrize(
    ("style", "what"),
    [
        ("caption { padding-bottom: 8pt !important }", "a table's caption and the table's head"),
        ("table { margin-top: 4pt !important }", "a text and a table's caption"),
        ("figure { margin-top: 4pt !important }", "a text and a drawing"),
        ("figure { margin-bottom: 2pt !important }", "a figure's caption and a text"),
        ("table { margin-bottom: 2pt !important }", "a table and a text"),
    ],
)
def test_blocks_keep_the_distance_of_their_kinds(page, style, what):
    body = f"{FIGURE}{TEXT}{TABLE}"
    assert not list(uneven_blocks(page(body)))
    found = [finding.what for finding in uneven_blocks(page(body, style))]
    assert any(f"between {what}," in each for each in found), found


def test_a_caption_below_and_a_caption_above_are_not_one_text(page):
    together = f'{FIGURE}<div class="table-block">{TABLE}</div>'
    assert not list(uneven_blocks(page(together)))
    assert list(uneven_blocks(page(together, ".table-block table { margin-top: 5pt !important }")))


@pytest.mark.parametrize(
    "block", [FIGURE, f'<div class="table-block">{TABLE}</div>', f'<div class="example">{TEXT}</div>']
)
def test_what_opens_a_page_has_nothing_above_it(page, block):
    """A paragraph fills the first page; the block is the first of the second."""
    filling = '<div style="height: 660pt"></div>'
    assert not list(low_tops(page(f"{filling}{block}", number=1)))
    kept = ".entry > figure, .table-block, .example { padding-top: 14pt !important }"
    assert len(list(low_tops(page(f"{filling}{block}", kept, number=1)))) == 1
