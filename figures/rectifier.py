"""What ReLU buys and what it costs: depth, sparsity, dead units (sections 3.4.1 and 3.4.6).

All networks learn 200 points of two rings with the logistic loss and full-batch gradient descent.
"""

from functools import cache

import numpy as np

from .kit import style
from .kit.results import computed, figure, numbers
from .models import generators, networks

RATES = (0.1, 0.3, 1.0, 2.0, 3.0, 5.0)
SEEDS = 4
STEPS = 400


@cache
def _points():
    return generators.rings(200, 0)


@computed
def _losses(activation, hidden=8):
    """Training loss of a network 2-16-...-16-1 before each of the steps, rate 0.1."""
    X, y = _points()
    scheme = "he" if activation == "relu" else "lecun"
    layers = networks.initialize((2, *(16,) * hidden, 1), np.random.default_rng(0), scheme)
    return networks.train(layers, X, y, rate=0.1, steps=STEPS, activation=activation, loss="logistic")[1]


@numbers
@cache
def depth():
    """Final loss through eight hidden layers, one number a function, and chance level."""
    return {name: float(_losses(name)[-1]) for name in ("sigmoid", "tanh", "relu", "linear")} | {
        "chance": float(np.log(2))
    }


@numbers
def steps():
    """Number of steps of the deep networks."""
    return {"count": STEPS}


@numbers
def bottleneck():
    """Weights of a layer from 512 to 512, directly and through 32 linear units."""
    full, narrow = 512 * 512, 2 * 512 * 32
    return {"full": full, "narrow": narrow, "share": narrow / full}


def _silent(layers, X):
    """For each hidden unit: is it zero on every example?"""
    _, activations = networks.forward(layers, X, "relu")
    return np.concatenate([(a <= 0).all(axis=0) for a in activations[1:-1]])


@computed
def _run(rate, seed):
    """Share of dead units and accuracy after 300 steps of a 2-32-32-1 network."""
    X, y = _points()
    layers = networks.initialize((2, 32, 32, 1), np.random.default_rng(seed), "he")
    layers, _ = networks.train(layers, X, y, rate=rate, steps=300, loss="logistic")
    return float(_silent(layers, X).mean()), networks.accuracy(layers, X, y)


@cache
def dying():
    """Means over the seeds for each learning rate: share of dead units, accuracy."""
    runs = np.array([[_run(rate, seed) for seed in range(SEEDS)] for rate in RATES])
    return {"rates": np.array(RATES), "dead": runs[..., 0].mean(axis=1), "accuracy": runs[..., 1].mean(axis=1)}


@figure
def dead_units():
    """Dead units and accuracy after training, against the learning rate."""
    sheet, axes = style.figure("margin", 31)
    found = dying()
    axes.plot(found["rates"], 100 * found["dead"], "o-", color=style.RUST)
    axes.plot(found["rates"], 100 * found["accuracy"], "s", color=style.TEAL, linestyle=style.CURVES[1][1])
    style.label(axes, "dead units", 0.42, 20, style.RUST, ha="center")
    style.label(axes, "accuracy", 0.42, 80, style.TEAL, ha="center")
    axes.set(xscale="log", xlabel=r"learning rate $\eta$", ylabel="percent", ylim=(0, 104), yticks=(0, 50, 100))
    axes.set_xticks((0.1, 0.3, 1, 3), ("0.1", "0.3", "1", "3"))
    axes.minorticks_off()
    return sheet
