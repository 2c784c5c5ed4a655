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
