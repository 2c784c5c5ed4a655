"""The proof of drawings: labels on their ticks, tints that a black-and-white print keeps apart."""

import matplotlib.pyplot as plt
import pikepdf
import pytest
from matplotlib.axes import Axes

from press.pdf.painted import painted
from press.pictures import style
from press.proof.drawings import hanging_labels, like_tints


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
