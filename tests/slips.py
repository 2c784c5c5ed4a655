"""Slips of the hand in the files of the real tree, one at a time: what a mutant changes, by its seed.

A sign lost or doubled, a line gone, a colon missing, markup where none was: see `losses`, which judges them.
"""

import random
import re
from pathlib import Path

BOOK = Path(__file__).resolve().parent.parent / "book"
SIGNS = "$`*_[](){}:|\\<>#&@\"'-+~^%=!\t\n"
PIECES = (
    *("{{", "}}", "{%", "{#", "[^1]", "<b>", "---", ":::", "::"),
    *("$$", "**", "[@", "](", "# ", "> ", "1986. ", "    "),
)
KINDS = (
    *("lost", "lost sign", "doubled", "sign", "piece"),
    *("line lost", "line twice", "lines", "indent", "blank", "cut"),
)
# Kind of file: (how many of a hundred mutants change one, its files).
FILES = {
    "section": (40, "3.*.yaml"),
    "further": (24, "further/*.yaml"),
    "references": (14, "*.bib"),
    "toolbox": (8, "toolbox.yaml"),
    "notation": (6, "notation.yaml"),
    "book": (5, "book.yaml"),
    "experiments": (3, "experiments.yaml"),
}
MARKUP = {".bib": r"[{}\\,=@\"#]|^ +", ".yaml": r"[$`*\[\](){}:|\\@\"']|^ +"}


def slip(seed):
    """Return (kind of file, its path below the book, the file's text with one slip, what the slip is)."""
    rng = random.Random(seed)
    kind = rng.choices(list(FILES), [share for share, _ in FILES.values()])[0]
    file = rng.choice(sorted(BOOK.glob(FILES[kind][1])))
    text, what = mutated(file.read_text(encoding="utf-8"), rng, MARKUP[file.suffix])
    return kind, file.relative_to(BOOK), text, what


def mutated(text, rng, markup):
    """Return a text with one slip, and what it was."""
    at = rng.randrange(len(text))
    lines = text.split("\n")
    row = rng.randrange(len(lines))
    spots = [found.start() for found in re.finditer(markup, text, re.MULTILINE)]
    spot = rng.choice(spots)
    kind = rng.choice(KINDS)
    match kind:
        case "lost":
            return text[:at] + text[at + 1 :], kind
        case "lost sign":
            return text[:spot] + text[spot + 1 :], kind
        case "doubled":
            return text[:spot] + text[spot] + text[spot:], kind
        case "sign":
            return text[:at] + rng.choice(SIGNS) + text[at:], kind
        case "piece":
            return text[:at] + rng.choice(PIECES) + text[at:], kind
        case "line lost":
            lines.pop(row)
        case "line twice":
            lines.insert(row, lines[row])
        case "lines":
            other = min(row + 1, len(lines) - 1)
            lines[row], lines[other] = lines[other], lines[row]
        case "indent":
            lines[row] = rng.choice(("  ", "    ", " ", "")) + rng.choice((lines[row], lines[row].lstrip()))
        case "blank":
            lines.insert(row, "")
        case "cut":
            return text[:at], kind
    return "\n".join(lines), kind
