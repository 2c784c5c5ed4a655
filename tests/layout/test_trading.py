"""Figures and tables behind the answers let text go before them where a foot would stay empty."""

import pytest

from press import pipeline
from press.layout import engine
from press.layout.boxes import read_pages
from press.proof.breaks import FOOT, LINE

SENTENCE = "Numbers are counted one after the other until the line is full. "
TABLE = '<div class="table-block"><table><tbody>' + "<tr><td>cell</td></tr>" * 12 + "</tbody></table></div>"
HEAD = '<h3 class="side-head">A head</h3>'
EQUATION = '<div class="equation">formula</div>'


def low_feet(pages):
    """Return the folios of the pages, but for the last, with more than four lines free at the foot."""
    lowest = {page.folio: max(line.bottom for line in page.lines) for page in pages[:-1]}
    return [folio for folio, bottom in lowest.items() if FOOT - bottom > 4 * LINE]


@pytest.fixture
def told():
    """Return a function that lays out a passage below so many lines; it tells what stands where, and low feet."""

    def lay_out(body, lines=42, kind="passage"):
        html = (
            '<!DOCTYPE html><html lang="en-US"><title>Tiny</title><main>'
            f'<article class="{kind}"><p>Before.</p><div style="height: {13.6 * (lines - 1)}pt"></div>{body}'
            "</article></main></html>"
        )
        laid_out = engine.lay_out(html, pipeline.TEMPLATES, {}, 10, 0, (*engine.BOOK_STYLES, "parts.css"))
        pages = read_pages(laid_out.document.pages, lambda index: str(10 + index))
        words = [(line.where.folio, line.text.split()[0]) for page in pages for line in page.lines if line.text.strip()]
        return list(dict.fromkeys(words)), low_feet(pages)

    return lay_out


def paragraph(word, sentences=5):
    return f"<p>{word}{' ' + SENTENCE * sentences if sentences else ''}</p>"


def test_text_goes_before_a_table_that_does_not_fit(told):
    words, feet = told(f"{TABLE}{paragraph('One', 8)}{paragraph('Two')}")
    order = [word for word in words if word[1] in ("One", "cell", "Two")]
    assert order == [("10", "One"), ("11", "cell"), ("11", "Two")] and not feet


def test_a_paragraph_takes_its_head_and_its_formulas_with_it(told):
    words, feet = told(f"{TABLE}{HEAD}{paragraph('One', 0)}{EQUATION}{paragraph('Two', 8)}")
    order = [word for word in words if word[1] in ("A", "One", "formula", "Two", "cell")]
    assert order == [("10", "A"), ("10", "One"), ("10", "formula"), ("10", "Two"), ("11", "cell")] and not feet


def test_a_table_that_fits_or_stands_in_an_answer_stays(told):
    fits, _ = told(f"{TABLE}{paragraph('One')}", lines=10)
    assert fits[-2:] == [("10", "cell"), ("10", "One")] or ("10", "cell") in fits
    entry, feet = told(f"{TABLE}{paragraph('One')}", kind="entry")
    assert [word for word in entry if word[1] in ("One", "cell")] == [("11", "cell"), ("11", "One")]
    assert feet == ["10"]


def test_a_table_lets_three_pieces_go_before_it_and_no_more(told):
    words, feet = told(TABLE + "".join(paragraph(f"{word}", 1) for word in ("One", "Two", "Three", "Four")), lines=38)
    order = [word for word in words if word[1] in ("One", "Two", "Three", "Four", "cell")]
    assert [word for _, word in order] == ["One", "Two", "Three", "cell", "Four"]


def test_what_stands_together_waits_together(told):
    words, _ = told(f"{TABLE}{TABLE.replace('cell', 'item')}{paragraph('One', 8)}{paragraph('Two')}")
    told_of = [word for _, word in words if word in ("One", "cell", "item", "Two")]
    assert list(dict.fromkeys(told_of)) == ["One", "cell", "item", "Two"]
