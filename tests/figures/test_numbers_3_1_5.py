"""Numbers and claims of 3.1.5, each by another route than the figures' modules take."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.special import log_softmax

from figures import degradation, vanishing

# --- 3.1.5 --------------------------------------------------------------------------------------


def _autodiff(function, gain, skip, layers=4, h=1e-6):
    """Some entries of dL/dz of each layer by central differences, L = sum of outputs times g."""
    a0, weights, g = (v.copy() for v in vanishing.draws(0, layers))
    rows, f = (
        slice(0, 2),
        {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "ReLU": lambda z: z * (z > 0)}[function],
    )

    def loss(where=None, what=None):
        a = a0[rows]
        for number, W in enumerate(weights):
            z = a @ (gain * W).T
            if where == number:
                z = z + what
            a = a + f(z) if skip else f(z)
        return (a * g[rows]).sum()

    found = []
    for number in range(layers):
        entries = [(r, c) for r in range(2) for c in range(3)]
        slopes = []
        for r, c in entries:
            bump = np.zeros((2, vanishing.UNITS))
            bump[r, c] = h
            slopes.append((loss(number, bump) - loss(number, -bump)) / (2 * h))
        found.append(slopes)
    return np.array(found)


@pytest.mark.parametrize(("function", "skip"), [("tanh", False), ("sigmoid", True), ("ReLU", False)])
def test_error_signals_by_differences(function, skip, monkeypatch):
    """The signals of the module, entry by entry, against finite differences in a four-layer net."""
    seen = []
    monkeypatch.setattr(vanishing.networks, "rms", lambda values: seen.append(values.copy()) or 1.0)
    vanishing.signals(function, 1.5, skip, 0, 4)
    by_hand = _autodiff(function, 1.5, skip)
    for delta, slopes in zip(seen[::-1], by_hand, strict=True):
        assert delta[:2, :3].ravel() == pytest.approx(slopes, rel=1e-4, abs=1e-7)


def test_relu_signals_follow_theory():
    """Half and double gain change a ReLU signal by exactly 2 for each of the 29 layers between."""
    first = vanishing.first_layer()["ReLU"]
    assert first["right"] / first["half"] == pytest.approx(2**29, rel=1e-6)
    assert first["double"] / first["right"] == pytest.approx(2**29, rel=1e-6)
    assert 0.2 < first["right"] < 5
    assert f"{first['half']:.0e}" == "2e-09" and f"{first['double']:.0e}" == "6e+08"


def test_claims_about_sigmoid_tanh_and_skips():
    first = vanishing.first_layer()
    assert 1e-7 < first["sigmoid"]["right"] < 1e-5  # six powers of ten lost
    assert first["sigmoid"]["half"] < 1e-9 and first["tanh"]["half"] < 1e-7
    assert 0.1 < first["tanh"]["right"] < 0.25 and 50 < first["tanh"]["double"] < 150
    assert 0.01 < first["sigmoid"]["double"] < 0.05
    assert all(first[name]["skip"] > 0.5 for name in first) and 200 < first["ReLU"]["skip"] < 600


def test_factor_of_a_sigmoid_layer_predicts_the_measured_signal():
    factors = vanishing.sigmoid_factors()
    assert factors["g4"]["factor"] ** 29 == pytest.approx(vanishing.first_layer()["sigmoid"]["right"], rel=3)
    assert factors["g4"]["factor"] == pytest.approx(0.65, abs=0.02)
    assert factors["g10"]["factor"] == pytest.approx(1.02, abs=0.03)
    assert factors["g4"]["z"] == pytest.approx(2.3, abs=0.15)


def test_bounds_by_fractions():
    quoted = vanishing.bounds()
    exact = {"nine": Fraction(1, 4**9), "nineteen": Fraction(1, 4**19), "tanh": Fraction(9, 10) ** 49}
    exact |= {"direction": Fraction(7, 10) ** 30, "grown": Fraction(101, 100) ** 40, "residual": Fraction(11, 10) ** 20}
    assert {key: quoted[key] for key in exact} == pytest.approx({key: float(value) for key, value in exact.items()})
    slope = np.exp(-2) / (1 + np.exp(-2)) ** 2
    assert quoted["slope_at_two"] == pytest.approx(slope) and quoted["factor_at_two"] == pytest.approx(4 * slope)
    assert quoted["nine_at_two"] == pytest.approx((4 * slope) ** 9)
    assert quoted["leaky"] ** 2 * (1 + 0.1**2) / 2 == pytest.approx(1)


def test_calibrated_gains_from_slopes():
    """One over the root mean square slope: at zero for sigmoid and tanh, over a normal for ReLU."""
    h = 1e-5
    assert vanishing.CALIBRATED["sigmoid"] == pytest.approx(2 * h / np.tanh(h / 2), rel=1e-6)
    assert vanishing.CALIBRATED["tanh"] == pytest.approx(h / np.tanh(h), rel=1e-6)
    assert vanishing.CALIBRATED["ReLU"] == pytest.approx(1 / np.sqrt(0.5))


def test_products_lose_directions():
    """Medians over other seeds, by the eigenvalues of M M^T; no seed comes near a tenth."""
    rng, found = np.random.default_rng(11), {1: [], 10: [], 30: []}
    for _ in range(101):
        for count, ratios in found.items():
            M = np.linalg.multi_dot([np.eye(100), *rng.normal(size=(count, 100, 100)) / 10])
            squares = np.linalg.eigvalsh(M @ M.T)[::-1]
            ratios.append(np.sqrt(squares[49] / squares[0]))
    ranks = vanishing.ranks()
    assert np.median(found[1]) == pytest.approx(ranks["after1"], rel=0.02)
    assert np.median(found[10]) == pytest.approx(ranks["after10"], rel=0.2)
    assert np.median(found[30]) == pytest.approx(ranks["after30"], rel=0.25)
    assert max(found[30]) < 1e-4 and 4.5e-6 < ranks["after30"] < 5.5e-6


def test_degradation_and_its_cure():
    got = degradation.results()
    plain, residual = ([got[f"{build}{d}"] for d in degradation.DEPTHS] for build in degradation.BUILDS)
    assert plain[0]["high"] < 0.01 and plain[1]["high"] < 0.5 < plain[2]["low"]  # printed: less than 0.01
    assert 0.8 < plain[2]["median"] < 1.3 < plain[3]["low"] and 1.7 < plain[3]["median"] < 2
    assert max(row["high"] for row in residual) < 0.1 and residual[3]["median"] < 0.03
    assert got["chance"] == pytest.approx(-log_softmax(np.zeros(10))[0])
    assert degradation.longer()["median"] < 0.1 < plain[2]["low"]


def test_coarse_search_of_the_rates():
    """Fewer rates and starts, other seeds: the rates that were chosen are no worse than their neighbors by much."""
    for build, depth_, others in (("plain", 20, (0.006, 0.2)), ("residual", 20, (0.012, 0.8))):
        chosen = degradation.tuned.BEST[build, depth_]
        losses = degradation.curves(depth_, build, (chosen, *others), (50, 51, 52))[:, :, -1].mean(1)
        assert losses[0] == min(losses)


def test_training_gradients_by_differences():
    """All parts of the gradients, in either build, against the numerical gradient of scipy's loss."""
    X, y = degradation.examples()
    X, y = X[:20].astype(float), y[:20]

    def loss(parts, residual):
        first, W, b, last = (part[:, 0] if part.ndim == 4 else part[0] for part in parts)
        a = X @ first.T
        for weights, bias in zip(W, b, strict=True):
            h = np.maximum(a @ weights.T + bias, 0)
            a = a + h if residual else h
        return -log_softmax(a @ last.T, axis=1)[np.arange(20), y].mean()

    for build in degradation.BUILDS:
        parts = [part.astype(float) for part in degradation.start(3, build, (0,))]
        value, slopes = degradation.gradients(parts, X[None], y[None], build)
        assert value[0] == pytest.approx(loss(parts, build == "residual"), rel=1e-6)
        places = ((0, (0, 4, 30)), (1, (0, 0, 5, 6)), (1, (2, 0, 1, 3)), (2, (1, 0, 0, 7)), (3, (0, 3, 9)))
        for part, where in places:
            values = []
            for h in (1e-6, -1e-6):
                moved = [each.copy() for each in parts]
                moved[part][where] += h
                values.append(loss(moved, build == "residual"))
            assert slopes[part][where] == pytest.approx((values[0] - values[1]) / 2e-6, rel=1e-4, abs=1e-7)
