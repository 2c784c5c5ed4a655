"""Laid-out pages as records, which the proof looks at: lines, blocks, extents, notes, letters, anchors.

Place in the flow: `boxes` makes them of the renderer's boxes. Lengths are points from the top left
corner of the page.
"""

from typing import NamedTuple


class Where(NamedTuple):
    """Where something stands: folio and number of its page (from 0), height on it, its entry, whether in a note."""

    folio: str
    page: int
    y: float
    entry: str
    in_note: bool

    @property
    def is_left(self) -> bool:
        """True on a left-hand page."""
        return self.page % 2 == 1


class Block(NamedTuple):
    """A paragraph, heading or cell, or the part of it on one page.

    `key` is the same for all parts of an element, `part` for one of them; `right` is where its lines
    may end; `wraps` tells whether they break at spaces.
    """

    key: int
    part: int
    tag: str
    classes: tuple[str, ...]
    right: float
    wraps: bool
    is_in_line: bool


class Line(NamedTuple):
    """A line of text, or a picture (`is_picture`), in a line or as a block of its own.

    `left` is where it begins, `end` where its last letter or picture ends, `first` the width of what
    stands before the first place where it may break.
    """

    where: Where
    block: Block | None
    left: float
    top: float
    bottom: float
    text: str
    end: float
    first: float
    is_picture: bool
    is_block: bool


class Extent(NamedTuple):
    """A box in the flow: how far it reaches, and the right edge of the block that contains it."""

    where: Where
    tag: str
    classes: tuple[str, ...]
    text: str
    block_tag: str
    right: float
    room: float


class Beside(NamedTuple):
    """What stands in the margin column: a note, or a wide block, which takes the column too."""

    where: Where
    is_note: bool
    key: int
    kinds: tuple[str, ...]
    left: float
    top: float
    right: float
    bottom: float


class Lettering(NamedTuple):
    """Text that is wanted bold or italic, and (name, weight, is italic) of each font that sets it."""

    where: Where
    text: str
    weight: float
    is_italic: bool
    fonts: frozenset[tuple[str, float, bool]]


class Named(NamedTuple):
    """An element with an id, or a link to one: its id or target, and the ids around it."""

    where: Where
    name: str
    inside: tuple[str, ...]


class Part(NamedTuple):
    """What an entry has on one page: its number, top and bottom."""

    number: str
    top: float
    bottom: float


class LaidPage(NamedTuple):
    """A page: its folio as printed, its number in the document from 0, and what stands on it, in document order."""

    folio: str
    number: int
    lines: list[Line]
    extents: list[Extent]
    besides: list[Beside]
    letterings: list[Lettering]
    anchors: list[Named]
    links: list[Named]
