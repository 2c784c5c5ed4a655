"""Transfer between tasks on real digits (sections 3.7.2 to 3.7.4).

Every picture stands at one of nine places of a 10 x 10 field. A network is pre-trained on the even
digits and fine-tuned on the odd ones with few labels, in four ways, against training from nothing.
"""

from functools import cache

import numpy as np

from . import digits, networks, style

SIDE = 10
PLACES = [(row, column) for row in range(3) for column in range(3)]
HIDDEN = (128, 64)
EVEN, ODD = (0, 2, 4, 6, 8), (1, 3, 5, 7, 9)
LABELS = (5, 10, 25, 50, 100, 200, 400)  # labeled odd digits, the same number of each class
DRAWS = 3                                # labeled sets of each size
RANK = 4                                 # of the LoRA update
STEPS, BATCH, MOMENTUM = 120, 32, 0.9
RATES = {"scratch": 0.05, "head": 0.05, "part": 0.03, "whole": 0.02, "lora": 0.02, "fast": 0.2}


def place(pictures, where):
    """Put 8 x 8 pictures (rows of 64) on an empty field, the upper left corner at `where`."""
    field = np.zeros((len(pictures), SIDE, SIDE))
    row, column = where
    field[:, row:row + 8, column:column + 8] = pictures.reshape(-1, 8, 8)
    return field.reshape(len(pictures), -1)


def everywhere(pictures, classes):
    """Each picture at each of the nine places."""
    return np.concatenate([place(pictures, where) for where in PLACES]), np.tile(classes, len(PLACES))


def few(pictures, classes, each, rng):
    """Pick `each` pictures of every class, each at one random place."""
    picks = np.concatenate([rng.permutation(np.flatnonzero(classes == c))[:each]
                            for c in np.unique(classes)])
    places = rng.integers(len(PLACES), size=len(picks))
    rows = [place(pictures[i:i + 1], PLACES[p])[0] for i, p in zip(picks, places, strict=True)]
    return np.array(rows), classes[picks]


def features(layers, X):
    """Send a batch through hidden layers (ReLU after each)."""
    for W, b in layers:
        X = np.maximum(X @ W.T + b, 0)
    return X


def _only(group, pictures, classes):
    keep = np.isin(classes, group)
    return pictures[keep], np.searchsorted(group, classes[keep])


@cache
def _task(group):
    """(training pictures, classes), and (test pictures at every place, classes) of some digits."""
    parts = digits.split()
    return (_only(group, parts.train_x, parts.train_y),
            everywhere(*_only(group, parts.test_x, parts.test_y)))


@cache
def _source():
    """The network pre-trained on the even digits at every place."""
    (pictures, classes), _ = _task(EVEN)
    start = networks.initialize((SIDE**2, *HIDDEN, 5), np.random.default_rng(0), "he")
    layers, _ = networks.train(start, *everywhere(pictures, classes), rate=0.02, steps=1500,
                               batch=64, momentum=MOMENTUM)
    return layers


def _settings(kind, X, seed):
    return {"rate": lambda step: RATES[kind] * (1 - step / STEPS), "steps": STEPS, "batch": BATCH if len(X) > BATCH else None,
            "momentum": MOMENTUM, "seed": seed}


def _lora(layers, X, classes, rng):
    """Train low-rank updates B A of the hidden layers (B starts at zero), and the head."""
    base, head = layers[:-1], layers[-1]
    pairs = [(np.zeros((W.shape[0], RANK)), rng.normal(size=(RANK, W.shape[1])) / W.shape[1]**0.5)
             for W, _ in base]
    free = [array for pair in pairs for array in pair] + [head[0].copy(), head[1].copy()]
    speed = [np.zeros_like(array) for array in free]

    def merged():
        return [(W + B @ A, b) for (W, b), B, A in
                zip(base, free[0:-2:2], free[1:-2:2], strict=True)] + [(free[-2], free[-1])]

    picks = networks.batches(len(X), min(BATCH, len(X)), rng)
    for step in range(STEPS):
        pick = next(picks)
        _, gradients, _ = networks.backward(merged(), X[pick], classes[pick])
        slopes = []
        for (dW, _), B, A in zip(gradients[:-1], free[0:-2:2], free[1:-2:2], strict=True):
            slopes += [dW @ A.T, B.T @ dW]
        for array, v, slope in zip(free, speed, [*slopes, *gradients[-1]], strict=True):
            v *= MOMENTUM
            v += slope
            array -= RATES["lora"] * (1 - step / STEPS) * v
    return merged()


def tune(kind, X, classes, seed):
    """Return the layers after training on labeled odd digits in one of the ways of RATES."""
    rng = np.random.default_rng([1, seed])
    source = _source()
    if kind == "scratch":
        start = networks.initialize((SIDE**2, *HIDDEN, 5), rng, "he")
        return networks.train(start, X, classes, **_settings(kind, X, seed))[0]
    inner = features(source[:-1], X)
    blank = [(np.zeros((5, HIDDEN[-1])), np.zeros(5))]
    head, _ = networks.train(blank, inner, classes, **_settings("head", X, seed))
    if kind == "head":
        return source[:-1] + head
    if kind == "part":
        tail, _ = networks.train(source[1:-1] + head, features(source[:1], X), classes,
                                 **_settings(kind, X, seed))
        return source[:1] + tail
    if kind == "lora":
        return _lora(source[:-1] + head, X, classes, rng)
    return networks.train(source[:-1] + head, X, classes, **_settings(kind, X, seed))[0]


@cache
def _curves():
    """Test accuracy on the odd digits by number of labels (rows) and draw (columns)."""
    (pictures, classes), test = _task(ODD)
    result = {}
    for kind in ("scratch", "head", "part", "whole"):
        result[kind] = np.array([[
            networks.accuracy(tune(kind, *few(pictures, classes, count // 5,
                                              np.random.default_rng([count, draw])), draw), *test)
            for draw in range(DRAWS)] for count in LABELS])
    return result
