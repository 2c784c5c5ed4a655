"""Local response normalization, on made-up and on real channels (3.6.6, 3.6.7)."""

from functools import cache

import numpy as np

from .kit import style
from .kit.results import computed, figure, numbers
from .models import digits, networks

# The constants of AlexNet.
K, N, ALPHA, BETA = 2.0, 5, 1e-4, 0.75
KERNELS, PATCH = 16, 3


def normalize(a, k=K, n=N, alpha=ALPHA, beta=BETA):
    """Divide each channel (last axis) by a power of the energy of itself and its neighbors."""
    a = np.asarray(a, float)
    channels, half = a.shape[-1], n // 2
    energy = np.stack(
        [(a[..., max(0, i - half) : min(channels - 1, i + half) + 1] ** 2).sum(axis=-1) for i in range(channels)],
        axis=-1,
    )
    return a / (k + alpha * energy) ** beta


@numbers
def six():
    """Six channels, small and a hundred times larger: energies, outputs, factors b / a (0 for a silent channel)."""
    a = np.array([1.0, 2.0, 10.0, 3.0, 0.0, 1.0])
    found = {}
    for name, scale in (("small", 1), ("large", 100)):
        b = normalize(scale * a)
        factor = np.divide(b, scale * a, out=np.zeros(len(a)), where=a > 0)
        found[name] = {"b": b, "factor": factor}
    energy = (100 * a[:3]) ** 2
    found["energy1"] = float(energy.sum())
    found["base1"] = float(K + ALPHA * energy.sum())
    found["energy6"] = float(((100 * a[3:]) ** 2).sum())
    found["base6"] = float(K + ALPHA * found["energy6"])
    found["quiet"] = K**-BETA
    found["contrast"] = found["large"]["factor"][5] / found["large"]["factor"][1]
    return found


def _patches(X):
    """All 3 x 3 patches of 8 x 8 pictures: (count, 36 positions, 9 pixels)."""
    pictures = X.reshape(-1, 8, 8)
    windows = np.lib.stride_tricks.sliding_window_view(pictures, (PATCH, PATCH), axis=(1, 2))
    return windows.reshape(len(X), 36, PATCH * PATCH)


@computed
def kernels():
    """Train 16 kernels of 3 x 3, without bias, under a linear classifier; return (16, 9)."""
    data, rng = digits.split(), np.random.default_rng(0)
    P, y = _patches(data.train_x), data.train_y
    W = rng.normal(size=(KERNELS, 9)) * (2 / 9) ** 0.5
    V = rng.normal(size=(10, KERNELS * 36)) * (1 / (KERNELS * 36)) ** 0.5
    picks = networks.batches(len(P), 50, rng)
    for _ in range(200):
        pick = next(picks)
        Z = P[pick] @ W.T
        A = np.maximum(Z, 0).reshape(len(pick), -1)
        _, delta = networks.loss_and_error(A @ V.T, y[pick])
        back = (delta @ V).reshape(Z.shape) * (Z > 0)
        V -= 0.1 * delta.T @ A
        W -= 0.1 * np.einsum("bpk,bpi->ki", back, P[pick])
    return W


@cache
def chosen():
    """Responses of all kernels at the position of a test picture where most of them answer."""
    data = digits.split()
    A = np.maximum(_patches(data.test_x[:50]) @ kernels().T, 0)
    busy = (A > 0.1).sum(axis=2)
    picture, position = np.unravel_index(busy.argmax(), busy.shape)
    return A[picture, position], int(data.test_y[picture]), int(position)


# Two channels of nearly the same response, counted from 1: a quiet neighborhood and a loud one.
PAIR = (1, 14)


@numbers
def pair():
    """Those two channels, pixels from 0 to 255: window, energy, divisor, before and after."""
    a = 255 * chosen()[0]
    b, found = normalize(a), {}
    for name, i in zip(("quiet", "loud"), PAIR, strict=True):
        window = a[max(0, i - 1 - N // 2) : i + N // 2]
        energy = float((window**2).sum())
        found[name] = {
            "a": float(a[i - 1]),
            "b": float(b[i - 1]),
            "factor": float(b[i - 1] / a[i - 1]),
            "window": window,
            "energy": energy,
            "base": K + ALPHA * energy,
            "divisor": (K + ALPHA * energy) ** BETA,
        }
    return found


@figure
def channels():
    """The 16 responses at one position before and after; the two channels of `pair` marked."""
    sheet, panels = style.figure("margin", 40, 2, 1, sharex=True)
    a = 255 * chosen()[0]
    places = np.arange(1, KERNELS + 1)
    marked = np.isin(places, PAIR)
    # The lower scale is ten times finer, as the caption says.
    for axes, values, title, top in zip(
        panels, (a, normalize(a)), ("before, $a^i$", "after, $b^i$"), (a.max(), a.max() / 10), strict=True
    ):
        axes.bar(places[~marked], values[~marked], width=0.75, color=style.TEAL_TINT, edgecolor=style.TEAL)
        axes.bar(
            places[marked], values[marked], width=0.75, color=style.RUST, hatch="////", edgecolor="white", linewidth=0
        )
        for place in PAIR:
            value = values[place - 1]
            style.label(axes, f"{value:.0f}", place - 0.5, value + 0.04 * top, style.RUST, va="bottom", fontsize=7.5)
        style.label(axes, title, 8.5, 1.4 * top, ha="center", fontweight=600)
        axes.set(xlim=(0.3, KERNELS + 0.7), ylim=(0, 1.55 * top), xticks=[1, 5, 10, 14], ylabel="response")
        axes.tick_params(axis="x", length=0)
    panels[1].set_xlabel("channel", labelpad=0)
    return sheet
