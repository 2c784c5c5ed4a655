"""Low-rank updates and adapters: a picture, and why a low rank is enough on the digits (section 3.7.2)."""

import numpy as np

from . import transfer
from .kit import diagrams, style
from .kit.results import computed, figure, numbers
from .models import finetuning
from .tuned import transfer as tuned


def _truncated(change, rank):
    """The best approximation of each matrix (runs, units, inputs) by one of a rank."""
    P, s, Q = np.linalg.svd(change, full_matrices=False)
    return (P[:, :, :rank] * s[:, None, :rank]) @ Q[:, :rank]


@numbers
@computed
def spectrum():
    """What fine-tuning all layers changes, with the labels and rate of the table: how much of it has rank 4.

    Shares of the squared change of both weight matrices that the four largest singular values hold, and
    test accuracy on the odd digits with the whole change and with its best approximation of rank 4.
    """
    count, source = transfer.COMPARED, transfer.source_layers(transfer.SEEDS)
    rate, head_rate = tuned.BEST["whole"][count], tuned.BEST["frozen"][count]
    layers = transfer.tune("whole", count, (rate,), transfer.SEEDS, head_rate)
    test, shares, cut = transfer.fields(transfer.ODD, "test"), [], []
    for (W, b), (old, _) in zip(layers[:-1], source, strict=False):
        s = np.linalg.svd(W - old, compute_uv=False)
        shares.append(float(((s[:, : transfer.RANK] ** 2).sum(axis=1) / (s**2).sum(axis=1)).mean()))
        cut.append((old + _truncated(W - old, transfer.RANK), b))
    return {
        "first": shares[0],
        "second": shares[1],
        "whole": float(finetuning.accuracy(layers, *test).mean()),
        "cut": float(finetuning.accuracy([*cut, layers[-1]], *test).mean()),
    }


@numbers
@computed
def equal_rows():
    """LoRA of rank 4 whose A starts with four equal rows: rank of the change, accuracy, against random rows."""
    count, seeds = transfer.COMPARED, transfer.SEEDS
    X, classes = transfer.labeled_digits(count, seeds)
    plan = finetuning.Plan(transfer.STEPS, transfer.BATCH, tuned.BEST["frozen"][count])
    rates, source = (tuned.BEST["lora"][count],), transfer.source_layers(seeds)
    found = {}
    for name, equal in (("equal", True), ("random", False)):
        layers = finetuning.adapt(
            "lora", source[:-1], X, classes, len(transfer.ODD), rates, seeds, plan, transfer.RANK, equal
        )
        change = layers[0][0].astype(float) - source[0][0]
        s = np.linalg.svd(change, compute_uv=False)
        found[name] = {
            "rank": int((s > 1e-4 * s[:, :1]).sum(axis=1).max()),
            "odd": float(finetuning.accuracy(layers, *transfer.fields(transfer.ODD, "test")).mean()),
        }
    return found


@numbers
def sizes():
    """Parameters of an adapter of width 64 behind a layer of 1,024 units."""
    n, m = 1024, 64
    return {"adapter": 2 * n * m + m + n}


def _lora(axes):
    """The left half: a frozen matrix and beside it the product of two thin ones."""
    style.head(axes, 2, 42.5, "LoRA")
    diagrams.box(axes, 2, 14, 20, 16, r"$\mathbf{W}_0$, frozen", fill=style.PALE)
    diagrams.box(axes, 29, 24, 16, 6, r"$\mathbf{B}$: $n$ × $r$", edge=style.RUST)
    diagrams.box(axes, 29, 14, 16, 6, r"$\mathbf{A}$: $r$ × $n$", edge=style.RUST)
    diagrams.circle(axes, 12, 36, 1.8)
    style.write(axes, 12, 35.9, "+")
    diagrams.arrow(axes, (12, 8), (12, 14))
    diagrams.line(axes, (12, 9.5), (37, 9.5), style.INK)
    diagrams.arrow(axes, (37, 9.5), (37, 14))
    diagrams.arrow(axes, (37, 20), (37, 24))
    diagrams.line(axes, (37, 30), (37, 36), style.INK)
    diagrams.arrow(axes, (37, 36), (14, 36))
    diagrams.arrow(axes, (12, 30), (12, 34))
    diagrams.arrow(axes, (12, 38), (12, 41))
    style.write(axes, 12, 5.5, r"$\mathbf{x}$")


def _adapter(axes):
    """The right half: a frozen layer, and above it a narrow network beside an identity."""
    style.head(axes, 74, 42.5, "Adapter")
    diagrams.box(axes, 74, 9, 24, 6, "layer, frozen", fill=style.PALE)
    diagrams.box(axes, 80, 18, 12, 4.5, "down", edge=style.RUST)
    diagrams.box(axes, 74, 25, 24, 4.5, "ReLU, up", edge=style.RUST)
    diagrams.circle(axes, 86, 35, 1.8)
    style.write(axes, 86, 34.9, "+")
    for low, high in ((5.5, 9), (15, 18), (22.5, 25), (29.5, 33), (36.8, 40.5)):
        diagrams.arrow(axes, (86, low), (86, high))
    diagrams.line(axes, (86, 16.4), (103, 16.4), style.INK)
    diagrams.line(axes, (103, 16.4), (103, 35), style.INK)
    diagrams.arrow(axes, (103, 35), (88, 35))
    style.write(axes, 86, 3.2, "input")


@figure
def pieces():
    """LoRA beside a frozen matrix, an adapter above a frozen layer."""
    sheet, axes = style.figure("column", 45)
    style.diagram(axes, 112, 45)
    _lora(axes)
    _adapter(axes)
    return sheet
