"""Features made by hand against features learned, on two rings (3.1.6)."""

from functools import cache

import numpy as np

from .kit import signs, style
from .kit.results import computed, figure, numbers
from .models import networks
from .models.generators import rings

TRAIN, TEST, RATE, STEPS, HIDDEN = 300, 100, 0.5, 3000, 8


@cache
def data():
    """Return the 400 points, shuffled and split: (X train, y train, X test, y test)."""
    X, y = rings(TRAIN + TEST, seed=0)
    order = np.random.default_rng(1).permutation(len(y))
    X, y = X[order], y[order]
    return X[:TRAIN], y[:TRAIN], X[TRAIN:], y[TRAIN:]


def square(X):
    """The feature that somebody who knows the rings would make: the squared radius."""
    return (X**2).sum(1, keepdims=True)


def fit_logistic(features, y):
    """Return (weights, bias) of logistic regression by gradient descent from zero."""
    w, b = np.zeros(features.shape[1]), 0.0
    for _ in range(STEPS):
        error = (networks.sigmoid(features @ w + b) - y) / len(y)
        w, b = w - RATE * features.T @ error, b - RATE * error.sum()
    return w, b


def fit_network(X, y, hidden=HIDDEN, seed=0):
    """Return (W1, b1, w2, b2) of a 2-hidden-1 ReLU network with a sigmoid output."""
    rng = np.random.default_rng(seed)
    W, c = rng.normal(size=(hidden, X.shape[1])), np.zeros(hidden)
    v, d = rng.normal(size=hidden) / np.sqrt(hidden), 0.0
    for _ in range(STEPS):
        z = X @ W.T + c
        a = np.maximum(z, 0)
        error = (networks.sigmoid(a @ v + d) - y) / len(y)
        delta = np.outer(error, v) * (z > 0)
        v, d = v - RATE * a.T @ error, d - RATE * error.sum()
        W, c = W - RATE * delta.T @ X, c - RATE * delta.sum(0)
    return W, c, v, d


@computed
def _fitted():
    X, y, _, _ = data()
    return fit_logistic(X, y), fit_logistic(square(X), y), fit_network(X, y)


def _models():
    line, hand, net = _fitted()
    return {
        "raw": lambda P: P @ line[0] + line[1],
        "hand": lambda P: square(P) @ hand[0] + hand[1],
        "net": lambda P: np.maximum(P @ net[0].T + net[1], 0) @ net[2] + net[3],
    }


@numbers
def accuracy():
    """Share of right answers on the 300 training and the 100 test points."""
    X, y, Xt, yt = data()
    return {
        name: {"train": float(np.mean((model(X) > 0) == y)), "test": float(np.mean((model(Xt) > 0) == yt))}
        for name, model in _models().items()
    }


@numbers
def radius():
    """The radius at which logistic regression on the squared radius puts its boundary."""
    X, y, _, _ = data()
    w, b = fit_logistic(square(X), y)
    return {"at": float(np.sqrt(-b / w[0])), "parameters": 2 * HIDDEN + HIDDEN + HIDDEN + 1}


@figure
def regions():
    """What three models make of the plane: logistic regression twice, and a small network."""
    sheet, axes = style.figure("column", 41, 1, 3, sharey=True)
    X, y, _, _ = data()
    grid = np.linspace(-3.4, 3.4, 273)
    P = np.column_stack([v.ravel() for v in np.meshgrid(grid, grid)])
    titles = {"raw": "Raw coordinates", "hand": "Feature made by hand", "net": "Features learned"}
    for panel, (name, model) in zip(axes, _models().items(), strict=True):
        values = model(P).reshape(len(grid), -1)
        panel.contourf(grid, grid, values, levels=[-np.inf, 0, np.inf], colors=["white", style.TEAL_TINT])
        panel.contour(grid, grid, values, levels=[0], colors=style.INK, linewidths=0.8)
        for label, sign in enumerate(signs.CLASSES[:2]):
            panel.plot(*X[y == label].T, **sign.dots, markersize=2, markeredgewidth=0.5, markerfacecolor="none")
        panel.set(
            title=titles[name],
            xlabel="$x_1$",
            aspect="equal",
            xlim=(-3.4, 3.4),
            ylim=(-3.2, 2.6),
            xticks=(-2, 0, 2),
            yticks=(-2, 0, 2),
        )
        right = round(TEST * accuracy()[name]["test"])
        style.label(panel, f"test: {right} of {TEST} right", 0, -2.8, fontsize=7.5, ha="center")
    axes[0].set_ylabel("$x_2$")
    return sheet
