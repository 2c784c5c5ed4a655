"""Find what a reader steers by in a printed book: contents entries, headings, folios.

Place in the flow: between `pdf.records`, which knows only runs of text, and `agreement`, which
compares what is found here with the source. What counts is what a reader would see: the contents begins
where the source's own heading stands, a heading is larger than the text, a folio stands in the
outer corner.
"""

import re
from collections import Counter
from typing import NamedTuple

from press.pdf.records import Link
from press.pdf.runs import join

NUMBER = re.compile(r"(\d+(?:\.\d+)+)(?![\d.])\s*(.*)", re.DOTALL)
# The mark of a corrected wording and the dots of a leader, after a title in the contents.
TRAILING = re.compile(r"(?:\s|†|\.\.++|(?<=\s)\.)++$")
# A column of the contents is wider than any indent in it, in points.
COLUMN = 100
# In parts of the font size: how far the next line of a heading may be below.
LINE = 1.7


class Box(NamedTuple):
    """What some runs cover, in points from the top left corner of a page; pages count from 0."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


class Folio(NamedTuple):
    """A page's number as printed, and whether it stands in the outer corner."""

    text: str
    is_outer: bool


class ContentsEntry(NamedTuple):
    """An entry as the contents prints it: line ends in `title` are kept, `folio` may be empty."""

    number: str
    title: str
    folio: str
    links: list[Link]
    box: Box


class Heading(NamedTuple):
    """A heading as printed; `y` is its baseline, in points from the top of the page."""

    number: str
    title: str
    page: int
    y: float
    size: float
    box: Box


def find_folios(printed):
    """Return {page index: Folio}: the number that ends the top line of each page, at its outer edge or the other.

    A page's outer edge is the right one where its index, counted from 0, is even. After a page that was
    put in or taken out all stand in the inner corner. A page whose top line ends in no number has no folio.
    """
    folios = {}
    for index, runs in _by_page(printed.runs).items():
        head, _ = _running_head(runs)
        middle, right_hand = printed.pages[index].width / 2, index % 2 == 0
        for is_right in (right_hand, not right_hand):
            last = max(head, key=lambda run: run.right) if is_right else min(head, key=lambda run: run.x)
            if re.fullmatch(r"\d+|[ivxlc]+", last.text) and (last.x > middle) == is_right:
                folios.setdefault(index, Folio(last.text, is_right == right_hand))
    return folios


def find_contents(printed, begin, end):
    """Return the entries of the contents in reading order, down the columns of each page.

    The contents reaches from the source's heading for it to the one for the answers. Where the book does not
    print the first, what counts before the first answer are lines that end in a page; where it does not print
    the second, the contents ends where the answers begin.
    """
    answers = min((heading.page for heading in find_headings(printed)), default=len(printed.pages))
    is_headed = any(run.text == begin for run in printed.runs)
    before = [run for run in printed.runs if run.page < answers]
    runs = _between(printed.runs, before, begin, end) if is_headed else before
    entries = []
    for page, on_page in _by_page(runs).items():
        links = [link for link in printed.links if link.page == page]
        numbers = [run for run in on_page if NUMBER.match(run.text)]
        starts = _column_starts(numbers)
        for start, end in zip(starts, [*starts[1:], float("inf")], strict=False):
            column = [run for run in on_page if start - 1 <= run.x < end - 1]
            heads = sorted(
                (run for run in column if run in numbers and run.x < start + COLUMN / 4), key=lambda run: run.y
            )
            for head, following in zip(heads, [*heads[1:], None], strict=True):
                bottom = following.y - following.size / 2 if following else float("inf")
                block = [run for run in column if head.y - head.size / 2 <= run.y < bottom]
                entries.append(_contents_entry(head, _unbroken(block), links))
    return entries if is_headed else [entry for entry in entries if entry.folio]


def find_headings(printed):
    """Return the numbered headings in the order of pages: a number in letters larger than the text.

    A title goes on below in the same size, up to the next number. A number that begins a line of
    several sizes is a heading in the largest of them.
    """
    text_size = _text_size(printed.runs)
    found = []
    for runs in _by_page(printed.runs).values():
        _, below = _running_head(runs)
        large = _in_reading_order(run for run in below if run.size > 1.05 * text_size)
        while large:
            head, *large = large
            match = NUMBER.match(head.text)
            if match:
                title = [head._replace(text=match[2])] * bool(match[2])
                pieces = [head]
                while large and _continues(pieces[-1], large[0], head):
                    pieces.append(large.pop(0))
                title += pieces[1:]
                found.append(Heading(match[1], join(title), head.page, head.y, head.size, _box(pieces)))
    largest = {}
    for heading in found:
        largest[heading.number] = max(heading.size, largest.get(heading.number, 0))
    return [heading for heading in found if heading.size == largest[heading.number]]


def _running_head(runs):
    """Part the runs of a page into those on its top line and those below."""
    top = min(run.y for run in runs)
    head = [run for run in runs if run.y - top < 0.5 * run.size]
    return head, [run for run in runs if run not in head]


def _in_reading_order(runs):
    """Line by line; baselines that differ by a part of the letters' size are one line."""
    lines = []
    for run in sorted(runs, key=lambda run: run.y):
        if not lines or run.y - lines[-1][0].y > 0.3 * run.size:
            lines.append([])
        lines[-1].append(run)
    return [run for line in lines for run in sorted(line, key=lambda run: run.x)]


def _by_page(runs):
    pages = {}
    for run in runs:
        pages.setdefault(run.page, []).append(run)
    return pages


def _between(runs, before, begin, end):
    """The runs after the one that reads `begin`, up to the one that reads `end`, or those `before` the answers."""
    begins = [place for place, run in enumerate(runs) if run.text == begin]
    ends = [place for place, run in enumerate(runs) if run.text == end and place > begins[0]]
    heading = runs[begins[0]]
    if not ends and before and before[-1].page >= heading.page:
        ends = [len(before)]
    inside = runs[begins[0] + 1 : ends[0] if ends else len(runs)]
    return [run for run in inside if run.page > heading.page or run.y > heading.y]


def _column_starts(numbers):
    starts = []
    for run in sorted(numbers, key=lambda run: run.x):
        if not starts or run.x > starts[-1] + COLUMN:
            starts.append(run.x)
    return starts


def _unbroken(block):
    """The runs down to the first gap between lines: below the last entry something else stands."""
    block = _in_reading_order(block)
    for place, (above, below) in enumerate(zip(block, block[1:], strict=False), 1):
        if below.y - above.y > LINE * above.size:
            return block[:place]
    return block


def _contents_entry(head, block, links):
    match = NUMBER.match(head.text)
    assert match is not None  # that is why it is the head
    number, glued = match.groups()
    others = [run for run in block if run is not head]
    # The folio ends the entry; alone on the right it may stand on any of its lines.
    last = max(others, key=lambda run: run.right, default=head)
    folio = ""
    if re.fullmatch(r"\d+|[ivxlc]+", last.text):
        folio = last.text
        others.remove(last)
    title = [head._replace(text=glued)] * bool(glued) + others
    covered = [link for link in links if any(_covers(link, run) for run in block)]
    return ContentsEntry(number, TRAILING.sub("", join(title)), folio, covered, _box(block))


def _box(runs):
    """What runs cover, with their ascenders and descenders."""
    return Box(
        runs[0].page,
        min(run.x for run in runs),
        min(run.y - run.size for run in runs),
        max(run.right for run in runs),
        max(run.y + run.size / 3 for run in runs),
    )


def _covers(link, run):
    """True where the middle of the run lies in the link's rectangle."""
    x, y = (run.x + run.right) / 2, run.y - run.size / 4
    return link.left <= x <= link.right and link.top <= y <= link.bottom


def _text_size(runs):
    """The size in which most letters stand, leaving out the lines that begin with a number."""
    letters = Counter()
    for run in runs:
        if not NUMBER.match(run.text):
            letters[run.size] += len(run.text)
    return letters.most_common(1)[0][0] if letters else 0


def _continues(last, run, head):
    """True where `run` is the next piece of the heading that `head` begins."""
    same_line = abs(run.y - last.y) < 0.3 * head.size
    next_line = 0 < run.y - last.y < LINE * head.size and run.x > head.x - 1
    return (
        abs(run.size - head.size) < 0.04 * head.size
        and (same_line or next_line)
        and not (next_line and NUMBER.match(run.text))
    )
