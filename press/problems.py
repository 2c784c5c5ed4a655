"""Errors that an author can act on, collected through all stages and told once.

Every stage that reads what an author wrote takes a `Problems` and goes on after a fault, so that
one run names them all. The command line prints them as `file:line: what is wrong (how to mend it)`.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


class Place(NamedTuple):
    """A line of a file that an author wrote; line 0 stands for the file as a whole."""

    file: Path
    line: int = 0

    def after(self, lines: int) -> "Place":
        """Return the place `lines` further down."""
        return Place(self.file, self.line + lines)


class Problem(NamedTuple):
    """One fault: where, what is wrong, and how to mend it."""

    place: Place
    what: str
    how: str

    def __str__(self) -> str:
        where = f"{self.place.file}:{self.place.line}" if self.place.line else str(self.place.file)
        return f"{where}: {self.what} ({self.how})"


class BookError(Exception):
    """Raised when the problems found so far make going on pointless; carries them all."""

    def __init__(self, problems: "list[Problem]") -> None:
        super().__init__(f"{len(problems)} problem(s)")
        self.problems = problems


class PressError(Exception):
    """Raised where a command cannot be carried out, with a sentence for whoever gave it: no fault of a book."""


@dataclass
class Problems:
    """The list that the stages write to."""

    found: list = field(default_factory=list)

    def add(self, place: Place, what: str, how: str) -> None:
        """Note one fault; the same fault at the same place is noted once."""
        problem = Problem(place, what, how)
        if problem not in self.found:
            self.found.append(problem)

    def stop_if_any(self) -> None:
        """Raise BookError with everything found, in the order of files and lines."""
        if self.found:
            raise BookError(self.sorted())

    def sorted(self) -> list[Problem]:
        """Return everything found, in the order of files and lines."""
        return sorted(self.found, key=lambda p: (str(p.place.file), p.place.line))


def near(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return "did you mean ...?" where a word is nearly one of the known ones; else `otherwise`."""
    folded = {str(name).casefold(): str(name) for name in known}
    found = difflib.get_close_matches(str(word)[:100].casefold(), list(folded)[:5000], n=1, cutoff=0.7)
    return f"did you mean {folded[found[0]]!r}?" if found else otherwise
