"""Computed numbers a second way: `{{ module.function.key | fixed(2) }}` filled in from the raw results.

Place in the flow: before `rawtext` reads a text. It shares nothing with the press's own filling in:
names are followed here step by step, and digits are made by decimal arithmetic, not by formatting of
floats. What it does not understand it leaves as it stands, so that it is missing on the page.
"""

import re
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

# What stands before and after a computed number, so that a formula's computed numbers can be told.
BEGIN, END = "\ue001", "\ue002"
SLOT = re.compile(r"\s*\{\{-(.*?)-?\}\}\s*|\{\{(.*?)(?:-\}\}\s*|\}\})", re.DOTALL)
FILTER = re.compile(r"^(?P<path>.+?)(?:\|\s*(?P<name>\w+)\s*(?:\((?P<argument>[^)]*)\))?)?\s*$", re.DOTALL)
STEP = re.compile(
    r"\s*\.?\s*(?:\[\s*(?:\"(?P<quoted>[^\"]*)\"|'(?P<single>[^']*)'|(?P<index>-?\d+))\s*\]|(?P<name>\w+))"
)


def fill(text, numbers):
    """Return the text with its computed numbers, each between BEGIN and END."""

    def filled(slot):
        inside = slot[1] if slot[1] is not None else slot[2]
        try:
            return BEGIN + _formatted(inside, numbers) + END
        except (KeyError, IndexError, TypeError, ValueError, ArithmeticError):
            return slot[0]

    return SLOT.sub(filled, re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL))


def _formatted(inside, numbers):
    match = FILTER.match(inside.strip())
    if match is None:
        raise ValueError(inside)
    value = _value(match["path"], numbers)
    if match["name"] is None:
        return str(value)
    arguments = [int(match["argument"])] if match["argument"] else []
    return FILTERS[match["name"]](value, *arguments)


def _value(path, numbers):
    value, at = numbers, 0
    path = path.strip()
    while at < len(path):
        step = STEP.match(path, at)
        if step is None:
            raise ValueError(path)
        if step["index"] is not None:
            value = value[int(step["index"])]
        else:
            name = step["quoted"] or step["single"] or step["name"]
            value = value[int(name)] if isinstance(value, list) else value[name]
        at = step.end()
    return value


def _rounded(value, decimals):
    """Return a number's digits, rounded half to even as the decimal fraction that the machine holds."""
    with localcontext() as context:
        context.prec = 400
        number = Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    return f"{abs(number) if number.is_zero() else number:f}"


def _fixed(value, decimals=2):
    return _rounded(value, decimals)


def _general(value, digits=3):
    number = Decimal(value)
    if number.is_zero():
        return "0"
    with localcontext() as context:
        context.prec = digits
        context.rounding = ROUND_HALF_EVEN
        rounded = +number
    return _rounded(rounded, max(digits - 1 - number.adjusted(), 0))


def _scientific(value, decimals=1):
    with localcontext() as context:
        context.prec = decimals + 1
        context.rounding = ROUND_HALF_EVEN
        rounded = +Decimal(value)
    exponent = rounded.adjusted()
    return rf"{_rounded(rounded.scaleb(-exponent), decimals)} \times 10^{{{exponent}}}"


def _thousands(value):
    digits = _rounded(value, 0)
    sign, digits = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    groups = []
    while digits:
        groups.insert(0, digits[-3:])
        digits = digits[:-3]
    return sign + ",".join(groups)


def _percent(value, decimals=0):
    with localcontext() as context:
        context.prec = 400
        hundred = Decimal(value).scaleb(2)
    return _rounded(hundred, decimals) + "%"


def _row(values, decimals=2):
    return ",\\; ".join(_rounded(value, decimals) for value in values)


def _column(values, decimals=2):
    return _matrix([[value] for value in values], decimals)


def _matrix(rows, decimals=2):
    body = r" \\ ".join(" & ".join(_rounded(value, decimals) for value in row) for row in rows)
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"


FILTERS = {
    "fixed": _fixed,
    "general": _general,
    "sci": _scientific,
    "thousands": _thousands,
    "percent": _percent,
    "row": _row,
    "column": _column,
    "matrix": _matrix,
}
