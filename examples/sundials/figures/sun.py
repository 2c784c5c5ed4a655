"""Where the Sun stands: the formulas that all drawings and numbers of the book share. Angles are degrees."""

import numpy as np

TILT = 23.44  # of the axis of the Earth against its orbit
LATITUDE = 50.0  # of the examples
ECCENTRICITY = 0.0167  # of the orbit
PERIHELION = 283.0  # longitude of the Sun when it is nearest
NEAREST_DAY = 3.0  # of January
YEAR = 365.25  # days
WIDTH = 0.53  # how wide the Sun looks


def sin(angle):
    """The sine of an angle in degrees."""
    return np.sin(np.radians(angle))


def cos(angle):
    """The cosine of an angle in degrees."""
    return np.cos(np.radians(angle))


def tan(angle):
    """The tangent of an angle in degrees."""
    return np.tan(np.radians(angle))


def direction(latitude, declination, hour_angle):
    """The unit vector to the Sun: east, north, up."""
    east = -cos(declination) * sin(hour_angle)
    north = sin(declination) * cos(latitude) - cos(declination) * sin(latitude) * cos(hour_angle)
    up = sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(hour_angle)
    return east, north, up


def tip(latitude, declination, hour_angle):
    """Where the shadow of the tip of a pole of height 1 falls: east, north."""
    east, north, up = direction(latitude, declination, hour_angle)
    return -east / up, -north / up


def half_day(latitude, declination):
    """The hour angle of sunset."""
    return np.degrees(np.arccos(np.clip(-tan(latitude) * tan(declination), -1, 1)))


def longitude(day):
    """(mean, true) longitude of the Sun on a day of the year; January 1 is day 1. Kepler's equation by iteration."""
    mean = 2 * np.pi * (np.asarray(day, dtype=float) - NEAREST_DAY) / YEAR
    eccentric = mean
    for _ in range(8):
        eccentric = mean + ECCENTRICITY * np.sin(eccentric)
    ratio = np.sqrt((1 + ECCENTRICITY) / (1 - ECCENTRICITY))
    true = 2 * np.arctan2(ratio * np.sin(eccentric / 2), np.cos(eccentric / 2))
    return np.degrees(mean) + PERIHELION, np.degrees(true) + PERIHELION


def declination(day):
    """The declination of the Sun on a day of the year."""
    return np.degrees(np.arcsin(sin(TILT) * sin(longitude(day)[1])))


def _around_zero(angle):
    return (angle + 180) % 360 - 180


def equation_parts(day):
    """What the oval orbit and the tilted axis add to the time of a dial, in minutes."""
    mean, true = longitude(day)
    along_equator = np.degrees(np.arctan2(cos(TILT) * sin(true), cos(true)))
    return 4 * _around_zero(mean - true), 4 * _around_zero(true - along_equator)
