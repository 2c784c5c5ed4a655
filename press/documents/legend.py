"""What the letters of key formulas mean: beside each on its study card, once for all on the formula sheet.

Place in the flow: below `sheets` and `anki`. A formula explains its own letters (`letters` in the
tree, or its name); for the others the notation has a few words each. Which letters a formula has is
read from its LaTeX.
"""

import re
from typing import NamedTuple

from press.text.html import to_html

TOKEN = re.compile(
    r"\\(?:hat|tilde|bar|overline|mathbf|boldsymbol|mathcal|mathbb)\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+|\\.|\S"
)
WORDS = re.compile(r"\\(?:text|mathrm|operatorname)\{[^{}]*\}")
SYMBOL = re.compile(r"\$([^$]+)\$")
# What stands below a letter, or above it in parentheses, counts: it is no letter of its own.
COUNTS = re.compile(r" _  \{ .*? \} | _  \S+ | \^  \{  \( .*? \} ")
LETTER = re.compile(
    r"[A-Za-z]|\\(?:hat|tilde|bar|overline|mathbf|boldsymbol|mathcal|mathbb)\{.*"
    r"|\\(?:alpha|beta|gamma|delta|varepsilon|eta|theta|kappa|lambda|mu|pi|rho|sigma|tau|phi|Phi|Sigma|Lambda)"
)
KNOWN = {"e", r"\pi"}  # numbers that everybody knows


class Legend(NamedTuple):
    """The letters of a formula: places of those that the notation explains, and those that nothing explains."""

    common: list[tuple[int, int]]  # (group, index) of the notation's `letters`
    unexplained: list[str]


def legend(book, formula):
    """Return the Legend of a key formula."""
    known: list = [(symbol, None) for symbol in symbols(f"{formula.name} {formula.letters or ''}")]
    known += [
        (symbols(letter)[0], (number, index))
        for number, group in enumerate(book.notation)
        for index, letter in enumerate(group.letters)
        if symbols(letter)
    ]
    rest, found, begins = _padded(formula.tex), [], set(KNOWN)
    for symbol, place in sorted(known, key=lambda pair: -len(pair[0])):  # its own first where both are as long
        if symbol in rest:
            rest = rest.replace(symbol, " . ")
            begins.add(symbol.split()[0])
            found += [place] if place else []
    left = [token for token in COUNTS.sub(" ", rest).split() if LETTER.fullmatch(token) and token not in begins]
    return Legend(sorted(found), list(dict.fromkeys(left)))


def symbols(text):
    """Return the symbols that a text names, as `_padded` writes them; a dot stands for what a sign is applied to."""
    return [_padded(max(symbol.partition("=")[0].split(r"\cdot"), key=len)) for symbol in SYMBOL.findall(text)]


def _padded(latex):
    """Return LaTeX as letters and signs with a blank on each side, without words."""
    return "".join(f" {token.replace(' ', '')} " for token in TOKEN.findall(WORDS.sub("", latex)))


def own_letters(context, entry, index):
    """Return what a formula says of its own letters, as HTML, "" where it says nothing."""
    return to_html(context, entry, ("formulas", index, "letters"), inline=True)


def card_letters(context, entry, index):
    """Return what all letters of a formula mean, as a list of HTML: its own first."""
    own = own_letters(context, entry, index)
    return [*([own] if own else []), *letters_at(context, legend(context.book, entry.node.formulas[index]).common)]


def letters_at(context, places):
    """Return the notation's words on letters, as a list of HTML."""
    return [to_html(context, None, ("letters", *place), inline=True) for place in places]
