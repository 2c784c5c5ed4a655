"""Softmax as the output of a classifier of several classes (section 3.4.9)."""

import numpy as np

from .kit import style
from .kit.results import figure, numbers
from .models import networks
from .softmax import probabilities

ACTIVATIONS = np.array([1.0, 2.0])  # of the last hidden layer
WEIGHTS = np.array([[0.0, 1.0], [1.0, 0.0], [0.5, -0.2]])
LOGITS = tuple(round(float(z), 12) for z in WEIGHTS @ ACTIVATIONS)  # (2, 1, 0.1), as in 3.9
CLASSES = ("cat", "dog", "bird")
TEMPERATURES = (0.5, 1.0, 2.0)


@numbers
def example():
    """The logits of the text: powers, their sum, probabilities, and the loss of each true class."""
    powers = np.exp(LOGITS)
    found = probabilities(LOGITS)
    return {
        "powers": powers,
        "sum": float(powers.sum()),
        "log_sum": float(np.log(powers.sum())),
        "probabilities": found,
        "losses": -np.log(found),
        "gradient": found - np.array([1, 0, 0]),
        "shifted": probabilities(np.array(LOGITS) + 5),
    }


@numbers
def misprint():
    """The two sets of logits that a well-known figure mixes up."""
    return {"ascending": probabilities((1.0, 2.0, 3.0)), "spread": probabilities((3.0, 1.0, -3.0))}


@numbers
def labels():
    """The logits (3, 1, -3) as three independent labels: sigmoids, and their sum."""
    separate = networks.sigmoid(np.array([3.0, 1.0, -3.0]))
    return {"sigmoids": separate, "sum": float(separate.sum())}


@numbers
def start():
    """Loss of a uniform prediction over K classes; and mean loss over ten scores with the variance 2 of He weights."""
    z = np.random.default_rng(0).normal(0, 2**0.5, (200_000, 10))
    spread = float(np.log(np.exp(z).sum(axis=1)).mean())  # less the mean of the true score, which is 0
    return {f"k{k}": float(np.log(k)) for k in (10, 1000)} | {"he10": spread}


@figure
def steps():
    """Scores, their exponentials, and the shares of the sum: three rows of bars."""
    sheet, axes = style.figure("column", 24, 1, 3)
    powers = np.exp(LOGITS)
    panels = (
        ("Scores", np.array(LOGITS), "{:g}"),
        ("Exponentials", powers, "{:.2f}"),
        ("Shares of the sum", powers / powers.sum(), "{:.3f}"),
    )
    places = np.arange(3)[::-1]
    for plot, (title, values, form) in zip(axes, panels, strict=True):
        plot.barh(places, values, height=0.55, color=(style.TEAL, style.RUST, style.GREY))
        for place, value in zip(places, values, strict=True):
            style.label(plot, form.format(value), value + 0.03 * values.max(), place)
        plot.set(xlim=(0, 1.3 * values.max()), xticks=(), ylim=(-0.5, 2.5), yticks=places)
        plot.set_yticklabels(CLASSES if plot is axes[0] else ("", "", ""))
        plot.set_title(title)
        plot.spines["bottom"].set_visible(False)
        plot.tick_params(axis="y", length=0)
    return sheet


@figure
def slopes():
    """Probabilities of the three classes at three temperatures, one line a class."""
    sheet, axes = style.figure("margin", 44)
    found = np.array([probabilities(LOGITS, t) for t in TEMPERATURES])
    for column, name, mark, (color, line) in zip(range(3), CLASSES, "os^", style.CURVES, strict=False):
        axes.plot(range(3), found[:, column], marker=mark, color=color, linestyle=line, clip_on=False)
        style.label(axes, name, 2.12, found[2, column], color)
        for place in (0, 1):
            aside, side = (-0.05, "top") if name == "bird" and place else (0.05, "bottom")
            if name != "bird" or place:
                at = found[place, column]
                style.label(axes, f"{at:.2f}", place, at + aside, color, ha="center", va=side, fontsize=7.5)
    axes.set(xlim=(-0.15, 2.7), ylim=(-0.08, 1), yticks=(0, 0.5, 1), ylabel="probability", xlabel="temperature")
    axes.set_xticks(range(3), [f"{t:g}" for t in TEMPERATURES])
    return sheet
