"""Grids of numbers, as convolution, pooling and padding draw them. Sizes are in millimeters."""

from matplotlib.patches import Rectangle

from . import style


def number(value, digits=None):
    """Write a number for a cell, with a true minus and without needless decimals."""
    text = f"{value:g}" if digits is None else f"{value:.{digits}f}"
    return text.replace("-", "\N{MINUS SIGN}")


def grid(axes, values, x, y, cell, tint=None, text=number, size=8, edge=style.RULE, color=style.INK):
    """Draw rows of values with the upper left corner at (x, y), y upward.

    `tint(i, j, value)` gives the ground of a cell, `text(value)` what stands in it.
    """
    for i, row in enumerate(values):
        for j, value in enumerate(row):
            ground = tint(i, j, value) if tint else "white"
            axes.add_patch(
                Rectangle(
                    (x + j * cell, y - (i + 1) * cell),
                    cell,
                    cell,
                    facecolor=ground,
                    edgecolor=edge,
                    linewidth=0.4,
                    zorder=1,
                )
            )
            if text:
                axes.text(
                    x + (j + 0.5) * cell,
                    y - (i + 0.54) * cell,
                    text(value),
                    fontsize=size,
                    ha="center",
                    va="center",
                    color=color,
                    zorder=3,
                )


def frame(axes, x, y, cell, top, left, rows, columns, color=style.TEAL, line="-", inset=0.0, width=1.3):
    """Outline `rows` x `columns` cells, whose first is (top, left), of a grid drawn at (x, y)."""
    axes.add_patch(
        Rectangle(
            (x + left * cell + inset, y - (top + rows) * cell + inset),
            columns * cell - 2 * inset,
            rows * cell - 2 * inset,
            fill=False,
            edgecolor=color,
            linestyle=line,
            linewidth=width,
            zorder=4,
        )
    )


def arrow(axes, start, end, color=style.GREY, **options):
    """A thin arrow between two points."""
    axes.annotate(
        "",
        end,
        start,
        arrowprops={
            "arrowstyle": "-|>,head_width=0.14,head_length=0.28",
            "color": color,
            "linewidth": 0.7,
            "shrinkA": 0,
            "shrinkB": 0,
        }
        | options,
    )


def bright(_i, _j, value):
    """Ground of a pixel of a binary image."""
    return style.TEAL_TINT if value else "white"


def signed(_i, _j, value):
    """Ground that tells the sign of a cell; the number in it tells it too."""
    return style.TEAL_TINT if value > 0 else style.RUST_TINT if value < 0 else "white"
