"""Weight normalization: one weight vector, its gradients, and why its length grows (3.6.12)."""

import numpy as np

from .kit import grids, style
from .kit.results import figure, numbers

V, G, GRADIENT = np.array([3.0, 4.0]), 2.0, np.array([1.0, 2.0])


def split(v, g, gradient):
    """Weights w = g v / |v|, and the gradients of g and v from the one of w."""
    length = np.linalg.norm(v)
    d_g = gradient @ v / length
    return g * v / length, d_g, g / length * (gradient - d_g * v / length)


@numbers
def step():
    """The example: weights, gradients, lengths before and after a step, and v ten times longer."""
    return worked(V, G, GRADIENT)


def worked(v, g, gradient, rate=1.0):
    """One gradient step from v and g, where the loss has this gradient with respect to w."""
    w, d_g, d_v = split(v, g, gradient)
    _, _, d_long = split(10 * v, g, gradient)
    moved, moved_g = v - rate * d_v, g - rate * d_g
    length = np.linalg.norm(v)

    def loss(parts):  # linear in w, so that its gradient is the one given
        return gradient @ split(parts[1:], parts[0], gradient)[0]

    parts, small = np.array([g, *v]), 1e-5
    numeric = [(loss(parts + small * e) - loss(parts - small * e)) / (2 * small) for e in np.eye(len(parts))]
    return {
        "numeric": np.array(numeric),
        "w": w,
        "d_g": d_g,
        "d_v": d_v,
        "scale": g / length,
        "along": float(gradient @ v / length**2),
        "product": float(v @ d_v),
        "d_long": d_long,
        "length": length,
        "after": np.linalg.norm(moved),
        "after_w": moved_g * moved / np.linalg.norm(moved),
        "naive_w": w - rate * gradient,
    }


@figure
def plane():
    """The vector v, the weights w on it, and the step of v along the tangent, ten times as long."""
    sheet, axes = style.figure("margin", 42)
    w, _, d_v = split(V, G, GRADIENT)
    angle = np.linspace(-0.1, np.pi / 2 + 0.1, 200)
    axes.plot(5 * np.cos(angle), 5 * np.sin(angle), color=style.RULE, linewidth=0.7, linestyle=(0, (3, 2)))

    far = V - 10 * d_v
    grids.arrow(axes, (0, 0), V, style.INK, linewidth=0.8)
    grids.arrow(axes, (0, 0), w, style.TEAL, linewidth=1.8)
    grids.arrow(axes, V, far, style.RUST, linewidth=1.1)
    axes.plot([0, far[0]], [0, far[1]], color=style.GREY, linewidth=0.5, linestyle=":")
    style.label(axes, r"$\mathbf{v}$", 2.05, 3.35, style.INK)
    style.label(axes, r"$\mathbf{w}$", 0.25, 1.25, style.TEAL)
    style.label(axes, "step, × 10", 3.75, 4.05, style.RUST, fontsize=7.5)
    style.label(axes, r"$\|\mathbf{v}\| = 5$", 5.05, 0.75, style.GREY, fontsize=7.5)
    axes.set(
        xlim=(0, 6.6),
        ylim=(0, 5.4),
        aspect="equal",
        xticks=[0, 2, 4],
        yticks=[0, 2, 4],
        xlabel="coordinate 1",
        ylabel="coordinate 2",
    )
    return sheet
