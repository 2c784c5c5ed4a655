"""Computed numbers a second way: `{{ module.function.key | fixed(2) }}` filled in from the raw results.

Place in the flow: before `rawtext` reads a text. It shares nothing with the press's own filling in:
names are followed here step by step, and digits are made by decimal arithmetic, not by formatting of
floats. What it does not understand it leaves as it stands, so that it is missing on the page.
"""

import ast
import re
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from keyword import iskeyword

# What stands before and after a computed number, so that a formula's computed numbers can be told.
BEGIN, END = "\ue101", "\ue102"
SLOT = re.compile(r"\s*\{\{-(.*?)-?\}\}\s*|\{\{(?!\{)(.*?)(?:-\}\}\s*|\}\})", re.DOTALL)
CODE = re.compile(r"(^ *(`{3,}|~{3,})[^\n]*\n.*?^ *\2 *$)", re.DOTALL | re.MULTILINE)
STEPS = re.compile(r"[A-Za-z_]\w*(?:\s*\.\s*\w+|\[[^\]]*\])*")


ENGLISH = (".", ",", "%")


def fill(text, numbers, signs=ENGLISH):
    """Return the text with its computed numbers, each between BEGIN and END; code is left alone.

    `signs` are those of the language: the decimal sign, what parts groups of three digits, what follows a percentage.
    """

    def filled(slot):
        inside = slot[1] if slot[1] is not None else slot[2]
        try:
            parsed = _parsed(inside)
            value = _value(parsed, numbers)
        except (KeyError, IndexError, TypeError, ValueError, ArithmeticError, SyntaxError):
            return slot[0]
        is_number = isinstance(value, float) or isinstance(parsed, ast.BinOp) and isinstance(parsed.op, ast.BitOr)
        return f"{BEGIN}{_in_language(f'{value}', signs) if is_number else value}{END}"

    parts = CODE.split(text)  # text, code, its fence, text, ...
    return "".join(SLOT.sub(filled, part) if at % 3 == 0 else part for at, part in enumerate(parts) if at % 3 < 2)


def _in_language(written, signs):
    """Return numbers with the signs of a language in place of the English ones."""
    decimal, group, percent = signs
    written = re.sub(r"(?<=\d)\.(?=\d)", "\0", written)
    written = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", group, written)
    return written.replace("\0", decimal).replace("%", percent)


def _parsed(inside):
    """Return an expression as Python reads it: `a.0.with | fixed(2)` is `a[0]["with"] | fixed(2)` there."""

    def read(step):
        return f'["{step[1]}"]' if iskeyword(step[1]) else f"[{step[1]}]" if step[1].isdigit() else f".{step[1]}"

    steps = STEPS.sub(lambda path: re.sub(r"\s*\.\s*(\w+)", read, path[0]), inside)
    return ast.parse(" ".join(steps.split()), mode="eval").body


def _value(node, numbers):
    match node:
        case ast.BinOp(left, ast.BitOr(), ast.Name(name)):
            return FILTERS[name](_value(left, numbers))
        case ast.BinOp(left, ast.BitOr(), ast.Call(ast.Name(name), arguments)):
            return FILTERS[name](_value(left, numbers), *(_value(argument, numbers) for argument in arguments))
        case ast.BinOp(left, operator, right) if type(operator) in OPERATIONS:
            return OPERATIONS[type(operator)](_value(left, numbers), _value(right, numbers))
        case ast.UnaryOp(ast.USub(), operand):
            return -_value(operand, numbers)
        case ast.Name(name):
            return numbers[name]
        case ast.Attribute(owner, name):
            return _value(owner, numbers)[name]
        case ast.Subscript(owner, key):
            owner, step = _value(owner, numbers), _value(key, numbers)
            return owner[step] if isinstance(owner, list) else owner[str(step)]
        case ast.Constant(value):
            return value
        case ast.List(items):
            return [_value(item, numbers) for item in items]
    raise ValueError(ast.dump(node))


OPERATIONS = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
}


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
