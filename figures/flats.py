"""The loss over two weights, before and after scaling (section 3.6.4).

The data are 200 generated flats (age, distance to the center, rent); the model is linear, without a
bias, and the loss is half the mean squared error.
"""

from functools import cache

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from mpl_toolkits.mplot3d import proj3d

from .kit import style
from .kit.results import figure, numbers
from .scaling import quadratic, steps_needed


@cache
def flats():
    """Centered features (200 x 2: age in years, distance in km) and centered monthly rents."""
    rng = np.random.default_rng(0)
    age, distance = rng.uniform(0, 40, 200), rng.uniform(0, 8, 200)
    rent = 1500 - 5 * age - 25 * distance + rng.normal(0, 30, 200)
    features = np.column_stack([age, distance])
    return features - features.mean(0), rent - rent.mean()


@numbers
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
    return np.meshgrid(np.linspace(distance - wide, distance + wide, count), np.linspace(age - high, age + high, count))


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
    for points, look in ((fine, {"linewidth": 0.9}), (path, {"linestyle": "none", "marker": "o", "markersize": 1.5})):
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
            text,
            (x, y),
            shift,
            textcoords="offset points",
            ha=places[0],
            va=places[1],
            annotation_clip=False,
            linespacing=0.85,
        )


@figure
def loss_surface():
    """The loss over two weights, raw and standardized, in 3-D and as contours, with the path."""
    height = 79
    sheet, _ = style.figure("wide", height, 0)
    sheet.set_layout_engine("none")  # 3-D axes want places by hand
    for left, name in ((0.0, "raw"), (0.5, "standard")):
        found = surface()[name]
        path = found["path"]
        sheet.text(left + 0.09, 0.97, f"{_TITLES[name]}: $\\kappa$ = {found['kappa']:.1f}", weight=600)
        _draw_surface(sheet.add_axes((left + 0.02, 0.47, 0.45, 0.56), projection="3d", computed_zorder=False), name)
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
