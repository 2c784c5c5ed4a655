"""Claims of section 3.4 without a number from figures: what a narrow layer leaves, and chords that are moved down."""

import numpy as np


def _rank(outputs):
    return np.linalg.matrix_rank(outputs - outputs.mean(axis=0))


def test_outputs_behind_two_relus_lie_in_one_plane():
    rng = np.random.default_rng(0)
    narrow = np.maximum(rng.normal(size=(2000, 100)) @ rng.normal(size=(100, 2)), 0)
    outputs = narrow @ rng.normal(size=(2, 100)) + rng.normal(size=100)
    assert _rank(outputs) == 2
    assert _rank(np.maximum(outputs, 0)) > 70  # bent by what is nonlinear after the middle
    wide = np.maximum(narrow @ rng.normal(size=(2, 300)) + rng.normal(size=300), 0)
    assert _rank(wide @ rng.normal(size=(300, 100))) > 70


def test_chords_moved_down_by_half_their_error():
    z = np.linspace(0, 1, 100_801)  # a multiple of 50, 36 and 35 pieces hits every middle nearly

    def error(pieces, moved):
        knots = np.linspace(0, 1, pieces + 1)
        chord = np.interp(z, knots, knots**2)
        return np.abs(chord - moved / (8 * pieces**2) - z**2).max()

    assert error(50, 0) <= 0.0001 + 1e-12 < error(49, 0)
    assert error(36, 1) <= 0.0001 < error(35, 1)
