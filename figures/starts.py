"""Training from different first weights, each at its own learning rate, over several starts (section 3.8)."""

import numpy as np

from .initialization import HIDDEN, INCOMING, SEEDS, WIDTH, WIDTHS, pixels, start
from .kit.results import computed, experiment, numbers
from .models import digits, networks, stacks
from .tuned import starts as tuned

STEPS, LONGER, BATCH = 100, 300, 32
GRID = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
SEARCH_SEEDS = tuple(range(100, 104))
SCHEMES = ("zero", "equal", "small", "lecun", "xavier", "he", "large", "orthogonal", "sparse")
PATIENT = ("lecun", "xavier", "he")  # ReLU networks that are also trained for longer
FIRST_BIASES = (0.0, 0.01, 0.1)
# In 32 bits, and slopes in the type of z.
PAIRS = {
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(z.dtype)),
}


def _shuffled(seeds, times):
    """Yield the indices (runs, BATCH) of each step; seed s shuffles with seed 1000 + s, short batches are left out."""
    shuffles = [networks.batches(1000, BATCH, np.random.default_rng(1000 + seed)) for seed in seeds]
    while True:
        pick = [next(each) for each in shuffles]
        if min(map(len, pick)) == BATCH:
            yield np.tile(np.stack(pick), (times, 1))


def trained(scheme, function, rates, seeds, steps=STEPS, bias=0.0):
    """Networks after training, run r * seeds + s; hidden biases start at `bias`."""
    drawn = [start(scheme, seed, function) for seed in seeds]
    net = []
    for number in range(len(WIDTHS) - 1):
        W = np.stack([layers[number][0] for layers in drawn]).astype(np.float32)
        first = bias if number < HIDDEN else 0.0
        net.append((W, np.full((len(seeds), 1, W.shape[1]), first, np.float32)))
    X, classes = pixels()[0].astype(np.float32), digits.split().train_y
    return stacks.train(
        stacks.repeat(net, len(rates)),
        X,
        classes,
        rates=np.repeat(rates, len(seeds)),
        steps=steps,
        activation=PAIRS[function],
        picks=_shuffled(seeds, len(rates)),
    )


@computed
def runs(scheme, function, rates, seeds, part, steps, bias):
    """Accuracies (rates, seeds) on the validation or the test part; a diverged network gives one constant answer."""
    parts = digits.split()
    X, classes = (pixels()[1], parts.valid_y) if part == "valid" else (pixels()[2], parts.test_y)
    net = trained(scheme, function, rates, seeds, steps, bias)
    return stacks.judge(net, X.astype(np.float32), classes, PAIRS[function])[1].reshape(len(rates), len(seeds))


def cases():
    """Every case: (name, function, scheme, steps, first bias)."""
    for function in PAIRS:
        yield from ((scheme, function, scheme, STEPS, 0.0) for scheme in SCHEMES)
    yield from ((f"{scheme}_longer", "relu", scheme, LONGER, 0.0) for scheme in PATIENT)
    yield from ((f"he_bias_{bias:g}", "relu", "he", STEPS, bias) for bias in FIRST_BIASES[1:])


def search(names=None, rates=GRID, seeds=SEARCH_SEEDS):
    """Mean validation accuracy of every case and rate, and the best rate of each."""
    scores, best = {name: {} for name in PAIRS}, {name: {} for name in PAIRS}
    for name, function, scheme, steps, bias in cases():
        if names is None or name in names:
            row = runs(scheme, function, rates, seeds, "valid", steps, bias).mean(axis=1)
            scores[function][name] = [round(float(score), 4) for score in row]
            best[function][name] = rates[int(np.argmax(row))]
    return {"BEST": best, "GRID": list(rates), "ACCURACIES": scores}


@numbers
def table():
    """For each function and case: best rate, test accuracy at it and its standard error, `relu.he.accuracy`."""
    result = {function: {} for function in PAIRS}
    for name, function, scheme, steps, bias in cases():
        rate = tuned.BEST[function][name]
        found = runs(scheme, function, (rate,), SEEDS, "test", steps, bias)[0]
        result[function][name.replace("0.", "0_")] = {
            "rate": rate,
            "accuracy": float(found.mean()),
            "error": float(found.std(ddof=1) / len(SEEDS) ** 0.5),
        }
    schemes = [row["error"] for rows in result.values() for name, row in rows.items() if name in SCHEMES]
    return result | {"largest_error": max(schemes)}


@numbers
@computed
def zeros():
    """Shares of weights that are exactly zero in the sparse tanh network, before and after: layer 1, layers 2 to 10."""
    net = trained("sparse", "tanh", (tuned.BEST["tanh"]["sparse"],), SEEDS[:1])
    after = [float((W == 0).mean()) for W, _ in net]
    constant = float((pixels()[0].std(axis=0) == 0).mean())
    return {
        "before": 1 - INCOMING / WIDTH,
        "first": after[0],
        "after": float(np.mean(after[1:-1])),
        "constant": constant,
        "pixels": int(round(64 * constant)),
    }


@numbers
def settings():
    """Numbers of the experiment that the text repeats."""
    return {"steps": STEPS, "longer": LONGER, "batch": BATCH, "seeds": len(SEEDS)}


@experiment
def first_weights():
    """The accuracies of the table of first weights, and of what goes further."""
    return {
        "title": "Nine kinds of first weights",
        "entry": "3.8.4",
        "compares": "zero, all 0.01, standard deviations 0.01, 1/sqrt(n) and 1, Xavier, He, orthogonal (gain 1 for "
        f"tanh, sqrt(2) for ReLU), sparse ({INCOMING} weights of variance 1/{INCOMING} into a unit); first biases "
        + ", ".join(f"{bias:g}" for bias in FIRST_BIASES)
        + " of the ReLU network with He",
        "data": "digits, pixels standardized",
        "split": "1,000 training, 397 validation and 400 test images",
        "network": f"64 - ten hidden layers of {WIDTH} - 10, tanh or ReLU",
        "initialization": "normal weights, biases zero if not stated",
        "loss": "cross-entropy",
        "optimizer": "SGD",
        "rate": "each case at its own, constant",
        "tuned": f"best mean validation accuracy of {len(SEARCH_SEEDS)} other starts, of "
        + ", ".join(f"{rate:g}" for rate in GRID),
        "batch": f"{BATCH}",
        "steps": f"{STEPS}; {LONGER} where the text says so",
        "seeds": f"{len(SEEDS)} starts that the search had not seen",
        "plotted": "mean test accuracy and standard error over the starts",
    }
