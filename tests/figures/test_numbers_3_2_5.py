"""Numbers of 3.2.4 and 3.2.5, each by another route than the modules of `figures/` take."""

import math
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml
from differences import numeric
from scipy import optimize, special

from figures import backprop, pooling

BOOK = Path(__file__).resolve().parents[2] / "book"


@cache
def answer(number):
    """The Markdown of one answer of section 3.2."""
    section = yaml.safe_load((BOOK / "3.2.yaml").read_text(encoding="utf-8"))
    return next(q for q in section["questions"] if q["number"] == number)["answer"]


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


def test_relative_errors_of_the_faulty_programs():
    found, right = backprop.checks(), numeric(_loss, VALUES, 1e-5)[:6]
    assert found["none"] < 1e-8
    for fault in ("new", "square", "slope"):
        d1, d2 = backprop.faults()[fault]["d_1"], backprop.faults()[fault]["d_2"]
        wrong = np.array([d1 * 0.8, d1 * 0.4, d2 * 0.8, d2 * 0.4, d1, d2])
        gaps = abs(wrong - right) / np.maximum(abs(wrong), abs(right))
        assert found[fault] == pytest.approx(gaps.max(), rel=1e-4), fault
