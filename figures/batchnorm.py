"""Batch normalization by hand: two columns, a batch of four there and back, and a folded layer (3.6.8-3.6.10)."""

import numpy as np

from .kit.results import numbers

TABLE = np.array([[1.0, 50], [2, 60], [3, 70], [4, 100]])
BATCH, UPSTREAM = np.array([2.0, 4, 4, 6]), np.array([1.0, 2, 0, -1])
GAMMA, BETA = 2.0, 1.0


@numbers
def columns():
    """Two features of four examples, each column normalized by itself (epsilon = 0)."""
    mean, var = TABLE.mean(axis=0), TABLE.var(axis=0)
    first, second = ((TABLE - mean) / np.sqrt(var)).T
    return {"mean": mean, "var": var, "first": first, "second": second}


def layer(x, gamma=GAMMA, beta=BETA, epsilon=0.0):
    """Forward pass of one unit over a batch: mean, variance, normalized values, outputs."""
    mean, var = x.mean(), x.var()
    x_hat = (x - mean) / np.sqrt(var + epsilon)
    return {"mean": mean, "var": var, "sd": np.sqrt(var), "x_hat": x_hat, "y": gamma * x_hat + beta}


@numbers
def four():
    """The batch of four worked through: forward, backward, running averages, inference."""
    return worked(BATCH, UPSTREAM)


def worked(x, g, gamma=GAMMA, beta=BETA, memory=0.1):
    """One unit over a batch x with the gradient g of its outputs (epsilon = 0)."""
    found = layer(x, gamma, beta)
    x_hat = found["x_hat"]
    d_gamma, d_beta = (g * x_hat).sum(), g.sum()
    dx = gamma / found["sd"] * (g - d_beta / len(x) - x_hat * d_gamma / len(x))
    step = 1e-5
    numeric = [
        g @ (layer(x + step * e, gamma, beta)["y"] - layer(x - step * e, gamma, beta)["y"]) / (2 * step)
        for e in np.eye(len(x))
    ]
    run_mean, run_var = memory * x.mean(), (1 - memory) + memory * x.var(ddof=1)
    old = (1 - memory) ** 50  # the weight of the start values, mean 0 and variance 1, after 50 such batches
    mean50, var50 = (1 - old) * x.mean(), old + (1 - old) * x.var(ddof=1)
    return found | {
        "g_mean": g.mean(),
        "gx_mean": (g * x_hat).mean(),
        "d_gamma": d_gamma,
        "d_beta": d_beta,
        "dx": dx,
        "numeric": np.array(numeric),
        "difference": float(np.abs(dx - numeric).max()),
        "naive": gamma / found["sd"] * g,
        "run_mean": run_mean,
        "run_var": run_var,
        "unbiased": x.var(ddof=1),
        "early": gamma * (x - run_mean) / np.sqrt(run_var) + beta,
        "mean50": mean50,
        "var50": var50,
        "late": gamma * (x - mean50) / np.sqrt(var50) + beta,
        "factor32": np.sqrt(31 / 32),
        "plus": (x + x.mean()) / found["sd"],
        "plus_mean": ((x + x.mean()) / found["sd"]).mean(),
    }


@numbers
def fold():
    """Weights of a unit with its batch normalization folded in, from running averages."""
    w, b, gamma, beta, mean, var = 3.0, 1.0, 2.0, 0.5, 4.0, 16.0
    ratio = gamma / np.sqrt(var)
    x = 5.0
    return {
        "ratio": ratio,
        "w": ratio * w,
        "b": beta + ratio * (b - mean),
        "through": gamma * (w * x + b - mean) / np.sqrt(var) + beta,
        "folded": ratio * w * x + beta + ratio * (b - mean),
    }
