"""Claims of section 3.1 that no module of figures computes: proofs, solutions, programs, each by another route."""

import math
import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy.special import softmax

from figures.models import networks

FURTHER = Path(__file__).resolve().parents[2] / "book" / "further" / "3.1.yaml"


@pytest.fixture(scope="module")
def further():
    return {entry["number"]: entry for entry in yaml.safe_load(FURTHER.read_text(encoding="utf-8"))["questions"]}


def programs(text):
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


# --- 3.1.1 --------------------------------------------------------------------------------------


def test_perceptron_rule_on_or_as_the_solution_tells_it():
    w, b, told = np.zeros(2), 0, []
    for _ in range(4):
        for x in ((0, 0), (0, 1), (1, 0), (1, 1)):
            miss = (max(x) > 0) - int(w @ x + b > 0)
            w, b = w + miss * np.array(x), b + miss
        told.append(([*w], b))
    assert told == [([0, 1], 1), ([1, 1], 1), ([1, 1], 0), ([1, 1], 0)]


def test_majority_and_no_oddness():
    for x in product((0, 1), repeat=3):
        assert (sum(x) - 1.5 > 0) == (sum(x) >= 2)
    # a perceptron for oddness of three bits would do XOR on the first two; no weights of a fine grid do
    grid = np.linspace(-3, 3, 13)
    for w1, w2, b in product(grid, repeat=3):
        assert [w1 * p + w2 * q + b > 0 for p, q in product((0, 1), repeat=2)] != [False, True, True, False]


def test_scaling_a_hidden_unit_changes_nothing():
    rng = np.random.default_rng(0)
    W, b, V, X = rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=(2, 4)), rng.normal(size=(50, 3))
    before = np.maximum(X @ W.T + b, 0) @ V.T
    W[1], b[1], V[:, 1] = 2 * W[1], 2 * b[1], V[:, 1] / 2
    order = rng.permutation(4)
    assert np.maximum(X @ W[order].T + b[order], 0) @ V[:, order].T == pytest.approx(before)


def test_xor_from_four_nands():
    def nand(p, q):
        return int(not (p and q))

    for p, q in product((0, 1), repeat=2):
        a = nand(p, q)
        assert nand(nand(p, a), nand(q, a)) == p ^ q
    assert (nand(0, 1), nand(0, 1), nand(1, 1)) == (1, 1, 0)  # the middle two for 01 are 1 and 0
    assert nand(1, 1) == 0 and nand(1, 0) == 1


# --- 3.1.2 --------------------------------------------------------------------------------------


def test_counts_of_attention_and_lstm():
    C = 768
    assert next(m for m in range(1, 5000) if 2 * m * m * C > 4 * m * C * C) == 1537
    lstm = 4 * sum(np.empty(shape).size for shape in ((512, 512), (512, 512), (512,)))
    assert lstm == 2_099_200 == 4 * 524_800
    assert round(2 * 1024 / (12 * C + 2 * 1024), 2) == 0.18 and 12 * C + 2048 == 11264


def test_attention_is_equivariant_and_blind_to_order():
    rng = np.random.default_rng(1)
    Q, K, V = rng.normal(size=(3, 5, 4))
    out, order = softmax(Q @ K.T / 2, axis=1) @ V, rng.permutation(5)
    assert softmax(Q[order] @ K[order].T / 2, axis=1) @ V[order] == pytest.approx(out[order])


def test_mixture_with_noise_keeps_the_variance():
    rng = np.random.default_rng(2)
    x, noise = rng.normal(size=(2, 200_000))
    for s in (1, 0.5, 0.05):
        assert np.var(np.sqrt(s) * x + np.sqrt(1 - s) * noise) == pytest.approx(1, abs=0.02)


def test_fading_states_of_the_page():
    h, seen = 0.0, []
    for x in (1, 0, 0, 0):
        h = x + 0.5 * h
        seen.append(h)
    assert seen == [1, 0.5, 0.25, 0.125] and (1 + 2 + 6) / 3 == 3


# --- 3.1.3 --------------------------------------------------------------------------------------


def test_automatic_differentiation_as_printed(further, capsys):
    """The printed program, run; its relu of the solution added; and the calls that squares make."""
    entry = further["3.1.3"]
    space = {}
    for program in programs(entry["text"]):
        exec(program, space)
    assert capsys.readouterr().out == "25.0 20.0\n"
    Value = space["Value"]
    (relu,) = programs(entry["problems"][0]["solution"])
    exec(relu, space)
    Value.relu = space["relu"]
    for start, slope in ((3.0, 6.0), (-3.0, 0.0)):
        w = Value(start)
        (w.relu() * w).backward()
        assert w.grad == slope
    w = Value(1.5)
    u = w
    for _ in range(3):
        u = u * u
    calls, plain = [], Value.backward
    Value.backward = lambda self, gradient=1.0: (calls.append(self), plain(self, gradient))[1]
    u.backward()
    assert sum(each is w for each in calls) == 8
    assert w.grad == pytest.approx(8 * 1.5**7)


def test_words_a_second_and_busy_processors():
    assert [int(1e12 / (7e9 * size)) for size in (2, 0.5)] == [71, 285] and round(1e12 / 3.5e9) == 286
    needed = 300e12 / 1.5e12
    assert next(n for n in range(1, 2000) if 2 * n**3 / (3 * n**2 * 2) >= needed) == 600


# --- 3.1.4 --------------------------------------------------------------------------------------


def relu(x):
    return np.maximum(x, 0)


def test_fold_has_a_cycle_and_a_fixed_point():
    t = lambda x: 2 * relu(x) - 4 * relu(x - 0.5)  # noqa: E731
    assert [t(0.2), t(0.4), t(0.8)] == pytest.approx([0.4, 0.8, 0.4]) and t(2 / 3) == pytest.approx(2 / 3)


def test_parity_by_one_layer():
    """The zigzag of the sum, with n units, is the parity of n bits, for all inputs."""
    n = 7
    for bits in product((0, 1), repeat=n):
        s = sum(bits)
        y = relu(s) + sum((-2 if k % 2 else 2) * relu(s - k) for k in range(1, n))
        assert y == s % 2
    assert sum(sum(bits) % 2 for bits in product((0, 1), repeat=n)) == 2 ** (n - 1)


def test_no_near_miss_with_fewer_units():
    """Among best fits of five folds with 30 free bends on a grid, none stays within 1/2."""
    x = np.linspace(0, 1, 2049)
    y = x.copy()
    for _ in range(5):
        y = 2 * relu(y) - 4 * relu(y - 0.5)
    rng = np.random.default_rng(0)
    for _ in range(20):
        bends = np.sort(rng.uniform(0, 1, 30))
        basis = np.column_stack([np.ones_like(x), *(relu(x - b) for b in (0, *bends))])
        fit = basis @ np.linalg.lstsq(basis, y, rcond=None)[0]
        assert np.abs(fit - y).max() >= 0.5
    bends = np.arange(32) / 32
    basis = np.column_stack([relu(x - b) for b in bends])
    assert np.abs(basis @ np.linalg.lstsq(basis, y, rcond=None)[0] - y).max() < 1e-9


def test_two_zigzags_of_three_have_nine_pieces():
    x = np.arange(-900, 1801) / 900
    z = lambda u: 3 * relu(u) - 6 * relu(u - 1 / 3) + 6 * relu(u - 2 / 3)  # noqa: E731
    slopes = np.diff(z(z(x)))
    bends = np.flatnonzero(np.abs(np.diff(slopes)) > 1e-9) + 1
    inside = [b for b in bends if 0 < x[b] < 1]
    assert len(inside) + 1 == 9 and len(bends) + 1 == 10  # on the line, the constant on the left besides


def test_narrow_and_deep_makes_most_pieces():
    best = max(range(2, 50), key=lambda n: math.log(n) / n)
    assert best == 3 and 3**4 == 81 and 2**6 < 81 <= 2**7
    assert 2 * 1024**2 == 32 * 256**2


# --- 3.1.5 --------------------------------------------------------------------------------------


def test_factor_of_a_layer_by_many_draws():
    """The mean square that independent weights of variance g^2/n leave, against g^2 times it."""
    rng = np.random.default_rng(8)
    delta, n, gain = rng.normal(size=50), 50, 1.7
    squares = [np.mean((delta @ rng.normal(size=(n, n)) * gain / np.sqrt(n)) ** 2) for _ in range(4000)]
    assert np.mean(squares) == pytest.approx(gain**2 * np.mean(delta**2), rel=0.02)
    slopes = rng.permutation(np.repeat([1.0, 0.0], [250, 750]))
    assert 2 * np.sqrt(np.mean(slopes**2)) == 1  # the self-test: g = 2 for a quarter of ones


def test_chain_of_units_by_differences():
    """The product of the page is the derivative of the last pre-activation by the first."""
    w = np.random.default_rng(3).normal(size=10)

    def last(z):
        for weight in w[1:]:
            z = weight * networks.sigmoid(z)
        return z

    z, factor = 0.3, 1.0
    slope = (last(z + 1e-5) - last(z - 1e-5)) / 2e-5
    for weight in w[1:]:
        a = networks.sigmoid(z)
        factor, z = factor * a * (1 - a) * weight, weight * a
    assert slope == pytest.approx(factor, rel=1e-4)


def test_scale_of_weights_moves_all_gradients_of_a_relu_network_alike():
    """c^(l-1) in the inputs, c^(D-l) in the signals, c^(D-1) in every gradient, c^D in the output."""
    rng, D, c = np.random.default_rng(4), 12, 0.5
    layers = networks.initialize((8,) * (D + 1), rng, "he")
    X, g = rng.normal(size=(6, 8)), rng.normal(size=(6, 8))

    def run(scale):
        scaled = [(scale * W, b) for W, b in layers]
        Z, A = networks.forward(scaled, X)
        delta, deltas, slopes = g, [], []
        for number in range(D - 1, -1, -1):
            deltas.append(delta)
            slopes.append(delta.T @ A[number])
            if number:
                delta = (delta @ scaled[number][0]) * (Z[number - 1] > 0)
        return A, deltas[::-1], slopes[::-1]

    (A, deltas, slopes), (A_c, deltas_c, slopes_c) = run(1), run(c)
    for number in range(1, D + 1):
        assert A_c[number - 1] == pytest.approx(c ** (number - 1) * A[number - 1])
        assert deltas_c[number - 1] == pytest.approx(c ** (D - number) * deltas[number - 1])
        assert slopes_c[number - 1] == pytest.approx(c ** (D - 1) * slopes[number - 1])
    assert A_c[6] == pytest.approx(2**-6 * A[6]) and deltas_c[5] == pytest.approx(2**-6 * deltas[5])
    assert A_c[D] == pytest.approx(2**-12 * A[D])


def test_small_numbers_of_the_solutions():
    assert (round(0.1**0.01, 3), round(10**0.01, 3), round(0.9**20, 2)) == (0.977, 1.023, 0.12)
    assert np.array([30, 40]) / np.hypot(30, 40) == pytest.approx([0.6, 0.8])
    assert [networks.sigmoid(2), networks.sigmoid(-2)] == pytest.approx([0.881, 0.119], abs=5e-4)


def test_jacobians_of_two_blocks_multiply_out():
    J1, J2 = np.random.default_rng(5).normal(size=(2, 4, 4))
    eye = np.eye(4)
    assert (eye + J2) @ (eye + J1) == pytest.approx(eye + J1 + J2 + J2 @ J1)


# --- 3.1.6 --------------------------------------------------------------------------------------


def test_best_single_question_on_six_rows():
    ages, classes = np.array([20, 25, 30, 40, 50, 60]), np.array([0, 0, 1, 1, 1, 0])

    def errors(part):
        return min(part.sum(), (1 - part).sum()) if len(part) else 0

    cuts = (ages[1:] + ages[:-1]) / 2
    table = {cut: (errors(classes[ages < cut]), errors(classes[ages > cut])) for cut in cuts}
    assert list(table.values()) == [(0, 2), (0, 1), (1, 1), (2, 1), (2, 0)]
    assert min(table, key=lambda cut: sum(table[cut])) == 27.5
    middle = classes[(ages > 27.5) & (ages < 55)]
    assert errors(middle) == errors(classes[ages > 55]) == 0


def test_numbers_of_the_solutions():
    assert networks.sigmoid(-5.0) == pytest.approx(0.0067, abs=5e-5) and math.sqrt(9 / 4) == 1.5
    assert (round(1024**-0.1, 9), 4**-0.5) == (0.5, 0.5)
    white = np.zeros((32, 32))
    first, second = white.copy(), white.copy()
    first[10:14, 10:14] = second[10:14, 14:18] = 1
    assert np.linalg.norm(first - second) == pytest.approx(math.sqrt(32))
    assert np.linalg.norm(first - white) == 4


def test_logistic_loss_is_convex_and_a_network_has_a_hill():
    """Halfway between a network and itself with two units exchanged the loss is higher."""
    rng = np.random.default_rng(6)
    X = rng.normal(size=(60, 2))
    layers = networks.initialize((2, 3, 1), rng, "he")
    y = (networks.outputs(layers, X)[:, 0] > 0).astype(int)
    (W, b), (v, d) = layers
    order = [1, 0, 2]
    half = [((W + W[order]) / 2, (b + b[order]) / 2), ((v + v[:, order]) / 2, d)]
    swapped = [(W[order], b[order]), (v[:, order], d)]
    ends = [networks.mean_loss(net, X, y, loss="logistic") for net in (layers, swapped)]
    assert ends[0] == pytest.approx(ends[1])
    assert networks.mean_loss(half, X, y, loss="logistic") > ends[0]
    z, t = np.linspace(-4, 4, 50), 0.3
    loss = lambda u: np.logaddexp(0, u)  # noqa: E731
    assert np.all(loss(t * z + (1 - t) * z[::-1]) <= t * loss(z) + (1 - t) * loss(z[::-1]) + 1e-12)


# --- mended in review ---------------------------------------------------------------------------


def test_folds_need_one_unit_more_in_one_layer_than_their_bends():
    for k in (1, 2, 3):
        corners, change = np.arange(1, 2**k) / 2**k, 2 * 2**k
        changes = np.where(np.arange(1, 2**k) % 2, -change, change)
        slopes = {
            sum(-c for c, left in zip(changes, sides, strict=True) if left)
            for sides in product((0, 1), repeat=len(changes))
        }
        assert 2**k not in slopes  # whichever way the units face, the slope at the left end is not that of the folds
        x = np.linspace(0, 1, 257)
        zigzag = 2**k * np.maximum(x, 0) + np.maximum(x[:, None] - corners, 0) @ changes  # 2**k units
        fold = x
        for _ in range(k):
            fold = 1 - np.abs(2 * fold - 1)
        assert zigzag == pytest.approx(fold)


def test_graph_means_after_ten_times():
    mean = np.array([[1 / 2, 1 / 2, 0], [1 / 3, 1 / 3, 1 / 3], [0, 1 / 2, 1 / 2]])
    assert (np.linalg.matrix_power(mean, 10) @ [1, 2, 6]).round(2).tolist() == [2.85, 2.86, 2.86]


def test_the_program_has_eleven_lines(further):
    assert len(programs(further["3.1.3"]["text"])[0].splitlines()) == 11 and "eleven lines" in further["3.1.3"]["text"]


def test_shares_of_the_scores_of_the_page():
    assert softmax([0, math.log(3)]) == pytest.approx([1 / 4, 3 / 4])
