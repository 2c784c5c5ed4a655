"""The forward and the backward signal of deep stacks, and what a graph sends back (going further, 3.2.1)."""

import numpy as np

from .kit.results import computed, numbers
from .models import networks

WIDTH, LAYERS, STARTS = 100, 20, 10
CASES = {"relu2": ("relu", 2), "relu1": ("relu", 1), "sigmoid": ("sigmoid", 1)}  # function, variance times width


@computed
def followed(case):
    """Root mean squares (activations, error signals, gradients of W) by layer, mean over the starts."""
    name, gain = CASES[case]
    function, slope = networks.ACTIVATIONS[name]
    found = np.zeros((3, LAYERS))
    for seed in range(STARTS):
        rng = np.random.default_rng(seed)
        weights = [rng.normal(size=(WIDTH, WIDTH)) * (gain / WIDTH) ** 0.5 for _ in range(LAYERS)]
        activations, slopes = [rng.normal(size=WIDTH)], []
        for W in weights:
            z = W @ activations[-1]
            activations.append(function(z))
            slopes.append(slope(z))
        delta = rng.normal(size=WIDTH) * slopes[-1]
        for n in range(LAYERS - 1, -1, -1):
            found[:, n] += (
                networks.rms(activations[n + 1]),
                networks.rms(delta),
                networks.rms(delta) * networks.rms(activations[n]),
            )
            if n:
                delta = (weights[n].T @ delta) * slopes[n - 1]
    return found / STARTS


@numbers
def sizes():
    """The sizes in layers 1, 10 and 20, and the factor that the rule predicts for each layer."""
    found = {}
    for case in CASES:
        rows = dict(zip(("a", "d", "g"), followed(case), strict=True))
        found[case] = {f"{key}{n}": float(row[n - 1]) for key, row in rows.items() for n in (1, 10, 20)}
    found |= {"layers": LAYERS, "width": WIDTH, "starts": STARTS}
    return found | {"factor": 0.5**0.5, "nineteen": 0.5 ** (19 / 2)}


@numbers
def step_sizes():
    """The best step of the central difference for 64 and 32 bits, and the error that it leaves, if L and L''' are 1."""
    found = {}
    for name, rounding in (("double", 2.0**-53), ("single", 2.0**-24)):
        h = (3 * rounding) ** (1 / 3)
        found[name] = {"h": h, "error": rounding / h + h * h / 6}
    return found


@numbers
def counted():
    """Multiplications of a 784-128-10 network for one example, forward and backward."""
    first, second = 784 * 128, 128 * 10
    return {
        "forward": first + second,
        "backward": first + 2 * second,  # nothing goes back into the input
        "ratio": (first + 2 * second) / (first + second),
        "left": 100 * 100 + 100 * 100,
        "right": 100 * 100 * 100 + 100 * 100,
    }
