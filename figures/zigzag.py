"""The zigzag of all-positive inputs: gradient descent on one linear unit with two inputs (section 3.4.4).

The target is what the unit computes with the weights GOAL; inputs are uniform, either on 0 to 2 or,
with the same spread, on -1 to 1. The mean squared error then is a bowl that is known exactly.
"""

from functools import cache

import numpy as np

from .kit import style
from .kit.results import figure, numbers

GOAL, START = np.array([1.0, -1.0]), np.array([0.0, 0.0])
CASES = {"positive": 1.0, "centered": 0.0}  # mean of each input; its variance is 1/3
VARIANCE = 1 / 3


def hessian(mean):
    """Matrix of mean products of the two inputs, the Hessian of half the mean squared error."""
    return VARIANCE * np.eye(2) + mean**2 * np.ones((2, 2))


def path(mean, rate, steps):
    """Weights of each single-example step of a fixed sequence of inputs, for the drawing."""
    rng = np.random.default_rng(1)
    w, points = START.copy(), [START.copy()]
    for x in rng.uniform(mean - 1, mean + 1, (steps, 2)):
        w = w - rate * ((w - GOAL) @ x) * x
        points.append(w.copy())
    return np.array(points)


@numbers
@cache
def bowls():
    """Eigenvalues and condition number of both cases."""
    found = {}
    for name, mean in CASES.items():
        low, high = np.linalg.eigvalsh(hessian(mean))
        found[name] = {"low": float(low), "high": float(high), "condition": float(high / low)}
    return found


@figure
def paths():
    """Twenty steps on single examples, with inputs all positive and with centered inputs."""
    sheet, axes = style.figure("column", 48, 1, 2, sharey=True)
    for plot, mean in zip(axes, CASES.values(), strict=True):
        grid = np.linspace(-1.6, 2.0, 121)
        one, two = np.meshgrid(grid, grid)
        H = hessian(mean)
        u, v = one - GOAL[0], two - GOAL[1]
        height = 0.5 * (H[0, 0] * u**2 + 2 * H[0, 1] * u * v + H[1, 1] * v**2)
        plot.contour(grid, grid, height, levels=(0.03, 0.12, 0.3, 0.6, 1.0, 1.6), colors=[style.RULE], linewidths=0.5)
        found = path(mean, 0.4 if mean else 1.0, 20)
        plot.plot(*found.T, color=style.TEAL, linewidth=0.9, linestyle=(0, (6, 1)))
        plot.plot(*START, "o", color=style.TEAL)
        plot.plot(*GOAL, "x", color=style.RUST, markersize=5)
        plot.set(xlim=(-0.6, 1.7), ylim=(-1.6, 0.7), xticks=(0, 1), yticks=(-1, 0), aspect="equal", xlabel="$w_1$")
        plot.set_title("Inputs from 0 to 2" if mean else "Inputs from −1 to 1")
    axes[0].set_ylabel("$w_2$")
    return sheet
