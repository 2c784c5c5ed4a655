"""Softmax as the output of a classifier of several classes, and its temperature in use (3.4.9)."""

from functools import cache

import numpy as np

from .kit import style
from .kit.results import computed, figure, numbers
from .models import networks
from .softmax import probabilities

LOGITS = (2.0, 1.0, 0.1)
TEMPERATURES = (0.5, 1.0, 2.0)


@numbers
def example():
    """The logits of the text: powers, their sum, probabilities, and the loss of each true class."""
    powers = np.exp(LOGITS)
    found = probabilities(LOGITS)
    return {
        "powers": powers,
        "sum": float(powers.sum()),
        "log_sum": float(np.log(powers.sum())),
        "probabilities": found,
        "losses": -np.log(found),
        "shifted": probabilities(np.array(LOGITS) + 5),
    }


@numbers
def misprint():
    """The two sets of logits that a well-known figure mixes up."""
    return {"ascending": probabilities((1.0, 2.0, 3.0)), "spread": probabilities((3.0, 1.0, -3.0))}


@numbers
def labels():
    """The logits (3, 1, -3) as three independent labels: sigmoids, and their sum."""
    separate = networks.sigmoid(np.array([3.0, 1.0, -3.0]))
    return {"sigmoids": separate, "sum": float(separate.sum())}


@numbers
def start():
    """Loss of a uniform prediction over K classes."""
    return {f"k{k}": float(np.log(k)) for k in (10, 1000)}


@figure
def bars():
    """The logits, and their softmax at three temperatures."""
    sheet, axes = style.figure("margin", 46, 2, 2, sharey=True)
    inks = (style.TEAL, style.RUST, style.GREY)
    panels = [("logits", np.array(LOGITS), 1, 0.5)]
    panels += [(f"$T = {t:g}$", probabilities(LOGITS, t), 2, 1.0) for t in TEMPERATURES]
    for plot, (title, heights, decimals, scale) in zip(axes.flat, panels, strict=True):
        plot.bar(range(3), heights * scale, width=0.6, color=inks)
        for place, height in enumerate(heights):
            style.label(
                plot, f"{height:.{decimals}f}", place, height * scale + 0.03, ha="center", va="bottom", fontsize=7.5
            )
        plot.set(xticks=range(3), xticklabels=("1", "2", "3"), ylim=(0, 1.36), yticks=(), xlim=(-0.6, 2.6))
        plot.set_title(title)
        plot.spines["left"].set_visible(False)
        plot.tick_params(axis="x", length=0)
    return sheet


# Three overlapping clouds in the plane, a network that has learned 60 points too well.

RANGE = 3.0


def _clouds(count, seed):
    """Three normal clouds, standard deviation 0.8, centers on a circle of radius 1.2."""
    rng = np.random.default_rng(seed)
    y = np.arange(count) % 3
    angle = np.pi / 2 + 2 * np.pi * y / 3
    centers = 1.2 * np.column_stack([np.cos(angle), np.sin(angle)])
    return centers + rng.normal(0, 0.8, (count, 2)), y


@computed
def _trained():
    X, y = _clouds(60, 0)
    layers = networks.initialize((2, 32, 3), np.random.default_rng(0), "he")
    return networks.train(layers, X, y, rate=0.3, steps=1500)[0]


def _loss(logits, y, temperature):
    return float(networks.loss_and_error(logits / temperature, y)[0])


@cache
def _validation():
    """Temperatures and validation losses; the smallest loss gives the fitted temperature."""
    X, y = _clouds(300, 1)
    logits = networks.outputs(_trained(), X)
    temperatures = np.exp(np.linspace(np.log(0.5), np.log(8), 241))
    return temperatures, np.array([_loss(logits, y, t) for t in temperatures])


@numbers
@cache
def calibrated():
    """The fitted temperature; loss and mean confidence on new points, before and after."""
    temperatures, losses = _validation()
    fitted = float(temperatures[np.argmin(losses)])
    X, y = _clouds(3000, 2)
    logits = networks.outputs(_trained(), X)
    result = {"T": fitted, "accuracy": float((logits.argmax(axis=1) == y).mean())}
    for name, t in (("before", 1.0), ("after", fitted)):
        result[name] = {
            "loss": _loss(logits, y, t),
            "confidence": float(networks.softmax(logits / t).max(axis=1).mean()),
        }
    return result


@figure
def regions():
    """Decision regions and confidence at T = 1 and at the fitted temperature; how it is found."""
    sheet, (cold, warm, curve) = style.figure("column", 43, 1, 3)
    grid = np.linspace(-RANGE, RANGE, 241)
    mesh = np.column_stack([m.ravel() for m in np.meshgrid(grid, grid)])
    logits = networks.outputs(_trained(), mesh)
    X, y = _clouds(60, 0)
    fitted = calibrated()["T"]
    for plot, t in ((cold, 1.0), (warm, fitted)):
        confidence = networks.softmax(logits / t).max(axis=1).reshape(241, 241)
        plot.contourf(
            grid,
            grid,
            confidence,
            levels=(0, 0.6, 0.8, 0.95, 1.01),
            colors=("#ffffff", "#ececec", "#d3d3d3", "#b3b3b3"),
        )
        winner = logits.argmax(axis=1).reshape(241, 241)
        for k in range(3):
            plot.contour(grid, grid, (winner == k) * 1.0, levels=[0.5], colors=[style.INK], linewidths=0.9)
        for k, (color, mark) in enumerate(((style.TEAL, "o"), (style.RUST, "s"), (style.INK, "^"))):
            plot.plot(*X[y == k].T, mark, color=color, markersize=2.6, markeredgecolor="white", markeredgewidth=0.3)
        plot.set(xlim=(-RANGE, RANGE), ylim=(-RANGE, RANGE), xticks=(), yticks=(), box_aspect=1, xlabel="$x_1$")
        plot.set_title(f"$T = {t:.1f}$" if t != 1 else "$T = 1$")
        for spine in plot.spines.values():
            spine.set_visible(False)
    cold.set_ylabel("$x_2$")
    temperatures, losses = _validation()
    curve.plot(temperatures, losses, color=style.TEAL)
    curve.plot(fitted, losses.min(), "o", color=style.TEAL)
    style.label(curve, f"$T = {fitted:.1f}$", fitted, losses.min() - 0.03, ha="center", va="top")
    curve.set(
        xscale="log",
        xlim=(0.5, 8),
        ylim=(0.25, 0.95),
        yticks=(0.4, 0.6, 0.8),
        xlabel="temperature $T$",
        box_aspect=0.75,
    )
    curve.set_title("validation loss")
    curve.set_xticks((0.5, 1, 2, 4, 8), ("0.5", "1", "2", "4", "8"))
    curve.minorticks_off()
    return sheet
