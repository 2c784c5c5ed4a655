"""One neuron as a computation graph, the sum over outgoing wires, and the error of difference quotients."""

import math
from functools import cache

import numpy as np

from .kit import diagrams, grids, style
from .kit.results import figure, numbers
from .models.networks import sigmoid

# One sigmoid neuron with a squared loss (3.2.1).
NEURON = {"x1": 1.5, "x2": 0.5, "w1": 0.6, "w2": -0.8, "b": -0.1, "y": 1.0}


@numbers
def neuron():
    """Forward and backward values of the neuron of the text, wire by wire."""
    return neuron_pass(NEURON)


def neuron_pass(values):
    """Forward and backward values of one neuron with given inputs, weights, bias and target."""
    v = dict(values)
    v["p1"], v["p2"] = v["w1"] * v["x1"], v["w2"] * v["x2"]
    v["s"] = v["p1"] + v["p2"]
    v["z"] = v["s"] + v["b"]
    v["a"] = float(sigmoid(v["z"]))
    v["e"] = v["a"] - v["y"]
    v["loss"] = v["e"] ** 2 / 2
    v["slope"] = v["a"] * (1 - v["a"])
    delta = v["e"] * v["slope"]
    back = {
        "loss": 1.0,
        "e": v["e"],
        "a": v["e"],
        "y": -v["e"],
        "z": delta,
        "b": delta,
        "s": delta,
        "p1": delta,
        "p2": delta,
        "w1": delta * v["x1"],
        "x1": delta * v["w1"],
        "w2": delta * v["x2"],
        "x2": delta * v["w2"],
    }
    return v | {"d": back}


@numbers
def fan_out_numbers():
    """The error of one unit that feeds three others."""
    weights, errors, a = np.array([0.5, 1.0, -0.4]), np.array([0.2, -0.1, 0.3]), 0.6
    total = float(weights @ errors)
    return {"w": weights, "d": errors, "a": a, "total": total, "slope": a * (1 - a), "delta": total * a * (1 - a)}


@numbers
def checked():
    """The gradient of w1, and the central difference with a step that one can see."""
    h, losses = 0.01, []
    for sign in (1, -1):
        losses.append(neuron_pass(NEURON | {"w1": NEURON["w1"] + sign * h})["loss"])
    return {"quotient": (losses[0] - losses[1]) / (2 * h), "gradient": neuron()["d"]["w1"]}


@cache
def differences_by_step():
    steps = 10.0 ** -np.arange(1, 13.01, 0.5)
    exact = float(sigmoid(1.0) * (1 - sigmoid(1.0)))
    forward = np.abs((sigmoid(1 + steps) - sigmoid(1.0)) / steps - exact)
    central = np.abs((sigmoid(1 + steps) - sigmoid(1 - steps)) / (2 * steps) - exact)
    return steps, forward, central


@numbers
def differences():
    """Errors of both difference quotients for the slope of the sigmoid at 1."""
    steps, forward, central = differences_by_step()
    found = {}
    for power in (1, 3, 5, 8, 12):
        n = int(np.argmin(np.abs(np.log10(steps) + power)))
        found[f"h{power}"] = {"forward": float(forward[n]), "central": float(central[n])}
    z = float(sigmoid(1.0))
    third = z * (1 - z) * (1 - 6 * z + 6 * z * z)
    return found | {"predicted": abs(third) * 0.1**2 / 6}


def value(axes, text, x, y, **options):
    """Write a value of the way forward: teal and upright."""
    style.label(axes, text, x, y, style.TEAL, **{"ha": "center", "fontsize": 7.5} | options)


def gradient(axes, text, x, y, **options):
    """Write a gradient: rust and italic."""
    style.label(axes, text, x, y, style.RUST, **{"ha": "center", "fontsize": 7.5, "style": "italic"} | options)


def circle(axes, x, y, radius, ground="white"):
    """Draw a unit or an operation."""
    diagrams.circle(axes, x, y, radius, ground, width=0.8, zorder=4)


NODES = {
    "p1": (27, 35, "\N{MULTIPLICATION SIGN}"),
    "p2": (27, 11, "\N{MULTIPLICATION SIGN}"),
    "s": (41, 23, "+"),
    "z": (55.5, 23, "+"),
    "a": (69, 23, r"$\sigma$"),
    "e": (84.5, 23, "\N{MINUS SIGN}"),
    "loss": (100, 23, r"$e^2\!/2$"),
}
RADIUS = 3.4


def _labels(axes, name, x, y, digits):
    """The value above a wire, the gradient below it."""
    value(axes, grids.number(neuron()[name], digits[0]), x, y + 1, va="bottom")
    gradient(axes, grids.number(neuron()["d"][name], digits[1]), x, y - 1.2, va="top")


def _inputs(axes):
    """Inputs and weights enter the products, and their names stand where the wires begin."""
    for name, y0, end in (("x1", 43, "p1"), ("w1", 27, "p1"), ("x2", 19, "p2"), ("w2", 3, "p2")):
        x1, y1, _ = NODES[end]
        shorter = 1 - (RADIUS + 0.2) / math.hypot(x1 - 6, y1 - y0)
        grids.arrow(axes, (6, y0), (6 + shorter * (x1 - 6), y0 + shorter * (y1 - y0)), color=style.INK)
        _labels(axes, name, 6 + 0.3 * (x1 - 6), y0 + 0.3 * (y1 - y0), (1, 3))
        axes.text(5, y0, f"${name[0]}_{name[1]}$", fontsize=8.5, ha="right", va="center")


def _wires(axes):
    """From the products to the loss; the products enter the sum from above and below."""
    v, d = neuron(), neuron()["d"]
    for name, side in (("p1", 1), ("p2", -1)):
        x0, y0, _ = NODES[name]
        grids.arrow(axes, (x0 + RADIUS, y0), (NODES["s"][0] - 1.8, NODES["s"][1] + side * 2.5), color=style.INK)
        value(axes, grids.number(v[name], 1), 35.6, y0 - side * 2.6 + 1.6, ha="left")
        gradient(axes, grids.number(d[name], 3), 35.6, y0 - side * 2.6 - 1.6, ha="left")
    for name, end, digits in (("s", "z", (1, 3)), ("z", "a", (1, 3)), ("a", "e", (3, 3)), ("e", "loss", (3, 3))):
        x0, x1, y = NODES[name][0] + RADIUS, NODES[end][0] - RADIUS - 0.2, NODES[name][1]
        grids.arrow(axes, (x0, y), (x1, y), color=style.INK)
        _labels(axes, name, (x0 + x1 + 0.2) / 2, y, digits)
        if name != "s":  # the value that the wire carries is the output of the node before it
            style.write(axes, (x0 + x1 + 0.2) / 2, y + 5.9, f"${name}$", fontsize=8.5)
    x, y = NODES["loss"][0] + RADIUS, NODES["loss"][1]
    grids.arrow(axes, (x, y), (x + 6, y), color=style.INK)
    _labels(axes, "loss", x + 3, y, (3, 0))


def _bias_and_target(axes):
    for name, end in (("b", "z"), ("y", "e")):
        x, y, _ = NODES[end]
        grids.arrow(axes, (x, y - 13), (x, y - RADIUS - 0.2), color=style.INK)
        value(axes, grids.number(neuron()[name], 1), x - 1, y - 8.5, ha="right")
        gradient(axes, grids.number(neuron()["d"][name], 3), x + 1, y - 8.5, ha="left")
        style.write(axes, x, y - 15, f"${name}$", fontsize=8.5)


@figure
def neuron_graph():
    """One neuron and its loss as a graph: values above the wires, gradients below them."""
    sheet, axes = style.figure("column", 46)
    style.diagram(axes, 112, 46)
    for name, (x, y, text) in NODES.items():
        circle(axes, x, y, RADIUS, style.PALE)
        style.write(axes, x, y - 0.2, text, fontsize=9 if name != "loss" else 8, zorder=5)
    _inputs(axes)
    _wires(axes)
    _bias_and_target(axes)
    value(axes, "upright, teal: value", 54, 42, ha="left", fontsize=8)
    gradient(axes, "italic, rust: gradient of the loss", 54, 38, ha="left", fontsize=8)
    gradient(axes, r"$\delta$ is the gradient on the wire of $z$, into $\sigma$", 60, 3, ha="left", fontsize=8)
    return sheet


@figure
def fan_out():
    """One unit feeds three: the errors come back over the same weights and are added."""
    sheet, axes = style.figure("margin", 32)
    style.diagram(axes, 45, 32)
    found = fan_out_numbers()
    circle(axes, 8, 16, 4.2)
    axes.text(8, 16, "$j$", fontsize=9, ha="center", va="center", zorder=5)
    ground = {"facecolor": "white", "edgecolor": "none", "pad": 2}
    for y, weight, error in zip((27, 16, 5), found["w"], found["d"], strict=True):
        circle(axes, 34, y, 3.2)
        grids.arrow(axes, (30.6, y), (12.4, 16 + (y - 16) * 0.12), color=style.RUST, linestyle=(0, (4, 1.6)))
        style.label(
            axes, grids.number(weight), 22.5, 16 + (y - 16) * 0.59, ha="center", fontsize=7.5, bbox=ground, zorder=3
        )
        gradient(axes, grids.number(error), 38, y, ha="left")
    gradient(axes, grids.number(round(found["total"], 4)), 8, 9.4)
    return sheet


@figure
def difference_error():
    """Error of the forward and the central difference against the step."""
    sheet, axes = style.figure("column", 40)
    steps, forward, central = differences_by_step()
    tiny = 1e-13
    axes.loglog(steps, np.maximum(forward, tiny), "o-", color=style.TEAL)
    axes.loglog(steps, np.maximum(central, tiny), "s--", color=style.RUST)
    style.label(axes, "forward: error falls with $h$", 3e-6, 3e-4, style.TEAL, ha="right")
    style.label(axes, "central: error falls with $h^2$", 3e-5, 3e-13, style.RUST, ha="left")
    style.label(axes, "rounding wins", 1.2e-13, 6e-11, style.GREY, ha="left")
    axes.set(xlabel="step $h$", ylabel="error of the slope", xlim=(5e-14, 0.3), ylim=(3e-14, 1))
    return sheet
