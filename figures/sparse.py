"""Sparse first weights: a picture of which inputs the units read, and how many two units share (section 3.8.5)."""

from math import comb

import numpy as np

from .initialization import INCOMING, WIDTH, start
from .kit import style
from .kit.results import figure, numbers


@numbers
def shared():
    """Of two units with 15 random inputs each: expected common inputs and the chance of none, for two fan-ins."""
    return {
        f"n{n}": {"mean": INCOMING**2 / n, "none": comb(n - INCOMING, INCOMING) / comb(n, INCOMING)}
        for n in (WIDTH, 10_000)
    }


@figure
def rows():
    """Where the first 24 units of a layer of 100 inputs have their weights."""
    sheet, axes = style.figure("margin", 20)
    W = start("sparse")[3][0][:24]
    unit, place = np.nonzero(W)
    axes.plot(place + 1, unit + 1, "s", color=style.TEAL, markersize=1.1, markeredgewidth=0)
    axes.set(xlim=(0, WIDTH + 1), ylim=(25, 0), xlabel="input", ylabel="unit", xticks=(1, 50, 100), yticks=(1, 24))
    return sheet
