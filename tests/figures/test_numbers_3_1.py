"""Numbers and claims of section 3.1, each by another route than the figures' modules take."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.special import log_softmax, softmax

from figures import depth, neuron, rings, structures, vanishing
from figures.models import generators

# --- 3.1.1 --------------------------------------------------------------------------------------


def test_small_network_by_fractions():
    x = [Fraction(1), Fraction(-1), Fraction(2)]
    W1 = [[1, 1, 1], [Fraction(1, 2), -1, -2], [-1, 1, 1], [2, 1, 0]]
    b1 = [0, Fraction(3, 2), 1, Fraction(1, 2)]
    W2 = [[1, Fraction(1, 2), -1, 1], [-1, Fraction(1, 2), 1, 0]]
    z = [sum(w * v for w, v in zip(row, x, strict=True)) + b for row, b in zip(W1, b1, strict=True)]
    a = [max(value, Fraction(0)) for value in z]
    out = [sum(w * v for w, v in zip(row, a, strict=True)) + b for row, b in zip(W2, (0, Fraction(1, 2)), strict=True)]
    assert z == [2, -1, 1, Fraction(3, 2)] and out == [Fraction(5, 2), Fraction(-1, 2)]
    got = neuron.forward()
    assert [float(v) for v in z] == list(got["z1"])
    assert [float(v) for v in a] == list(got["a1"])
    assert [float(v) for v in out] == list(got["output"])
    assert list(got["terms"]) == [0.5, 1, -4] and got["unit"] == -1
    assert list(got["first_terms"]) == [2, 0, -1, 1.5] == [w * v for w, v in zip(W2[0], a, strict=True)]
    assert (got["first"], got["second"]) == (2.5, -0.5)


def test_another_input_changes_the_quoted_output():
    (_, z), _ = neuron.run((2, -1, 2), ((neuron.W1, neuron.B1), (neuron.W2, neuron.B2)))
    assert list(z) != list(neuron.forward()["output"])


def test_parameter_counts_by_counting_entries():
    def count(widths):
        return sum(np.ones((n, m)).size + np.ones(n).size for m, n in zip(widths, widths[1:], strict=False))

    sizes = neuron.sizes()
    assert sizes == {
        "small": count((3, 4, 2)),
        "digits": count((784, 128, 10)),
        "deeper": count((784, 512, 256, 10)),
        "quiz": count((10, 20, 5)),
    }
    assert list(sizes.values()) == [26, 101_770, 535_818, 325]


def test_gates_against_python_logic():
    gates = neuron.gates()
    assert gates["nand"] == [int(not (p and q)) for p, q in neuron.INPUTS]
    assert gates["xor"] == [p ^ q for p, q in neuron.INPUTS]
    assert gates["or"] == [p | q for p, q in neuron.INPUTS]
    assert gates["nand_sums"] == [3, 1, 1, -1]


def test_separable_functions_by_linear_programming():
    """A separating line exists exactly when a margin of one can be had."""

    def separable(targets):
        sign = [2 * t - 1 for t in targets]
        rows = [[-s * p, -s * q, -s] for s, (p, q) in zip(sign, neuron.INPUTS, strict=True)]
        return linprog([0, 0, 0], A_ub=rows, b_ub=[-1] * 4, bounds=[(None, None)] * 3).status == 0

    hopeless = [f for f in product((0, 1), repeat=4) if not separable(f)]
    assert sorted(hopeless) == [(0, 1, 1, 0), (1, 0, 0, 1)]


def test_perceptron_rule_on_and_step_by_step():
    w1 = w2 = b = 0
    passes = []
    for _ in range(7):
        errors = 0
        for p, q in ((0, 0), (0, 1), (1, 0), (1, 1)):
            miss = (p and q) - (1 if p * w1 + q * w2 + b > 0 else 0)
            w1, w2, b, errors = w1 + miss * p, w2 + miss * q, b + miss, errors + abs(miss)
        passes.append(errors)
    assert passes.index(0) + 1 == neuron.learning()["epoch"] == 6
    assert ([w1, w2], b) == (neuron.learning()["w"], neuron.learning()["b"]) == ([2, 1], -2)
    assert neuron.learning()["ordinal"] == "sixth" and neuron.learning()["xor"] is None


def test_three_units_make_four_pieces():
    """The sum against its pieces, written down by hand from the slopes on each interval."""
    between = np.linspace(-1, 2, 97)
    assert neuron.bend(between)[3] == pytest.approx(np.interp(between, [-1, 0, 0.5, 1, 2], [1.5, 0.5, 0.5, 1, 0]))


# --- 3.1.2 --------------------------------------------------------------------------------------


def test_convolution_matrix_is_numpy_correlation():
    rng = np.random.default_rng(1)
    x, kernel = rng.normal(size=9), rng.normal(size=3)
    for border, mode in ((True, "same"), (False, "valid")):
        M = structures.convolution_matrix(kernel, 9, border)
        assert M @ x == pytest.approx(np.correlate(x, kernel, mode))
    assert structures.convolution_matrix((1, 2, 3), 5, border=False).tolist() == [
        [1, 2, 3, 0, 0],
        [0, 1, 2, 3, 0],
        [0, 0, 1, 2, 3],
    ]


def test_quoted_shift():
    got = structures.shift()
    assert list(got["y"]) == [-1, -3, 1, 3, 0, 0]
    assert list(got["moved_y"]) == [0, -1, -3, 1, 3, 0]


def test_recurrent_matrix_by_differences():
    """The drawn derivatives of the states, against central differences."""
    x = np.random.default_rng(3).normal(size=structures.PLACES)
    step, M = 1e-6, structures.matrices()["recurrent"]
    for j in range(structures.PLACES):
        up, down = x.copy(), x.copy()
        up[j] += step
        down[j] -= step
        slope = (structures.recurrent(up, 1, 0.5) - structures.recurrent(down, 1, 0.5)) / (2 * step)
        assert M[:, j] == pytest.approx(slope, abs=1e-8)


def test_attention_by_scipy_and_by_permutation():
    rng = np.random.default_rng(5)
    X, Wq, Wk, Wv = rng.normal(size=(6, 4)), *rng.normal(size=(3, 4, 4))
    weights, out = structures.attention(X, Wq, Wk, Wv)
    assert weights == pytest.approx(softmax((X @ Wq) @ (X @ Wk).T / 2, axis=1))
    order = rng.permutation(6)
    assert structures.attention(X[order], Wq, Wk, Wv)[1] == pytest.approx(out[order])


def test_graph_average_ignores_numbering():
    """Renumber the nodes: rows and columns of the matrix move along, and nothing else changes."""
    M = structures.graph_average(structures.EDGES, 8)
    new = np.random.default_rng(2).permutation(8)
    renamed = structures.graph_average([(new[i], new[j]) for i, j in structures.EDGES], 8)
    assert renamed[np.ix_(new, new)] == pytest.approx(M)


def test_layer_sizes_by_arrays():
    """Parameters counted on real arrays, multiplications by the products of each step."""
    m, C, k = 8, 16, 3
    arrays = {
        "dense": [(m * C, m * C), (m * C,)],
        "convolution": [(C, C, k), (C,)],
        "recurrent": [(C, C), (C, C), (C,)],
        "attention": [(C, C)] * 4,
        "graph": [(C, C), (C,)],
    }
    counts = structures.counts()
    for name, shapes in arrays.items():
        assert counts["short"][name] == sum(np.empty(shape).size for shape in shapes)
    assert list(counts["short"].values()) == [16_512, 784, 528, 1_024, 272]
    assert counts["long"]["dense"] == (800 * 16) ** 2 + 800 * 16 == 163_852_800
    assert all(counts["long"][name] == counts["short"][name] for name in arrays if name != "dense")
    for places, share in ((8, "short"), (800, "long")):
        pairs = places * places * C + places * places * C  # scores, then averages
        assert counts["pair_share"][share] == pytest.approx(pairs / (pairs + 4 * places * C * C))
    assert [round(share, 2) for share in counts["pair_share"].values()] == [0.2, 0.96]
    assert counts["quiz_weights"] == np.empty((32, 16, 5)).size == 2_560
    assert counts["quiz"] == counts["quiz_weights"] + 32 == 2_592


def test_entries_of_the_drawn_matrices():
    edges = 2 * len(structures.EDGES) + 8
    drawn = structures.matrices() | {"attention": structures.matrices()["attention"][0]}
    assert {name: np.count_nonzero(matrix) for name, matrix in drawn.items()} == {
        "dense": 64,
        "convolution": 8 + 7 + 7,
        "recurrent": 8 * 9 // 2,
        "graph": edges,
        "attention": 64,
    }


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


# --- 3.1.5 --------------------------------------------------------------------------------------


def _autodiff(function, gain, skip, layers=4, h=1e-6):
    """Some entries of dL/dz of each layer by central differences, L = sum of outputs times g."""
    a0, weights, g = (v.copy() for v in vanishing.draws(0, layers))
    rows, f = (
        slice(0, 2),
        {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "ReLU": lambda z: z * (z > 0)}[function],
    )

    def loss(where=None, what=None):
        a = a0[rows]
        for number, W in enumerate(weights):
            z = a @ (gain * W).T
            if where == number:
                z = z + what
            a = a + f(z) if skip else f(z)
        return (a * g[rows]).sum()

    found = []
    for number in range(layers):
        entries = [(r, c) for r in range(2) for c in range(3)]
        slopes = []
        for r, c in entries:
            bump = np.zeros((2, vanishing.UNITS))
            bump[r, c] = h
            slopes.append((loss(number, bump) - loss(number, -bump)) / (2 * h))
        found.append(slopes)
    return np.array(found)


@pytest.mark.parametrize(("function", "skip"), [("tanh", False), ("sigmoid", True), ("ReLU", False)])
def test_error_signals_by_differences(function, skip, monkeypatch):
    """The signals of the module, entry by entry, against finite differences in a four-layer net."""
    seen = []
    monkeypatch.setattr(vanishing.networks, "rms", lambda values: seen.append(values.copy()) or 1.0)
    vanishing.signals(function, 1.5, skip, 0, 4)
    by_hand = _autodiff(function, 1.5, skip)
    for delta, slopes in zip(seen[::-1], by_hand, strict=True):
        assert delta[:2, :3].ravel() == pytest.approx(slopes, rel=1e-4, abs=1e-7)


def test_relu_signals_follow_theory():
    """Half and double gain change a ReLU signal by exactly 2 for each of the 29 layers between."""
    first = vanishing.first_layer()["ReLU"]
    assert first["right"] / first["half"] == pytest.approx(2**29, rel=1e-6)
    assert first["double"] / first["right"] == pytest.approx(2**29, rel=1e-6)
    assert 0.2 < first["right"] < 5
    assert f"{first['half']:.0e}" == "2e-09" and f"{first['double']:.0e}" == "6e+08"


def test_claims_about_sigmoid_tanh_and_skips():
    first = vanishing.first_layer()
    assert 1e-7 < first["sigmoid"]["right"] < 1e-5  # six powers of ten lost
    assert first["sigmoid"]["half"] < 1e-9 and first["tanh"]["half"] < 1e-7
    assert 0.02 < first["tanh"]["right"] < 1 < first["tanh"]["double"]
    assert all(first[name]["skip"] > 0.5 for name in first if name != "sigmoid_ten")
    assert first["sigmoid_ten"] < vanishing.bounds()["nine"]  # below the bound, ten layers


def test_bounds_by_fractions():
    assert vanishing.bounds() == {"nine": float(Fraction(1, 4**9)), "nineteen": float(Fraction(1, 4**19))}


def test_calibrated_gains_from_slopes():
    """One over the root mean square slope: at zero for sigmoid and tanh, over a normal for ReLU."""
    h = 1e-5
    assert vanishing.CALIBRATED["sigmoid"] == pytest.approx(2 * h / np.tanh(h / 2), rel=1e-6)
    assert vanishing.CALIBRATED["tanh"] == pytest.approx(h / np.tanh(h), rel=1e-6)
    assert vanishing.CALIBRATED["ReLU"] == pytest.approx(1 / np.sqrt(0.5))


def test_products_lose_directions():
    """Medians over other seeds, by the eigenvalues of M M^T; no seed comes near a tenth."""
    rng, found = np.random.default_rng(11), {1: [], 10: [], 30: []}
    for _ in range(101):
        for count, ratios in found.items():
            M = np.linalg.multi_dot([np.eye(100), *rng.normal(size=(count, 100, 100)) / 10])
            squares = np.linalg.eigvalsh(M @ M.T)[::-1]
            ratios.append(np.sqrt(squares[49] / squares[0]))
    ranks = vanishing.ranks()
    assert np.median(found[1]) == pytest.approx(ranks["after1"], rel=0.02)
    assert np.median(found[10]) == pytest.approx(ranks["after10"], rel=0.2)
    assert np.median(found[30]) == pytest.approx(ranks["after30"], rel=0.25)
    assert max(found[30]) < 1e-4 and 4.5e-6 < ranks["after30"] < 5.5e-6


def test_degradation_and_its_cure():
    got = vanishing.degraded()
    plain = dict(zip(vanishing.DEPTHS, got["plain"], strict=True))
    skip = dict(zip(vanishing.DEPTHS, got["skip"], strict=True))
    assert plain[10] < 0.5 < 1 < plain[20] and plain[40] > 2
    assert max(skip.values()) < 0.3
    assert got["chance"] == pytest.approx(-log_softmax(np.zeros(10))[0])


def test_training_step_by_differences():
    """One step on the digits, plain and with skips, against the numerical gradient."""
    X, y = vanishing.centered_digits()
    X, y = X[:20], y[:20]

    def loss(parts, skip):
        first, W, b, last = parts
        a = X @ first.T
        for weights, bias in zip(W, b, strict=True):
            h = np.maximum(a @ weights.T + bias, 0)
            a = a + h if skip else h
        return -log_softmax(a @ last.T, axis=1)[np.arange(20), y].mean()

    for skip in (False, True):
        start = vanishing.start(3, skip, np.random.default_rng(0))
        after = [part.copy() for part in start]
        quoted = vanishing.step(after, X, y, skip)
        assert quoted == pytest.approx(loss(start, skip))
        for part, where in ((0, (4, 30)), (1, (0, 5, 6)), (1, (2, 1, 3)), (2, (1, 7)), (3, (3, 9))):
            values = []
            for h in (1e-5, -1e-5):
                moved = [value.copy() for value in start]
                moved[part][where] += h
                values.append(loss(moved, skip))
            step = (start[part][where] - after[part][where]) / vanishing.RATE
            assert step == pytest.approx((values[0] - values[1]) / 2e-5, rel=1e-4, abs=1e-8)


# --- 3.1.6 --------------------------------------------------------------------------------------


def test_generators_keep_their_promises():
    X, y = generators.rings(4000, 0)
    radius = np.hypot(*X.T)
    for label in (0, 1):
        assert radius[y == label].mean() == pytest.approx(1 + label, abs=0.02)
        assert radius[y == label].std() == pytest.approx(0.2, abs=0.02)
    assert (y == 0).sum() == (y == 1).sum() == 2000
    X, y = generators.moons(400, 0, 0.0)
    assert np.hypot(*X[y == 0].T) == pytest.approx(np.ones(200))
    assert np.hypot(*(X[y == 1] - [1, 0.5]).T) == pytest.approx(np.ones(200))


def test_rings_need_the_radius():
    accuracy = rings.accuracy()
    assert accuracy["raw"]["test"] < 0.7
    assert accuracy["hand"]["test"] > 0.95 and accuracy["net"]["test"] > 0.95
    assert 1.4 < rings.radius()["at"] < 1.6
    assert rings.radius()["parameters"] == np.empty((8, 2)).size + 8 + 8 + 1


def test_no_line_does_better():
    """Scan lines in all directions: none is right for as many training points as the circle."""
    X, y, _, _ = rings.data()
    best = 0
    for angle in np.linspace(0, np.pi, 60):
        height = X @ [np.cos(angle), np.sin(angle)]
        for cut in np.linspace(-2, 2, 41):
            share = np.mean((height > cut) == y)
            best = max(best, share, 1 - share)
    assert best < 0.8 < rings.accuracy()["hand"]["train"]


def test_network_gradient_by_differences():
    """One step of the rings network against the numerical gradient of its loss."""
    X, y, _, _ = rings.data()
    rng = np.random.default_rng(0)
    start = [rng.normal(size=(8, 2)), np.zeros(8), rng.normal(size=8) / np.sqrt(8), 0.0]
    rings_steps, rings.STEPS = rings.STEPS, 1
    try:
        after = rings.fit_network(X, y)
    finally:
        rings.STEPS = rings_steps

    def loss(parameters):
        W, c, v, d = parameters
        logit = np.maximum(X @ W.T + c, 0) @ v + d
        return np.mean(np.logaddexp(0, logit) - y * logit)

    for index, where in ((0, (3, 1)), (1, (5,)), (2, (2,))):

        def shifted(h, index=index, where=where):
            moved = [np.array(part, float) for part in start]
            moved[index][where] += h
            return loss(moved)

        slope = (shifted(1e-5) - shifted(-1e-5)) / 2e-5
        step = start[index][where] - after[index][where]
        assert step == pytest.approx(rings.RATE * slope, abs=1e-6)
