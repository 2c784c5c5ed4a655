"""Labels of numbered things and the ids that they get in HTML and PDF.

Place in the flow: `uses` numbers, `html` and `documents` write ids, `layout` and `proof` look them up.
"""

import re
from typing import NamedTuple

from press.content.parts import Passage
from press.content.tree import Entry
from press.problems import Place

# Kind of a numbered thing -> how its label begins.
PREFIXES = {"figure": "fig", "picture": "fig", "table": "tab", "equation": "eq"}


class Numbered(NamedTuple):
    """A figure, table or equation: its kind, its printed number ("3.4-1"), its entry, its block (none: an equation)."""

    kind: str
    number: str
    entry: Entry | Passage
    place: Place
    block: object = None


def label_of(kind, name):
    """Return the label of a named figure or table, as in fig:activation/curves."""
    return f"{PREFIXES[kind]}:{name}"


def anchor(label):
    """Return the HTML id of a figure, table or equation."""
    return _identifier(label)


def term_anchor(term):
    """Return the HTML id of the place where a term is defined."""
    return "term-" + _identifier(term.lower())


def _identifier(words):
    """Return words as an identifier: blanks and the like become hyphens, other signs their number."""
    plain = re.sub(r"[^a-zA-Z0-9 /:.'\u2019-]", lambda sign: f"x{ord(sign[0]):x}", words)
    return re.sub(r"[^a-zA-Z0-9]+", "-", plain)
