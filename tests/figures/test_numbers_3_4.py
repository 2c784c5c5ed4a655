"""Numbers of section 3.4, each by another route than the modules of `figures/` take."""

import math
from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats

from figures import activation, choice, folds, rectifier, softmax_use
from figures.models import generators, networks

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


def test_a_gated_layer_of_the_same_number_of_weights():
    assert 3 * Fraction(8, 3) == 2 * 4  # weights in units of d squared


def test_the_constants_of_selu_keep_mean_0_and_variance_1():
    def selu(z, power):
        value = 1.0507 * (z if z > 0 else 1.6733 * (math.exp(z) - 1))
        return value**power * stats.norm.pdf(z)

    for power, moment in ((1, 0), (2, 1)):
        area, _ = integrate.quad(selu, -9, 9, args=(power,), points=[0])
        assert area == pytest.approx(moment, abs=2e-4)


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
    score = choice._accuracy
    assert score("ReLU", 0.1) > score("sigmoid", 0.1) + 0.4
    assert score("sigmoid", 1.0) > score("ReLU", 1.0) + 0.2
    best = {"sigmoid": score("sigmoid", 3.0), "tanh": score("tanh", 1.0), "ReLU": score("ReLU", 0.3)}
    assert min(best.values()) == best["sigmoid"] > 0.9
    assert best["tanh"] - best["sigmoid"] > 3 * choice.noise()["error"]
    # No best rate lies at an end of the range.
    assert all(choice.best()[name]["rate"] == rate for name, rate in {"sigmoid": 3.0, "tanh": 1.0, "ReLU": 0.3}.items())
    assert max(score(name, 10.0) for name in choice.NAMES) < 0.3
    assert all(best[name] > 0.95 for name in ("tanh", "ReLU"))
    assert choice.noise()["error"] == pytest.approx(stats.binom.std(397, 0.96) / 397)


# 3.4.6 and 3.4.7 -----------------------------------------------------------------------------


def test_depth_stops_the_sigmoid_and_not_the_others():
    losses = rectifier.depth()
    assert losses["sigmoid"] == pytest.approx(math.log(2), abs=1e-3)
    assert losses["relu"] < losses["tanh"] < 0.02
    X, y = generators.rings(200, 0)
    for rate in (0.03, 0.3, 1.0, 3.0):  # another learning rate is no help
        layers = networks.initialize((2, *(16,) * 8, 1), np.random.default_rng(0), "lecun")
        found = networks.train(layers, X, y, rate=rate, steps=400, activation="sigmoid", loss="logistic")[1]
        assert found[-1] == pytest.approx(math.log(2), abs=1e-3)
    signs = 2 * y - 1
    logistic = optimize.minimize(lambda w: -special.log_expit(signs * (X @ w[:2] + w[2])).mean(), np.zeros(3))
    assert losses["linear"] == pytest.approx(logistic.fun, abs=1e-4)  # eight linear layers are one


def test_large_steps_kill_units():
    runs = {rate: np.mean([rectifier._run(rate, seed) for seed in range(3)], axis=0) for rate in (0.1, 3.0, 5.0)}
    assert runs[0.1][0] < 0.06 and runs[0.1][1] > 0.98
    assert runs[3.0][0] > 0.4 and runs[5.0][1] < 0.9


def test_a_dead_unit_gets_no_gradient():
    X, y = generators.rings(200, 0)
    layers = networks.initialize((2, 32, 32, 1), np.random.default_rng(0), "he")
    layers, _ = networks.train(layers, X, y, rate=3.0, steps=300, loss="logistic")
    silent = rectifier._silent(layers, X)
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


def test_the_hat_and_the_absolute_value_are_sums_of_rectifiers():
    r = lambda z: np.maximum(z, 0)  # noqa: E731
    z = np.linspace(-2, 3, 101)
    assert r(z) + r(-z) == pytest.approx(np.abs(z))
    hat = r(z) - 2 * r(z - 0.5) + r(z - 1)
    assert hat == pytest.approx(np.clip(0.5 - np.abs(z - 0.5), 0, None))


def _area(polygon):
    x, y = polygon.T
    return abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def test_regions_of_one_layer_by_counting_crossings():
    """Lines cut a convex window into 1 + lines that meet it + crossings inside it."""
    layers = folds._trained(folds.SHAPES["one"])[0]
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
    layers = folds._trained(folds.SHAPES["two"])[0]
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


def test_temperatures_of_the_bars():
    for t in softmax_use.TEMPERATURES:
        exact = special.softmax(np.array(softmax_use.LOGITS) / t)
        assert softmax_use.probabilities(softmax_use.LOGITS, t) == pytest.approx(exact)
    assert softmax_use.probabilities(softmax_use.LOGITS, 0.5)[0] == pytest.approx(0.864, abs=5e-4)


def test_one_temperature_repairs_the_calibration():
    found, layers = softmax_use.calibrated(), softmax_use._trained()
    X, y = softmax_use._clouds(300, 1)
    logits = networks.outputs(layers, X)
    loss = lambda t: -special.log_softmax(logits / t, axis=1)[range(300), y].mean()  # noqa: E731
    best = optimize.minimize_scalar(loss, bounds=(0.5, 8), method="bounded")
    assert found["T"] == pytest.approx(best.x, rel=0.02) and found["T"] > 1.5
    assert found["after"]["loss"] < found["before"]["loss"] - 0.1
    assert found["before"]["confidence"] > found["accuracy"] + 0.05
    assert abs(found["after"]["confidence"] - found["accuracy"]) < 0.04
