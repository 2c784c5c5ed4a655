"""Which characters the fonts of the design have: what no font has is refused at its line on every machine.

Used by whoever takes in what authors write: `text` for texts, `pictures` for formulas. Drawings are
checked as they are drawn (`pictures.running`), by the same fonts.
"""

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

# What a line may hold although it is never drawn: breaks, blanks of any width, joiners, soft hyphens.
UNDRAWN = {"Cc", "Cf", "Zs", "Zl", "Zp"}


def lacking(text: str, fonts: Path, family: str = "") -> list[str]:
    """Return the characters of a text that no font in the folder has whose file name begins with `family`."""
    if text.isascii():
        return []
    known = _known(fonts, family)
    return [
        sign for sign in dict.fromkeys(text) if ord(sign) not in known and unicodedata.category(sign) not in UNDRAWN
    ]


def named(sign: str) -> str:
    """Return a character with its number and name: '学' (U+5B66, CJK UNIFIED IDEOGRAPH-5B66)."""
    return f"{sign!r} (U+{ord(sign):04X}, {unicodedata.name(sign, 'without a name')})"


@cache
def _known(fonts: Path, family: str) -> frozenset[int]:
    found: set[int] = set()
    for path in fonts.glob(f"{family}*.ttf"):
        with TTFont(path, lazy=True) as font:
            found |= font.getBestCmap().keys()
    return frozenset(found)
