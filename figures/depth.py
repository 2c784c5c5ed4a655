"""What depth buys: a fold repeated, its pieces, and the units that nets need for them (3.1.4)."""

import numpy as np

from .kit import style
from .kit.results import computed, figure, numbers

DEEPEST = 8


def tent(x):
    """The tent map on [0, 1] as a layer of two ReLU units: 2 relu(x) - 4 relu(x - 1/2)."""
    x = np.asarray(x, float)
    return 2 * np.maximum(x, 0) - 4 * np.maximum(x - 0.5, 0)


def folded(x, times):
    """The tent map applied `times` times, a network with 2 * `times` hidden units."""
    for _ in range(times):
        x = tent(x)
    return x


def count_pieces(function, points=2**12):
    """Return the linear pieces of `function` on [0, 1] with corners at multiples of 1 / points."""
    y = function(np.arange(points + 1) / points)
    slopes = np.diff(y)
    return int(1 + np.count_nonzero(np.abs(np.diff(slopes)) > 1e-12))


@numbers
def pieces():
    """Pieces after 1 to 8 folds, and the hidden units that a deep and a shallow net need."""
    counted = [count_pieces(lambda x, k=k: folded(x, k)) for k in range(1, DEEPEST + 1)]
    return {"counted": counted, "deep": 2 * DEEPEST, "shallow": counted[-1] - 1}


@numbers
def example():
    """The point 0.3 through three folds."""
    return {"path": [float(folded(0.3, k)) for k in range(4)]}


@numbers
def quiz():
    """Pieces of ten folds, and the hidden units that they take deep and in one layer."""
    counted = count_pieces(lambda x: folded(x, 10))
    return {"pieces": counted, "deep": 2 * 10, "shallow": counted - 1}


def zigzag(x, count):
    """Go up and down between 0 and 1 in `count` straight pieces on [0, 1]: a layer of `count` ReLU units."""
    x = np.asarray(x, float)
    bends = np.arange(1, count) / count
    signs = np.where(np.arange(1, count) % 2, -2, 2)
    return count * (np.maximum(x, 0) + np.maximum(x[..., None] - bends, 0) @ signs)


@numbers
def any_width():
    """Pieces from 12 hidden units, cut into layers of 2, 3, 4, 6 and 12, counted on a fine grid."""
    found = {}
    for width in (2, 3, 4, 6, 12):

        def network(x, width=width):
            for _ in range(12 // width):
                x = zigzag(x, width)
            return x

        slopes = np.diff(network(np.arange(5184 + 1) / 5184))  # 5184 = 64 * 81
        found[f"by{width}"] = int(1 + np.count_nonzero(np.abs(np.diff(slopes)) > 1e-9))
    return found


RANDOM_DRAWS, RANDOM_GRID = 100, 20_001


@numbers
@computed
def random_pieces():
    """Mean pieces on [-3, 3] of random ReLU networks with 16 units, in four layers of 4 and in one layer."""
    x = np.linspace(-3, 3, RANDOM_GRID)[:, None]
    found = {"bound": 5**4, "draws": RANDOM_DRAWS}
    for name, widths in (("deep", (1, 4, 4, 4, 4, 1)), ("shallow", (1, 16, 1))):
        counts = []
        for seed in range(RANDOM_DRAWS):
            rng = np.random.default_rng(seed)
            a, patterns = x, []
            for inputs, units in zip(widths[:-2], widths[1:-1], strict=True):
                z = a @ rng.normal(size=(inputs, units)) * np.sqrt(2 / inputs) + rng.normal(size=units)
                patterns.append(z > 0)
                a = np.maximum(z, 0)
            pattern = np.concatenate(patterns, axis=1)
            counts.append(1 + int((pattern[1:] != pattern[:-1]).any(axis=1).sum()))
        found[name] = float(np.mean(counts))
    return found


@figure
def folds():
    """One, two and three folds, and the units that a deep and a shallow net need."""
    sheet, axes = style.figure("column", 28, 1, 4, width_ratios=(1, 1, 1, 1.35))
    x = np.linspace(0, 1, 2**9 + 1)
    for k, panel in enumerate(axes[:3], 1):
        panel.plot(x, folded(x, k), color=style.TEAL)
        panel.plot(0.3, folded(0.3, k), "o", color=style.RUST, markersize=4)
        panel.set(
            title=("Once", "Twice", "Three times")[k - 1],
            xlim=(0, 1),
            ylim=(0, 1.06),
            yticks=(0, 1) if k == 1 else (),
            xlabel="$x$",
        )
        panel.set_xticks((0, 1))
        for tick, side in zip(panel.get_xticklabels(), ("left", "right"), strict=True):
            tick.set_horizontalalignment(side)  # so that the 1 keeps off the 0 of the next panel
    sheet.get_layout_engine().set(wspace=0.12)
    axes[0].set_ylabel("output", labelpad=0)
    depths = np.arange(1, DEEPEST + 1)
    panel = axes[3]
    panel.semilogy(depths, 2 * depths, "o", linestyle="-", color=style.TEAL)
    panel.semilogy(depths, np.array(pieces()["counted"]) - 1, "s", linestyle=style.CURVES[1][1], color=style.RUST)
    style.label(panel, "one layer", 1.6, 110, style.RUST)
    style.label(panel, "deep", 5.4, 4.2, style.TEAL)
    panel.set(title="Units needed", xlabel="folds", xticks=(2, 4, 6, 8), ylim=(0.8, 400), yticks=(1, 10, 100))
    panel.minorticks_off()
    return sheet
