"""Claims of 3.6.1 to 3.6.7 and of what goes further on them, each by another route than the text or its module."""

from fractions import Fraction as F
from math import ceil, log, log10, sqrt

import numpy as np
import pytest
from scipy import stats

from figures import flats, scaling

# ---- 3.6.1 --------------------------------------------------------------------


def test_a_linear_layer_undoes_a_scaling():
    w, b, c, s, x = 0.7, -2.0, 100.0, 32.7, np.array([60.0, 100.0, 180.0])
    assert w * s * (x - c) / s + (b + w * c) == pytest.approx(w * x + b)


def test_standardizing_with_the_test_value_makes_it_look_ordinary():
    without, with_it = np.array([2.0, 4, 4, 6]), np.array([2.0, 4, 4, 6, 9])
    assert f"{(9 - without.mean()) / without.std():.3f}" == "3.536"
    assert f"{stats.zscore(with_it)[-1]:.3f}" == "1.690" and f"{with_it.std():.3f}" == "2.366"


def test_a_layer_of_standardized_features_has_raw_weights():
    w = np.array([F(1, 2) / 20, F(-2) / F(1, 2)])
    bias = 1 - F(1, 2) * F(100, 20) + 2 * 4 / F(1, 2)
    assert list(w) == [F(25, 1000), -4] and bias == F(29, 2)
    assert w @ np.array([120, 5]) + bias == F(-5, 2) == F(1, 2) * 1 - 2 * 2 + 1


def test_the_inverse_root_of_a_correlation():
    r = 0.37
    p, q = 1 / sqrt(1 + r), 1 / sqrt(1 - r)
    root = np.array([[p + q, p - q], [p - q, p + q]]) / 2
    assert root @ np.array([[1, r], [r, 1]]) @ root == pytest.approx(np.eye(2))


# ---- 3.6.2 --------------------------------------------------------------------


def test_problems_on_units():
    f = sqrt(8 / 3)
    assert 2**2 + (6 * f) ** 2 == pytest.approx(100) and f"{f:.2f} {1 / f:.2f}" == "1.63 0.61"
    factor = abs(1 - 0.01 * 2e7)
    assert ceil(38 / log10(factor)) == 8
    counts = np.array([0, 0, 0, 1, 1000])
    z = stats.zscore(counts)
    assert f"{z[0]:.2f} {z[3]:.2f} {z[4]:.2f} {z[3] - z[0]:.4f}" == "-0.50 -0.50 2.00 0.0025"
    assert np.log1p(counts[3:]) == pytest.approx([0.69, 6.91], abs=0.005)


def test_ridge_in_any_unit():
    x, b, penalty, f = np.array([-2.0, 0.5, 2.0]), -25.0, 3.0, 7.0
    grid = np.linspace(-6, 0, 600_001)
    loss = 0.5 * ((grid[:, None] * f * x - b * x) ** 2).sum(axis=1) + penalty / 2 * grid**2
    c = (x**2).sum()
    assert grid[loss.argmin()] * f / b == pytest.approx(c / (c + penalty / f**2), abs=1e-4)


# ---- 3.6.3, 3.6.4 -------------------------------------------------------------


@pytest.mark.parametrize("mean, variance", [(0, 1), (0, 100), (10, 1), (1, 1), (0.5, 1 / 12), (2020, 100 / 12)])
def test_trace_and_determinant_tell_the_condition_number(mean, variance):
    kappa = np.linalg.cond([[variance + mean**2, mean], [mean, 1]])
    trace = variance + mean**2 + 1
    assert kappa + 2 + 1 / kappa == pytest.approx(trace**2 / variance, rel=1e-3)


def test_scaling_two_features_to_one_curvature_is_best():
    hessian = np.array([[5.0, 1.7], [1.7, 0.9]])
    kappas = [np.linalg.cond(hessian * np.outer([1, q], [1, q])) for q in np.linspace(0.5, 6, 2001)]
    best = np.linspace(0.5, 6, 2001)[int(np.argmin(kappas))]
    assert best == pytest.approx(sqrt(5 / 0.9), abs=0.01)


def test_scaling_many_features_to_one_curvature_costs_at_most_their_number():
    draw, worst = np.random.default_rng(4), {}
    for n in (3, 5, 30):
        for _ in range(100):
            u = draw.normal(0, 2, n)
            hessian = np.eye(n) + np.outer(u, u)
            scaled = hessian / np.sqrt(np.outer(hessian.diagonal(), hessian.diagonal()))
            values, kappa = np.linalg.eigvalsh(scaled), np.linalg.cond(hessian)
            assert values.sum() == pytest.approx(n) and values[0] >= 1 / kappa
            worst[n] = max(worst.get(n, 0), values[-1] / values[0] / kappa)
        assert worst[n] < n
    assert 1 < worst[3] < 1.5 and worst[30] > 3


def test_correlated_features():
    for rho, kappa in ((0.6, 4), (0.9, 19), (0.99, 199)):
        assert np.linalg.cond([[1, rho], [rho, 1]]) == pytest.approx(kappa)
    assert round(199 / 2 * log(1000)) == 687 and round(199 / 4 * log(1000)) == 344
    v = np.array([-1, 2, 2])
    assert (np.eye(3) + np.outer(v, v) == [[2, -2, -2], [-2, 5, 4], [-2, 4, 5]]).all()


def test_the_best_step_along_the_gradient():
    w, hessian = [F(4), F(1)], (F(1), F(4))
    losses = []
    for _ in range(3):
        losses.append(sum(h * e * e for h, e in zip(hessian, w, strict=True)) / 2)
        g = [h * e for h, e in zip(hessian, w, strict=True)]
        rate = sum(d * d for d in g) / sum(h * d * d for h, d in zip(hessian, g, strict=True))
        w = [e - rate * d for e, d in zip(w, g, strict=True)]
        assert sum(d * h * e for d, h, e in zip(g, hessian, w, strict=True)) == 0  # a right angle
    assert losses == [10, F(36, 10), F(1296, 1000)]


def test_momentum_at_its_best_and_a_newton_step():
    kappa = 10_000
    assert round(kappa / 2 * log(1000)) == 34539 and round(50 * log(1000)) == 345
    root = (sqrt(kappa) - 1) / (sqrt(kappa) + 1)
    rate = (2 / (1 + sqrt(kappa))) ** 2
    for h in (1.0, 70.0, 10_000.0):
        factors = np.linalg.eigvals([[1 - rate * h, -rate * root**2], [h, root**2]])
        assert np.abs(factors) == pytest.approx(root, abs=1e-4)
    rng = np.random.default_rng(2)
    hessian, A, g = np.diag([1.0, 9.0]) + 0.5, rng.normal(size=(2, 2)), rng.normal(size=2)
    inner = -np.linalg.solve(A.T @ hessian @ A, A.T @ g)
    assert A @ inner == pytest.approx(-np.linalg.solve(hessian, g))


# ---- 3.6.5 --------------------------------------------------------------------


def test_problems_on_scalers():
    x = np.array([-3.0, 0, 0, 6])
    assert [f"{v:.2f}" for v in stats.zscore(x)] == ["-1.15", "-0.23", "-0.23", "1.61"]
    assert [f"{v:.2f}" for v in x / np.linalg.norm(x)] == ["-0.45", "0.00", "0.00", "0.89"]
    rng = np.random.default_rng(3)
    assert max(np.abs(stats.zscore(rng.standard_cauchy(9))).max() for _ in range(500)) <= sqrt(8) + 1e-9
    assert abs((3.0**1e-6 - 1) / 1e-6 - log(3)) < 1e-5
    n = m = q = 0.0
    for value in (2.0, 4.0, 9.0):
        d, n = value - m, n + 1
        m += d / n
        q += d * (value - m)
    assert (m, q) == (5, 26) and q / n == pytest.approx(np.var([2, 4, 9]))
    flats = np.array([[80.0, 2], [120, 6]])
    assert [f"{v:.4f}" for v in (flats / np.linalg.norm(flats, axis=1, keepdims=True)).ravel()] == [
        "0.9997",
        "0.0250",
        "0.9988",
        "0.0499",
    ]


# ---- 3.6.6, 3.6.7 -------------------------------------------------------------


def lrn(a, k, n, alpha, beta):
    """The layer as a sum over a matrix of windows."""
    near = np.abs(np.subtract.outer(np.arange(len(a)), np.arange(len(a)))) <= n // 2
    return a * (k + alpha * near @ a**2) ** -beta


def test_a_lone_response_has_a_maximum_at_200():
    a = np.linspace(1, 1000, 9991)
    b = np.array([lrn(np.array([v]), 2, 5, 1e-4, 0.75)[0] for v in a])
    assert a[b.argmax()] == pytest.approx(200)
    ten = lrn(np.full(10, 300.0), 2, 5, 1e-4, 0.75) / 300
    assert f"{ten[0]:.3f} {ten[4]:.3f}" == "0.080 0.056"


def test_windows_of_five():
    def windows(count):
        return [frozenset(range(max(0, i - 2), min(count, i + 3))) for i in range(count)]

    assert len(set(windows(3))) == 1
    assert windows(4)[1] == windows(4)[2] and all(len(set(windows(count))) == count for count in range(5, 20))


def test_rms_normalization_is_a_case_of_it():
    a = np.array([1.0, -2.0, 3.0])
    assert lrn(a, 1e-8, 99, 1 / 3, 0.5) == pytest.approx(a / np.sqrt((a**2).mean() + 1e-8))


def test_the_gradient_of_local_response_normalization():
    rng = np.random.default_rng(4)
    a, delta = rng.uniform(0, 3, 7), rng.normal(size=7)
    k, n, alpha, beta = 2.0, 5, 0.3, 0.75
    near = np.abs(np.subtract.outer(np.arange(7), np.arange(7))) <= 2
    s, b = k + alpha * near @ a**2, lrn(a, k, n, alpha, beta)
    written = delta * s**-beta - 2 * alpha * beta * a * (near @ (delta * b / s))
    h = 1e-6
    numeric = [
        (lrn(a + h * e, k, n, alpha, beta) - lrn(a - h * e, k, n, alpha, beta)) @ delta / (2 * h) for e in np.eye(7)
    ]
    assert written == pytest.approx(numeric, abs=1e-7)
    # Growing with all responses: the sum of a_j db_i/da_j.
    growth = (lrn(a * (1 + h), k, n, alpha, beta) - lrn(a * (1 - h), k, n, alpha, beta)) / (2 * h)
    assert growth == pytest.approx(b * (1 - 2 * beta * (s - k) / s), abs=1e-7)


def test_two_channels_in_small_numbers():
    a, h = np.array([1.0, 2.0]), 1e-6
    assert lrn(a, 1, 5, 1, 1) == pytest.approx([1 / 6, 1 / 3])
    columns = [(lrn(a + h * e, 1, 5, 1, 1) - lrn(a - h * e, 1, 5, 1, 1)) / (2 * h) for e in np.eye(2)]
    assert np.column_stack(columns) * 18 == pytest.approx(np.array([[2.0, -2], [-2, -1]]), abs=1e-6)


def test_the_condition_number_of_the_flats_with_and_without_the_bias():
    surface, rents = flats.surface(), scaling.flat_rents()
    curvatures = [surface["deviation"][name] ** 2 for name in ("age", "distance")]
    assert rents["centered"]["kappa"] == pytest.approx(curvatures[0] / 1, rel=0.01)  # the bias has the least, 1
    assert surface["raw"]["kappa"] == pytest.approx(curvatures[0] / curvatures[1], rel=0.01)


def test_the_own_square_of_a_lone_response_is_most_of_its_bracket():
    own, all_squares = 1e-4 * 175**2, 1e-4 * (175**2 + 26**2)
    assert own / all_squares > 0.95
    assert [round((2 + part) ** 0.75, 1) for part in (own, all_squares)] == [3.4, 3.4]
