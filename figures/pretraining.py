"""Self-supervised pre-training on digits without labels (section 3.7.1)."""

import numpy as np

from .kit import signs, style
from .kit.diagrams import arrow
from .kit.results import computed, experiment, figure, numbers
from .models import digits, finetuning, networks
from .models.fields import PLACES, SIDE, everywhere, few, place
from .tuned import pretraining as tuned

HIDDEN = (128, 64)
SOURCE = {"rate": 0.01, "steps": 3000, "batch": 64}
LABELS = (10, 30, 100, 300)  # labeled pictures; a tenth of them of each digit
STEPS, BATCH = 240, 32
GRID = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
SEARCH_SEEDS, SEEDS = tuple(range(100, 104)), tuple(range(5))  # a seed draws a pre-training and a set of labels
CLASSES = {"digit": 10, "place": len(PLACES)}
# What is compared for each task; "everywhere" shows each labeled picture at all nine places.
WAYS = {
    "digit": ("frozen", "whole", "scratch", "random", "frozen everywhere", "whole everywhere", "scratch everywhere"),
    "place": ("frozen", "whole", "scratch"),
}


@computed
def pretrained(seeds):
    """Networks that were trained to give back each picture, in the middle, from any place; one a seed.

    Their inputs are fields of 10 x 10, their targets the 8 x 8 pictures; no label is used.
    """
    pictures = digits.split().train_x
    X, targets = everywhere(pictures)[None], np.tile(pictures, (len(PLACES), 1))[None]
    return finetuning.fit(
        finetuning.draw((SIDE**2, *HIDDEN, 64), seeds),
        X.astype(np.float32),
        targets.astype(np.float32),
        rates=[SOURCE["rate"]] * len(seeds),
        steps=SOURCE["steps"],
        batch=SOURCE["batch"],
        seeds=seeds,
    )


def labeled(count, seeds, task, all_places):
    """For each seed `count` labeled pictures, each at one place or at all nine: inputs and targets of the runs."""
    parts, found = digits.split(), []
    for seed in seeds:
        X, classes, places = few(parts.train_x, parts.train_y, count // 10, np.random.default_rng([count, seed]))
        if all_places:
            corners = [PLACES[spot] for spot in places]
            whole = X.reshape(-1, SIDE, SIDE)
            X = everywhere(
                np.array([f[r : r + 8, c : c + 8].ravel() for f, (r, c) in zip(whole, corners, strict=True)])
            )
            classes = np.tile(classes, len(PLACES))
        found.append((X, classes if task == "digit" else places))
    return np.stack([X for X, _ in found]).astype(np.float32), np.stack([targets for _, targets in found])


def judged(layers, part, task):
    """Accuracy of each run on the validation or test pictures, each at all nine places."""
    parts = digits.split()
    pictures, classes = (parts.valid_x, parts.valid_y) if part == "valid" else (parts.test_x, parts.test_y)
    truth = np.tile(classes, len(PLACES)) if task == "digit" else np.repeat(np.arange(len(PLACES)), len(classes))
    return finetuning.accuracy(layers, everywhere(pictures)[None].astype(np.float32), truth)


@computed
def runs(way, task, count, rates, seeds, part, head_rate):
    """Accuracies (rates, seeds) of a way of WAYS on a part of the data."""
    name, *spread = way.split()
    X, targets = labeled(count, seeds, task, bool(spread))
    plan = finetuning.Plan(STEPS, BATCH, head_rate)
    layers = finetuning.adapt(name, pretrained(seeds)[:-1], X, targets, CLASSES[task], rates, seeds, plan)
    return judged(layers, part, task).reshape(len(rates), len(seeds))


def search(tasks=tuple(WAYS), counts=LABELS, rates=GRID, seeds=SEARCH_SEEDS):
    """Mean validation accuracy of every task, way, number of labels and rate, and the best rate of each."""
    scores = {task: {way: {} for way in WAYS[task]} for task in tasks}
    best = {task: {way: {} for way in WAYS[task]} for task in tasks}
    for task in tasks:
        for count in counts:
            for way in WAYS[task]:
                head_rate = best[task]["frozen"].get(count, 0.1)  # of the new head alone
                row = runs(way, task, count, rates, seeds, "valid", head_rate).mean(axis=1)
                scores[task][way][count] = [round(float(score), 4) for score in row]
                best[task][way][count] = rates[int(np.argmax(row))]
    return {"BEST": best, "GRID": list(rates), "ACCURACIES": scores}


def tested(task, way):
    """Test accuracies (labels, seeds) of a way at its best rates, from seeds that the search has not seen."""
    best = tuned.BEST[task]
    return np.array(
        [runs(way, task, n, (best[way][n],), SEEDS, "test", best["frozen"][n])[0] for n in LABELS],
    )


@numbers
def accuracy():
    """Mean test accuracy and standard error over the seeds, `digit.scratch.n10` and `digit.scratch.n10_se`."""
    found = {}
    for task, ways in WAYS.items():
        found[task] = {}
        for way in ways:
            table = tested(task, way)
            errors = table.std(axis=1, ddof=1) / len(SEEDS) ** 0.5
            row = {f"n{n}": float(each.mean()) for n, each in zip(LABELS, table, strict=True)}
            row |= {f"n{n}_se": float(error) for n, error in zip(LABELS, errors, strict=True)}
            found[task][way.replace(" ", "_")] = row
    low, high = tested("digit", "frozen")[0].min(), tested("digit", "frozen")[0].max()
    return found | {"lowest": float(low), "highest": float(high)}


@numbers
def moved():
    """Ten labels, all layers trained after the head: test accuracy at three rates, mean over the seeds."""
    rates, head_rate = (0.0001, 0.003, 0.03), tuned.BEST["digit"]["frozen"][10]
    table = runs("whole", "digit", 10, rates, SEEDS, "test", head_rate).mean(axis=1)
    return dict(zip(("least", "some", "most"), map(float, table), strict=True))


@numbers
def sizes():
    """Parameters of the new head and of the whole classifier."""
    layers = networks.initialize((SIDE**2, *HIDDEN, 10), np.random.default_rng(0))
    return {"head": networks.parameter_count(layers[-1:]), "whole": networks.parameter_count(layers)}


CURVES = {"frozen": "pre-trained", "scratch": "from scratch", "scratch everywhere": "all places"}


def _curves(board, task):
    for way, sign in CURVES.items():
        if way in WAYS[task]:
            board.plot(LABELS, tested(task, way).mean(axis=1), **signs.STARTS[sign].both)
    chance = 1 / CLASSES[task]
    board.axhline(chance, color=style.RULE, linewidth=0.6)
    board.set(
        xscale="log",
        xlabel="labeled images",
        ylim=(0, 1),
        yticks=(0, 0.5, 1),
        xticks=LABELS,
        xticklabels=[str(n) for n in LABELS],
        xlim=(8, 380),
    )
    board.minorticks_off()


@figure
def curves():
    """The pretext task in pictures, and test accuracy against labels for two tasks."""
    sheet, axes = style.figure("column", 34, 1, 3, width_ratios=(0.5, 1, 1))
    _pretext(axes[0])
    for board, task, title in zip(axes[1:], CLASSES, ("Which digit is it?", "Where does it stand?"), strict=True):
        _curves(board, task)
        board.set_title(title)
    axes[1].set_ylabel("accuracy")
    axes[2].set_yticklabels([])
    for board, text, x, y, sign in (
        (axes[1], "pre-trained", 8.8, 0.92, "pre-trained"),
        (axes[1], "all places", 9, 0.4, "all places"),
        (axes[1], "from scratch", 55, 0.28, "from scratch"),
        (axes[2], "from scratch", 30, 0.62, "from scratch"),
        (axes[2], "pre-trained", 60, 0.24, "pre-trained"),
    ):
        style.label(board, text, x, y, signs.STARTS[sign].color, fontsize=7.5)
    style.label(axes[1], "guessing", 100, 0.155, style.GREY, fontsize=7.5)
    return sheet


def _pretext(board):
    """Draw a field, and below it what the pre-trained network makes of it."""
    board.axis("off")
    board.set_title("Pretext task")
    field = place(digits.split().test_x[6:7], PLACES[2]).astype(np.float32)
    body, (W, b) = pretrained(SEEDS)[:-1], pretrained(SEEDS)[-1]
    answer = (finetuning.features(body, field[None]) @ W.swapaxes(1, 2) + b)[0]
    for picture, side, low, name in ((field, SIDE, 0.55, "input"), (answer, 8, -0.06, "output")):
        small = board.inset_axes([0.0, low, 0.62, 0.45])
        small.imshow(picture.reshape(side, side), cmap="gray_r", vmin=0, vmax=1)
        small.set(xticks=[], yticks=[])
        for spine in small.spines.values():
            spine.set_visible(True)
        board.text(0.68, low + 0.22, name, va="center", fontsize=7.5, transform=board.transAxes)
    board.set(xlim=(0, 1), ylim=(0, 1))
    arrow(board, (0.31, 0.53), (0.31, 0.41))


@experiment
def digits_without_labels():
    """The comparison of the figure and of what goes further."""
    return {
        "title": "Pre-training on digits without labels",
        "entry": "3.7.1",
        "compares": "a new head on the frozen pre-trained body, all layers trained after the head, from scratch; "
        "each labeled digit at one place or at all nine; a frozen random body",
        "data": "digits, each at one of nine places of a 10 x 10 field",
        "split": f"1,000 unlabeled training images at all nine places; {LABELS[0]} to {LABELS[-1]} of them with labels "
        "afterwards; 397 validation and 400 test images at all nine places",
        "network": "-".join(map(str, (SIDE**2, *HIDDEN, 64)))
        + " for the pretext task, a head of 10 or 9 outputs afterwards; ReLU",
        "initialization": "normal, variance 2/n; biases zero; new heads zero",
        "loss": "squared error to the 64 pixels, then cross-entropy",
        "optimizer": f"gradient descent with momentum {finetuning.MOMENTUM:g}",
        "rate": f"pretext task {SOURCE['rate']:g}; afterwards each way at its own for each number of labels; "
        "all fall linearly to zero",
        "tuned": f"best mean validation accuracy of {len(SEARCH_SEEDS)} other pre-trainings and sets of labels, of "
        + ", ".join(f"{rate:g}" for rate in GRID),
        "batch": f"{SOURCE['batch']}, then {BATCH} (all examples if fewer)",
        "steps": f"{SOURCE['steps']:,}, then {STEPS} (all layers: half of them for the head alone)",
        "seeds": f"{len(SEEDS)} pre-trainings, each with its own labeled images",
        "plotted": "mean over the seeds",
    }
