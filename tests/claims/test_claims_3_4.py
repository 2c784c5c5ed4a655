"""Claims of section 3.4 without a number from figures: what a narrow layer leaves, and chords that are moved down."""

import numpy as np
import pytest


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


def test_huber_constant_and_absolute_error():
    targets = np.array([1.0, 2, 2, 3, 92])
    grid = np.linspace(0, 30, 300_001)
    gaps = np.abs(grid[:, None] - targets)
    losses = np.where(gaps <= 1, gaps**2 / 2, gaps - 0.5).sum(axis=1)
    assert grid[losses.argmin()] == pytest.approx(7 / 3, abs=1e-3)
    c, seen = 0.0, []
    for _ in range(20):
        c -= 0.3 * np.sign(c - 2)
        seen.append(round(c, 6))
    assert set(seen[-6:]) == {1.8, 2.1}


def test_hinge_and_rare_classes():
    scores = np.array([2, 1, 0.1])
    hinge = [sum(max(0, 1 + scores[i] - scores[t]) for i in range(3) if i != t) for t in range(3)]
    assert (hinge[0], hinge[2]) == (0, pytest.approx(4.8))
    p = np.linspace(1e-4, 0.9999, 99_991)
    loss = -0.01 * np.log(p) - 0.99 * np.log(1 - p)
    assert (p[loss.argmin()], loss.min()) == (pytest.approx(0.01, abs=1e-4), pytest.approx(0.056, abs=5e-5))
    assert p[(-np.log(p) - np.log(1 - p)).argmin()] == pytest.approx(0.5, abs=1e-4)
    cheaper = [q for q in np.linspace(0, 1, 100_001) if 1 - q < 50 * q]
    assert min(cheaper) == pytest.approx(1 / 51, abs=2e-5)


def test_swish_and_prelu_by_differences():
    swish = lambda z, b: z / (1 + np.exp(-b * z))  # noqa: E731
    for z, b in ((0.7, 1.3), (-2, 0.5)):
        gate = 1 / (1 + np.exp(-b * z))
        assert (swish(z + 1e-6, b) - swish(z - 1e-6, b)) / 2e-6 == pytest.approx(gate + b * z * gate * (1 - gate))
        assert (swish(z, b + 1e-6) - swish(z, b - 1e-6)) / 2e-6 == pytest.approx(z**2 * gate * (1 - gate))
    assert swish(3, 0) == 1.5 and swish(-1, 500) == pytest.approx(0)
    total = lambda a: np.dot([0.5, 1, 0.2], [z if z > 0 else a * z for z in (2, -1, -3)])  # noqa: E731
    assert (total(0.3) - total(0.1)) / 0.2 == pytest.approx(-1.6)
    assert swish(-6, 1) == pytest.approx(-0.015, abs=5e-4) and 1 / (1 + np.exp(-2)) == pytest.approx(0.88, abs=5e-3)


def test_affine_function_from_relus():
    x = np.random.default_rng(1).normal(size=(50, 2))
    s = x @ [2, -1]
    assert np.maximum(s, 0) - np.maximum(-s, 0) + 3 == pytest.approx(s + 3)
    assert 50_000 * 512 == 25_600_000 and 2**15 < 50_000 < 2**16
