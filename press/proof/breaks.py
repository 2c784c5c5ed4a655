"""Proof of the laid-out pages: breaks, widths, gaps, spans, and what stands near its mention.

Place in the flow: called by `proof` with what the layout made: pages as records (`layout.boxes`) and
spans. Lengths are points from the top left corner of the page.
"""

from itertools import pairwise

from press.layout.laid import LaidPage, Line, Where
from press.proof.findings import Finding
from press.proof.rules import LINE, TOP, Whole, rule
from press.text.labels import anchor

PT_PER_MM = 72 / 25.4
FOOT = TOP + 50 * LINE
LEAST_FILL = 0.75
WIDEST_GAP = 3  # lines
LEAST_LINES = 2  # beside a heading, and of a paragraph on each page
FARTHEST = 1  # pages between a figure and its first mention
SLACK = 0.4
SPACE = 6  # wider than a space between words
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
HEADING_CLASSES = {"answer-label", "example-title", "reads"}


@rule
def breaks(whole: Whole):
    """Find what stands wrongly on the laid-out pages, answers and what surrounds them."""
    context, pages, body = whole.context, whole.pages, whole.body
    written = {entry.number for entry in context.book.entries if entry.is_written}
    numbered = context.texts.numbered
    whole.looked |= {
        "lines": sum(not line.is_picture for line in lines_of(pages)),
        "spans": sum(span.written for span in whole.printing.laid_out.spans),
        "numbered figures, tables and equations": len(numbered),
    }
    yield from too_wide(pages)
    yield from low_headings(pages, written)
    yield from lonely_lines(pages)
    yield from short_lines(pages)
    if context.book.part("source"):  # without one nobody but the author says where a page ends
        yield from unfilled(whole.printing.laid_out.spans)
    yield from gaps(body)
    yield from far_from_mention(body, numbered)


@rule
def landing(whole: Whole):
    """Find what stops a build, and tell it in the same words beside the rest."""
    for problem in whole.printing.problems:
        where = f"{problem.place.file.name}:{problem.place.line}"
        yield Finding("landing", "", where, "", f"{problem.what} ({problem.how})")


def lines_of(pages: list[LaidPage]) -> list[Line]:
    """Return all lines and pictures of pages, in order."""
    return [line for page in pages for line in page.lines]


def too_wide(pages):
    """Find what reaches beyond the right edge of the block that contains it."""
    for extent in (extent for page in pages for extent in page.extents):
        over = extent.right - extent.room
        if over > SLACK:
            what = f"{_kind(extent)} is {over / PT_PER_MM:.1f} mm wider than its column"
            yield found("width", extent.where, what)


def _kind(extent):
    if "formula" in extent.classes:
        return "a formula"
    if extent.tag in ("table", "img"):
        return {"table": "a table", "img": "a picture"}[extent.tag]
    if extent.block_tag == "pre":
        return f"the code line {extent.text.strip()[:30]!r}"
    return f"{(extent.text or extent.tag).strip()[:30]!r}"


def low_headings(pages, written):
    """Find headings with fewer than two lines of text after them in their column of the page.

    One line is enough where it is all that there is to say.
    """
    lines = [line for line in lines_of(pages) if _is_text_line(line)]
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        entry = line.where.entry
        if (
            not _is_heading(line)
            or entry == "cover"
            or following
            and _key(following) == _key(line)
            or entry[:1].isdigit()
            and entry not in written
        ):
            continue
        below = 0
        for after in lines[index + 1 :]:
            # The heading's number is a box of its own on the same line.
            if after.where.page != line.where.page or after.top < line.top - SLACK:
                goes_on = after.where.entry == entry and not _is_heading(after)
                break
            if not _is_heading(after):
                below += LEAST_LINES if after.is_picture else 1
        else:
            goes_on = False
        if below < LEAST_LINES and (goes_on or not below):
            yield found(
                "heading",
                line.where,
                f"{below} lines of text stand below the heading "
                f"{line.text[:40]!r} on its page, at least {LEAST_LINES} are needed",
            )


def _is_text_line(line):
    has_text = line.is_block if line.is_picture else bool(line.text.strip())
    return not line.where.in_note and line.block is not None and has_text


def _key(line):
    return line.block.key if line.block else None


def _is_heading(line):
    return line.block.tag in HEADINGS or not HEADING_CLASSES.isdisjoint(line.block.classes)


def lonely_lines(pages):
    """Find paragraphs that leave or carry a single line at a break of page or column."""
    blocks: dict[int, list[Line]] = {}
    for line in lines_of(pages):
        block = line.block
        # A heading's number is a block in its line; the heads of a table come again on each page.
        if block and not line.is_picture and block.key and block.tag != "th" and not block.is_in_line:
            blocks.setdefault(block.key, []).append(line)
    for lines in blocks.values():
        parts = [[lines[0]]]
        for before, line in zip(lines, lines[1:], strict=False):
            if line.where.page != before.where.page or line.top < before.top - SLACK:
                parts.append([])
            parts[-1].append(line)
        for number, part in enumerate(parts if len(parts) > 1 else []):
            if len(part) < LEAST_LINES:
                what = "orphan" if number == 0 else "widow"
                yield found(what, part[0].where, f"the line {part[0].text[:40]!r} stands alone")


def short_lines(pages):
    """Find lines that end although the beginning of the next line would have found room."""
    lines = [(line, line.block) for line in lines_of(pages) if not line.is_picture and line.block and line.block.wraps]
    for (line, block), (following, next_block) in pairwise(lines):
        if block.part != next_block.part:
            continue
        free = block.right - line.end
        if free > following.first + SPACE:
            yield found(
                "short line",
                line.where,
                f"the line {line.text[-40:]!r} ends {free / PT_PER_MM:.0f} mm "
                f"early, {following.text[:20]!r} would have found room",
            )


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
    columns: dict[str, list[Line]] = {}
    goes_on = set()
    inside = [line for line in lines_of(answers) if line.where.entry]
    for before, line in zip([None, *inside], inside, strict=False):
        if before and before.where.entry == line.where.entry and before.where.page != line.where.page:
            goes_on.add(before.where.folio)
        if not line.where.in_note:
            columns.setdefault(line.where.folio, []).append(line)
    for folio, lines in columns.items():
        covered = TOP
        for line in sorted(lines, key=lambda line: (line.top, line.bottom)):
            if line.top - covered > WIDEST_GAP * LINE:
                free = (line.top - covered) / LINE
                yield found("gap", line.where, f"{free:.1f} lines are free above this place")
            covered = max(covered, line.bottom)
        if folio in goes_on and FOOT - covered > WIDEST_GAP * LINE:
            free = (FOOT - covered) / LINE
            yield found(
                "gap",
                lines[-1].where,
                f"{free:.1f} lines are free at the foot of the page, and the answer goes on overleaf",
            )


def far_from_mention(answers, numbered):
    """Find numbered items without a mention, and those far from their first mention."""
    labels = {anchor(label): item for label, item in numbered.items()}
    places: dict[str, Where] = {}
    mentions: dict[str, Where] = {}
    for page in answers:
        for named in page.anchors:
            if named.name in labels:
                places.setdefault(named.name, named.where)
        for link in page.links:
            if link.name in labels and link.name not in link.inside:
                mentions.setdefault(link.name, link.where)
    for name, place in places.items():
        words = f"{labels[name].kind.capitalize()} {labels[name].number}"
        if name not in mentions:
            yield found("mention", place, f"{words} is mentioned nowhere")
            continue
        away = abs(int(place.folio) - int(mentions[name].folio))
        if labels[name].kind != "equation" and away > FARTHEST:
            yield found("mention", place, f"{words} stands {away} pages from its first mention")


def found(rule: str, where: Where, what: str) -> Finding:
    """Return a Finding at a place: the height is told in lines of the type area."""
    line = max(1, round((where.y - TOP) / LINE) + 1)
    place = f"margin, line {line}" if where.in_note else f"line {line}"
    return Finding(rule, where.folio, place, where.entry, what)
