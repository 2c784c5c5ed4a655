"""Why depth is hard: error signals by layer, lost directions, plain nets that degrade (3.1.5)."""

from functools import cache

import numpy as np

from .kit import signs, style
from .kit.results import computed, figure, numbers
from .models import digits, networks

UNITS, BATCH, DEPTH, SEEDS = 128, 32, 30, 5

# Weights have variance gain^2 / units. The calibrated gain is 1 over the root mean square slope of
# the function near zero input, so that one layer passes an error signal on at its size.
CALIBRATED = {"sigmoid": 4.0, "tanh": 1.0, "ReLU": np.sqrt(2)}

_FUNCTIONS = {
    "sigmoid": (networks.sigmoid, lambda z, a: a * (1 - a)),
    "tanh": (lambda z: np.tanh(z), lambda z, a: 1 - a * a),
    "ReLU": (lambda z: np.maximum(z, 0), lambda z, a: (z > 0) * 1.0),
}


@cache
def draws(seed, depth):
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(BATCH, UNITS))
    weights = rng.normal(size=(depth, UNITS, UNITS)) / np.sqrt(UNITS)
    return inputs, weights, rng.normal(size=(BATCH, UNITS))


def signals(function, gain, skip=False, seed=0, depth=DEPTH):
    """Return the root mean square error signal of each layer of an untrained net, over the last's.

    Inputs and the gradient at the output are standard normal; no biases. With `skip`, each layer
    adds its result to its input.
    """
    f, slope = _FUNCTIONS[function]
    a, weights, g = draws(seed, depth)
    slopes = []
    for W in weights:
        z = a @ (gain * W).T
        h = f(z)
        slopes.append(slope(z, h))
        a = a + h if skip else h
    found = []
    for W, s in zip(weights[::-1], slopes[::-1], strict=True):
        delta = g * s
        found.append(networks.rms(delta))
        g = delta @ (gain * W) + (g if skip else 0)
    return np.array(found[::-1]) / found[0]


@computed
def _medians():
    """Median over the seeds, for each function and each of the four settings of the figure."""
    found = {}
    for name, gain in CALIBRATED.items():
        for label, factor, skip in (
            ("half", 0.5, False),
            ("right", 1, False),
            ("double", 2, False),
            ("skip", 0.5, True),
        ):
            runs = [signals(name, factor * gain, skip, seed) for seed in range(SEEDS)]
            found[name, label] = np.median(runs, axis=0)
    return found


@numbers
def first_layer():
    """Error signal of the first layer over that of the thirtieth, for what the text quotes."""
    found = {}
    for (name, label), ratios in _medians().items():
        found.setdefault(name, {})[label] = float(ratios[0])
    ten = float(np.median([signals("sigmoid", 1.0, False, s, 10)[0] for s in range(SEEDS)]))
    return found | {"sigmoid_ten": ten}


@numbers
def bounds():
    """The exact factors of the text: what layers of slope 1/4 leave of an error signal."""
    return {"nine": 0.25**9, "nineteen": 0.25**19}


@computed
def _middles(seed):
    """The fiftieth of 100 singular values over the first, of products of 1, 10 and 30 matrices."""
    rng = np.random.default_rng(seed)
    M, found = np.eye(100), {}
    for count in range(1, 31):
        M = rng.normal(size=(100, 100)) / 10 @ M
        if count in (1, 10, 30):
            s = np.linalg.svd(M, compute_uv=False)
            found[count] = float(s[49] / s[0])
    return found


@numbers
def ranks():
    """The same as the median of 41 seeds: from draw to draw it varies by a factor of two."""
    runs = [_middles(seed) for seed in range(41)]
    return {f"after{count}": float(np.median([run[count] for run in runs])) for count in runs[0]}


# --- degradation, on the digits -----------------------------------------------------------------

STEPS, RATE, WIDTH, SIZE = 250, 0.05, 32, 64
DEPTHS = (2, 10, 20, 40)


def centered_digits():
    pixels, classes = digits.load()
    return 2 * (pixels - pixels.mean(0)), classes


def start(depth, skip, rng):
    """Return (first, W, b, last): a layer to 32 units, `depth` ReLU layers, one to 10 classes.

    He initialization; with `skip`, weights of the ReLU layers are divided by the root of the depth.
    """
    first = rng.normal(size=(WIDTH, 64)) / 8
    W = rng.normal(size=(depth, WIDTH, WIDTH)) * np.sqrt(2 / WIDTH / (depth if skip else 1))
    return first, W, np.zeros((depth, WIDTH)), rng.normal(size=(10, WIDTH)) / np.sqrt(WIDTH)


def step(parameters, X, y, skip):
    """Change the parameters in place by one step of gradient descent on a batch; return the loss before it."""
    first, W, b, last = parameters
    inputs, slopes, rows = [X @ first.T], [], np.arange(len(y))
    for weights, bias in zip(W, b, strict=True):
        h = np.maximum(inputs[-1] @ weights.T + bias, 0)
        slopes.append(h > 0)
        inputs.append(inputs[-1] + h if skip else h)
    logits = inputs[-1] @ last.T
    logits -= logits.max(1, keepdims=True)
    error = np.exp(logits)
    error /= error.sum(1, keepdims=True)
    loss = -np.log(error[rows, y] + 1e-12).mean()
    error[rows, y] -= 1
    error /= len(y)
    g = error @ last
    last -= RATE * error.T @ inputs[-1]
    for layer in reversed(range(len(W))):
        delta = g * slopes[layer]
        g = delta @ W[layer] + (g if skip else 0)
        W[layer] -= RATE * delta.T @ inputs[layer]
        b[layer] -= RATE * delta.sum(0)
    first -= RATE * g.T @ X
    return loss


def train(depth, skip, seed=0):
    """Return the training loss of a net on the digits, mean of the last 30 of 250 steps.

    With `skip`, each ReLU layer adds its result to its input.
    """
    X, y = centered_digits()
    rng = np.random.default_rng(seed)
    parameters, losses = start(depth, skip, rng), []
    for _ in range(STEPS):
        batch = rng.integers(0, len(X), SIZE)
        losses.append(step(parameters, X[batch], y[batch], skip))
    return float(np.mean(losses[-30:]))


@numbers
@computed
def degraded():
    """Training losses by depth, plain and with residual connections."""
    return {
        "plain": [train(d, False) for d in DEPTHS],
        "skip": [train(d, True) for d in DEPTHS],
        "chance": float(np.log(10)),
    }


# --- drawings -----------------------------------------------------------------------------------


@figure
def by_layer():
    """Error signals by layer for three functions in four settings each; losses after training."""
    sheet, axes = style.figure("wide", 40, 1, 4, width_ratios=(1, 1, 1, 0.86))
    layers = np.arange(1, DEPTH + 1)
    looks = {"half": style.CURVES[1], "right": style.CURVES[0], "double": style.CURVES[2], "skip": (style.GREY, "-")}
    titles = {"sigmoid": "Sigmoid, $g$ = 4", "tanh": "Tanh, $g$ = 1", "ReLU": "ReLU, $g$ = √2"}
    places = {  # label: (text, then (layer, exponent) for each function)
        "half": ("$g$/2", {"sigmoid": (7, -11.2), "tanh": (7, -8.6), "ReLU": (7, -8.6)}),
        "right": ("$g$", {"sigmoid": (8.5, -6.2), "tanh": (5, -1.5), "ReLU": (5, -1.2)}),
        "double": ("2$g$", {"sigmoid": (4, -3.2), "tanh": (4, 3.5), "ReLU": (9.5, 8.2)}),
        "skip": ("residual", {"sigmoid": (5, 2.1), "tanh": (13, 3.6), "ReLU": (1.8, 4.2)}),
    }
    for panel, name in zip(axes, CALIBRATED, strict=False):
        for label, (color, line) in looks.items():
            panel.semilogy(
                layers, _medians()[name, label], color=color, linestyle=line, linewidth=2 if label == "skip" else 1.1
            )
            text, where = places[label]
            style.label(panel, text, where[name][0], 10.0 ** where[name][1], color, fontsize=7.5)
        if name == "tanh":
            panel.plot([16, 12], [10**2.3, _medians()[name, "skip"][11]], color=style.GREY, linewidth=0.5)
        panel.axhline(1, color=style.RULE, linewidth=0.4, zorder=0)
        panel.set(
            title=titles[name],
            xlabel="layer $l$",
            xlim=(1, 30),
            xticks=(1, 10, 20, 30),
            ylim=(1e-13, 1e10),
            yticks=[10.0**k for k in (-12, -8, -4, 0, 4, 8)],
        )
        panel.minorticks_off()
        if name != "sigmoid":
            panel.set_yticklabels([])
    sheet.get_layout_engine().set(wspace=0.05)
    axes[0].set_ylabel("size of error signal")
    panel = axes[3]
    for name, sign in (("plain", "plain"), ("skip", "residual")):
        panel.plot(DEPTHS, degraded()[name], **signs.BUILDS[sign].both)
    panel.axhline(degraded()["chance"], color=style.RULE, linewidth=0.5)
    style.label(panel, "guessing", 2, 2.46, style.GREY, fontsize=7.5)
    style.label(panel, "plain", 14.5, 1.5, style.RUST, ha="right", fontsize=7.5)
    style.label(panel, "residual", 23, 0.25, style.TEAL, fontsize=7.5)
    panel.set(title="After training", xlabel="hidden layers", ylim=(-0.12, 2.7), xticks=DEPTHS, yticks=(0, 1, 2))
    panel.set_ylabel("training loss")
    return sheet
