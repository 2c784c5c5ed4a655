"""The structure tree of a tagged PDF: one walk for all who read it, and the mends of what we write.

Place in the flow: `mend_tags` after `paint`; `walk` for `records` and `proof`, which read finished
files. What WeasyPrint has no tag for it is told in the alternative text (`vector.spoken`).
"""

from collections.abc import Iterator
from typing import NamedTuple

from pikepdf import Array, Dictionary, Name, NumberTree, Object, Pdf, String

from press.pictures.vector import spoken

PRINT_FLAG = 4
CELLS = ("/TD", "/TH")


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


def mend_tags(pdf: Pdf) -> None:
    """Put right what WeasyPrint's tags leave open; see the notes at each step."""
    elements = list(walk(pdf))
    _prune(elements, pdf.Root.StructTreeRoot)
    _let_go_of_heads(pdf, {element.item.objgen for element in elements})
    for item in pdf.objects:
        if isinstance(item, Dictionary) and item.get("/Type") == Name.StructElem:
            _mend_element(item)
        elif isinstance(item, Dictionary) and item.get("/Subtype") == Name.Link:
            item.F = PRINT_FLAG  # PDF/UA-1, 7.18.1; WeasyPrint leaves the flag out


def _prune(elements: list[Element], root: Object) -> None:
    """Drop elements without content: an empty span, a folio mark, and what held nothing else.

    An empty cell stays: a row of a table keeps its columns.
    """
    for element in reversed(elements):
        inside = element.item.get("/K")
        is_empty = inside is None or isinstance(inside, Array) and not len(inside)
        around = (element.parents[-1] if element.parents else root).K
        if is_empty and str(element.item.S) not in CELLS and isinstance(around, Array):
            place = next(place for place, kid in enumerate(around) if _same(kid, element.item))
            del around[place]


def _same(kid, item: Object) -> bool:
    return isinstance(kid, Dictionary) and kid.objgen == item.objgen


def _let_go_of_heads(pdf: Pdf, reached: set) -> None:
    """Take running heads, which are artifacts, out of the list of what content belongs to."""
    for elements in NumberTree(pdf.Root.StructTreeRoot.ParentTree).values():
        if isinstance(elements, Array):
            for number, element in enumerate(elements):
                if element is not None and element.objgen not in reached:
                    elements[number] = None


def _mend_element(item: Object) -> None:
    words = spoken(str(item.get("/Alt", "")))
    if words is not None:
        item.S = Name.Formula  # WeasyPrint has no tag for formulas
        item.Alt = String(words)
    elif item.get("/S") == Name.TH:
        # WeasyPrint drops the scope; head cells in the first column of a body row head their row.
        attributes = item.get("/A", Dictionary(O=Name.Table))
        is_row = item.P.get("/P", Dictionary()).get("/S") != Name.THead
        attributes.Scope = Name.Row if is_row else Name.Column
        item.A = attributes
