"""Calibration step by step: a network that is too sure, and the temperature that mends it (section 3.4.9).

Three overlapping clouds in the plane; ten networks learn 60 points each too well. The first is
drawn and quoted, the others say how far the result depends on the draw.
"""

from functools import cache
from typing import NamedTuple

import numpy as np

from .kit import style
from .kit.results import computed, experiment, figure, numbers
from .models import networks, stacks

RADIUS, SPREAD = 1.2, 0.8  # of the circle of the centers; standard deviation of a cloud
SIZES = {"train": 60, "valid": 1000, "new": 3000}
WIDTHS, GAIN, RATE, STEPS, RUNS = (2, 32, 3), 2, 0.3, 1500, 10
TEMPERATURES = np.exp(np.linspace(np.log(0.5), np.log(8), 241))
BINS = 5
RANGE = 3.0


class Runs(NamedTuple):
    """The trained networks, and points, logits (runs, points, 3) and classes of the three sets."""

    net: list
    points: dict
    logits: dict
    classes: dict


def _clouds(count, seed):
    """Three normal clouds with centers on a circle; classes 0, 1, 2 in turn."""
    rng = np.random.default_rng(seed)
    y = np.arange(count) % 3
    angle = np.pi / 2 + 2 * np.pi * y / 3
    centers = RADIUS * np.column_stack([np.cos(angle), np.sin(angle)])
    return centers + rng.normal(0, SPREAD, (count, 2)), y


@computed
def _trained():
    points = np.stack([_clouds(SIZES["train"], 10 * run)[0] for run in range(RUNS)])
    net = stacks.draw(WIDTHS, range(RUNS), GAIN)
    y = _clouds(SIZES["train"], 0)[1]
    return stacks.train(net, points, y, rates=(RATE,) * RUNS, steps=STEPS, activation="relu")


@cache
def runs():
    points, classes = {}, {}
    for number, (name, count) in enumerate(SIZES.items()):
        drawn = [_clouds(count, 10 * run + number) for run in range(RUNS)]
        points[name], classes[name] = np.stack([X for X, _ in drawn]), drawn[0][1]
    net = _trained()
    logits = {name: stacks.forward(net, X, "relu")[1][-1] for name, X in points.items()}
    return Runs(net, points, logits, classes)


def _losses(run, name, temperatures):
    """Mean cross-entropy of one network on a set, for each temperature."""
    run_logits, y = runs().logits[name][run], runs().classes[name]
    return np.array([networks.loss_and_error(run_logits / t, y)[0] for t in temperatures])


def _fit(run):
    """The temperature of the lowest validation loss."""
    return float(TEMPERATURES[np.argmin(_losses(run, "valid", TEMPERATURES))])


def _report(run, t):
    """Loss, mean confidence and accuracy on the new points at one temperature."""
    shares = networks.softmax(runs().logits["new"][run] / t)
    return {
        "loss": float(_losses(run, "new", (t,))[0]),
        "confidence": float(shares.max(axis=1).mean()),
        "accuracy": float((shares.argmax(axis=1) == runs().classes["new"]).mean()),
    }


@numbers
@cache
def fitted():
    """The drawn network: accuracy, and loss and mean confidence on new points before and after."""
    t = _fit(0)
    before, after = _report(0, 1.0), _report(0, t)
    return {"T": t, "accuracy": before["accuracy"], "before": before, "after": after} | SIZES


@numbers
@cache
def spread():
    """Over all networks: temperatures, and mean confidence minus accuracy before and after."""
    fits = [_fit(run) for run in range(RUNS)]
    before = [_report(run, 1.0) for run in range(RUNS)]
    after = [_report(run, t) for run, t in enumerate(fits)]
    gap = lambda rows: [row["confidence"] - row["accuracy"] for row in rows]  # noqa: E731
    return {
        "runs": RUNS,
        "lowest": min(fits),
        "highest": max(fits),
        "least": 100 * min(gap(before)),
        "most": 100 * max(gap(before)),
        "left": 100 * max(map(abs, gap(after))),
    }


@numbers
@cache
def bins():
    """New points of the drawn network by confidence: how many, mean confidence, share right."""
    rows, found = {}, runs().logits["new"][0]
    for name, t in (("before", 1.0), ("after", _fit(0))):
        shares = networks.softmax(found / t)
        confidence, right = shares.max(axis=1), shares.argmax(axis=1) == runs().classes["new"]
        edges = np.linspace(0, 1, BINS + 1)
        error = 0.0
        for low, high in zip(edges, edges[1:], strict=False):
            inside = (confidence > low) & (confidence <= high)
            if inside.any():
                row = {
                    "count": int(inside.sum()),
                    "confidence": float(confidence[inside].mean()),
                    "right": float(right[inside].mean()),
                }
                rows[f"{name}{round(100 * high)}"] = row
                error += row["count"] / len(right) * abs(row["confidence"] - row["right"])
        rows[f"{name}_error"] = error
    return rows


@figure
def regions():
    """Decisions and confidence at T = 1 and at the fitted temperature, and how that is found."""
    sheet, (cold, warm, curve) = style.figure("wide", 56, 1, 3)
    grid = np.linspace(-RANGE, RANGE, 181)
    mesh = np.column_stack([m.ravel() for m in np.meshgrid(grid, grid)])
    first = [(W[:1], b[:1]) for W, b in runs().net]
    logits = stacks.forward(first, mesh[None], "relu")[1][-1][0]
    X, y, best = runs().points["train"][0], runs().classes["train"], _fit(0)
    winner = logits.argmax(axis=1).reshape(181, 181)
    for plot, t, title in ((cold, 1.0, "Before"), (warm, best, f"Temperature {best:.1f}")):
        confidence = networks.softmax(logits / t).max(axis=1).reshape(181, 181)
        plot.contour(grid, grid, confidence, levels=[0.8], colors=[style.GREY], linewidths=0.8, linestyles="--")
        for k in range(3):
            plot.contour(grid, grid, (winner == k) * 1.0, levels=[0.5], colors=[style.INK], linewidths=1.3)
        for k, (color, mark) in enumerate(((style.TEAL, "o"), (style.RUST, "s"), (style.INK, "^"))):
            plot.plot(*X[y == k].T, mark, color=color, markersize=3, markeredgecolor="white", markeredgewidth=0.3)
        plot.set(xlim=(-RANGE, RANGE), ylim=(-RANGE, RANGE), xticks=(), yticks=(), box_aspect=1, xlabel="$x_1$")
        plot.set_title(title)
        for spine in plot.spines.values():
            spine.set_visible(False)
    cold.set_ylabel("$x_2$")
    losses = _losses(0, "valid", TEMPERATURES)
    curve.plot(TEMPERATURES, losses, color=style.TEAL)
    curve.plot(best, losses.min(), "o", color=style.TEAL)
    style.label(curve, f"{best:.1f}", best, losses.min() - 0.03, style.TEAL, ha="center", va="top")
    curve.set(
        xscale="log", xlim=(0.5, 8), ylim=(0.3, 1.2), yticks=(0.4, 0.6, 0.8, 1.0), xlabel="temperature", box_aspect=1
    )
    curve.set_title("Validation loss")
    curve.set_xticks((0.5, 1, 2, 4, 8), ("0.5", "1", "2", "4", "8"))
    curve.minorticks_off()
    return sheet


@experiment
def one_temperature():
    """How the networks that are too sure were trained, and how the temperature was chosen."""
    return {
        "title": "A temperature for a network that is too sure",
        "entry": "3.4.9",
        "compares": "probabilities before and after division of the scores by a temperature",
        "data": f"three normal clouds in the plane (invented), standard deviation {SPREAD}, "
        f"centers on a circle of radius {RADIUS}",
        "split": f"{SIZES['train']} training, {SIZES['valid']:,} validation and {SIZES['new']:,} new points",
        "network": "-".join(map(str, WIDTHS)) + " with ReLU",
        "initialization": f"normal, variance {GAIN}/n; biases zero",
        "loss": "cross-entropy",
        "optimizer": "gradient descent",
        "rate": f"{RATE}",
        "tuned": f"the temperature, by least validation loss of {len(TEMPERATURES)}; the rate by hand",
        "batch": "all points",
        "steps": f"{STEPS:,}",
        "seeds": f"{RUNS} draws with a start each; the first is drawn and quoted",
        "plotted": "confidence, validation loss, share right on new points; range over the draws",
    }
