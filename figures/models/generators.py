"""Two-dimensional toy data that several sections use: rings and moons.

Both return (X, y): one point a row in `X` (count x 2), classes 0 and 1 in turn in `y`. The two
classes have the same number of points if `count` is even. Helpers only, no results of their own.
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
