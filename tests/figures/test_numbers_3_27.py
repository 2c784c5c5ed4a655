"""Numbers of 3.27, padding, by other routes than the figures take."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.ndimage import uniform_filter
from scipy.signal import correlate2d

from figures import convolution, padding
from figures.models import convolutions, digits


def places(m, k, before, after, stride=1, dilation=1):
    """Count the places of a kernel one by one."""
    span = dilation * (k - 1) + 1
    return sum(1 for start in range(0, m + before + after, stride) if start + span <= m + before + after)


def test_width_formula_by_counting():
    for m in (5, 8, 13):
        for k in (1, 2, 3, 5):
            for before, after in ((0, 0), (1, 1), (2, 0), (0, 1)):
                for stride in (1, 2, 3):
                    for dilation in (1, 2):
                        count = places(m, k, before, after, stride, dilation)
                        if count:
                            assert convolutions.output_width(m + before + after, k, stride, dilation=dilation) == count


def test_shrinking():
    found = padding.shrinking()
    assert (found["ten"], found["fifteen"], found["fit"]) == (32 - 2 * 10, 32 - 2 * 15, 15)
    assert places(2, 3, 0, 0) == 0


def test_same_rule_is_the_least_padding_for_the_width():
    for m, k, stride in (
        (5, 3, 1),
        (7, 3, 2),
        (6, 3, 2),
        (224, 3, 2),
        (224, 7, 2),
        (28, 2, 2),
        (5, 2, 1),
    ):
        before, after = convolutions.same_padding(m, k, stride)
        wanted = math.ceil(m / stride)
        assert places(m, k, before, after, stride) == wanted
        assert after - before in (0, 1)
        if before + after:
            assert places(m, k, 0, before + after - 1, stride) < wanted
    found = padding.same_cases()
    assert [(found[c]["before"], found[c]["after"]) for c in "bcde"] == [
        (1, 1),
        (0, 1),
        (0, 1),
        (2, 3),
    ]
    assert places(224, 3, 1, 1, 2) == found["d"]["o"] == 112
    assert [found[c]["o"] for c in "abcdef"] == [5, 4, 3, 112, 112, 14]
    assert (found["a"]["before"], found["a"]["after"]) == (0, 1)


def test_equal_padding_like_same():
    cases = {"a": (5, 2, 1), "b": (7, 3, 2), "c": (6, 3, 2), "d": (224, 3, 2), "e": (224, 7, 2)}
    found = padding.same_cases()
    for name, (m, k, stride) in cases.items():
        counts = [places(m, k, P, P, stride) for P in range(9)]
        if name == "a":
            assert found[name]["equal"] == "none" and 5 not in counts
            continue
        P = counts.index(math.ceil(m / stride))
        assert counts.count(math.ceil(m / stride)) == 1
        assert found[name]["equal"] == str(P)
        assert found[name]["shift"] == str(P - found[name]["before"])
    assert [found[c]["equal"] for c in "bcde"] == ["1", "1", "1", "3"]
    assert [found[c]["shift"] for c in "bcde"] == ["0", "1", "1", "1"]
    # Six cells, one zero on each side: the third window ends with cell 6, the last zero is left.
    assert 2 * 2 + 3 == 1 + 6


def test_digits_on_paper():
    found, images = padding.paper(), 1 - digits.load()[0].reshape(-1, 8, 8)
    ring = np.ones((8, 8), bool)
    ring[1:7, 1:7] = False
    zero, reflect = images, images
    for _ in range(3):
        zero = uniform_filter(zero, (0, 3, 3), mode="constant")
        reflect = uniform_filter(reflect, (0, 3, 3), mode="mirror")
    assert found["count"] == 1797
    assert found["plain"] == pytest.approx(images[:, ring].mean())
    assert found["zero"] == pytest.approx(zero[:, ring].mean())
    assert found["reflect"] == pytest.approx(reflect[:, ring].mean())
    assert found["zero"] < found["reflect"] / 2 and found["reflect"] > found["plain"] - 0.2
    assert found["touched"] == 64 - (8 - 2 * 3) ** 2
    assert convolutions.box_mean(images[:1], "constant", 3)[0] == pytest.approx(zero[0])


def test_row_of_ones_in_exact_fractions():
    row = [Fraction(1)] * 8
    for name in ("one", "two", "three"):
        wide = [Fraction(0), *row, Fraction(0)]
        row = [sum(wide[i : i + 3]) / 3 for i in range(8)]
        assert padding.row_of_ones()[name] == pytest.approx([float(value) for value in row])
    assert row[:4] == [Fraction(13, 27), Fraction(22, 27), Fraction(26, 27), 1]


def test_sorting_by_length_saves_places():
    found = padding.bucketed()
    assert (found["real"], found["together"], found["sorted"]) == (106, 4 * 50, 2 * 5 + 2 * 50)


def test_fills():
    found = padding.fills()
    assert (found["reflect"]["left"], found["reflect"]["right"]) == ("3 2", "4 3")
    assert (found["replicate"]["left"], found["replicate"]["right"]) == ("1 1", "5 5")
    assert (found["circular"]["left"], found["circular"]["right"]) == ("4 5", "1 2")


def test_maps_of_the_image():
    image, kernel = convolution.image(), convolution.kernel()
    for name, (boundary, fill) in {
        "zero": ("fill", 0),
        "circular": ("wrap", 0),
    }.items():
        expected = correlate2d(image, kernel, "same", boundary, fill)
        assert (padding.responses()[name] == expected).all()
    inner = correlate2d(image, kernel, "valid")
    assert all((found[1:4, 1:4] == inner).all() for found in padding.responses().values())
    right = {name: found[:, 4] for name, found in padding.responses().items()}
    assert (right["reflect"] == 0).all()
    assert max(right["zero"]) == -3 and max(right["circular"]) == -2


def test_mean_filter_and_its_repair():
    found = padding.averaging()
    assert (found["corner"], found["edge"], found["inside"]) == pytest.approx((4 / 9, 6 / 9, 1))
    counts = correlate2d(np.ones((5, 5)), np.ones((3, 3)), "same")
    assert correlate2d(np.ones((5, 5)), np.full((3, 3), 1 / 9), "same") / (counts / 9) == pytest.approx(np.ones((5, 5)))


def test_masking():
    found = padding.masked()
    assert (found["mean"], found["masked_mean"]) == (2, 4)
    e = math.e
    assert found["masked_weights"] == pytest.approx([e / (1 + e), 1 / (1 + e), 0, 0])
    assert found["weights"] == pytest.approx([x / (e**2 + e + 2) for x in (e**2, e, 1, 1)])


def test_another_input_changes_the_numbers(monkeypatch):
    monkeypatch.setattr(padding, "SIGNAL", (9, 2, 3, 4, 5))
    assert padding.fills()["circular"]["right"] == "9 2"


def test_the_rim_that_has_seen_padding_by_spreading_marks():
    """Padded cells are marked, and each layer marks every output whose window holds a marked cell."""
    for depth in (1, 3, 5, 10):
        marked = np.zeros((20, 20))
        for _ in range(depth):
            framed = np.pad(marked, 1, constant_values=1)
            marked = np.max([framed[i : i + 20, j : j + 20] for i in range(3) for j in range(3)], axis=0)
        assert padding.rim()[f"d{depth}"]["untouched"] == int((marked == 0).sum())


def test_three_means_of_a_padded_loss():
    found = padding.loss_means()
    assert (found["all"], found["real"], found["sequences"]) == pytest.approx((14 / 8, 14 / 5, (2 + 6) / 2))


def test_transposed_convolution_widths_of_the_text():
    spread = np.zeros(9)
    for cell in range(4):
        spread[2 * cell : 2 * cell + 3] += 1
    assert (spread > 0).all() and len(spread[1:-1]) == 7
    assert [convolutions.output_width(m, 3, 2, 1) for m in (7, 8)] == [4, 4]
