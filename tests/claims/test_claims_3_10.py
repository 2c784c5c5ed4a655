"""Claims of section 3.10 that no module of figures computes: proofs of the text, each by another route."""

import math

import numpy as np
import pytest


def test_lookup_is_a_product():
    table = np.random.default_rng(0).normal(size=(5, 3))
    assert np.eye(5)[2] @ table == pytest.approx(table[2])


def test_costs_of_many_categories():
    assert 50_000 * 300 == 15_000_000 and 50_000 * 300 * 4 == 60_000_000 and 50_000 * 512 == 25_600_000
    assert round(math.log2(50_000), 1) == 15.6
    assert round(100 * 640 * 300 / 15_000_000, 2) == 1.28
    assert ((3 + 5 + 200) * 64, (3 + 5 + 8) * 64 + 200 * 8) == (13_312, 2_624)


def test_collisions_by_simulation():
    assert round((1 - 1 / 500) ** 999, 3) == round((1 - 1 / 500) ** 1000, 3) == 0.135
    rng = np.random.default_rng(0)
    counts = np.array([np.bincount(rng.integers(0, 500, 1000), minlength=500) for _ in range(400)])
    assert (counts == 0).sum(axis=1).mean() == pytest.approx(67.5, abs=1.5)
    assert (counts == 1).sum() / counts.sum() == pytest.approx(0.135, abs=0.01)


def test_tree_of_four_classes():
    leaves = [0.6 * 0.9, 0.6 * 0.1, 0.4 * 0.25, 0.4 * 0.75]
    assert leaves == pytest.approx([0.54, 0.06, 0.10, 0.30]) and sum(leaves) == pytest.approx(1)
    assert [round(math.log(p / (1 - p)), 3) for p in (0.6, 0.9, 0.25)] == [0.405, 2.197, -1.099]


def test_smoothing_of_ten_and_of_a_thousand():
    target = np.array([0.91] + [0.01] * 9)
    assert target.sum() == pytest.approx(1)
    assert -(target * np.log(target)).sum() == pytest.approx(0.500, abs=5e-4)
    assert (round(math.log(91), 2), round(math.log(0.9001 / 0.0001), 2)) == (4.51, 9.11)


def test_a_shift_of_weights_changes_no_output():
    x = np.array([[1, 0, 1], [0, 1, 1]])
    assert x @ np.array([0.3, -0.2, 1]) == pytest.approx(x @ np.array([2.3, 1.8, -1]))
