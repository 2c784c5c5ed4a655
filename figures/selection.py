"""Choosing the best of noisy scores: its optimism, what one start can tell, selection outside the folds (3.3.3)."""

import math
from functools import cache

import numpy as np

from .kit.results import numbers
from .models import normal

# Selection bias: m settings of the same true accuracy, each judged on `size` validation examples.
TRUE_ACCURACY = 0.9
SETTINGS = (1, 10, 100, 1000)


def _at_most(size):
    """P(score <= k/size) for k = 0 ... size, from the binomial law."""
    hits = np.arange(size + 1)
    logs = np.array([math.lgamma(size + 1) - math.lgamma(k + 1) - math.lgamma(size - k + 1) for k in hits])
    logs += hits * math.log(TRUE_ACCURACY) + (size - hits) * math.log(1 - TRUE_ACCURACY)
    return np.minimum(np.cumsum(np.exp(logs)), 1)


@cache
def best_of(size):
    """Expected best accuracy of 1 to 1,000 equal settings, exactly."""
    at_most = _at_most(size)
    counts = np.unique(np.round(np.logspace(0, 3, 61)).astype(int))
    # E max = sum over k of P(max >= k), with P(max < k) = P(one < k)^m.
    return counts, np.array([(1 - at_most[:-1] ** m).sum() / size for m in counts])


def largest_normal(count):
    """Expected largest of `count` standard normal numbers: the integral of z d(Phi^count)."""
    z = np.linspace(-10, 10, 20_001)
    mass = np.diff(normal.below(z) ** count)
    return float(mass @ ((z[1:] + z[:-1]) / 2))


@numbers
def expected_best():
    """What the best of equal settings shows on 1,000 examples: exactly, and by the normal rule."""
    counts, best = best_of(1000)
    exact = {f"m{m}": float(best[counts == m][0]) for m in SETTINGS}
    error = math.sqrt(TRUE_ACCURACY * (1 - TRUE_ACCURACY) / 1000)
    spread = {f"z{m}": largest_normal(m) for m in SETTINGS[1:]}
    rule = {f"rule{m}": TRUE_ACCURACY + largest_normal(m) * error for m in SETTINGS[1:]}
    return exact | spread | rule | {"error": error}
