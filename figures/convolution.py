"""Convolution: the worked image (also of 3.27), its maps, sizes of outputs, the layer as a matrix."""

import numpy as np
from matplotlib.patches import Rectangle

from .kit import grids, style
from .kit.results import figure, numbers

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


@numbers
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


@numbers
def gradients():
    """Gradients of L = sum of the 3 x 3 map: with respect to the kernel and to the image."""
    error = np.ones((3, 3), int)
    by_image = correlate(error, _KERNEL[::-1, ::-1], padding=2)
    by_kernel = correlate(_IMAGE, error)
    return {"kernel": by_kernel, "image": by_image, "kernel_first": int(by_kernel[0, 0])}


@numbers
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


@numbers
def as_matrix_counts():
    """Size of the matrix of the worked convolution, and how many kernel entries it holds."""
    matrix = as_matrix_of(np.ones((3, 3), int))
    return {"rows": matrix.shape[0], "columns": matrix.shape[1], "entries": matrix.size, "used": int(matrix.sum())}


def as_matrix_of(weights):
    """The matrix M with M vec(image) = vec(map)."""
    columns = [correlate(one.reshape(5, 5), weights).ravel() for one in np.eye(25, dtype=int)]
    return np.stack(columns, axis=1)


@figure
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
        axes.text(  # on the corner of the outline, where no digit is near
            0.5 + j * cell + 0.35,
            top - i * cell - 0.35,
            name,
            fontsize=8,
            color=color,
            weight=600,
            ha="center",
            va="center",
            zorder=5,
            bbox={"boxstyle": "circle,pad=0.12", "facecolor": "white", "edgecolor": "none"},
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


@figure
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


@figure
def as_matrix():
    """The worked convolution as one 9 x 25 matrix: the same nine numbers in every row, shifted."""
    sheet, axes = style.figure("margin", 22)
    style.diagram(axes, 45, 22)
    cell = 1.72
    matrix, taps = as_matrix_of(_KERNEL), as_matrix_of(np.ones((3, 3), int))
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
