"""Dropout: the scaling by hand, its variance, and a sweep of the rate (section 3.12)."""

from itertools import product

import numpy as np

from .kit import signs, style
from .kit.results import computed, experiment, figure, numbers
from .models import generators, networks
from .tuned import dropout as tuned

# By hand: activations, the mask of one draw, and the drop probability.
ACTIVATIONS, MASK, DROP = np.array([2.0, -1.0, 4.0, 3.0]), np.array([1, 1, 0, 1]), 0.2

# The sweep: moons with 18 further inputs that are noise, a 20-48-48-1 ReLU network.
RATES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
COUNT, VALID, USELESS = 100, 1000, 18
WIDTHS, STEPS, MOMENTUM = (20, 48, 48, 1), 150, 0.9
LEARNING_RATES, SEARCH_SEEDS, SEEDS = (0.01, 0.03, 0.1, 0.3), range(50, 58), range(16)


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


def data(seeds):
    """Training and validation examples, one set a seed: (seeds, examples, 20) and classes 0, 1."""
    sets = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        for count, shift in ((COUNT, 0), (VALID, 1000)):
            X, y = generators.moons(count, seed + shift, generators.MOONS_NOISE)
            sets.append((np.hstack([X, rng.normal(size=(count, USELESS))]), y[:, None]))
    return [np.array([each[part] for each in sets[half::2]], np.float32) for half in (0, 1) for part in (0, 1)]


def outputs(layers, X, masks=None):
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
    inputs, z = outputs(layers, X, masks)
    delta, found = (networks.sigmoid(z) - y) / y.shape[-2], []
    for number in range(len(layers) - 1, -1, -1):
        found.append((delta.swapaxes(-1, -2) @ inputs[number], delta.sum(axis=-2, keepdims=True)))
        if number:
            delta = delta @ layers[number][0]
            delta *= masks[number - 1]
            delta *= inputs[number] > 0
    return found[::-1]


def errors(rates, learning_rates, seeds):
    """Train at drop probabilities (each with its learning rate) from all seeds; errors in % with dropout off.

    Returns training and validation errors, (rates, seeds). All rates see the same data, first weights
    and random numbers.
    """
    X, y, valid_X, valid_y = data(seeds)
    drawn = [networks.initialize(WIDTHS, np.random.default_rng(100 + seed)) for seed in seeds]
    shape = (len(rates), len(seeds), COUNT, WIDTHS[1])
    layers = [
        tuple(
            np.tile(np.array(part, np.float32), (len(rates), 1, 1, 1))
            for part in ([layers[number][0] for layers in drawn], [layers[number][1][None] for layers in drawn])
        )
        for number in range(len(WIDTHS) - 1)
    ]
    velocity = [tuple(np.zeros_like(part) for part in layer) for layer in layers]
    p, eta = (np.array(each, np.float32)[:, None, None, None] for each in (rates, learning_rates))
    rng = np.random.default_rng(0)
    for _ in range(STEPS):
        masks = [(rng.random(shape[1:], np.float32) >= p) / (1 - p) for _ in range(2)]
        for layer, moving, gradient in zip(layers, velocity, gradients(layers, X, y, masks), strict=True):
            for part, v, g in zip(layer, moving, gradient, strict=True):
                v *= MOMENTUM
                v += g
                part -= eta * v
    return [
        100 * ((outputs(layers, inputs)[1] > 0) != (classes > 0.5)).mean(axis=(-1, -2), dtype=float)
        for inputs, classes in ((X, y), (valid_X, valid_y))
    ]


def search(rates=RATES, learning_rates=LEARNING_RATES, seeds=SEARCH_SEEDS):
    """Mean validation errors of every learning rate for every drop probability, and the best rate of each."""
    tried = {p: [round(float(errors([p], [eta], seeds)[1].mean()), 2) for eta in learning_rates] for p in rates}
    best = {p: learning_rates[int(np.argmin(row))] for p, row in tried.items()}
    return {"BEST": best, "LEARNING_RATES": list(learning_rates), "ERRORS": tried}


@computed
def sweep():
    """Errors at each drop probability with its tuned learning rate: training and validation, (rates, seeds)."""
    train, valid = errors(RATES, [tuned.BEST[p] for p in RATES], SEEDS)
    return {"train": train, "valid": valid}


@numbers
def best():
    """Rate of the lowest validation error, errors there and without, and the gain's spread."""
    found = sweep()
    means, trained = found["valid"].mean(axis=1), found["train"].mean(axis=1)
    lowest = int(means.argmin())
    gains = found["valid"][0] - found["valid"][lowest]
    return {
        "rate": RATES[lowest],
        "error": float(means[lowest]),
        "without": float(means[0]),
        "highest": float(means[-1]),
        "train_highest": float(trained[-1]),
        "gain": float(gains.mean()),
        "spread": float(gains.std(ddof=1) / len(gains) ** 0.5),
    }


@figure
def errors_by_rate():
    """Validation error against the rate, with the spread of the difference to no dropout."""
    sheet, axes = style.figure("margin", 26)
    valid = sweep()["valid"]
    spread = (valid - valid[0]).std(axis=1, ddof=1) / len(SEEDS) ** 0.5
    means = valid.mean(axis=1)
    axes.axhline(means[0], color=style.RULE, linewidth=0.5, zorder=0)
    axes.text(0.42, means[0] + 0.08, "no dropout", fontsize=7.5, color=style.GREY, ha="center", va="bottom")
    axes.errorbar(RATES, means, spread, elinewidth=0.7, capsize=1.6, **signs.SETS["validation"].both)
    axes.set(xlabel="drop probability $p$", ylabel="error, %", ylim=(19, 25))
    axes.set_yticks([20, 22, 24])
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8], ["0", "0.2", "0.4", "0.6", "0.8"])
    return sheet


# Dropout on the two inputs of a linear unit: examples (1, 2) and (2, 1), both with target 3, p = 0.2.
EXAMPLES, TARGETS = np.array([[1.0, 2.0], [2.0, 1.0]]), np.array([3.0, 3.0])


@numbers
def ridge():
    """The penalty p/(1 - p) sum_i x_ij^2 that dropout puts on a weight, and the weight that then fits best."""
    strength = DROP / (1 - DROP) * (EXAMPLES**2).sum(axis=0)
    w = np.linalg.solve(EXAMPLES.T @ EXAMPLES + np.diag(strength), EXAMPLES.T @ TARGETS)
    return {"penalty": float(strength[0]), "weight": float(w[0])}


# Dropout left on at test time: how far predictions spread near the training examples and far from them.
DRAWS, LEFT_ON = 200, 0.2
LINE, NEAR, FAR = np.linspace(-1, 1, 40), 0.5, 4.0


def fit_with_dropout(rng):
    """Fit a 1-64-64-1 network to sin(3x) with dropout; return its layers and a function that draws masks."""
    X, y = LINE[None, :, None], np.sin(3 * LINE)[None, :, None]
    layers = [[W[None], b[None, None]] for W, b in networks.initialize((1, 64, 64, 1), rng, "he")]
    velocity = [[np.zeros_like(part) for part in layer] for layer in layers]

    def masks(count):
        return [(rng.random((1, count, 64)) >= LEFT_ON) / (1 - LEFT_ON) for _ in range(2)]

    for _ in range(1500):
        drawn = masks(len(LINE))
        inputs, z = outputs(layers, X, drawn)
        delta = (z - y) / len(LINE)
        for number in (2, 1, 0):
            g = [delta.swapaxes(-1, -2) @ inputs[number], delta.sum(axis=-2, keepdims=True)]
            if number:
                delta = delta @ layers[number][0] * drawn[number - 1] * (inputs[number] > 0)
            for part, v, slope in zip(layers[number], velocity[number], g, strict=True):
                v *= MOMENTUM
                v += slope
                part -= 0.01 * v
    return layers, masks


@numbers
def left_on():
    """Standard deviation of 200 predictions of sin(3x) with dropout left on, at x = 0.5 and at x = 4."""
    layers, masks = fit_with_dropout(np.random.default_rng(0))
    found = {}
    for name, at in (("near", NEAR), ("far", FAR)):
        repeated = np.full((1, DRAWS, 1), at)
        found[name] = float(outputs(layers, repeated, masks(DRAWS))[1].std())
    return found


@experiment
def errors_by_drop_probability():
    """The sweep of the figure."""
    return {
        "title": "Validation error by drop probability",
        "entry": "3.12.1",
        "compares": f"drop probabilities {RATES[0]:g}, {RATES[1]:g}, ..., {RATES[-1]:g} in both hidden layers",
        "data": f"moons with {USELESS} further inputs of standard normal noise, drawn anew for each start",
        "split": f"{COUNT} training and {VALID:,} validation examples",
        "network": "-".join(map(str, WIDTHS)) + ", ReLU",
        "initialization": "normal, variance 2/n; biases zero",
        "loss": "binary cross-entropy",
        "optimizer": f"gradient descent with momentum {MOMENTUM:g}",
        "rate": ", ".join(f"{tuned.BEST[p]:g} at p = {p:g}" for p in RATES),
        "tuned": f"lowest mean validation error of {len(SEARCH_SEEDS)} other starts, of "
        + ", ".join(f"{eta:g}" for eta in LEARNING_RATES),
        "batch": "all examples",
        "steps": f"{STEPS}",
        "seeds": f"{len(SEEDS)} starts",
        "plotted": "mean; standard error of the difference to p = 0",
    }
