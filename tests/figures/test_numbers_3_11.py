"""Numbers of 3.11, optimizers, by other routes than the figures take."""

import math
from fractions import Fraction

import numpy as np
import pytest

from figures import optimizers, race
from figures.models import digits, networks
from figures.tuned import race as tuned

H = np.array([1.0, 100.0])


def test_adam_by_hand_in_fractions():
    """The same three steps with exact fractions; only the root and epsilon are floating."""
    found, v, s, w = optimizers.adam_by_hand(), Fraction(0), Fraction(0), 1.0
    for t, g in enumerate((1, 2, -1), 1):
        v = Fraction(9, 10) * v + Fraction(1, 10) * g
        s = Fraction(999, 1000) * s + Fraction(1, 1000) * g * g
        v_hat, s_hat = v / (1 - Fraction(9, 10) ** t), s / (1 - Fraction(999, 1000) ** t)
        step = 0.01 * float(v_hat) / (math.sqrt(s_hat) + 1e-8)
        w -= step
        row = found[f"t{t}"]
        assert [row["v"], row["s"], row["v_hat"], row["s_hat"]] == pytest.approx(
            [float(x) for x in (v, s, v_hat, s_hat)]
        )
        assert (row["step"], row["w"]) == pytest.approx((step, w))
    assert found["first_uncorrected"] == pytest.approx(0.01 * 0.1 / math.sqrt(0.001), rel=1e-5)


def test_first_step_of_adam_has_the_size_of_the_rate():
    for g in (0.004, -40.0):
        w = optimizers.step("Adam", np.zeros(1), np.array([g]), optimizers.start(1), 0.01)
        assert w[0] == pytest.approx(-0.01 * np.sign(g), rel=1e-4)


def test_weights_of_a_running_mean_sum_to_the_correction():
    state = optimizers.start(1)
    for _ in range(5):
        optimizers.step("Adam", np.zeros(1), np.ones(1), state, 0.1)
    assert state["v"][0] == pytest.approx(1 - 0.9**5)
    assert state["s"][0] == pytest.approx(1 - 0.999**5)


def test_momentum_grows_tenfold_or_halves():
    for signs, size in (((1,) * 300, 10), ((1, -1) * 150, 1 / 1.9)):
        state, w = optimizers.start(1), np.zeros(1)
        for g in signs:
            new = optimizers.step("Momentum", w, np.array([float(g)]), state, 1.0)
            last, w = abs(new - w)[0], new
        assert last == pytest.approx(size)


def test_nesterov_is_a_gradient_at_the_point_ahead():
    """Momentum with the gradient at u - eta mu v; the rule holds that point as w."""
    u, v, eta = np.array([-8, 0.8]), np.zeros(2), 0.01
    for point in optimizers.paths("Nesterov", [eta], 40)[:, 0]:
        ahead = u - eta * 0.9 * v
        assert point == pytest.approx(ahead)
        v = 0.9 * v + H * ahead
        u = u - eta * v


def test_sgd_in_the_valley_by_its_closed_form():
    def steps(rate):
        heights = [0.5 * (H * (optimizers.START * (1 - rate * H) ** t) ** 2).sum() for t in range(400)]
        return next((t for t, height in enumerate(heights) if height < 0.01), None)

    found = optimizers.valley_steps()["SGD"]
    assert (found["rate"], found["steps"]) == (0.019, steps(0.019)) == (0.019, 211)
    assert steps(2 / 101) > 0.95 * found["steps"]  # no rate at all is much faster than the best of two digits
    assert steps(0.02) is None  # the border of the text
    assert optimizers.valley_steps()["start"] == pytest.approx(64)


def test_momentum_in_the_valley_by_powers_of_a_matrix():
    maps = [np.array([[1 - 0.0037 * h, -0.0037 * 0.9], [h, 0.9]]) for h in H]  # on (w, v)
    heights = []
    for t in range(400):
        states = [np.linalg.matrix_power(m, t) @ (w, 0) for m, w in zip(maps, optimizers.START, strict=True)]
        heights.append(0.5 * sum(h * state[0] ** 2 for h, state in zip(H, states, strict=True)))
    last = max(t for t, height in enumerate(heights) if height >= 0.01)
    assert optimizers.valley_steps()["Momentum"] == {
        "steps": last + 1,
        "rate": 0.0037,
        "turned": 75,
        "turned_rate": 0.0037,
    }
    assert last + 1 == 75


def test_a_turn_of_the_valley_matters_to_division_only():
    found = optimizers.valley_steps()
    for name in ("SGD", "Momentum", "Nesterov"):
        assert found[name]["steps"] == found[name]["turned"]
    assert found["AdaGrad"]["steps"] < 10 < 200 < found["AdaGrad"]["turned"]
    assert found["RMSProp"]["steps"] > found["SGD"]["steps"]  # at a constant rate its steps never shrink
    assert found["Adam"]["steps"] == pytest.approx(found["Momentum"]["steps"], abs=5)


def test_adam_leaves_the_floor_again_and_the_others_do_not():
    """On one weight at a time, with scalars: the first step after 1,500 at which the sum of heights is 0.01 again."""
    rate, begin = optimizers.fastest("Adam")[1], optimizers.START
    w, v, s, left = list(begin), [0.0, 0.0], [0.0, 0.0], None
    for t in range(1, 4400):
        for i, h in enumerate(H):
            g = float(h * w[i])
            v[i], s[i] = 0.9 * v[i] + 0.1 * g, 0.999 * s[i] + 0.001 * g * g
            w[i] -= rate * (v[i] / (1 - 0.9**t)) / ((s[i] / (1 - 0.999**t)) ** 0.5 + 1e-8)
        if t > 1500 and sum(0.5 * h * x * x for h, x in zip(H, w, strict=True)) >= 0.01:
            left = t
            break
    assert left == pytest.approx(optimizers.late_leap()["step"], abs=150)
    for name in ("SGD", "Momentum", "Nesterov", "AdaGrad"):
        path = optimizers.heights(optimizers.paths(name, [optimizers.fastest(name)[1]], 5000))
        assert path[1500:].max() < 1e-6


def test_decay_is_a_penalty_for_sgd_and_not_for_adam():
    rng = np.random.default_rng(0)
    w, g, eta, decay = rng.normal(size=4), np.array([0.01, 0.1, 1, 10]), 0.1, 0.5
    penalized = optimizers.step("SGD", w, g + decay * w, optimizers.start(4), eta)
    assert penalized == pytest.approx((1 - eta * decay) * w - eta * g)
    found = optimizers.decay_compared()
    assert found["small"]["penalty"] < 0.5 < 0.95 < found["large"]["penalty"]
    assert found["small"]["decoupled"] == pytest.approx(found["large"]["decoupled"], abs=1e-6)
    assert found["factor"] == pytest.approx(0.999**100)


def test_muon_by_matrices():
    """The polynomial on singular values is the polynomial on a matrix with these singular values."""
    rng = np.random.default_rng(1)
    left, right = (np.linalg.qr(rng.normal(size=(3, 3)))[0] for _ in range(2))
    X = left @ np.diag(optimizers.SINGULAR) @ right.T
    X /= np.linalg.norm(X)
    for _ in range(5):
        A = X @ X.T
        X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X
    values = np.sort(np.linalg.svd(X, compute_uv=False))
    assert values == pytest.approx(np.sort(optimizers.muon()["after"]))
    assert 0.6 < optimizers.muon()["lowest"] < 0.75 < 1.1 < optimizers.muon()["highest"] < 1.25


def test_schedule():
    found = optimizers.schedule()
    assert found["t1"] == pytest.approx(0.0001) and found["t10"] == pytest.approx(0.001)
    assert found["t55"] == pytest.approx(0.0005) and found["t100"] == pytest.approx(0, abs=1e-12)


def test_gradients_of_the_race():
    data, rng = digits.split(), np.random.default_rng(3)
    layers = networks.initialize(race.WIDTHS, rng, "he")
    w = np.concatenate([part.ravel() for layer in layers for part in layer])
    X, y = data.train_x[:20], data.train_y[:20]
    losses, flat = race.losses_and_gradients(np.stack([w, 2 * w]), X, digits.one_hot(y))
    loss, pairs, _ = networks.backward(layers, X, y)
    assert losses[0] == pytest.approx(loss)
    assert flat[0] == pytest.approx(np.concatenate([part.ravel() for pair in pairs for part in pair]))


def test_a_coarse_search_finds_the_rates_again():
    """Every third rate and two seeds: the best lies within a factor of five of the recorded one."""
    coarse = race.search(seeds=(7, 8), rates=race.GRID[1::3], epochs=(race.SHORT,))["RATES"][race.SHORT]
    for name, rate in tuned.RATES[race.SHORT].items():
        assert 1 / 5.1 < coarse[name] / rate < 5.1, name
        assert min(tuned.GRID) < rate < max(tuned.GRID)


def test_claims_about_the_race():
    found = race.results()
    short, long = found["short"], found["long"]
    for slow in ("SGD", "AdaGrad"):  # after ten epochs two are behind, by several standard errors
        for fast in ("Momentum", "Nesterov", "Adam", "AdamW"):
            apart = short[slow]["loss"] - short[fast]["loss"]
            assert apart > 3 * math.hypot(short[slow]["loss_se"], short[fast]["loss_se"])
    errors = {name: row["error"] for name, row in long.items()}
    assert max(errors, key=errors.get) == "AdaGrad"
    tied = [long[name] for name in ("SGD", "Momentum", "Nesterov", "RMSProp", "AdamW")]
    assert {found["lowest"], found["highest"]} == {pick(row["error"] for row in tied) for pick in (min, max)}
    for one in tied:  # a tie: less than two standard errors; Adam and AdaGrad are farther from the best
        for other in tied:
            assert abs(one["error"] - other["error"]) < 2 * math.hypot(one["error_se"], other["error_se"])
    best = min(tied, key=lambda row: row["error"])
    for name in ("Adam", "AdaGrad"):
        assert long[name]["error"] - best["error"] > 2 * math.hypot(long[name]["error_se"], best["error_se"])
        assert long[name]["error"] - best["error"] < 1
    assert found["factor"] == 20
    assert found["swapped"] == pytest.approx(math.log(10), abs=0.2)
