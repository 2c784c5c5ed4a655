"""Claims of 3.6.8 to 3.6.12 on their pages, in what goes further and in its problems, each by another route."""

from fractions import Fraction
from itertools import product
from math import atan, degrees, log, sqrt

import numpy as np
import pytest
from scipy import special, stats

from figures import batchnorm_inside, batchnorm_race, norm_inside, weightnorm


def slopes(function, x, step=1e-6):
    """Gradient of a number by differences on both sides."""
    x = np.asarray(x, float)
    return np.array([(function(x + step * e) - function(x - step * e)) / (2 * step) for e in np.eye(len(x))])


def normalized(z, gamma=1.0, beta=0.0, epsilon=0.0):
    z = np.asarray(z, float)
    return gamma * (z - z.mean()) / np.sqrt(z.var() + epsilon) + beta


# ---- 3.6.8 ------------------------------------------------------------------


def scale_free(w):
    """Some loss of the direction alone."""
    u = w / np.linalg.norm(w)
    return u[0] ** 3 + 2 * u[1] * u[2]


def test_a_loss_that_ignores_lengths_has_a_gradient_across():
    w = np.array([1.0, -2.0, 0.5])
    slope = slopes(scale_free, w)
    assert w @ slope == pytest.approx(0, abs=1e-8)
    assert slopes(scale_free, 3 * w) == pytest.approx(slope / 3, abs=1e-8)
    moved = w - 0.7 * slope
    assert moved @ moved == pytest.approx(w @ w + 0.49 * slope @ slope)
    length = np.linalg.norm(w)
    u = w / length
    assert moved / length == pytest.approx(u - 0.7 / length**2 * slopes(scale_free, u), abs=1e-7)


def test_one_wild_step_cures_itself():
    squared = 1 + 1 * 3**2
    assert squared == 10 and 1 / squared == 0.1
    assert (3 / sqrt(10)) ** 2 == pytest.approx(0.9)


def test_smoothness_along_a_step():
    found = batchnorm_inside.smoothness()
    plain, batch = found["plain"], found["batch"]
    assert plain["of10"]["loss"] < plain["before"] < plain["of30"]["loss"] < plain["of100"]["loss"]
    assert batch["of100"]["loss"] < 0.65 * batch["before"]
    assert plain["of30"]["turn"] > 2 and batch["of30"]["turn"] < 1
    assert plain["start"] < batch["start"]


def test_two_batches_of_64_differ_by_chance():
    means = np.random.default_rng(0).normal(size=(20_000, 2, 64)).mean(axis=2)
    assert (means[:, 0] - means[:, 1]).std() == pytest.approx(sqrt(2 / 64), rel=0.03)


def test_problems_of_3_6_8():
    z = normalized([-1, 0, 4], 3, -1)
    assert z == pytest.approx([-3.777, -2.389, 3.166], abs=5e-4)
    assert normalized([-1, 0, 4]) == pytest.approx([-0.926, -0.463, 1.389], abs=6e-4)
    assert sqrt(14 / 3) == pytest.approx(2.160, abs=6e-4) and (z.mean(), z.std()) == pytest.approx((-1, 3))
    assert (32 * 20 * 20, 16 * 8 * 9, 16 * 8 * 9 + 32) == (12_800, 1_152, 1_184)
    even = slopes(lambda z: normalized(z, epsilon=1e-5) @ np.array([1.0, 0, 0]), [2, 2, 2], 1e-8)
    assert even == pytest.approx(np.array([2, -1, -1]) / 3 * 316.2, rel=1e-3)


def test_the_rate_of_the_direction_falls_by_itself():
    for eta in (0.1, 0.5):
        squared, G, steps = 1.0, 2.0, 100_000
        for _ in range(steps):
            squared += eta**2 * G**2 / squared
        assert eta / squared == pytest.approx(1 / (G * sqrt(2 * steps)), rel=0.01)


def test_the_length_settles_with_weight_decay():
    eta, decay, squared = 0.1, 0.0005, 1.0
    for _ in range(200_000):
        squared = squared * (1 - eta * decay) ** 2 + eta**2 / squared
    assert squared == pytest.approx(10, rel=1e-3) and sqrt(squared) == pytest.approx(3.16, abs=5e-3)
    assert eta / squared == pytest.approx(0.01, rel=1e-3)


# ---- 3.6.9 ------------------------------------------------------------------


def test_noise_by_batch_size_is_larger_than_that_of_the_mean_alone():
    found = norm_inside.noise()
    rng = np.random.default_rng(5)
    for size, shown in ((4, 0.50), (8, 0.41), (32, 0.22), (256, 0.08)):
        others = rng.normal(size=(6000, size - 1))
        z = np.column_stack([np.ones(6000), others])
        again = ((1 - z.mean(axis=1)) / z.std(axis=1)).std()
        assert found[f"of{size}"] == pytest.approx(again, rel=0.05)
        assert found[f"of{size}"] == pytest.approx(shown, abs=6e-3)
    assert (1 / sqrt(32), 1 / sqrt(256)) == pytest.approx((0.18, 0.06), abs=5e-3)
    assert pytest.approx(0.35, abs=5e-3) == 0.9**10


def test_slopes_of_a_sigmoid_in_and_out_of_range():
    for z, slope in ((2, 0.105), (10, 4.5e-5)):
        assert special.expit(z) * special.expit(-z) == pytest.approx(slope, rel=0.01)


def test_problems_of_3_6_9():
    kernel, window = np.array([2.0, -1, 2]), np.array([1.0, 0, 2])
    through = 0.5 * (kernel @ window - 3) / 2 + 1
    assert through == 1.75 == 0.25 * kernel @ window + 0.25
    for rho, steps in ((0.1, 44), (0.01, 459)):
        assert (1 - rho) ** steps < 0.01 <= (1 - rho) ** (steps - 1)
        assert log(0.01) / log(1 - rho) == pytest.approx({0.1: 43.7, 0.01: 458.2}[rho], abs=0.05)
    assert 1 / sqrt(2) == pytest.approx(0.71, abs=5e-3)
    assert (1 / sqrt(8), 1 / sqrt(8 * 196)) == pytest.approx((0.35, 0.025), abs=5e-3)


# ---- 3.6.10 -----------------------------------------------------------------


def backward(z, delta, gamma=Fraction(1)):
    """The formula without its root: s times dL/dz, exact for whole numbers."""
    m = len(z)
    mean = Fraction(sum(z), m)
    variance = sum((v - mean) ** 2 for v in z) / m
    cross = sum(d * (v - mean) for d, v in zip(delta, z, strict=True)) / m
    return [
        gamma * (d - Fraction(sum(delta), m) - (v - mean) * cross / variance) for d, v in zip(delta, z, strict=True)
    ]


def test_each_line_of_the_derivation():
    z, m, i, j = np.array([2.0, 4, 5, 9]), 4, 1, 3
    s, z_hat = z.std(), normalized(z)
    assert slopes(np.mean, z)[i] == pytest.approx(1 / m)
    assert slopes(np.var, z) == pytest.approx(2 / m * (z - z.mean()), abs=1e-8)
    assert slopes(np.std, z) == pytest.approx(z_hat / m, abs=1e-8)
    jacobian = slopes(lambda z: normalized(z)[j], z)
    assert jacobian == pytest.approx(((np.arange(m) == j) - 1 / m - z_hat * z_hat[j] / m) / s, abs=1e-8)


@pytest.mark.parametrize(("z", "delta", "shown"), [((0, 3, 3), (1, 0, 2), (0, -0.707, 0.707))])
def test_a_batch_of_three(z, delta, shown):
    exact = [float(v) / np.std(z) for v in backward(z, delta)]
    assert exact == pytest.approx(shown, abs=5e-4)
    assert slopes(lambda z: normalized(z) @ np.array(delta), z) == pytest.approx(exact, abs=1e-7)


def test_a_batch_of_two_teaches_nothing():
    for z, delta in product(((0, 1), (5, 2)), ((1, 0), (3, -2))):
        assert backward(z, delta) == [0, 0]


def test_along_the_normalized_values_only_epsilon_is_left():
    z, delta, gamma, epsilon = np.array([1.0, 2, 4, 9]), np.array([1.0, -1, 2, 0.5]), 1.5, 0.7
    slope = slopes(lambda z: normalized(z, gamma, 0, epsilon) @ delta, z)
    s, z_hat = sqrt(z.var() + epsilon), normalized(z, epsilon=epsilon)
    expected = gamma / s * 4 * np.mean(delta * z_hat) * epsilon / (z.var() + epsilon)
    assert z_hat @ slope == pytest.approx(expected, rel=1e-6)


def test_layer_normalization_backward():
    x, gamma, delta = np.array([1.0, 2, 4, 9]), np.array([1.0, 2, -1, 0.5]), np.array([0.3, -1, 2, 1])
    slope = slopes(lambda x: (gamma * normalized(x)) @ delta, x)
    g, x_hat = gamma * delta, normalized(x)
    assert slope == pytest.approx((g - g.mean() - x_hat * (g * x_hat).mean()) / x.std(), abs=1e-7)


def test_weights_of_a_running_average():
    rho, t = Fraction(1, 10), 7
    weights = [rho * (1 - rho) ** (t - k) for k in range(1, t + 1)]
    assert sum(weights) + (1 - rho) ** t == 1


# ---- 3.6.11 -----------------------------------------------------------------


def test_four_channels_in_groups():
    found, x = norm_inside.groups(), norm_inside.CHANNELS
    assert found["layer"]["out"].ravel() == pytest.approx(stats.zscore(x.ravel()))
    assert found["group"]["mean"].tolist() == [4, 20] and found["group"]["var"] == pytest.approx([5, 50])
    assert found["group"]["out"][:2].ravel() == pytest.approx(stats.zscore([1, 3, 5, 7]))
    assert found["group"]["out"][0, 0] == pytest.approx(-3 / sqrt(5))
    assert found["instance"]["out"].tolist() == [[-1, 1], [-1, 1], [-1, 1], [0, 0]]
    assert (found["layer"]["out"][:2] < 0).all()


def test_one_token():
    found = norm_inside.token()
    assert found["divisor"] == pytest.approx(sqrt(Fraction(30, 4)))
    assert found["rms"] == pytest.approx([0.365, 0.730, 1.095, 1.461], abs=6e-4)
    assert found["layer"] == pytest.approx(stats.zscore([1, 2, 3, 4]))


def test_blocks_normalized_before_and_after_the_addition():
    found = norm_inside.orders()
    assert found["post"]["last"] == pytest.approx(1 / sqrt(2), abs=0.04)
    assert found["pre"]["last"] == pytest.approx(1 / sqrt(13), abs=0.03)
    assert sqrt(2) ** 12 == pytest.approx(64) and sqrt(13) == pytest.approx(3.6, abs=0.01)


def test_the_jacobian_of_a_normalization():
    x = np.array([1.0, 2, 4, 9, -3])
    rows = [slopes(lambda x, k=k: norm_inside.layer_norm(x)[k], x) for k in range(5)]
    assert norm_inside.jacobian_of_norm(x) == pytest.approx(np.array(rows), abs=1e-8)


def test_problems_of_3_6_11():
    shape = (4, 32, 8, 8)
    size = np.prod(shape)
    for over, means in ((4 * 64, 32), (32 * 64, 4), (64, 4 * 32), (4 * 64, 4 * 8)):
        assert over * means == size == 8192
    x = np.array([1.0, 2, 3, 4])
    assert np.linalg.norm(norm_inside.layer_norm(x)) == pytest.approx(2)
    moved = 3 * x + 5
    assert norm_inside.layer_norm(moved) == pytest.approx(norm_inside.layer_norm(x))
    assert (moved**2).sum() == 670 and sqrt(670 / 4) == pytest.approx(12.94, abs=5e-3)
    assert moved / sqrt(670 / 4) == pytest.approx([0.62, 0.85, 1.08, 1.31], abs=5e-3)
    assert degrees(atan(1 / 2)) == pytest.approx(27, abs=0.5)
    assert degrees(atan(1 / sqrt(99))) == pytest.approx(5.7, abs=0.05)
    assert 25 * 2 * 768 == 38_400 and pytest.approx(0.0003, abs=5e-5) == 38_400 / 124e6 and 25 * 768 == 19_200


# ---- 3.6.12 -----------------------------------------------------------------


def test_weight_normalization_against_differences():
    found = weightnorm.step()
    assert found["numeric"][0] == pytest.approx(found["d_g"], abs=1e-8)
    assert found["numeric"][1:] == pytest.approx(found["d_v"], abs=1e-8)
    v = np.array([3.0, 4])
    assert slopes(np.linalg.norm, v) == pytest.approx(v / 5)


def test_what_each_normalization_divides_by():
    w, C = np.array([3.0, 4]), np.diag([4.0, 1])
    x = np.random.default_rng(2).multivariate_normal([0, 0], C, 200_000)
    assert (x @ w).std() == pytest.approx(sqrt(52), rel=0.01) and sqrt(52) == pytest.approx(7.2, abs=0.02)
    C = np.array([[2, 1], [1, 2]])
    for w, shown in (((1, 1), 2.449), ((1, -1), 1.414)):
        assert sqrt(np.array(w) @ C @ np.array(w)) == pytest.approx(shown, abs=5e-4)
    assert sorted(np.linalg.eigvalsh(C)) == pytest.approx([1, 3])


def test_problems_of_3_6_12():
    w, d_g, d_v = weightnorm.split(np.array([1.0, 2, 2]), 6.0, np.array([3.0, 0, 0]))
    assert w == pytest.approx([2, 4, 4]) and d_g == pytest.approx(1)
    assert d_v == pytest.approx([16 / 3, -4 / 3, -4 / 3]) and d_v @ d_v == pytest.approx(32)
    assert np.linalg.norm(np.array([1, 2, 2]) - d_v) == pytest.approx(6.40, abs=5e-3)
    g, b = 1 / sqrt(5), -5 / sqrt(5)
    assert (g, b) == pytest.approx((0.447, -2.236), abs=5e-4)
    assert [g * z + b for z in (2, 4, 6, 8)] == pytest.approx(stats.zscore([2, 4, 6, 8]))
    assert (50 * 100, 64 * 50, 9 * 64, 32 * 56 * 56) == (5_000, 3_200, 576, 100_352)


def test_a_longer_vector_turns_more_slowly():
    v, gradient = np.array([3.0, 4]), np.array([1.0, 2])
    angles = []
    for c in (1, 10):
        moved = c * v - 1e-3 * weightnorm.split(c * v, 2.0, gradient)[2]
        unit = moved / np.linalg.norm(moved)
        angles.append(np.arcsin(abs(unit[0] * 0.8 - unit[1] * 0.6)))
    assert angles[0] / angles[1] == pytest.approx(100, rel=1e-3)


def test_averages_after_fifty_batches_of_four_keep_the_mean_and_not_the_spread():
    batch, mean, variance = np.array([2.0, 4, 4, 6]), 0.0, 1.0
    for _ in range(50):
        mean += 0.1 * (batch.mean() - mean)
        variance += 0.1 * (stats.tvar(batch) - variance)
    assert (f"{mean:.2f}", f"{variance:.2f}") == ("3.98", "2.66")
    assert f"{2 * (2 - mean) / sqrt(variance) + 1:.2f}" == "-1.43"
    assert f"{normalized(batch, 2.0, 1.0)[0]:.2f}" == "-1.83"
    assert f"{np.arange(32).std() / np.arange(32).std(ddof=1):.3f}" == "0.984"


def test_losses_with_the_layer_from_a_quarter_to_four_times_he():
    starts = batchnorm_race.grid()["starts"]
    assert [round(starts["plain"][f"of{k}"], 2) for k in (100, 50, 200)] == [0.12, 1.16, 0.88]
    layer = [starts["batch"][f"of{k}"] for k in (25, 50, 100, 200, 400)]
    assert (round(min(layer), 2), round(max(layer), 2)) == (0.07, 0.15) == (round(layer[0], 2), round(layer[-1], 2))
