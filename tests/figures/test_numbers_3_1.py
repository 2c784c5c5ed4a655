"""Numbers and claims of section 3.1, each by another route than the figures' modules take."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.special import log_softmax, softmax

from figures import byhand, degradation, depth, hardware, neuron, rings, structures, vanishing
from figures.models import generators, networks

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
        "deeper_layers": [401_920, 131_328, 2_570],
        "quiz": count((10, 20, 5)),
    }
    assert (sizes["small"], sizes["digits"], sizes["deeper"], sizes["quiz"]) == (26, 101_770, 535_818, 325)
    assert sum(sizes["deeper_layers"]) == sizes["deeper"]


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
    quoted = neuron.learning()
    corrections = 0
    for number in range(1, 7):
        errors = 0
        for p, q in ((0, 0), (0, 1), (1, 0), (1, 1)):
            miss = (p and q) - (1 if p * w1 + q * w2 + b > 0 else 0)
            w1, w2, b, errors = w1 + miss * p, w2 + miss * q, b + miss, errors + abs(miss)
        row = quoted[f"pass{number}"]
        assert ([*row["w"]], row["b"], row["errors"]) == ([w1, w2], b, errors)
        corrections += errors
    assert quoted["passes"] == 6 and errors == 0 and (w1, w2, b) == (2, 1, -2)
    assert quoted["corrections"] == corrections == 10 and quoted["xor"] > 0


def test_bound_on_corrections():
    """The margin of (1, 1, -1.5) on AND by distances to the line, and the bound R^2 over its square."""
    u = np.array([1, 1, -1.5]) / np.linalg.norm([1, 1, -1.5])
    signed = [(1 if p and q else -1) * (u @ [p, q, 1]) for p, q in neuron.INPUTS]
    quoted = neuron.learning()
    assert quoted["margin"] == pytest.approx(min(signed))
    assert quoted["most"] == pytest.approx(3 / min(signed) ** 2) and quoted["corrections"] <= quoted["most"]


def test_one_step_and_all_five_by_differences():
    (_, hidden, out) = neuron.run(neuron.X, ((neuron.W1, neuron.B1), (neuron.W2, neuron.B2)))[1]
    one = neuron.one_step()
    assert one == pytest.approx({"before": 0.125, "bias": -0.05, "output": 2.45, "after": 0.10125})
    for name, unit, target in (("first", 0, 2.0), ("second", 1, 0.0)):

        def loss(w, target=target):
            return 0.5 * (w @ [*hidden, 1] - target) ** 2

        w = np.append(neuron.W2[unit], neuron.B2[unit])
        slopes = [(loss(w + h) - loss(w - h)) / 2e-6 for h in 1e-6 * np.eye(5)]
        row = neuron.all_five()[name]
        assert row["gradient"] == pytest.approx(slopes, abs=1e-6)
        assert row["w"] == pytest.approx(w - 0.1 * np.array(slopes), abs=1e-6)
        assert row["loss"] == pytest.approx(loss(row["w"])) and row["before"] == pytest.approx(loss(w)) == 0.125
    assert neuron.all_five()["first"]["w"] == pytest.approx([0.9, 0.5, -1.05, 0.925, -0.05])
    assert neuron.all_five()["second"]["w"] == pytest.approx([-0.9, 0.5, 1.05, 0.075, 0.55])
    assert neuron.all_five()["first"]["output"] == pytest.approx(2.0875)
    assert neuron.all_five()["second"]["output"] == pytest.approx(-0.0875)


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
        "plane": [(C, C, k, k), (C,)],
        "recurrent": [(C, C), (C, C), (C,)],
        "attention": [(C, C)] * 4,
        "graph": [(C, C), (C,)],
    }
    counts = structures.counts()
    for name, shapes in arrays.items():
        assert counts["short"][name] == sum(np.empty(shape).size for shape in shapes)
    assert list(counts["short"].values()) == [16_512, 784, 2_320, 528, 1_024, 272]
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


def test_attention_by_hand_with_plain_sums():
    X = [[1, 0], [1, 2]]
    maps = {"Q": [[2, 0], [-1, 1]], "K": [[0, 1], [1, 0]], "V": [[2, 1], [-1, 1]]}
    quoted = byhand.attention()
    found = {n: [[sum(x[k] * M[k][c] for k in (0, 1)) for c in (0, 1)] for x in X] for n, M in maps.items()}
    assert all(found[name] == quoted[name].tolist() for name in maps)
    scores = [[sum(a * b for a, b in zip(q, k, strict=True)) for k in found["K"]] for q in found["Q"]]
    assert scores == quoted["scores"].tolist() == [[0, 4], [2, 2]]
    first = 1 / (1 + np.exp(4 / np.sqrt(2)))
    assert quoted["shares"] == pytest.approx(np.array([[first, 1 - first], [0.5, 0.5]]))
    assert quoted["A"][0] == pytest.approx([2 * first, first + 3 * (1 - first)])
    assert list(quoted["A"][1]) == [1, 2]


def test_scores_spread_with_the_root_of_the_channels():
    """Measured on drawn queries and keys; and what the softmax makes of the typical difference."""
    rng = np.random.default_rng(0)
    q, k = rng.normal(size=(2, 40_000, 64))
    assert (q * k).sum(1).std() == pytest.approx(8, rel=0.02)
    for name, distance in (("without", np.sqrt(2 * 64)), ("divided", np.sqrt(2))):
        share = softmax([distance, 0])[0]
        assert byhand.root()[name]["distance"] == pytest.approx(distance)
        assert byhand.root()[name]["share"] == pytest.approx(share)
        assert byhand.root()[name]["rest"] == pytest.approx(1 - share)
        assert byhand.root()[name]["slope"] == pytest.approx(share - share**2)


def test_lstm_step_by_exponentials():
    def s(z):
        return 1 / (1 + np.exp(-z))

    def tanh(z):
        return 1 - 2 / (np.exp(2 * z) + 1)

    quoted = byhand.lstm()
    assert [quoted[key] for key in ("f", "i", "new", "o")] == pytest.approx([s(3), s(-1), tanh(1), 0.5])
    cell = 2 * s(3) + s(-1) * tanh(1)
    assert (quoted["c"], quoted["h"]) == (pytest.approx(cell), pytest.approx(tanh(cell) / 2))
    assert quoted["kept"] + quoted["added"] == pytest.approx(cell)
    assert quoted["hundred"] == pytest.approx(np.exp(100 * np.log(s(3))))
    assert quoted["hundred_near_one"] == pytest.approx(np.exp(100 * np.log(0.99)))


def test_graph_means_by_fractions():
    x = [Fraction(1), Fraction(2), Fraction(6)]

    def mean(v):
        return [(v[0] + v[1]) / 2, sum(v) / 3, (v[1] + v[2]) / 2]

    quoted = byhand.graph()
    assert list(quoted["mean"]) == [float(v) for v in mean(x)] == [1.5, 3, 4]
    assert list(quoted["out"]) == [0, 1, 2]
    assert quoted["twice"] == pytest.approx([float(v) for v in mean(mean(x))])
    for _ in range(10):
        x = mean(x)
    assert quoted["ten"] == pytest.approx([float(v) for v in x])
    assert {f"{v:.2f}" for v in quoted["ten"]} <= {"2.85", "2.86"}  # the weighted mean (2 + 6 + 12)/7


def test_image_convolution_by_arrays():
    quoted = byhand.image()
    assert quoted["parameters"] == np.empty((16, 3, 3, 3)).size + 16 == 448
    assert quoted["products"] == 32 * 32 * np.empty((16, 3, 3, 3)).size == 442_368
    assert quoted["full"] == 3_072 * 16_384 == 50_331_648
    assert quoted["block"] == 4 * 768**2 + 2 * 768 * 3_072 and quoted["blocks"] == 12 * quoted["block"]


def test_attention_of_zero_and_ln_three():
    quoted, log = byhand.own_softmax(), np.log(3)
    assert quoted["score"] == pytest.approx(log**2)
    assert quoted["share"] == pytest.approx(1 / (1 + 3**-log))
    assert (quoted["first"], quoted["second"]) == (pytest.approx(log / 2), pytest.approx(log / (1 + 3**-log)))


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
    assert 0.1 < first["tanh"]["right"] < 0.25 and 50 < first["tanh"]["double"] < 150
    assert 0.01 < first["sigmoid"]["double"] < 0.05
    assert all(first[name]["skip"] > 0.5 for name in first) and 200 < first["ReLU"]["skip"] < 600


def test_factor_of_a_sigmoid_layer_predicts_the_measured_signal():
    factors = vanishing.sigmoid_factors()
    assert factors["g4"]["factor"] ** 29 == pytest.approx(vanishing.first_layer()["sigmoid"]["right"], rel=3)
    assert factors["g4"]["factor"] == pytest.approx(0.65, abs=0.02)
    assert factors["g10"]["factor"] == pytest.approx(1.02, abs=0.03)
    assert factors["g4"]["z"] == pytest.approx(2.3, abs=0.15)


def test_bounds_by_fractions():
    quoted = vanishing.bounds()
    exact = {"nine": Fraction(1, 4**9), "nineteen": Fraction(1, 4**19), "tanh": Fraction(9, 10) ** 49}
    exact |= {"direction": Fraction(7, 10) ** 30, "grown": Fraction(101, 100) ** 40, "residual": Fraction(11, 10) ** 20}
    assert {key: quoted[key] for key in exact} == pytest.approx({key: float(value) for key, value in exact.items()})
    slope = np.exp(-2) / (1 + np.exp(-2)) ** 2
    assert quoted["slope_at_two"] == pytest.approx(slope) and quoted["factor_at_two"] == pytest.approx(4 * slope)
    assert quoted["nine_at_two"] == pytest.approx((4 * slope) ** 9)
    assert quoted["leaky"] ** 2 * (1 + 0.1**2) / 2 == pytest.approx(1)


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
    got = degradation.results()
    plain, residual = ([got[f"{build}{d}"] for d in degradation.DEPTHS] for build in degradation.BUILDS)
    assert plain[0]["high"] < 0.01 and plain[1]["high"] < 0.5 < plain[2]["low"]  # printed: less than 0.01
    assert 0.8 < plain[2]["median"] < 1.3 < plain[3]["low"] and 1.7 < plain[3]["median"] < 2
    assert max(row["high"] for row in residual) < 0.1 and residual[3]["median"] < 0.03
    assert got["chance"] == pytest.approx(-log_softmax(np.zeros(10))[0])
    assert degradation.longer()["median"] < 0.1 < plain[2]["low"]


def test_coarse_search_of_the_rates():
    """Fewer rates and starts, other seeds: the rates that were chosen are no worse than their neighbors by much."""
    for build, depth_, others in (("plain", 20, (0.006, 0.2)), ("residual", 20, (0.012, 0.8))):
        chosen = degradation.tuned.BEST[build, depth_]
        losses = degradation.curves(depth_, build, (chosen, *others), (50, 51, 52))[:, :, -1].mean(1)
        assert losses[0] == min(losses)


def test_training_gradients_by_differences():
    """All parts of the gradients, in either build, against the numerical gradient of scipy's loss."""
    X, y = degradation.examples()
    X, y = X[:20].astype(float), y[:20]

    def loss(parts, residual):
        first, W, b, last = (part[:, 0] if part.ndim == 4 else part[0] for part in parts)
        a = X @ first.T
        for weights, bias in zip(W, b, strict=True):
            h = np.maximum(a @ weights.T + bias, 0)
            a = a + h if residual else h
        return -log_softmax(a @ last.T, axis=1)[np.arange(20), y].mean()

    for build in degradation.BUILDS:
        parts = [part.astype(float) for part in degradation.start(3, build, (0,))]
        value, slopes = degradation.gradients(parts, X[None], y[None], build)
        assert value[0] == pytest.approx(loss(parts, build == "residual"), rel=1e-6)
        places = ((0, (0, 4, 30)), (1, (0, 0, 5, 6)), (1, (2, 0, 1, 3)), (2, (1, 0, 0, 7)), (3, (0, 3, 9)))
        for part, where in places:
            values = []
            for h in (1e-6, -1e-6):
                moved = [each.copy() for each in parts]
                moved[part][where] += h
                values.append(loss(moved, build == "residual"))
            assert slopes[part][where] == pytest.approx((values[0] - values[1]) / 2e-6, rel=1e-4, abs=1e-7)


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


def test_rings_need_the_radius_or_a_curve():
    got = rings.results()
    assert 0.45 < got["raw"]["mean"] < 0.55
    for name in ("hand", "neighbors", "network"):
        assert round(got[name]["mean"], 2) == 0.99 and got[name]["low"] > 0.97
    assert got["parameters"] == np.empty((8, 2)).size + 8 + 8 + 1
    assert got["hand"]["mean"] <= 0.9938 + 0.003  # no method is better than the overlap of the rings allows


def test_best_line_on_new_points():
    X, y = generators.rings(200_000, 1)
    share = max(np.mean((X @ [np.cos(0.7), np.sin(0.7)] > cut) == y) for cut in np.linspace(0, 2, 41))
    assert rings.line()["share"] == pytest.approx(share, abs=0.004)
    assert round(rings.line()["share"], 2) == 0.64  # and 2/3 without noise, by a tangent of the inner circle


def test_neighbors_by_sorting():
    X, y = rings.training(100)
    points, _ = rings.new(100)
    for point, score in zip(points[:40], rings.vote(points, X, y, 5)[:40], strict=True):
        nearest = sorted(range(len(X)), key=lambda i, p=point: np.hypot(*(X[i] - p)))[:5]
        assert score == pytest.approx(np.mean(y[nearest]) - 0.5)


def test_coarse_search_of_the_settings():
    """On other draws, no setting of a coarse grid beats the chosen one by more than a hundredth."""
    draws = (60, 61, 62)
    for name, others in (("hand", (0.1, 1.0)), ("neighbors", (1, 15)), ("network", (0.1, 3.0))):
        chosen = np.mean(rings.shares(name, rings.tuned.BEST[name], draws))
        assert chosen > max(np.mean(rings.shares(name, other, draws)) for other in others) - 0.01


def test_first_question_of_a_tree_by_enumeration():
    X, y = rings.training(100)
    feature, cut, *_ = rings.grow(X, y, 1)

    def impurity(mask):
        return sum(len(part) * part.mean() * (1 - part.mean()) for part in (y[mask], y[~mask]) if len(part))

    best = min(impurity(X[:, f] <= value) for f in (0, 1) for value in X[:, f])
    assert impurity(X[:, feature] <= cut) == pytest.approx(best)
    tree = rings.grow(X, y, rings.DEEPEST)
    assert np.mean((rings.ask(tree, X) > 0.5) == y) > 0.98


def test_many_trees_do_better_than_one():
    got = rings.trees()
    assert 0.94 < got["one"] < got["many"] < 0.99


def test_knowledge_saves_examples():
    got = rings.by_size()
    assert got["n10"]["hand"] > 0.97 and max(got["n10"]["neighbor"], got["n10"]["network"]) < 0.85
    assert got["n30"]["hand"] - got["n30"]["network"] > 0.03
    for name in ("neighbor", "network"):
        shares = [got[f"n{size}"][name] for size in rings.SIZES]
        assert shares == sorted(shares) and shares[-1] > 0.98


def test_networks_of_the_rings_by_the_plain_module():
    """One of the networks that are trained at once, trained alone."""
    X, y = rings.training(100)
    alone = networks.initialize((2, 8, 1), np.random.default_rng(600), "he")
    trained, _ = networks.train(alone, X, y, rate=0.3, steps=rings.STEPS, loss="logistic")
    together = rings.fit_networks(0.3, (100,))
    assert together[0][0][0] == pytest.approx(trained[0][0], abs=1e-6)
