"""Feature scaling (sections 3.6.1-3.6.4): condition numbers, gradient descent, and loss surfaces.

Two generated data sets: 200 houses (floor area, rooms, price) and 200 flats (age, distance to the
center, rent). The loss is half the mean squared error of a linear model, so the Hessian is exact.
"""

from functools import cache

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from mpl_toolkits.mplot3d import proj3d

from . import style

# Houses: what each kind of scaling does to the condition number 


@cache
def houses():
    """Features (200 x 2: area in square meters, rooms) and prices in thousands."""
    rng = np.random.default_rng(0)
    area = rng.uniform(50, 250, 200)
    rooms = np.clip(np.round(area / 40 + rng.normal(0, 0.8, 200)), 1, 8)
    return np.column_stack([area, rooms]), 2 * area + 10 * rooms + 50 + rng.normal(0, 10, 200)


def whiten(features):
    """Center, rotate to the principal axes, and divide by the standard deviation along each."""
    centered = features - features.mean(0)
    values, axes = np.linalg.eigh(centered.T @ centered / len(centered))
    return centered @ axes / np.sqrt(values)


SCALINGS = {
    "raw": lambda features: features,
    "centered": lambda features: features - features.mean(0),
    "minmax": lambda features: (features - features.min(0)) / np.ptp(features, axis=0),
    "standard": lambda features: (features - features.mean(0)) / features.std(0),
    "white": whiten,
}


def quadratic(features, targets, bias=True):
    """Hessian and minimum of half the mean squared error of a linear model."""
    columns = np.column_stack([features, np.ones(len(features))]) if bias else np.asarray(features)
    hessian = columns.T @ columns / len(columns)
    return hessian, np.linalg.solve(hessian, columns.T @ targets / len(columns))


def steps_needed(hessian, away, share=1e-6, rate=None):
    """Steps of gradient descent from `away` until the loss gap is at most `share` of the first one.

    In the eigenbasis each coordinate shrinks by 1 - rate * eigenvalue a step, so the count needs no
    loop over the steps. Without a rate the best constant one is taken, 2 / (largest + smallest).
    """
    values, axes = np.linalg.eigh(hessian)
    weights = values * np.square(axes.T @ away)
    factors = 1 - (rate or 2 / (values[0] + values[-1])) * values

    def arrived(steps):
        return (weights * factors ** (2 * steps)).sum() <= share * weights.sum()

    high = 1
    while not arrived(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if arrived(middle) else (middle, high)
    return high


@cache
def house_price():
    """Condition number and steps to a millionth of the first loss gap, for each kind of scaling."""
    features, prices = houses()
    found = {
        "correlation": float(np.corrcoef(features.T)[0, 1]),
        "mean": {"area": features[:, 0].mean(), "rooms": features[:, 1].mean()},
        "deviation": {"area": features[:, 0].std(), "rooms": features[:, 1].std()},
    }
    for name, scaling in SCALINGS.items():
        hessian, best = quadratic(scaling(features), prices)
        values = np.linalg.eigvalsh(hessian)
        found[name] = {
            "kappa": float(values[-1] / values[0]),
            "steps": steps_needed(hessian, -best),
        }
    return found


def error_steps():
    """Steps until the error of a quadratic has shrunk by 1e-6, at the best constant rate."""
    return {
        f"k{kappa}": {
            "steps": float(np.log(1e-6) / np.log((kappa - 1) / (kappa + 1))),
            "rule": kappa / 2 * np.log(1e6),
        }
        for kappa in (10, 100, 1000)
    }


# Three houses by hand, and a sigmoid fed with square meters 


def three_houses():
    """Both scalings of the areas 60, 100 and 140 square meters, and of a new house of 180."""
    return scaled_areas((60.0, 100.0, 140.0), 180.0)


def scaled_areas(areas, new):
    """Mean, deviation and both scalings of training areas, and of a new house."""
    areas = np.asarray(areas)
    mean, deviation, low, high = areas.mean(), areas.std(), areas.min(), areas.max()
    return {
        "mean": mean,
        "deviation": deviation,
        "standard": (areas - mean) / deviation,
        "minmax": (areas - low) / (high - low),
        "new_standard": (new - mean) / deviation,
        "new_minmax": (new - low) / (high - low),
    }


def saturated_by_units():
    """Pre-activation and slope of a sigmoid unit whose input is an area, raw and standardized."""
    return slope_at_area(250.0, 0.05)


def slope_at_area(area, weight):
    """Pre-activation and slope of a sigmoid unit fed with an area, raw and standardized."""
    features, _ = houses()
    standard = (area - features[:, 0].mean()) / features[:, 0].std()

    def slope(z):
        return 1 / (2 + np.exp(z) + np.exp(-z))

    return {
        "z": weight * area,
        "slope": float(slope(weight * area)),
        "standard": float(standard),
        "standard_z": float(weight * standard),
        "standard_slope": float(slope(weight * standard)),
    }


# The source's own bowl -------------------------------------

BOWL = np.array([2 / 10**2, 2 / 100**2])  # eigenvalues of (w1/10)^2 + (w2/100)^2


@cache
def bowl():
    """Steps to a thousandth of the first loss on (w1/10)^2 + (w2/100)^2, and the first steps."""
    hessian, start = np.diag(BOWL), np.array([10.0, 100.0])
    path = [start]
    for _ in range(3):
        path.append(path[-1] * (1 - 0.95 * 2 / BOWL[0] * BOWL))
    return {
        "kappa": BOWL[0] / BOWL[1],
        "best": steps_needed(hessian, start, 1e-3),
        "safe": steps_needed(hessian, start, 1e-3, 1 / BOWL[0]),
        "scaled": steps_needed(np.eye(2), start / [10, 100], 1e-3),
        "path": np.array(path),
    }


# Flats: the surface before and after -----------------------


@cache
def flats():
    """Centered features (200 x 2: age in years, distance in km) and centered monthly rents."""
    rng = np.random.default_rng(0)
    age, distance = rng.uniform(0, 40, 200), rng.uniform(0, 8, 200)
    rent = 1500 - 5 * age - 25 * distance + rng.normal(0, 30, 200)
    features = np.column_stack([age, distance])
    return features - features.mean(0), rent - rent.mean()


@cache
def surface():
    """Both problems: Hessian, minimum, loss there, path of gradient descent from zero, counts."""
    features, rents = flats()
    deviations = features.std(0)
    found = {
        "deviation": {"age": deviations[0], "distance": deviations[1]},
        "correlation": float(np.corrcoef(features.T)[0, 1]),
    }
    for name, columns in (("raw", features), ("standard", features / deviations)):
        hessian, best = quadratic(columns, rents, bias=False)
        values = np.linalg.eigvalsh(hessian)
        rate = 2 / (values[0] + values[-1])
        steps = steps_needed(hessian, -best, 1e-3)
        path = [np.zeros(2)]
        for _ in range(steps):
            path.append(path[-1] - rate * hessian @ (path[-1] - best))
        found[name] = {
            "hessian": hessian,
            "kappa": float(values[-1] / values[0]),
            "best": best,
            "rate": float(rate),
            "steps": steps,
            "path": np.array(path),
            "least": float(0.5 * np.mean((rents - columns @ best) ** 2)),
            "first": float(0.5 * np.mean(rents**2)),
        }
    return found


_SHADES = LinearSegmentedColormap.from_list("depth", [style.TEAL_TINT, "#ffffff"])
# Windows of equal scale on both axes: center of the two weights (age, distance), half the widths.
_WINDOWS = {"raw": ((-3, -15), (7.5, 18)), "standard": ((-38, -52), (42, 100.8))}
_TITLES = {"raw": "Centered, not scaled", "standard": "Standardized"}
_UNITS = {"raw": ("year", "km"), "standard": ("s.d.", "s.d.")}
_LEVELS = np.array([0.03, 0.25, 0.6, 1.0, 1.6, 2.4, 3.4])  # shares of the first loss gap


def _grid(name, count):
    (age, distance), (high, wide) = _WINDOWS[name]
    return np.meshgrid(
        np.linspace(distance - wide, distance + wide, count),
        np.linspace(age - high, age + high, count),
    )


def _height(found, ages, distances):
    away = np.stack([ages, distances], -1) - found["best"]
    return found["least"] + 0.5 * np.einsum("...i,ij,...j", away, found["hessian"], away)


def _draw_surface(axes, name):
    found = surface()[name]
    distances, ages = _grid(name, 61)
    axes.plot_surface(
        distances,
        ages,
        _height(found, ages, distances) / 1000,
        rstride=3,
        cstride=3,
        cmap=_SHADES,
        vmin=0,
        vmax=8,
        edgecolor=style.TEAL,
        linewidth=0.25,
        zorder=1,
        clip_on=False,
    )
    path = found["path"]
    # Straight steps over the weights, lifted to the surface.
    fine = np.concatenate([np.linspace(a, b, 12) for a, b in zip(path, path[1:], strict=False)])
    for points, look in (
        (fine, {"linewidth": 0.9}),
        (path, {"linestyle": "none", "marker": "o", "markersize": 1.5}),
    ):
        axes.plot(
            points[:, 1],
            points[:, 0],
            _height(found, *points.T) / 1000,
            color=style.RUST,
            zorder=3,
            clip_on=False,
            **look,
        )
    axes.view_init(elev=44, azim=-66)
    axes.set_box_aspect((1.9, 1.0, 0.66), zoom=1.12)
    # No tick near a corner of the floor: there the labels of two axes would meet.
    raw = name == "raw"
    ages, distances = (-8, -4) if raw else (-60, -30), (-30, -20, -10) if raw else (-100, -50, 0)
    axes.set(zlim=(0, 8), zticks=[0, 4, 8], yticks=ages, xticks=distances)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.set_pane_color((1, 1, 1, 0))
        axis.line.set_color(style.RULE)
    for direction in "xyz":
        axes.tick_params(direction, pad=-4)
    axes.grid(False)
    _name_axes(axes, name)


def _name_axes(axes, name):
    """Write the names outside the tick labels: matplotlib's own places in 3-D meet them."""
    (age, distance), (high, wide) = _WINDOWS[name]
    right, front = distance + wide, age - high
    for text, point, shift, places in (
        ("weight of distance", (distance - 0.1 * wide, front, 0), (-22, -26), ("center", "center")),
        ("weight\nof age", (right, age - 0.1 * high, 0), (29, -11), ("left", "center")),
        ("loss,\nthousands", (right, age + high, 8), (2, 8), ("center", "bottom")),
    ):
        x, y, _ = proj3d.proj_transform(*point, axes.get_proj())
        axes.annotate(
            text, (x, y), shift, textcoords="offset points", ha=places[0], va=places[1],
            annotation_clip=False, linespacing=1.1,
        )


def loss_surface():
    """The loss over two weights, raw and standardized, in 3-D and as contours, with the path."""
    height = 79
    sheet, _ = style.figure("wide", height, 0)
    sheet.set_layout_engine("none")  # 3-D axes want places by hand
    for left, name in ((0.0, "raw"), (0.5, "standard")):
        found = surface()[name]
        path = found["path"]
        sheet.text(
            left + 0.09, 0.97, f"{_TITLES[name]}: $\\kappa$ = {found['kappa']:.1f}", weight=600
        )
        _draw_surface(
            sheet.add_axes((left + 0.02, 0.47, 0.45, 0.56), projection="3d", computed_zorder=False),
            name,
        )
        below = sheet.add_axes((left + 0.09, 0.125, 0.38, 0.38 * 164 / height * 7.5 / 18))
        distances, ages = _grid(name, 201)
        gap = found["first"] - found["least"]
        below.contour(
            distances,
            ages,
            _height(found, ages, distances),
            found["least"] + gap * _LEVELS,
            colors=style.TEAL,
            linewidths=0.5,
        )
        below.plot(path[:, 1], path[:, 0], "-o", color=style.RUST, markersize=2, linewidth=0.9)
        below.plot(*found["best"][::-1], "+", color=style.INK, markersize=6, zorder=4)
        below.set(
            aspect="equal",
            xlabel=f"weight of distance, per {_UNITS[name][1]}",
            ylabel=f"weight of age,\nper {_UNITS[name][0]}",
        )
        high = _WINDOWS[name][1][0]
        white = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
        style.label(below, "start", 0.08 * high, -0.16 * high, style.RUST, bbox=white)
        style.label(
            below,
            f"{found['steps']} steps",
            found["best"][1],
            found["best"][0] - 0.35 * high,
            style.RUST,
            ha="center",
            bbox=white,
        )
    return sheet
