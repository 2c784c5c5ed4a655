"""The standard normal distribution: share below z, and density. Helpers only, no results."""

import math

import numpy as np


def below(z):
    """The share of a standard normal number that lies below z, any shape."""
    return 0.5 * (1 + np.vectorize(math.erf)(np.asarray(z, float) / math.sqrt(2)))


def density(z):
    """The standard normal density, any shape."""
    return np.exp(-np.square(z) / 2) / math.sqrt(2 * math.pi)
