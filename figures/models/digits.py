"""The handwritten digits (figures/data/README.md), as every experiment of the book uses them.

Helpers only, no results: take the pictures with `split()`, which is the same for everybody, so that
numbers of different sections can be compared.
"""

import gzip
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

DATA = Path(__file__).resolve().parents[1] / "data" / "digits.csv.gz"


class Split(NamedTuple):
    """Pixels (count x 64, scaled to 0..1) and classes (count, 0..9) of the three parts."""

    train_x: np.ndarray
    train_y: np.ndarray
    valid_x: np.ndarray
    valid_y: np.ndarray
    test_x: np.ndarray
    test_y: np.ndarray


@cache
def load(largest=16):
    """Return all 1,797 pictures in the file's order: pixels 1797 x 64 in 0..1, classes (1797)."""
    with gzip.open(DATA, "rt") as file:
        table = np.loadtxt(file, delimiter=",")
    pixels, classes = table[:, :64] / largest, table[:, 64].astype(int)
    for array in (pixels, classes):
        array.flags.writeable = False
    return pixels, classes


@cache
def split(train=1000, valid=397, seed=0):
    """Shuffle once and cut into a training, a validation and a test part (the rest, 400)."""
    pixels, classes = load()
    order = np.random.default_rng(seed).permutation(len(classes))
    parts = np.split(order, [train, train + valid])
    arrays = [array[part] for part in parts for array in (pixels, classes)]
    for array in arrays:
        array.flags.writeable = False
    return Split(*arrays)


def one_hot(classes, count=10):
    """Turn classes (N,) into rows with a single one (N x count)."""
    return np.eye(count)[np.asarray(classes)]
