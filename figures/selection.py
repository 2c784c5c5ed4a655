"""Choosing the best of noisy scores: its optimism, what one start can tell, selection outside the folds (3.3.3)."""

import math
from functools import cache

import numpy as np

from .kit import style
from .kit.results import computed, experiment, figure, numbers
from .models import digits, normal, stacks
from .search import EXAMPLES, SETTING, WIDTHS

# Selection bias: m settings of the same true accuracy, each judged on `size` validation examples.
TRUE_ACCURACY = 0.9
SETTINGS = (1, 10, 100, 1000)


def _at_most(size):
    """P(score <= k/size) for k = 0 ... size, from the binomial law."""
    hits = np.arange(size + 1)
    logs = np.array([math.lgamma(size + 1) - math.lgamma(k + 1) - math.lgamma(size - k + 1) for k in hits])
    logs += hits * math.log(TRUE_ACCURACY) + (size - hits) * math.log(1 - TRUE_ACCURACY)
    return np.minimum(np.cumsum(np.exp(logs)), 1)


@cache
def best_of(size):
    """Expected best accuracy of 1 to 1,000 equal settings, exactly."""
    at_most = _at_most(size)
    counts = np.unique(np.round(np.logspace(0, 3, 61)).astype(int))
    # E max = sum over k of P(max >= k), with P(max < k) = P(one < k)^m.
    return counts, np.array([(1 - at_most[:-1] ** m).sum() / size for m in counts])


def largest_normal(count):
    """Expected largest of `count` standard normal numbers: the integral of z d(Phi^count)."""
    z = np.linspace(-10, 10, 20_001)
    mass = np.diff(normal.below(z) ** count)
    return float(mass @ ((z[1:] + z[:-1]) / 2))


@numbers
def expected_best():
    """What the best of equal settings shows on 1,000 examples: exactly, and by the normal rule."""
    counts, best = best_of(1000)
    exact = {f"m{m}": float(best[counts == m][0]) for m in SETTINGS}
    error = math.sqrt(TRUE_ACCURACY * (1 - TRUE_ACCURACY) / 1000)
    spread = {f"z{m}": largest_normal(m) for m in SETTINGS[1:]}
    rule = {f"rule{m}": TRUE_ACCURACY + largest_normal(m) * error for m in SETTINGS[1:]}
    return exact | spread | rule | {"error": error}


# How much one start can tell: two learning rates for one small network, many starts of each.
STEPS, RUNS = 240, 40
TWO_RATES = (0.3, 0.6)


@computed
def accuracies(rate):
    """Validation accuracies of RUNS starts of the network at one rate."""
    data = digits.split()
    net = stacks.draw(WIDTHS, range(RUNS), 2)
    inputs, classes = data.train_x[:EXAMPLES], data.train_y[:EXAMPLES]
    stacks.train(net, inputs, classes, rates=np.full(RUNS, rate), steps=STEPS, activation="relu")
    return stacks.judge(net, data.valid_x, data.valid_y, "relu")[1]


@numbers
@cache
def repeats():
    """Mean and spread over starts of two rates, and how often a comparison of few starts errs."""
    low, high = (100 * accuracies(rate) for rate in TWO_RATES)
    rng = np.random.default_rng(0)
    wrong = {}
    for starts in (1, 3, 5, 10):
        picks = rng.integers(RUNS, size=(2, 20_000, starts))
        wrong[f"wrong{starts}"] = float((low[picks[0]].mean(axis=1) > high[picks[1]].mean(axis=1)).mean())
    gap, spread = float(high.mean() - low.mean()), float(np.hypot(low.std(ddof=1), high.std(ddof=1)))
    return wrong | {
        "low": float(low.mean()),
        "high": float(high.mean()),
        "low_sd": float(low.std(ddof=1)),
        "high_sd": float(high.std(ddof=1)),
        "runs": RUNS,
        "gap": gap,
        "spread": spread,
        "needed": math.ceil((2 * spread / gap) ** 2),
    }


# Features chosen before the folds are cut: random labels, random features, an honest and a leaking way.
CASES, FEATURES, CHOSEN, FOLDS, TRIALS = 50, 2000, 10, 5, 50


def _choose(X, y):
    """The features whose class means differ most."""
    return np.argsort(np.abs(X[y == 1].mean(axis=0) - X[y == 0].mean(axis=0)))[-CHOSEN:]


def _score(X, y, test):
    """Accuracy of the nearest class mean on the cases `test`, learned from all others."""
    train = np.setdiff1d(np.arange(len(y)), test)
    means = np.stack([X[train][y[train] == c].mean(axis=0) for c in (0, 1)])
    gaps = ((X[test, None] - means) ** 2).sum(axis=2)
    return float((gaps.argmin(axis=1) == y[test]).mean())


@computed
def leaking_scores():
    """Cross-validated accuracies (trials, 2): features chosen on all cases, and anew in each fold."""
    rng, found = np.random.default_rng(0), []
    for _ in range(TRIALS):
        X, y = rng.normal(size=(CASES, FEATURES)), rng.permutation(np.arange(CASES) % 2)
        folds = np.array_split(rng.permutation(CASES), FOLDS)
        before = _choose(X, y)
        outside = [_score(X[:, before], y, test) for test in folds]
        inside = []
        for test in folds:
            train = np.setdiff1d(np.arange(CASES), test)
            inside.append(_score(X[:, _choose(X[train], y[train])], y, test))
        found.append((np.mean(outside), np.mean(inside)))
    return np.array(found)


@numbers
def leak():
    """Mean accuracies of both ways, in percent, and the sizes."""
    outside, inside = 100 * leaking_scores().mean(axis=0)
    return {"outside": float(outside), "inside": float(inside), "cases": CASES, "features": FEATURES, "trials": TRIALS}


@figure
def optimism():
    """Expected best accuracy against the number of settings, two sizes of validation set."""
    sheet, axes = style.figure("margin", 37)
    for size, (color, line), x, y in ((200, style.CURVES[1], 7.5, 0.953), (1000, style.CURVES[0], 14, 0.9085)):
        counts, best = best_of(size)
        axes.plot(counts, best, color=color, linestyle=line)
        style.label(axes, f"{size:,} examples", x, y, color, ha="left" if size == 1000 else "center")
    axes.axhline(TRUE_ACCURACY, color=style.INK, linewidth=0.6)
    style.label(axes, "true accuracy", 1000, 0.8985, ha="right", fontsize=7.5, va="top")
    axes.set(xscale="log", xlabel="settings compared", ylabel="best accuracy", xlim=(1, 1000))
    axes.set(ylim=(0.887, 0.965), yticks=(0.90, 0.92, 0.94, 0.96))
    axes.set_xticks(SETTINGS, [f"{m:,}" for m in SETTINGS])
    axes.minorticks_off()
    return sheet


@numbers
def judged():
    """Standard errors of an accuracy of 0.9, and the paired comparison of two networks."""
    errors = {f"n{n}": 100 * math.sqrt(0.9 * 0.1 / n) for n in (100, 400, 1000, 10_000)}
    only_first, only_second, count = 40, 25, 1000
    gap = (only_first - only_second) / count
    paired = math.sqrt(((only_first + only_second) / count - gap**2) / count)
    return errors | {
        "gap": 100 * gap,
        "paired": 100 * paired,
        "unpaired": 100 * math.sqrt(2 * 0.9 * 0.1 / count),
        "quotient": gap / paired,
    }


@experiment
def many_starts():
    """How the spread over starts was measured."""
    return SETTING | {
        "title": "Two learning rates, many starts",
        "entry": "3.3.3",
        "compares": " and ".join(map(str, TWO_RATES)),
        "rate": " and ".join(map(str, TWO_RATES)),
        "tuned": "two rates from the flat bottom of the valley of 3.3.2",
        "steps": f"{STEPS}",
        "seeds": f"{RUNS} starts of each rate",
        "plotted": "mean and standard deviation of the accuracy; share of wrong verdicts, drawn from these starts",
    }


@experiment
def leaking_choice():
    """How the leak through chosen features was shown."""
    return {
        "title": "Features chosen before the folds are cut",
        "entry": "3.3.3",
        "compares": "features chosen on all cases, and anew on the training part of each fold",
        "data": f"invented: {CASES} cases, {FEATURES:,} independent standard normal features, random labels",
        "split": f"cross-validation with {FOLDS} parts",
        "network": f"none: the nearer class mean on {CHOSEN} features decides",
        "initialization": "none",
        "loss": "none",
        "optimizer": "none",
        "rate": "none",
        "tuned": "nothing",
        "batch": "none",
        "steps": "none",
        "seeds": f"{TRIALS} draws of the data",
        "plotted": "mean accuracy over the draws",
    }
