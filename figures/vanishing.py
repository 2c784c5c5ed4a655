"""Why depth is hard: error signals by layer, and directions that are lost (3.1.5).

The networks are not trained; `degradation` trains some.
"""

from functools import cache

import numpy as np

from . import degradation
from .kit import style
from .kit.results import computed, experiment, figure, numbers
from .models import networks

UNITS, BATCH, DEPTH, SEEDS = 128, 32, 30, 5

# Weights have variance gain^2 / units. The calibrated gain is 1 over the root mean square slope of
# the function near zero input, so that one layer passes an error signal on at its size.
CALIBRATED = {"sigmoid": 4.0, "tanh": 1.0, "ReLU": np.sqrt(2)}

_FUNCTIONS = {
    "sigmoid": (networks.sigmoid, lambda z, a: a * (1 - a)),
    "tanh": (lambda z: np.tanh(z), lambda z, a: 1 - a * a),
    "ReLU": (lambda z: np.maximum(z, 0), lambda z, a: (z > 0) * 1.0),
}


@cache
def draws(seed, depth):
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(BATCH, UNITS))
    weights = rng.normal(size=(depth, UNITS, UNITS)) / np.sqrt(UNITS)
    return inputs, weights, rng.normal(size=(BATCH, UNITS))


def signals(function, gain, skip=False, seed=0, depth=DEPTH):
    """Return the root mean square error signal of each layer of an untrained net, over the last's.

    Inputs and the gradient at the output are standard normal; no biases. With `skip`, each layer
    adds its result to its input.
    """
    f, slope = _FUNCTIONS[function]
    a, weights, g = draws(seed, depth)
    slopes = []
    for W in weights:
        z = a @ (gain * W).T
        h = f(z)
        slopes.append(slope(z, h))
        a = a + h if skip else h
    found = []
    for W, s in zip(weights[::-1], slopes[::-1], strict=True):
        delta = g * s
        found.append(networks.rms(delta))
        g = delta @ (gain * W) + (g if skip else 0)
    return np.array(found[::-1]) / found[0]


@computed
def _medians():
    """Median over the seeds, for each function and each of the four settings of the figure."""
    found = {}
    for name, gain in CALIBRATED.items():
        for label, factor, skip in (
            ("half", 0.5, False),
            ("right", 1, False),
            ("double", 2, False),
            ("skip", 0.5, True),
        ):
            runs = [signals(name, factor * gain, skip, seed) for seed in range(SEEDS)]
            found[name, label] = np.median(runs, axis=0)
    return found


@numbers
def first_layer():
    """Error signal of the first layer over that of the thirtieth, for what the text quotes."""
    found = {}
    for (name, label), ratios in _medians().items():
        found.setdefault(name, {})[label] = float(ratios[0])
    return found


@computed
def _sigmoid_slopes(gain):
    """Root mean square pre-activation and slope of the last layer of a sigmoid network, median of the seeds."""
    found = []
    for seed in range(SEEDS):
        a, weights, _ = draws(seed, DEPTH)
        for W in weights:
            z = a @ (gain * W).T
            a = networks.sigmoid(z)
        found.append((networks.rms(z), networks.rms(a * (1 - a))))
    return [float(value) for value in np.median(found, axis=0)]


@numbers
def sigmoid_factors():
    """What a layer of sigmoids multiplies the error signal with, at two sizes of its weights."""
    found = {}
    for gain in (4, 10):
        z, slope = _sigmoid_slopes(gain)
        found[f"g{gain}"] = {"z": z, "slope": slope, "factor": gain * slope}
    return found


@numbers
def bounds():
    """The exact factors of the texts: what layers leave of an error signal."""
    slope = float(networks.sigmoid(2.0) * (1 - networks.sigmoid(2.0)))
    return {
        "nine": 0.25**9,
        "nineteen": 0.25**19,
        "tanh": 0.9**49,
        "direction": 0.7**30,
        "grown": 1.01**40,
        "slope_at_two": slope,
        "factor_at_two": 4 * slope,
        "nine_at_two": (4 * slope) ** 9,
        "residual": 1.1**20,
        "leaky": float(np.sqrt(2 / (1 + 0.01))),
    }


@computed
def _middles(seed):
    """The fiftieth of 100 singular values over the first, of products of 1, 10 and 30 matrices."""
    rng = np.random.default_rng(seed)
    M, found = np.eye(100), {}
    for count in range(1, 31):
        M = rng.normal(size=(100, 100)) / 10 @ M
        if count in (1, 10, 30):
            s = np.linalg.svd(M, compute_uv=False)
            found[count] = float(s[49] / s[0])
    return found


@numbers
def ranks():
    """The same as the median of 41 seeds: from draw to draw it varies by a factor of two."""
    runs = [_middles(seed) for seed in range(41)]
    return {f"after{count}": float(np.median([run[count] for run in runs])) for count in runs[0]}


# --- the drawing --------------------------------------------------------------------------------


def _signals_by_layer(panel):
    """Error signals of a ReLU network with three sizes of its weights."""
    layers = np.arange(1, DEPTH + 1)
    looks = {"half": style.CURVES[1], "right": style.CURVES[0], "double": style.CURVES[2]}
    texts = {"half": ("$g$ = √2/2", 11, -7.6), "right": ("$g$ = √2", 3, 1.6), "double": ("$g$ = 2√2", 11.5, 7.4)}
    for label, (color, line) in looks.items():
        panel.semilogy(layers, _medians()["ReLU", label], color=color, linestyle=line)
        text, x, power = texts[label]
        style.label(panel, text, x, 10.0**power, color, fontsize=7.5)
    panel.set(xlabel="layer $l$", xlim=(1, DEPTH), xticks=(1, 10, 20, 30), ylim=(1e-10, 1e10))
    panel.set_yticks([10.0**k for k in (-8, -4, 0, 4, 8)])
    panel.set_ylabel("error signal")
    panel.minorticks_off()


@figure
def depth_effects():
    """Error signals by layer before training, and training losses by depth."""
    sheet, axes = style.figure("column", 36, 1, 2)
    _signals_by_layer(axes[0])
    axes[0].set_title("Before training")
    degradation.losses_by_depth(axes[1])
    axes[1].set_title("After training")
    return sheet


@experiment
def untrained_signals():
    """How the error signals of untrained networks were measured."""
    return {
        "title": "Error signals of untrained networks",
        "entry": "3.1.5",
        "compares": "error signals of the layers, by activation function and size of the weights",
        "data": f"{BATCH} inputs with standard normal entries; a standard normal gradient at the output",
        "split": "none",
        "network": f"{DEPTH} layers of {UNITS} units, no output layer",
        "initialization": "normal, variance g squared over n, biases zero; the calibrated g is 4 for sigmoid, "
        "1 for tanh, the root of 2 for ReLU",
        "loss": "none: only its gradient at the output is used",
        "optimizer": "none",
        "rate": "none",
        "tuned": "nothing",
        "batch": f"{BATCH}",
        "steps": "0",
        "seeds": f"{SEEDS}",
        "plotted": f"median over the seeds of the root mean square error signal, divided by that of layer {DEPTH}",
    }
