"""Piecewise linear functions: XOR, chords, linear regions of a ReLU network (3.4.1, 3.4.8)."""

from functools import cache

import numpy as np

from .kit import style
from .kit.results import computed, figure, numbers
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
def _trained(hidden):
    """A ReLU network 2-hidden-1 trained on rings: (layers, points, classes)."""
    X, y = generators.rings(200, 0)
    layers = networks.initialize((2, *hidden, 1), np.random.default_rng(2), "he")
    layers, _ = networks.train(layers, X, y, rate=0.3, steps=800, loss="logistic")
    return layers, X, y


SHAPES = {"one": (8,), "two": (8, 8)}


@numbers
@cache
def counts():
    """Regions in the window, the most that eight lines can make, and training accuracy."""
    found = {}
    for name, hidden in SHAPES.items():
        layers, X, y = _trained(hidden)
        found[name] = {"regions": len(regions(layers)), "accuracy": networks.accuracy(layers, X, y)}
    return found | {"most": 1 + 8 + 8 * 7 // 2}


@figure
def plane():
    """Folds of a trained network with two hidden layers, its decision boundary, and its data."""
    sheet, axes = style.figure("margin", 37)
    layers, X, y = _trained(SHAPES["two"])
    for polygon in regions(layers):
        axes.fill(*polygon.T, facecolor="none", edgecolor=style.GREY, linewidth=0.4, zorder=2)
    ends = 2 * WINDOW
    for (across, up), offset in zip(*layers[0], strict=True):
        # The line across * x1 + up * x2 + offset = 0, from its point next to the origin both ways.
        foot = -offset * np.array([across, up]) / (across**2 + up**2)
        way = np.array([-up, across]) / np.hypot(across, up)
        axes.plot(
            *np.array([foot - ends * way, foot + ends * way]).T,
            color=style.TEAL,
            linestyle=(0, (3, 1.2)),
            linewidth=1.0,
            zorder=2.5,
        )
    grid = np.linspace(-WINDOW, WINDOW, 261)
    mesh = np.column_stack([m.ravel() for m in np.meshgrid(grid, grid)])
    height = networks.outputs(layers, mesh).reshape(261, 261)
    axes.contourf(grid, grid, height, levels=(-1e9, 0), colors=[style.RUST_TINT], zorder=0)
    axes.contour(grid, grid, height, levels=[0], colors=[style.INK], linewidths=1.5, zorder=3)
    axes.plot(*X[y == 0][::4].T, "s", color=style.RUST, markersize=1.7, zorder=4)
    axes.plot(*X[y == 1][::4].T, "o", color=style.TEAL, markersize=1.7, zorder=4)
    axes.set(
        xlim=(-WINDOW, WINDOW),
        ylim=(-WINDOW, WINDOW),
        xticks=(),
        yticks=(),
        aspect="equal",
        xlabel="$x_1$",
        ylabel="$x_2$",
    )
    for spine in axes.spines.values():
        spine.set_visible(False)
    return sheet
