"""Numbers of 3.4.1 to 3.4.5, each by another route than the modules of `figures/` take."""

import math

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats

from figures import activation, choice, folds, zigzag
from figures.models import digits, networks, stacks

NAMES = sorted(activation.FUNCTIONS)


SCIPY = {
    "sigmoid": special.expit,
    "tanh": np.tanh,
    "ReLU": lambda z: z * (z > 0),
    "leaky ReLU": lambda z: z if z > 0 else z / 100,
    "ELU": lambda z: z if z > 0 else math.exp(z) - 1,
    "softplus": lambda z: -special.log_expit(-z),
    "SiLU": lambda z: z * special.expit(z),
    "GELU": lambda z: z * stats.norm.cdf(z),
}


# 3.4.1 ---------------------------------------------------------------------------------------


def test_two_affine_layers_are_one():
    W, b = folds.merged()["W"], folds.merged()["b"]
    assert W.tolist() == [[3, 4], [-2, -2]] and b.tolist() == [-0.5, 2]
    for x in ((1, 1), (-2, 5)):
        first = (x[0] + 2 * x[1] + 1, 3 * x[0] + 4 * x[1] - 1)
        assert (W @ x + b).tolist() == [first[1] + 0.5, first[0] - first[1]]


def test_xor_by_two_rectifiers_and_not_by_an_affine_function():
    assert folds.xor_network()["outputs"].tolist() == [a ^ b for a in (0, 1) for b in (0, 1)]
    assert folds.xor_network()["hidden"].tolist() == [[0, 0], [1, 0], [1, 0], [2, 1]]

    def error(w):
        return sum((w[0] * a + w[1] * b + w[2] - (a ^ b)) ** 2 for a in (0, 1) for b in (0, 1))

    best = optimize.minimize(error, [1.0, -1.0, 0.3])
    assert best.x == pytest.approx([0, 0, folds.best_affine()["bias"]], abs=1e-4)
    assert folds.best_affine()["outputs"] == pytest.approx([0.5] * 4)


# 3.4.2 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_values_and_slopes(name):
    function, slope, h = SCIPY[name], activation.SLOPES[name], 1e-6
    table = activation.values()[name.replace(" ", "_")]
    assert list(table.values()) == pytest.approx([function(float(z)) for z in (-2, -1, 0, 1, 2)])
    for z in (-5.3, -2.0, -0.4, 0.7, 2.4, 6.1):
        assert slope(z) == pytest.approx((function(z + h) - function(z - h)) / (2 * h), abs=1e-8)


def test_values_of_the_brief_to_four_digits():
    table = activation.values()
    assert [round(v, 4) for v in table["GELU"].values()] == [-0.0455, -0.1587, 0, 0.8413, 1.9545]
    assert [round(v, 4) for v in table["SiLU"].values()] == [-0.2384, -0.2689, 0, 0.7311, 1.7616]
    assert round(2 * table["sigmoid"]["p2"] - 1, 4) == round(table["tanh"]["p1"], 4) == 0.7616
    assert table["softplus"]["p1"] - table["softplus"]["m1"] == pytest.approx(1)


def test_minima_of_the_two_that_dip():
    for name, low in activation.lowest().items():
        found = optimize.minimize_scalar(SCIPY[name], bounds=(-3, 0), options={"xatol": 1e-10})
        assert (low["at"], low["value"]) == pytest.approx((found.x, found.fun), abs=1e-6)
    silu = activation.lowest()["SiLU"]  # slope zero means z (1 - sigma) = -1, so z sigma = z + 1
    assert silu["value"] == pytest.approx(silu["at"] + 1)


def test_the_shortcuts_for_gelu():
    z = np.linspace(-8, 8, 40_001)
    exact = z * stats.norm.cdf(z)
    cubic = z / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))
    found = activation.gelu_shortcuts()
    assert found["tanh"] == pytest.approx(np.abs(cubic - exact).max(), rel=1e-3)
    short = np.abs(z * special.expit(1.702 * z) - exact).max()
    assert found["sigmoid"] == pytest.approx(short, rel=1e-3)
    assert f"{found['tanh']:.1e}" == "4.7e-04" and round(found["sigmoid"], 4) == 0.0203


# 3.4.3 ---------------------------------------------------------------------------------------


def test_largest_slopes():
    largest = activation.largest_slope()
    for name in ("sigmoid", "tanh", "SiLU", "GELU"):
        slope = activation.SLOPES[name]
        steepest = optimize.minimize_scalar(lambda z, f=slope: -f(z), bounds=(-1, 4))
        assert largest[name]["value"] == pytest.approx(-steepest.fun, abs=1e-6)
        assert largest[name]["at"] == pytest.approx(steepest.x, abs=1e-3)
    root = math.sqrt(2)
    gelu = stats.norm.cdf(root) + root * stats.norm.pdf(root)
    assert largest["GELU"]["value"] == pytest.approx(gelu)


def test_where_saturation_begins_and_how_fast_a_slope_dies():
    found = activation.saturated_from()
    root = math.sqrt(0.8)  # a (1 - a) = 0.05 at a = (1 + root)/2
    assert found["sigmoid"] == pytest.approx(math.log((1 + root) / (1 - root)), abs=1e-3)
    assert found["tanh"] == pytest.approx(math.atanh(math.sqrt(0.95)), abs=1e-3)
    slopes = activation.slopes_at()["sigmoid"]
    exact = [math.exp(-z) / (1 + math.exp(-z)) ** 2 for z in (0, 2, 5, 10)]
    assert list(slopes.values()) == pytest.approx(exact)
    assert slopes["at0"] / slopes["at10"] == pytest.approx(5500, rel=0.01)
    assert round(special.expit(10), 5) == 0.99995


def test_slopes_from_the_output():
    for z in (-3.0, -0.5, 0.8, 4.0):
        a = {name: SCIPY[name](z) for name in NAMES}
        slopes = {
            "sigmoid": a["sigmoid"] * (1 - a["sigmoid"]),
            "tanh": 1 - a["tanh"] ** 2,
            "ReLU": float(a["ReLU"] > 0),
            "leaky ReLU": 1 if a["leaky ReLU"] > 0 else 0.01,
            "ELU": 1 if a["ELU"] > 0 else a["ELU"] + 1,
            "softplus": 1 - math.exp(-a["softplus"]),
        }
        for name, slope in slopes.items():
            assert slope == pytest.approx(float(activation.SLOPES[name](z))), name


# 3.4.4 and 3.4.5 -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_moments_under_a_standard_normal(name):
    found = activation.moments()[name.replace(" ", "_")]
    for key, power in (("mean", 1), ("second", 2)):
        area, _ = integrate.quad(lambda z, p=power: SCIPY[name](z) ** p * stats.norm.pdf(z), -9, 9, points=[0])
        assert found[key] == pytest.approx(area, abs=1e-6)


def test_moments_in_closed_form():
    found = activation.moments()
    assert found["ReLU"]["mean"] == pytest.approx(1 / math.sqrt(2 * math.pi))
    assert found["ReLU"]["second"] == pytest.approx(1 / 2)
    assert found["GELU"]["mean"] == pytest.approx(1 / (2 * math.sqrt(math.pi)))


def test_one_learning_rate_for_all_ranks_the_functions_wrongly():
    tuned = choice.tuned
    at = {rate: {name: row[place] for name, row in tuned.ACCURACIES.items()} for place, rate in enumerate(tuned.GRID)}
    assert min(at[0.2], key=at[0.2].get) == "sigmoid" and at[0.2]["sigmoid"] < at[0.2]["ReLU"] - 0.4
    assert max(at[2.0], key=at[2.0].get) == "sigmoid" and at[2.0]["sigmoid"] > at[2.0]["ReLU"] + 0.4
    for name, rate in tuned.BEST.items():  # inside the grid, and the best of it
        assert tuned.GRID[0] < rate < tuned.GRID[-1]
        assert tuned.ACCURACIES[name][tuned.GRID.index(rate)] == max(tuned.ACCURACIES[name])


def test_a_coarse_search_agrees_and_new_starts_keep_the_order():
    coarse = choice.search(rates=(0.2, 0.5, 1.0, 2.0), seeds=range(3))["ACCURACIES"]
    for name, row in coarse.items():
        for rate, score in zip((0.2, 0.5, 1.0, 2.0), row, strict=True):
            full = choice.tuned.ACCURACIES[name][choice.tuned.GRID.index(rate)]
            assert score == pytest.approx(full, abs=0.08 if full > 0.6 else 0.2)
    best = choice.best()
    for low, high in (("sigmoid", "ReLU"), ("ReLU", "tanh")):
        gap, error = best[high]["accuracy"] - best[low]["accuracy"], math.hypot(best[high]["error"], best[low]["error"])
        assert gap > 2 * error
    assert best["error"] < 0.5


def test_many_networks_train_as_one_does():
    data = digits.split()
    layers = networks.initialize((64, 32, 32, 10), np.random.default_rng(3), "he")
    one, _ = networks.train(layers, data.train_x, data.train_y, rate=0.2, steps=5)
    many = stacks.draw((64, 32, 32, 10), (2, 3), 2)
    stacks.train(many, data.train_x, data.train_y, rates=(0.1, 0.2), steps=5, activation="relu")
    for (W, b), (Ws, bs) in zip(one, many, strict=True):
        assert Ws[1] == pytest.approx(W, abs=1e-10) and bs[1, 0] == pytest.approx(b, abs=1e-10)
    hit = stacks.judge(many, data.valid_x, data.valid_y, "relu")[1][1]
    assert hit == pytest.approx(networks.accuracy(one, data.valid_x, data.valid_y))


def test_inputs_with_a_mean_make_a_long_valley():
    x = np.random.default_rng(0).uniform(0, 2, (400_000, 2))
    for name, shift in (("positive", 0), ("centered", 1)):
        moments = (x - shift).T @ (x - shift) / len(x)
        assert np.linalg.cond(moments) == pytest.approx(zigzag.bowls()[name]["condition"], rel=0.02)
    assert zigzag.bowls()["positive"]["condition"] == pytest.approx(7)
    H = np.eye(100) / 3 + np.ones((100, 100))
    assert np.linalg.cond(H) == pytest.approx(301)
    steps = np.diff(zigzag.path(1.0, 0.4, 20), axis=0)
    assert (steps[:, 0] * steps[:, 1] >= 0).all()  # both weights up, or both down
