"""Where things land: headings on the source's pages, notes and wide blocks on the outer side."""

import pikepdf
import pytest
import seen
from reading import MM
from seen import DRAWN, SENTENCE
from typer.testing import CliRunner

import build
from press.layout.margin import FOOT, NOTE_GAP, TOP, stack
from press.pdf.records import read_back

NOTE = "\n\n  :::{note} Note %d\n  A remark that takes a few lines of the margin beside the text.\n  :::\n\n"
WIDE = seen.WIDE % ("wide", "wide")
WIDE_FIGURE = DRAWN % "wide"


def long_answer(tiny, paragraphs, after=None):
    """Make the last answer long, with `after` (paragraph index: Markdown) put between paragraphs."""
    text = "".join(f"  {SENTENCE * 6}\n\n{(after or {}).get(index, '')}" for index in range(paragraphs))
    return tiny.replace("1.2.yaml", "  So it answers itself.\n", text)


def runs_of(printed, text):
    """Return the runs whose text contains a string."""
    found = [run for run in printed.runs if text in run.text]
    assert found, f"{text!r} is not on any page"
    return found


@pytest.fixture
def place(tiny):
    """Return a function that builds and tells (folio, x in mm from the paper's edge) of a text."""

    def build(text, papers=("a4",)):
        printed = read_back(tiny.make(papers).paths[0])
        return [(int(printed.pages[run.page].label), run.x / MM, run.y / MM) for run in runs_of(printed, text)]

    return build


def test_each_heading_lands_on_its_page_and_a_page_is_left_empty_for_it(tiny):
    _, layout, spans = tiny.lay_out()
    assert [(span.numbers, span.first, span.late) for span in spans] == [
        (("1.1", "1.1.1"), 10, ()),
        (("1.1.2",), 12, ()),
        (("1.2",), 13, ()),
    ]
    assert len(layout.body) == 5  # 10, the empty 11, 12, 13, and an empty left-hand page before the rest


def test_a_text_that_runs_over_leaves_the_next_heading_on_its_page(tiny):
    tiny.replace("1.1.yaml", "A **pair** of", f"{SENTENCE * 40}\n\n      {SENTENCE * 20}\n\n      A **pair** of")
    _, _, spans = tiny.lay_out()
    assert spans[1].over > 3 and not spans[2].late
    assert spans[2].there == pytest.approx(50 - spans[1].over, abs=2.5)


def test_a_heading_that_lands_late_is_an_error_that_names_the_answer_to_cut(tiny):
    paragraphs = "\n\n      ".join([SENTENCE * 10] * 10)
    tiny.replace("1.1.yaml", "A **pair** of", f"{paragraphs}\n\n      A **pair** of")
    _, _, spans = tiny.lay_out()
    number, folio, lines = spans[2].late[0]
    assert (number, folio) == ("1.2", 14)
    told = tiny.faults()
    assert len(told) == 1
    assert "1.2 begins on page 14 instead of 13: 1.1.2 is too long" in told[0]
    assert f"cut about {lines} lines from 1.1.2" in told[0]


def test_a_late_heading_tells_since_when_text_runs_over(tiny):
    for text, count in (("The value of", 9), ("A **pair** of", 9)):
        paragraphs = "\n\n      ".join([SENTENCE * 10] * count)
        tiny.replace("1.1.yaml", text, f"{paragraphs}\n\n      {text}")
    told = tiny.faults()
    assert len(told) == 1 and "1.2 begins on page" in told[0]
    assert "or from what stands before it: text has run over since page 10)" in told[0]


def test_fit_shows_the_pages_of_a_book_that_does_not_fit(tiny):
    paragraphs = "\n\n      ".join([SENTENCE * 10] * 10)
    tiny.replace("1.1.yaml", "A **pair** of", f"{paragraphs}\n\n      A **pair** of")
    pages = tiny.out / "pages.pdf"
    result = CliRunner().invoke(build.app, ["fit", "--book", str(tiny.folder), "--pdf", str(pages)])
    assert result.exit_code == 1 and "1.2 lands on 14" in result.stdout
    assert next(mark for mark in read_back(pages).bookmarks if mark.title.startswith("1.2")).target.page == 7 + 4


@pytest.mark.parametrize("folio, text_left, note_left", [(13, 24, 143), (14, 74, 22)])
def test_the_margin_column_stands_on_the_outer_side(tiny, place, folio, text_left, note_left):
    long_answer(tiny, 12, {1: NOTE % 1, 9: NOTE % 2})
    assert {where[0]: round(where[1], 1) for where in place("Note ")}[folio] == pytest.approx(note_left, abs=0.3)
    lefts = [left for at, left, _ in place("Numbers are counted") if at == folio]
    assert min(lefts) == pytest.approx(text_left, abs=0.3)


def test_wide_blocks_take_the_whole_width_on_both_sides(tiny):
    long_answer(tiny, 12, {1: WIDE, 10: WIDE.replace("numbers/wide", "numbers/wider")})
    twice = f"{WIDE_FIGURE.strip()}\n\n\n@figure\ndef wider():\n    return wide()\n\n\n@numbers"
    tiny.replace("figures/numbers.py", "@numbers", twice)
    printed = read_back(tiny.make().paths[0])
    captions = {}
    for run in runs_of(printed, "Figure 1.2-"):
        folio = printed.pages[run.page].label
        captions[folio] = min(run.x / MM, captions.get(folio, 999))
    assert (captions["13"], captions["14"]) == (pytest.approx(24, abs=0.3), pytest.approx(22, abs=0.3))


def test_notes_one_after_the_other_do_not_meet_and_none_leaves_the_page(tiny):
    long_answer(tiny, 7, {5: NOTE % 1 + NOTE % 2 + NOTE % 3})
    printed = read_back(tiny.make().paths[0])
    notes = sorted((run.page, run.y) for text in ("Note 1", "Note 2", "Note 3") for run in runs_of(printed, text))
    assert len({page for page, _ in notes}) == 1
    tops = [top for _, top in notes]
    assert all(lower - upper > 30 for upper, lower in zip(tops, tops[1:], strict=False))
    last = [run for run in printed.runs if run.page == notes[0][0] and run.x / MM > 140]
    assert max(run.y for run in last) / MM <= 30 + 239.9 + 0.5


def test_too_many_notes_on_a_page_are_an_error_that_names_the_page(tiny):
    long_answer(tiny, 3, {1: "".join(NOTE % number for number in range(20))})
    told = tiny.faults()
    assert len(told) == 1 and "the margin notes of page 13 do not fit" in told[0]


@pytest.mark.parametrize(
    "wanted, heights, blocked, placed",
    [
        ([TOP, TOP], [100, 50], [], [TOP, TOP + 100 + NOTE_GAP]),
        ([FOOT - 10], [100], [], [FOOT - 100]),
        ([FOOT - 10, FOOT - 5], [100, 50], [], [FOOT - 150 - NOTE_GAP, FOOT - 50]),
        ([TOP + 20], [100], [(TOP + 50, TOP + 300)], [TOP + 300]),
        ([FOOT - 60], [100], [(FOOT - 80, FOOT)], [FOOT - 180]),
        ([TOP], [FOOT - TOP + 20], [], None),
    ],
)
def test_notes_stack_between_what_is_blocked(wanted, heights, blocked, placed):
    assert stack(wanted, heights, blocked) == placed


def test_both_papers_have_the_same_content_and_differ_only_in_their_boxes(tiny):
    paths = tiny.make(("a4", "letter")).paths
    for a4, letter in (paths[:2], paths[2:4], paths[4:6]):
        with pikepdf.open(a4) as first, pikepdf.open(letter) as second:
            assert len(first.pages) == len(second.pages)
            for one, other in zip(first.pages, second.pages, strict=True):
                one.contents_coalesce(), other.contents_coalesce()
                assert one.Contents.read_bytes() == other.Contents.read_bytes()
                left, bottom, right, top = map(float, other.MediaBox)
                assert (right - left, top - bottom) == pytest.approx((215.9 * MM, 279.4 * MM), abs=0.01)
                assert one.MediaBox != other.MediaBox


@pytest.mark.parametrize("paper, top, inner, outer", [("a4", 30, 24, 22), ("letter", 22, 27, 24.9)])
def test_margins_of_both_papers(tiny, paper, top, inner, outer):
    printed = read_back(tiny.make((paper,)).paths[0])
    page = {label: index for index, label in enumerate(page.label for page in printed.pages)}["13"]
    heading = next(run for run in printed.runs if run.page == page and run.text.startswith("1.2") and run.size > 12)
    assert heading.x / MM == pytest.approx(inner, abs=0.3)
    assert heading.y / MM == pytest.approx(top, abs=7)
    folio = next(run for run in printed.runs if run.page == page and run.text == "13" and run.y / MM < top)
    assert (printed.pages[page].width - folio.right) / MM == pytest.approx(outer, abs=0.3)


def test_the_same_inputs_give_the_same_bytes_in_any_folder(tiny, tmp_path):
    first = [path.read_bytes() for path in tiny.make(("a4", "letter")).paths]
    tiny.folder = tiny.folder.rename(tmp_path / "elsewhere")
    assert [path.read_bytes() for path in tiny.make(("a4", "letter")).paths] == first
