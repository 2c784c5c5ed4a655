"""What units do to penalties, to units that saturate, and to nearest neighbors (going further on 3.6.2)."""

import numpy as np

from .kit.results import computed, experiment, numbers
from .models import digits
from .models.generators import flats


def slope(z):
    """Derivative of the sigmoid."""
    return 1 / (2 + np.exp(z) + np.exp(-z))


@numbers
def saturated():
    """Slope of a sigmoid unit with the weight 0.05 at 250 square meters, raw and standardized (mean 150, s.d. 58)."""
    value = (250 - 150) / 58
    return {
        "raw": float(slope(0.05 * 250)),
        "value": value,
        "z": 0.05 * value,
        "standard": float(slope(0.05 * value)),
    }


# A flat loses 25 of rent a kilometer; distances from the mean, rents that fit exactly.
AWAY, PER_KM, PENALTY = np.array([-2.0, 0.0, 2.0]), -25.0, 1.0


@numbers
def ridge():
    """Best weight with a penalty, and the share of the true one that it is, for three units of distance."""
    found = {}
    for unit, factor in (("km", 1.0), ("m", 1000.0), ("tens", 0.1)):
        x, y = factor * AWAY, PER_KM * AWAY
        weight = (x @ y) / (x @ x + PENALTY)
        found[unit] = {"weight": float(weight), "share": float(weight * factor / PER_KM)}
    return found


NEIGHBORS, KNOWN, ASKED, SEEDS = 5, 200, 1000, tuple(range(20))
UNITS = {
    "years and km": (1.0, 1.0),
    "years and m": (1.0, 1000.0),
    "days and km": (365.0, 1.0),
    "standardized": None,
}


def rent_error(factors, seed):
    """Mean absolute error of the mean rent of the nearest flats, distances in the given units."""
    features, rents = flats(KNOWN + ASKED, seed)
    known = features[:KNOWN]
    scaled = (features - known.mean(axis=0)) / known.std(axis=0) if factors is None else features * factors
    away = ((scaled[KNOWN:, None] - scaled[None, :KNOWN]) ** 2).sum(axis=-1)
    nearest = np.argsort(away, axis=1)[:, :NEIGHBORS]
    return np.abs(rents[:KNOWN][nearest].mean(axis=1) - rents[KNOWN:]).mean()


def wrong_digits(X, y):
    """How many digits have a nearest other digit of another class."""
    squares = (X**2).sum(axis=1)
    away = squares[:, None] + squares - 2 * X @ X.T
    np.fill_diagonal(away, np.inf)
    return int((y[away.argmin(axis=1)] != y).sum())


@computed
def neighbors_of():
    """Errors of nearest neighbors: rents by unit (mean and standard error over the seeds), digits raw and scaled."""
    found = {}
    for name, factors in UNITS.items():
        errors = np.array([rent_error(factors, seed) for seed in SEEDS])
        key = name.replace(" ", "_")
        found[key] = {"mean": float(errors.mean()), "se": float(errors.std(ddof=1) / len(SEEDS) ** 0.5)}
    X, y = digits.load()
    spread = X.std(axis=0)
    found["digits"] = {
        "count": len(y),
        "raw": wrong_digits(X, y),
        "standard": wrong_digits((X - X.mean(axis=0)) / np.where(spread > 0, spread, 1), y),
    }
    return found


@numbers
def nearest():
    """The errors of `neighbors_of`, and the sizes of the experiment."""
    return neighbors_of() | {"flats": {"known": KNOWN, "asked": ASKED, "neighbors": NEIGHBORS, "seeds": len(SEEDS)}}


@experiment
def neighbors():
    """Nearest neighbors in several units."""
    return {
        "title": "Nearest neighbors in several units",
        "entry": "3.6.2",
        "compares": "distances between flats in " + ", ".join(UNITS) + "; between digits, raw and standardized pixels",
        "data": "flats; digits, all 1,797 of them",
        "split": f"{KNOWN} known and {ASKED:,} asked flats; each digit against all others",
        "network": f"none: the mean rent of the {NEIGHBORS} nearest flats; the class of the nearest digit",
        "initialization": "none",
        "loss": "mean absolute error of the rent; number of wrong digits",
        "optimizer": "none",
        "rate": "none",
        "tuned": "nothing",
        "batch": "none",
        "steps": "none",
        "seeds": f"{len(SEEDS)} draws of the flats; the digits without chance",
        "plotted": "mean over the draws and its standard error",
    }
