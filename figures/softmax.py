"""Softmax: temperature, stable evaluation, Jacobian, gradient behind a loss (section 3.9)."""

import numpy as np

from .kit import style
from .kit.results import figure, numbers
from .models import digits, networks

LOGITS = np.array([2.0, 1.0, 0.1])
TRUE_CLASS = 0  # counted from zero; the text calls it class 1
WRONG_LOGITS, WRONG_TRUE_CLASS = np.array([6.0, -2.0, -2.0]), 1
TEMPERATURES = {"tenth": 0.1, "half": 0.5, "one": 1.0, "two": 2.0, "ten": 10.0}


def probabilities(z, temperature=1.0):
    """Softmax of z/T along the last axis."""
    return networks.softmax(np.asarray(z, float) / temperature)


def log_sum_exp(z):
    """Log of the sum of exponentials of a vector, without overflow."""
    z = np.asarray(z, float)
    return float(z.max() + np.log(np.exp(z - z.max()).sum()))


def jacobian_of(z):
    """Matrix of the derivatives of output i with respect to logit j."""
    y_hat = probabilities(z)
    return np.diag(y_hat) - np.outer(y_hat, y_hat)


def cross_entropy(z, y):
    """Loss of the logits z for a target distribution y."""
    return log_sum_exp(z) * float(np.sum(y)) - float(np.dot(y, z))


def _entropy(y_hat):
    return float(-(y_hat * np.log(y_hat)).sum())


@numbers
def temperature():
    """Outputs and entropy of the softmax of (2, 1, 0.1) at five temperatures."""
    found = {}
    for name, value in TEMPERATURES.items():
        y_hat = probabilities(LOGITS, value)
        found[name] = {
            "first": float(y_hat[0]),
            "last": float(y_hat[2]),
            "all": y_hat,
            "entropy": _entropy(y_hat),
        }
    return found | {"most": float(np.log(3))}


@numbers
def gradient():
    """Loss, gradient, Jacobian and its eigenvalues for the logits of the text."""
    y, y_hat = digits.one_hot(TRUE_CLASS, 3), probabilities(LOGITS)
    jacobian = jacobian_of(LOGITS)
    eigenvalues = np.linalg.eigvalsh(jacobian)
    return {
        "powers": np.exp(LOGITS),
        "total": float(np.exp(LOGITS).sum()),
        "outputs": y_hat,
        "lse": log_sum_exp(LOGITS),
        "loss": cross_entropy(LOGITS, y),
        "gradient": y_hat - y,
        "jacobian": jacobian,
        "middle": float(eigenvalues[1]),
        "largest": float(eigenvalues[2]),
    }


@numbers
def confidently_wrong():
    """Gradients of cross-entropy and squared error where the output is sure of a wrong class."""
    y, y_hat = digits.one_hot(WRONG_TRUE_CLASS, 3), probabilities(WRONG_LOGITS)
    squared = jacobian_of(WRONG_LOGITS) @ (y_hat - y)
    return {
        "cross_entropy": y_hat - y,
        "squared": squared,
        "ratio": float(np.linalg.norm(y_hat - y) / np.linalg.norm(squared)),
    }


@figure
def temperatures():
    """The three outputs for the logits (2, 1, 0.1) against temperature."""
    sheet, axes = style.figure("margin", 35)
    grid = np.geomspace(0.1, 30, 300)
    curves = probabilities(LOGITS, grid[:, None])
    names = (
        ("$\\hat{y}_1$", 0.62, 0.93),
        ("$\\hat{y}_2$", 0.24, 0.19),
        ("$\\hat{y}_3$", 2.0, 0.08),
    )
    axes.axhline(1 / 3, color=style.RULE, linewidth=0.5)
    for column, (color, line), (name, x, y) in zip(curves.T, style.CURVES, names, strict=False):
        axes.plot(grid, column, color=color, linestyle=line)
        style.label(axes, name, x, y, color)
    axes.plot([1, 1, 1], probabilities(LOGITS), "o", color=style.INK)
    axes.set_xscale("log")
    axes.set(xlabel="temperature $T$", ylabel="output", ylim=(0, 1.02), xlim=(0.1, 30))
    axes.set_xticks([0.1, 1, 10], ["0.1", "1", "10"])
    axes.set_yticks([0, 1 / 3, 1], ["0", "1/3", "1"])
    return sheet
