"""Numbers and claims of sections 3.6.1 to 3.6.4, by another route than figures/scaling.py."""

from fractions import Fraction

import numpy as np
import pytest

from figures import flats, scaling


def gap_after(hessian, error, rate, steps):
    """Share of the first loss gap that is left, by powers of the step's matrix."""
    left = np.linalg.matrix_power(np.eye(len(hessian)) - rate * hessian, steps) @ error
    return left @ hessian @ left / (error @ hessian @ error)


def columns(name):
    features, prices = scaling.houses()
    return np.column_stack([scaling.SCALINGS[name](features), np.ones(200)]), prices


@pytest.mark.parametrize(
    "name, kappa, steps",
    [
        ("raw", 224937, 776879),
        ("centered", 5097, 14784),
        ("minmax", 160, 551),
        ("standard", 14.1, 41),
        ("white", 1, 1),
    ],
)
def test_house_scaling(name, kappa, steps):
    X, prices = columns(name)
    found = scaling.house_price()[name]
    assert np.linalg.cond(X) ** 2 == pytest.approx(found["kappa"], rel=1e-6)
    assert round(found["kappa"], 1 if name == "standard" else 0) == kappa and found["steps"] == steps
    hessian = X.T @ X / 200
    error = -np.linalg.lstsq(X, prices, rcond=None)[0]
    singular = np.linalg.svd(X / np.sqrt(200), compute_uv=False)
    rate = 2 / (singular[0] ** 2 + singular[-1] ** 2)
    assert gap_after(hessian, error, rate, steps) <= 1e-6
    assert steps == 1 or gap_after(hessian, error, rate, steps - 1) > 1e-6


def test_scalings_do_what_they_say():
    features, _ = scaling.houses()
    standard, low = scaling.SCALINGS["standard"](features), scaling.SCALINGS["minmax"](features)
    assert np.allclose(standard.mean(0), 0) and np.allclose(standard.var(0), 1)
    assert np.allclose(low.min(0), 0) and np.allclose(low.max(0), 1)
    assert np.allclose(np.cov(scaling.whiten(features).T, bias=True), np.eye(2))
    assert scaling.house_price()["correlation"] == pytest.approx(np.mean(standard[:, 0] * standard[:, 1]))


def test_gradient_descent_reaches_the_share_in_as_many_steps():
    X, prices = columns("standard")
    weights, best = np.zeros(3), np.linalg.lstsq(X, prices, rcond=None)[0]
    values = np.linalg.eigvalsh(X.T @ X / 200)

    def gap():
        return np.mean((prices - X @ weights) ** 2) - np.mean((prices - X @ best) ** 2)

    first, steps = gap(), 0
    while gap() > 1e-6 * first:
        weights += 2 / (values[0] + values[-1]) * X.T @ (prices - X @ weights) / 200
        steps += 1
    assert steps == scaling.house_price()["standard"]["steps"]


def test_three_areas():
    areas = [Fraction(v) for v in (60, 100, 140)]
    variance = sum((a - 100) ** 2 for a in areas) / 3
    found = scaling.three_houses()
    assert variance == Fraction(3200, 3) and f"{found['deviation']:.2f}" == "32.66"
    assert found["deviation"] ** 2 == pytest.approx(float(variance))
    assert [f"{v:.2f}" for v in found["standard"]] == ["-1.22", "0.00", "1.22"]
    assert list(found["minmax"]) == [0, 0.5, 1]
    assert f"{found['new_standard']:.2f} {found['new_minmax']:.1f}" == "2.45 1.5"
    # With the new house in the fit the constants change: that is the leak.
    assert scaling.scaled_areas((60, 100, 140, 180), 180)["new_minmax"] == 1


def test_saturated_by_units():
    def slope(z, h=1e-4):
        return (1 / (1 + np.exp(-z - h)) - 1 / (1 + np.exp(-z + h))) / (2 * h)

    found = scaling.saturated_by_units()
    assert found["z"] == 12.5 and found["slope"] == pytest.approx(slope(12.5), rel=1e-4)
    assert f"{found['slope']:.1e}" == "3.7e-06" and f"{found['standard']:.2f}" == "1.53"
    assert found["standard_slope"] == pytest.approx(slope(0.05 * found["standard"]), rel=1e-6)
    assert scaling.slope_at_area(100.0, 0.05)["slope"] > 1000 * found["slope"]


def test_the_usual_bowl():
    def steps(rate):
        w, count = [10.0, 100.0], 0
        while 0.01 * w[0] ** 2 + 0.0001 * w[1] ** 2 > 2e-3:
            w, count = [w[0] - rate * 0.02 * w[0], w[1] - rate * 0.0002 * w[1]], count + 1
        return count

    found = scaling.bowl()
    assert (found["best"], found["safe"], found["scaled"]) == (173, 310, 1) == (steps(2 / 0.0202), steps(50), 1)
    assert found["rate"] == pytest.approx(float(2 / (Fraction(2, 100) + Fraction(2, 10_000))))
    assert found["kappa"] == pytest.approx(100)
    w = [Fraction(10), Fraction(100)]
    for point in found["path"]:
        assert point == pytest.approx([float(v) for v in w])
        w = [w[0] * (1 - 95 * Fraction(2, 100)), w[1] * (1 - 95 * Fraction(2, 10_000))]
    assert [f"{a:.4g} {b:.3g}" for a, b in found["path"]] == [
        "10 100",
        "-9 98.1",
        "8.1 96.2",
        "-7.29 94.4",
    ]


def test_loss_surface():
    features, rents = flats.flats()
    found = flats.surface()
    for name, scale in (("raw", np.ones(2)), ("standard", features.std(0))):
        X, problem = features / scale, found[name]

        def loss(w, X=X):
            return 0.5 * np.mean((rents - X @ w) ** 2)

        best = np.linalg.lstsq(X, rents, rcond=None)[0]
        assert problem["best"] == pytest.approx(best)
        assert (problem["least"], problem["first"]) == (
            pytest.approx(loss(best)),
            pytest.approx(loss(np.zeros(2))),
        )
        h = 1.0
        for i, j in ((0, 0), (0, 1), (1, 1)):
            a, b = np.eye(2)[i] * h, np.eye(2)[j] * h
            second = (loss(a + b) - loss(a - b) - loss(b - a) + loss(-a - b)) / 4
            assert problem["hessian"][i, j] == pytest.approx(second, abs=1e-6)
        gaps = [(loss(w) - loss(best)) / (loss(np.zeros(2)) - loss(best)) for w in problem["path"]]
        assert gaps[-1] <= 1e-3 < gaps[-2] and len(gaps) == problem["steps"] + 1
    assert [f"{found[name]['kappa']:.1f} {found[name]['steps']}" for name in ("raw", "standard")] == [
        "27.5 48",
        "1.1 2",
    ]
    assert found["raw"]["kappa"] == pytest.approx((12.05 / 2.303) ** 2, rel=0.02)
    steep = np.sign(np.diff(found["raw"]["path"][:, 0])[:10])
    assert np.all(steep[:-1] == -steep[1:])  # zigzag across
    assert np.all(np.diff(found["raw"]["path"][:, 1]) < 0)  # crawl along


def test_kappa_follows_the_unit():
    features, rents = flats.flats()
    months = features * [12, 1]
    changed = np.linalg.cond(scaling.quadratic(months, rents, bias=False)[0])
    assert changed > 100 * flats.surface()["raw"]["kappa"]
