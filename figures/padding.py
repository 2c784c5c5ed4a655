"""Padding: how much, with what, and what it does at the border (section 3.27)."""

import numpy as np
from matplotlib.patches import Rectangle

from . import convolution, grids, style
from .softmax import probabilities

# The fills in the text's words, and what numpy calls them.
FILLS = {"zero": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
SIGNAL = (1, 2, 3, 4, 5)


def output_width(m, k, before, after, stride=1, dilation=1):
    """Number of places for a kernel of width k on m cells with cells added on both sides."""
    return (m + before + after - dilation * (k - 1) - 1) // stride + 1


def same_padding(m, k, stride=1, dilation=1):
    """Cells before and after that the SAME rule adds, the odd one after."""
    total = max((-(-m // stride) - 1) * stride + dilation * (k - 1) + 1 - m, 0)
    return total // 2, total - total // 2


def shrinking():
    """Width of 32 after ten and fifteen 3-wide layers without padding, and how many fit at all."""
    widths = [32]
    while widths[-1] >= 3:
        widths.append(output_width(widths[-1], 3, 0, 0))
    return {"ten": widths[10], "fifteen": widths[15], "fit": len(widths) - 1}


def same_cases():
    """Output width, total padding and its two parts for the cases (m, k, S) of the table."""
    cases = {"a": (5, 3, 1), "b": (7, 3, 2), "c": (6, 3, 2), "d": (224, 3, 2), "e": (224, 7, 2)}
    found = {}
    for name, (m, k, stride) in cases.items():
        before, after = same_padding(m, k, stride)
        found[name] = {
            "o": output_width(m, k, before, after, stride),
            "total": before + after,
            "before": before,
            "after": after,
        }
    return found


def fills():
    """The numbers 1 to 5 padded by two on both sides, as text: left and right."""
    found = {}
    for name, mode in FILLS.items():
        padded = np.pad(SIGNAL, 2, mode=mode)
        found[name] = {
            "left": " ".join(map(str, padded[:2])),
            "right": " ".join(map(str, padded[-2:])),
        }
    return found


def averaging():
    """A 3 x 3 mean over a picture of ones with a border of zeros: corner, edge, inside."""
    result = convolution.correlate(np.ones((5, 5)), np.full((3, 3), 1 / 9), padding=1)
    return {
        "corner": float(result[0, 0]),
        "edge": float(result[0, 2]),
        "inside": float(result[2, 2]),
    }


def responses():
    """Maps of the 5 x 5 image of 3.2.3 and its kernel, padded by one cell in the four ways."""
    return {
        name: convolution.correlate(np.pad(convolution.image(), 1, mode=mode), convolution.kernel())
        for name, mode in FILLS.items()
    }


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


def amounts():
    """Valid, same, full and causal padding of five cells: first and last window, outputs."""
    sheet, axes = style.figure("margin", 58)
    style.diagram(axes, 45, 58)
    cell, y = 4.1, 58.0
    for name, before, after in (("valid", 0, 0), ("same", 1, 1), ("full", 2, 2), ("causal", 2, 0)):
        x, width = 0.4 + (2 - before) * cell, before + 5 + after
        count, shift = output_width(5, 3, before, after), 2 if name == "causal" else 1
        axes.text(0.4, y - 1.7, name, weight=600, va="center")
        axes.text(0.4 + 9 * cell, y - 1.7, f"$o$ = {count}", fontsize=7.5, va="center", ha="right")
        top = y - 3.6
        for j in range(width):
            real = before <= j < before + 5
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


def borders():
    """The image of 3.2.3 padded in three ways, each beside what the edge kernel answers."""
    sheet, axes = style.figure("wide", 36)
    style.diagram(axes, 164, 36)
    cell, top, image = 4.15, 30.5, convolution.image()
    for number, name in enumerate(("zero", "reflect", "circular")):
        x = 0.3 + number * 56.6
        axes.text(x, 33.6, name, weight=600, va="center")
        grids.grid(
            axes,
            np.pad(image, 1, mode=FILLS[name]),
            x,
            top,
            cell,
            grids.bright,
            size=7.5,
            color="#4a4a4a",
        )
        grids.grid(axes, image, x + cell, top - cell, cell, grids.bright, size=7.5)
        grids.frame(axes, x, top, cell, 1, 1, 5, 5, style.INK, "-", 0, 1.0)
        x += 7 * cell + 0.6
        if not number:
            axes.text(x, 33.6, "map", va="center")
        grids.grid(axes, responses()[name], x, top - cell, cell, grids.signed, size=7.5)
        grids.frame(axes, x, top - cell, cell, 1, 1, 3, 3, style.RUST, (0, (3, 1.2)), 0, 1.0)
    return sheet
