"""The drawing on the cover, without words: a valley and two ways down it, gradient descent and momentum.

It is as wide as the ground that bleeds over both papers, and stands below the title.
"""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from . import optimizers
from .kit import signs, style
from .kit.results import figure

WIDTH, HEIGHT = 234, 196  # mm
# The part of the plane that is seen: 1 unit is as long on both axes.
LEFT, RIGHT, MIDDLE = -2.2, 11.2, -1.2
# f(w) = ((w_1 - 8)^2 + 25 (w_2 + 1.5)^2) / 2, from the origin.
CURVATURES, MINIMUM, RATES = np.array([1.0, 25.0]), np.array([8.0, -1.5]), {"SGD": 0.07, "Nesterov": 0.01}
CLEAR = 1.3  # around the minimum
LINES = LinearSegmentedColormap.from_list("lines", ["#5f97a1", "#d3e3e6"])


def surface(w):
    """Height of the valley at points (..., 2)."""
    return 0.5 * (CURVATURES * np.square(w - MINIMUM)).sum(axis=-1)


def path(name, steps):
    """Points of an optimizer from the origin (steps + 1, 2)."""
    points, state = [np.zeros(2)], optimizers.start(2)
    for _ in range(steps):
        points.append(optimizers.step(name, points[-1], CURVATURES * (points[-1] - MINIMUM), state, RATES[name]))
    return np.array(points)


@figure
def front():
    """Level lines of the valley, gradient descent (dashed, squares) and Nesterov momentum (solid, diamonds)."""
    sheet, _ = style.figure(WIDTH, HEIGHT, 0)
    sheet.set_layout_engine("none")
    axes = sheet.add_axes((0, 0, 1, 1))
    half = (RIGHT - LEFT) * HEIGHT / WIDTH / 2
    axes.set(xlim=(LEFT, RIGHT), ylim=(MIDDLE - half, MIDDLE + half))
    axes.axis("off")
    grid = np.stack(np.meshgrid(np.linspace(LEFT, RIGHT, 400), np.linspace(MIDDLE - half, MIDDLE + half, 400)), -1)
    levels = np.geomspace(0.15, 420, 24)
    axes.contour(
        grid[..., 0],
        grid[..., 1],
        surface(grid),
        levels=levels,
        colors=LINES(np.linspace(1, 0, len(levels))),
        linewidths=0.9,
    )
    for name, color, line in (("SGD", style.RUST, signs.DASHED), ("Nesterov", style.TEAL, signs.SOLID)):
        points = path(name, 40)
        far = np.flatnonzero(np.hypot(*(points - MINIMUM).T) > CLEAR)  # nearer, markers would hide the minimum
        axes.plot(
            *points.T,
            linestyle=line,
            marker=signs.METHODS[name].marker,
            markevery=far,
            color=color,
            linewidth=1.6,
            markersize=5,
            markeredgecolor="white",
            markeredgewidth=0.8,
        )
    axes.plot(*MINIMUM, "+", color=style.INK, markersize=15, markeredgewidth=1.6, zorder=5)
    return sheet
