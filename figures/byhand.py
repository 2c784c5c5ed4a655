"""Layers computed by hand, with small numbers: attention, an LSTM cell, a graph layer, convolution (3.1.2)."""

import numpy as np

from .kit.results import numbers
from .models import networks

# Attention over two positions; a position a row, a map for each of queries, keys and values.
X = np.array([[1.0, 0.0], [1.0, 2.0]])
W_Q = np.array([[2.0, 0.0], [-1.0, 1.0]])
W_K = np.array([[0.0, 1.0], [1.0, 0.0]])
W_V = np.array([[2.0, 1.0], [-1.0, 1.0]])


@numbers
def attention():
    """Queries, keys, values, scores, shares and outputs of the two positions."""
    Q, K, V = X @ W_Q, X @ W_K, X @ W_V
    scores = Q @ K.T
    shares = networks.softmax(scores / np.sqrt(2))
    return {"Q": Q, "K": K, "V": V, "scores": scores, "shares": shares, "A": shares @ V}


@numbers
def root():
    """What two scores of typical distance do to the shares, without and with the root, for 64 channels."""
    found = {}
    for name, distance in (("without", np.sqrt(2) * 8), ("divided", np.sqrt(2))):
        share = float(networks.sigmoid(distance))
        found[name] = {"distance": float(distance), "share": share, "rest": 1 - share, "slope": share * (1 - share)}
    return found


@numbers
def lstm():
    """One step of an LSTM unit from x = 1, h = 0.5, c = 2 with the weights of the text."""
    x, h, c = 1.0, 0.5, 2.0
    z = {"f": x + 2 * h + 1, "i": -x, "new": 2 * x - 2 * h, "o": 2 * h - 1}
    gates = {name: float(networks.sigmoid(z[name])) for name in ("f", "i", "o")}
    new = float(np.tanh(z["new"]))
    cell = gates["f"] * c + gates["i"] * new
    return gates | {
        "new": new,
        "kept": gates["f"] * c,
        "added": gates["i"] * new,
        "c": cell,
        "squashed": float(np.tanh(cell)),
        "h": gates["o"] * float(np.tanh(cell)),
        "hundred": gates["f"] ** 100,
        "hundred_near_one": 0.99**100,
    }


@numbers
def graph():
    """Means over neighbors on a path of three nodes that hold 1, 2 and 6, once, twice and ten times."""
    M = np.array([[1 / 2, 1 / 2, 0], [1 / 3, 1 / 3, 1 / 3], [0, 1 / 2, 1 / 2]])
    x = np.array([1.0, 2.0, 6.0])
    mean = M @ x
    return {
        "mean": mean,
        "out": np.maximum(mean - 2, 0),
        "twice": M @ mean,
        "ten": np.linalg.matrix_power(M, 10) @ x,
    }


@numbers
def image():
    """Parameters and multiplications of a 3 x 3 convolution on an image, and of a full matrix in its place."""
    side, read, write, kernel = 32, 3, 16, 3
    return {
        "parameters": kernel**2 * read * write + write,
        "products": side**2 * kernel**2 * read * write,
        "full": side**2 * read * side**2 * write,
        "block": 12 * 768**2,
        "blocks": 12 * 12 * 768**2,
    }


@numbers
def own_softmax():
    """Attention of two positions with one channel, whose queries, keys and values are the inputs 0 and ln 3."""
    x = np.array([[0.0], [np.log(3)]])
    shares = networks.softmax(x @ x.T)
    return {"score": float(x[1, 0] ** 2), "share": float(shares[1, 1]), "first": float((shares @ x)[0, 0])} | {
        "second": float((shares @ x)[1, 0])
    }
