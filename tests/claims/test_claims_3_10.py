"""Claims of section 3.10 that no module of figures computes: proofs of the text, each by another route."""

import numpy as np
import pytest


def test_lookup_is_a_product():
    table = np.random.default_rng(0).normal(size=(5, 3))
    assert np.eye(5)[2] @ table == pytest.approx(table[2])
