"""Claims of section 3.8 that no module of figures computes: proofs of the text, each by another route."""

import numpy as np
import pytest


def test_second_moment_of_a_sum():
    """Dependent inputs with a mean that is not zero: only their mean square counts."""
    rng = np.random.default_rng(0)
    a = 0.3 + np.repeat(rng.normal(size=20), 5)  # each input five times
    z = 0.2 * rng.normal(size=(40_000, 100)) @ a
    assert (z**2).mean() == pytest.approx(100 * 0.04 * (a**2).mean(), rel=0.03)
    half = np.maximum(z, 0)
    assert (half**2).mean() == pytest.approx((z**2).mean() / 2, rel=0.03)
