"""Proof of the laid-out pages: breaks, widths, gaps, spans, and what stands near its mention.

Place in the flow: called by `proof` with what `layout` and `fit` made; it measures WeasyPrint's
boxes, whose lengths are CSS pixels (96 to the inch) from the top left corner of the page.
"""

from typing import NamedTuple

from weasyprint.formatting_structure import boxes
from weasyprint.text.line_break import split_first_line

from press.layout.patches import has_class
from press.proof.findings import Finding
from press.text.html import KIND_WORDS
from press.text.labels import anchor

MM, POINT = 96 / 25.4, 96 / 72
TOP, LINE = 30 * MM, 13.6 * POINT
FOOT = TOP + 50 * LINE
LEAST_FILL = 0.75
WIDEST_GAP = 3  # lines
LEAST_LINES = 2  # beside a heading, and of a paragraph on each page
FARTHEST = 1  # pages between a figure and its first mention
SLACK = 0.5  # pixels
SPACE = 8  # pixels, wider than a space between words
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
HEADING_CLASSES = ("answer-label", "example-title", "reads")


class Sheet(NamedTuple):
    """A laid-out page: its folio as printed, its index in the book, WeasyPrint's page box."""

    folio: str
    index: int
    box: object

    @property
    def is_left(self):
        """True on a left-hand page."""
        return self.index % 2 == 1


class Item(NamedTuple):
    """A box on a page, the block that contains it, its entry, and its note if it is in one.

    `block` is None in what is placed outside the flow, such as the folios of the contents; `inside`
    are the ids of the elements around it and its own.
    """

    sheet: Sheet
    box: object
    block: object
    entry: str
    note: object
    inside: tuple


def items(sheet):
    """Yield the Items of a page in document order; running heads and folios are left out."""
    for child in sheet.box.children:
        if not isinstance(child, boxes.MarginBox):
            yield from _inside(sheet, child, sheet.box, "", None, ())


def _inside(sheet, box, block, entry, note, inside):
    name = box.element.get("id", "") if box.element is not None else ""
    if name and box.element_tag in ("article", "section"):
        entry = name.removeprefix("entry-")
    if name and name not in inside:
        inside = (*inside, name)
    if note is None and has_class(box, "note"):
        note = box
    yield Item(sheet, box, block, entry, note, inside)
    if box.is_absolutely_positioned() and not isinstance(box, boxes.BlockContainerBox):
        block = None
    elif isinstance(box, (boxes.BlockLevelBox, boxes.BlockContainerBox)):
        block = box
    for child in getattr(box, "children", ()):
        yield from _inside(sheet, child, block, entry, note, inside)


def proof_layout(setting, sheets, body, spans):
    """Return (Findings, counts) of all pages; `body` are the sheets of the answers."""
    everything = [item for sheet in sheets for item in items(sheet)]
    of_answers = set(body)
    answers = [item for item in everything if item.sheet in of_answers]
    written = {entry.number for entry in setting.book.entries if entry.is_written}
    numbered = setting.texts.numbered
    findings = [
        *too_wide(everything),
        *low_headings(everything, written),
        *lonely_lines(everything),
        *short_lines(everything),
        *unfilled(spans),
        *gaps(answers),
        *far_from_mention(answers, numbered),
    ]
    return findings, {
        "lines": sum(isinstance(item.box, boxes.LineBox) for item in everything),
        "spans": sum(span.written for span in spans),
        "numbered figures, tables and equations": len(numbered),
    }


def too_wide(everything):
    """Find what reaches beyond the right edge of the block that contains it."""
    for item in everything:
        box, block = item.box, item.block
        if (
            not isinstance(box, (boxes.BlockLevelBox, boxes.ReplacedBox, boxes.TextBox))
            or not box.is_in_normal_flow()
            or has_class(box, "wide")
            or block is None
            or isinstance(block, (boxes.PageBox, boxes.TableRowBox, boxes.TableRowGroupBox))
        ):
            continue
        right = (
            box.position_x + box.width if isinstance(box, boxes.TextBox) else box.border_box_x() + box.border_width()
        )
        over = right - (block.content_box_x() + block.width)
        if over > SLACK:
            yield found("width", item, f"{_kind(item)} is {over / MM:.1f} mm wider than its column")


def _kind(item):
    if has_class(item.box, "formula"):
        return "a formula"
    if item.box.element_tag in ("table", "img"):
        return {"table": "a table", "img": "a picture"}[item.box.element_tag]
    if item.block.element_tag == "pre":
        return f"the code line {item.box.text.strip()[:30]!r}"
    return f"{getattr(item.box, 'text', item.box.element_tag).strip()[:30]!r}"


def low_headings(everything, written):
    """Find headings with fewer than two lines of text after them in their column of the page.

    One line is enough where it is all that there is to say.
    """
    lines = [item for item in everything if _is_text_line(item)]
    for index, item in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        if (
            not _is_heading(item)
            or following
            and following.block.element is item.block.element
            or item.entry[:1].isdigit()
            and item.entry not in written
        ):
            continue
        below = 0
        for after in lines[index + 1 :]:
            if after.sheet != item.sheet or after.box.position_y < item.box.position_y:
                goes_on = after.entry == item.entry and not _is_heading(after)
                break
            if not _is_heading(after):
                below += 1 if isinstance(after.box, boxes.LineBox) else LEAST_LINES
        else:
            goes_on = False
        if below < LEAST_LINES and (goes_on or not below):
            yield found(
                "heading",
                item,
                f"{below} lines of text stand below the heading "
                f"{_text(item.box)[:40]!r} on its page, at least {LEAST_LINES} are needed",
            )


def _is_text_line(item):
    return (
        item.note is None
        and item.block is not None
        and (
            isinstance(item.box, boxes.BlockReplacedBox)
            or isinstance(item.box, boxes.LineBox)
            and bool(_text(item.box).strip())
        )
    )


def _is_heading(item):
    block = item.block
    return block.element_tag in HEADINGS or any(has_class(block, name) for name in HEADING_CLASSES)


def _text(line):
    return "".join(box.text for box in line.descendants() if isinstance(box, boxes.TextBox))


def lonely_lines(everything):
    """Find paragraphs that leave or carry a single line at a break of page or column."""
    blocks = {}
    for item in everything:
        # A heading's number is a block in its line; the heads of a table come again on each page.
        if (
            isinstance(item.box, boxes.LineBox)
            and item.block is not None
            and item.block.element is not None
            and item.block.element_tag != "th"
            and not isinstance(item.block, boxes.InlineBlockBox)
        ):
            blocks.setdefault((item.block.element, item.block.element_tag), []).append(item)
    for lines in blocks.values():
        parts = [[lines[0]]]
        for before, item in zip(lines, lines[1:], strict=False):
            if item.sheet != before.sheet or item.box.position_y < before.box.position_y - SLACK:
                parts.append([])
            parts[-1].append(item)
        for number, part in enumerate(parts if len(parts) > 1 else []):
            if len(part) < LEAST_LINES:
                what = "orphan" if number == 0 else "widow"
                yield found(what, part[0], f"the line {_text(part[0].box)[:40]!r} stands alone")


def short_lines(everything):
    """Find lines that end although the beginning of the next line would have found room."""
    lines = [
        item
        for item in everything
        if isinstance(item.box, boxes.LineBox)
        and item.block is not None
        and item.block.style["white_space"] == "normal"
    ]
    for item, following in zip(lines, lines[1:], strict=False):
        if item.block is not following.block:
            continue
        right = max((box.position_x + box.margin_width() for box in _leaves(item.box)), default=0)
        free = item.block.content_box_x() + item.block.width - right
        if free > _unbreakable(following.box) + SPACE:
            yield found(
                "short line",
                item,
                f"the line {_text(item.box)[-40:]!r} ends {free / MM:.0f} mm "
                f"early, {_text(following.box)[:20]!r} would have found room",
            )


def _leaves(line):
    return [box for box in line.descendants() if isinstance(box, (boxes.TextBox, boxes.AtomicInlineLevelBox))]


def _unbreakable(line):
    """Return the width of what stands before the first space of a line."""
    width = 0
    for box in _leaves(line):
        before, space, _ = (getattr(box, "text", None) or "").partition(" ")
        if space and box.style["white_space"] == "normal":
            return width + split_first_line(before, box.style, None, None, 0)[3]
        width += box.margin_width()
    return width


def unfilled(spans):
    """Find spans of pages that are filled by less than three quarters; the last has no limit."""
    for span in spans:
        if span.written and span.last and not LEAST_FILL <= span.fill <= 1.001:
            yield Finding(
                "fill",
                span.pages,
                "span",
                ", ".join(span.numbers),
                f"{span.fill:.0%} of the span is filled ({span.used:.0f} of "
                f"{span.there:.0f} lines), 75-100 % are wanted",
            )


def gaps(answers):
    """Find more than three free lines between blocks, and at the foot of a page of an answer."""
    pages, goes_on = {}, set()
    inside = [item for item in answers if item.entry]
    for before, item in zip([None, *inside], inside, strict=False):
        if before and before.entry == item.entry and before.sheet != item.sheet:
            goes_on.add(before.sheet)
        if item.note is None and isinstance(item.box, (boxes.LineBox, boxes.ReplacedBox)):
            top = item.box.position_y
            height = item.box.height if isinstance(item.box, boxes.LineBox) else item.box.margin_height()
            pages.setdefault(item.sheet, []).append((top, top + height, item))
    for sheet, pieces in pages.items():
        covered = TOP
        for top, bottom, item in sorted(pieces, key=lambda piece: piece[:2]):
            if top - covered > WIDEST_GAP * LINE:
                lines = (top - covered) / LINE
                yield found("gap", item, f"{lines:.1f} lines are free above this place")
            covered = max(covered, bottom)
        if sheet in goes_on and FOOT - covered > WIDEST_GAP * LINE:
            lines = (FOOT - covered) / LINE
            yield found(
                "gap",
                pieces[-1][2],
                f"{lines:.1f} lines are free at the foot of the page, and the answer goes on overleaf",
            )


def far_from_mention(answers, numbered):
    """Find numbered items without a mention, and those far from their first mention."""
    labels = {anchor(label): item for label, item in numbered.items()}
    places, mentions = {}, {}
    for item in answers:
        for name in item.inside[-1:]:
            if name in labels:
                places.setdefault(name, item)
        if item.box.element_tag == "a":
            target = item.box.element.get("href", "")[1:]
            if target in labels and target not in item.inside:
                mentions.setdefault(target, item)
    for name, place in places.items():
        words = f"{KIND_WORDS[labels[name].kind]} {labels[name].number}"
        if name not in mentions:
            yield found("mention", place, f"{words} is mentioned nowhere")
            continue
        away = abs(int(place.sheet.folio) - int(mentions[name].sheet.folio))
        if labels[name].kind != "equation" and away > FARTHEST:
            yield found("mention", place, f"{words} stands {away} pages from its first mention")


def found(rule, item, what):
    """Return a Finding at an Item: the height is told in lines of the type area."""
    line = max(1, round((item.box.position_y - TOP) / LINE) + 1)
    place = f"margin, line {line}" if item.note is not None else f"line {line}"
    return Finding(rule, item.sheet.folio, place, item.entry, what)
