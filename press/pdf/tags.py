"""The structure tree of a tagged PDF: one walk for all who read it.

Place in the flow: `mending` walks the tree before a file is saved; `records` and `proof` walk that of
the finished file.
"""

from collections.abc import Iterator
from typing import NamedTuple

from pikepdf import Array, Dictionary, Object, Pdf


class Element(NamedTuple):
    """An element of the tree: the object, those around it from the root, its page and its content.

    `page` counts from 0; where the element names none it is that of the element around it, or of
    its first content. `marks` are (page, number) of the marked content that it holds itself.
    """

    item: Object
    parents: tuple[Object, ...]
    page: int | None
    marks: list[tuple[int | None, int]]

    @property
    def kind(self) -> str:
        """The type, as "H1" or "Figure"."""
        return str(self.item.S)[1:]

    @property
    def alt(self) -> str | None:
        """The alternative text."""
        alt = self.item.get("/Alt")
        return None if alt is None else str(alt)

    @property
    def scope(self) -> str:
        """What a head of a table heads, as "Row" or "Column"; "" where it does not say."""
        return str(self.item.get("/A", Dictionary()).get("/Scope", ""))[1:]


def kids(node: Object) -> list:
    """Return what an element holds: elements, numbers of marked content, references to objects."""
    inside = node.get("/K", Array())
    return list(inside) if isinstance(inside, Array) else [inside]


def children(node: Object) -> list[Object]:
    """Return the elements that an element holds."""
    return [kid for kid in kids(node) if isinstance(kid, Dictionary) and "/S" in kid]


def walk(pdf: Pdf) -> Iterator[Element]:
    """Yield the elements of a PDF in reading order."""
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
    for child in children(pdf.Root.get("/StructTreeRoot", Dictionary())):
        yield from _walk(child, (), None, numbers)


def lost_pages(pdf: Pdf, elements: list[Element]) -> int:
    """Return how many pages the tags name that the file does not have."""
    named = {element.item.Pg.objgen for element in elements if "/Pg" in element.item}
    return len(named - {page.objgen for page in pdf.pages})


def _walk(item: Object, parents: tuple, page: int | None, numbers: dict) -> Iterator[Element]:
    if "/Pg" in item:
        page = numbers.get(item.Pg.objgen)
    inside, marks = [], []
    for kid in kids(item):
        if isinstance(kid, int):
            marks.append((page, kid))
        elif isinstance(kid, Dictionary) and "/S" in kid:
            inside.append(kid)
        elif isinstance(kid, Dictionary) and "/MCID" in kid:
            marks.append((numbers.get(kid.Pg.objgen) if "/Pg" in kid else page, int(kid.MCID)))
    if page is None and marks:
        page = marks[0][0]
    yield Element(item, parents, page, marks)
    for kid in inside:
        yield from _walk(kid, (*parents, item), page, numbers)
