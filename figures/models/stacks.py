"""Many plain networks of one shape at once: a first axis for the run (seed, learning rate).

Helpers only, no results; the experiments of section 3.4 share them. A network is a list of pairs
(W, b) with W (runs, units, inputs) and b (runs, 1, units); activations are (runs, examples, units).
`networks.ACTIVATIONS` names the functions; a pair (function, slope) does as well.
"""

import numpy as np

from . import networks


def draw(widths, seeds, gain):
    """Draw a network for each seed: normal weights of variance gain/n_in, zero biases."""
    layers = [[] for _ in widths[1:]]
    for seed in seeds:
        rng = np.random.default_rng(seed)
        for layer, inputs, units in zip(layers, widths, widths[1:], strict=False):
            layer.append(rng.normal(size=(units, inputs)) * (gain / inputs) ** 0.5)
    return [(np.stack(drawn), np.zeros((len(drawn), 1, drawn[0].shape[0]))) for drawn in layers]


def repeat(layers, times):
    """The runs `times` over, one copy for each learning rate: run r * seeds + s."""
    return [(np.tile(W, (times, 1, 1)), np.tile(b, (times, 1, 1))) for W, b in layers]


def forward(layers, X, activation):
    """Pre-activations and activations of all layers; the last layer is linear."""
    function, _ = networks._pair(activation)
    Z, A = [], [X]
    for number, (W, b) in enumerate(layers, 1):
        Z.append(A[-1] @ W.swapaxes(1, 2) + b)
        A.append(Z[-1] if number == len(layers) else function(Z[-1]))
    return Z, A


def losses_and_errors(out, targets):
    """Mean loss of each run and the error signals of the outputs (divided by the examples).

    One output is the logit of a 0/1 target, several are the logits of classes; targets are
    (examples,) or (runs, examples).
    """
    targets = np.broadcast_to(targets, out.shape[:2])
    if out.shape[2] == 1:
        logits = out[..., 0]
        losses = (np.logaddexp(0, logits) - targets * logits).mean(axis=1)
        return losses, ((networks.sigmoid(logits) - targets) / out.shape[1])[..., None]
    logs = out - out.max(axis=2, keepdims=True)
    logs -= np.log(np.exp(logs).sum(axis=2, keepdims=True))
    truth = np.eye(out.shape[2], dtype=out.dtype)[targets]
    return -(truth * logs).sum(axis=2).mean(axis=1), (np.exp(logs) - truth) / out.shape[1]


def backward(layers, X, targets, activation):
    """Return (losses of the runs, gradients as pairs (dW, db), error signals of the layers)."""
    _, slope = networks._pair(activation)
    Z, A = forward(layers, X, activation)
    losses, delta = losses_and_errors(A[-1], targets)
    gradients, deltas = [], []
    for number in range(len(layers) - 1, -1, -1):
        gradients.append((delta.swapaxes(1, 2) @ A[number], delta.sum(axis=1, keepdims=True)))
        deltas.append(delta)
        if number:
            delta = (delta @ layers[number][0]) * slope(Z[number - 1])
    return losses, gradients[::-1], deltas[::-1]


def train(layers, X, targets, *, rates, steps, activation, picks=None):
    """Gradient descent in place, one rate a run; `picks` yields indices (runs, batch), None is all examples."""
    eta = np.asarray(rates, layers[0][0].dtype)[:, None, None]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            pick = next(picks) if picks else slice(None)
            _, gradients, _ = backward(layers, X[pick], targets[pick], activation)
            for (W, b), (dW, db) in zip(layers, gradients, strict=True):
                W -= eta * dW
                b -= eta * db
    return layers


def judge(layers, X, targets, activation):
    """Mean loss (infinite where training diverged) and share of right answers of each run."""
    with np.errstate(all="ignore"):
        out = forward(layers, X, activation)[1][-1]
        losses, _ = losses_and_errors(out, targets)
        found = (out[..., 0] > 0).astype(int) if out.shape[2] == 1 else out.argmax(axis=2)
    return np.where(np.isfinite(losses), losses, np.inf), (found == targets).mean(axis=1)
