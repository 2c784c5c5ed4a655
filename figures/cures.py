"""The zigzag with the best step along each line, and what cures it (going further on 3.6.4).

The valley is that of section 3.11 (figures/optimizers.py), along the axes and turned by 45 degrees.
"""

from functools import cache

import numpy as np

from .kit import style
from .kit.results import figure, numbers
from .optimizers import CLOSE, EIGENVALUES, MOST_STEPS, fastest, heights, valley

LOW, HIGH = EIGENVALUES
BEST = 2 / (LOW + HIGH)
ROOT_MU = (HIGH**0.5 - LOW**0.5) / (HIGH**0.5 + LOW**0.5)
PUSH = (2 / (LOW**0.5 + HIGH**0.5)) ** 2  # the learning rate that goes with this momentum


def descent(hessian, w, steps):
    """Gradient descent at the best constant rate."""
    points = [w]
    for _ in range(steps):
        points.append(points[-1] - BEST * hessian @ points[-1])
    return np.array(points)


def line_search(hessian, w, steps):
    """Along each gradient as far as the loss falls."""
    points = [w]
    for _ in range(steps):
        g = hessian @ points[-1]
        points.append(points[-1] - (g @ g) / (g @ hessian @ g) * g)
    return np.array(points)


def momentum(hessian, w, steps):
    """Momentum with the coefficient and the rate that fit both curvatures into the window of 3.11."""
    points, v = [w], np.zeros(2)
    for _ in range(steps):
        v = ROOT_MU**2 * v + hessian @ points[-1]
        points.append(points[-1] - PUSH * v)
    return np.array(points)


def newton(hessian, w, steps):
    """The step that solves the quadratic."""
    return np.array([w] + [w - np.linalg.solve(hessian, hessian @ w)] * steps)


def scaled(hessian, w, steps):
    """Gradient descent after scaling each parameter to curvature 1, at the best rate for what is left."""
    roots = np.diag(hessian) ** 0.5
    inner = hessian / np.outer(roots, roots)
    values = np.linalg.eigvalsh(inner)
    points = [w * roots]
    for _ in range(steps):
        points.append(points[-1] - 2 / (values[0] + values[-1]) * inner @ points[-1])
    return np.array(points) / roots


CURES = {"descent": descent, "line": line_search, "scaled": scaled, "momentum": momentum, "newton": newton}


WORST = np.array([-8.0, 0.08])  # w_1 is as many times w_2 as one curvature is the other


def count(cure, degrees, begin=None):
    """Steps until the height stays below 0.01."""
    hessian, usual = valley(degrees)
    points = CURES[cure](hessian, usual if begin is None else begin, MOST_STEPS)
    above = ~(heights(points, degrees) < CLOSE)
    return int(MOST_STEPS + 1 - above[::-1].argmax())


@numbers
@cache
def counts():
    """Steps of each cure in both valleys and from the worst start, and the constants of descent and momentum."""
    found = {
        cure: {"along": count(cure, 0.0), "turned": count(cure, 45.0), "worst": count(cure, 0.0, WORST)}
        for cure in CURES
    }
    for name in ("AdaGrad", "Adam"):
        found[name] = {"along": fastest(name)[0], "turned": fastest(name, 45.0)[0]}
    found["few"] = line_search(*valley(), 4)
    return found | {"rate": float(BEST), "factor": float(1 - BEST * LOW), "mu": float(ROOT_MU**2), "push": float(PUSH)}


# Cure, start, steps drawn, largest w_2 drawn, title.
PANELS = (
    ("descent", None, 30, 0.95, "Best constant rate"),
    ("line", None, 13, 0.95, "Best step each time"),
    ("line", WORST, 30, 0.095, "The same, worst start"),
    ("momentum", None, 42, 3.4, "Momentum"),
)


@figure
def paths():
    """The valley along the axes with the first steps of descent, of line search from two starts, of momentum."""
    sheet, panels = style.figure("column", 48, 2, 2, sharex=True)
    hessian, usual = valley()
    for axes, (cure, begin, steps, top, title) in zip(panels.flat, PANELS, strict=True):
        across, up = np.meshgrid(np.linspace(-9, 2, 121), np.linspace(-top, top, 81))
        height = heights(np.stack([across, up], -1))
        axes.contour(across, up, height, (2, 8, 20, 40), colors=[style.RULE], linewidths=0.5)
        points = CURES[cure](hessian, usual if begin is None else begin, steps)
        axes.plot(*points.T, "-o", color=style.TEAL, markersize=1.6, linewidth=0.8)
        axes.plot(0, 0, "+", color=style.INK, markersize=6, zorder=4)
        axes.set_title(f"{title}: {counts()[cure]['along' if begin is None else 'worst']} steps")
        axes.set(xlim=(-9, 2), ylim=(-top, top), xticks=(-8, -4, 0))
    for axes in panels[1]:
        axes.set_xlabel("$w_1$")
    for axes in panels[:, 0]:
        axes.set_ylabel("$w_2$")
    return sheet
