"""Which axes the normalization layers average over, and what a small batch costs (3.6.11)."""

from math import prod

import numpy as np

from .kit import style
from .kit.results import computed, figure, numbers
from .models import digits, normalized

# The axes of a tensor (examples, channels, height, width); group normalization first splits the
# channels in two axes, (examples, groups, channels / groups, height, width).
AXES = {"batch": (0, 2, 3), "layer": (1, 2, 3), "instance": (2, 3), "group": (2, 3, 4)}


def statistics_of(shape, kind, groups=32):
    """Return (number of means, values that each is taken over) for a tensor of this shape."""
    if kind == "group":
        shape = (shape[0], groups, shape[1] // groups, *shape[2:])
    over = prod(shape[axis] for axis in AXES[kind])
    return prod(shape) // over, over


@numbers
def counts():
    """Means and values for each, for 8 pictures of 64 channels of 14 x 14."""
    return {kind: dict(zip(("means", "over"), statistics_of((8, 64, 14, 14), kind), strict=True)) for kind in AXES}


SIZES = (2, 4, 8, 16, 32, 64)
EPOCHS, RATE, SEEDS, GROUPS = 3, 1.0, 3, 8


@numbers
@computed
def small_batches():
    """Error on the 797 pictures held out, in percent, by batch size: mean of three seeds."""
    data = digits.split()
    center = data.train_x.mean(axis=0)
    X, held = data.train_x - center, np.vstack([data.valid_x, data.test_x]) - center
    classes = np.concatenate([data.valid_y, data.test_y])
    found = {}
    for name, kind in (("batch", "batch"), ("group", GROUPS)):
        found[name] = {}
        for size in SIZES:
            net = normalized.initialize((64, 64, 10), range(SEEDS), "he", kind)
            normalized.train(net, X, data.train_y, rate=RATE * size / 32, batch=size, steps=EPOCHS * len(X) // size)
            found[name][f"of{size}"] = 100 * float(normalized.errors(net, held, classes).mean())
    return found


def _cube(axes, x, y, chosen, title, below):
    """Draw a tensor as 4 x 6 x 4 boxes (examples back, channels right, positions up)."""
    cell, dx, dy = 1.0, 0.5, 0.42
    examples, channels, heights = 4, 6, 4

    def spot(c, p, n):
        return x + c * cell + n * dx, y + p * cell + n * dy

    def face(corners, shaded):
        points = [spot(*corner) for corner in corners]
        axes.fill(
            *zip(*points, strict=True), facecolor=style.TEAL if shaded else "white", edgecolor=style.GREY, linewidth=0.4
        )

    for c in range(channels):
        for n in range(examples):
            p = heights
            face([(c, p, n), (c + 1, p, n), (c + 1, p, n + 1), (c, p, n + 1)], chosen(n, c))
    for p in range(heights):
        for n in range(examples):
            c = channels
            face([(c, p, n), (c, p + 1, n), (c, p + 1, n + 1), (c, p, n + 1)], chosen(n, c - 1))
        for c in range(channels):
            face([(c, p, 0), (c + 1, p, 0), (c + 1, p + 1, 0), (c, p + 1, 0)], chosen(0, c))
    axes.text(x, y + heights * cell + examples * dy + 0.55, title, fontsize=8, fontweight=600)
    axes.text(x + channels * cell / 2, y - 0.35, below, fontsize=7.5, ha="center", va="top", linespacing=1.25)


@figure
def cubes():
    """The four choices of axes on one tensor, and error against batch size on the digits."""
    height, share, unit = 36, 0.715, 3.0  # mm, part of the width for the cubes, mm a box
    sheet, _ = style.figure("wide", height, 0)
    sheet.set_layout_engine("none")
    board = sheet.add_axes((0, 0, share, 1))
    board.set(xlim=(0, 164 * share / unit), ylim=(0, height / unit))
    board.axis("off")
    kinds = (
        ("Batch", lambda n, c: c == 1, "over $B, H, W$\n$C$ pairs"),
        ("Layer", lambda n, c: n == 0, "over $C, H, W$\n$B$ pairs"),
        ("Instance", lambda n, c: n == 0 and c == 1, "over $H, W$\n$B\\,C$ pairs"),
        ("Group", lambda n, c: n == 0 and c < 3, "over $C/G, H, W$\n$B\\,G$ pairs"),
    )
    for place, (title, chosen, below) in enumerate(kinds):
        _cube(board, 1.7 + place * 9.5, 3.8, chosen, title, below)
    for text, x, y in (("$H, W$", 0.85, 5.8), ("$C$", 6.9, 10.0), ("$B$", 9.2, 4.4)):
        style.label(board, text, x, y, style.GREY, ha="center", fontsize=7.5, rotation=90 if "H" in text else 0)
    axes = sheet.add_axes((share + 0.085, 0.27, 0.19, 0.6))
    marks = {"batch": ("o", style.RUST, "--"), "group": ("s", style.TEAL, "-")}
    for name, (marker, color, line) in marks.items():
        axes.plot(
            SIZES, [small_batches()[name][f"of{size}"] for size in SIZES], marker=marker, color=color, linestyle=line
        )
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="batch size $B$",
        ylabel="error (%)",
        xlim=(1.75, 75),
        ylim=(1.5, 30),
        title="On the digits",
    )
    axes.set_xticks(SIZES, SIZES)
    axes.set_yticks([2, 5, 10, 20], [2, 5, 10, 20])
    axes.minorticks_off()
    style.label(axes, "batch", 2.6, 15, style.RUST)
    style.label(axes, "group", 2.0, 1.95, style.TEAL)
    return sheet
