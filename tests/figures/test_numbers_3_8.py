"""Numbers and claims of section 3.8, by other routes than the modules take."""

from fractions import Fraction
from math import exp, factorial, log, pi, sqrt

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from figures import initialization, sparse, starts, symmetry
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


def one_unit(seed=0, steps=symmetry.STEPS, units=symmetry.UNITS, value=0.5):
    """Follow one of n equal units by hand: four numbers, the output weight counted n times."""
    X, y = rings(symmetry.POINTS, seed)
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
    losses, shares = zip(*(one_unit(seed) for seed in symmetry.SEEDS), strict=True)
    assert found["equal"]["loss"] == pytest.approx(np.mean(losses), abs=1e-6)
    assert found["equal"]["accuracy"] == pytest.approx(np.mean(shares))
    for name in ("equal", "minibatch", "momentum"):
        assert found[name]["spread"] < 1e-12
        assert found[name]["accuracy"] < 0.8
    for name in ("random", "biases"):
        assert found[name]["accuracy"] > 0.99 and found[name]["highest"] < 0.05
        assert found[name]["spread"] > 1
    # Another first value, another result.
    assert one_unit(value=1.5, steps=300)[0] != pytest.approx(one_unit(steps=300)[0], abs=1e-3)


def test_second_step_by_hand():
    X, y = symmetry.EXAMPLE_X, symmetry.EXAMPLE_Y
    v, c = -0.5 * np.mean((0.5 - y) * 0.5), -0.5 * np.mean(0.5 - y)
    error = 1 / (1 + exp(-(3 * 0.5 * v + c))) - y
    found = symmetry.second_step()
    assert (found["weight"], found["bias"], found["apart"]) == (pytest.approx(v), pytest.approx(c), 0)
    assert found["row"] == pytest.approx((error * v / 4) @ X / 3)
    assert round(3 * 0.5 * v + c, 3) == 0.146 and [round(e, 3) for e in error] == [-0.464, 0.536, -0.464]


def test_counts_by_whole_numbers():
    found = symmetry.counts()
    assert len(str(factorial(100))) - 1 == int(found["orders"]) == 157
    assert len(str(2**100)) - 1 == int(found["signs"]) == 30
    assert len(str(factorial(100) * 2**100)) - 1 == int(found["layer"]) == 188
    assert len(str((factorial(100) * 2**100) ** 10)) - 1 == int(found["ten"]) == 1880


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
    assert all(symmetry.run(size, 0, 1000)[3][-1] > 0.5 for size in symmetry.NUDGES)
    # The same run with the gradients of a tanh layer and a logistic output written out.
    found = []
    for seed in symmetry.SEEDS:
        X, y = rings(symmetry.POINTS, seed)
        W = 0.5 + 1e-9 * np.random.default_rng(100 + seed).normal(size=(symmetry.UNITS, 2))
        b, v, c, steps = np.zeros(symmetry.UNITS), np.full(symmetry.UNITS, 0.5), 0.0, 0
        first = wide = np.linalg.norm(W[:, None] - W[None], axis=2).max()
        while wide < 1e6 * first:
            a = np.tanh(X @ W.T + b)
            error = (1 / (1 + np.exp(-(a @ v + c))) - y) / len(y)
            back = error[:, None] * v * (1 - a**2)
            W, b = W - symmetry.RATE * back.T @ X, b - symmetry.RATE * back.sum(axis=0)
            v, c, steps = v - symmetry.RATE * error @ a, c - symmetry.RATE * error.sum(), steps + 1
            wide = np.linalg.norm(W[:, None] - W[None], axis=2).max()
        found.append(steps)
    growth = symmetry.growth()
    assert growth["steps_to_million"] == pytest.approx(np.median(found), abs=10)
    assert (growth["least"], growth["most"]) == (pytest.approx(min(found), abs=10), pytest.approx(max(found), abs=10))
    assert pytest.approx(1.027, abs=5e-4) == 10 ** (6 / 520)


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
    rules = initialization.rules()
    assert rules["relu_large"] == pytest.approx(sqrt(50) ** 9)
    assert rules["relu_large_measured"] == pytest.approx(large[10] / large[1], rel=0.3)


def test_tanh_shrinks_slowly_with_gain_one():
    rng, a = np.random.default_rng(0), None
    z = rng.normal(size=(4000, 1000))
    for _ in range(10):
        a = np.tanh(z)
        z = rng.normal(size=4000)[:, None] * np.sqrt((a**2).mean())
        z = np.broadcast_to(z, (4000, 4)).copy()
    quoted = initialization.rules()["tanh_ten"]
    assert quoted == pytest.approx(1 / sqrt(21))
    assert sqrt((a**2).mean()) == pytest.approx(quoted, rel=0.12)
    measured = initialization.followed()["tanh_lecun"]["forward"]["l10"]
    assert measured == pytest.approx(quoted, rel=0.1)


def test_saturated_units():
    found = initialization.saturated()
    size = sqrt(100) * initialization.followed()["tanh_large"]["forward"]["l5"]

    def mean(function):
        return quad(lambda z: function(z) * norm.pdf(z, scale=size), -60, 60, points=[0], limit=400)[0]

    assert found["square"] == pytest.approx(mean(lambda z: (1 - np.tanh(z) ** 2) ** 2), rel=0.1)
    assert mean(lambda z: (1 - np.tanh(z) ** 2) ** 2) == pytest.approx(4 / (3 * size * sqrt(2 * pi)), rel=0.01)
    assert found["gain"] == pytest.approx(10 * sqrt(found["square"]))
    assert found["share"] == pytest.approx(2 * norm.sf(np.arctanh(0.99), scale=size), abs=0.02)
    assert found["steep"] == pytest.approx(1 - 2 * norm.sf(np.arctanh(sqrt(0.5)), scale=size), abs=0.01)
    assert np.log10(found["typical"]) == pytest.approx(np.log10(4 * exp(-2 * 0.6745 * size)), abs=0.5)
    edge = size * norm.ppf(0.55)  # a tenth of the units lies nearer to 0
    inner = quad(lambda z: (1 - np.tanh(z) ** 2) ** 2 * norm.pdf(z, scale=size), -edge, edge)[0]
    assert found["carried"] == pytest.approx(inner / mean(lambda z: (1 - np.tanh(z) ** 2) ** 2), abs=0.02)
    backward = list(initialization.followed()["tanh_large"]["backward"].values())
    assert (backward[0] / backward[9]) ** (1 / 9) == pytest.approx(found["gain"], rel=0.1)


def test_uniform_weights():
    found = initialization.uniform()
    assert found["uniform"] == pytest.approx(found["normal"], rel=0.4)
    assert sqrt(3) * 0.01 == pytest.approx(0.0173, abs=5e-5)


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


def test_slopes_by_quadrature():
    slopes = {
        "tanh": lambda z: 1 - np.tanh(z) ** 2,
        "relu": lambda z: float(z > 0),
        "leaky": lambda z: 1.0 if z > 0 else 0.2,
        "gelu": lambda z: norm.cdf(z) + z * norm.pdf(z),
        "silu": lambda z: 1 / (1 + exp(-z)) * (1 + z * (1 - 1 / (1 + exp(-z)))),
        "elu": lambda z: 1.0 if z > 0 else exp(z),
    }
    for name, slope in slopes.items():
        square = quad(lambda z, f=slope: f(z) ** 2 * norm.pdf(z), -12, 12, points=[0], limit=200)[0]
        assert initialization.gains()[name]["slope"] == pytest.approx(square, abs=5e-5)
        assert initialization.gains()[name]["back"] == pytest.approx(square**-0.5, abs=2e-4)


def test_deviations():
    found = initialization.deviations()
    assert found["he_conv"] ** 2 == pytest.approx(float(Fraction(2, 9 * 64)))
    assert found["relu_ten"] ** 2 == pytest.approx(float(Fraction(1, 2) ** 10))
    assert found["sparse"] ** 2 == pytest.approx(float(Fraction(1, 15)))
    rng = np.random.default_rng(0)
    limit = sqrt(6 / (100 + 50))
    assert limit == pytest.approx(0.2)
    assert rng.uniform(-limit, limit, 100_000).var() == pytest.approx(2 / 150, rel=0.02)
    for scheme, variance in (("xavier", 2 / 200), ("lecun", 1 / 100), ("he", 2 / 100), ("sparse", 1 / 100)):
        assert initialization.start(scheme)[4][0].var() == pytest.approx(variance, rel=0.08)
    # n_in and n_out belong to one matrix: 100 x 64, 100 x 100, 10 x 100.
    layers = initialization.start("xavier")
    for number, variance in ((0, 2 / 164), (5, 2 / 200), (10, 2 / 110)):
        assert layers[number][0].var() == pytest.approx(variance, rel=0.12)
    W = initialization.start("orthogonal", 0, "relu")[3][0]
    assert pytest.approx(2 * np.eye(100), abs=1e-9) == W.T @ W


def test_starts():
    found = starts.table()
    tanh, relu = found["tanh"], found["relu"]
    for rows in (tanh, relu):
        assert rows["zero"]["accuracy"] < 0.15 and rows["small"]["accuracy"] < 0.15
        assert rows["equal"]["accuracy"] < 0.4
    for name in ("lecun", "xavier", "he", "orthogonal", "sparse"):
        assert tanh[name]["accuracy"] > 0.92
    assert tanh["large"]["accuracy"] < 0.5 and relu["large"]["accuracy"] < 0.2
    assert relu["he"]["accuracy"] > max(relu[name]["accuracy"] for name in ("lecun", "xavier", "sparse")) + 0.25
    assert relu["orthogonal"]["accuracy"] > relu["he"]["accuracy"] + 0.03
    assert relu["he_longer"]["accuracy"] > 0.92
    assert all(relu[f"{name}_longer"]["accuracy"] > relu[name]["accuracy"] + 0.2 for name in ("lecun", "xavier"))
    assert abs(relu["he_bias_0_01"]["accuracy"] - relu["he"]["accuracy"]) < 0.05
    assert found["largest_error"] < 0.13


def test_schemes_before_training():
    found = initialization.followed()
    for name, low, high in (("lecun", 0.18, 0.26), ("xavier", 0.18, 0.26), ("he", 0.5, 0.6), ("large", 0.93, 0.98)):
        assert low < found[f"tanh_{name}"]["forward"]["l10"] < high
    assert found["relu_he"]["forward"]["l10"] == pytest.approx(1, rel=0.3)
    assert found["relu_lecun"]["forward"]["l10"] == pytest.approx(2**-5, rel=0.35)


def test_coarse_search():
    found = starts.search(("he", "xavier"), (0.003, 0.03, 0.3), (100, 101))
    for function in ("tanh", "relu"):
        scores = dict(zip(starts.GRID, starts.tuned.ACCURACIES[function]["he"], strict=True))
        assert scores[found["BEST"][function]["he"]] > max(scores.values()) - 0.06


def test_sparse_start():
    W = initialization.start("sparse")[3][0]
    assert ((W != 0).sum(axis=1) == 15).all()
    zeros = starts.zeros()
    assert zeros["before"] == 0.85 and zeros["after"] < 0.001
    assert zeros["pixels"] == 4 and zeros["first"] == pytest.approx(4 / 64 * (1 - 15 / 64), abs=0.01)
    rng = np.random.default_rng(0)
    for inputs in (100, 10_000):
        shares = [len(np.intersect1d(*(rng.permutation(inputs)[:15] for _ in range(2)))) for _ in range(1500)]
        assert sparse.shared()[f"n{inputs}"]["mean"] == pytest.approx(np.mean(shares), abs=0.12)
        assert sparse.shared()[f"n{inputs}"]["none"] == pytest.approx(np.mean(np.array(shares) == 0), abs=0.03)


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
    memory = 1.0
    for _ in range(20):
        memory *= 1 / (1 + exp(-1))
    assert found["kept_one"] == pytest.approx(memory)
    assert found["kept_zero"] == pytest.approx(float(Fraction(1, 2**20)))
