"""Mend what WeasyPrint's tags leave open: formulas, heads of tables, empty elements, links.

Place in the flow: after `paint`. What WeasyPrint has no tag for it is told in the alternative text
(`vector.spoken`).
"""

from collections.abc import Mapping
from typing import Any

from pikepdf import Array, Dictionary, Name, NumberTree, Object, Pdf, Stream, String

from press.pdf.tags import Element, walk
from press.pictures.vector import spoken

PRINT_FLAG = 4
CELLS = ("/TD", "/TH")


SPOKEN = "en"  # the language in which formulas are said


def mend_tags(pdf: Pdf, sources: Mapping[str, str], language: str) -> None:
    """Put right what WeasyPrint's tags leave open; see the notes at each step.

    `sources` is the LaTeX of each formula by its key: software for formulas finds it at the tag. In a book of
    another `language` than theirs, formulas say in which they are spoken, so that a voice reads them rightly.
    """
    files: dict[str, Object] = {}
    elements = list(walk(pdf))
    _drop_links_in_links(pdf, elements)
    _prune(elements, pdf.Root.StructTreeRoot)
    _let_go_of_heads(pdf, {element.item.objgen for element in elements})
    for item in pdf.objects:
        if isinstance(item, Dictionary) and item.get("/Type") == Name.StructElem:
            _mend_element(item)
            if _mend_formula(pdf, item, sources, files) and not language.startswith(SPOKEN):
                item.Lang = String(SPOKEN)
        elif isinstance(item, Dictionary) and item.get("/Subtype") == Name.Link:
            item.F = PRINT_FLAG  # PDF/UA-1, 7.18.1; WeasyPrint leaves the flag out


def _drop_links_in_links(pdf: Pdf, elements: list[Element]) -> None:
    """Drop the annotations of inline boxes in a link, such as a page number: that of the link reaches over them."""
    dropped = set()
    numbers = NumberTree(pdf.Root.StructTreeRoot.ParentTree)
    for element in elements:
        inside = element.item.get("/K")
        if element.kind == "Link" or not isinstance(inside, Array):
            continue
        for place in reversed(range(len(inside))):
            kid = inside[place]
            if isinstance(kid, Dictionary) and kid.get("/Type") == Name.OBJR and kid.Obj.get("/Subtype") == Name.Link:
                dropped.add(kid.Obj.objgen)
                del numbers[int(kid.Obj.StructParent)]
                del inside[place]
    for page in pdf.pages if dropped else ():
        kept = [link for link in page.obj.get("/Annots", Array()) if link.objgen not in dropped]
        if "/Annots" in page.obj:
            page.obj.Annots = Array(kept)


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


def _same(kid: Any, item: Object) -> bool:
    return isinstance(kid, Dictionary) and kid.objgen == item.objgen


def _let_go_of_heads(pdf: Pdf, reached: set) -> None:
    """Take running heads, which are artifacts, out of the list of what content belongs to."""
    for elements in NumberTree(pdf.Root.StructTreeRoot.ParentTree).values():
        if isinstance(elements, Array):
            for number, element in enumerate(elements):
                if element is not None and element.objgen not in reached:
                    elements[number] = None


def _mend_formula(pdf: Pdf, item: Object, sources: Mapping[str, str], files: dict[str, Object]) -> bool:
    """Make a formula of what WeasyPrint has no tag for, and say so; its LaTeX is an associated file, stored once."""
    if (told := spoken(str(item.get("/Alt", "")))) is None:
        return False
    words, key = told
    item.S = Name.Formula
    item.Alt = String(words)
    if key not in files:
        content = sources[key].encode()
        stream = Stream(pdf, content, Type=Name.EmbeddedFile, Subtype=Name("/application/x-tex"))
        stream.Params = Dictionary(Size=len(content))
        files[key] = pdf.make_indirect(
            Dictionary(
                Type=Name.Filespec,
                F=String("formula.tex"),
                UF=String("formula.tex"),
                Desc=String("LaTeX"),
                AFRelationship=Name.Source,
                EF=Dictionary(F=stream, UF=stream),
            )
        )
    item.AF = Array([files[key]])
    return True


def _mend_element(item: Object) -> None:
    if item.get("/S") == Name.TH:
        # WeasyPrint drops the scope; head cells in the first column of a body row head their row.
        attributes = item.get("/A", Dictionary(O=Name.Table))
        is_row = item.P.get("/P", Dictionary()).get("/S") != Name.THead
        attributes.Scope = Name.Row if is_row else Name.Column
        item.A = attributes
