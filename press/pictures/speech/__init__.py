"""Put a formula into words, for a reader who hears it.

Place in the flow: beside `formulas`, which asks for the words that become the alternative text of a
formula, once `tree.problems_of` has found nothing wrong with it.

mathra reads the LaTeX. Its own sentence is not used, because it keeps many signs (a floor, a
transpose, a product entry by entry), takes an upper index such as `^{(l)}` for a power and leaves
the end of a subscript open; the words are made from its tree of meaning (`tree`). Bold, script
and upright letters are all read as the letter.
"""

import functools
import re

from press.pictures.speech import english as vocabulary
from press.pictures.speech.english import NOTATION, PLAIN, say_letters, say_sign, say_text
from press.pictures.speech.tree import bare, blackboard, is_atom, is_index, is_prime, is_size, parts, read, row


@functools.cache
def speak(latex, notation=PLAIN):
    """Return the formula in English words: letters, digits, spaces, commas, periods, hyphens.

    `notation` holds the words of the book's own signs.
    Raises ValueError for LaTeX that `tree.problems_of` finds fault with.
    """
    tree = read(latex)
    NOTATION.set(notation)
    words = _say(tree)
    if is_size(tree):
        words = _as_size(words)
    words = re.sub(r"\s+", " ", words)
    words = re.sub(r" ?,(?: ?,)*(?=\D|$)", ",", words)
    return re.sub("[ ,]+[.]", ".", words).strip(" ,")


def _as_size(words):
    return words.replace(" times ", " by ")


def _say(node):
    return SAYERS.get(node["type"], _say_base)(node)


def _say_base(node):
    """Frames, colors, cancellations: what they are put around is all there is to say."""
    if "base" not in node:
        raise ValueError(f"no words for a {node['type']}")
    return _say(node["base"])


def _say_row(node):
    nodes = node["children"]
    words = []
    for before, this, after in zip([None, *nodes], nodes, [*nodes[1:], None], strict=False):
        taken = before and _takes(before, this)
        words.append(_say_argument(this) if taken else _say(this))
        if after and _takes(this, after):
            words.append("of")
        elif after and this["type"] == after["type"] == "number":
            words.append(",")
    return " ".join(words)


def _takes(node, after):
    """True where `node` is a function or a sum, and `after` what it is taken of."""
    head = bare(node)
    if head["type"] == "large-operator":
        return True
    if after["type"] in ("operator", "space") or bare(after).get("name") in ("max", "min"):
        return False
    if head["type"] == "function" or head.get("symbol") == "∇":
        return True
    named = (
        head.get("name") in NOTATION.get().functions or blackboard(head) in ("E", "P") or is_prime(node.get("sup", {}))
    )
    return named and bare(after)["type"] == "delimited"


def _say_argument(node):
    """What a function is taken of; a lone argument needs no parentheses."""
    fence = bare(node)
    if fence.get("open") == "(" and is_atom(fence["inside"]):
        scripts = _say_scripts(node) if node["type"] == "scripts" else []
        return ", ".join([_say(fence["inside"]), *scripts])
    return _say(node)


def _say_identifier(node):
    return vocabulary.DOUBLE_STRUCK.get(blackboard(node)) or say_letters(node["name"])


def _say_function(node):
    return vocabulary.FUNCTIONS.get(node["name"]) or say_text(node["name"])


def _say_running_text(node):
    return " ".join(
        _say(part["value"]) if part["type"] == "math" else say_text(part["value"]) for part in node["parts"]
    )


def _say_delimited(node):
    opened, closed = node["open"].strip("."), node["close"].strip(".")
    if opened in vocabulary.FENCES:
        return _say_named_fence(node, vocabulary.FENCES[opened])
    if node["inside"].get("rule") is False:
        return _say(node["inside"])
    said = "dot" if node["inside"].get("symbol") == "·" else _say(node["inside"])
    # A lone bar at the end belongs to an evaluation, whose place follows as a subscript.
    begin, end = say_sign(opened) if opened else "", say_sign(closed) if closed not in ("", "|") else ""
    return " ".join(part for part in (begin, said, end) if part)


def _say_named_fence(node, name):
    said = f"{name} of {_say(node['inside'])}"
    return said if is_atom(node["inside"]) else f"{said}, end {name.split()[-1]}"


def _say_scripted(node):
    """A base, its indices, its powers; the limits of sums and the kinds of norms have own words."""
    base, below, above = node["base"], node.get("sub"), node.get("sup")
    if base.get("open") in vocabulary.FENCES and not (above and is_index(above)):
        return _say_scripted_fence(base, below, above)
    if base.get("close") == "|" and not base["open"]:
        return f"{_say(base)}, evaluated at {_say(below)}"
    if base["type"] == "large-operator":
        limits = [(above and below and "from" or "over", below), ("to", above)]
        said = [f"{link} {_say(limit)}" for link, limit in limits if limit]
        return " ".join([_say(base), *said]).replace(" is ", " ")
    name = blackboard(base) or base.get("symbol") or base.get("name")
    link = "over" if base.get("limits") and name != "lim" else vocabulary.LIMITS.get(name)
    if below and link:
        return " ".join([_say(base), link, _say(below), *_say_power(above, base)])
    return " ".join([_say(base), *_say_scripts(node)])


def _say_scripted_fence(base, below, above):
    """Which norm it is and that it is squared come first; "the" parts them from what is before."""
    kind = vocabulary.FENCES[base["open"]]
    if below:
        index = below.get("value") or below.get("name") or below.get("symbol")
        kind = f"the {vocabulary.NORMS.get(index) or f'{_say(below)} {kind}'}"
    if above and above.get("value") == "2":
        return _say_named_fence(base, f"the squared {kind.removeprefix('the ')}")
    return ", ".join([_say_named_fence(base, kind), *_say_power(above, base)])


def _say_scripts(node):
    words = []
    if node.get("sub"):
        entry = node["base"]["type"] == "delimited"
        words.append(f"entry {_say(node['sub'])}" if entry else _say_index(node["sub"]))
    return words + _say_power(node.get("sup"), node["base"])


def _say_index(index):
    """A subscript. Single letters need no introduction; whatever is longer needs an end."""
    names = [node.get("name", "") for node in parts(index)]
    if all(re.fullmatch("[a-z]|max|min", name) for name in names):
        return " ".join(names)
    said = _say(index)
    return f"sub {said}" if is_atom(index) else f"sub {said}, end sub"


def _say_power(power, base):
    """The superscripts one by one: primes, indices in parentheses, a transpose, then a power."""
    nodes = parts(power) if power else []
    # The pause tells `a^{(l+1)} b` from `a^{(l)} + 1 b`.
    pause = [","] if any(is_index(node) and not is_atom(node["inside"]) for node in nodes) else []
    words = []
    while nodes:
        first, sign = nodes[0], nodes[0].get("symbol")
        transpose = sign == "⊤" or (first.get("name") == "T" and first.get("variant") in ("sans-serif", "upright"))
        if is_index(first) and base["type"] != "number" and base.get("name") != "e":
            words.append(_say_upper_index(first["inside"]))
        elif is_prime(first) or transpose:
            words.append("transpose" if transpose else say_sign(sign))
        else:
            return [*words, _say_exponent(nodes, base), *pause]
        nodes = nodes[1:]
    return words + pause


def _say_upper_index(index):
    letters = {node["name"] for node in parts(index) if node["type"] == "identifier"}
    counted = letters <= NOTATION.get().upper_index_letters
    return f"{NOTATION.get().upper_index if counted else 'superscript'} {_say(index)}"


def _say_exponent(nodes, base):
    first = nodes[0]
    if len(nodes) == 1 and first.get("value") in vocabulary.POWERS:
        return vocabulary.POWERS[first["value"]]
    if len(nodes) == 1 and first.get("symbol") in ("∗", "⋆"):
        return "star"
    if len(nodes) == 1 and first["type"] in ("text", "operator"):
        return f"superscript {_say(first)}"
    negative = first.get("symbol") == "−"
    name = bare(base).get("name", "")
    if (
        negative
        and nodes[1:] == [{"type": "number", "value": "1"}]
        and (name.isupper() or name in NOTATION.get().functions)
    ):
        return "inverse"
    said = _say(row(nodes))
    if blackboard(base):
        said = _as_size(said)
    short = is_atom(row(nodes[1:] if negative else nodes))
    return f"to the {said}" if short else f"to the power {said}, end power"


def _say_fraction(node):
    over, under = node["num"], node["den"]
    if node.get("rule") is False:
        return f"{_say(over)} choose {_say(under)}"
    above, below = parts(over), parts(under)
    sign = above[0].get("symbol") or above[0].get("name", "") if above else ""
    kind = {"∂": "partial derivative", "d": "derivative"}.get(sign)
    if kind and len(above) < 3 and len(below) == 2 and below[0] == above[0]:
        of = f" of {_say(above[1])}" if len(above) == 2 else ""
        return f"{kind}{of} with respect to {_say(below[1])}"
    if is_atom(over) and is_atom(under):
        return f"{_say(over)} over {_say(under)}"
    return f"fraction, {_say(over)}, over {_say(under)}, end fraction"


def _say_root(node):
    order = node.get("index", {"value": "2"}).get("value")
    kind = {"2": "square root", "3": "cube root"}.get(order) or f"root {_say(node['index'])}"
    return _say_named_fence({"inside": node["radicand"]}, kind)


def _say_accent(node):
    accent = vocabulary.ACCENTS.get(node.get("accent", "\u0304")) or say_sign(node["accent"])
    said = _say(node["base"])
    return f"{said} {accent}" if is_atom(node["base"]) else f"{accent} over {said}, end {accent}"


def _say_brace(node):
    label = f", labeled {_say(node['label'])}," if node.get("label") else ""
    return _say(node["base"]) + label


def _say_stacked(node):
    said = [f"with {_say(node[place])} {place}" for place in ("above", "below") if place in node]
    return " ".join([_say(node["base"]), *said])


def _say_table(node):
    rows = node["rows"]
    if node["shape"] in ("cases", "r-cases"):
        return f"cases, {', '.join(_say_case(cells) for cells in rows)}, end cases"
    lines = [", ".join(_say(cell) for cell in cells) for cells in rows]
    if node["shape"] not in vocabulary.MATRICES:
        return ", ".join(" ".join(_say(cell) for cell in cells) for cells in rows)
    if len(rows) == 1 or len(rows[0]) == 1:
        kind = "row vector" if len(rows) == 1 else "column vector"
        return f"{kind} {', '.join(lines)}, end vector"
    kind = f"{len(rows)} by {len(rows[0])} {vocabulary.MATRICES[node['shape']]}"
    lines = [f"row {number}, {line}" for number, line in enumerate(lines, 1)]
    return ", ".join([kind, *lines, "end matrix"])


def _say_case(cells):
    said = [_say(cell) for cell in cells]
    if len(said) > 1 and not re.match(r" *(if|otherwise|for|where|when|else)\b", said[1]):
        said[1] = f"if {said[1]}"
    return " ".join(said)


SAYERS = {
    "row": _say_row,
    "identifier": _say_identifier,
    "function": _say_function,
    "number": lambda node: node["value"],
    "text": _say_running_text,
    "operator": lambda node: say_sign(node["symbol"]),
    "fixed-delimiter": lambda node: say_sign(node["symbol"]),
    "large-operator": lambda node: say_sign(node["symbol"]),
    "space": lambda node: ",",
    "phantom": lambda node: "",
    "scripts": _say_scripted,
    "delimited": _say_delimited,
    "fraction": _say_fraction,
    "root": _say_root,
    "accent": _say_accent,
    "bar": _say_accent,
    "brace": _say_brace,
    "stacked": _say_stacked,
    "table": _say_table,
}
