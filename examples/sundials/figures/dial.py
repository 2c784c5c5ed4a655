"""The dial: its hour lines, and how sharp a shadow is."""

import numpy as np

from press.pictures import style
from press.pictures.results import figure, numbers

from .sun import LATITUDE, WIDTH, sin, tan

HOURS = range(-6, 7)  # from noon


def line_angle(latitude, hour):
    """The angle between the line of an hour (from noon) and the noon line on a level dial."""
    angle = 15 * hour
    return float(np.degrees(np.arctan2(sin(latitude) * sin(angle), np.cos(np.radians(angle)))))


@numbers
def lines():
    """Angles of the hour lines by latitude."""
    return {f"at{latitude}": [line_angle(latitude, hour) for hour in range(7)] for latitude in (30, 40, 50, 60)}


@numbers
def example():
    """The three steps of the worked example: three hours after noon at the example's latitude."""
    return {"sine": float(sin(LATITUDE)), "tangent": float(tan(45)), "angle": line_angle(LATITUDE, 3)}


@numbers
def blur():
    """How wide the edge of a shadow is, and how long the Sun takes for it."""
    return {
        "per_meter": float(1000 * 2 * tan(WIDTH / 2)),
        "minutes": WIDTH / 15 * 60,
        "short": float(200 * 2 * tan(WIDTH / 2)),
    }


@numbers
def speed():
    """How far the shadow of a style runs in a minute around noon, on dials of two sizes, in mm."""
    a_minute = np.radians(sin(LATITUDE) * 0.25)
    return {"small": float(100 * a_minute), "large": float(1000 * a_minute)}


@figure
def face():
    """A dial for the example's latitude."""
    sheet, axes = style.figure("column", 62)
    axes.set_aspect("equal")
    for hour in HOURS:
        angle = np.radians(line_angle(LATITUDE, hour))
        x, y = np.sin(angle), np.cos(angle)
        color = style.RUST if hour == 0 else style.TEAL
        axes.plot([0.12 * x, x], [0.12 * y, y], color=color, linewidth=1.3 if hour % 3 == 0 else 0.8)
        axes.text(1.09 * x, 1.09 * y, f"{hour + 12}", ha="center", va="center", color=color, fontsize=8)
    around = np.radians(np.linspace(-90, 90, 200))
    axes.plot(np.sin(around), np.cos(around), color=style.GREY, linewidth=0.5)
    axes.plot([0, 0], [0, 0.86], color=style.INK, linewidth=2.2, solid_capstyle="round")
    axes.text(0.03, 0.52, "pointer", rotation=90, ha="left", va="center", fontsize=8)
    axes.set(xlim=(-1.9, 1.9), ylim=(-0.12, 1.2))
    axes.axis("off")
    return sheet


@figure
def edge():
    """The light across the edge of a shadow, one meter and twenty centimeters from what casts it."""
    sheet, axes = style.figure("column", 42)
    for distance, (color, line) in ((1.0, style.CURVES[0]), (0.2, style.CURVES[1])):
        half = 1000 * distance * tan(WIDTH / 2)
        place = np.linspace(-8, 8, 401)
        part = np.clip(place / half, -1, 1)
        light = 0.5 + (part * np.sqrt(1 - part**2) + np.arcsin(part)) / np.pi
        axes.plot(place, 100 * light, color=color, linestyle=line)
    style.label(axes, "0.2 m away", 1.0, 88, style.RUST)
    style.label(axes, "1 m away", 2.9, 68, style.TEAL)
    axes.set(
        xlim=(-8, 8),
        ylim=(0, 104),
        xlabel="distance from the middle of the edge (mm)",
        ylabel="light (percent)",
        yticks=[0, 50, 100],
    )
    return sheet
