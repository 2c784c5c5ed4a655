"""Numbers of 3.10, one-hot encoding, by other routes than the figures take."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import logsumexp

from figures import onehot


def test_encoded_visitor():
    found = onehot.encoded()
    assert (found["device"], found["region"], found["browser"]) == ("0, 1", "0, 1, 0", "0, 0, 0, 1")
    assert (found["width"], found["dropped"]) == (2 + 3 + 4, 1 + 2 + 3)


def test_distances():
    found = onehot.distances()
    assert (found["near"], found["far"]) == (1, 3)
    assert found["one_hot"] == pytest.approx(math.sqrt(1 + 1))


def test_columns_of_a_feature_and_the_bias_are_dependent():
    found = onehot.dummy_trap()
    assert (found["columns"], found["rank"]) == (3, 2)
    phone = np.array([1, 0, 1, 0])
    assert ((phone + (1 - phone)) == 1).all()


def test_smoothed_target_and_its_best_logits():
    found = onehot.smoothed()
    assert found["parts"] * found["true"] == pytest.approx(28)
    assert found["parts"] * found["other"] == pytest.approx(1)
    assert (found["true"], found["other"]) == pytest.approx((14 / 15, 1 / 30))
    target = np.array([14 / 15, 1 / 30, 1 / 30])
    best = minimize(lambda z: logsumexp(z) - target @ z, np.zeros(3), tol=1e-12).x
    assert found["gap"] == pytest.approx(best[0] - best[1], abs=1e-3)
    assert round(found["gap"], 2) == 3.33
    assert found["ratio"] == pytest.approx(28)


def test_another_input_changes_the_numbers(monkeypatch):
    monkeypatch.setattr(onehot, "SMOOTHING", 0.2)
    assert round(onehot.smoothed()["gap"], 2) != 3.33
    monkeypatch.setitem(onehot.VISITOR, "browser", "Chrome")
    assert onehot.encoded()["browser"] == "0, 1, 0, 0"
