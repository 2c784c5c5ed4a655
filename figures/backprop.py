"""Backpropagation: a neuron as a graph, difference quotients, the complete 2-2-2 example."""

import math
from functools import cache

import numpy as np
from matplotlib.patches import Circle

from . import grids, style
from .forward import sigmoid

# One sigmoid neuron with a squared loss (3.2.1).
NEURON = {"x1": 1.5, "x2": 0.5, "w1": 0.6, "w2": -0.8, "b": -0.1, "y": 1.0}

# The example of 3.2.5: two inputs, two hidden units, two outputs.
INPUT, TARGET, RATE = np.array([0.8, 0.4]), np.array([1.0, 0.0]), 0.5
START = {
    "W1": np.array([[0.3, -0.5], [0.6, 0.2]]),
    "b1": np.array([0.1, -0.2]),
    "W2": np.array([[0.7, -0.4], [-0.3, 0.9]]),
    "b2": np.array([0.2, -0.1]),
}
MARKS = (1, 10, 100, 1000, 10_000)


def neuron():
    """Forward and backward values of the neuron of the text, wire by wire."""
    return neuron_pass(NEURON)


def neuron_pass(values):
    """Forward and backward values of one neuron with given inputs, weights, bias and target."""
    v = dict(values)
    v["p1"], v["p2"] = v["w1"] * v["x1"], v["w2"] * v["x2"]
    v["s"] = v["p1"] + v["p2"]
    v["z"] = v["s"] + v["b"]
    v["a"] = 1 / (1 + math.exp(-v["z"]))
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


def fan_out_numbers():
    """The error of one unit that feeds three others."""
    weights, errors, a = np.array([0.5, 1.0, -0.4]), np.array([0.2, -0.1, 0.3]), 0.6
    total = float(weights @ errors)
    return {
        "w": weights,
        "d": errors,
        "a": a,
        "total": total,
        "slope": a * (1 - a),
        "delta": total * a * (1 - a),
    }


@cache
def _differences():
    steps = 10.0 ** -np.arange(1, 13.01, 0.5)
    exact = float(sigmoid(1.0) * (1 - sigmoid(1.0)))
    forward = np.abs((sigmoid(1 + steps) - sigmoid(1.0)) / steps - exact)
    central = np.abs((sigmoid(1 + steps) - sigmoid(1 - steps)) / (2 * steps) - exact)
    return steps, forward, central


def differences():
    """Errors of both difference quotients for the slope of the sigmoid at 1."""
    steps, forward, central = _differences()
    found = {}
    for power in (1, 3, 5, 8, 12):
        n = int(np.argmin(np.abs(np.log10(steps) + power)))
        found[f"h{power}"] = {"forward": float(forward[n]), "central": float(central[n])}
    z = float(sigmoid(1.0))
    third = z * (1 - z) * (1 - 6 * z + 6 * z * z)
    return found | {"predicted": abs(third) * 0.1**2 / 6}


def forward_pass(parameters, x=INPUT, y=TARGET):
    """All values of the forward pass of the 2-2-2 network."""
    z1 = parameters["W1"] @ x + parameters["b1"]
    a1 = sigmoid(z1)
    z2 = parameters["W2"] @ a1 + parameters["b2"]
    a2 = sigmoid(z2)
    return {
        "z1": z1,
        "a1": a1,
        "z2": z2,
        "y": a2,
        "error": a2 - y,
        "losses": (a2 - y) ** 2 / 2,
        "loss": float(((a2 - y) ** 2).sum() / 2),
    }


def backward_pass(parameters, state, x=INPUT):
    """The four equations of backpropagation."""
    slope2, slope1 = state["y"] * (1 - state["y"]), state["a1"] * (1 - state["a1"])
    d2 = state["error"] * slope2
    back = parameters["W2"].T @ d2
    d1 = back * slope1
    return {
        "slope2": slope2,
        "d2": d2,
        "back": back,
        "slope1": slope1,
        "d1": d1,
        "W2": np.outer(d2, state["a1"]),
        "b2": d2,
        "W1": np.outer(d1, x),
        "b1": d1,
    }


def step(parameters, gradients, rate=RATE):
    """One step of gradient descent."""
    return {name: value - rate * gradients[name] for name, value in parameters.items()}


@cache
def _history():
    parameters, losses = START, []
    for _ in range(MARKS[-1]):
        state = forward_pass(parameters)
        losses.append(state["loss"])
        parameters = step(parameters, backward_pass(parameters, state))
    final = forward_pass(parameters)
    return np.array([*losses, final["loss"]]), final["y"]


def _flat(prefix, values):
    """Entries of a vector or matrix as names: W1 -> W1_11, W1_12, ..."""
    values = np.asarray(values)
    if values.ndim == 1:
        return {f"{prefix}_{i + 1}": float(v) for i, v in enumerate(values)}
    return {
        f"{prefix}_{i + 1}{j + 1}": float(v)
        for i, row in enumerate(values)
        for j, v in enumerate(row)
    }


@cache
def example():
    """Every value of the 2-2-2 example, whole and entry by entry."""
    now = forward_pass(START)
    back = backward_pass(START, now)
    after = step(START, back)
    later = forward_pass(after)
    found = {"x": INPUT, "t": TARGET, **{name: START[name] for name in START}}
    found |= {name: now[name] for name in ("z1", "a1", "z2", "y", "error", "losses", "loss")}
    found |= {name: back[name] for name in ("slope2", "d2", "back", "slope1", "d1")}
    found |= {f"g_{name}": back[name] for name in START} | {
        f"new_{name}": after[name] for name in START
    }
    found |= {"new_y": later["y"], "new_loss": later["loss"], "drop": now["loss"] - later["loss"]}
    for name in (
        "z1",
        "a1",
        "z2",
        "y",
        "error",
        "losses",
        "slope2",
        "d2",
        "back",
        "slope1",
        "d1",
        "new_y",
    ):
        found |= _flat(name, found[name])
    for name in START:
        found |= (
            _flat(name, START[name])
            | _flat(f"g_{name}", back[name])
            | _flat(f"new_{name}", after[name])
        )
        found |= _flat(f"n_{name}", numeric_gradient(name))
    # The first-order prediction of the drop: rate times the squared length of the gradient.
    found["squared_gradient"] = float(sum((back[name] ** 2).sum() for name in START))
    found["predicted_drop"] = RATE * found["squared_gradient"]
    found["a1_row"] = now["a1"][None]
    found["other_error"] = float(now["y"][1] - 1)
    found["other_delta"] = float(found["other_error"] * back["slope2"][1])
    sizes = {name: float(np.sqrt((back[name] ** 2).mean())) for name in ("W1", "W2")}
    found["ratio"] = sizes["W2"] / sizes["W1"]
    return found


def numeric_gradient(name, h=1e-5):
    """Central differences of the loss with respect to each entry of one parameter array."""
    result = np.zeros_like(START[name])
    for place in np.ndindex(result.shape):
        moved = []
        for sign in (1, -1):
            trial = {key: value.copy() for key, value in START.items()}
            trial[name][place] += sign * h
            moved.append(forward_pass(trial)["loss"])
        result[place] = (moved[0] - moved[1]) / (2 * h)
    return result


def _hidden_error(fault, parameters, back, after):
    """Error signal of the hidden layer as a faulty program computes it."""
    weights = after["W2"] if fault == "new" else parameters["W2"]
    error = (weights if fault == "square" else weights.T) @ back["d2"]
    return error if fault == "slope" else error * back["slope1"]


@cache
def faults():
    """What three faults in the hidden layer's error signal do to it and to the descent."""
    found = {}
    right = backward_pass(START, forward_pass(START))["d1"]
    for fault in ("none", "new", "slope", "square"):
        parameters, first = START, None
        for n in range(100):
            state = forward_pass(parameters)
            back = backward_pass(parameters, state)
            d1 = _hidden_error(fault, parameters, back, step(parameters, back))
            if n == 0:
                first = d1
            parameters = step(parameters, back | {"W1": np.outer(d1, INPUT), "b1": d1})
            if n == 0:
                after1 = forward_pass(parameters)["loss"]
        found[fault] = {
            "d_1": float(first[0]),
            "d_2": float(first[1]),
            "after1": after1,
            "after100": forward_pass(parameters)["loss"],
            "percent_1": float(abs(first[0] / right[0] - 1) * 100),
            "percent_2": float(abs(first[1] / right[1] - 1) * 100),
        }
    return found


@cache
def descent():
    """Loss after 1, 10, ... 10,000 steps, the last outputs, the largest gap of the check."""
    losses, last = _history()
    gap = max(
        float(
            np.abs(numeric_gradient(name) - backward_pass(START, forward_pass(START))[name]).max()
        )
        for name in START
    )
    return {f"after{n}": float(losses[n]) for n in (0, *MARKS)} | {
        "y_1": float(last[0]),
        "y_2": float(last[1]),
        "gap": gap,
    }


def _signed(value, digits):
    return f"{value:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def neuron_graph():
    """One neuron and its loss as a graph: values above the wires, gradients below them."""
    sheet, axes = style.figure("column", 46)
    style.diagram(axes, 112, 46)
    v = neuron()
    d = v["d"]
    nodes = {
        "p1": (27, 35, "\N{MULTIPLICATION SIGN}"),
        "p2": (27, 11, "\N{MULTIPLICATION SIGN}"),
        "s": (41, 23, "+"),
        "z": (55.5, 23, "+"),
        "a": (69, 23, r"$\sigma$"),
        "e": (84.5, 23, "\N{MINUS SIGN}"),
        "loss": (100, 23, r"$\frac{e^2}{2}$"),
    }
    radius = 3.0
    for x, y, text in nodes.values():
        axes.add_patch(
            Circle(
                (x, y), radius, facecolor=style.PALE, edgecolor=style.INK, linewidth=0.7, zorder=4
            )
        )
        axes.text(
            x,
            y - 0.2,
            text,
            fontsize=9 if "frac" not in text else 8.5,
            ha="center",
            va="center",
            zorder=5,
        )

    def wire(start, end, value, gradient, at=0.5, dx=0.0, name=None):
        (x0, y0), (x1, y1) = start, end
        length = math.hypot(x1 - x0, y1 - y0)
        ux, uy = (x1 - x0) / length, (y1 - y0) / length
        grids.arrow(
            axes, start, (x1 - ux * (radius + 0.2), y1 - uy * (radius + 0.2)), color=style.INK
        )
        x, y = x0 + at * (x1 - x0) + dx, y0 + at * (y1 - y0)
        axes.text(
            x, y + 1.0, value, fontsize=7.5, ha="center", va="bottom", color=style.TEAL, zorder=6
        )
        axes.text(
            x,
            y - 1.2,
            gradient,
            fontsize=7.5,
            ha="center",
            va="top",
            color=style.RUST,
            style="italic",
            zorder=6,
        )
        if name:
            axes.text(x0 - 1, y0, name, fontsize=8.5, ha="right", va="center")

    def out(name):
        x, y, _ = nodes[name]
        return (x + radius, y)

    def place(name):
        return nodes[name][:2]

    for name, start, end in (
        ("x1", (6, 43), "p1"),
        ("w1", (6, 27), "p1"),
        ("x2", (6, 19), "p2"),
        ("w2", (6, 3), "p2"),
    ):
        wire(
            start,
            place(end),
            _signed(v[name], 1),
            _signed(d[name], 3),
            at=0.3,
            name=f"${name[0]}_{name[1]}$",
        )
    # The two products enter the sum from above and below: labels stand beside the slope.
    for name, side in (("p1", 1), ("p2", -1)):
        x0, y0 = out(name)
        x1, y1 = place("s")
        grids.arrow(axes, (x0, y0), (x1 - 1.8, y1 + side * 2.5), color=style.INK)
        axes.text(
            35.6,
            y0 + side * -2.6 + 1.6,
            _signed(v[name], 1),
            fontsize=7.5,
            ha="left",
            va="center",
            color=style.TEAL,
        )
        axes.text(
            35.6,
            y0 + side * -2.6 - 1.6,
            _signed(d[name], 3),
            fontsize=7.5,
            ha="left",
            va="center",
            color=style.RUST,
            style="italic",
        )
    wire(out("s"), place("z"), _signed(v["s"], 1), _signed(d["s"], 3), 0.5, dx=-radius / 2)
    wire(out("z"), place("a"), _signed(v["z"], 1), _signed(d["z"], 3), 0.5, dx=-radius / 2)
    wire(out("a"), place("e"), _signed(v["a"], 3), _signed(d["a"], 3), 0.5, dx=-radius / 2)
    wire(out("e"), place("loss"), _signed(v["e"], 3), _signed(d["e"], 3), 0.5, dx=-radius / 2)
    x, y = out("loss")
    grids.arrow(axes, (x, y), (x + 6, y), color=style.INK)
    axes.text(
        x + 3,
        y + 1,
        _signed(v["loss"], 3),
        fontsize=7.5,
        ha="center",
        va="bottom",
        color=style.TEAL,
    )
    axes.text(
        x + 3,
        y - 1.2,
        _signed(d["loss"], 0),
        fontsize=7.5,
        ha="center",
        va="top",
        color=style.RUST,
        style="italic",
    )
    for name, node, label in (("b", "z", "$b$"), ("y", "e", "$y$")):
        x, y = place(node)
        grids.arrow(axes, (x, y - 13), (x, y - radius - 0.2), color=style.INK)
        axes.text(
            x - 1,
            y - 8.5,
            _signed(v[name], 1),
            fontsize=7.5,
            ha="right",
            va="center",
            color=style.TEAL,
        )
        axes.text(
            x + 1,
            y - 8.5,
            _signed(d[name], 3),
            fontsize=7.5,
            ha="left",
            va="center",
            color=style.RUST,
            style="italic",
        )
        axes.text(x, y - 15, label, fontsize=8.5, ha="center", va="center")
    axes.text(54, 42, "upright, teal: value", fontsize=8, color=style.TEAL, ha="left", va="center")
    axes.text(
        54,
        38,
        "italic, rust: gradient of the loss",
        fontsize=8,
        color=style.RUST,
        style="italic",
        ha="left",
        va="center",
    )
    axes.text(
        60,
        3,
        r"$\delta$ is the gradient on the wire of $z$, into $\sigma$",
        fontsize=8,
        ha="left",
        va="center",
        color=style.RUST,
        style="italic",
    )
    return sheet


def fan_out():
    """One unit feeds three: the errors come back over the same weights and are added."""
    sheet, axes = style.figure("margin", 32)
    style.diagram(axes, 45, 32)
    found = fan_out_numbers()
    axes.add_patch(
        Circle((8, 16), 4.2, facecolor="white", edgecolor=style.INK, linewidth=0.8, zorder=4)
    )
    axes.text(8, 16, "$j$", fontsize=9, ha="center", va="center", zorder=5)
    for y, weight, error in zip((27, 16, 5), found["w"], found["d"], strict=True):
        axes.add_patch(
            Circle((34, y), 3.2, facecolor="white", edgecolor=style.INK, linewidth=0.8, zorder=4)
        )
        grids.arrow(
            axes, (30.6, y), (12.4, 16 + (y - 16) * 0.12), color=style.RUST, linestyle=(0, (4, 1.6))
        )
        axes.text(
            22.5,
            16 + (y - 16) * 0.59,
            grids.number(weight),
            fontsize=7.5,
            ha="center",
            va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 2},
            zorder=3,
        )
        axes.text(
            38,
            y,
            grids.number(error),
            fontsize=7.5,
            ha="left",
            va="center",
            color=style.RUST,
            style="italic",
        )
    axes.text(
        8,
        9.4,
        grids.number(round(found["total"], 4)),
        fontsize=7.5,
        ha="center",
        va="center",
        color=style.RUST,
        style="italic",
    )
    return sheet


def difference_error():
    """Error of the forward and the central difference against the step."""
    sheet, axes = style.figure("column", 40)
    steps, forward, central = _differences()
    tiny = 1e-13
    axes.loglog(steps, np.maximum(forward, tiny), "o-", color=style.TEAL)
    axes.loglog(steps, np.maximum(central, tiny), "s--", color=style.RUST)
    style.label(axes, "forward: error falls with $h$", 3e-6, 3e-4, style.TEAL, ha="right")
    style.label(axes, "central: error falls with $h^2$", 3e-5, 3e-13, style.RUST, ha="left")
    style.label(axes, "rounding wins", 1.2e-13, 3e-9, style.GREY, ha="left")
    axes.set(xlabel="step $h$", ylabel="error of the slope", xlim=(5e-14, 0.3), ylim=(3e-14, 1))
    return sheet


def network():
    """The 2-2-2 example: forward values in the units, gradients at the weights and units."""
    sheet, axes = style.figure("wide", 67)
    style.diagram(axes, 164, 67)
    f = example()
    top, low = 49.5, 18
    columns = {"x": 10, "h": 72, "o": 132}
    radius = 7.2

    def unit(x, y, first, second, error=None):
        axes.add_patch(
            Circle((x, y), radius, facecolor="white", edgecolor=style.INK, linewidth=0.8, zorder=4)
        )
        axes.text(
            x,
            y + (2 if second else 0),
            first,
            fontsize=7.5,
            ha="center",
            va="center",
            zorder=5,
            color=style.TEAL,
        )
        if second:
            axes.text(
                x, y - 2, second, fontsize=7.5, ha="center", va="center", zorder=5, color=style.TEAL
            )
        if error:
            axes.text(
                x,
                y - radius - 2.4,
                error,
                fontsize=7.5,
                ha="center",
                va="center",
                color=style.RUST,
                style="italic",
                zorder=6,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
            )

    def number(name, digits=4):
        return _signed(f[name], digits)

    for layer, (left, right) in ((1, ("x", "h")), (2, ("h", "o"))):
        for i, end in enumerate((top, low)):
            for j, start in enumerate((top, low)):
                x0, x1 = columns[left], columns[right]
                axes.plot([x0, x1], [start, end], color=style.RULE, linewidth=0.7, zorder=1)
                at = 0.5 if i == j else 0.29
                x, y = x0 + at * (x1 - x0), start + at * (end - start)
                label = {"ha": "center", "va": "center", "fontsize": 7.5, "zorder": 3}
                back = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
                axes.text(
                    x,
                    y + 1.8,
                    f"$W_{{{i + 1}{j + 1}}}$ " + _signed(f[f"W{layer}_{i + 1}{j + 1}"], 1),
                    color=style.TEAL,
                    bbox=back,
                    **label,
                )
                axes.text(
                    x,
                    y - 1.9,
                    number(f"g_W{layer}_{i + 1}{j + 1}"),
                    color=style.RUST,
                    style="italic",
                    bbox=back,
                    **label,
                )
    for i, y in enumerate((top, low)):
        n = i + 1
        unit(columns["x"], y, f"$x_{n}$ = {INPUT[i]:.1f}", None)
        unit(
            columns["h"],
            y,
            "$z$ " + number(f"z1_{n}"),
            "$a$ " + number(f"a1_{n}"),
            f"$\\delta$ {number(f'd1_{n}')}",
        )
        unit(
            columns["o"],
            y,
            "$z$ " + number(f"z2_{n}"),
            "$a$ " + number(f"y_{n}"),
            f"$\\delta$ {number(f'd2_{n}')}",
        )
        for layer, column in ((1, "h"), (2, "o")):
            axes.text(
                columns[column],
                y + radius + 2.2,
                f"$b_{n}$ " + _signed(f[f"b{layer}_{n}"], 1),
                fontsize=7.5,
                ha="center",
                va="center",
                color=style.TEAL,
            )
        grids.arrow(axes, (columns["o"] + radius, y), (columns["o"] + 13, y))
        axes.text(146, y + 2.2, f"target {TARGET[i]:g}", fontsize=7.5, ha="left", va="center")
        axes.text(
            146,
            y - 1.8,
            "loss " + number(f"losses_{n}"),
            fontsize=7.5,
            ha="left",
            va="center",
            color=style.TEAL,
        )
    for x, text in ((10, "input"), (72, "hidden layer, $l = 1$"), (132, "output layer, $l = 2$")):
        axes.text(x, 64.8, text, fontsize=8, ha="center", va="center", weight=600)
    grids.arrow(axes, (24, 4.2), (58, 4.2), color=style.TEAL)
    axes.text(
        60,
        4.2,
        "upright, teal: values, computed from left to right",
        fontsize=8,
        color=style.TEAL,
        ha="left",
        va="center",
    )
    grids.arrow(axes, (58, 0.6), (24, 0.6), color=style.RUST, linestyle=(0, (4, 1.6)))
    axes.text(
        60,
        0.6,
        "italic, rust: gradients, computed from right to left",
        fontsize=8,
        color=style.RUST,
        style="italic",
        ha="left",
        va="center",
    )
    return sheet


def loss_curve():
    """The loss of the 2-2-2 example over 10,000 steps."""
    sheet, axes = style.figure("column", 41)
    losses, _ = _history()
    steps = np.unique(np.round(np.logspace(0, 4, 300)).astype(int))
    axes.loglog(steps, losses[steps], color=style.TEAL)
    axes.axhline(losses[0], color=style.RULE, linewidth=0.6)
    axes.text(
        1.0,
        losses[0] * 1.16,
        f"at the start {losses[0]:.4f}",
        fontsize=7.5,
        ha="left",
        va="bottom",
        color=style.GREY,
    )
    for n in MARKS:
        axes.plot(n, losses[n], "o", color=style.TEAL, clip_on=False)
        text = f"{losses[n]:.4f}" if n < 1000 else f"{losses[n]:.6f}"
        place = (3, 4) if n > 10 else (-1, -10)
        axes.annotate(
            text,
            (n, losses[n]),
            place,
            textcoords="offset points",
            fontsize=7.5,
            ha="left" if n != 10 else "right",
        )
    axes.set(
        xlabel="steps of gradient descent, $\\eta = 0.5$",
        ylabel="loss $L$",
        xlim=(0.9, 30_000),
        ylim=(losses[-1] / 2, 1),
    )
    return sheet
