"""What stands on the laid-out pages, as plain records in points: lines, notes, wide blocks, letters.

Place in the flow: after `engine`; `spans` measures entries by them, `proof` judges pages by them. They
are read from WeasyPrint's boxes here and nowhere else, so that the next WeasyPrint is met in this
package alone. Lengths are points; y grows downward from the top left corner of the page.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from fontTools.ttLib import TTFont
from weasyprint.document import Page
from weasyprint.formatting_structure import boxes
from weasyprint.text.ffi import ffi
from weasyprint.text.fonts import get_hb_object_data, get_pango_font_hb_face
from weasyprint.text.line_break import split_first_line

from press.layout.laid import Beside, Block, Extent, LaidPage, Lettering, Line, Named, Part, Where
from press.page import px

PIXEL = px(1).pt
POSTSCRIPT_NAME = 6  # in a font's table of names
BOLD = 500  # a weight above it is wanted bold
Box = Any  # a box of WeasyPrint, which has no types


class _Place(NamedTuple):
    """What is known on the way down to a box."""

    block: Box | None
    entry: str
    in_note: bool
    inside: tuple[str, ...]


def classes(box: Box) -> tuple[str, ...]:
    """Return the classes of the element that a box stands for; pseudo-elements and text have none."""
    if box.element is None or isinstance(box, (boxes.TextBox, boxes.LineBox)) or box.element_tag != box.element.tag:
        return ()
    return tuple(box.element.get("class", "").split())


def has_class(box: Box, name: str) -> bool:
    """Say whether a box stands for an element of that class."""
    return name in classes(box)


def descend(box: Box, stop: Callable[[Box], bool] = lambda box: False) -> Iterator[Box]:
    """Yield a box and what is in it, in order; the inside of a box that `stop` accepts is left out."""
    yield box
    if not stop(box):
        for child in getattr(box, "children", ()):
            yield from descend(child, stop)


def read_pages(pages: Iterable[Page], folio: Callable[[int], str]) -> list[LaidPage]:
    """Return the records of laid-out pages; `folio` gives what is printed on the page of a number."""
    found = []
    for number, page in enumerate(pages):
        laid = LaidPage(folio(number), number, [], [], [], [], [], [])
        for child in page._page_box.children:
            if not isinstance(child, boxes.MarginBox):  # running heads and folios
                _read(laid, child, _Place(page._page_box, "", False, ()))
        found.append(laid)
    return found


def parts(page: Page) -> list[Part]:
    """Return what the entries have on a page: from the first to the last block in the flow."""
    found: list[Part] = []
    if hasattr(page, "parts"):  # painted, and without its boxes
        return page.parts
    for article in _articles(page._page_box):
        inside = [child for child in article.children if child.is_in_normal_flow()]
        if inside:
            top = min(child.border_box_y() for child in inside)
            bottom = max(child.border_box_y() + child.border_height() for child in inside)
            found.append(Part(article.element.get("data-entry"), top * PIXEL, bottom * PIXEL))
    return found


def overflowing(pages: Iterable[Page], name: str, room: float) -> list[str]:
    """Return the ids of elements of a class whose contents leave less than `room` free at their foot."""
    found = []
    for page in pages:
        for box in descend(page._page_box):
            if has_class(box, name):
                inside = [child for child in box.children if child.is_in_normal_flow()]
                bottom = max((child.border_box_y() + child.border_height() for child in inside), default=0)
                if bottom * PIXEL > (box.border_box_y() + box.border_height()) * PIXEL - room:
                    found.append(box.element.get("id"))
    return found


def _articles(box: Box) -> Iterator[Box]:
    for child in getattr(box, "children", ()):
        if has_class(child, "entry"):
            yield child
        else:
            yield from _articles(child)


def _read(laid: LaidPage, box: Box, place: _Place) -> None:
    """Note what a box is, and then what is in it."""
    element = box.element
    name = element.get("id", "") if element is not None else ""
    if element is not None and box.element_tag in ("article", "section"):
        place = place._replace(entry=element.get("data-entry") or name or place.entry)
    if name and name not in place.inside:
        place = place._replace(inside=(*place.inside, name))
    is_note, is_head = has_class(box, "note"), has_class(box, "side-head")
    place = place._replace(in_note=place.in_note or is_note or is_head)
    where = Where(laid.folio, laid.number, box.position_y * PIXEL, place.entry, place.in_note)

    if name:
        laid.anchors.append(Named(where, name, place.inside))
    if element is not None and box.element_tag == "a":
        laid.links.append(Named(where, element.get("href", "")[1:], place.inside))
    if (is_note or is_head) and box.children or has_class(box, "wide") and not place.in_note:
        laid.besides.append(_beside(box, where, is_note or is_head))
    if isinstance(box, (boxes.LineBox, boxes.ReplacedBox)):
        laid.lines.append(_line(box, place.block, where))
    if isinstance(box, boxes.TextBox) and re.search("[A-Za-z]", box.text):
        weight, is_italic = box.style["font_weight"], box.style["font_style"] != "normal"
        if weight > BOLD or is_italic:
            laid.letterings.append(Lettering(where, box.text, weight, is_italic, _fonts_used(box)))
    if extent := _extent(box, place.block, where):
        laid.extents.append(extent)

    block = place.block
    if box.is_absolutely_positioned() and not isinstance(box, boxes.BlockContainerBox):
        block = None  # placed outside the flow, as the folios of the contents are
    elif isinstance(box, (boxes.BlockLevelBox, boxes.BlockContainerBox)):
        block = box
    for child in getattr(box, "children", ()):
        _read(laid, child, place._replace(block=block))


def _block(box: Box) -> Block:
    return Block(
        hash((id(box.element), box.element_tag)) if box.element is not None else 0,
        id(box),
        box.element_tag or "",
        classes(box),
        (box.content_box_x() + box.width) * PIXEL,
        box.style["white_space"] == "normal",
        isinstance(box, boxes.InlineBlockBox),
    )


def _line(box: Box, block: Box | None, where: Where) -> Line:
    is_picture = isinstance(box, boxes.ReplacedBox)
    height = box.margin_height() if is_picture else box.height
    leaves = [box] if is_picture else _leaves(box)
    end = max((leaf.position_x + leaf.margin_width() for leaf in leaves), default=0)
    return Line(
        where,
        None if block is None or isinstance(block, boxes.PageBox) else _block(block),
        box.position_x * PIXEL,
        box.position_y * PIXEL,
        (box.position_y + height) * PIXEL,
        "" if is_picture else "".join(leaf.text for leaf in box.descendants() if isinstance(leaf, boxes.TextBox)),
        end * PIXEL,
        0.0 if is_picture else _unbreakable(leaves) * PIXEL,
        is_picture,
        isinstance(box, boxes.BlockReplacedBox),
    )


def _leaves(line: Box) -> list[Box]:
    return [box for box in line.descendants() if isinstance(box, (boxes.TextBox, boxes.AtomicInlineLevelBox))]


def _unbreakable(leaves: list[Box]) -> float:
    """Return the width, in pixels, of what stands before the first space of a line."""
    width = 0.0
    for box in leaves:
        before, space, _ = (getattr(box, "text", None) or "").partition(" ")
        if space and box.style["white_space"] == "normal":
            return width + split_first_line(before, box.style, None, None, 0)[3]
        width += box.margin_width()
    return width


def _extent(box: Box, block: Box | None, where: Where) -> Extent | None:
    """Return how far a box in the flow reaches beside its block; wide blocks and table rows may."""
    if (
        not isinstance(box, (boxes.BlockLevelBox, boxes.ReplacedBox, boxes.TextBox))
        or not box.is_in_normal_flow()
        or has_class(box, "wide")
        or has_class(box, "side-head")
        or block is None
        or isinstance(block, (boxes.PageBox, boxes.TableRowBox, boxes.TableRowGroupBox))
    ):
        return None
    is_text = isinstance(box, boxes.TextBox)
    right = box.position_x + box.width if is_text else box.border_box_x() + box.border_width()
    return Extent(
        where,
        box.element_tag or "",
        classes(box),
        box.text if is_text else "",
        block.element_tag or "",
        right * PIXEL,
        (block.content_box_x() + block.width) * PIXEL,
    )


def _beside(box: Box, where: Where, is_note: bool) -> Beside:
    if is_note:  # it has no height itself; a note has one child, a side head one a line
        first, last = box.children[0], box.children[-1]
        top, height = first.position_y, last.position_y + last.margin_height() - first.position_y
    else:
        top, height = box.border_box_y(), box.border_height()
    left = box.border_box_x()
    kinds = tuple(name for name in classes(box) if name not in ("note", "wide"))
    return Beside(
        where,
        is_note,
        id(box.element),
        kinds,
        left * PIXEL,
        top * PIXEL,
        (left + box.border_width()) * PIXEL,
        (top + height) * PIXEL,
    )


def _fonts_used(box: Box) -> frozenset[tuple[str, float, bool]]:
    """Return (name, weight, is italic) of the fonts that set the letters of a text box."""
    box.pango_layout.reactivate(box.style)
    line, _ = box.pango_layout.get_first_line()
    used, text, run = set(), box.text.encode(), line.runs[0]
    while run != ffi.NULL:
        item = run.data.item
        if re.search(rb"[A-Za-z]", text[item.offset : item.offset + item.length]):
            face = get_pango_font_hb_face(item.analysis.font)
            used.add(_look(get_hb_object_data(face)))
        run = run.next
    box.pango_layout.deactivate()
    return frozenset(used)


@cache
def _look(program: bytes) -> tuple[str, float, bool]:
    font = TTFont(io.BytesIO(program), lazy=True)
    return font["name"].getDebugName(POSTSCRIPT_NAME), font["OS/2"].usWeightClass, font["post"].italicAngle != 0
