"""Multilayer perceptrons with a normalization layer before every activation function.

Helpers only, no results; the experiments of section 3.6 share them. Several runs (seeds, learning
rates) train at once: every array has a first axis for the run, so activations are
(runs, examples, units), weights (runs, units, inputs) and everything of a unit (runs, 1, units).

A network is a list of dicts: W and b, and in hidden layers gamma and beta (learned), mean and var
(running averages, not learned). `kind` is None for plain networks, "batch" for batch normalization,
or a number of groups: g splits the units of a layer into g groups (group normalization), so that 1
is layer normalization.
"""

import numpy as np

from . import networks

EPSILON = 1e-5
MEMORY = 0.1  # weight of the new batch in the running averages


def averager(kind, units):
    """Return the mean that a layer takes of its input, a function of (runs, examples, units)."""
    if kind == "batch":
        return lambda z: z.sum(axis=-2, keepdims=True) / z.shape[-2]
    size = units // kind
    blocks = np.kron(np.eye(kind), np.full((size, size), 1 / size))
    return lambda z: z @ blocks


def forward(z, average, epsilon=EPSILON):
    """Return z normalized, one over the standard deviation, and the mean."""
    mean = average(z)
    centered = z - mean
    inverse = 1 / np.sqrt(average(centered * centered) + epsilon)
    return centered * inverse, inverse, mean


def backward(g, x_hat, inverse, average):
    """Gradient with respect to the input of `forward`, from the one with respect to x_hat."""
    return inverse * (g - average(g) - x_hat * average(g * x_hat))


def initialize(widths, seeds, scheme="he", kind=None):
    """Draw a network for each seed; gamma = 1, beta = 0, running mean 0, running variance 1.

    `scheme` is one of `networks.initialize`, or a list with one for each seed.
    """
    schemes = scheme if isinstance(scheme, list) else [scheme] * len(seeds)
    drawn = [
        networks.initialize(widths, np.random.default_rng(seed), one) for seed, one in zip(seeds, schemes, strict=True)
    ]
    net = []
    for number, units in enumerate(widths[1:]):
        shape = (len(drawn), 1, units)
        net.append({"W": np.stack([layers[number][0] for layers in drawn]), "b": np.zeros(shape)})
        if kind and number < len(widths) - 2:
            net[-1].update(
                gamma=np.ones(shape),
                beta=np.zeros(shape),
                mean=np.zeros(shape),
                var=np.ones(shape),
                kind=kind,
                average=averager(kind, units),
            )
    return net


def run(net, X, training=True, disturb=None):
    """Forward pass; return the outputs and what the backward pass needs, a dict a layer.

    `disturb(y)` may change what the normalization of a hidden layer puts out; it returns the
    changed y and the factor by which it multiplied.
    """
    kept, a = [], X
    for layer in net[:-1]:
        z = a @ layer["W"].swapaxes(1, 2) + layer["b"]
        keep = {"a": a, "y": z}
        if "gamma" in layer:
            if layer["kind"] == "batch" and not training:
                x_hat = (z - layer["mean"]) / np.sqrt(layer["var"] + EPSILON)
            else:
                x_hat, keep["inverse"], mean = forward(z, layer["average"])
                if layer["kind"] == "batch":
                    count = z.shape[1]
                    unbiased = (1 / keep["inverse"] ** 2 - EPSILON) * count / (count - 1)
                    layer["mean"] += MEMORY * (mean - layer["mean"])
                    layer["var"] += MEMORY * (unbiased - layer["var"])
            keep["x_hat"], keep["y"] = x_hat, layer["gamma"] * x_hat + layer["beta"]
        if disturb:
            keep["y"], keep["factor"] = disturb(keep["y"])
        kept.append(keep)
        a = np.maximum(keep["y"], 0)
    return a @ net[-1]["W"].swapaxes(1, 2) + net[-1]["b"], [*kept, {"a": a}]


def loss_and_error(out, classes):
    """Mean cross-entropy of each run and the error signals of the logits; classes are (runs, examples)."""
    pairs = [networks.loss_and_error(*pair) for pair in zip(out, classes, strict=True)]
    return np.array([value for value, _ in pairs]), np.stack([delta for _, delta in pairs])


def gradients(net, X, targets, disturb=None):
    """Return (mean losses, a dict of gradients a layer, what the forward pass kept)."""
    out, kept = run(net, X, True, disturb)
    value, delta = loss_and_error(out, targets)
    result = []
    for layer, keep in zip(net[::-1], kept[::-1], strict=True):
        found = {}
        if "y" in keep:
            delta = delta * (keep["y"] > 0)
        if "factor" in keep:
            delta = delta * keep["factor"]
        if "gamma" in layer:
            found["gamma"] = (delta * keep["x_hat"]).sum(axis=1, keepdims=True)
            found["beta"] = delta.sum(axis=1, keepdims=True)
            delta = backward(delta * layer["gamma"], keep["x_hat"], keep["inverse"], layer["average"])
        found["W"] = delta.swapaxes(1, 2) @ keep["a"]
        found["b"] = delta.sum(axis=1, keepdims=True)
        result.append(found)
        delta = delta @ layer["W"]
    return value, result[::-1], kept


def train(net, X, targets, *, rate, steps, batch, disturb=None, watch=None):
    """Stochastic gradient descent, in place; return the batch losses (steps, runs).

    `rate` is one number or one a run; each run shuffles by a seed of its own, and a last batch that
    is smaller than the others is left out. A loss that is no longer finite is given as infinite.
    `watch(net, kept)` sees each step before its update.
    """
    runs = len(net[0]["W"])
    rate = np.broadcast_to(rate, runs)[:, None, None]
    losses, done = np.full((steps, runs), np.inf), 0
    rngs = [np.random.default_rng(seed) for seed in range(runs)]
    with np.errstate(all="ignore"):
        while done < steps:
            order = np.stack([rng.permutation(len(X)) for rng in rngs])
            for start in range(0, len(X) - batch + 1, batch):
                if done == steps:
                    break
                pick = order[:, start : start + batch]
                value, found, kept = gradients(net, X[pick], targets[pick], disturb)
                if watch:
                    watch(net, kept)
                losses[done] = np.where(np.isfinite(value), value, np.inf)
                for layer, gradient in zip(net, found, strict=True):
                    for name, g in gradient.items():
                        layer[name] -= rate * g
                done += 1
    return losses


def outputs(net, X):
    """Outputs as at inference, for the same examples in every run."""
    with np.errstate(all="ignore"):
        return run(net, np.broadcast_to(X, (len(net[0]["W"]), *X.shape)), training=False)[0]


def mean_losses(net, X, targets):
    """Mean loss of each run as at inference, infinite where training diverged."""
    with np.errstate(all="ignore"):
        out = outputs(net, X)
        losses = loss_and_error(out, np.broadcast_to(targets, out.shape[:2]))[0]
    return np.where(np.isfinite(losses), losses, np.inf)


def errors(net, X, classes):
    """Share of examples that each run classifies wrong, as at inference."""
    return (outputs(net, X).argmax(axis=2) != classes).mean(axis=1)
