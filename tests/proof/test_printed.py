"""Print beside the tree: what stands in the tree and not on the page is told, field by field."""

import json
import shutil

import pytest
from conftest import BOOKS
from typer.testing import CliRunner

import build
from press.content import bibtex
from press.proof import printed
from press.proof.beside import MEND
from press.proof.rawnumbers import BEGIN, END, fill
from press.proof.rawtext import read_pieces, read_words
from press.proof.rawtree import people, plain_latex, read_bibtex
from press.proof.rawwords import plain
from press.text.numbers import FILTERS, PERCENT

TRAILING = MEND


@pytest.fixture
def beside(made, tmp_path):
    """Return a function that changes the tree after it was printed and compares; it returns lines."""
    folder = shutil.copytree(BOOKS / "base", tmp_path / "book")

    def compare(file="", old="", new="", numbers=None):
        if file:
            text = (folder / file).read_text(encoding="utf-8")
            assert old in text
            (folder / file).write_text(text.replace(old, new), encoding="utf-8")
        verdict = printed.compare(folder, made.files, numbers or made.context.drawings.numbers)
        return [str(problem).replace(f"{folder}/", "") for problem in verdict.problems]

    return compare


def test_the_tiny_book_is_printed_whole(made, beside):
    assert beside() == []
    counts = printed.compare(BOOKS / "base", made.files, made.context.drawings.numbers).counts
    assert counts["words"] > 400 and counts["formulas"] > 15 and counts["page numbers"] > 30


# What is in the tree and not in print: (file, in print, in the tree, what is told).
CHANGES = {
    "title": ("1.1.yaml", "What is two?", "What is too?", "“too?” in the title of 1.1.2 is not on page 12"),
    "page": ("1.1.yaml", "page: 12", "page: 11", "1.1.2 stands on page 12 instead of 11"),
    "reads": ("1.1.yaml", "the number one?", "the number 1?", "“1?” in `reads` of 1.1.1 is not on page 10"),
    "reason": ("1.1.yaml", "article is", "noun is", "the collation, 1.1.1"),
    "key": ("1.1.yaml", "key: One is the unit", "key: One is a unit", "“a unit.” in the key of 1.1.1 is not on page 10"),
    "key on the card": ("1.1.yaml", "key: Two is a pair", "key: Two is the pair", "in the study card of 1.1.2 is not on page 2"),
    "opener": ("1.1.yaml", "Two questions", "Three questions", "in the opener of 1.1 is not on page 10"),
    "answer": ("1.1.yaml", "leads to", "goes to", "“and … goes to 1.1.2, p. 12.” in the answer of 1.1.1 is not on page 10"),
    "a word twice": ("1.2.yaml", "So it answers", "So so it answers", "“So so it answers itself.” in the answer of 1.2"),
    "a paragraph": ("1.2.yaml", "  So it", "  A word.\n\n  So it", "1.2.yaml:6: “A word.” in the answer of 1.2 is not on page 13"),
    "order": ("1.1.yaml", "The value of", "See it. The value of", "“See it. The value of 0.333 is computed."),
    "a computed number": ("1.1.yaml", "fixed(3)", "fixed(2)", "“0.33 is computed. See Figure 1.1-1 and Table 1.1-1.”"),
    "a formula": ("1.1.yaml", "and $x_1 + 1 = 2$ leads", "and leads", "in the answer of 1.1.1 is not on page 10"),
    "an equation": ("1.1.yaml", "$$ (eq:count)", "$$", "“…” in the answer of 1.1.1 is not on page 10, which has “… (1.1-1)”"),
    "a caption": ("1.1.yaml", "A line. It rises.", "A line. It falls.", "“falls.” in the answer of 1.1.1 is not on page 10"),
    "a picture": ("1.1.yaml", "straight line that", "crooked line that", "the picture of the answer of 1.1.1, “A crooked line"),
    "a cell": ("1.1.yaml", "| two | 4 |", "| two | 5 |", "“5” in the answer of 1.1.1 is not on page 10"),
    "a row": ("1.1.yaml", "| two | 4 |", "| two | 4 |\n      | three | 9 |", "“three” in the answer of 1.1.1"),
    "columns": ("1.1.yaml", "| two | 4 |", "| 4 | two |", "“two” in the answer of 1.1.1 stands out of its order"),
    "watch_out": ("1.1.yaml", "not a prime", "no prime", "“no prime.” in `watch_out` of 1.1.1 is not on page 10"),
    "self-test": ("1.1.yaml", "Is one a prime?", "Is two a prime?", "in a self-test of 1.1.1 is not on page 10"),
    "its answer": ("1.1.yaml", "No, it is a unit.", "No, it is one.", "“one.” in the answer to a self-test of 1.1.1 is not on page 15"),
    "term": ("1.1.yaml", "term: pair", "term: pairs\n    forms: [pair]", "in the index, pairs is not on page"),
    "glossary": ("1.1.yaml", "Two things.", "Both things.", "in the glossary, pair is not on page"),
    "see also": ("1.1.yaml", "    see: [unit]\n", "", "in the index, pair is not on page"),
    "index": ("1.1.yaml", "{ix}`units`", "units", "“10” in the index, unit is not on page"),
    "citation": ("1.1.yaml", " [@peano1889arithmetices]", "", "“unit, and … leads to 1.1.2, p. 12.” in the answer"),
    "reference": ("1.1.yaml", "[](1.1.2)", "[](1.2)", "“1.2, p. 13.” in the answer of 1.1.1"),
    "number of a figure": ("1.1.yaml", "See [](fig:numbers/line)", "See [](eq:count)", "“Equation 1.1-1 and Table"),
    "name on the card": ("1.1.yaml", "name: One", "name: One thing", "in the study card of 1.1.1"),
    "name on the sheet": ("1.1.yaml", "name: One", "name: One thing", "in the formula sheet, 1.1.1"),
    "a formula of the sheet": ("1.1.yaml", "        tex: 1 = 1\n", "        tex: 1 = 1\n      - name: Two\n        tex: 2\n", "Two 10"),
    "title of the book": ("book.yaml", "A Tiny Book", "A Small Book", "in the title of the book is not on page"),
    "subtitle": ("book.yaml", "for one test", "for two tests", "in the subtitle of the book is not on page"),
    "author": ("book.yaml", "author: Tests", "author: Testers", "the file's Author is not “Testers”"),
    "edition": ("book.yaml", "First edition", "Second edition", "Second edition … 2026 is not before the first answer"),
    "date": ("book.yaml", "2026-01-31", "2026-01-30", "First edition … 30 … 2026 … Tests is not before"),
    "subject": ("book.yaml", "subject: testing", "subject: nothing", "the file's Subject is not “nothing”"),
    "keywords": ("book.yaml", "keywords: [tests]", "keywords: [tests, tests]", "the file's Keywords"),
    "study": ("book.yaml", "Read it.", "Read on.", "“on.” in `study` is not on page"),
    "colophon": ("book.yaml", "Made for a test.", "Made for two.", "“two.” in `colophon` is not on page"),
    "collation": ("book.yaml", "Line by line.", "Word by word.", "in `collation` is not on page"),
    "notation": ("notation.yaml", "A count", "A sum", "in the notation of n is not on page"),
    "group of the notation": ("notation.yaml", "group: Numbers", "group: Letters", "in the notation is not on page"),
    "a work's author": ("references.bib", "Peano", "Piano", "of the work peano1889arithmetices is not on page"),
    "name of the sheet": ("book.yaml", "A Tiny Book", "A Small Book", "the formula sheet does not name the book"),
    "a work that is not listed": ("references.bib", "{Peano, Giuseppe},\n  title     = {Arithmetices Principia},\n  publisher = {Fratres Bocca}", "{Frege, Gottlob},\n  title = {Grundlagen},\n  publisher = {Koebner}", "is not in the list of references"),
    "a work that nothing cites": ("1.1.yaml", " [@peano1889arithmetices]", "", "not each number of the list of references is a cited work"),
    "a term that is not bold": ("1.1.yaml", "A **pair** of", "A pair of", "'pair' is defined on no page"),
    "a work's year": ("references.bib", "1889}", "1890}", "“(1890)” of the work peano1889arithmetices is not on page"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_what_the_tree_has_and_the_page_has_not(beside, name):
    file, old, new, told = CHANGES[name]
    lines = beside(file, old, new)
    assert [line for line in lines if told in line], lines
    assert all(line.startswith(("1.", "book.yaml", "notation.yaml", "references.bib")) for line in lines)
    assert all(line.endswith(f"({TRAILING})") for line in lines)


def test_a_computed_number_inside_a_formula_is_read_in_its_alternative_text(made, tmp_path):
    folder = shutil.copytree(BOOKS / "base", tmp_path / "book")
    path = folder / "1.1.yaml"
    path.write_text(path.read_text().replace("$x_1 + 1 = 2$", "$x_1 + 1 = {{ numbers.values.third | fixed(0) }}$"))
    problems = printed.compare(folder, made.files, {"numbers": {"values": {"third": 7}}}).problems
    assert any("the computed number 7 of the formula $x_1 + 1 = 7$ is not on page 10" in p.what for p in problems)


def test_two_formulas_that_stand_for_each_other(beside):
    lines = beside("1.1.yaml", "What is $1 + 1$?", "What is $x_1 + 1 = 2$?")
    assert any("another formula stands for $x_1 + 1 = 2$" in line for line in lines)


def test_a_link_that_prints_another_page(made, monkeypatch):
    story = printed.read_story(made.files["book", "a4"])

    def other(path):
        blocks = [
            block._replace(references=[reference._replace(words="1.1.2, p. 13") for reference in block.references])
            for block in story.blocks
        ]
        return story._replace(blocks=blocks)

    monkeypatch.setattr(printed, "read_story", other)
    files = {("book", "a4"): made.files["book", "a4"]}
    told = [problem.what for problem in printed.compare(BOOKS / "base", files, made.context.drawings.numbers).problems]
    assert "“1.1.2, p. 13” on page 10 leads to page 12" in told


def test_the_command_compares_with_the_tree_and_says_so(made, tmp_path, monkeypatch):
    out = made.files["book", "a4"].parent
    result = CliRunner().invoke(build.app, ["check", "--book", str(BOOKS / "base"), "--out", str(out)])
    assert result.exit_code == 0 and "beside its tree, word by word" in result.stdout
    assert "nothing missing in" in result.stdout
    folder = shutil.copytree(BOOKS / "base", tmp_path / "book")
    text = (folder / "1.2.yaml").read_text()
    (folder / "1.2.yaml").write_text(text.replace("answers itself", "answers nothing"))
    result = CliRunner().invoke(build.app, ["check", "--book", str(folder), "--out", str(out), "--json"])
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert len(told["problems"]) == 1 and told["problems"][0]["line"] == 6


VALUES = [0.0, -0.0004, 0.125, 2.5, -2.675, 1797, 1234567, 0.8125, 3.14159e-7, 6.02e10, 99.95, -0.5, 0.285, 1e-300]


@pytest.mark.parametrize("name", ["fixed", "general", "sci", "thousands", "percent"])
@pytest.mark.parametrize("value", VALUES)
def test_numbers_are_formatted_alike_on_two_ways(name, value):
    for digits in [1, 2, 3, 4] if name != "thousands" else [None]:
        call = f"{name}({digits})" if digits else name
        arguments = [digits] if digits else []
        filled = fill("{{ m.f.key | " + call + " }}", {"m": {"f": {"key": value}}})
        assert filled.strip(BEGIN + END) == FILTERS[name](value, *arguments).replace(PERCENT, "%")


def test_rows_and_matrices_and_steps_into_results():
    numbers = {"m": {"f": {"rows": [[1, 2.5], [3, 4]], "1": {"a b": 2}}}}
    for call, wanted in {
        "m.f.rows[1] | row(0)": FILTERS["row"]([3, 4], 0),
        "m.f . rows.  0 | column(1)": FILTERS["column"]([1, 2.5], 1),
        "m.f.rows.0 | column(1)": FILTERS["column"]([1, 2.5], 1),
        "m.f.rows | matrix(1)": FILTERS["matrix"]([[1, 2.5], [3, 4]], 1),
        'm.f["1"]["a b"]': "2",
        "(m.f.rows[0][1] - 1) * 2 | fixed(1)": "3.0",
    }.items():
        assert fill("{{ " + call + " }}", numbers) == BEGIN + wanted + END
    assert fill("{{ m.f.nothing | fixed }}", numbers) == "{{ m.f.nothing | fixed }}"


@pytest.mark.parametrize(
    "field",
    [
        "``Deep'' nets",
        "`single' quotes",
        "Le`",
        "O'Brien's",
        r"{\`E}lan \'a la",
        "100 % of 5\\%",
        "a--b---c",
        r"\emph{Not} {THIS}",
    ],
)
def test_a_field_of_a_work_is_read_alike_on_two_ways(field):
    assert plain(plain_latex(field)) == plain(bibtex.plain(field))


class Names:
    """What references and citations print, for the tests of words."""

    def work(self, key):
        return {"a": "1", "b": "2"}.get(key, "?")

    def reference(self, shown, target):
        return shown or target


@pytest.mark.parametrize(
    "raw, words",
    [
        ("*One* **two** `thr*ee` four*five", "One \ue000two thr*ee fourfive"),
        ("1 * 2 \\* 3", "1 * 2 * 3"),
        ("$a_1$, $b$", "\ufffc, \ufffc"),
        ("[@a] and [@b, ch. 6; @a]", "[\ue0001] and [\ue0002, ch. 6; \ue0001]"),
        ("{ix}`term` {xx}`y`", "\ue000term {xx}y"),
        ("[shown](3.4.1) [](fig:x) [out](https://x.org)", "shown fig:x out"),
        ("$x", "$x"),
        ("[](1.1.2", "[](1.1.2"),
        ("{@key}", "{@key}"),
    ],
)
def test_what_is_no_mark_is_a_word(raw, words):
    assert read_words(raw, Names()).text == words


def test_blocks_and_lines_of_a_text():
    text = "One\ntwo\n\n- a\n- b\n  c\n\n1. d\n\n:::{note} Head\nBody\n:::\n\n"
    text += "$$\nx\n$$ (eq:x)\n```\ncode\n```\n:::{place} check\n:::"
    pieces = [(piece.kind, piece.raw, piece.line) for piece in read_pieces(text, 10)]
    assert pieces == [
        ("words", "One\ntwo", 10),
        ("mark", "•", 13),
        ("words", "a", 13),
        ("mark", "•", 14),
        ("words", "b\nc", 14),
        ("mark", "1.", 17),
        ("words", "d", 17),
        ("title", "Head", 19),
        ("words", "Body", 20),
        ("equation", "x", 23),
        ("code", "code", 27),
    ]


def test_what_a_fence_or_table_holds_is_wanted_whole():
    fence = ":::{figure} a/b\n:width: column\n:alt: Alt.\nCaption.\n\nA second paragraph.\n:: \n\nAfter."
    assert [piece.raw for piece in read_pieces(fence, 1)] == ["Alt.", "Caption.", "A second paragraph.\n::", "After."]
    table = "| a | b |\n|---|---|\n| $|x|$ | `|` | c |\n"
    assert [piece.raw for piece in read_pieces(table, 1)] == ["a", "b", "$|x|$", "`|`", "c"]


def test_bibtex_is_read_as_it_stands(tmp_path):
    file = tmp_path / "works.bib"
    file.write_text(
        "@article{a, author = {van der Berg, Jan-Piet and {\\'E}mile M. Zola and {Some House}},\n"
        ' title = "A {B}: {\\"u}ber", year = 1999 }\n@book{b,\n title={C}}\n'
    )
    works = read_bibtex(file)
    assert works["a"].fields["year"] == "1999" and works["b"].line == 3
    assert plain_latex(works["a"].fields["title"]) == "A B: über"
    assert people(works["a"].fields["author"]) == [
        ("van der Berg", "Jan-Piet"),
        ("Zola", "Émile M."),
        ("Some House", ""),
    ]


def test_a_key_that_is_a_word_of_python_is_followed_too():
    numbers = {"root": {"rows": [{"with": {"class": 0.125}}]}}
    assert fill("{{ root.rows.0.with.class | fixed(2) }}", numbers) == f"{BEGIN}0.12{END}"
