"""Optimizers: their steps by hand, on a surface, and on the digits (section 3.11)."""

from functools import cache

import numpy as np

from .kit import style
from .kit.results import figure, numbers
from .models import digits, networks

MU, BETA_1, BETA_2, RHO, EPSILON = 0.9, 0.9, 0.999, 0.9, 1e-8

# The surface of the paths: f(w) = ((w_1 - 8)^2 + 25 (w_2 + 1.5)^2) / 2, from the origin.
CURVATURES, MINIMUM = np.array([1.0, 25.0]), np.array([8.0, -1.5])
PATH_STEPS, CLOSE = 100, 0.01
# Learning rates of the paths are set by hand; the decay of AdamW is large so that it can be seen.
PATH_RATES = {
    "SGD": 0.07,
    "Momentum": 0.01,
    "Nesterov": 0.01,
    "AdaGrad": 1.0,
    "RMSProp": 0.1,
    "Adam": 0.5,
    "AdamW": 0.5,
}
PATH_DECAY = 0.1

# The training runs: 64-32-10 ReLU network, batches of 50 of the 1,000 digits, ten epochs.
WIDTHS, BATCH, EPOCHS, SEEDS = (64, 32, 10), 50, 10, (0, 1, 2)
GRID = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
DECAY = 0.1
NAMES = tuple(PATH_RATES)


def start(name, size):
    """Return the running state of an optimizer for `size` parameters."""
    return {"t": 0, "v": np.zeros(size), "s": np.zeros(size)}


def step(name, w, g, state, rate, decay=0.0, correct=True):
    """Return the parameters after one step of the named optimizer; `state` changes in place."""
    state["t"] += 1
    v, s, t = state["v"], state["s"], state["t"]
    if name == "SGD":
        return w - rate * g
    if name in ("Momentum", "Nesterov"):
        v *= MU
        v += g
        return w - rate * (v if name == "Momentum" else g + MU * v)
    if name == "AdaGrad":
        s += g * g
        return w - rate * g / (np.sqrt(s) + EPSILON)
    if name == "RMSProp":
        s *= RHO
        s += (1 - RHO) * g * g
        return w - rate * g / (np.sqrt(s) + EPSILON)
    v *= BETA_1
    v += (1 - BETA_1) * g
    s *= BETA_2
    s += (1 - BETA_2) * g * g
    v_hat, s_hat = (v / (1 - BETA_1**t), s / (1 - BETA_2**t)) if correct else (v, s)
    shrunk = w * (1 - rate * decay) if name == "AdamW" else w
    return shrunk - rate * v_hat / (np.sqrt(s_hat) + EPSILON)


# Adam by hand.

HAND_RATE, HAND_START, HAND_GRADIENTS = 0.01, 1.0, (0.1, 0.2, -0.1)


def adam_rows(gradients):
    """State, step and parameter of Adam after each of the gradients."""
    w, state, rows = np.array([HAND_START]), start("Adam", 1), {}
    for t, g in enumerate(gradients, 1):
        new = step("Adam", w, np.array([g]), state, HAND_RATE)
        rows[f"t{t}"] = {
            "v": float(state["v"][0]),
            "s": float(state["s"][0]),
            "s5": float(1e5 * state["s"][0]),
            "step": float(w[0] - new[0]),
            "w": float(new[0]),
        }
        w = new
    return rows


@numbers
def adam_by_hand():
    """Adam over the three gradients of the text, and its first step without bias correction."""
    w, g = np.array([HAND_START]), np.array(HAND_GRADIENTS[:1])
    first = step("Adam", w, g, start("Adam", 1), HAND_RATE, correct=False)
    return adam_rows(HAND_GRADIENTS) | {"first_uncorrected": float(HAND_START - first[0])}


# Paths on one surface.


def surface(w):
    """Height of the surface at points (..., 2)."""
    return 0.5 * (CURVATURES * np.square(np.asarray(w) - MINIMUM)).sum(axis=-1)


def path(name, rate, steps=PATH_STEPS):
    """Points of an optimizer from the origin (steps + 1, 2)."""
    points, state = [np.zeros(2)], start(name, 2)
    for _ in range(steps):
        g = CURVATURES * (points[-1] - MINIMUM)
        points.append(step(name, points[-1], g, state, rate, PATH_DECAY))
    return np.array(points)


@cache
def paths():
    """For each optimizer the first step at which the surface is below 0.01 (0: none), and its end."""
    found = {"start": float(surface(np.zeros(2)))}
    for name, rate in PATH_RATES.items():
        points = path(name, rate)
        heights = surface(points)
        below = np.flatnonzero(heights < CLOSE)
        found[name] = {
            "rate": rate,
            "points": points,
            "steps": int(below[0]) if below.size else 0,
            "end": float(heights[-1]),
        }
    return found


# Training curves on the digits.


def _draw(seed):
    layers = networks.initialize(WIDTHS, np.random.default_rng(seed), "he")
    return np.concatenate([array.ravel() for pair in layers for array in pair])


def layers_of(w):
    """Cut flat parameters (..., 2410) into the two layers (W, b), each with the leading axes."""
    layers, at = [], 0
    for inputs, units in zip(WIDTHS, WIDTHS[1:], strict=False):
        end = at + units * inputs
        layers.append((w[..., at:end].reshape(*w.shape[:-1], units, inputs), w[..., end : end + units]))
        at = end + units
    return layers


def losses_and_gradients(w, X, Y):
    """Mean losses (...) and gradients, in the shape of w, of many networks (..., parameters).

    X (..., examples, 64) and Y (..., examples, 10) hold a batch for each or one for several.
    """
    (W_1, b_1), (W_2, b_2) = layers_of(w)
    hidden = np.maximum(X @ W_1.swapaxes(-1, -2) + b_1[..., None, :], 0)
    logits = hidden @ W_2.swapaxes(-1, -2) + b_2[..., None, :]
    logits -= logits.max(axis=-1, keepdims=True)
    powers = np.exp(logits)
    sums = powers.sum(axis=-1, keepdims=True)
    losses = (np.log(sums[..., 0]) - (logits * Y).sum(axis=-1)).mean(axis=-1)
    delta = (powers / sums - Y) / Y.shape[-2]
    below = (delta @ W_2) * (hidden > 0)
    return losses, np.concatenate(
        [
            part
            for error, inputs in ((below, X), (delta, hidden))
            for part in ((error.swapaxes(-1, -2) @ inputs).reshape(*w.shape[:-1], -1), error.sum(axis=-2))
        ],
        axis=-1,
    )


@cache
def _runs(name):
    """Train with every learning rate of the grid from three seeds, side by side.

    The rate falls linearly to zero. Return the loss of each batch, (steps, rates, seeds), and the
    share of validation errors at the end, (rates, seeds).
    """
    data = digits.split()
    Y = digits.one_hot(data.train_y)
    w = np.tile(np.stack([_draw(seed) for seed in SEEDS]), (len(GRID), 1, 1))
    rates = np.array(GRID)[:, None, None]
    picks = [networks.batches(len(Y), BATCH, np.random.default_rng(100 + seed)) for seed in SEEDS]
    state, losses, steps = start(name, w.shape), [], EPOCHS * len(Y) // BATCH
    with np.errstate(over="ignore", invalid="ignore"):
        for left in range(steps, 0, -1):
            pick = np.stack([next(each) for each in picks])
            loss, g = losses_and_gradients(w, data.train_x[pick], Y[pick])
            w = step(name, w, g, state, rates * left / steps, DECAY)
            losses.append(loss)
        hits = [[networks.accuracy(layers_of(each), data.valid_x, data.valid_y) for each in row] for row in w]
    return np.array(losses), 1 - np.array(hits)


@cache
def tuned():
    """For each optimizer the rate with the lowest training loss, its curve and its errors.

    A loss is the mean over the batches of an epoch and over the seeds.
    """
    found = {}
    for name in NAMES:
        losses, errors = _runs(name)
        curves = losses.reshape(EPOCHS, -1, *losses.shape[1:]).mean(axis=(1, 3)).T
        best = int(np.nanargmin(curves[:, -1]))
        found[name] = {
            "rate": GRID[best],
            "curve": curves[best],
            "loss": float(curves[best, -1]),
            "error": float(errors[best].mean()),
            "all": curves[:, -1],
        }
    return found


@numbers
def tuned_errors():
    """Validation errors in percent at the tuned rates: each, the lowest, and the second highest."""
    found = {name: 100 * tuned()[name]["error"] for name in NAMES}
    ordered = sorted(found.values())
    return found | {"lowest": ordered[0], "sixth": ordered[-2]}


@numbers
def swapped():
    """Last training loss of Adam at the best rate of SGD, and the loss of guessing."""
    return {"adam": float(tuned()["Adam"]["all"][GRID.index(tuned()["SGD"]["rate"])]), "chance": float(np.log(10))}


# How each path and curve is drawn: color, line style, and marker of the steps.
LOOKS = {
    "SGD": (style.INK, (0, (6, 1.2, 1, 1.2)), "o"),
    "Momentum": (style.TEAL, "-", "s"),
    "Nesterov": (style.RUST, (0, (4, 1.4)), "^"),
    "AdaGrad": (style.INK, (0, (1, 1.1)), "o"),
    "RMSProp": ("#a0a0a0", "-", ""),
    "Adam": (style.TEAL, "-", "^"),
    "AdamW": (style.RUST, (0, (4, 1.4)), "o"),
}
# Which paths share a panel, its title, and for each where its label stands and points to (step).
PANELS = (
    (
        "Steps along $\\mathbf{g}$ or $\\mathbf{v}$",
        {"SGD": (1.3, 0.95, 2), "Momentum": (1.6, -3.9, 4), "Nesterov": (6.4, 0.95, 13)},
    ),
    (
        "Steps divided by the root of $\\mathbf{s}$",
        {"RMSProp": (6.6, 0.95, 46), "AdaGrad": (1.1, 0.95, 2), "Adam": (6.1, -3.9, 10), "AdamW": (0.2, -3.9, 6)},
    ),
)


def _contours(axes, title):
    """Draw the surface by its level lines, with the minimum."""
    x, y = np.meshgrid(np.linspace(-0.6, 10.4, 120), np.linspace(-4.7, 1.6, 90))
    heights = surface(np.stack([x, y], axis=-1))
    levels = (0.5, 4, 12, 25, 42, 60, 85, 115)
    axes.contour(x, y, heights, levels=levels, colors="#c4c4c4", linewidths=0.4)
    axes.plot(*MINIMUM, "+", color=style.RUST, markersize=8, markeredgewidth=1.5, zorder=5)
    axes.set(xlim=(-0.6, 10.4), ylim=(-4.7, 1.6), xlabel="$w_1$", xticks=(0, 4, 8), title=title)
    axes.set_yticks([0, -1.5, -3], ["0", "\N{MINUS SIGN}1.5", "\N{MINUS SIGN}3"])


@figure
def paths_and_curves():
    """Left and middle, paths on the surface; right, the loss on the digits."""
    sheet, axes = style.figure("wide", 47, 1, 3, layout="none", gridspec_kw={"width_ratios": (1, 1, 0.86)})
    sheet.subplots_adjust(left=0.066, right=0.87, bottom=0.218, top=0.91, wspace=0.2)
    for number, (title, members) in enumerate(PANELS):
        _contours(axes[number], title)
        for name, (x, y, at) in members.items():
            route, (color, line, marker) = paths()[name], LOOKS[name]
            points = route["points"][: (route["steps"] or PATH_STEPS) + 1]
            axes[number].plot(
                *points.T,
                color=color,
                linestyle=line,
                linewidth=2.6 if name == "RMSProp" else 0.9,
                marker=marker,
                markersize=1.9,
            )
            axes[number].annotate(
                f"{name}, $\\eta$ = {route['rate']:g}\n"
                + (f"{route['steps']} steps" if route["steps"] else f"over {PATH_STEPS} steps"),
                points[at],
                (x, y),
                fontsize=7.5,
                color=style.GREY if name == "RMSProp" else color,
                va="center",
                linespacing=0.95,
                arrowprops={"arrowstyle": "-", "linewidth": 0.4, "color": style.GREY, "shrinkA": 1},
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
                zorder=6,
            )
    axes[0].set_ylabel("$w_2$")
    epochs, ends = np.arange(1, EPOCHS + 1), dict(_ends())
    for name, (color, line, _) in LOOKS.items():
        run = tuned()[name]
        axes[2].plot(epochs, run["curve"], color=color, linestyle=line, linewidth=2 if name == "RMSProp" else 1.1)
        axes[2].annotate(
            f"{name}, {run['rate']:g}",
            (EPOCHS, run["loss"]),
            (EPOCHS + 0.6, ends[name]),
            fontsize=7.5,
            color=style.GREY if name == "RMSProp" else color,
            va="center",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "linewidth": 0.4, "color": style.GREY, "shrinkA": 0, "relpos": (0, 0.5)},
        )
    axes[2].set(yscale="log", ylim=(0.02, 3), xlim=(0.8, 10.1), xticks=(1, 4, 7, 10), xlabel="epoch")
    axes[2].set_title("Loss on the digits, tuned $\\eta$")
    axes[2].minorticks_off()
    axes[2].set_yticks([0.03, 0.1, 0.3, 1], ["0.03", "0.1", "0.3", "1"])
    return sheet


def _ends(gap=1.51):
    """Heights of the labels at the ends of the loss curves: in order, and a ratio apart."""
    lowest = 0
    for name in sorted(NAMES, key=lambda name: tuned()[name]["loss"]):
        lowest = max(tuned()[name]["loss"] * 0.92, lowest * gap)
        yield name, lowest
