"""Feature scaling by hand and on the flats (sections 3.6.1 to 3.6.4): values, distances, steps of descent.

The flats are invented (figures/models/generators.py). The loss is half the mean squared error of a
linear model, so its Hessian is exact.
"""

from functools import cache

import numpy as np

from .kit.results import numbers
from .models import digits
from .models.generators import flats

# What each kind of scaling does to the condition number


def whiten(features):
    """Center, rotate to the principal axes, and divide by the standard deviation along each."""
    centered = features - features.mean(0)
    values, axes = np.linalg.eigh(centered.T @ centered / len(centered))
    return centered @ axes / np.sqrt(values)


SCALINGS = {
    "raw": lambda features: features,
    "centered": lambda features: features - features.mean(0),
    "minmax": lambda features: (features - features.min(0)) / np.ptp(features, axis=0),
    "standard": lambda features: (features - features.mean(0)) / features.std(0),
    "white": whiten,
    "meters": lambda features: features * [1, 1000],
}


def quadratic(features, targets, bias=True):
    """Hessian and minimum of half the mean squared error of a linear model."""
    columns = np.column_stack([features, np.ones(len(features))]) if bias else np.asarray(features)
    hessian = columns.T @ columns / len(columns)
    return hessian, np.linalg.solve(hessian, columns.T @ targets / len(columns))


def best_rate(hessian):
    """The constant learning rate that makes the two extreme factors equal in size."""
    values = np.linalg.eigvalsh(hessian)
    return float(2 / (values[0] + values[-1]))


def steps_needed(hessian, away, share=1e-6, rate=None):
    """Steps of gradient descent from `away` until the loss gap is at most `share` of the first one.

    In the eigenbasis each coordinate shrinks by 1 - rate * eigenvalue a step, so the count needs no
    loop over the steps. Without a rate the best constant one is taken.
    """
    values, axes = np.linalg.eigh(hessian)
    weights = values * np.square(axes.T @ away)
    factors = 1 - (rate or best_rate(hessian)) * values

    def arrived(steps):
        return (weights * factors ** (2 * steps)).sum() <= share * weights.sum()

    high = 1
    while not arrived(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if arrived(middle) else (middle, high)
    return high


@numbers
@cache
def flat_rents():
    """Hessian, eigenvalues, kappa, and steps to a millionth of the first loss gap, for each kind of scaling.

    `bound` is what the rule (kappa / 2) ln(1 / q) says of them, rounded up.
    """
    features, rents = flats()
    found = {}
    for name, scaling in SCALINGS.items():
        hessian, best = quadratic(scaling(features), rents)
        values = np.linalg.eigvalsh(hessian)
        kappa = float(values[-1] / values[0])
        found[name] = {
            "hessian": hessian,
            "values": values,
            "kappa": kappa,
            "rate": best_rate(hessian),
            "steps": steps_needed(hessian, -best),
            "bound": int(np.ceil(kappa / 2 * np.log(1e3))),
        }
    return found


# Three areas, three flats, a saturated unit


@numbers
def three_areas():
    """Both scalings of the areas 60, 100 and 140 square meters, and of a new flat of 180."""
    return scaled_areas((60.0, 100.0, 140.0), 180.0)


def scaled_areas(areas, new):
    """Mean, deviation and both scalings of training areas, and of a new flat."""
    areas = np.asarray(areas)
    mean, deviation, low, high = areas.mean(), areas.std(), areas.min(), areas.max()
    return {
        "mean": mean,
        "variance": deviation**2,
        "deviation": deviation,
        "standard": (areas - mean) / deviation,
        "minmax": (areas - low) / (high - low),
        "new_standard": (new - mean) / deviation,
        "new_minmax": (new - low) / (high - low),
    }


# Area in square meters, distance to the center in kilometers.
THREE = {"A": (60.0, 2.0), "B": (62.0, 8.0), "C": (70.0, 2.0)}


@numbers
def neighbors():
    """Squared distances of the flats B and C from A, with kilometers and with meters."""
    found = {}
    for unit, factor in (("km", 1.0), ("m", 1000.0)):
        points = {name: np.array([area, factor * distance]) for name, (area, distance) in THREE.items()}
        found[unit] = {name: float(((points[name] - points["A"]) ** 2).sum()) for name in "BC"}
    return found


@numbers
def constant_pixels():
    """How many of the 64 pixels have one value in all training digits."""
    return {"count": int((digits.split().train_x.std(axis=0) == 0).sum())}


# The source's own bowl

BOWL = np.array([2 / 10**2, 2 / 100**2])  # eigenvalues of (w1/10)^2 + (w2/100)^2


@numbers
@cache
def bowl():
    """Steps to a thousandth of the first loss on (w1/10)^2 + (w2/100)^2, and the first steps."""
    hessian, start = np.diag(BOWL), np.array([10.0, 100.0])
    path = [start]
    for _ in range(3):
        path.append(path[-1] * (1 - 95 * BOWL))
    return {
        "kappa": BOWL[0] / BOWL[1],
        "rate": best_rate(hessian),
        "best": steps_needed(hessian, start, 1e-3),
        "scaled": steps_needed(np.eye(2), start / [10, 100], 1e-3),
        "path": np.array(path),
    }
