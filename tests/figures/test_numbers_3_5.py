"""Numbers and claims of section 3.5, each by another route than figures/batch_size.py."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from figures import batch_size
from figures.models import digits, networks


@pytest.fixture(scope="module")
def data():
    return digits.split()


@pytest.fixture(scope="module")
def start():
    return networks.initialize(batch_size.WIDTHS, np.random.default_rng(0), "he")


def flat(layers):
    return np.concatenate([part.ravel() for pair in layers for part in pair])


def test_example_gradients_agree_with_finite_differences(data, start):
    rows = batch_size.example_gradients(start, data.train_x[:3], data.train_y[:3])
    rng = np.random.default_rng(5)
    for _ in range(4):
        along = [(rng.normal(size=W.shape), rng.normal(size=b.shape)) for W, b in start]
        for k in range(3):
            losses = [
                networks.mean_loss(
                    [(W + h * u, b + h * v) for (W, b), (u, v) in zip(start, along, strict=True)],
                    data.train_x[k : k + 1],
                    data.train_y[k : k + 1],
                )
                for h in (1e-5, -1e-5)
            ]
            assert rows[k] @ flat(along) == pytest.approx((losses[0] - losses[1]) / 2e-5, rel=1e-4, abs=1e-6)


def test_noise_at_the_start(data, start):
    rows = batch_size.example_gradients(start, data.train_x, data.train_y)
    full = flat(networks.backward(start, data.train_x, data.train_y)[1])
    found = batch_size.noise_at_start()
    assert found["length"] == pytest.approx(np.linalg.norm(full), rel=1e-9)
    assert found["trace"] == pytest.approx(rows.var(axis=0).sum(), rel=1e-9)
    assert f"{found['length']:.3f} {found['trace']:.1f} {found['scale']:.0f}" == "0.557 16.9 54"
    # A fresh sample of batches, from the gradients themselves.
    rng = np.random.default_rng(77)
    for size in (1, 64):
        means = np.array([rows[rng.integers(0, 1000, size)].mean(axis=0) for _ in range(60)])
        error = np.sqrt(np.square(means - full).sum(axis=1).mean())
        cosine = (means @ full / np.linalg.norm(means, axis=1)).mean() / np.linalg.norm(full)
        assert error == pytest.approx(found[f"b{size}"]["law"], rel=0.12)
        assert found[f"b{size}"]["error"] == pytest.approx(found[f"b{size}"]["law"], rel=0.04)
        assert cosine == pytest.approx(found[f"b{size}"]["cosine"], abs=0.06)


def test_law_and_factor_without_replacement_by_enumeration():
    values = [Fraction(v) for v in (2, -1, 4, 0, 7)]
    mean = sum(values) / 5
    variance = sum((v - mean) ** 2 for v in values) / 5
    for size in (1, 2, 3):
        replaced = [sum(pick) / size for pick in itertools.product(values, repeat=size)]
        kept = [sum(pick) / size for pick in itertools.combinations(values, size)]
        assert sum(replaced) / len(replaced) == sum(kept) / len(kept) == mean
        assert sum((m - mean) ** 2 for m in replaced) / len(replaced) == variance / size
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
    for eta in (0.05, 0.3):
        assert change(eta) == pytest.approx(-eta * g @ g + eta**2 / 2 * (along + np.trace(H @ sigma) / 2))
    best = minimize_scalar(change, bounds=(0, 5), method="bounded", options={"xatol": 1e-9})
    assert best.x == pytest.approx(g @ g / along / (1 + critical / 2), rel=1e-5)
    assert best.fun == pytest.approx(-((g @ g) ** 2) / (2 * along) / (1 + critical / 2), rel=1e-6)


def test_fit_finds_a_planted_law():
    sizes = np.array([1, 4, 16, 64, 256])
    least, critical = batch_size.fit_law(sizes, 60 * (1 + 30 / sizes))
    assert (least, critical) == (pytest.approx(60, rel=0.01), pytest.approx(30, rel=0.01))


def test_race_is_plain_training(data, start):
    """The stacked runs arrive when a loop over networks.backward with the same batches does."""
    rng, layers = np.random.default_rng(100), [(W.copy(), b.copy()) for W, b in start]
    step, look = 0, int(36 * (1 + 32 / 32))
    while True:
        step += 1
        pick = rng.integers(0, 1000, 32)
        slopes = networks.backward(layers, data.train_x[pick], data.train_y[pick])[1]
        layers = [(W - 0.5 * dW, b - 0.5 * db) for (W, b), (dW, db) in zip(layers, slopes, strict=True)]
        if step == look:
            look = max(step + 1, int(step * 1.04))
            if networks.mean_loss(layers, data.train_x, data.train_y) <= 0.15:
                break
    rate, steps, right = batch_size.race(32, (0.5,), draws=1)
    assert (rate, steps) == (0.5, step)
    assert right == pytest.approx(networks.accuracy(layers, data.test_x, data.test_y))
    assert batch_size.race(32, (0.5,), draws=1, target=0.3)[1] < steps  # an easier target, fewer steps


def test_tradeoff_claims():
    found = batch_size.to_target()
    steps = {size: found[f"b{size}"]["steps"] for size in batch_size.SIZES}
    assert [found[f"b{size}"]["rate"] for size in (1, 2, 4, 8)] == [1 / 16, 1 / 8, 1 / 4, 1 / 2]
    assert max(found[f"b{size}"]["rate"] for size in batch_size.SIZES) == 1
    assert 6 < steps[1] / steps[8] < 9  # nearly perfect scaling
    assert steps[64] / steps[512] < 2 and 4.5 < found["waste"] < 5.5
    raw = found["b512"]["examples"] / found["b64"]["examples"]
    assert found["waste"] == pytest.approx(raw, rel=0.06)
    assert found["b512"]["examples"] > 10 * found["b8"]["examples"]
    assert 20 < found["critical"] < 45 and 50 < found["least_steps"] < 75
    assert all(0.8 < row["steps"] / row["law"] < 1.25 for row in found.values() if isinstance(row, dict))
    assert all(0.92 < row["accuracy"] < 0.985 for row in found.values() if isinstance(row, dict))
    assert [found[f"b{size}"]["about"] for size in (1, 8, 64, 512)] == [2000, 280, 100, 62]
    examples = {size: found[f"b{size}"]["examples"] for size in batch_size.SIZES}
    assert examples[16] < 1.25 * examples[1] and 1.6 < examples[32] / examples[1] < 2.4
    accuracies = [found[f"b{size}"]["accuracy"] for size in (1, 8, 64, 512)]
    assert 0.015 < max(accuracies) - min(accuracies) < 0.045


def test_standard_error_of_a_test_accuracy(data):
    hits = np.random.default_rng(0).binomial(len(data.test_y), 0.96, 100_000) / len(data.test_y)
    assert batch_size.accuracy_error()["points"] == pytest.approx(100 * hits.std(), rel=0.02)


def test_epochs_to_the_target():
    """Steps by steps per epoch; an epoch of the last batch size is two steps, the second short."""
    found = batch_size.to_target()
    assert [found[f"b{size}"]["per_epoch"] for size in (1, 8, 64, 512)] == [1000, 125, 16, 2]
    assert [round(found[f"b{size}"]["epochs"]) for size in (1, 8, 64, 512)] == [2, 2, 6, 31]
    for size in (1, 8, 64, 512):
        row = found[f"b{size}"]
        assert row["epochs"] == pytest.approx(float(Fraction(row["about"], row["per_epoch"])))
        assert row["epochs"] == pytest.approx(row["examples"] / 1000, rel=0.08)  # short last batches


def test_same_epochs():
    found = batch_size.same_epochs()
    assert [found[name]["steps"] for name in ("b8", "b64", "b512")] == [375, 48, 6]
    assert found["b8"]["loss"] < 0.25 < 0.35 < found["b64"]["loss"] < 0.55 and found["b512"]["loss"] > 1.2
