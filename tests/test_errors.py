"""What is wrong with a book is told as file:line, all in one run, and nothing is written."""

import pytest
from typer.testing import CliRunner

import build
from press import pipeline, writing
from press.pdf.records import read_back

# (file, text, replacement, expected message, text on the line that it names)
FAULTS = {
    "unknown key": ("1.1.yaml", "watch_out: One", "watchout: One", "unknown key 'watchout'", "watchout: One"),
    "missing number": ("1.1.yaml", '  - number: "1.1.2"\n    title', "  - title", "is missing", "  - title"),
    "doubled number": ("1.1.yaml", '"1.1.2"', '"1.1.1"', "the number 1.1.1 stands twice", None),
    "page that goes backwards": (
        "1.1.yaml",
        "page: 12",
        "page: 9",
        "page 9 of 1.1.2 goes back behind page 10",
        "page: 9",
    ),
    "page of another": ("1.1.yaml", "page: 12", "page: 11", "1.1.2 stands on page 11, in the source on 12", "page: 11"),
    "another title": (
        "1.1.yaml",
        "title: What is two?",
        "title: What is 2?",
        "the title of 1.1.2 is 'What is 2?', in the source 'What is two?'",
        "What is 2?",
    ),
    "correction without reason": (
        "1.1.yaml",
        "    reason: The article is missing.\n",
        "",
        "only one of `reads` and `reason`",
        "reads:",
    ),
    "unknown figure": (
        "1.1.yaml",
        "numbers/line",
        "numbers/curve",
        "figure 'numbers/curve' does not exist",
        "{figure}",
    ),
    "unknown citation": (
        "1.1.yaml",
        "@peano1889arithmetices",
        "@peano1888",
        "citation of 'peano1888', which references.bib does not have",
        "peano1888",
    ),
    "unknown reference": (
        "1.1.yaml",
        "[](1.1.2)",
        "[](1.1.3)",
        "cross reference to '1.1.3', which does not exist",
        "[](1.1.3)",
    ),
    "unknown label": (
        "1.1.yaml",
        "[](tab:squares)",
        "[](tab:cubes)",
        "cross reference to 'tab:cubes', which does not exist",
        "tab:cubes",
    ),
    "YAML": ("1.1.yaml", "opener: |", "opener: [", "YAML: ", None),
    "doubled key": ("1.2.yaml", "key: It", "page: 13\nkey: It", "the key 'page' stands twice", None),
    "empty answer": ("1.2.yaml", "answer: |\n  So it answers itself.", 'answer: ""', "'answer' is empty", 'answer: ""'),
    "missing answer": ("1.2.yaml", "answer: |\n  So it answers itself.\n", "", "1.2 has no answer", None),
    "answer without key": ("1.2.yaml", "key: It has no questions.\n", "", "1.2 has an answer without `key`", None),
    "answer on a section with questions": (
        "1.1.yaml",
        "opener: |",
        "key: A key.\nanswer: |",
        "section 1.1 has questions and an answer",
        None,
    ),
    "unknown number": (
        "1.1.yaml",
        "numbers.values.third",
        "numbers.values.fourth",
        "computed number: ",
        "values.fourth",
    ),
    "number that is text": ("1.1.yaml", "numbers.values.third", '"three"', "'three' is not a number", "three"),
    "formula": ("1.1.yaml", "$x_1 + 1 = 2$", r"$\foo_1$", r"formula $\foo_1$: ", r"\foo"),
    "index of two letters": ("1.1.yaml", "$x_1 + 1 = 2$", "$x_in + 1$", "x_in is not known here", "x_in"),
    "index of a word": ("1.1.yaml", "$1 + 1$", "$y_max$", "formula $y_max$: x_in is not known here", "y_max"),
    "function without its backslash": ("1.1.yaml", "tex: 1 = 1", "tex: sin x", "sin is set as 3 letters side", "sin x"),
    "letter without its backslash": ("1.1.yaml", "$x_1 + 1 = 2$", "$2 alpha$", "alpha is set as 5 letters", "alpha"),
    "curly apostrophe in a formula": ("1.1.yaml", "$x_1 + 1 = 2$", "$f’(x)$", "’ is not known here", "f’"),
    "refused formula": ("1.1.yaml", "$x_1 + 1 = 2$", r"$\bm x$", r"formula $\bm x$: \bm is not known here", r"\bm"),
    "wide inline formula": (
        "1.1.yaml",
        "$x_1 + 1 = 2$",
        "$x_1 + x_2 + x_3 + x_4 + x_5 + x_6 + x_7 + x_8 + x_9$",
        "mm wide",
        "x_9",
    ),
    "wide formula": (
        "1.2.yaml",
        "  So it answers itself.",
        "  So:\n\n  $$\n  " + "x + " * 60 + "x\n  $$",
        "mm wide, the column 112 mm",
        "$$",
    ),
    "wide formula in a note": (
        "1.1.yaml",
        "    watch_out: One is not a prime.",
        "    watch_out: |\n      So:\n\n      $$\n      " + "x + " * 14 + "x\n      $$",
        "mm wide, the margin 45 mm",
        None,
    ),
    "tall formula": (
        "1.2.yaml",
        "  So it answers itself.",
        "  So:\n\n  $$\n  \\begin{matrix}" + r"x \\ " * 60 + "x\\end{matrix}\n  $$",
        "mm high, a page 240 mm",
        "$$",
    ),
    "figure of another width": (
        "1.1.yaml",
        ":width: column",
        ":width: wide",
        "is drawn 112 mm wide, but set 164 mm wide",
        ":width:",
    ),
    "figure without alternative text": (
        "1.1.yaml",
        "      :alt: A straight line that rises from the lower left to the upper right.\n",
        "",
        "this figure has no :alt:",
        "{figure}",
    ),
    "unknown block": (
        "1.1.yaml",
        ":::{figure} numbers/line",
        ":::{photo} numbers/line",
        "unknown block '{photo} numbers/line'",
        "{photo}",
    ),
    "markup in a title": (
        "1.2.yaml",
        "  So it answers itself.",
        "  So it answers itself.\n\n  :::{note} Why $x$\n  So.\n  :::",
        "the title 'Why $x$' of this note has markup",
        ":::{note}",
    ),
    "citation on a card": (
        "1.2.yaml",
        "key: It has",
        "key: It [@peano1889arithmetices] has",
        "'key' refers to something that its study card does not have",
        "key:",
    ),
    "card with a long front": (
        "1.2.yaml",
        "key: It",
        "card: " + 40 * "Does it answer itself " + "?\nkey: It",
        "the front of the study card of 1.2 overflows",
        "key: It",
    ),
    "work without a year": (
        "references.bib",
        "  year      = {1889}",
        "  note      = {1889}",
        "peano1889arithmetices has no year",
        None,
    ),
    "unknown cover": (
        "book.yaml",
        "first_page: 10",
        "first_page: 10\ncover: numbers/nothing",
        "figure 'numbers/nothing' does not exist",
        "cover:",
    ),
    "figure outside the answers": (
        "book.yaml",
        "  Read it.",
        "  Read it.\n\n  $$\n  x\n  $$ (eq:x)",
        "a numbered equation stands outside the answers",
        None,
    ),
    "markup in the title of a figure": (
        "1.1.yaml",
        ":width: column",
        ":width: column\n      :title: What $x$ is",
        "the title 'What $x$ is' of this figure has markup",
        ":title:",
    ),
    "bold that is no term": (
        "1.1.yaml",
        "the **unit**",
        "the **unity**",
        "'unity' is bold but not a term",
        "**unity**",
    ),
    "norm in a table": ("1.1.yaml", "| one | 1 |", "| one | $\\|x\\|$ |", "loses its backslash", "| one |"),
    "term defined twice": (
        "1.1.yaml",
        "A **pair** of",
        "A **pair**, a **pair** of",
        "the term 'pair' is bold a second time",
        "a **pair**",
    ),
    "term defined nowhere": (
        "1.1.yaml",
        "A **pair** of",
        "A pair of",
        "the term 'pair' is defined nowhere",
        "term: pair",
    ),
    "see-also that is no term": (
        "1.1.yaml",
        "see: [unit]",
        "see: [triple]",
        "see-also 'triple' is not a term",
        "triple",
    ),
    "see-also that is the term itself": (
        "1.1.yaml",
        "see: [unit]",
        "see: [unit, pair]",
        "see-also 'pair' is the term itself, or",
        "see: [",
    ),
    "see-also that stands twice": (
        "1.1.yaml",
        "see: [unit]",
        "see: [unit, Unit]",
        "see-also 'Unit' is the term itself, or stands",
        "see: [",
    ),
    "correction to its own title": (
        "1.1.yaml",
        "    reads: What is the number one?",
        "    reads: What is one?",
        "1.1.1 is corrected to its own title",
        "reads:",
    ),
    "unknown index entry": (
        "1.1.yaml",
        "{ix}`units`",
        "{ix}`triples`",
        "index entry 'triples' is not a term",
        "triples",
    ),
    "BibTeX": ("references.bib", "year      = {1889}\n}", "year = {1889}", "BibTeX: ", None),
    "entry of the source left out": (
        "book.yaml",
        '["1.1", "1.2"]',
        '["1.1"]',
        "1.2 'A section that is an answer' is not in the tree",
        None,
    ),
    "section file that is not there": (
        "book.yaml",
        '"1.2"]',
        '"1.2", "1.3"]',
        "1.3.yaml: this file does not exist",
        None,
    ),
    "draft that is complete": (
        "book.yaml",
        "first_page: 10",
        "first_page: 10\ndraft: true",
        "every answer is written",
        None,
    ),
    "fault in a figure": ("figures/numbers.py", "axes.axis", "axes.spokes", "AttributeError: ", None),
    "Python that does not compile": ("figures/numbers.py", "def line():", "def line(:", "Python: ", "def line(:"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_told_with_its_place(tiny, name):
    file, old, new, message, marked = FAULTS[name]
    tiny.replace(file, old, new)
    told = [line for line in tiny.faults() if message in line]
    assert told, tiny.faults()
    where, how = told[0].split(": ", 1)[0], told[0].rstrip()
    assert how.endswith(")") and "(" in how
    if marked:
        assert where == f"{file}:{tiny.line_of(file, marked)}"


def test_all_faults_are_told_in_one_run(tiny):
    tiny.replace("1.1.yaml", "[](1.1.2)", "[](9.9.9)")
    tiny.replace("1.1.yaml", "@peano1889arithmetices", "@nobody")
    tiny.replace("1.1.yaml", r"\sum_{i=1}^{n} 1 = n", r"\summe")
    tiny.replace("1.1.yaml", "$1 + 1$", r"$\frac{1}{$")
    faults = "\n".join(tiny.faults())
    for message in ("9.9.9", "nobody", r"\summe", r"\frac{1}{"):
        assert message in faults


def test_earlier_output_stays_and_the_status_is_1(tiny):
    tiny.make()
    before = {path: path.read_bytes() for path in tiny.out.iterdir()}
    tiny.replace("1.1.yaml", "[](1.1.2)", "[](9.9.9)")
    result = CliRunner().invoke(build.app, ["book", "--book", str(tiny.folder), "--out", str(tiny.out)])
    assert result.exit_code == 1
    assert {path: path.read_bytes() for path in tiny.out.iterdir()} == before


def test_nothing_of_the_book_is_executed(tiny):
    tiny.replace("1.2.yaml", "So it answers itself.", "{{ ''.__class__.__mro__ }}")
    assert any("computed number" in line for line in tiny.faults())


def test_raw_html_of_the_book_is_refused_and_escaped_signs_are_printed_as_text(tiny):
    tiny.replace("1.2.yaml", "So it answers itself.", "An <img src='file:///etc/passwd' alt='x'> stays text.")
    assert any(
        "1.2.yaml:6: \"<img src='file:///etc/passwd' alt='x'>\" looks like HTML" in line for line in tiny.faults()
    )
    tiny.replace("1.2.yaml", "An <img src='file:///etc/passwd' alt='x'>", "An \\<img src='file:///etc/passwd'>")
    printed = read_back(tiny.make().paths[0])
    assert "An <img src=" in " ".join(run.text for run in printed.runs)


def test_a_build_whose_print_differs_from_the_tree_publishes_nothing(tiny, monkeypatch):
    compare = pipeline.printed.compare

    def differs(folder, files, *more):
        assert all(path.parent.name.endswith(".part") for path in files.values())
        tiny.replace("1.2.yaml", "So it answers itself.", "So it answers nothing.")
        return compare(folder, files, *more)

    monkeypatch.setattr(pipeline.printed, "compare", differs)
    faults = tiny.faults()
    assert len(faults) == 1 and "“nothing.” in the answer of 1.2 is not on page 13, which has “itself.”" in faults[0]
    assert not tiny.out.exists()


def test_a_build_whose_pages_differ_from_the_source_publishes_nothing(tiny, monkeypatch):
    monkeypatch.setattr(writing.files, "label_pages", lambda pdf, front, first: None)
    faults = tiny.faults()
    assert any(
        "contents.txt:" in fault and "1.1 does not agree on a4, link: leads to page" in fault for fault in faults
    )
    assert not tiny.out.exists()
