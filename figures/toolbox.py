"""Examples of the toolbox: each computes what its tool states, from the inputs that the text names."""

import math

import numpy as np

from .kit import style
from .kit.results import figure, numbers

# Chain rule: z = W x, and a loss whose gradient with respect to z is DELTA.
W, X, DELTA = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, -1.0]]), np.array([2.0, 1.0]), np.array([1.0, 0.0, 2.0])
# Taylor: L = w_1^2 w_2 near (1, 2), a step of 0.1 in both.
POINT, MOVE = np.array([1.0, 2.0]), np.array([0.1, 0.1])
SYMMETRIC = np.array([[2.0, 1.0], [1.0, 2.0]])
STRETCH = np.array([[3.0, 0.0], [4.0, 5.0]])
SIGMA = np.array([[5.0, 4.0], [4.0, 5.0]])
ERRORS = (3.1, 2.9, 3.4, 3.0, 3.1)  # percent, of five runs
TARGET, GUESS = np.array([0.5, 0.25, 0.25]), np.full(3, 1 / 3)


@numbers
def chain():
    """Gradients of a linear map: with respect to the input and to the matrix."""
    return {"z": W @ X, "input": W.T @ DELTA, "weights": np.outer(DELTA, X)}


@numbers
def taylor():
    """The loss w_1^2 w_2 after the move: to first order, to second order, exactly."""
    w_1, w_2 = POINT
    g = np.array([2 * w_1 * w_2, w_1**2])
    H = np.array([[2 * w_2, 2 * w_1], [2 * w_1, 0.0]])
    start, linear, square = w_1**2 * w_2, float(g @ MOVE), float(0.5 * MOVE @ H @ MOVE)
    after = POINT + MOVE
    return {
        "start": start,
        "linear": linear,
        "square": square,
        "first": start + linear,
        "second": start + linear + square,
        "exact": float(after[0] ** 2 * after[1]),
        "exp": math.exp(0.1),
    }


@numbers
def eigen():
    """Eigenvalues of the symmetric matrix, and its tenth power's largest entry of the eigenvalues."""
    values = np.linalg.eigvalsh(SYMMETRIC)
    return {"values": values, "tenth": float(values[1] ** 10)}


@numbers
def singular():
    """Singular values of the matrix, their quotient, and the part of the squares that the first has."""
    s = np.linalg.svd(STRETCH, compute_uv=False)
    return {"first": s[0], "second": s[1], "condition": s[0] / s[1], "share": 100 * s[0] ** 2 / (s**2).sum()}


@numbers
def bowl():
    """Descent on a bowl with eigenvalues 1 and 9: best rate, factor, steps to a hundredth."""
    low, high = 1.0, 9.0
    rate = 2 / (low + high)
    factor = 1 - rate * low
    return {"rate": rate, "factor": factor, "steps": math.ceil(math.log(0.01) / math.log(factor))}


@numbers
def spread():
    """Standard deviation and standard error of the five runs."""
    runs = np.array(ERRORS)
    return {"mean": runs.mean(), "sd": runs.std(ddof=1), "se": runs.std(ddof=1) / len(runs) ** 0.5}


@numbers
def whitening():
    """Root and inverse root of the covariance matrix by its eigenvectors."""
    values, vectors = np.linalg.eigh(SIGMA)
    return {
        "values": values,
        "root": vectors @ np.diag(values**0.5) @ vectors.T,
        "inverse": 3 * vectors @ np.diag(values**-0.5) @ vectors.T,
    }


@numbers
def normal():
    """Probabilities that a normal variable lies within one, two and three standard deviations."""
    return {f"within{k}": 100 * math.erf(k / math.sqrt(2)) for k in (1, 2, 3)}


@numbers
def entropies():
    """Entropy of the target, cross-entropy with the even guess, their difference, ln 10 and ln 0.8."""
    entropy = float(-(TARGET * np.log(TARGET)).sum())
    cross = float(-(TARGET * np.log(GUESS)).sum())
    return {"entropy": entropy, "cross": cross, "apart": cross - entropy, "ten": math.log(10), "cost": -math.log(0.8)}


@numbers
def floats():
    """What 32-bit numbers do: spacing at 1, a lost one, the largest exponent of e, a difference quotient."""
    one, big = np.float32(1), np.float32(1e8)
    quotient = {
        f"h{power}": float((np.float32(1 + 10.0**-power) ** 2 - one) / np.float32(10.0**-power)) for power in (3, 7)
    }
    return {
        "spacing": float(np.spacing(one)),
        "lost": float((big + one) - big),
        "largest": float(np.finfo(np.float32).max),
        "exponent": math.floor(math.log(float(np.finfo(np.float32).max))),
        "half": float(np.finfo(np.float16).max),
        "quotient": quotient,
    }


@figure
def descents():
    """One parabola, four learning rates: creeping, one step, alternating, diverging."""
    sheet, axes = style.figure("column", 32, 1, 4, sharex=True, sharey=True)
    w = np.linspace(-1.6, 1.6, 120)
    for panel, (product, said) in zip(
        axes, ((0.2, "creeps"), (1.0, "arrives"), (1.8, "alternates"), (2.15, "diverges")), strict=True
    ):
        path = [1.0]
        for _ in range(6):
            path.append((1 - product) * path[-1])
        path = np.array([value for value in path if abs(value) < 1.62])
        panel.plot(w, w**2 / 2, color=style.RULE, linewidth=0.8)
        panel.plot(path, path**2 / 2, color=style.TEAL, marker="o", markersize=2.2, linewidth=0.8)
        panel.set_title(f"$\\eta h$ = {product:g}: {said}")
        panel.set(xticks=(-1, 0, 1), yticks=(0, 0.5, 1), xlabel="$w$")
        panel.set_xticklabels(["\N{MINUS SIGN}1", "0", "1"])
    axes[0].set(ylabel="$L$", ylim=(-0.08, 1.3))
    return sheet


@figure
def levels():
    """Level lines of a bowl with eigenvalues 1 and 9: ellipses three times as long as wide, and a gradient."""
    sheet, axes = style.figure("column", 34)
    x, y = np.meshgrid(np.linspace(-3.6, 3.6, 160), np.linspace(-1.25, 1.25, 90))
    lines = axes.contour(x, y, 0.5 * (x**2 + 9 * y**2), levels=(0.5, 2, 4.5), colors=style.INK, linewidths=0.6)
    axes.clabel(lines, fmt="%g", fontsize=7.5)
    at = np.array([2.0, 0.6])
    g = at * (1, 9) / 9
    axes.annotate("", at - g, at, arrowprops={"arrowstyle": "-|>", "color": style.RUST, "linewidth": 1})
    axes.plot(*at, "o", color=style.RUST)
    style.label(axes, "against the gradient", 2.2, 0.78, style.RUST)
    axes.plot(0, 0, "+", color=style.TEAL, markersize=8, markeredgewidth=1.4)
    style.label(axes, "minimum", -0.16, 0.02, style.TEAL, ha="right")
    axes.set(aspect="equal", xlabel="$w_1$", ylabel="$w_2$", xticks=(-3, 0, 3), yticks=(-1, 0, 1))
    axes.set_xticklabels(["\N{MINUS SIGN}3", "0", "3"])
    axes.set_yticklabels(["\N{MINUS SIGN}1", "0", "1"])
    return sheet
