"""The structures of networks: who reads whom, what is shared, and what it costs (3.1.2)."""

from functools import cache

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from .kit import diagrams, style
from .kit.results import figure, numbers
from .models import networks

PLACES = 8  # positions of the connectivity drawings and of the example
FEATURES = 16  # features at each position in the example
KERNEL = 3
RECURRENCE = 0.5  # weight from one state of the drawn recurrence to the next, with f(z) = z
# The graph of the drawings: eight nodes, nine edges, and places for the nodes.
EDGES = ((0, 1), (1, 2), (2, 3), (1, 4), (4, 5), (5, 6), (4, 6), (6, 7), (3, 7))
NODES = ((3, 19), (10, 14.5), (17, 19), (25, 16), (8, 7.5), (4, 2), (16, 3), (24, 6.5))

SHADES = LinearSegmentedColormap.from_list("shades", ["white", style.TEAL])


# --- the layers ---------------------------------------------------------------------------------


def convolution_matrix(kernel, length, border=True):
    """Return the matrix of a convolution layer: one row an output, the kernel along the diagonal.

    With `border`, zeros are thought beyond both ends and there are as many outputs as inputs;
    without, only outputs whose kernel lies inside the input.
    """
    width = len(kernel)
    full = np.zeros((length + width - 1, length + 2 * (width - 1)))
    for row in range(full.shape[0]):
        full[row, row : row + width] = kernel
    full = full[:, width - 1 : width - 1 + length]
    cut = (width - 1) // 2 if border else width - 1
    return full[cut : full.shape[0] - cut]


def recurrent(x, u, w):
    """Return the states of a linear recurrent unit, h = u x + w h before, from state zero."""
    states, h = [], 0.0
    for value in x:
        h = u * value + w * h
        states.append(h)
    return np.array(states)


def attention(X, Wq, Wk, Wv):
    """Return (weights, output) of one head of self-attention; a position a row."""
    weights = networks.softmax((X @ Wq) @ (X @ Wk).T / np.sqrt(Wq.shape[1]))
    return weights, weights @ (X @ Wv)


def graph_average(edges, count):
    """Return the matrix that a graph convolution multiplies with: the normalized adjacency."""
    A = np.eye(count)
    for i, j in edges:
        A[i, j] = A[j, i] = 1
    scale = 1 / np.sqrt(A.sum(1))
    return scale[:, None] * A * scale


@cache
def matrices():
    """How strongly output i depends on input j, for one layer of each kind on eight positions."""
    rng = np.random.default_rng(3)
    places = np.arange(PLACES)
    lower = np.tril(RECURRENCE ** np.abs(places[:, None] - places))
    Wq, Wk, Wv = rng.normal(size=(3, 4, 4))
    return {
        "dense": rng.normal(size=(PLACES, PLACES)),
        "convolution": convolution_matrix((0.4, 1.0, 0.15), PLACES),
        "recurrent": lower,
        "attention": [attention(rng.normal(size=(PLACES, 4)), Wq, Wk, Wv)[0] for _ in range(2)],
        "graph": graph_average(EDGES, PLACES),
    }


def parameters(places, features, kernel):
    """Return the parameters of one layer that maps `places` x `features` to the same shape."""
    flat = places * features
    return {
        "dense": flat * flat + flat,
        "convolution": kernel * features * features + features,
        "plane": kernel**2 * features * features + features,
        "recurrent": 2 * features * features + features,
        "attention": 3 * features * features,
        "graph": features * features + features,
    }


def products(places, features, kernel, edges):
    """Return the multiplications of the same layers; `edges` counts both directions and loops."""
    return {
        "dense": (places * features) ** 2,
        "convolution": places * kernel * features**2,
        "plane": places * kernel**2 * features**2,
        "recurrent": 2 * places * features**2,
        "attention": 3 * places * features**2 + 2 * places**2 * features,
        "graph": places * features**2 + edges * features,
    }


@numbers
def counts():
    """Parameters at 8 and at 800 positions, and products of dense and attention at both."""
    short, long = (parameters(n, FEATURES, KERNEL) for n in (PLACES, 100 * PLACES))
    few, many = (products(n, FEATURES, KERNEL, 0) for n in (PLACES, 100 * PLACES))
    return {
        "short": short,
        "long": long,
        "pair_share": {
            "short": 2 * PLACES**2 * FEATURES / few["attention"],
            "long": 2 * (100 * PLACES) ** 2 * FEATURES / many["attention"],
        },
        "quiz_weights": 5 * 16 * 32,
        "quiz": 5 * 16 * 32 + 32,
    }


@numbers
def shift():
    """A pulse, its convolution, and both again when the pulse moves one place to the right."""
    kernel, x = (1, 0, -1), np.array([0, 0, 3, 0, 0])
    M = convolution_matrix(kernel, len(x), border=False)
    moved = np.roll(x, 1)
    return {
        "x": x,
        "y": M @ x,
        "moved_x": moved,
        "moved_y": M @ moved,
        "largest": [float((M @ v).max()) for v in (x, moved)],
    }


# --- drawings -----------------------------------------------------------------------------------


def _shade(axes, left, bottom, size, values):
    count = len(values)
    edges = np.linspace(0, size, count + 1)
    strength = np.sqrt(np.abs(values) / np.abs(values).max())
    axes.pcolormesh(
        left + edges,
        bottom + size - edges,
        strength,
        cmap=SHADES,
        vmin=0,
        vmax=1,
        edgecolors=style.PALE,
        linewidth=0.25,
    )
    axes.plot(
        [left, left + size, left + size, left, left],
        [bottom, bottom, bottom + size, bottom + size, bottom],
        color=style.RULE,
        linewidth=0.5,
    )


STEP, FLOOR, SIDE = 33.9, 34.5, 27.6  # mm: from column to column, the wiring's lower edge, a matrix
LOW, HIGH = FLOOR + 1.5, FLOOR + 19
SPOTS = np.linspace(1.4, 26.6, PLACES)


def _wire_all(axes):
    """Fully connected: every wire is its own weight."""
    for i in SPOTS:
        for j in SPOTS:
            diagrams.line(axes, (j, LOW), (i, HIGH), width=0.4)


def _wire_neighbors(axes):
    """Convolution: three line styles, the same for every output."""
    for place, i in enumerate(SPOTS):
        for offset, (color, line) in zip((-1, 0, 1), style.CURVES, strict=False):
            if 0 <= place + offset < PLACES:
                diagrams.line(axes, (STEP + SPOTS[place + offset], LOW), (STEP + i, HIGH), color, 0.9, line)


def _wire_in_time(axes):
    """Recurrence: one wire up, one to the right, at every place."""
    for place, i in enumerate(SPOTS):
        diagrams.line(axes, (2 * STEP + i, LOW), (2 * STEP + i, HIGH), style.TEAL, 0.9)
        if place:
            diagrams.arrow(axes, (2 * STEP + SPOTS[place - 1] + 1.1, HIGH), (2 * STEP + i - 1.1, HIGH), style.RUST, 0.9)


def _wire_by_attention(axes):
    """Attention: weights of one output, as widths, from the matrix below."""
    weights = matrices()["attention"][0][2]
    for j, weight in zip(SPOTS, weights, strict=True):
        diagrams.line(
            axes, (3 * STEP + j, LOW), (3 * STEP + SPOTS[2], HIGH), style.TEAL, 0.3 + 4.2 * weight / weights.max()
        )


def _draw_graph(axes):
    for i, j in EDGES:
        diagrams.line(
            axes, (4 * STEP + NODES[i][0], FLOOR + NODES[i][1]), (4 * STEP + NODES[j][0], FLOOR + NODES[j][1])
        )
    for number, (x, y) in enumerate(NODES, 1):
        diagrams.dot(axes, 4 * STEP + x, FLOOR + y, 1.75)
        axes.text(4 * STEP + x, FLOOR + y - 0.1, str(number), ha="center", va="center", fontsize=7.5, zorder=4)


def _draw_matrices(axes):
    for column, name in enumerate(matrices()):
        M = matrices()[name]
        if name == "attention":
            _shade(axes, 3 * STEP + 0.2, 17.9, SIDE / 2 - 0.1, M[0])
            _shade(axes, 3 * STEP + 14, 4.0, SIDE / 2 - 0.1, M[1])
            axes.text(3 * STEP + 15, 24.8, r"for one $\mathbf{x}$", fontsize=7.5, va="center")
            axes.text(3 * STEP + 13.2, 10.8, "another", fontsize=7.5, va="center", ha="right")
        else:
            _shade(axes, column * STEP + 0.2, 4.0, SIDE, M)


@figure
def connections():
    """Five kinds of layers: the wiring, and the matrix from inputs to outputs."""
    sheet, axes = style.figure("wide", 60)
    style.diagram(axes, 164, 60)
    kinds = {
        "Fully connected": "64 weights",
        "Convolution": "3 weights, shared",
        "Recurrence": "2 weights, shared",
        "Attention": r"computed from $\mathbf{x}$",
        "Graph": "places given by the graph",
    }
    for column, (name, note) in enumerate(kinds.items()):
        axes.text(column * STEP, 58, name, fontsize=8, fontweight=600, va="center")
        axes.text(column * STEP, 1.7, note, fontsize=7.5, va="center")
    for wire in (_wire_all, _wire_neighbors, _wire_in_time, _wire_by_attention):
        wire(axes)
    for column in range(4):
        for i in SPOTS:
            diagrams.dot(axes, column * STEP + i, LOW, fill=style.PALE)
            diagrams.dot(axes, column * STEP + i, HIGH)
    _draw_graph(axes)
    _draw_matrices(axes)
    return sheet
