"""Successive halving on learning rates, the expected improvement, and scales just below 1 (going further, 3.3.2)."""

from functools import cache

import numpy as np

from .kit.results import computed, experiment, numbers
from .models import digits, networks, normal
from .search import EXAMPLES, SETTING, WIDTHS

RATES = tuple(float(rate) for rate in 10.0 ** np.linspace(-2.75, 1, 16))
BUDGETS = (15, 30, 60, 120, 240)  # steps after which the better half goes on
STARTS = (0, 1, 2, 3)
CEILING = 10.0


@computed
def losses():
    """Validation losses (starts, rates, budgets) of runs that all go to the end."""
    data = digits.split()
    found = np.full((len(STARTS), len(RATES), len(BUDGETS)), CEILING)
    for i, seed in enumerate(STARTS):
        start = networks.initialize(WIDTHS, np.random.default_rng(seed), "he")
        for j, rate in enumerate(RATES):

            def watch(step, layers, row=found[i, j]):
                if step in BUDGETS:
                    loss = networks.mean_loss(layers, data.valid_x, data.valid_y)
                    row[BUDGETS.index(step)] = min(loss, CEILING) if np.isfinite(loss) else CEILING

            inputs, classes = data.train_x[:EXAMPLES], data.train_y[:EXAMPLES]
            networks.train(start, inputs, classes, rate=rate, steps=BUDGETS[-1], watch=watch)
    return found


def survivors(table):
    """Rates (by number) that are still in the race at each budget, for one start."""
    alive, rounds = list(range(len(RATES))), []
    for budget in range(len(BUDGETS)):
        rounds.append(alive)
        alive = sorted(alive, key=lambda j: table[j, budget])[: len(alive) // 2]
    return rounds


@numbers
@cache
def raced():
    """What halving finds, what it costs, and when the last winner would have been lost."""
    tables, last = losses(), len(BUDGETS) - 1
    best = [int(np.argmin(table[:, last])) for table in tables]
    kept = [survivors(table)[-1][0] for table in tables]
    ranks = [int((table[:, 0] < table[j, 0]).sum()) + 1 for table, j in zip(tables, best, strict=True)]
    rounds = survivors(tables[0])
    steps = sum(len(alive) * (b - a) for alive, a, b in zip(rounds, (0, *BUDGETS), BUDGETS, strict=False))
    return {
        "rounds": len(rounds),
        "steps": steps,
        "all_steps": len(RATES) * BUDGETS[-1],
        "same": sum(a == b for a, b in zip(best, kept, strict=True)),
        "starts": len(STARTS),
        "worst_rank": max(ranks),
        "loss_halved": float(np.mean([table[j, last] for table, j in zip(tables, kept, strict=True)])),
        "loss_best": float(np.mean([table[j, last] for table, j in zip(tables, best, strict=True)])),
        "best_rates": [RATES[j] for j in best],
        "kept_rates": [RATES[j] for j in kept],
        "early_best": [RATES[int(np.argmin(table[:, 0]))] for table in tables],
    }


@numbers
def table():
    """Mean validation losses of the rates that the text shows, by steps."""
    mean = losses().mean(axis=0)
    shown = {f"r{j}": j for j in (5, 7, 8, 9, 10, 11, 12)}
    return {
        name: {"rate": RATES[j]} | {f"s{steps}": float(mean[j, BUDGETS.index(steps)]) for steps in (15, 60, 240)}
        for name, j in shown.items()
    }


@numbers
def improvement():
    """Expected improvement of two candidates on the best loss so far."""
    best, found = 0.40, {}
    for name, mean, deviation in (("near", 0.42, 0.02), ("far", 0.50, 0.15)):
        u = (best - mean) / deviation
        gain = (best - mean) * float(normal.below(u)) + deviation * float(normal.density(u))
        found[name] = {"u": u, "below": float(normal.below(u)), "density": float(normal.density(u)), "gain": gain}
    return found


@numbers
def near_one():
    """Shares of momentum coefficients from 0.9 to 0.999 above 0.99, drawn evenly and with 1 - mu by powers of ten."""
    return {"even": (0.999 - 0.99) / (0.999 - 0.9), "powers": 0.5, "drawn": [1 - 10**u for u in (-2.7, -2.0, -1.3)]}


@experiment
def early_stopping():
    """How successive halving was tried on learning rates."""
    return SETTING | {
        "title": "Successive halving of sixteen learning rates",
        "entry": "3.3.2",
        "compares": f"the better half goes on after {', '.join(map(str, BUDGETS[:-1]))} steps; all go to the end",
        "rate": f"{len(RATES)} rates from {RATES[0]:.4f} to {RATES[-1]:.0f}, evenly on a logarithmic scale",
        "tuned": "the rate is what is searched",
        "steps": f"{BUDGETS[-1]}",
        "seeds": f"{len(STARTS)} starts",
        "plotted": "table: mean validation loss of the starts; text: the winner of each start",
    }
