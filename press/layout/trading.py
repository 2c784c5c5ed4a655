"""Figures and tables behind the answers trade places with the text after them, where a foot would stay empty.

Place in the flow: one of the patches under which `engine` lays out. What does not fit at the foot of a page
goes overleaf, and everything after it with it; here the text after it goes on at the foot instead, and the
figure follows as soon as that text has come to an end. The order of boxes is the order of reading.
"""

from collections.abc import Callable
from itertools import takewhile
from typing import Any

from press.layout.boxes import Box, classes, has_class
from press.page import PAGE

LEAST_ROOM = 4 * PAGE.line.px  # at the foot: for less nothing is moved
FARTHEST = 3  # pieces of text that a figure may let go before it
TEXT_TAGS = {"p", "ul", "ol", "pre"}


def trading(layout: Callable) -> Callable:
    """Return WeasyPrint's layout of a block in the flow, which lets text go before what does not fit."""
    let_go: dict[int, int] = {}  # id of a box: pieces of text that went before it

    def in_flow(
        context: Any,
        box: Box,
        index: int,
        child: Box,
        new_children: list[Box],
        page_is_empty: bool,
        absolute_boxes: Any,
        fixed_boxes: Any,
        adjoining_margins: list[float],
        bottom_space: float,
        position_y: float,
        *rest: Any,
    ) -> Any:
        child = _moved(child, box.children[index])
        margins, place = list(adjoining_margins), (absolute_boxes, fixed_boxes)
        more = (bottom_space, position_y, *rest)
        laid_out = layout(context, box, index, child, new_children, page_is_empty, *place, adjoining_margins, *more)
        _, stop, resume_at, *_ = laid_out
        is_late = stop and resume_at == {index: None}
        room = context.page_bottom - bottom_space - position_y
        if not is_late or not _may_wait(child, box) or room < LEAST_ROOM or let_go.get(id(child), 0) >= FARTHEST:
            return laid_out
        waiting = list(takewhile(_is_float, box.children[index:]))
        text = index + len(waiting)
        count = _piece(box.children[text:])
        if not count:
            return laid_out
        let_go[id(child)] = let_go.get(id(child), 0) + 1
        end = text + count
        box.children = [*box.children[:index], *box.children[text:end], *waiting, *box.children[end:]]
        first = _moved(child, box.children[index])
        return layout(context, box, index, first, laid_out[6], page_is_empty, *place, margins, *more)

    return in_flow


def _moved(child: Box, wanted: Box) -> Box:
    """Return the box that stands at a place now, where WeasyPrint still has another."""
    if wanted is not child:
        wanted.position_x, wanted.position_y = child.position_x, child.position_y
    return wanted


def _may_wait(child: Box, box: Box) -> bool:
    return has_class(box, "passage") and _is_float(child)


def _is_float(box: Box) -> bool:
    return not {"figure", "table-block"}.isdisjoint(classes(box))


def _piece(following: list[Box]) -> int:
    """Return how many of the boxes that follow are one piece of text: a paragraph with its head and its formulas."""
    for position, box in enumerate(following):
        if not _is_text(box):
            break
        after = following[position + 1] if position + 1 < len(following) else None
        leads_on = has_class(box, "side-head") or has_class(box, "equation")
        if after is None or not (leads_on or _goes_on(after)):
            return 0 if after is not None and _is_float(after) else position + 1  # two captions would meet
    return 0


def _is_text(box: Box) -> bool:
    is_text = box.element_tag in TEXT_TAGS or not {"side-head", "equation"}.isdisjoint(classes(box))
    return is_text and box.is_in_normal_flow() and not has_class(box, "passage-sources")


def _goes_on(box: Box) -> bool:
    """Say whether a box belongs to the paragraph before it: a formula, a list, a program."""
    return has_class(box, "equation") or box.element_tag in TEXT_TAGS - {"p"}
