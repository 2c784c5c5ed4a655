"""Formulas in words: what a reader who cannot see them hears."""

import re
from pathlib import Path

import pytest
import yaml

from press import pipeline
from press.content import tree
from press.pictures.speech import speak
from press.pictures.speech.english import Notation
from press.pictures.speech.tree import problems_of
from press.problems import Problems

BOOK = Path(__file__).resolve().parents[2] / "book"
NOTATION = pipeline.notation_of(tree.load(BOOK, Problems()))

SPOKEN = [
    # Notation
    (r"\mathbf{x}", "x"),
    (r"W_{ij}", "W i j"),
    (r"\mathbf{W}^\top", "W transpose"),
    (r"\mathbf{W}^{(l)\top}", "W of layer l transpose"),
    (r"\boldsymbol{\delta}_j^{(l)}", "delta j of layer l"),
    (r"\mathbf{a} \odot \mathbf{b}", "a times entry by entry b"),
    (r"\hat{y}_i", "y hat i"),
    (r"\mathbf{y},\ \hat{\mathbf{y}}", "y, y hat"),
    (r"\mathbb{E},\ \operatorname{Var}", "expectation, variance"),
    (r"\mathbb{1}[\cdot]", "indicator of open bracket dot close bracket"),
    (r"\sigma^2_{\mathcal{B}}", "sigma sub B squared"),
    (r"\lambda_{\max}/\lambda_{\min}", "lambda max over lambda min"),
    (r"l = 1, \dots, D", "l equals 1, and so on, D"),
    (r"\Phi(z) + z\,\phi(z)", "capital phi of z plus z phi of z"),
    (r"\mathbf{x}^{(i)}", "x superscript i"),
    # Layers and their gradients
    (r"\mathbf{W}^{(l)}\mathbf{a}^{(l-1)} + \mathbf{b}^{(l)}", "W of layer l a of layer l minus 1, plus b of layer l"),
    (
        r"(\mathbf{W}^{(l+1)})^\top \boldsymbol{\delta}^{(l+1)} \odot f'(\mathbf{z}^{(l)})",
        "open paren W of layer l plus 1, close paren transpose delta of layer l plus 1, "
        "times entry by entry f prime of z of layer l",
    ),
    (r"\partial L/\partial \mathbf{z}^{(l)}", "partial L over partial z of layer l"),
    (r"\frac{\partial L}{\partial \mathbf{z}^{(l)}}", "partial derivative of L with respect to z of layer l"),
    (r"\nabla_{\mathbf{w}} L", "gradient with respect to w of L"),
    (r"\mathbf{X}\mathbf{W}^\top + \mathbf{1}\mathbf{b}^\top", "X W transpose plus 1 b transpose"),
    (r"\prod_{l=1}^D \|\mathbf{W}^{(l)}\|", "product from l equals 1 to D of norm of W of layer l"),
    (r"\mathbf{H}^{-1}\mathbf{g}", "H inverse g"),
    (
        r"\mathbf{W} \in \mathbb{R}^{n_l \times n_{l-1}}",
        "W is in the reals to the power n l by n sub l minus 1, end sub, end power",
    ),
    (r"\mathbf{W}^{(l+1)\top} \boldsymbol{\delta}^{(l+1)}.", "W of layer l plus 1 transpose, delta of layer l plus 1."),
    (r"\sum_{i \le t} h'(x_i)", "sum over i less than or equal to t of h prime of x i"),
    # Activation functions
    (
        r"\sigma'(z) = \sigma(z)\,(1 - \sigma(z))",
        "sigma prime of z equals sigma of z open paren 1 minus sigma of z close paren",
    ),
    (r"\tanh'(z) = 1 - \tanh^2(z)", "tanh prime of z equals 1 minus tanh squared of z"),
    (r"\tanh(z) = 2\sigma(2z) - 1", "tanh of z equals 2 sigma of open paren 2 z close paren minus 1"),
    (
        r"\frac{e^{-z}}{(1 + e^{-z})^2}",
        "fraction, e to the minus z, over open paren 1 plus e to the minus z close paren squared, end fraction",
    ),
    (r"(1 + e^{-z})^{-1}", "open paren 1 plus e to the minus z close paren to the minus 1"),
    (r"\mathbb{1}[z > 0]", "indicator of open bracket z is greater than 0 close bracket"),
    (
        r"f(z) = \begin{cases} z & z > 0 \\ \alpha z & \text{otherwise} \end{cases}",
        "f of z equals cases, z if z is greater than 0, alpha z otherwise, end cases",
    ),
    (r"\max(0, z)", "max of open paren 0, z close paren"),
    (r"z \to \infty", "z goes to infinity"),
    (r"|z| = 1.32", "absolute value of z equals 1.32"),
    (
        r"\operatorname{softmax}(\mathbf{z})_i = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}",
        "softmax of z, entry i equals fraction, e to the z i, over sum from j equals 1 to K of "
        "e to the z j, end fraction",
    ),
    (
        r"\frac{\partial \hat{y}_i}{\partial z_j} = \hat{y}_i(\mathbb{1}[i = j] - \hat{y}_j)",
        "partial derivative of y hat i with respect to z j equals y hat i open paren indicator of "
        "open bracket i equals j close bracket minus y hat j close paren",
    ),
    (r"\arg\max_i z_i", "arg max over i of z i"),
    # Losses
    (r"L = -\sum_{k=1}^K y_k \log \hat{y}_k", "L equals minus sum from k equals 1 to K of y k log of y hat k"),
    (
        r"\log \sum_j e^{z_j} = m + \log \sum_j e^{z_j - m}",
        "log of sum over j of e to the z j equals m plus log of sum over j of e to the power z j minus m, end power",
    ),
    (r"L + \frac{\lambda}{2}\|\mathbf{w}\|^2", "L plus lambda over 2 the squared norm of w"),
    (r"\|\mathbf{x}\|_2 \le \|\mathbf{x}\|_1", "the two norm of x is less than or equal to the one norm of x"),
    (r"-\eta\|\mathbf{g}\|^2", "minus eta the squared norm of g"),
    (
        r"\frac{L(w + h) - L(w - h)}{2h}",
        "fraction, L of open paren w plus h close paren minus L of open paren w minus h close paren, "
        "over 2 h, end fraction",
    ),
    # Convolution
    (
        r"o = \left\lfloor \frac{m + 2P - d(k - 1) - 1}{S} \right\rfloor + 1",
        "o equals floor of fraction, m plus 2 P minus d open paren k minus 1 close paren minus 1, "
        "over S, end fraction, end floor plus 1",
    ),
    (
        r"y_{ij} = \sum_{u=0}^{k-1} \sum_{v=0}^{k-1} w_{uv}\,x_{i+u,\,j+v}",
        "y i j equals sum from u equals 0 to k minus 1 of sum from v equals 0 to k minus 1 of "
        "w u v x sub i plus u, j plus v, end sub",
    ),
    (r"3 \times 3", "3 by 3"),
    (r"k \times k \times C", "k by k by C"),
    (r"3 \times 3 = 9", "3 times 3 equals 9"),
    # Normalization, initialization, optimizers
    (
        r"\hat{x}_i = \frac{x_i - \mu_{\mathcal{B}}}{\sqrt{\sigma^2_{\mathcal{B}} + \varepsilon}}",
        "x hat i equals fraction, x i minus mu sub B, over square root of "
        "sigma sub B squared plus epsilon, end root, end fraction",
    ),
    (
        r"W_{ij} \sim \mathcal{N}(0, 2/n_{\text{in}})",
        "W i j is distributed as N open paren 0, 2 over n sub in close paren",
    ),
    (
        r"\operatorname{Var}(z) = n\,\mathbb{E}[w^2]\,\mathbb{E}[x^2]",
        "variance of z equals n expectation of open bracket w squared close bracket "
        "expectation of open bracket x squared close bracket",
    ),
    (
        r"\mathbf{w}_{t+1} = \mathbf{w}_t - \eta\,\frac{\hat{\mathbf{m}}_t}"
        r"{\sqrt{\hat{\mathbf{v}}_t} + \varepsilon}",
        "w sub t plus 1, end sub equals w t minus eta fraction, m hat t, over "
        "square root of v hat t plus epsilon, end fraction",
    ),
    (r"\hat{m}_t = m_t/(1 - \beta_1^t)", "m hat t equals m t over open paren 1 minus beta sub 1 to the t close paren"),
    (r"2.0 \times 10^{-6}", "2.0 times 10 to the minus 6"),
    (r"101{,}770", "101,770"),
    (r"\mathbf{w} \leftarrow \mathbf{w} - \eta \mathbf{g}", "w becomes w minus eta g"),
    # Arrays
    (r"\begin{bmatrix} 1 & 0 \\ -0.5 & 2 \end{bmatrix}", "2 by 2 matrix, row 1, 1, 0, row 2, minus 0.5, 2, end matrix"),
    (r"\mathbf{x} = \begin{bmatrix} 0.5 \\ -1 \end{bmatrix}", "x equals column vector 0.5, minus 1, end vector"),
    (r"\begin{bmatrix} 2 & 1 & 0.1 \end{bmatrix}^\top", "row vector 2, 1, 0.1, end vector transpose"),
    (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "a equals b, equals c"),
    (
        r"\left.\frac{\partial f}{\partial x}\right|_{x=0}",
        "partial derivative of f with respect to x, evaluated at x equals 0",
    ),
    (r"p(y \mid x)", "p open paren y given x close paren"),
    (r"\mathrm{ReLU}(z)", "ReLU of z"),
    ("𝐱 + 𝛼", "x plus alpha"),
]


@pytest.mark.parametrize(("latex", "words"), SPOKEN)
def test_a_formula_is_said_in_words(latex, words):
    assert speak(latex, NOTATION) == words


def test_the_words_of_the_notation_come_from_the_book():
    assert speak(r"\mathbf{a}^{(l)} \odot L(x)") == "a superscript l circled dot operator L open paren x close paren"
    german = Notation((("⊙", "mal je Eintrag"),), "der Schicht", frozenset("l"), frozenset("L"))
    assert speak(r"\mathbf{a}^{(l)} \odot L(x)", german) == "a der Schicht l mal je Eintrag L of x"


def test_an_index_of_several_terms_is_told_from_a_sum():
    assert speak("x_{t+1}") != speak("x_t + 1")
    assert speak(r"\mathbf{a}^{(l+1)} b") != speak(r"\mathbf{a}^{(l)} + 1 b")
    assert speak(r"e^{x+1}") != speak("e^x + 1")


def test_a_sign_without_words_goes_by_its_name():
    assert speak(r"a \oplus b \ltimes c") == ("a direct sum b left normal factor semidirect product c")


def _texts(node, key=""):
    """Every string below a node of YAML, with the key that it stands under."""
    if isinstance(node, dict):
        for name, child in node.items():
            yield from _texts(child, name)
    elif isinstance(node, list):
        for child in node:
            yield from _texts(child, key)
    elif isinstance(node, str):
        yield key, node


def _formulas(path):
    """Every formula of a file of the book, without those that hold a computed number."""
    tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    if path.stem == "notation":
        yield from (row[0] for group in tree for row in group["rows"])
    for key, text in _texts(tree):
        text = re.sub(r"```.*?```|`[^`]+`", "", text, flags=re.DOTALL)
        found = (
            [text]
            if key == "tex"
            else [display or inline for display, inline in re.findall(r"\$\$(.+?)\$\$|\$([^$]+)\$", text, re.DOTALL)]
        )
        yield from (latex for latex in found if "{{" not in latex)


@pytest.mark.parametrize("path", sorted(BOOK.glob("*.yaml")), ids=lambda path: path.stem)
def test_no_formula_of_the_book_leaves_a_sign(path):
    spoken = {latex: speak(latex, NOTATION) for latex in _formulas(path)}
    assert {latex: words for latex, words in spoken.items() if not re.fullmatch(r"[A-Za-z0-9 ,.-]+", words)} == {}


def test_the_formulas_of_the_book_are_found():
    formulas = [latex for path in BOOK.glob("*.yaml") for latex in _formulas(path)]
    assert r"\boldsymbol{\delta}^{(l)}" in formulas and r"\tanh'(z) = 1 - \tanh^2(z)" in formulas


def test_every_made_up_command_is_named_with_its_column():
    assert problems_of(r"a + \sofmax(z) + \foo") == [
        r"column 5: unsupported command: \sofmax",
        r"column 18: unsupported command: \foo",
    ]


def test_a_made_up_command_within_boldsymbol_is_named_once():
    """Mathra counts from 1 again there, and the search for the next one never ended."""
    assert problems_of(r"\delta + \boldsymbol{\delt} \foo") == [
        r"column 22: unsupported command: \delt",
        r"column 29: unsupported command: \foo",
    ]


def test_other_faults_have_a_column_too():
    assert problems_of(r"\frac{1}{") == ["column 9: '{' without a matching '}'"]
    assert problems_of("x^2^3") == ["column 4: double superscript: use braces, as in x^{a^b}"]


def test_a_sound_formula_has_no_problems():
    assert problems_of(r"\sigma(z)\,(1 - \sigma(z))") == []


def test_a_faulty_formula_is_not_spoken():
    with pytest.raises(ValueError, match=r"column 1: unsupported command: \\foo"):
        speak(r"\foo x")
