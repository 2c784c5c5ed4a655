"""What can be told of a formula before it is set: Typst source, faults, letters and words.

Place in the flow: under `formulas`, which asks for all formulas of a book in every build. The answers
are remembered under the code and the libraries that gave them, so only a new formula is asked about.
"""

from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from press import characters, remembered
from press.pictures import latex as gates
from press.pictures import speech
from press.pictures.speech import english, letters, line, tree
from press.pictures.speech.english import Notation

# The code that tells, and the libraries that it asks.
CODE = [
    Path(__file__),
    *(Path(module.__file__ or "") for module in (characters, gates, speech, english, letters, line, tree)),
]
LIBRARIES = ("mathra", "tex2typst")
MOST = 5000  # formulas are kept, those asked about last; of a larger book all


class Told(NamedTuple):
    """A formula: its Typst source, what is wrong with it as (what, how), its letters, its words, itself in a line."""

    source: str
    faults: list[tuple[str, str]]
    letters: str
    spoken: str
    line: str


def told(wanted: list[tuple[str, bool]], fonts: Path, cache: Path, notation: Notation) -> dict[tuple[str, bool], Told]:
    """Return what is told of formulas, each named by (latex, is_display)."""
    file = cache / "told" / f"{_recipe(fonts, notation)}.json"
    known = remembered.recall(file) or {}
    names = {key: f"{'display' if key[1] else 'inline'} {key[0]}" for key in wanted}
    new = {name: _tell(key, fonts, notation) for key, name in names.items() if name not in known}
    if new:
        asked = {name: known[name] for name in names.values() if name in known} | new
        others = {name: kept for name, kept in known.items() if name not in asked}
        room = max(MOST - len(asked), 0)
        remembered.store(file, dict(list(others.items())[len(others) - min(room, len(others)) :]) | asked)
    return {key: Told(*new[name]) if name in new else Told(*known[name]) for key, name in names.items()}


def _tell(key: tuple[str, bool], fonts: Path, notation: Notation) -> Told:
    source, faults = gates.to_typst(*key)
    faults += [
        (f"no font of the design has {characters.named(sign)}", "write another sign, or words")
        for sign in characters.lacking(key[0], fonts, "STIX")
    ]
    if faults:
        return Told("", faults, "", "", "")
    return Told(source, [], letters.letters_of(key[0]), speech.speak(key[0], notation), line.line_of(key[0]))


def _recipe(fonts: Path, notation: Notation) -> str:
    libraries = [f"{name} {version(name)}" for name in LIBRARIES]
    # A set has no order of its own.
    spoken = [repr(sorted(part) if isinstance(part, frozenset) else part) for part in notation]
    return remembered.digest(*CODE, *libraries, *sorted(fonts.glob("STIX*.ttf")), *spoken)
