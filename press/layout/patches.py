"""What WeasyPrint 70.0 does otherwise than this book needs, changed for the time of one layout or drawing.

Place in the flow: `engine` lays out inside `patched` and draws inside `heads_as_artifacts`. Each patch
wraps one function of WeasyPrint (70.0, pinned) and says what it changes; `tests/layout` and
`tests/proof/test_breaks.py` fail when a new version behaves differently.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pydyf
from weasyprint.document import Document
from weasyprint.formatting_structure import boxes
from weasyprint.html import UA_STYLESHEET
from weasyprint.layout import block, inline
from weasyprint.layout import page as pages
from weasyprint.pdf.stream import Stream

from press.layout.boxes import Box, classes, descend, has_class
from press.layout.trading import trading

# Parts that WeasyPrint's own style gives to every element and that none of a book has: each a style to resolve.
NOTE_PARTS = {"footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"}

# What has air above it, by class and by tag. A drawing keeps it: the number of a tick on the first line of
# a page would be taken for the page's.
CLASSES_WITH_AIR, TAGS_WITH_AIR = {"example", "experiment"}, {"table", "section", "pre"}


@contextmanager
def patched(offset: int) -> Iterator[None]:
    """Lay out with all patches; `offset` + number of a page gives its folio."""
    make_page, break_at_folio = _breaks_before_folios(offset)
    columns_layout, in_columns = _children_of_columns_once()
    changes = {
        (pages, "make_page"): make_page,
        (block, "block_level_page_break"): break_at_folio,
        (block, "columns_layout"): columns_layout,
        (block, "_in_flow_layout"): trading(block._in_flow_layout),
        (block, "block_level_layout"): _flush_at_the_top(in_columns),
        (block, "float_layout"): _unbroken_notes(),
        (inline, "split_first_line"): _whole_lines(),
        (UA_STYLESHEET.matcher, "other_selectors"): [
            rule
            for rule in UA_STYLESHEET.matcher.other_selectors
            if rule[3] not in NOTE_PARTS  # (test, weight, order, part, rules)
        ],
    }
    before = {place: getattr(*place) for place in changes}
    try:
        for place, function in changes.items():
            setattr(*place, function)
        yield
    finally:
        for place, function in before.items():
            setattr(*place, function)


@contextmanager
def heads_as_artifacts(document: Document) -> Iterator[None]:
    """Draw running heads and folios as artifacts: WeasyPrint marks them as content, outside the tree."""
    heads = {
        id(text)
        for page in document.pages
        for margin in page._page_box.children
        if isinstance(margin, boxes.MarginBox)
        for text in descend(margin)
    }
    marked = Stream.marked

    @contextmanager
    def marked_or_not(stream: Any, box: Box, tag: str) -> Iterator[None]:
        if stream._tags is None or id(box) not in heads:
            with marked(stream, box, tag):
                yield
            return
        stream._tags[box] = {"tag": tag, "mcid": len(stream._tags)}  # the tree is made from it, and lets go of it
        stream.begin_marked_content("Artifact", pydyf.Dictionary({"Type": "/Pagination"}))
        yield
        stream.end_marked_content()

    Stream.marked = marked_or_not
    try:
        yield
    finally:
        Stream.marked = marked


@contextmanager
def pages_named_once() -> Iterator[None]:
    """Draw with the references of all pages made once: pydyf 0.13 makes them anew for each tag and bookmark."""
    named = pydyf.PDF.page_references
    made: dict[int, tuple[bytes, ...]] = {}

    def known(pdf: Any) -> tuple[bytes, ...]:
        count = len(pdf.pages["Kids"])
        if count not in made:
            made.clear()
            made[count] = named.fget(pdf)
        return made[count]

    pydyf.PDF.page_references = property(known)
    try:
        yield
    finally:
        pydyf.PDF.page_references = named


@contextmanager
def objects_uncompressed() -> Iterator[None]:
    """Write without compressing the stream of all small objects: the file is read again at once, and saved anew."""
    data = pydyf.Stream.data

    def plain(stream: Any) -> bytes:
        stream.compress = stream.compress and stream.extra.get("Type") != "/ObjStm"
        return data.fget(stream)

    pydyf.Stream.data = property(plain)
    try:
        yield
    finally:
        pydyf.Stream.data = data


def _breaks_before_folios(offset: int) -> tuple[Callable, Callable]:
    """Force a page break before an element with `data-folio` while the page has a lower folio.

    Where a text runs over onto the page of the next heading, none is forced. CSS has no such break.
    """
    make_page, page_break = pages.make_page, block.block_level_page_break
    page_number = 0

    def counting(context: Any, root_box: Box, page_type: Any, resume_at: Any, number: int, *rest: Any) -> Any:
        nonlocal page_number
        page_number = number
        return make_page(context, root_box, page_type, resume_at, number, *rest)

    def at_folio(before: Box, after: Box) -> Any:
        element = getattr(after, "element", None)  # None at the end of a column
        wanted = element.get("data-folio") if element is not None else None
        if wanted and page_number + offset < int(wanted):
            return "page"
        return page_break(before, after)

    return counting, at_folio


def _unbroken_notes() -> Callable:
    """Lay out a margin note whole, wherever it stands, and not in the way of the text.

    A float breaks over pages even under `break-inside: avoid`.
    """
    float_layout = block.float_layout

    def unbroken(
        context: Any, box: Box, containing_block: Box, absolute: Any, fixed: Any, bottom_space: float, skip_stack: Any
    ) -> Any:
        if not has_class(box, "note"):
            return float_layout(context, box, containing_block, absolute, fixed, bottom_space, skip_stack)
        note, resume_at = float_layout(context, box, containing_block, absolute, fixed, -float("inf"), skip_stack)
        context.excluded_shapes.pop()
        return note, resume_at

    return unbroken


def _whole_lines() -> Callable:
    """Keep a text on one line where only the space at its end would be too much.

    Before a link or a formula such a text is cut after its first word, and the rest starts a line
    of its own.
    """
    split = inline.split_first_line

    def whole(
        text: str,
        style: Any,
        context: Any,
        max_width: float | None,
        justification_spacing: float,
        is_line_start: bool = True,
        minimum: bool = False,
    ) -> Any:
        line = split(text, style, context, max_width, justification_spacing, is_line_start, minimum)
        layout, _, resume_at, *_ = line
        is_cut = resume_at is not None and text.endswith(" ") and " " not in layout.text.strip()
        if is_cut and not minimum and style["white_space"] == "normal":
            fits = split(text.rstrip(" "), style, context, max_width, justification_spacing, is_line_start)
            if fits[2] is None:
                return split(text, style, context, None, justification_spacing, is_line_start)
        return line

    return whole


def _flush_at_the_top(layout: Callable) -> Callable:
    """Drop what a table, an example or a section keeps free above itself where it opens a page.

    WeasyPrint does so only where the parent is the root, or lets margins through; it takes margins that
    adjoin for a sign of it. Blocks in notes and cells always look as if they opened a page, and stay as they are.
    """

    def flush(
        context: Any,
        box: Box,
        bottom_space: float,
        skip_stack: Any,
        containing_block: Box,
        page_is_empty: bool = True,
        absolute_boxes: Any = None,
        fixed_boxes: Any = None,
        adjoining_margins: Any = None,
        *rest: Any,
    ) -> Any:
        has_air = not CLASSES_WITH_AIR.isdisjoint(classes(box)) or box.element_tag in TAGS_WITH_AIR
        opens, before = page_is_empty and has_air, context.forced_break
        margins = adjoining_margins or [0] if opens else adjoining_margins
        more = (page_is_empty, absolute_boxes, fixed_boxes, margins, *rest)
        if opens:  # a page with a name counts as one after a forced break
            context.forced_break = False
        try:
            return layout(context, box, bottom_space, skip_stack, containing_block, *more)
        finally:
            context.forced_break = before

    return flush


def _children_of_columns_once() -> tuple[Callable, Callable]:
    """Move a child of columns that fits where it is tried next, instead of laying it out again.

    Columns are balanced by trying one height after the other, and each try lays out all that is left.
    """
    columns, layout = block.columns_layout, block.block_level_layout
    kept: dict[Any, Any] = {}

    def columns_once(*arguments: Any, **named: Any) -> Any:
        kept.clear()
        try:
            return columns(*arguments, **named)
        finally:
            kept.clear()

    def once(
        context: Any,
        box: Box,
        bottom_space: float,
        skip_stack: Any,
        containing_block: Box,
        page_is_empty: bool = True,
        absolute_boxes: Any = None,
        fixed_boxes: Any = None,
        adjoining_margins: Any = None,
        *rest: Any,
    ) -> Any:
        more = (page_is_empty, absolute_boxes, fixed_boxes, adjoining_margins, *rest)
        arguments = (context, box, bottom_space, skip_stack, containing_block, *more)
        if skip_stack is not None or not getattr(containing_block, "is_column", False):
            return layout(*arguments)
        key = id(box), containing_block.width, page_is_empty, context.forced_break, tuple(adjoining_margins)
        x, y = box.position_x, box.position_y
        if key in kept:
            laid_out, margins, before_x, before_y, _ = kept[key]
            foot = laid_out[0].border_box_y() + laid_out[0].border_height() - before_y + y
            if not context.overflows_page(bottom_space, foot):
                laid_out[0].translate(x - before_x, y - before_y)
                kept[key] = laid_out, margins, x, y, box
                return (*laid_out[:3], list(margins), *laid_out[4:])
        shapes, absolutes = len(context.excluded_shapes), len(absolute_boxes)
        laid_out = layout(*arguments)
        is_alone = (shapes, absolutes) == (len(context.excluded_shapes), len(absolute_boxes))
        if laid_out[0] is not None and laid_out[1] is None and is_alone and laid_out[0].clearance is None:
            kept[key] = laid_out, list(laid_out[3]), x, y, box  # the box too: nothing else may get its id
        return laid_out

    return columns_once, once
