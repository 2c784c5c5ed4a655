"""What each thing of the book looks like, in every drawing: color, line and marker.

Used by the topic modules: `signs.METHODS["Adam"].curve` and `.dots` are options for matplotlib's
`plot`. Two signs that one drawing may show together differ in line or marker, because the book is
also printed in black and white (tests/figures/test_signs.py holds the tables to it).
"""

from typing import NamedTuple

from .style import GREY, INK, RUST, TEAL

SOLID, DASHED, DOTTED, DASH_DOT, SHORT = "-", (0, (4, 1.6)), (0, (1, 1.2)), (0, (6, 1.4, 1, 1.4)), (0, (2.2, 1.1))


class Sign(NamedTuple):
    """The look of one thing."""

    color: str
    line: str | tuple
    marker: str

    @property
    def curve(self):
        """Options of a line."""
        return {"color": self.color, "linestyle": self.line}

    @property
    def dots(self):
        """Options of points without a line."""
        return {"color": self.color, "linestyle": "none", "marker": self.marker}

    @property
    def both(self):
        """Options of a line through points."""
        return {"color": self.color, "linestyle": self.line, "marker": self.marker}


# Classes of two-dimensional data, by number.
CLASSES = (Sign(RUST, DASHED, "s"), Sign(TEAL, SOLID, "o"), Sign(INK, DOTTED, "^"))
METHODS = {
    "SGD": Sign(TEAL, SOLID, "s"),
    "Momentum": Sign(RUST, DASHED, "o"),
    "Nesterov": Sign(RUST, SOLID, "D"),
    "AdaGrad": Sign(INK, DOTTED, "^"),
    "RMSProp": Sign(TEAL, SHORT, "v"),
    "Adam": Sign(GREY, DASH_DOT, "P"),
    "AdamW": Sign(INK, SOLID, "X"),
    "Muon": Sign(TEAL, DASH_DOT, "*"),
}
FUNCTIONS = {
    "sigmoid": Sign(TEAL, SOLID, "s"),
    "tanh": Sign(RUST, DASHED, "^"),
    "ReLU": Sign(INK, SOLID, "o"),
    "leaky ReLU": Sign(INK, DASH_DOT, "v"),
    "softplus": Sign(GREY, SOLID, "D"),
    "ELU": Sign(RUST, SOLID, "P"),
    "SiLU": Sign(TEAL, SHORT, "X"),
    "GELU": Sign(GREY, DASH_DOT, "*"),
}
# What is new beside what it is compared with: how a network is built, where it starts, how one searches.
BUILDS = {
    "plain": Sign(RUST, DASHED, "s"),
    "residual": Sign(TEAL, SOLID, "o"),
    "batch normalization": Sign(INK, DOTTED, "^"),
    "disturbed": Sign(GREY, DASH_DOT, "D"),
    "group normalization": Sign(TEAL, SHORT, "v"),
}
STARTS = {
    "from scratch": Sign(RUST, DASHED, "s"),
    "pre-trained": Sign(TEAL, SOLID, "o"),
    "all places": Sign(INK, DOTTED, "^"),
    "frozen body": Sign(GREY, DASH_DOT, "D"),
}
SEARCHES = {"grid": Sign(RUST, DASHED, "s"), "random": Sign(TEAL, SOLID, "o")}
SETS = {
    "training": Sign(GREY, DOTTED, "s"),
    "validation": Sign(TEAL, SOLID, "o"),
    "test": Sign(RUST, DASHED, "^"),
    "digits": Sign(TEAL, SHORT, "D"),
    "moons": Sign(RUST, SOLID, "v"),
    "rings": Sign(INK, DASH_DOT, "P"),
    "flats": Sign(GREY, SOLID, "X"),
}
TABLES = {
    "classes": dict(enumerate(CLASSES)),
    "methods": METHODS,
    "functions": FUNCTIONS,
    "builds": BUILDS,
    "starts": STARTS,
    "searches": SEARCHES,
    "sets": SETS,
}
