"""Numbers of 3.9, softmax and its derivative, by other routes than the figures take."""

import math

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.special import softmax as reference

from figures import softmax


def test_temperature_and_entropy():
    found = softmax.temperature()
    for name, t in (("half", 0.5), ("one", 1), ("two", 2), ("ten", 10)):
        powers = [math.exp(z / t) for z in (2, 1, 0.1)]
        shares = [power / sum(powers) for power in powers]
        assert found[name]["first"] == pytest.approx(shares[0], abs=1e-12)
        assert found[name]["entropy"] == pytest.approx(-sum(q * math.log(q) for q in shares))
    assert [round(found[name]["first"], 3) for name in ("half", "one", "two", "ten")] == [
        0.864,
        0.659,
        0.502,
        0.366,
    ]
    assert [round(found[name]["entropy"], 3) for name in ("half", "one", "two", "ten")] == [
        0.454,
        0.847,
        1.026,
        1.096,
    ]


def test_limits_of_temperature():
    z = np.array([2, 1, 0.1])
    assert softmax.probabilities(z, 1e-3) == pytest.approx([1, 0, 0])
    assert softmax.probabilities(z, 1e6) == pytest.approx([1 / 3] * 3, abs=1e-5)


def test_overflow():
    assert softmax.probabilities([1000, 1001, 1002]) == pytest.approx(reference([0, 1, 2]))
    with np.errstate(over="ignore"):
        assert np.isfinite(np.exp(np.float32(88.7))) and np.isinf(np.exp(np.float32(88.8)))
    assert softmax.log_sum_exp([1000, 1001, 1002]) == pytest.approx(logsumexp([1000, 1001, 1002]))


def test_only_differences_count():
    assert softmax.probabilities([7.0, 7.0, 7.0]) == pytest.approx([1 / 3] * 3)
    assert softmax.probabilities([1001.0, 1000.0]) == pytest.approx([0.731, 0.269], abs=5e-4)
    wrong = [math.exp(z) / sum([math.exp(z)] * 3) for z in (2, 1, 0.1)]  # the index of the sum taken as i
    assert wrong == pytest.approx([1 / 3] * 3)


def test_slopes_of_log_sum_exp_are_the_outputs():
    z, step = np.array([2, 1, 0.1]), 1e-6
    slopes = [(logsumexp(z + step * e) - logsumexp(z - step * e)) / (2 * step) for e in np.eye(3)]
    assert softmax.probabilities(z) == pytest.approx(slopes)


def test_jacobian_and_gradient_by_finite_differences():
    z, step = np.array([2, 1, 0.1]), 1e-5
    columns = [(reference(z + step * e) - reference(z - step * e)) / (2 * step) for e in np.eye(3)]
    assert softmax.gradient()["jacobian"] == pytest.approx(np.array(columns).T, abs=1e-9)
    loss = lambda z: logsumexp(z) - z[0]  # noqa: E731
    slopes = [(loss(z + step * e) - loss(z - step * e)) / (2 * step) for e in np.eye(3)]
    assert softmax.gradient()["gradient"] == pytest.approx(slopes, abs=1e-9)


def test_quoted_gradient():
    found = softmax.gradient()
    assert np.round(found["gradient"], 3) == pytest.approx([-0.341, 0.242, 0.099])
    assert np.round(found["jacobian"][0], 3) == pytest.approx([0.225, -0.160, -0.065])
    assert found["loss"] == pytest.approx(math.log(1 + math.exp(-1) + math.exp(-1.9)))
    assert found["gradient"].sum() == pytest.approx(0)


def test_eigenvalues_from_the_characteristic_polynomial():
    found = softmax.gradient()
    y = reference([2, 1, 0.1])
    trace = 1 - (y**2).sum()
    minors = 3 * y.prod()  # the sum of the principal 2 x 2 minors, K y_1 y_2 y_3
    root = math.sqrt(trace**2 - 4 * minors)
    assert (found["middle"], found["largest"]) == pytest.approx(((trace - root) / 2, (trace + root) / 2))


def test_jacobian_is_a_variance_and_has_rank_one_less():
    rng = np.random.default_rng(1)
    for count in (3, 4):
        z, v = rng.normal(size=(2, count))
        y, jacobian = reference(z), softmax.jacobian_of(z)
        assert v @ jacobian @ v == pytest.approx((y * (v - y @ v) ** 2).sum())
        assert np.linalg.matrix_rank(jacobian) == count - 1
        assert jacobian @ np.ones(count) == pytest.approx(np.zeros(count))


def test_confidently_wrong():
    found, z, step = softmax.confidently_wrong(), np.array([6.0, -2, -2]), 1e-5
    loss = lambda z: 0.5 * np.square(reference(z) - [0, 1, 0]).sum()  # noqa: E731
    slopes = [(loss(z + step * e) - loss(z - step * e)) / (2 * step) for e in np.eye(3)]
    assert found["squared"] == pytest.approx(slopes, abs=1e-9)
    assert found["cross_entropy"] == pytest.approx(reference(z) - [0, 1, 0])
    assert np.round(found["squared"], 4) == pytest.approx([0.0010, -0.0007, -0.0003])
    lengths = [math.hypot(*gradient) for gradient in (reference(z) - [0, 1, 0], slopes)]
    assert round(found["ratio"]) == round(lengths[0] / lengths[1]) == 1128


def test_another_input_changes_the_numbers(monkeypatch):
    before = softmax.gradient()["loss"]
    monkeypatch.setattr(softmax, "LOGITS", np.array([2.0, 1.0, 0.5]))
    assert abs(softmax.gradient()["loss"] - before) > 0.01
    assert round(softmax.temperature()["one"]["first"], 3) != 0.659


# What goes further, and its problems.


def test_powers_and_log_sum_exp():
    found = softmax.gradient()
    assert [round(float(p), 2) for p in found["powers"]] == [7.39, 2.72, 1.11]
    assert round(found["total"], 2) == 11.21
    assert found["lse"] == pytest.approx(logsumexp([2, 1, 0.1]))
    assert 2 < found["lse"] < 2 + math.log(3)


def test_problems_of_the_derivative():
    jacobian = softmax.jacobian_of(np.log([0.8, 0.2]))
    assert jacobian == pytest.approx(np.array([[0.16, -0.16], [-0.16, 0.16]]))
    delta = np.array([0.7, 0.2, 0.1]) - [0, 1, 0]
    assert np.outer(delta, [1, 2]) == pytest.approx(np.array([[0.7, 1.4], [-0.8, -1.6], [0.1, 0.2]]))
    assert np.array([[1, 0], [0, 1], [1, 1]]).T @ delta == pytest.approx([0.8, -0.7])
    assert (round(math.e / (math.e + 9), 3), round(-math.log(math.e / (math.e + 9)), 3)) == (0.232, 1.461)
    rng = np.random.default_rng(2)
    for count in (2, 3, 10):
        for z in rng.normal(size=(50, count)) * 3:
            assert np.linalg.eigvalsh(softmax.jacobian_of(z)).max() <= 0.5 + 1e-12
    u, z = rng.normal(size=(2, 5))
    y = reference(z)
    assert softmax.jacobian_of(z) @ u == pytest.approx(y * (u - y @ u))
