r"""A formula as one line of text, for who searches a page or copies from it: softmax(QKᵀ/√C)V.

Place in the flow: beside the words of `speech`, from the same tree; `pdf.paint` puts the line beside
the drawing as its replacement text. Faces are dropped (bold W is W); what stands low follows `_`, what
stands high `^`, in parentheses where it is more than one sign.
"""

import unicodedata

from press.pictures.speech.letters import FENCES, ONE_IN_WORDS
from press.pictures.speech.tree import is_atom, is_prime, read

RAISED = {"⊤": "ᵀ", "∗": "*"}
TIGHT = {"ord", "open", "close", "punct"}
ACCENTS = {"^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303", "¯": "\u0304", "‾": "\u0304", "→": "\u20d7"}


def line_of(latex):
    """Return a formula as a line of text."""
    words = unicodedata.normalize("NFC", _line(read(latex)))
    return " ".join(words.replace("\u2223", "|").split())


def _line(node):
    return WRITERS.get(node["type"], lambda other: _line(other["base"]))(node)


def _row(node):
    written = ""
    for child, following in zip(node["children"], [*node["children"][1:], None], strict=False):
        written += _spaced(child)
        if _name(child) and following is not None and following["type"] != "delimited":
            written += " "  # ln y, and ln(1 + y)
    return written


def _name(node):
    return node["type"] == "function" or node["type"] == "scripts" and _name(node["base"])


def _spaced(node):
    if node["type"] == "operator" and node.get("class") not in TIGHT:
        return f" {node['symbol']} "
    if node["type"] == "operator" and node["symbol"] in (",", ";"):
        return f"{node['symbol']} "
    if _name(node):
        return f" {_line(node)}"
    if node["type"] == "large-operator" or node["type"] == "scripts" and node["base"]["type"] == "large-operator":
        return f" {_line(node)} "
    return _line(node)


def _scripts(node):
    written = _line(node["base"])
    if node.get("sub"):
        written += f"_{_grouped(node['sub'])}"
    if (power := node.get("sup")) is not None and power:
        sign = _line(power)
        plain = is_prime(power) or sign in RAISED
        written += RAISED.get(sign, sign) if plain else f"^{_grouped(power)}"
    return written


def _grouped(node):
    """Return what belongs together, in parentheses where more than one sign stands in it."""
    written = _line(node).strip()
    return written if len(written) == 1 or written.startswith("(") and written.endswith(")") else f"({written})"


def _part(node):
    """Return a part of a fraction, in parentheses unless it is one thing."""
    written = _line(node).strip()
    return written if is_atom(node) or node["type"] in ("delimited", "root") else f"({written})"


def _text(node):
    return "".join(
        _line({"type": "row", "children": part["value"]} if isinstance(part["value"], list) else part["value"])
        if part["type"] == "math"
        else part["value"]
        for part in node["parts"]
    )


def _table(node):
    opened, closed = FENCES.get(node["shape"], ("", ""))
    rows = ["  ".join(_cell(cell) for cell in row) for row in node["rows"]]
    return f"{opened}{'; '.join(rows)}{closed}"


def _cell(cell):
    return (_row({"children": cell}) if isinstance(cell, list) else _line(cell)).strip()


def _accent(node):
    base, sign = _line(node["base"]), node.get("accent", "")
    return base + ACCENTS.get(sign, sign) if len(base) == 1 else f"({base}){ACCENTS.get(sign, sign)}"


def _stacked(node):
    parts = [_line(node[place]) for place in ("base", "above", "below") if place in node]
    return parts[0] + "".join(f"_({part})" for part in parts[1:])


WRITERS = {
    "row": _row,
    "identifier": lambda node: node["name"],
    "function": lambda node: ONE_IN_WORDS.get(node["name"], node["name"]),
    "number": lambda node: node["value"],
    "text": _text,
    "operator": lambda node: node["symbol"],
    "fixed-delimiter": lambda node: node["symbol"],
    "large-operator": lambda node: node["symbol"],
    "space": lambda node: "  ",
    "phantom": lambda node: "",
    "scripts": _scripts,
    "delimited": lambda node: f"{node['open'].strip('.')}{_line(node['inside']).strip()}{node['close'].strip('.')}",
    "fraction": lambda node: f"{_part(node['num'])}/{_part(node['den'])}",
    "root": lambda node: f"√{_part(node['radicand'])}",
    "accent": _accent,
    "bar": lambda node: _accent({"base": node["base"], "accent": "‾"}),
    "brace": lambda node: _line(node["base"]),
    "stacked": _stacked,
    "table": _table,
}
