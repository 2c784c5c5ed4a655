"""Claims of section 3.27 that no module of figures computes: proofs of the text, each by another route."""

import numpy as np
import pytest


def places(m, k, before, after, stride=1, dilation=1):
    """Count the places of a kernel one by one."""
    span = dilation * (k - 1) + 1
    return sum(1 for start in range(0, m + before + after, stride) if start + span <= m + before + after)


def test_named_amounts():
    for k, d in ((3, 1), (5, 1), (3, 2), (3, 4)):
        c = d * (k - 1)
        assert places(20, k, 0, 0, dilation=d) == 20 - c
        assert places(20, k, c // 2, c // 2, dilation=d) == 20
        assert places(20, k, c, c, dilation=d) == 20 + c
        assert places(20, k, c, 0, dilation=d) == 20
    for mode, amount in (("valid", 3), ("same", 5), ("full", 7)):
        assert len(np.convolve(range(5), range(3), mode)) == amount


def test_causal_outputs_see_nothing_later():
    kernel, signal = np.array([1.0, 2, 3]), np.arange(1.0, 6)
    changed = signal.copy()
    changed[3] += 10
    a, b = (np.correlate(np.pad(s, (2, 0)), kernel, "valid") for s in (signal, changed))
    assert len(a) == 5 and (a[:3] == b[:3]).all() and a[3] != b[3]


def test_reflect_adds_less_than_the_input():
    assert len(np.pad(np.arange(5), 4, mode="reflect")) == 13
    mirrored = np.concatenate([np.arange(4, 0, -1), np.arange(5), np.arange(3, -1, -1)])
    assert (np.pad(np.arange(5), 4, mode="reflect") == mirrored).all()


def test_windows_over_a_corner():
    for border, corner, inner in ((0, 1, 9), (1, 4, 9)):
        size = 7 + 2 * border
        seen = np.zeros((size, size), int)
        for i in range(size - 2):
            for j in range(size - 2):
                seen[i : i + 3, j : j + 3] += 1
        assert seen[border, border] == corner and seen[size // 2, size // 2] == inner


def test_repeated_means_with_three_fills():
    image = np.random.default_rng(0).random((8, 8))
    means = {}
    for fill in ("constant", "reflect", "wrap"):
        result = image
        for _ in range(400):
            framed = np.pad(result, 1, mode=fill)
            result = sum(framed[i : i + 8, j : j + 8] for i in range(3) for j in range(3)) / 9
        means[fill] = result.mean()
    assert means["constant"] < 1e-6
    assert means["wrap"] == pytest.approx(image.mean())
    assert abs(means["reflect"] - image.mean()) > 1e-3
