"""Das Pendel: seine Abbildungen und die Zahlen, die der Text nennt.

Eine Funktion mit @figure gibt eine Abbildung zurück, eine mit @numbers, was {{ pendulum.function.key }} druckt.
"""

import math

import numpy as np

from press.pictures import style
from press.pictures.results import figure, numbers

GRAVITY = 9.81


def period(length):
    """Die Schwingungsdauer eines Pendels, in Sekunden."""
    return 2 * math.pi * np.sqrt(length / GRAVITY)


def length(period):
    """Die Länge eines Pendels, in Metern."""
    return GRAVITY * (period / (2 * math.pi)) ** 2


def mean(one, other):
    """Das arithmetisch-geometrische Mittel zweier Zahlen."""
    for _ in range(10):
        one, other = (one + other) / 2, math.sqrt(one * other)
    return one


@numbers
def examples():
    """Die Dauer zu zwei Längen, und die Länge des Sekundenpendels."""
    return {"one_meter": period(1.0), "four_meters": period(4.0), "seconds": length(2.0)}


@numbers
def lengths():
    """Die Längen der Tabelle."""
    return {"half": length(0.5), "one": length(1.0), "two": length(2.0)}


@numbers
def wide():
    """Um welchen Anteil die Schwingung länger dauert, wenn das Gewicht so weit zur Seite gezogen wird."""
    return {
        name: 1 / mean(1.0, math.cos(math.radians(angle) / 2)) - 1
        for name, angle in {"twenty": 20, "ninety": 90}.items()
    }


@figure
def periods():
    """Die Schwingungsdauer über der Länge, mit dem Sekundenpendel."""
    sheet, axes = style.figure("column", 52)  # so breit wie die Spalte, 52 mm hoch
    across = np.linspace(0, 2, 200)
    axes.plot(across, period(across))  # die erste Farbe des Entwurfs
    axes.plot(length(2.0), 2.0, "o", color=style.RUST)
    style.label(axes, "Sekundenpendel", length(2.0) + 0.05, 1.9, color=style.RUST, va="top")
    axes.set(xlabel="Länge in m", ylabel="Dauer in s", xticks=[0, 1, 2], yticks=[0, 1, 2, 3])
    return sheet


@figure
def swing():
    """Der Umschlag: wo das Gewicht in gleichen Zeiten ist."""
    sheet, axes = style.figure(210, 150)
    style.diagram(axes, 210, 150)
    for angle in 0.6 * np.cos(np.linspace(0, math.pi, 13)):
        x, y = 105 + 110 * math.sin(angle), 140 - 110 * math.cos(angle)
        axes.plot([105, x], [140, y], color=style.RULE, linewidth=0.6)
        axes.plot(x, y, "o", color=style.TEAL, markersize=9)
    return sheet
