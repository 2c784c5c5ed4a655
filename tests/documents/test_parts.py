"""What stands behind the answers: printed, numbered, linked both ways, its pages filled in."""

from types import SimpleNamespace

import pikepdf
import pytest

from press import pipeline
from press.documents.body import running, short_head
from press.layout import slots
from press.pdf.records import read_back
from press.pdf.tags import kids, walk
from press.printing import LaidOut
from press.proof.reading import proof_tags


@pytest.fixture
def printed(tiny_with_parts):
    """The finished book with all parts, read back; its entries agree with the source."""
    made = tiny_with_parts.make()
    assert not any(row.faults for row in made.rows)
    return read_back(made.paths[0])


def page_with(printed, text):
    """Return (label, text) of the last page that holds a text."""
    found = [
        (printed.pages[index].label, words)
        for index in range(len(printed.pages))
        if text in (words := " ".join(run.text for run in printed.runs if run.page == index))
    ]
    return found[-1]


def leads(printed, words):
    """Return the page label to which the link on a text leads."""
    run = next(run for run in printed.runs if words in run.text)
    for link in printed.links:
        if link.page == run.page and link.left - 1 <= run.x <= link.right and link.top <= run.y - 2 <= link.bottom:
            return printed.pages[link.target.page].label
    return None


def test_the_parts_are_printed_in_their_order(printed):
    labels = [int(page_with(printed, head)[0]) for head in ("Going further", "Toolbox", "Answers and solutions")]
    assert labels == sorted(labels)
    text = " ".join(run.text for run in printed.runs)
    for words in ("1.1.1-P1 What is the successor", "Table G1.1-1", "(G1.1-1)", "(T-1)", "Experiment 1", "Steps 12"):
        assert words in text, words


def test_links_lead_both_ways_and_print_their_page(printed):
    further, _ = page_with(printed, "The page takes one for granted")
    solutions, words = page_with(printed, "Check 1")
    assert leads(printed, "Going further, p.") == further
    assert f"Problems Solutions, p. {solutions}" in page_with(printed, "What is the successor")[1]
    assert f"1.1.1-P1, p. {further}" in words
    tools, words = page_with(printed, "The sum of")
    assert f"further 1.1.1, p. {further}" in words and "1.1.1, p. 10" in words
    assert f"solution 1.1.1, p. {solutions}" in words
    assert f"Tool 2, p. {tools}" in page_with(printed, "is computed")[1]


def longer(book, lines):
    """Return the book with a last solution of so many more lines."""
    more = "".join(f"\n\n          Once more, {line}." for line in range(lines))
    return book.replace("further/1.1.yaml", "Yes: $4 = 2 \\cdot 2$.", f"Yes: $4 = 2 \\cdot 2$.{more}")


@pytest.mark.parametrize(("lines", "is_below"), [(1, False), (24, True)])
def test_the_references_begin_below_the_last_solution_where_there_is_room(tiny_with_parts, lines, is_below):
    made = longer(tiny_with_parts, lines).make()
    printed = read_back(made.paths[0])
    last, _ = page_with(printed, f"Once more, {lines - 1}.")
    assert (page_with(printed, "References:")[0] == last) is is_below
    heights = {run.text: run.y for run in printed.runs if printed.pages[run.page].label == last}
    assert not is_below or heights["References:"] > heights[f"Once more, {lines - 1}."] + 20


def test_a_changed_constant_changes_the_page_of_experiments(tiny_with_parts):
    tiny_with_parts.replace("figures/training.py", "STEPS = 12", "STEPS = 34")
    assert "Steps 34" in page_with(read_back(tiny_with_parts.make().paths[0]), "Experiment 1")[1]


def test_no_line_changes_when_the_pages_are_filled_in(tiny_with_parts):
    run = pipeline.Build()
    context = pipeline.prepare(tiny_with_parts.folder, run)
    laid_out = pipeline.lay_out_book(context, run)
    behind, last = pipeline.lay_out_later(context, laid_out, run)
    found = slots.slots(LaidOut(laid_out, [], behind, last, {}).pages)
    assert len(found) > 5
    for slot in found:
        kept, filled = slots.widths(slot)
        assert slot.box.text.strip("\u2007").isdigit() and abs(kept - filled) < 0.01


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("further/1.1.yaml", "number: 1.1.2", "number: 1.1.9", "1.1.9 is no answer of section 1.1"),
        ("further/1.1.yaml", "number: 1.1.2", "number: 1.1.1", "1.1.1 goes further twice"),
        ("further/1.1.yaml", 'number: "1.1"', 'number: "1.2"', "is not the section that 1.1.yaml is named after"),
        ("further/1.1.yaml", "problem:1.1.1-P2", "problem:1.1.1-P3", "'problem:1.1.1-P3', which does not exist"),
        ("further/1.1.yaml", "(eq:successor)\n", "(eq:count)\n", "eq:count stands in the book twice"),
        ("further/1.1.yaml", "term: successor", "term: unit", "the term 'unit' stands in the glossary twice"),
        ("toolbox.yaml", "id: unit", "id: sum", "the tool 'sum' stands twice"),
        ("toolbox.yaml", "tool:unit", "tool:none", "'tool:none', which does not exist"),
        ("experiments.yaml", "training.counting", "training.none", "experiment 'training.none' does not exist"),
        ("figures/training.py", '"batch": 1,', "", "does not tell batch"),
        ("figures/training.py", '"entry": "1.1.1"', '"entry": "9.9"', "belongs to '9.9', which is no entry"),
    ],
)
def test_faults_of_the_parts_are_told_with_their_place(tiny_with_parts, file, old, new, told):
    faults = tiny_with_parts.replace(file, old, new).faults()
    assert any(told in fault for fault in faults), faults
    assert all(fault.split(":")[0].endswith(file.split("/")[-1]) for fault in faults)


def test_links_say_where_they_lead_and_bookmarks_name_the_correction(tiny_with_parts):
    path = tiny_with_parts.make().paths[0]
    with pikepdf.open(path) as pdf:
        said = [str(link.Contents) for page in pdf.pages for link in page.obj.get("/Annots", []) if "/Dest" in link]
        with pdf.open_outline() as outline:
            titles = [item.title for top in outline.root for item in (top, *top.children)]
        assert not pdf.is_linearized
    assert said and all(words.startswith("p.\u00a0") for words in said)
    assert "1.1.1 What is one? [What is the number one?]" in titles


def test_a_link_described_by_an_inner_name_is_found(tiny_with_parts):
    with pikepdf.open(tiny_with_parts.make().paths[0]) as pdf:
        link = next(link for page in pdf.pages for link in page.obj.get("/Annots", []) if "/Dest" in link)
        link.Contents = link.Dest
        told = list(proof_tags(pdf, list(walk(pdf)), lambda rule, what, element: (rule, what)))
    assert any(rule == "link" and "is described by the name" in what for rule, what in told)


def test_a_link_is_one_annotation_whatever_stands_in_it(tiny_with_parts):
    with pikepdf.open(tiny_with_parts.make().paths[0]) as pdf:
        held = {}
        for element in walk(pdf):
            for kid in kids(element.item):
                if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid:
                    held[kid.Obj.objgen] = element.kind
        shown = [link.objgen for page in pdf.pages for link in page.obj.get("/Annots", [])]
    assert set(held.values()) == {"Link"} and set(shown) == set(held)


def test_running_heads_are_no_sentences():
    entry = SimpleNamespace(number="1.1.1", wording="What is the number that one calls one?")
    assert running(entry, "Going further") == "Going further: 1.1.1"
    assert running(entry) == "1.1.1 What is the number that …"
    assert short_head("Toolbox: Variance of a sum") == "Toolbox: Variance of a sum"
