"""Channels of a convolutional layer: filters over all channels, parameters, receptive fields."""

from functools import cache

from matplotlib.patches import Polygon, Rectangle

from .kit import grids, style
from .kit.results import figure, numbers
from .models.convolutions import output_width


@numbers
def parameters():
    """Parameters and multiplications that the text counts."""

    def count(k, c_in, c_out, groups=1, bias=True):
        return (k * k * c_in // groups + bias) * c_out

    standard, pixels = count(3, 64, 128, bias=False), 56 * 56
    separable = count(3, 64, 64, groups=64, bias=False) + count(1, 64, 128, bias=False)
    return {
        "two_filters": count(3, 3, 2),
        "dense": 3 * 32 * 32 * 2 * 30 * 30 + 2 * 30 * 30,
        "standard": standard,
        "grouped": count(3, 64, 128, groups=4, bias=False),
        "depthwise": count(3, 64, 64, groups=64, bias=False),
        "pointwise": count(1, 64, 128, bias=False),
        "separable": separable,
        "multiplications": standard * pixels,
        "multiplications_grouped": count(3, 64, 128, groups=4, bias=False) * pixels,
        "multiplications_depthwise": count(3, 64, 64, groups=64, bias=False) * pixels,
        "multiplications_pointwise": count(1, 64, 128, bias=False) * pixels,
        "multiplications_separable": separable * pixels,
        "check": count(5, 3, 10),
    }


@cache
def _field(layers):
    field, jump = 1, 1
    for k, stride in layers:
        field, jump = field + (k - 1) * jump, jump * stride
    return field


@numbers
def receptive():
    """Receptive fields of the stacks that the text quotes."""
    return {"three": _field(((3, 1),) * 3), "strided": _field(((3, 2), (3, 2), (3, 1))), "two": _field(((3, 1),) * 2)}


def _slab(axes, x, y, size, cells, color, step=2.1, channels=3):
    """Draw `channels` sheets one behind the other; return the corner of the front one."""
    for c in reversed(range(channels)):
        left, bottom = x + c * step, y + c * step
        axes.add_patch(
            Rectangle((left, bottom), size, size, facecolor="white", edgecolor=color, linewidth=0.7, zorder=10 - c)
        )
        for n in range(1, cells):
            for line in (
                ((left + n * size / cells,) * 2, (bottom, bottom + size)),
                ((left, left + size), (bottom + n * size / cells,) * 2),
            ):
                axes.plot(*line, color=color, linewidth=0.3, zorder=10 - c)


@figure
def channels():
    """Two filters on three channels: each filter sums over all channels and gives one map."""
    sheet, axes = style.figure("wide", 46)
    style.diagram(axes, 164, 46)
    _slab(axes, 1, 11, 24, 8, style.RULE)
    axes.add_patch(Rectangle((1 + 3, 11 + 12), 9, 9, facecolor=style.TEAL_TINT, alpha=0.7, linewidth=0, zorder=11))
    axes.add_patch(Rectangle((1 + 3, 11 + 12), 9, 9, fill=False, edgecolor=style.TEAL, linewidth=1.2, zorder=12))
    axes.text(15, 3.5, "input: $C_{\\mathrm{in}}$ = 3 channels\nof 32 × 32", fontsize=8, ha="center", va="center")
    rows = ((31, style.TEAL, "-", "1", "s"), (10, style.RUST, (0, (4, 1.6)), "2", "t"))
    for y, color, line, name, sums in rows:
        _slab(axes, 48, y - 3, 9, 3, color)
        grids.arrow(axes, (31, 25), (46.5, y + 2), linestyle=line)
        for c, shift in enumerate((0, 7.4, 14.8)):
            axes.add_patch(Rectangle((71 + shift, y - 0.5), 5, 5, facecolor="white", edgecolor=color, linewidth=0.7))
            axes.text(73.5 + shift, y + 2, f"${sums}_{c + 1}$", fontsize=8, ha="center", va="center")
            axes.text(77.2 + shift, y + 2, "$+$", fontsize=8, ha="center", va="center")
        axes.text(94.6, y + 2, f"$b_{name}$", fontsize=8, ha="center", va="center")
        grids.arrow(axes, (62.5, y + 2), (70, y + 2))
        grids.arrow(axes, (97.5, y + 2), (110, y + 2))
        axes.add_patch(
            Rectangle((111, y - 6.5), 18, 18, facecolor="white", edgecolor=color, linewidth=1, linestyle=line)
        )
        axes.add_patch(Rectangle((114, y + 4.5), 2.2, 2.2, facecolor=color, linewidth=0))
        axes.text(131, y + 2.5, f"feature map {name}\n30 × 30", fontsize=8, ha="left", va="center")
    axes.text(55, 42.6 + 1.6, "filter 1: 3 × 3 × 3", fontsize=8, ha="center", va="center", color=style.TEAL)
    axes.text(55, 2.6, "filter 2: 3 × 3 × 3", fontsize=8, ha="center", va="center", color=style.RUST)
    axes.text(88, 44.2, "one sum per channel, and a bias", fontsize=8, ha="center", va="center")
    axes.text(88, 2.6, "27 weights and 1 bias each", fontsize=8, ha="center", va="center")
    return sheet


CELL, GAP = 3.2, 7.6  # width of a cell with the space after it, height of a level


def _stack(cells, layers):
    """Cells of each level, distance and first middle of cells in input cells, and what one last cell reads."""
    counts, jumps = [cells], [1]
    for k, stride in layers:
        counts.append(output_width(counts[-1], k, stride))
        jumps.append(jumps[-1] * stride)
    starts = [0]
    for (k, _), jump in zip(layers, jumps, strict=False):
        starts.append(starts[-1] + (k - 1) / 2 * jump)
    # Walk back from one cell of the last layer to the input cells that it reads.
    spans = [(counts[-1] // 2, counts[-1] // 2)]
    for k, stride in reversed(layers):
        low, high = spans[0]
        spans.insert(0, (low * stride, high * stride + k - 1))
    return counts, jumps, starts, spans


def _cells(axes, lefts, y, low, high):
    """Cells of a level; those from low to high are read."""
    for n, left in enumerate(lefts):
        inside = low <= n <= high
        ground, edge = (style.TEAL_TINT, style.TEAL) if inside else ("white", style.RULE)
        cell = Rectangle((left, y), CELL * 0.86, CELL * 0.86, linewidth=0.5, zorder=3, facecolor=ground, edgecolor=edge)
        axes.add_patch(cell)


def _reading(axes, left, y, first, last):
    """The shadow from a cell down to the cells that it reads."""
    corners = [
        (left, y),
        (left + CELL * 0.86, y),
        (last + CELL * 0.86, y - GAP + CELL * 0.86),
        (first, y - GAP + CELL * 0.86),
    ]
    look = {"facecolor": style.PALE, "edgecolor": style.RULE, "linewidth": 0.4}
    axes.add_patch(Polygon(corners, closed=True, zorder=1, **look))


@figure
def receptive_field():
    """Cells that one output cell depends on, in stacks of three layers of width 3."""
    sheet, axes = style.figure("column", 31)
    style.diagram(axes, 112, 31)
    stacks = ((17, 7, ((3, 1),) * 3, "Strides 1, 1, 1"), (59, 15, ((3, 2), (3, 2), (3, 1)), "Strides 2, 2, 1"))
    for level, name in enumerate(("input", "layer 1", "layer 2", "layer 3")):
        axes.text(0.5, 2.4 + level * GAP, name, fontsize=7.5, ha="left", va="center", color=style.GREY)
    for x, cells, layers, title in stacks:
        counts, jumps, starts, spans = _stack(cells, layers)
        lefts = [
            [x + (start + n * jump) * CELL for n in range(count)]
            for count, jump, start in zip(counts, jumps, starts, strict=True)
        ]
        for level, (low, high) in enumerate(spans):
            y = 1.0 + level * GAP
            _cells(axes, lefts[level], y, low, high)
            for n in range(low, high + 1) if level else ():
                k, stride = layers[level - 1]
                below = lefts[level - 1][n * stride : n * stride + k]
                _reading(axes, lefts[level][n], y, below[0], below[-1])
        low, high = spans[0]
        style.head(axes, x, 29.2, f"{title}: {high - low + 1} inputs")
    return sheet
