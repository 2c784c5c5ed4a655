"""The finished PDF against the source: a good book passes, and each damage shows in its column."""

import io
import json
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from rich.console import Console
from tiny_contents import print_book

from press.content.source import SourceEntry, read_source
from press.problems import PressError
from press.proof import agreement as check
from press.proof import verdict

SOURCE = Path(__file__).resolve().parents[2] / "book" / "contents.txt"
# Section 3.4, with one of the lines that lack a space; its first page is even.
FEW = slice(18, 28)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A short source: the wrapper lines of the real one around some of its entries."""
    lines = SOURCE.read_text(encoding="utf-8").splitlines()
    path = tmp_path_factory.mktemp("source") / "contents.txt"
    path.write_text("\n".join([lines[0], *lines[FEW], *lines[-3:]]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def good(source, tmp_path_factory):
    path = tmp_path_factory.mktemp("good") / "book.pdf"
    return print_book(path, read_source(source), corrected=("3.4", "3.4.2"))


@pytest.fixture(scope="module")
def faulty(source, tmp_path_factory):
    """The rows of a book that is printed with one fault in each of several entries."""
    entries = read_source(source)
    entries.insert(9, SourceEntry("3.4.55", "What else?", 111))
    titles = {entry.number: entry.title for entry in entries}
    path = print_book(
        tmp_path_factory.mktemp("faulty") / "book.pdf",
        entries,
        contents={
            "3.4.2": ("3.4.12", titles["3.4.2"]),
            "3.4.3": ("3.4.3", titles["3.4.3"], 108),
            "3.4.5": None,
            "3.4.8": ("3.4.8", titles["3.4.8"].replace("Relu", "ReLU")),
        },
        headings={
            "3.4.4": ("3.4.4", titles["3.4.4"].replace("the activation", "an activation")),
            "3.4.6": ("3.4.16", titles["3.4.6"]),
        },
        bookmarks={"3.4.7": None},
        folios={106: "", 112: "113"},
    )
    return check.check(path, source)


@pytest.fixture
def damaged(source, good, tmp_path):
    """Damage the good book's file and check it: {number: faults} of the rows that fail."""

    def faults(damage):
        with pikepdf.open(good) as pdf:
            damage(pdf)
            pdf.save(tmp_path / "damaged.pdf")
        return failing(check.check(tmp_path / "damaged.pdf", source))

    return faults


def failing(rows):
    return {row.number: row.faults for row in rows if row.faults}


def links(pdf, number):
    """The link annotations of an entry of the contents: its lines, and its page."""
    return [item for item in pdf.pages[1].Annots if item.get("/Dest") == f"e-{number}"]


def bookmark(pdf, place):
    """The bookmark of a question of the only section, counted from 0."""
    item = pdf.Root.Outlines.First.First
    for _ in range(place):
        item = item.Next
    return item


def test_all_entries_of_the_source_agree_four_ways(tmp_path):
    entries = read_source(SOURCE)
    pdf = print_book(tmp_path / "book.pdf", entries, corrected=("3.3", "3.4.2", "3.10"))
    rows = check.check(pdf, SOURCE)
    assert failing(rows) == {}
    assert check.summary(rows) == "66/66 entries agree, four ways"
    assert [row.number for row in rows[-3:]] == ["3.12", "3.12.1", "3.27"]
    by_number = {row.number: row for row in rows}
    assert by_number["3.4.3"][2:7] == (109, "109", "109", "109", "109")


def test_a_short_source_has_a_short_good_book(source, good):
    rows = check.check(good, source)
    assert check.summary(rows) == "10/10 entries agree, four ways" and failing(rows) == {}


# The contents


def test_a_page_changed_in_the_contents(faulty):
    assert failing(faulty)["3.4.3"] == {"printed": "page 108"}


def test_a_number_changed_in_the_contents(faulty):
    assert failing(faulty)["3.4.2"] == {"printed": "its number is 3.4.12"}


def test_a_wording_changed_in_the_contents(faulty):
    told = (
        "“How to understand that {} (<0) is a nonlinear activation function?” instead of "
        "“How to understand that {} (<0) is a nonlinear activation function?”"
    )
    assert failing(faulty)["3.4.8"] == {"wording": told.format("ReLU", "Relu")}


def test_an_entry_dropped_from_the_contents(faulty):
    assert failing(faulty)["3.4.5"] == {"printed": "missing", "link": "no link"}


def test_an_entry_that_only_the_book_has(faulty):
    assert [(row.number, row.source, row.faults) for row in faulty[10:]] == [
        ("3.4.55", None, {"printed": "not in the source, or printed twice"}),
        ("3.4.55", None, {"bookmark": "not in the source, or there twice"}),
    ]


def test_entries_dropped_and_in_another_order(source, tmp_path):
    entries = read_source(source)
    entries[7], entries[8] = entries[8], entries[7]
    del entries[5]
    assert failing(check.check(print_book(tmp_path / "book.pdf", entries), source)) == {
        "3.4.5": {
            "printed": "missing",
            "link": "no link",
            "bookmark": "missing",
            "heading": "missing",
            "wording": "missing",
        },
        "3.4.8": dict.fromkeys(("printed", "bookmark", "heading"), "out of order"),
    }


def test_a_book_without_contents(source, good, tmp_path):
    with pikepdf.open(good) as pdf:
        del pdf.pages[1]
        pdf.save(tmp_path / "damaged.pdf")
    rows = check.check(tmp_path / "damaged.pdf", source)
    assert all(row.faults["printed"] == "missing" for row in rows)


# Links


def test_a_link_moved_to_another_page(damaged):
    def damage(pdf):
        for item in links(pdf, "3.4.3"):
            item.Dest = String("e-3.4.2")

    assert damaged(damage) == {"3.4.3": {"link": "leads to page 107"}}


def test_one_of_the_links_of_an_entry_moved(damaged):
    def damage(pdf):
        links(pdf, "3.4.3")[-1].Dest = Array([pdf.pages[4].obj, Name.Fit])

    assert damaged(damage) == {"3.4.3": {"link": "leads to page 107"}}


def test_a_link_moved_to_another_heading_of_its_page(damaged):
    def damage(pdf):
        for item in links(pdf, "3.4.4"):
            item.Dest = String("e-3.4.5")

    assert damaged(damage) == {"3.4.4": {"link": "lands on 3.4.5"}}


def test_a_link_without_a_target(damaged):
    def damage(pdf):
        for item in links(pdf, "3.4.3"):
            item.Dest = String("e-nowhere")

    assert damaged(damage) == {"3.4.3": {"link": "leads nowhere"}}


def test_links_as_actions_with_explicit_destinations_are_followed(damaged):
    def damage(pdf):
        for item in links(pdf, "3.4.3"):
            item.A = Dictionary(S=Name.GoTo, D=Array([pdf.pages[6].obj, Name.XYZ, 0, 800, 0]))
            del item.Dest

    assert damaged(damage) == {}


# Bookmarks


def test_a_bookmark_renamed(damaged):
    def damage(pdf):
        bookmark(pdf, 1).Title = String("3.4.2 Common activation functions and their graphs")

    assert damaged(damage) == {
        "3.4.2": {
            "bookmark": "“Common activation functions and their graphs” instead of "
            "“Common Activation Functions and Images”"
        }
    }


def test_a_bookmark_moved(damaged):
    def damage(pdf):
        bookmark(pdf, 1).Dest = bookmark(pdf, 3).Dest

    assert damaged(damage) == {"3.4.2": {"bookmark": "leads to page 110"}}


def test_a_bookmark_missing(faulty):
    assert failing(faulty)["3.4.7"] == {"bookmark": "missing"}


# Headings, folios and labels


def test_a_folio_shifted(faulty):
    assert failing(faulty)["3.4.9"] == {"heading": "page 113"}


def test_a_folio_missing(faulty):
    assert failing(faulty)["3.4"] == failing(faulty)["3.4.1"] == {"heading": "page missing"}


def test_a_heading_reworded(faulty):
    assert failing(faulty)["3.4.4"] == {
        "wording": "“What are the properties of an activation function?” instead of "
        "“What are the properties of the activation function?”"
    }


def test_a_heading_under_another_number(faulty):
    assert failing(faulty)["3.4.6"] == {"heading": "its number is 3.4.16"}


def test_labels_that_count_wrong(damaged):
    def damage(pdf):
        pdf.Root.PageLabels.Nums[3].St = 105

    faults = damaged(damage)
    assert len(faults) == 10
    assert faults["3.4.3"] == {"link": "leads to page 108", "bookmark": "leads to page 108"}


def test_other_page_boxes_change_nothing(damaged):
    def damage(pdf):
        for page in pdf.pages:
            page.mediabox = page.cropbox = Array([-17, 31, 595, 823])

    assert damaged(damage) == {}


# What a reader of the result sees


def test_the_table_marks_and_tells_what_is_wrong(faulty):
    console = Console(width=140, file=io.StringIO())
    console.print(check.table(faulty))
    lines = console.file.getvalue().splitlines()
    (row,) = (line for line in lines if "3.4.9" in line)
    assert [cell.strip() for cell in row.split("│")[1:-1]] == [
        "3.4.9",
        "112",
        "112",
        "112",
        "112",
        "113✗",
        "ok",
        "heading: page 113",
    ]
    assert lines[-1].strip() == "0/12 entries agree, four ways"


def test_the_rows_as_json(source, good):
    told = json.loads(verdict.as_json(verdict.judge(good, source)))
    assert (told["entries"], told["agree"]) == (10, 10)
    assert told["rows"][3] == {
        "number": "3.4.3",
        "title": "Derivative calculation of common activation functions?",
        "source": 109,
        "printed": "109",
        "link": "109",
        "bookmark": "109",
        "heading": "109",
        "faults": {},
    }


def test_what_is_no_pdf_and_what_is_no_source(source, good, tmp_path):
    with pytest.raises(PressError, match=r"contents\.txt is not a readable PDF"):
        check.check(source, source)
    empty = tmp_path / "empty.txt"
    empty.write_text("1) Question:\n2) Answer:\n", encoding="utf-8")
    with pytest.raises(PressError, match=r"empty\.txt has no entries"):
        check.check(good, empty)
