"""Normalization within one example: groups by hand, a token, and its place in a residual block (3.6.9, 3.6.11)."""

import numpy as np

from .kit.results import computed, numbers

# One example of four channels with two positions each.
CHANNELS = np.array([[1.0, 3.0], [5.0, 7.0], [10.0, 30.0], [20.0, 20.0]])
TOKEN = np.array([1.0, 2.0, 3.0, 4.0])


def standardized(x, groups):
    """Split the channels in groups and bring each to mean 0 and variance 1 (epsilon = 0)."""
    parts = x.reshape(groups, -1)
    mean, sd = parts.mean(axis=1, keepdims=True), parts.std(axis=1, keepdims=True)
    safe = np.where(sd > 0, sd, 1)
    return {"mean": mean.ravel(), "var": (sd**2).ravel(), "out": ((parts - mean) / safe).reshape(x.shape)}


@numbers
def groups():
    """The four channels under layer (one group), group (two) and instance normalization (four)."""
    return {name: standardized(CHANNELS, count) for name, count in (("layer", 1), ("group", 2), ("instance", 4))}


def layer_norm(x):
    """Each row less its mean, over its standard deviation."""
    return (x - x.mean(axis=-1, keepdims=True)) / x.std(axis=-1, keepdims=True)


@numbers
def token():
    """One vector of four features under layer and under RMS normalization."""
    rms = np.sqrt(np.mean(TOKEN**2))
    return {"layer": layer_norm(TOKEN), "rms": TOKEN / rms, "divisor": rms}


# ---- noise from the rest of the batch ---------------------------------------

NOISE_SIZES, DRAWS = (4, 8, 32, 256), 4000


@numbers
def noise():
    """Spread of the normalized value of an example with z = 1 among standard normal others, by batch size."""
    rng, found = np.random.default_rng(0), {}
    for size in NOISE_SIZES:
        z = rng.normal(size=(DRAWS, size))
        z[:, 0] = 1
        found[f"of{size}"] = float(layer_norm(z)[:, 0].std())
    return found


# ---- before or after the addition -------------------------------------------

WIDTH, BLOCKS, SEEDS = 64, 12, range(20)


def jacobian_of_norm(x):
    """Derivative of layer_norm at x: (I - 1/n - h h^T/n) over the standard deviation."""
    n, h = len(x), layer_norm(x)
    return (np.eye(n) - 1 / n - np.outer(h, h) / n) / x.std()


def branch_gradients(order, seed):
    """Length of the gradient that each block's branch gets, first block first, for a random gradient of length 1.

    A block adds U relu(W x) to the stream x; "pre" normalizes what the branch reads (and the stream
    once at the end), "post" the sum.
    """
    rng = np.random.default_rng(seed)
    x, steps = rng.normal(size=WIDTH), []
    for _ in range(BLOCKS):
        W, U = rng.normal(size=(WIDTH, WIDTH)) * (2 / WIDTH) ** 0.5, rng.normal(size=(WIDTH, WIDTH)) / WIDTH**0.5
        z = W @ (layer_norm(x) if order == "pre" else x)
        branch, total = U @ ((z > 0)[:, None] * W), x + U @ np.maximum(z, 0)
        if order == "pre":
            steps.append((np.eye(WIDTH), np.eye(WIDTH) + branch @ jacobian_of_norm(x)))
        else:
            steps.append((jacobian_of_norm(total), np.eye(WIDTH) + branch))
        x = total if order == "pre" else layer_norm(total)
    g, sizes = rng.normal(size=WIDTH), []
    g /= np.linalg.norm(g)
    if order == "pre":
        g = g @ jacobian_of_norm(x)
    for above, block in steps[::-1]:
        g = g @ above
        sizes.append(np.linalg.norm(g))
        g = g @ block
    return sizes[::-1]


@numbers
@computed
def orders():
    """Gradient at the branch of the last of twelve blocks, normalized before or after the addition."""
    found = {}
    for order in ("pre", "post"):
        sizes = np.median([branch_gradients(order, seed) for seed in SEEDS], axis=0)
        found[order] = {"last": float(sizes[-1])}
    return found
