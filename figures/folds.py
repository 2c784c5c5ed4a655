"""Piecewise linear functions: XOR, chords, linear regions of a ReLU network (3.4.1, 3.4.8)."""

from functools import cache

import numpy as np

from .kit import style
from .kit.results import computed, experiment, figure, numbers
from .models import generators, networks

CORNERS = np.array([(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)])
XOR = np.array([0, 1, 1, 0])
# Two ReLU units and a readout that compute XOR exactly.
HIDDEN, SHIFT = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])
READOUT = np.array([1.0, -2.0])


def _hidden(X):
    return np.maximum(X @ HIDDEN.T + SHIFT, 0)


@numbers
def xor_network():
    """Hidden activations and outputs of the hand-made network on the four corners."""
    h = _hidden(CORNERS)
    return {"hidden": h, "outputs": h @ READOUT}


@numbers
def best_affine():
    """Least squares fit of XOR by an affine function: weights, bias and its four outputs."""
    inputs = np.column_stack([CORNERS, np.ones(4)])
    weights = np.linalg.lstsq(inputs, XOR.astype(float), rcond=None)[0]
    return {"weights": weights[:2], "bias": float(weights[2]), "outputs": inputs @ weights}


@numbers
def merged():
    """Two affine layers of the text, multiplied out to one."""
    W1, b1 = np.array([[1, 2], [3, 4]]), np.array([1, -1])
    W2, b2 = np.array([[0, 1], [1, -1]]), np.array([0.5, 0])
    return {"W": W2 @ W1, "b": W2 @ b1 + b2}


@figure
def xor():
    """The four points of XOR as hidden activations, and the line that separates them."""
    sheet, axes = style.figure("margin", 33)
    for (x, y), target in zip(_hidden(CORNERS), XOR, strict=True):
        axes.plot(
            x,
            y,
            "o" if target else "s",
            markersize=5,
            clip_on=False,
            zorder=3,
            color=style.TEAL if target else style.RUST,
            markerfacecolor=style.TEAL if target else "white",
        )
    grid = np.array([-0.45, 2.6])
    axes.fill_between(grid, (grid - 0.5) / 2, -1, color=style.TEAL_TINT, linewidth=0, zorder=0)
    axes.plot(grid, (grid - 0.5) / 2, color=style.INK, linewidth=0.8)
    style.label(axes, "(0,0)", -0.08, 0.32, ha="center", fontsize=7.5)
    style.label(axes, "(0,1), (1,0)", 1.12, -0.24, ha="left", fontsize=7.5)
    style.label(axes, "(1,1)", 1.82, 1.08, ha="right", fontsize=7.5)
    axes.set(xlim=(-0.45, 2.6), ylim=(-0.45, 1.35), xticks=(0, 1, 2), yticks=(0, 1), xlabel="$h_1$", ylabel="$h_2$")
    return sheet


@numbers
def chord_errors():
    """Largest error of n equal chords of z^2 on [0, 1], measured on a fine grid."""
    z = np.linspace(0, 1, 4097)
    return {f"n{n}": float(np.abs(_chords(z, n) - z**2).max()) for n in (1, 2, 4, 8)}


def _chords(z, pieces):
    """z^2 on [0, 1] by equal chords, written as a sum of shifted ReLUs."""
    knots = np.arange(pieces) / pieces
    slopes = 2 * knots + 1 / pieces  # slope of the chord over [k, k + 1/pieces]
    changes = np.diff(slopes, prepend=0.0)
    return np.maximum(z[:, None] - knots, 0) @ changes


# Linear regions in the plane: the window is cut by each unit's fold into convex polygons.

WINDOW = 2.6
POINTS, RATE, STEPS = 200, 0.3, 800


def _cut(polygon, normal, offset):
    """Cut a convex polygon (corners x 2) by the line normal . x + offset = 0 into its two sides."""
    values = polygon @ normal + offset
    if (values >= -1e-12).all() or (values <= 1e-12).all():
        return [polygon]
    sides = []
    for sign in (1, -1):
        corners = []
        for here, there, a, b in zip(
            polygon, np.roll(polygon, -1, axis=0), sign * values, sign * np.roll(values, -1), strict=True
        ):
            if a >= 0:
                corners.append(here)
            if a * b < 0:
                corners.append(here + (there - here) * a / (a - b))
        sides.append(np.array(corners))
    return sides


def _affine(layers, point):
    """Affine map of each layer's pre-activation near a point: a list of (matrix, vector)."""
    matrix, vector, maps = np.eye(len(point)), np.zeros(len(point)), []
    for W, b in layers:
        matrix, vector = W @ matrix, W @ vector + b
        maps.append((matrix, vector))
        active = matrix @ point + vector > 0
        matrix, vector = matrix * active[:, None], vector * active
    return maps


def regions(layers, window=WINDOW):
    """Cut the square window into the linear regions of a ReLU network: a list of polygons."""
    polygons = [window * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], float)]
    for depth in range(len(layers) - 1):  # folds of hidden layer `depth`, inside the pieces so far
        for unit in range(len(layers[depth][1])):
            pieces = []
            for polygon in polygons:
                matrix, vector = _affine(layers, polygon.mean(axis=0))[depth]
                pieces += _cut(polygon, matrix[unit], vector[unit])
            polygons = pieces
    return polygons


@computed
def trained(hidden):
    """A ReLU network 2-hidden-1 trained on rings: (layers, points, classes)."""
    X, y = generators.rings(POINTS, 0)
    layers = networks.initialize((2, *hidden, 1), np.random.default_rng(2), "he")
    layers, _ = networks.train(layers, X, y, rate=RATE, steps=STEPS, loss="logistic")
    return layers, X, y


SHAPES = {"one": (8,), "two": (8, 8)}


@experiment
def trained_on_rings():
    """Card of the network whose linear regions are drawn."""
    return {
        "title": "Linear regions of a network on rings",
        "entry": "3.4.8",
        "compares": "nothing: a picture of one network",
        "data": "rings",
        "split": f"{POINTS} training points, a quarter of them drawn",
        "network": f"2-{'-'.join(map(str, SHAPES['two']))}-1, ReLU",
        "initialization": "normal, variance 2/n; biases zero",
        "loss": "binary cross-entropy",
        "optimizer": "gradient descent",
        "rate": f"{RATE}",
        "tuned": "no, since nothing is compared",
        "batch": "all points",
        "steps": f"{STEPS}",
        "seeds": "one start",
        "plotted": "folds, regions in the window and decision boundary",
    }


@numbers
@cache
def counts():
    """Regions in the window, the most that eight lines can make, and training accuracy."""
    found = {}
    for name, hidden in SHAPES.items():
        layers, X, y = trained(hidden)
        found[name] = {"regions": len(regions(layers)), "accuracy": networks.accuracy(layers, X, y)}
    return found | {"most": 1 + 8 + 8 * 7 // 2}


def _line(weights, offset, reach):
    """Two far points of the line weights . x + offset = 0, from its point next to the origin both ways."""
    foot = -offset * weights / (weights @ weights)
    way = np.array([-weights[1], weights[0]]) / np.hypot(*weights)
    return np.array([foot - reach * way, foot + reach * way]).T


@figure
def plane():
    """Folds of the two layers of a trained network, and its linear regions with the decision boundary."""
    sheet, (first, second, third) = style.figure("wide", 57, 1, 3)
    layers, X, y = trained(SHAPES["two"])
    one = regions(layers[:1] + [(np.zeros((1, len(layers[0][1]))), np.zeros(1))])
    both = regions(layers)
    for polygon in both:
        second.fill(*polygon.T, facecolor="none", edgecolor=style.RUST, linewidth=0.5)
    for polygon in one:
        second.fill(*polygon.T, facecolor="none", edgecolor="white", linewidth=1.6, zorder=2)
    for plot, width in ((first, 1.0), (second, 0.5)):
        for weights, offset in zip(*layers[0], strict=True):
            plot.plot(
                *_line(weights, offset, 2 * WINDOW),
                color=style.TEAL,
                linestyle=(0, (4, 1.5)),
                linewidth=width,
                zorder=2.5,
            )
    grid = np.linspace(-WINDOW, WINDOW, 261)
    mesh = np.column_stack([m.ravel() for m in np.meshgrid(grid, grid)])
    scores = networks.outputs(layers, mesh).reshape(261, 261)
    third.contourf(grid, grid, scores, levels=[scores.min(), 0], colors=[style.RUST_TINT], zorder=0)
    for polygon in both:
        third.fill(*polygon.T, facecolor="none", edgecolor=style.GREY, linewidth=0.3)
    third.contour(grid, grid, scores, levels=[0], colors=[style.INK], linewidths=1.5)
    third.plot(*X[y == 0][::4].T, "s", color=style.RUST, markersize=2.2, zorder=4)
    third.plot(*X[y == 1][::4].T, "o", color=style.TEAL, markersize=2.2, zorder=4)
    titles = ("Folds of layer 1", "Folds of layer 2", "All regions, and the boundary")
    for plot, title in zip((first, second, third), titles, strict=True):
        plot.set(xlim=(-WINDOW, WINDOW), ylim=(-WINDOW, WINDOW), xticks=(), yticks=(), aspect="equal", xlabel="$x_1$")
        plot.set_title(title)
    first.set_ylabel("$x_2$")
    return sheet


# A bump of three ReLUs: where each bends, and by how much.

BENDS = ((0.0, 1.0), (1.0, -2.0), (2.0, 1.0))


@figure
def bump():
    """Three ReLUs and their sum, which is zero outside 0 to 2."""
    sheet, axes = style.figure("margin", 36)
    z = np.linspace(-0.7, 2.9, 361)
    parts = [weight * np.maximum(z - bend, 0) for bend, weight in BENDS]
    style.zero_lines(axes)
    for part, (_, line) in zip(parts, style.CURVES[1:], strict=False):
        axes.plot(z, part, color=style.GREY, linestyle=line, linewidth=0.8)
    axes.plot(z, sum(parts), color=style.TEAL, linewidth=1.8)
    style.label(axes, "$r(z)$", 1.1, 1.75, style.GREY, ha="right")
    style.label(axes, "$-2r(z-1)$", 1.62, -1.5, style.GREY, ha="right")
    style.label(axes, "$r(z-2)$", 2.9, -0.4, style.GREY, ha="right")
    axes.set(xlim=(-0.7, 2.9), ylim=(-2.2, 2.2), xticks=(0, 1, 2), yticks=(-2, -1, 0, 1, 2), xlabel="$z$")
    return sheet
