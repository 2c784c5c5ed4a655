"""Batch normalization: by hand, inside a network, and against the learning rate (3.6.8-3.6.10)."""

import numpy as np

from .kit import style
from .kit.results import computed, figure, numbers
from .models import digits, generators, normalized

# ---- by hand ----------------------------------------------------------------

TABLE = np.array([[1.0, 50], [2, 60], [3, 70], [4, 100]])
BATCH, UPSTREAM = np.array([2.0, 4, 4, 6]), np.array([1.0, 2, 0, -1])
GAMMA, BETA = 2.0, 1.0


@numbers
def columns():
    """Two features of four examples, each column normalized by itself (epsilon = 0)."""
    mean, var = TABLE.mean(axis=0), TABLE.var(axis=0)
    first, second = ((TABLE - mean) / np.sqrt(var)).T
    return {"mean": mean, "var": var, "first": first, "second": second}


def layer(x, gamma=GAMMA, beta=BETA, epsilon=0.0):
    """Forward pass of one unit over a batch: mean, variance, normalized values, outputs."""
    mean, var = x.mean(), x.var()
    x_hat = (x - mean) / np.sqrt(var + epsilon)
    return {"mean": mean, "var": var, "sd": np.sqrt(var), "x_hat": x_hat, "y": gamma * x_hat + beta}


@numbers
def four():
    """The batch of four worked through: forward, backward, running averages, inference."""
    return worked(BATCH, UPSTREAM)


def worked(x, g, gamma=GAMMA, beta=BETA, memory=0.1):
    """One unit over a batch x with the gradient g of its outputs (epsilon = 0)."""
    found = layer(x, gamma, beta)
    x_hat = found["x_hat"]
    d_gamma, d_beta = (g * x_hat).sum(), g.sum()
    dx = gamma / found["sd"] * (g - d_beta / len(x) - x_hat * d_gamma / len(x))
    step = 1e-5
    numeric = [
        g @ (layer(x + step * e, gamma, beta)["y"] - layer(x - step * e, gamma, beta)["y"]) / (2 * step)
        for e in np.eye(len(x))
    ]
    run_mean, run_var = memory * x.mean(), (1 - memory) + memory * x.var(ddof=1)
    return found | {
        "g_mean": g.mean(),
        "gx_mean": (g * x_hat).mean(),
        "d_gamma": d_gamma,
        "d_beta": d_beta,
        "dx": dx,
        "numeric": np.array(numeric),
        "difference": float(np.abs(dx - numeric).max()),
        "naive": gamma / found["sd"] * g,
        "run_mean": run_mean,
        "run_var": run_var,
        "unbiased": x.var(ddof=1),
        "early": gamma * (x - run_mean) / np.sqrt(run_var) + beta,
        "mean50": x.mean() * (1 - (1 - memory) ** 50),
        "plus": (x + x.mean()) / found["sd"],
        "plus_mean": ((x + x.mean()) / found["sd"]).mean(),
    }


@numbers
def fold():
    """Weights of a unit with its batch normalization folded in, from running averages."""
    w, b, gamma, beta, mean, var = 3.0, 1.0, 2.0, 0.5, 4.0, 16.0
    ratio = gamma / np.sqrt(var)
    x = 5.0
    return {
        "ratio": ratio,
        "w": ratio * w,
        "b": beta + ratio * (b - mean),
        "through": gamma * (w * x + b - mean) / np.sqrt(var) + beta,
        "folded": ratio * w * x + beta + ratio * (b - mean),
    }


# ---- inside a network of the digits -----------------------------------------

WIDTHS, STEPS, RATE, INSIDE = (64, *(50,) * 6, 10), 200, 0.1, 4
SHIFT, STRETCH = 0.6, 0.3


def _disturbance():
    """A new shift and a new factor for every unit at every step."""
    rng = np.random.default_rng(9)

    def disturb(y):
        shape = (len(y), 1, y.shape[2])
        factor = rng.uniform(1 - STRETCH, 1 + STRETCH, shape)
        return factor * y + rng.uniform(-SHIFT, SHIFT, shape), factor

    return disturb


@computed
def _trained(name):
    """Train one of the three networks, three seeds at once.

    Return the losses, what the units of the fourth hidden layer put out at each step of the first
    seed (percentiles 15, 50 and 85 of the batch, mean, standard deviation), and the largest cosine
    between the weights of a hidden layer and their gradient.
    """
    data = digits.split()
    X = data.train_x - data.train_x.mean(axis=0)
    net = normalized.initialize(WIDTHS, range(3), "lecun", None if name == "plain" else "batch")
    inputs = []

    def watch(_net, kept):
        y = kept[INSIDE - 1]["y"][0]
        spread = np.percentile(y, [15, 50, 85], axis=0)
        inputs.append(np.vstack([spread, y.mean(axis=0), y.std(axis=0)]))

    losses = normalized.train(
        net,
        X,
        data.train_y,
        rate=RATE,
        steps=STEPS,
        batch=64,
        watch=watch,
        disturb=_disturbance() if name == "disturbed" else None,
    )
    same = np.broadcast_to(np.arange(64), (3, 64))
    _, found, _ = normalized.gradients(net, X[same], data.train_y[same])
    hidden = range(1, len(net) - 1)
    cosines = [
        abs((net[i]["W"] * found[i]["W"]).sum()) / np.linalg.norm(net[i]["W"]) / np.linalg.norm(found[i]["W"])
        for i in hidden
    ]
    return {"losses": losses, "inputs": np.array(inputs), "cosine": float(max(cosines))}


NAMES = ("plain", "batch", "disturbed")


def _loss(name):
    """Loss over the steps: mean of three seeds, then of ten steps in a row."""
    return np.convolve(_trained(name)["losses"].mean(axis=1), np.full(10, 0.1), "valid")


@numbers
def inside():
    """Drift of the units from step to step, in standard deviations, and losses at the end."""
    found = {}
    for name in NAMES:
        run = _trained(name)
        mean, sd = run["inputs"][:, 3], run["inputs"][:, 4]
        found[name] = {
            "drift": float(np.mean(np.abs(np.diff(mean, axis=0)) / sd[:-1])),
            "loss": float(_loss(name)[-1]),
            "cosine": run["cosine"],
        }
    return found


@figure
def statistics():
    """One unit's inputs over training in the three networks, and the three losses."""
    sheet, axes = style.figure("wide", 32, 1, 4, width_ratios=(1, 1, 1, 1.15))
    unit = 1
    titles = {"plain": "Plain", "batch": "Batch normalization", "disturbed": "Disturbed"}
    steps = np.arange(STEPS)
    for panel, name in zip(axes, NAMES, strict=False):
        low, middle, high = _trained(name)["inputs"][:, :3, unit].T
        panel.fill_between(steps, low, high, color=style.TEAL_TINT, linewidth=0)
        panel.plot(steps, middle, color=style.TEAL, linewidth=0.8)
        panel.set(title=titles[name], xlabel="step", xlim=(0, STEPS), ylim=(-2.6, 2.6), yticks=(-2, 0, 2))
        panel.xaxis.labelpad = -1
    axes[0].set_ylabel("input of a ReLU")
    axes[3].xaxis.labelpad = -1
    for (color, line), name in zip((style.CURVES[2], style.CURVES[0], style.CURVES[1]), NAMES, strict=True):
        curve = _loss(name)
        axes[3].plot(np.arange(len(curve)) + 9, curve, color=color, linestyle=line)
    style.label(axes[3], "plain", 124, 1.95)
    style.label(axes[3], "disturbed", 62, 0.86, style.RUST)
    style.label(axes[3], "normalized", 6, -0.17, style.TEAL)
    axes[3].set(title="Loss", xlabel="step", xlim=(0, STEPS), ylim=(-0.38, 2.5), yticks=(0, 1, 2))
    return sheet


# ---- learning rate and initialization, on moons -----------------------------

# Label -> (learning rate, scheme of initialization, or the standard deviation of the weights).
CASES = {
    "r01": (0.1, "he"),
    "r03": (0.3, "he"),
    "r1": (1.0, "he"),
    "r3": (3.0, "he"),
    "r10": (10.0, "he"),
    "tiny": (0.1, 0.01),
    "large": (0.1, 1.0),
}
SEEDS = 3


@computed
def sweep():
    """Final loss on all 512 points, median of the seeds; infinite where training diverged."""
    X, y = generators.moons(512, 0, generators.MOONS_NOISE)
    rates, schemes = zip(*(case for case in CASES.values() for _ in range(SEEDS)), strict=True)
    found = {}
    for name, kind in (("plain", None), ("batch", "batch")):
        net = normalized.initialize((2, *(32,) * 6, 1), list(range(SEEDS)) * len(CASES), list(schemes), kind)
        normalized.train(net, X, y, rate=np.array(rates), steps=200, batch=64)
        losses = np.median(normalized.mean_losses(net, X, y).reshape(-1, SEEDS), axis=1)
        found[name] = {key: float(value) for key, value in zip(CASES, losses, strict=True)}
    return found


@figure
def rates():
    """Final loss against the learning rate and against the spread of the initial weights."""
    sheet, (left, right) = style.figure("column", 29, 1, 2, sharey=True, width_ratios=(1.7, 1))
    top = 4.0  # where diverged runs are drawn
    by_rate = [key for key in CASES if key.startswith("r")]
    for axes, keys in ((left, by_rate), (right, ["tiny", "r01", "large"])):
        places = np.arange(len(keys))
        for name, marker, (color, line) in (("plain", "s", style.CURVES[1]), ("batch", "o", style.CURVES[0])):
            values = np.array([sweep()[name][key] for key in keys])
            lost = ~np.isfinite(values)
            axes.plot(places, np.where(lost, top, values), color=color, linestyle=line)
            axes.plot(places[~lost], values[~lost], marker, color=color)
            if lost.any():  # an empty line upsets the layout
                axes.plot(places[lost], np.full(lost.sum(), top), "x", color=color, markersize=4.5, clip_on=False)
        axes.axhline(np.log(2), color=style.RULE, linewidth=0.4, zorder=0)
        axes.set(xticks=places, yscale="log", ylim=(0.018, top), xlim=(-0.2, len(keys) - 0.8))
        axes.xaxis.labelpad = -1
    left.set(
        xlabel=r"learning rate $\eta$, He initialization",
        ylabel="final loss",
        xticklabels=[f"{CASES[key][0]:g}" for key in by_rate],
    )
    left.set_yticks([0.03, 0.1, 0.3, 1], ["0.03", "0.1", "0.3", "1"])
    left.minorticks_off()
    right.set(xlabel=r"initial s.d., $\eta = 0.1$", xticklabels=["0.01", "He", "1"])
    style.label(left, "plain", 1.35, 0.25, style.RUST, ha="right")
    style.label(left, "batch normalization", 1.4, 0.068, style.TEAL)
    style.label(left, "diverged", 3.5, 2.3, style.RUST, ha="center", fontsize=7.5)
    style.label(left, "guessing: ln 2", -0.1, 1.12, style.GREY, fontsize=7.5)
    return sheet
