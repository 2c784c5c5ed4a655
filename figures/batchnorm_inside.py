"""What happens inside the networks of `batchnorm_race`: units that move, and a step that is followed (3.6.8)."""

import numpy as np

from .batchnorm_race import INSIDE, KINDS, SEEDS, SHIFT, WIDTHS, pictures, train
from .kit.results import computed, numbers
from .models import normalized
from .tuned import batchnorm_race as tuned


@numbers
@computed
def drift():
    """How far the mean of a unit moves in one step, over all training pictures, in standard deviations."""
    X, _, _, _ = pictures()
    places = []

    def watch(net, _kept):
        a = X
        for layer in net[: INSIDE - 1]:
            a = np.maximum(a @ layer["W"][0].T + layer["b"][0], 0)
        z = a @ net[INSIDE - 1]["W"][0].T + net[INSIDE - 1]["b"][0]
        places.append((z.mean(axis=0), z.std(axis=0)))

    train("plain", [tuned.RATES["plain"]], SEEDS[:1], watch=watch)
    mean, sd = np.array(places).swapaxes(0, 1)
    return {"plain": float(np.mean(np.abs(np.diff(mean, axis=0)) / sd[:-1])), "disturbed": 2 * SHIFT / 3}


WARM, TRIED = 30, (0.1, 0.3, 1.0)  # steps at rate 0.1, then single steps of these rates


def turned(net, X, y, rate):
    """Losses before and after a step of this rate, and by how much of its length the gradient changes, for each run."""
    before, slopes, _ = normalized.gradients(copied(net), X, y)
    moved = [
        layer | {part: layer[part] - rate * slope[part] for part in slope}
        for layer, slope in zip(net, slopes, strict=True)
    ]
    after, others, _ = normalized.gradients(copied(moved), X, y)
    pairs = [(one[part], other[part]) for one, other in zip(slopes, others, strict=True) for part in one]
    change = sum(((one - other) ** 2).sum(axis=(1, 2)) for one, other in pairs)
    return before, after, (change / sum((one**2).sum(axis=(1, 2)) for one, _ in pairs)) ** 0.5


@numbers
@computed
def smoothness():
    """Loss before and after one step from the same 256 pictures, and how much the gradient turns: medians, by rate."""
    X, y, _, _ = pictures()
    pick = np.stack([np.random.default_rng(seed).permutation(len(X))[:256] for seed in SEEDS])
    found = {}
    for name in ("plain", "batch"):
        fresh_net = normalized.initialize(WIDTHS, SEEDS, "he", KINDS[name])
        net, _ = train(name, np.full(len(SEEDS), TRIED[0]), SEEDS, steps=WARM)
        found[name] = {"start": float(np.median(turned(fresh_net, X[pick], y[pick], TRIED[0])[2]))}
        for rate in TRIED:
            before, after, turn = turned(net, X[pick], y[pick], rate)
            found[name]["before"] = float(np.median(before))
            found[name][f"of{100 * rate:.0f}"] = {"loss": float(np.median(after)), "turn": float(np.median(turn))}
    return found


def copied(net):
    """A copy whose running averages are its own."""
    return [
        {part: value.copy() if isinstance(value, np.ndarray) else value for part, value in layer.items()}
        for layer in net
    ]
