"""The words for signs, letters and fences that stand in formulas.

Place in the flow: the vocabulary of `speech`, which puts whole formulas into words.
"""

import re
import unicodedata
from contextvars import ContextVar
from typing import NamedTuple

SIGNS = {
    "+": "plus",
    "−": "minus",
    "-": "minus",
    "±": "plus or minus",
    "∓": "minus or plus",
    "×": "times",
    "·": "times",
    "⋅": "times",
    "∗": "convolved with",
    "⋆": "star",
    "/": "over",
    "÷": "divided by",
    "∘": "composed with",
    "⊗": "tensor",
    "⊕": "direct sum",
    "=": "equals",
    "≠": "is not equal to",
    "≈": "is approximately",
    "≡": "is identical to",
    "≃": "is about",
    "≅": "is about",
    "∝": "is proportional to",
    "∼": "is distributed as",
    "<": "is less than",
    ">": "is greater than",
    "≤": "is less than or equal to",
    "≥": "is greater than or equal to",
    "≪": "is much less than",
    "≫": "is much greater than",
    "→": "goes to",
    "←": "becomes",
    "↔": "corresponds to",
    "↦": "maps to",
    "⇒": "implies",
    "⇔": "if and only if",
    "∣": "given",
    "|": "given",
    "∈": "is in",
    "∉": "is not in",
    "⊂": "is a subset of",
    "⊆": "is a subset of or equal to",
    "∪": "union",
    "∩": "intersection",
    "∖": "without",
    "∀": "for all",
    "∃": "there is",
    "∅": "the empty set",
    "∧": "and",
    "∨": "or",
    "¬": "not",
    "∞": "infinity",
    "∂": "partial",
    "∇": "gradient",
    "⊤": "top",
    "⊥": "is perpendicular to",
    "†": "dagger",
    "′": "prime",
    "″": "double prime",
    "‴": "triple prime",
    "…": "and so on",
    "⋯": "and so on",
    "⋮": "and so on",
    "⋱": "and so on",
    "%": "percent",
    "!": "factorial",
    ":": "colon",
    ",": ",",
    ";": ",",
    ".": ".",
    "#": "number",
    "&": "and",
    "$": "dollars",
    "∑": "sum",
    "∏": "product",
    "∫": "integral",
    "⋃": "union",
    "⋂": "intersection",
    "(": "open paren",
    ")": "close paren",
    "[": "open bracket",
    "]": "close bracket",
    "{": "open brace",
    "}": "close brace",
    "⟨": "open angle",
    "⟩": "close angle",
    "ℓ": "l",
    "ℏ": "h bar",
}
# Fences that name what they make of their contents.
FENCES = {"|": "absolute value", "‖": "norm", "⌊": "floor", "⌈": "ceiling"}
NORMS = {"1": "one norm", "2": "two norm", "F": "Frobenius norm", "∞": "infinity norm"}
ACCENTS = {
    "\u0302": "hat",
    "\u0303": "tilde",
    "\u0304": "bar",
    "\u0307": "dot",
    "\u0308": "double dot",
    "\u20d7": "vector",
    "→": "vector",
}
FUNCTIONS = {
    "Var": "variance",
    "Cov": "covariance",
    "tr": "trace",
    "lim": "limit",
    "ln": "natural log",
    "argmax": "arg max",
    "argmin": "arg min",
}
DOUBLE_STRUCK = {
    "E": "expectation",
    "R": "the reals",
    "N": "the natural numbers",
    "Z": "the integers",
    "P": "probability",
}
POWERS = {"2": "squared", "3": "cubed"}
MATRICES = {
    "matrix": "matrix",
    "p-matrix": "matrix",
    "b-matrix": "matrix",
    "array": "matrix",
    "brace-matrix": "matrix",
    "small-matrix": "matrix",
    "v-matrix": "determinant",
    "v-v-matrix": "norm of a matrix",
}
# What joins a subscript to what is written over or under it.
LIMITS = {"lim": "as", "∇": "with respect to", "E": "over", "log": "base"}


class Notation(NamedTuple):
    """What a book's notation adds to the words of the language (`spoken` in its notation.yaml)."""

    signs: tuple[tuple[str, str], ...] = ()  # (sign, its words)
    upper_index: str = "superscript"  # what stands before the upper index of a^{(l)}
    upper_index_letters: frozenset[str] = frozenset()  # for these letters; others are superscripts
    functions: frozenset[str] = frozenset("fg")  # letters that stand for functions when parentheses follow


# The notation of the book whose formulas are being spoken.
PLAIN = Notation()
NOTATION = ContextVar("NOTATION", default=PLAIN)


def say_sign(sign):
    """Return the words of a sign; one that is not in the table goes by its name in Unicode."""
    for known in (dict(NOTATION.get().signs), SIGNS):
        if sign in known:
            return known[sign]
    named = [unicodedata.name(letter, "sign").lower() for letter in sign]
    return re.sub(r"[^a-z0-9 -]", "", " ".join(named))


def say_letters(letters):
    """Return letters as words: alpha, capital sigma; a Latin letter of any face is its own name."""
    return " ".join(_say_letter(letter) for letter in unicodedata.normalize("NFKC", letters))


def _say_letter(letter):
    greek = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (?:FINAL )?(\w+)", unicodedata.name(letter, ""))
    if greek:
        name = greek[2].lower().replace("lamda", "lambda")
        return name if greek[1] == "SMALL" else f"capital {name}"
    return letter if letter.isascii() and letter.isalnum() else say_sign(letter)


def say_text(text):
    """Return running text with each sign but comma, period and hyphen in words."""
    plain = unicodedata.normalize("NFKC", text).replace("\u2019", "").replace("'", "")
    return re.sub(r"[^A-Za-z0-9 ,.-]", lambda sign: f" {say_letters(sign[0])} ", plain)
