"""Search for hyperparameters on a response surface that was trained, and its pitfall (3.3).

The surface: validation loss of a 64-16-10 network after 60 steps of full-batch gradient descent on
200 digits, as a function of learning rate and weight decay, both on a logarithmic scale.
"""

import math
from functools import cache

import numpy as np

from .kit import signs, style
from .kit.results import computed, figure, numbers
from .models import digits, networks

# Search space as powers of ten, and the fine grid on which the surface is measured.
RATES, DECAYS = (-3, 1), (-6, -1)
COLUMNS, ROWS = 18, 6
TRIALS = 9


def _power(bounds, share):
    return 10.0 ** (bounds[0] + (bounds[1] - bounds[0]) * np.asarray(share))


@cache
def start():
    return networks.initialize((64, 16, 10), np.random.default_rng(0), "he")


@computed
def trial(rate, decay):
    """Train once and return the validation loss (10 where training broke down)."""
    data = digits.split()
    layers, _ = networks.train(start(), data.train_x[:200], data.train_y[:200], rate=rate, decay=decay, steps=60)
    with np.errstate(over="ignore", invalid="ignore"):
        loss = networks.mean_loss(layers, data.valid_x, data.valid_y)
    return loss if np.isfinite(loss) else 10.0


@cache
def measured_surface():
    """Losses on the fine grid, ROWS decays x COLUMNS rates, each cell measured at its center."""
    rates = _power(RATES, (np.arange(COLUMNS) + 0.5) / COLUMNS)
    decays = _power(DECAYS, (np.arange(ROWS) + 0.5) / ROWS)
    return rates, decays, np.array([[trial(r, d) for r in rates] for d in decays])


def _designs():
    """Nine trials each way, as shares of the two ranges (9 x 2): a grid and a random draw."""
    steps = (np.arange(3) + 0.5) / 3
    grid = np.array([(r, d) for d in steps for r in steps])
    return grid, np.random.default_rng(0).random((TRIALS, 2))


def _found(shares):
    return np.array([trial(*map(float, (_power(RATES, r), _power(DECAYS, d)))) for r, d in shares])


@numbers
@cache
def comparison():
    """What nine trials find: in the picture, and on average over all places of the grid."""
    grid, random = (_found(design) for design in _designs())
    surface = measured_surface()[2]
    shifts = [
        surface[row :: ROWS // 3, column :: COLUMNS // 3].min()
        for row in range(ROWS // 3)
        for column in range(COLUMNS // 3)
    ]
    # Best of nine independent draws from the cells, in closed form: P(minimum > v) = P(cell > v)^9.
    cells = np.sort(surface.ravel())
    above = (1 - np.arange(cells.size + 1) / cells.size) ** TRIALS
    return {
        "grid": float(grid.min()),
        "random": float(random.min()),
        "grid_mean": float(np.mean(shifts)),
        "places": len(shifts),
        "random_mean": float(cells @ (above[:-1] - above[1:])),
        "cells": cells.size,
    }


@numbers
def counted():
    """Parameters of the network that the trials train."""
    return {"parameters": networks.parameter_count(start())}


@numbers
def top_share():
    """Chance that the best of n random trials lies in the best 5 % of the search space."""
    return {f"n{n}": 1 - 0.95**n for n in (59, 90)}


@numbers
def above_one():
    """Share of rates from 10^-3 to 10 above 1: drawn uniformly, and uniformly in the log."""
    low, high = (10.0**bound for bound in RATES)
    return {"uniform": (high - 1) / (high - low), "logarithmic": math.log(high) / (math.log(high) - math.log(low))}


def _shade(plane):
    """Shade the surface; the outermost cells are carried on to the edges of the search space."""
    rates, decays, surface = measured_surface()
    edges = _power(RATES, np.array([0, 1])), _power(DECAYS, np.array([0, 1]))
    plane.contourf(
        np.hstack([edges[0][0], rates, edges[0][1]]),
        np.hstack([edges[1][0], decays, edges[1][1]]),
        np.pad(np.minimum(surface, 2.4), 1, mode="edge"),
        levels=(0, 0.45, 0.6, 0.9, 1.4, 1.9, 2.5),
        colors=("#ffffff", "#f3f3f3", "#e6e6e6", "#d8d8d8", "#cacaca", "#bcbcbc"),
    )


@figure
def grid_and_random():
    """The surface with nine trials of either kind, and all of them against the learning rate."""
    sheet, (*planes, profile) = style.figure("wide", 37, 1, 3)
    sheet.get_layout_engine().set(wspace=0.06)
    rates, _, surface = measured_surface()
    profile.plot(rates, surface[0], color=style.GREY, linewidth=0.8)
    panels = (
        (planes[0], "Grid: three rates", signs.SEARCHES["grid"], 0.06),
        (planes[1], "Random: nine rates", signs.SEARCHES["random"], 0.3),
    )
    for (plane, title, (color, _, mark), x), design in zip(panels, _designs(), strict=True):
        tested, losses = _power(RATES, design[:, 0]), _found(design)
        best = int(np.argmin(losses))
        _shade(plane)
        plane.plot(
            tested,
            _power(DECAYS, design[:, 1]),
            mark,
            color=color,
            markersize=4.4,
            markeredgecolor="white",
            markeredgewidth=0.5,
            clip_on=False,
            zorder=3,
        )
        plane.set(yscale="log", ylim=_power(DECAYS, np.array([0, 1])), yticks=(1e-6, 1e-4, 1e-2))
        for place, value in ((0.016, "2.3"), (0.62, "0.4"), (4.4, "2.3")):
            style.label(plane, value, place, 1.3e-4, ha="center", fontsize=7.5)
        plane.set_title(title)
        profile.plot(tested, losses, mark, color=color, markersize=3.6, clip_on=False, zorder=3)
        profile.plot(
            tested[best],
            losses[best],
            mark,
            color=style.INK,
            markersize=7,
            markerfacecolor="none",
            markeredgewidth=0.9,
            clip_on=False,
        )
        style.label(profile, f"best {losses[best]:.2f}", x, losses[best] - 0.14, color, ha="right")
    for axes in (*planes, profile):
        axes.set(
            xscale="log",
            xlabel=r"learning rate $\eta$",
            xlim=_power(RATES, np.array([0, 1])),
            xticks=(1e-3, 1e-2, 1e-1, 1, 10),
        )
        axes.minorticks_off()
    planes[0].set_ylabel(r"weight decay $\lambda$")
    profile.set(ylim=(0, 2.6), yticks=(0, 1, 2))
    profile.set_title("Validation loss")
    return sheet


# Selection bias: m settings of the same true accuracy, each judged on `size` validation examples.

TRUE_ACCURACY = 0.9
SETTINGS = (1, 10, 100, 1000)


@computed
def best_of(size):
    """Expected best accuracy of 1 to 1,000 equal settings, exact, from the binomial law."""
    hits = np.arange(size + 1)
    logs = np.array([math.lgamma(size + 1) - math.lgamma(k + 1) - math.lgamma(size - k + 1) for k in hits])
    logs += hits * math.log(TRUE_ACCURACY) + (size - hits) * math.log(1 - TRUE_ACCURACY)
    at_most = np.minimum(np.cumsum(np.exp(logs)), 1)
    counts = np.unique(np.round(np.logspace(0, 3, 61)).astype(int))
    # E max = sum over k of P(max >= k), with P(max < k) = P(one < k)^m.
    return counts, np.array([(1 - at_most[:-1] ** m).sum() / size for m in counts])


@numbers
def expected_best():
    """The expected best validation accuracy for the numbers of settings that the text names."""
    counts, best = best_of(1000)
    return {f"m{m}": float(best[counts == m][0]) for m in SETTINGS}


@figure
def optimism():
    """Expected best accuracy against the number of settings, two sizes of validation set."""
    sheet, axes = style.figure("margin", 37)
    for size, (color, line), x, y in ((200, style.CURVES[1], 7.5, 0.953), (1000, style.CURVES[0], 14, 0.9085)):
        counts, best = best_of(size)
        axes.plot(counts, best, color=color, linestyle=line)
        style.label(axes, f"{size:,} examples", x, y, color, ha="left" if size == 1000 else "center")
    axes.axhline(TRUE_ACCURACY, color=style.INK, linewidth=0.6)
    style.label(axes, "true accuracy", 1000, 0.8985, ha="right", fontsize=7.5, va="top")
    axes.set(
        xscale="log",
        xlabel="settings compared",
        ylabel="best accuracy",
        xlim=(1, 1000),
        ylim=(0.887, 0.965),
        yticks=(0.90, 0.92, 0.94, 0.96),
    )
    axes.set_xticks(SETTINGS, [f"{m:,}" for m in SETTINGS])
    axes.minorticks_off()
    return sheet
