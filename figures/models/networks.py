"""A plain multilayer perceptron in numpy, shared by the experiments of several sections.

Helpers only, no results. A network is a list of layers, a layer is a pair (W, b) with W of shape
(units, inputs) and b of shape (units,). A batch X holds one example a row, as in the book's
notation: Z = X W^T + 1 b^T. The activation function stands between the layers; the last layer is
linear, and its outputs are logits for "cross-entropy" and "logistic", predictions for "squared".

    layers = initialize((64, 32, 10), np.random.default_rng(0), "he")
    layers, losses = train(layers, pixels, classes, rate=0.5, steps=300, batch=32, seed=0)
    accuracy(layers, other_pixels, other_classes)
"""

import numpy as np


def sigmoid(z):
    """Logistic sigmoid, any shape, in a form that cannot overflow."""
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, float)))


def rms(values):
    """Root mean square of an array."""
    return float(np.sqrt(np.mean(np.square(values))))


# Name -> (function, slope), both of the pre-activation; functions of other shapes may be passed as
# such a pair wherever an activation is named.
ACTIVATIONS = {
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "linear": (lambda z: z, np.ones_like),
}


def _pair(activation):
    return ACTIVATIONS[activation] if isinstance(activation, str) else activation


def initialize(widths, rng, scheme="he"):
    """Draw normal weights for widths (n_0, ..., n_D) and set biases to zero.

    The scheme is "he" (variance 2/n_in), "xavier" (2/(n_in + n_out)), "lecun" (1/n_in) or a number,
    the standard deviation of every weight.
    """
    layers = []
    for inputs, units in zip(widths, widths[1:], strict=False):
        spread = {"he": (2 / inputs) ** 0.5, "xavier": (2 / (inputs + units)) ** 0.5, "lecun": (1 / inputs) ** 0.5}.get(
            scheme, scheme
        )
        layers.append((rng.normal(size=(units, inputs)) * spread, np.zeros(units)))
    return layers


def forward(layers, X, activation="relu"):
    """Return the pre-activations [Z(1), ..., Z(D)] and the activations [X, A(1), ..., A(D)].

    Each Z(l) and A(l) has the shape (examples, n_l); A(D) = Z(D), the outputs.
    """
    function, _ = _pair(activation)
    Z, A = [], [X]
    for number, (W, b) in enumerate(layers, 1):
        Z.append(A[-1] @ W.T + b)
        A.append(Z[-1] if number == len(layers) else function(Z[-1]))
    return Z, A


def outputs(layers, X, activation="relu"):
    """Return the outputs of the last layer (examples, n_D)."""
    return forward(layers, X, activation)[1][-1]


def softmax(logits):
    """Softmax along the last axis, safe for large logits."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def loss_and_error(outputs, targets, loss="cross-entropy"):
    """Return the mean loss of a batch and the error signal of the last layer, of outputs' shape.

    - "cross-entropy": softmax with targets as classes (N,) or as rows of probabilities (N x K);
    - "logistic": one output a row, targets 0 or 1, shape (N,) or (N x 1);
    - "squared": half the squared error, targets (N,) or of outputs' shape.

    The error signal is already divided by N, so gradients are those of the mean loss.
    """
    count = len(outputs)
    if loss == "cross-entropy":
        targets = np.asarray(targets)
        if targets.ndim == 1:
            targets = np.eye(outputs.shape[1])[targets]
        shifted = outputs - outputs.max(axis=1, keepdims=True)
        logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return -(targets * logs).sum() / count, (np.exp(logs) - targets) / count
    targets = np.asarray(targets, float).reshape(outputs.shape)
    if loss == "logistic":
        value = (np.logaddexp(0, outputs) - targets * outputs).sum() / count
        return value, (sigmoid(outputs) - targets) / count
    if loss == "squared":
        return 0.5 * np.square(outputs - targets).sum() / count, (outputs - targets) / count
    raise ValueError(f"no loss {loss!r}")


def backward(layers, X, targets, activation="relu", loss="cross-entropy"):
    """Return (mean loss, gradients, error signals) of a batch.

    Gradients are a list of pairs (dW, db) with the shapes of the layers; the error signals are
    [Delta(1), ..., Delta(D)], each (examples, n_l).
    """
    _, slope = _pair(activation)
    Z, A = forward(layers, X, activation)
    value, delta = loss_and_error(A[-1], targets, loss)
    gradients, deltas = [], []
    for number in range(len(layers) - 1, -1, -1):
        gradients.append((delta.T @ A[number], delta.sum(axis=0)))
        deltas.append(delta)
        if number:
            delta = (delta @ layers[number][0]) * slope(Z[number - 1])
    return value, gradients[::-1], deltas[::-1]


def batches(count, batch, rng):
    """Yield index arrays without end: a new shuffle each epoch; the last batch may be smaller."""
    while True:
        order = rng.permutation(count)
        for start in range(0, count, batch):
            yield order[start : start + batch]


def train(
    layers,
    X,
    targets,
    *,
    rate,
    steps,
    batch=None,
    seed=0,
    activation="relu",
    loss="cross-entropy",
    momentum=0.0,
    decay=0.0,
    watch=None,
):
    """Train by (mini-batch) gradient descent and return (new layers, losses of each step's batch).

    `batch=None` takes all examples each step, in their order. `rate` is a number or a function of
    the step. `momentum` is mu of v <- mu v + g, w <- w - rate v; `decay` adds decay * w to the
    gradient of the weights, not of the biases. `watch(step, layers)` is called before each step and
    after the last one; the layers that it sees change in place, so copy what is to be kept. The
    layers given are left as they are. If the loss stops being finite the training ends, and the
    remaining losses are infinite.
    """
    layers = [(W.copy(), b.copy()) for W, b in layers]
    velocity = [(np.zeros_like(W), np.zeros_like(b)) for W, b in layers]
    targets = np.asarray(targets)
    picks = batches(len(X), batch, np.random.default_rng(seed)) if batch else None
    losses = np.full(steps, np.inf)
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(steps):
            if watch:
                watch(step, layers)
            pick = next(picks) if picks else slice(None)
            value, gradients, _ = backward(layers, X[pick], targets[pick], activation, loss)
            if not np.isfinite(value):
                return layers, losses
            losses[step] = value
            eta = rate(step) if callable(rate) else rate
            for (W, b), (vW, vb), (dW, db) in zip(layers, velocity, gradients, strict=True):
                vW *= momentum
                vW += dW + decay * W
                vb *= momentum
                vb += db
                W -= eta * vW
                b -= eta * vb
    if watch:
        watch(steps, layers)
    return layers, losses


def mean_loss(layers, X, targets, activation="relu", loss="cross-entropy"):
    """Mean loss on given examples."""
    return float(loss_and_error(outputs(layers, X, activation), targets, loss)[0])


def predict(layers, X, activation="relu"):
    """Class of each example: the largest output, or the sign of the only one (0 or 1)."""
    result = outputs(layers, X, activation)
    return (result[:, 0] > 0).astype(int) if result.shape[1] == 1 else result.argmax(axis=1)


def accuracy(layers, X, classes, activation="relu"):
    """Share of examples that are classified right."""
    return float((predict(layers, X, activation) == np.asarray(classes).ravel()).mean())


def parameter_count(layers):
    """Number of weights and biases."""
    return sum(W.size + b.size for W, b in layers)
