"""The real book, built once and read back: what a reader, a screen reader and a printer get."""

import gc
import hashlib
import re
import socket
from functools import cache

import pikepdf
import pytest
from conftest import print_whole
from reading import MM

from press import pipeline
from press.content.source import read_source
from press.content.tree import load
from press.pdf import windows
from press.pdf.records import read_back
from press.problems import Problems
from press.proof import agreement as check
from press.proof import apart, rules
from press.proof import printed as printed_beside
from press.proof import reader as proof

ROOT = pipeline.ROOT
FRONT = ["Cover", "Colophon", "How to study with this book", "Contents", "Notation"]
BACK = [
    "Going further",
    "Toolbox",
    "How the experiments were run",
    "Answers and solutions",
    "References:",
    "Glossary",
    "Figures",
    "Tables",
    "Index",
    "Collation with the source",
]
FONTS = ("STIXTwoText", "STIXTwoMath", "SourceSans3", "SourceCodePro")


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Build everything for both papers, without a network; a Printing."""

    def refuse(*_):
        raise OSError("the build asked for the network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        return print_whole(ROOT / "book", tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module", autouse=True)
def without_collecting():
    """As build.run has it: nothing of a book that is looked at is garbage."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def read_once():
    """Let all who ask for a finished file as records have the same ones: reading a book takes as long as a test may."""
    once = cache(read_back)
    with pytest.MonkeyPatch.context() as patch:
        for room in (check, rules):
            patch.setattr(room, "read_back", once)
        yield once


@pytest.fixture(scope="session")
def paths(made):
    """The six files: the book, the cards and the formula sheet, each for A4 and Letter."""
    return list(made.files.values())


@pytest.fixture(scope="session")
def seen(paths, read_once):
    """The book on A4 and on Letter, read back: Letter through A4, from which it differs in its boxes alone."""
    assert windows.are_one(paths[0], paths[1])
    first = read_once(paths[0])
    second = windows.through(first, paths[0], paths[1])
    assert second, "a word stands outside of a page"
    return first, second


@pytest.fixture(scope="session")
def book():
    """The content tree, which has no faults and lacks no answer."""
    problems = Problems()
    tree = load(ROOT / "book", problems)
    assert problems.found == [] and all(entry.is_written for entry in tree.entries)
    return tree


@pytest.fixture(scope="session")
def printed(paths, read_once):
    """The A4 book, read back."""
    return read_once(paths[0])


@pytest.fixture(scope="session")
def text(printed):
    """All text of each page."""
    pages = [[] for _ in printed.pages]
    for run in printed.runs:
        pages[run.page].append(run.text)
    return [" ".join(lines) for lines in pages]


@pytest.mark.parametrize("paper", [0, 1])
def test_every_entry_begins_on_the_page_of_the_source_four_ways(paths, seen, paper):
    rows = check.examine(paths[paper], ROOT / "book" / "contents.txt", seen[paper]).rows
    assert len(rows) == 66
    assert [row.number for row in rows if row.faults] == []


def test_a_proofreader_finds_nothing(made):
    assert proof.look(made, pipeline.TEMPLATES).findings == []


def test_the_source_stands_in_the_book_letter_for_letter():
    assert len(read_source(ROOT / "book" / "contents.txt")) == 66
    digest = hashlib.sha256((ROOT / "book" / "contents.txt").read_bytes()).hexdigest()
    assert digest == "a6af76a10e720eb8f834036fc166bfae6d14f67d088c597ba9196f49a10abcc8"


@pytest.mark.usefixtures("seen")
def test_every_word_number_and_page_number_of_the_tree_is_printed_on_both_papers(made):
    drawings = made.context.drawings
    verdict = printed_beside.compare(
        ROOT / "book", made.files, drawings.numbers, apart.cards_of(drawings), are_one=True
    )
    assert list(map(str, verdict.problems)) == []
    assert verdict.counts["words"] > 70_000 and verdict.counts["page numbers"] > 2_000


def test_pages_are_labelled_i_to_vii_and_then_from_88(printed):
    labels = [page.label for page in printed.pages]
    assert labels[:9] == ["i", "ii", "iii", "iv", "v", "vi", "vii", "88", "89"]
    assert labels[7:] == [str(88 + index) for index in range(len(labels) - 7)]


def test_bookmarks_are_the_66_entries_in_two_levels_and_the_parts_beside_them(printed):
    numbered = [mark for mark in printed.bookmarks if re.match(r"3\.\d", mark.title)]
    others = [mark.title for mark in printed.bookmarks if not re.match(r"3\.\d", mark.title) and mark.level == 1]
    assert len(numbered) == 66
    assert {mark.level for mark in numbered if mark.title.split()[0].count(".") == 1} == {1}
    assert {mark.level for mark in numbered if mark.title.split()[0].count(".") == 2} == {2}
    assert others == [*FRONT, *BACK]


def test_every_pdf_is_tagged_and_says_what_it_is(paths):
    for path in paths:
        with pikepdf.open(path) as pdf:
            assert str(pdf.Root.Lang) == "en-US"
            assert pdf.Root.MarkInfo.Marked
            assert pdf.Root.ViewerPreferences.DisplayDocTitle
            assert pdf.Root.ViewerPreferences.PrintScaling == "/None"
            assert str(pdf.docinfo["/Title"]).startswith("Foundations of Deep Learning")
            assert str(pdf.docinfo["/Author"]) == "The Foundations Press"


def test_every_font_is_embedded_and_ours(paths):
    for path in paths:
        with pikepdf.open(path) as pdf:
            for item in pdf.objects:
                if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font":
                    assert item.Subtype != "/Type3"
                    name = str(item.BaseFont).split("+")[-1].replace("-", "")
                    assert name.startswith(FONTS), name
                if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                    assert "/FontFile2" in item or "/FontFile3" in item


def test_every_work_of_the_bibliography_is_cited(made):
    works = re.findall(r"^@\w+\{(\w+),", (ROOT / "book" / "references.bib").read_text(encoding="utf-8"), re.M)
    assert sorted(works) == sorted(made.context.works)


def test_a_formula_is_text_that_can_be_found(text):
    formulas = [page for page in text[7:49] if "softmax" in page]
    assert formulas
    assert any("𝜎" in page or "σ" in page for page in text[7:49])


def test_figures_are_text_that_can_be_found(text):
    assert [page for page in text if "\u0307" in page] == []  # what digits of axes became once
    assert sum("0.25" in page for page in text[7:49]) > 1


def test_spoken_formulas_are_words_only(printed):
    spoken = [tag.alt for tag in printed.tags if tag.type == "Formula"]
    assert len(spoken) > 500
    signs = {alt for alt in spoken if not re.fullmatch(r"[A-Za-z0-9 ,.\-]+", alt or "")}
    assert signs == set()


def test_every_figure_says_what_is_to_be_seen(printed):
    figures = [tag for tag in printed.tags if tag.type == "Figure"]
    assert len(figures) > 40
    assert [tag for tag in figures if len(tag.alt or "") < 30] == []


def test_every_answer_has_all_its_parts(book):
    further = {part.number: part.node for part in book.parts.further}
    for entry in book.entries:
        if not entry.is_answer:
            assert entry.node.opener
            continue
        assert entry.node.key and entry.node.answer, entry.number
        assert entry.node.watch_out or entry.node.check, f"{entry.number} has nothing in the margin"
        if entry.number in further:
            assert len(further[entry.number].problems) >= 2, f"{entry.number} has too few problems"
    unwritten = {e.number for e in book.entries if e.is_answer} - set(further)
    assert unwritten == set()


@pytest.mark.parametrize("paper", [2, 3])
def test_study_cards_meet_their_backs_when_printed_on_both_sides(paths, paper):
    printed = read_back(paths[paper])
    numbers = {}
    for run in printed.runs:
        if match := re.match(r"3\.[\d.]*\d", run.text):
            numbers.setdefault(match[0], {})[run.page] = run
    assert len(numbers) == 56
    width, height = printed.pages[0].width, printed.pages[0].height

    def cell(run, is_back):
        """Column and row of a card, counted from the front of the sheet and its middle."""
        x = width - run.x if is_back else run.x  # the sheet is turned about its long edge
        return (x - width / 2) // (100 * MM), (run.y - height / 2 + 37 * MM) // (74 * MM)

    for number, places in numbers.items():
        (front, on_front), (back, on_back) = sorted(places.items())[:2]
        assert (front % 2, back) == (0, front + 1), number
        assert cell(on_front, False) == cell(on_back, True), number


@pytest.mark.parametrize("paper", [2, 3])
def test_cut_lines_of_fronts_and_backs_coincide(paths, paper):
    with pikepdf.open(paths[paper]) as pdf:
        left, bottom, right, top = map(float, pdf.pages[0].MediaBox)
        assert (left + right) / 2 == pytest.approx(210 * MM / 2, abs=0.01)
        assert (bottom + top) / 2 == pytest.approx(297 * MM / 2, abs=0.01)


def test_the_formula_sheet_has_at_most_two_leaves(paths):
    with pikepdf.open(paths[4]) as pdf:
        assert len(pdf.pages) <= 4
