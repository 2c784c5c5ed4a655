"""Claims of section 3.7 that no module of figures computes: examples and solutions, each by another route."""

import math

import numpy as np
import pytest

from figures import transfer
from figures.models import networks


def product_network(v, w, y, rate):
    """One step of gradient descent on (v w - y)^2 / 2 by finite differences: the new v and w."""

    def loss(v, w):
        return (v * w - y) ** 2 / 2

    h = 1e-6
    return (
        v - rate * (loss(v + h, w) - loss(v - h, w)) / (2 * h),
        w - rate * (loss(v, w + h) - loss(v, w - h)) / (2 * h),
    )


def test_body_and_head_of_one_weight_each():
    v, w = product_network(0.5, 2.0, 2.0, 0.1)
    assert (v, w, 3 * w) == (pytest.approx(0.7), pytest.approx(2.05), pytest.approx(6.15))
    v, w = product_network(v, w, 2.0, 0.1)
    assert (round(v, 3), round(w, 3), round(3 * w, 2)) == (0.816, 2.090, 6.27)
    assert product_network(-0.5, 2.0, 2.0, 0.1)[1] == pytest.approx(1.85)
    assert product_network(0.9, 2.0, 2.0, 0.1)[1] == pytest.approx(2.018)
    assert pytest.approx(6.054) == 3 * 2.018 and pytest.approx(8, abs=0.4) == 0.15 / 0.018


def test_two_crops():
    def loss(partner, strangers, T):
        s = np.array([partner, *strangers]) / T
        return networks.loss_and_error(s[None], np.array([0]))[0]

    assert [round(math.exp(s / 0.5), 2) for s in (0.9, 0.1, -0.2)] == [6.05, 1.22, 0.67]
    assert round(loss(0.9, (0.1, -0.2), 0.5), 2) == 0.27 and round(loss(1, (1, 1), 0.5), 2) == 1.10
    assert round(loss(0.8, (0.8, 0, 0), 1), 3) == 1.064
    assert round(loss(0.8, (0.8, 0, 0), 0.1), 3) == pytest.approx(0.693, abs=1e-3)


def test_labels_of_two_heaps():
    rng = np.random.default_rng(0)
    for n, chance in ((2, 0.5), (3, 0.75), (7, 0.98)):
        draws = rng.integers(0, 2, (40_000, n))
        assert (np.ptp(draws, axis=1) == 1).mean() == pytest.approx(1 - 2.0 ** (1 - n), abs=0.01)
        assert round(1 - 2.0 ** (1 - n), 2) == chance


def test_memory_and_sizes():
    assert 16 * 7 == 112 and 4 * 7 == 28
    assert 32 * 4 * 2 * 4096 * 8 == 8_388_608 and round(100 * 8_388_608 / 7e9, 2) == 0.12
    assert round(16 * 8_388_608 / 1e6) == 134
    assert pytest.approx(0.00016, abs=5e-6) == 0.01 / 2**6
    assert 20 * 4096 == 81_920 and 2 * 4096 * 64 == 524_288 and round(100 * 524_288 / 4096**2) == 3
    assert 32 * (100 + 128 + 64) == 9_344 and 32 * (128 + 64) == 6_144 and 32 * 64 == 2_048


def test_one_step_of_lora():
    x, delta = np.array([1.0, 2.0]), np.array([1.0, -1.0])
    B, A, G = np.zeros((2, 1)), np.array([[1.0, 0.5]]), np.outer(delta, x)
    B, A = B - 0.1 * G @ A.T, A - 0.1 * B.T @ G
    assert np.eye(2) + B @ A == pytest.approx(np.array([[0.8, -0.1], [0.2, 1.1]]))


def test_ranks_of_updates():
    rng = np.random.default_rng(0)
    change = sum(np.outer(rng.normal(size=20), rng.normal(size=30)) for _ in range(3 * 2))
    assert np.linalg.matrix_rank(change) == 6


def test_a_head_with_copied_rows():
    shares = networks.softmax(np.array([3.0, 2.0, 0.0]))
    assert [round(share, 3) for share in shares] == [0.705, 0.259, 0.035]
    assert networks.softmax(np.array([-1.0, -2.0, 0.0])).argmax() == 2  # negative scores: sheep


def test_penalties_against_forgetting():
    for strength in (0.5, 1.0, 4.0):
        w = np.linspace(1.5, 3.5, 200_001)
        best = w[np.argmin((w - 3) ** 2 / 2 + strength * (w - 2) ** 2 / 2)]
        assert best == pytest.approx(2 + 1 / (1 + strength), abs=1e-4)
    w = np.linspace(0.5, 2.5, 200_001)
    assert w[np.argmin((w - 2) ** 2 / 2 + 9 * (w - 1) ** 2 / 2)] == pytest.approx(1.1, abs=1e-4)


def test_running_average_that_drifts():
    mean = 1.0
    for _ in range(10):
        mean += 0.1 * (0.2 - mean)
    assert round(mean, 2) == 0.48


def test_matrix_products_of_the_way_back():
    layers = 5

    def products(trained):
        """Gradients of the trained weights, and error signals down to the lowest of them."""
        return len(trained) + layers - min(trained)

    assert products({1, 2, 3, 4, 5}) == 9 and products({4, 5}) == 3 and products({1}) == 5


def test_times_of_probe_and_fine_tuning():
    assert pytest.approx(20.6) == (2000 * 10 + 30 * 2000 * 0.01) / 1000
    assert 30 * 2000 * 3 * 10 / 1000 == 1800
    assert math.sqrt(2) * 0.03 == pytest.approx(0.042, abs=1e-3)


def test_what_a_probe_gains_and_loses():
    found = transfer.accuracy()
    assert found["few_gain"] == pytest.approx(100 * (found["frozen"]["n25"] - found["scratch"]["n25"]))
    assert found["gap"] == pytest.approx(100 * (found["whole"]["n400"] - found["frozen"]["n400"]))
    assert (round(found["few_gain"]), round(found["gap"], 1)) == (10, 10.6)
    assert found["all_gain"] == pytest.approx(100 * (found["whole"]["n100"] - found["scratch"]["n100"]))
    for shown, better, worse, n in (("gap", "whole", "frozen", 400), ("all_gain", "whole", "scratch", 100)):
        rounded = round(found[better][f"n{n}"], 2) - round(found[worse][f"n{n}"], 2)
        assert abs(100 * rounded - found[shown]) <= 1  # what the table's digits allow
    assert found["whole"]["n400"] < found["scratch"]["n400"]
