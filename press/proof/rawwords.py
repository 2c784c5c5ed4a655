"""The words that the press adds, and the one way in which print and tree are compared.

Place in the flow: part of the second reading, under `wanted`, `rawworks` and `beside`.
"""

import re
import unicodedata

from babel import Locale

from press.pdf.story import FORMULA
from press.proof.rawnumbers import BEGIN, END
from press.proof.rawtext import EVENT
from press.proof.rawtree import read_yaml
from press.words import FOLDER

ENGLISH = {
    "fig": "Figure",
    "tab": "Table",
    "eq": "Equation",
    "picture": "Picture",
    "reads": "READ",
    "correction": "Read:",
    "example": "Example.",
    "page": "p.",
    "see": "see also",
    "dagger": "†",
    "notes": ("Watch out", "Check yourself", "Sources"),
    "sources": "Sources",
    "further": "Going further",
    "problem": "Problem",
    "problems": "Problems",
    "solution": "Solutions",
    "check": "Check",
    "tool": "Tool",
    "uses": "Used in",
    "experiment": "Experiment",
    "letters": "Letters",
    "et_al": "et al.",
}
# Under what name another language's file has them.
NAMES = {"fig": "figure", "tab": "table", "eq": "equation", "see": "see_also", "check": "test"}


def signs_of(language):
    """Return the signs of numbers in a language: decimal sign, what parts groups of digits, what ends a percentage."""
    locale = Locale.parse(language, sep="-")
    signs, percent = locale.number_symbols["latn"], locale.percent_formats[None].pattern
    return signs["decimal"], signs["group"], " %" if percent[-2].isspace() else "%"


def in_order(words):
    """Return what words are sorted by: their letters without accents."""
    letters = words.casefold().translate({0x153: "oe", 0xE6: "ae"})
    return [sign for sign in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(sign)], words


def words_of(language):
    """Return the words that the press adds in a language: English is said here, others by their file as it stands."""
    if language.startswith("en"):
        return ENGLISH
    said = read_yaml(FOLDER / f"{language.partition('-')[0]}.yaml")
    words = {name: said[key].text for name in ENGLISH if (key := NAMES.get(name, name)) in said}
    notes = tuple(said[name].text for name in ("watch_out", "check", "sources"))
    return ENGLISH | words | {"notes": notes}


SAME = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "‚": "'",
        "‹": "'",
        "›": "'",
        "‘": "'",
        "’": "'",
        "′": "'",
        "\u2212": "-",
        "\u2010": "-",
        "\u2011": "-",
        "\u00ad": None,
        BEGIN: None,
        END: None,
    }
)


def plain(text):
    """Return words in the one way in which print and tree are compared: plain signs, single blanks."""
    text = " ".join(unicodedata.normalize("NFKC", text).translate(SAME).split())
    return re.sub(rf"\s?({FORMULA})\s?", r"\1", re.sub(rf"({EVENT})\s+", r"\1", text))
