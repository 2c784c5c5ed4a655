"""Claims of section 3.8 that no module of figures computes: proofs of the text, each by another route."""

import numpy as np
import pytest


def test_second_moment_of_a_sum():
    """Dependent inputs with a mean that is not zero: only their mean square counts."""
    rng = np.random.default_rng(0)
    a = 0.3 + np.repeat(rng.normal(size=20), 5)  # each input five times
    z = 0.2 * rng.normal(size=(40_000, 100)) @ a
    assert (z**2).mean() == pytest.approx(100 * 0.04 * (a**2).mean(), rel=0.03)
    half = np.maximum(z, 0)
    assert (half**2).mean() == pytest.approx((z**2).mean() / 2, rel=0.03)


def test_two_inputs():
    z = np.array([w1 * 3 + w2 * 4 for w1 in (1, -1) for w2 in (1, -1)])
    assert sorted(z) == [-7, -1, 1, 7] and (z**2).mean() == 25
    rng = np.random.default_rng(1)
    z = 0.1 * rng.normal(size=(200_000, 2)) @ [3.0, 4.0]
    assert (z**2).mean() == pytest.approx(0.25, rel=0.02)


def test_mean_square_counts_and_not_the_variance():
    rng = np.random.default_rng(2)
    a = 2 + rng.normal(size=(2000, 100))
    z = (0.1 * rng.normal(size=(2000, 100)) * a).sum(axis=1)
    assert (z**2).mean() == pytest.approx(5, rel=0.1)


def test_backward_rule_in_a_wide_network():
    """The slopes depend on the weights, so A4 does not hold strictly; the rule fits all the same."""
    rng, n = np.random.default_rng(3), 400
    weights = [rng.normal(size=(n, n)) * (2 / n) ** 0.5 for _ in range(6)]
    a, slopes = rng.normal(size=n), []
    for W in weights:
        z = W @ a
        a = np.maximum(z, 0)
        slopes.append(z > 0)
    delta = rng.normal(size=n) * slopes[-1]
    first = (delta**2).mean()
    for W, slope in zip(weights[:0:-1], slopes[-2::-1], strict=True):
        delta = (W.T @ delta) * slope
    assert (delta**2).mean() / first == pytest.approx(1, abs=0.6)


def test_factors_by_depth():
    assert pytest.approx(2.0**-10) == (0.05 * (400 / 2) ** 0.5) ** 20
    assert pytest.approx(0.0707, abs=5e-5) == (2 / 400) ** 0.5
    assert pytest.approx(1e-7, rel=0.03) == (0.01 * 400**0.5) ** 10
    assert pytest.approx(0.00013, abs=5e-6) == 6.0**-5 and pytest.approx(0.408, abs=5e-4) == (1 / 6) ** 0.5
    rng, alpha = np.random.default_rng(0), 0.3
    z = rng.normal(size=400_000)
    leaky = np.where(z > 0, z, alpha * z)
    assert (leaky**2).mean() / (z**2).mean() == pytest.approx((1 + alpha**2) / 2, rel=0.01)


def test_xavier_and_he_of_the_problems():
    assert [round((2 / n) ** 0.5, 4) for n in (784 + 256, 784, 256 + 10, 256)] == [0.0439, 0.0505, 0.0867, 0.0884]
    assert pytest.approx(0.0589, abs=5e-5) == (6 / (9 * 64 + 9 * 128)) ** 0.5
    assert 0.01 / 0.7 > (2 / 10_000) ** 0.5 > 0.014


def test_residual_branches():
    rng, blocks, n = np.random.default_rng(0), 30, 2000
    for share, growth in ((1.0, 2.0**30), (1 / blocks, (1 + 1 / blocks) ** blocks)):
        a = rng.normal(size=n)
        first = (a**2).mean()
        for _ in range(blocks):
            a = a + rng.normal(size=n) * (share * (a**2).mean()) ** 0.5
        assert np.log((a**2).mean() / first) == pytest.approx(np.log(growth), abs=0.5)
    assert pytest.approx(2.61, abs=5e-3) == (13 / 12) ** 12 and pytest.approx(1.62, abs=5e-3) == 2.61**0.5
    assert all((1 + 1 / depth) ** depth < np.e for depth in range(1, 200))


def test_wide_networks_and_adam():
    """Adam's first step moves z by n eta |a| where all activations have one size."""
    for n, moved in ((100, 0.1), (10_000, 10.0)):
        a = np.where(np.arange(n) % 2, 1.0, -1.0)
        g = 0.3 * a  # error signal times activation
        assert abs((-0.001 * np.sign(g)) @ a) == pytest.approx(moved)
    assert (128 * 0.002, 1024 * 0.002, 0.002 / 8) == (0.256, 2.048, 0.00025)


def test_permutations_and_signs():
    rng = np.random.default_rng(0)
    W, b, V, x = rng.normal(size=(6, 3)), rng.normal(size=6), rng.normal(size=(2, 6)), rng.normal(size=3)
    P = np.eye(6)[rng.permutation(6)] * np.where(rng.random(6) < 0.5, -1, 1)
    assert V @ P.T @ np.tanh(P @ (W @ x + b)) == pytest.approx(V @ np.tanh(W @ x + b))
    assert np.prod(np.arange(1, 9)) * 2**8 == 10_321_920
    assert 3 * np.tanh(1) == pytest.approx(2.285, abs=5e-4)


def test_two_equal_units_learn_as_one():
    x, y, eta = 0.7, 1.0, 0.1

    def step(w, v, units, rate_w, rate_v):
        a = np.tanh(w * x)
        error = units * v * a - y
        return w - rate_w * error * v * (1 - a * a) * x, v - rate_v * error * a

    w, v = step(0.4, 0.3, 2, eta, eta)
    w_one, u = step(0.4, 0.6, 1, eta / 2, 2 * eta)
    assert w == pytest.approx(w_one) and 2 * v == pytest.approx(u)


def test_first_losses_and_biases():
    shares = np.array([0.5, 0.3, 0.2])
    assert -(shares * np.log(shares)).sum() == pytest.approx(1.030, abs=5e-4)
    shares = np.array([0.7, 0.2, 0.1])
    assert -(shares * np.log(shares)).sum() == pytest.approx(0.802, abs=5e-4)
    assert [round(v, 3) for v in np.log(shares)] == [-0.357, -1.609, -2.303]
    assert 999 * 0.5 - 0.5 == 499 and pytest.approx(0) == 999 * 0.001 - 0.999
    gate = 0.5 ** (1 / 100)
    assert round(gate, 4) == 0.9931 and np.log(gate / (1 - gate)) == pytest.approx(4.97, abs=0.01)


def test_chances_of_sparse_inputs():
    assert pytest.approx(2.25e-5, rel=0.01) == 0.7**30 and pytest.approx(0.64, abs=0.01) == 0.985**30
    rng = np.random.default_rng(0)
    reached = [any(7 in rng.permutation(50)[:15] for _ in range(5)) for _ in range(4000)]
    assert 1 - np.mean(reached) == pytest.approx(0.7**5, abs=0.03)
    assert np.tanh(0.5) == pytest.approx(0.46, abs=5e-3) and np.tanh(-0.3) == pytest.approx(-0.29, abs=5e-3)
