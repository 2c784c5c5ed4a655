"""Make dial.jpg, the picture of a level sundial in the afternoon: python examples/sundials/pictures/dial.py.

Every dot is the mean of a few rays from a camera to a plate of stone and a pointer of brass; the light comes
from points of the disk of the Sun, so the edge of the shadow is as soft as in the garden. Units: the plate
has a radius of 1. Axes: x east, y north, z up.
"""

from pathlib import Path

import numpy as np
from PIL import Image

LATITUDE, TILT, HOUR = np.radians(50.0), np.radians(12.0), np.radians(15 * 2.5)
SIZE = 1120, 700
EYE, AIM = np.array([-1.25, -2.15, 1.75]), np.array([0.0, 0.06, 0.1])
LENGTH = 0.62  # of the foot of the pointer
RAYS, LIGHTS = 4, 9
STONE, BRASS, GROUND = np.array([0.80, 0.77, 0.70]), np.array([0.66, 0.47, 0.20]), np.array([0.27, 0.38, 0.24])
random = np.random.default_rng(0)


def sun():
    """The unit vector to the Sun."""
    east = -np.cos(TILT) * np.sin(HOUR)
    north = np.sin(TILT) * np.cos(LATITUDE) - np.cos(TILT) * np.sin(LATITUDE) * np.cos(HOUR)
    return np.array([east, north, np.sin(LATITUDE) * np.sin(TILT) + np.cos(LATITUDE) * np.cos(TILT) * np.cos(HOUR)])


def meets_pointer(start, way):
    """How far along each ray the pointer is met (x = 0, 0 < y < LENGTH, 0 < z < y tan(latitude)), or infinity."""
    with np.errstate(divide="ignore", invalid="ignore"):
        far = -start[..., 0] / way[..., 0]
        y, z = start[..., 1] + far * way[..., 1], start[..., 2] + far * way[..., 2]
        met = (far > 1e-6) & (z > 0) & (y < LENGTH) & (z < y * np.tan(LATITUDE))
    return np.where(met, far, np.inf)


def light_on(places):
    """The share of the Sun that places on the plate see."""
    toward = sun()
    aside = np.cross(toward, [0, 0, 1.0])
    aside /= np.linalg.norm(aside)
    up = np.cross(aside, toward)
    seen = np.zeros(places.shape[:-1])
    for number in range(LIGHTS):
        turn, reach = 2.4 * number, np.radians(0.265) * np.sqrt((number + 0.5) / LIGHTS)
        way = toward + reach * (np.cos(turn) * aside + np.sin(turn) * up)
        seen += np.isinf(meets_pointer(places, np.broadcast_to(way, places.shape)))
    return seen / LIGHTS


def marks(places):
    """Where hour lines and the rim are cut into the plate."""
    x, y = places[..., 0], places[..., 1]
    far = np.hypot(x, y)
    cut = np.abs(far - 0.93) < 0.008
    for hour in np.arange(-6, 6.01, 1):
        angle = np.arctan2(np.sin(LATITUDE) * np.sin(np.radians(15 * hour)), np.cos(np.radians(15 * hour)))
        along, off = x * np.sin(angle) + y * np.cos(angle), x * np.cos(angle) - y * np.sin(angle)
        cut |= (np.abs(off) < (0.009 if hour % 3 == 0 else 0.005)) & (along > 0.1) & (far < 0.93)
    return cut


def colors(way, grain):
    """The color that comes along each ray from the eye."""
    start = np.broadcast_to(EYE, way.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        far = -EYE[2] / way[..., 2]
    places = start + far[..., None] * way
    far_pointer = meets_pointer(start, way)
    on_plate = np.hypot(places[..., 0], places[..., 1]) < 1
    shade = (0.30 + 0.70 * light_on(places))[..., None]
    color = np.where(on_plate[..., None], STONE, GROUND) * (1 + grain * np.where(on_plate, 0.05, 0.16)[..., None])
    color = np.where((on_plate & marks(places))[..., None], color * 0.45, color) * shade
    glow = 0.75 + 0.25 * np.clip((start + far_pointer[..., None] * way)[..., 2:], 0, 1)
    return np.where((far_pointer < far)[..., None], BRASS * glow, color)


def render():
    """The picture as an array of height x width x 3, values 0 to 255."""
    ahead = AIM - EYE
    ahead /= np.linalg.norm(ahead)
    right = np.cross(ahead, [0, 0, 1.0])
    right /= np.linalg.norm(right)
    up = np.cross(right, ahead)
    width, height = SIZE
    total = np.zeros((height, width, 3))
    noise = random.normal(size=(height // 2, width // 2))
    grain = np.kron(noise, np.ones((2, 2)))[..., None]
    for number in range(RAYS):
        x = (np.arange(width) + (number % 2) / 2 - width / 2) / width
        y = (height / 2 - np.arange(height) - (number // 2) / 2) / width
        way = ahead + 0.92 * (x[None, :, None] * right + y[:, None, None] * up)
        total += colors(way / np.linalg.norm(way, axis=-1, keepdims=True), grain)
    return (255 * np.clip(total / RAYS, 0, 1) ** (1 / 1.15)).astype(np.uint8)


if __name__ == "__main__":
    Image.fromarray(render()).save(Path(__file__).with_name("dial.jpg"), quality=88, optimize=True)
