"""What a batch is worth (section 3.5): one weight and four examples, then the gradients of the digits.

The smallest case is exact. On the digits the network is 64-32-10 with ReLU (`race.py`), the data are
the 1,000 training images, and batches are drawn with replacement, as in the derivation of the text.
The runs to a target are in `batch_steps.py`.
"""

from functools import cache
from itertools import product

import numpy as np

from .kit import style
from .kit.results import computed, experiment, figure, numbers
from .models import digits, networks
from .race import draw, layers_of, losses_and_gradients

# One weight: loss of example i is (w - c_i)^2 / 2, so its slope is w - c_i and its curvature 1.

TARGETS, WEIGHT = np.array([-2.0, 0.0, 0.0, 2.0]), 1.0
SLOPES = WEIGHT - TARGETS
SIZES = (1, 2, 4, 8, 16)


def saved(rate, batch):
    """Mean loss that one step saves, of the smallest case: from all batches, or from the formula if batch is inf."""
    noise = 0.0 if batch == np.inf else SLOPES.var() / batch
    return rate * SLOPES.mean() ** 2 - 0.5 * rate**2 * (SLOPES.mean() ** 2 + noise)


@numbers
def smallest():
    """Slopes, variance by batch size over all batches, best rate, saving, steps and examples by batch size."""
    critical = SLOPES.var() / SLOPES.mean() ** 2
    found = {"slope": float(SLOPES.mean()), "variance": float(SLOPES.var()), "critical": float(critical)}
    pairs = [np.mean(pair) for pair in product(SLOPES, repeat=2)]
    found |= {"pairs": len(pairs), "pair_variance": float(np.var(pairs))}
    for size in SIZES:
        factor = 1 + critical / size
        found[f"b{size}"] = {
            "factor": float(factor),
            "rate": float(1 / factor),
            "saved": float(saved(1 / factor, size)),
            "examples": float(factor * size),
        }
    return found


# The digits: error of batch gradients, and the critical batch size by its definition.

STARTS = tuple(range(100, 110))
DRAWN, BATCHES = tuple(2**k for k in range(10)), 400
RUN_BATCH, RUN_RATE, LOOK = 16, 0.5, 5
LEVELS = (1.0, 0.5, 0.25, 0.15)


@cache
def _data():
    data = digits.split()
    return data.train_x, digits.one_hot(data.train_y)


def _signals(w):
    """What the gradients of all examples are made of: masks, activations, outputs and error signals."""
    X, Y = _data()
    (W_1, b_1), (W_2, b_2) = layers_of(w)
    pre = X @ W_1.T + b_1
    hidden = np.maximum(pre, 0)
    outputs = networks.softmax(hidden @ W_2.T + b_2)
    above = outputs - Y
    return pre > 0, hidden, outputs, above, (above @ W_2) * (pre > 0)


def products(w):
    """Inner products (N, N) of the gradients of all examples at parameters w.

    A gradient is made of outer products, delta x^T and delta a^T, so inner products of gradients are
    products of inner products; the ones are the biases.
    """
    X, _ = _data()
    _, hidden, _, above, below = _signals(w)
    return (X @ X.T + 1) * (below @ below.T) + (hidden @ hidden.T + 1) * (above @ above.T)


def curvature(w, chunk=250):
    """Mean of g_j^T H g_j over the gradients g_j of all examples, H the Hessian of the mean loss.

    Along g_j the logits of example i change at the rate r_ij. The Hessian of softmax with
    cross-entropy gives their variance under the outputs, and the product of the two layers adds a
    term of its own, as ReLU has no curvature.
    """
    X, _ = _data()
    W_2, count = layers_of(w)[1][0], len(X)
    mask, hidden, outputs, above, below = _signals(w)
    inputs, inside = X @ X.T + 1, hidden @ hidden.T + 1
    paths = (mask[:, None, :] * W_2).reshape(-1, W_2.shape[1]).astype(np.float32)
    weights, total = outputs[:, :, None].astype(np.float32), 0.0
    for first in range(0, count, chunk):
        part = slice(first, first + chunk)
        rates = (paths @ below[part].T.astype(np.float32)).reshape(count, W_2.shape[0], -1)
        rates *= inputs[:, None, part].astype(np.float32)
        rates += inside[:, None, part].astype(np.float32) * above[part].T.astype(np.float32)
        weighted = weights * rates
        total += float((weighted * rates).sum()) - float(np.square(weighted.sum(axis=1)).sum())
        total += 2 * float(((above @ above[part].T) * (mask @ (hidden[part] * below[part]).T) * inputs[:, part]).sum())
    return total / count**2


def critical(w):
    """Simple and exact critical batch size at parameters w: tr(S)/|g|^2 and tr(HS)/g^T H g, with their parts."""
    table, (_, g) = products(w), losses_and_gradients(w, *_data())
    squared = float(g @ g)
    trace = float(np.trace(table)) / len(table) - squared
    shift = 1e-4 * g / np.sqrt(squared)
    ahead, behind = (losses_and_gradients(w + side * shift, *_data())[1] for side in (1, -1))
    along = float(g @ (ahead - behind)) / 2e-4 * np.sqrt(squared)
    return {
        "length": np.sqrt(squared),
        "trace": trace,
        "simple": trace / squared,
        "along": along,
        "exact": (curvature(w) - along) / along,
    }


@cache
def _measured():
    """Root mean square error of batch gradients at the first start, by size, with and without replacement."""
    table = products(draw(STARTS[0]))
    count, rng, found = len(table), np.random.default_rng(1), {"replaced": [], "shuffled": []}
    for size in DRAWN:
        drawn = rng.multinomial(size, np.full(count, 1 / count), size=BATCHES) / size
        kept = np.zeros((BATCHES, count))
        for row in kept:
            row[rng.permutation(count)[:size]] = 1 / size
        for name, weights in (("replaced", drawn), ("shuffled", kept)):
            away = weights - 1 / count
            found[name].append(np.sqrt(((away @ table) * away).sum(axis=1).mean()))
    return {name: np.array(row) for name, row in found.items()}


@cache
def _run():
    """Parameters at the start and where the loss is first at most 1, 0.5, 0.25 and 0.15: levels x starts."""
    X, Y = _data()
    w = np.stack([draw(seed) for seed in STARTS])
    generators = [np.random.default_rng(1000 + seed) for seed in STARTS]
    rows, step = [list(w)] + [[None] * len(STARTS) for _ in LEVELS], 0
    while any(entry is None for entry in rows[-1]):
        step += 1
        pick = np.stack([rng.integers(0, len(X), RUN_BATCH) for rng in generators])
        w = w - RUN_RATE * losses_and_gradients(w, X[pick], Y[pick])[1]
        if step % LOOK == 0:
            for run, loss in enumerate(losses_and_gradients(w, X, Y)[0]):
                for row, level in zip(rows[1:], LEVELS, strict=True):
                    if row[run] is None and loss <= level:
                        row[run] = w[run]
    return rows


@computed
def along_the_run():
    """Simple and exact critical batch size along ten runs: {name: levels x starts}."""
    table = [[critical(w) for w in row] for row in _run()]
    return {name: np.array([[cell[name] for cell in row] for row in table]) for name in table[0][0]}


@numbers
def noise_at_start():
    """Length and trace at the first start; noise and critical batch sizes at the start and later, over ten starts."""
    found = along_the_run()
    exact, simple = found["exact"], found["simple"]
    first = {name: float(table[0, 0]) for name, table in found.items()}
    return first | {
        "batches": BATCHES,
        "ratio_one": float(np.median(np.sqrt(simple[0]))),
        "start": _spread(exact[0]),
        "end": _spread(exact[-1]),
        "simple_start": _spread(simple[0]),
        "simple_end": _spread(simple[-1]),
        "negative": int((found["along"] <= 0).sum()),
        "places": int(found["along"].size),
        "rates": {
            name: float(np.median(found["length"][at] ** 2 / found["along"][at]))
            for name, at in (("start", 0), ("later", 3))
        },
        "rows": [
            {"loss": level, "exact": _spread(row), "simple": _spread(other), "range": _range(row)}
            for level, row, other in zip((None, *LEVELS), exact, simple, strict=True)
        ],
    }


def _spread(values):
    values = np.sort(np.where(np.asarray(values) > 0, values, np.inf))
    kept = values[np.isfinite(values)]
    middle = float(np.median(values))
    return {"median": middle, "about": round(middle, -1), "low": float(kept[0]), "high": float(kept[-1])}


def _range(values):
    kept = values[values > 0]
    return f"{kept.min():.0f} to {kept.max():.0f}"


@experiment
def gradients():
    """Card of the measurements of gradients."""
    return {
        "title": "Noise of a batch's gradient",
        "entry": "3.5.1",
        "compares": "gradients of random batches and of all examples; the critical batch size by its definition",
        "data": "digits",
        "split": "1,000 images for training",
        "network": "64-32-10, ReLU",
        "initialization": "normal, variance 2/n; biases zero",
        "loss": "cross-entropy",
        "optimizer": "SGD, batches drawn with replacement",
        "rate": f"{RUN_RATE:g}",
        "tuned": "found by the search of the runs to a target",
        "batch": f"{DRAWN[0]} to {DRAWN[-1]} for the noise, {RUN_BATCH} for the runs",
        "steps": f"until the training loss is at most {LEVELS[-1]:g}",
        "seeds": f"{len(STARTS)} starts; for the noise the first of them and {BATCHES} batches of each size",
        "plotted": "root mean square error; median, lowest and highest critical batch size",
    }


# Drawings


@figure
def noise():
    """Error of batch gradients on the digits against batch size, with and without replacement."""
    sheet, axes = style.figure("column", 42)
    found, first = _measured(), noise_at_start()
    smooth = np.geomspace(1, 999, 200)
    law = np.sqrt(first["trace"] / smooth)
    axes.axhline(first["length"], color=style.RULE, linewidth=0.6, linestyle=(0, (2, 2)), zorder=0)
    axes.plot(smooth, law, color=style.TEAL)
    axes.plot(smooth, law * np.sqrt((1000 - smooth) / 999), color=style.RUST, linestyle=(0, (4, 1.6)))
    axes.plot(DRAWN, found["replaced"], "o", color=style.TEAL)
    axes.plot(DRAWN[-2:], found["shuffled"][-2:], "s", color=style.RUST, markerfacecolor="white")
    style.label(axes, "with replacement", 64, 0.85, style.TEAL)
    style.label(axes, "without", 380, 0.09, style.RUST, ha="right")
    style.label(axes, r"length of $\mathbf{g}$", 1.0, first["length"] * 0.8, style.GREY)
    axes.set(xscale="log", yscale="log", xlabel="batch size $B$", ylabel="error of the gradient", ylim=(0.06, 7))
    axes.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
    axes.set_yticks([0.1, 1], ["0.1", "1"])
    axes.minorticks_off()
    return sheet


# Batch size, where its label stands, and how the label is turned to its dot.
PARABOLAS = ((1, 0.33, 0.1), (2, 0.52, 0.2), (8, 0.82, 0.35), (np.inf, 1.0, 0.545))


@figure
def worth():
    """What one step saves on average in the smallest case, by learning rate, for four batch sizes."""
    sheet, axes = style.figure("margin", 42)
    rates = np.linspace(0, 1.6, 200)
    for (size, x, y), (color, line) in zip(PARABOLAS, style.CURVES, strict=False):
        best = 1 / (1 + SLOPES.var() / size)
        axes.plot(rates, saved(rates, size), color=color, linestyle=line)
        axes.plot(best, saved(best, size), "o", color=color)
        style.label(axes, "no noise" if size == np.inf else f"$B$ = {size}", x, y, color, ha="center")
    style.zero_lines(axes)
    axes.set(xlabel=r"learning rate $\eta$", ylabel="mean loss saved", xlim=(0, 1.6), ylim=(0, 0.6))
    axes.set_xticks([0, 0.5, 1, 1.5], ["0", "0.5", "1", "1.5"])
    axes.set_yticks([0, 0.2, 0.4], ["0", "0.2", "0.4"])
    return sheet
