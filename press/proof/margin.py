"""Proof of the margin column: its notes stay apart, on their page, and leave room for the pen.

Place in the flow: called by `proof` with the laid-out pages of the answers, and of the parts behind them
(`layout.boxes`); lengths are points.
"""

from collections.abc import Iterator
from itertools import dropwhile

from press.layout.laid import Beside, LaidPage, Line
from press.proof.breaks import FOOT, LINE, PT_PER_MM, SLACK, TOP, found
from press.proof.findings import Finding
from press.proof.rules import Whole, rule

MARGIN_WIDTH, MARGIN_LINES = 45 * PT_PER_MM, 50
NOTE_LEFT = {True: 22 * PT_PER_MM, False: 143 * PT_PER_MM}  # left edge of the margin column, by side
WIDE_LEFT = {True: 22 * PT_PER_MM, False: 24 * PT_PER_MM}  # left edge of the whole type area, by side
WIDE_WIDTH = 164 * PT_PER_MM
LEAST_FREE = 0.4
FULLEST = 0.6  # of a page's margin
HEAD_DROP = (0.5, 3.5)  # of a side head below the top of the line that it stands beside


@rule
def margin(whole: Whole):
    """Find faults of the margins of the answers' pages."""
    findings, counts = proof_margin(whole.body)
    whole.looked |= counts
    return findings


@rule
def parts(whole: Whole):
    """Find faults of the margins of the parts behind the answers."""
    laid_out = whole.printing.laid_out
    if laid_out.parts is None:
        return
    first = laid_out.answers.stop
    behind = whole.pages[first : first + len(laid_out.parts.document.pages)]
    blocks = [block for page in behind for block in page.besides]
    whole.looked["side heads"] = sum("side-head" in block.kinds for block in blocks)
    yield from (*out_of_place(blocks), *torn(blocks), *meeting(blocks))
    yield from (finding for page in behind for finding in far_heads(page))


def proof_margin(body: list[LaidPage]):
    """Return (Findings, counts) of the margins of the answers' pages."""
    blocks = [block for page in body for block in page.besides]
    taken = sum(block.bottom - block.top for block in blocks) / LINE
    free = 1 - taken / (MARGIN_LINES * len(body))
    findings = [*out_of_place(blocks), *torn(blocks), *meeting(blocks)]
    findings += [finding for page in body for finding in _too_full(page)]
    if free < LEAST_FREE:
        fullest = sorted(body, key=_taken, reverse=True)[:5]
        folios = ", ".join(page.folio for page in fullest)
        findings.append(
            Finding(
                "margin",
                folios,
                "margin",
                "",
                f"{free:.0%} of the margin is free over the book, at least {LEAST_FREE:.0%} is wanted",
            )
        )
    return findings, {
        "margin notes": sum(block.is_note for block in blocks),
        "wide blocks": sum(not block.is_note for block in blocks),
        "percent of the margin free": round(100 * free),
    }


def _taken(page: LaidPage) -> float:
    return sum(block.bottom - block.top for block in page.besides)


def _too_full(page):
    """Find a page whose notes leave less than two fifths of the margin; wide blocks take none of it."""
    notes = [block for block in page.besides if block.is_note]
    share = sum(block.bottom - block.top for block in notes) / LINE / MARGIN_LINES
    entries = sorted({block.where.entry for block in notes})
    if share > FULLEST:
        yield Finding(
            "margin",
            page.folio,
            "margin",
            ", ".join(entries),
            f"{share:.0%} of the margin is full, at most {FULLEST:.0%}",
        )


def _name(block: Beside) -> str:
    if not block.is_note:
        return "the wide block"
    return f"the note {block.kinds[0]!r}" if block.kinds else "the note"


def out_of_place(blocks):
    """Find notes and wide blocks that do not stand where the page has their column."""
    for block in blocks:
        left = (NOTE_LEFT if block.is_note else WIDE_LEFT)[block.where.is_left]
        width = MARGIN_WIDTH if block.is_note else WIDE_WIDTH
        if abs(block.left - left) > SLACK or abs(block.right - left - width) > SLACK:
            away = (block.left - left) / PT_PER_MM
            yield found("margin", block.where, f"{_name(block)} stands {away:+.1f} mm beside its column")
        if block.top < TOP - SLACK or block.bottom > FOOT + SLACK:
            over = max(TOP - block.top, block.bottom - FOOT) / LINE
            yield found("margin", block.where, f"{_name(block)} leaves the page by {over:.1f} lines")


def torn(blocks):
    """Find notes that are on two pages."""
    first: dict[int, Beside] = {}
    for block in blocks:
        before = first.setdefault(block.key, block)
        if before.where.page != block.where.page:
            yield found("margin", block.where, f"{_name(block)} began on page {before.where.folio}")


def meeting(blocks):
    """Find notes that meet another note or a wide block."""
    for index, block in enumerate(blocks):
        for other in blocks[index + 1 :]:
            if block.where.page != other.where.page:
                continue
            over = min(block.bottom, other.bottom) - max(block.top, other.top)
            if over > SLACK and (block.is_note or other.is_note):
                yield found(
                    "margin",
                    other.where,
                    f"{_name(block)} and {_name(other)} meet: {over / LINE:.1f} lines lie on each other",
                )


def far_heads(page: LaidPage) -> Iterator[Finding]:
    """Find side heads that are not on one line with what they head, or stand without it."""
    for index, line in enumerate(page.lines):
        before = page.lines[index - 1].block if index else None
        if not _is_side_head(line) or line.block == before:
            continue
        rest = dropwhile(lambda other: other.where.in_note or other.block is None, page.lines[index:])
        beside = next((other for other in rest if other.where.entry == line.where.entry), None)
        if beside is None:
            yield found("side head", line.where, f"{line.text.strip()[:40]!r} stands without its paragraph")
        elif (
            not (beside.is_picture or beside.block and beside.block.tag == "pre")
            and not HEAD_DROP[0] <= line.top - beside.top <= HEAD_DROP[1]
        ):
            away = (line.top - beside.top) / LINE
            yield found(
                "side head", line.where, f"{line.text.strip()[:40]!r} stands {away:+.1f} lines from its paragraph"
            )


def _is_side_head(line: Line) -> bool:
    return line.block is not None and "side-head" in line.block.classes and not line.is_picture
