"""The proof of laid-out pages: each fault is planted in a small layout, and found where it is."""

import pytest

from press import pipeline
from press.layout import engine as layout
from press.layout import margin, patches
from press.layout.boxes import read_pages
from press.pictures.vector import VectorPage
from press.problems import Place
from press.proof.breaks import (
    far_from_mention,
    gaps,
    lonely_lines,
    low_headings,
    short_lines,
    too_wide,
    unfilled,
)
from press.proof.letters import proof_weights
from press.proof.margin import far_heads, meeting, out_of_place, proof_margin
from press.text.labels import Numbered

SENTENCE = "Numbers are counted one after the other until the line is full. "
PICTURES = {"vector:wide": VectorPage("wide", 130 * 72 / 25.4, 20)}
NOTE = '<aside class="note"><div><p>A remark of a few lines in the margin.</p></div></aside>'


@pytest.fixture(scope="module")
def fonts():
    """One set of fonts for all layouts."""
    return layout.FontConfiguration()


@pytest.fixture
def pages(fonts):
    """Return a function that lays out the inside of an answer and returns its LaidPages."""

    def lay_out(body, style=""):
        html = (
            f'<!DOCTYPE html><html lang="en-US"><title>Tiny</title><style>{style}</style><main>'
            f'<article class="entry" data-entry="1.1">{body}</article></main></html>'
        )
        laid_out = layout.lay_out(html, pipeline.TEMPLATES, PICTURES, 10, 0, fonts=fonts)
        return read_pages(laid_out.document.pages, lambda index: str(10 + index))

    return lay_out


def paragraphs(count, sentences=6):
    return f"<p>{SENTENCE * sentences}</p>" * count


def hole(lines):
    return f'<div style="height: {13.6 * lines}pt"></div>'


def test_a_good_page_has_no_findings(pages):
    sheets = pages(f"<h2>1.1 What?</h2>{paragraphs(9)}{NOTE}{paragraphs(9)}")
    everything = sheets
    assert len(sheets) > 1
    assert not list(too_wide(everything))
    assert not list(low_headings(everything, {"1.1"}))
    assert not list(lonely_lines(everything))
    assert not list(gaps(everything))
    assert not proof_margin(sheets)[0]


@pytest.mark.parametrize(
    "body, told",
    [
        ("<pre>" + "x" * 90 + "</pre>", "the code line"),
        (f'<table style="white-space: nowrap"><tr><td>{SENTENCE * 3}</td></tr></table>', "a table is"),
        (
            '<div class="equation"><img class="formula" src="vector:wide" alt="a" style="width: 130mm"></div>',
            "a formula is 2",
        ),
    ],
)
def test_what_is_wider_than_its_column(pages, body, told):
    found = list(too_wide(pages(f"<p>First.</p>{body}")))
    assert found and all(finding.entry == "1.1" and finding.folio == "10" for finding in found)
    assert any(told in finding.what for finding in found), found


def test_a_heading_at_the_foot_of_a_page(pages):
    loose = "h2 { break-after: auto !important } p { orphans: 1 !important; widows: 1 !important }"
    for lines in range(40, 52):
        sheets = pages(f"{hole(lines)}<h2>Late?</h2>{paragraphs(2)}", loose)
        found = list(low_headings(sheets, {"1.1"}))
        if found:
            break
    assert [(finding.folio, finding.entry) for finding in found] == [("10", "1.1")]
    assert "below the heading 'Late?'" in found[0].what


def test_widows_and_orphans(pages):
    loose = "p { orphans: 1 !important; widows: 1 !important; margin: 0 !important }"
    kinds = set()
    for lines in (44, 45, 46, 47, 48, 49):
        found = lonely_lines(pages(f"{hole(lines)}{paragraphs(1)}", loose))
        kinds |= {(finding.rule, finding.folio) for finding in found}
    assert kinds == {("orphan", "10"), ("widow", "11")}


def test_a_line_that_ends_early(pages, monkeypatch):
    # At one of these widths only the space before the link is too much for the line.
    words = 'A text that just fits its line <i style="white-space: nowrap">12 of 30</i>'
    texts = [f'<p style="width: {width / 2}pt">{words}</p>' for width in range(200, 400)]
    assert not list(short_lines(pages("".join(texts))))
    monkeypatch.setattr(patches, "_whole_lines", lambda: patches.inline.split_first_line)
    found = list(short_lines(pages("".join(texts))))
    assert found and all("would have found room" in finding.what for finding in found)


def test_gaps_between_blocks_and_at_the_foot(pages):
    found = list(gaps(pages(f"{paragraphs(2)}{hole(4.4)}{paragraphs(1)}")))
    assert len(found) == 1 and "lines are free above this place" in found[0].what
    tall = '<div style="height: 250pt; break-inside: avoid; overflow: hidden"><p>Tall.</p></div>'
    found = list(gaps(pages(f"{paragraphs(6)}{tall}{paragraphs(1)}")))
    assert any("at the foot of the page" in finding.what for finding in found), found


def test_spans_that_are_not_filled(tiny):
    tiny.replace("1.2.yaml", "  So it answers itself.\n", f"  {SENTENCE * 3}\n")
    _, _, spans = tiny.lay_out()
    # The last span has no limit.
    assert [finding.folio for finding in unfilled(spans)] == ["10–11", "12"]


def test_mentions(pages):
    labels = {f"fig:a/{name}": Numbered("figure", f"1.1-{name}", None, Place(None)) for name in "xyz"}
    body = (
        f'<p>See <a href="#fig-a-x">Figure 1.1-x</a> and <a href="#fig-a-z">z</a>.</p>'
        f'<p id="fig-a-x">x</p><p id="fig-a-y">y <a href="#fig-a-y">y</a></p>{paragraphs(22)}'
        '<p id="fig-a-z">z</p>'
    )
    sheets = pages(body)
    assert len(sheets) == 3
    found = far_from_mention(sheets, labels)
    assert [(finding.folio, finding.what) for finding in found] == [
        ("10", "Figure 1.1-y is mentioned nowhere"),
        ("12", "Figure 1.1-z stands 2 pages from its first mention"),
    ]


def test_notes_that_meet(pages, monkeypatch):
    monkeypatch.setattr(margin, "stack", lambda wanted, heights, blocked: wanted)
    found, _ = proof_margin(pages(f"<p>One line.</p>{NOTE * 2}"))
    assert len(found) == 1 and "meet" in found[0].what and found[0].place.startswith("margin")


def test_a_note_that_meets_a_wide_block(pages, monkeypatch):
    monkeypatch.setattr(margin, "stack", lambda wanted, heights, blocked: [wanted[0] + 18])
    wide = f'<div class="wide"><p>{SENTENCE * 4}</p></div>'
    found, _ = proof_margin(pages(f"<p>A line.</p>{NOTE}{wide}"))
    assert [finding.what for finding in found] and "the wide block meet" in found[0].what


def test_a_note_that_leaves_the_page(pages, monkeypatch):
    monkeypatch.setattr(margin, "stack", lambda wanted, heights, blocked: [margin.FOOT - 10])
    found, _ = proof_margin(pages(f"<p>One line.</p>{NOTE}"))
    assert len(found) == 1 and "leaves the page by" in found[0].what


def test_notes_and_wide_blocks_on_the_wrong_side(pages, monkeypatch):
    left, right = margin.NOTE_LEFT[True], margin.NOTE_LEFT[False]
    monkeypatch.setattr(margin, "NOTE_LEFT", {True: right, False: left})
    monkeypatch.setattr(margin, "WIDE_SHIFT", 0)
    wide = f'<div class="wide"><p>{SENTENCE * 4}</p></div>'
    found, _ = proof_margin(pages(f"{paragraphs(1)}{NOTE}{paragraphs(12)}{wide}"))
    assert [finding.what.split(" stands")[0] for finding in found] == ["the note", "the wide block"]


def test_a_margin_that_is_too_full(pages):
    sheets = pages((f"<p>One line.</p>{NOTE}") * 14)
    assert not proof_margin(sheets)[0]
    long = NOTE.replace("margin.", "margin. " * 40)
    sheets = pages(f"<p>One line.</p>{long}" * 5)
    found, counts = proof_margin(sheets)
    assert counts["percent of the margin free"] < 40
    page, book = found
    assert (page.rule, book.rule) == ("margin", "margin") and page.folio == book.folio == "10"
    assert "of the margin is full, at most 60%" in page.what and "over the book" in book.what


HEAD = '<h3 class="side-head">What a paragraph in the middle is about, in as many as nine words or ten</h3>'


def test_side_heads_stand_level_with_their_paragraphs_on_both_sides(pages):
    sheets = pages(f"{paragraphs(6)}{HEAD}{paragraphs(8)}{HEAD}{paragraphs(2)}")
    blocks = [block for page in sheets for block in page.besides]
    assert [block.where.folio for block in blocks] == ["10", "11"]
    assert not [*out_of_place(blocks), *meeting(blocks)]
    assert not [finding for page in sheets for finding in far_heads(page)]


@pytest.mark.parametrize("lines", [46, 47, 48, 49])
def test_a_side_head_goes_overleaf_with_its_paragraph(pages, lines):
    sheets = pages(f"{hole(lines)}{HEAD}{paragraphs(1)}")
    (head,) = (block for page in sheets for block in page.besides)
    assert head.where.folio == ("10" if lines < 48 else "11")
    assert not [*out_of_place([head]), *(finding for page in sheets for finding in far_heads(page))]


def test_a_short_side_head_does_not_stay_behind(pages):
    sheets = pages(f'{hole(49)}<div><p class="side-head">3.4.2-P1</p>{paragraphs(1)}</div>')
    (head,) = (block for page in sheets for block in page.besides)
    assert head.where.folio == "11" and not [finding for page in sheets for finding in far_heads(page)]


def test_side_heads_that_are_longer_than_their_paragraphs(pages):
    blocks = [block for page in pages(f"{HEAD}<p>One.</p>{HEAD}<p>Two.</p>") for block in page.besides]
    (found,) = meeting(blocks)
    assert "'side-head' and the note 'side-head' meet" in found.what


def test_side_heads_that_stand_elsewhere(pages, monkeypatch):
    monkeypatch.setitem(margin.NOTE_LEFT, False, 0)
    sheets = pages(f"{paragraphs(1)}{HEAD}{hole(3)}{paragraphs(1)}")
    (found,) = out_of_place([block for page in sheets for block in page.besides])
    assert "mm beside its column" in found.what
    (found,) = far_heads(sheets[0])
    assert found.rule == "side head" and "-2.9 lines from its paragraph" in found.what
    (found,) = far_heads(pages(f"{paragraphs(1)}{HEAD}")[0])
    assert "stands without its paragraph" in found.what


def test_a_weight_that_the_family_lacks(pages):
    found = list(
        proof_weights(
            pages(
                "<p>Plain, <b>bold</b>, <i>italic</i>.</p>"
                '<p style="font: bold 10pt STIX Two Math">Heavy</p>'
                '<p style="font: italic 10pt Source Code Pro">slanted</p>'
            )
        )
    )
    assert [finding.what for finding in found] == [
        "'Heavy' is wanted bold, but set in STIXTwoMath",
        "'slanted' is wanted italic, but set in SourceCodePro-Regular",
    ]
