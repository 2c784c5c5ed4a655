"""The loss over two weights, before and after scaling (section 3.6.4).

The data are 200 invented flats (age, distance to the center, rent); the model is linear, without a
bias, on centered features, and the loss is half the mean squared error.
"""

from functools import cache
from itertools import pairwise

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap

from .kit import style
from .kit.results import figure, numbers
from .models.generators import flats
from .scaling import best_rate, quadratic, steps_needed


@cache
def centered():
    """Features and rents of the flats, each with mean zero."""
    features, rents = flats()
    return features - features.mean(0), rents - rents.mean()


@numbers
@cache
def surface():
    """Both problems: Hessian, minimum, loss there, path of gradient descent from zero, counts."""
    features, rents = centered()
    deviations = features.std(0)
    found = {
        "deviation": {"age": deviations[0], "distance": deviations[1]},
        "variance": {"age": deviations[0] ** 2, "distance": deviations[1] ** 2},
        "correlation": float(np.corrcoef(features.T)[0, 1]),
    }
    for name, columns in (("raw", features), ("standard", features / deviations)):
        hessian, best = quadratic(columns, rents, bias=False)
        values = np.linalg.eigvalsh(hessian)
        rate = best_rate(hessian)
        steps = steps_needed(hessian, -best, 1e-3)
        path = [np.zeros(2)]
        for _ in range(steps):
            path.append(path[-1] - rate * hessian @ (path[-1] - best))
        found[name] = {
            "hessian": hessian,
            "kappa": float(values[-1] / values[0]),
            "best": best,
            "rate": rate,
            "across": float(1 - rate * hessian[0, 0]),
            "along": float(1 - rate * hessian[1, 1]),
            "steps": steps,
            "path": np.array(path),
            "least": float(0.5 * np.mean((rents - columns @ best) ** 2)),
            "first": float(0.5 * np.mean(rents**2)),
        }
    return found


# Half the widths (weight of age, of distance) of the windows around the minimum: one scale on both axes.
_HALF = {"raw": (6.0, 26.0), "standard": (72.0, 72.0)}
_LEVELS = (0.04, 0.25, 0.6, 1.0, 1.5)  # shares of the first gap
_TURN, _RISE = np.radians(-70), np.radians(38)
_TALL = 0.42  # height of the first gap, in half widths
_UNITS = {"raw": ("per year", "per km"), "standard": ("per s.d.", "per s.d.")}
_SHADES = LinearSegmentedColormap.from_list("depth", [style.TEAL_TINT, "#ffffff"])


def _share(name, ages, distances):
    """Loss above the least one, as a share of the first gap."""
    found = surface()[name]
    away = np.stack([ages, distances], -1) - found["best"]
    return 0.5 * np.einsum("...i,ij,...j", away, found["hessian"], away) / (found["first"] - found["least"])


def _grid(name, high_count, wide_count):
    """Weights of age and of distance on a grid around the minimum."""
    (high, wide), (age, distance) = _HALF[name], surface()[name]["best"]
    return np.meshgrid(
        np.linspace(age - high, age + high, high_count),
        np.linspace(distance - wide, distance + wide, wide_count),
        indexing="ij",
    )


def _project(name, ages, distances):
    """Points of the surface in parallel projection: across, up, and nearness to the eye."""
    wide, (age, distance) = _HALF[name][1], surface()[name]["best"]
    x, y = (distances - distance) / wide, (ages - age) / wide
    z = _TALL * _share(name, ages, distances)
    across = -x * np.sin(_TURN) + y * np.cos(_TURN)
    toward = x * np.cos(_TURN) + y * np.sin(_TURN)
    return across, z * np.cos(_RISE) - toward * np.sin(_RISE), z * np.sin(_RISE) + toward * np.cos(_RISE)


def _mesh(axes, name):
    """The surface as quadrilaterals, those behind drawn first."""
    ages, distances = _grid(name, 9 if name == "raw" else 19, 31 if name == "raw" else 19)
    across, up, near = _project(name, ages, distances)
    corners = [(slice(None, -1), slice(None, -1)), (slice(1, None), slice(None, -1)), (slice(1, None), slice(1, None))]
    corners.append((slice(None, -1), slice(1, None)))
    shapes = np.stack([np.stack([across[at], up[at]], -1) for at in corners], 2).reshape(-1, 4, 2)
    order = sum(near[at] for at in corners).ravel().argsort()
    height = sum(_share(name, ages, distances)[at] for at in corners).ravel() / 4
    axes.add_collection(
        PolyCollection(shapes[order], facecolors=_SHADES(height[order] / 1.6), edgecolors=style.GREY, linewidths=0.25)
    )
    axes.set(xlim=(across.min() - 0.1, across.max() + 0.1), ylim=(up.min() - 0.05, up.max() + 0.05), aspect="equal")
    axes.axis("off")


# Of the near edge and of the right one, in points from their middles.
_NAMES = {"raw": ((-56, -5), (9, 15)), "standard": ((-4, -11), (4, -1))}


def _named_edges(axes, name):
    """The two weights along the near edges of the surface."""
    (high, wide), (age, distance) = _HALF[name], surface()[name]["best"]
    front = _project(name, age - high, distance)
    side = _project(name, age, distance + wide)
    options = {"textcoords": "offset points", "va": "top", "annotation_clip": False, "linespacing": 0.9}
    below, beside = _NAMES[name]
    axes.annotate("weight of distance", front[:2], below, ha="center", **options)
    axes.annotate("weight\nof age", side[:2], beside, ha="left", **options)


def _bowl(axes, name):
    """The surface with the path of gradient descent on it."""
    _mesh(axes, name)
    _named_edges(axes, name)
    path = surface()[name]["path"]
    fine = np.concatenate([np.linspace(a, b, 12) for a, b in pairwise(path)])
    axes.plot(*_project(name, *fine.T)[:2], color=style.RUST, linewidth=0.9)
    axes.plot(*_project(name, *path.T)[:2], "o", color=style.RUST, markersize=1.6)


def _map(axes, name):
    """Level lines of the loss, and the same path seen from above."""
    found = surface()[name]
    ages, distances = _grid(name, 121, 241)
    axes.contour(distances, ages, _share(name, ages, distances), _LEVELS, colors=style.TEAL, linewidths=0.5)
    axes.plot(found["path"][:, 1], found["path"][:, 0], "-o", color=style.RUST, markersize=1.6, linewidth=0.9)
    axes.plot(*found["best"][::-1], "+", color=style.INK, markersize=6, zorder=4)
    (age, distance), white = found["best"], {"facecolor": "white", "edgecolor": "none", "pad": 0.4}
    style.label(axes, "1/4", distance - _QUARTER[name], age, style.TEAL, ha="center", bbox=white)
    style.label(axes, "start", *_START[name], style.RUST, bbox=white, zorder=5)
    axes.set(aspect="equal", **_TICKS[name])
    axes.set_xlabel(f"weight of distance,{' ' if name == 'raw' else chr(10)}{_UNITS[name][1]}")
    axes.set_ylabel(f"weight of age,\n{_UNITS[name][0]}", labelpad=1)


_TITLES = {"raw": "Centered, not scaled", "standard": "Standardized"}
_TICKS = {
    "raw": {"xticks": (-50, -25, 0), "yticks": (-10, -5, 0)},
    "standard": {"xticks": (-100, -50, 0), "yticks": (-100, -50, 0)},
}
_QUARTER = {"raw": 17.4, "standard": 40.1}  # how far to the left of the minimum the line of 1/4 is
_START = {"raw": (-6.5, 0.9), "standard": (-48, 8)}
# Left, bottom, width, height of the surface and of the map, in mm.
_PLACES = {
    "raw": ((0, 25.5, 84, 25), (16, 9, 66, 15.2)),
    "standard": ((83, 7, 37, 42), (140, 12, 24, 35)),
}


@figure
def loss_surface():
    """The loss over two weights, raw and standardized, as a surface and as level lines, with the path."""
    wide, high = 164, 53.5
    sheet, _ = style.figure("wide", high, 0)
    sheet.set_layout_engine("none")  # the two maps need places by hand, for one scale on both axes
    for name, places in _PLACES.items():
        found = surface()[name]
        bowl, level = (sheet.add_axes((x / wide, y / high, w / wide, h / high)) for x, y, w, h in places)
        _bowl(bowl, name)
        _map(level, name)
        sheet.text(
            places[0][0] / wide,
            1 - 3 / high,
            f"{_TITLES[name]}: $\\kappa$ = {found['kappa']:.1f}, {found['steps']} steps",
            weight=600,
        )
    return sheet
