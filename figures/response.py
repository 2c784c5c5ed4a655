"""Local response normalization, on made-up and on real channels (3.6.6, 3.6.7)."""

from functools import cache

import numpy as np

from .kit import style
from .kit.results import computed, experiment, figure, numbers
from .models import digits, networks

# The constants of AlexNet.
K, N, ALPHA, BETA = 2.0, 5, 1e-4, 0.75
KERNELS, PATCH = 16, 3
RATE, BATCH, STEPS = 0.1, 50, 200


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
    found["apart"] = found["large"]["b"][5] / found["large"]["b"][0]
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
    picks = networks.batches(len(P), BATCH, rng)
    for _ in range(STEPS):
        pick = next(picks)
        Z = P[pick] @ W.T
        A = np.maximum(Z, 0).reshape(len(pick), -1)
        _, delta = networks.loss_and_error(A @ V.T, y[pick])
        back = (delta @ V).reshape(Z.shape) * (Z > 0)
        V -= RATE * delta.T @ A
        W -= RATE * np.einsum("bpk,bpi->ki", back, P[pick])
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


@numbers
def lone():
    """What the layer makes of one response beside silent neighbors, of doubled brightness, and of pixels to 1."""
    values = (10, 50, 100, 200, 400, 800)
    outputs = {f"a{a}": float(a * (K + ALPHA * a**2) ** -BETA) for a in values}
    a = 255 * chosen()[0]
    quiet, loud = (i - 1 for i in PAIR)
    doubled, small = normalize(2 * a), normalize(a / 255)
    return outputs | {
        "peak": (K / (ALPHA * (2 * BETA - 1))) ** 0.5,
        "double": {
            "quiet": float(doubled[quiet] / normalize(a)[quiet]),
            "loud": float(doubled[loud] / normalize(a)[loud]),
        },
        "small": {"quiet": float(255 * small[quiet] / a[quiet]), "loud": float(255 * small[loud] / a[loud])},
    }


@figure
def channels():
    """The 16 responses at one position, before (outline) and after (filled), with the share that `pair` keeps."""
    sheet, axes = style.figure("margin", 29)
    a = 255 * chosen()[0]
    places, after = np.arange(1, KERNELS + 1), normalize(a)
    axes.bar(places, a, width=0.75, color="white", edgecolor=style.GREY)
    axes.bar(places, after, width=0.75, color=style.TEAL, edgecolor=style.TEAL)
    for place in PAIR:
        share = after[place - 1] / a[place - 1]
        axes.bar(place, a[place - 1], width=0.75, color="none", edgecolor=style.RUST, linewidth=1)
        clear = a[max(0, place - 2) : place + 1].max() + 20  # above the neighbors' bars
        style.label(axes, f"{share:.0%}", max(place, 1.8), clear, style.RUST, ha="center", va="bottom", fontsize=7.5)
    axes.set(xlim=(0, KERNELS + 0.8), ylim=(0, 620), xticks=[1, 5, 10, 14], yticks=[0, 300, 600])
    axes.set(xlabel="channel", ylabel="response")
    axes.tick_params(axis="x", length=0)
    return sheet


@experiment
def sixteen_kernels():
    """The trained kernels whose responses are shown."""
    return {
        "title": "Sixteen kernels on the digits",
        "entry": "3.6.6",
        "compares": f"responses at one position before and after local response normalization (k = {K:g}, n = {N}, "
        f"alpha = {ALPHA:g}, beta = {BETA:g}); a picture of what the layer does, no comparison of networks",
        "data": "digits",
        "split": "1,000 training examples; the responses are those of one of the first 50 test examples",
        "network": f"{KERNELS} kernels of {PATCH} x {PATCH} without bias, ReLU, then a linear classifier",
        "initialization": "normal, variance 2/n for the kernels; variance 1/n for the classifier",
        "loss": "cross-entropy",
        "optimizer": "SGD",
        "rate": f"{RATE:g}",
        "tuned": "no, since nothing is compared",
        "batch": str(BATCH),
        "steps": str(STEPS),
        "seeds": "one start",
        "plotted": "the picture and position at which most kernels answer, pixels scaled to 0 to 255",
    }
