"""Steps to a target by batch size, and what else a larger batch changes (section 3.5), on the digits.

A run has arrived at the first step from which its training loss, looked at every 5 % of its steps,
stays at or below the target until it has taken twice as many steps. The learning rate of each batch
size is the power of 2 that arrives first in a search on other starts than those shown.
"""

from fractions import Fraction
from functools import cache

import numpy as np

from .kit import style
from .kit.results import computed, experiment, figure, numbers
from .models import digits, networks
from .race import draw, layers_of, losses_and_gradients
from .tuned import batch_steps as tuned

SIZES, TARGET = (1, 4, 16, 64, 256), 0.15
GRID = tuple(2.0**k for k in range(-7, 2))
SEARCH_SEEDS, SEEDS = tuple(range(10)), tuple(range(100, 110))
LOOK, PATIENCE = 1.05, 2


def training_losses(w, X, Y):
    """Mean losses (...) of networks (..., parameters), without gradients."""
    (W_1, b_1), (W_2, b_2) = layers_of(w)
    hidden = np.maximum(X @ W_1.swapaxes(-1, -2) + b_1[..., None, :], 0)
    logits = hidden @ W_2.swapaxes(-1, -2) + b_2[..., None, :]
    logits -= logits.max(axis=-1, keepdims=True)
    return (np.log(np.exp(logits).sum(axis=-1)) - (logits * Y).sum(axis=-1)).mean(axis=-1)


def arrivals(size, rates, seeds, first_only=False, target=TARGET, most=100_000):
    """Train with every rate from every seed until all runs have arrived: steps and parameters there.

    Seed s starts from draw(s) and draws its batches, with replacement, from seed 1000 + s. With
    `first_only` the race ends when the median run of some rate has arrived: no other rate can have
    a smaller median. Steps are infinite where a run has not arrived.
    """
    data = digits.split()
    X, Y = data.train_x, digits.one_hot(data.train_y)
    w = np.tile(np.stack([draw(seed) for seed in seeds]), (len(rates), 1, 1))
    eta, generators = np.array(rates)[:, None, None], [np.random.default_rng(1000 + seed) for seed in seeds]
    since, kept, step, look = np.full(w.shape[:2], np.inf), w.copy(), 0, 20
    with np.errstate(over="ignore", invalid="ignore"):
        while step < most:
            step += 1
            pick = np.stack([rng.integers(0, len(X), size) for rng in generators])
            w = w - eta * losses_and_gradients(w, X[pick], Y[pick])[1]
            if step < look:
                continue
            look = max(step + 1, int(step * LOOK))
            below = training_losses(w, X, Y) <= target
            new = below & np.isinf(since)
            since[new], kept[new] = step, w[new]
            since[~below] = np.inf
            sure = step >= PATIENCE * since
            if sure.all() or (first_only and (sure.sum(axis=1) > len(seeds) // 2).any()):
                break
    return np.where(sure, since, np.inf), kept


def search(seeds=SEARCH_SEEDS, rates=GRID, sizes=SIZES):
    """Median steps of the winning rate of every batch size."""
    best, steps = {}, {}
    for size in sizes:
        medians = np.median(arrivals(size, rates, seeds, first_only=True)[0], axis=1)
        best[size], steps[size] = rates[int(medians.argmin())], float(medians.min())
    return {"RATES": best, "GRID": list(rates), "STEPS": steps}


@computed
def _fresh():
    """For each batch size, at its rate, from ten new starts: steps (10,) and test accuracies in percent (10,)."""
    data, found = digits.split(), {}
    for size in SIZES:
        steps, kept = arrivals(size, (tuned.RATES[size],), SEEDS, most=20 * int(tuned.STEPS[size]))
        found[size] = (
            steps[0],
            100 * np.array([networks.accuracy(layers_of(w), data.test_x, data.test_y) for w in kept[0]]),
        )
    return found


def fit_law(sizes, steps):
    """Least-squares fit of log S to log S_min (1 + B_c/B): return (S_min, B_c)."""
    sizes, logs = np.asarray(sizes, float), np.log(steps)
    guesses = np.geomspace(1, 1000, 3001)
    shapes = np.log1p(guesses[:, None] / sizes)
    floor = (logs - shapes).mean(axis=1)
    best = int(np.square(logs - shapes - floor[:, None]).sum(axis=1).argmin())
    return float(np.exp(floor[best])), float(guesses[best])


def _digits(count, kept=2):
    """Round to the digits that another processor would find as well."""
    return int(float(f"{count:.{kept - 1}e}"))


@numbers
@cache
def to_target():
    """Rate, steps, examples, epochs and test accuracy by batch size; the fitted law, and its spread over starts."""
    runs = _fresh()
    least, critical = fit_law(SIZES, [np.median(steps) for steps, _ in runs.values()])
    each = sorted(fit_law(SIZES, [steps[start] for steps, _ in runs.values()])[1] for start in range(len(SEEDS)))
    accuracies = [float(right.mean()) for _, right in runs.values()]
    found = {
        "target": TARGET,
        "least_steps": _digits(least),
        "critical": _digits(critical),
        "critical_low": _digits(each[0]),
        "critical_high": _digits(each[-1]),
        "lowest": min(accuracies),
        "highest": max(accuracies),
        "law": (least, critical),
    }
    for size, (steps, right) in runs.items():
        middle = _digits(float(np.median(steps)))
        found[f"b{size}"] = {
            "rate": tuned.RATES[size],
            "rate_text": str(Fraction(tuned.RATES[size])),
            "steps": middle,
            "low": _digits(steps.min()),
            "high": _digits(steps.max()),
            "range": f"{_digits(steps.min()):,} to {_digits(steps.max()):,}",
            "examples": middle * size,
            "epochs": middle * size / 1000,
            "accuracy": float(right.mean()),
            "error": float(right.std(ddof=1) / len(right) ** 0.5),
            "right": f"{right.mean():.1f} ± {right.std(ddof=1) / len(right) ** 0.5:.1f}",
        }
    found["fewer"] = found["b1"]["steps"] / found["b16"]["steps"]
    found["waste"] = found["b256"]["examples"] / found["b64"]["examples"]
    return found


# The same epochs at the same rate, and both mended.

EPOCHS, SMALL, LARGE = 5, 16, 256


@numbers
@cache
def same_epochs():
    """Test accuracy after five epochs with batches of 16 and of 256 at the rate of 16, mean of ten starts."""
    data, found = digits.split(), {"epochs": EPOCHS}
    X, Y = data.train_x, digits.one_hot(data.train_y)
    for name, size in (("small", SMALL), ("large", LARGE)):
        w, steps = np.stack([draw(seed) for seed in SEEDS]), EPOCHS * -(-len(X) // size)
        generators = [np.random.default_rng(1000 + seed) for seed in SEEDS]
        for _ in range(steps):
            pick = np.stack([rng.integers(0, len(X), size) for rng in generators])
            w = w - tuned.RATES[SMALL] * losses_and_gradients(w, X[pick], Y[pick])[1]
        right = [100 * networks.accuracy(layers_of(one), data.test_x, data.test_y) for one in w]
        found[name] = {
            "steps": steps,
            "loss": float(training_losses(w, X, Y).mean()),
            "accuracy": float(np.mean(right)),
            "error": float(np.std(right, ddof=1) / len(right) ** 0.5),
        }
    return found


@experiment
def runs():
    """Card of the runs to a target."""
    return {
        "title": "Steps to a target by batch size",
        "entry": "3.5.3",
        "compares": f"batches of {', '.join(map(str, SIZES[:-1]))} and {SIZES[-1]}, each at its own learning rate",
        "data": "digits",
        "split": "1,000 images for training, 400 for the test",
        "network": "64-32-10, ReLU",
        "initialization": "normal, variance 2/n; biases zero",
        "loss": "cross-entropy",
        "optimizer": "SGD, batches drawn with replacement",
        "rate": ", ".join(f"{Fraction(tuned.RATES[size])} ({size})" for size in SIZES),
        "tuned": f"power of 2 from 1/128 to 2 whose median of {len(SEARCH_SEEDS)} other starts arrives first",
        "batch": "the one compared",
        "steps": f"until the training loss stays at or below {TARGET:g}, that is, until twice as many steps are done; "
        f"for 3.5.4 also {EPOCHS} epochs with batches of {SMALL} and {LARGE}, both at {Fraction(tuned.RATES[SMALL])}",
        "seeds": f"{len(SEEDS)} starts",
        "plotted": "median and range of the steps; mean test accuracy and its standard error; "
        "after the epochs of 3.5.4 mean test accuracy and training loss",
    }


@figure
def tradeoff():
    """Steps and examples to the target against batch size, with the fitted law."""
    found = to_target()
    rows, (least, critical) = [found[f"b{size}"] for size in SIZES], found["law"]
    smooth = np.geomspace(0.8, 330, 200)
    sheet, axes = style.figure("margin", 34)
    axes.axvline(critical, color=style.RULE, linewidth=0.5, linestyle=(0, (2, 2)), zorder=0)
    for factors, mark, color in ((np.ones(len(SIZES)), "o", style.TEAL), (np.array(SIZES), "s", style.RUST)):
        for size, row, times in zip(SIZES, rows, factors, strict=True):
            axes.plot([size, size], [row["low"] * times, row["high"] * times], color=color, linewidth=0.7)
            axes.plot(size, row["steps"] * times, mark, color=color)
    axes.plot(smooth, least * critical / smooth, color=style.GREY, linestyle=(0, (4, 1.6)))
    axes.plot(smooth, least * (1 + critical / smooth), color=style.TEAL)
    axes.plot(smooth, least * (smooth + critical), color=style.RUST)
    axes.set(xscale="log", yscale="log", xlim=(0.7, 400), ylim=(30, 60_000), xlabel="batch size $B$")
    axes.set_xticks(SIZES, [str(size) for size in SIZES])
    axes.set_yticks([100, 1000, 10_000], ["100", "1,000", "10,000"])
    axes.minorticks_off()
    style.label(axes, "examples", 2.2, 22_000, style.RUST)
    style.label(axes, "steps", 7, 1500, style.TEAL)
    style.label(axes, "ideal, $1/B$", 1.5, 90, style.GREY)
    style.label(axes, "$B_c$", critical * 1.1, 900, style.GREY)
    return sheet
