"""Comparing activation functions fairly: each at its own best learning rate (section 3.4.5).

A 64-32-32-10 network, 300 steps of batch size 50 on the 1,000 training digits, three seeds.
"""

from functools import cache

import numpy as np

from . import activation
from .kit import style
from .kit.results import computed, figure, numbers
from .models import digits, networks

RATES = (0.1, 0.3, 1.0, 3.0, 10.0)  # so wide that no function is best at an end
NAMES = ("sigmoid", "tanh", "ReLU")


@computed
def _accuracy(name, rate):
    """Mean validation accuracy over three seeds."""
    data, scores = digits.split(), []
    pair = activation.FUNCTIONS[name], activation.SLOPES[name]
    for seed in range(3):
        layers = networks.initialize((64, 32, 32, 10), np.random.default_rng(seed), "he" if name == "ReLU" else "lecun")
        layers, _ = networks.train(
            layers, data.train_x, data.train_y, rate=rate, steps=300, batch=50, seed=seed, activation=pair
        )
        with np.errstate(over="ignore", invalid="ignore"):
            scores.append(networks.accuracy(layers, data.valid_x, data.valid_y, pair))
    return float(np.mean(scores))


@numbers
@cache
def best():
    """For each function its best rate and accuracy, and the accuracies at the rates in common."""
    found = {}
    for name in NAMES:
        scores = {rate: _accuracy(name, rate) for rate in RATES}
        rate = max(scores, key=scores.get)
        found[name] = {"rate": rate, "accuracy": scores[rate], "at1": scores[1.0], "at01": scores[0.1]}
    return found


@numbers
def noise():
    """Standard error of an accuracy of 0.96, measured on the 397 validation digits."""
    return {"error": float(np.sqrt(0.96 * 0.04 / 397))}


@figure
def rates():
    """Validation accuracy of three functions against the learning rate."""
    sheet, axes = style.figure("margin", 40)
    places = {"sigmoid": (0.12, 0.1, "left"), "tanh": (1.2, 1.1, "left"), "ReLU": (0.74, 0.33, "right")}
    for name, mark, (color, line) in zip(
        NAMES, "so^", (style.CURVES[1], style.CURVES[0], style.CURVES[2]), strict=True
    ):
        axes.plot(
            RATES, [_accuracy(name, rate) for rate in RATES], marker=mark, color=color, linestyle=line, clip_on=False
        )
        x, y, align = places[name]
        style.label(axes, name, x, y, color, ha=align)
    axes.set(
        xscale="log",
        xlabel=r"learning rate $\eta$",
        ylabel="validation accuracy",
        ylim=(0, 1.2),
        yticks=(0, 0.5, 1),
        xlim=(0.09, 11),
    )
    axes.set_xticks(RATES, [f"{rate:g}" for rate in RATES])
    axes.minorticks_off()
    return sheet
