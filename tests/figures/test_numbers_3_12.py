"""Numbers of 3.12, dropout, by other routes than the figures take."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from figures import dropout, shrinking
from figures.models import networks
from figures.tuned import dropout as tuned


def masks_with_chances(count, p):
    for mask in product((0, 1), repeat=count):
        yield mask, Fraction(1 - p) ** sum(mask) * Fraction(p) ** (count - sum(mask))


def test_by_hand_with_exact_fractions():
    found, p = dropout.by_hand(), Fraction(1, 5)
    assert found["drawn"] == pytest.approx([2.5, -1.25, 0, 3.75])
    mean = [
        sum(chance * mask[i] * a / (1 - p) for mask, chance in masks_with_chances(4, p))
        for i, a in enumerate((2, -1, 4, 3))
    ]
    assert mean == [2, -1, 4, 3]
    assert found["mean"] == pytest.approx([float(value) for value in mean])
    assert found["factor"] == 1.25


def test_gradients_with_masks_by_finite_differences():
    rng = np.random.default_rng(0)
    layers = [(W[None], b[None, None]) for W, b in networks.initialize((5, 4, 3, 1), rng, "he")]
    X, y = rng.normal(size=(1, 6, 5)), rng.integers(0, 2, (1, 6, 1)).astype(float)
    masks = [(rng.random((1, 6, n)) >= 0.3) / 0.7 for n in (4, 3)]

    def loss():
        z = dropout.outputs(layers, X, masks)[1]
        return (np.logaddexp(0, z) - y * z).mean()

    for layer, gradient in zip(layers, dropout.gradients(layers, X, y, masks), strict=True):
        for part, slope in zip(layer, gradient, strict=True):
            for place in list(np.ndindex(part.shape))[:5]:
                kept = part[place]
                part[place] = kept + 1e-6
                above = loss()
                part[place] = kept - 1e-6
                below = loss()
                part[place] = kept
                assert slope[place] == pytest.approx((above - below) / 2e-6, abs=1e-7)


def test_claims_about_the_sweep():
    found, best = dropout.sweep(), dropout.best()
    trained, valid = found["train"].mean(axis=1), found["valid"].mean(axis=1)
    rates = list(dropout.RATES)
    assert 0.4 <= best["rate"] <= 0.6 and best["gain"] > 4 * best["spread"]
    middle = found["valid"][rates.index(0.4) : rates.index(0.6) + 1]
    for one, other in ((0, 1), (0, 2), (1, 2)):  # 0.4, 0.5 and 0.6 tie
        apart = middle[one] - middle[other]
        assert abs(apart.mean()) < 2 * apart.std(ddof=1) / 4
    assert (trained[: rates.index(0.5) + 1] == 0).all() and trained[-1] > 2
    assert valid[-1] > valid.min() + 1.5


def test_a_coarse_search_agrees_with_the_recorded_one():
    """Four starts of its own: the recorded learning rate is as good as the best of three, within the noise."""
    for p in (0.0, 0.5):
        coarse = {eta: dropout.errors([p], [eta], range(70, 74))[1].mean() for eta in (0.01, 0.1, 0.3)}
        assert coarse[tuned.BEST[p]] < min(coarse.values()) + 1


def test_dropout_is_ridge_on_a_linear_unit():
    """The penalty of the text, over all masks of two inputs, in fractions; and the least weights of both."""
    found = dropout.ridge()
    p, X, y = Fraction(1, 5), ((1, 2), (2, 1)), (3, 3)
    for w in ((1, 1), (2, 0)):
        noisy = sum(
            chance * (t - sum(a * m * b / (1 - p) for a, m, b in zip(w, mask, x, strict=True))) ** 2
            for x, t in zip(X, y, strict=True)
            for mask, chance in masks_with_chances(2, p)
        )
        plain = sum((t - sum(a * b for a, b in zip(w, x, strict=True))) ** 2 for x, t in zip(X, y, strict=True))
        penalty = p / (1 - p) * sum(w[j] ** 2 * sum(x[j] ** 2 for x in X) for j in range(2))
        assert noisy == plain + penalty
    assert found["penalty"] == pytest.approx(0.25 * 5)
    # (X'X + 5/4 I) w = X'y with X'X = [[5, 4], [4, 5]] and X'y = (9, 9)
    assert found["weight"] == pytest.approx(9 / (5 + 4 + 1.25))


def test_uncertainty_of_predictions_with_dropout_left_on():
    found = dropout.left_on()
    assert found["near"] < 0.5 * found["far"]


def test_another_input_changes_the_numbers(monkeypatch):
    monkeypatch.setattr(dropout, "DROP", 0.4)
    assert dropout.by_hand()["drawn"][0] == pytest.approx(2 / 0.6)
    assert dropout.by_hand()["mean"] == pytest.approx([2, -1, 4, 3])


def by_eigenvectors(X, y, factor):
    """Weights along the eigenvectors of X'X/n, each least-squares part times a factor of its eigenvalue."""
    values, vectors = np.linalg.eigh(X.T @ X / len(y))
    return vectors @ (factor(values) * (vectors.T @ np.linalg.lstsq(X, y, rcond=None)[0]))


def test_steps_and_decay_shrink_each_direction():
    X, y, _, _ = shrinking.draw(3)
    path = shrinking.descend(X, y)
    for t in (1, 16, 500):
        assert path[t] == pytest.approx(by_eigenvectors(X, y, lambda h, t=t: 1 - (1 - shrinking.RATE * h) ** t))
    for strength in (0.1, 3.0):
        expected = by_eigenvectors(X, y, lambda h, strength=strength: h / (h + strength))
        assert shrinking.decayed(X, y, strength) == pytest.approx(expected)


def test_error_on_new_examples_is_met_by_examples():
    rng, w = np.random.default_rng(0), shrinking.descend(*shrinking.draw(0)[:2])[-1]
    X = rng.normal(size=(200_000, shrinking.INPUTS))
    y = X @ shrinking.TRUE + rng.normal(size=len(X))
    assert shrinking.squared(X, y, w)[0] == pytest.approx(shrinking.expected(w)[0], rel=0.02)


def test_stopping_by_hand():
    losses = (0.70, 0.60, 0.55, 0.56, 0.54, 0.56, 0.55, 0.57)
    assert shrinking.stop(losses, 3) == (4, 7)  # counted from 0: check 5, ended at check 8
    assert shrinking.stop(losses, 1) == (2, 3)
    assert shrinking.stop(losses, 3, 0.02) == (2, 5)
    losses = (0.9, 0.7, 0.72, 0.69, 0.65, 0.66, 0.66, 0.67, 0.60)
    assert shrinking.stop(losses, 2) == (4, 6) and shrinking.stop(losses, 4)[0] == 8


def test_claims_about_stopping_and_decay():
    found, parts = shrinking.outcomes(), list(shrinking.parts().values())
    assert found["end"]["new"] > 1.8 * found["stopped"]["new"]
    assert abs(found["stopped"]["new"] - found["decayed"]["new"]) < found["stopped"]["se"]
    first = found["first"]
    assert first["ended"] == first["kept"] + shrinking.PATIENCE and first["valid_end"] > 2 * first["lowest"]
    for row in parts:
        assert row["new"] == pytest.approx(1 + row["bias"] + row["variance"])
    for one, other in zip(parts, parts[1:], strict=False):
        assert one["variance"] > other["variance"] and one["train"] < other["train"]
        assert one["strength"] == 0 or one["bias"] < other["bias"]
    assert min(parts, key=lambda row: row["new"])["strength"] in (0.3, 1.0)


def test_without_noise_later_steps_lose_nothing():
    X, _, _, _ = shrinking.draw(0)
    new = shrinking.expected(shrinking.descend(X, X @ shrinking.TRUE))
    assert (np.diff(new) <= 1e-12).all()
