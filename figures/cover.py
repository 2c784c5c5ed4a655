"""The drawing on the cover: panels of the book's own kinds of figures, without words.

Curves of activation functions, gradient descent on a long valley, and the digits that most
experiments of the book are run on.
"""

import numpy as np

from . import activation, digits, style


def _descent(start, rate, steps):
    """Gradient descent with momentum on w1^2 / 2 + 6 w2^2, from a start; rows of (w1, w2)."""
    path, velocity = [np.array(start, float)], np.zeros(2)
    for _ in range(steps):
        velocity = 0.6 * velocity + np.array([1.0, 12.0]) * path[-1]
        path.append(path[-1] - rate * velocity)
    return np.array(path)


def front():
    """Three panels side by side, as wide as the page's type area."""
    sheet, (curves, valley, images) = style.figure("wide", 64, 1, 3)
    z = np.linspace(-4, 4, 400)
    for slope, (color, line) in zip(activation.SLOPES.values(), style.CURVES, strict=False):
        curves.plot(z, np.cumsum(slope(z)) * (z[1] - z[0]), color=color, linestyle=line, linewidth=1.3)
    w1, w2 = np.meshgrid(np.linspace(-4.4, 1.6, 240), np.linspace(-2.3, 2.3, 240))
    valley.contour(w1, w2, w1**2 / 2 + 6 * w2**2, levels=np.geomspace(0.05, 30, 12),
                   colors=style.TEAL, linewidths=0.5)
    path = _descent((-4, 1.4), 0.055, 60)
    valley.plot(*path.T, "o-", color=style.RUST, linewidth=1.1, markersize=2.4)
    shown = digits.load()[0][:36].reshape(6, 6, 8, 8)
    images.imshow(np.pad(shown, ((0, 0), (0, 0), (1, 1), (1, 1))).transpose(0, 2, 1, 3).reshape(60, 60),
                  cmap="Greys", interpolation="nearest")
    for axes in (curves, valley, images):
        axes.axis("off")
    return sheet
