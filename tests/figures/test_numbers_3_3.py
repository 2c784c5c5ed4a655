"""Numbers of section 3.3, each by another route than figures/search.py takes."""

import math

import numpy as np
import pytest
from scipy import special, stats

from figures import search
from figures.models import digits


def test_parameters_of_the_small_network():
    assert search.counted()["parameters"] == (64 + 1) * 16 + (16 + 1) * 10 == 1210


def test_share_of_rates_above_one():
    places = (np.arange(100_000) + 0.5) / 100_000
    found = search.above_one()
    assert found["uniform"] == pytest.approx((1e-3 + places * (10 - 1e-3) > 1).mean(), abs=1e-4)
    assert found["logarithmic"] == pytest.approx((10 ** (-3 + 4 * places) > 1).mean(), abs=1e-4)


def test_59_trials_are_the_first_to_reach_95_percent_and_90_to_reach_99():
    assert math.ceil(math.log(0.05) / math.log(0.95)) == 59
    assert math.ceil(math.log(0.01) / math.log(0.95)) == 90
    assert round(math.log(0.01) / math.log(0.95), 1) == 89.8
    hits = np.random.default_rng(0).random((20_000, 59)).max(axis=1) > 0.95
    assert search.top_share()["n59"] == pytest.approx(hits.mean(), abs=0.006)
    assert search.top_share()["n59"] == pytest.approx(stats.geom.cdf(59, 0.05))


def test_a_trial_by_a_second_program():
    """Train the 64-16-10 network with other code: one-hot rows, scipy's softmax, explicit sums."""
    data = digits.split()
    X, targets = data.train_x[:200], np.eye(10)[data.train_y[:200]]
    (W1, b1), (W2, b2) = [(W.copy(), b.copy()) for W, b in search.start()]
    rate, decay = 0.5, 0.01
    for _ in range(60):
        hidden = np.maximum(np.einsum("nj,ij->ni", X, W1) + b1, 0)
        error = (special.softmax(hidden @ W2.T + b2, axis=1) - targets) / 200
        back = np.where(hidden > 0, np.einsum("nk,ki->ni", error, W2), 0)
        W2 -= rate * (np.einsum("nk,ni->ki", error, hidden) + decay * W2)
        b2 -= rate * error.sum(axis=0)
        W1 -= rate * (np.einsum("ni,nj->ij", back, X) + decay * W1)
        b1 -= rate * back.sum(axis=0)
    logs = special.log_softmax(np.maximum(data.valid_x @ W1.T + b1, 0) @ W2.T + b2, axis=1)
    loss = -logs[np.arange(397), data.valid_y].mean()
    assert search.trial(rate, decay) == pytest.approx(loss, rel=1e-6)
    assert search.trial(0.05, decay) > loss + 0.5  # another input, another number


def test_the_learning_rate_decides_and_the_grid_misses_its_valley():
    surface = search.measured_surface()[2]
    assert surface.shape == (6, 18)
    across_rates, across_decays = np.ptp(surface[0]), np.ptp(surface[:4, :13], axis=0).max()
    assert across_rates > 1.5 > 10 * across_decays
    found = search.comparison()
    assert found["cells"] == 108 and found["places"] == 12
    assert found["grid"] > found["random"] + 0.8
    assert found["grid_mean"] > found["random_mean"] + 0.1


def test_mean_best_losses_of_both_searches():
    surface, found = search.measured_surface()[2], search.comparison()
    grids = [
        min(surface[row + 2 * i, column + 6 * j] for i in range(3) for j in range(3))
        for row in range(2)
        for column in range(6)
    ]
    assert found["grid_mean"] == pytest.approx(sum(grids) / 12)
    draws = np.random.default_rng(1).choice(surface.ravel(), (40_000, 9)).min(axis=1)
    assert found["random_mean"] == pytest.approx(draws.mean(), abs=0.01)


def test_expected_best_of_equal_settings(monkeypatch):
    hits = np.arange(1001)
    for name, best in search.expected_best().items():
        maximum = np.diff(stats.binom.cdf(hits, 1000, 0.9) ** int(name[1:]), prepend=0)
        assert best == pytest.approx(hits @ maximum / 1000, abs=1e-9)
    rounded = [round(best, 3) for best in search.expected_best().values()]
    assert rounded == [0.9, 0.914, 0.923, 0.929]
    assert round(stats.binom.std(1000, 0.9) / 1000, 4) == 0.0095
    monkeypatch.setattr(search, "TRUE_ACCURACY", 0.8)
    assert search.best_of.__wrapped__(1000)[1][0] == pytest.approx(0.8)
