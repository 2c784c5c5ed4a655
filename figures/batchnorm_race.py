"""A plain network, one with batch normalization and one whose normalized units are disturbed (3.6.8, 3.6.9).

All three start with He weights. Each trains at the learning rate that was best for it on the
validation set; the disturbance follows the question of Santurkar et al.: does the layer help because
its outputs keep their distribution?
"""

import numpy as np

from .kit import signs, style
from .kit.results import computed, experiment, figure, numbers
from .models import digits, normalized
from .tuned import batchnorm_race as tuned

WIDTHS, BATCH, STEPS, EVERY = (64, *(50,) * 6, 10), 64, 200, 4
KINDS = {"plain": None, "batch": "batch", "disturbed": "batch"}
GRID = (0.01, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0)
STARTS = (0.25, 0.5, 1.0, 2.0, 4.0)  # times the standard deviation of He initialization
SEARCH_SEEDS, SEEDS = tuple(range(5)), tuple(range(100, 110))
LEVEL, SUM = 5, 15  # percent of validation errors that counts as learned; steps averaged for a loss
# The disturbance: limits of the shift and of the factor that a unit shares in one step, and what each example adds.
SHIFT, STRETCH, EACH = 0.5, 1.25, 0.1
INSIDE = 4  # the hidden layer whose inputs are shown


def disturbance(seed=9):
    """Return a function that shifts and stretches every unit anew at every step, each example a little differently."""
    rng = np.random.default_rng(seed)

    def disturb(y):
        unit = (len(y), 1, y.shape[2])
        shift = rng.uniform(-SHIFT, SHIFT, unit) + rng.uniform(-EACH, EACH, y.shape)
        factor = rng.uniform(1, STRETCH, unit) + EACH * rng.normal(size=y.shape)
        return factor * y + shift, factor

    return disturb


def pictures():
    """Training and validation pictures, less the mean of the training pictures, and their classes."""
    data = digits.split()
    center = data.train_x.mean(axis=0)
    return data.train_x - center, data.train_y, data.valid_x - center, data.valid_y


def train(name, rates, seeds, scale=1.0, watch=None, steps=STEPS):
    """Train one kind of network at these rates, a run each, from these seeds; return it and its batch losses."""
    X, y, _, _ = pictures()
    net = normalized.initialize(WIDTHS, seeds, "he", KINDS[name])
    for layer in net:
        layer["W"] *= scale
    disturb = disturbance() if name == "disturbed" else None
    options = {"rate": np.array(rates), "steps": steps, "batch": BATCH, "disturb": disturb, "watch": watch}
    return net, normalized.train(net, X, y, **options)


def watched(name, rates, seeds, scale=1.0):
    """Train, and return validation losses, validation errors (percent) over the steps, batch losses, inputs inside."""
    _, _, X, y = pictures()
    errors, inputs = [], []

    def watch(net, kept):
        inputs.append(np.percentile(kept[INSIDE - 1]["y"][0], [15, 50, 85], axis=0))
        if len(inputs) % EVERY == 1:
            errors.append(100 * normalized.errors(net, X, y))

    net, losses = train(name, rates, seeds, scale, watch)
    errors.append(100 * normalized.errors(net, X, y))
    last = normalized.mean_losses(net, X, y)
    return {"loss": last, "errors": np.array(errors), "batch_losses": losses, "inputs": np.array(inputs)}


def steps_to(level, errors):
    """Steps until the validation error is first at most `level`; all steps where it never is."""
    below = errors <= level
    return np.where(below.any(axis=0), EVERY * below.argmax(axis=0), STEPS)


def by_rate(name, scale=1.0, rates=GRID, seeds=SEARCH_SEEDS):
    """Means over the seeds for every rate: validation loss (None where a run diverged), and steps to the level."""
    shape = (len(rates), len(seeds))
    with np.errstate(invalid="ignore"):  # diverged runs
        run = watched(name, np.repeat(rates, shape[1]), list(seeds) * shape[0], scale)
    losses = [round(float(loss), 4) if np.isfinite(loss) else None for loss in run["loss"].reshape(shape).mean(axis=1)]
    return losses, [float(steps) for steps in steps_to(LEVEL, run["errors"]).reshape(shape).mean(axis=1)]


def search():
    """Validation loss and steps of each kind at every rate, and losses from larger and smaller first weights."""
    tried = {name: by_rate(name) for name in KINDS}
    losses, steps = ({name: pair[part] for name, pair in tried.items()} for part in (0, 1))
    starts = {
        name: {scale: losses[name] if scale == 1 else by_rate(name, scale)[0] for scale in STARTS}
        for name in ("plain", "batch")
    }
    rates = {name: GRID[int(np.argmin(row))] for name, row in steps.items()}
    return {"RATES": rates, "GRID": list(GRID), "STEPS": steps, "LOSSES": losses, "STARTS": starts}


@computed
def fresh(name):
    """Ten new starts at the tuned rate: all that is watched."""
    return watched(name, np.full(len(SEEDS), tuned.RATES[name]), SEEDS)


def mean_and_error(values):
    """Mean over the starts and its standard error."""
    return {"mean": float(np.mean(values)), "se": float(np.std(values, ddof=1) / len(values) ** 0.5)}


@numbers
def results():
    """Steps to 5% validation errors and to a training loss of 0.1, and errors at the end, by kind of network."""
    found = {"seeds": len(SEEDS)}
    for name in KINDS:
        run = fresh(name)
        smooth = np.apply_along_axis(np.convolve, 0, run["batch_losses"], np.full(SUM, 1 / SUM), "valid")
        found[name] = {
            "rate": tuned.RATES[name],
            "steps": mean_and_error(steps_to(LEVEL, run["errors"])),
            "loss_steps": mean_and_error(SUM + (smooth < 0.1).argmax(axis=0)),
            "error": mean_and_error(run["errors"][-1]),
            "loss": mean_and_error(run["loss"]),
        }
    found["ratio"] = found["batch"]["steps"]["mean"] / found["plain"]["steps"]["mean"]
    return found


@numbers
def grid():
    """What the search says of rates and first weights: lowest losses, and the largest rate within twice the lowest."""
    highest = {
        name: max(eta for eta, loss in zip(tuned.GRID, row, strict=True) if loss and loss < 2 * min_of(row))
        for name, row in tuned.LOSSES.items()
    }
    starts = {
        name: {f"of{100 * scale:.0f}": min_of(row) for scale, row in rows.items()}
        for name, rows in tuned.STARTS.items()
    }
    return {"highest": highest, "starts": starts}


def min_of(row):
    """Lowest loss of a row of the search; None where every rate diverged."""
    return min((loss for loss in row if loss is not None), default=None)


# ---- drawings ---------------------------------------------------------------

NAMES = {"plain": "plain", "batch": "batch normalization", "disturbed": "disturbed"}
SIGNS = {"plain": "plain", "batch": "batch normalization", "disturbed": "disturbed"}
UNIT = 1


def draw_unit(axes, name, title):
    """Middle 70% and median of what one unit gets over the steps."""
    low, middle, high = fresh(name)["inputs"][:, :, UNIT].T
    steps = np.arange(len(low))
    axes.fill_between(steps, low, high, color=style.TEAL_TINT, linewidth=0)
    axes.plot(steps, middle, color=style.TEAL, linewidth=0.5)
    axes.set(title=title, xlabel="step", xlim=(0, STEPS), ylim=(-4, 4), yticks=(-4, -2, 0, 2, 4))


@figure
def statistics():
    """What one unit gets over training in the three networks."""
    sheet, axes = style.figure("column", 36, 1, 3, sharey=True)
    for panel, name in zip(axes, KINDS, strict=True):
        draw_unit(panel, name, NAMES[name].capitalize())
    axes[0].set_ylabel("input of a ReLU")
    return sheet


@figure
def errors():
    """Validation error over the steps, mean of ten starts."""
    sheet, axes = style.figure("margin", 40)
    for name in KINDS:
        error = fresh(name)["errors"].mean(axis=1)
        axes.plot(EVERY * np.arange(len(error)), error, **signs.BUILDS[SIGNS[name]].curve)
    axes.axhline(LEVEL, color=style.RULE, linewidth=0.5, zorder=0)
    axes.set(xlabel="step", ylabel="validation error, %", xlim=(0, STEPS), yscale="log", ylim=(2, 100))
    axes.set_yticks([2, 5, 10, 20, 50], ["2", "5", "10", "20", "50"])
    axes.minorticks_off()
    for name, text, x, y in (
        ("plain", "plain", 60, 25),
        ("disturbed", "disturbed", 96, 9.5),
        ("batch", "normalized", 8, 2.7),
    ):
        style.label(axes, text, x, y, signs.BUILDS[SIGNS[name]].color)
    return sheet


def draw_losses(axes, places, losses, name, top):
    """A curve through losses; what diverged is marked at the top."""
    sign = signs.BUILDS[SIGNS[name]]
    known = np.array([loss is not None for loss in losses])
    values = np.array([top if loss is None else min(loss, top) for loss in losses])
    axes.plot(places, values, **sign.curve)
    axes.plot(places[known], values[known], clip_on=False, **sign.dots)
    if not known.all():
        axes.plot(places[~known], values[~known], "x", color=sign.color, markersize=4.5, clip_on=False)


@figure
def rates():
    """Validation loss against the learning rate."""
    sheet, axes = style.figure("margin", 38)
    top = 4.0
    for name in KINDS:
        draw_losses(axes, np.array(tuned.GRID), tuned.LOSSES[name], name, top)
    axes.axhline(np.log(10), color=style.RULE, linewidth=0.5, zorder=0)
    axes.set(xscale="log", yscale="log", ylim=(0.05, top), xlabel=r"learning rate $\eta$", ylabel="validation loss")
    axes.minorticks_off()
    axes.set_yticks([0.1, 0.3, 1, 3], ["0.1", "0.3", "1", "3"])
    axes.set_xticks([0.01, 0.1, 1], ["0.01", "0.1", "1"])
    for name, text, x, y in (
        ("plain", "plain", 1.1, 0.75),
        ("disturbed", "disturbed", 0.035, 1.1),
        ("batch", "normalized", 0.02, 0.068),
    ):
        style.label(axes, text, x, y, signs.BUILDS[SIGNS[name]].color)
    style.label(axes, "guessing", 0.014, 3.0, style.GREY, fontsize=7.5)
    return sheet


@experiment
def three_networks():
    """The race of page 118 and the search of page 119."""
    return {
        "title": "Batch normalization, with and without a disturbance, against a plain network",
        "entry": "3.6.8",
        "compares": "no normalization; batch normalization before each ReLU; the same with each normalized unit "
        f"multiplied by a factor from 1 to {STRETCH:g} and shifted by up to {SHIFT:g}, anew in each step, "
        f"and each example a little more (standard deviation {EACH:g} of the factor, shift up to {EACH:g})",
        "data": "digits, less the mean of the training images",
        "split": "1,000 training and 397 validation examples",
        "network": "-".join(map(str, WIDTHS)) + ", ReLU",
        "initialization": "normal, variance 2/n, then times "
        + ", ".join(f"{scale:g}" for scale in STARTS)
        + "; biases zero",
        "loss": "cross-entropy",
        "optimizer": "SGD",
        "rate": ", ".join(f"{tuned.RATES[name]:g} ({NAMES[name]})" for name in KINDS),
        "tuned": f"fewest steps to {LEVEL}% validation error, mean of {len(SEARCH_SEEDS)} other starts, of "
        + ", ".join(f"{eta:g}" for eta in GRID),
        "batch": f"{BATCH}, a new shuffle each epoch",
        "steps": f"{STEPS}",
        "seeds": f"{len(SEEDS)} starts",
        "plotted": f"mean and standard error over the starts; validation error every {EVERY} steps",
    }
