"""What the pages of 3.4 say that no figure computes, recomputed from the definitions."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats


def test_a_gated_layer_of_the_same_number_of_weights():
    assert 3 * Fraction(8, 3) == 2 * 4  # weights in units of d squared


def test_the_constants_of_selu_keep_mean_0_and_variance_1():
    def selu(z, power):
        value = 1.0507 * (z if z > 0 else 1.6733 * (math.exp(z) - 1))
        return value**power * stats.norm.pdf(z)

    for power, moment in ((1, 0), (2, 1)):
        area, _ = integrate.quad(selu, -9, 9, args=(power,), points=[0])
        assert area == pytest.approx(moment, abs=2e-4)


def test_problems_of_3_4_1_and_3_4_2():
    for u, v in ((2.0, -3.0), (-1.5, 4.0), (1.0, 1.0)):
        assert ((u + v) ** 2 - (u - v) ** 2) / 4 == u * v
        assert max(u - v, 0) + max(v, 0) - max(-v, 0) == max(u, v)
    assert 5 * 4 + 4 * 3 + 3 * 6 == 50
    hard = [z / 6 * min(max(z + 3, 0), 6) for z in (-4, -1, 0, 1, 4)]
    assert hard == pytest.approx([0, -1 / 3, 0, 2 / 3, 4])
    assert 8 * 768**2 == 3 * 768 * 2048 == 4_718_592
    leaky = lambda z, a=0.3: z if z > 0 else a * z  # noqa: E731
    for z in (-2.0, 1.5):
        assert (leaky(z) + 0.3 * leaky(-z)) / (1 - 0.09) == pytest.approx(max(z, 0))
        assert max(z, 0) - 0.3 * max(-z, 0) == pytest.approx(leaky(z))


def test_problems_of_3_4_3_to_3_4_5():
    peak = optimize.minimize_scalar(lambda a: -a * (1 - a) ** 2, bounds=(0, 1), method="bounded")
    assert peak.x == pytest.approx(1 / 3, abs=1e-4) and -peak.fun == pytest.approx(4 / 27)
    assert pytest.approx(0.0098, abs=1e-5) == 0.01 * 0.99**2
    slope = (special.expit(2.001) - special.expit(1.999)) / 0.002
    assert round(slope, 5) == 0.10499
    assert round(1 / math.sqrt(2 * math.pi), 3) == 0.399 and round(1 / (2 * math.sqrt(math.pi)), 3) == 0.282
    assert 120 * special.expit(math.log(3)) == pytest.approx(90)
    ages = [1, 2, 2, 3, 92]
    assert np.mean(ages) == 20 and np.median(ages) == 2


def test_problems_of_3_4_6_to_3_4_8():
    w, b, out = np.array([-5.0, 1.0]), 2.0, -4.0
    a = np.array([2.0, 1.0])
    delta = w @ a + b - out
    assert (w @ a + b, delta) == (-7, -3)
    w, b = w - 0.1 * delta * a, b - 0.1 * delta
    assert w == pytest.approx([-4.4, 1.3]) and b == pytest.approx(2.3) and w @ a + b == pytest.approx(-5.2)
    assert pytest.approx(0.02235, abs=1e-5) == (0.1 + 0.5 * 0.99 * 0.1) ** 2
    assert special.softmax([2, -1, -3]) == pytest.approx([0.947, 0.047, 0.006], abs=6e-4)
    assert special.softmax([2, 0, 0]) == pytest.approx([0.787, 0.107, 0.107], abs=6e-4)
    assert 1 / (4 * 50**2) == 0.0001 and 1 + 4 + 6 == 11


def test_problems_of_3_4_9():
    shares = special.softmax([0, math.log(2), math.log(5)])
    assert shares == pytest.approx([1 / 8, 1 / 4, 5 / 8]) and round(math.log(4), 3) == 1.386
    twice = special.softmax([1, 0])[0]
    assert round(twice, 3) == 0.731 and round(-math.log(twice), 3) == 0.313
    assert round(math.log(99) / math.log(4), 2) == 3.31
    rng, variance = np.random.default_rng(0), 0.3  # scores of small variance v lose about v/2 more than ln K
    logits = rng.normal(0, math.sqrt(variance), (200_000, 10))
    first = (special.logsumexp(logits, axis=1) - logits[:, 0]).mean()
    assert first - math.log(10) == pytest.approx(variance / 2, abs=0.02)
