"""Convolution: the worked image (also of 3.27), its maps, sizes of outputs, the layer as a matrix."""

import numpy as np
from matplotlib.patches import Rectangle

from .kit import grids, style
from .kit.results import figure, numbers
from .models.convolutions import as_matrix_of, correlate, image, kernel, output_width, spread


def maps():
    """Feature maps of the image for the settings that the text quotes."""
    return {
        "plain": correlate(image(), kernel()),
        "flipped": correlate(image(), kernel()[::-1, ::-1]),
        "stride2": correlate(image(), kernel(), stride=2),
        "padded": correlate(image(), kernel(), padding=1),
        "padded_stride2": correlate(image(), kernel(), stride=2, padding=1),
        "dilated": correlate(image(), kernel(), dilation=2),
    }


@numbers
def first_window():
    """The windows that the text works out: products, column sums and sum of B, sums of A and C."""
    window = image()[1:4, 1:4]
    products = window * kernel()
    last = image()[2:5, 2:5] * kernel()
    plain = correlate(image(), kernel())
    return {
        "a": int(plain[0, 0]),
        "c": int(plain[2, 2]),
        "c_left": int(-last[:, 0].sum()),
        "c_right": int(last[:, 2].sum()),
        "inverted": int(correlate(1 - image(), kernel())[0, 0]),
        "products": products,
        "left": int(products[:, 0].sum()),
        "right": int(products[:, 2].sum()),
        "sum": int(products.sum()),
    }


@numbers
def gradients():
    """Gradients of L = sum of the 3 x 3 map: with respect to the kernel and to the image."""
    error = np.ones((3, 3), int)
    by_image = correlate(error, kernel()[::-1, ::-1], padding=2)
    by_kernel = correlate(image(), error)
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


# Going further: the way back in one dimension, stacks, transposed convolution.

LINE = {"x": np.array([1, 2, 0, 3]), "w": np.array([2, -1]), "d": np.array([1, -1, 2])}


@numbers
def line():
    """A kernel of two on four cells, forward and backward, and its matrix."""
    x, w, d = LINE["x"], LINE["w"], LINE["d"]
    matrix = np.array([[w[j - i] if 0 <= j - i < 2 else 0 for j in range(4)] for i in range(3)])
    return {
        "M": matrix,
        "z": matrix @ x,
        "by_kernel": [int(d @ x[u : u + 3]) for u in range(2)],
        "by_bias": int(d.sum()),
        "by_input": matrix.T @ d,
    }


SMALL_MAP = np.array([[1, 2], [0, 3]])
TENT = np.outer([1, 2, 1], [1, 2, 1])


@numbers
def transposed():
    """The transposed convolutions of the text, in one dimension and in two."""
    ones, box = np.ones((1, 3), int), np.zeros((3, 3), int)
    box[1] = 1
    return {
        "line": np.convolve([1, 0, 3], [1, 2, 1]),
        "plane": spread(SMALL_MAP, TENT, 2),
        "counts": spread(ones, box, 2)[1],
        "even": np.convolve([1, 0, 1, 0, 1], [1, 1]),
    }


@numbers
def stacks():
    """Kernels that follow one another as one kernel, and what a field of ten layers of means weighs."""
    box = np.ones(3) / 3
    weights = np.ones(1)
    for _ in range(10):
        weights = np.convolve(weights, box)
    places = np.arange(len(weights)) - 10
    return {
        "merged": np.convolve([1, 2, 1], [-1, 0, 1]),
        "sobel": np.outer([1, 2, 1], [-1, 0, 1]),
        "field": len(weights),
        "deviation": float(np.sqrt(weights @ places**2)),
        "middle": float(weights[np.abs(places) <= 5].sum()),
        "edge": float(weights[0]),
    }


# Three windows told apart by color and line.
LOOKS = ((style.TEAL, "-"), (style.RUST, (0, (3, 1.2))), (style.INK, (0, (1, 1))))


def _three_windows(axes, cell, top):
    """Image, kernel and map, three windows and their cells."""
    grids.grid(axes, image(), 0.5, top, cell, grids.bright)
    grids.grid(axes, kernel(), 47, top - cell, cell, grids.signed)
    grids.grid(axes, maps()["plain"], 80, top - cell, cell, grids.signed)
    for at, name, (color, line) in zip(range(3), "ABC", LOOKS, strict=True):
        grids.frame(axes, 0.5, top, cell, at, at, 3, 3, color, line, inset=0.35)
        grids.frame(axes, 80, top - cell, cell, at, at, 1, 1, color, line, inset=0.45)
        # On the corner of the outline, where no digit is near.
        corner = (0.5 + at * cell + 0.35, top - at * cell - 0.35)
        disk = {"boxstyle": "circle,pad=0.12", "facecolor": "white", "edgecolor": "none"}
        style.write(axes, *corner, name, color=color, weight=600, zorder=5, bbox=disk)
    for x, text in (
        (0.5, "Image, $m = 5$"),
        (47, "Kernel, $k = 3$"),
        (80, "Map, $o = 3$"),
    ):
        style.head(axes, x, 42, text)
    style.write(axes, 41.2, top - 2.5 * cell, "\N{STAR OPERATOR}", fontsize=13)
    style.write(axes, 74, top - 2.5 * cell, "$=$", fontsize=12)


def _one_window(axes, top):
    """Window B entry by entry: its numbers, the kernel, the nine products and their sum."""
    small, gap, left = 5.1, 4.2, 109
    middle, found = left + 4.5 * small + gap, first_window()
    style.head(axes, left, 42, "Window B, entry by entry", color=style.RUST)
    grounds = ((image()[1:4, 1:4], grids.bright), (kernel(), grids.signed), (found["products"], grids.signed))
    for k, (values, ground) in enumerate(grounds):
        grids.grid(axes, values, left + k * (3 * small + gap), top, small, ground, size=7.5)
    for k, sign in enumerate(("\N{CIRCLED DOT OPERATOR}", "$=$")):
        style.write(axes, left + (k + 1) * (3 * small + gap) - gap / 2, top - 1.5 * small, sign, fontsize=9)
    total = f"sum of the nine products: {found['right']} \N{MINUS SIGN} {-found['left']} = {found['sum']}"
    style.write(axes, middle, top - 3 * small - 4.5, total)


@figure
def sliding():
    """Image, kernel and map; three windows and their cells; one window entry by entry."""
    sheet, axes = style.figure("wide", 44)
    style.diagram(axes, 164, 44)
    cell, top = 7, 38
    _three_windows(axes, cell, top)
    _one_window(axes, top - cell)
    return sheet


SMALL, TOP = 4.1, 30.5  # width of a cell and upper edge of the images of `variants`


def _image(axes, x, title, values, ground, text=grids.number):
    """An image with its title; returns its right edge."""
    style.head(axes, x, 34, title)
    grids.grid(axes, values, x, TOP, SMALL, ground, text, size=7.5)
    return x + len(values) * SMALL


def _output(axes, x, values, middle):
    """An arrow and the map that it leads to."""
    upper = middle + len(values) * SMALL / 2
    grids.arrow(axes, (x + 0.6, middle), (x + 4.4, middle))
    grids.grid(axes, values, x + 5, upper, SMALL, grids.signed, size=7.5)


def _stride(axes, x):
    right = _image(axes, x, "Stride $S = 2$", image(), grids.bright)
    windows = tuple(zip(((0, 0), (0, 2), (2, 0)), LOOKS, strict=True))
    for (i, j), (color, line) in windows:
        grids.frame(axes, x, TOP, SMALL, i, j, 3, 3, color, line, 0.3)
    _output(axes, right, maps()["stride2"], TOP - 2.5 * SMALL)
    for (i, j), (color, line) in windows:
        grids.frame(axes, right + 5, TOP - 1.5 * SMALL, SMALL, i // 2, j // 2, 1, 1, color, line, 0.25)


def _padding(axes, x):
    """The border of zeros is grey."""

    def ground(i, j, value):
        return style.PALE if i in (0, 6) or j in (0, 6) else grids.bright(i, j, value)

    right = _image(axes, x, "Padding $P = 1$", np.pad(image(), 1), ground)
    windows = tuple(zip(((0, 0), (2, 4)), LOOKS[:2], strict=True))
    grids.frame(axes, x, TOP, SMALL, 1, 1, 5, 5, style.GREY, "-", 0, 0.9)
    for (i, j), (color, line) in windows:
        grids.frame(axes, x, TOP, SMALL, i, j, 3, 3, color, line, 0.3)
    _output(axes, right, maps()["padded"], TOP - 3.5 * SMALL)
    for (i, j), (color, line) in windows:
        grids.frame(axes, right + 5, TOP - 3.5 * SMALL + 2.5 * SMALL, SMALL, i, j, 1, 1, color, line, 0.25)


def _dilation(axes, x):
    """Nine cells, every second one."""
    right = _image(axes, x, "Dilation $d = 2$", image(), grids.bright)
    for i in (0, 2, 4):
        for j in (0, 2, 4):
            grids.frame(axes, x, TOP, SMALL, i, j, 1, 1, style.TEAL, "-", 0.35)
    _output(axes, right, maps()["dilated"], TOP - 2.5 * SMALL)


def _remainder(axes, x):
    """Six cells, stride 2: the last row and column are never read."""
    _image(axes, x, "Remainder $m = 6$, $S = 2$", np.zeros((6, 6), int), None, text=None)
    hatched = {"facecolor": style.PALE, "edgecolor": style.GREY, "hatch": "//////", "linewidth": 0.3, "zorder": 2}
    for left, width, height in ((x + 5 * SMALL, SMALL, 6 * SMALL), (x, 5 * SMALL, SMALL)):
        axes.add_patch(Rectangle((left, TOP - 6 * SMALL), width, height, **hatched))
    for (i, j), (color, line) in zip(((0, 0), (0, 2), (2, 0)), LOOKS, strict=True):
        grids.frame(axes, x, TOP, SMALL, i, j, 3, 3, color, line, 0.3)
    style.write(axes, x + 3 * SMALL, TOP - 6 * SMALL - 2.6, "never read", fontsize=7.5)


@figure
def variants():
    """Stride, padding, dilation on the same image, and a width that the stride does not divide."""
    sheet, axes = style.figure("wide", 36)
    style.diagram(axes, 164, 36)
    for panel, x in ((_stride, 0.5), (_padding, 40), (_dilation, 99), (_remainder, 134.5)):
        panel(axes, x)
    return sheet


@figure
def as_matrix():
    """The worked convolution as one 9 x 25 matrix: the same nine numbers in every row, shifted."""
    sheet, axes = style.figure("margin", 22)
    style.diagram(axes, 45, 22)
    cell = 1.72
    matrix, taps = as_matrix_of(kernel()), as_matrix_of(np.ones((3, 3), int))
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
    axes.text(22.5, 20, "$\\mathbf{M}$, 9 × 25: rows $z$, columns $x$", fontsize=7.5, ha="center", va="center")
    return sheet


@figure
def transposed_map():
    """Four values set down four copies of a kernel, two cells apart; where copies meet they are added."""
    sheet, axes = style.figure("column", 36)
    style.diagram(axes, 112, 36)
    cell, top = 5.6, 29
    for x, values, title in (
        (0.5, SMALL_MAP, "Map"),
        (22, TENT, "Kernel"),
        (62, transposed()["plane"], "Result, $S = 2$"),
    ):
        style.head(axes, x, 33, title)
        grids.grid(axes, values, x, top, cell, grids.signed)
    grids.arrow(axes, (42, top - 1.5 * cell), (59, top - 1.5 * cell))
    for (i, j), (color, line) in zip(((0, 0), (0, 2), (2, 2)), LOOKS, strict=True):
        grids.frame(axes, 0.5, top, cell, i // 2, j // 2, 1, 1, color, line, 0.4)
        grids.frame(axes, 62, top, cell, i, j, 3, 3, color, line, 0.4)
    return sheet
