"""Parts are optional: what a book does not have is not printed, not bookmarked, not listed and not made as a file.

`tests/books/plain` has nothing but answers; each test gives it one part.
"""

import shutil
from pathlib import Path

import pytest
from conftest import BOOKS, TinyBook

from press import pipeline
from press.pdf.records import read_back

FRONT = ["Cover", "Colophon"]
ANSWERS = ["1.1 Wheels", "1.1.1 Why round?", "1.1.2 Why spokes?"]
FIGURE = '''
from press.pictures import style
from press.pictures.results import figure


@figure
def wheel():
    """A line, in the first ink of the design."""
    sheet, axes = style.figure("column", 40)
    axes.plot([0, 1], [0, 1])
    axes.set(xlabel="way in m", ylabel="turns")
    return sheet
'''
WORK = "@book{sharp1896, author = {Sharp, A.}, title = {Bicycles}, publisher = {Longmans}, year = 1896}"
SHOWN = """
      :::{figure} drawn/wheel
      :width: column
      :alt: A line that rises.
      The way of a wheel.
      :::
"""
LAST = "They hang the hub from the rim."


@pytest.fixture
def plain(tmp_path):
    """The book that has nothing but answers."""
    return TinyBook(Path(shutil.copytree(BOOKS / "plain", tmp_path / "book")))


def write(book, name, text):
    file = book.folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def with_study(book):
    book.replace("book.yaml", "sections", "study: Read it.\nsections")


def with_notation(book):
    write(book, "notation.yaml", '- group: Signs\n  rows:\n    - [n, "A count"]\n')


def with_works(book):
    write(book, "references.bib", WORK)
    book.replace("1.1.yaml", LAST, f"{LAST[:-1]} [@sharp1896].")


def with_terms(book):
    book.replace("1.1.yaml", "opener", "terms:\n  - term: hub\n    text: The middle of a wheel.\nopener")
    book.replace("1.1.yaml", "the hub", "the **hub**")


def with_figure(book):
    write(book, "figures/drawn.py", FIGURE)
    book.replace("1.1.yaml", LAST, LAST + "\n" + SHOWN)


def with_table(book):
    table = (
        "\n\n      :::{table} few\n      Few numbers.\n\n      | a | b |\n      |---|---|\n      | 1 | 2 |\n      :::\n"
    )
    book.replace("1.1.yaml", LAST, LAST + table)


def with_test(book):
    book.replace("1.1.yaml", LAST, f"{LAST}\n    check:\n      - ask: What hangs?\n        answer: The hub.\n")


def with_formula(book):
    book.replace("1.1.yaml", "key: Spokes", "formulas:\n      - {name: Count $n$, tex: n = 36}\n    key: Spokes")


def with_source(book):
    write(book, "contents.txt", "1.1 Wheels 1\n1.1.1 Why round? 1\n1.1.2 Why spokes? 2\n")


def with_further(book):
    write(book, "further/1.1.yaml", 'number: "1.1"\nquestions:\n  - number: 1.1.2\n    text: Spokes cross.\n')


def with_toolbox(book):
    write(book, "toolbox.yaml", "tools:\n  - id: lever\n    title: A lever\n    text: It turns.\n")


FILES = ["cards-a4.pdf", "cards.apkg"]
PARTS = {
    "nothing": (lambda book: None, [], [], FILES),
    "study page": (with_study, ["How to study with this book"], [], FILES),
    "notation": (with_notation, ["Notation"], [], FILES),
    "references": (with_works, [], ["References"], FILES),
    "glossary": (with_terms, [], ["Glossary", "Index"], FILES),
    "figures": (with_figure, [], ["Figures"], FILES),
    "tables": (with_table, [], ["Tables"], FILES),
    "self-tests": (with_test, [], ["Answers to the self-tests"], FILES),
    "formula sheet": (with_formula, [], [], [*FILES, "formulas-a4.pdf"]),
    "source": (with_source, [], ["Collation with the source"], FILES),
    "further parts": (with_further, [], ["Going further"], FILES),
    "toolbox": (with_toolbox, [], ["Toolbox"], FILES),
}


@pytest.mark.parametrize("part", PARTS)
def test_a_book_has_the_parts_that_it_has(plain, part):
    give, before, behind, files = PARTS[part]
    give(plain)
    made = plain.make()
    assert all(not row.faults for row in made.rows) and not made.compared.problems
    printed = read_back(plain.out / "plain-a4.pdf")
    marks = [mark.title for mark in printed.bookmarks]
    top = [
        title for title in marks if title not in ANSWERS and not title.startswith(("Going further: ", "Tool"[:4] + " "))
    ]
    listed = sorted(["Contents", *before], key=["How to study with this book", "Contents", "Notation"].index)
    assert [title.replace("\u00a0", " ") for title in top if not title.startswith("Tool\u00a0")] == [
        *FRONT,
        *listed,
        *behind,
    ]
    text = " ".join(run.text for run in printed.runs)
    for title in {name for _, some, others, _ in PARTS.values() for name in (*some, *others)} - {*before, *behind}:
        assert title not in text
    assert sorted(path.name for path in plain.out.iterdir() if "edition" not in path.name) == sorted(
        ["plain-a4.pdf", *(f"plain-{name}" for name in files)]
    )


def test_the_smallest_book_has_nothing_to_proofread(plain):
    assert pipeline.proof(plain.folder, pipeline.Build()).findings == []


def test_without_answers_there_are_no_cards(plain):
    plain.replace(
        "1.1.yaml", "    key: A round wheel rolls.\n    answer: |\n      It keeps its axle at one height.\n", ""
    )
    plain.replace("1.1.yaml", "    key: Spokes are light.\n    answer: |\n      They hang the hub from the rim.\n", "")
    plain.make(draft=True)
    assert [path.name for path in plain.out.glob("*.*") if "edition" not in path.name] == ["plain-a4.pdf"]


def test_long_contents_go_on_on_another_page(plain):
    more = "".join(
        f"  - number: 1.1.{number}\n    title: What is number {number}?\n    page: {number // 8 + 2}\n"
        for number in range(3, 130)
    )
    (plain.folder / "1.1.yaml").open("a", encoding="utf-8").write(more)
    made = plain.make(draft=True)
    assert len(made.rows) == 130 and not any(row.faults for row in made.rows)
    labels = [page.label for page in read_back(plain.out / "plain-a4.pdf").pages]
    assert labels[:9] == ["i", "ii", "iii", "iv", "v", "vi", "1", "2", "3"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            ("book.yaml", "sections", "collation: x\nsections"),
            "a collation with a source, and this book has none (name",
        ),
        (("1.1.yaml", "title: Why round?", "title: Why round?\n    reads: Why?\n    reason: short"), "mend the title"),
        (("1.1.yaml", LAST, LAST[:-1] + " [@sharp1896]."), "citation of 'sharp1896', and the book has no works (write"),
        (("book.yaml", "sections", "notation: signs.yaml\nsections"), "signs.yaml: this file does not exist (write it"),
        (("book.yaml", "sections", "figures: drawn\nsections"), "there is no folder 'drawn' (make it"),
    ],
)
def test_what_is_named_has_to_be_there(plain, change, fault):
    assert any(fault in line for line in plain.replace(*change).faults())
