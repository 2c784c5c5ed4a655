r"""Computed numbers: `{{ numbers.values.third | fixed(2) }}` in a text gives 0.33.

Place in the flow: `uses` fills in every text before it is parsed. Jinja reads what stands between
the braces; it is evaluated here, and knows names, keys, the four operations and the filters, so
that nothing in a text can run, loop or change a number. Fenced code is left alone. In mathematics
a minus is the LaTeX minus; outside it `html` turns the hyphen before a digit into a true minus sign.
"""

import math
import re

from jinja2 import Environment, TemplateError, nodes

from press.problems import near

LONGEST_EXPRESSION = 500  # characters; see docs/limits.md
MOST_DIGITS = 20
SHORT = 6  # signs of a number that is printed as it is
NUMBER = re.compile(r"\{\{(-?)([^{}]*?)(-?)\}\}")
FENCE = re.compile(r" *(`{3,}|~{3,})")
# What stands for signs of a number until it is known whether it stands in mathematics: elsewhere, in mathematics.
PERCENT, APART, COMMA, DOT, THIN = "\ue001", "\ue002", "\ue003", "\ue004", "\ue005"
SIGNS = {
    PERCENT: ("%", r"\%"),
    APART: ("\u00a0%", r"\,\%"),
    COMMA: (",", "{,}"),
    DOT: (".", "."),
    THIN: ("\u202f", r"\,"),
}
# A number as the filters write it, in English.
NUMERAL = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
SHAPE = "numbers are {{ module.function.key | fixed(2) }}; write { { in LaTeX"
RETURNED = "look at what the function in figures/ returns"


class NumberFault(Exception):
    """Something between {{ and }} that cannot be printed: what is wrong, how to mend it."""

    def __init__(self, what, how=SHAPE):
        super().__init__(what)
        self.what, self.how = what, how


def fill_in(text, numbers, numerals, place, problems, broken=frozenset()):
    """Return a text with its numbers filled in, None where one failed.

    `numbers` are the results of the figures by module, `numerals` how the language writes them; what a
    `broken` module lacks is told already.
    """
    if "{{" not in text:
        return text
    code = _fenced(text)
    failed = False

    def printed(found):
        nonlocal failed
        if code[text.count("\n", 0, found.start())]:
            return found[0]
        try:
            return _printed(found[2], numbers, numerals)
        except NumberFault as fault:
            failed = True
            if not any(re.search(rf"\b{re.escape(module)}\b", found[2]) for module in broken):
                line = text.count("\n", 0, found.start())
                problems.add(place.after(line), f"computed number: {fault.what}", fault.how)
            return ""

    parts, end, strip = [], 0, False
    for found in NUMBER.finditer(text):
        before = text[end : found.start()]
        before = before.lstrip() if strip else before
        parts += [before.rstrip() if found[1] else before, printed(found)]
        end, strip = found.end(), bool(found[3])
    rest = text[end:]
    for start in re.finditer(r"\{\{", NUMBER.sub(lambda found: " " * len(found[0]), text)):
        line = text.count("\n", 0, start.start())
        if not code[line]:
            failed = True
            problems.add(place.after(line), "computed number: {{ without its }}", SHAPE)
    return None if failed else "".join([*parts, rest.lstrip() if strip else rest])


def unfilled(text):
    """Return a text with a 0 for each computed number: what it defines and refers to stays as it is."""
    return NUMBER.sub("0", text)


def results_in(text):
    """Return {(module, function)} of the results that the computed numbers of a text may come from."""
    inside = " ".join(found[2] for found in NUMBER.finditer(text))
    return set(re.findall(r"\b([A-Za-z_]\w*)\.([A-Za-z_]\w*)", inside))


def _fenced(text):
    """Return for each line whether it stands in fenced code."""
    code, fence = [], ""
    for line in text.split("\n"):
        found = FENCE.match(line)
        code.append(bool(fence))
        if not fence and found:
            fence = found[1]
        elif fence and line.strip().startswith(fence) and not line.strip(" `~"):
            fence = ""
    return code


def _localized(text, numerals):
    """Return a number, or numbers in LaTeX, as the language writes them."""
    if numerals.decimal == ".":
        return text
    group = DOT if numerals.group == "." else THIN
    signs = {",": group, ".": COMMA}
    text = NUMERAL.sub(lambda found: "".join(signs.get(sign, sign) for sign in found[0]), text)
    return text.replace(PERCENT, APART) if numerals.is_percent_apart else text


def _printed(expression, numbers, numerals):
    if len(expression) > LONGEST_EXPRESSION:
        raise NumberFault(f"an expression of {len(expression)} characters", "compute it in figures/")
    try:
        tree = Environment().parse(f"{{{{ {expression} }}}}")
    except (TemplateError, RecursionError) as error:
        what = getattr(error, "message", None) or "brackets too deep in one another"
        raise NumberFault(f"{' '.join(expression.split())[:60]!r}: {what}") from None
    output = tree.body[0] if len(tree.body) == 1 else None
    if not isinstance(output, nodes.Output) or len(output.nodes) != 1:
        raise NumberFault(f"{expression.strip()[:60]!r} is not one number")
    value = _value(output.nodes[0], numbers)
    if isinstance(value, str) and "\n" not in value:
        return _localized(value, numerals) if isinstance(output.nodes[0], nodes.Filter) else value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    name = _name(output.nodes[0])
    if isinstance(value, float) and len(repr(_number(value))) <= SHORT and "e" not in repr(value):
        return _localized(repr(value), numerals)  # a setting such as 0.05, exact as it stands
    if isinstance(value, float):
        raise NumberFault(f"{name} is {value!r}", "say how to print it: | fixed(2), | sci, | percent ...")
    kind = "a text of several lines" if isinstance(value, str) else f"no number, but {type(value).__name__}"
    raise NumberFault(f"{name} is {kind}", "name what is in it, or use | row, | column, | matrix")


def _value(node, numbers):
    """Return the value of an expression; nothing but names, keys, constants, operations and filters."""
    match node:
        case nodes.Const():
            return node.value
        case nodes.Name():
            return _looked_up(numbers, node.name, "figures/", "a module")
        case nodes.Getattr():
            return _looked_up(_value(node.node, numbers), node.attr, _name(node.node), "a key")
        case nodes.Getitem():
            return _looked_up(_value(node.node, numbers), _value(node.arg, numbers), _name(node.node), "a key")
        case nodes.Filter():
            return _filtered(node, numbers)
        case nodes.Neg():
            return -_number(_value(node.node, numbers))
        case nodes.Add() | nodes.Sub() | nodes.Mul() | nodes.Div():
            left, right = (_number(_value(side, numbers)) for side in (node.left, node.right))
            try:
                return OPERATIONS[type(node)](left, right)
            except ArithmeticError as error:
                raise NumberFault(f"{_name(node)}: {error}", "mend it") from None
        case nodes.List():
            return [_value(item, numbers) for item in node.items]
    raise NumberFault(f"{type(node).__name__.lower()} is not known here", "compute it in figures/")


OPERATIONS = {
    nodes.Add: lambda left, right: left + right,
    nodes.Sub: lambda left, right: left - right,
    nodes.Mul: lambda left, right: left * right,
    nodes.Div: lambda left, right: left / right,
}


def _looked_up(values, key, where, kind):
    if isinstance(values, dict):
        if key in values:
            return values[key]
        known = f"known are {', '.join(map(str, values))[:200]}" if values else "there are none"
        if where == "figures/":
            raise NumberFault(f"{key!r} is no module of figures/", near(key, values, known))
        raise NumberFault(f"{where} has no {key!r}", near(key, values, known))
    if isinstance(values, list) and isinstance(key, int) and not isinstance(key, bool):
        if -len(values) <= key < len(values):
            return values[key]
        raise NumberFault(f"{where} has {len(values)} values, there is no [{key}]", "count from 0")
    raise NumberFault(f"{where} has no {key!r}", RETURNED)


def _filtered(node, numbers):
    if node.name not in FILTERS:
        raise NumberFault(
            f"there is no filter {node.name!r}", near(node.name, FILTERS, f"known are {', '.join(FILTERS)}")
        )
    value = _value(node.node, numbers)
    arguments = [_value(argument, numbers) for argument in node.args]
    named = {argument.key: _value(argument.value, numbers) for argument in node.kwargs}
    if len(arguments) + len(named) > 1 or set(named) - {"decimals", "digits"} or node.dyn_args or node.dyn_kwargs:
        raise NumberFault(f"{node.name} takes one number at most", f"write | {node.name}(2)")
    for digits in (*arguments, *named.values()):
        if not isinstance(digits, int) or isinstance(digits, bool) or not 0 <= digits <= MOST_DIGITS:
            raise NumberFault(f"{node.name}({digits!r}): digits are a whole number up to {MOST_DIGITS}", "mend it")
    try:
        return FILTERS[node.name](value, *arguments, **named)
    except NumberFault as fault:
        raise NumberFault(f"{_name(node.node)}: {fault.what}", fault.how) from None
    except TypeError as error:
        raise NumberFault(f"{_name(node.node)}: {error}", RETURNED) from None


def _name(node):
    """Return an expression as it was written, for a message."""
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{_name(node.node)}.{node.attr}"
        case nodes.Getitem():
            return f"{_name(node.node)}[{_name(node.arg)}]"
        case nodes.Filter():
            return _name(node.node)
        case nodes.Const():
            return repr(node.value)[:60]
    return "the number"


def fixed(value, decimals=2):
    """Return a number with so many decimals; what rounds to zero has no sign."""
    text = f"{_number(value):.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text


def general(value, digits=3):
    """Return a number with so many significant digits, without an exponent."""
    value = _number(value)
    if value == 0:
        return "0"
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    return fixed(round(value, decimals), max(decimals, 0))


def scientific(value, decimals=1):
    r"""Return LaTeX like 2.0 \times 10^{-6}."""
    mantissa, exponent = f"{_number(value):.{decimals}e}".split("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}"


def thousands(value):
    """Return a whole number with a comma between groups of three digits."""
    return f"{round(_number(value)):,}"


def percent(value, decimals=0):
    """Return a share as percent, as in 12% for 0.12."""
    return f"{fixed(100 * _number(value), decimals)}{PERCENT}"


def row(values, decimals=2):
    """Return numbers separated by commas, for use inside brackets in mathematics."""
    return ",\\; ".join(fixed(value, decimals) for value in values)


def column(values, decimals=2):
    """Return a column vector in LaTeX."""
    return matrix([[value] for value in values], decimals)


def matrix(rows, decimals=2):
    """Return a matrix in LaTeX from a list of rows."""
    body = r" \\ ".join(" & ".join(fixed(value, decimals) for value in line) for line in rows)
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"


def _number(value):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise NumberFault(f"{str(value)[:60]!r} is not a number", RETURNED)
    if isinstance(value, int) and abs(value) >= 10**300:
        raise NumberFault("a number of more than 300 digits", RETURNED)
    if not math.isfinite(value):
        raise NumberFault(f"{value} is no finite number", RETURNED)
    return value


FILTERS = {
    "fixed": fixed,
    "general": general,
    "sci": scientific,
    "thousands": thousands,
    "percent": percent,
    "row": row,
    "column": column,
    "matrix": matrix,
}
