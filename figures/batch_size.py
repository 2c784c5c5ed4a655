"""Batch size (section 3.5): gradient noise, and what a larger batch buys and costs, on the digits.

Everything is measured on one network, 64-32-10 with ReLU, on the 1,000 training pictures of
`digits.split()`. Batches are drawn with replacement, as in the derivation of the text.
"""

from fractions import Fraction
from functools import cache

import numpy as np

from .kit import style
from .kit.results import computed, figure, numbers
from .models import digits, networks

WIDTHS = (64, 32, 10)
TARGET = 0.15  # training loss at which a run has arrived
SIZES = tuple(2**k for k in range(10))  # batch sizes of the sweep, 1 to 512
DRAWS = 5  # runs for each batch size and learning rate


@cache
def _start():
    return networks.initialize(WIDTHS, np.random.default_rng(0), "he")


# Gradient noise --------------------------------------------


def example_gradients(layers, X, classes):
    """Return the gradient of each example's loss, one a row: N x (number of parameters)."""
    (Z1, _), (_, A1, outputs) = networks.forward(layers, X)
    delta2 = networks.softmax(outputs) - digits.one_hot(classes)
    delta1 = (delta2 @ layers[1][0]) * (Z1 > 0)
    outer = [(d[:, :, None] * a[:, None]).reshape(len(X), -1) for d, a in ((delta1, X), (delta2, A1))]
    return np.hstack([outer[0], delta1, outer[1], delta2])


@computed
def _measured(batches=400):
    """Error and direction of batch gradients at the start, from the table of inner products."""
    data = digits.split()
    gradients = example_gradients(_start(), data.train_x, data.train_y)
    count = len(gradients)
    products = gradients @ gradients.T
    squared = products.mean()  # |g|^2
    trace = np.trace(products) / count - squared  # tr(Sigma)
    rng = np.random.default_rng(1)
    found = {"replaced": [], "shuffled": [], "cosine": []}
    for size in SIZES:
        drawn = rng.multinomial(size, np.full(count, 1 / count), size=batches) / size
        kept = np.zeros((batches, count))
        for row in kept:
            row[rng.permutation(count)[:size]] = 1 / size
        for name, weights in (("replaced", drawn), ("shuffled", kept)):
            away = weights - 1 / count
            found[name].append(np.sqrt(((away @ products) * away).sum(1).mean()))
        length = np.sqrt(((drawn @ products) * drawn).sum(1))
        found["cosine"].append((drawn @ products.mean(1) / length).mean() / np.sqrt(squared))
    return {
        "length": float(np.sqrt(squared)),
        "trace": float(trace),
        "scale": float(trace / squared),
    } | {name: np.array(row) for name, row in found.items()}


@numbers
def noise_at_start():
    """Length of the full gradient, noise scale, and error and cosine of batch gradients by size."""
    found = _measured()
    return {
        "length": found["length"],
        "trace": found["trace"],
        "scale": found["scale"],
        "ratio_one": float(found["replaced"][0] / found["length"]),
    } | {
        f"b{size}": {
            "error": float(found["replaced"][k]),
            "law": float(np.sqrt(found["trace"] / size)),
            "cosine": float(found["cosine"][k]),
        }
        for k, size in enumerate(SIZES)
    }


# Steps to the target ---------------------------------------


def _losses(stack, X, targets):
    W1, b1, W2, b2 = stack
    hidden = np.maximum(X @ W1.transpose(0, 2, 1) + b1, 0)
    logits = hidden @ W2.transpose(0, 2, 1) + b2
    logits -= logits.max(-1, keepdims=True)
    logs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    return hidden, logs, -(logs * targets).sum(-1).mean(-1)


def race(size, rates, draws=DRAWS, target=TARGET, first=36, batch_seed=100):
    """Train with several learning rates side by side until one has reached the target.

    All runs start from the same weights; `draws` sequences of random batches are tried with each
    rate, all runs stacked in one array. The training loss is looked at every 4 % of the steps. The
    race is over when more than half of the runs of a rate have arrived: then the median of that
    rate is known, and no other rate has a smaller one. Returns (rate, steps, test accuracy), the
    medians of the winner.
    """
    data = digits.split()
    X, targets, test = data.train_x, digits.one_hot(data.train_y), data.test_x
    runs = len(rates) * draws
    stack = [np.repeat(part[None], runs, 0) for W, b in _start() for part in (W, b[None])]
    which, draw = np.tile(np.arange(len(rates)), draws), np.repeat(np.arange(draws), len(rates))
    eta = np.asarray(rates, float)[which][:, None, None]
    generators = [np.random.default_rng(batch_seed + number) for number in range(draws)]
    arrived = [[] for _ in rates]
    step, look = 0, int(first * (1 + 32 / size))
    while len(which):
        step += 1
        pick = np.stack([rng.integers(0, len(X), size) for rng in generators])[draw]
        batch, wanted = X[pick], targets[pick]
        hidden, logs, _ = _losses(stack, batch, wanted)
        delta2 = (np.exp(logs) - wanted) / size
        delta1 = (delta2 @ stack[2]) * (hidden > 0)
        for part, gradient in zip(
            stack,
            (
                delta1.transpose(0, 2, 1) @ batch,
                delta1.sum(1, keepdims=True),
                delta2.transpose(0, 2, 1) @ hidden,
                delta2.sum(1, keepdims=True),
            ),
            strict=True,
        ):
            part -= eta * gradient
        if step < look:
            continue
        look = max(step + 1, int(step * 1.04))
        losses = _losses(stack, X, targets)[2]
        done = losses <= target
        for run in np.flatnonzero(done):
            logits = _losses([part[run : run + 1] for part in stack], test, 0)[1][0]
            right = float((logits.argmax(-1) == data.test_y).mean())
            arrived[which[run]].append((step, right))
        for number, runs in enumerate(arrived):
            if len(runs) > draws // 2:
                steps = sorted(s for s, _ in runs)[draws // 2]
                return rates[number], steps, float(np.median([right for _, right in runs]))
        left = ~done & np.isfinite(losses)
        stack, eta = [part[left] for part in stack], eta[left]
        which, draw = which[left], draw[left]
    raise ValueError("no learning rate reaches the target")


@computed
def _sweep():
    """For each batch size (rate, steps, accuracy) of the best of three rates, powers of 2."""
    rows = []
    for size in SIZES:
        middle = 2.0 ** round(np.log2(1 / (1 + 16 / size)))
        rows.append(race(size, (middle / 2, middle, 2 * middle)))
    return rows


def fit_law(sizes, steps):
    """Least-squares fit of log S to log S_min (1 + B_c/B): return (S_min, B_c)."""
    sizes, logs = np.asarray(sizes, float), np.log(steps)
    guesses = np.geomspace(1, 1000, 3001)
    shapes = np.log1p(guesses[:, None] / sizes)
    floor = (logs - shapes).mean(1)
    best = int(np.square(logs - shapes - floor[:, None]).sum(1).argmin())
    return float(np.exp(floor[best])), float(guesses[best])


@numbers
@cache
def to_target():
    """Best rate, steps, epochs and test accuracy by batch size; the fitted law."""
    rows, count = _sweep(), len(digits.split().train_x)
    least, critical = fit_law(SIZES, [steps for _, steps, _ in rows])
    found = {"least_steps": least, "critical": critical, "least_examples": least * critical}
    for size, (rate, steps, right) in zip(SIZES, rows, strict=True):
        found[f"b{size}"] = {
            "rate": rate,
            "rate_text": str(Fraction(rate)),
            "ratio": rate / size,
            "steps": steps,
            "about": _two_digits(steps),
            "examples": steps * size,
            "per_epoch": -(-count // size),
            "epochs": _two_digits(steps) / -(-count // size),  # as the page's own digits divide
            "accuracy": right,
            "law": least * (1 + critical / size),
        }
    found["waste"] = found["b512"]["epochs"] / found["b64"]["epochs"]
    return found


def _two_digits(count):
    """Round a count to the two digits that another processor would find as well."""
    return int(float(f"{count:.1e}"))


@numbers
def accuracy_error():
    """Standard error of a test accuracy near 0.96, in percentage points."""
    return {"points": 100 * float(np.sqrt(0.96 * 0.04 / len(digits.split().test_x)))}


@numbers
def target():
    """Return the training loss at which a run has arrived."""
    return TARGET


# What larger batches do not do -----------------------------


@numbers
@computed
def same_epochs():
    """Training loss after three epochs for three batch sizes, median of five orders."""
    return after_epochs(3)


def after_epochs(epochs, draws=DRAWS):
    """Training loss after so many epochs for three batch sizes, each at its best learning rate."""
    data = digits.split()
    found = {}
    for name, size, rate in (("b8", 8, 0.5), ("b64", 64, 1.0), ("b512", 512, 1.0)):
        steps = epochs * -(-len(data.train_x) // size)
        losses = [
            networks.mean_loss(
                networks.train(
                    _start(),
                    data.train_x,
                    data.train_y,
                    rate=rate,
                    steps=steps,
                    batch=size,
                    seed=seed,
                )[0],
                data.train_x,
                data.train_y,
            )
            for seed in range(draws)
        ]
        found[name] = {"steps": steps, "loss": float(np.median(losses))}
    return found


# Drawings --------------------------------------------------


def _size_axes(axes, critical):
    axes.axvline(critical, color=style.RULE, linewidth=0.5, linestyle=(0, (2, 2)), zorder=0)
    axes.set(xscale="log", xlabel="batch size $B$")
    axes.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])


@figure
def noise():
    """Error of batch gradients against batch size, with the law and the length of the gradient."""
    found, sizes = _measured(), np.array(SIZES)
    smooth = np.geomspace(1, 1000, 400)
    law = np.sqrt(found["trace"] / smooth)
    sheet, axes = style.figure("margin", 46)
    _size_axes(axes, found["scale"])
    axes.axhline(found["length"], color=style.RULE, linewidth=0.5, linestyle=(0, (2, 2)), zorder=0)
    axes.plot(smooth, law, color=style.TEAL)
    axes.plot(smooth, law * np.sqrt((1000 - smooth) / 999), color=style.RUST, linestyle=(0, (4, 1.6)))
    axes.plot(sizes, found["replaced"], "o", color=style.TEAL)
    axes.plot(sizes, found["shuffled"], "s", color=style.RUST, markerfacecolor="white")
    axes.set(yscale="log", xlim=(0.8, 1200), ylim=(0.05, 6), ylabel="rms error of gradient")
    axes.set_yticks([0.1, 1], ["0.1", "1"])
    white = {"facecolor": "white", "edgecolor": "none", "pad": 0.4}
    style.label(axes, "with\nreplacement", 9, 3.2, style.TEAL, bbox=white)
    style.label(axes, "without\nreplacement", 46, 0.1, style.RUST, ha="right")
    style.label(axes, r"length of $\mathbf{g}$", 0.95, found["length"] * 0.76, style.GREY)
    return sheet


@figure
def tradeoff():
    """Steps, examples and best learning rate against batch size, with the fitted law."""
    found, sizes = to_target(), np.array(SIZES)
    rows = [found[f"b{size}"] for size in SIZES]
    least, critical = found["least_steps"], found["critical"]
    smooth = np.geomspace(0.8, 700, 200)
    ideal = {"color": style.GREY, "linestyle": (0, (4, 1.6))}
    sheet, (one, two, three) = style.figure("column", 35, 1, 3)
    for axes in (one, two, three):
        _size_axes(axes, critical)
        axes.set(yscale="log", xlim=(0.8, 700))
    one.plot(smooth, least * critical / smooth, **ideal)
    one.plot(smooth, least * (1 + critical / smooth), color=style.TEAL)
    one.plot(sizes, [row["steps"] for row in rows], "o", color=style.TEAL)
    one.set(title="Steps to the target", ylim=(20, 4000))
    one.set_yticks([100, 1000], ["100", "1,000"])
    style.label(one, "ideal, $1/B$", 0.95, 33, style.GREY)
    style.label(one, "$B_c$", critical * 1.15, 2600, style.GREY)
    two.plot(smooth, least * critical + 0 * smooth, **ideal)
    two.plot(smooth, least * (smooth + critical), color=style.TEAL)
    two.plot(sizes, [row["examples"] for row in rows], "o", color=style.TEAL)
    two.set(title="Examples to the target", ylim=(1000, 60000))
    two.set_yticks([1000, 10_000], ["1,000", "10,000"])
    style.label(two, "ideal", 110, 1330, style.GREY)
    three.plot(smooth, rows[0]["rate"] * smooth, **ideal)
    three.plot(sizes, [row["rate"] for row in rows], "o", color=style.TEAL)
    three.set(title=r"Best $\eta$, a power of 2", ylim=(0.04, 4))
    three.set_yticks([0.1, 1], ["0.1", "1"])
    style.label(three, "linear rule", 22, 2.6, style.GREY, ha="right")
    return sheet
