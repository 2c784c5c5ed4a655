"""Numbers and claims of 3.1.2, each by another route than the figures' modules take."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.special import softmax

from figures import byhand, structures

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
    assert list(got["x"]) == [0, 0, 3, 0, 0] and list(got["moved_x"]) == [0, 0, 0, 3, 0]
    assert list(got["y"]) == [0 - 3, 0 - 0, 3 - 0] and list(got["moved_y"]) == [0 - 0, 0 - 3, 0 - 0]


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
        "attention": [(C, C)] * 3,
        "graph": [(C, C), (C,)],
    }
    counts = structures.counts()
    for name, shapes in arrays.items():
        assert counts["short"][name] == sum(np.empty(shape).size for shape in shapes)
    assert list(counts["short"].values()) == [16_512, 784, 2_320, 528, 768, 272]
    assert counts["long"]["dense"] == (800 * 16) ** 2 + 800 * 16 == 163_852_800
    assert all(counts["long"][name] == counts["short"][name] for name in arrays if name != "dense")
    for places, share in ((8, "short"), (800, "long")):
        pairs = places * places * C + places * places * C  # scores, then averages
        assert counts["pair_share"][share] == pytest.approx(pairs / (pairs + 3 * places * C * C))
    assert [round(share, 2) for share in counts["pair_share"].values()] == [0.25, 0.97]
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
