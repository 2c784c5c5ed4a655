"""Proof of the setting: notes beside their entry, last words, divided words, distances of lines, empty pages.

Place in the flow: called by `proof` with the laid-out pages (`layout.boxes`); lengths are points from
the top left corner of the page.
"""

from collections.abc import Container, Iterable, Iterator, Sequence

from press.layout.boxes import LaidPage, Line
from press.proof.breaks import FOOT, LINE, TOP, found
from press.proof.findings import Finding
from press.proof.rules import Whole, rule

LEAST_LAST = 5  # letters of the last line of a note or caption
FARTHEST = 6  # lines from an entry to its note: an entry may have fewer lines than its notes
JUMP = 1.2  # by which two lines of a paragraph may be of different height
DIVIDED = ("-", "\u2010", "\u00ad")
LEAST_FULL, LEAST_AT_THE_END = 0.5, 0.2  # of a page behind the answers, and where something ends
CAPTIONS = {"figcaption", "caption"}


@rule
def setting(whole: Whole):
    """Find faults of the setting of the answers' pages, and almost empty pages behind them."""
    yield from (finding for page in whole.body for finding in far_notes(page))
    looks = (short_ends, uneven) if whole.context.words.divides else (short_ends, divided, uneven)
    for lines in paragraphs(whole.pages):
        yield from (finding for look in looks for finding in look(lines))
    yield from cut_at_the_leaf(whole.body)
    answers = whole.printing.laid_out.answers
    later = [page for page in whole.pages if page.number >= answers.stop]
    parts = whole.printing.laid_out.parts
    ends = {later[-1].number, answers.stop + len(parts.document.pages) - 1 if parts else -1} if later else set()
    yield from empty_pages(later, ends)


def paragraphs(pages: Iterable[LaidPage]) -> Iterator[list[Line]]:
    """Yield the lines of each paragraph, heading or caption, or of the part of it on one page; pictures in it too."""
    parts: dict[int, list[Line]] = {}
    for page in pages:
        for line in page.lines:
            if line.block is not None and not line.is_block and not line.block.is_in_line:
                parts.setdefault(line.block.part, []).append(line)
    yield from parts.values()


def _tag(line: Line) -> str:
    return line.block.tag if line.block else ""


def far_notes(page: LaidPage) -> Iterator[Finding]:
    """Find notes that begin above or below all that their entry has on the page."""
    reach: dict[str, tuple[float, float]] = {}
    for line in page.lines:
        if not line.where.in_note:
            top, bottom = reach.get(line.where.entry, (line.top, line.bottom))
            reach[line.where.entry] = min(top, line.top), max(bottom, line.bottom)
    for note in page.besides:
        entry = note.where.entry
        if not note.is_note or entry not in reach:
            continue
        top, bottom = reach[entry]
        away = max(top - LINE - note.top, note.top - bottom)
        if away > FARTHEST * LINE:
            yield found(
                "beside", note.where, f"a note stands {away / LINE:.1f} lines from what {entry} has on the page"
            )


def short_ends(lines: list[Line]) -> Iterator[Finding]:
    """Find a note or caption whose last line is one short word."""
    texts = [line for line in lines if not line.is_picture]
    if len(texts) < 2 or not (texts[-1].where.in_note or _tag(texts[-1]) in CAPTIONS):
        return
    last = texts[-1]
    has_picture = any(line.is_picture and last.top <= (line.top + line.bottom) / 2 <= last.bottom for line in lines)
    words = last.text.strip()
    if words and len(words) < LEAST_LAST and not has_picture:
        yield found("runt", last.where, f"the last line is {words!r} alone")


def divided(lines: list[Line]) -> Iterator[Finding]:
    """Find a line of a note or a caption that ends inside a word."""
    for line in [line for line in lines if not line.is_picture][:-1]:
        in_narrow = line.where.in_note or _tag(line) in CAPTIONS
        if in_narrow and line.text.rstrip().endswith(DIVIDED):
            yield found("hyphen", line.where, f"a word is divided at the end of {line.text.strip()[-30:]!r}")


def uneven(lines: list[Line]) -> Iterator[Finding]:
    """Find a line of a paragraph that a formula in it makes higher than the others."""
    texts = [line for line in lines if not line.is_picture]
    least = min((line.bottom - line.top for line in texts), default=0)
    for line in texts:
        more = line.bottom - line.top - least
        if more > JUMP and _tag(line) in ("p", "li"):
            yield found(
                "baseline", line.where, f"the line {line.text.strip()[:30]!r} is {more:.1f} pt higher than others"
            )


def cut_at_the_leaf(body: Iterable[LaidPage]) -> Iterator[Finding]:
    """Find a page of an answer that ends with a colon: what it announces stands overleaf."""
    for page in body:
        lines = [line for line in page.lines if not line.where.in_note and line.where.entry]
        last = max(lines, key=lambda line: line.bottom, default=None)
        if last is None or last.is_picture or FOOT - last.bottom > 4 * LINE:
            continue
        if last.text.rstrip().endswith(":"):
            yield found("overleaf", last.where, f"what {last.text.strip()[-30:]!r} announces stands overleaf")


def empty_pages(pages: Sequence[LaidPage], ends: Container[int] = ()) -> Iterator[Finding]:
    """Find pages behind the answers that are almost empty; `ends` are the last ones of what is set by itself."""
    for page in pages:
        lowest = max((line.bottom for line in page.lines), default=TOP)
        full, least = (lowest - TOP) / (FOOT - TOP), LEAST_AT_THE_END if page.number in ends else LEAST_FULL
        if full < least:
            yield Finding("empty", page.folio, "page", "", f"{full:.0%} of the page is used, at least {least:.0%}")
