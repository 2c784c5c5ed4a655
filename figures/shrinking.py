"""Early stopping and weight decay on one linear unit: where new examples are met best (section 3.12)."""

from functools import cache

import numpy as np

from .kit import signs, style
from .kit.results import experiment, figure, numbers

# Five of 20 inputs matter, each with weight 1/2; targets carry noise of variance 1.
INPUTS, TRAIN, VALID, NOISE = 20, 30, 30, 1.0
TRUE = np.where(np.arange(INPUTS) < 5, 0.5, 0.0)
RATE, STEPS, PATIENCE, SEEDS = 0.1, 500, 20, range(200)
DECAYS = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


def draw(seed):
    """A training and a validation set: inputs and targets of each."""
    rng = np.random.default_rng(seed)
    found = []
    for count in (TRAIN, VALID):
        X = rng.normal(size=(count, INPUTS))
        found += [X, X @ TRUE + NOISE * rng.normal(size=count)]
    return found


def squared(X, y, w):
    """Mean squared error of weights, or of each row of weights."""
    return ((np.atleast_2d(w) @ X.T - y) ** 2).mean(axis=1)


def expected(w):
    """Mean squared error on all new examples: the noise, and the squared distance to the true weights."""
    return NOISE**2 + ((np.atleast_2d(w) - TRUE) ** 2).sum(axis=1)


def descend(X, y):
    """Gradient descent on half the mean squared error from zero: the weights after 0, 1, ..., STEPS steps."""
    path = [np.zeros(INPUTS)]
    for _ in range(STEPS):
        path.append(path[-1] - RATE * X.T @ (X @ path[-1] - y) / len(y))
    return np.array(path)


def decayed(X, y, strength):
    """The weights that minimize half the mean squared error plus strength times half the squared norm."""
    return np.linalg.solve(X.T @ X / len(y) + strength * np.eye(INPUTS), X.T @ y / len(y))


def stop(losses, patience, gain=0.0):
    """Early stopping on a row of validation losses: the check that is kept, and the one at which training ends."""
    best, kept = losses[0], 0
    for check, loss in enumerate(losses):
        if loss < best - gain:
            best, kept = loss, check
        if check - kept >= patience:
            return kept, check
    return kept, len(losses) - 1


@cache
def runs():
    """For each seed: training, validation and expected errors along the way, the weights, and those with decay."""
    found = {"train": [], "valid": [], "new": [], "path": [], "decayed": [], "decayed_train": [], "decayed_valid": []}
    for seed in SEEDS:
        X, y, held_X, held_y = draw(seed)
        path = descend(X, y)
        weights = np.array([decayed(X, y, strength) for strength in DECAYS])
        for name, value in {
            "train": squared(X, y, path),
            "valid": squared(held_X, held_y, path),
            "new": expected(path),
            "path": path,
            "decayed": weights,
            "decayed_train": squared(X, y, weights),
            "decayed_valid": squared(held_X, held_y, weights),
        }.items():
            found[name].append(value)
    return {name: np.array(rows) for name, rows in found.items()}


@numbers
def outcomes():
    """Errors to the end, stopped early and with decay chosen on the validation set; and the first run by itself."""
    run, each = runs(), np.arange(len(SEEDS))
    kept, last = (np.array(ends) for ends in zip(*(stop(row, PATIENCE) for row in run["valid"]), strict=True))
    chosen = run["decayed_valid"].argmin(axis=1)
    new = {
        "end": run["new"][:, -1],
        "stopped": run["new"][each, kept],
        "decayed": expected(run["decayed"][each, chosen]),
    }
    train = {
        "end": run["train"][:, -1],
        "stopped": run["train"][each, kept],
        "decayed": run["decayed_train"][each, chosen],
    }
    found = {
        name: {
            "new": float(new[name].mean()),
            "se": float(new[name].std(ddof=1) / len(each) ** 0.5),
            "train": float(train[name].mean()),
        }
        for name in new
    }
    return found | {
        "settings": {"patience": PATIENCE, "steps": STEPS, "sets": len(SEEDS)},
        "zero": {"train": float(run["train"][:, 0].mean()), "new": float(expected(np.zeros(INPUTS))[0])},
        "kept": float(kept.mean()),
        "first": {
            "kept": int(kept[0]),
            "ended": int(last[0]),
            "lowest": float(run["valid"][0, kept[0]]),
            "valid_end": float(run["valid"][0, -1]),
            "new_kept": float(new["stopped"][0]),
            "new_end": float(new["end"][0]),
        },
    }


@numbers
def parts():
    """Squared bias, variance, training and new error for each strength of decay, over all training sets."""
    run, found = runs(), {}
    for number, strength in enumerate(DECAYS):
        weights = run["decayed"][:, number]
        mean = weights.mean(axis=0)
        found[f"d{number}"] = {
            "strength": strength,
            "train": float(run["decayed_train"][:, number].mean()),
            "bias": float(((mean - TRUE) ** 2).sum()),
            "variance": float(((weights - mean) ** 2).sum(axis=1).mean()),
            "new": float(expected(weights).mean()),
        }
    return found


@figure
def turning():
    """Training and validation error of the first run against the steps."""
    sheet, axes = style.figure("margin", 36)
    run = runs()
    steps, kept = np.arange(1, STEPS + 1), stop(run["valid"][0], PATIENCE)[0]
    for part, name, place in (("train", "training", (1.3, 0.6)), ("valid", "validation", (60, 2.75))):
        axes.plot(steps, run[part][0, 1:], **signs.SETS[name].curve)
        axes.text(*place, name, fontsize=7.5, color=signs.SETS[name].color)
    axes.plot(kept, run["valid"][0, kept], **signs.SETS["validation"].dots)
    axes.set(xlabel="steps", ylabel="mean squared error", xscale="log", xlim=(1, STEPS), ylim=(0, 4))
    axes.set_xticks([1, 10, 100, 500], ["1", "10", "100", "500"])
    return sheet


@experiment
def stopped_and_decayed():
    """The runs of the table and the figure."""
    return {
        "title": "Early stopping and weight decay on one linear unit",
        "entry": "3.12.1",
        "compares": "gradient descent to the end, stopped early, and the least loss with weight decay",
        "data": f"{INPUTS} standard normal inputs, five of them with weight 1/2; targets with noise of variance 1",
        "split": f"{TRAIN} training and {VALID} validation examples, drawn anew for each set; new error exact",
        "network": f"one linear unit of {INPUTS} inputs without bias",
        "initialization": "zeros",
        "loss": "half the mean squared error",
        "optimizer": "gradient descent; with decay solved exactly",
        "rate": f"{RATE:g}",
        "tuned": "not tuned; decay by the validation error, of " + ", ".join(f"{each:g}" for each in DECAYS),
        "batch": "all examples",
        "steps": f"{STEPS}; patience {PATIENCE} steps",
        "seeds": f"{len(SEEDS)} sets",
        "plotted": "the first set; tables: means of all",
    }
