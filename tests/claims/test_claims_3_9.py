"""What the pages of 3.9 say that no figure computes, recomputed from the definitions."""

import math

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.special import softmax as reference


def test_largest_powers_of_three_floats():
    for kind, limit in ((np.float16, 11.09), (np.float32, 88.7), (np.float64, 709.8)):
        assert float(np.log(np.finfo(kind).max.astype(np.float64))) == pytest.approx(limit, abs=0.03)
    assert np.float32(math.exp(-200)) == 0 and math.exp(-200) == pytest.approx(1.4e-87, rel=0.02)


def test_problems_of_softmax():
    assert reference(np.log([1, 2, 5])) == pytest.approx([1 / 8, 2 / 8, 5 / 8])
    assert reference(np.array([2, 1]) / 0.455)[0] == pytest.approx(0.9, abs=1e-3)
    z = np.array([2, 1, 0.1])
    for T in (1.0, 0.1, 0.01):
        assert 2 <= T * logsumexp(z / T) <= 2 + T * math.log(3)
    T, rng = 0.7, np.random.default_rng(0)
    score = lambda q: q @ z - T * (q * np.log(q)).sum()  # noqa: E731
    best = reference(z / T)
    assert all(score(best) > score(q) for q in rng.dirichlet(np.ones(3), 2000))
    assert reference(np.array([0.0, -200.0])) - [0, 1] == pytest.approx([1, -1])
