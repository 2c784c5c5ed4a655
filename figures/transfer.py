"""Transfer between tasks on real digits (sections 3.7.2 to 3.7.4).

A network is pre-trained on the even digits (at every place of a 10 x 10 field, see fields.py) and
fine-tuned on the odd ones with few labels: its head alone, its upper layers, all of it, or through
low-rank updates; against the same network from scratch.
"""

import numpy as np

from .kit import diagrams, signs, style
from .kit.results import computed, experiment, figure, numbers
from .models import digits, finetuning
from .models.fields import PLACES, SIDE, everywhere, few
from .tuned import transfer as tuned

HIDDEN = (128, 64)
EVEN, ODD = (0, 2, 4, 6, 8), (1, 3, 5, 7, 9)
SOURCE = {"rate": 0.02, "steps": 1200, "batch": 64}
LABELS = (5, 10, 25, 100, 400)  # labeled odd digits, the same number of each class
STEPS, BATCH, RANK = 240, 32, 4
GRID = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
WAYS = ("frozen", "scratch", "part", "whole", "lora", "scratch everywhere")
SEARCH_SEEDS, SEEDS = tuple(range(100, 104)), tuple(range(5))  # a seed draws a pre-training and a set of labels
COMPARED = 100  # labels in the table of what changes
# Rows of that table: way and learning rate, None for the best.
ROWS = {
    "head": ("frozen", None),
    "lora": ("lora", None),
    "slow": ("whole", 0.01),
    "tuned": ("whole", 0.1),
    "fast": ("whole", 0.3),
}


def only(group, pictures, classes):
    """Keep the digits of a group and number their classes from 0."""
    keep = np.isin(classes, group)
    return pictures[keep], np.searchsorted(group, classes[keep])


def fields(group, part):
    """Every picture of a group and a part ("train", "valid", "test") at all nine places: (1, fields, 100), classes."""
    parts = digits.split()
    pictures, classes = only(group, getattr(parts, f"{part}_x"), getattr(parts, f"{part}_y"))
    return everywhere(pictures)[None].astype(np.float32), np.tile(classes, len(PLACES))


@computed
def source_layers(seeds):
    """Networks pre-trained on the even digits, one a seed."""
    X, classes = fields(EVEN, "train")
    return finetuning.fit(
        finetuning.draw((SIDE**2, *HIDDEN, len(EVEN)), seeds),
        X,
        classes[None],
        rates=[SOURCE["rate"]] * len(seeds),
        steps=SOURCE["steps"],
        batch=SOURCE["batch"],
        seeds=seeds,
    )


def labeled_digits(count, seeds, all_places=False):
    """For each seed `count` labeled odd digits, each at one place or at all nine: inputs and classes of the runs."""
    parts, found = digits.split(), []
    pictures, classes = only(ODD, parts.train_x, parts.train_y)
    for seed in seeds:
        rng = np.random.default_rng([count, seed])
        if all_places:
            each = count // len(ODD)
            picks = np.concatenate([rng.permutation(np.flatnonzero(classes == c))[:each] for c in range(len(ODD))])
            found.append((everywhere(pictures[picks]), np.tile(classes[picks], len(PLACES))))
        else:
            found.append(few(pictures, classes, count // len(ODD), rng)[:2])
    return np.stack([X for X, _ in found]).astype(np.float32), np.stack([labels for _, labels in found])


def tune(way, count, rates, seeds, head_rate):
    """Networks (rates x seeds) after training on labeled odd digits in one of WAYS."""
    name, *spread = way.split()
    X, classes = labeled_digits(count, seeds, bool(spread))
    plan = finetuning.Plan(STEPS, BATCH, head_rate)
    with np.errstate(over="ignore", invalid="ignore"):  # the search tries rates that diverge
        return finetuning.adapt(name, source_layers(seeds)[:-1], X, classes, len(ODD), rates, seeds, plan, RANK)


@computed
def runs(way, count, rates, seeds, part, head_rate):
    """Accuracies (rates, seeds) on the odd digits of a part."""
    layers = tune(way, count, rates, seeds, head_rate)
    with np.errstate(over="ignore", invalid="ignore"):
        return finetuning.accuracy(layers, *fields(ODD, part)).reshape(len(rates), len(seeds))


def search(ways=WAYS, counts=LABELS, rates=GRID, seeds=SEARCH_SEEDS):
    """Mean validation accuracy of every way, number of labels and rate, and the best rate of each."""
    scores, best = {way: {} for way in ways}, {way: {} for way in ways}
    for count in counts:
        for way in ways:
            row = runs(way, count, rates, seeds, "valid", best["frozen"].get(count, 0.03)).mean(axis=1)
            scores[way][count] = [round(float(score), 4) for score in row]
            best[way][count] = rates[int(np.argmax(row))]
    return {"BEST": best, "GRID": list(rates), "ACCURACIES": scores}


def tested(way):
    """Test accuracies (labels, seeds) of a way at its best rates, from seeds that the search has not seen."""
    return np.array(
        [runs(way, n, (tuned.BEST[way][n],), SEEDS, "test", tuned.BEST["frozen"][n])[0] for n in LABELS],
    )


def _standard_error(table):
    return table.std(axis=-1, ddof=1) / table.shape[-1] ** 0.5


@numbers
def accuracy():
    """Test accuracy on the odd digits and its standard error, `whole.n25` and `whole.n25_se`; `source`: even ones."""
    found = {}
    for way in WAYS:
        table = tested(way)
        rows = found[way.replace(" ", "_")] = {f"n{n}": float(row.mean()) for n, row in zip(LABELS, table, strict=True)}
        rows |= {f"n{n}_se": float(error) for n, error in zip(LABELS, _standard_error(table), strict=True)}
    source = finetuning.accuracy(source_layers(SEEDS), *fields(EVEN, "test"))
    gap = tested("whole")[-1] - tested("frozen")[-1]
    few = (tested("frozen") - tested("scratch"))[LABELS.index(25)]
    return found | {
        "source": float(source.mean()),
        "gap": 100 * float(gap.mean()),
        "few_gain": 100 * float(few.mean()),
        "all_gain": 100 * float((tested("whole") - tested("scratch"))[LABELS.index(100)].mean()),
        "probe_gap": 100 * float((tested("frozen")[-1] - tested("scratch")[-1]).mean()),
    }


def trained_parameters():
    """Parameters that each way trains."""
    widths = (SIDE**2, *HIDDEN, len(ODD))
    sizes = [units * (inputs + 1) for inputs, units in zip(widths, widths[1:], strict=False)]
    low_rank = sum(RANK * (inputs + units) for inputs, units in zip(widths, widths[1:-1], strict=False))
    return {"frozen": sizes[2], "part": sizes[1] + sizes[2], "lora": low_rank + sizes[2], "whole": sum(sizes)}


@numbers
@computed
def changes():
    """What the rows of ROWS change, with COMPARED labels, means over the seeds.

    Parameters trained, rate, relative change of the first weights (Frobenius norms), test accuracy on
    the odd digits, and on the even digits with their old head.
    """
    source, result = source_layers(SEEDS), {}
    for row, (way, rate) in ROWS.items():
        rate = rate or tuned.BEST[way][COMPARED]
        layers = tune(way, COMPARED, (rate,), SEEDS, tuned.BEST["frozen"][COMPARED])
        old, new = source[0][0], layers[0][0]
        moved = np.linalg.norm(new - old, axis=(1, 2)) / np.linalg.norm(old, axis=(1, 2))
        odd = finetuning.accuracy(layers, *fields(ODD, "test"))
        even = finetuning.accuracy([*layers[:-1], source[-1]], *fields(EVEN, "test"))
        result[row] = {
            "trained": trained_parameters()[way],
            "rate": rate,
            "first": float(moved.mean()),
            "odd": float(odd.mean()),
            "odd_se": float(_standard_error(odd)),
            "even": float(even.mean()),
            "even_se": float(_standard_error(even)),
        }
    return result


@numbers
def settings():
    """Numbers of the experiment that the text repeats."""
    return {"compared": COMPARED, "rank": RANK, "seeds": len(SEEDS)}


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
    sheet, board = style.figure("margin", 40)
    scratch = tested("scratch")
    board.axhline(0, color=style.INK, linewidth=0.5)
    for way, sign in (("frozen", "frozen body"), ("whole", "pre-trained")):
        gain = 100 * (tested(way) - scratch)
        board.errorbar(
            LABELS,
            gain.mean(axis=1),
            _standard_error(gain),
            ecolor=style.RULE,
            elinewidth=0.6,
            markersize=2.6,
            **signs.STARTS[sign].both,
        )
    for x, y, text, color, side in (
        (30, 10.5, "all layers", style.TEAL, "left"),
        (95, -10, "frozen body", style.GREY, "right"),
        (4.4, -2.2, "from scratch", style.INK, "left"),
    ):
        style.label(board, text, x, y, color, ha=side, fontsize=7.5)
    board.set(
        xscale="log",
        xlim=(4.2, 480),
        ylim=(-18, 18),
        yticks=(-15, 0, 15),
        yticklabels=("\u221215", "0", "+15"),
        xticks=LABELS,
        xticklabels=[str(n) for n in LABELS],
        xlabel="labeled odd digits",
        ylabel="gain (points)",
    )
    board.minorticks_off()
    return sheet


@figure
def body_and_head():
    """A network of the source task and the one of the target task: the same body, a new head."""
    sheet, axes = style.figure("margin", 34, 1, 1)
    style.diagram(axes, 45, 34)
    for x, title, head, edge in ((0, "Source task", "head", style.INK), (25, "Target task", "new head", style.RUST)):
        style.head(axes, x + 1, 32, title)
        diagrams.box(axes, x + 1, 22, 18, 6, head, edge=edge)
        for y, name in ((13.5, "layer 2"), (6, "layer 1")):
            diagrams.box(axes, x + 1, y, 18, 5.5, name, fill=style.PALE)
        diagrams.arrow(axes, (x + 10, 11.5), (x + 10, 13.5))
        diagrams.arrow(axes, (x + 10, 19), (x + 10, 22))
        diagrams.arrow(axes, (x + 10, 3.6), (x + 10, 6))
        style.write(axes, x + 10, 2, "input", fontsize=7.5)
    diagrams.arrow(axes, (19.2, 16.2), (25.8, 16.2), style.TEAL)
    diagrams.arrow(axes, (19.2, 8.7), (25.8, 8.7), style.TEAL)
    return sheet


@experiment
def from_even_to_odd():
    """The comparison of the figure, the table and what goes further."""
    return {
        "title": "Fine-tuning from even to odd digits",
        "entry": "3.7.4",
        "compares": "a new head on the frozen body, layer 2 and head, all layers, low-rank updates of rank "
        f"{RANK} with the head, from scratch, from scratch with each labeled digit at all nine places",
        "data": "digits, each at one of nine places of a 10 x 10 field",
        "split": "source: the even digits of the 1,000 training images at all nine places; target: "
        f"{LABELS[0]} to {LABELS[-1]} labeled odd ones; odd validation and test images at all nine places",
        "network": "-".join(map(str, (SIDE**2, *HIDDEN, len(ODD)))) + ", ReLU",
        "initialization": "normal, variance 2/n; biases zero; new heads zero",
        "loss": "cross-entropy",
        "optimizer": f"gradient descent with momentum {finetuning.MOMENTUM:g}",
        "rate": f"source task {SOURCE['rate']:g}; afterwards each way at its own for each number of labels "
        "(table: as printed); all fall linearly to zero, the source task's too",
        "tuned": f"best mean validation accuracy of {len(SEARCH_SEEDS)} other pre-trainings and sets of labels, of "
        + ", ".join(f"{rate:g}" for rate in GRID),
        "batch": f"{SOURCE['batch']}, then {BATCH} (all examples if fewer)",
        "steps": f"{SOURCE['steps']:,}, then {STEPS} (except for head and scratch: half of them for the head alone)",
        "seeds": f"{len(SEEDS)} pre-trainings, each with its own labeled images",
        "plotted": "mean and standard error over the seeds (figure: of the difference to scratch)",
    }
