"""Invented data that several sections use: rings and moons (two classes), flats (rents).

All return (X, y): one example a row in `X` (count x 2). Of rings and moons `y` holds the classes 0
and 1 in turn, the same number of points each if `count` is even. Helpers only, no results of their own.
"""

import numpy as np

MOONS_NOISE = 0.15  # of every experiment with moons


def rings(count, seed, spread=0.2):
    """Return two noisy rings about the origin, radius 1 for class 0 and 2 for class 1.

    `spread` is the standard deviation of the radius; the angle is uniform.
    """
    rng = np.random.default_rng(seed)
    y = np.arange(count) % 2
    radius = rng.normal(1.0 + y, spread)
    angle = rng.uniform(0, 2 * np.pi, count)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), y


def moons(count, seed, noise):
    """Return two interleaved half circles of radius 1, with Gaussian noise on both coordinates."""
    rng = np.random.default_rng(seed)
    y = np.arange(count) % 2
    t = rng.uniform(0, np.pi, count)
    X = np.column_stack([np.where(y == 0, np.cos(t), 1 - np.cos(t)), np.where(y == 0, np.sin(t), 0.5 - np.sin(t))])
    return X + rng.normal(0, noise, X.shape), y


def flats(count=200, seed=0):
    """Return age (0 to 40 years) and distance to the center (0 to 8 km) of flats, and their monthly rents."""
    rng = np.random.default_rng(seed)
    age, distance = rng.uniform(0, 40, count), rng.uniform(0, 8, count)
    return np.column_stack([age, distance]), 1500 - 5 * age - 25 * distance + rng.normal(0, 30, count)
