"""Pooling: values, gradients and shifts of one 4 x 4 input (3.2.4)."""

import numpy as np

from .kit import grids, style
from .kit.results import figure, numbers
from .models import normal
from .models.convolutions import output_width

INPUT = np.array([[3, 1, 0, 2], [5, 2, 1, 4], [0, 6, 7, 2], [1, 3, 2, 8]], float)
ERROR = np.array([[0.4, -0.2], [0.1, 0.3]])


def _windows(values, k, stride):
    for i in range((values.shape[0] - k) // stride + 1):
        for j in range((values.shape[1] - k) // stride + 1):
            yield i, j, slice(i * stride, i * stride + k), slice(j * stride, j * stride + k)


def pool(values, reduce, k=2, stride=2):
    """Apply `reduce` to each window."""
    size = (values.shape[0] - k) // stride + 1
    result = np.zeros((size, size))
    for i, j, rows, columns in _windows(values, k, stride):
        result[i, j] = reduce(values[rows, columns])
    return result


def max_gradient(values, error, k=2, stride=2):
    """Send each error to the largest entry of its window; entries that win twice add up."""
    result = np.zeros_like(values)
    for i, j, rows, columns in _windows(values, k, stride):
        window = values[rows, columns]
        place = np.unravel_index(np.argmax(window), window.shape)
        result[rows, columns][place] += error[i, j]
    return result


def average_gradient(values, error, k=2, stride=2):
    """Spread each error evenly over its window."""
    result = np.zeros_like(values)
    for i, j, rows, columns in _windows(values, k, stride):
        result[rows, columns] += error[i, j] / k**2
    return result


def shift(values):
    """Move the image one cell to the right; a column of zeros enters."""
    return np.pad(values, ((0, 0), (1, 0)))[:, :-1]


@numbers
def results():
    """All values that the text quotes."""
    plain, moved = pool(INPUT, np.max), pool(shift(INPUT), np.max)
    overlapping = max_gradient(INPUT, ERROR, 3, 1)
    rows = {
        name: ", ".join(f"{value:g}" for value in found.ravel())
        for name, found in (("plain_rows", plain), ("overlap_rows", pool(INPUT, np.max, 3, 1)), ("shifted_rows", moved))
    }
    return rows | {
        "max": plain,
        "average": pool(INPUT, np.mean),
        "overlap": pool(INPUT, np.max, 3, 1),
        "global_max": float(INPUT.max()),
        "global_average": float(INPUT.mean()),
        "shifted": moved,
        "unchanged": int((plain == moved).sum()),
        "max_gradient": max_gradient(INPUT, ERROR),
        "average_gradient": average_gradient(INPUT, ERROR),
        "overlap_seven": float(overlapping[2, 2]),
        "overlap_eight": float(overlapping[3, 3]),
        "first_sum": float(INPUT[:2, :2].sum()),
        "first_average": float(INPUT[:2, :2].mean()),
        "first_spread": float(ERROR[0, 0] / 4),
        "check": output_width(112, 3, 2, 1),
        "check_quotient": (112 + 2 - 3) / 2,
        "unchanged_word": ("none", "one", "two", "three", "all")[int((plain == moved).sum())],
    }


@numbers
def padded():
    """The corner window with one ring of padding, k = S = 2: one real cell and three padded ones."""
    corner = INPUT[0, 0]
    return {"max": float(max(corner, 0)), "counted": float(corner / 4), "left_out": float(corner)}


@numbers
def ends():
    """Weights of a last layer on 7 x 7 x 512 numbers for 1,000 classes: flat, and after global pooling."""
    return {"flat": 7 * 7 * 512 * 1000, "pooled": 512 * 1000}


@numbers
def noise():
    """Expectation and standard deviation of the largest of four standard normal numbers."""
    z = np.linspace(-9, 9, 18_001)
    mass, middle = np.diff(normal.below(z) ** 4), (z[1:] + z[:-1]) / 2
    mean = float(mass @ middle)
    return {"largest": mean, "deviation": float((mass @ middle**2 - mean**2) ** 0.5)}


CELL, SMALL, WIDE, TOP = 7, 6.6, 8.2, 33  # widths of cells, upper edge of the grids
GROUNDS = (("white", style.TEAL_TINT), (style.TEAL_TINT, "white"))


def _quarter(i, j, _value):
    return GROUNDS[i // 2][j // 2]


def _block(i, j, _value):
    return GROUNDS[i][j]


def _quarters(axes, x, cell):
    """Outline the four windows of a grid."""
    for i in (0, 2):
        for j in (0, 2):
            grids.frame(axes, x, TOP, cell, i, j, 2, 2, style.INK, "-", 0, 0.9)


def _winners(axes, x, cell):
    """Mark the largest entry of each window."""
    for i, j in zip(*np.nonzero(results()["max_gradient"] != 0), strict=True):
        grids.frame(axes, x, TOP, cell, i, j, 1, 1, style.RUST, (0, (3, 1.2)), 0.6, 1.1)


def _forward(axes):
    """The input, and what both poolings make of it."""
    grids.grid(axes, INPUT, 0.5, TOP, CELL, _quarter)
    _quarters(axes, 0.5, CELL)
    _winners(axes, 0.5, CELL)
    style.head(axes, 0.5, 38, "Input, largest entries marked")
    found = results()
    for y, values, text, form in (
        (TOP, found["max"], "Maximum", grids.number),
        (TOP - 17.6, found["average"], "Average", lambda v: f"{v:.2f}"),
    ):
        grids.grid(axes, values, 38, y - 1.5, SMALL, _block, form)
        style.head(axes, 38, y + 0.6, text)
        grids.arrow(axes, (29.6, y - 1.5 - SMALL), (36.8, y - 1.5 - SMALL))


def _backward(axes):
    """The errors that come back, and where each pooling sends them."""
    axes.plot([62, 62], [1, 39], color=style.RULE, linewidth=0.5)
    grids.grid(axes, ERROR, 70, TOP - 7.4, SMALL, _block, lambda v: grids.number(v, 1))
    style.head(axes, 70, TOP - 6.4, "Gradient of\nthe output", va="bottom")
    found = results()
    for x, values, text in (
        (93, found["max_gradient"], "Sent back by maximum"),
        (130.5, found["average_gradient"], "Sent back by average"),
    ):
        grids.grid(axes, values, x, TOP, WIDE, _quarter, grids.number, size=7.5)
        _quarters(axes, x, WIDE)
        style.head(axes, x, 38, text)
    _winners(axes, 93, WIDE)
    grids.arrow(axes, (84.2, TOP - 7.4 - SMALL), (91.8, TOP - 7.4 - SMALL))


@figure
def windows():
    """Input, both poolings, the errors that come back, and where each pooling sends them."""
    sheet, axes = style.figure("wide", 40)
    style.diagram(axes, 164, 40)
    _forward(axes)
    _backward(axes)
    return sheet
