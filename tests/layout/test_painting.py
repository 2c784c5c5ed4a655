"""Pages are painted one by one, wherever: the file is the same, and the boxes are let go."""

import gc
import pickle

import pytest
from weasyprint.formatting_structure.boxes import TextBox

from press import laying, pipeline
from press.layout import engine
from press.layout.painting import PaintedPage

PICTURED = '<html lang="en"><body><p style="%s">One.</p></body></html>'


def whole(book):
    """Lay out a book; return (context, the document of all its pages)."""
    context = pipeline.prepare(book.folder, pipeline.Build())
    laid_out = pipeline.lay_out(context, pipeline.Build())
    return context, laid_out.book.document.copy(laid_out.pages)


def test_pages_painted_elsewhere_make_the_same_file(tiny_with_parts):
    context, document = whole(tiny_with_parts)
    here = engine.draw(document, context.book.meta.date)
    halves = [engine.paint(document.copy(document.pages[start::2])) for start in (1, 0)]
    halves = [pickle.loads(pickle.dumps(half)) for half in halves]  # as from processes of their own
    pages = [halves[1 - number % 2][number // 2] for number in range(len(document.pages))]
    assert all(isinstance(page, PaintedPage) for page in pages)
    assert engine.draw(document.copy(pages), context.book.meta.date) == here


def test_a_painted_page_is_drawn_more_than_once(tiny):
    context, document = whole(tiny)
    painted = document.copy(engine.paint(document))
    first, second = (engine.draw(painted, context.book.meta.date) for _ in range(2))
    assert first == second


def test_the_boxes_of_painted_pages_are_let_go(tiny_with_parts):
    run = pipeline.Build()
    gc.collect()
    others = styled()
    laid_out = pipeline.lay_out(pipeline.prepare(tiny_with_parts.folder, run), run)
    laid_out.sheets.clear()
    gc.collect()
    before = styled() - others
    laying.paint_pages(laid_out)
    gc.collect()
    assert before > 200 and styled() - others < before / 20


def styled():
    """Return how many boxes of text there are with all that the renderer knows of them."""
    return sum(isinstance(item, TextBox) and "style" in vars(item) for item in gc.get_objects())


@pytest.mark.parametrize("style", ["background: linear-gradient(red, blue)", "opacity: 0.5"])
def test_what_is_numbered_through_all_pages_is_refused(style):
    laid_out = engine.lay_out(PICTURED % style, pipeline.TEMPLATES, {}, 1, 0)
    with pytest.raises(RuntimeError, match="gradient"):
        engine.paint(laid_out.document)
