"""What passes between the stages once the texts are set: the pages, the files, and what does not fit.

Place in the flow: `pipeline` makes these values, `proof` judges them. Before them come the `Book` of
press.content, the `Context` of press.text and the `Layout` of each document of press.layout.
"""

from pathlib import Path
from typing import NamedTuple

from press.layout.boxes import Page, read_pages
from press.layout.engine import Document, Layout
from press.layout.laid import LaidPage
from press.layout.spans import Span
from press.problems import Problem
from press.text.html import Context
from press.words import roman


class FileKey(NamedTuple):
    """What a file is: "book", "cards" or "formulas" ("book bleed" for the print shop), on which paper."""

    kind: str
    paper: str

    def __str__(self) -> str:
        return f"{self.kind} {self.paper}"


class LaidOut(NamedTuple):
    """All that is laid out: the book in its documents, how full its spans are, and the sheets beside it."""

    book: Layout  # front matter and answers
    spans: list[Span]
    parts: Layout | None  # what stands behind the answers on pages like theirs; None without any
    back: Layout | None  # what quotes pages: references, glossary, lists, index, collation; None without any
    sheets: dict[str, Document]  # "cards", "formulas", where the book has any

    @property
    def pages(self) -> list[Page]:
        """All pages of the book, in order."""
        documents = [self.book, self.parts, self.back]
        return [page for layout in documents if layout for page in layout.document.pages]

    @property
    def answers(self) -> range:
        """The numbers of the pages of the answers."""
        return range(self.book.front_pages, len(self.book.document.pages))

    def folio(self, number: int) -> str:
        """Return the folio of a page by its number, as printed."""
        front = self.book.front_pages
        return roman(number + 1) if number < front else str(number - front + self.book.first_folio)

    def read(self) -> list[LaidPage]:
        """Return what stands on the pages of the book."""
        return read_pages(self.pages, self.folio)


class Printing(NamedTuple):
    """A book in print: what it is made from, its pages, its files, and what kept texts from their pages."""

    context: Context
    laid_out: LaidOut
    files: dict[FileKey, Path]
    problems: list[Problem]
