"""Equal first weights keep hidden units equal, a small difference grows (section 3.8.2)."""

import numpy as np

from .kit import signs, style
from .kit.results import computed, figure, numbers
from .models import networks
from .models.generators import rings

UNITS, STEPS, RATE = 8, 4000, 0.5
POINTS, NOISE = 200, 0.15
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


@computed
def run(kind, steps=STEPS, batch=None, momentum=0.0):
    """Train on the rings: (layers, final loss, accuracy, spread before every tenth step)."""
    X, y = rings(POINTS, 0, NOISE)
    rng = np.random.default_rng(1)
    layers = constant(0.5)
    if kind == "random":
        layers = networks.initialize((2, UNITS, 1), rng, 0.5)
    elif kind == "biases":
        layers[0] = (layers[0][0], np.linspace(-1, 1, UNITS))
    elif kind != "equal":
        layers[0] = (layers[0][0] + float(kind) * rng.normal(size=(UNITS, 2)), layers[0][1])
    seen = []

    def watch(step, now):
        if step % 10 == 0:
            seen.append(_spread(now))

    layers, _ = networks.train(
        layers,
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
    """Loss, accuracy and largest distance between two units' weights after training."""
    result = {}
    for name, options in (
        ("equal", {}),
        ("random", {}),
        ("biases", {}),
        ("minibatch", {"batch": 20, "steps": 1000}),
        ("momentum", {"momentum": 0.9, "steps": 1000}),
    ):
        kind = name if name in ("random", "biases") else "equal"
        _, loss, share, seen = run(kind, **options)
        result[name] = {"loss": loss, "accuracy": share, "spread": seen[-1]}
    return result


@numbers
def settings():
    """Numbers of the experiment that the text repeats."""
    return {"steps": STEPS, "units": UNITS}


@numbers
def growth():
    """Steps in which the smallest nudge grows a millionfold, to the ten steps of the record."""
    spread = np.array(run(NUDGES[0], NUDGED_STEPS)[3])
    return {"steps_to_million": 10 * int(np.argmax(spread > 1e6 * spread[0]))}


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
    X, y = rings(POINTS, 0, NOISE)
    layers, loss, share, _ = run(kind)
    edge = np.linspace(-2.7, 2.7, 181)
    grid = np.stack(np.meshgrid(edge, edge), axis=-1).reshape(-1, 2)
    scores = networks.outputs(layers, grid, "tanh").reshape(len(edge), -1)
    board.contourf(edge, edge, scores, levels=[-np.inf, 0, np.inf], colors=[style.RUST_TINT, style.TEAL_TINT])
    board.contour(edge, edge, scores, levels=[0], colors=[style.INK], linewidths=0.9)
    for value, (color, _, marker) in enumerate(signs.CLASSES[:2]):
        points = X[y == value]
        board.plot(
            points[:, 0],
            points[:, 1],
            marker,
            color=color,
            markersize=2.2,
            markerfacecolor=color if value else "none",
            markeredgewidth=0.6,
        )
    board.set(
        title=title,
        aspect="equal",
        xlim=(-2.7, 2.7),
        ylim=(-2.7, 2.7),
        xticks=(-2, 0, 2),
        yticks=(-2, 0, 2),
        xlabel="$x_1$",
    )


@figure
def regions_and_growth():
    """Decision regions from equal and from random weights; growth of tiny differences."""
    sheet, (left, middle, right) = style.figure("wide", 48, 1, 3, width_ratios=(1, 1, 1.45))
    _region(left, "equal", "Equal weights 0.5")
    _region(middle, "random", "Random weights")
    left.set_ylabel("$x_2$", rotation=0, labelpad=6)
    middle.set_yticklabels([])
    right.plot(10 * np.arange(NUDGED_STEPS // 10 + 1), run("random")[3][: NUDGED_STEPS // 10 + 1], color=style.INK)
    looks = ((style.TEAL, (0, (1, 1.2))), (style.GREY, (0, (6, 1.4, 1, 1.4))), (style.RUST, (0, (4, 1.6))))
    for kind, (color, line) in zip(NUDGES, looks, strict=True):
        spread = run(kind, NUDGED_STEPS)[3]
        right.plot(10 * np.arange(len(spread)), spread, color=color, linestyle=line)
    right.set(
        yscale="log",
        xlim=(0, 1000),
        ylim=(2e-11, 90),
        xlabel="step",
        title="Equal weights with a nudge",
        ylabel="largest distance",
        yticks=[10.0**k for k in (-9, -6, -3, 0)],
    )
    right.minorticks_off()
    for x, y, text, color in (
        (20, 22, "random weights", style.INK),
        (20, 0.12, "$10^{-3}$", style.RUST),
        (65, 1.2e-3, "$10^{-6}$", style.GREY),
        (85, 1.2e-6, "$10^{-9}$", style.TEAL),
    ):
        style.label(right, text, x, y, color)
    style.label(right, "no nudge: exactly 0 at every step", 985, 1e-10, style.INK, ha="right")
    return sheet
