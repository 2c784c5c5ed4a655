"""The examples of the toolbox, by exact arithmetic and finite differences."""

import math
import statistics
from fractions import Fraction

import numpy as np
import pytest

from figures import toolbox


def test_chain_rule_by_differences():
    found, h = toolbox.chain(), 1e-6

    def loss(W, x):
        return toolbox.DELTA @ (W @ x)

    for j in range(2):
        e = np.eye(2)[j] * h
        slope = (loss(toolbox.W, toolbox.X + e) - loss(toolbox.W, toolbox.X - e)) / (2 * h)
        assert found["input"][j] == pytest.approx(slope)
    for i, j in np.ndindex(3, 2):
        E = np.zeros((3, 2))
        E[i, j] = h
        slope = (loss(toolbox.W + E, toolbox.X) - loss(toolbox.W - E, toolbox.X)) / (2 * h)
        assert found["weights"][i, j] == pytest.approx(slope)
    assert found["input"].tolist() == [7, 0]
    assert found["weights"].tolist() == [[2, 1], [0, 0], [4, 2]]


def test_taylor_in_fractions():
    d = Fraction(1, 10)
    exact = (1 + d) ** 2 * (2 + d)
    second = 2 + (4 * d + d) + (4 * d * d + 2 * 2 * d * d) / 2
    assert toolbox.taylor()["exact"] == pytest.approx(float(exact))
    assert toolbox.taylor()["second"] == pytest.approx(float(second)) == 2.54
    assert toolbox.taylor()["exp"] == pytest.approx(sum(0.1**n / math.factorial(n) for n in range(9)))


def test_eigenvalues_singular_values_and_roots_by_hand():
    assert sorted(toolbox.eigen()["values"]) == pytest.approx([1, 3])
    assert toolbox.eigen()["tenth"] == pytest.approx(3**10)
    found = toolbox.singular()
    assert (found["first"] ** 2, found["second"] ** 2) == pytest.approx((45, 5))
    assert (found["condition"], found["share"]) == pytest.approx((3, 90))
    root, inverse = toolbox.whitening()["root"], toolbox.whitening()["inverse"] / 3
    assert root.tolist() == [pytest.approx([2, 1]), pytest.approx([1, 2])]
    assert (root @ root).tolist() == [pytest.approx([5, 4]), pytest.approx([4, 5])]
    assert root @ inverse == pytest.approx(np.eye(2))


def test_bowl_by_walking():
    w, steps = np.array([1.0, 1.0]), 0
    while np.abs(w).max() >= 0.01:
        w, steps = w - toolbox.bowl()["rate"] * np.array([1, 9]) * w, steps + 1
    assert steps == toolbox.bowl()["steps"] == 21


def test_mean_of_a_quadratic_form_by_drawing():
    e = np.random.default_rng(0).normal(size=(200_000, 2)) @ toolbox.whitening()["root"]
    assert (e**2 @ [1, 2]).mean() == pytest.approx(15, abs=0.2)


def test_spread_normal_and_entropy():
    assert toolbox.spread()["sd"] == pytest.approx(statistics.stdev(toolbox.ERRORS))
    assert sum((x - 3.1) ** 2 for x in toolbox.ERRORS) == pytest.approx(0.14)
    assert toolbox.spread()["se"] == pytest.approx(math.sqrt(0.14 / 4 / 5))
    for k, share in toolbox.normal().items():
        assert share == pytest.approx(100 * (2 * statistics.NormalDist().cdf(int(k[-1])) - 1))
    found = toolbox.entropies()
    assert found["entropy"] == pytest.approx(1.5 * math.log(2))
    assert found["cross"] == pytest.approx(math.log(3)) and found["cost"] == pytest.approx(math.log(1.25))
    assert statistics.median([0.1, 0.2, 0.3, 9]) == 0.25


def test_floats():
    found = toolbox.floats()
    assert found["spacing"] == 2.0**-23 and found["lost"] == 0
    assert np.spacing(np.float32(1e8)) == 8
    assert found["largest"] == (2 - 2.0**-23) * 2.0**127 and found["half"] == (2 - 2.0**-10) * 2.0**15
    assert math.exp(found["exponent"]) < found["largest"] < math.exp(found["exponent"] + 1)
    assert found["quotient"]["h3"] == pytest.approx(2.001, abs=1e-4)
    assert abs(found["quotient"]["h7"] - 2) > 0.2
