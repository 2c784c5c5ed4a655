"""Claims of section 3.2 that no module of figures computes: proofs of the text, each by another route."""

import numpy as np
import pytest
from differences import numeric


def _deep_network(seed, depth=4):
    rng = np.random.default_rng(seed)
    widths = rng.integers(2, 6, depth + 1)
    return [(rng.normal(size=(n, m)), rng.normal(size=n)) for m, n in zip(widths, widths[1:], strict=False)]


def test_the_four_equations_hold_in_a_deeper_network_and_on_a_batch():
    layers = _deep_network(1)
    rng = np.random.default_rng(2)
    batch = rng.normal(size=(3, layers[0][0].shape[1]))
    targets = rng.normal(size=(3, layers[-1][0].shape[0]))

    def loss(weights, layer):
        a = batch
        for n, (w, b) in enumerate(layers):
            a = np.tanh(a @ (weights if n == layer else w).T + b)
        return ((a - targets) ** 2).sum() / 2 / len(batch)

    activations, slopes = [batch], []
    for w, b in layers:
        activations.append(np.tanh(activations[-1] @ w.T + b))
        slopes.append(1 - activations[-1] ** 2)
    delta = (activations[-1] - targets) * slopes[-1]
    for n in reversed(range(len(layers))):
        weights = layers[n][0]
        gradient = delta.T @ activations[n] / len(batch)
        assert gradient.shape == weights.shape
        assert gradient == pytest.approx(numeric(lambda w, n=n: loss(w, n), weights), abs=1e-8)
        if n:
            delta = (delta @ weights) * slopes[n - 1]
