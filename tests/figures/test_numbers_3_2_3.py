"""Numbers of 3.2.2 and 3.2.3, each by another route than the modules of `figures/` take."""

import math
from fractions import Fraction

import numpy as np
import pytest
from differences import numeric
from scipy import signal, special

from figures import channels, convolution, forward

# 3.2.2 ---------------------------------------------------------------------------------------


def _by_loops(x, b1=None):
    b1 = forward.B1 if b1 is None else b1
    hidden = [
        1 / (1 + math.exp(-(sum(w * v for w, v in zip(row, x, strict=True)) + b)))
        for row, b in zip(forward.W1, b1, strict=True)
    ]
    logits = [
        sum(w * a for w, a in zip(row, hidden, strict=True)) + b for row, b in zip(forward.W2, forward.B2, strict=True)
    ]
    return hidden, logits


def test_the_small_network_by_loops():
    hidden, logits = _by_loops(forward.INPUT)
    found = forward.network()
    assert found["a1"] == pytest.approx(hidden)
    assert found["z2"] == pytest.approx(logits)
    assert found["y"] == pytest.approx([1 / (1 + math.exp(-z)) for z in logits])
    assert [round(float(v), 6) for v in found["y"]] == [0.535053, 0.513228]
    assert found["softmax"]["first"] == pytest.approx(special.expit(logits[0] - logits[1]))


def test_the_printed_activations_give_the_printed_logit():
    hidden, logits = _by_loops(forward.INPUT)
    found = forward.network()["hidden"]
    assert list(found.values()) == pytest.approx(hidden)
    h1, h2, h3, h4 = (round(value, 4) for value in hidden)
    printed = 0.3 * h1 - 0.5 * h2 + 0.2 * h3 + 0.4 * h4 + 0.05
    assert round(printed, 4) == round(logits[0], 4)


def test_exact_preactivations_of_the_first_layer():
    w = [[Fraction(str(v)) for v in row] for row in forward.W1]
    b = [Fraction(str(v)) for v in forward.B1]
    exact = [
        sum(p * Fraction(str(q)) for p, q in zip(row, forward.INPUT, strict=True)) + c
        for row, c in zip(w, b, strict=True)
    ]
    assert exact == [0, Fraction(3, 4), Fraction(-1, 10), Fraction(-3, 20)]
    assert forward.network()["z1"] == pytest.approx([float(v) for v in exact])


def test_the_small_network_with_relu_in_exact_fractions():
    first = [Fraction(str(v)) for v in forward.W2[0]], Fraction(str(forward.B2[0]))
    second = [Fraction(str(v)) for v in forward.W2[1]], Fraction(str(forward.B2[1]))
    hidden = [Fraction(0), Fraction(3, 4), Fraction(0), Fraction(0)]
    exact = [sum(w * a for w, a in zip(row, hidden, strict=True)) + b for row, b in (first, second)]
    assert exact == [Fraction(-13, 40), Fraction(1, 40)]
    found = forward.variants()
    assert found["relu_z2"] == pytest.approx([float(v) for v in exact])
    assert found["relu_a1"] == pytest.approx([float(v) for v in hidden])
    assert found["second_z1"] == pytest.approx([-0.2, 0, 1.4, 0.6])


def test_parameters_of_the_small_network():
    assert forward.network()["parameters"] == 4 * 3 + 4 + 2 * 4 + 2 == 26


def test_a_raised_bias_moves_its_unit_alone():
    hidden, _ = _by_loops(forward.INPUT, forward.B1 + np.array([1, 0, 0, 0]))
    assert forward.network()["shifted"]["a"] == pytest.approx(hidden[0])
    assert hidden[1:] == pytest.approx(list(forward.network()["a1"][1:]))


def test_rows_of_the_batch_are_single_passes():
    found = forward.batch()
    for x, y in zip(found["X"], found["y"], strict=True):
        assert y == pytest.approx([special.expit(z) for z in _by_loops(x)[1]])


# 3.2.3 ---------------------------------------------------------------------------------------


def test_the_example_map_by_scipy():
    image, kernel, found = convolution.image(), convolution.kernel(), convolution.maps()
    plain = signal.correlate2d(image, kernel, mode="valid")
    assert found["plain"].tolist() == plain.tolist() == [[4, 4, 0], [4, 3, 0], [3, 1, 0]]
    assert found["flipped"].tolist() == signal.convolve2d(image, kernel, mode="valid").tolist()
    assert found["flipped"].tolist() == (-plain).tolist()
    assert found["padded"].tolist() == signal.correlate2d(image, kernel, mode="same").tolist()
    assert found["stride2"].tolist() == plain[::2, ::2].tolist()
    assert found["padded_stride2"].tolist() == found["padded"][::2, ::2].tolist()
    spread = np.zeros((5, 5), int)
    spread[::2, ::2] = kernel
    assert found["dilated"].tolist() == signal.correlate2d(image, spread, mode="valid").tolist()


def test_zero_padding_makes_an_edge_on_the_right():
    assert (convolution.maps()["padded"][:, -1] < 0).all()
    assert (convolution.image()[:, -2:] == 1).all()


def test_the_three_windows_of_the_text_cell_by_cell():
    found = convolution.first_window()
    image = ("00111", "00111", "00111", "01111", "11111")

    def column(top, left):
        return sum(w * int(image[top + u][left]) for u, w in enumerate((1, 2, 1)))

    assert [found["a"], found["sum"], found["c"]] == [column(n, n + 2) - column(n, n) for n in (0, 1, 2)]
    assert [found["right"], -found["left"]] == [column(1, 3), column(1, 1)] == [4, 1]
    assert [found["c_right"], found["c_left"]] == [column(2, 4), column(2, 2)] == [4, 4]
    assert found["inverted"] == -found["a"] == -4


def test_a_changed_pixel_changes_the_map():
    image = convolution.image()
    image[1, 3] = 0
    changed = convolution.correlate(image, convolution.kernel())
    assert changed[1, 1] == convolution.first_window()["sum"] - 1


def test_the_image_is_handed_out_as_a_copy():
    convolution.image()[0, 0] = 7
    assert convolution.image()[0, 0] == 0


def test_inverting_the_image_changes_the_sign():
    inverted = convolution.correlate(1 - convolution.image(), convolution.kernel())
    assert inverted.tolist() == (-convolution.maps()["plain"]).tolist()


def test_the_map_moves_with_the_image():
    image = convolution.image()
    moved = np.pad(image, ((0, 0), (1, 0)))[:, :-1]
    after = convolution.correlate(moved, convolution.kernel())
    assert after[:, 1:].tolist() == convolution.maps()["plain"][:, :-1].tolist()


def _places(m, k, s, p, d):
    """Count by trying: start positions from which the dilated kernel ends inside."""
    return sum(1 for start in range(0, m + 2 * p, s) if start + d * (k - 1) < m + 2 * p)


def test_output_widths_by_counting():
    for case in [
        (5, 3, 1, 0, 1),
        (5, 3, 2, 0, 1),
        (5, 3, 2, 1, 1),
        (7, 3, 2, 1, 1),
        (28, 3, 2, 0, 1),
        (32, 5, 1, 2, 1),
        (224, 7, 2, 3, 1),
        (224, 11, 4, 2, 1),
        (227, 11, 4, 0, 1),
        (7, 3, 1, 0, 2),
        (6, 3, 2, 0, 1),
        (112, 3, 2, 1, 1),
    ]:
        m, k, s, p, d = case
        assert convolution.output_width(m, k, s, p, d) == _places(*case), case
    found = convolution.sizes()
    assert [found[name]["o"] for name in "abcdefg"] == [3, 5, 3, 13, 3, 4, 112]
    assert convolution.output_width(7, 3, 2, 1) == 4


def test_parameters_and_multiplications_by_enumeration():
    found = channels.parameters()
    assert found["two_filters"] == 2 * (3 * 3 * 3 + 1) == 56
    assert found["dense"] == 5_531_400
    assert found["check"] == 760
    assert found["standard"] == 73_728
    assert found["separable"] == 8_768
    assert found["multiplications"] == 231_211_008
    assert found["grouped"] == 4 * (3 * 3 * 16 * 32)
    assert found["multiplications_separable"] == found["multiplications_depthwise"] + found["multiplications_pointwise"]


def _reached(layers, size=40):
    """Input cells on which the middle output depends, found by following a perturbation."""

    def run(x):
        for k, stride in layers:
            x = np.array([x[i : i + k].sum() for i in range(0, len(x) - k + 1, stride)])
        return x

    middle = len(run(np.zeros(size))) // 2
    return sum(1 for n in range(size) if run(np.eye(size)[n])[middle] != 0)


def test_receptive_fields_by_perturbation():
    found = channels.receptive()
    assert found["three"] == _reached(((3, 1),) * 3) == 7
    assert found["strided"] == _reached(((3, 2), (3, 2), (3, 1))) == 15
    assert found["two"] == _reached(((3, 1),) * 2) == _reached(((5, 1),)) == 5


def test_gradients_of_the_convolution():
    image, kernel, found = convolution.image(), convolution.kernel(), convolution.gradients()
    by_kernel = numeric(lambda w: signal.correlate2d(image, w, mode="valid").sum(), kernel)
    by_image = numeric(lambda x: signal.correlate2d(x, kernel, mode="valid").sum(), image)
    assert found["kernel"] == pytest.approx(by_kernel, abs=1e-6)
    assert found["image"] == pytest.approx(by_image, abs=1e-6)
    assert found["kernel_first"] == image[:3, :3].sum() == 3
    error = np.random.default_rng(0).normal(size=(3, 3))
    back = convolution.as_matrix_of(kernel).T @ error.ravel()
    assert signal.convolve2d(error, kernel) == pytest.approx(back.reshape(5, 5))


def test_the_matrix_of_the_convolution():
    matrix = convolution.as_matrix_of(convolution.kernel())
    assert (matrix @ convolution.image().ravel()).tolist() == convolution.maps()["plain"].ravel().tolist()
    assert convolution.as_matrix_counts() == {"rows": 9, "columns": 25, "entries": 225, "used": 81}


def test_the_way_back_in_one_dimension():
    x, w, d = np.array([1.0, 2, 0, 3]), np.array([2.0, -1]), np.array([1.0, -1, 2])

    def loss(inputs, weights):
        return float(d @ signal.correlate(inputs, weights, mode="valid"))

    found = convolution.line()
    assert found["z"] == pytest.approx(signal.correlate(x, w, mode="valid"))
    assert found["by_kernel"] == pytest.approx(numeric(lambda v: loss(x, v), w), abs=1e-6)
    assert found["by_input"] == pytest.approx(numeric(lambda v: loss(v, w), x), abs=1e-6)
    assert found["by_input"] == pytest.approx(np.convolve(d, w))
    assert found["by_bias"] == 2


def test_transposed_convolutions_are_transposed_matrices():
    def matrix(size, k, stride):
        places = (size - k) // stride + 1
        return np.array([[1 if 0 <= j - i * stride < k else 0 for j in range(size)] for i in range(places)])

    found = convolution.transposed()
    weighted = np.array([[1, 2, 1, 0, 0], [0, 0, 1, 2, 1]])
    assert found["line"].tolist() == (weighted.T @ [1, 3]).tolist()
    assert found["counts"].tolist() == matrix(7, 3, 2).sum(axis=0).tolist()
    assert found["even"].tolist() == matrix(6, 2, 2).sum(axis=0).tolist() == [1] * 6
    plane = weighted.T @ convolution.SMALL_MAP @ weighted
    assert found["plane"].tolist() == plane.tolist()


def test_kernels_that_follow_one_another():
    found = convolution.stacks()
    x = np.random.default_rng(0).normal(size=12)
    twice = signal.correlate(signal.correlate(x, [1, 2, 1], mode="valid"), [-1, 0, 1], mode="valid")
    assert signal.correlate(x, found["merged"], mode="valid") == pytest.approx(twice)
    assert found["sobel"].tolist() == convolution.kernel().tolist()
    walks = np.random.default_rng(1).integers(-1, 2, (200_000, 10)).sum(axis=1)
    assert found["deviation"] == pytest.approx(math.sqrt(20 / 3)) == pytest.approx(walks.std(), rel=0.01)
    assert found["middle"] == pytest.approx((abs(walks) <= 5).mean(), abs=0.002)
    assert found["field"] == 21 and found["edge"] == pytest.approx(3.0**-10)
