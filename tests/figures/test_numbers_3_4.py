"""Numbers of section 3.4, each by another route than the modules of `figures/` take."""

import math
from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats

from figures import activation, calibration, choice, folds, rectifier, softmax_use, zigzag
from figures.models import digits, generators, networks, stacks

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


def test_large_steps_kill_units_and_the_dead_get_no_gradient():
    found = rectifier.dying()
    assert found["low"] < 0.06 and found["high"] > 0.5 and found["accuracy"][-1] < 0.9 < found["accuracy"][0]
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


# Problems, by another route than their solutions ----------------------------------------------


def test_problems_of_3_4_1_and_3_4_2():
    for u, v in ((2.0, -3.0), (-1.5, 4.0), (1.0, 1.0)):
        assert ((u + v) ** 2 - (u - v) ** 2) / 4 == u * v
        assert max(u - v, 0) + max(v, 0) - max(-v, 0) == max(u, v)
    assert 5 * 4 + 4 * 3 + 3 * 6 == 50
    hard = [z / 6 * min(max(z + 3, 0), 6) for z in (-4, -1, 0, 1, 4)]
    assert hard == pytest.approx([0, -1 / 3, 0, 2 / 3, 4])
    assert 8 * 768**2 == 3 * 768 * 2048 == 4_718_592
    leaky = lambda z, a=0.3: z if z > 0 else a * z  # noqa: E731
    for z in (-2.0, 1.5):
        assert (leaky(z) + 0.3 * leaky(-z)) / (1 - 0.09) == pytest.approx(max(z, 0))
        assert max(z, 0) - 0.3 * max(-z, 0) == pytest.approx(leaky(z))


def test_problems_of_3_4_3_to_3_4_5():
    peak = optimize.minimize_scalar(lambda a: -a * (1 - a) ** 2, bounds=(0, 1), method="bounded")
    assert peak.x == pytest.approx(1 / 3, abs=1e-4) and -peak.fun == pytest.approx(4 / 27)
    assert pytest.approx(0.0098, abs=1e-5) == 0.01 * 0.99**2
    slope = (special.expit(2.001) - special.expit(1.999)) / 0.002
    assert round(slope, 5) == 0.10499
    assert round(1 / math.sqrt(2 * math.pi), 3) == 0.399 and round(1 / (2 * math.sqrt(math.pi)), 3) == 0.282
    assert 120 * special.expit(math.log(3)) == pytest.approx(90)
    ages = [1, 2, 2, 3, 92]
    assert np.mean(ages) == 20 and np.median(ages) == 2


def test_problems_of_3_4_6_to_3_4_8():
    w, b, out = np.array([-5.0, 1.0]), 2.0, -4.0
    a = np.array([2.0, 1.0])
    delta = w @ a + b - out
    assert (w @ a + b, delta) == (-7, -3)
    w, b = w - 0.1 * delta * a, b - 0.1 * delta
    assert w == pytest.approx([-4.4, 1.3]) and b == pytest.approx(2.3) and w @ a + b == pytest.approx(-5.2)
    assert pytest.approx(0.02235, abs=1e-5) == (0.1 + 0.5 * 0.99 * 0.1) ** 2
    assert special.softmax([2, -1, -3]) == pytest.approx([0.947, 0.047, 0.006], abs=6e-4)
    assert special.softmax([2, 0, 0]) == pytest.approx([0.787, 0.107, 0.107], abs=6e-4)
    assert 1 / (4 * 50**2) == 0.0001 and 1 + 4 + 6 == 11


def test_problems_of_3_4_9():
    shares = special.softmax([0, math.log(2), math.log(5)])
    assert shares == pytest.approx([1 / 8, 1 / 4, 5 / 8]) and round(math.log(4), 3) == 1.386
    twice = special.softmax([1, 0])[0]
    assert round(twice, 3) == 0.731 and round(-math.log(twice), 3) == 0.313
    assert round(math.log(99) / math.log(4), 2) == 3.31
    rng, variance = np.random.default_rng(0), 0.3  # scores of small variance v lose about v/2 more than ln K
    logits = rng.normal(0, math.sqrt(variance), (200_000, 10))
    first = (special.logsumexp(logits, axis=1) - logits[:, 0]).mean()
    assert first - math.log(10) == pytest.approx(variance / 2, abs=0.02)
