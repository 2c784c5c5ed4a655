"""Four models of one data set, two rings: fixed features against learned ones (3.1.6).

Each draw has its own 300 training and 1,000 new points. Settings (learning rates, the number of
neighbors) were chosen on draws that the results do not use.
"""

from statistics import NormalDist

import numpy as np

from .kit import signs, style
from .kit.results import computed, experiment, figure, numbers
from .models import networks, stacks
from .models.generators import rings
from .tuned import rings as tuned

TRAIN, NEW, STEPS, HIDDEN, WIDTHS = 300, 1000, 1000, 8, (2, 8, 1)
SEARCH_DRAWS, DRAWS = tuple(range(5)), tuple(range(100, 120))
MODELS = ("raw", "hand", "neighbors", "network")
RATES, NEIGHBORS = (0.1, 0.3, 1.0, 3.0), (1, 3, 5, 9, 15, 31)
SETTINGS = {"raw": RATES, "hand": RATES, "neighbors": NEIGHBORS, "network": RATES}


def training(draw):
    """The training points of a draw."""
    return rings(TRAIN, seed=draw)


def new(draw):
    """The new points of a draw."""
    return rings(NEW, seed=1000 + draw)


def square(X):
    """The feature that somebody who knows the rings would make: the squared radius."""
    return (X**2).sum(-1, keepdims=True)


def fit_logistic(features, y, rate):
    """Return (weights, bias) of logistic regression by gradient descent from zero."""
    w, b = np.zeros(features.shape[1]), 0.0
    for _ in range(STEPS):
        error = (networks.sigmoid(features @ w + b) - y) / len(y)
        w, b = w - rate * features.T @ error, b - rate * error.sum()
    return w, b


@computed
def fit_networks(rate, draws):
    """Return the layers of a 2-8-1 ReLU network for each draw; He initialization, seed 500 + draw."""
    net = stacks.draw(WIDTHS, [500 + draw for draw in draws], 2)
    X, y = (np.stack(part) for part in zip(*(training(draw) for draw in draws), strict=True))
    return stacks.train(net, X, y, rates=(rate,) * len(draws), steps=STEPS, activation="relu")


def vote(points, X, y, count):
    """Return the share of class 1 among the nearest `count` training points of each point, less 1/2."""
    distances = ((points[:, None] - X) ** 2).sum(2)
    return y[np.argpartition(distances, count - 1, axis=1)[:, :count]].mean(1) - 0.5


def grow(X, y, deepest):
    """Return a decision tree: a share of class 1, or (feature, cut, tree below the cut, tree above it)."""
    if deepest == 0 or y.min() == y.max():
        return float(y.mean())
    best = None
    for feature in range(X.shape[1]):
        order = np.argsort(X[:, feature])
        values, ones = X[order, feature], np.cumsum(y[order])[:-1]
        count = np.arange(1, len(y))
        above, rest = ones[-1] + y[order][-1] - ones, len(y) - count
        impurity = ones * (1 - ones / count) + above * (1 - above / rest) + 1e9 * (values[1:] == values[:-1])
        at = int(np.argmin(impurity))
        if best is None or impurity[at] < best[0]:
            best = (impurity[at], feature, (values[at] + values[at + 1]) / 2)
    _, feature, cut = best
    low = X[:, feature] <= cut
    return feature, cut, grow(X[low], y[low], deepest - 1), grow(X[~low], y[~low], deepest - 1)


def ask(tree, points):
    """Return the share of class 1 that a tree gives to each point."""
    if not isinstance(tree, tuple):
        return np.full(len(points), tree)
    feature, cut, below, above = tree
    return np.where(points[:, feature] <= cut, ask(below, points), ask(above, points))


DEEPEST, TREES = 8, 25


@numbers
@computed
def trees():
    """Mean share of right answers of one decision tree, and of 25 trees that each saw another resampling."""
    one, many = [], []
    for draw in DRAWS[:10]:
        (X, y), (points, classes) = training(draw), new(draw)
        one.append(np.mean((ask(grow(X, y, DEEPEST), points) > 0.5) == classes))
        rng, votes = np.random.default_rng(draw), np.zeros(len(points))
        for _ in range(TREES):
            pick = rng.integers(0, len(y), len(y))
            votes += ask(grow(X[pick], y[pick], DEEPEST), points)
        many.append(np.mean((votes / TREES > 0.5) == classes))
    return {
        "one": float(np.mean(one)),
        "many": float(np.mean(many)),
        "count": TREES,
        "draws": len(one),
        "deepest": DEEPEST,
    }


SIZES = (10, 30, 100, 300)


@numbers
@computed
def by_size():
    """Mean share of right answers after 10 to 300 training points: feature by hand, 1 neighbor, network."""
    found = {}
    for size in SIZES:
        X, y = (np.stack(part) for part in zip(*(rings(size, seed=draw) for draw in DRAWS), strict=True))
        net = stacks.draw(WIDTHS, [500 + draw for draw in DRAWS], 2)
        stacks.train(net, X, y, rates=(tuned.BEST["network"],) * len(DRAWS), steps=STEPS, activation="relu")
        right = {"hand": [], "neighbor": [], "network": []}
        for number, draw in enumerate(DRAWS):
            points, classes = new(draw)
            w, b = fit_logistic(square(X[number]), y[number], tuned.BEST["hand"])
            layers = [(W[number], c[number, 0]) for W, c in net]
            scores = {
                "hand": square(points) @ w + b,
                "neighbor": vote(points, X[number], y[number], 1),
                "network": networks.outputs(layers, points)[:, 0],
            }
            for name, score in scores.items():
                right[name].append(np.mean((score > 0) == classes))
        found[f"n{size}"] = {name: float(np.mean(values)) for name, values in right.items()}
    return found


def model(name, draw, setting, draws):
    """Return a function from points to scores, positive where the model says class 1."""
    X, y = training(draw)
    if name == "neighbors":
        return lambda points: vote(points, X, y, setting)
    if name == "network":
        layers = [(W[draws.index(draw)], b[draws.index(draw), 0]) for W, b in fit_networks(setting, draws)]
        return lambda points: networks.outputs(layers, points)[:, 0]
    shape = square if name == "hand" else lambda points: points
    w, b = fit_logistic(shape(X), y, setting)
    return lambda points: shape(points) @ w + b


@computed
def shares(name, setting, draws):
    """Share of new points that a model gets right, for each draw."""
    found = []
    for draw in draws:
        points, classes = new(draw)
        found.append(float(np.mean((model(name, draw, setting, draws)(points) > 0) == classes)))
    return found


def search(names=MODELS, draws=SEARCH_DRAWS):
    """Mean share of right answers for every setting of every model, and the best setting of each."""
    table = {
        name: {setting: round(float(np.mean(shares(name, setting, draws))), 4) for setting in SETTINGS[name]}
        for name in names
    }
    return {"BEST": {name: max(row, key=row.get) for name, row in table.items()}, "SHARES": table}


@numbers
def line():
    """Largest share of new points that any straight line gets right, averaged over the radius and its noise.

    All directions are alike, so the line is x = c with class 1 beyond it. A point of radius r lies
    beyond with probability arccos(c/r)/pi.
    """
    (spread,) = rings.__defaults__
    noise = np.array([NormalDist(0, spread).inv_cdf((k + 0.5) / 1000) for k in range(1000)])
    places = np.linspace(0, 2, 401)[:, None]
    beyond = [np.arccos(np.minimum(places / (radius + noise), 1)).mean(1) / np.pi for radius in (1, 2)]
    return {"share": float((1 - beyond[0] + beyond[1]).max() / 2)}


@numbers
@computed
def results():
    """Mean, least and largest share of right answers on new points over the draws, for each model."""
    found = {"draws": len(DRAWS), "train": TRAIN, "new": NEW, "parameters": 2 * HIDDEN + HIDDEN + HIDDEN + 1}
    for name in MODELS:
        right = shares(name, tuned.BEST[name], DRAWS)
        found[name] = {"mean": float(np.mean(right)), "low": min(right), "high": max(right)}
    return found | {"neighbors_used": tuned.BEST["neighbors"]}


TITLES = {
    "raw": "Line",
    "hand": "Feature by hand",
    "neighbors": "Neighbors",
    "network": "Network",
}


def _panel(panel, name):
    """The training points of the first draw, and what one model calls class 1."""
    X, y = training(DRAWS[0])
    grid = np.linspace(-3, 3, 161)
    points = np.column_stack([v.ravel() for v in np.meshgrid(grid, grid)])
    scores = model(name, DRAWS[0], tuned.BEST[name], DRAWS)(points).reshape(len(grid), -1)
    panel.contourf(grid, grid, scores, levels=[-np.inf, 0, np.inf], colors=["white", style.TEAL_TINT])
    panel.contour(grid, grid, scores, levels=[0], colors=style.INK, linewidths=0.8)
    for label, sign in enumerate(signs.CLASSES[:2]):
        panel.plot(*X[y == label].T, **sign.dots, markersize=1.4, markeredgewidth=0.4, markerfacecolor="none")
    panel.set(title=TITLES[name], aspect="equal", xlim=(-3, 3), ylim=(-3, 3), xticks=(), yticks=())
    panel.set_xlabel(f"{100 * results()[name]['mean']:.0f}% right")


@figure
def regions():
    """What four models make of the plane, each with its share of right answers on new points."""
    sheet, axes = style.figure("column", 34, 1, 4, sharey=True)
    for panel, name in zip(axes, MODELS, strict=True):
        _panel(panel, name)
    return sheet


@experiment
def four_models():
    """How the four models were trained and judged."""
    chosen = ", ".join(f"{name} {tuned.BEST[name]:g}" for name in MODELS)
    return {
        "title": "Two rings and four models",
        "entry": "3.1.6",
        "compares": "logistic regression on the coordinates and on the squared radius, nearest neighbors, a network; "
        f"beside them one tree and {TREES} trees of at most {DEEPEST} questions a path",
        "data": f"rings, {len(DRAWS)} draws",
        "split": f"{TRAIN} training and {NEW:,} new points in each draw; in the table by size "
        f"{', '.join(map(str, SIZES))} training points",
        "network": f"{'-'.join(map(str, WIDTHS))} with ReLU",
        "initialization": "normal, variance 2/n; logistic regression starts from zero",
        "loss": "binary cross-entropy",
        "optimizer": "gradient descent",
        "rate": f"rates, and the number of neighbors: {chosen}",
        "tuned": f"most right answers over {len(SEARCH_DRAWS)} other draws, among rates {', '.join(map(str, RATES))} "
        f"and {', '.join(map(str, NEIGHBORS))} neighbors",
        "batch": "all points",
        "steps": f"{STEPS:,}",
        "seeds": f"another start in each of the {len(DRAWS)} draws",
        "plotted": "models of the first draw; mean share of right answers on new points",
    }
