"""One network on the digits, its inputs scaled in four ways, each at its own learning rate (going further on 3.6.3).

The first weights are drawn so that the first pre-activations have the same mean square in all four cases;
what differs is how the inputs spread the curvatures.
"""

import numpy as np

from .kit.results import computed, experiment, numbers
from .models import digits, networks
from .race import WIDTHS, layers_of, losses_and_gradients
from .tuned import inputs as tuned

CASES = ("units", "pixels", "centered", "standardized")
TARGET, BATCH, MOST, EVERY = 0.2, 50, 400, 10
GRID = (0.2, 0.5, 1.0, 2.0, 5.0)
SEARCH_SEEDS, SEEDS = tuple(range(3)), tuple(range(100, 106))
UNITS = 10.0 ** np.random.default_rng(7).uniform(-0.5, 0.5, 64)  # a unit of its own for each pixel


def scaled(case):
    """The training inputs in one of the four ways."""
    X = digits.split().train_x
    if case == "units":
        return X * UNITS
    if case == "pixels":
        return X
    spread = X.std(axis=0)
    return (X - X.mean(axis=0)) / (np.where(spread > 0, spread, 1) if case == "standardized" else 1)


def draw(X, seed):
    """He-initialized parameters as one vector; the first matrix allows for the mean square of the inputs."""
    layers = networks.initialize(WIDTHS, np.random.default_rng(seed), "he")
    fit = (WIDTHS[0] / (X**2).mean(axis=0).sum()) ** 0.5
    return np.concatenate([(array * fit if i == 0 else array).ravel() for i, array in enumerate(sum(layers, ()))])


def losses(w, X, Y):
    """Mean losses on all examples, of many networks."""
    (W_1, b_1), (W_2, b_2) = layers_of(w)
    logits = np.maximum(X @ W_1.swapaxes(-1, -2) + b_1[..., None, :], 0) @ W_2.swapaxes(-1, -2) + b_2[..., None, :]
    top = logits.max(axis=-1)
    sums = top + np.log(np.exp(logits - top[..., None]).sum(axis=-1))
    return (sums - (logits * Y).sum(axis=-1)).mean(axis=-1)


def arrivals(case, rates, seeds):
    """Steps of SGD until the training loss stays below the target, (rates, seeds); MOST where it does not.

    It counts as staying there after five looks below, and the run ends when this holds for all.
    """
    X, Y = scaled(case), digits.one_hot(digits.split().train_y)
    w = np.tile(np.stack([draw(X, seed) for seed in seeds]), (len(rates), 1, 1))
    picks = [networks.batches(len(Y), BATCH, np.random.default_rng(1000 + seed)) for seed in seeds]
    last = np.full(w.shape[:2], MOST)
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(MOST):
            if t % EVERY == 0:
                last = np.where(losses(w, X, Y) < TARGET, np.minimum(last, t), MOST)
                if (t >= last + 4 * EVERY).all():
                    break
            pick = np.stack([next(each) for each in picks])
            w = w - np.array(rates)[:, None, None] * losses_and_gradients(w, X[pick], Y[pick])[1]
    return last


def search(seeds=SEARCH_SEEDS, rates=GRID, cases=CASES):
    """Mean steps of every case and rate over the seeds, and the best rate of each."""
    steps = {case: [round(float(row.mean()), 1) for row in arrivals(case, rates, seeds)] for case in cases}
    return {"RATES": {case: rates[int(np.argmin(row))] for case, row in steps.items()}, "STEPS": steps}


@computed
def fresh():
    """Steps of each case at its best rate from seeds that the search has not seen: median, least, most."""
    found = {}
    for case in CASES:
        steps = arrivals(case, [tuned.RATES[case]], SEEDS)[0]
        found[case] = {"median": float(np.median(steps)), "least": int(steps.min()), "most": int(steps.max())}
    return found


@numbers
def steps():
    """Rates, steps and condition numbers of a linear layer on the same inputs."""
    found = {case: row | {"rate": tuned.RATES[case]} for case, row in fresh().items()}
    for case in CASES:
        X = scaled(case)
        X = np.column_stack([X[:, X.std(axis=0) > 0], np.ones(len(X))])
        values = np.linalg.eigvalsh(X.T @ X / len(X))
        found[case]["kappa"] = float(values[-1] / values[0])
    return found | {"seeds": len(SEEDS)}


@experiment
def four_scalings():
    """Steps to a training loss with four scalings of the inputs."""
    return {
        "title": "Scaled inputs and the speed of a network",
        "entry": "3.6.3",
        "compares": "pixels each in a unit of its own (a factor from 0.32 to 3.2, drawn once), from 0 to 1, "
        "centered, standardized",
        "data": "digits",
        "split": "1,000 training examples; speed is measured on them",
        "network": "-".join(map(str, WIDTHS)) + ", ReLU",
        "initialization": "normal, variance 2/n; the first matrix times the factor that gives the first "
        "pre-activations the mean square 2 for every scaling; biases zero",
        "loss": "cross-entropy",
        "optimizer": "SGD",
        "rate": ", ".join(f"{case} {tuned.RATES[case]:g}" for case in CASES) + "; constant",
        "tuned": f"fewest mean steps over {len(SEARCH_SEEDS)} other starts, of "
        + ", ".join(f"{eta:g}" for eta in GRID),
        "batch": f"{BATCH}, a new shuffle each epoch",
        "steps": f"at most {MOST}",
        "seeds": f"{len(SEEDS)} starts",
        "plotted": f"median, least and most steps until the training loss, looked at every {EVERY} steps, stays below "
        f"{TARGET:g}",
    }
