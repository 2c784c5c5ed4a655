"""Feature scaling (sections 3.6.1-3.6.4): condition numbers and gradient descent.

The data are 200 generated houses (floor area, rooms, price). The loss is half the mean squared
error of a linear model, so the Hessian is exact.
"""

from functools import cache

import numpy as np

from .kit.results import numbers

# Houses: what each kind of scaling does to the condition number


@cache
def houses():
    """Features (200 x 2: area in square meters, rooms) and prices in thousands."""
    rng = np.random.default_rng(0)
    area = rng.uniform(50, 250, 200)
    rooms = np.clip(np.round(area / 40 + rng.normal(0, 0.8, 200)), 1, 8)
    return np.column_stack([area, rooms]), 2 * area + 10 * rooms + 50 + rng.normal(0, 10, 200)


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
}


def quadratic(features, targets, bias=True):
    """Hessian and minimum of half the mean squared error of a linear model."""
    columns = np.column_stack([features, np.ones(len(features))]) if bias else np.asarray(features)
    hessian = columns.T @ columns / len(columns)
    return hessian, np.linalg.solve(hessian, columns.T @ targets / len(columns))


def steps_needed(hessian, away, share=1e-6, rate=None):
    """Steps of gradient descent from `away` until the loss gap is at most `share` of the first one.

    In the eigenbasis each coordinate shrinks by 1 - rate * eigenvalue a step, so the count needs no
    loop over the steps. Without a rate the best constant one is taken, 2 / (largest + smallest).
    """
    values, axes = np.linalg.eigh(hessian)
    weights = values * np.square(axes.T @ away)
    factors = 1 - (rate or 2 / (values[0] + values[-1])) * values

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
def house_price():
    """Condition number and steps to a millionth of the first loss gap, for each kind of scaling."""
    features, prices = houses()
    found = {
        "correlation": float(np.corrcoef(features.T)[0, 1]),
        "mean": {"area": features[:, 0].mean(), "rooms": features[:, 1].mean()},
        "deviation": {"area": features[:, 0].std(), "rooms": features[:, 1].std()},
    }
    for name, scaling in SCALINGS.items():
        hessian, best = quadratic(scaling(features), prices)
        values = np.linalg.eigvalsh(hessian)
        found[name] = {
            "kappa": float(values[-1] / values[0]),
            "steps": steps_needed(hessian, -best),
        }
    return found


# Three houses by hand, and a sigmoid fed with square meters


@numbers
def three_houses():
    """Both scalings of the areas 60, 100 and 140 square meters, and of a new house of 180."""
    return scaled_areas((60.0, 100.0, 140.0), 180.0)


def scaled_areas(areas, new):
    """Mean, deviation and both scalings of training areas, and of a new house."""
    areas = np.asarray(areas)
    mean, deviation, low, high = areas.mean(), areas.std(), areas.min(), areas.max()
    return {
        "mean": mean,
        "deviation": deviation,
        "standard": (areas - mean) / deviation,
        "minmax": (areas - low) / (high - low),
        "new_standard": (new - mean) / deviation,
        "new_minmax": (new - low) / (high - low),
    }


@numbers
def saturated_by_units():
    """Pre-activation and slope of a sigmoid unit whose input is an area, raw and standardized."""
    return slope_at_area(250.0, 0.05)


def slope_at_area(area, weight):
    """Pre-activation and slope of a sigmoid unit fed with an area, raw and standardized."""
    features, _ = houses()
    standard = (area - features[:, 0].mean()) / features[:, 0].std()

    def slope(z):
        return 1 / (2 + np.exp(z) + np.exp(-z))

    return {
        "z": weight * area,
        "slope": float(slope(weight * area)),
        "standard": float(standard),
        "standard_z": float(weight * standard),
        "standard_slope": float(slope(weight * standard)),
    }


# The source's own bowl -------------------------------------

BOWL = np.array([2 / 10**2, 2 / 100**2])  # eigenvalues of (w1/10)^2 + (w2/100)^2


@numbers
@cache
def bowl():
    """Steps to a thousandth of the first loss on (w1/10)^2 + (w2/100)^2, and the first steps."""
    hessian, start = np.diag(BOWL), np.array([10.0, 100.0])
    path = [start]
    for _ in range(3):
        path.append(path[-1] * (1 - 0.95 * 2 / BOWL[0] * BOWL))
    return {
        "kappa": BOWL[0] / BOWL[1],
        "rate": 2 / BOWL.sum(),
        "best": steps_needed(hessian, start, 1e-3),
        "safe": steps_needed(hessian, start, 1e-3, 1 / BOWL[0]),
        "scaled": steps_needed(np.eye(2), start / [10, 100], 1e-3),
        "path": np.array(path),
    }
