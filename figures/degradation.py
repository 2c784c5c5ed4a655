"""What depth does to training, with and without residual connections (3.1.5).

Networks of 2 to 40 hidden layers learn the digits. All runs of one depth (seeds, learning rates) are
computed at once: the first axis of every array counts them.
"""

import numpy as np

from .kit import signs, style
from .kit.results import computed, experiment, numbers
from .models import digits
from .tuned import degradation as tuned

WIDTH, BATCH, STEPS, WINDOW = 32, 50, 300, 20
DEPTHS = (2, 10, 20, 40)
BUILDS = ("plain", "residual")
RATES = (0.003, 0.006, 0.012, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
SEARCH_SEEDS, SEEDS = (0, 1, 2), tuple(range(100, 107))
DIVERGED = 99.0  # written for a loss that is no longer finite


def examples():
    """Pixels of the training examples less their mean, doubled; and the classes."""
    parts = digits.split()
    pixels = 2 * (parts.train_x - parts.train_x.mean(0))
    return pixels.astype(np.float32), parts.train_y


def start(depth, build, seeds):
    """Return [first, W, b, last] for all seeds: a layer to 32 units, `depth` ReLU layers, one to 10 classes.

    Weights of the ReLU layers have variance 2/32, in the residual network 2/(32 depth), so that in
    either build the signal keeps its size.
    """
    spread = np.sqrt(2 / WIDTH / (depth if build == "residual" else 1))
    drawn = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        drawn.append(
            (
                rng.normal(size=(WIDTH, 64)) / 8,
                rng.normal(size=(depth, WIDTH, WIDTH)) * spread,
                np.zeros((depth, 1, WIDTH)),
                rng.normal(size=(10, WIDTH)) / np.sqrt(WIDTH),
            )
        )
    first, W, b, last = (np.stack(part).astype(np.float32) for part in zip(*drawn, strict=True))
    return [first, W.swapaxes(0, 1).copy(), b.swapaxes(0, 1).copy(), last]


def gradients(parameters, X, y, build):
    """Return (mean losses of the batches, gradients shaped like the parameters); X is (runs, batch, 64)."""
    first, W, b, last = parameters
    skip = build == "residual"
    inputs, slopes = [X @ first.swapaxes(1, 2)], []
    for weights, bias in zip(W, b, strict=True):
        z = inputs[-1] @ weights.swapaxes(1, 2) + bias
        slopes.append(z > 0)
        h = z * slopes[-1]
        inputs.append(inputs[-1] + h if skip else h)
    logits = inputs[-1] @ last.swapaxes(1, 2)
    logits -= logits.max(2, keepdims=True)
    logs = logits - np.log(np.exp(logits).sum(2, keepdims=True))
    truth = np.eye(10, dtype=np.float32)[y]
    losses = -(logs * truth).sum(2).mean(1)
    error = (np.exp(logs) - truth) / X.shape[1]
    d_last, g = error.swapaxes(1, 2) @ inputs[-1], error @ last
    dW, db = np.empty_like(W), np.empty_like(b)
    for layer in reversed(range(len(W))):
        delta = g * slopes[layer]
        g = delta @ W[layer] + (g if skip else 0)
        dW[layer] = delta.swapaxes(1, 2) @ inputs[layer]
        db[layer] = delta.sum(1, keepdims=True)
    return losses, [g.swapaxes(1, 2) @ X, dW, db, d_last]


@computed
def curves(depth, build, rates, seeds, steps=STEPS):
    """Training losses (rates, seeds, windows): each the mean over the batches of 20 steps."""
    X, y = examples()
    parameters = [np.repeat(part, len(rates), axis=1 if part.ndim == 4 else 0) for part in start(depth, build, seeds)]
    eta = np.tile(np.array(rates, np.float32), len(seeds))
    picks = np.stack([np.random.default_rng(1000 + seed).integers(0, len(X), (steps, BATCH)) for seed in seeds])
    losses = np.empty((steps, len(eta)))
    with np.errstate(all="ignore"):
        for step in range(steps):
            pick = np.repeat(picks[:, step], len(rates), axis=0)
            losses[step], slopes = gradients(parameters, X[pick], y[pick], build)
            for part, slope in zip(parameters, slopes, strict=True):
                part -= slope * (eta[:, None, None])
    windows = losses.reshape(-1, WINDOW, len(seeds), len(rates)).mean(1)
    return np.where(np.isfinite(windows), windows, DIVERGED).transpose(2, 1, 0)


def search(depths=DEPTHS, rates=RATES, seeds=SEARCH_SEEDS):
    """Mean loss of the last steps for every depth, build and rate over the seeds, and the best rate of each."""
    best, table = {}, {}
    for build in BUILDS:
        for depth in depths:
            last = curves(depth, build, rates, seeds)[:, :, -1].mean(1)
            table[build, depth] = [round(float(min(loss, DIVERGED)), 4) for loss in last]
            best[build, depth] = float(rates[int(np.argmin(last))])
    return {"BEST": best, "GRID": list(rates), "LOSSES": table}


@numbers
@computed
def results():
    """Median, least and largest training loss after the last steps, by build and depth, from new starts."""
    found = {"steps": STEPS, "seeds": len(SEEDS), "chance": float(np.log(10))}
    for build in BUILDS:
        for depth in DEPTHS:
            rate = tuned.BEST[build, depth]
            last = np.minimum(curves(depth, build, (rate,), SEEDS)[0, :, -1], DIVERGED)
            found[f"{build}{depth}"] = {
                "rate": rate,
                "median": float(np.median(last)),
                "low": float(last.min()),
                "high": float(last.max()),
            }
    return found


LONGER, LONGER_RATE = 1500, 0.025


@numbers
@computed
def longer():
    """Median, least and largest loss of 20 plain layers when they are given five times as many steps."""
    last = curves(20, "plain", (LONGER_RATE,), SEEDS, LONGER)[0, :, -1]
    return {"steps": LONGER, "median": float(np.median(last)), "low": float(last.min()), "high": float(last.max())}


def losses_by_depth(panel):
    """Draw the training losses of both builds against the depth, with the range over the starts."""
    found = results()
    for build in BUILDS:
        rows = [found[f"{build}{depth}"] for depth in DEPTHS]
        middle = np.array([row["median"] for row in rows])
        reach = [middle - [row["low"] for row in rows], [row["high"] for row in rows] - middle]
        panel.errorbar(DEPTHS, middle, reach, **signs.BUILDS[build].both, ecolor=style.INK, elinewidth=0.6, capsize=1.5)
    panel.axhline(found["chance"], color=style.RULE, linewidth=0.5)
    style.label(panel, "guessing", 2, 2.5, style.GREY, fontsize=7.5)
    style.label(panel, "plain", 15, 1.2, signs.BUILDS["plain"].color, ha="right", fontsize=7.5)
    style.label(panel, "residual", 24, 0.28, signs.BUILDS["residual"].color, fontsize=7.5)
    panel.set(xlabel="hidden layers", ylim=(-0.1, 2.7), xticks=DEPTHS, yticks=(0, 1, 2), ylabel="training loss")


@experiment
def plain_and_residual():
    """How the networks of 2 to 40 layers were trained."""
    chosen = "; ".join(f"{build} {', '.join(f'{tuned.BEST[build, depth]:g}' for depth in DEPTHS)}" for build in BUILDS)
    return {
        "title": "Depth with and without residual connections",
        "entry": "3.1.5",
        "compares": "networks with and without residual connections, by depth",
        "data": "digits, pixels less their mean, times 2",
        "split": "training examples only, because the question is how well the training loss can be lowered",
        "network": f"64-{WIDTH}, then {', '.join(map(str, DEPTHS))} layers of {WIDTH} ReLU units, then 10",
        "initialization": "normal, variance 1/n before and after, 2/n in ReLU layers, 2/(n depth) in residual ones",
        "loss": "cross-entropy",
        "optimizer": "SGD",
        "rate": f"by depth: {chosen}",
        "tuned": f"least mean training loss of {len(SEARCH_SEEDS)} starts, among {len(RATES)} rates from {RATES[0]} "
        f"to {RATES[-1]}",
        "batch": f"{BATCH}",
        "steps": f"{STEPS}; {LONGER:,} at rate {LONGER_RATE} for the longer run of 20 plain layers",
        "seeds": f"{len(SEEDS)} that the search had not seen",
        "plotted": f"median and range of the mean loss over the last {WINDOW} batches",
    }
