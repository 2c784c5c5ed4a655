"""Numbers and claims of 3.1.3 and 3.1.4, each by another route than the figures' modules take."""

from fractions import Fraction

import numpy as np
import pytest

from figures import depth, hardware

# --- 3.1.3 --------------------------------------------------------------------------------------


def test_memory_by_arrays():
    """The bytes of real arrays of the shapes that the text names."""

    def megabytes(*shapes):
        return sum(4 * int(np.prod(shape)) for shape in shapes) / 1e6

    full, stack = hardware.memory()["full"], hardware.memory()["stack"]
    weights = ((1024, 784), (1024,), (1024, 1024), (1024,), (10, 1024), (10,))
    kernels = ((64, 64, 3, 3), (64,)) * 20
    assert full["weights"] == pytest.approx(megabytes(*weights)) and full["parameters"] == 1_863_690
    assert stack["weights"] == pytest.approx(megabytes(*kernels)) and stack["parameters"] == 738_560
    assert full["predict"] == pytest.approx(megabytes((256, 1024), (256, 1024)))
    assert full["kept"] == pytest.approx(megabytes(*((256, n) for n in (784, 1024, 1024, 10))))
    assert stack["predict"] == pytest.approx(megabytes((256, 64, 32, 32)) * 2)
    assert stack["kept"] == pytest.approx(megabytes((256, 64, 32, 32)) * 20)
    for found in (full, stack):
        assert found["state"] == pytest.approx(4 * found["weights"])


def test_operations_a_byte():
    one, batch = hardware.intensity()["one"], hardware.intensity()["batch"]
    assert one["operations"] == pytest.approx(2 * 1024**2 / 1e6)
    assert one["bytes"] == pytest.approx(4 * (1024**2 + 2048) / 1e6)
    assert batch["operations"] == pytest.approx(256 * one["operations"])
    assert batch["ratio"] == pytest.approx(256 / 3) and one["ratio"] == pytest.approx(1024 / 2052)
    assert one["ratio"] / 50 < 0.01  # waits 99% of the time on the processor of the text
    assert hardware.intensity()["relu"] == 1 / 8


# --- 3.1.4 --------------------------------------------------------------------------------------


def test_pieces_of_folds_by_exact_fractions():
    def fold(x):
        return 2 * x if x <= Fraction(1, 2) else 2 - 2 * x

    for k in (1, 2, 3, 5, 8):
        values = []
        for i in range(2 ** (k + 1) + 1):
            y = Fraction(i, 2 ** (k + 1))
            for _ in range(k):
                y = fold(y)
            values.append(y)
        slopes = [b - a for a, b in zip(values, values[1:], strict=False)]
        turns = sum(a != b for a, b in zip(slopes, slopes[1:], strict=False))
        assert turns + 1 == depth.pieces()["counted"][k - 1] == 2**k
    assert (depth.pieces()["deep"], depth.pieces()["shallow"]) == (16, 255)
    assert depth.quiz() == {"pieces": 2**10, "deep": 20, "shallow": 2**10 - 1}


def test_dot_of_the_folds_by_exact_fractions():
    """Where 0.3 goes, with the tent map written as a distance from one half."""
    x = Fraction(3, 10)
    for quoted in depth.example()["path"]:
        assert quoted == pytest.approx(float(x))
        x = 1 - 2 * abs(x - Fraction(1, 2))


def test_one_layer_has_at_most_one_bend_a_unit():
    """Random one-layer networks of n units never have more than n + 1 pieces."""
    rng = np.random.default_rng(0)
    for n in (3, 7):
        for _ in range(20):
            u, v = rng.integers(-3, 4, n), rng.integers(-3, 4, n)
            offset = -u * rng.integers(0, 65, n) / 64  # corners on the grid that is searched
            pieces = depth.count_pieces(lambda x, u=u, v=v, o=offset: np.maximum(np.outer(x, u) + o, 0) @ v)
            assert pieces <= n + 1


def test_quoted_path():
    assert depth.example()["path"] == pytest.approx([0.3, 0.6, 0.8, 0.4])
    assert depth.folded(0.31, 3) != pytest.approx(depth.example()["path"][3], abs=0.01)


def test_pieces_of_any_width_by_exact_fractions():
    def zigzag(x, n):
        y = (x * n) % 2
        return y if y <= 1 else 2 - y

    for width in (2, 3, 4, 6, 12):
        values = []
        for i in range(5184 + 1):
            y = Fraction(i, 5184)
            for _ in range(12 // width):
                y = zigzag(y, width)
            values.append(y)
        slopes = [b - a for a, b in zip(values, values[1:], strict=False)]
        turns = sum(a != b for a, b in zip(slopes, slopes[1:], strict=False))
        assert turns + 1 == depth.any_width()[f"by{width}"] == width ** (12 // width)


def test_random_networks_have_no_more_pieces_in_depth():
    """Bends of other random networks, by second differences of their outputs."""
    quoted = depth.random_pieces()
    assert quoted["deep"] < quoted["shallow"] <= 17 and quoted["bound"] == 625
    x, counts = np.linspace(-3, 3, 6001)[:, None], []
    for seed in range(1000, 1060):
        rng = np.random.default_rng(seed)
        a = x
        for inputs in (1, 4, 4, 4):
            a = np.maximum(a @ rng.normal(size=(inputs, 4)) * np.sqrt(2 / inputs) + rng.normal(size=4), 0)
        slopes = np.diff((a @ rng.normal(size=(4, 1)))[:, 0])
        bends = np.abs(np.diff(slopes)) > 1e-9
        counts.append(1 + np.count_nonzero(bends & ~np.append(False, bends[:-1])))
    assert np.mean(counts) == pytest.approx(quoted["deep"], abs=2.5)


def test_two_folds_are_two_layers():
    """The composed matrix of the text computes t(t(x)), and half a fold is lost on the second."""
    x = np.linspace(0, 1, 101)
    a = np.maximum([x, x - 0.5], 0)
    a = np.maximum(np.array([[2, -4], [2, -4]]) @ a + [[0], [-0.5]], 0)
    assert [2, -4] @ a == pytest.approx(depth.folded(x, 2))
    assert depth.tent(depth.tent(x) / 2) == pytest.approx(depth.tent(x))
