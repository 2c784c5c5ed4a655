"""Convolution: the worked image (also of 3.27), sizes, parameters, receptive fields."""

from functools import cache

import numpy as np
from matplotlib.patches import Polygon, Rectangle

from . import grids, style

# A bright area whose edge runs down and then turns to the left; it touches three borders.
_IMAGE = np.array([[0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0, 0, 1, 1, 1], [0, 1, 1, 1, 1], [1, 1, 1, 1, 1]])
# Right column minus left column: the Sobel kernel for vertical edges.
_KERNEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def output_width(m, k, stride=1, padding=0, dilation=1):
    """Number of places for a kernel of width k on m cells."""
    return (m + 2 * padding - dilation * (k - 1) - 1) // stride + 1


def correlate(image, kernel, stride=1, padding=0, dilation=1):
    """Cross-correlation with zero padding, as the sum in the text says it."""
    padded = np.pad(image, padding)
    k = len(kernel)
    rows = output_width(image.shape[0], k, stride, padding, dilation)
    columns = output_width(image.shape[1], k, stride, padding, dilation)
    result = np.zeros((rows, columns), np.result_type(image, kernel))
    for i in range(rows):
        for j in range(columns):
            for u in range(k):
                for v in range(k):
                    result[i, j] += kernel[u, v] * padded[i * stride + u * dilation, j * stride + v * dilation]
    return result


def image():
    """The 5 x 5 image of the worked example."""
    return _IMAGE.copy()


def kernel():
    """The 3 x 3 kernel of the worked example."""
    return _KERNEL.copy()


def maps():
    """Feature maps of the image for the settings that the text quotes."""
    return {
        "plain": correlate(_IMAGE, _KERNEL),
        "flipped": correlate(_IMAGE, _KERNEL[::-1, ::-1]),
        "stride2": correlate(_IMAGE, _KERNEL, stride=2),
        "padded": correlate(_IMAGE, _KERNEL, padding=1),
        "padded_stride2": correlate(_IMAGE, _KERNEL, stride=2, padding=1),
        "dilated": correlate(_IMAGE, _KERNEL, dilation=2),
    }


def first_window():
    """The windows that the text works out: products, column sums and sum of B, sums of A and C."""
    window = _IMAGE[1:4, 1:4]
    products = window * _KERNEL
    last = _IMAGE[2:5, 2:5] * _KERNEL
    plain = correlate(_IMAGE, _KERNEL)
    return {
        "a": int(plain[0, 0]),
        "c": int(plain[2, 2]),
        "c_left": int(-last[:, 0].sum()),
        "c_right": int(last[:, 2].sum()),
        "inverted": int(correlate(1 - _IMAGE, _KERNEL)[0, 0]),
        "products": products,
        "left": int(products[:, 0].sum()),
        "right": int(products[:, 2].sum()),
        "sum": int(products.sum()),
    }


def gradients():
    """Gradients of L = sum of the 3 x 3 map: with respect to the kernel and to the image."""
    error = np.ones((3, 3), int)
    by_image = correlate(error, _KERNEL[::-1, ::-1], padding=2)
    by_kernel = correlate(_IMAGE, error)
    return {"kernel": by_kernel, "image": by_image, "kernel_first": int(by_kernel[0, 0])}


def sizes():
    """Output widths of the table in the text; keys name m, k, S, P and d."""
    cases = {
        "a": (5, 3, 1, 0, 1),
        "b": (5, 3, 1, 1, 1),
        "c": (5, 3, 2, 1, 1),
        "d": (28, 3, 2, 0, 1),
        "e": (7, 3, 1, 0, 2),
        "f": (7, 3, 2, 1, 1),
        "g": (224, 7, 2, 3, 1),
        "h": (224, 11, 4, 2, 1),
    }
    return {
        name: {"o": output_width(m, k, s, p, d), "quotient": (m + 2 * p - d * (k - 1) - 1) / s}
        for name, (m, k, s, p, d) in cases.items()
    }


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


def receptive():
    """Receptive fields of the stacks that the text quotes."""
    return {"three": _field(((3, 1),) * 3), "strided": _field(((3, 2), (3, 2), (3, 1))), "two": _field(((3, 1),) * 2)}


def as_matrix_counts():
    """Size of the matrix of the worked convolution, and how many kernel entries it holds."""
    matrix = _matrix(np.ones((3, 3), int))
    return {"rows": matrix.shape[0], "columns": matrix.shape[1], "entries": matrix.size, "used": int(matrix.sum())}


def _matrix(weights):
    """The matrix M with M vec(image) = vec(map)."""
    columns = [correlate(one.reshape(5, 5), weights).ravel() for one in np.eye(25, dtype=int)]
    return np.stack(columns, axis=1)


def sliding():
    """Image, kernel and map; three windows and their cells; one window entry by entry."""
    sheet, axes = style.figure("wide", 44)
    style.diagram(axes, 164, 44)
    cell, top = 7, 38
    windows = (
        ((0, 0), style.TEAL, "-", "A"),
        ((1, 1), style.RUST, (0, (3, 1.2)), "B"),
        ((2, 2), style.INK, (0, (1, 1)), "C"),
    )
    grids.grid(axes, _IMAGE, 0.5, top, cell, grids.bright)
    grids.grid(axes, _KERNEL, 47, top - cell, cell, grids.signed)
    grids.grid(axes, maps()["plain"], 80, top - cell, cell, grids.signed)
    for (i, j), color, line, name in windows:
        grids.frame(axes, 0.5, top, cell, i, j, 3, 3, color, line, inset=0.35)
        grids.frame(axes, 80, top - cell, cell, i, j, 1, 1, color, line, inset=0.45)
        axes.text(
            0.5 + j * cell + 1.0,
            top - i * cell - 1.9,
            name,
            fontsize=7.5,
            color=color,
            weight=600,
            ha="left",
            va="center",
            zorder=5,
        )
    for x, text in (
        (18, r"image $\mathbf{x}$, $m = 5$"),
        (57.5, r"kernel $\mathbf{w}$, $k = 3$"),
        (90.5, r"map $\mathbf{z}$, $o = 3$"),
    ):
        axes.text(x, 42, text, fontsize=8, ha="center", va="center")
    axes.text(41.2, top - 2.5 * cell, "\N{STAR OPERATOR}", fontsize=13, ha="center", va="center")
    axes.text(74, top - 2.5 * cell, "$=$", fontsize=12, ha="center", va="center")
    small, gap, left = 5.1, 4.2, 109
    axes.text(
        left + 4.5 * small + gap, 42, "window B, entry by entry", fontsize=8, ha="center", va="center", color=style.RUST
    )
    window, products = _IMAGE[1:4, 1:4], first_window()["products"]
    for k, (values, ground) in enumerate(((window, grids.bright), (_KERNEL, grids.signed), (products, grids.signed))):
        grids.grid(axes, values, left + k * (3 * small + gap), top - cell, small, ground, size=7.5)
    for k, sign in enumerate(("\N{CIRCLED DOT OPERATOR}", "$=$")):
        axes.text(
            left + (k + 1) * (3 * small + gap) - gap / 2,
            top - cell - 1.5 * small,
            sign,
            fontsize=9,
            ha="center",
            va="center",
        )
    found = first_window()
    axes.text(
        left + 4.5 * small + gap,
        top - cell - 3 * small - 4.5,
        f"sum of the nine products: ${found['right']} - {-found['left']} = {found['sum']}$",
        fontsize=8,
        ha="center",
        va="center",
    )
    return sheet


def variants():
    """Stride, padding, dilation on the same image, and a width that the stride does not divide."""
    sheet, axes = style.figure("wide", 36)
    style.diagram(axes, 164, 36)
    cell, top = 4.1, 30.5
    results = maps()

    def panel(x, title, values, ground, width, text=grids.number):
        axes.text(x, 34, title, fontsize=8, ha="left", va="center", weight=600)
        grids.grid(axes, values, x, top, cell, ground, text, size=7.5)
        return x + width * cell

    def output(x, values, ground, middle):
        height = len(values) * cell
        grids.arrow(axes, (x + 0.6, middle), (x + 4.4, middle))
        grids.grid(axes, values, x + 5, middle + height / 2, cell, ground, size=7.5)

    dashed = (0, (3, 1.2))
    # Stride 2.
    right = panel(0.5, "Stride $S = 2$", _IMAGE, grids.bright, 5)
    grids.frame(axes, 0.5, top, cell, 0, 0, 3, 3, style.TEAL, "-", 0.3)
    grids.frame(axes, 0.5, top, cell, 0, 2, 3, 3, style.RUST, dashed, 0.3)
    grids.frame(axes, 0.5, top, cell, 2, 0, 3, 3, style.INK, (0, (1, 1)), 0.3)
    output(right, results["stride2"], grids.signed, top - 2.5 * cell)
    middle = top - 1.5 * cell
    grids.frame(axes, right + 5, middle, cell, 0, 0, 1, 1, style.TEAL, "-", 0.25)
    grids.frame(axes, right + 5, middle, cell, 0, 1, 1, 1, style.RUST, dashed, 0.25)
    grids.frame(axes, right + 5, middle, cell, 1, 0, 1, 1, style.INK, (0, (1, 1)), 0.25)
    # Padding 1: the border of zeros is hatched.
    x = 40
    padded = np.pad(_IMAGE, 1)
    right = panel(
        x,
        "Padding $P = 1$",
        padded,
        lambda i, j, v: style.PALE if i in (0, 6) or j in (0, 6) else grids.bright(i, j, v),
        7,
    )
    grids.frame(axes, x, top, cell, 1, 1, 5, 5, style.GREY, "-", 0, 0.9)
    grids.frame(axes, x, top, cell, 0, 0, 3, 3, style.TEAL, "-", 0.3)
    grids.frame(axes, x, top, cell, 2, 4, 3, 3, style.RUST, dashed, 0.3)
    output(right, results["padded"], grids.signed, top - 3.5 * cell)
    middle = top - 3.5 * cell + 2.5 * cell
    grids.frame(axes, right + 5, middle, cell, 0, 0, 1, 1, style.TEAL, "-", 0.25)
    grids.frame(axes, right + 5, middle, cell, 2, 4, 1, 1, style.RUST, dashed, 0.25)
    # Dilation 2: nine cells, every second one.
    x = 99
    right = panel(x, "Dilation $d = 2$", _IMAGE, grids.bright, 5)
    for i in (0, 2, 4):
        for j in (0, 2, 4):
            grids.frame(axes, x, top, cell, i, j, 1, 1, style.TEAL, "-", 0.35)
    output(right, results["dilated"], grids.signed, top - 2.5 * cell)
    # Floor: six cells, stride 2; the last row and column are never read.
    x = 134.5
    panel(x, "Remainder $m = 6$, $S = 2$", np.zeros((6, 6), int), None, 6, text=None)
    for box in ((x + 5 * cell, top - 6 * cell, cell, 6 * cell), (x, top - 6 * cell, 5 * cell, cell)):
        axes.add_patch(
            Rectangle(
                box[:2],
                box[2],
                box[3],
                facecolor=style.PALE,
                edgecolor=style.GREY,
                hatch="//////",
                linewidth=0.3,
                zorder=2,
            )
        )
    for (i, j), color, line in (
        ((0, 0), style.TEAL, "-"),
        ((0, 2), style.RUST, dashed),
        ((2, 0), style.INK, (0, (1, 1))),
    ):
        grids.frame(axes, x, top, cell, i, j, 3, 3, color, line, 0.3)
    axes.text(x + 3 * cell, top - 6 * cell - 2.6, "never read", fontsize=7.5, ha="center", va="center")
    return sheet


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


def channels():
    """Two filters on three channels: each filter sums over all channels and gives one map."""
    sheet, axes = style.figure("wide", 46)
    style.diagram(axes, 164, 46)
    _slab(axes, 1, 11, 24, 8, style.RULE)
    axes.add_patch(Rectangle((1 + 3, 11 + 12), 9, 9, facecolor=style.TEAL_TINT, alpha=0.7, linewidth=0, zorder=11))
    axes.add_patch(Rectangle((1 + 3, 11 + 12), 9, 9, fill=False, edgecolor=style.TEAL, linewidth=1.2, zorder=12))
    axes.text(15, 3.5, "input: $C_{in} = 3$ channels\nof $32 \\times 32$", fontsize=8, ha="center", va="center")
    rows = ((31, style.TEAL, "-", "1"), (10, style.RUST, (0, (4, 1.6)), "2"))
    for y, color, line, name in rows:
        _slab(axes, 48, y - 3, 9, 3, color)
        grids.arrow(axes, (31, 25), (46.5, y + 2), linestyle=line)
        for c, shift in enumerate((0, 7.4, 14.8)):
            axes.add_patch(Rectangle((71 + shift, y - 0.5), 5, 5, facecolor="white", edgecolor=color, linewidth=0.7))
            axes.text(73.5 + shift, y + 2, f"$s_{c + 1}$", fontsize=8, ha="center", va="center")
            axes.text(77.2 + shift, y + 2, "$+$", fontsize=8, ha="center", va="center")
        axes.text(94.6, y + 2, f"$b_{name}$", fontsize=8, ha="center", va="center")
        grids.arrow(axes, (62.5, y + 2), (70, y + 2))
        grids.arrow(axes, (97.5, y + 2), (110, y + 2))
        axes.add_patch(
            Rectangle((111, y - 6.5), 18, 18, facecolor="white", edgecolor=color, linewidth=1, linestyle=line)
        )
        axes.add_patch(Rectangle((114, y + 4.5), 2.2, 2.2, facecolor=color, linewidth=0))
        axes.text(131, y + 2.5, f"feature map {name}\n$30 \\times 30$", fontsize=8, ha="left", va="center")
    axes.text(
        55, 42.6 + 1.6, "filter 1: $3 \\times 3 \\times 3$", fontsize=8, ha="center", va="center", color=style.TEAL
    )
    axes.text(55, 2.6, "filter 2: $3 \\times 3 \\times 3$", fontsize=8, ha="center", va="center", color=style.RUST)
    axes.text(88, 44.2, "one sum per channel, and a bias", fontsize=8, ha="center", va="center")
    axes.text(88, 2.6, "27 weights and 1 bias each", fontsize=8, ha="center", va="center")
    return sheet


def receptive_field():
    """Cells that one output cell depends on, in stacks of three layers of width 3."""
    sheet, axes = style.figure("column", 31)
    style.diagram(axes, 112, 31)
    cell, gap = 3.2, 7.6
    stacks = ((14, 9, ((3, 1),) * 3, "strides 1, 1, 1"), (59, 15, ((3, 2), (3, 2), (3, 1)), "strides 2, 2, 1"))
    for level, name in enumerate(("input", "layer 1", "layer 2", "layer 3")):
        axes.text(0.5, 2.4 + level * gap, name, fontsize=7.5, ha="left", va="center", color=style.GREY)
    for x, cells, layers, title in stacks:
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
        for level, (count, (low, high)) in enumerate(zip(counts, spans, strict=True)):
            y = 1.0 + level * gap
            for n in range(count):
                left = x + (starts[level] + n * jumps[level]) * cell
                inside = low <= n <= high
                axes.add_patch(
                    Rectangle(
                        (left, y),
                        cell * 0.86,
                        cell * 0.86,
                        linewidth=0.5,
                        zorder=3,
                        facecolor=style.TEAL_TINT if inside else "white",
                        edgecolor=style.TEAL if inside else style.RULE,
                    )
                )
            if level:
                k, stride = layers[level - 1]
                for n in range(low, high + 1):
                    left = x + (starts[level] + n * jumps[level]) * cell
                    first = x + (starts[level - 1] + n * stride * jumps[level - 1]) * cell
                    last = x + (starts[level - 1] + (n * stride + k - 1) * jumps[level - 1]) * cell
                    axes.add_patch(
                        Polygon(
                            [
                                (left, y),
                                (left + cell * 0.86, y),
                                (last + cell * 0.86, y - gap + cell * 0.86),
                                (first, y - gap + cell * 0.86),
                            ],
                            closed=True,
                            zorder=1,
                            facecolor=style.PALE,
                            edgecolor=style.RULE,
                            linewidth=0.4,
                        )
                    )
        low, high = spans[0]
        axes.text(x, 29.2, f"{title}: {high - low + 1} inputs", fontsize=8, ha="left", va="center")
    return sheet


def as_matrix():
    """The worked convolution as one 9 x 25 matrix: the same nine numbers in every row, shifted."""
    sheet, axes = style.figure("margin", 22)
    style.diagram(axes, 45, 22)
    cell = 1.72
    matrix, taps = _matrix(_KERNEL), _matrix(np.ones((3, 3), int))
    for i in range(9):
        for j in range(25):
            if taps[i, j]:
                value = matrix[i, j]
                axes.add_patch(
                    Rectangle(
                        (1 + j * cell, 17 - (i + 1) * cell),
                        cell,
                        cell,
                        linewidth=0.25,
                        edgecolor="white",
                        facecolor=style.TEAL if value > 0 else style.RUST_TINT if value < 0 else style.RULE,
                    )
                )
    axes.add_patch(Rectangle((1, 17 - 9 * cell), 25 * cell, 9 * cell, fill=False, edgecolor=style.RULE, linewidth=0.5))
    axes.text(22.5, 20, "$\\mathbf{M}$, $9 \\times 25$: rows $z$, columns $x$", fontsize=7.5, ha="center", va="center")
    return sheet
