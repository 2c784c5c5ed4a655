"""The first values of weights and biases, and what they do to a network (section 3.8).

One real network carries the section: 64 standardized pixels of a digit, ten hidden layers of 100
units, ten classes. Activations and error signals are followed through it for each choice of
weights.
"""

from functools import cache

import numpy as np

from . import activation
from .kit import style
from .kit.results import computed, figure, numbers
from .models import digits, networks

WIDTH, HIDDEN = 100, 10
WIDTHS = (64, *[WIDTH] * HIDDEN, 10)
PICTURES = 200  # of the training part, for activations and error signals
STEPS, BATCH, RATE = 100, 32, 0.05
SCHEMES = ("zero", "equal", "small", "lecun", "xavier", "he", "large")
_NUMBERS = {"small": 0.01, "large": 1.0}


def start(scheme, widths=WIDTHS, seed=0):
    """Layers with the weights of a scheme, biases zero; "equal" is 0.01 = 1/n everywhere."""
    if scheme in ("zero", "equal"):
        value = 0.01 if scheme == "equal" else 0.0
        return [
            (np.full((units, inputs), value), np.zeros(units))
            for inputs, units in zip(widths, widths[1:], strict=False)
        ]
    return networks.initialize(widths, np.random.default_rng(seed), _NUMBERS.get(scheme, scheme))


@cache
def _pixels():
    """Standardized training and test pixels, by the statistics of the training part."""
    parts = digits.split()
    spread = parts.train_x.std(axis=0)
    spread[spread == 0] = 1
    middle = parts.train_x.mean(axis=0)
    return (parts.train_x - middle) / spread, (parts.test_x - middle) / spread


@computed
def signals(scheme, function, seed=0):
    """Follow signals through the network before training: three lists of root mean squares.

    Activations (first the inputs, then each hidden layer); error signals of each layer, relative to
    the last one's; the gradients of each layer's weights for one picture, error signal times
    activation, relative to the same.
    """
    layers = start(scheme, seed=seed)
    X, classes = _pixels()[0][:PICTURES], digits.split().train_y[:PICTURES]
    _, _, deltas = networks.backward(layers, X, classes, function)
    _, A = networks.forward(layers, X, function)
    last = networks.rms(deltas[-1])
    return (
        [networks.rms(a) for a in A[:-1]],
        [networks.rms(delta) / last for delta in deltas],
        [networks.rms(delta[:, :, None] * a[:, None]) / last for delta, a in zip(deltas, A[:-1], strict=True)],
    )


@computed
def _trained(scheme, function):
    """(mean loss of the last ten steps, test accuracy) after a short training; None for both if it diverged."""
    parts, (X, test) = digits.split(), _pixels()
    with np.errstate(over="ignore", invalid="ignore"):
        layers, losses = networks.train(
            start(scheme), X, parts.train_y, rate=RATE, steps=STEPS, batch=BATCH, activation=function
        )
    if not np.isfinite(losses).all():
        return None, None
    return float(losses[-10:].mean()), networks.accuracy(layers, test, parts.test_y, function)


@numbers
def table():
    """For each function and scheme: last hidden activations, first error signal, loss, accuracy."""
    result = {}
    for function in ("tanh", "relu"):
        result[function] = {}
        for scheme in SCHEMES:
            forward, backward, _ = signals(scheme, function)
            if scheme == "equal":  # exactly zero; rounding leaves 1e-17
                backward = [0.0 if value < 1e-14 else value for value in backward]
            loss, share = _trained(scheme, function)
            result[function][scheme] = {
                "forward": forward[-1],
                "backward": backward[0],
                "loss": loss,
                "accuracy": share,
            }
    return result


@numbers
def settings():
    """Numbers of the experiment that the text repeats."""
    return {"width": WIDTH, "pictures": PICTURES, "steps": STEPS, "batch": BATCH, "rate": RATE}


@numbers
def followed():
    """Rms of the activations of each hidden layer, and of the error and weight gradient signals."""
    result = {}
    for function in ("tanh", "relu"):
        for scheme in ("small", "lecun", "large"):
            forward, backward, weights = signals(scheme, function)
            result[f"{function}_{scheme}"] = {
                "forward": {f"l{number}": value for number, value in enumerate(forward)},
                "backward": {f"l{number}": value for number, value in enumerate(backward, 1)},
                "weights": {f"l{number}": value for number, value in enumerate(weights, 1)},
            }
    return result


@cache
def _activations(scheme):
    X = _pixels()[0][:PICTURES]
    return networks.forward(start(scheme), X, "tanh")[1][1:-1]


@numbers
def saturated():
    """Tanh units of layers 2 to 10 under weights of deviation 1.

    The share beyond 0.99, the mean square of the slope, and the factor of an error signal in one
    layer that follows from it.
    """
    A = np.array(_activations("large")[1:])
    slope = float(np.mean((1 - A**2) ** 2))
    return {"share": float((np.abs(A) > 0.99).mean()), "slope": slope, "gain": (WIDTH * slope) ** 0.5}


@numbers
def variants():
    """Deviation 0.01: normal against uniform weights, and a network of one hidden layer."""
    rng = np.random.default_rng(0)
    limit = 3**0.5 * 0.01
    flat = [(rng.uniform(-limit, limit, W.shape), b) for W, b in start("small")]
    A = networks.forward(flat, _pixels()[0][:PICTURES], "tanh")[1]
    parts, (X, test) = digits.split(), _pixels()
    layers, _ = networks.train(
        start("small", (64, WIDTH, 10)), X, parts.train_y, rate=RATE, steps=STEPS, batch=BATCH, activation="tanh"
    )
    return {
        "uniform": networks.rms(A[HIDDEN]),
        "normal": signals("small", "tanh")[0][HIDDEN],
        "shallow": networks.accuracy(layers, test, parts.test_y, "tanh"),
    }


@numbers
@cache
def gains():
    """Mean square E[f(z)^2] for standard normal z, and the gain 1/sqrt(E[f^2]), by quadrature."""
    z = np.linspace(-12, 12, 240_001)
    weight = np.exp(-np.square(z) / 2) / (2 * np.pi) ** 0.5 * (z[1] - z[0])
    normal_cdf = np.cumsum(weight) - weight / 2
    shapes = {
        "tanh": np.tanh(z),
        "relu": np.maximum(z, 0),
        "gelu": z * normal_cdf,
        "silu": z * activation.sigmoid(z),
        "elu": np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
    }
    squares = {name: float((weight * shape**2).sum()) for name, shape in shapes.items()}
    return {name: {"square": value, "gain": value**-0.5} for name, value in squares.items()}


@numbers
def deviations():
    """Standard deviations and gains of layers that the text names."""
    return {
        "he_conv": (2 / (3 * 3 * 64)) ** 0.5,
        "relu_ten": 2.0 ** (-HIDDEN / 2),
        "xavier_first": (2 / (64 + WIDTH)) ** 0.5,
        "lecun_first": 64**-0.5,
        "lecun": WIDTH**-0.5,
        "he": (2 / WIDTH) ** 0.5,
        "last": (10 / WIDTH) ** 0.5,
    }


INCOMING = 15  # weights a unit that are not zero at first, in sparse initialization


def sparse_start(widths=WIDTHS, seed=0):
    """INCOMING normal weights of variance 1/INCOMING for each unit, the others zero."""
    rng, layers = np.random.default_rng(seed), []
    for inputs, units in zip(widths, widths[1:], strict=False):
        W = np.zeros((units, inputs))
        for row in W:
            row[rng.choice(inputs, INCOMING, replace=False)] = rng.normal(size=INCOMING)
        layers.append((W / INCOMING**0.5, np.zeros(units)))
    return layers


@numbers
@cache
def sparse():
    """The tanh network with sparse first weights, before and after a short training; None for both if it diverged."""
    parts, (X, test) = digits.split(), _pixels()
    first = sparse_start()
    layers, _ = networks.train(first, X, parts.train_y, rate=RATE, steps=STEPS, batch=BATCH, activation="tanh")
    still = [float((W == 0).mean()) for W, _ in layers[1:-1]]
    _, A = networks.forward(first, X[:PICTURES], "tanh")
    return {
        "zeros": float(np.mean([(W == 0).mean() for W, _ in first[1:-1]])),
        "zeros_after": float(np.mean(still)),
        "rms": networks.rms(A[HIDDEN]),
        "accuracy": networks.accuracy(layers, test, parts.test_y, "tanh"),
        "deviation": INCOMING**-0.5,
    }


@numbers
def biases():
    """Numbers of the section on biases: class prior, loss of a fresh classifier, forget gate."""
    prior = 0.01
    forget = [float(activation.sigmoid(value)) for value in (0.0, 1.0)]
    return {
        "logit": float(np.log(prior / (1 - prior))),
        "logit_twentieth": float(np.log(0.05 / 0.95)),
        "loss": float(-prior * np.log(prior) - (1 - prior) * np.log(1 - prior)),
        "loss_zero": float(np.log(2)),
        "loss_ten": float(np.log(10)),
        "loss_thousand": float(np.log(1000)),
        "gate_zero": forget[0],
        "gate_one": forget[1],
        "kept_zero": forget[0] ** 20,
        "kept_one": forget[1] ** 20,
    }


@figure
def histograms():
    """Activations of four layers of the tanh network for three sizes of the first weights."""
    sheet, boards = style.figure("wide", 46, 3, 4, sharex=True)
    rows = (("small", "$\\sigma$ = 0.01"), ("lecun", "$\\sigma$ = $n^{-1/2}$"), ("large", "$\\sigma$ = 1"))
    edges = np.linspace(-1, 1, 42)
    for row, (scheme, name) in zip(boards, rows, strict=True):
        for board, number in zip(row, (1, 4, 7, 10), strict=True):
            values = _activations(scheme)[number - 1].ravel()
            counts, _ = np.histogram(values, edges)
            board.stairs(counts / counts.max(), edges, fill=True, color=style.TEAL_TINT)
            board.stairs(counts / counts.max(), edges, color=style.TEAL, linewidth=0.7)
            spread = networks.rms(values)
            power = int(np.floor(np.log10(spread)))
            text = f"rms {spread:.2f}" if power >= -2 else f"rms ${spread / 10.0**power:.0f}\\times 10^{{{power}}}$"
            board.text(0.97, 0.86, text, transform=board.transAxes, ha="right", va="center", fontsize=7.5)
            board.set(xlim=(-1.15, 1.15), ylim=(0, 1.6), yticks=[], xticks=(-1, 0, 1))
            board.spines["left"].set_visible(False)
        row[0].set_ylabel(name, rotation=0, ha="right", va="center", labelpad=3)
    for board, number in zip(boards[0], (1, 4, 7, 10), strict=True):
        board.set_title(f"Layer {number}")
    sheet.supxlabel("activation", fontsize=8)
    return sheet


@figure
def through_layers():
    """Rms of activations and of error signals by layer, on a logarithmic scale."""
    sheet, (upper, lower) = style.figure("margin", 90, 2, 1, sharex=True)
    curves = (
        ("tanh", "small", style.TEAL, "-"),
        ("relu", "small", style.TEAL, (0, (1, 1.2))),
        ("tanh", "lecun", style.INK, (0, (5, 1.4))),
        ("tanh", "large", style.RUST, (0, (3, 1, 1, 1))),
        ("relu", "large", style.RUST, (0, (2, 2))),
    )
    for function, scheme, color, line in curves:
        forward, backward, _ = signals(scheme, function)
        upper.plot(range(1, HIDDEN + 1), forward[1:], color=color, linestyle=line)
        lower.plot(range(1, HIDDEN + 2), backward, color=color, linestyle=line)
    for board, title in ((upper, "Forward: activations"), (lower, "Backward: error signals")):
        board.set(
            title=title,
            yscale="log",
            ylim=(1e-13, 1e10),
            xlim=(1, 11),
            ylabel="rms",
            xticks=(1, 4, 7, 10),
            yticks=[10.0**k for k in (-12, -8, -4, 0, 4, 8)],
        )
        board.minorticks_off()
    lower.set_xlabel("layer $l$")
    root = "$n^{-1/2}$"
    for board, x, y, text, color, side in (
        (upper, 6.2, 3e7, "ReLU, 1", style.RUST, "right"),
        (upper, 10.9, 60, "tanh, 1", style.RUST, "right"),
        (upper, 10.9, 2e-3, f"tanh, {root}", style.INK, "right"),
        (upper, 10.9, 6e-6, "tanh, 0.01", style.TEAL, "right"),
        (upper, 5.6, 1e-9, "ReLU, 0.01", style.TEAL, "right"),
        (lower, 5.6, 1e7, "ReLU, 1", style.RUST, "left"),
        (lower, 1.3, 12, "tanh, 1", style.RUST, "left"),
        (lower, 1.3, 2e-3, f"tanh, {root}", style.INK, "left"),
        (lower, 6.3, 3e-10, "tanh, 0.01", style.TEAL, "left"),
        (lower, 6.3, 2e-12, "ReLU, 0.01", style.TEAL, "left"),
    ):
        style.label(board, text, x, y, color, ha=side, fontsize=7.5)
    return sheet
