"""The proof of drawings: labels on their ticks, tints that a black-and-white print keeps apart."""

import matplotlib.pyplot as plt
import pikepdf
import pytest
from matplotlib.axes import Axes

from press.pdf.painted import painted
from press.pictures import style
from press.proof.drawings import hanging_labels, like_tints, proof_figure


@pytest.fixture
def marks(tmp_path):
    """Return a function that saves a sheet and returns what it paints."""

    def paint(sheet):
        sheet.savefig(tmp_path / "sheet.pdf")
        plt.close(sheet)
        with pikepdf.open(tmp_path / "sheet.pdf") as pdf:
            return painted(pdf.pages[0])

    return paint


def place(rule, what):
    return rule, what


def drawn(yscale="linear"):
    sheet, axes = style.figure(60, 40)
    axes.plot([1, 2, 3], [0.01, 1, 10])
    axes.set_yscale(yscale)
    return sheet


@pytest.mark.parametrize("yscale", ["linear", "log"])
def test_labels_stand_on_their_ticks(marks, yscale):
    assert not list(hanging_labels(marks(drawn(yscale)), "a/b", place))


def test_labels_as_matplotlib_sets_them_hang(marks, monkeypatch):
    sheet = drawn()
    plt.close(sheet)
    monkeypatch.setattr(Axes, "get_yaxis_text1_transform", style._beside_the_axis)
    told = list(hanging_labels(marks(drawn()), "a/b", place))
    assert [rule for rule, _ in told] == ["tick"] and "stands -1." in told[0][1]


def test_a_cold_and_a_warm_tint_of_one_grey(marks):
    def areas(*colors):
        sheet, axes = style.figure(60, 40)
        for index, color in enumerate(colors):
            axes.axvspan(index, index + 1, color=color)
        return list(like_tints(marks(sheet), "a/b", place))

    assert areas("#cfe0e3", "#f2ddd2") == [("tint", "two tints of a/b look alike in grey, 3% apart")]
    assert not areas(style.TEAL_TINT, style.RUST_TINT)
    assert not areas("#cfe0e3", "#d5e4e7")  # shades of one color


@pytest.fixture
def drawing(tmp_path):
    """Return a function that saves a drawing and returns what is found in it."""

    def draw(plot):
        sheet, axes = plt.subplots(figsize=(4, 2))
        plot(axes)
        sheet.savefig(tmp_path / "drawing.pdf")
        plt.close(sheet)
        with pikepdf.open(tmp_path / "drawing.pdf") as pdf:
            return list(proof_figure(pdf.pages[0], "a/b", lambda rule, what: what))

    return draw


TEAL, RUST = "#0b5563", "#b4572e"
X = [0, 1, 2, 3]


@pytest.mark.parametrize(
    "first, second, label, alike",
    [
        ({"color": TEAL}, {"color": RUST}, False, True),
        ({"color": TEAL}, {"color": RUST}, True, False),
        ({"color": TEAL}, {"color": RUST, "linestyle": "--"}, False, False),
        ({"color": TEAL}, {"color": RUST, "linewidth": 3}, False, False),
        ({"color": TEAL, "marker": "o"}, {"color": RUST, "marker": "s"}, False, False),
        ({"color": TEAL}, {"color": "#d0d0d0"}, False, False),
        ({"color": TEAL}, {"color": TEAL}, False, False),
    ],
)
def test_curves_that_look_alike_in_grey(drawing, first, second, label, alike):
    def plot(axes):
        axes.plot(X, [0, 1, 4, 9], **first)
        axes.plot(X, [9, 8, 7, 6], **second)
        if label:
            axes.text(0.2, 0.9, "one")
            axes.text(0.2, 8.9, "other")

    assert bool(drawing(plot)) == alike


@pytest.mark.filterwarnings("ignore:constrained_layout not applied")  # the label leaves no room for axes
def test_a_label_that_is_cut_off(drawing):
    assert drawing(lambda axes: axes.text(2.5, 0.5, "far too long to fit", fontsize=30)) == [
        "a label of a/b is cut off at the edge of the drawing"
    ]
