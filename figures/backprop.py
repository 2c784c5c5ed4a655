"""Backpropagation: the complete example of a network of two, two and two units, with faulty programs."""

from functools import cache

import numpy as np

from .graph import circle, gradient, value
from .kit import grids, style
from .kit.results import computed, figure, numbers
from .models.networks import sigmoid
from .models.worked import INPUT, RATE, START, TARGET, backward_pass, forward_pass, numeric_gradient, step

MARKS = (1, 10, 100, 1000, 10_000)


@computed
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
    return {f"{prefix}_{i + 1}{j + 1}": float(v) for i, row in enumerate(values) for j, v in enumerate(row)}


@numbers
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
    found |= {f"g_{name}": back[name] for name in START} | {f"new_{name}": after[name] for name in START}
    found |= {"new_y": later["y"], "new_loss": later["loss"], "drop": now["loss"] - later["loss"]}
    for name in ("z1", "a1", "z2", "y", "error", "losses", "slope2", "d2", "back", "slope1", "d1", "new_y"):
        found |= _flat(name, found[name])
    for name in START:
        found |= _flat(name, START[name]) | _flat(f"g_{name}", back[name]) | _flat(f"new_{name}", after[name])
        found |= _flat(f"n_{name}", numeric_gradient(name))
    # The first-order prediction of the drop: rate times the squared length of the gradient.
    found["squared_gradient"] = float(sum((back[name] ** 2).sum() for name in START))
    found["predicted_change"] = -RATE * found["squared_gradient"]
    found["a1_row"] = now["a1"][None]
    found["other_error"] = float(now["y"][1] - 1)
    found["other_delta"] = float(found["other_error"] * back["slope2"][1])
    sizes = {name: float(np.sqrt((back[name] ** 2).mean())) for name in ("W1", "W2")}
    found["ratio"] = sizes["W2"] / sizes["W1"]
    return found


def _hidden_error(fault, parameters, back, after):
    """Error signal of the hidden layer as a faulty program computes it."""
    weights = after["W2"] if fault == "new" else parameters["W2"]
    error = (weights if fault == "square" else weights.T) @ back["d2"]
    return error if fault == "slope" else error * back["slope1"]


@numbers
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


@numbers
def checks():
    """Largest relative error of the six gradients of the hidden layer, with each fault and without."""
    state = forward_pass(START)
    back = backward_pass(START, state)
    quotients = np.concatenate([numeric_gradient("W1").ravel(), numeric_gradient("b1")])
    found = {}
    for fault in ("none", "new", "slope", "square"):
        d1 = _hidden_error(fault, START, back, step(START, back))
        gradients = np.concatenate([np.outer(d1, INPUT).ravel(), d1])
        gaps = np.abs(gradients - quotients) / np.maximum(np.abs(gradients), np.abs(quotients))
        found[fault] = float(gaps.max())
    return found


# A second example for a batch of two (going further, 3.2.5).
SECOND_INPUT, SECOND_TARGET = np.array([0.2, 0.6]), np.array([0.0, 1.0])


def batch_pass(parameters):
    """Mean loss of both examples, their states, their gradients and the mean gradients."""
    pairs = ((INPUT, TARGET), (SECOND_INPUT, SECOND_TARGET))
    states = [forward_pass(parameters, x, y) for x, y in pairs]
    backs = [backward_pass(parameters, state, x) for state, (x, _) in zip(states, pairs, strict=True)]
    mean = {name: (backs[0][name] + backs[1][name]) / 2 for name in START}
    return states, backs, mean


@numbers
def batch():
    """A batch of two through the example: error signals as rows, the mean gradient, a step, single steps."""
    states, backs, mean = batch_pass(START)
    after = step(START, mean)
    later, _, _ = batch_pass(after)
    # The same two examples one after the other.
    first = step(START, backs[0])
    second = step(first, backward_pass(first, forward_pass(first, SECOND_INPUT, SECOND_TARGET), SECOND_INPUT))
    singly, _, _ = batch_pass(second)
    norm = {n: float(sum((backs[n][name] ** 2).sum() for name in START)) for n in (0, 1)}
    inner = float(sum((backs[0][name] * backs[1][name]).sum() for name in START))
    return {
        "Z1": np.stack([state["z1"] for state in states]),
        "A1": np.stack([state["a1"] for state in states]),
        "Y": np.stack([state["y"] for state in states]),
        "D2": np.stack([back["d2"] for back in backs]),
        "D1": np.stack([back["d1"] for back in backs]),
        "g_W2": mean["W2"],
        "g_b2": mean["b2"],
        "first_W2": backs[0]["W2"],
        "second_W2": backs[1]["W2"],
        "losses": [state["loss"] for state in states],
        "loss": (states[0]["loss"] + states[1]["loss"]) / 2,
        "new_losses": [state["loss"] for state in later],
        "new_loss": (later[0]["loss"] + later[1]["loss"]) / 2,
        "single_losses": [state["loss"] for state in singly],
        "single_loss": (singly[0]["loss"] + singly[1]["loss"]) / 2,
        "cosine": inner / (norm[0] * norm[1]) ** 0.5,
        "second_on_first": float(forward_pass(step(START, backs[1]))["loss"]),
    }


@numbers
def batch_descent():
    """Mean loss of both examples after some steps on the batch."""
    parameters, found = START, {}
    for n in range(501):
        states, _, mean = batch_pass(parameters)
        found[f"after{n}"] = (states[0]["loss"] + states[1]["loss"]) / 2
        parameters = step(parameters, mean)
    return {f"after{n}": float(found[f"after{n}"]) for n in (10, 100, 500)}


@numbers
def softmax_end():
    """The output of the example with softmax and cross-entropy in place of sigmoid and squared error."""
    z = forward_pass(START)["z2"]
    y = np.exp(z) / np.exp(z).sum()
    delta = y - TARGET
    return {"y": y, "delta": delta, "loss": float(-np.log(y[0])), "back": START["W2"].T @ delta}


@numbers
def variants():
    """What the problems of the example ask for: ReLU in the hidden layer, other rates, weight decay."""
    back = backward_pass(START, forward_pass(START))
    z1 = forward_pass(START)["z1"]
    hidden = np.maximum(z1, 0)
    z2 = START["W2"] @ hidden + START["b2"]
    y = sigmoid(z2)
    d2 = (y - TARGET) * y * (1 - y)
    returned = START["W2"].T @ d2
    losses = {f"rate{rate}": forward_pass(step(START, back, rate))["loss"] for rate in (1, 5, 20)}
    squared = float(sum((back[name] ** 2).sum() for name in START))
    now = forward_pass(START)["loss"]
    return {
        "relu": {"a1": hidden, "z2": z2, "y": y, "d2": d2, "d1": returned * (z1 > 0)},
        "losses": losses,
        "predicted": {f"rate{rate}": now - rate * squared for rate in (1, 5, 20)},
        "decayed": float(START["W2"][0, 0] - RATE * (back["W2"][0, 0] + 0.1 * START["W2"][0, 0])),
    }


@numbers
@cache
def descent():
    """Loss after 1, 10, ... 10,000 steps, the last outputs, the largest gap of the check."""
    losses, last = _history()
    gap = max(
        float(np.abs(numeric_gradient(name) - backward_pass(START, forward_pass(START))[name]).max()) for name in START
    )
    return {f"after{n}": float(losses[n]) for n in (0, *MARKS)} | {
        "y_1": float(last[0]),
        "y_2": float(last[1]),
        "gap": gap,
    }


@figure
def network():
    """The 2-2-2 example: forward values in the units, gradients at the weights and units."""
    sheet, axes = style.figure("wide", 67)
    style.diagram(axes, 164, 67)
    f = example()
    rows, columns, radius = (49.5, 18), {"x": 10, "h": 72, "o": 132}, 7.2
    ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
    for layer, left, right in ((1, "x", "h"), (2, "h", "o")):
        for i, end in enumerate(rows):
            for j, start in enumerate(rows):
                x0, x1 = columns[left], columns[right]
                axes.plot([x0, x1], [start, end], color=style.RULE, linewidth=0.7, zorder=1)
                at, name = 0.5 if i == j else 0.29, f"W{layer}_{i + 1}{j + 1}"
                x, y = x0 + at * (x1 - x0), start + at * (end - start)
                value(axes, f"$W_{{{i + 1}{j + 1}}}$ {grids.number(f[name], 1)}", x, y + 1.8, bbox=ground, zorder=3)
                gradient(axes, grids.number(f[f"g_{name}"], 4), x, y - 1.9, bbox=ground, zorder=3)
    for n, y in enumerate(rows, start=1):
        circle(axes, columns["x"], y, radius)
        value(axes, f"$x_{n}$ = {INPUT[n - 1]:.1f}", columns["x"], y, zorder=5)
        for layer, column, activation in ((1, "h", "a1"), (2, "o", "y")):
            x = columns[column]
            circle(axes, x, y, radius)
            value(axes, "$z$ " + grids.number(f[f"z{layer}_{n}"], 4), x, y + 2, zorder=5)
            value(axes, "$a$ " + grids.number(f[f"{activation}_{n}"], 4), x, y - 2, zorder=5)
            error = grids.number(f[f"d{layer}_{n}"], 4)
            gradient(axes, rf"$\delta$ {error}", x, y - radius - 2.4, bbox=ground, zorder=6)
            value(axes, f"$b_{n}$ " + grids.number(f[f"b{layer}_{n}"], 1), x, y + radius + 2.2)
        grids.arrow(axes, (columns["o"] + radius, y), (columns["o"] + 13, y))
        style.label(axes, f"target {TARGET[n - 1]:g}", 146, y + 2.2, fontsize=7.5)
        value(axes, "loss " + grids.number(f[f"losses_{n}"], 4), 146, y - 1.8, ha="left")
    for x, text in ((10, "Input"), (72, "Hidden layer, $l = 1$"), (132, "Output layer, $l = 2$")):
        style.label(axes, text, x, 64.8, ha="center", weight=600)
    grids.arrow(axes, (24, 4.2), (58, 4.2), color=style.TEAL)
    value(axes, "upright, teal: values, computed from left to right", 60, 4.2, ha="left", fontsize=8)
    grids.arrow(axes, (58, 0.6), (24, 0.6), color=style.RUST, linestyle=(0, (4, 1.6)))
    gradient(axes, "italic, rust: gradients, computed from right to left", 60, 0.6, ha="left", fontsize=8)
    return sheet


@figure
def loss_curve():
    """The loss of the 2-2-2 example over 10,000 steps."""
    sheet, axes = style.figure("column", 41)
    losses, _ = _history()
    steps = np.unique(np.round(np.logspace(0, 4, 300)).astype(int))
    axes.loglog(steps, losses[steps], color=style.TEAL)
    axes.axhline(losses[0], color=style.RULE, linewidth=0.6)
    axes.text(
        1.0, losses[0] * 1.16, f"at the start {losses[0]:.4f}", fontsize=7.5, ha="left", va="bottom", color=style.GREY
    )
    for n in MARKS:
        axes.plot(n, losses[n], "o", color=style.TEAL, clip_on=False)
        text = f"{losses[n]:.4f}" if n < 1000 else f"{losses[n]:.6f}"
        place = (3, 4) if n > 10 else (-1, -10)
        axes.annotate(
            text, (n, losses[n]), place, textcoords="offset points", fontsize=7.5, ha="left" if n != 10 else "right"
        )
    axes.set(
        xlabel="steps of gradient descent, $\\eta = 0.5$",
        ylabel="loss $L$",
        xlim=(0.9, 30_000),
        ylim=(losses[-1] / 2, 1),
    )
    return sheet
