"""What the pages of 3.5 say that no figure computes, recomputed from the definitions."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import minimize_scalar


def test_mean_of_the_four_losses():
    for w in (1.0, -0.3, 2.5):
        assert np.mean([(w - c) ** 2 / 2 for c in (-2, 0, 0, 2)]) == pytest.approx(w**2 / 2 + 1)


def test_law_and_factor_without_replacement_by_enumeration():
    values = [Fraction(v) for v in (2, -1, 4, 0, 7)]
    mean = sum(values) / 5
    variance = sum((v - mean) ** 2 for v in values) / 5
    for size in (1, 2, 3):
        kept = [sum(pick) / size for pick in itertools.combinations(values, size)]
        assert sum(kept) / len(kept) == mean
        assert sum((m - mean) ** 2 for m in kept) / len(kept) == variance / size * Fraction(5 - size, 4)


def test_worth_of_a_step_by_enumeration():
    """On a quadratic loss the formula is exact: average over all batches of 2 from 4."""
    rng = np.random.default_rng(3)
    single, root = rng.normal(size=(4, 3)), rng.normal(size=(3, 3))
    H, g = root @ root.T, single.mean(axis=0)
    sigma = (single - g).T @ (single - g) / 4

    def change(eta, size=2):
        steps = [-eta * np.mean(pick, axis=0) for pick in itertools.product(single, repeat=size)]
        return np.mean([g @ step + 0.5 * step @ H @ step for step in steps])

    along = g @ H @ g
    critical = np.trace(H @ sigma) / along
    best = minimize_scalar(change, bounds=(0, 5), method="bounded", options={"xatol": 1e-9})
    assert best.x == pytest.approx(g @ g / along / (1 + critical / 2), rel=1e-5)
    assert best.fun == pytest.approx(-((g @ g) ** 2) / (2 * along) / (1 + critical / 2), rel=1e-6)


def test_problems_of_a_step():
    slopes = np.array([6.0, 2, 0, 0])
    assert (slopes.mean(), slopes.var()) == (2, 6)
    saving = minimize_scalar(lambda eta: -(eta * 4 - eta**2 / 2 * (4 + 6 / 3)))
    assert (saving.x, -saving.fun) == (pytest.approx(2 / 3, abs=1e-6), pytest.approx(4 / 3))
    assert [1000 * (1 + Fraction(64, size)) for size in (32, 512)] == [3000, 1125]
    H, g, sigma = np.diag([1, 100]), np.array([1, 0.1]), np.diag([4, 0.12])
    assert np.trace(H @ sigma) / (g @ H @ g) == pytest.approx(8)
    assert np.trace(sigma) / (g @ g) == pytest.approx(4.08, abs=0.005)
    assert [round((1 - ((1000 - b) / 999) ** 0.5) * 100) for b in (64, 500)] == [3, 29]


def test_time_on_processors():
    times = {m: 1 + 400 / (50 * m) for m in (1, 4, 16, 64)}
    assert list(times.values()) == [9, 3, 1.5, 1.125]
    assert [round(100 * 9 / t / m, 1) for m, t in times.items()] == [100, 75, 37.5, 12.5]
    sizes = np.arange(1, 1000)  # on one processor the full one is best
    assert sizes[((1 + 400 / sizes) * np.maximum(1, sizes / 50)).argmin()] == 50
    speed = lambda m: 10 / (1 + 9 / m)  # noqa: E731
    assert (speed(9), speed(11) / 11) == (pytest.approx(5), pytest.approx(0.5))


def test_operations_by_counting_products():
    """Sum the products of all matrix multiplications of one training step with one example."""
    for widths, expected in (((64, 32, 10), 10_112), ((784, 100, 10), 319_600)):
        forward = sum(2 * a * b for a, b in itertools.pairwise(widths))
        assert 2 * forward + sum(2 * a * b for a, b in itertools.pairwise(widths[1:])) == expected
    assert 319_600 * 64 == 20_454_400


def test_variance_at_rest_by_iteration():
    for eta, batch, h, s2, expected in (
        (0.1, 1, 1, 2, 0.105),
        (0.1, 4, 1, 2, 0.026),
        (0.025, 1, 1, 2, 0.025),
        (0.5, 16, 2, 8, 0.125),
    ):
        v = 0.0
        for _ in range(2000):
            v = (1 - eta * h) ** 2 * v + eta**2 * s2 / batch
        assert v == pytest.approx(eta * s2 / (batch * h * (2 - eta * h)))
        assert round(v, 3) == expected
    assert (60 * 782, 30 * 782 + 30 * 79, -(-50_000 // 64), -(-50_000 // 640)) == (46_920, 25_830, 782, 79)


def test_steps_and_examples_of_the_note_and_of_quadrupling():
    found = [(1000 * (1 + Fraction(100, b)), 1000 * (b + 100)) for b in (25, 100, 400)]
    assert found == [(5000, 125_000), (2000, 200_000), (1250, 500_000)]
    assert Fraction(found[2][0], found[1][0]) == Fraction(5, 8)
    assert [0.3**2 * h / 2 for h in (1, 100)] == pytest.approx([0.045, 4.5])


def test_gradients_one_step_old():
    def last(rate, steps=4000):
        old, w = 1.0, 1.0
        for _ in range(steps):
            old, w = w, w - rate * old
        return abs(w)

    assert all(last(rate) < 1e-6 for rate in (0.05, 0.25, 0.9, 0.99))
    assert last(1.01) > 1e3
    path = [1, 1]
    for _ in range(6):
        path.append(path[-1] - path[-2])
    assert path == [1, 1, 0, -1, -1, 0, 1, 1]


def test_means_of_batches():
    losses = np.concatenate([np.full(640, 5.4 / 10), np.full(10, 1.2)])
    batches = [losses[k : k + 64].mean() for k in range(0, 650, 64)]
    assert (len(batches), np.mean(batches)) == (11, pytest.approx(0.6))
    assert losses.mean() == pytest.approx(0.55, abs=5e-4)
