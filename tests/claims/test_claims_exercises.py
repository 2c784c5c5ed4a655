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
