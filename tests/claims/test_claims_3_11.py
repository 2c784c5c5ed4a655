"""Claims of section 3.11 that no module of figures computes: proofs of the text, each by another route."""

import math

import numpy as np
import pytest

H = np.array([1.0, 100.0])


def test_momentum_shrinks_by_the_root_of_mu_inside_the_window():
    low, high = (1 - math.sqrt(0.9)) ** 2, (1 + math.sqrt(0.9)) ** 2 / 100
    assert low < 0.007 < high
    for h in H:
        roots = np.linalg.eigvals(np.array([[1 - 0.007 * h, -0.0063], [h, 0.9]]))
        assert np.abs(roots) == pytest.approx(math.sqrt(0.9))


def test_noise_at_the_end_of_sgd_and_momentum():
    """The variance of w from the covariance of (w, v), which a step maps by M C M' plus the noise."""

    def rest(h, s, eta, mu):
        M = np.array([[1 - eta * h, -eta * mu], [h, mu]])  # v' = mu v + h w + e, w' = w - eta v'
        Q = s**2 * np.outer([-eta, 1], [-eta, 1])
        return np.linalg.solve(np.eye(4) - np.kron(M, M), Q.ravel())[0]

    for h, eta in ((1.0, 0.01), (2.0, 0.05)):
        assert rest(h, 2.0, eta, 0.0) == pytest.approx(4 * eta / (h * (2 - eta * h)))
    assert rest(1, 1, 0.01, 0) == pytest.approx(0.005, rel=0.01)
    assert rest(1, 1, 0.01, 0.9) == pytest.approx(0.05, rel=0.01)
    assert rest(1, 1, 0.001, 0.9) == pytest.approx(0.005, rel=0.01)
    for eta, variance, spread in ((0.05, 0.0526, 0.23), (0.025, 0.0256, 0.16)):
        found = rest(2, 2, eta, 0)
        assert (round(found, 4), round(math.sqrt(found), 2)) == (variance, spread)


def test_how_long_the_mean_of_squares_remembers():
    for beta, steps in ((0.9, 44), (0.999, 4593)):
        s, t = 100.0, 0
        while s >= 2:
            s, t = beta * s + (1 - beta), t + 1
        assert t == steps


def test_rmsprop_with_a_long_memory_in_the_valley():
    for beta, steps in ((0.9, 335), (0.999, 106)):
        w, s, last = np.array([-8.0, 0.8]), np.zeros(2), 0
        for t in range(1, 1501):
            g = H * w
            s = beta * s + (1 - beta) * g**2
            w = w - 0.026 * g / (np.sqrt(s) + 1e-8)
            last = t if (H * w**2).sum() / 2 >= 0.01 else last
        assert last + 1 == steps


def test_minima_with_penalties():
    w = np.linspace(-1, 3, 400_001)
    for u, square, absolute in ((2.0, 1.33, 1.5), (0.4, 0.27, 0.0)):
        loss = (w - u) ** 2 / 2
        assert round(w[(loss + 0.25 * w**2).argmin()], 2) == square
        assert w[(loss + 0.5 * abs(w)).argmin()] == pytest.approx(absolute, abs=1e-5)
    assert round(0.03 * 0.99**5, 4) == 0.0285


def test_the_penalty_is_minus_the_logarithm_of_the_prior():
    N, tau, w = 1000, 0.1, np.array([0.3, -0.1])

    def density(w):
        return np.exp(-(w**2) / (2 * tau**2)) / math.sqrt(2 * math.pi * tau**2)

    strength = 1 / (N * tau**2)
    assert strength == pytest.approx(0.1)
    assert -np.log(density(w) / density(0)).sum() / N == pytest.approx(strength / 2 * (w**2).sum())
    W = np.arange(6.0).reshape(2, 3)
    assert np.trace(W.T @ W) == (W**2).sum()


def test_adam_with_the_penalty_alone_in_its_gradient():
    """Adam's means as sums over all steps so far: a weight of 0.1 nears zero, whatever the penalty."""
    for penalty in (1.0, 0.01, 0.0001):
        w, seen = [0.1], []
        for t in range(1, 201):
            seen.append(penalty * w[-1])
            age, g = np.arange(t)[::-1], np.array(seen)
            mean = 0.1 * (0.9**age @ g) / (1 - 0.9**t)
            root = math.sqrt(0.001 * (0.999**age @ g**2) / (1 - 0.999**t))
            w.append(w[-1] - 0.001 * mean / (root + 1e-8))
        assert w[0] - w[1] == pytest.approx(0.001, rel=1e-3) and w[1] - w[2] == pytest.approx(0.001, rel=0.01)
        assert (round(w[100], 2), round(w[200], 3)) == (0.02, 0.002)
        if penalty > 0.0001:
            assert round(w[100], 3) == 0.022


def test_how_far_the_noise_of_batches_throws_a_weight():
    """Halving the rate shortens the jitter by the root of two only, and the jitter is several steps long."""
    rng, spread = np.random.default_rng(0), {}
    for eta in (0.02, 0.01):
        w = np.zeros(4000)
        for _ in range(int(8 / eta)):
            step = eta * (w + rng.normal(size=w.size))
            w = w - step
        spread[eta] = w.std()
        assert spread[eta] / np.sqrt((step**2).mean()) == pytest.approx(1 / math.sqrt(2 * eta), rel=0.05)
    assert spread[0.02] / spread[0.01] == pytest.approx(math.sqrt(2), rel=0.05)
