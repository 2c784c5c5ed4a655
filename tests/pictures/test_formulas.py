"""Formulas as Typst sets them: their base lines, measured in the pages that draw them."""

import pytest

from press import pipeline
from press.pdf.painted import painted
from press.pictures.formulas import set_formulas
from press.problems import Problems

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
    for latex in indices:
        page = typeset.pages[typeset.formulas[latex, False].page.key]
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
