"""Claims in Going further that answer exercises of other courses, each by another route than the text takes."""

import math

import numpy as np
import pytest


def test_powers_of_probabilities_change_the_temperature():
    logits = np.array([2.0, 1.0, 0.1])

    def softmax(z):
        powers = np.exp(z - z.max())
        return powers / powers.sum()

    for power in (0.5, 2.0):
        powers = softmax(logits) ** power
        assert powers / powers.sum() == pytest.approx(softmax(logits * power))
    assert softmax(np.array([2.0, 2.0, 1.0]) / 1e-3) == pytest.approx([0.5, 0.5, 0.0])
    assert softmax(logits / 1e9) == pytest.approx([1 / 3] * 3)


def test_sigmoid_layer_is_a_tanh_layer():
    draw = np.random.default_rng(0)
    z, v, c = draw.normal(size=9), draw.normal(size=9), 0.7
    with_sigmoid = v @ (1 / (1 + np.exp(-z))) + c
    assert (v / 2) @ np.tanh(z / 2) + c + v.sum() / 2 == pytest.approx(with_sigmoid)


def test_height_and_width_are_counted_apart():
    image = np.pad(np.ones((8, 8)), ((0, 0), (1, 1)))
    rows = len(range(0, image.shape[0] - 3 + 1, 3))
    columns = len(range(0, image.shape[1] - 5 + 1, 4))
    assert (rows, columns) == (2, 2)


def test_transposed_convolution_is_a_convolution_between_zeros():
    spread = np.array([0, 0, 1, 0, 3, 0, 0])
    copies = np.array([1, 2, 1, 0, 0]) + np.array([0, 0, 3, 6, 3])
    assert (np.convolve(spread, [1, 2, 1], "valid") == copies).all()


def test_softmax_pooling_lies_between_maximum_and_mean():
    def pooled(x):
        return float(np.exp(x - x.max()) @ x / np.exp(x - x.max()).sum())

    window = np.array([3.0, 1.0, 5.0, 2.0])
    assert round(pooled(window), 2) == 4.59
    assert round(pooled(10 * window), 1) == 50.0
    assert round(pooled(window / 10), 3) == 0.297


def test_cost_of_pooling_and_of_a_convolution():
    pooling, convolution = 64 * 56 * 56 * 3, 112**2 * 9 * 64**2
    assert (pooling, convolution, convolution / pooling) == (602_112, 462_422_016, 768)
    assert [64 * 64 * k * k for k in (1, 3, 5, 7)] == [4_096, 36_864, 102_400, 200_704]


def test_share_missed_with_replacement():
    draw = np.random.default_rng(1)
    missed = [1 - len(np.unique(draw.integers(1000, size=1000))) / 1000 for _ in range(300)]
    assert np.mean(missed) == pytest.approx(0.37, abs=0.005)


def test_batch_normalization_that_only_divides():
    z = np.array([101.0, 102.0, 103.0, 104.0])
    assert np.round(z / z.std(), 1)[[0, -1]] == pytest.approx([90.3, 93.0])


def test_dropout_beside_weight_decay():
    def best(penalty):
        w = np.linspace(0, 1, 1_000_001)
        return float(w[np.argmin(2 * (3 - 3 * w) ** 2 + penalty * w**2)])

    first, both = best(2.5), best(5.0)
    assert (round(both, 3), round(1 - first, 3), round(first - both, 3)) == (0.783, 0.122, 0.095)


def test_momentum_near_and_beyond_one():
    assert math.log(0.01) / math.log(math.sqrt(0.99999)) == pytest.approx(921_000, abs=500)
    for rate in (0.01, 1.0, 3.0):
        assert np.abs(np.roots([1, -(1 + 1.1 - rate), 1.1])).max() >= 1


def test_adadelta_reaches_a_far_minimum_late():
    q, s, way, steps = 0.0, 1.0, 0.0, 0
    while way < 1000:
        step = math.sqrt(q + 1e-5) / math.sqrt(s + 1e-5)
        q, way, steps = 0.9 * q + 0.1 * step**2, way + step, steps + 1
    assert round(steps, -3) == 13_000


@pytest.mark.parametrize(("beta", "age", "spread"), [(0.5, 1, 0.58), (0.9, 9, 0.23), (0.98, 49, 0.10)])
def test_age_and_noise_of_a_running_mean(beta, age, spread):
    ages = np.arange(5000)
    weights = (1 - beta) * beta**ages
    assert weights @ ages == pytest.approx(age)
    assert round(float(np.sqrt((weights**2).sum())), 2) == spread


def test_bias_correction_inside_beta():
    draw, beta = np.random.default_rng(2), 0.9
    plain = inside = 0.0
    for t in range(1, 30):
        g = draw.normal()
        plain = beta * plain + (1 - beta) * g
        mixed = beta * (1 - beta ** (t - 1)) / (1 - beta**t)
        inside = mixed * inside + (1 - mixed) * g
        assert inside == pytest.approx(plain / (1 - beta**t))


def test_exponential_decay_of_the_rate():
    assert round(0.1 * math.exp(-0.1 * 5), 4) == 0.0607


def test_singular_values_of_a_product_are_bounded():
    draw = np.random.default_rng(3)
    first, second = draw.normal(size=(2, 6, 6))
    a, b, product = (np.linalg.svd(m, compute_uv=False) for m in (first, second, first @ second))
    assert product[0] <= a[0] * b[0]
    assert product[-1] >= a[-1] * b[-1]


def test_kernels_of_derivatives():
    assert np.convolve([-1, 1], [-1, 1]).tolist() == [1, -2, 1]
    for order in range(1, 6):
        cells = np.vander(np.arange(order, dtype=float), order)
        assert np.linalg.matrix_rank(cells) == order


def test_a_fast_tone_and_a_stride():
    tone = np.array([1, -1] * 4)
    assert tone[::2].tolist() == [1] * 4
    assert not np.convolve(tone, [0.5, 0.5], "valid")[::2].any()


def test_columns_of_a_spectrogram_and_an_octave():
    starts = range(0, 16_000 - 400 + 1, 160)
    assert len(starts) == 98
    low, high = np.array([200, 400, 600]), np.array([400, 800, 1200])
    assert np.log2(high) - np.log2(low) == pytest.approx([1, 1, 1]) and len(set(high - low)) == 3


def test_layers_that_join_far_words():
    def field(dilations):
        return 1 + sum(2 * d for d in dilations)

    assert field([1] * 20) == 41 > field([1] * 19)
    assert field([1, 2, 4, 8, 16]) == 63


def test_slope_through_time_and_with_a_cut():
    def last(w, old=None):
        first = 1.0
        second = w * first if old is None else old
        return w * second

    step = 1e-6
    assert (last(0.5 + step) - last(0.5 - step)) / (2 * step) == pytest.approx(1)
    assert (last(0.5 + step, 0.5) - last(0.5 - step, 0.5)) / (2 * step) == pytest.approx(0.5)


def test_output_of_attention_moves_with_the_covariance_of_the_keys():
    draw = np.random.default_rng(4)
    keys, query, step = draw.normal(size=(5, 3)), draw.normal(size=3), 1e-6

    def output(q):
        powers = np.exp(keys @ q)
        return powers / powers.sum() @ keys

    shares = np.exp(keys @ query) / np.exp(keys @ query).sum()
    slopes = np.array([(output(query + step * e) - output(query - step * e)) / (2 * step) for e in np.eye(3)]).T
    assert slopes == pytest.approx(np.cov(keys.T, aweights=shares, ddof=0), abs=1e-8)


def test_near_keys_are_scalar_products_less_a_number():
    draw = np.random.default_rng(5)
    keys, query = draw.normal(size=(6, 4)), draw.normal(size=4)
    near = np.exp(-((query - keys) ** 2).sum(1) / 2)
    product = np.exp(keys @ query - (keys**2).sum(1) / 2)
    assert near / near.sum() == pytest.approx(product / product.sum())


def test_windows_of_attention():
    assert 8_192**2 == 67_108_864 == 32 * 8_192 * 256
    assert math.ceil(8_191 / 255) == 33


def test_powers_of_a_symmetric_matrix_leave_one_direction():
    turn = np.array([[3, -4], [4, 3]]) / 5
    signal = np.linalg.matrix_power(turn @ np.diag([1.1, 0.9]) @ turn.T, 50) @ turn @ np.ones(2)
    parts = turn.T @ signal
    assert (round(parts[0]), round(parts[1], 4)) == (117, 0.0052)
    assert parts[0] / parts[1] == pytest.approx(23_000, rel=0.02)


def test_four_values_of_a_stride_tell_as_much_as_seven():
    cells, means = np.eye(9), {}
    for stride in (1, 2):
        values = [cells[start : start + 3].mean(0) for start in range(0, 7, stride)]
        means[stride] = (len(values), float((np.mean(values, axis=0) ** 2).sum()))
    assert means[1] == (7, pytest.approx(55 / 441)) and means[2] == (4, pytest.approx(18 / 144))
    assert (28 * 28 * 16 * 10, 14 * 14 * 16 * 10) == (125_440, 31_360)


def test_what_convolutions_and_a_dense_head_take():
    assert np.empty((64, 64, 3, 3)).size == 36_864 and 56**2 * 36_864 == 115_605_504
    assert pytest.approx(25.7e6, rel=1e-3) == 32 * 64 * 56**2 * 4
    convolution, dense = np.empty((512, 512, 3, 3)).size, 7 * 7 * 512 * 4_096
    assert (convolution, 14 * 14 * convolution, dense) == (2_359_296, 462_422_016, 102_760_448)
    assert round(dense / convolution) == 44 and 4 * dense < 14 * 14 * convolution
    assert 7 * 7 * convolution == 115_605_504 and (49 - 1) * 512 * 1_000 == 24_576_000


def test_windows_as_rows_times_the_kernel():
    draw = np.random.default_rng(6)
    image, kernel = draw.normal(size=(5, 5)), draw.normal(size=(3, 3))
    rows = np.array([image[i : i + 3, j : j + 3].ravel() for i in range(3) for j in range(3)])
    plain = [(image[i : i + 3, j : j + 3] * kernel).sum() for i in range(3) for j in range(3)]
    assert rows.shape == (9, 9) and rows @ kernel.ravel() == pytest.approx(plain)


def test_a_diagonal_edge_under_a_kernel_and_its_transpose():
    image = np.triu(np.ones((5, 5)))
    across, down = image[:, :-1] - image[:, 1:], image[:-1] - image[1:]
    assert (across == -np.eye(5, 4, -1)).all() and (down == np.eye(4, 5)).all()
    assert (image.T[:, :-1] - image.T[:, 1:] == np.eye(5, 4)).all()


def test_funds_without_skill():
    assert pytest.approx(3.9, abs=0.01) == 1_000 / 2**8
    assert pytest.approx(0.98, abs=0.001) == 1 - (255 / 256) ** 1_000
    assert pytest.approx(0.95, abs=0.003) == 100 / 105


def test_four_multiplications_do_the_work_of_six():
    draw = np.random.default_rng(8)
    d, g = draw.normal(size=4), draw.normal(size=3)
    p1, p2 = (d[0] - d[2]) * g[0], (d[1] + d[2]) * (g[0] + g[1] + g[2]) / 2
    p3, p4 = (d[2] - d[1]) * (g[0] - g[1] + g[2]) / 2, (d[1] - d[3]) * g[2]
    assert [p1 + p2 + p3, p2 - p3 - p4] == pytest.approx(np.correlate(d, g, "valid"))
    assert (4**2, 6**2) == (16, 36)


def test_losses_beside_guessing():
    assert (round(math.log(30_000), 1), round(math.log(2), 2)) == (10.3, 0.69)
    assert round(math.log(30_000) - 1.7, 1) == 8.6 and round(math.log(2) - 0.2, 2) == 0.49
    assert round(100 * math.exp(-1.7)) == 18 and round(100 / 30_000, 3) == 0.003


def test_singular_values_of_a_product_lie_between():
    draw = np.random.default_rng(0)
    for _ in range(50):
        A, B = draw.normal(size=(2, 4, 4))
        (a, b, c) = (np.linalg.svd(each, compute_uv=False) for each in (A, B, A @ B))
        assert c[0] <= a[0] * b[0] + 1e-12 and c[-1] >= a[-1] * b[-1] - 1e-12
    assert (round(0.9**10, 2), round(1.1**10, 1), round(0.5**10, 3), round(1.5**10)) == (0.35, 2.6, 0.001, 58)


def test_a_third_choice_keeps_the_odds():
    powers = np.exp([1.0, 0.0, 0.0])
    assert (powers / powers.sum()).round(3) == pytest.approx([0.576, 0.212, 0.212])
    assert round(math.e / (math.e + 1), 3) == 0.731


def test_codes_of_three_classes():
    assert round(math.log2(3), 3) == 1.585 and round(2 - math.log2(3), 3) == 0.415
    for count, bits, each in ((2, 4, 2.0), (3, 5, 1.667), (5, 8, 1.6)):
        assert math.ceil(math.log2(3**count)) == bits and round(bits / count, 3) == each


def test_a_shrunk_mean():
    c = np.linspace(0, 1, 1001)
    error = (c - 1) ** 2 + c**2 * 4 / 4
    assert c[error.argmin()] == pytest.approx(0.5) and error.min() == pytest.approx(0.5) and error[-1] == 1
