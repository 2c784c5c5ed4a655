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

from figures import backprop, channels, convolution, forward, graph, pooling

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
