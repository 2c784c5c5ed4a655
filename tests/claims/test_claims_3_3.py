"""Claims of section 3.3 that no module of figures computes: problems and small proofs, each by another route."""

import math

import numpy as np
import pytest
from scipy import integrate, optimize, stats


def _reached(rate, steps):
    w = 0.0
    for _ in range(steps):
        w -= rate * (w - 2)
    return w


def test_the_best_rate_of_a_run_depends_on_its_steps():
    for steps, best in ((1, 0.75), (2, 0.5), (5, 1 - 4 ** (-1 / 5))):
        found = optimize.minimize_scalar(
            lambda rate, t=steps: (_reached(rate, t) - 1.5) ** 2, bounds=(0, 1), method="bounded"
        )
        assert found.x == pytest.approx(best, abs=1e-4)
        assert _reached(0.3, steps) == pytest.approx(2 - 2 * 0.7**steps)
    slope = (((2 * 0.6001 - 1.5) ** 2 - (2 * 0.5999 - 1.5) ** 2) / 2) / 0.0002
    assert slope == pytest.approx(2 * (2 * 0.6 - 1.5))


def test_an_even_number_of_steps_has_a_second_best_rate_that_jumps():
    assert _reached(1.5, 1) == 3 and _reached(1.5, 2) == 1.5
    for steps in range(1, 7):
        roots = [
            rate for rate in (1 - 4 ** (-1 / steps), 1 + 4 ** (-1 / steps)) if abs(_reached(rate, steps) - 1.5) < 1e-9
        ]
        assert len(roots) == (2 if steps % 2 == 0 else 1)


def test_the_training_error_never_grows_with_the_degree():
    rng = np.random.default_rng(0)
    x, y = np.linspace(-1, 1, 6), rng.normal(size=6)
    errors = [float(((np.polynomial.Polynomial.fit(x, y, n)(x) - y) ** 2).sum()) for n in range(6)]
    assert all(after <= before + 1e-12 for before, after in zip(errors, errors[1:], strict=False))
    assert errors[-1] == pytest.approx(0, abs=1e-18)


def test_draws_on_a_scale_of_powers_of_ten():
    assert pytest.approx(3.0e-5, rel=0.01) == 10 ** (-6 + 0.37 * 4)
    assert pytest.approx(0.9, abs=0.001) == (0.01 - 0.001) / (0.01 - 0.000001)
    assert pytest.approx(0.9968, abs=5e-5) == 1 - 10**-2.5 and round(10**2.5) == 316
    assert math.log10(2) / 4 == pytest.approx(0.075, abs=0.0005)


def test_trials_for_the_best_hundredth():
    assert 4**5 == 1024
    assert stats.geom.cdf(299, 0.01) >= 0.95 > stats.geom.cdf(298, 0.01)
    assert round(math.log(0.05) / math.log(0.99), 2) == 298.07


def test_hits_of_a_grid_and_of_random_trials_in_a_square_and_a_band():
    rng = np.random.default_rng(0)
    edges, points = rng.random((100_000, 2)) * 0.7, np.array([1 / 6, 1 / 2, 5 / 6])
    hit = ((points > edges[..., None]) & (points < edges[..., None] + 0.3)).any(axis=2)
    assert hit[:, 0].mean() == pytest.approx(0.905, abs=0.004)
    assert hit.all(axis=1).mean() == pytest.approx(0.819, abs=0.004)
    draws = rng.random((100_000, 9, 2))
    inside = (draws > edges[:, None]) & (draws < edges[:, None] + 0.3)
    assert inside.all(axis=2).any(axis=1).mean() == pytest.approx(0.572, abs=0.006)
    assert inside[..., 0].any(axis=1).mean() == pytest.approx(0.960, abs=0.003)


def test_halving_of_64_trials():
    trials, done, cost = 64, 0, 0
    while trials:
        budget = 64 // trials
        cost += trials * (budget - done)
        trials, done = trials // 2, budget
    assert cost == 256 and 16 * cost == 64 * 64


def test_the_formula_of_the_expected_improvement():
    for b, m, s in ((0.40, 0.42, 0.02), (0.40, 0.50, 0.15), (1.0, 1.0, 0.3)):
        direct = integrate.quad(lambda y, b=b, m=m, s=s: (b - y) * stats.norm.pdf(y, m, s), m - 12 * s, b)[0]
        u = (b - m) / s
        assert direct == pytest.approx((b - m) * stats.norm.cdf(u) + s * stats.norm.pdf(u), abs=1e-9)
    assert stats.norm.pdf(0) == pytest.approx(0.399, abs=5e-4)


def test_the_better_of_two_and_the_largest_of_ten():
    draws = np.random.default_rng(1).normal(size=(400_000, 2)).max(axis=1)
    assert draws.mean() == pytest.approx(1 / math.sqrt(math.pi), abs=0.005)
    assert pytest.approx(0.54, abs=0.01) == 0.56 * 0.95
    assert integrate.quad(lambda x: 1 - x**10, 0, 1)[0] == pytest.approx(10 / 11)


def test_runs_of_nested_cross_validation():
    assert 5 * (20 * 4 + 1) == 405
    assert 10 * (30 * 5 * 3 + 1) == 4510
    assert 30 * 3 + 1 == 91


def test_paired_and_unpaired_comparison_of_five_seeds():
    a, b = np.array([91.2, 90.4, 92.1, 90.9, 91.4]), np.array([91.9, 91.0, 92.6, 91.3, 92.2])
    assert (b - a).mean() == pytest.approx(0.6)
    unpaired = math.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 5)
    assert (round(a.var(ddof=1), 3), round(b.var(ddof=1), 3)) == (0.395, 0.425)
    assert round(unpaired, 2) == 0.40 and round(0.6 / unpaired, 1) == 1.5
    assert stats.sem(b - a) == pytest.approx(0.0707, abs=1e-4)
    assert round(stats.ttest_rel(b, a).statistic, 1) == 8.5
