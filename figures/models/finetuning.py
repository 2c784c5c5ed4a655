"""Pre-training and fine-tuning of many ReLU networks at once, with momentum and a falling rate.

Helpers only, no results; the experiments of section 3.7 share them. A first axis counts the runs
(seed, learning rate): a network is a list of pairs (W, b) with W (runs, units, inputs) and b
(runs, 1, units), inputs are (runs, examples, inputs). Numbers have 32 bits, which halves the time.
"""

from typing import NamedTuple

import numpy as np

from . import networks

MOMENTUM = 0.9


def draw(widths, seeds):
    """A He-initialized network for each seed."""
    drawn = [networks.initialize(widths, np.random.default_rng(seed), "he") for seed in seeds]
    return [stack(layers) for layers in zip(*drawn, strict=True)]


def stack(layers):
    """The same layer of several networks as one pair with an axis for the run."""
    W, b = np.stack([W for W, _ in layers]), np.stack([b[None] for _, b in layers])
    return W.astype(np.float32), b.astype(np.float32)


def repeat(layers, times):
    """The runs `times` over, one copy for each learning rate."""
    return [(np.tile(W, (times, 1, 1)), np.tile(b, (times, 1, 1))) for W, b in layers]


def head(runs, inputs, outputs):
    """A new last layer of zeros."""
    return np.zeros((runs, outputs, inputs), np.float32), np.zeros((runs, 1, outputs), np.float32)


def features(layers, X):
    """Send inputs through layers with a ReLU after each: the input of what stands above them."""
    for W, b in layers:
        X = np.maximum(X @ W.swapaxes(1, 2) + b, 0)
    return X


def accuracy(layers, X, targets):
    """Share of right answers of each run; `X` holds the inputs of all runs or (1, examples, inputs) for all."""
    W, b = layers[-1]
    found = (features(layers[:-1], X) @ W.swapaxes(1, 2) + b).argmax(axis=2)
    return (found == targets).mean(axis=1)


def error(out, targets):
    """Error signals of the outputs: of the cross-entropy for classes, of the squared error for rows of targets."""
    if targets.ndim == out.ndim:
        return (out - targets) / out.shape[1]
    powers = np.exp(out - out.max(axis=2, keepdims=True))
    powers /= powers.sum(axis=2, keepdims=True)
    runs, examples = np.indices(targets.shape)
    powers[runs, examples, targets] -= 1
    return powers / out.shape[1]


def gradients(layers, X, targets):
    """Gradients of the mean loss, a pair (dW, db) for each layer."""
    inputs = [X]
    for W, b in layers[:-1]:
        inputs.append(np.maximum(inputs[-1] @ W.swapaxes(1, 2) + b, 0))
    W, b = layers[-1]
    delta, found = error(inputs[-1] @ W.swapaxes(1, 2) + b, targets), []
    for number in range(len(layers) - 1, -1, -1):
        found.append((delta.swapaxes(1, 2) @ inputs[number], delta.sum(axis=1, keepdims=True)))
        if number:
            delta = (delta @ layers[number][0]) * (inputs[number] > 0)
    return found[::-1]


def batches(count, batch, seeds):
    """Yield indices (seeds, batch): each seed shuffles for itself, anew in each epoch; a short rest is left out."""
    batch = min(batch, count)
    shuffles = [np.random.default_rng(seed) for seed in seeds]
    while True:
        orders = np.stack([rng.permutation(count) for rng in shuffles])
        for start in range(0, count - batch + 1, batch):
            yield orders[:, start : start + batch]


def fit(layers, X, targets, *, rates, steps, batch, seeds, kept=()):
    """Train copies of the layers with momentum, one rate a run, falling linearly to zero; return them.

    `kept` names layers whose weights are frozen and get a low-rank update: pairs (B, A) for W + BA.
    `X` and `targets` hold the examples of all runs, or (1, ...) where all runs share them.
    """
    layers = [(W.copy(), b.copy()) for W, b in layers]
    pieces = [(B.copy(), A.copy()) for B, A in kept]
    runs = len(rates)
    learned = [*pieces, *layers[len(pieces) :]]
    speed = [tuple(np.zeros_like(part) for part in pair) for pair in learned]
    frozen = [W.copy() for W, _ in layers[: len(pieces)]]
    eta = np.asarray(rates, np.float32)[:, None, None]
    picks, rows = batches(targets.shape[1], batch, seeds), np.arange(runs)[:, None]
    shared = len(X) == 1
    for step in range(steps):
        pick = np.tile(next(picks), (runs // len(seeds), 1))
        for (W, _), W_0, (B, A) in zip(layers, frozen, pieces, strict=False):
            W[:] = W_0 + B @ A
        where = (0, pick) if shared else (rows, pick)
        found = gradients(layers, X[where], targets[where])
        for number, (B, A) in enumerate(pieces):
            G = found[number][0]
            found[number] = (G @ A.swapaxes(1, 2), B.swapaxes(1, 2) @ G)
        for pair, moving, slopes in zip(learned, speed, found, strict=True):
            for part, v, g in zip(pair, moving, slopes, strict=True):
                v *= MOMENTUM
                v += g
                part -= eta * (1 - step / steps) * v
    for (W, _), W_0, (B, A) in zip(layers, frozen, pieces, strict=False):
        W[:] = W_0 + B @ A
    return layers


class Plan(NamedTuple):
    """How a network is fitted to its few labels: steps in all, batch, learning rate of a new head before the rest."""

    steps: int
    batch: int
    head_rate: float


def adapt(way, body, X, targets, outputs, rates, seeds, plan, rank=4, equal=False):
    """Fit the target task in one way with every rate from every seed; return networks, run r * seeds + s.

    "scratch" draws a new network with the body's widths, "random" keeps such a body as it is, "frozen"
    fits a new head alone; "part" (the body without its first layer), "whole" and "lora" (low-rank
    updates) spend half of the steps on the new head and the other half on the rest with it. With `equal`
    the first A of a low-rank update has equal rows.
    """
    times, runs = len(rates), len(rates) * len(seeds)
    eta, same = np.repeat(rates, len(seeds)), {"batch": plan.batch, "seeds": seeds}
    X, targets = np.tile(X, (times, 1, 1)), np.tile(targets, (times, 1))
    widths = (body[0][0].shape[2], *(W.shape[1] for W, _ in body))
    if way == "scratch":
        fresh = repeat(draw((*widths, outputs), [1000 + seed for seed in seeds]), times)
        return fit(fresh, X, targets, rates=eta, steps=plan.steps, **same)
    body = repeat(draw(widths, [1000 + seed for seed in seeds]) if way == "random" else body, times)
    alone = way in ("random", "frozen")
    first = (
        {"rates": eta, "steps": plan.steps} if alone else {"rates": [plan.head_rate] * runs, "steps": plan.steps // 2}
    )
    top = fit([head(runs, widths[-1], outputs)], features(body, X), targets, **first, **same)
    if alone:
        return body + top
    rest = {"rates": eta, "steps": plan.steps - plan.steps // 2, **same}
    if way == "part":
        return body[:1] + fit(body[1:] + top, features(body[:1], X), targets, **rest)
    kept = _updates(body, rank, seeds, times, equal) if way == "lora" else ()
    return fit(body + top, X, targets, kept=kept, **rest)


def _updates(body, rank, seeds, times, equal):
    """Low-rank updates (B, A) of each layer of the body: B zero, A normal with variance one over its width."""
    found = []
    for number, (W, _) in enumerate(body):
        drawn = [np.random.default_rng([number, seed]).normal(size=(rank, W.shape[2])) for seed in seeds]
        if equal:
            drawn = [np.repeat(A[:1], rank, axis=0) for A in drawn]
        A = np.tile(np.stack(drawn) / W.shape[2] ** 0.5, (times, 1, 1)).astype(np.float32)
        found.append((np.zeros((len(W), W.shape[1], rank), np.float32), A))
    return found
