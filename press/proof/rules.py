"""What rules of proof look at, and where they register themselves.

Place in the flow: below `reader`, which runs all rules over a printing, and above the modules that
hold them. A rule is a function with the mark `@rule`; the type of its argument says what it looks at:
the `Whole` printing, each `FinishedFile`, or each `FinishedPage`. It yields Findings.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, get_type_hints

from press.layout.spans import fragments
from press.pdf.files import digest_but_boxes
from press.pdf.painted import painted
from press.pdf.raster import opened
from press.pdf.records import open_file, read_back
from press.pdf.runs import read_words
from press.pdf.tags import walk
from press.printing import FileKey, Printing
from press.proof.findings import Finding

# The page as the proof has it, in points: the first line of the type area, its lines.
TOP, LINE = 30 * 72 / 25.4, 13.6
DOTS = 100  # an inch, of pages as pictures
RULES: dict[type, list[Callable[..., Iterable[Finding]]]] = {}


def rule(function):
    """Register a function as a rule, for what its argument is."""
    looks_at = next(iter(get_type_hints(function).values()))
    RULES.setdefault(looks_at, []).append(function)
    return function


def apply(subject) -> Iterator[Finding]:
    """Yield what all rules for a subject find."""
    for each in RULES.get(type(subject), []):
        yield from each(subject)


@dataclass
class Whole:
    """A printing as a whole, and what the rules note while they look at it."""

    printing: Printing
    looked: dict = field(default_factory=lambda: defaultdict(int))  # what was looked at: how many
    notes: list = field(default_factory=list)  # what was left out
    contents: dict = field(default_factory=dict)  # kind of file: digest of the first of them

    @property
    def context(self):
        """What the printing is made from."""
        return self.printing.context

    @cached_property
    def pages(self):
        """All pages of the book, as LaidPages."""
        return self.printing.laid_out.read()

    @property
    def body(self):
        """The pages of the answers."""
        return [self.pages[number] for number in self.printing.laid_out.answers]

    def drawn(self):
        """Yield (name, page) of each drawing, from its own file."""
        for name, figure in self.context.drawings.figures.items():
            with open_file(figure.file) as pdf:
                yield name, pdf.pages[0]

    def finding(self, rule, what, index, height):
        """Return a Finding on a page of the book; `height` is in points from the top of A4."""
        laid_out = self.printing.laid_out
        folio, y = laid_out.folio(index), float(height)
        here = [piece for piece in fragments(laid_out.book) if str(piece.folio) == folio]
        above = [piece.number for piece in here if piece.top <= y + LINE] or [""]
        line = round((y - TOP) / LINE) + 1
        return Finding(rule, folio, f"line {line}" if line > 0 else "head", above[-1], what)


@dataclass
class FinishedFile:
    """One of the files of a printing, opened; `fonts` is the folder of the fonts that are ours."""

    whole: Whole
    key: FileKey
    path: Path
    pdf: Any  # of pikepdf
    fonts: Path

    @property
    def name(self):
        """The file's name in findings."""
        return str(self.key)

    @property
    def is_book(self):
        """True for the book itself, whose pages have folios."""
        return self.key.kind == "book"

    @property
    def is_first(self):
        """True on the first paper; the others have the same content."""
        return self.key.paper == "a4"

    @cached_property
    def tags(self):
        """The elements of the structure tree, in reading order."""
        return list(walk(self.pdf))

    @cached_property
    def printed(self):
        """The file as plain records."""
        return read_back(self.path)

    @cached_property
    def is_repeated(self):
        """Say whether the file is another one, which was looked at before, but for the boxes of its pages."""
        digest = digest_but_boxes(self.pdf)
        return self.whole.contents.setdefault(self.key.kind, digest) == digest and not self.is_first

    def at_element(self, rule, what, element):
        """Return a Finding at an element of the structure tree, or at the file where it is on no page."""
        index = element.page if element is not None else None
        return Finding(rule, self.name if index is None else self.folio(index), "tags", "", what)

    def folio(self, index):
        """Return what a finding calls a page."""
        return self.whole.printing.laid_out.folio(index) if self.is_book else f"{self.name} page {index + 1}"

    def pages(self):
        """Yield each page, rendered."""
        with opened(self.path) as document:
            for index, page in enumerate(self.pdf.pages):
                yield FinishedPage(self, index, page, document[index])


@contextmanager
def finished(whole, key, path, fonts):
    """Open a file of a printing; give it as FinishedFile."""
    with open_file(path) as pdf:
        yield FinishedFile(whole, key, path, pdf, fonts)


@dataclass
class FinishedPage:
    """A page of a file: as pikepdf and as pdfium have it."""

    file: FinishedFile
    index: int
    page: Any  # of pikepdf
    pdfium: Any  # of pypdfium2

    @cached_property
    def picture(self):
        """The page as an array of height x width x 3, values 0 to 255."""
        return rendered(self.pdfium)

    @cached_property
    def words(self):
        """The words on the page, with their rectangles and colors."""
        return read_words(self.pdfium)

    @cached_property
    def marks(self):
        """What the page paints."""
        return painted(self.page)

    def finding(self, rule, what, height):
        """Return a Finding at a height in points from the top."""
        if self.file.is_book:
            return self.file.whole.finding(rule, what, self.index, height)
        return Finding(rule, self.file.folio(self.index), f"{height:.0f} pt", "", what)

    def upward(self, rule, what, height):
        """Return a Finding at a height in points from the bottom."""
        return self.finding(rule, what, float(self.page.mediabox[3]) - height)


def rendered(page):
    """Return a pypdfium2 page as an array of height x width x 3, values 0 to 255."""
    bitmap = page.render(scale=DOTS / 72, rev_byteorder=True, prefer_bgrx=True)
    return bitmap.to_numpy()[:, :, :3]
