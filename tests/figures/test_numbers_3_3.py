"""Numbers of section 3.3, each by another route than the modules of `figures/` take."""

import math

import numpy as np
import pytest
from scipy import integrate, special, stats

from figures import search, selection
from figures.models import digits

# 3.3.2 ---------------------------------------------------------------------------------------


def test_shares_of_rates_drawn_evenly_and_by_powers_of_ten():
    places = (np.arange(100_000) + 0.5) / 100_000
    found = search.scales()
    assert found["uniform_above"] == pytest.approx((1e-3 + places * (10 - 1e-3) > 1).mean(), abs=1e-4)
    assert found["log_above"] == pytest.approx((10 ** (-3 + 4 * places) > 1).mean(), abs=1e-4)


def test_59_trials_are_the_first_to_reach_95_percent_and_90_to_reach_99():
    found = search.hits()
    assert found["n59"] == pytest.approx(stats.geom.cdf(59, 0.05))
    for share, chance, trials in ((0.05, 0.95, found["needed95"]), (0.05, 0.99, found["needed99"])):
        assert stats.geom.cdf(trials, share) >= chance > stats.geom.cdf(trials - 1, share)
    assert (found["needed95"], found["needed99"]) == (59, 90)
    assert round(found["quotient99"], 1) == 89.8
    assert round(100 * found["tenth"], 1) == 0.1
    hits = np.random.default_rng(0).random((20_000, 59)).max(axis=1) > 0.95
    assert found["n59"] == pytest.approx(hits.mean(), abs=0.006)


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


def test_the_learning_rate_decides_and_the_decay_hardly():
    found = search.comparison()
    assert search.surfaces().shape == (4, 6, 36)
    assert found["by_rate"] > 1.5 > 20 * found["by_decay"]


def test_nine_random_trials_beat_the_grid_and_a_row_of_rates_beats_both():
    found = search.comparison()
    assert found["random9"] + 0.1 < found["grid9"]
    assert found["line9"] + 0.1 < found["random9"]
    assert found["wins"] == found["starts"] == 4


def test_means_of_the_searches_by_trying():
    surface, rng = search.surfaces()[0], np.random.default_rng(1)
    for trials, (rows, columns) in search.GRIDS.items():
        down, across = 6 // rows, 36 // columns
        places = [
            min(surface[i + down * r, j + across * c] for r in range(rows) for c in range(columns))
            for i in range(down)
            for j in range(across)
        ]
        assert search.found_by()["grid"][trials][0] == pytest.approx(sum(places) / len(places))
    lines = [min(surface[i, j + 4 * c] for c in range(9)) for i in range(6) for j in range(4)]
    assert search.found_by()["line"][9][0] == pytest.approx(sum(lines) / 24)
    draws = rng.choice(surface.ravel(), (60_000, 9)).min(axis=1)
    assert search.found_by()["random"][9][0] == pytest.approx(draws.mean(), abs=0.01)


# 3.3.3 ---------------------------------------------------------------------------------------


def test_expected_best_of_equal_settings(monkeypatch):
    hits, found = np.arange(1001), selection.expected_best()
    for m in (1, 10, 100, 1000):
        maximum = np.diff(stats.binom.cdf(hits, 1000, 0.9) ** m, prepend=0)
        assert found[f"m{m}"] == pytest.approx(hits @ maximum / 1000, abs=1e-9)
    assert found["error"] == pytest.approx(stats.binom.std(1000, 0.9) / 1000)
    assert round(found["error"], 4) == 0.0095
    monkeypatch.setattr(selection, "TRUE_ACCURACY", 0.8)
    assert selection.best_of.__wrapped__(1000)[1][0] == pytest.approx(0.8)


def test_the_largest_of_ten_normal_numbers():
    def density(z):
        return z * 10 * stats.norm.pdf(z) * stats.norm.cdf(z) ** 9

    found = selection.expected_best()
    assert found["z10"] == pytest.approx(integrate.quad(density, -10, 10)[0], abs=1e-5)
    assert f"{found['rule10']:.3f}" == f"{0.9 + 1.54 * math.sqrt(0.9 * 0.1 / 1000):.3f}" == "0.915"
    assert found["rule10"] == pytest.approx(found["m10"], abs=0.001)
