"""The dial and the clock: the equation of time, longitude, the length of the day from noon to noon."""

import numpy as np

from press.pictures import style
from press.pictures.results import figure, numbers

from .sky import MONTHS, NAMES
from .sun import equation_parts

DAYS = np.arange(1, 366)
PLACE, ZONE = 8.3, 15.0  # degrees east: of the worked example, and of the meridian of its clock time


def day_name(day):
    """A day of the year as month and day."""
    month = int(np.searchsorted(MONTHS, day, side="right")) - 1
    full = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")
    return f"{(*full, 'November', 'December')[month]} {int(day - MONTHS[month] + 1)}"


@numbers
def extremes():
    """The equation of time where it is largest, and the days without any."""
    orbit, axis = equation_parts(DAYS)
    both = orbit + axis
    high, low = int(both.argmax()), int(both.argmin())
    zeros = np.flatnonzero(np.sign(both[:-1]) != np.sign(both[1:]))
    return {
        "most": float(both[high]),
        "most_day": day_name(DAYS[high]),
        "least": float(-both[low]),
        "least_day": day_name(DAYS[low]),
        "zeros": [day_name(DAYS[at]) for at in zeros],
        "orbit": float(orbit.max()),
        "axis": float(axis.max()),
    }


@numbers
def solar_day():
    """How much a day from noon to noon is longer or shorter than 24 hours, in seconds."""
    change = -60 * np.diff(sum(equation_parts(np.arange(1, 367))))
    return {"longest": float(change.max()), "shortest": float(-change.min()), "turn": 360 + 360 / 365.24}


@numbers
def example():
    """Clock time from a dial: a place, a zone, a day."""
    equation = float(sum(equation_parts(305)))  # November 1
    west = 4 * (ZONE - PLACE)
    return {"west": west, "equation": equation, "sum": west - equation, "degrees": ZONE - PLACE}


@figure
def equation():
    """The equation of time and its two parts."""
    sheet, axes = style.figure("column", 62)
    orbit, axis = equation_parts(DAYS)
    axes.axhline(0, color=style.RULE, linewidth=0.5)
    axes.plot(DAYS, orbit, color=style.CURVES[1][0], linestyle=style.CURVES[1][1])
    axes.plot(DAYS, axis, color=style.CURVES[3][0], linestyle=style.CURVES[3][1])
    axes.plot(DAYS, orbit + axis, color=style.TEAL, linewidth=1.6)
    style.label(axes, "both", 281, 14.0, style.TEAL, ha="right")
    style.label(axes, "orbit", 222, 6.6, style.RUST, ha="right")
    style.label(axes, "axis", 127, 11.6, style.GREY, ha="center")
    axes.set(xlim=(1, 366), ylim=(-16, 18), ylabel="dial ahead of clock (minutes)", yticks=[-15, -10, -5, 0, 5, 10, 15])
    axes.set_xticks(MONTHS, NAMES)
    return sheet


@figure
def days():
    """The length of the day from noon to noon through the year."""
    sheet, axes = style.figure("column", 46)
    change = -60 * np.diff(sum(equation_parts(np.arange(1, 367))))
    axes.axhline(0, color=style.RULE, linewidth=0.5)
    axes.plot(DAYS, change, color=style.TEAL)
    axes.set(xlim=(1, 366), ylim=(-25, 35), ylabel="beyond 24 hours (seconds)", yticks=[-20, 0, 20])
    axes.set_xticks(MONTHS, NAMES)
    return sheet
