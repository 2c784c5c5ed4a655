"""Padding: how much, with what, and what it does at the border (section 3.27)."""

import numpy as np
from matplotlib.patches import Rectangle

from . import convolution
from .kit import grids, style
from .kit.results import figure, numbers
from .models import digits
from .models.convolutions import box_mean, correlate, output_width, same_padding
from .softmax import probabilities

# The fills in the text's words, and what numpy calls them.
FILLS = {"zero": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
SIGNAL = (1, 2, 3, 4, 5)

# The digit of the figure, as dark ink (0) on white paper (1), and how many mean filters it passes.
DIGIT, LAYERS = 5, 3
# Lengths of the sequences of one batch.
LENGTHS = (3, 50, 5, 48)


@numbers
def shrinking():
    """Width of 32 after ten and fifteen 3-wide layers without padding, and how many fit at all."""
    widths = [32]
    while widths[-1] >= 3:
        widths.append(output_width(widths[-1], 3))
    return {"ten": widths[10], "fifteen": widths[15], "fit": len(widths) - 1}


@numbers
def same_cases():
    """Widths and added cells for the cases (m, k, S) of the table, and the equal padding like it.

    `equal` is the P on both sides that gives as many outputs, `shift` how many cells earlier its
    windows start; both are "none" where no P does.
    """
    cases = {"a": (5, 2, 1), "b": (7, 3, 2), "c": (6, 3, 2), "d": (224, 3, 2), "e": (224, 7, 2), "f": (28, 2, 2)}
    found = {}
    for name, (m, k, stride) in cases.items():
        before, after = same_padding(m, k, stride)
        o = output_width(m + before + after, k, stride)
        equal = [P for P in range(k) if output_width(m, k, stride, P) == o]
        found[name] = {
            "o": o,
            "total": before + after,
            "before": before,
            "after": after,
            "equal": str(equal[0]) if equal else "none",
            "shift": str(equal[0] - before) if equal else "none",
        }
    return found


@numbers
def fills():
    """The numbers 1 to 5 padded by two on both sides, as text: left and right."""
    found = {}
    for name, mode in FILLS.items():
        padded = np.pad(SIGNAL, 2, mode=mode)
        found[name] = {"left": " ".join(map(str, padded[:2])), "right": " ".join(map(str, padded[-2:]))}
    return found


@numbers
def averaging():
    """A 3 x 3 mean over a image of ones with a border of zeros: corner, edge, inside."""
    result = correlate(np.ones((5, 5)), np.full((3, 3), 1 / 9), padding=1)
    return {"corner": float(result[0, 0]), "edge": float(result[0, 2]), "inside": float(result[2, 2])}


def _ring(images):
    """Mean brightness of the 28 border cells of 8 x 8 images."""
    inner = images[..., 1:-1, 1:-1]
    return float((images.sum(axis=(-1, -2)) - inner.sum(axis=(-1, -2))).mean() / 28)


@numbers
def paper():
    """All digits as ink on paper: brightness of the border ring before and after three means.

    `touched` counts the cells of an 8 x 8 image that three means with zeros can dim.
    """
    images = 1 - digits.load()[0].reshape(-1, 8, 8)
    ones = np.ones((1, 8, 8))
    return {
        "count": len(images),
        "plain": _ring(images),
        "zero": _ring(box_mean(images, FILLS["zero"], LAYERS)),
        "reflect": _ring(box_mean(images, FILLS["reflect"], LAYERS)),
        "touched": int((box_mean(ones, FILLS["zero"], LAYERS) < 1 - 1e-9).sum()),
    }


@numbers
def row_of_ones():
    """A row of eight ones after one, two and three 3-wide means with a zero at both ends."""
    row, found = np.ones(8), {}
    for name in ("one", "two", "three"):
        row = np.convolve(row, np.full(3, 1 / 3), "same")
        found[name] = row
    return found


@numbers
def bucketed():
    """Places and real places of four sequences in one padded batch, and in two of like length."""
    ordered = sorted(LENGTHS)
    return {
        "real": sum(LENGTHS),
        "together": len(LENGTHS) * max(LENGTHS),
        "sorted": 2 * max(ordered[:2]) + 2 * max(ordered[2:]),
    }


def responses():
    """Maps of the 5 x 5 image of 3.2.3 and its kernel, padded by one cell in the four ways."""
    return {
        name: correlate(np.pad(convolution.image(), 1, mode=mode), convolution.kernel()) for name, mode in FILLS.items()
    }


@numbers
def masked():
    """What padded places of a sequence do to a mean and to a softmax, with and without a mask."""
    values, real = np.array([3.0, 5.0, 0.0, 0.0]), np.array([True, True, False, False])
    scores = np.array([2.0, 1.0, 0.0, 0.0])
    return {
        "mean": float(values.mean()),
        "masked_mean": float(values[real].mean()),
        "weights": probabilities(scores),
        "masked_weights": probabilities(np.where(real, scores, -np.inf)),
    }


def _padded(axes, x, top, cell, m, before, after):
    """Draw m numbered cells with zeros before and after, the first at x, 3.6 mm high below `top`."""
    for j in range(before + m + after):
        real = before <= j < before + m
        axes.add_patch(
            Rectangle(
                (x + j * cell, top - 3.6),
                cell,
                3.6,
                linewidth=0.4,
                edgecolor=style.RULE,
                facecolor=style.TEAL_TINT if real else "white",
            )
        )
        axes.text(
            x + (j + 0.5) * cell,
            top - 1.95,
            str(j - before + 1) if real else "0",
            fontsize=7.5,
            ha="center",
            va="center",
            color=style.INK if real else "#4a4a4a",
        )


@figure
def amounts():
    """Valid, same, full and causal padding of five cells: first and last window, outputs."""
    sheet, axes = style.figure("margin", 56)
    style.diagram(axes, 45, 58)
    cell, y = 4.1, 58.0
    for name, before, after in (("valid", 0, 0), ("same", 1, 1), ("full", 2, 2), ("causal", 2, 0)):
        x, width = 0.4 + (2 - before) * cell, before + 5 + after
        count, shift = output_width(5 + before + after, 3), 2 if name == "causal" else 1
        style.head(axes, 0.4, y - 1.7, name.capitalize())
        axes.text(0.4 + 9 * cell, y - 1.7, f"$o$ = {count}", fontsize=7.5, va="center", ha="right")
        top = y - 3.6
        _padded(axes, x, top, cell, 5, before, after)
        for j, below, line in ((0, 4.3, "-"), (width - 3, 5.3, (0, (3, 1.2)))):
            axes.plot(
                [x + j * cell + 0.3, x + (j + 3) * cell - 0.3],
                [top - below] * 2,
                color=style.RUST,
                linestyle=line,
                linewidth=1.2,
            )
        for j in range(count):
            axes.add_patch(
                Rectangle(
                    (x + (j + shift) * cell, top - 8.6),
                    cell,
                    2.6,
                    linewidth=0.5,
                    facecolor="white",
                    edgecolor=style.INK,
                )
            )
        y -= 14.9
    return sheet


@figure
def borders():
    """The image of 3.2.3 padded in three ways, each beside what the edge kernel answers."""
    sheet, axes = style.figure("wide", 36)
    style.diagram(axes, 164, 36)
    cell, top, image = 4.15, 30.5, convolution.image()
    for number, name in enumerate(("zero", "reflect", "circular")):
        x = 0.3 + number * 56.6
        style.head(axes, x, 33.6, name.capitalize())
        grids.grid(axes, np.pad(image, 1, mode=FILLS[name]), x, top, cell, grids.bright, size=7.5, color="#4a4a4a")
        grids.grid(axes, image, x + cell, top - cell, cell, grids.bright, size=7.5)
        grids.frame(axes, x, top, cell, 1, 1, 5, 5, style.INK, "-", 0, 1.0)
        x += 7 * cell + 0.6
        style.head(axes, x, 33.6, "Map")
        grids.grid(axes, responses()[name], x, top - cell, cell, grids.signed, size=7.5)
        grids.frame(axes, x, top - cell, cell, 1, 1, 3, 3, style.RUST, (0, (3, 1.2)), 0, 1.0)
    return sheet


@figure
def strided():
    """Six cells, width 3, stride 2: windows of the SAME rule, and of one cell on each side."""
    sheet, axes = style.figure("margin", 41)
    style.diagram(axes, 45, 42)
    cell, high = 4.1, 42.0
    for name, before, after in (("SAME: 0 before, 1 after", 0, 1), ("P = 1: 1 before, 1 after", 1, 1)):
        style.head(axes, 0.4, high - 1.7, name)
        _padded(axes, 0.4 + (1 - before) * cell, high - 3.7, cell, 6, before, after)
        for number in range(output_width(6 + before + after, 3, 2)):
            left, y = 0.4 + (1 - before + 2 * number) * cell, high - 9.4 - 3.4 * number
            axes.plot([left + 0.3, left + 3 * cell - 0.3], [y, y], color=style.RUST, linewidth=1.2)
            axes.text(left + 3 * cell + 0.6, y, str(number + 1), fontsize=7.5, va="center")
        high -= 21.5
    return sheet


@figure
def on_paper():
    """A digit as ink on paper, blurred with zeros and with reflect padding; a row of ones."""
    sheet, axes = style.figure("wide", 34, 1, 5, layout="none")
    sheet.subplots_adjust(left=0.003, right=0.745, bottom=0.06, top=0.85, wspace=0.1)
    image = 1 - digits.load()[0][DIGIT].reshape(1, 8, 8)
    panels = [("Ink on paper", image)] + [
        (f"{name}, {times}", box_mean(image, FILLS[fill], layers))
        for layers, times in ((1, "once"), (LAYERS, "3 times"))
        for name, fill in (("Zeros", "zero"), ("Reflect", "reflect"))
    ]
    for each, (title, shown) in zip(axes, panels, strict=True):
        each.imshow(shown[0], cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        each.set(title=title, xticks=[], yticks=[])
        for spine in each.spines.values():
            spine.set(visible=True, linewidth=0.5, color=style.INK)
    plot, cells = sheet.add_axes((0.82, 0.33, 0.175, 0.52)), np.arange(1, 9)
    for (name, row), (color, line), marker in zip(row_of_ones().items(), style.CURVES, "os^", strict=False):
        plot.plot(cells, row, color=color, linestyle=line, marker=marker)
        times = {"one": "once", "two": "twice", "three": "3 times"}[name]
        plot.annotate(
            times,
            (1, row[0]),
            (3.0, {"one": 0.76, "two": 0.62, "three": 0.48}[name]),
            fontsize=7.5,
            color=color,
            va="center",
            arrowprops={"arrowstyle": "-", "linewidth": 0.4, "color": style.GREY, "shrinkB": 2},
        )
    plot.set(title="A row of ones, zeros", xlabel="cell", ylabel="value")
    plot.set(xticks=(1, 2, 3, 4, 5, 6, 7, 8), ylim=(0.4, 1.05), xlim=(0.6, 8.4))
    plot.set_yticks([0.5, 0.75, 1], ["0.5", "0.75", "1"])
    return sheet


@numbers
def rim():
    """Outputs of a 20 x 20 map that have seen no padding after D layers of 3 x 3 kernels with same padding."""
    found = {}
    for depth in (1, 3, 5, 10):
        inner = max(20 - 2 * depth, 0)
        found[f"d{depth}"] = {"field": 1 + 2 * depth, "untouched": inner**2, "share": 100 * inner**2 / 400}
    return found


@numbers
def loss_means():
    """Three averages of the losses of two sequences, one of them padded by three places."""
    losses, real = np.array([[2.0, 2, 2, 2], [6, 0, 0, 0]]), np.array([[1, 1, 1, 1], [1, 0, 0, 0]])
    return {
        "all": losses.mean(),
        "real": losses.sum() / real.sum(),
        "sequences": (losses.sum(axis=1) / real.sum(axis=1)).mean(),
    }
