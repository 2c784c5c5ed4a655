"""Claims of section 3.2 that no module of figures computes: proofs of the text, each by another route."""

import itertools

import numpy as np
import pytest
from differences import numeric
from scipy import signal


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


# Problems of going further -------------------------------------------------------------------------


def _relu(z):
    return np.maximum(z, 0)


def test_a_shared_weight_adds_its_gradients_and_a_residual_layer_passes_both():
    assert numeric(lambda w: w[0] * (w[0] * 1.5), [0.7]) == pytest.approx([2 * 0.7 * 1.5])
    rng = np.random.default_rng(0)
    W, b, g, a = rng.normal(size=(3, 3)), rng.normal(size=3), rng.normal(size=3), rng.normal(size=3)
    slopes = 1 - np.tanh(W @ a + b) ** 2
    assert numeric(lambda v: g @ (v + np.tanh(W @ v + b)), a) == pytest.approx(g + W.T @ (g * slopes), abs=1e-8)


def test_the_quotient_at_a_kink():
    w, h = 1e-6, 1e-5
    assert (_relu(w + h) - _relu(w - h)) / (2 * h) == pytest.approx(0.55)


def test_the_small_relu_network_and_the_folded_standardization():
    W, b = np.array([[1, -1], [2, 1]]), np.array([0, -1])
    X = np.array([[2, 1], [1, 2]])
    assert (X @ W.T + b).tolist() == [[1, 4], [-1, 3]]
    assert (_relu(X @ W.T + b) @ [3, -1] + 0.5).tolist() == [-0.5, -2.5]
    row, means, spread = np.array([0.5, 0.3]), np.array([10, 2]), np.array([5, 0.5])
    bias = -0.1 - (row / spread) @ means
    assert (row / spread).tolist() == pytest.approx([0.1, 0.6]) and bias == pytest.approx(-2.3)
    assert (row / spread) @ [15, 2.5] + bias == pytest.approx(row @ [1, 1] - 0.1) == pytest.approx(0.7)


def test_permuted_hidden_units_compute_the_same():
    rng = np.random.default_rng(1)
    W1, b1, W2, x = rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=(2, 4)), rng.normal(size=3)
    for order in itertools.permutations(range(4)):
        order = list(order)
        assert W2[:, order] @ np.tanh(W1[order] @ x + b1[order]) == pytest.approx(W2 @ np.tanh(W1 @ x + b1))


def test_groups_and_depthwise_as_matrices_between_channels():
    grouped = np.array([[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 2, -1], [0, 0, 0, 1]])
    assert (grouped @ [1, 2, 3, 4]).tolist() == [1, 3, 2, 4]
    assert (np.diag([2, 1, 3, -1]) @ [1, 2, 3, 4]).tolist() == [2, 2, 9, -4]


def test_shapes_and_parameters_of_the_network_of_the_problem():
    side, channels, total = 32, 3, 0
    for k, filters, padding in ((3, 16, 1), (5, 32, 0)):
        total += (k * k * channels + 1) * filters
        side, channels = (side + 2 * padding - k + 1) // 2, filters
    assert (side, channels) == (6, 32)
    assert total + (side * side * channels + 1) * 10 == 24_810


def test_the_receptive_field_of_the_problem_by_perturbation():
    layers = ((3, 1), (3, 1), (2, 2), (3, 1), (3, 1), (2, 2))

    def run(x):
        for k, stride in layers:
            x = np.array([x[i : i + k].sum() for i in range(0, len(x) - k + 1, stride)])
        return x

    middle = len(run(np.zeros(60))) // 2
    assert sum(run(one)[middle] != 0 for one in np.eye(60)) == 16


def test_stride_two_moves_only_with_even_shifts():
    x = np.array([0, 0, 1, 3, 0, 2, 0, 0, 0])

    def strided(values):
        return signal.correlate(values, [1, 0, -1], mode="valid")[::2].tolist()

    assert strided(x) == [-1, 1, 0, 0]
    assert strided(np.roll(x, 1)) == [0, -3, 1, 2]
    assert strided(np.roll(x, 2)) == [0, -1, 1, 0]


def test_shares_ranks_and_the_last_transposed_convolution():
    assert pytest.approx(1 / 128 + 1 / 9) == 8768 / 73_728 and round(8768 / 73_728, 3) == 0.119
    kernel = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    assert np.linalg.matrix_rank(kernel) == 2
    assert (np.outer([0, 1, 0], [1, -2, 1]) + np.outer([1, -2, 1], [0, 1, 0])).tolist() == kernel.tolist()
    assert np.convolve([2, -1, 1], [1, 1]).tolist() == [2, 1, 0, 1]
    assert 7 * 7 * 512 == 25_088


def test_pooling_in_one_dimension_forward_and_backward():
    x = np.array([4.0, 1, 0, 2, 3, 5])
    windows = np.lib.stride_tricks.sliding_window_view(x, 3)
    assert windows.max(axis=1).tolist() == [4, 2, 3, 5]
    assert windows.mean(axis=1) == pytest.approx([5 / 3, 1, 5 / 3, 10 / 3])
    view = np.lib.stride_tricks.sliding_window_view
    assert numeric(lambda v: view(v, 3).max(axis=1).sum(), x) == pytest.approx([1, 0, 0, 1, 1, 1])
    assert numeric(lambda v: view(v, 3).mean(axis=1).sum(), x) == pytest.approx(np.array([1, 2, 3, 3, 2, 1]) / 3)


def test_a_maximum_of_four_from_nine_relus_and_shifts_of_a_circle():
    def larger(u, v):
        return _relu(u - v) + _relu(v) - _relu(-v)

    for values in np.random.default_rng(2).normal(size=(50, 4)):
        assert larger(larger(*values[:2]), larger(*values[2:])) == pytest.approx(values.max())
    x = np.array([1, 0, 0, 2])
    pooled = [np.roll(x, n).reshape(2, 2).max(axis=1).tolist() for n in range(3)]
    assert pooled == [[1, 2], [2, 0], [2, 1]]


def test_relu_and_maximum_trade_places_but_mean_does_not():
    window = np.array([1.0, -3.0])
    assert _relu(window).max() == _relu(window.max()) == 1
    assert (_relu(window).mean(), _relu(window.mean())) == (0.5, 0)


def test_the_gradient_of_a_batch_has_at_most_its_rank():
    rng = np.random.default_rng(3)
    assert np.linalg.matrix_rank(rng.normal(size=(3, 40)).T @ rng.normal(size=(3, 50))) == 3


def test_a_tie_moved_together_and_one_cell_moved_alone():
    h, u = 1e-3, 2.0
    assert (max(u + h, u + h) - max(u - h, u - h)) / (2 * h) == pytest.approx(1)
    assert (max(u + h, u) - max(u - h, u)) / (2 * h) == pytest.approx(1 / 2)


def test_the_predicted_losses_follow_from_the_printed_square():
    assert [round(0.2473 - rate * 0.052645, 4) for rate in (1, 5, 20)] == [0.1947, -0.0159, -0.8056]


def test_the_example_of_three_inputs_and_two_paths():
    slopes = numeric(lambda v: (v[0] + v[1]) * max(v[0], v[2]), [2.0, -1.0, 1.0])
    assert slopes == pytest.approx([3, 2, 0], abs=1e-8)
    slopes = numeric(lambda v: (v[0] * v[1] + v[2]) ** 2, [2.0, -1.0, 3.0])
    assert slopes == pytest.approx([-2, 4, 2], abs=1e-8)


def test_a_path_left_out_halves_the_gradient_and_a_path_counted_twice_does_not():
    quotient = ((1.01 + 1.01) - (0.99 + 0.99)) / 0.02  # of L = x + x
    assert quotient == pytest.approx(2 * 1)  # one wire followed instead of two: q = 2g, as 0.0426 beside 0.0213
    g, q = 0.0213, 0.0426
    assert q == pytest.approx(2 * g) and (q - g) / q == pytest.approx(0.5)


def test_a_setting_with_equal_units_is_its_own_permutation():
    rng = np.random.default_rng(3)
    alike, different = np.tile(rng.normal(size=3), (4, 1)), rng.normal(size=(4, 3))
    order = [2, 0, 3, 1]
    assert (alike[order] == alike).all() and not (different[order] == different).all()


def test_in_early_convolutions_activations_outnumber_weights_and_in_late_ones_not():
    early, late = (9 * 64**2, 32 * 64 * 56**2), (9 * 512**2, 32 * 512 * 7**2)
    assert early[1] > 100 * early[0] and late == (2_359_296, 802_816)


def test_what_is_left_over_is_padding_first():
    start = 2 * (112 - 1)  # the last window of 7 on 224 cells with rings of 3
    assert (start + 7, 224 + 2 * 3) == (229, 230)  # one ring cell is not read, and every cell of the image is
    assert len({cell for place in range(3) for cell in (2 * place, 2 * place + 1)}) == 2 * 3  # three places of stride 2
