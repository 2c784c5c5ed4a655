"""Formulas as Typst sets them: their base lines, measured in the pages that draw them."""

import shutil

import pytest

from press import pipeline
from press.pdf.painted import painted
from press.pictures import latex, typesetting
from press.pictures import told as remembering
from press.pictures.formulas import set_formulas
from press.pictures.speech import letters
from press.pictures.speech.english import PLAIN
from press.problems import Place, Problems

FONTS, CACHE = pipeline.TEMPLATES / "fonts", pipeline.CACHE / "formulas"

INLINE = [
    r"x",
    r"y_i^2",
    r"x = \frac{1 + e^z}{1 + e^{-z}}",
    r"x = \sqrt{\frac{a}{b}}",
    r"x = \begin{bmatrix} 1 \\ 2 \\ 3 \end{bmatrix}",
    r"x = \sum_i x_i",
]


@pytest.mark.parametrize("letter", ["V", "W"])
def test_a_letter_as_index_stands_about_as_close_as_a_figure(letter, tmp_path):
    indices = [f"{letter}_{{jk}}", f"{letter}_j", f"{letter}_{{11}}"]
    wanted = {(latex, False): [] for latex in indices}
    typeset = set_formulas(wanted, pipeline.TEMPLATES / "fonts", tmp_path, Problems())
    begins = []
    for index in indices:
        page = typeset.pages[typeset.formulas[index, False].page.key]
        begins.append(sorted(mark.box[0] for mark in painted(page) if mark.kind == "text")[1])
    assert begins[0] == pytest.approx(begins[1], abs=0.01)
    assert begins[0] - begins[2] < 2.2  # 3.1 points without the mend


@pytest.mark.parametrize("latex", INLINE)
def test_the_depth_of_a_formula_is_that_of_its_first_letter(latex, tmp_path):
    typeset = set_formulas({(latex, False): []}, pipeline.TEMPLATES / "fonts", tmp_path, Problems())
    formula = typeset.formulas[latex, False]
    letters = [mark for mark in painted(typeset.pages[formula.page.key]) if mark.kind == "text"]
    first = min(letters, key=lambda mark: mark.box[0])
    assert 10 * formula.depth == pytest.approx(first.box[1], abs=0.02)


def told(latex, tmp_path, display=True, cache=CACHE):
    """Return what is told of a formula; what is said in another way than the press's is kept in another cache."""
    problems = Problems()
    set_formulas({(latex, display): [Place(tmp_path / "a.yaml", 3)]}, FONTS, cache, problems)
    return [f"{problem.what} ({problem.how})" for problem in problems.found]


HOSTILE = {
    "code in text": r'\text{" #read("/tests/books/base/1.1.yaml") "}',
    "code in a name": r'\operatorname{" #read("/README.md") "}',
    "a package": r'\text{" #import "@preview/a:1.0.0": b; "}',
    "the day": r'\mathrm{"} #datetime.today() "',
    "no end": r'\text{" #range(100000000).map(x => range(100000000)) "}',
    "code without quotes": r"a # b",
    "a hash after a backslash": r"a \\# b",
    "a label": "a @b",
    "raw text": "`a`",
    "dollars in text": r"\begin{cases} 1 & \text{if $x > 0$} \\ 0 & \text{else} \end{cases}",
    "a tilde in text": r"\text{of~size}",
    "a space in text": r"\text{of\,size}",
    "a letter in text": r"\text{\alpha}",
    "a space in a name": r"\operatorname{arg\,max}_i a_i",
    "a tab": "\theta",
    "a bell": "\alpha",
    "a comment": "a = b % note\n+ c",
    "a percent sign": "b = 12.3%",
    "two digits raised": "x^23",
    "two digits lowered": "x_10",
    "two bars": "||x||",
    "an empty matrix": r"\begin{bmatrix}\end{bmatrix}",
    "nothing": "  ",
    "a large formula": "x + " * 25_000 + "x",
    "a deep formula": "{" * 1_000 + "x" + "}" * 1_000,
    "deep roots": r"\sqrt{" * 500 + "x" + "}" * 500,
    "deep fences": r"\left(" * 500 + "x" + r"\right)" * 500,
    "a letter that no font has": r"\text{学}",
    "another letter that no font has": "学",
    "an emoji": "x + 😀",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_formula_is_refused(name, tmp_path):
    faults = told(HOSTILE[name], tmp_path)
    assert faults and all(len(fault) < 300 and "\n" not in fault for fault in faults), faults


SHOWN = {
    r"\mathrm{KL}(p\|m) + \mathrm{KL}(q\|m)": "KL(p‖m)+KL(q‖m)",
    r"|x|": "∣x∣",
    r"\|x\|": "‖x‖",
    r"\|\mathbf{W}\|_F^2 + |a - (|b| + c)|": None,
    r"12.3\%": "12.3%",
    r"101,770": "101,770",
    r"101{,}770": "101,770",
    r"x^{23}": "x23",
    r"p(a|b)": "p(a∣b)",
    r"\arg\max_i a_i": "argmaxiai",
    r"\text{a\%b \# \$ \_ \&}": "a%b#$_&",
    r"\begin{aligned} a &= b + c \\ d &= e \end{aligned}": "a=b+cd=e",
    r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}": "[1324]",
    r"\sqrt[3]{\hat{x}} \ne \binom{n}{k}": None,
    r"\left\{ x \mid y \right\}": None,
    r"\underbrace{a + b}_{c}": None,
    r"\lim_{x \to 0} f'(x)": "limx→0f′(x)",
}


@pytest.mark.parametrize("latex", SHOWN)
def test_the_page_shows_what_is_said(latex, tmp_path):
    assert told(latex, tmp_path) == []
    if SHOWN[latex]:
        assert letters.fold(SHOWN[latex]) == letters.letters_of(latex)


@pytest.mark.parametrize("damage", [lambda source: source.replace("x", "y"), lambda source: source.replace("x", "x x")])
def test_a_formula_that_shows_something_else_than_is_said_is_refused(monkeypatch, tmp_path, damage):
    sound = latex.to_typst

    def damaged(*formula):
        source, faults = sound(*formula)
        return damage(source), faults

    monkeypatch.setattr(latex, "to_typst", damaged)
    (fault,) = told(r"\frac{x}{2}", tmp_path, cache=tmp_path)
    assert "the page would show '" in fault and fault.endswith("and 'x2' is said (write it another way)")


@pytest.mark.parametrize("latex, widest", [("|x|", 11.5), (r"\|x\|", 14.5), ("101,770", 36), ("101{,}770", 36)])
def test_bars_and_thousands_are_tight(latex, widest, tmp_path):
    typeset = set_formulas({(latex, False): []}, FONTS, CACHE, Problems())
    assert 10 * typeset.formulas[latex, False].width < widest


def test_a_formula_without_end_is_ended(monkeypatch, tmp_path):
    monkeypatch.setattr(latex, "to_typst", lambda *_: ("#formula[#range(100000000).map(x => range(100000000))]", []))
    monkeypatch.setattr(typesetting, "ROOT", _short_of_time(tmp_path))
    (fault,) = told("x", tmp_path, cache=tmp_path)
    assert "Typst does not end, or needs too much memory" in fault


def _short_of_time(folder):
    """A copy of the press whose limit is two seconds."""
    shutil.copytree(pipeline.ROOT / "press", folder / "press")
    shutil.copytree(pipeline.ROOT / "templates", folder / "templates")
    file = folder / "press" / "pictures" / "typesetting.py"
    source = file.read_text(encoding="utf-8")
    assert "SECONDS, MORE, MEMORY = 10," in source
    file.write_text(source.replace("SECONDS, MORE, MEMORY = 10,", "SECONDS, MORE, MEMORY = 2,"), encoding="utf-8")
    return folder


@pytest.mark.parametrize("item", latex.REFUSED, ids=lambda item: item.name)
def test_each_refusal_says_what_to_write(item):
    assert item.how and "\n" not in item.name


def test_what_is_told_of_a_book_is_known_after_a_page_of_it(tmp_path, monkeypatch):
    """A page or an edit asks about a few formulas; the next build still knows all others."""
    asked = []
    monkeypatch.setattr(
        remembering, "_tell", lambda key, *_: asked.append(key[0]) or remembering.Told("", [], "", "", "")
    )
    book = [(f"x_{{{number}}}", False) for number in range(40)]
    for wanted in (book, [("y", False)], [*book, ("y", False)]):
        remembering.told(wanted, FONTS, tmp_path, PLAIN)
    assert len(asked) == 41
    monkeypatch.setattr(remembering, "MOST", 10)  # what was asked about last is kept, of a larger book all of it
    for wanted in ([("z", False)], [("y", False)], book):
        remembering.told(wanted, FONTS, tmp_path, PLAIN)
    assert asked[41:] == ["z", *(f"x_{{{number}}}" for number in range(32))]
