"""More claims in Going further that answer exercises of other courses, each by another route than the text takes."""

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest


def test_low_points_of_a_product_are_minima():
    def loss(u, v):
        return (u * v - 1) ** 2 / 2

    def curvatures(u, v, h=1e-4):
        def second(i, j):
            steps = np.eye(2) * h
            return sum(
                si * sj * loss(*(np.array([u, v]) + si * steps[i] + sj * steps[j])) / (4 * h * h)
                for si, sj in product((1, -1), repeat=2)
            )

        return np.linalg.eigvalsh([[second(0, 0), second(0, 1)], [second(1, 0), second(1, 1)]])

    assert loss(0, 0) == 0.5 and curvatures(0, 0) == pytest.approx([-1, 1], abs=1e-5)
    for u in (0.5, 1.0, 3.0):
        assert loss(u, 1 / u) < 1e-30 and curvatures(u, 1 / u) == pytest.approx([0, u**2 + u**-2], abs=1e-4)
    assert sum(all(signs) for signs in product((True, False), repeat=10)) / 2**10 == 1 / 1024
    assert f"{0.5**100:.0e}" == "8e-31"


def test_a_bootstrap_sample_holds_63_percent_and_a_batch_hardly_repeats():
    assert round(1 - 0.9**10, 2) == 0.65
    draw = np.random.default_rng(3)
    held = [len(set(draw.integers(0, 10_000, 10_000))) / 10_000 for _ in range(20)]
    assert round(float(np.mean(held)), 2) == 0.63
    batches = np.sort(draw.integers(0, 50_000, (40_000, 64)), axis=1)
    assert (np.diff(batches, axis=1) == 0).sum(axis=1).mean() == pytest.approx(0.04, abs=0.004)


def test_targets_of_different_units():
    assert Fraction(15, 1) ** 2 / Fraction(1, 10) ** 2 == 22_500
    errors = np.random.default_rng(1).normal(0, 3, 1000)
    sigmas = np.linspace(1, 6, 50_001)
    costs = (errors**2).mean() / (2 * sigmas**2) + np.log(sigmas)
    assert sigmas[costs.argmin()] == pytest.approx(math.sqrt((errors**2).mean()), abs=2e-4)
    assert round(math.log(0.01), 1) == -4.6
    assert 0.5**2 / (2 * 0.01**2) - 1250 < 1e-9


def test_stopping_and_decay_leave_like_shares():
    told = {0.1: (0.095, 0.091), 1: (0.63, 0.50), 10: (1.00, 0.91)}
    for h, (stopped, decayed) in told.items():
        w = 0.0
        for _ in range(100):
            w -= 0.01 * h * (w - 1)
        digits = 3 if h < 1 else 2
        assert round(w, digits) == stopped
        grid = np.linspace(0, 1.2, 1_200_001)
        assert round(float(grid[(h * (grid - 1) ** 2 + grid**2).argmin()]), digits) == decayed


def test_cross_entropy_rises_while_the_accuracy_stays():
    early, late = np.array([0.6, 0.4]), np.array([0.9, 0.1])
    assert [round(float(-np.log(each).mean()), 2) for each in (early, late)] == [0.71, 1.20]
    assert (early > 0.5).mean() == (late > 0.5).mean() == 0.5


@pytest.mark.parametrize("curvature, cost", [(1, 0.005), (100, 0.5)])
def test_noise_on_a_weight_costs_by_its_curvature(curvature, cost):
    noise = 0.1 * np.random.default_rng(0).normal(size=1_000_000)
    assert (curvature * noise**2 / 2).mean() == pytest.approx(cost, rel=0.01)


def test_the_mean_of_the_points_of_a_run():
    draw, runs, eta = np.random.default_rng(5), 4000, 0.1
    w = draw.normal(size=runs) * 0.23
    total = np.zeros(runs)
    for _ in range(1000):
        w = w - eta * (w + draw.normal(size=runs))
        total += w
    assert round(float(w.std()), 2) == 0.23
    assert round(float((total / 1000).std()), 2) == 0.03


def test_weights_of_a_layer_without_sharing():
    places = 30 * 30
    connected = sum(9 for _ in range(places))
    assert (connected, places * 32 * 32) == (8_100, 921_600)


def test_a_product_by_one_hidden_layer():
    def by_chords(values, low, high):
        knots = np.linspace(low, high, 21)
        return np.interp(values, knots, knots**2)

    x, y = np.meshgrid(np.linspace(0, 1, 201), np.linspace(0, 1, 201))
    assert np.abs(by_chords(x + y, 0, 2) - (x + y) ** 2).max() <= 0.0025 + 1e-12
    off = np.abs((by_chords(x + y, 0, 2) - by_chords(x - y, -1, 1)) / 4 - x * y).max()
    assert off < 0.00063 and round(off, 4) == 0.0006


def test_the_best_precision_of_one_error():
    precisions = np.linspace(0.5, 20, 19_501)
    costs = precisions * 0.5**2 / 2 - np.log(precisions) / 2
    assert precisions[costs.argmin()] == pytest.approx(4, abs=1e-3) and round(float(costs.min()), 3) == -0.193


def test_one_unit_for_a_linear_output_is_no_start_for_xor():
    draw = np.random.default_rng(0)
    inputs, targets = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([0, 1, 1, 0.0])
    units = np.maximum(0, draw.normal(size=(100_000, 2)) @ inputs.T + draw.normal(size=(100_000, 1)))
    units = units[units.std(axis=1) > 1e-6] - units[units.std(axis=1) > 1e-6].mean(axis=1, keepdims=True)
    left = (1 - (units @ (targets - 0.5)) ** 2 / (units**2).sum(axis=1)) / 4
    assert left.min() == pytest.approx(1 / 6)
    total = inputs.sum(axis=1)
    assert (np.maximum(0, total) - 2 * np.maximum(0, total - 1) == targets).all()


def test_decay_alone_brings_large_weights_to_size():
    steps, size = 0, 28.0
    while size > 1:
        size *= 1 - 0.0001
        steps += 1
    assert round(steps, -2) == 33_300


def test_sgd_from_zero_finds_the_shortest_solution_and_adam_another():
    x, sgd, adam, v, s = np.array([2.0, 1.0]), np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(2)
    for t in range(1, 4001):
        sgd -= 0.05 * (sgd @ x - 2) * x
        g = (adam @ x - 2) * x
        v, s = 0.9 * v + 0.1 * g, 0.999 * s + 0.001 * g**2
        adam -= 0.01 * (v / (1 - 0.9**t)) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
    assert sgd == pytest.approx(np.linalg.pinv(x[None]) @ [2.0]) and sgd == pytest.approx([0.8, 0.4])
    assert adam == pytest.approx([2 / 3, 2 / 3], abs=1e-3)


def test_a_nudge_at_a_saddle():
    steps, w = 0, 0.001
    while w < 1:
        w += 0.1 * w
        steps += 1
    assert steps == 73


def test_a_tree_of_halves():
    pieces = 2**7
    slopes = [abs(x - (math.floor(x * pieces) + 0.5) / pieces) for x in np.linspace(0, 1, 100_001)[:-1]]
    assert round(max(slopes), 4) == 0.0039


def test_the_order_of_units():
    reads = {1: {2, 3, 4}, 2: {3}, 3: set(), 4: {2, 3}}
    order = []
    while reads:
        order.append(next(unit for unit in sorted(reads) if reads[unit] <= set(order)))
        del reads[order[-1]]
    assert order == [3, 2, 4, 1]


def test_absent_is_not_zero():
    told = [math.exp(-((x - 1) ** 2) - (y - 3) ** 2) for x, y in ((1, 2), (1, 3), (1, 0))]
    assert [round(told[0], 2), told[1], round(told[2], 4)] == [0.37, 1, 0.0001]
