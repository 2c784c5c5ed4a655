"""What the texts hold, in records that pass from reading them to setting them.

Place in the flow: filled by `uses`, completed by `resolve`, read by `html`.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from press.content.parts import Passage
from press.content.rules import spelling
from press.content.tree import Entry
from press.problems import Place
from press.text.labels import label_of


class Use(NamedTuple):
    """Somewhere that the text points to something: the target, who points, and from where."""

    target: str
    entry: Entry | Passage | None  # None in front and back matter
    place: Place


@dataclass
class Texts:
    """Everything that the texts contain, in the book's order."""

    parsed: dict = field(default_factory=dict)  # (key of entry or passage, *path of the field) -> tokens
    formulas: dict = field(default_factory=dict)  # (latex, display) -> places
    rooms: dict = field(default_factory=dict)  # place of a formula -> what it stands in, where not in the column
    numbered: dict = field(default_factory=dict)  # "fig:..", "tab:..", "eq:.." -> Numbered
    references: list = field(default_factory=list)  # Use of an entry's number, a label, further:...
    citations: list = field(default_factory=list)  # Use of a BibTeX key
    bold: list = field(default_factory=list)  # Use of a term where it is defined
    indexed: list = field(default_factory=list)  # Use of a term elsewhere
    first_use: int = 0  # where the numbers of citations, index entries and references in `parsed` go on
    unread: set = field(default_factory=set)  # labels and bold words of fields that could not be read

    def tokens(self, entry, path):
        """Return the tokens of a field, none where it could not be read; no entry: front and back matter."""
        return self.parsed.get((entry.key if entry else "", *path), [])

    def note_unread(self, text):
        """Note what a field that could not be read defines, so that faults that only follow are left out."""
        for kind, name in re.findall(r":{3,} *\{(figure|picture|table)\} *(\S+)", text):
            self.unread.add(label_of(kind, name))
        self.unread.update(re.findall(r"\$\$ *\((eq:[^)\s]+)\)", text))
        self.unread.update(spelling(words) for words in re.findall(r"\*\*([^*]+)\*\*", text))
