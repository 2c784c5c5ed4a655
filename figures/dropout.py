"""Dropout: the scaling by hand, its variance, and a sweep of the rate (section 3.12)."""

from itertools import product

import numpy as np

from .kit import style
from .kit.results import computed, figure, numbers
from .models import generators, networks

# By hand: activations, the mask of one draw, and the drop probability.
ACTIVATIONS, MASK, DROP = np.array([2.0, -1.0, 4.0, 3.0]), np.array([1, 1, 0, 1]), 0.2

# The sweep: moons with 18 further inputs that are noise, a 20-48-48-1 ReLU network.
RATES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
COUNT, VALID, NOISE, USELESS = 100, 1000, 0.2, 18
WIDTHS, STEPS, LEARNING_RATE, MOMENTUM, SEEDS = (20, 48, 48, 1), 150, 0.1, 0.9, range(8)


def drop(a, mask, p):
    """Inverted dropout: kept activations grow by 1/(1 - p)."""
    return a * mask / (1 - p)


@numbers
def by_hand():
    """One draw, and the mean over all 16 masks weighted with their probabilities."""
    masks = np.array(list(product((0, 1), repeat=4)))
    chances = np.prod(np.where(masks, 1 - DROP, DROP), axis=1)
    return {
        "drawn": drop(ACTIVATIONS, MASK, DROP),
        "mean": chances @ drop(ACTIVATIONS, masks, DROP),
        "factor": 1 / (1 - DROP),
    }


def _data():
    """Training and validation examples, one set a seed: (seeds, examples, 20) and classes 0, 1."""
    sets = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        for count, shift in ((COUNT, 0), (VALID, 1000)):
            X, y = generators.moons(count, seed + shift, NOISE)
            sets.append((np.hstack([X, rng.normal(size=(count, USELESS))]), y[:, None]))
    return [np.array([each[part] for each in sets[half::2]], np.float32) for half in (0, 1) for part in (0, 1)]


def _outputs(layers, X, masks=None):
    """Inputs of each layer and the outputs; masks hold 0 or 1/(1 - p) for each hidden layer."""
    inputs = [X]
    for number, (W, b) in enumerate(layers):
        z = inputs[-1] @ W.swapaxes(-1, -2) + b
        if number < len(layers) - 1:
            np.maximum(z, 0, out=z)
            if masks is not None:
                z *= masks[number]
        inputs.append(z)
    return inputs[:-1], inputs[-1]


def gradients(layers, X, y, masks):
    """Gradients of the mean logistic loss for many networks at once."""
    inputs, z = _outputs(layers, X, masks)
    delta, found = (networks.sigmoid(z) - y) / y.shape[-2], []
    for number in range(len(layers) - 1, -1, -1):
        found.append((delta.swapaxes(-1, -2) @ inputs[number], delta.sum(axis=-2, keepdims=True)))
        if number:
            delta = delta @ layers[number][0]
            delta *= masks[number - 1]
            delta *= inputs[number] > 0
    return found[::-1]


@computed
def sweep():
    """Train at each rate from eight seeds; mean errors (in %) with dropout switched off.

    All rates see the same data, first weights and random numbers. `gain` is the mean difference to
    no dropout, `spread` its standard error over the seeds.
    """
    X, y, valid_X, valid_y = _data()
    drawn = [networks.initialize(WIDTHS, np.random.default_rng(100 + seed)) for seed in SEEDS]
    shape = (len(RATES), len(SEEDS), COUNT, WIDTHS[1])
    layers = [
        tuple(
            np.tile(np.array(part, np.float32), (len(RATES), 1, 1, 1))
            for part in ([layers[number][0] for layers in drawn], [layers[number][1][None] for layers in drawn])
        )
        for number in range(len(WIDTHS) - 1)
    ]
    velocity = [tuple(np.zeros_like(part) for part in layer) for layer in layers]
    p = np.array(RATES, np.float32)[:, None, None, None]
    rng = np.random.default_rng(0)
    for _ in range(STEPS):
        masks = [(rng.random(shape[1:], np.float32) >= p) / (1 - p) for _ in range(2)]
        for layer, moving, gradient in zip(layers, velocity, gradients(layers, X, y, masks), strict=True):
            for part, v, g in zip(layer, moving, gradient, strict=True):
                v *= MOMENTUM
                v += g
                part -= np.float32(LEARNING_RATE) * v
    found = {}
    for name, inputs, classes in (("train", X, y), ("valid", valid_X, valid_y)):
        wrong = (_outputs(layers, inputs)[1] > 0) != (classes > 0.5)
        found[name] = 100 * wrong.mean(axis=(-1, -2), dtype=float)
    return found


@numbers
def best():
    """Rate of the lowest validation error, errors there and without, and the gain's spread."""
    found = sweep()
    errors, trained = found["valid"].mean(axis=1), found["train"].mean(axis=1)
    lowest = int(errors.argmin())
    gains = found["valid"][0] - found["valid"][lowest]
    return {
        "rate": RATES[lowest],
        "error": float(errors[lowest]),
        "without": float(errors[0]),
        "highest": float(errors[-1]),
        "train_highest": float(trained[-1]),
        "gain": float(gains.mean()),
        "spread": float(gains.std(ddof=1) / len(gains) ** 0.5),
    }


@figure
def errors_by_rate():
    """Validation error against the rate, with the spread of the difference to no dropout."""
    sheet, axes = style.figure("margin", 33)
    valid = sweep()["valid"]
    spread = (valid - valid[0]).std(axis=1, ddof=1) / len(SEEDS) ** 0.5
    errors = valid.mean(axis=1)
    axes.axhline(errors[0], color=style.RULE, linewidth=0.5, zorder=0)
    axes.text(0.42, errors[0] + 0.08, "no dropout", fontsize=7.5, color=style.GREY, ha="center", va="bottom")
    axes.errorbar(RATES, errors, spread, color=style.TEAL, marker="o", elinewidth=0.7, capsize=1.6)
    axes.set(xlabel="drop probability $p$", ylabel="validation error, %", ylim=(19, 24))
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8], ["0", "0.2", "0.4", "0.6", "0.8"])
    return sheet
