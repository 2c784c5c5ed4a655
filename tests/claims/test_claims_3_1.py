"""Claims of section 3.1 that no module of figures computes: proofs of the text, each by another route."""

import numpy as np
import pytest


def test_factor_of_a_layer_by_many_draws():
    """The mean square that independent weights of variance g^2/n leave, against g^2 times it."""
    rng = np.random.default_rng(8)
    delta, n, gain = rng.normal(size=50), 50, 1.7
    squares = [np.mean((delta @ rng.normal(size=(n, n)) * gain / np.sqrt(n)) ** 2) for _ in range(4000)]
    assert np.mean(squares) == pytest.approx(gain**2 * np.mean(delta**2), rel=0.02)
    W, signal = rng.normal(size=(6, 9)), rng.normal(size=6)
    assert np.linalg.norm(W.T @ signal) <= np.linalg.svd(W, compute_uv=False)[0] * np.linalg.norm(signal)
