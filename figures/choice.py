"""Comparing activation functions fairly: each at its own best learning rate (section 3.4.5).

A 64-32-32-10 network on the digits; rates are chosen on validation digits by `search()`, and what
is quoted comes from seeds that the search has not seen.
"""

from functools import cache

import numpy as np

from . import activation
from .kit import style
from .kit.results import computed, experiment, figure, numbers
from .models import digits, networks, stacks
from .tuned import choice as tuned

WIDTHS, BATCH, STEPS = (64, 32, 32, 10), 50, 300
GAINS = {"sigmoid": 1, "tanh": 1, "ReLU": 2}
RATES = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0)  # so wide that no function is best at an end
SEARCH_SEEDS, SEEDS = tuple(range(20)), tuple(range(100, 120))


@computed
def accuracies(name, rates, seeds):
    """Validation accuracies (rates, seeds) after training; seed s shuffles with seed 1000 + s."""
    data = digits.split()
    pair = activation.FUNCTIONS[name], activation.SLOPES[name]
    net = stacks.repeat(stacks.draw(WIDTHS, seeds, GAINS[name]), len(rates))
    shuffles = [networks.batches(len(data.train_x), BATCH, np.random.default_rng(1000 + seed)) for seed in seeds]
    picks = (np.tile(np.stack([next(each) for each in shuffles]), (len(rates), 1)) for _ in range(STEPS))
    stacks.train(
        net, data.train_x, data.train_y, rates=np.repeat(rates, len(seeds)), steps=STEPS, activation=pair, picks=picks
    )
    return stacks.judge(net, data.valid_x, data.valid_y, pair)[1].reshape(len(rates), len(seeds))


def search(names=tuple(GAINS), rates=RATES, seeds=SEARCH_SEEDS):
    """Mean validation accuracy of every function and rate over the seeds, and the best rate of each."""
    scores = {name: [round(float(score), 4) for score in accuracies(name, rates, seeds).mean(axis=1)] for name in names}
    best = {name: rates[int(np.argmax(row))] for name, row in scores.items()}
    return {"BEST": best, "GRID": list(rates), "ACCURACIES": scores}


@numbers
@cache
def best():
    """For each function its best rate, and the accuracy there from new starts with its standard error."""
    found = {"steps": STEPS, "seeds": len(SEEDS)}
    for name in GAINS:
        rate = tuned.BEST[name]
        scores = accuracies(name, (rate,), SEEDS)[0]
        error = float(scores.std(ddof=1) / len(SEEDS) ** 0.5)
        found[name] = {"rate": rate, "accuracy": float(scores.mean()), "error": error}
    return found | {"error": 100 * max(found[name]["error"] for name in GAINS)}


@figure
def rates():
    """Validation accuracy of three functions against the learning rate, as the search found it."""
    sheet, axes = style.figure("margin", 40)
    places = {"sigmoid": (0.055, 0.6, "left"), "tanh": (1.65, 0.45, "left"), "ReLU": (0.72, 0.12, "right")}
    for (name, (x, y, align)), mark, (color, line) in zip(
        places.items(), "so^", (style.CURVES[1], style.CURVES[0], style.CURVES[2]), strict=True
    ):
        axes.plot(tuned.GRID, tuned.ACCURACIES[name], marker=mark, color=color, linestyle=line, clip_on=False)
        style.label(axes, name, x, y, color, ha=align)
    axes.set(xscale="log", xlabel="learning rate", ylabel="validation accuracy", ylim=(0, 1.04), yticks=(0, 0.5, 1))
    axes.set_xticks((0.1, 1, 10), ("0.1", "1", "10"))
    axes.minorticks_off()
    return sheet


@experiment
def three_functions():
    """How the three functions were compared on the digits."""
    return {
        "title": "Three activation functions, each at its own rate",
        "entry": "3.4.5",
        "compares": ", ".join(GAINS),
        "data": "digits",
        "split": "1,000 training and 397 validation images",
        "network": "-".join(map(str, WIDTHS)),
        "initialization": "normal, variance " + ", ".join(f"{gain}/n ({name})" for name, gain in GAINS.items()),
        "loss": "cross-entropy",
        "optimizer": "SGD",
        "rate": ", ".join(f"{rate} ({name})" for name, rate in tuned.BEST.items()),
        "tuned": f"best mean validation accuracy of {len(SEARCH_SEEDS)} starts on a grid of {len(RATES)} rates",
        "batch": f"{BATCH}",
        "steps": f"{STEPS}",
        "seeds": f"{len(SEEDS)} that the search had not seen",
        "plotted": "figure: mean validation accuracy in the search; text: mean and standard error of the new starts",
    }
