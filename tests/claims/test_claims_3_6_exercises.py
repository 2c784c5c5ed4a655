"""Numbers of 3.6 that answer exercises of other courses, each by another route; the printed program is run."""

import re
from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy import stats

FURTHER = yaml.safe_load((Path(__file__).parents[2] / "book/further/3.6.yaml").read_text(encoding="utf-8"))
TEXTS = {str(question["number"]): question["text"] for question in FURTHER["questions"]}


def test_holes_filled_with_the_mean():
    known, filled = np.array([2.0, 4, 6]), np.array([2.0, 4, 6, 4])
    assert known.mean() == filled.mean() == 4
    assert (known.var(), filled.var()) == pytest.approx((8 / 3, 8 / 4))
    income = np.array([20.0, 40, 60, 80, 100])
    spoken = np.where(income < 70, income, np.nan)
    assert (np.nanmean(spoken), income.mean()) == (40, 60)


def test_first_principal_component_of_the_four_flats():
    flats = np.array([[80.0, 2], [120, 6], [90, 5], [110, 3]])
    standard = (flats - flats.mean(axis=0)) / flats.std(axis=0)
    _, sizes, directions = np.linalg.svd(standard, full_matrices=False)
    component = standard @ directions[0]
    assert sorted(np.abs(component)) == pytest.approx([0, 0, 1.789, 1.789], abs=1e-3)
    assert component.var() == pytest.approx(1.6) and sizes[0] ** 2 / (sizes**2).sum() == pytest.approx(0.8)


def test_few_rows_leave_directions_without_variance():
    rows = np.random.default_rng(0).normal(size=(5, 30))
    assert np.linalg.matrix_rank(rows - rows.mean(axis=0)) == 4
    assert 3_072**2 == 9_437_184 and 3_072 - 499 == 2_573


def test_likeness_of_flats():
    a, b, c = np.array([60.0, 2]), np.array([62.0, 8]), np.array([70.0, 2])
    raw = np.exp(-((a - b) ** 2).sum() / 2)
    assert raw == pytest.approx(2e-9, rel=0.05)
    scaled = [np.exp(-(((a - other) / [5, 6]) ** 2).sum() / 2) for other in (b, c)]
    assert scaled == pytest.approx([0.56, 0.14], abs=5e-3)


def test_red_values():
    assert (np.array([0, 128, 255]) / 255 - 0.485) / 0.229 == pytest.approx([-2.118, 0.074, 2.249], abs=5e-4)
    assert pytest.approx(556.8, abs=0.05) == (128 - 0.485) / 0.229


def test_ranks_do_not_feel_a_small_change():
    z = np.array([0.3, -1.0, 2.0, 0.7])
    assert (stats.rankdata(z) == stats.rankdata(z + [1e-3, 0, -1e-3, 2e-3])).all()


def test_shares_that_a_relu_lets_through():
    draw = np.random.default_rng(0).normal(size=400_000)
    for gamma, beta, share in ((3, 3, 0.84), (3, -6, 0.023), (2, -2.56, 0.1)):
        assert (gamma * draw + beta > 0).mean() == pytest.approx(share, abs=2e-3)
    assert stats.norm.isf(0.1) == pytest.approx(1.282, abs=5e-4)


def normalized(z, gamma=1.0, beta=0.0):
    return gamma * (z - z.mean(axis=0)) / z.std(axis=0) + beta


def test_the_first_of_two_layers_keeps_its_sign_only():
    z = np.random.default_rng(1).normal(size=(9, 1))
    for gamma, beta in ((3.0, 5.0), (-0.2, 1.0)):
        twice = normalized(normalized(z, gamma, beta), 2.0, 0.5)
        assert twice == pytest.approx(np.sign(gamma) * 2.0 * normalized(z) + 0.5)


def test_a_factor_before_a_relu_is_taken_out_by_the_next_layer():
    draw = np.random.default_rng(2)
    x, first, second = draw.normal(size=(20, 4)), draw.normal(size=(4, 6)), draw.normal(size=(6, 3))
    once, tripled = (normalized(np.maximum(x @ (c * first), 0) @ second) for c in (1, 3))
    assert tripled == pytest.approx(once)


def test_mean_and_mean_square_of_two_devices():
    parts = np.array([[1.0, 3], [5, 7]])
    means, squares = parts.mean(axis=1), (parts**2).mean(axis=1)
    assert (means.tolist(), squares.tolist()) == ([2, 6], [5, 37])
    assert squares.mean() - means.mean() ** 2 == parts.var() == 5
    assert normalized(parts.T).T.tolist() == [[-1, 1], [-1, 1]]


def test_batches_of_one_class_hide_it():
    draw = np.random.default_rng(3)
    low, high = draw.normal(0, 1, 50_000), draw.normal(10, 1, 50_000)
    both = np.concatenate([low, high])
    assert both.var() == pytest.approx(26, rel=0.01)
    assert ((low.mean() - both.mean()) / both.std()) == pytest.approx(-0.98, abs=5e-3)
    assert normalized(low).mean() == pytest.approx(0) and normalized(high).mean() == pytest.approx(0)
    mean, variance = 0.0, 1.0
    for step in range(200):
        part = (low, high)[step % 2]
        mean, variance = 0.9 * mean + 0.1 * part.mean(), 0.9 * variance + 0.1 * part.var()
    assert mean == pytest.approx(5, abs=0.5) and variance == pytest.approx(1, abs=0.05)
    mean = 0.0
    for part in (low, high):  # a sorted training set: the last class decides
        for _ in range(50):
            mean = 0.9 * mean + 0.1 * part.mean()
    assert mean == pytest.approx(10, abs=0.1)


def test_the_printed_program_has_the_gradients_of_differences():
    (program,) = re.findall(r"```python\n(.*?)```", TEXTS["3.6.10"], re.DOTALL)
    names = {"np": np}
    exec(program, names)
    draw = np.random.default_rng(4)
    z, gamma, beta, weights = (
        draw.normal(size=(5, 3)),
        draw.normal(size=3),
        draw.normal(size=3),
        draw.normal(size=(5, 3)),
    )

    def loss(z, gamma, beta):
        return float((weights * names["forward"](z, gamma, beta)[0]).sum())

    found = names["backward"](weights, names["forward"](z, gamma, beta)[1])
    for which, gradient in enumerate(found):
        for place in np.ndindex(gradient.shape):
            sides = []
            for step in (1e-6, -1e-6):
                moved = [z.copy(), gamma.copy(), beta.copy()]
                moved[which][place] += step
                sides.append(loss(*moved))
            assert gradient[place] == pytest.approx((sides[0] - sides[1]) / 2e-6, abs=1e-6)


def test_layer_normalization_of_two_features_leaves_their_order():
    for a, b in ((0.3, -7.0), (1e-3, 0.0), (90.0, 89.0)):
        assert normalized(np.array([a, b])).tolist() == pytest.approx([1, -1])


def test_spectral_and_weight_normalization_of_a_matrix():
    matrix = np.array([[3.0, 0], [4, 5]])
    largest = np.linalg.norm(matrix, 2)
    assert np.linalg.svd(matrix / largest, compute_uv=False) == pytest.approx([1, 0.33], abs=5e-3)
    rows = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    assert rows[1] == pytest.approx([0.625, 0.781], abs=5e-4)
    assert np.linalg.svd(rows, compute_uv=False) == pytest.approx([1.27, 0.61], abs=5e-3)
