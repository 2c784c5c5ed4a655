"""Numbers and claims of section 3.5, each by another route than the figures take."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from figures import batch_size, batch_steps
from figures.models import digits, networks
from figures.race import WIDTHS, draw, losses_and_gradients
from figures.tuned import batch_steps as tuned

SLOPES = (3, 1, 1, -1)


@pytest.fixture(scope="module")
def data():
    return digits.split()


@pytest.fixture(scope="module")
def rows(data):
    """Gradients of all examples at the first start, one by one."""
    Y = digits.one_hot(data.train_y)
    pairs = zip(data.train_x, Y, strict=True)
    return np.array([losses_and_gradients(draw(100), x[None], y[None])[1] for x, y in pairs])


def test_smallest_case_by_enumeration():
    found = batch_size.smallest()
    for size in (1, 2, 4):
        means = [Fraction(sum(pick), size) for pick in itertools.product(SLOPES, repeat=size)]
        assert sum(means) / len(means) == 1
        assert sum((mean - 1) ** 2 for mean in means) / len(means) == Fraction(2, size)
        best = minimize_scalar(
            lambda eta, means=means: -np.mean([eta * float(m) - eta**2 * float(m) ** 2 / 2 for m in means])
        )
        assert best.x == pytest.approx(found[f"b{size}"]["rate"], abs=1e-6)
        assert -best.fun == pytest.approx(found[f"b{size}"]["saved"], abs=1e-9)
    assert (found["variance"], found["pairs"], found["pair_variance"]) == (2, 16, 1)
    assert [found[f"b{size}"]["factor"] for size in (1, 2, 4, 8)] == [3, 2, 1.5, 1.25]


def test_noise_at_the_start(rows):
    found, full = batch_size.noise_at_start(), rows.mean(axis=0)
    assert found["length"] == pytest.approx(np.linalg.norm(full))
    assert found["trace"] == pytest.approx(rows.var(axis=0).sum())
    assert (round(found["trace"] ** 0.5 / found["length"], 1), round(found["simple"])) == (3.9, 15)
    assert (round(found["ratio_one"], 1), round(found["simple_start"]["median"])) == (4.7, 22)
    assert found["ratio_one"] == pytest.approx(found["simple_start"]["median"] ** 0.5, rel=0.02)
    rng = np.random.default_rng(77)
    means = np.array([rows[rng.integers(0, 1000, 64)].mean(axis=0) for _ in range(100)])
    error = np.sqrt(np.square(means - full).sum(axis=1).mean())
    assert error == pytest.approx(np.sqrt(found["trace"] / 64), rel=0.1)


def test_curvature_along_the_gradients_by_differences(data, rows):
    """Differences of the full gradient along every 50th example's gradient, against the same sum in closed form."""
    w, X, Y = draw(100), data.train_x, digits.one_hot(data.train_y)
    found = batch_size.critical(w)
    some = rows[::50]
    along = [
        v @ (losses_and_gradients(w + 1e-5 * v, X, Y)[1] - losses_and_gradients(w - 1e-5 * v, X, Y)[1]) / 2e-5
        for v in some
    ]
    total = found["along"] * (1 + found["exact"])
    assert np.mean(along) == pytest.approx(total, abs=3 * np.std(along) / len(along) ** 0.5)


def test_critical_size_spreads_and_grows():
    found = batch_size.noise_at_start()
    assert 8 < found["start"]["median"] < 20 and found["start"]["low"] < 2 and found["start"]["high"] > 35
    assert found["end"]["about"] == 120 and 100 < found["end"]["median"] < 145
    assert found["end"]["median"] > 5 * found["start"]["median"]
    assert 1 <= found["negative"] <= 5


def test_fit_finds_a_planted_law():
    sizes = np.array([1, 4, 16, 64, 256])
    least, critical = batch_steps.fit_law(sizes, 60 * (1 + 30 / sizes))
    assert (least, critical) == (pytest.approx(60, rel=0.01), pytest.approx(30, rel=0.01))


def test_arrival_is_where_the_loss_stays_below(data):
    """One run again with plain loops: its losses at the same looks, and the last look above the target."""
    steps = int(batch_steps.arrivals(16, (0.5,), (100,))[0][0, 0])
    layers = networks.initialize(WIDTHS, np.random.default_rng(100), "he")
    rng, look, above = np.random.default_rng(1100), 20, 0
    for step in range(1, 2 * steps + 1):
        pick = rng.integers(0, 1000, 16)
        slopes = networks.backward(layers, data.train_x[pick], data.train_y[pick])[1]
        layers = [(W - 0.5 * dW, b - 0.5 * db) for (W, b), (dW, db) in zip(layers, slopes, strict=True)]
        if step == look:
            look = max(step + 1, int(step * 1.05))
            above = step if networks.mean_loss(layers, data.train_x, data.train_y) > 0.15 else above
    assert steps == max(above + 1, int(above * 1.05))


def test_a_coarse_search_finds_the_rates_again():
    coarse = batch_steps.search(seeds=(7, 8, 9), rates=batch_steps.GRID[::2], sizes=(16, 64))["RATES"]
    for size, rate in coarse.items():
        assert 1 / 4 <= rate / tuned.RATES[size] <= 4
    assert all(min(tuned.GRID) < rate < max(tuned.GRID) for rate in tuned.RATES.values())


def test_tradeoff_claims():
    found = batch_steps.to_target()
    steps = {size: found[f"b{size}"]["steps"] for size in batch_steps.SIZES}
    assert [found[f"b{size}"]["rate"] for size in (1, 4, 16)] == [1 / 32, 1 / 8, 1 / 2]  # the linear rule
    assert found["b64"]["rate"] == found["b256"]["rate"] == 1  # and its end
    assert 10 < found["fewer"] < 14 and 1.2 < steps[16] * 16 / steps[1] < 1.5
    assert 1.2 < steps[64] / steps[256] < 2.2 and found["waste"] == pytest.approx(256 * steps[256] / (64 * steps[64]))
    assert found["critical_low"] < found["critical"] < found["critical_high"]
    assert found["critical_high"] > 3 * found["critical_low"]
    rights = [found[f"b{size}"]["accuracy"] for size in batch_steps.SIZES]
    assert max(rights) - min(rights) < 1.5  # sizes tie, and the largest is not the worst
    assert min(rights) < found["b256"]["accuracy"]
    assert all(0.15 < found[f"b{size}"]["error"] < 0.45 for size in batch_steps.SIZES)


def test_same_epochs_undertrain_the_large_batch():
    found = batch_steps.same_epochs()
    assert (found["small"]["steps"], found["large"]["steps"]) == (5 * 63, 5 * 4)
    assert found["small"]["accuracy"] > 94 and found["large"]["accuracy"] < 86
    assert batch_steps.to_target()["b256"]["accuracy"] > found["large"]["accuracy"] + 10


# What goes further, and its problems.


def test_problems_of_the_choice():
    assert [round(b / (b + 1), 2) for b in (1 / 16, 1 / 4, 1, 4, 16)] == [0.06, 0.2, 0.5, 0.8, 0.94]
    larger = 0.1 * (1024 / (1024 + 256)) / (64 / (64 + 256))
    assert larger == pytest.approx(0.4)
    least, product = np.linalg.solve([[1, 1 / 32], [1, 1 / 128]], [900, 525])
    assert (least, product / least) == (pytest.approx(400), pytest.approx(40))
    assert round(least + product / 512) == 431
    assert Fraction(1, 16) / Fraction(1, 100) == Fraction(25, 4)
    assert (round(0.99**8, 3), round(0.8**8, 3)) == (0.923, 0.168)
    found = batch_size.noise_at_start()["rates"]
    assert found["start"] / 2 < found["later"] < 2 * found["start"]  # no need of a warm-up is seen


def test_memory_and_epochs():
    layers = networks.initialize((784, 1000, 1000, 10), np.random.default_rng(0))
    assert networks.parameter_count(layers) == 1_796_010
    activations = 4 * sum((784, 1000, 1000, 10))
    assert (activations, round(activations * 256 / 1e6, 1), round(activations * 4096 / 1e6, 1)) == (11_176, 2.9, 45.8)
    assert (10**9 - 16 * 1_796_010) // activations == 86_906
    assert [round(64 * 224 * 224 / 1e6, 1), round(4 * 64 * 224 * 224 / 1e6, 1)] == [3.2, 12.8]
    assert [1000 * (1 + 500 / b) * b / 50_000 for b in (100, 5000)] == pytest.approx([12, 110])


def test_rows_of_the_table_grow():
    rows = batch_size.noise_at_start()["rows"]
    medians = [row["exact"]["median"] for row in rows]
    assert medians[0] < medians[2] < medians[3] < medians[4]
