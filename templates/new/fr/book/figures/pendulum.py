"""Le pendule : ses dessins et les nombres que le texte cite.

Une fonction marquée @figure rend un dessin, une fonction marquée @numbers ce que {{ pendulum.function.key }} imprime.
"""

import math

import numpy as np

from press.pictures import style
from press.pictures.results import figure, numbers

GRAVITY = 9.81


def period(length):
    """La période d'un pendule, en secondes."""
    return 2 * math.pi * np.sqrt(length / GRAVITY)


def length(period):
    """La longueur d'un pendule, en mètres."""
    return GRAVITY * (period / (2 * math.pi)) ** 2


def mean(one, other):
    """La moyenne arithmético-géométrique de deux nombres."""
    for _ in range(10):
        one, other = (one + other) / 2, math.sqrt(one * other)
    return one


@numbers
def examples():
    """La période de deux longueurs, et la longueur qui bat la seconde."""
    return {"one_meter": period(1.0), "four_meters": period(4.0), "seconds": length(2.0)}


@numbers
def lengths():
    """Les longueurs du tableau."""
    return {"half": length(0.5), "one": length(1.0), "two": length(2.0)}


@numbers
def wide():
    """De quelle part la période est plus longue quand on tire le poids jusque-là."""
    return {
        name: 1 / mean(1.0, math.cos(math.radians(angle) / 2)) - 1
        for name, angle in {"twenty": 20, "ninety": 90}.items()
    }


@figure
def periods():
    """La période selon la longueur, avec le pendule qui bat la seconde."""
    sheet, axes = style.figure("column", 52)  # large comme la colonne, haut de 52 mm
    across = np.linspace(0, 2, 200)
    axes.plot(across, period(across))  # la première encre du dessin
    axes.plot(length(2.0), 2.0, "o", color=style.RUST)
    style.label(axes, "bat la seconde", length(2.0) + 0.05, 1.9, color=style.RUST, va="top")
    axes.set(xlabel="longueur en m", ylabel="période en s", xticks=[0, 1, 2], yticks=[0, 1, 2, 3])
    return sheet


@figure
def swing():
    """La couverture : le poids à des instants égaux."""
    sheet, axes = style.figure(210, 150)
    style.diagram(axes, 210, 150)
    for angle in 0.6 * np.cos(np.linspace(0, math.pi, 13)):
        x, y = 105 + 110 * math.sin(angle), 140 - 110 * math.cos(angle)
        axes.plot([105, x], [140, y], color=style.RULE, linewidth=0.6)
        axes.plot(x, y, "o", color=style.TEAL, markersize=9)
    return sheet
