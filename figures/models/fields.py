"""Digits on a larger field: the task of the transfer experiments in section 3.7.

Helpers only, no results. Each 8 x 8 picture stands at one of nine places of a 10 x 10 field, so a
network has to learn what a digit looks like wherever it stands.
"""

import numpy as np

SIDE = 10
PLACES = [(row, column) for row in range(3) for column in range(3)]


def place(pictures, where):
    """Put pictures (rows of 64 pixels) on an empty field, their upper left corner at `where`."""
    field = np.zeros((len(pictures), SIDE, SIDE))
    row, column = where
    field[:, row : row + 8, column : column + 8] = pictures.reshape(-1, 8, 8)
    return field.reshape(len(pictures), -1)


def everywhere(pictures):
    """Every picture at each of the nine places: all at the first place, all at the second, ..."""
    return np.concatenate([place(pictures, where) for where in PLACES])


def few(pictures, classes, each, rng):
    """Pick `each` pictures of every class, each at a random place: fields, classes, places."""
    picks = np.concatenate([rng.permutation(np.flatnonzero(classes == c))[:each] for c in np.unique(classes)])
    spots = rng.integers(len(PLACES), size=len(picks))
    fields = [place(pictures[i : i + 1], PLACES[s])[0] for i, s in zip(picks, spots, strict=True)]
    return np.array(fields), classes[picks], spots


def features(layers, X):
    """Send a batch through layers with a ReLU after each: the input of what stands above them."""
    for W, b in layers:
        X = np.maximum(X @ W.T + b, 0)
    return X
