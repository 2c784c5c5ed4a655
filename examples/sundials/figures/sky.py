"""The Sun over a place, and the shadow of a pole on level ground."""

import numpy as np

from press.pictures import style
from press.pictures.results import figure, numbers

from .sun import LATITUDE, TILT, declination, direction, half_day, tan, tip

# Days on which the months begin, in a year without a leap day.
MONTHS = np.cumsum([1, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30])
NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@numbers
def noon():
    """Heights of the Sun at noon in the example's place, and lengths of a shadow for a pole of length 1."""
    heights = {"summer": 90 - LATITUDE + TILT, "equinox": 90 - LATITUDE, "winter": 90 - LATITUDE - TILT}
    return {
        "height": heights,
        "shadow": {name: float(1 / tan(height)) for name, height in heights.items()},
        "day": {
            "summer": float(half_day(LATITUDE, TILT) / 7.5),
            "winter": float(half_day(LATITUDE, -TILT) / 7.5),
        },
    }


@numbers
def turning():
    """How fast the direction of a pole's shadow turns around noon, in degrees an hour."""
    found = {}
    for name, tilt in (("summer", TILT), ("winter", -TILT)):
        east, north = tip(LATITUDE, tilt, np.array([-0.5, 0.5]))
        angles = np.degrees(np.arctan2(east, north))
        found[name] = float(15 * (angles[1] - angles[0]))
    return found


@figure
def shadows():
    """Shadows of a pole from above, from morning to afternoon, at an equinox."""
    sheet, axes = style.figure("column", 46)
    axes.set_aspect("equal")
    for hour in (8, 9, 10, 11, 12, 13, 14, 15, 16):
        east, north = tip(LATITUDE, 0, 15 * (hour - 12))
        color = style.RUST if hour == 12 else style.TEAL
        axes.plot([0, east], [0, north], color=color, linewidth=1.4 if hour == 12 else 0.9, solid_capstyle="round")
        axes.text(east, north + 0.12, f"{hour}", ha="center", va="bottom", color=color, fontsize=8)
    axes.plot(0, 0, "o", color=style.INK, markersize=4)
    axes.text(0.12, -0.05, "pole", ha="left", va="top", fontsize=8)
    axes.text(-3.0, 0.0, "west", ha="left", va="center", fontsize=8, color=style.GREY)
    axes.text(3.0, 0.0, "east", ha="right", va="center", fontsize=8, color=style.GREY)
    axes.set(xlim=(-3.05, 3.05), ylim=(-0.35, 1.6))
    axes.axis("off")
    return sheet


@figure
def year():
    """The height of the Sun at noon through the year at three latitudes."""
    sheet, axes = style.figure("column", 52)
    days = np.arange(1, 366)
    for latitude, (color, line) in ((10, style.CURVES[2]), (50, style.CURVES[0]), (65, style.CURVES[1])):
        heights = np.degrees(np.arcsin(direction(latitude, declination(days), 0)[2]))
        axes.plot(days, heights, color=color, linestyle=line)
        style.label(axes, f"{latitude}° north", 367, heights[-1], color)
    axes.set(xlim=(1, 366), ylim=(0, 90), ylabel="height at noon (degrees)", yticks=[0, 30, 60, 90])
    axes.set_xticks(MONTHS, NAMES)
    axes.tick_params(axis="x", labelsize=7.5)
    return sheet


@figure
def tips():
    """The curves that the tip of the shadow draws on four days."""
    sheet, axes = style.figure("column", 64)
    axes.set_aspect("equal")
    for name, tilt, (color, line) in (
        ("December 21", -TILT, style.CURVES[0]),
        ("February 18", -11.7, style.CURVES[3]),
        ("an equinox", 0.0, style.CURVES[2]),
        ("June 21", TILT, style.CURVES[1]),
    ):
        angles = np.linspace(-1, 1, 801) * (half_day(LATITUDE, tilt) - 1)
        east, north = tip(LATITUDE, tilt, angles)
        inside = (np.abs(east) < 3.4) & (north < 4.2) & (north > -0.7)
        axes.plot(east[inside], north[inside], color=color, linestyle=line)
        height = float(np.interp(0, angles, north))
        axes.text(0, height + 0.1, name, ha="center", va="bottom", color=color, fontsize=8)
    axes.plot(0, 0, "o", color=style.INK, markersize=4)
    axes.text(0.12, 0, "pole", ha="left", va="center", fontsize=8)
    axes.annotate(
        "", (-3.3, 1.0), (-3.3, 0.0), arrowprops={"arrowstyle": "->", "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0}
    )
    axes.text(-3.2, 0.4, "north", ha="left", va="center", fontsize=8)
    axes.set(xlim=(-3.6, 3.6), ylim=(-0.7, 4.3))
    axes.axis("off")
    return sheet
