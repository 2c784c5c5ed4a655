"""Numbers of what goes further on 3.6.1 to 3.6.7, by other routes than the modules of figures take."""

import numpy as np
import pytest
from scipy import linalg, optimize, spatial, stats

from figures import conditioning, cures, inputs, response, scalers, units, whitening
from figures.models import digits
from figures.models.generators import flats
from figures.tuned import inputs as tuned


def test_four_flats_become_a_square():
    found = whitening.by_hand()
    standard = stats.zscore(whitening.FOUR)
    root = np.linalg.inv(linalg.sqrtm(np.corrcoef(whitening.FOUR.T)))
    assert found["inverse"] == pytest.approx(root) and found["white"] == pytest.approx(standard @ root)
    assert np.abs(found["white"]) == pytest.approx(1)
    assert np.sort(np.abs(found["turned"]).ravel()) == pytest.approx([0] * 4 + [2**0.5] * 4, abs=1e-9)
    assert found["correlation"][0, 1] == pytest.approx((1.6 + 1.6 - 0.4 - 0.4) / 4)


def test_pixels_along_their_principal_axes():
    X = digits.split().train_x
    singular = np.linalg.svd(X - X.mean(axis=0), compute_uv=False) ** 2 / len(X)
    found = whitening.pixels()
    assert found["largest"] == pytest.approx(singular[0]) and found["zero"] == (singular < 1e-12).sum() == 4
    assert found["smallest"] == pytest.approx(singular[59], rel=1e-6)
    assert found["factor"] == pytest.approx((singular[0] / singular[59]) ** 0.5, rel=1e-6)


def test_nearest_flats_and_digits():
    found = units.nearest()
    X, y = digits.load()
    for name, data in (("raw", X), ("standard", stats.zscore(X[:, X.std(axis=0) > 0]))):
        _, two = spatial.cKDTree(data).query(data, k=2)
        assert found["digits"][name] == (y[two[:, 1]] != y).sum()
    features, rents = flats(1200, 0)
    _, near = spatial.cKDTree(features[:200] * [1, 1000]).query(features[200:] * [1, 1000], k=5)
    error = np.abs(rents[:200][near].mean(axis=1) - rents[200:]).mean()
    assert units.rent_error((1, 1000), 0) == pytest.approx(error)
    assert found["years_and_m"]["mean"] > 2 * found["standardized"]["mean"]
    assert 30 * (2 / np.pi) ** 0.5 == pytest.approx(24, abs=0.1)


def test_ridge_and_saturation():
    found = units.ridge()
    assert found["km"]["weight"] == pytest.approx(-200 / 9) and found["m"]["weight"] == pytest.approx(
        -200_000 / 8_000_001
    )
    assert found["tens"]["share"] == pytest.approx(0.08 / 1.08)
    z, h = units.saturated()["z"], 1e-5
    sigmoid = stats.logistic.cdf
    assert units.saturated()["standard"] == pytest.approx((sigmoid(z + h) - sigmoid(z - h)) / (2 * h), rel=1e-6)
    assert units.saturated()["raw"] == pytest.approx(stats.logistic.pdf(12.5))


def test_what_spreads_the_eigenvalues():
    for name, (mean, variance) in conditioning.ONE.items():
        found = conditioning.one_feature()[name]
        assert found["kappa"] == pytest.approx(np.linalg.cond([[variance + mean**2, mean], [mean, 1]]))
        assert found["product"] == pytest.approx(variance)
    three = conditioning.three_features()
    assert three["before"] == pytest.approx(10) and f"{three['after']:.1f}" == "11.9"
    X = digits.split().train_x
    X = X[:, X.std(axis=0) > 0]
    columns = np.column_stack([stats.zscore(X), np.ones(len(X))])
    assert conditioning.pixels()["standard"] == pytest.approx(np.linalg.cond(columns) ** 2)
    assert [conditioning.shares()["raw"]["share"].sum(), conditioning.shares()["standard"]["share"][1]] == [
        pytest.approx(100),
        pytest.approx(99.6, abs=0.05),
    ]


def test_cures_by_walking():
    def walk(rule, w):
        past, count, low = [], 0, 0
        while low < 50:
            past.append(w)
            low = low + 1 if w @ np.diag([1, 100]) @ w / 2 < 0.01 else 0
            w, count = rule(w), count + 1
        return count - 50

    hessian, counts = np.diag([1.0, 100.0]), cures.counts()
    first, worst = np.array([-8.0, 0.8]), np.array([-8.0, 0.08])

    def searched(w):
        g = hessian @ w
        return (
            w - optimize.minimize_scalar(lambda rate: (w - rate * g) ** 2 @ [0.5, 50], method="brent", tol=1e-12).x * g
        )

    def best(w):
        return w - 2 / 101 * hessian @ w

    assert walk(best, first) == counts["descent"]["along"] == 220 and walk(best, worst) == counts["descent"]["worst"]
    assert walk(searched, first) == counts["line"]["along"] == 13
    assert counts["line"]["worst"] == 203 and counts["scaled"] == {"along": 1, "turned": 220, "worst": 1}
    assert counts["mu"] == pytest.approx((9 / 11) ** 2) and counts["momentum"]["along"] == counts["momentum"]["turned"]


def test_scaled_inputs_speed_a_network_up_and_a_coarse_search_agrees():
    found = inputs.fresh()
    assert found["units"]["median"] > 1.3 * found["pixels"]["median"] > 2 * found["centered"]["median"]
    assert found["standardized"]["most"] < found["pixels"]["least"]
    coarse = inputs.search(seeds=(0,), rates=(0.5, 1.0), cases=("pixels", "standardized"))["STEPS"]
    assert coarse["standardized"][1] < coarse["pixels"][0]
    assert {case: inputs.GRID[int(np.argmin(row))] for case, row in tuned.STEPS.items()} == tuned.RATES
    squares = [(inputs.scaled(case) ** 2).mean(axis=0).sum() for case in inputs.CASES]
    drawn = [
        (inputs.draw(inputs.scaled(case), 0)[:2048] ** 2).mean() * square
        for case, square in zip(inputs.CASES, squares, strict=True)
    ]
    assert drawn == pytest.approx([drawn[0]] * 4)


def test_outliers_and_skewness():
    x = scalers.INCOMES
    assert scalers.skewed()["raw"] == pytest.approx(stats.skew(x)) == pytest.approx(scalers.skewed()["zscore"])
    assert scalers.skewed()["log"] == pytest.approx(stats.skew(np.log(x)))
    assert scalers.farther()["zscore"]["far"] == pytest.approx(stats.zscore([1, 2, 3, 4, 10_000])[3])
    assert np.ptp(stats.zscore([1, 2, 3, 4, 10_000])[:4]) < 0.001


def test_a_lone_response_and_a_brighter_picture():
    found = response.lone()
    for a in (100, 200, 400, 800):
        assert found[f"a{a}"] == pytest.approx(a / (2 + a * a / 10_000) ** 0.75)
    a = 255 * response.chosen()[0]
    window = a[11:16]
    before, after = (168 / 168 / (2 + scale**2 * (window @ window) / 1e4) ** 0.75 for scale in (1, 2))
    assert found["double"]["loud"] == pytest.approx(2 * after / before)
    assert abs(found["small"]["quiet"] - found["small"]["loud"]) == pytest.approx(0.0002, abs=0.00005)
