"""Numbers of 3.4.6 to 3.4.9, each by another route than the modules of `figures/` take."""

import math
from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
import pytest
from scipy import optimize, special

from figures import calibration, folds, rectifier, softmax_use
from figures.models import generators, networks

# 3.4.6 and 3.4.7 -----------------------------------------------------------------------------


def test_depth_hurts_the_sigmoid_and_not_the_others():
    found = rectifier.depth()
    assert found["chance"] == pytest.approx(math.log(2))
    assert max(found[name]["median"] for name in ("relu", "tanh")) < 0.05
    assert abs(found["relu"]["median"] - found["tanh"]["median"]) < 0.01  # a tie
    assert found["sigmoid"]["low"] > found["relu"]["high"] + 0.1
    assert {name: found[name]["gain"] for name in rectifier.NAMES} == {"sigmoid": 36, "tanh": 1, "relu": 2}
    usual = rectifier.tuned.LOSSES["sigmoid"][1][:-1]  # rates up to 3
    assert usual == pytest.approx([math.log(2)] * 5, abs=1e-3)


def test_a_coarse_search_of_gain_and_rate():
    found = rectifier.search(gains=(1, 4), rates=(0.1, 1.0), seeds=(0, 1))["LOSSES"]
    for name in ("tanh", "relu"):
        assert found[name][1][0] < 0.06
    assert found["sigmoid"][1] == pytest.approx([math.log(2)] * 2, abs=1e-3)
    assert found["relu"][1][1] == pytest.approx(math.log(2), abs=2e-3)  # all dead at a rate of 1


def test_error_signals_by_one_network_at_a_time():
    X, y = generators.rings(rectifier.POINTS, rectifier.TRAIN_SEED)
    for name, gain in rectifier.STARTS:
        first, last = [], []
        for seed in rectifier.START_SEEDS:
            rng = np.random.default_rng(seed)
            shapes = zip(rectifier.DEEP, rectifier.DEEP[1:], strict=False)
            layers = [(rng.normal(size=(m, n)) * (gain / n) ** 0.5, np.zeros(m)) for n, m in shapes]
            deltas = networks.backward(layers, X, y, name, "logistic")[2]
            first.append(np.square(deltas[0]).mean())
            last.append(np.square(deltas[-2]).mean())
        share = math.sqrt(np.mean(first) / np.mean(last))
        assert rectifier.start()[f"{name}{gain}"] == pytest.approx(share, rel=1e-9)
    assert rectifier.start()["most"] == pytest.approx(1 / 4**8)
    assert rectifier.start()["relu2"] == pytest.approx(1, abs=0.2)
    assert rectifier.start()["sigmoid1"] < 1e-4 < rectifier.start()["sigmoid36"]
    assert rectifier.start()["sigmoid36"] == pytest.approx(0.15, abs=0.02)


def test_large_steps_kill_units_and_the_dead_get_no_gradient():
    found = rectifier.dying()
    assert found["dead"][rectifier.DEATH_RATES.index(3.0)] > 0.55  # "more than half", with standard errors of 0.03
    assert found["low"] < 0.06 and found["accuracy"][-1] < 0.9 < found["accuracy"][0]
    X, y = generators.rings(rectifier.POINTS, rectifier.TRAIN_SEED)
    layers = networks.initialize(rectifier.WIDE, np.random.default_rng(0), "he")
    layers, _ = networks.train(layers, X, y, rate=3.0, steps=rectifier.WIDE_STEPS, loss="logistic")
    activations = networks.forward(layers, X, "relu")[1][1:-1]
    silent = np.concatenate([(a <= 0).all(axis=0) for a in activations])
    assert 0 < silent.sum() < 64
    gradients = networks.backward(layers, X, y, loss="logistic")[1]
    moved = np.concatenate([np.abs(W).sum(axis=1) for W, _ in gradients[:-1]])
    assert (moved[silent] == 0).all()


def test_weights_of_the_bottleneck():
    found = rectifier.bottleneck()
    assert (found["full"], found["narrow"]) == (262_144, 32_768)
    assert Fraction(found["narrow"], found["full"]) == Fraction(1, 8)


# 3.4.8 ---------------------------------------------------------------------------------------


def test_chords():
    for name, error in folds.chord_errors().items():
        pieces = int(name[1:])
        worst = max(
            (Fraction(2 * k + 1, 2 * pieces) ** 2 * -1) + (Fraction(k, pieces) ** 2 + Fraction(k + 1, pieces) ** 2) / 2
            for k in range(pieces)
        )
        assert worst == Fraction(1, 4 * pieces**2)
        assert error == pytest.approx(float(worst), abs=1e-12)


def test_the_bump_and_the_absolute_value_are_sums_of_rectifiers():
    r = lambda z: np.maximum(z, 0)  # noqa: E731
    z = np.linspace(-2, 6, 161)
    assert r(z) + r(-z) == pytest.approx(np.abs(z))
    bump = sum(weight * r(z - bend) for bend, weight in folds.BENDS)
    assert bump == pytest.approx(np.clip(1 - np.abs(z - 1), 0, None))
    plateau = 2 * r(z - 1) - 2 * r(z - 2) - 2 * r(z - 4) + 2 * r(z - 5)  # problem 3.4.8-P1
    assert plateau == pytest.approx(np.interp(z, (1, 2, 4, 5), (0, 2, 2, 0)))


def _area(polygon):
    x, y = polygon.T
    return abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def test_regions_of_one_layer_by_counting_crossings():
    """Lines cut a convex window into 1 + lines that meet it + crossings inside it."""
    layers = folds.trained(folds.SHAPES["one"])[0]
    W, b = layers[0]
    reach = folds.WINDOW
    corners = reach * np.array([(-1, -1), (-1, 1), (1, -1), (1, 1)])
    meets = int((np.ptp(np.sign(corners @ W.T + b), axis=0) > 0).sum())
    inside = 0
    for i in range(8):
        for j in range(i):
            point = np.linalg.solve(W[[i, j]], -b[[i, j]])
            inside += np.abs(point).max() < reach
    assert folds.counts()["one"]["regions"] == 1 + meets + inside <= folds.counts()["most"] == 37


def test_the_network_is_affine_on_each_region_and_the_regions_fill_the_window():
    layers = folds.trained(folds.SHAPES["two"])[0]
    polygons, rng = folds.regions(layers), np.random.default_rng(0)
    assert sum(map(_area, polygons)) == pytest.approx((2 * folds.WINDOW) ** 2)
    patterns = set()
    for polygon in polygons:
        shares = rng.dirichlet(np.ones(len(polygon)), 3)
        inner = networks.outputs(layers, shares @ polygon)[:, 0]
        assert inner == pytest.approx(shares @ networks.outputs(layers, polygon)[:, 0], abs=1e-9)
        Z, _ = networks.forward(layers, polygon.mean(axis=0)[None])
        patterns.add(bytes(np.concatenate([z[0] > 0 for z in Z[:-1]])))
    assert len(patterns) == len(polygons) > folds.counts()["one"]["regions"]
    assert folds.counts()["two"]["accuracy"] > 0.98
    assert 115 <= folds.counts()["two"]["regions"] < 125  # slivers come and go: "about 120"


# 3.4.9 ---------------------------------------------------------------------------------------


def _exact(logits):
    getcontext().prec = 30
    powers = [Decimal(str(z)).exp() for z in logits]
    return powers, [power / sum(powers) for power in powers]


def test_softmax_of_the_three_logits_to_the_last_digit(monkeypatch):
    powers, shares = _exact((2, 1, "0.1"))
    found = softmax_use.example()
    assert [round(float(p), 4) for p in powers] == [7.3891, 2.7183, 1.1052]
    assert found["powers"] == pytest.approx([float(p) for p in powers], rel=1e-14)
    assert found["sum"] == pytest.approx(float(sum(powers)), rel=1e-14)
    assert round(found["sum"], 4) == 11.2125
    assert found["log_sum"] == pytest.approx(float(sum(powers).ln()), rel=1e-14)
    assert found["losses"] == pytest.approx(found["log_sum"] - np.array([2, 1, 0.1]))
    assert [round(p, 4) for p in found["probabilities"].tolist()] == [0.659, 0.2424, 0.0986]
    assert found["probabilities"] == pytest.approx([float(p) for p in shares], rel=1e-14)
    assert found["losses"] == pytest.approx([float(-p.ln()) for p in shares], rel=1e-13)
    assert [round(v, 4) for v in found["losses"].tolist()] == [0.417, 1.417, 2.317]
    assert found["shifted"] == pytest.approx([float(p) for p in shares], rel=1e-14)
    assert found["gradient"] == pytest.approx([float(shares[0]) - 1, float(shares[1]), float(shares[2])])
    monkeypatch.setattr(softmax_use, "LOGITS", (2.0, 1.0, 0.2))
    assert softmax_use.example()["probabilities"][0] < found["probabilities"][0] - 0.005


def test_the_misprint_the_labels_and_the_first_losses():
    for name, logits in (("ascending", (1, 2, 3)), ("spread", (3, 1, -3))):
        exact = [float(p) for p in _exact(logits)[1]]
        assert softmax_use.misprint()[name] == pytest.approx(exact)
    assert [round(p, 2) for p in softmax_use.misprint()["spread"].tolist()] == [0.88, 0.12, 0]
    assert softmax_use.labels()["sigmoids"] == pytest.approx(special.expit([3, 1, -3]))
    assert round(softmax_use.labels()["sum"], 2) == 1.73
    uniform = np.zeros((1, 10))
    assert softmax_use.start()["k10"] == pytest.approx(networks.loss_and_error(uniform, [3])[0])
    assert round(softmax_use.start()["k1000"], 3) == 6.908
    # Another route: ln S is the integral of (exp(-t) - exp(-tS))/t, and the mean of exp(-tS) is a tenth power.
    z, t = np.linspace(-9, 9, 1501), np.exp(np.linspace(-16, 8, 3001))
    density = np.exp(-z * z / 4) / np.sqrt(4 * np.pi)
    one = (np.exp(-t[:, None] * np.exp(z)) * density).sum(axis=1) * (z[1] - z[0])
    exact = (np.exp(-t) - one**10).sum() * np.log(t[1] / t[0])
    assert softmax_use.start()["he10"] == pytest.approx(exact, abs=0.01)


def test_temperatures_of_the_slopes():
    for t in softmax_use.TEMPERATURES:
        exact = special.softmax(np.array(softmax_use.LOGITS) / t)
        assert softmax_use.probabilities(softmax_use.LOGITS, t) == pytest.approx(exact)
    assert softmax_use.probabilities(softmax_use.LOGITS, 0.5)[0] == pytest.approx(0.864, abs=5e-4)


def test_one_temperature_repairs_the_calibration():
    found, runs = calibration.fitted(), calibration.runs()
    logits, y = runs.logits["valid"][0], runs.classes["valid"]
    loss = lambda t: -special.log_softmax(logits / t, axis=1)[range(len(y)), y].mean()  # noqa: E731
    best = optimize.minimize_scalar(loss, bounds=(0.5, 8), method="bounded")
    assert found["T"] == pytest.approx(best.x, rel=0.02) and found["T"] > 2
    assert found["after"]["loss"] < found["before"]["loss"] - 0.1
    assert found["before"]["confidence"] > found["accuracy"] + 0.05
    assert abs(found["after"]["confidence"] - found["accuracy"]) < 0.02
    assert found["before"]["accuracy"] == found["after"]["accuracy"]  # no decision changes
    spread = calibration.spread()
    assert spread["least"] > 5 and spread["left"] < 10 < spread["most"]


def test_bins_of_confidence():
    runs, found = calibration.runs(), calibration.bins()
    shares = special.softmax(runs.logits["new"][0], axis=1)
    inside = (shares.max(axis=1) > 0.8).nonzero()[0]
    row = found["before100"]
    assert row["count"] == len(inside)
    assert row["right"] == pytest.approx((shares[inside].argmax(axis=1) == runs.classes["new"][inside]).mean())
    assert found["after_error"] < found["before_error"] / 3
