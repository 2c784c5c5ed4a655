"""The letters and signs of a formula in the order in which a page shows them.

Place in the flow: beside the words of `speech`, from the same tree; `formulas` compares them with
the letters of the set page, so that what is seen and what is heard come from one meaning. Faces
(bold, script) and spaces do not count, and a sign counts as one letter whatever its size.
"""

import unicodedata

from press.pictures.speech.english import MATRICES
from press.pictures.speech.tree import read

# One sign for those that look alike or that fonts name otherwise.
ALIKE = str.maketrans(
    {
        "-": "−",
        "|": "∣",
        "∥": "‖",
        "*": "∗",
        "⋅": "·",
        "⟂": "⊥",
        "˜": "\u0303",
        "ˆ": "\u0302",
        "^": "\u0302",
        "¯": "\u0304",
        "‾": "\u0304",
        "\u0305": "\u0304",
        "˙": "\u0307",
        "→": "\u20d7",
        "⃗": "\u20d7",
        "ϵ": "ε",
        "…": "...",
        "'": "′",
        "’": "′",
        "″": "′′",
        "‴": "′′′",
        "ι": "ι",
        "φ": "ϕ",
        "ℓ": "l",
        "∖": "\\",
        "⟨": "<",
        "⟩": ">",
    }
)
ONE_IN_WORDS = {"indicator": "1"}


def letters_of(latex):
    """Return the letters of a formula, from its tree."""
    return fold("".join(_leaves(read(latex))))


def fold(text):
    """Return letters without faces, spaces and marks of the line; accents stand sorted at the end."""
    plain = unicodedata.normalize("NFKD", text.translate(ALIKE)).translate(ALIKE)
    signs = [sign for sign in plain if not (sign.isspace() or "\ufe00" <= sign <= "\ufe0f" or sign in "\ufffe⏟⏞")]
    accents = sorted(sign for sign in signs if unicodedata.combining(sign))
    return "".join([sign for sign in signs if not unicodedata.combining(sign)] + accents)


def _leaves(node):
    if isinstance(node, list):
        for child in node:
            yield from _leaves(child)
        return
    yield from LEAVES.get(node["type"], _base)(node)


def _base(node):
    yield from _leaves(node["base"])


def _scripts(node):
    yield from _leaves(node["base"])
    for place in ("sup", "sub"):
        if node.get(place):
            yield from _leaves(node[place])


def _fence(node):
    yield node["open"].strip(".")
    yield from _leaves(node["inside"])
    yield node["close"].strip(".")


def _text(node):
    for part in node["parts"]:
        if part["type"] == "math":
            yield from _leaves(part["value"])
        else:
            yield part["value"]


def _table(node):
    opened, closed = FENCES.get(node["shape"], ("", ""))
    rows = node["rows"]
    yield opened
    if node["shape"] in MATRICES:  # a page holds a matrix column by column
        for column in range(max(map(len, rows), default=0)):
            yield from _leaves([row[column] for row in rows if column < len(row)])
    else:
        yield from _leaves([cell for row in rows for cell in row])
    yield closed


def _root(node):
    if node.get("index"):
        yield from _leaves(node["index"])
    yield "√"
    yield from _leaves(node["radicand"])


def _accent(node):
    yield from _leaves(node["base"])
    yield node.get("accent", "")


FENCES = {
    "p-matrix": ("(", ")"),
    "b-matrix": ("[", "]"),
    "brace-matrix": ("{", "}"),
    "v-matrix": ("|", "|"),
    "v-v-matrix": ("‖", "‖"),
    "cases": ("{", ""),
    "r-cases": ("", "}"),
}
LEAVES = {
    "row": lambda node: _leaves(node["children"]),
    "identifier": lambda node: [node["name"]],
    "function": lambda node: [ONE_IN_WORDS.get(node["name"], node["name"])],
    "number": lambda node: [node["value"]],
    "text": _text,
    "operator": lambda node: [node["symbol"]],
    "fixed-delimiter": lambda node: [node["symbol"]],
    "large-operator": lambda node: [node["symbol"]],
    "space": lambda node: [],
    "phantom": lambda node: [],
    "scripts": _scripts,
    "delimited": _fence,
    "fraction": lambda node: _leaves([node["num"], node["den"]]),
    "root": _root,
    "accent": _accent,
    "bar": lambda node: _leaves(node["base"]),
    "brace": lambda node: _leaves([node["base"], *([node["label"]] if node.get("label") else [])]),
    "stacked": lambda node: _leaves([node[place] for place in ("base", "above", "below") if place in node]),
    "table": _table,
}
