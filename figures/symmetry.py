"""Equal first weights keep hidden units equal, a small difference grows (section 3.8.2)."""

from math import lgamma

import numpy as np

from .kit import signs, style
from .kit.results import computed, experiment, figure, numbers
from .models import networks
from .models.generators import rings

UNITS, STEPS, RATE = 8, 4000, 0.5
POINTS = 300  # rings, as in 3.1.6
SEEDS = tuple(range(5))
NUDGES = ("1e-09", "1e-06", "0.001")  # standard deviations that are added to equal weights
NUDGED_STEPS = 1000

# The example of 3.8.1: three inputs, a 2-3-1 network with zero weights, logistic loss.
EXAMPLE_X = np.array([[1.0, 2.0], [-1.0, 0.5], [0.0, -1.0]])
EXAMPLE_Y = np.array([1.0, 0.0, 1.0])


def constant(value, widths=(2, UNITS, 1)):
    """Layers with every weight equal to `value` and zero biases."""
    return [
        (np.full((units, inputs), float(value)), np.zeros(units))
        for inputs, units in zip(widths, widths[1:], strict=False)
    ]


def _spread(layers):
    """Largest distance between two rows of the first weights."""
    W = layers[0][0]
    return float(np.linalg.norm(W[:, None] - W[None], axis=2).max())


def first_layers(kind, seed):
    """Layers of a kind: "equal" (all weights 0.5), "random", "biases" (equal weights, other biases), or a nudge."""
    rng = np.random.default_rng(100 + seed)
    layers = constant(0.5)
    if kind == "random":
        return networks.initialize((2, UNITS, 1), rng, 0.5)
    if kind == "biases":
        layers[0] = (layers[0][0], np.linspace(-1, 1, UNITS))
    elif kind != "equal":
        layers[0] = (layers[0][0] + float(kind) * rng.normal(size=(UNITS, 2)), layers[0][1])
    return layers


@computed
def run(kind, seed=0, steps=STEPS, batch=None, momentum=0.0):
    """Train on the rings of a seed: (layers, training loss, training accuracy, spread before every tenth step)."""
    X, y = rings(POINTS, seed)
    seen = []

    def watch(step, now):
        if step % 10 == 0:
            seen.append(_spread(now))

    layers, _ = networks.train(
        first_layers(kind, seed),
        X,
        y,
        rate=RATE,
        steps=steps,
        batch=batch,
        seed=2,
        momentum=momentum,
        activation="tanh",
        loss="logistic",
        watch=watch,
    )
    return (layers, networks.mean_loss(layers, X, y, "tanh", "logistic"), networks.accuracy(layers, X, y, "tanh"), seen)


@numbers
def outcome():
    """Training loss and accuracy over the seeds, largest distance between two units' weights."""
    result = {}
    for name in ("equal", "random", "biases"):
        losses, shares, seen = zip(*(run(name, seed)[1:] for seed in SEEDS), strict=True)
        result[name] = {
            "loss": float(np.mean(losses)),
            "accuracy": float(np.mean(shares)),
            "spread": max(s[-1] for s in seen),
        }
        result[name] |= {"lowest": min(losses), "highest": max(losses)}
    for name, options in (("minibatch", {"batch": 20}), ("momentum", {"momentum": 0.9})):
        _, loss, share, seen = run("equal", 0, 1000, **options)
        result[name] = {"loss": loss, "accuracy": share, "spread": seen[-1]}
    return result


@numbers
def settings():
    """Numbers of the experiment that the text repeats."""
    return {"steps": STEPS, "units": UNITS, "points": POINTS, "seeds": len(SEEDS)}


@numbers
def counts():
    """Powers of ten of the networks with one and the same function: orders of 100 units, signs of 100 tanh units."""
    orders, signs_ = lgamma(101) / np.log(10), 100 * np.log10(2)
    return {"orders": orders, "signs": signs_, "layer": orders + signs_, "ten": 10 * (orders + signs_)}


@numbers
def growth():
    """Steps in which the smallest nudge grows a millionfold, to the ten steps of the record; median over the seeds."""
    found = []
    for seed in SEEDS:
        spread = np.array(run(NUDGES[0], seed, NUDGED_STEPS)[3])
        found.append(10 * int(np.argmax(spread > 1e6 * spread[0])))
    return {"steps_to_million": int(np.median(found)), "least": min(found), "most": max(found)}


@numbers
def second_step():
    """The sigmoid 2-3-1 network from zero, rate 0.5: after one step, and the gradient of a first unit in the second."""
    layers, gradients = constant(0, (2, 3, 1)), []
    for _ in range(2):
        _, found, _ = networks.backward(layers, EXAMPLE_X, EXAMPLE_Y, "sigmoid", "logistic")
        gradients.append(found)
        layers = [(W - 0.5 * dW, b - 0.5 * db) for (W, b), (dW, db) in zip(layers, found, strict=True)]
        if len(gradients) == 1:
            weight, bias = float(layers[1][0][0, 0]), float(layers[1][1][0])
    rows = gradients[1][0][0]
    return {"weight": weight, "bias": bias, "row": rows[0], "apart": float(np.ptp(rows, axis=0).max())}


@numbers
def zero_example():
    """Gradients of the 2-3-1 network with zero weights, and the loss before and after training."""
    result = {}
    for name in ("tanh", "relu", "sigmoid"):
        layers = constant(0, (2, 3, 1))
        value, ((dW1, _), (dW2, db2)), _ = networks.backward(layers, EXAMPLE_X, EXAMPLE_Y, name, "logistic")
        trained, losses = networks.train(
            layers, EXAMPLE_X, EXAMPLE_Y, rate=0.5, steps=300, activation=name, loss="logistic"
        )
        result[name] = {
            "first": dW1,
            "second": dW2[0],
            "second_one": float(dW2[0, 0]),
            "bias": float(db2[0]),
            "before": float(value),
            "after": float(losses[-1]),
            "spread": _spread(trained),
        }
    return result


def _region(board, kind, title):
    X, y = rings(POINTS, 0)
    layers = run(kind)[0]
    edge = np.linspace(-2.7, 2.7, 181)
    grid = np.stack(np.meshgrid(edge, edge), axis=-1).reshape(-1, 2)
    scores = networks.outputs(layers, grid, "tanh").reshape(len(edge), -1)
    board.contourf(edge, edge, scores, levels=[0, np.inf], colors=[style.TEAL_TINT])
    board.contour(edge, edge, scores, levels=[0], colors=[style.INK], linewidths=0.9)
    for value, sign in enumerate(signs.CLASSES[:2]):
        looks = {"markersize": 2.0, "markerfacecolor": sign.color if value else "white", "markeredgewidth": 0.6}
        board.plot(*X[y == value].T, **sign.dots, **looks)
    limits, ticks = (-2.7, 2.7), (-2, 0, 2)
    board.set(title=title, aspect="equal", xlim=limits, ylim=limits, xticks=ticks, yticks=ticks, xlabel="$x_1$")


def _growth(board):
    """Largest distance between two units' weights by step, for three nudges and for random weights."""
    steps = 10 * np.arange(NUDGED_STEPS // 10 + 1)
    board.plot(steps, run("random")[3][: len(steps)], color=style.INK)
    style.label(board, "random weights", 20, 25, style.INK, fontsize=7.5)
    looks = ((style.TEAL, (0, (1, 1.2))), (style.GREY, (0, (6, 1.4, 1, 1.4))), (style.RUST, (0, (4, 1.6))))
    for kind, (color, line) in zip(NUDGES, looks, strict=True):
        spread = run(kind, 0, NUDGED_STEPS)[3]
        board.plot(steps, spread, color=color, linestyle=line)
        style.label(board, f"$10^{{{round(np.log10(float(kind)))}}}$", -15, spread[0], color, ha="right", fontsize=7.5)
    style.label(board, "no nudge: exactly 0 at every step", 985, 1e-10, style.INK, ha="right", fontsize=7.5)
    board.set(
        yscale="log",
        xlim=(0, NUDGED_STEPS),
        ylim=(2e-11, 90),
        xlabel="step",
        title="Equal weights and a nudge",
        yticks=[],
    )
    board.minorticks_off()


@figure
def regions_and_growth():
    """Decision regions from equal and from random weights; growth of tiny differences."""
    sheet, (left, middle, right) = style.figure("wide", 42, 1, 3, width_ratios=(1, 1, 1.45))
    _region(left, "equal", "Equal weights 0.5")
    _region(middle, "random", "Random weights")
    left.set_ylabel("$x_2$", rotation=0, labelpad=6)
    middle.set_yticklabels([])
    _growth(right)
    return sheet


@experiment
def equal_units():
    """The runs of the figure and of the text."""
    return {
        "title": "Equal, random and nudged first weights",
        "entry": "3.8.2",
        "compares": "all weights 0.5; normal weights of standard deviation 0.5; weights 0.5 with biases "
        "from \N{MINUS SIGN}1 to 1; weights 0.5 with normal noise of a billionth, a millionth and a thousandth on the "
        "first layer",
        "data": "rings",
        "split": f"{POINTS} training points, drawn anew for each seed; losses and accuracies are those of training",
        "network": f"2-{UNITS}-1, tanh",
        "initialization": "as compared; other biases zero",
        "loss": "binary cross-entropy",
        "optimizer": "gradient descent; once each with batches of 20 and with momentum 0.9",
        "rate": f"{RATE:g}",
        "tuned": "not tuned: equal units stay equal at every rate",
        "batch": "all points",
        "steps": f"{STEPS:,}; growth of a nudge {NUDGED_STEPS:,}",
        "seeds": f"{len(SEEDS)}",
        "plotted": "seed 0; text: means over the seeds",
    }
