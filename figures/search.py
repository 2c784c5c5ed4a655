"""Grid search and random search on response surfaces that were trained (3.3.2).

The surface: validation loss of a 64-16-10 network after 60 steps of full-batch gradient descent on
200 digits, as a function of learning rate and weight decay, both on a logarithmic scale; once for
each of several starts. All searches of the text pick cells of these surfaces, so that every place of
a grid and every random draw can be averaged over exactly.
"""

import math
from decimal import Decimal
from functools import cache

import numpy as np

from .kit import signs, style
from .kit.results import computed, experiment, figure, numbers
from .models import digits, networks

# Search space as powers of ten, and the fine grid on which each surface is measured.
RATES, DECAYS = (-3, 1), (-6, -1)
COLUMNS, ROWS = 36, 6
WIDTHS, EXAMPLES, STEPS = (64, 16, 10), 200, 60
STARTS = (0, 1, 2, 3)
CEILING = 10.0  # the loss that stands for a run that broke down
SHOWN = 9  # trials of the drawing
# What all experiments of the section on one small network have in common, as their cards tell it.
SETTING = {
    "data": "digits",
    "split": f"the first {EXAMPLES} training images and 397 validation images",
    "network": "-".join(map(str, WIDTHS)),
    "initialization": "normal, variance 2/n",
    "loss": "cross-entropy",
    "optimizer": "gradient descent",
    "batch": f"all {EXAMPLES} images",
}


def power(bounds, share):
    """The value at a share of a range that is given as powers of ten."""
    return 10.0 ** (bounds[0] + (bounds[1] - bounds[0]) * np.asarray(share))


def start(seed=0):
    """The network before training."""
    return networks.initialize(WIDTHS, np.random.default_rng(seed), "he")


def trial(rate, decay, seed=0):
    """Train once and return the validation loss."""
    data = digits.split()
    inputs, classes = data.train_x[:EXAMPLES], data.train_y[:EXAMPLES]
    layers, _ = networks.train(start(seed), inputs, classes, rate=rate, decay=decay, steps=STEPS)
    with np.errstate(over="ignore", invalid="ignore"):
        loss = networks.mean_loss(layers, data.valid_x, data.valid_y)
    return min(loss, CEILING) if np.isfinite(loss) else CEILING


def axes_of_surface():
    """Rates and decays of the cells, each at the middle of its cell."""
    return power(RATES, (np.arange(COLUMNS) + 0.5) / COLUMNS), power(DECAYS, (np.arange(ROWS) + 0.5) / ROWS)


@computed
def surfaces():
    """Validation losses (starts, decays, rates)."""
    rates, decays = axes_of_surface()
    return np.array([[[trial(r, d, seed) for r in rates] for d in decays] for seed in STARTS])


def grid_mean(surface, rows, columns):
    """Best loss of a grid of so many decays and rates, averaged over all places of the grid."""
    down, across = ROWS // rows, COLUMNS // columns
    return float(np.mean([surface[i::down, j::across].min() for i in range(down) for j in range(across)]))


def random_mean(surface, trials):
    """Expected best loss of independent draws from the cells: P(minimum > v) = P(cell > v)^trials."""
    cells = np.sort(surface.ravel())
    above = (1 - np.arange(cells.size + 1) / cells.size) ** trials
    return float(cells @ (above[:-1] - above[1:]))


GRIDS = {4: (2, 2), 9: (3, 3), 36: (6, 6)}


@cache
def found_by():
    """Mean best loss of each search for each start: grids, lines of rates at one decay, random draws."""
    kinds = {"grid": {}, "line": {}, "random": {}}
    for trials, shape in GRIDS.items():
        kinds["grid"][trials] = np.array([grid_mean(surface, *shape) for surface in surfaces()])
        kinds["line"][trials] = np.array([grid_mean(surface, 1, trials) for surface in surfaces()])
    for trials in range(1, 37):
        kinds["random"][trials] = np.array([random_mean(surface, trials) for surface in surfaces()])
    return kinds


@numbers
def comparison():
    """Mean over the starts of what each search finds, and in how many starts random beats the grid."""
    kinds = found_by()
    found = {f"{kind}{n}": float(kinds[kind][n].mean()) for kind in kinds for n in GRIDS}
    wins = {n: int((kinds["random"][n] < kinds["grid"][n]).sum()) for n in GRIDS}
    return found | {
        "random1": float(kinds["random"][1].mean()),
        "wins": wins[9],
        "cells": ROWS * COLUMNS,
        "starts": len(STARTS),
        "lowest": float(surfaces().min(axis=(1, 2)).mean()),
        "guess": math.log(10),
        # How much either hyperparameter moves the loss: spread of the means over the other one.
        "by_rate": float(np.ptp(np.minimum(surfaces(), 2.4).mean(axis=(0, 1)))),
        "by_decay": float(np.ptp(np.minimum(surfaces(), 2.4).mean(axis=(0, 2))[:4])),
    }


@numbers
def scales():
    """Shares of the trials above 1 and below 0.1 for rates from 0.001 to 10, drawn in two ways."""
    low, high = (10.0**bound for bound in RATES)
    return {
        "uniform_above": (high - 1) / (high - low),
        "uniform_below": (0.1 - low) / (high - low),
        "log_above": math.log(high) / (math.log(high) - math.log(low)),
        "drawn": [float(10 ** (-3 + 4 * u)) for u in (0.1, 0.5, 0.9)],
    }


@numbers
def hits():
    """Random trials: chances of a hit, and the least number of trials for 95% and 99%."""

    def needed(share, chance):
        return math.ceil(math.log(1 - chance) / math.log(1 - share))

    return {
        "n59": 1 - 0.95**59,
        "needed95": needed(0.05, 0.95),
        "needed99": needed(0.05, 0.99),
        "quotient99": math.log(0.01) / math.log(0.95),
        "tenth": 0.5**10,
        "needed_tenth": needed(0.5**10, 0.95),
    }


def designs():
    """Nine trials each way, as shares of the two ranges (9 x 2): the middle grid and a random draw."""
    middles = (np.arange(3) + 0.5) / 3
    grid = np.array([(r, d) for d in middles for r in middles])
    return {"grid": grid, "random": np.random.default_rng(0).random((SHOWN, 2))}


def _shade(plane):
    """Shade the mean surface; the outermost cells are carried on to the edges of the search space."""
    rates, decays = axes_of_surface()
    edges = power(RATES, np.array([0, 1])), power(DECAYS, np.array([0, 1]))
    plane.contourf(
        np.hstack([edges[0][0], rates, edges[0][1]]),
        np.hstack([edges[1][0], decays, edges[1][1]]),
        np.pad(np.minimum(surfaces(), 2.4).mean(axis=0), 1, mode="edge"),
        levels=(0, 0.6, 0.9, 1.4, 1.9, 2.5),
        colors=("#ffffff", "#efefef", "#dfdfdf", "#cfcfcf", "#bfbfbf"),
    )


def _rate_axis(axes):
    """A logarithmic axis of learning rates over the search space."""
    axes.set(xscale="log", xlabel=r"learning rate $\eta$", xlim=power(RATES, np.array([0, 1])))
    axes.set_xticks((1e-3, 1e-2, 1e-1, 1, 10), ("0.001", "0.01", "0.1", "1", "10"))
    axes.minorticks_off()


@figure
def valley():
    """The mean surface with nine trials of either kind."""
    sheet, plane = style.figure("margin", 37)
    _shade(plane)
    for kind, shares in designs().items():
        rates, decays = power(RATES, shares[:, 0]), power(DECAYS, shares[:, 1])
        look = {"markersize": 4.2, "markeredgecolor": "white", "markeredgewidth": 0.5, "clip_on": False, "zorder": 3}
        plane.plot(rates, decays, **signs.SEARCHES[kind].dots, **look)
    plane.set(yscale="log", ylabel=r"weight decay $\lambda$", ylim=power(DECAYS, np.array([0, 1])))
    plane.set_yticks((1e-6, 1e-4, 1e-2))
    _rate_axis(plane)
    return sheet


@figure
def found():
    """Mean best loss against the number of trials, for random draws, grids and lines of rates."""
    sheet, axes = style.figure("column", 44)
    kinds = found_by()
    counts = sorted(kinds["random"])
    axes.plot(counts, [kinds["random"][n].mean() for n in counts], **signs.SEARCHES["random"].curve)
    looks = {"grid": signs.SEARCHES["grid"].dots, "line": {"color": style.INK, "linestyle": "none", "marker": "^"}}
    for kind, shift in (("grid", 1.04), ("line", 0.96)):
        for trials in GRIDS:
            losses = kinds[kind][trials]
            axes.vlines(
                trials * shift,
                losses.min(),
                losses.max(),
                color=looks[kind]["color"],
                linewidth=1.0,
                linestyle=(0, (1.5, 1.5)),
            )
            axes.plot(trials * shift, losses.mean(), **looks[kind], markersize=3.2)
    style.label(axes, "random", 1.1, 1.2, signs.SEARCHES["random"].color)
    style.label(axes, "square grid", 4.5, kinds["grid"][4].mean() + 0.05, signs.SEARCHES["grid"].color)
    style.label(axes, "rates only", 3.6, kinds["line"][4].mean() - 0.13, style.INK, ha="right")
    axes.set(xscale="log", xlabel="trials", ylabel="best validation loss", ylim=(0, 2.1), xlim=(1, 40))
    axes.set_xticks((1, 2, 4, 9, 18, 36), ("1", "2", "4", "9", "18", "36"))
    axes.minorticks_off()
    return sheet


@experiment
def grid_or_random():
    """How grid search and random search were compared."""
    bounds = [f"{Decimal(10) ** low:f} to {Decimal(10) ** high:f}" for low, high in (RATES, DECAYS)]
    return SETTING | {
        "title": "Grid search and random search for two hyperparameters",
        "entry": "3.3.2",
        "compares": "square grids, random draws, and one row of learning rates, with the same number of trials",
        "loss": f"{SETTING['loss']}, and weight decay on the weights",
        "rate": f"{COLUMNS} rates from {bounds[0]} and {ROWS} decays from {bounds[1]}, evenly on a logarithmic scale",
        "tuned": "the rate is what is searched",
        "steps": f"{STEPS}",
        "seeds": f"{len(STARTS)} starts, each with a surface of its own",
        "plotted": "best validation loss, mean over all places of a grid or all draws; bars span the starts",
    }
