"""Numbers and claims of section 3.8, by other routes than the modules take."""

from fractions import Fraction
from math import exp, log, pi, sqrt

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from figures import initialization, symmetry
from figures.models import networks
from figures.models.generators import rings


def test_zero_weights_by_fractions():
    targets = [1, 0, 1]
    errors = [Fraction(1, 2) - y for y in targets]
    bias = sum(errors) / 3
    found = symmetry.zero_example()
    for name in ("tanh", "relu", "sigmoid"):
        assert found[name]["bias"] == pytest.approx(float(bias))
        assert (found[name]["first"] == 0).all()
        assert found[name]["before"] == pytest.approx(log(2))
    assert (found["tanh"]["second"] == 0).all() and (found["relu"]["second"] == 0).all()
    assert found["sigmoid"]["second"] == pytest.approx([float(bias / 2)] * 3)
    entropy = -(2 / 3 * log(2 / 3) + 1 / 3 * log(1 / 3))
    assert found["tanh"]["after"] == pytest.approx(entropy, abs=1e-9)
    assert found["sigmoid"]["spread"] == 0


def one_unit(steps=symmetry.STEPS, units=symmetry.UNITS, value=0.5):
    """Follow one of n equal units by hand: four numbers, the output weight counted n times."""
    X, y = rings(symmetry.POINTS, 0, symmetry.NOISE)
    w, b, v, c = np.full(2, value), 0.0, value, 0.0
    for _ in range(steps):
        a = np.tanh(X @ w + b)
        error = (1 / (1 + np.exp(-(units * v * a + c))) - y) / len(y)
        back = error * v * (1 - a**2)
        w, b = w - symmetry.RATE * back @ X, b - symmetry.RATE * back.sum()
        v, c = v - symmetry.RATE * error @ a, c - symmetry.RATE * error.sum()
    score = units * v * np.tanh(X @ w + b) + c
    return np.logaddexp(0, np.where(y == 1, -score, score)).mean(), ((score > 0) == y).mean()


def test_equal_units_stay_equal_and_act_as_one():
    found = symmetry.outcome()
    loss, share = one_unit()
    assert found["equal"]["loss"] == pytest.approx(loss, abs=1e-6)
    assert found["equal"]["accuracy"] == share
    for name in ("equal", "minibatch", "momentum"):
        assert found[name]["spread"] < 1e-12
        assert found[name]["accuracy"] < 0.8
    for name in ("random", "biases"):
        assert found[name]["accuracy"] > 0.99 and found[name]["loss"] < 0.05
        assert found[name]["spread"] > 1
    # Another first value, another result.
    assert one_unit(value=1.5, steps=300)[0] != pytest.approx(one_unit(steps=300)[0], abs=1e-3)


def test_gradients_of_equal_units_by_finite_differences():
    rng = np.random.default_rng(3)
    layers = [
        (np.tile(rng.normal(size=3), (4, 1)), np.full(4, 0.2)),
        (np.tile(rng.normal(size=(2, 1)), (1, 4)), rng.normal(size=2)),
    ]
    X, classes = rng.normal(size=(5, 3)), rng.integers(0, 2, 5)

    def slope(layer, row, column):
        values = []
        for step in (1e-6, -1e-6):
            moved = [(W.copy(), b) for W, b in layers]
            moved[layer][0][row, column] += step
            values.append(networks.mean_loss(moved, X, classes, "tanh"))
        return (values[0] - values[1]) / 2e-6

    for column in range(3):
        assert np.ptp([slope(0, row, column) for row in range(4)]) < 1e-8
    for row in range(2):
        assert np.ptp([slope(1, row, column) for column in range(4)]) < 1e-8
    assert abs(slope(0, 0, 0) - slope(0, 0, 1)) > 1e-4


def test_a_nudge_grows():
    assert all(symmetry.run(size, 1000)[3][-1] > 0.5 for size in symmetry.NUDGES)
    spread = symmetry.run("1e-09", 1000)[3]
    assert spread[0] < 1e-8 and spread[-1] > 1
    rate = np.log10(spread[40] / spread[15]) / 250  # decades a step, steps 150 to 400
    assert 150 < 3 / rate < 400
    # The same run with the gradients of a tanh layer and a logistic output written out.
    X, y = rings(symmetry.POINTS, 0, symmetry.NOISE)
    W = 0.5 + 1e-9 * np.random.default_rng(1).normal(size=(symmetry.UNITS, 2))
    b, v, c, steps = np.zeros(symmetry.UNITS), np.full(symmetry.UNITS, 0.5), 0.0, 0
    first = wide = np.linalg.norm(W[:, None] - W[None], axis=2).max()
    while wide < 1e6 * first:
        a = np.tanh(X @ W.T + b)
        error = (1 / (1 + np.exp(-(a @ v + c))) - y) / len(y)
        back = error[:, None] * v * (1 - a**2)
        W, b = W - symmetry.RATE * back.T @ X, b - symmetry.RATE * back.sum(axis=0)
        v, c, steps = v - symmetry.RATE * error @ a, c - symmetry.RATE * error.sum(), steps + 1
        wide = np.linalg.norm(W[:, None] - W[None], axis=2).max()
    assert symmetry.growth()["steps_to_million"] == pytest.approx(steps, abs=10)
    assert 480 <= steps <= 520


def test_small_weights_lose_a_tenth_a_layer():
    found = initialization.followed()
    forward = list(found["tanh_small"]["forward"].values())
    backward = list(found["tanh_small"]["backward"].values())
    weights = list(found["tanh_small"]["weights"].values())[1:-1]
    assert forward[1] == pytest.approx(0.01 * sqrt(64) * forward[0], rel=0.1)
    assert forward[10] / forward[1] == pytest.approx(1e-9, rel=0.3)
    assert backward[9] == pytest.approx(0.01 * sqrt(10), rel=0.15)
    assert backward[0] / backward[9] == pytest.approx(1e-9, rel=0.3)
    assert max(weights) / min(weights) < 1.4
    # A weight's gradient for one picture: ten factors of 0.1, the last of them sqrt(10) times that.
    assert weights == pytest.approx([0.08 * 0.01 * sqrt(10) * 1e-8] * len(weights), rel=0.3)
    relu = list(found["relu_small"]["forward"].values())
    assert relu[10] / relu[1] == pytest.approx(0.5**4.5 * 1e-9, rel=0.6)
    large = list(found["relu_large"]["forward"].values())
    assert (large[10] / large[1]) ** (1 / 9) == pytest.approx(sqrt(50), rel=0.06)


def test_a_larger_deviation_changes_what_is_quoted(monkeypatch):
    before = initialization.followed()["tanh_small"]["forward"]["l10"]
    try:
        monkeypatch.setitem(initialization._NUMBERS, "small", 0.02)
        initialization.signals.cache_clear()
        after = initialization.followed()["tanh_small"]["forward"]["l10"]
    finally:
        monkeypatch.undo()
        initialization.signals.cache_clear()
    assert after / before == pytest.approx(2**10, rel=0.1)


def test_saturated_units():
    found = initialization.saturated()
    size = sqrt(100) * initialization.followed()["tanh_large"]["forward"]["l5"]
    slope = quad(lambda z: (1 - np.tanh(z) ** 2) ** 2 * norm.pdf(z, scale=size), -30, 30, points=[0])[0]
    assert found["slope"] == pytest.approx(slope, rel=0.05)
    assert slope == pytest.approx(4 / (3 * size * sqrt(2 * pi)), rel=0.01)
    assert found["gain"] == pytest.approx(10 * sqrt(slope), rel=0.03)
    beyond = 2 * norm.sf(np.arctanh(0.99), scale=size)
    assert found["share"] == pytest.approx(beyond, abs=0.02)
    backward = list(initialization.followed()["tanh_large"]["backward"].values())
    assert (backward[0] / backward[9]) ** (1 / 9) == pytest.approx(found["gain"], rel=0.1)


def test_variants():
    found = initialization.variants()
    assert found["uniform"] == pytest.approx(found["normal"], rel=0.4)
    assert found["shallow"] > 0.5


def test_gains_by_quadrature():
    shapes = {
        "tanh": np.tanh,
        "relu": lambda z: max(z, 0),
        "gelu": lambda z: z * norm.cdf(z),
        "silu": lambda z: z / (1 + exp(-z)),
        "elu": lambda z: z if z > 0 else exp(z) - 1,
    }
    quoted = {
        "tanh": (0.394, 1.593),
        "relu": (0.5, 1.414),
        "gelu": (0.425, 1.534),
        "silu": (0.356, 1.677),
        "elu": (0.645, 1.245),
    }
    for name, shape in shapes.items():
        square = quad(lambda z, f=shape: f(z) ** 2 * norm.pdf(z), -12, 12, points=[0], limit=200)[0]
        found = initialization.gains()[name]
        assert found["square"] == pytest.approx(square, abs=1e-6)
        assert (round(found["square"], 3), round(found["gain"], 3)) == quoted[name]


def test_deviations():
    found = initialization.deviations()
    assert found["he_conv"] ** 2 == pytest.approx(float(Fraction(2, 9 * 64)))
    assert round(found["he_conv"], 4) == 0.0589
    assert found["relu_ten"] ** 2 == pytest.approx(float(Fraction(1, 2) ** 10))
    assert found["last"] ** 2 == pytest.approx(float(10 * Fraction(1, 100)))
    for function, scheme in (("tanh", "lecun"), ("relu", "lecun")):  # f'^2 averages to 0.8, 0.5
        factor = initialization.followed()[f"{function}_{scheme}"]["backward"]["l10"]
        share = 0.5 if function == "relu" else 1
        assert factor == pytest.approx(found["last"] * sqrt(share), rel=0.2)
    rng = np.random.default_rng(0)
    limit = sqrt(6 / (100 + 50))
    assert limit == pytest.approx(0.2)
    assert rng.uniform(-limit, limit, 100_000).var() == pytest.approx(2 / 150, rel=0.02)
    for scheme, variance in (("xavier", 2 / 200), ("lecun", 1 / 100), ("he", 2 / 100)):
        assert initialization.start(scheme)[4][0].var() == pytest.approx(variance, rel=0.05)


def test_schemes():
    found = initialization.table()
    tanh, relu = found["tanh"], found["relu"]
    for rows in found.values():
        assert rows["zero"]["forward"] == rows["zero"]["backward"] == rows["equal"]["backward"] == 0
        assert rows["zero"]["accuracy"] < 0.15 and rows["small"]["accuracy"] < 0.15
        assert rows["equal"]["accuracy"] < 0.3
        assert 2.2 < rows["zero"]["loss"] < 2.4
    assert min(tanh[scheme]["accuracy"] for scheme in ("lecun", "xavier", "he")) > 0.85
    assert tanh["large"]["accuracy"] < 0.4
    assert relu["he"]["accuracy"] > relu["xavier"]["accuracy"] + 0.4
    assert relu["lecun"]["forward"] == pytest.approx(2.0**-5, rel=0.4)
    assert 0.5 < relu["he"]["forward"] < 2
    assert relu["large"]["loss"] is None  # diverged
    assert tanh["xavier"]["backward"] > tanh["lecun"]["backward"]  # 2/110 > 1/100 in the last layer


def test_the_error_signal_vanishes_if_all_weights_are_equal():
    """Exactly: a softmax error sums to zero, here (1/10 - 9/10, and nine times 1/10)."""
    layers = [(np.full((3, 2), 0.5), np.zeros(3)), (np.full((10, 3), 0.5), np.zeros(10))]
    _, gradients, deltas = networks.backward(layers, np.ones((1, 2)), np.array([4]), "tanh")
    assert np.abs(deltas[0]).max() < 1e-16 and np.abs(gradients[0][0]).max() < 1e-16
    assert np.abs(deltas[1]).max() > 0.5


def test_sparse_start():
    layers = initialization.sparse_start()
    assert all(((W != 0).sum(axis=1) == 15).all() for W, _ in layers)
    found = initialization.sparse()
    assert found["zeros"] == 0.85 and found["zeros_after"] < 0.01
    assert found["deviation"] == pytest.approx(1 / sqrt(15))
    dense = initialization.table()["tanh"]["lecun"]["forward"]
    assert found["rms"] == pytest.approx(dense, rel=0.25)
    assert found["accuracy"] > 0.85
    rng = np.random.default_rng(0)
    for inputs in (100, 10_000):
        x = rng.normal(size=(2000, 15))  # the inputs that the nonzero weights meet, of any number
        z = (rng.normal(size=(2000, 15)) * x).sum(axis=1)
        assert (z**2).mean() == pytest.approx(15, rel=0.15), inputs


def test_biases():
    found = initialization.biases()
    assert 1 / (1 + exp(-found["logit_twentieth"])) == pytest.approx(0.05)
    prior = 0.01

    def loss(b):
        return prior * np.logaddexp(0, -b) + (1 - prior) * np.logaddexp(0, b)

    best = minimize_scalar(loss, bounds=(-20, 20), method="bounded", options={"xatol": 1e-10})
    assert found["logit"] == pytest.approx(best.x, abs=1e-4)
    assert found["loss"] == pytest.approx(best.fun, abs=1e-9)
    assert (round(found["logit"], 4), round(found["loss"], 4)) == (-4.5951, 0.0560)
    assert found["loss_zero"] == pytest.approx(loss(0))
    for classes, name in ((10, "loss_ten"), (1000, "loss_thousand")):
        value, _ = networks.loss_and_error(np.zeros((1, classes)), np.array([3]))
        assert found[name] == pytest.approx(value)
    memory = 1.0
    for _ in range(20):
        memory *= 1 / (1 + exp(-1))
    assert found["kept_one"] == pytest.approx(memory)
    assert found["kept_zero"] == pytest.approx(float(Fraction(1, 2**20)))
