"""Formulas as lines of text, and what readers' programs find of them in a finished file."""

import pikepdf
import pypdfium2
import pytest

from press.pdf.tags import walk
from press.pictures.speech.line import line_of

LINES = {
    r"\sigma(z)": "σ(z)",
    r"\hat{y}_i": "ŷ_i",
    r"\max(0, z)": "max(0, z)",
    r"L = -\ln \hat{y}_t": "L = − ln ŷ_t",
    r"\frac{\partial L}{\partial \mathbf{W}^{(l)}}": "(∂L)/(∂W^(l))",
    r"\operatorname{softmax}\left(\frac{\mathbf{Q}\mathbf{K}^\top}{\sqrt{C}}\right)\mathbf{V}": "softmax((QKᵀ)/√C)V",
    r"\sum_{k=1}^{K} e^{z_k}": "∑_(k = 1)^K e^(z_k)",
    r"\begin{pmatrix}1 & -2\\0.5 & 3\end{pmatrix}": "(1 − 2; 0.5 3)",
    r"f'(z) \le 101{,}770": "f′(z) ≤ 101,770",
    r"|a| \quad \text{for all } \overline{ab}": "|a| for all (ab)\u0304",
}


@pytest.mark.parametrize("latex", LINES)
def test_a_formula_in_one_line(latex):
    assert line_of(latex) == LINES[latex]


def test_search_and_copy_find_the_line_of_a_formula(tiny):
    tiny.replace("1.1.yaml", "is computed. See", r"is computed, as $\sigma(z)$ and $\mathbf{A} = \hat{y}$ are. See")
    document = pypdfium2.PdfDocument(tiny.make().paths[0])
    text = document[7].get_textpage().get_text_range()
    assert "σ(z)" in text and "A = ŷ" in text and "x_1 + 1 = 2" in text
    document.close()


def test_the_latex_of_a_formula_is_an_associated_file_of_its_tag(tiny):
    tiny.replace("1.1.yaml", "is computed. See", r"is computed, as $\sigma(z)$ is. See")
    with pikepdf.open(tiny.make().paths[0]) as pdf:
        tags = [element.item for element in walk(pdf) if element.kind == "Formula"]
        told = {str(tag.Alt): tag.AF[0].EF.F.read_bytes().decode() for tag in tags}
        assert r"\sigma(z)" in told.values() and all(tag.AF[0].AFRelationship == "/Source" for tag in tags)
