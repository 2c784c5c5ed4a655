"""Numbers of 3.6.5 to 3.6.12, each by another route than the figure modules take."""

import statistics
from fractions import Fraction
from math import exp, log, sqrt

import numpy as np
import pytest
from scipy import signal, stats

from figures import batchnorm, batchnorm_inside, batchnorm_race, norm_axes, response, scalers, weightnorm
from figures.models import digits, networks, normalized
from figures.tuned import norm_axes as tuned

# ---- 3.6.5 scalers ----------------------------------------------------------


def test_scalers_of_the_sample_match_scipy_and_the_standard_library():
    found, x = scalers.example(), [1, 2, 3, 4, 100]
    assert found["mean"] == statistics.mean(x) == 22
    assert found["sd"] == pytest.approx(statistics.pstdev(x)) == pytest.approx(39.0128, abs=1e-4)
    assert found["median"] == statistics.median(x)
    assert found["iqr"] == stats.iqr(x) == 2
    assert found["zscore"] == pytest.approx(stats.zscore(x))
    assert found["zscore"] == pytest.approx([-0.538, -0.513, -0.487, -0.461, 1.999], abs=6e-4)
    assert found["minmax"] == pytest.approx([float(Fraction(v - 1, 99)) for v in x])
    assert found["minmax"] == pytest.approx([0, 0.0101, 0.0202, 0.0303, 1], abs=5e-5)
    assert list(found["robust"]) == [-1, -0.5, 0, 0.5, 48.5]
    assert found["maxabs"] == pytest.approx([v / 100 for v in x])
    assert (found["unit"] ** 2).sum() == pytest.approx(1)
    assert [10**v for v in found["log"]] == pytest.approx(x)


def test_the_range_left_by_a_z_score_follows_from_the_outlier():
    assert scalers.gap()["zscore"] == pytest.approx(3 / statistics.pstdev([1, 2, 3, 4, 100]))
    closer = scalers.scale(np.array([1.0, 2, 3, 4, 10]))["zscore"]
    assert closer[3] - closer[0] > 10 * scalers.gap()["zscore"]


def test_exponential_z_scores_begin_at_minus_one_and_stay_skewed():
    mean, variance, skew = (float(v) for v in stats.expon.stats(moments="mvs"))
    assert (mean, variance, skew) == (1, 1, 2)
    x = np.random.default_rng(0).exponential(size=500)
    assert stats.skew(scalers.scale(x)["zscore"]) == pytest.approx(stats.skew(x))
    assert stats.skew(scalers.scale(x + 1)["log"]) < stats.skew(x)


# ---- 3.6.6, 3.6.7 local response normalization ------------------------------


def lrn_by_convolution(a, k=2.0, n=5, alpha=1e-4, beta=0.75):
    """The window as a convolution of the squares with ones, cut off at the ends."""
    return a / (k + alpha * signal.convolve(a * a, np.ones(n), mode="same")) ** beta


def test_local_response_normalization_is_a_windowed_sum():
    a = np.random.default_rng(1).uniform(0, 500, 16)
    assert response.normalize(a) == pytest.approx(lrn_by_convolution(a))
    assert (response.normalize(np.zeros(6)) == 0).all()


def test_six_channels_exactly():
    found = response.six()
    assert found["energy1"] == 100**2 + 200**2 + 1000**2
    assert found["energy6"] == 300**2 + 0 + 100**2
    assert found["large"]["b"][0] == pytest.approx(100 / exp(0.75 * log(107)))
    assert found["large"]["b"][5] == pytest.approx(100 / exp(0.75 * log(12)))
    assert found["large"]["b"][5] == pytest.approx(15.5, abs=0.05)
    seen = [0, 1, 2, 3, 5]  # channel 5 is silent
    small, large = found["small"]["factor"][seen], found["large"]["factor"][seen]
    assert small == pytest.approx([0.5923, 0.5921, 0.5921, 0.5921, 0.5944], abs=5e-5)
    assert large == pytest.approx([0.0301, 0.0283, 0.0283, 0.0283, 0.1551], abs=5e-5)


def test_real_channels_compete_only_at_the_large_scale():
    pair, (a, _, _) = response.pair(), response.chosen()
    quiet, loud = pair["quiet"], pair["loud"]
    assert quiet["a"] == pytest.approx(loud["a"], rel=0.1)  # alike before
    assert quiet["factor"] > 4 * loud["factor"]  # far apart after
    factors = response.normalize(a)[a > 0] / a[a > 0]
    assert 0.59 < factors.min() <= factors.max() < 2**-0.75
    assert lrn_by_convolution(255 * a)[0] == pytest.approx(quiet["b"])
    assert lrn_by_convolution(255 * a)[13] == pytest.approx(loud["b"])
    assert quiet["window"].tolist() == (255 * a[:3]).tolist()
    assert loud["window"].tolist() == (255 * a[11:]).tolist()
    assert quiet["a"] / quiet["divisor"] == pytest.approx(quiet["b"])


# ---- 3.6.8 batch normalization ----------------------------------------------


def test_two_columns_exactly():
    found = batchnorm.columns()
    assert found["mean"].tolist() == [2.5, 70] and found["var"].tolist() == [1.25, 350]
    for name, column in (("first", [1, 2, 3, 4]), ("second", [50, 60, 70, 100])):
        assert found[name] == pytest.approx(stats.zscore(column))
    assert found["first"] == pytest.approx([-1.342, -0.447, 0.447, 1.342], abs=5e-4)
    assert found["second"] == pytest.approx([-1.069, -0.535, 0, 1.604], abs=5e-4)


def test_the_layer_can_undo_itself():
    x = np.array([2.0, 4, 4, 6])
    assert batchnorm.layer(x, gamma=x.std(), beta=x.mean())["y"] == pytest.approx(x)


@pytest.mark.parametrize("kind", [None, "batch", 1, 4])
def test_gradients_of_the_networks_by_finite_differences(kind):
    data, rng = digits.split(), np.random.default_rng(2)
    net = normalized.initialize((64, 12, 8, 10), [0, 1], "he", kind)
    X, y = data.train_x[:14].reshape(2, 7, 64), data.train_y[:14].reshape(2, 7)
    _, found, _ = normalized.gradients(net, X, y)
    step = 1e-5
    for layer, gradient in zip(net, found, strict=True):
        for name, g in gradient.items():
            spot = tuple(rng.integers(size) for size in g.shape)
            kept, values = layer[name][spot], []
            for change in (step, -step):
                layer[name][spot] = kept + change
                values.append(normalized.gradients(net, X, y)[0][spot[0]])
            layer[name][spot] = kept
            assert g[spot] == pytest.approx((values[0] - values[1]) / (2 * step), abs=2e-6)


def test_doubled_weights_leave_the_loss_and_halve_the_gradient(monkeypatch):
    monkeypatch.setattr(normalized, "EPSILON", 0.0)
    monkeypatch.setattr(normalized.forward, "__defaults__", (0.0,))
    data = digits.split()
    net = normalized.initialize((64, 12, 8, 10), [0], "he", "batch")
    X, y = data.train_x[None, :40], data.train_y[None, :40]
    loss, before, _ = normalized.gradients(net, X, y)
    net[1]["W"] *= 2
    same, after, _ = normalized.gradients(net, X, y)
    assert same == pytest.approx(loss)
    assert after[1]["W"] == pytest.approx(before[1]["W"] / 2, abs=1e-12)
    for row, slope in zip(net[1]["W"][0], after[1]["W"][0], strict=True):  # each unit by itself
        assert row @ slope == pytest.approx(0, abs=1e-12)


def test_the_disturbance_moves_a_unit_by_a_third():
    """Two shifts from -0.5 to 0.5 are 1/3 apart on average, by enumeration on a grid."""
    places = np.linspace(-batchnorm_race.SHIFT, batchnorm_race.SHIFT, 801)
    apart = np.abs(places[:, None] - places).mean()
    assert apart == pytest.approx(1 / 3, abs=1e-3)
    found = batchnorm_inside.drift()
    assert found["disturbed"] == pytest.approx(apart, abs=1e-3)
    assert 0.07 < found["plain"] < 0.15


def test_the_disturbance_has_the_slope_that_it_returns():
    y = np.random.default_rng(0).normal(size=(2, 5, 3))
    (low, factor), (high, again) = batchnorm_race.disturbance(1)(y), batchnorm_race.disturbance(1)(y + 1e-4)
    assert (factor == again).all()
    assert (high - low) / 1e-4 == pytest.approx(factor)


# ---- 3.6.8, 3.6.9: three networks -------------------------------------------


def test_batch_normalization_is_faster_and_the_noise_costs_part_of_it():
    found = batchnorm_race.results()
    plain, batch, noisy = (found[name]["steps"] for name in ("plain", "batch", "disturbed"))
    assert batch["mean"] + 3 * (batch["se"] + plain["se"]) < plain["mean"]
    assert batch["mean"] + 2 * (batch["se"] + noisy["se"]) < noisy["mean"]
    assert 0.4 < found["ratio"] < 0.62  # "about twice as fast"


def test_only_the_layer_allows_large_rates_and_other_first_weights():
    found = batchnorm_race.grid()
    assert found["highest"] == {"plain": 0.5, "batch": 3.0, "disturbed": 3.0}
    plain, batch = found["starts"]["plain"], found["starts"]["batch"]
    assert plain["of25"] > 2.2 and plain["of400"] is None and plain["of100"] < 0.15
    assert max(batch.values()) < 0.15


def test_a_coarse_search_of_the_three_networks_agrees():
    """Two starts of its own: the recorded rates are fast, 1 is too much for the plain network only."""
    steps, losses = {}, {}
    for name in batchnorm_race.KINDS:
        losses[name], steps[name] = batchnorm_race.by_rate(name, rates=(0.1, 0.3, 1.0), seeds=(30, 31))
    assert min(steps["plain"]) == steps["plain"][1] and losses["plain"][2] is None or losses["plain"][2] > 1
    for name in ("batch", "disturbed"):
        assert min(steps[name]) == steps[name][2] and losses[name][2] < 0.4


def test_the_plain_network_of_other_code_learns_at_the_tuned_rate_and_not_at_one():
    X, y, held, classes = batchnorm_race.pictures()
    for rate, learns in ((0.3, True), (1.0, False)):
        layers = networks.initialize(batchnorm_race.WIDTHS, np.random.default_rng(40), "he")
        layers, losses = networks.train(layers, X, y, rate=rate, steps=200, batch=64, seed=1)
        assert (np.isfinite(losses[-1]) and networks.accuracy(layers, held, classes) > 0.93) == learns


# ---- 3.6.9 advantages -------------------------------------------------------


def test_folded_weights_give_the_same_output():
    fold = batchnorm.fold()
    assert (fold["w"], fold["b"]) == (1.5, -1)
    for x in (-3.0, 0.0, 5.0):
        through = 2 * (3 * x + 1 - 4) / sqrt(16) + 0.5
        assert fold["w"] * x + fold["b"] == through
    assert fold["folded"] == fold["through"] == 6.5


# ---- 3.6.10 algorithm -------------------------------------------------------


def exact_backward(x, g, gamma):
    """The batch of four with exact squares: s^2 = 2, so gamma / s times rationals over s^2."""
    m = len(x)
    mean = Fraction(sum(x), m)
    var = sum((v - mean) ** 2 for v in x) / m
    g_mean = Fraction(sum(g), m)
    cross = sum((v - mean) * w for v, w in zip(x, g, strict=True)) / m
    return [gamma / sqrt(var) * float(w - g_mean - (v - mean) * cross / var) for v, w in zip(x, g, strict=True)]


def test_batch_of_four_forward_and_backward():
    found = batchnorm.four()
    assert (found["mean"], found["var"]) == (4, 2)
    assert found["x_hat"] == pytest.approx([-sqrt(2), 0, 0, sqrt(2)])
    assert found["y"] == pytest.approx([-1.8284, 1, 1, 3.8284], abs=5e-5)
    assert found["dx"] == pytest.approx(exact_backward([2, 4, 4, 6], [1, 2, 0, -1], 2))
    assert found["dx"] == pytest.approx([-0.7071, 2.1213, -0.7071, -0.7071], abs=5e-5)
    assert found["dx"].sum() == pytest.approx(0, abs=1e-12)
    assert found["dx"] @ found["x_hat"] == pytest.approx(0, abs=1e-12)
    assert found["difference"] < 1e-8
    assert (found["g_mean"], found["gx_mean"]) == (0.5, pytest.approx(-1 / sqrt(2)))
    assert (np.abs(found["naive"] - found["dx"]) > 0.5).all()  # wrong in every row
    assert found["naive"] == pytest.approx([sqrt(2), 2 * sqrt(2), 0, -sqrt(2)])


def test_running_averages_and_the_misprint():
    found = batchnorm.four()
    assert found["run_mean"] == pytest.approx(0.4)
    assert found["run_var"] == pytest.approx(float(Fraction(9, 10) + Fraction(8, 3) / 10))
    assert found["early"] == pytest.approx([3.96, 7.67, 7.67, 11.37], abs=5e-3)
    mean = 0.0
    for _ in range(50):
        mean = 0.9 * mean + 0.1 * 4
    assert found["mean50"] == pytest.approx(mean) == pytest.approx(3.979, abs=5e-4)
    assert found["plus"] == pytest.approx([4.24, 5.66, 5.66, 7.07], abs=5e-3)
    assert found["plus_mean"] == pytest.approx(8 / sqrt(2))


def test_another_batch_changes_the_numbers():
    first = batchnorm.four()
    other = batchnorm.worked(np.array([2.0, 4, 4, 10]), batchnorm.UPSTREAM)
    assert other["mean"] == 5 and other["y"][0] != first["y"][0]
    assert other["dx"] == pytest.approx(exact_backward([2, 4, 4, 10], [1, 2, 0, -1], 2))
    assert other["difference"] < 1e-8
    assert not np.allclose(other["dx"], first["dx"])


def test_networks_keep_the_running_averages_of_the_formula():
    net = normalized.initialize((64, 5, 10), [0], "he", "batch")
    X = digits.split().train_x[None, :30]
    z = X[0] @ net[0]["W"][0].T
    normalized.run(net, X)
    assert net[0]["mean"][0, 0] == pytest.approx(0.1 * z.mean(axis=0))
    assert net[0]["var"][0, 0] == pytest.approx(0.9 + 0.1 * np.cov(z.T).diagonal(), abs=1e-6)


# ---- 3.6.11 axes ------------------------------------------------------------


def test_counts_of_means_by_enumeration():
    shape, groups = (2, 8, 3, 3), 4
    labels = {
        "batch": lambda n, c: c,
        "layer": lambda n, c: n,
        "instance": lambda n, c: (n, c),
        "group": lambda n, c: (n, c // (shape[1] // groups)),
    }
    for kind, label in labels.items():
        found = [label(n, c) for n, c, _, _ in np.ndindex(shape)]
        means, over = norm_axes.statistics_of(shape, kind, groups)
        assert means == len(set(found)) and over * means == len(found)
    counts = norm_axes.counts()
    assert [counts[kind]["means"] for kind in labels] == [64, 8, 512, 256]
    assert counts["group"]["over"] == 392


def test_two_values_become_plus_and_minus_one():
    average = normalized.averager("batch", 3)
    pair = np.random.default_rng(3).normal(size=(1, 2, 3))
    x_hat, _, _ = normalized.forward(pair, average, epsilon=0.0)
    assert np.abs(x_hat) == pytest.approx(np.ones((1, 2, 3)))
    assert (np.sign(x_hat[0, 0]) == np.sign(pair[0, 0] - pair[0, 1])).all()


def test_groups_from_one_to_all_units():
    z = np.random.default_rng(4).normal(size=(1, 3, 6))
    one, _, _ = normalized.forward(z, normalized.averager(1, 6), epsilon=0.0)
    two, _, _ = normalized.forward(z, normalized.averager(2, 6), epsilon=0.0)
    assert one[0] == pytest.approx(stats.zscore(z[0], axis=1))
    assert two[0, :, :3] == pytest.approx(stats.zscore(z[0, :, :3], axis=1))


def test_small_batches_hurt_batch_normalization_only():
    batch, group = norm_axes.small_batches()["batch"], norm_axes.small_batches()["group"]
    assert 11 < batch["of2"]["mean"] < 22 and 2.2 < group["of2"]["mean"] < 4
    assert batch["of2"]["mean"] > 4 * group["of2"]["mean"]
    assert max(batch[f"of{size}"]["mean"] for size in (8, 16, 32, 64)) < 5
    assert max(row["mean"] for row in group.values()) < 4.5


def test_a_coarse_search_of_batch_sizes_agrees():
    found = norm_axes.search(sizes=(2, 16), rates=(0.03, 0.3, 3.0), seeds=(30, 31, 32))["LOSSES"]
    assert min(found["batch"][2]) > 3 * min(found["group"][2])
    for name in norm_axes.KINDS:
        best = tuned.LOSSES[name][16]
        assert min(found[name][16]) < 1.6 * min(loss for loss in best if loss)


# ---- 3.6.12 weight normalization --------------------------------------------


def test_weight_normalization_by_finite_differences():
    v, g, gradient = weightnorm.V, weightnorm.G, weightnorm.GRADIENT

    def loss(v, g):  # linear, so its gradient in w is (1, 2)
        return gradient @ (g * v / np.hypot(*v))

    step, found = 1e-6, weightnorm.step()
    assert found["w"] == pytest.approx([1.2, 1.6])
    assert found["d_g"] == pytest.approx((loss(v, g + step) - loss(v, g - step)) / (2 * step))
    assert found["d_g"] == pytest.approx(2.2)
    numeric = [(loss(v + step * e, g) - loss(v - step * e, g)) / (2 * step) for e in np.eye(2)]
    assert found["d_v"] == pytest.approx(numeric, abs=1e-8)
    assert found["d_v"] == pytest.approx([-0.128, 0.096])
    foot = found["along"] * v  # of the perpendicular from the gradient onto v
    assert (gradient - foot) @ v == pytest.approx(0, abs=1e-12)
    assert found["d_v"] == pytest.approx(found["scale"] * (gradient - foot))
    assert found["product"] == pytest.approx(0, abs=1e-12)
    assert found["after"] == pytest.approx(sqrt(25 + 0.128**2 + 0.096**2))
    assert found["after"] == pytest.approx(5.0026, abs=5e-5)
    assert found["d_long"] == pytest.approx(found["d_v"] / 10)


def test_another_gradient_changes_the_step():
    other = weightnorm.worked(weightnorm.V, weightnorm.G, np.array([2.0, 1.0]))
    assert other["d_v"] == pytest.approx([0.32, -0.24])
    assert other["after"] > weightnorm.step()["after"]


def test_the_direction_never_gets_shorter():
    v, g, lengths = weightnorm.V.copy(), weightnorm.G, [np.linalg.norm(weightnorm.V)]
    for _ in range(200):  # gradient descent on |w - (2, 0)|^2 / 2
        w, _, _ = weightnorm.split(v, g, np.zeros(2))
        _, d_g, d_v = weightnorm.split(v, g, w - np.array([2.0, 0.0]))
        v, g = v - d_v, g - d_g
        lengths.append(np.linalg.norm(v))
    assert 5 < lengths[1] <= lengths[-1] and np.diff(lengths).min() > -1e-12
