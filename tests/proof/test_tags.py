"""The proof of what a screen reader hears: tags, reading order, and the judge of PDF/UA-1."""

from types import SimpleNamespace

import pikepdf
import pytest
from conftest import unplaced
from pikepdf import Dictionary, Name, String

from press.pdf.records import read_back
from press.pdf.tags import walk
from press.proof.reading import judge, note_box, opens_pages, proof_answers, proof_order, proof_tags

PAGE = 7  # the page with folio 10


def of_kind(pdf, kind):
    return [element.item for element in walk(pdf) if f"/{element.kind}" == kind]


def set_key(kind, key, value, number=0):
    def change(pdf):
        of_kind(pdf, kind)[number][key] = value

    return change


def set_scope(scope, number):
    return set_key("/TH", "/A", Dictionary(O=Name.Table, Scope=scope), number)


def unprinted_link(pdf):
    next(item for item in pdf.pages[PAGE].Annots if item.Subtype == Name.Link).F = 0


def remove_heads(pdf):
    for cell in of_kind(pdf, "/TH"):
        cell.S = Name.TD


@pytest.mark.parametrize(
    "change, rule, told",
    [
        (set_key("/Formula", "/Alt", String("x ⊤ y")), "alt", "words only"),
        (set_key("/Figure", "/Alt", String(" "), 0), "alt", "a figure has no alternative text"),
        (set_key("/H2", "/S", Name.H4), "heading", "H4 follows H1"),
        (set_scope(Name.Both, 0), "scope", "not the scope Row"),
        (set_scope(Name.Row, 2), "scope", "not the scope Column"),
        (unprinted_link, "link", "has no Print flag"),
    ],
)
def test_tags(damaged, change, rule, told):
    pdf = damaged(change)
    found = list(proof_tags(pdf, list(walk(pdf)), unplaced))
    assert [finding.rule for finding in found] == [rule] and told in found[0].what, found


def test_a_table_without_heads(damaged):
    pdf = damaged(remove_heads)
    found = list(proof_tags(pdf, list(walk(pdf)), unplaced))
    assert found and {finding.what for finding in found} == {"a table has no heads"}


def answer(pdf, number=0):
    """Return the element of an answer: heading, correction, answer sentence, paragraphs, notes."""
    heads = [element for element in walk(pdf) if element.kind == "H2" and Name.Art == element.parents[-1].S]
    return heads[number].parents[-1]


def note_late(pdf):
    kids = answer(pdf).K
    note = next(number for number, kid in enumerate(kids) if kid.S == "/NonStruct")
    moved = kids[note]
    del kids[note]
    kids.append(moved)


def note_to_next_page(pdf):
    kids, later = answer(pdf).K, answer(pdf, 1).K
    note = next(number for number, kid in enumerate(kids) if Name.NonStruct == kid.S)
    moved = kids[note]
    del kids[note]
    later.append(moved)


def note_in_two_pieces(pdf):
    kids = answer(pdf).K
    notes = [kid.K[0].K for kid in kids if Name.NonStruct == kid.S]
    inside = next(inside for inside in notes if len(inside) > 1)
    moved = inside[len(inside) - 1]
    del inside[len(inside) - 1]
    kids.append(moved)


def paragraphs_swapped(pdf):
    kids = answer(pdf).K
    numbers = [number for number, kid in enumerate(kids) if kid.S == Name.P][-2:]
    kids[numbers[0]], kids[numbers[1]] = kids[numbers[1]], kids[numbers[0]]


def key_late(pdf):
    kids = answer(pdf, 1).K
    key = next(number for number, kid in enumerate(kids) if kid.S == Name.P)
    moved = kids[key]
    del kids[key]
    kids.append(moved)


def order_of(pdf, made, path):
    printed = read_back(path)
    pages = [made.laid_out.read()[number] for number in made.laid_out.answers[:4]]
    notes = {page.number: [note_box(note) for note in page.besides if note.is_note] for page in pages}
    entries = [("1.1.1", "One is the unit."), ("1.1.2", "Two is a pair."), ("1.2", "It has")]
    return [*proof_order(list(walk(pdf)), printed.runs, notes, unplaced), *proof_answers(printed, entries, unplaced)]


@pytest.mark.parametrize(
    "change, told",
    [
        (paragraphs_swapped, "is read after what stands below it"),
        (note_late, "a note is read after a paragraph that stands below it"),
        (note_to_next_page, "a note is read after a paragraph of another page"),
        (note_in_two_pieces, "a note is read in two pieces"),
        (key_late, "the answer sentence is not read right after the question"),
    ],
)
def test_reading_order(made, damaged, tmp_path, change, told):
    found = order_of(damaged(change), made, tmp_path / "damaged.pdf")
    assert any(told in finding.what for finding in found), found


def test_the_good_book_is_read_in_order(made):
    with pikepdf.open(made.files["book", "a4"]) as pdf:
        assert order_of(pdf, made, made.files["book", "a4"]) == []


def test_the_judge_finds_what_is_wrong(damaged, tmp_path):
    damaged(set_key("/Figure", "/Alt", String("")))
    found, note = judge(tmp_path / "damaged.pdf", "book a4")
    assert not note and any("error" in finding.what for finding in found)


def test_without_the_judge_the_proof_says_so(made, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "outloud", None)
    found, note = judge(made.files["book", "a4"], "book a4")
    assert found == [] and "PDF/UA-1 was not judged" in note


def test_numbers_of_problems_that_open_pages_are_no_running_heads():
    told = {"rule": "PAG-001", "severity": "warning", "message": "tagged as content"}
    assert opens_pages(
        SimpleNamespace(**told, evidence="3.4.2-P1; 3.5.1-P2, p.\u00a0131; Problems Solutions, p.\u00a0257")
    )
    assert not opens_pages(SimpleNamespace(**told, evidence="3.4.2-P1; Going further: 3.4"))
    assert not opens_pages(SimpleNamespace(**told, evidence=""))
