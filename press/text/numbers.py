r"""Computed numbers: the sandbox in which a text names them, and the filters that print them.

`{{ numbers.values.third | fixed(2) }}` gives 0.33. Place in the flow: `uses` fills in every text
before it is parsed. In mathematics a minus is the LaTeX minus; outside it `html` turns the hyphen
before a digit into a true minus sign.
"""

import math

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment


class _Sandbox(SandboxedEnvironment):
    """Jinja for answers: numbers by name and filters, nothing else; {{ a.items }} is the key "items"."""

    def getattr(self, obj, attribute):
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


def sandbox(numbers):
    """Return the environment in which texts are filled in: `numbers` by their names, and the filters."""
    environment = _Sandbox(undefined=StrictUndefined, autoescape=False)
    environment.filters.clear()
    environment.filters.update(FILTERS)
    environment.globals.clear()
    environment.globals.update(numbers)
    return environment


def fill_in(environment, text, place, problems):
    """Return a text with its numbers filled in, None where that failed."""
    try:
        return environment.from_string(text).render()
    except TemplateError as error:
        line = (getattr(error, "lineno", None) or _line_of(error)) - 1
        problems.add(
            place.after(line),
            f"computed number: {error.message}",
            "numbers are {{ module.function.key | fixed(2) }}; write { { in LaTeX",
        )
    except (TypeError, ValueError, IndexError, KeyError) as error:
        problems.add(
            place.after(_line_of(error) - 1),
            f"computed number: {error}",
            "look at what the function in figures/ returns",
        )
    return None


def _line_of(error):
    """Return the line of a template at which rendering failed, from the traceback."""
    line, trace = 1, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


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
