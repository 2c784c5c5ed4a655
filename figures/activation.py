"""Activation functions, their derivatives, and what follows from both (section 3.4)."""

import math
from functools import cache

import numpy as np

from . import style


def _normal_cdf(z):
    return 0.5 * (1 + np.vectorize(math.erf)(np.asarray(z, float) / math.sqrt(2)))


def _normal_density(z):
    return np.exp(-np.square(z) / 2) / math.sqrt(2 * math.pi)


def sigmoid(z):
    """Logistic sigmoid, any shape."""
    return 1 / (1 + np.exp(-np.asarray(z, float)))


# Each slope as the text derives it, from the pre-activation z.
SLOPES = {
    "sigmoid": lambda z: sigmoid(z) * (1 - sigmoid(z)),
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "ReLU": lambda z: (np.asarray(z) > 0) * 1.0,
    "ELU": lambda z: np.where(np.asarray(z) > 0, 1.0, np.exp(np.minimum(z, 0))),
    "softplus": sigmoid,
    "SiLU": lambda z: sigmoid(z) * (1 + z * (1 - sigmoid(z))),
    "GELU": lambda z: _normal_cdf(z) + z * _normal_density(z),
}

_GRID = np.linspace(-6, 6, 120_001)


@cache
def largest_slope():
    """Largest derivative of each function, and where it is reached."""
    found = {}
    for name, slope in SLOPES.items():
        values = slope(_GRID)
        best = int(np.argmax(values))
        found[name] = {"value": float(values[best]), "at": float(_GRID[best])}
    return found


def slopes_at():
    """Derivatives of sigmoid and tanh at the points that the text quotes."""
    return {name: {f"at{z}": float(SLOPES[name](float(z))) for z in (0, 2, 5, 10)}
            for name in ("sigmoid", "tanh")}


def saturated_from():
    """Where the slope falls below 0.05 for good: |z| beyond which sigmoid and tanh are saturated."""
    return {name: float(np.abs(_GRID[SLOPES[name](_GRID) >= 0.05]).max())
            for name in ("sigmoid", "tanh")}


def derivatives():
    """Six derivatives in two panels, the saturated range of the slopes shaded."""
    sheet, (left, right) = style.figure("column", 50, 1, 2, sharey=True)
    z = np.linspace(-5, 5, 600)
    panels = (
        (left, "Saturating", (("sigmoid", 2.25, 0.2), ("tanh", 0.95, 0.75))),
        (right, "Rectifiers", (("ReLU", -3.1, 0.12), ("SiLU", -3.9, -0.16), ("GELU", 1.3, 1.2))),
    )
    for axes, title, curves in panels:
        axes.axhspan(-0.05, 0.05, color=style.PALE, linewidth=0, zorder=0)
        style.zero_lines(axes)
        for (name, x, y), (color, line) in zip(curves, style.CURVES, strict=False):
            if name == "ReLU":
                axes.plot([-5, 0], [0, 0], color=color, linestyle=line)
                axes.plot([0, 5], [1, 1], color=color, linestyle=line)
            else:
                axes.plot(z, SLOPES[name](z), color=color, linestyle=line)
            style.label(axes, name, x, y, color)
            peak = largest_slope()[name]
            if name != "ReLU":
                axes.plot(peak["at"], peak["value"], "o", color=color)
        axes.set(title=title, xlabel="pre-activation $z$", xlim=(-5, 5), ylim=(-0.25, 1.3))
    left.set_ylabel("derivative $f'(z)$")
    left.text(-4.9, 0.07, "saturated: below 0.05", fontsize=7.5, color=style.GREY, va="bottom")
    return sheet
