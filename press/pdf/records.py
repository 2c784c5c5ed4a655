"""Read a finished PDF into plain records: runs of text, links, bookmarks, page labels, tags.

Place in the flow: after the last stage that writes. `check`, `proof` and the tests judge the book
by these records alone, so nothing here may come from what the press believed while it built.

All lengths are points; x grows to the right and y downward from the top left corner of the page's
crop box, so that a page on two papers differs by a shift. Pages count from 0.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, Object

from press.pdf.runs import Run, join, read_runs
from press.pdf.tags import Element, lost_pages, walk
from press.problems import PressError


class Page(NamedTuple):
    """A page: its label as a viewer shows it, width and height."""

    label: str
    width: float
    height: float


class Target(NamedTuple):
    """Where a link or bookmark leads: the page, and the height on it where one is given."""

    page: int
    y: float | None


class Link(NamedTuple):
    """A link's rectangle, and where it leads: a target in the book, or an address outside."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    target: Target | None
    address: str | None


class Bookmark(NamedTuple):
    """An item of the outline; the highest level is 1."""

    level: int
    title: str
    target: Target | None


class Tag(NamedTuple):
    """An element of the structure tree; `text` is what it holds itself, without its kids'."""

    level: int
    type: str
    page: int | None
    alt: str | None
    text: str


class Printed(NamedTuple):
    """A finished PDF, read back; tags stand in reading order, bookmarks and links in the file's."""

    pages: list[Page]
    runs: list[Run]
    links: list[Link]
    bookmarks: list[Bookmark]
    tags: list[Tag]
    metadata: dict[str, str]
    tagged: frozenset[int] = frozenset()  # pages of which the tags name contents
    lost: int = 0  # pages of which the tags speak, and which the file does not have


def open_file(path: Path) -> pikepdf.Pdf:
    """Open the PDF at `path`. Raises PressError where there is none."""
    try:
        return pikepdf.open(path)
    except FileNotFoundError as error:
        raise PressError(f"{path} does not exist") from error
    except (pikepdf.PdfError, OSError) as error:
        raise PressError(f"{path} is not a readable PDF: {error}") from error


def read_back(path: Path) -> Printed:
    """Read the PDF at `path`. Raises PressError where there is none."""
    with open_file(path) as pdf:
        boxes = [[float(value) for value in page.cropbox] for page in pdf.pages]
        places = Places(pdf, boxes)
        runs = read_runs(path, boxes)
        elements = list(walk(pdf))
        return Printed(
            pages=[
                Page(page.label, box[2] - box[0], box[3] - box[1]) for page, box in zip(pdf.pages, boxes, strict=True)
            ],
            runs=runs,
            links=[link for page in range(len(boxes)) for link in _links(pdf, page, places)],
            bookmarks=list(_bookmarks(pdf.Root.get("/Outlines", Dictionary()), places)),
            tags=list(_tags(elements, runs)),
            metadata={str(key)[1:]: str(value) for key, value in pdf.docinfo.items()},
            tagged=frozenset(page for element in elements for page, _ in element.marks if page is not None),
            lost=lost_pages(pdf, elements),
        )


class Places:
    """Where the pages of a PDF are and what its names mean, for whoever resolves a destination."""

    def __init__(self, pdf: pikepdf.Pdf, boxes: list[list[float]]) -> None:
        self.boxes = boxes
        self.numbers: dict[Any, int] = {page.objgen: number for number, page in enumerate(pdf.pages)}
        self.named = {str(key)[1:]: value for key, value in pdf.Root.get("/Dests", {}).items()}
        names = pdf.Root.get("/Names", Dictionary()).get("/Dests")
        if names is not None:
            self.named |= {str(key): value for key, value in pikepdf.NameTree(names).items()}

    def target(self, item: Object) -> Target | None:
        """Return the Target of an annotation or bookmark, None where it leads to no page."""
        action = item.get("/A", Dictionary())
        where = item.get("/Dest", action.get("/D") if action.get("/S") == Name.GoTo else None)
        if isinstance(where, (Name, pikepdf.String)):
            where = self.named.get(str(where).removeprefix("/"))
        if isinstance(where, Dictionary):
            where = where.get("/D")
        if not isinstance(where, Array) or where[0].objgen not in self.numbers:
            return None
        page = self.numbers[where[0].objgen]
        height = where[3] if where[1] == Name.XYZ and len(where) > 3 else None
        return Target(page, None if height is None else self.boxes[page][3] - float(height))


def _links(pdf: pikepdf.Pdf, page: int, places: Places) -> Iterator[Link]:
    left, _, _, top = places.boxes[page]
    for item in pdf.pages[page].get("/Annots", []):
        if item.get("/Subtype") == Name.Link:
            x, y, other_x, other_y = (float(value) for value in item.Rect)
            address = item.get("/A", Dictionary()).get("/URI")
            yield Link(
                page,
                min(x, other_x) - left,
                top - max(y, other_y),
                max(x, other_x) - left,
                top - min(y, other_y),
                places.target(item),
                None if address is None else str(address),
            )


def _bookmarks(parent: Object, places: Places, level: int = 1) -> Iterator[Bookmark]:
    item = parent.get("/First")
    while item is not None:
        yield Bookmark(level, str(item.Title), places.target(item))
        yield from _bookmarks(item, places, level + 1)
        item = item.get("/Next")


def _tags(elements: list[Element], runs: list[Run]) -> Iterator[Tag]:
    marked = {}
    for run in runs:
        if run.mark is not None:
            marked.setdefault((run.page, run.mark), []).append(run)
    for element in elements:
        text = join([run for mark in element.marks for run in marked.get(mark, [])])
        yield Tag(len(element.parents) + 1, element.kind, element.page, element.alt, text)
