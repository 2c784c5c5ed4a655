"""Self-supervised pre-training on digits without labels (section 3.7.1)."""

import numpy as np

from .kit import signs, style
from .kit.results import computed, figure, numbers
from .models import digits, networks
from .models.fields import PLACES, SIDE, everywhere, features, few, place

HIDDEN = (128, 64)
LABELS = (10, 20, 50, 100, 200, 500)  # labeled pictures; a tenth of them of each digit
DRAWS = 3  # labeled sets of each size
STEPS, BATCH, RATE, MOMENTUM = 120, 32, 0.05, 0.9


def _falling(rate, steps):
    """A learning rate that falls linearly to zero."""
    return lambda step: rate * (1 - step / steps)


@computed
def pretrained_layers():
    """A network that was trained to give back each picture, in the middle, from any place.

    Its inputs are fields of 10 x 10, its targets the 8 x 8 pictures; no label is used.
    """
    pictures = digits.split().train_x
    start = networks.initialize((SIDE**2, *HIDDEN, 64), np.random.default_rng(0), "he")
    layers, _ = networks.train(
        start,
        everywhere(pictures),
        np.tile(pictures, (len(PLACES), 1)),
        rate=_falling(0.02, 1500),
        steps=1500,
        batch=64,
        momentum=MOMENTUM,
        loss="squared",
    )
    return layers


def _fit(start, X, targets, draw):
    return networks.train(
        start,
        X,
        targets,
        rate=_falling(RATE, STEPS),
        steps=STEPS,
        batch=BATCH if len(X) > BATCH else None,
        momentum=MOMENTUM,
        seed=draw,
    )[0]


@computed
def _runs():
    """Test accuracies, {task: {way: array (LABELS x DRAWS)}}."""
    parts = digits.split()
    test = everywhere(parts.test_x)
    truth = {"digit": np.tile(parts.test_y, len(PLACES)), "place": np.repeat(np.arange(len(PLACES)), len(parts.test_y))}
    body = pretrained_layers()[:-1]
    test_inner = features(body, test)
    result = {task: {"scratch": [], "pretrained": []} for task in truth}
    for count in LABELS:
        rows = {task: {"scratch": [], "pretrained": []} for task in truth}
        for draw in range(DRAWS):
            rng = np.random.default_rng([count, draw])
            X, *targets = few(parts.train_x, parts.train_y, count // 10, rng)
            inner = features(body, X)
            for (task, right), labels in zip(truth.items(), targets, strict=True):
                fresh = _fit(networks.initialize((SIDE**2, *HIDDEN, 10), rng, "he"), X, labels, draw)
                head = _fit([(np.zeros((10, HIDDEN[-1])), np.zeros(10))], inner, labels, draw)
                rows[task]["scratch"].append(networks.accuracy(fresh, test, right))
                rows[task]["pretrained"].append(networks.accuracy(head, test_inner, right))
        for task, ways in rows.items():
            for way, values in ways.items():
                result[task][way].append(values)
    return {task: {way: np.array(v) for way, v in ways.items()} for task, ways in result.items()}


@numbers
def accuracy():
    """Mean test accuracy, `digit.scratch.n10` and so on."""
    return {
        task: {
            way: {f"n{count}": float(values.mean()) for count, values in zip(LABELS, table, strict=True)}
            for way, table in ways.items()
        }
        for task, ways in _runs().items()
    }


@numbers
def sizes():
    """Parameters of the new head and of the whole classifier."""
    layers = networks.initialize((SIDE**2, *HIDDEN, 10), np.random.default_rng(0))
    return {"head": networks.parameter_count(layers[-1:]), "whole": networks.parameter_count(layers)}


@figure
def curves():
    """The pretext task in pictures, and test accuracy against labels for two tasks."""
    sheet, axes = style.figure("column", 36, 1, 3, width_ratios=(0.62, 1, 1))
    _pretext(sheet, axes[0])
    titles = {"digit": "Which digit is it?", "place": "Where does it stand?"}
    for board, (task, ways) in zip(axes[1:], _runs().items(), strict=True):
        for way, sign in (("pretrained", "pre-trained"), ("scratch", "from scratch")):
            board.plot(LABELS, ways[way].mean(axis=1), **signs.STARTS[sign].both)
        chance = 1 / (10 if task == "digit" else len(PLACES))
        board.axhline(chance, color=style.GREY, linestyle=(0, (1, 1.4)), linewidth=0.8)
        board.set(
            title=titles[task],
            xscale="log",
            xlabel="labeled images",
            ylim=(0, 1),
            xticks=(10, 100, 500),
            xticklabels=("10", "100", "500"),
            xlim=(8, 620),
        )
        board.minorticks_off()
    axes[1].set_ylabel("test accuracy")
    axes[2].set_yticklabels([])
    style.label(axes[1], "pre-trained", 9.5, 0.9, style.TEAL)
    style.label(axes[1], "from scratch", 62, 0.29, style.RUST)
    style.label(axes[1], "chance", 620, 0.175, style.GREY, ha="right")
    style.label(axes[2], "from scratch", 60, 0.72, style.RUST)
    style.label(axes[2], "pre-trained", 60, 0.235, style.TEAL)
    return sheet


def _pretext(sheet, board):
    """Draw a field and what the pre-trained network makes of it, one above the other."""
    board.axis("off")
    board.set_title("Pretext task")
    parts = digits.split()
    field = place(parts.test_x[6:7], PLACES[2])
    answer = networks.outputs(pretrained_layers(), field)
    for picture, side, low, name in ((field, SIDE, 0.54, "input"), (answer, 8, 0.0, "output")):
        height = 0.44
        small = board.inset_axes([0.24, low, 0.76, height])
        small.imshow(picture.reshape(side, side), cmap="gray_r", vmin=0, vmax=1)
        small.set(xticks=[], yticks=[])
        for spine in small.spines.values():
            spine.set_visible(True)
        board.text(
            0.12, low + height / 2, name, rotation=90, ha="center", va="center", fontsize=7.5, transform=board.transAxes
        )
