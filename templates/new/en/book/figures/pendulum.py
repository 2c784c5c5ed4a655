"""The pendulum: its drawings and the numbers that the text quotes.

A function marked @figure returns a drawing, one marked @numbers what {{ pendulum.function.key }} prints.
"""

import math

import numpy as np

from press.pictures import style
from press.pictures.results import figure, numbers

GRAVITY = 9.81


def period(length):
    """Return the period of a pendulum, in seconds."""
    return 2 * math.pi * np.sqrt(length / GRAVITY)


def length(period):
    """Return the length of a pendulum, in meters."""
    return GRAVITY * (period / (2 * math.pi)) ** 2


def mean(one, other):
    """Return the arithmetic-geometric mean of two numbers."""
    for _ in range(10):
        one, other = (one + other) / 2, math.sqrt(one * other)
    return one


@numbers
def examples():
    """Periods of two lengths, and the length that beats seconds."""
    return {"one_meter": period(1.0), "four_meters": period(4.0), "seconds": length(2.0)}


@numbers
def lengths():
    """The lengths of the table."""
    return {"half": length(0.5), "one": length(1.0), "two": length(2.0)}


@numbers
def wide():
    """By which share the period is longer when the weight is pulled aside so far."""
    return {
        name: 1 / mean(1.0, math.cos(math.radians(angle) / 2)) - 1
        for name, angle in {"twenty": 20, "ninety": 90}.items()
    }


@figure
def periods():
    """The period over the length, with the pendulum that beats seconds."""
    sheet, axes = style.figure("column", 52)  # as wide as the text column, 52 mm high
    across = np.linspace(0, 2, 200)
    axes.plot(across, period(across))  # the first ink of the design
    axes.plot(length(2.0), 2.0, "o", color=style.RUST)
    style.label(axes, "beats seconds", length(2.0) + 0.05, 1.9, color=style.RUST, va="top")
    axes.set(xlabel="length in m", ylabel="period in s", xticks=[0, 1, 2], yticks=[0, 1, 2, 3])
    return sheet


@figure
def swing():
    """The cover: places of the weight at equal times."""
    sheet, axes = style.figure(210, 150)
    style.diagram(axes, 210, 150)
    for angle in 0.6 * np.cos(np.linspace(0, math.pi, 13)):
        x, y = 105 + 110 * math.sin(angle), 140 - 110 * math.cos(angle)
        axes.plot([105, x], [140, y], color=style.RULE, linewidth=0.6)
        axes.plot(x, y, "o", color=style.TEAL, markersize=9)
    return sheet
