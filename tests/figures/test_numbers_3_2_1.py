"""Numbers of 3.2.1, each by another route than the modules of `figures/` take."""

import math
from fractions import Fraction

import numpy as np
import pytest
from differences import numeric
from scipy import optimize, special

from figures import forward, graph, signals

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
