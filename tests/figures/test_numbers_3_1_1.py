"""Numbers and claims of 3.1.1, each by another route than the figures' modules take."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from figures import neuron

# --- 3.1.1 --------------------------------------------------------------------------------------


def test_small_network_by_fractions():
    x = [Fraction(1), Fraction(-1), Fraction(2)]
    W1 = [[1, 1, 1], [Fraction(1, 2), -1, -2], [-1, 1, 1], [2, 1, 0]]
    b1 = [0, Fraction(3, 2), 1, Fraction(1, 2)]
    W2 = [[1, Fraction(1, 2), -1, 1], [-1, Fraction(1, 2), 1, 0]]
    z = [sum(w * v for w, v in zip(row, x, strict=True)) + b for row, b in zip(W1, b1, strict=True)]
    a = [max(value, Fraction(0)) for value in z]
    out = [sum(w * v for w, v in zip(row, a, strict=True)) + b for row, b in zip(W2, (0, Fraction(1, 2)), strict=True)]
    assert z == [2, -1, 1, Fraction(3, 2)] and out == [Fraction(5, 2), Fraction(-1, 2)]
    got = neuron.forward()
    assert [float(v) for v in z] == list(got["z1"])
    assert [float(v) for v in a] == list(got["a1"])
    assert [float(v) for v in out] == list(got["output"])
    assert list(got["terms"]) == [0.5, 1, -4] and got["unit"] == -1
    assert list(got["first_terms"]) == [2, 0, -1, 1.5] == [w * v for w, v in zip(W2[0], a, strict=True)]
    assert (got["first"], got["second"]) == (2.5, -0.5)


def test_another_input_changes_the_quoted_output():
    (_, z), _ = neuron.run((2, -1, 2), ((neuron.W1, neuron.B1), (neuron.W2, neuron.B2)))
    assert list(z) != list(neuron.forward()["output"])


def test_parameter_counts_by_counting_entries():
    def count(widths):
        return sum(np.ones((n, m)).size + np.ones(n).size for m, n in zip(widths, widths[1:], strict=False))

    sizes = neuron.sizes()
    assert sizes == {
        "small": count((3, 4, 2)),
        "digits": count((784, 128, 10)),
        "deeper": count((784, 512, 256, 10)),
        "deeper_layers": [401_920, 131_328, 2_570],
        "quiz": count((10, 20, 5)),
    }
    assert (sizes["small"], sizes["digits"], sizes["deeper"], sizes["quiz"]) == (26, 101_770, 535_818, 325)
    assert sum(sizes["deeper_layers"]) == sizes["deeper"]


def test_gates_against_python_logic():
    gates = neuron.gates()
    assert gates["nand"] == [int(not (p and q)) for p, q in neuron.INPUTS]
    assert gates["xor"] == [p ^ q for p, q in neuron.INPUTS]
    assert gates["or"] == [p | q for p, q in neuron.INPUTS]
    assert gates["nand_sums"] == [3, 1, 1, -1]


def test_separable_functions_by_linear_programming():
    """A separating line exists exactly when a margin of one can be had."""

    def separable(targets):
        sign = [2 * t - 1 for t in targets]
        rows = [[-s * p, -s * q, -s] for s, (p, q) in zip(sign, neuron.INPUTS, strict=True)]
        return linprog([0, 0, 0], A_ub=rows, b_ub=[-1] * 4, bounds=[(None, None)] * 3).status == 0

    hopeless = [f for f in product((0, 1), repeat=4) if not separable(f)]
    assert sorted(hopeless) == [(0, 1, 1, 0), (1, 0, 0, 1)]


def test_perceptron_rule_on_and_step_by_step():
    w1 = w2 = b = 0
    quoted = neuron.learning()
    corrections = 0
    for number in range(1, 7):
        errors = 0
        for p, q in ((0, 0), (0, 1), (1, 0), (1, 1)):
            miss = (p and q) - (1 if p * w1 + q * w2 + b > 0 else 0)
            w1, w2, b, errors = w1 + miss * p, w2 + miss * q, b + miss, errors + abs(miss)
        row = quoted[f"pass{number}"]
        assert ([*row["w"]], row["b"], row["errors"]) == ([w1, w2], b, errors)
        corrections += errors
    assert quoted["passes"] == 6 and errors == 0 and (w1, w2, b) == (2, 1, -2)
    assert quoted["corrections"] == corrections == 10 and quoted["xor"] > 0


def test_bound_on_corrections():
    """The margin of (1, 1, -1.5) on AND by distances to the line, and the bound R^2 over its square."""
    u = np.array([1, 1, -1.5]) / np.linalg.norm([1, 1, -1.5])
    signed = [(1 if p and q else -1) * (u @ [p, q, 1]) for p, q in neuron.INPUTS]
    quoted = neuron.learning()
    assert quoted["margin"] == pytest.approx(min(signed))
    assert quoted["most"] == pytest.approx(3 / min(signed) ** 2) and quoted["corrections"] <= quoted["most"]


def test_one_step_and_all_five_by_differences():
    (_, hidden, out) = neuron.run(neuron.X, ((neuron.W1, neuron.B1), (neuron.W2, neuron.B2)))[1]
    one = neuron.one_step()
    assert one == pytest.approx({"before": 0.125, "bias": -0.05, "output": 2.45, "after": 0.10125})
    for name, unit, target in (("first", 0, 2.0), ("second", 1, 0.0)):

        def loss(w, target=target):
            return 0.5 * (w @ [*hidden, 1] - target) ** 2

        w = np.append(neuron.W2[unit], neuron.B2[unit])
        slopes = [(loss(w + h) - loss(w - h)) / 2e-6 for h in 1e-6 * np.eye(5)]
        row = neuron.all_five()[name]
        assert row["gradient"] == pytest.approx(slopes, abs=1e-6)
        assert row["w"] == pytest.approx(w - 0.1 * np.array(slopes), abs=1e-6)
        assert row["loss"] == pytest.approx(loss(row["w"])) and row["before"] == pytest.approx(loss(w)) == 0.125
    assert neuron.all_five()["first"]["w"] == pytest.approx([0.9, 0.5, -1.05, 0.925, -0.05])
    assert neuron.all_five()["second"]["w"] == pytest.approx([-0.9, 0.5, 1.05, 0.075, 0.55])
    assert neuron.all_five()["first"]["output"] == pytest.approx(2.0875)
    assert neuron.all_five()["second"]["output"] == pytest.approx(-0.0875)


def test_three_units_make_four_pieces():
    """The sum against its pieces, written down by hand from the slopes on each interval."""
    between = np.linspace(-1, 2, 97)
    assert neuron.bend(between)[3] == pytest.approx(np.interp(between, [-1, 0, 0.5, 1, 2], [1.5, 0.5, 0.5, 1, 0]))
