"""Read a formula into a tree in which fences hold their contents.

Place in the flow: under `speech`. mathra parses the LaTeX into nodes of meaning (its JSON tree:
row, identifier, number, operator, scripts, fraction, ...), but leaves `( ... )` and `| ... |`
flat in their row, and the scripts of a closing fence on the fence. `read` mends that once, so
that whoever walks the tree meets few shapes:

- a `row` has no children or two and more, none of them a row or a thin space;
- a `delimited` node has `open`, `close` and one node `inside`;
- `1{,}000` is one number.
"""

import json
import re

import mathra


def read(latex):
    """Return the tree of a formula. Raises ValueError with mathra's message for a faulty one."""
    # mathra drops the face of a digit, and with it the difference from the number 1.
    latex = joined_thousands(latex)
    latex = re.sub(r"\\mathbb\s*(\{\s*1\s*\}|1)", r"\\operatorname{indicator}", latex)
    return _tidy(json.loads(mathra.tex_to_tree(latex, strict=True)))


def problems_of(latex):
    """Return mathra's faults of a formula, each as `column 5: unsupported command: \\foo`.

    Columns count characters from 1. Every made-up command is named; any other fault ends the
    search, since what follows it cannot be read.
    """
    faults = []
    while True:
        try:
            mathra.tex_to_tree(latex, strict=True)
            return faults
        except ValueError as error:
            faults.append(str(error))
        made_up = re.fullmatch(r"column (\d+): unsupported command: (\\.\w*)", faults[-1])
        if not made_up:
            return faults
        # A letter in its place keeps the columns of the rest, and can be an argument.
        start, name = int(made_up[1]) - 1, made_up[2]
        whole = re.compile(re.escape(name) + r"(?![A-Za-z])")
        if not whole.match(latex, start):  # within \boldsymbol mathra counts from 1 again
            if not (found := whole.search(latex)):
                return faults
            start = found.start()
            faults[-1] = f"column {start + 1}: unsupported command: {name}"
        latex = latex[:start] + "x".ljust(len(name)) + latex[start + len(name) :]


def joined_thousands(latex):
    """Keep 101,770 together: a comma between a digit and three digits, without a blank, is no list."""
    return re.sub(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])", lambda number: number[0].replace(",", "{,}"), latex)


def row(nodes):
    """Return a row of nodes; a single one stands for itself."""
    return nodes[0] if len(nodes) == 1 else {"type": "row", "children": nodes}


def parts(node):
    """Return the nodes of a row, or the one node that there is."""
    return node["children"] if node["type"] == "row" else [node]


def bare(node):
    """Return the node that carries the scripts and accents of `node`."""
    while node["type"] in ("scripts", "accent"):
        node = node["base"]
    return node


def is_atom(node):
    """True for a single letter, number or word, with indices and accents but without a power."""
    if node["type"] == "scripts":
        power = node.get("sup")
        return is_atom(node["base"]) and (not power or is_index(power) or is_prime(power))
    if node["type"] == "accent":
        return is_atom(node["base"])
    return node["type"] in ("identifier", "number", "text", "function") or node.get("symbol") in (
        "∞",
        "·",
        "…",
        "⋯",
        "⋮",
        "⋱",
    )


def is_index(node):
    """True for what stands in parentheses and nothing else, as the superscript of `a^{(l)}`."""
    return node.get("open") == "("


def is_prime(node):
    """True for one, two or three primes."""
    return node.get("symbol") in ("′", "″", "‴")


def is_number(node):
    """True for digits, with a decimal point or without."""
    return node["type"] == "number"


def is_size(tree):
    """True for `3 \\times 3` and `k \\times k \\times C` alone: a size, not a product."""
    nodes = parts(tree)
    return (
        len(nodes) > 2
        and all(is_atom(node) for node in nodes[::2])
        and all(node.get("symbol") == "×" for node in nodes[1::2])
    )


def blackboard(node):
    """Return the letter of a double-struck letter, None for any other node."""
    return node.get("name") if node.get("variant") == "double-struck" else None


def _tidy(node):
    if isinstance(node, list):
        return [_tidy(child) for child in node]
    if not isinstance(node, dict):
        return node
    node = {key: _tidy(value) for key, value in node.items()}
    if node.get("type") == "row" and _is_upright_word(node["children"]):
        name = "".join(letter["name"] for letter in node["children"])
        return {"type": "function", "name": name}
    if node.get("type") == "row":
        return _fenced([child for nested in node["children"] for child in parts(nested)])
    if node.get("type") == "delimited":
        middles = [{"type": "operator", "class": "rel", "symbol": sign} for sign in node.pop("middles", [])]
        first, *others = node.pop("parts")
        nodes = [*parts(first)]
        for middle, other in zip(middles, others, strict=True):
            nodes += [middle, *parts(other)]
        return {"open": "", "close": "", **node, "inside": _fenced(nodes)}
    return node


def _is_upright_word(nodes):
    """True for `\\mathrm{softmax}`, which mathra reads as the product of its letters."""
    return len(nodes) > 1 and all(node.get("variant") == "upright" and node["name"].isascii() for node in nodes)


def _fenced(nodes):
    """Return a row in which each pair of fences and what is between them is one node."""
    nodes = _join_thousands([node for node in nodes if not _is_thin(node)])
    grouped = []
    while nodes:
        node, *nodes = nodes
        end = _closing(node, nodes)
        if end is None:
            grouped.append(node)
            continue
        fence = {
            "type": "delimited",
            "open": node["symbol"],
            "close": bare(nodes[end])["symbol"],
            "inside": _fenced(nodes[:end]),
        }
        scripted = nodes[end]["type"] == "scripts"
        grouped.append({**nodes[end], "base": fence} if scripted else fence)
        nodes = nodes[end + 1 :]
    return row(grouped)


def _is_thin(node):
    """True for space inside a formula; a quad and more parts two formulas."""
    return node["type"] == "space" and node["em"] < 1


def _join_thousands(nodes):
    joined = []
    for node in nodes:
        grouping = (
            len(joined) > 1
            and is_number(node)
            and is_number(joined[-2])
            and joined[-1].get("symbol") == ","
            and joined[-1]["class"] == "ord"
            and re.match(r"\d{3}(?!\d)", node["value"])
        )
        if grouping:
            joined[-2:] = [{"type": "number", "value": f"{joined[-2]['value']},{node['value']}"}]
        else:
            joined.append(node)
    return joined


def _closing(node, rest):
    """Where in `rest` the fence that `node` opens is closed, or None where it opens none."""
    upright = node.get("symbol") in ("|", "‖")
    if node["type"] not in ("operator", "fixed-delimiter") or not (upright or node["class"] == "open"):
        return None
    depth = 0
    for place, other in enumerate(rest):
        sign = bare(other)
        if upright and depth == 0 and sign.get("symbol") == node["symbol"]:
            return place or None
        if sign.get("class") == "open":
            depth += 1
        elif sign.get("class") == "close" and sign["symbol"] != "!":
            if depth == 0:
                return None if upright else place
            depth -= 1
    return None
