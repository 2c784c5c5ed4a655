"""The proof of the setting: each fault is planted in a small layout, and found where it is."""

import pytest

from press import pipeline
from press.layout import engine as layout
from press.layout.boxes import read_pages
from press.pictures.vector import VectorPage
from press.proof.setting import (
    cut_at_the_leaf,
    divided,
    empty_pages,
    far_notes,
    paragraphs,
    short_ends,
    uneven,
)

SENTENCE = "Numbers are counted one after the other until the line is full. "
PICTURES = {"vector:tall": VectorPage("tall", 20, 20)}


@pytest.fixture(scope="module")
def fonts():
    """One set of fonts for all layouts."""
    return layout.FontConfiguration()


@pytest.fixture
def pages(fonts):
    """Return a function that lays out articles, (number, HTML) each, and returns LaidPages."""

    def lay_out(*entries, style=""):
        articles = "".join(f'<article class="entry" data-entry="{name}">{body}</article>' for name, body in entries)
        html = f'<!DOCTYPE html><html lang="en-US"><title>T</title><style>{style}</style><main>{articles}</main></html>'
        laid_out = layout.lay_out(html, pipeline.TEMPLATES, PICTURES, 10, 0, fonts=fonts)
        return read_pages(laid_out.document.pages, lambda index: str(10 + index))

    return lay_out


def note(text):
    return f'<aside class="note"><div><p>{text}</p></div></aside>'


def hole(lines):
    return f'<div style="height: {13.6 * lines}pt"></div>'


def told(rule, pages):
    return [finding for lines in paragraphs(pages) for finding in rule(lines)]


def test_a_note_that_leaves_its_entry(pages):
    short, long = f"<p>{SENTENCE}</p>", f"<p>{SENTENCE * 20}</p>"
    tall = note(SENTENCE * 12)
    good = pages(("1.1", short + note("Beside.")), ("1.2", long))
    assert not list(far_notes(good[0]))
    bad = pages(("1.1", short + tall + note("Pushed down.")), ("1.2", long))
    found = list(far_notes(bad[0]))
    assert [finding.entry for finding in found] == ["1.1"] and "lines from what 1.1 has" in found[0].what


def test_the_last_line_of_a_note_is_one_short_word(pages):
    found = told(short_ends, pages(("1.1", f"<p>{SENTENCE}</p>" + note(SENTENCE * 2 + "<br>so."))))
    assert [finding.what for finding in found] == ["the last line is 'so.' alone"]
    assert not told(short_ends, pages(("1.1", f"<p>{SENTENCE}</p>" + note(SENTENCE * 2 + "<br>all of it."))))


def test_a_word_divided_in_a_note(pages):
    words = "non&shy;linear&shy;ities " * 12
    found = told(divided, pages(("1.1", f"<p>{SENTENCE}</p>" + note(words)), style=".note { hyphens: manual }"))
    assert found and "a word is divided at the end of" in found[0].what
    assert not told(divided, pages(("1.1", f"<p>{SENTENCE}</p>" + note("nonlinearities " * 12))))


def test_a_line_that_a_formula_makes_higher(pages):
    tall = '<img class="formula inline" src="vector:tall" alt="a" style="width: 20pt; %s">'
    found = told(uneven, pages(("1.1", f"<p>{SENTENCE * 3}{tall % ''} {SENTENCE * 2}</p>")))
    assert len(found) == 1 and "pt higher than others" in found[0].what
    flat = tall % "margin-top: -10pt"
    assert not told(uneven, pages(("1.1", f"<p>{SENTENCE * 3}{flat} {SENTENCE * 2}</p>")))


def test_what_is_announced_overleaf(pages):
    body = f"{hole(48.5)}<p>So it is:</p>" + '<div style="height: 200pt; break-inside: avoid"><p>This.</p></div>'
    sheets = pages(("1.1", body))
    found = list(cut_at_the_leaf(sheets))
    assert [(finding.folio, finding.entry) for finding in found] == [("10", "1.1")]
    assert not list(cut_at_the_leaf(pages(("1.1", body.replace("is:", "is.")))))


def test_a_page_that_is_almost_empty(pages):
    sheets = pages(("1.1", f"<p>{SENTENCE}</p>" + '<p style="break-before: page">One.</p>' + f"{hole(30)}<p>Two.</p>"))
    found = list(empty_pages(sheets))
    assert [finding.folio for finding in found] == ["10"] and "of the page is used" in found[0].what
