"""Which axes the normalization layers average over, and what a small batch costs (3.6.11)."""

from math import prod

import numpy as np

from .kit import signs, style
from .kit.results import computed, experiment, figure, numbers
from .models import digits, normalized
from .tuned import norm_axes as tuned

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


# ---- what a small batch costs, on the digits --------------------------------

SIZES = (2, 4, 8, 16, 32, 64)
WIDTHS, EPOCHS, GROUPS = (64, 64, 10), 3, 8
KINDS = {"batch": "batch", "group": GROUPS}
GRID = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
SEARCH_SEEDS, SEEDS = tuple(range(5)), tuple(range(100, 110))


def train(name, size, rates, seeds):
    """Train a run for each rate and seed with this batch size, three epochs long; return the network."""
    data = digits.split()
    X = data.train_x - data.train_x.mean(axis=0)
    net = normalized.initialize(WIDTHS, seeds, "he", KINDS[name])
    normalized.train(net, X, data.train_y, rate=np.array(rates), batch=size, steps=EPOCHS * len(X) // size)
    return net


def search(sizes=SIZES, rates=GRID, seeds=SEARCH_SEEDS):
    """Mean validation loss of both layers at every batch size and rate, and the best rate of each."""
    data = digits.split()
    X, losses = data.valid_x - data.train_x.mean(axis=0), {}
    for name in KINDS:
        losses[name] = {}
        for size in sizes:
            net = train(name, size, np.repeat(rates, len(seeds)), list(seeds) * len(rates))
            found = normalized.mean_losses(net, X, data.valid_y).reshape(len(rates), -1).mean(axis=1)
            losses[name][size] = [round(float(loss), 4) if np.isfinite(loss) else None for loss in found]
    best = {
        name: {
            size: rates[min((loss, place) for place, loss in enumerate(row) if loss is not None)[1]]
            for size, row in rows.items()
        }
        for name, rows in losses.items()
    }
    return {"RATES": best, "GRID": list(rates), "LOSSES": losses}


@numbers
@computed
def small_batches():
    """Test error in percent by batch size, each at its tuned rate: mean of ten new starts, and standard error."""
    data = digits.split()
    X, found = data.test_x - data.train_x.mean(axis=0), {"seeds": len(SEEDS)}
    for name in KINDS:
        found[name] = {}
        for size in SIZES:
            net = train(name, size, np.full(len(SEEDS), tuned.RATES[name][size]), SEEDS)
            errors = 100 * normalized.errors(net, X, data.test_y)
            found[name][f"of{size}"] = {
                "mean": float(errors.mean()),
                "se": float(errors.std(ddof=1) / len(SEEDS) ** 0.5),
            }
    return found


# ---- drawings ---------------------------------------------------------------


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


# Title, which entries (example, channel) are shaded, and what stands below each tensor.
TENSORS = (
    ("Batch", lambda n, c: c == 1, "over $B, H, W$\n$C$ pairs"),
    ("Layer", lambda n, c: n == 0, "over $C, H, W$\n$B$ pairs"),
    ("Instance", lambda n, c: n == 0 and c == 1, "over $H, W$\n$B\\,C$ pairs"),
    ("Group", lambda n, c: n == 0 and c < 3, "over $C/G, H, W$\n$B\\,G$ pairs"),
)
HEIGHT, SHARE, UNIT = 35, 0.715, 3.0  # mm, part of the width for the cubes, mm a box


def draw_tensors(board):
    """The four choices of axes on one tensor."""
    board.set(xlim=(0, 164 * SHARE / UNIT), ylim=(0, HEIGHT / UNIT))
    board.axis("off")
    for place, (title, chosen, below) in enumerate(TENSORS):
        _cube(board, 1.7 + place * 9.5, 3.8, chosen, title, below)
    for text, x, y in (("$H, W$", 0.85, 5.8), ("$C$", 6.9, 10.0), ("$B$", 9.2, 4.4)):
        style.label(board, text, x, y, style.GREY, ha="center", fontsize=7.5, rotation=90 if "H" in text else 0)


def draw_errors(axes):
    """Test error against batch size, for batch and for group normalization."""
    for name, label, x, y in (("batch", "batch", 2.6, 15), ("group", "group", 2.0, 1.95)):
        sign = signs.BUILDS[f"{name} normalization"]
        axes.plot(SIZES, [small_batches()[name][f"of{size}"]["mean"] for size in SIZES], **sign.both)
        style.label(axes, label, x, y, sign.color)
    axes.set(
        xscale="log", yscale="log", xlabel="batch size $B$", ylabel="test error (%)", xlim=(1.75, 75), ylim=(1.5, 30)
    )
    axes.set_xticks(SIZES, SIZES)
    axes.set_yticks([2, 5, 10, 20], [2, 5, 10, 20])
    axes.minorticks_off()


@figure
def cubes():
    """The four choices of axes on one tensor, and error against batch size on the digits."""
    sheet, _ = style.figure("wide", HEIGHT, 0)
    sheet.set_layout_engine("none")
    draw_tensors(sheet.add_axes((0, 0, SHARE, 1)))
    axes = sheet.add_axes((SHARE + 0.085, 0.27, 0.19, 0.6))
    draw_errors(axes)
    axes.set_title("On the digits")
    return sheet


@experiment
def batch_sizes():
    """Batch and group normalization by batch size."""
    rates = "; ".join(f"{name}: " + ", ".join(f"{tuned.RATES[name][size]:g}" for size in SIZES) for name in KINDS)
    return {
        "title": "Batch and group normalization by batch size",
        "entry": "3.6.11",
        "compares": f"batch normalization and group normalization ({GROUPS} groups) at batch sizes "
        + ", ".join(map(str, SIZES)),
        "data": "digits, less the mean of the training images",
        "split": "1,000 training, 397 validation and 400 test examples",
        "network": "-".join(map(str, WIDTHS)) + ", ReLU",
        "initialization": "normal, variance 2/n; biases zero",
        "loss": "cross-entropy",
        "optimizer": "SGD",
        "rate": rates,
        "tuned": f"lowest mean validation loss over {len(SEARCH_SEEDS)} other starts, of "
        + ", ".join(f"{eta:g}" for eta in GRID),
        "batch": ", ".join(map(str, SIZES)) + "; a new shuffle each epoch",
        "steps": f"{EPOCHS} epochs",
        "seeds": f"{len(SEEDS)} starts",
        "plotted": "mean test error",
    }
