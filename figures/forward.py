"""The output of a small fully connected network, unit by unit and as matrices (3.2.2)."""

import numpy as np
from matplotlib.patches import Circle, Rectangle

from .kit import grids, style
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


@figure
def diagram():
    """The network with the value of each unit, and the first layer as a matrix times a vector."""
    sheet, axes = style.figure("wide", 50)
    style.diagram(axes, 164, 50)
    found = network()
    radius = 3.9
    levels = (
        (8, (36.2, 22.9, 9.6), found["x"], "x", None),
        (40, (41.8, 29.2, 16.6, 4.0), found["a1"], "a", 3),
        (72, (30.5, 15.3), found["y"], "y", 3),
    )
    for (x, ys, *_), (next_x, next_ys, *_), layer in zip(levels, levels[1:], (0, 1), strict=False):
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
                    # The weight on its wire, a third of the way.
                    at = 0.42
                    axes.text(
                        x + at * (next_x - x),
                        y + at * (next_y - y),
                        grids.number(W1[1, i]),
                        fontsize=7.5,
                        ha="center",
                        va="center",
                        color=style.RUST,
                        zorder=3,
                        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
                    )
    for x, ys, values, _name, digits in levels:
        for n, (y, value) in enumerate(zip(ys, values, strict=True)):
            chosen = x == 40 and n == 1
            axes.add_patch(
                Circle(
                    (x, y),
                    radius,
                    facecolor="white",
                    zorder=4,
                    edgecolor=style.RUST if chosen else style.INK,
                    linewidth=1.3 if chosen else 0.7,
                )
            )
            axes.text(
                x,
                y,
                grids.number(value, digits),
                fontsize=7.5,
                ha="center",
                va="center",
                zorder=5,
            )
    for n, y in enumerate(levels[0][1]):
        axes.text(8, y + 5.7, f"$x_{n + 1}$", fontsize=8, ha="center", va="center")
    for n, y in enumerate(levels[1][1]):
        axes.text(40, y + 6.2, f"$a_{n + 1}^{{(1)}}$", fontsize=8, ha="center", va="center")
    for n, y in enumerate(levels[2][1]):
        axes.text(78, y, f"$\\hat{{y}}_{n + 1}$", fontsize=8, ha="left", va="center")
    # The first layer as matrices, with the row of unit 2 marked.
    cell, height, top = 8.2, 6.0, 37
    left = 92

    def block(x, values, title, row=None):
        rows, columns = values.shape
        y = top - (4 - rows) / 2 * height
        for i in range(rows):
            for j in range(columns):
                marked = i == row
                axes.add_patch(
                    Rectangle(
                        (x + j * cell, y - (i + 1) * height),
                        cell,
                        height,
                        linewidth=0.4,
                        facecolor=style.RUST_TINT if marked else "white",
                        edgecolor=style.RULE,
                    )
                )
                axes.text(
                    x + (j + 0.5) * cell,
                    y - (i + 0.53) * height,
                    grids.number(round(values[i, j], 3)),
                    fontsize=7.5,
                    ha="center",
                    va="center",
                    weight=600 if marked else 400,
                )
        axes.text(x + columns * cell / 2, top + 3.2, title, fontsize=8, ha="center", va="center")
        return x + columns * cell

    x = block(left, W1, r"$\mathbf{W}^{(1)}$", 1)
    x = block(x + 2, INPUT[:, None], r"$\mathbf{x}$")
    axes.text(x + 2.5, top - 2 * height, "$+$", fontsize=9, ha="center", va="center")
    x = block(x + 5, B1[:, None], r"$\mathbf{b}^{(1)}$", 1)
    axes.text(x + 2.5, top - 2 * height, "$=$", fontsize=9, ha="center", va="center")
    x = block(x + 5, found["z1"][:, None], r"$\mathbf{z}^{(1)}$", 1)
    for x, text in (
        (left + 1.5 * cell, r"$4 \times 3$"),
        (left + 3.5 * cell + 2, r"$3 \times 1$"),
        (left + 4.5 * cell + 7, r"$4 \times 1$"),
        (left + 5.5 * cell + 12, r"$4 \times 1$"),
    ):
        axes.text(x, top - 4 * height - 3.4, text, fontsize=8, ha="center", va="center", color=style.GREY)
    return sheet
