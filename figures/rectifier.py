"""What ReLU buys and what it costs: depth, and dead units (section 3.4.6).

All networks learn 200 points of two rings with the logistic loss and full-batch gradient descent,
and are judged on 200 other points.
"""

from functools import cache

import numpy as np

from .kit import style
from .kit.results import computed, experiment, figure, numbers
from .models import generators, stacks
from .tuned import rectifier as tuned

POINTS, TRAIN_SEED, VALID_SEED = 200, 0, 1

# Depth: eight hidden layers, each function with initial weights and a learning rate of its own.
DEEP, STEPS = (2, *(16,) * 8, 1), 400
NAMES = ("sigmoid", "tanh", "relu")
DIVERGED = 99.0  # written for a loss that is no longer finite
GAINS, RATES = (1, 2, 4, 9, 16, 36, 64), (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
SEARCH_SEEDS, SEEDS = tuple(range(4)), tuple(range(100, 106))
START_SEEDS = tuple(range(100, 120))


@cache
def _rings(seed):
    return generators.rings(POINTS, seed)


@computed
def _deep(name, gain, rates, seeds):
    """Validation losses (rates, seeds) of the deep network after training from weights of variance gain/n."""
    net = stacks.repeat(stacks.draw(DEEP, seeds, gain), len(rates))
    X, y = _rings(TRAIN_SEED)
    stacks.train(net, X, y, rates=np.repeat(rates, len(seeds)), steps=STEPS, activation=name)
    return stacks.judge(net, *_rings(VALID_SEED), name)[0].reshape(len(rates), len(seeds))


def search(names=NAMES, gains=GAINS, rates=RATES, seeds=SEARCH_SEEDS):
    """Mean validation loss for every gain and rate over the seeds, and the best pair of each function."""
    losses, best = {}, {}
    for name in names:
        table = {}
        for gain in gains:
            means = _deep(name, gain, rates, seeds).mean(axis=1)
            table[gain] = [round(float(min(loss, DIVERGED)), 4) for loss in means]
        losses[name] = table
        loss, gain, rate = min(
            (loss, gain, rate) for gain in gains for rate, loss in zip(rates, table[gain], strict=True)
        )
        best[name] = {"gain": gain, "rate": rate, "loss": loss}
    return {"BEST": best, "GRID": list(rates), "LOSSES": losses}


@numbers
@cache
def depth():
    """Median, least and largest validation loss of each function at its own setting, from new starts."""
    found = {"seeds": len(SEEDS), "steps": STEPS, "chance": float(np.log(2))}
    for name in NAMES:
        best = tuned.BEST[name]
        losses = _deep(name, best["gain"], (best["rate"],), SEEDS)[0]
        found[name] = {key: best[key] for key in ("gain", "rate")} | {
            "median": float(np.median(losses)),
            "low": float(losses.min()),
            "high": float(losses.max()),
        }
    return found


# Error signals at the start, for the sizes of weights that the text compares.
STARTS = (("relu", 2), ("tanh", 1), ("sigmoid", 1), ("sigmoid", 36))


@cache
def _signals(name, gain):
    """Root mean square error signal of each hidden layer, over examples, units and starts."""
    X, y = _rings(TRAIN_SEED)
    deltas = stacks.backward(stacks.draw(DEEP, START_SEEDS, gain), X, y, name)[2]
    return np.array([float(np.sqrt(np.square(len(X) * delta).mean())) for delta in deltas[:-1]])


@numbers
def start():
    """Share of the error signal of hidden layer 8 that reaches layer 1, and the bound for a sigmoid."""
    found = {f"{name}{gain}": float(_signals(name, gain)[0] / _signals(name, gain)[-1]) for name, gain in STARTS}
    return found | {"most": 0.25**8, "starts": len(START_SEEDS)}


@figure
def error_signals():
    """Error signals by layer before training: what a ReLU passes on and what a sigmoid passes on."""
    sheet, axes = style.figure("column", 46)
    layers = np.arange(1, 9)
    texts = {
        ("relu", 2): ("ReLU, 2/n", 4.4, 2.6),
        ("tanh", 1): ("tanh, 1/n", 2.4, 0.1),
        ("sigmoid", 1): ("sigmoid, 1/n", 4.3, 3e-4),
        ("sigmoid", 36): ("sigmoid, 36/n", 1.1, 3e-2),
    }
    for (name, gain), mark, (color, line) in zip(STARTS, "os^D", style.CURVES, strict=False):
        signals = _signals(name, gain)
        axes.plot(layers, signals / signals[-1], marker=mark, color=color, linestyle=line, clip_on=False)
        text, x, y = texts[name, gain]
        style.label(axes, text, x, y, color)
    axes.set(yscale="log", xlabel="hidden layer", ylabel="error signal, layer 8 = 1", xticks=layers, xlim=(0.9, 8.1))
    axes.set_ylim(1e-5, 6)  # room above the uppermost curve for its name
    axes.set_yticks((1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1), ("0.00001", "0.0001", "0.001", "0.01", "0.1", "1"))
    axes.minorticks_off()
    return sheet


@numbers
def bottleneck():
    """Weights of a layer from 512 to 512, directly and through 32 linear units."""
    full, narrow = 512 * 512, 2 * 512 * 32
    return {"full": full, "narrow": narrow, "share": narrow / full}


# Dead units of a network with two hidden layers of 32, by learning rate.
WIDE, WIDE_STEPS = (2, 32, 32, 1), 300
DEATH_RATES, DEATH_SEEDS = (0.1, 0.3, 1.0, 2.0, 3.0, 5.0), tuple(range(24))


@computed
def _trained(rate):
    """The networks of all starts, trained with one rate."""
    net = stacks.draw(WIDE, DEATH_SEEDS, 2)
    X, y = _rings(TRAIN_SEED)
    return stacks.train(net, X, y, rates=(rate,) * len(DEATH_SEEDS), steps=WIDE_STEPS, activation="relu")


def _silent(net, X):
    """For each run and hidden unit: is it zero on every example?"""
    return np.concatenate([(a <= 0).all(axis=1) for a in stacks.forward(net, X, "relu")[1][1:-1]], axis=1)


@numbers
@cache
def dying():
    """Shares of dead units and accuracies, means over the starts for each learning rate."""
    X, y = _rings(TRAIN_SEED)
    dead = np.array([_silent(_trained(rate), X).mean() for rate in DEATH_RATES])
    hits = np.array([stacks.judge(_trained(rate), X, y, "relu")[1].mean() for rate in DEATH_RATES])
    return {
        "dead": dead,
        "accuracy": hits,
        "low": float(dead[DEATH_RATES.index(0.1)]),
        "steps": WIDE_STEPS,
        "starts": len(DEATH_SEEDS),
    }


@figure
def dead_units():
    """Dead units and accuracy after training, against the learning rate."""
    sheet, axes = style.figure("margin", 33)
    found = dying()
    axes.plot(DEATH_RATES, 100 * found["dead"], "o-", color=style.RUST)
    axes.plot(DEATH_RATES, 100 * found["accuracy"], "s", color=style.TEAL, linestyle=style.CURVES[1][1])
    style.label(axes, "dead units", 0.4, 22, style.RUST, ha="center")
    style.label(axes, "accuracy", 0.4, 80, style.TEAL, ha="center")
    axes.set(xscale="log", xlabel="learning rate", ylabel="percent", ylim=(0, 104), yticks=(0, 50, 100))
    axes.set_xticks((0.1, 0.3, 1, 3), ("0.1", "0.3", "1", "3"))
    axes.minorticks_off()
    return sheet


@experiment
def deep_and_dead():
    """How the deep networks were trained, and the networks whose units die."""
    chosen = ", ".join(
        f"{name.replace('relu', 'ReLU')} {best['gain']}/n and {best['rate']}" for name, best in tuned.BEST.items()
    )
    return {
        "title": "Eight layers of sigmoid, tanh and ReLU; dead units",
        "entry": "3.4.6",
        "compares": "sigmoid, tanh and ReLU in a deep network; learning rates by the dead units they leave",
        "data": f"rings, {POINTS} points",
        "split": f"{POINTS} training points, {POINTS} validation points of another draw",
        "network": f"{DEEP[0]}-{'-'.join(map(str, DEEP[1:]))}; for dead units {'-'.join(map(str, WIDE))} with ReLU",
        "initialization": f"normal, variance and rate of each function: {chosen}; dead units: variance 2/n; "
        "biases zero",
        "loss": "binary cross-entropy",
        "optimizer": "gradient descent",
        "rate": f"as above; dead units: {', '.join(map(str, DEATH_RATES))}",
        "tuned": f"least mean validation loss of {len(SEARCH_SEEDS)} starts over {len(GAINS)} variances "
        f"and {len(RATES)} rates",
        "batch": "all points",
        "steps": f"{STEPS}; dead units: {WIDE_STEPS}",
        "seeds": f"{len(SEEDS)} that the search had not seen; dead units: {len(DEATH_SEEDS)}",
        "plotted": "median validation loss; mean share of dead units and mean training accuracy",
    }
