"""The output of a small fully connected network, unit by unit and as matrices (3.2.2)."""

import numpy as np

from .kit import diagrams, grids, style
from .kit.results import figure, numbers
from .models import networks

INPUT = np.array([1.0, 0.5, -1.0])
SECOND_INPUT = np.array([0.0, 1.0, 1.0])
W1 = np.array([[0.2, -0.4, 0.1], [0.5, 0.3, -0.2], [-0.3, 0.8, 0.4], [0.6, -0.1, 0.7]])
B1 = np.array([0.1, -0.1, 0.2, 0.0])
W2 = np.array([[0.3, -0.5, 0.2, 0.4], [-0.6, 0.1, 0.9, -0.2]])
B2 = np.array([0.05, -0.05])


def run(batch, b1=B1):
    """Forward pass of a batch, one example a row; returns each intermediate value."""
    z1 = batch @ W1.T + b1
    a1 = networks.sigmoid(z1)
    z2 = a1 @ W2.T + B2
    return {"z1": z1, "a1": a1, "z2": z2, "y": networks.sigmoid(z2)}


@numbers
def network():
    """The forward pass of the text."""
    one = {name: value[0] for name, value in run(INPUT[None]).items()}
    products = W1[1] * INPUT
    shifted = run(INPUT[None], B1 + np.array([1.0, 0, 0, 0]))
    scores = one["z2"]
    softmax = networks.softmax(scores)
    return one | {
        "x": INPUT,
        "W1": W1,
        "b1": B1,
        "W2": W2,
        "b2": B2,
        "second_unit": {
            "w1x1": float(products[0]),
            "w2x2": float(products[1]),
            "w3x3": float(products[2]),
            "z": float(one["z1"][1]),
            "a": float(one["a1"][1]),
        },
        "hidden": {f"a{n + 1}": float(a) for n, a in enumerate(one["a1"])},
        "logits": {"first": float(scores[0]), "second": float(scores[1])},
        "prediction": {"first": float(one["y"][0]), "second": float(one["y"][1])},
        "softmax": {"first": float(softmax[0]), "second": float(softmax[1])},
        "parameters": int(W1.size + B1.size + W2.size + B2.size),
        "shifted": {"z": float(shifted["z1"][0, 0]), "a": float(shifted["a1"][0, 0])},
    }


@numbers
def batch():
    """Two examples at once, one a row."""
    inputs = np.stack([INPUT, SECOND_INPUT])
    return {"X": inputs} | run(inputs)


@numbers
def variants():
    """The network with ReLU in place of the sigmoid, and the pre-activations of the second input."""
    hidden = np.maximum(W1 @ INPUT + B1, 0)
    return {"relu_a1": hidden, "relu_z2": W2 @ hidden + B2, "second_z1": W1 @ SECOND_INPUT + B1}


@numbers
def counted():
    """Multiplications of a 784-128-10 network for a batch of 64."""
    return {"multiplications": 64 * (784 * 128 + 128 * 10)}


INPUTS, HIDDEN, OUTPUTS = (36.2, 22.9, 9.6), (41.8, 29.2, 16.6, 4.0), (30.5, 15.3)  # heights of the units, mm
COLUMNS = (8, 40, 72)  # their distances from the left edge


def _wires(axes):
    """The wires between units; those of hidden unit 2 marked, with their weights near their inputs."""
    levels = tuple(zip(COLUMNS, (INPUTS, HIDDEN, OUTPUTS), strict=True))
    for (x, ys), (next_x, next_ys), layer in zip(levels, levels[1:], (0, 1), strict=False):
        for i, y in enumerate(ys):
            for j, next_y in enumerate(next_ys):
                chosen = layer == 0 and j == 1
                axes.plot(
                    [x, next_x],
                    [y, next_y],
                    zorder=1,
                    linewidth=1.3 if chosen else 0.5,
                    color=style.RUST if chosen else style.RULE,
                )
                if chosen:
                    at, white = 0.28, {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
                    place = (x + at * (next_x - x), y + at * (next_y - y))
                    style.write(
                        axes, *place, grids.number(W1[1, i]), fontsize=7.5, color=style.RUST, zorder=3, bbox=white
                    )


def _units(axes, found):
    """The units with their values and names."""
    for x, ys, values, digits in zip(
        COLUMNS, (INPUTS, HIDDEN, OUTPUTS), (found["x"], found["a1"], found["y"]), (None, 3, 3), strict=True
    ):
        for n, (y, value) in enumerate(zip(ys, values, strict=True)):
            chosen = ys is HIDDEN and n == 1
            edge, width = (style.RUST, 1.3) if chosen else (style.INK, 0.7)
            diagrams.circle(axes, x, y, 3.9, edge=edge, width=width, zorder=4)
            style.write(axes, x, y, grids.number(value, digits), fontsize=7.5, zorder=5)
    for n, y in enumerate(INPUTS):
        style.write(axes, 8, y + 5.7, f"$x_{n + 1}$")
    for n, y in enumerate(HIDDEN):
        white = {"facecolor": "white", "edgecolor": "none", "pad": 0.3}
        style.write(axes, 46.4, y + 3.6, f"$a_{n + 1}^{{(1)}}$", zorder=3, bbox=white)
    for n, y in enumerate(OUTPUTS):
        style.write(axes, 78, y, f"$\\hat{{y}}_{n + 1}$", ha="left")


CELL, HEIGHT, TOP = 8.2, 6.0, 37  # mm, of the matrices


def _as_matrices(axes, found):
    """The first layer as matrices with their shapes, the row of unit 2 marked."""
    y, x = TOP - 2 * HEIGHT, 101
    parts = (("", W1, r"\mathbf{W}^{(1)}"), ("", INPUT[:, None], r"\mathbf{x}"))
    parts += (("$+$", B1[:, None], r"\mathbf{b}^{(1)}"), ("$=$", found["z1"][:, None], r"\mathbf{z}^{(1)}"))
    for sign, values, name in parts:
        rows, columns = values.shape
        if sign:
            style.write(axes, x + 1, y, sign, fontsize=9)
            x += 3.5
        upper = TOP - (4 - rows) / 2 * HEIGHT
        marked = 1 if rows == 4 else None
        right = diagrams.matrix(axes, x, upper, values, CELL, HEIGHT, marked, style.RUST_TINT, 7.5)
        style.write(axes, (x + right) / 2, TOP + 3.2, f"${name}$")
        shape = f"{rows} × {columns}"
        style.write(axes, (x + right) / 2, TOP - 4 * HEIGHT - 3.4, shape, color=style.GREY)
        x = right + 1.5


@figure
def diagram():
    """The network with the value of each unit, and the first layer as a matrix times a vector."""
    sheet, axes = style.figure("wide", 50)
    style.diagram(axes, 164, 50)
    found = network()
    _wires(axes)
    _units(axes, found)
    _as_matrices(axes, found)
    return sheet
