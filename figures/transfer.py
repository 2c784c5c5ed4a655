"""Transfer between tasks on real digits (sections 3.7.2 to 3.7.4).

A network is pre-trained on the even digits (at every place of a 10 x 10 field, see fields.py) and
fine-tuned on the odd ones with few labels: its head alone, its upper layers, all of it, or through
low-rank updates; against the same network from scratch.
"""

from functools import cache

import numpy as np

from .kit import signs, style
from .kit.results import computed, figure, numbers
from .models import digits, networks
from .models.fields import PLACES, SIDE, everywhere, features, few

HIDDEN = (128, 64)
EVEN, ODD = (0, 2, 4, 6, 8), (1, 3, 5, 7, 9)
LABELS = (5, 10, 25, 50, 100, 200, 400)  # labeled odd digits, the same number of each class
DRAWS = 3  # labeled sets of each size
COMPARED = 100  # labels in the table of what changes
RANK = 4  # of the low-rank updates
STEPS, BATCH, MOMENTUM = 120, 32, 0.9
# First learning rate of each way; it falls linearly to zero. Chosen on the validation part.
RATES = {"scratch": 0.05, "head": 0.05, "part": 0.03, "whole": 0.02, "lora": 0.05, "fast": 0.2}


def _only(group, pictures, classes):
    keep = np.isin(classes, group)
    return pictures[keep], np.searchsorted(group, classes[keep])


def _everywhere(pictures, classes):
    return everywhere(pictures), np.tile(classes, len(PLACES))


@cache
def _task(group):
    """(Training pictures, classes), and (test fields, classes) of the digits of a group."""
    parts = digits.split()
    return (_only(group, parts.train_x, parts.train_y), _everywhere(*_only(group, parts.test_x, parts.test_y)))


@computed
def source_layers():
    """The network pre-trained on the even digits."""
    start = networks.initialize((SIDE**2, *HIDDEN, 5), np.random.default_rng(0), "he")
    layers, _ = networks.train(start, *_everywhere(*_task(EVEN)[0]), rate=0.02, steps=1200, batch=64, momentum=MOMENTUM)
    return layers


def labeled_digits(count, draw):
    (pictures, classes), _ = _task(ODD)
    return few(pictures, classes, count // len(ODD), np.random.default_rng([count, draw]))[:2]


def _lora(layers, X, classes, draw):
    """Train low-rank updates B A of the hidden layers and the head; return the merged layers."""
    rng = np.random.default_rng([2, draw])
    base, (W, b) = layers[:-1], layers[-1]
    free = [W.copy(), b.copy()]
    for frozen, _ in base:
        free += [np.zeros((frozen.shape[0], RANK)), rng.normal(size=(RANK, frozen.shape[1])) / frozen.shape[1] ** 0.5]
    speed = [np.zeros_like(array) for array in free]

    def merged():
        return [(frozen + B @ A, bias) for (frozen, bias), B, A in zip(base, free[2::2], free[3::2], strict=True)] + [
            tuple(free[:2])
        ]

    picks = networks.batches(len(X), min(BATCH, len(X)), rng)
    for step in range(STEPS):
        pick = next(picks)
        _, gradients, _ = networks.backward(merged(), X[pick], classes[pick])
        slopes = list(gradients[-1])
        for (dW, _), B, A in zip(gradients, free[2::2], free[3::2], strict=False):
            slopes += [dW @ A.T, B.T @ dW]
        for array, v, slope in zip(free, speed, slopes, strict=True):
            v *= MOMENTUM
            v += slope
            array -= RATES["lora"] * (1 - step / STEPS) * v
    return merged()


def tune(way, X, classes, draw):
    """Return the layers after training on labeled odd digits in one of the ways of RATES."""

    def fit(start, inputs, rate):
        return networks.train(
            start,
            inputs,
            classes,
            rate=lambda step: rate * (1 - step / STEPS),
            steps=STEPS,
            batch=BATCH if len(X) > BATCH else None,
            momentum=MOMENTUM,
            seed=draw,
        )[0]

    body = source_layers()[:-1]
    if way == "scratch":
        rng = np.random.default_rng([1, draw])
        return fit(networks.initialize((SIDE**2, *HIDDEN, 5), rng, "he"), X, RATES[way])
    head = fit([(np.zeros((5, HIDDEN[-1])), np.zeros(5))], features(body, X), RATES["head"])
    if way == "head":
        return body + head
    if way == "part":
        return body[:1] + fit(body[1:] + head, features(body[:1], X), RATES[way])
    if way == "lora":
        return _lora(body + head, X, classes, draw)
    return fit(body + head, X, RATES[way])


@computed
def _curves():
    """Test accuracy on the odd digits, {way: LABELS x DRAWS}."""
    test = _task(ODD)[1]
    return {
        way: np.array(
            [
                [networks.accuracy(tune(way, *labeled_digits(count, draw), draw), *test) for draw in range(DRAWS)]
                for count in LABELS
            ]
        )
        for way in ("scratch", "head", "part", "whole")
    }


@numbers
def accuracy():
    """Mean test accuracy on the odd digits, `whole.n50` and so on; `source` on the even ones."""
    table = {
        way: {f"n{count}": float(row.mean()) for count, row in zip(LABELS, rows, strict=True)}
        for way, rows in _curves().items()
    }
    return table | {"source": networks.accuracy(source_layers(), *_task(EVEN)[1])}


@numbers
@computed
def changes():
    """What each way changes, with COMPARED labels.

    For each way: parameters trained, relative change of the weights of both hidden layers
    (Frobenius norm), test accuracy on the odd digits, and on the even digits with their old head.
    """
    source, (old, new) = source_layers(), (_task(EVEN)[1], _task(ODD)[1])
    sizes = [networks.parameter_count([layer]) for layer in source]
    low_rank = sum(RANK * sum(W.shape) for W, _ in source[:-1])
    trained = {
        "head": sizes[2],
        "part": sizes[1] + sizes[2],
        "lora": low_rank + sizes[2],
        "whole": sum(sizes),
        "fast": sum(sizes),
    }
    result = {}
    for way, count in trained.items():
        rows = []
        for draw in range(DRAWS):
            layers = tune(way, *labeled_digits(COMPARED, draw), draw)
            moved = [
                np.linalg.norm(W - old_W) / np.linalg.norm(old_W)
                for (W, _), (old_W, _) in zip(layers[:-1], source, strict=False)
            ]
            rows.append([*moved, networks.accuracy(layers, *new), networks.accuracy([*layers[:-1], source[-1]], *old)])
        first, second, odd, even = np.mean(rows, axis=0)
        result[way] = {
            "trained": count,
            "first": float(first),
            "second": float(second),
            "odd": float(odd),
            "even": float(even),
        }
    return result


@numbers
def settings():
    """Numbers of the experiment that the text repeats, and the gap of two ways with most labels."""
    whole, head = (_curves()[way][-1].mean() for way in ("whole", "head"))
    return {"compared": COMPARED, "rank": RANK, "gap": 100 * float(whole - head)}


def low_rank_size(width, rank):
    """Weights of a square layer, of its low-rank update, and their ratio."""
    return {"full": width * width, "update": 2 * width * rank, "share": 2 * rank / width}


@numbers
def lora_size():
    """The example of the text: a layer of 4096 x 4096, rank 8."""
    return low_rank_size(4096, 8)


@figure
def curves():
    """Gain over training from scratch, in percentage points of test accuracy on the odd digits."""
    sheet, board = style.figure("margin", 56)
    scratch = _curves()["scratch"].mean(axis=1)
    board.axhline(0, color=style.RUST, linestyle=(0, (4, 1.6)))
    for way, sign in (("part", "part"), ("head", "frozen body"), ("whole", "pre-trained")):
        gain = 100 * (_curves()[way].mean(axis=1) - scratch)
        board.plot(LABELS, gain, **signs.STARTS[sign].both, markersize=2.6)
    for x, y, text, color, side in (
        (475, 5.4, "all layers", style.TEAL, "right"),
        (475, -3.3, "part", style.INK, "right"),
        (150, -8.5, "frozen body", style.GREY, "right"),
        (5, -1.4, "from scratch", style.RUST, "left"),
    ):
        style.label(board, text, x, y, color, ha=side)
    board.set(
        xscale="log",
        xlim=(4.2, 480),
        ylim=(-11, 12),
        yticks=(-10, -5, 0, 5, 10),
        yticklabels=("\u221210", "\u22125", "0", "+5", "+10"),
        xticks=(5, 25, 100, 400),
        xticklabels=("5", "25", "100", "400"),
        xlabel="labeled odd digits",
        ylabel="gain (percentage points)",
    )
    board.minorticks_off()
    return sheet
