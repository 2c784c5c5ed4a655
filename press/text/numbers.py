r"""Filters that print computed numbers: `{{ 0.12345 | fixed(2) }}` gives 0.12.

Used by `texts`. In mathematics a minus is the LaTeX minus; outside it `markup` turns the hyphen
before a digit into a true minus sign.
"""

import math


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
    return f"{fixed(100 * _number(value), decimals)}%"


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
        raise TypeError(f"{value!r} is not a number")
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
