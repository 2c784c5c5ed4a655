"""Numbers of section 3.3, each by another route than the modules of `figures/` take."""

import math

import numpy as np
import pytest
from scipy import integrate, special, stats

from figures import halving, search, selection
from figures.models import digits, networks

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


def test_one_random_trial_is_hardly_better_than_guessing():
    found = search.comparison()
    assert found["random1"] == pytest.approx(np.mean(search.surfaces()))
    assert found["guess"] - 0.7 < found["random1"] < found["guess"]
    assert found["cells"] == 216
    assert max(found[f"{kind}36"] for kind in ("grid", "line", "random")) < found["random9"]


def test_halving_costs_720_steps_and_finds_a_rate_as_good_as_the_best():
    """Count the steps and replay the race from the table of losses."""
    found, tables = halving.raced(), halving.losses()
    trials, done, cost = 16, 0, 0
    for budget in (15, 30, 60, 120, 240):
        cost += trials * (budget - done)
        trials, done = trials // 2, budget
    assert found["steps"] == cost == 720
    assert found["all_steps"] == 16 * 240 == 3840
    kept = []
    for table in tables:
        alive = np.arange(16)
        for column in range(4):
            alive = alive[np.argsort(table[alive, column], kind="stable")[: len(alive) // 2]]
        kept.append(alive[0])
    assert found["kept_rates"] == [halving.RATES[j] for j in kept]
    assert found["same"] >= 2 and found["loss_halved"] < found["loss_best"] + 0.02


def test_slow_rates_are_far_behind_early_and_hardly_at_the_end():
    found = halving.table()
    assert found["r8"]["s15"] - found["r10"]["s15"] == pytest.approx(0.6, abs=0.05)
    assert found["r8"]["s240"] - found["r10"]["s240"] == pytest.approx(0.06, abs=0.02)
    assert round(found["r8"]["rate"], 2) == 0.18
    assert found["r10"]["s15"] == min(row["s15"] for row in found.values())


def test_expected_improvement_by_drawing():
    draws = np.random.default_rng(0).normal(size=1_000_000)
    for name, mean, deviation in (("near", 0.42, 0.02), ("far", 0.50, 0.15)):
        gains = np.maximum(0.40 - (mean + deviation * draws), 0)
        assert halving.improvement()[name]["gain"] == pytest.approx(gains.mean(), rel=0.02), name
        assert halving.improvement()[name]["below"] == pytest.approx((gains > 0).mean(), abs=0.002)


def test_shares_of_momenta_near_one():
    places = (np.arange(100_000) + 0.5) / 100_000
    found = halving.near_one()
    assert found["even"] == pytest.approx((0.9 + 0.099 * places > 0.99).mean(), abs=1e-4)
    assert (1 - 10 ** (-3 + 2 * places) > 0.99).mean() == pytest.approx(0.5, abs=1e-4)


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


def test_many_starts_by_the_other_program_of_the_book():
    """Train two of the starts with figures.models.networks, which shares no code with the stacks."""
    data = digits.split()
    for seed in (0, 7):
        layers = networks.initialize((64, 16, 10), np.random.default_rng(seed), "he")
        layers, _ = networks.train(layers, data.train_x[:200], data.train_y[:200], rate=0.6, steps=240)
        accuracy = networks.accuracy(layers, data.valid_x, data.valid_y)
        assert selection.accuracies(0.6)[seed] == pytest.approx(accuracy, abs=0.006)


def test_few_starts_often_pick_the_worse_rate():
    found = selection.repeats()
    low, high = (100 * selection.accuracies(rate) for rate in (0.3, 0.6))
    pairs = low[:, None] > high[None, :]
    assert found["wrong1"] == pytest.approx(pairs.mean(), abs=0.01)
    assert 0.2 < found["wrong1"] < 0.45 and found["wrong10"] < found["wrong3"] < found["wrong1"]
    assert found["high"] > found["low"]
    spread = math.sqrt(low.var(ddof=1) + high.var(ddof=1))
    assert found["needed"] == math.ceil(4 * spread**2 / (high.mean() - low.mean()) ** 2)


def test_features_chosen_outside_the_folds_leak():
    found = selection.leak()
    assert found["outside"] > 85 and 40 < found["inside"] < 55
    scores = selection.leaking_scores()
    assert scores.shape == (50, 2) and (scores[:, 0] > scores[:, 1]).mean() > 0.95


def test_standard_errors_of_accuracies_and_of_pairs():
    found = selection.judged()
    for n in (100, 400, 1000, 10_000):
        assert found[f"n{n}"] == pytest.approx(100 * stats.binom.std(n, 0.9) / n)
    marks = np.array([1] * 40 + [-1] * 25 + [0] * 935)
    assert found["gap"] == pytest.approx(100 * marks.mean())
    assert found["paired"] == pytest.approx(100 * marks.std() / math.sqrt(1000))
    assert found["quotient"] == pytest.approx(marks.mean() / (marks.std() / math.sqrt(1000)))
    assert found["unpaired"] == pytest.approx(100 * math.sqrt(0.09 / 1000 + 0.09 / 1000))
