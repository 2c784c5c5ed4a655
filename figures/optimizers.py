"""Optimizers: their rules, Adam by hand, one long valley, and what Muon makes of a matrix (section 3.11).

The race on the digits is `race.py`. Rules work entry by entry on arrays of any shape.
"""

import numpy as np

from .kit import style
from .kit.results import computed, figure, numbers

MU, BETA_1, BETA_2, RHO, EPSILON = 0.9, 0.9, 0.999, 0.9, 1e-8
NAMES = ("SGD", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam")


def start(size):
    """Return the running state of an optimizer for parameters of the given shape."""
    return {"t": 0, "v": np.zeros(size), "s": np.zeros(size)}


def step(name, w, g, state, rate, decay=0.0, correct=True):
    """Return the parameters after one step of the named optimizer; `state` changes in place.

    Rules as on page 127: Polyak 1964, Nesterov 1983 in the form of Sutskever et al. 2013, Duchi et
    al. 2011, Tieleman & Hinton 2012, Kingma & Ba 2015, Loshchilov & Hutter 2019.
    """
    state["t"] += 1
    v, s, t = state["v"], state["s"], state["t"]
    if name == "SGD":
        return w - rate * g
    if name in ("Momentum", "Nesterov"):
        v *= MU
        v += g
        return w - rate * (v if name == "Momentum" else g + MU * v)
    if name == "AdaGrad":
        s += g * g
        return w - rate * g / (np.sqrt(s) + EPSILON)
    if name == "RMSProp":
        s *= RHO
        s += (1 - RHO) * g * g
        return w - rate * g / (np.sqrt(s) + EPSILON)
    v *= BETA_1
    v += (1 - BETA_1) * g
    s *= BETA_2
    s += (1 - BETA_2) * g * g
    v_hat, s_hat = (v / (1 - BETA_1**t), s / (1 - BETA_2**t)) if correct else (v, s)
    shrunk = w * (1 - rate * decay) if name == "AdamW" else w
    return shrunk - rate * v_hat / (np.sqrt(s_hat) + EPSILON)


# Adam by hand.

HAND_RATE, HAND_START, HAND_GRADIENTS = 0.01, 1.0, (1.0, 2.0, -1.0)


def adam_rows(gradients):
    """All numbers of Adam in each of its steps: g, v, s, the corrected two, the step, and w after it."""
    w, state, rows = np.array([HAND_START]), start(1), {}
    for t, g in enumerate(gradients, 1):
        new = step("Adam", w, np.array([g]), state, HAND_RATE)
        v, s = float(state["v"][0]), float(state["s"][0])
        rows[f"t{t}"] = {
            "g": g,
            "v": v,
            "s": s,
            "v_sum": 1 - BETA_1**t,
            "s_sum": 1 - BETA_2**t,
            "v_hat": v / (1 - BETA_1**t),
            "s_hat": s / (1 - BETA_2**t),
            "step": float(w[0] - new[0]),
            "w": float(new[0]),
        }
        w = new
    return rows


@numbers
def adam_by_hand():
    """Adam over the three gradients of the text, and its first step without bias correction."""
    w, g = np.array([HAND_START]), np.array(HAND_GRADIENTS[:1])
    first = step("Adam", w, g, start(1), HAND_RATE, correct=False)
    return adam_rows(HAND_GRADIENTS) | {"first_uncorrected": float(HAND_START - first[0])}


# One valley: L = (w_1^2 + 100 w_2^2)/2, and the same turned by 45 degrees.

EIGENVALUES, START, CLOSE = np.array([1.0, 100.0]), np.array([-8.0, 0.8]), 0.01
MOST_STEPS, LATE_STEPS = 1500, 5000
# Two digits, since the border of SGD is sharp: its best rate lies just below 0.02.
RATES = [float(f"{digits}e{power}") for power in range(-5, 1) for digits in range(10, 100)]


def valley(degrees=0.0):
    """The Hessian (2, 2) of the valley turned by an angle, and where the paths start (2,)."""
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return turn @ np.diag(EIGENVALUES) @ turn.T, turn @ START


def paths(name, rates, steps, degrees=0.0):
    """Points (steps + 1, rates, 2) of an optimizer in the valley, for several learning rates side by side."""
    hessian, begin = valley(degrees)
    w, state = np.tile(begin, (len(rates), 1)), start((len(rates), 2))
    points = [w]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            w = step(name, w, w @ hessian, state, np.array(rates)[:, None])
            points.append(w)
    return np.array(points)


def heights(points, degrees=0.0):
    """Height of the valley at points (..., 2)."""
    hessian, _ = valley(degrees)
    with np.errstate(over="ignore", invalid="ignore"):
        return 0.5 * np.einsum("...i,ij,...j->...", points, hessian, points)


@computed
def fastest(name, degrees=0.0):
    """The learning rate of RATES from which the height stays below 0.01 first: (steps, rate)."""
    above = ~(heights(paths(name, RATES, MOST_STEPS, degrees), degrees) < CLOSE)
    steps = MOST_STEPS + 1 - above[::-1].argmax(axis=0)  # one step after the last point that is too high
    steps[above[-1]] = MOST_STEPS + 1
    best = int(steps.argmin())
    return int(steps[best]), RATES[best]


@numbers
def valley_steps():
    """Steps of each optimizer at its best rate, the valley along the axes and turned by 45 degrees."""
    found = {"start": float(heights(START))}
    for name in NAMES:
        along, turned = fastest(name), fastest(name, 45.0)
        found[name] = {"steps": along[0], "rate": along[1], "turned": turned[0], "turned_rate": turned[1]}
    return found


@numbers
def late_leap():
    """The step, to the next hundred, in which Adam at its best rate leaves the floor after it had come to rest."""
    path = heights(paths("Adam", [fastest("Adam")[1]], LATE_STEPS))[:, 0]
    return {"step": round(int(np.flatnonzero(path[MOST_STEPS:] >= CLOSE)[0]) + MOST_STEPS, -2)}


# Which optimizers the page shows, and how far their paths are drawn.
SHOWN, DRAWN_STEPS = ("SGD", "Momentum", "Adam"), 40


@figure
def valley_paths():
    """Three small panels of one size: the first 40 steps of SGD, momentum and Adam at their best rates."""
    sheet, axes = style.figure("column", 30, 1, 3, sharex=True, sharey=True)
    x, y = np.meshgrid(np.linspace(-9, 9, 120), np.linspace(-1.15, 1.15, 90))
    grid = heights(np.stack([x, y], axis=-1))
    for panel, name in zip(axes, SHOWN, strict=True):
        steps, rate = fastest(name)
        points = paths(name, [rate], DRAWN_STEPS)[:, 0]
        panel.contour(x, y, grid, levels=(0.5, 4, 12, 25, 42, 64), colors=style.RULE, linewidths=0.4)
        panel.plot(*points.T, color=style.TEAL, linewidth=0.6, marker="o", markersize=1.3)
        panel.plot(*START, "o", color=style.INK, markersize=3)
        panel.plot(0, 0, "+", color=style.RUST, markersize=8, markeredgewidth=1.4, zorder=5)
        panel.set(xlabel="$w_1$")
        panel.set_xticks([-8, 0], ["\N{MINUS SIGN}8", "0"])
        panel.set_title(f"{name}: {steps} steps")
    axes[0].set(ylabel="$w_2$")
    axes[0].set_yticks([-0.8, 0, 0.8], ["\N{MINUS SIGN}0.8", "0", "0.8"])
    return sheet


# Weight decay inside the gradient, and beside the step.

DECAY_RATE, DECAY, DECAY_STEPS = 0.01, 0.1, 100
SCALES = (0.1, 10.0)  # root mean squares of the gradients of two weights, both 1 at the start


@numbers
def decay_compared():
    """Two weights under Adam with gradients +g, -g, ... of two sizes: with the penalty inside, and AdamW.

    Returns the weights after 100 steps. The gradients cancel in pairs, so that only decay moves a weight far.
    """
    found = {}
    for label, scale in zip(("small", "large"), SCALES, strict=True):
        inside, outside = np.ones(1), np.ones(1)
        states = start(1), start(1)
        for t in range(DECAY_STEPS):
            g = scale * (-1.0) ** t
            inside = step("Adam", inside, np.array([g]) + DECAY * inside, states[0], DECAY_RATE)
            outside = step("AdamW", outside, np.array([g]), states[1], DECAY_RATE, DECAY)
        found[label] = {"scale": scale, "penalty": float(inside[0]), "decoupled": float(outside[0])}
    return found | {"factor": float((1 - DECAY_RATE * DECAY) ** DECAY_STEPS)}


# Muon: five steps of a polynomial that bring singular values near 1 (Jordan et al. 2024).

COEFFICIENTS, ROUNDS = (3.4445, -4.7750, 2.0315), 5
SINGULAR = (4.0, 1.0, 0.25)  # of the running sum in the text


def orthogonalized(values):
    """Singular values after the scaling by the Frobenius norm and the rounds of Muon's polynomial."""
    a, b, c = COEFFICIENTS
    s = np.asarray(values, float) / np.linalg.norm(values)
    for _ in range(ROUNDS):
        s = a * s + b * s**3 + c * s**5
    return s


@numbers
def muon():
    """The singular values of the text before and after, and the range over inputs from 0.01 to 1."""
    many = np.linspace(0.01, 1, 2000)
    a, b, c = COEFFICIENTS
    for _ in range(ROUNDS):
        many = a * many + b * many**3 + c * many**5
    return {
        "scaled": (np.array(SINGULAR) / np.linalg.norm(SINGULAR)).tolist(),
        "after": orthogonalized(SINGULAR).tolist(),
        "lowest": float(many.min()),
        "highest": float(many.max()),
    }


# A schedule: linear warm-up over 10 of 100 steps, then half a cosine.

PEAK, WARM, LAST = 0.001, 10, 100


def scheduled(t):
    """Learning rate in step t = 1, ..., 100."""
    if t <= WARM:
        return PEAK * t / WARM
    return 0.5 * PEAK * (1 + np.cos(np.pi * (t - WARM) / (LAST - WARM)))


@numbers
def schedule():
    """The learning rate in four steps of the plan."""
    return {f"t{t}": float(scheduled(t)) for t in (1, 10, 55, 100)}
