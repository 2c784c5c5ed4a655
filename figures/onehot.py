"""One-hot encoding: the encoded example, distances, rank, the lookup, smoothing (section 3.10)."""

import numpy as np

from .kit.results import numbers

CATEGORIES = {
    "device": ("phone", "desktop"),
    "region": ("Europe", "America", "Asia"),
    "browser": ("Firefox", "Chrome", "Safari", "Edge"),
}
VISITOR = {"device": "desktop", "region": "America", "browser": "Edge"}

# A vocabulary and the length of its vectors.
SMOOTHING, CLASSES = 0.1, 3


def encode(feature, value):
    """One-hot vector of a value of a feature."""
    places = CATEGORIES[feature]
    return np.eye(len(places), dtype=int)[places.index(value)]


@numbers
def encoded():
    """The three blocks of one visitor, as text, and the number of columns."""
    blocks = {name: ", ".join(map(str, encode(name, value))) for name, value in VISITOR.items()}
    width = sum(len(places) for places in CATEGORIES.values())
    return blocks | {"width": width, "dropped": width - len(CATEGORIES)}


@numbers
def distances():
    """Distances that integer codes and one-hot vectors put between browsers."""
    names, vectors = CATEGORIES["browser"], np.eye(4)
    gaps = {float(np.linalg.norm(a - b)) for i, a in enumerate(vectors) for b in vectors[:i]}
    return {
        "near": abs(names.index("Chrome") - names.index("Firefox")),
        "far": abs(names.index("Edge") - names.index("Firefox")),
        "one_hot": gaps.pop() if len(gaps) == 1 else float("nan"),
    }


@numbers
def dummy_trap():
    """Columns and rank of the two device columns beside a column of ones, over four visitors."""
    devices = np.array([encode("device", name) for name in ("phone", "desktop", "phone", "desktop")])
    design = np.column_stack([devices, np.ones(4)])
    return {"columns": design.shape[1], "rank": int(np.linalg.matrix_rank(design))}


@numbers
def smoothed():
    """A smoothed target for class 1 of 3, and the logit gap at which its loss is least."""
    target = (1 - SMOOTHING) * np.eye(CLASSES)[0] + SMOOTHING / CLASSES
    return {
        "true": float(target[0]),
        "other": float(target[1]),
        "ratio": float(target[0] / target[1]),
        "parts": float(1 / target[1]),
        "gap": float(np.log(target[0] / target[1])),
    }
