"""Numbers of 3.11, optimizers, by other routes than the figures take."""

import math

import numpy as np
import pytest

from figures import optimizers
from figures.models import digits, networks

CURVATURES = np.array([1.0, 25.0])


def adam_unrolled(gradients, rate=0.01, w=1.0):
    """Steps of Adam from the sums that its running means stand for."""
    steps = []
    for t in range(1, len(gradients) + 1):
        weights = np.array([0.9 ** (t - i) for i in range(1, t + 1)])
        squares = np.array([0.999 ** (t - i) for i in range(1, t + 1)])
        seen = np.array(gradients[:t])
        mean = weights @ seen / weights.sum()
        square = squares @ seen**2 / squares.sum()
        steps.append(rate * mean / (math.sqrt(square) + 1e-8))
    return steps, w - sum(steps)


def test_adam_by_hand():
    found = optimizers.adam_by_hand()
    steps, w = adam_unrolled([0.1, 0.2, -0.1])
    assert [found[t]["step"] for t in ("t1", "t2", "t3")] == pytest.approx(steps)
    assert found["t3"]["w"] == pytest.approx(w)
    assert [round(found[t]["v"], 4) for t in ("t1", "t2", "t3")] == [0.01, 0.029, 0.0161]
    assert [round(found[t]["s5"], 3) for t in ("t1", "t2", "t3")] == [1.0, 4.999, 5.994]
    assert [round(s, 5) for s in steps] == [0.01, 0.00965, 0.0042]
    assert found["first_uncorrected"] == pytest.approx(0.01 * 0.1 / math.sqrt(0.001), rel=1e-5)


def test_first_step_of_adam_has_the_size_of_the_rate():
    for g in (1e-3, -40.0):
        w = optimizers.step("Adam", np.zeros(1), np.array([g]), optimizers.start("Adam", 1), 0.01)
        assert w[0] == pytest.approx(-0.01 * np.sign(g), rel=1e-4)


def test_bias_correction_weights():
    state = optimizers.start("Adam", 1)
    for _ in range(5):
        optimizers.step("Adam", np.zeros(1), np.ones(1), state, 0.1)
    assert state["v"][0] == pytest.approx(1 - 0.9**5)
    assert state["s"][0] == pytest.approx(1 - 0.999**5)


def test_momentum_grows_tenfold_or_cancels():
    for signs, size in (((1,) * 300, 10), ((1, -1) * 150, 1 / 1.9)):
        state, w = optimizers.start("Momentum", 1), np.zeros(1)
        for g in signs:
            new = optimizers.step("Momentum", w, np.array([float(g)]), state, 1.0)
            last, w = abs(new - w)[0], new
        assert last == pytest.approx(size)


def test_nesterov_is_a_gradient_at_the_point_ahead():
    """Momentum with the gradient at u - eta mu v; the row of the table holds that point as w."""
    minimum, u, v, eta = np.array([8, -1.5]), np.zeros(2), np.zeros(2), 0.01
    for point in optimizers.path("Nesterov", eta, 40):
        ahead = u - eta * 0.9 * v
        assert point == pytest.approx(ahead)
        v = 0.9 * v + CURVATURES * (ahead - minimum)
        u = u - eta * v


def test_sgd_path_closed_form():
    gap = lambda t: np.array([-8, 1.5]) * (1 - 0.07 * CURVATURES) ** t  # noqa: E731
    heights = [0.5 * (CURVATURES * gap(t) ** 2).sum() for t in range(101)]
    steps = next(t for t, height in enumerate(heights) if height < 0.01)
    assert optimizers.paths()["SGD"]["steps"] == steps == 56
    assert optimizers.paths()["SGD"]["end"] == pytest.approx(heights[100])


def test_momentum_path_by_powers_of_a_matrix():
    height, t = math.inf, 0
    maps = [np.array([[1 - 0.01 * h, -0.009], [h, 0.9]]) for h in CURVATURES]  # on (gap, v)
    states = [np.array([gap, 0.0]) for gap in (-8, 1.5)]
    while height >= 0.01:
        t += 1
        states_now = [np.linalg.matrix_power(m, t) @ s for m, s in zip(maps, states, strict=True)]
        height = 0.5 * sum(h * s[0] ** 2 for h, s in zip(CURVATURES, states_now, strict=True))
    assert optimizers.paths()["Momentum"]["steps"] == t == 57


def test_other_paths():
    found = optimizers.paths()
    assert found["start"] == pytest.approx(60.125)
    assert [found[name]["steps"] for name in ("Nesterov", "AdaGrad", "RMSProp", "Adam")] == [
        24,
        77,
        97,
        66,
    ]
    for name in ("AdaGrad", "RMSProp", "Adam"):  # the division gives both coordinates one pace
        first = np.abs(found[name]["points"][1])
        assert first[0] == pytest.approx(first[1])
    assert all(found[name]["points"][:, 0].max() > 8.3 for name in ("Momentum", "Nesterov"))
    assert found["AdamW"]["steps"] == 0 and found["AdamW"]["points"][-1][0] < 7


def test_decay_is_a_penalty_for_sgd_and_not_for_adam():
    rng = np.random.default_rng(0)
    w, g, eta, decay = rng.normal(size=4), np.array([0.01, 0.1, 1, 10]), 0.1, 0.5
    penalized = optimizers.step("SGD", w, g + decay * w, optimizers.start("SGD", 4), eta)
    assert penalized == pytest.approx((1 - eta * decay) * w - eta * g)
    inside = optimizers.step("Adam", w, g + decay * w, optimizers.start("Adam", 4), eta)
    outside = optimizers.step("AdamW", w, g, optimizers.start("AdamW", 4), eta, decay)
    assert np.abs(inside - outside).max() > 0.01


def test_gradients_of_the_training_runs():
    data, rng = digits.split(), np.random.default_rng(3)
    layers = networks.initialize(optimizers.WIDTHS, rng, "he")
    w = np.concatenate([part.ravel() for layer in layers for part in layer])
    X, y = data.train_x[:20], data.train_y[:20]
    losses, flat = optimizers.losses_and_gradients(np.stack([w, 2 * w]), X, digits.one_hot(y))
    loss, pairs, _ = networks.backward(layers, X, y)
    assert losses[0] == pytest.approx(loss)
    assert flat[0] == pytest.approx(np.concatenate([part.ravel() for pair in pairs for part in pair]))


def test_claims_about_the_tuned_runs():
    found = optimizers.tuned()
    rates = {name: found[name]["rate"] for name in optimizers.NAMES}
    assert rates["SGD"] / rates["Adam"] == pytest.approx(33.3, abs=0.1)
    assert max(rates.values()) == rates["SGD"] and min(rates.values()) == rates["Adam"]
    for name, run in found.items():  # inside the grid, and by a margin, so that the choice is safe
        assert optimizers.GRID[0] < run["rate"] < optimizers.GRID[-1]
        others = [
            loss
            for loss, rate in zip(run["all"], optimizers.GRID, strict=True)
            if rate != run["rate"] and np.isfinite(loss)
        ]
        assert min(others) > 1.03 * run["loss"], name
    losses = {name: found[name]["loss"] for name in optimizers.NAMES}
    assert max(losses["Momentum"], losses["Nesterov"]) < 0.7 * min(losses["Adam"], losses["RMSProp"])
    assert losses["AdaGrad"] > 1.2 * losses["SGD"] > 1.4 * losses["Adam"]
    assert losses["AdamW"] > 1.2 * losses["Adam"]


def test_validation_errors_and_the_swapped_rate():
    errors = optimizers.tuned_errors()
    assert errors["AdaGrad"] > errors["sixth"] + 1 > errors["lowest"] + 1
    assert errors["sixth"] - errors["lowest"] < 1.5
    assert optimizers.swapped()["adam"] == pytest.approx(math.log(10), abs=0.05)


def test_another_input_changes_the_numbers():
    rows = optimizers.adam_rows((0.1, 0.2, 0.1))
    assert round(rows["t3"]["w"], 4) != round(optimizers.adam_by_hand()["t3"]["w"], 4)
    heights = optimizers.surface(optimizers.path("SGD", 0.05))
    assert int(np.flatnonzero(heights < 0.01)[0]) != 56
