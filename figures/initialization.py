"""What the first weights do to the signals of a network, before any training (section 3.8).

One real network carries the section: 64 standardized pixels of a digit, ten hidden layers of 100
units, ten classes. Activations and error signals are followed through it for each choice of
weights, from several draws; starts.py trains it.
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
SEEDS = tuple(range(5))
INCOMING = 15  # weights into a unit that are not zero at first, in sparse initialization
_NUMBERS = {"small": 0.01, "large": 1.0}


def start(scheme, seed=0, function="tanh", widths=WIDTHS):
    """Layers with the weights of a scheme, biases zero; "equal" is 0.01 = 1/n everywhere."""
    pairs = list(zip(widths, widths[1:], strict=False))
    rng = np.random.default_rng(seed)
    if scheme in ("zero", "equal"):
        value = 0.01 if scheme == "equal" else 0.0
        return [(np.full((units, inputs), value), np.zeros(units)) for inputs, units in pairs]
    if scheme == "sparse":
        return [(_sparse(inputs, units, rng), np.zeros(units)) for inputs, units in pairs]
    if scheme == "orthogonal":
        gain = 2**0.5 if function == "relu" else 1.0
        return [(gain * _orthogonal(inputs, units, rng), np.zeros(units)) for inputs, units in pairs]
    return networks.initialize(widths, rng, _NUMBERS.get(scheme, scheme))


def _sparse(inputs, units, rng):
    """INCOMING normal weights of variance 1/INCOMING for each unit, the others zero."""
    W = np.zeros((units, inputs))
    for row in W:
        row[rng.choice(inputs, INCOMING, replace=False)] = rng.normal(size=INCOMING)
    return W / INCOMING**0.5


def _orthogonal(inputs, units, rng):
    """A matrix with orthonormal rows or columns, whichever are fewer."""
    Q = np.linalg.qr(rng.normal(size=(max(inputs, units), min(inputs, units))))[0]
    return Q if units >= inputs else Q.T


@cache
def pixels():
    """Standardized training, validation and test pixels, by the statistics of the training part."""
    parts = digits.split()
    spread = parts.train_x.std(axis=0)
    spread[spread == 0] = 1
    middle = parts.train_x.mean(axis=0)
    return tuple((part - middle) / spread for part in (parts.train_x, parts.valid_x, parts.test_x))


@computed
def signals(scheme, function, seed=0):
    """Follow signals through the network before training: three lists of root mean squares.

    Activations (first the inputs, then each hidden layer); error signals of each layer, relative to
    the last one's; the gradients of each layer's weights for one picture, error signal times
    activation, relative to the same.
    """
    layers = start(scheme, seed, function)
    X, classes = pixels()[0][:PICTURES], digits.split().train_y[:PICTURES]
    _, _, deltas = networks.backward(layers, X, classes, function)
    _, A = networks.forward(layers, X, function)
    last = networks.rms(deltas[-1])
    return (
        [networks.rms(a) for a in A[:-1]],
        [networks.rms(delta) / last for delta in deltas],
        [networks.rms(delta[:, :, None] * a[:, None]) / last for delta, a in zip(deltas, A[:-1], strict=True)],
    )


def typical(scheme, function):
    """The three lists of `signals`, each number the median over the draws."""
    return [np.median(lists, axis=0) for lists in zip(*(signals(scheme, function, s) for s in SEEDS), strict=True)]


@numbers
def settings():
    """Numbers of the experiment that the text repeats."""
    return {"width": WIDTH, "pictures": PICTURES, "seeds": len(SEEDS)}


@numbers
def followed():
    """Rms of activations, error signals and gradients of weights by layer; medians of the draws."""
    result = {}
    for function in ("tanh", "relu"):
        for scheme in ("equal", "small", "lecun", "xavier", "he", "large", "orthogonal", "sparse"):
            forward, backward, weights = typical(scheme, function)
            result[f"{function}_{scheme}"] = {
                "forward": {f"l{number}": float(value) for number, value in enumerate(forward)},
                "backward": {f"l{number}": float(value) for number, value in enumerate(backward, 1)},
                "weights": {f"l{number}": float(value) for number, value in enumerate(weights, 1)},
            }
    return result


@cache
def activations(scheme):
    """Activations of the hidden tanh layers, (layers, pictures, units)."""
    return np.array(networks.forward(start(scheme), pixels()[0][:PICTURES], "tanh")[1][1:-1])


@numbers
def saturated():
    """Tanh units of all ten layers under weights of deviation 1: shares, typical slope, mean square of the slope.

    Also the factor of an error signal in one layer that follows from the mean square, and the share of
    that mean square which the tenth of the units with the largest slopes has.
    """
    A = activations("large")
    slopes = np.sort((1 - A**2).ravel())[::-1]
    square, tenth = float(np.mean(slopes**2)), len(slopes) // 10
    return {
        "share": float((np.abs(A) > 0.99).mean()),
        "typical": float(np.median(slopes)),
        "steep": float((slopes > 0.5).mean()),
        "square": square,
        "carried": float(np.sum(slopes[:tenth] ** 2) / np.sum(slopes**2)),
        "gain": (WIDTH * square) ** 0.5,
    }


@numbers
def uniform():
    """Deviation 0.01: rms in layer 10 from uniform and from normal weights, median of the draws."""
    limit, found = 3**0.5 * 0.01, []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        flat = [(rng.uniform(-limit, limit, W.shape), b) for W, b in start("small")]
        found.append(networks.rms(networks.forward(flat, pixels()[0][:PICTURES], "tanh")[1][HIDDEN]))
    return {"uniform": float(np.median(found)), "normal": float(typical("small", "tanh")[0][HIDDEN])}


@numbers
@cache
def gains():
    """Mean square E[f(z)^2] and mean E[f'(z)^2] for standard normal z, and the gain 1/sqrt(E[f^2]), by quadrature."""
    z = np.linspace(-12, 12, 240_001)
    weight = np.exp(-np.square(z) / 2) / (2 * np.pi) ** 0.5 * (z[1] - z[0])
    normal_cdf = np.cumsum(weight) - weight / 2
    shapes = {
        "tanh": np.tanh(z),
        "relu": np.maximum(z, 0),
        "leaky": np.where(z > 0, z, 0.2 * z),
        "gelu": z * normal_cdf,
        "silu": z * activation.sigmoid(z),
        "elu": np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
    }
    found = {}
    for name, shape in shapes.items():
        square = float((weight * shape**2).sum())
        slope = float((weight * np.gradient(shape, z) ** 2).sum())
        found[name] = {"square": square, "gain": square**-0.5, "slope": slope, "back": slope**-0.5}
    return found


@numbers
def deviations():
    """Standard deviations and factors that the text names."""
    return {
        "he_conv": (2 / (3 * 3 * 64)) ** 0.5,
        "relu_ten": 2.0 ** (-HIDDEN / 2),
        "xavier_first": (2 / (64 + WIDTH)) ** 0.5,
        "forward_first": 64**-0.5,
        "backward_first": WIDTH**-0.5,
        "he": (2 / WIDTH) ** 0.5,
        "sparse": INCOMING**-0.5,
        "last": (10 / WIDTH) ** 0.5,
    }


@numbers
def rules():
    """What the rules say of the network, beside what is measured."""
    forward = typical("large", "relu")[0]
    return {
        "relu_large": (WIDTH / 2) ** 4.5,
        "relu_large_measured": float(forward[HIDDEN] / forward[1]),
        "tanh_ten": (1 + 2 * HIDDEN) ** -0.5,
        "residual": (1 + 1 / 30) ** 30,
    }


@numbers
def biases():
    """Numbers of the answer on biases: class prior, loss of a fresh classifier, forget gate."""
    prior = 0.01
    forget = [float(activation.sigmoid(value)) for value in (0.0, 1.0)]
    return {
        "logit": float(np.log(prior / (1 - prior))),
        "logit_twentieth": float(np.log(0.05 / 0.95)),
        "loss": float(-prior * np.log(prior) - (1 - prior) * np.log(1 - prior)),
        "loss_zero": float(np.log(2)),
        "gate_zero": forget[0],
        "gate_one": forget[1],
        "kept_zero": forget[0] ** 20,
        "kept_one": forget[1] ** 20,
    }


def _size(value):
    """A size as a label: two decimals, or one digit and a power of ten."""
    power = int(np.floor(np.log10(value)))
    return f"{value:.2f}" if power >= -2 else f"${value / 10.0**power:.0f}\\times 10^{{{power}}}$"


def _histogram(board, values):
    """One panel: the distribution of activations between -1 and 1, and their rms."""
    edges = np.linspace(-1, 1, 42)
    counts, _ = np.histogram(values, edges)
    board.stairs(counts / counts.max(), edges, fill=True, color=style.TEAL_TINT)
    board.stairs(counts / counts.max(), edges, color=style.TEAL, linewidth=0.7)
    size = f"rms {_size(networks.rms(values))}"
    board.text(0.97, 0.86, size, transform=board.transAxes, ha="right", va="center", fontsize=7.5)
    board.set(xlim=(-1.15, 1.15), ylim=(0, 1.6), yticks=[], xticks=(-1, 0, 1))
    board.spines["left"].set_visible(False)


@figure
def histograms():
    """Activations of four layers of the tanh network for three sizes of the first weights."""
    sheet, boards = style.figure("wide", 40, 3, 4, sharex=True)
    rows = (("small", "$\\sigma$ = 0.01"), ("lecun", "$\\sigma$ = 1/√$n$"), ("large", "$\\sigma$ = 1"))
    for row, (scheme, name) in zip(boards, rows, strict=True):
        for board, number in zip(row, (1, 4, 7, 10), strict=True):
            _histogram(board, activations(scheme)[number - 1].ravel())
        row[0].set_ylabel(name, rotation=0, ha="right", va="bottom", labelpad=3, y=0.1)
    for board, number in zip(boards[0], (1, 4, 7, 10), strict=True):
        board.set_title(f"Layer {number}")
    sheet.supxlabel("activation", fontsize=8)
    return sheet


# Where the labels of through_layers stand: (function, scheme) -> (layer, size) forward and backward.
LABELS = {"small": "0.01", "lecun": "1/√$n$", "he": "√(2/$n$)", "large": "1"}
LOOKS = dict(zip(LABELS, style.CURVES, strict=False))


def _sizes(board, function, direction):
    """One panel: rms by layer for each deviation, on a logarithmic scale, named at the line ends."""
    ends = []
    for scheme, (color, line) in LOOKS.items():
        sizes = typical(scheme, function)[direction]
        layers = range(1, HIDDEN + 1) if direction == 0 else range(1, HIDDEN + 2)
        shown = sizes[1:] if direction == 0 else sizes
        board.plot(layers, shown, color=color, linestyle=line)
        ends.append((np.log10(shown[-1 if direction == 0 else 0]), LABELS[scheme], color))
    ends.sort(key=lambda end: end[0])
    at = -99.0
    for height, text, color in ends:
        at = max(height, at + 2.6)
        x, side = (10.4, "left") if direction == 0 else (0.6, "right")
        style.label(board, text, x, 10.0**at, color, ha=side, fontsize=7.5)
    board.set(yscale="log", ylim=(1e-13, 1e11), xlim=(1, 11), xticks=(1, 4, 7, 10), yticks=[1e-12, 1e-6, 1, 1e6])
    board.minorticks_off()


@figure
def through_layers():
    """Rms of activations and of error signals by layer, for tanh and ReLU."""
    sheet, boards = style.figure("wide", 42, 1, 4, width_ratios=(1, 1, 1, 1))
    for half, direction in ((boards[:2], 0), (boards[2:], 1)):
        for board, function in zip(half, ("tanh", "relu"), strict=True):
            _sizes(board, function, direction)
            name = "tanh" if function == "tanh" else "ReLU"
            board.set(title=f"{name}, {'activations' if direction == 0 else 'error signals'}", xlabel="layer $l$")
    boards[0].set_ylabel("rms")
    for board in boards[2:]:
        board.yaxis.tick_right()
        board.spines[["right"]].set_visible(True)
        board.spines[["left"]].set_visible(False)
    return sheet
