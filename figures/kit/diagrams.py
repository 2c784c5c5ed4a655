"""Dots, lines, arrows and boxes for diagrams of networks. Sizes are in millimeters."""

import numpy as np

from . import grids, style


def circle(axes, x, y, radius, fill="white", edge=style.INK, width=0.7, zorder=3):
    """A unit or an operation."""
    axes.add_patch(style.plt.Circle((x, y), radius, facecolor=fill, edgecolor=edge, linewidth=width, zorder=zorder))


def dot(axes, x, y, radius=1.1, fill="white", edge=style.INK):
    """A small circle."""
    circle(axes, x, y, radius, fill, edge, 0.6)


def line(axes, start, end, color=style.GREY, width=0.6, style_=None):
    """A thin line behind everything."""
    axes.plot(*zip(start, end, strict=True), color=color, linewidth=width, zorder=1, linestyle=style_ or "-")


def arrow(axes, start, end, color=style.INK, width=0.7, bend=0.0, line="-"):
    """An arrow, straight or bent."""
    grids.arrow(axes, start, end, color, linewidth=width, linestyle=line, connectionstyle=f"arc3,rad={bend}")


def box(axes, x, y, width, height, text="", fill="white", edge=style.INK, size=8):
    """A labeled box with its lower left corner at (x, y)."""
    axes.add_patch(style.plt.Rectangle((x, y), width, height, facecolor=fill, edgecolor=edge, linewidth=0.6, zorder=3))
    axes.text(x + width / 2, y + height / 2 - 0.1, text, ha="center", va="center", fontsize=size, zorder=4)


def matrix(axes, x, top, values, cell, height=4.6, marked=None, tint=style.TEAL_TINT, size=8):
    """A matrix of numbers in brackets, its upper left corner at (x, top), one row marked; returns its right edge."""
    rows, columns = values.shape
    right, bottom = x + columns * cell, top - rows * height
    if marked is not None:
        y = top - (marked + 1) * height
        axes.add_patch(style.plt.Rectangle((x, y), right - x, height, facecolor=tint, linewidth=0, zorder=0))
    for (i, j), value in np.ndenumerate(values):
        place = (x + (j + 0.5) * cell, top - (i + 0.5) * height)
        style.write(axes, *place, grids.number(round(float(value), 3)), fontsize=size)
    for side, inward in ((x, 0.9), (right, -0.9)):
        corners = [(side + inward, top), (side, top), (side, bottom), (side + inward, bottom)]
        axes.plot(*zip(*corners, strict=True), color=style.INK, linewidth=0.6)
    return right
