"""Seven optimizers on the digits, each at its own learning rate, over ten and forty epochs (section 3.11)."""

import numpy as np

from .kit import style
from .kit.results import computed, experiment, figure, numbers
from .models import digits, networks
from .optimizers import BETA_1, BETA_2, MU, NAMES, RHO, start, step
from .tuned import race as tuned

WIDTHS, BATCH, DECAY = (64, 32, 10), 50, 0.01
METHODS = (*NAMES, "AdamW")
GRID = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
SHORT, LONG = 10, 40  # epochs
SEARCH_SEEDS, SEEDS = tuple(range(5)), tuple(range(100, 110))


def draw(seed):
    """He-initialized parameters of the network as one vector (2410,)."""
    layers = networks.initialize(WIDTHS, np.random.default_rng(seed), "he")
    return np.concatenate([array.ravel() for pair in layers for array in pair])


def layers_of(w):
    """Cut flat parameters (..., 2410) into the two layers (W, b), each with the leading axes."""
    layers, at = [], 0
    for inputs, units in zip(WIDTHS, WIDTHS[1:], strict=False):
        end = at + units * inputs
        layers.append((w[..., at:end].reshape(*w.shape[:-1], units, inputs), w[..., end : end + units]))
        at = end + units
    return layers


def losses_and_gradients(w, X, Y):
    """Mean losses (...) and gradients, in the shape of w, of many networks (..., parameters).

    X (..., examples, 64) and Y (..., examples, 10) hold a batch for each or one for several.
    """
    (W_1, b_1), (W_2, b_2) = layers_of(w)
    hidden = np.maximum(X @ W_1.swapaxes(-1, -2) + b_1[..., None, :], 0)
    logits = hidden @ W_2.swapaxes(-1, -2) + b_2[..., None, :]
    logits -= logits.max(axis=-1, keepdims=True)
    powers = np.exp(logits)
    sums = powers.sum(axis=-1, keepdims=True)
    losses = (np.log(sums[..., 0]) - (logits * Y).sum(axis=-1)).mean(axis=-1)
    delta = (powers / sums - Y) / Y.shape[-2]
    below = (delta @ W_2) * (hidden > 0)
    return losses, np.concatenate(
        [
            part
            for error, inputs in ((below, X), (delta, hidden))
            for part in ((error.swapaxes(-1, -2) @ inputs).reshape(*w.shape[:-1], -1), error.sum(axis=-2))
        ],
        axis=-1,
    )


def train(name, rates, seeds, epochs):
    """Train with every rate from every seed, the rate falling linearly to zero; return final parameters.

    Shape (rates, seeds, 2410). Seed s starts from draw(s) and shuffles with seed 1000 + s.
    """
    data = digits.split()
    X, Y = data.train_x, digits.one_hot(data.train_y)
    w = np.tile(np.stack([draw(seed) for seed in seeds]), (len(rates), 1, 1))
    picks = [networks.batches(len(Y), BATCH, np.random.default_rng(1000 + seed)) for seed in seeds]
    state, steps, first = start(w.shape), epochs * len(Y) // BATCH, np.array(rates)[:, None, None]
    with np.errstate(over="ignore", invalid="ignore"):
        for left in range(steps, 0, -1):
            pick = np.stack([next(each) for each in picks])
            _, g = losses_and_gradients(w, X[pick], Y[pick])
            w = step(name, w, g, state, first * left / steps, DECAY)
    return w


def validation(w):
    """Validation losses (...) and errors in percent (...) of parameters (..., 2410)."""
    data = digits.split()
    with np.errstate(over="ignore", invalid="ignore"):
        losses, _ = losses_and_gradients(w, data.valid_x, digits.one_hot(data.valid_y))
    flat = w.reshape(-1, w.shape[-1])
    hits = [networks.accuracy(layers_of(each), data.valid_x, data.valid_y) for each in flat]
    return losses, 100 * (1 - np.array(hits).reshape(w.shape[:-1]))


def search(seeds=SEARCH_SEEDS, rates=GRID, epochs=(SHORT, LONG)):
    """Mean validation loss of every method, length and rate over the seeds, and the best rate of each."""
    losses = {
        length: {
            name: [round(float(loss), 4) for loss in validation(train(name, rates, seeds, length))[0].mean(axis=1)]
            for name in METHODS
        }
        for length in epochs
    }
    best = {
        length: {name: rates[int(np.nanargmin(row))] for name, row in table.items()} for length, table in losses.items()
    }
    return {"RATES": best, "GRID": list(rates), "LOSSES": losses}


@computed
def fresh(length):
    """Validation of every method at its best rate from ten seeds that the search has not seen.

    {method: {rate, loss, loss_se, error, error_se}}, se being the standard error over the seeds.
    """
    found = {}
    for name in METHODS:
        losses, errors = validation(train(name, [tuned.RATES[length][name]], SEEDS, length))
        root = len(SEEDS) ** 0.5
        found[name] = {
            "rate": tuned.RATES[length][name],
            "loss": float(losses.mean()),
            "loss_se": float(losses.std(ddof=1) / root),
            "error": float(errors.mean()),
            "error_se": float(errors.std(ddof=1) / root),
        }
    return found


@numbers
def results():
    """Losses and errors after ten and after forty epochs, the range of the five that tie, and Adam at SGD's rate."""
    short, long = fresh(SHORT), fresh(LONG)
    tied = [row["error"] for name, row in long.items() if name not in ("AdaGrad", "Adam")]
    swapped = validation(train("Adam", [tuned.RATES[SHORT]["SGD"]], SEEDS, SHORT))[0]
    return {
        "short": short,
        "long": long,
        "lowest": min(tied),
        "highest": max(tied),
        "swapped": float(swapped.mean()),
        "guessing": float(np.log(10)),
        "factor": tuned.RATES[SHORT]["SGD"] / tuned.RATES[SHORT]["Adam"],
    }


# Where the label of each curve stands, at the dot of its best rate: learning rate, loss, side.
LABELS = {
    "SGD": (1.05, 0.115, "left"),
    "Momentum": (0.215, 0.09, "left"),
    "AdaGrad": (0.128, 0.3, "right"),
    "Adam": (0.046, 0.09, "right"),
}


@figure
def rates():
    """Validation loss after ten epochs against the learning rate: each method has a valley of its own."""
    sheet, axes = style.figure("column", 50)
    for (name, (*at, side)), (color, line) in zip(LABELS.items(), style.CURVES, strict=False):
        axes.plot(tuned.GRID, tuned.LOSSES[SHORT][name], color=color, linestyle=line)
        best = tuned.RATES[SHORT][name]
        axes.plot(best, min(tuned.LOSSES[SHORT][name]), "o", color=color)
        style.label(axes, name, *at, color, ha=side)
    axes.axhline(np.log(10), color=style.RULE, linewidth=0.5)
    style.label(axes, "guessing", 0.03, np.log(10) * 1.2, style.GREY)
    axes.set(xscale="log", yscale="log", xlabel="learning rate", ylabel="validation loss", ylim=(0.07, 3.4))
    axes.minorticks_off()
    axes.set_yticks([0.1, 0.3, 1, 3], ["0.1", "0.3", "1", "3"])
    axes.set_xticks([0.001, 0.01, 0.1, 1], ["0.001", "0.01", "0.1", "1"])
    return sheet


@experiment
def seven_optimizers():
    """The race of the table and the curves over learning rates."""
    return {
        "title": "Seven optimizers on the digits",
        "entry": "3.11",
        "compares": ", ".join(METHODS) + f" (AdamW with weight decay {DECAY:g})",
        "data": "digits",
        "split": "1,000 training and 397 validation examples",
        "network": "-".join(map(str, WIDTHS)) + ", ReLU",
        "initialization": "normal, variance 2/n; biases zero",
        "loss": "cross-entropy",
        "optimizer": f"momentum coefficient {MU:g}, Adam's decay rates {BETA_1:g} and {BETA_2:g}, RMSProp's {RHO:g}",
        "rate": "each method at its own, in the table; falling linearly to zero",
        "tuned": f"lowest mean validation loss over {len(SEARCH_SEEDS)} other starts, of "
        + ", ".join(f"{eta:g}" for eta in GRID),
        "batch": f"{BATCH}, a new shuffle each epoch",
        "steps": f"{SHORT * 1000 // BATCH} and {LONG * 1000 // BATCH} ({SHORT} and {LONG} epochs)",
        "seeds": f"{len(SEEDS)} starts",
        "plotted": "mean and standard error over the starts",
    }
