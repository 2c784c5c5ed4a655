"""One neuron, a small network, and what perceptrons can compute (3.1.1)."""

import numpy as np

from .kit import diagrams, grids, style
from .kit.results import figure, numbers

# The 3-4-2 network of the text. Row i of a matrix holds the weights into unit i.
X = np.array([1.0, -1.0, 2.0])
W1 = np.array([[1, 1, 1], [0.5, -1, -2], [-1, 1, 1], [2, 1, 0]])
B1 = np.array([0, 1.5, 1, 0.5])
W2 = np.array([[1, 0.5, -1, 1], [-1, 0.5, 1, 0]])
B2 = np.array([0, 0.5])

INPUTS = ((0, 0), (0, 1), (1, 0), (1, 1))  # the order in which the text lists the Boolean inputs


def run(x, layers):
    """Return the pre-activations and activations of a network, ReLU hidden and linear output."""
    z, a = [], [np.asarray(x, float)]
    for number, (W, b) in enumerate(layers, 1):
        z.append(W @ a[-1] + b)
        a.append(z[-1] if number == len(layers) else np.maximum(z[-1], 0))
    return z, a


def parameters(widths):
    """Return the number of weights and biases of a fully connected network."""
    return sum(m * n + n for m, n in zip(widths, widths[1:], strict=False))


def fires(w, b, x):
    """Return the output of a perceptron, 1 where its pre-activation is positive."""
    return int(np.dot(w, x) + b > 0)


def learn(targets, most=100):
    """Run the perceptron rule from zero weights over the four Boolean inputs, until a pass has no error.

    Returns (w, b, errors of each pass) after every pass, at most `most` of them.
    """
    w, b, passes = np.zeros(2), 0.0, []
    while len(passes) < most and (not passes or passes[-1][2]):
        errors = 0
        for x, target in zip(INPUTS, targets, strict=True):
            step = target - fires(w, b, x)
            w, b, errors = w + step * np.array(x), b + step, errors + abs(step)
        passes.append((w, b, errors))
    return passes


@numbers
def forward():
    """Everything that the network of the figure computes, layer by layer."""
    z, a = run(X, ((W1, B1), (W2, B2)))
    return {
        "z1": z[0],
        "a1": a[1],
        "z2": z[1],
        "unit": float(z[0][1]),
        "terms": W1[1] * X,
        "output": a[2],
        "first_terms": W2[0] * a[1],
        "first": float(a[2][0]),
        "second": float(a[2][1]),
    }


@numbers
def sizes():
    """Parameter counts that the text quotes."""
    return {
        "small": parameters((3, 4, 2)),
        "digits": parameters((784, 128, 10)),
        "deeper": parameters((784, 512, 256, 10)),
        "deeper_layers": [parameters(pair) for pair in ((784, 512), (512, 256), (256, 10))],
        "quiz": parameters((10, 20, 5)),
    }


@numbers
def gates():
    """Boolean functions from perceptrons: NAND from one, XOR from four of it."""

    def nand(p, q):
        return fires((-2, -2), 3, (p, q))

    def xor(p, q):
        first = nand(p, q)
        return nand(nand(p, first), nand(q, first))

    return {
        "nand": [nand(*x) for x in INPUTS],
        "xor": [xor(*x) for x in INPUTS],
        "or": [fires((2, 2), -1, x) for x in INPUTS],
        "nand_sums": [-2 * p - 2 * q + 3 for p, q in INPUTS],
    }


@numbers
def one_step():
    """One step on the bias of the first output, for half the squared error and the target 2."""
    _, a = run(X, ((W1, B1), (W2, B2)))
    target, rate = 2.0, 0.1
    slope = a[2][0] - target
    bias = B2[0] - rate * slope
    output = a[2][0] - B2[0] + bias
    return {
        "before": 0.5 * slope**2,
        "bias": float(bias),
        "output": float(output),
        "after": 0.5 * float(output - target) ** 2,
    }


@numbers
def learning():
    """What the perceptron rule does on AND, pass by pass; and the bound on its corrections."""
    passes = learn((0, 0, 0, 1))
    found = {
        f"pass{number}": {"w": w.astype(int), "b": int(b), "errors": e} for number, (w, b, e) in enumerate(passes, 1)
    }
    margin = 0.5 / np.sqrt(1 + 1 + 1.5**2)  # of w = (1, 1), b = -1.5, the bias counted as a weight
    return found | {
        "passes": len(passes),
        "corrections": sum(errors for *_, errors in passes),
        "margin": float(margin),
        "most": float(3 / margin**2),
        "xor": learn((0, 1, 1, 0), 1000)[-1][2],
    }


@numbers
def all_five():
    """One step on the four weights and the bias of the first output, target 2; and of the second, target 0."""
    _, a = run(X, ((W1, B1), (W2, B2)))
    inputs, found = np.append(a[1], 1.0), {}
    for name, unit, target in (("first", 0, 2.0), ("second", 1, 0.0)):
        error = a[2][unit] - target
        w = np.append(W2[unit], B2[unit]) - 0.1 * error * inputs
        found[name] = {
            "gradient": error * inputs,
            "w": w,
            "output": float(w @ inputs),
            "before": 0.5 * float(error) ** 2,
            "loss": 0.5 * float(w @ inputs - target) ** 2,
        }
    return found


# --- drawings ---------------------------------------------------------------------------------


def _node(axes, x, y, text, fill="white", edge=style.INK, radius=3.7):
    diagrams.circle(axes, x, y, radius, fill, edge)
    style.write(axes, x, y - 0.1, text, zorder=4)


def _wire(axes, start, end, gap=3.7, arrow=False, color=style.RULE, linewidth=0.6):
    """A line or an arrow between two units, from edge to edge."""
    start, end = np.array(start, float), np.array(end, float)
    way = (end - start) / np.hypot(*(end - start))
    start, end = start + gap * way, end - gap * way
    if arrow:
        grids.arrow(axes, start, end, color, linewidth=linewidth)
    else:
        diagrams.line(axes, start, end, color, linewidth)


def _one_neuron(axes, z, a):
    """Unit 2 of the hidden layer, enlarged."""
    axes.text(0, 47.6, "One neuron", fontweight=600, fontsize=8, va="center")
    places = [(5, 36), (5, 23.5), (5, 11)]
    middle = (32, 23.5)
    for j, (place, value) in enumerate(zip(places, X, strict=True)):
        _node(axes, *place, grids.number(value))
        axes.text(place[0], place[1] + 4.4, f"$x_{j + 1}$", ha="center", va="bottom", fontsize=8)
        _wire(axes, place, middle, arrow=True, color=style.TEAL, linewidth=0.8, gap=4.0)
        at = np.array(place) + 0.47 * (np.array(middle) - place)
        axes.text(
            *at,
            grids.number(W1[1, j]),
            ha="center",
            va="center",
            fontsize=8,
            color=style.TEAL,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
            zorder=5,
        )
    grids.arrow(axes, (32, 12.2), (32, 19.2), style.TEAL, linewidth=0.8)
    axes.text(32, 10, f"$b$ = {grids.number(B1[1])}", ha="center", va="center", fontsize=8, color=style.TEAL)
    _node(axes, *middle, grids.number(z[0][1]), fill=style.TEAL_TINT, edge=style.TEAL, radius=4.2)
    axes.text(32, 29.2, "$z$", ha="center", va="bottom", fontsize=8)
    _wire(axes, middle, (49, 23.5), arrow=True, color=style.INK, linewidth=0.8, gap=4.4)
    axes.text(40.6, 25, "$f$", ha="center", va="bottom", fontsize=8)
    _node(axes, 49.5, 23.5, grids.number(a[1][1]), edge=style.TEAL)
    axes.text(49.5, 28.2, "$a$", ha="center", va="bottom", fontsize=8)
    axes.text(0, 2.4, "sum of weight × input, plus bias, then ReLU", fontsize=7.5, va="center")


def _whole_network(axes, a):
    """The network 3-4-2 with the activation of each unit; unit 2 marked."""
    axes.text(62, 47.6, "Two layers of them: 3-4-2", fontweight=600, fontsize=8, va="center")
    columns = [
        [(67, y) for y in (36, 23.5, 11)],
        [(87, y) for y in (39, 28.6, 18.2, 7.8)],
        [(107, y) for y in (29.7, 17.3)],
    ]
    for i, end in enumerate(columns[1]):
        for start in columns[0]:
            mine = i == 1
            _wire(axes, start, end, color=style.TEAL if mine else style.RULE, linewidth=1.1 if mine else 0.5)
    for end in columns[2]:
        for start in columns[1]:
            _wire(axes, start, end, linewidth=0.5)
    for layer, places in enumerate(columns):
        for i, place in enumerate(places):
            mine = layer == 1 and i == 1
            _node(
                axes,
                *place,
                grids.number(a[layer][i]),
                fill=style.TEAL_TINT if mine else "white",
                edge=style.TEAL if mine else style.INK,
            )
    for x, text in ((67, r"$\mathbf{a}^{(0)}=\mathbf{x}$"), (87, r"$\mathbf{a}^{(1)}$"), (107, r"$\mathbf{a}^{(2)}$")):
        axes.text(x, 1.6, text, ha="center", va="center", fontsize=8)


def _matrices(axes):
    """The same as matrices; the rows of unit 2 marked."""
    axes.text(119, 47.6, "The same as matrices", fontweight=600, fontsize=8, va="center")
    axes.text(119, 40.6, r"$\mathbf{W}^{(1)}$, 4 × 3", fontsize=8, va="center")
    diagrams.matrix(axes, 119, 37.8, W1, 6.4, marked=1)
    axes.text(146, 40.6, r"$\mathbf{b}^{(1)}$, 4", fontsize=8, va="center")
    diagrams.matrix(axes, 146, 37.8, B1[:, None], 7.4, marked=1)
    axes.text(119, 14.6, r"$\mathbf{W}^{(2)}$, 2 × 4", fontsize=8, va="center")
    diagrams.matrix(axes, 119, 11.8, W2, 6.2)
    axes.text(150, 14.6, r"$\mathbf{b}^{(2)}$, 2", fontsize=8, va="center")
    diagrams.matrix(axes, 150, 11.8, B2[:, None], 7.4)


@figure
def network():
    """One unit enlarged, the 3-4-2 network that it belongs to, and the matrices that hold it."""
    z, a = run(X, ((W1, B1), (W2, B2)))
    sheet, axes = style.figure("wide", 49)
    style.diagram(axes, 164, 49)
    _one_neuron(axes, z, a)
    _whole_network(axes, a)
    _matrices(axes)
    return sheet


# Three hidden ReLU units on one input: z = slope * x + offset, then an output weight for each.
SLOPES, OFFSETS, OUT, SHIFT = (1.0, 1.0, -1.0), (0.0, -1.0, 0.5), (1.0, -2.0, 1.0), 0.0


def bend(x):
    """Return z, f(z), the weighted parts, and their sum, for inputs `x`."""
    z = np.array([s * x + o for s, o in zip(SLOPES, OFFSETS, strict=True)])
    a = np.maximum(z, 0)
    parts = np.array(OUT)[:, None] * a
    return z, a, parts, parts.sum(0) + SHIFT


@figure
def hidden_units():
    """Pre-activations, activations and weighted sum of three ReLU units, in three panels."""
    sheet, axes = style.figure("margin", 76, 3, 1, sharex=True)
    x = np.linspace(-1, 2, 301)
    z, a, parts, total = bend(x)
    labels = (
        ((1.0, 1.45), (0.35, -1.4), (-0.6, 0.6)),
        ((0.8, 1.4), (1.35, 0.8), (-0.8, 0.7)),
        ((1.3, 1.75), (0.85, -1.3), (-0.7, 0.6)),
    )
    names = (("$z_1$", "$z_2$", "$z_3$"), ("$a_1$", "$a_2$", "$a_3$"), ("$a_1$", "\N{MINUS SIGN}2$a_2$", "$a_3$"))
    for panel, curves, title, marks, spots in zip(
        axes, (z, a, parts), ("Three lines", "Cut off at zero", "Weighted and added"), names, labels, strict=True
    ):
        style.zero_lines(panel)
        for curve, (color, line), mark, spot in zip(curves, style.CURVES, marks, spots, strict=False):
            panel.plot(x, curve, color=color, linestyle=line, linewidth=0.8 if panel is axes[2] else 1.1)
            style.label(panel, mark, *spot, color, ha="center")
        panel.set(title=title, xlim=(-1, 2), xticks=(-1, 0, 1, 2), ylim=(-2.1, 2.1), yticks=(-2, 0, 2))
    axes[1].set(ylim=(-0.3, 2.1), yticks=(0, 1, 2))
    axes[2].set_xlabel("input $x$")
    axes[2].plot(x, total, color=style.INK, linewidth=1.8)
    style.label(axes[2], "sum", 0.32, 1.05, ha="center")
    return sheet
