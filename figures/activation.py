"""Activation functions, their derivatives, and what follows from both (section 3.4)."""

import math
from functools import cache

import numpy as np

from .kit import signs, style
from .kit.results import figure, numbers
from .models import normal
from .models.networks import sigmoid

LEAK = 0.01  # slope of the leaky ReLU for negative z; drawn with 0.1, or it could not be seen


def _swish(z, scale=1.0):
    return z * sigmoid(scale * np.asarray(z))


FUNCTIONS = {
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "ReLU": lambda z: np.maximum(z, 0.0),
    "leaky ReLU": lambda z: np.where(np.asarray(z) > 0, z, LEAK * np.asarray(z)),
    "ELU": lambda z: np.where(np.asarray(z) > 0, z, np.expm1(np.minimum(z, 0))),
    "softplus": lambda z: np.logaddexp(0, z),
    "SiLU": _swish,
    "GELU": lambda z: z * normal.below(z),
}

# Each slope as the text derives it, from the pre-activation z.
SLOPES = {
    "sigmoid": lambda z: sigmoid(z) * (1 - sigmoid(z)),
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "ReLU": lambda z: (np.asarray(z) > 0) * 1.0,
    "leaky ReLU": lambda z: np.where(np.asarray(z) > 0, 1.0, LEAK),
    "ELU": lambda z: np.where(np.asarray(z) > 0, 1.0, np.exp(np.minimum(z, 0))),
    "softplus": sigmoid,
    "SiLU": lambda z: sigmoid(z) * (1 + z * (1 - sigmoid(z))),
    "GELU": lambda z: normal.below(z) + z * normal.density(z),
}

_GRID = np.linspace(-6, 6, 120_001)


@numbers
@cache
def largest_slope():
    """Largest derivative of each function, and where it is reached."""
    found = {}
    for name, slope in SLOPES.items():
        values = slope(_GRID)
        best = int(np.argmax(values))
        found[name] = {"value": float(values[best]), "at": float(_GRID[best])}
    return found


@numbers
def slopes_at():
    """Derivatives of sigmoid and tanh at the points that the text quotes."""
    return {name: {f"at{z}": float(SLOPES[name](float(z))) for z in (0, 2, 5, 10)} for name in ("sigmoid", "tanh")}


@numbers
def saturated_from():
    """|z| beyond which the slope stays below 0.05: there sigmoid and tanh are saturated."""
    return {name: float(np.abs(_GRID[SLOPES[name](_GRID) >= 0.05]).max()) for name in ("sigmoid", "tanh")}


@figure
def derivatives():
    """Five derivatives in two panels, the saturated range of the slopes shaded."""
    sheet, (left, right) = style.figure("column", 38, 1, 2, sharey=True)
    z = np.linspace(-5, 5, 600)
    panels = (
        (left, "Flat at both ends", (("sigmoid", 2.25, 0.2), ("tanh", 0.95, 0.75))),
        (right, "Flat on the left", (("ReLU", -3.1, 0.12), ("SiLU", 2.9, 1.24), ("GELU", -1.85, 1.13))),
    )
    for axes, title, curves in panels:
        axes.axhspan(-0.05, 0.05, color=style.PALE, linewidth=0, zorder=0)
        style.zero_lines(axes)
        for name, x, y in curves:
            color, line, _ = signs.FUNCTIONS[name]
            if name == "ReLU":
                axes.plot([-5, 0], [0, 0], color=color, linestyle=line)
                axes.plot([0, 5], [1, 1], color=color, linestyle=line)
            else:
                axes.plot(z, SLOPES[name](z), color=color, linestyle=line)
            style.label(axes, name, x, y, color)
            peak = largest_slope()[name]
            if name != "ReLU":
                axes.plot(peak["at"], peak["value"], "o", color=color)
        axes.set(title=title, xlabel="pre-activation $z$", xlim=(-5, 5), ylim=(-0.3, 1.38))
    left.set_ylabel("derivative $f'(z)$")
    left.text(-4.9, -0.085, "saturated: below 0.05", fontsize=7.5, color=style.GREY, va="top")
    return sheet


@numbers
def values():
    """Each function at -2, -1, 0, 1, 2."""
    names, z = ("m2", "m1", "at0", "p1", "p2"), np.arange(-2.0, 3.0)
    return {key.replace(" ", "_"): dict(zip(names, map(float, f(z)), strict=True)) for key, f in FUNCTIONS.items()}


@numbers
@cache
def lowest():
    """Minimum of the two functions that are not monotonic, and where it lies."""
    found = {}
    for name in ("SiLU", "GELU"):
        low, high = -2.0, 0.0  # the slope is negative at -2 and positive at 0: bisect its zero
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if SLOPES[name](middle) < 0 else (low, middle)
        found[name] = {"at": low, "value": float(FUNCTIONS[name](low))}
    return found


@numbers
def gelu_shortcuts():
    """Largest error of the two usual stand-ins for GELU."""
    exact = FUNCTIONS["GELU"](_GRID)
    cubic = 0.5 * _GRID * (1 + np.tanh(math.sqrt(2 / math.pi) * (_GRID + 0.044715 * _GRID**3)))
    return {"tanh": float(np.abs(cubic - exact).max()), "sigmoid": float(np.abs(_swish(_GRID, 1.702) - exact).max())}


@numbers
def moments():
    """Mean and second moment of f(z) for a standard normal z, summed on a fine grid."""
    z = np.linspace(-12, 12, 240_001)
    weights = normal.density(z) * (z[1] - z[0])
    result = {}
    for name, f in FUNCTIONS.items():
        a = f(z)
        result[name.replace(" ", "_")] = {"mean": float(weights @ a), "second": float(weights @ a**2)}
    return result


@figure
def curves():
    """Eight functions (solid) with their derivatives (dashed), all on one scale."""
    sheet, axes = style.figure("wide", 80, 2, 4, sharex=True, sharey=True)
    names = {
        "sigmoid": "Sigmoid",
        "tanh": "Hyperbolic tangent",
        "ReLU": "ReLU",
        "leaky ReLU": "Leaky ReLU, drawn with 0.1",
        "softplus": "Softplus",
        "ELU": r"ELU, $\alpha = 1$",
        "SiLU": "SiLU (swish)",
        "GELU": "GELU",
    }
    for plot, (name, title) in zip(axes.flat, names.items(), strict=True):
        _function_and_slope(plot, name)
        _lowest_and_steepest(plot, name)
        plot.set(xlim=(-4, 4), ylim=(-1.25, 2.5), xticks=(-3, 0, 3), yticks=(-1, 0, 1, 2))
        plot.set_title(title)
    style.label(axes[0, 0], "$f$", 3.1, 1.24, style.TEAL)
    style.label(axes[0, 0], "$f'$", 3.1, 0.42, style.RUST)
    for plot in axes[1]:
        plot.set_xlabel("pre-activation $z$")
    return sheet


def _function_and_slope(plot, name):
    style.zero_lines(plot)
    z = np.linspace(-4, 4, 801)
    values, slopes = FUNCTIONS[name](z), SLOPES[name](z)
    if name == "leaky ReLU":
        values, slopes = np.where(z > 0, z, 0.1 * z), np.where(z > 0, 1.0, 0.1)
    if name in ("ReLU", "leaky ReLU"):
        slopes[400] = np.nan  # a jump, not a slope
    plot.plot(z, values, color=style.TEAL, linewidth=1.4)
    plot.plot(z, slopes, color=style.RUST, linestyle=(0, (3.2, 1.4)))


def _lowest_and_steepest(plot, name):
    """Mark the lowest value and the largest slope where they are worth a number."""
    if name in lowest():
        low = lowest()[name]
        plot.plot(low["at"], low["value"], "o", color=style.TEAL)
        value = f"{low['value']:.2f}".replace("-", "\u2212")
        style.label(plot, value, low["at"] - 0.15, -0.55, style.TEAL, ha="center", fontsize=7.5)
    if name in ("sigmoid", "tanh", "SiLU", "GELU"):
        peak = largest_slope()[name]
        aside = {"sigmoid": -0.47, "tanh": 0.2}.get(name, -0.27)
        plot.plot(peak["at"], peak["value"], "o", color=style.RUST)
        style.label(plot, f"{peak['value']:.2f}", peak["at"] + 0.25, peak["value"] + aside, style.RUST, fontsize=7.5)
