"""Numbers of section 3.2, each by another route than the modules of `figures/` take."""

import math
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml
from differences import numeric
from scipy import optimize, signal, special

from figures import backprop, channels, convolution, forward, graph, pooling, signals

BOOK = Path(__file__).resolve().parents[2] / "book"


@cache
def answer(number):
    """The Markdown of one answer of section 3.2."""
    section = yaml.safe_load((BOOK / "3.2.yaml").read_text(encoding="utf-8"))
    return next(q for q in section["questions"] if q["number"] == number)["answer"]


# 3.2.1 ---------------------------------------------------------------------------------------


def _neuron_loss(values):
    x1, x2, w1, w2, b, y = values
    return (special.expit(w1 * x1 + w2 * x2 + b) - y) ** 2 / 2


def test_every_wire_of_the_neuron_carries_the_gradient_of_the_loss():
    names = ("x1", "x2", "w1", "w2", "b", "y")
    slopes = numeric(_neuron_loss, [graph.NEURON[name] for name in names])
    found = graph.neuron()
    for name, slope in zip(names, slopes, strict=True):
        assert found["d"][name] == pytest.approx(slope, abs=1e-9), name
    assert round(found["loss"], 3) == 0.081
    assert round(found["d"]["z"], 3) == -0.096


def test_the_numbers_of_the_neuron_follow_its_inputs():
    other = graph.neuron_pass(graph.NEURON | {"x1": 3.0})
    assert other["d"]["w1"] != pytest.approx(graph.neuron()["d"]["w1"], rel=0.1)


def test_the_printed_steps_of_the_one_unit_lead_to_the_printed_results():
    found = graph.neuron()
    e, slope, delta = (round(v, 4) for v in (found["e"], found["slope"], found["d"]["z"]))
    assert round(e * slope, 4) == delta == -0.0964
    assert round(delta * 1.5, 4) == round(found["d"]["w1"], 4) == -0.1446
    assert round(e * e / 2, 4) == round(found["loss"], 4) == 0.0805


def test_the_quotient_of_the_text_by_the_closed_form():
    def loss(w1):
        return (special.expit(1.5 * w1 - 0.5) - 1) ** 2 / 2

    found = graph.checked()
    assert found["quotient"] == pytest.approx((loss(0.61) - loss(0.59)) / 0.02, rel=1e-12)
    assert f"{found['quotient']:.6f}" == f"{found['gradient']:.6f}" == "-0.144629"


def test_errors_of_the_fan_out_add_up():
    found = graph.fan_out_numbers()
    total = Fraction(1, 2) * Fraction(1, 5) - Fraction(1, 10) - Fraction(2, 5) * Fraction(3, 10)
    assert found["total"] == pytest.approx(float(total)) == -0.12


def test_errors_of_the_difference_quotients():
    s = special.expit(1.0)
    second, third = s * (1 - s) * (1 - 2 * s), s * (1 - s) * (1 - 6 * s + 6 * s * s)
    found = graph.differences()
    assert found["h3"]["forward"] == pytest.approx(abs(second) / 2 * 1e-3, rel=0.01)
    assert found["h3"]["central"] == pytest.approx(abs(third) / 6 * 1e-6, rel=0.01)
    assert found["h1"]["central"] == pytest.approx(found["predicted"], rel=0.01)


def test_the_best_step_of_the_central_difference_is_near_one_in_a_hundred_thousand():
    steps, _, central = graph.differences_by_step()
    assert 1e-7 < steps[np.argmin(central)] < 1e-4
    assert central[steps < 1e-11].min() > 100 * central.min()


def test_both_signals_have_the_size_that_the_rule_predicts():
    """The rule: a factor of sqrt(n v / 2) a layer for ReLU, both ways; the products are the same in all layers."""
    found = signals.sizes()
    steady, fading = found["relu2"], found["relu1"]
    assert all(0.4 < steady[f"{key}{n}"] < 1.3 for key in "adg" for n in (1, 10, 20))
    assert fading["a20"] / fading["a1"] == pytest.approx(found["factor"] ** 19, rel=0.6)
    assert fading["d1"] / fading["d20"] == pytest.approx(found["factor"] ** 19, rel=0.6)
    assert fading["g1"] == pytest.approx(fading["g20"], rel=0.3)
    assert found["nineteen"] == pytest.approx(2**-9.5)
    sigmoid = found["sigmoid"]
    assert 0.45 < sigmoid["a20"] < 0.6 and sigmoid["g1"] < 1e-11 < 1e-2 < sigmoid["g20"]


def test_one_stack_followed_by_a_second_program():
    """Derivatives of a stack of ReLU layers by central differences, for one start."""
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=(100, 100)) * 0.1 for _ in range(signals.LAYERS)]
    x, top = rng.normal(size=100), rng.normal(size=100)

    def loss(first, start):
        a = start
        for n, W in enumerate(weights):
            a = np.maximum((first if n == 0 else W) @ a, 0)
        return float(top @ a)

    z = weights[0] @ x
    j = int(np.argmax(z))
    h = 1e-4
    moved = []
    for sign in (1, -1):
        first = weights[0].copy()
        first[j, 0] += sign * h
        moved.append(loss(first, x))
    by_difference = (moved[0] - moved[1]) / (2 * h) / x[0]
    a, masks = x, []
    for W in weights:
        a = W @ a
        masks.append(a > 0)
        a = np.maximum(a, 0)
    delta = top * masks[-1]
    for n in range(signals.LAYERS - 1, 0, -1):
        delta = (weights[n].T @ delta) * masks[n - 1]
    assert delta[j] == pytest.approx(by_difference, rel=1e-5)


def test_the_best_step_minimizes_the_sum_of_both_errors():
    for name, rounding in (("double", 2**-53), ("single", 2**-24)):
        found = signals.step_sizes()[name]
        best = optimize.minimize_scalar(
            lambda log, r=rounding: math.log(r / math.exp(log) + math.exp(log) ** 2 / 6),
            bounds=(-20, 0),
            method="bounded",
        )
        assert found["h"] == pytest.approx(math.exp(best.x), rel=1e-3)
        assert found["error"] == pytest.approx(math.exp(best.fun), rel=1e-6)
    assert signals.step_sizes()["double"]["h"] == pytest.approx(np.cbrt(1.5 * np.finfo(float).eps))


def test_multiplications_of_the_large_network_by_layers():
    widths, forward_count, backward = (784, 128, 10), 0, 0
    for n, (inputs, units) in enumerate(zip(widths, widths[1:], strict=False)):
        forward_count += inputs * units
        backward += inputs * units * (1 if n == 0 else 2)
    found = signals.counted()
    assert (found["forward"], found["backward"]) == (forward_count, backward) == (101_632, 102_912)
    assert forward.counted()["multiplications"] == 64 * forward_count == 6_504_448
    assert (found["left"], found["right"]) == (20_000, 1_010_000)


def test_relative_errors_of_the_faulty_programs():
    found, right = backprop.checks(), numeric(_loss, VALUES, 1e-5)[:6]
    assert found["none"] < 1e-8
    for fault in ("new", "square", "slope"):
        d1, d2 = backprop.faults()[fault]["d_1"], backprop.faults()[fault]["d_2"]
        wrong = np.array([d1 * 0.8, d1 * 0.4, d2 * 0.8, d2 * 0.4, d1, d2])
        gaps = abs(wrong - right) / np.maximum(abs(wrong), abs(right))
        assert found[fault] == pytest.approx(gaps.max(), rel=1e-4), fault


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


# 3.2.4 ---------------------------------------------------------------------------------------


def _blocks(values):
    return values.reshape(2, 2, 2, 2).transpose(0, 2, 1, 3).reshape(2, 2, 4)


def test_pooled_values_by_blocks():
    found, blocks = pooling.results(), _blocks(pooling.INPUT)
    assert found["max"].tolist() == blocks.max(2).tolist() == [[5, 4], [6, 8]]
    assert found["average"].tolist() == blocks.mean(2).tolist() == [[2.75, 1.75], [2.5, 4.75]]
    assert found["global_average"] == float(Fraction(int(pooling.INPUT.sum()), 16)) == 2.9375
    assert found["plain_rows"] == "5, 4, 6, 8"
    assert found["overlap_rows"] == "7, 7, 7, 8"
    assert found["check_quotient"] == Fraction(112 + 2 * 1 - 3, 2)
    assert found["check"] == 56


def test_a_shift_of_one_cell_leaves_one_maximum_of_four():
    moved = np.zeros((4, 4))
    moved[:, 1:] = pooling.INPUT[:, :3]
    after = _blocks(moved).max(2)
    assert pooling.results()["shifted_rows"] == ", ".join(f"{v:g}" for v in after.ravel())
    assert (after == _blocks(pooling.INPUT).max(2)).sum() == 1
    assert pooling.results()["unchanged_word"] == "one"


@pytest.mark.parametrize(
    ("reduce", "gradient", "k", "stride"),
    [
        (np.max, pooling.max_gradient, 2, 2),
        (np.mean, pooling.average_gradient, 2, 2),
        (np.max, pooling.max_gradient, 3, 1),
        (np.mean, pooling.average_gradient, 3, 1),
    ],
)
def test_gradients_of_pooling(reduce, gradient, k, stride):
    def loss(x):
        return (pooling.ERROR * pooling.pool(x, reduce, k, stride)).sum()

    found = gradient(pooling.INPUT, pooling.ERROR, k, stride)
    assert found == pytest.approx(numeric(loss, pooling.INPUT), abs=1e-8)
    assert found.sum() == pytest.approx(pooling.ERROR.sum())


def test_the_seven_collects_three_errors():
    assert pooling.results()["overlap_seven"] == pytest.approx(0.4 - 0.2 + 0.1)


def test_padded_corners_and_the_ends_of_a_network():
    window = np.array([np.nan, np.nan, np.nan, pooling.INPUT[0, 0]])
    found = pooling.padded()
    assert found["max"] == np.nanmax(window) == 3
    assert found["left_out"] == np.nanmean(window) == 3
    assert found["counted"] == np.nan_to_num(window).mean() == 0.75
    assert pooling.ends() == {"flat": 25_088_000, "pooled": 512_000}
    assert pooling.results()["overlap_eight"] == 0.3


def test_the_largest_of_four_normal_numbers():
    draws = np.random.default_rng(0).normal(size=(400_000, 4)).max(axis=1)
    found = pooling.noise()
    assert found["largest"] == pytest.approx(draws.mean(), abs=0.005)
    assert found["deviation"] == pytest.approx(draws.std(), abs=0.005)


# 3.2.5 ---------------------------------------------------------------------------------------


def _loss(flat):
    """The loss of the 2-2-2 network, unit by unit, from twelve numbers."""
    x1, x2 = 0.8, 0.4
    w11, w12, w21, w22, b1, b2, v11, v12, v21, v22, c1, c2 = flat
    h1 = 1 / (1 + math.exp(-(w11 * x1 + w12 * x2 + b1)))
    h2 = 1 / (1 + math.exp(-(w21 * x1 + w22 * x2 + b2)))
    o1 = 1 / (1 + math.exp(-(v11 * h1 + v12 * h2 + c1)))
    o2 = 1 / (1 + math.exp(-(v21 * h1 + v22 * h2 + c2)))
    return ((o1 - 1) ** 2 + o2**2) / 2


NAMES = (
    "W1_11",
    "W1_12",
    "W1_21",
    "W1_22",
    "b1_1",
    "b1_2",
    "W2_11",
    "W2_12",
    "W2_21",
    "W2_22",
    "b2_1",
    "b2_2",
)
VALUES = (0.3, -0.5, 0.6, 0.2, 0.1, -0.2, 0.7, -0.4, -0.3, 0.9, 0.2, -0.1)


def test_all_twelve_gradients_against_finite_differences():
    found = backprop.example()
    assert [found[name] for name in NAMES] == list(VALUES)
    slopes = numeric(_loss, VALUES, 1e-5)
    for name, slope in zip(NAMES, slopes, strict=True):
        assert found[f"g_{name}"] == pytest.approx(slope, abs=1e-9), name
        # The text says that both columns of the table agree in all printed digits.
        assert f"{found[f'g_{name}']:.6f}" == f"{found[f'n_{name}']:.6f}", name


def test_the_update_and_the_loss_after_it():
    found = backprop.example()
    after = np.array(VALUES) - 0.5 * optimize.approx_fprime(np.array(VALUES), _loss, 1e-7)
    assert [found[f"new_{name}"] for name in NAMES] == pytest.approx(after, abs=1e-6)
    assert found["loss"] == pytest.approx(_loss(VALUES)) == pytest.approx(0.247314530)
    assert found["new_loss"] == pytest.approx(_loss([found[f"new_{name}"] for name in NAMES]))
    assert found["drop"] == pytest.approx(-found["predicted_change"], rel=0.05)
    assert found["squared_gradient"] == pytest.approx((numeric(_loss, VALUES) ** 2).sum())


def test_the_self_test_with_another_target():
    state = backprop.forward_pass(backprop.START, y=np.array([1.0, 1.0]))
    other = backprop.backward_pass(backprop.START, state)["d2"]
    assert other[0] == backprop.example()["d2_1"]
    assert backprop.example()["other_delta"] == pytest.approx(other[1])
    assert round(backprop.example()["other_error"], 4) == -0.4330
    assert round((0.5670 - 1) * 0.2455, 4) == round(other[1], 4)


def test_another_input_gives_other_numbers():
    state = backprop.forward_pass(backprop.START, x=np.array([0.8, 0.5]))
    assert state["loss"] != pytest.approx(backprop.example()["loss"], abs=1e-4)


def test_the_first_column_of_the_gradient_is_twice_the_second():
    found = backprop.example()
    assert found["g_W1"][:, 0] == pytest.approx(2 * found["g_W1"][:, 1])


def test_gradients_of_the_first_layer_are_three_times_smaller():
    found = backprop.example()
    ratio = np.linalg.norm(found["g_W2"]) / np.linalg.norm(found["g_W1"])
    assert found["ratio"] == pytest.approx(ratio)
    assert round(ratio, 1) == 3.1


def test_the_printed_program_reaches_the_printed_loss(capsys):
    program = answer("3.2.5").split("```python\n")[1].split("```")[0]
    names = {}
    exec(program, names)  # the listing of the book, as the reader would run it
    found = backprop.descent()
    printed = [float(word) for word in capsys.readouterr().out.strip(" []\n").split()]
    assert printed == pytest.approx([found["y_1"], found["y_2"]], abs=1e-6)
    assert ((names["a2"] - names["y"]) ** 2).sum() / 2 == pytest.approx(found["after10000"], rel=1e-3)


def test_the_descent_falls_ever_more_slowly():
    found = backprop.descent()
    losses = [found[f"after{n}"] for n in (0, 1, 10, 100, 1000, 10_000)]
    assert losses == sorted(losses, reverse=True)
    assert found["gap"] < 1e-10


def test_each_fault_still_learns_and_only_the_check_sees_it():
    found = backprop.faults()
    right = numeric(_loss, VALUES)[4:6]
    assert [found["none"]["d_1"], found["none"]["d_2"]] == pytest.approx(right, abs=1e-9)
    for fault in ("new", "square", "slope"):
        assert found[fault]["after1"] < backprop.example()["loss"] - 0.02
        assert found[fault]["after100"] < 0.01
        assert abs(found[fault]["d_1"] - right[0]) > 1e-3
    assert found["slope"]["after100"] < found["none"]["after100"] - 0.001
    assert found["slope"]["d_1"] / right[0] == pytest.approx(4, abs=0.2)
    assert (round(found["new"]["percent_1"]), round(found["new"]["percent_2"])) == (7, 5)


def test_without_the_slope_the_descent_is_faster_only_at_first():
    def loss_after(steps):
        W1, b1, W2, b2 = (backprop.START[name].copy() for name in ("W1", "b1", "W2", "b2"))
        for _ in range(steps + 1):
            a1 = 1 / (1 + np.exp(-W1 @ backprop.INPUT - b1))
            a2 = 1 / (1 + np.exp(-W2 @ a1 - b2))
            d2 = (a2 - backprop.TARGET) * a2 * (1 - a2)
            d1 = W2.T @ d2  # the slope left out
            W2, b2 = W2 - 0.5 * np.outer(d2, a1), b2 - 0.5 * d2
            W1, b1 = W1 - 0.5 * np.outer(d1, backprop.INPUT), b1 - 0.5 * d1
        return ((a2 - backprop.TARGET) ** 2).sum() / 2

    assert loss_after(100) == pytest.approx(backprop.faults()["slope"]["after100"])
    for steps, faster in ((1, True), (10, True), (100, True), (1000, False)):
        assert (loss_after(steps) < backprop.descent()[f"after{steps}"]) == faster


# A batch of two, and the variants of the problems -----------------------------------------------


def _mean_loss(flat):
    """Mean loss of the two examples, unit by unit."""
    w11, w12, w21, w22, b1, b2, v11, v12, v21, v22, c1, c2 = flat
    total = 0.0
    for (x1, x2), (y1, y2) in (((0.8, 0.4), (1, 0)), ((0.2, 0.6), (0, 1))):
        h1, h2 = special.expit(w11 * x1 + w12 * x2 + b1), special.expit(w21 * x1 + w22 * x2 + b2)
        o1, o2 = special.expit(v11 * h1 + v12 * h2 + c1), special.expit(v21 * h1 + v22 * h2 + c2)
        total += ((o1 - y1) ** 2 + (o2 - y2) ** 2) / 4
    return total


def test_the_batch_of_two_against_finite_differences():
    found, slopes = backprop.batch(), numeric(_mean_loss, VALUES, 1e-5)
    assert found["g_W2"].ravel() == pytest.approx(slopes[6:10], abs=1e-9)
    assert found["g_b2"] == pytest.approx(slopes[10:], abs=1e-9)
    assert found["D1"].mean(axis=0) == pytest.approx(slopes[4:6], abs=1e-9)
    assert found["loss"] == pytest.approx(_mean_loss(VALUES))
    assert found["new_loss"] == pytest.approx(_mean_loss(np.array(VALUES) - 0.5 * slopes), abs=1e-8)
    assert found["cosine"] < -0.9  # the two gradients nearly cancel
    assert found["second_on_first"] > found["losses"][0] + 0.02
    assert found["first_W2"] + found["second_W2"] == pytest.approx(2 * found["g_W2"])


def test_the_batch_starts_slowly_and_learns():
    parameters = np.array(VALUES)
    for n in range(101):
        if n in (10, 100):
            assert backprop.batch_descent()[f"after{n}"] == pytest.approx(_mean_loss(parameters), abs=1e-6)
        parameters -= 0.5 * numeric(_mean_loss, parameters, 1e-5)
    found = backprop.batch_descent()
    assert found["after10"] > 0.25 > 0.23 < found["after100"] and found["after500"] < 0.05


def test_the_end_with_softmax_by_scipy():
    z, W2 = backprop.example()["z2"], np.array([[0.7, -0.4], [-0.3, 0.9]])
    found = backprop.softmax_end()
    assert found["y"] == pytest.approx(special.softmax(z))
    assert found["delta"] == pytest.approx(numeric(lambda v: -special.log_softmax(v)[0], z), abs=1e-8)
    assert found["loss"] == pytest.approx(-special.log_softmax(z)[0])
    back = numeric(lambda a: -special.log_softmax(W2 @ a + [0.2, -0.1])[0], backprop.example()["a1"])
    assert found["back"] == pytest.approx(back, abs=1e-8)


def test_the_example_with_relu_other_rates_and_decay():
    def relu_loss(z1):
        h = np.maximum(z1, 0)
        y = special.expit(np.array([[0.7, -0.4], [-0.3, 0.9]]) @ h + [0.2, -0.1])
        return ((y - [1, 0]) ** 2).sum() / 2

    found = backprop.variants()
    assert found["relu"]["d1"] == pytest.approx(numeric(relu_loss, [0.14, 0.36]), abs=1e-8)
    assert found["relu"]["z2"] == pytest.approx([0.154, 0.182])
    slopes = numeric(_loss, VALUES, 1e-5)
    for rate in (1, 5, 20):
        assert found["losses"][f"rate{rate}"] == pytest.approx(_loss(np.array(VALUES) - rate * slopes), abs=1e-7)
        assert found["predicted"][f"rate{rate}"] == pytest.approx(_loss(VALUES) - rate * (slopes**2).sum(), abs=1e-7)
    assert found["decayed"] == pytest.approx(0.7 - 0.5 * (slopes[6] + 0.07), abs=1e-8)
    assert round(0.7 - 0.5 * 0.0159, 4) == round(found["decayed"], 4)
