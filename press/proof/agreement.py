"""Compare a finished PDF with the source's contents list, entry by entry, four ways.

Place in the flow: after everything. It knows the source file and the PDF and nothing else, so
that it also finds what the press gets wrong everywhere alike. For each entry:

1. printed: the number and the page that the contents prints;
2. link: the page to which the contents' links lead, and that they land on this entry's heading;
3. bookmark: the outline's item, its number and wording, where it leads and lands;
4. heading: the folio printed on the page on which the heading stands.

Link and bookmark are told by the label that a viewer shows for their page. The column `wording`
is about the wording in the contents and at the head of the answer. What has another number in the
book is still recognized by its wording, so that one fault shows as one.
"""

import re
import unicodedata
from typing import NamedTuple

from rich.table import Table
from rich.text import Text

from press.content.source import read_frame, read_source
from press.pdf.records import Printed, Target, read_back
from press.problems import Place, PressError
from press.proof.landmarks import NUMBER, Box, find_contents, find_folios, find_headings
from press.proof.pages import PageFault, page_faults

COLUMNS = ("printed", "link", "bookmark", "heading", "wording")
# An anchor may stand a little below the top of its heading, in points.
SLACK = 2


class Row(NamedTuple):
    """An entry of the source, and what the book has for it.

    `printed`, `link`, `bookmark` and `heading` are pages as printed or labeled, empty where there
    is none. `faults` maps names of `COLUMNS` to what is wrong there; no faults is a pass. `source`
    is None for an entry that only the book has.
    """

    number: str
    title: str
    source: int | None
    printed: str
    link: str
    bookmark: str
    heading: str
    faults: dict[str, str]


class Examined(NamedTuple):
    """What is found in a PDF beside a source: a Row an entry, where its lines stand, the faults of pages.

    `places` maps the number of an entry to the Box of its contents line and that of its heading.
    """

    rows: list[Row]
    places: dict[str, tuple[Box | None, Box | None]]
    pages: list[PageFault]
    printed: Printed


class _Match(NamedTuple):
    """Items of the book by entry of the source, those left over, and the entries out of order."""

    pairs: dict
    left: list
    misplaced: set


class _Found(NamedTuple):
    """What a file shows of the source's entries: contents, bookmarks, headings; folios by page."""

    printed: Printed
    contents: _Match
    bookmarks: _Match
    headings: _Match
    folios: dict


class _Item(NamedTuple):
    """A bookmark of an entry, in the shape of a heading and an entry of the contents."""

    number: str
    title: str
    target: Target | None


def check(pdf_path, source_path):
    """Return the rows of `examine`."""
    return examine(pdf_path, source_path).rows


def examine(pdf_path, source_path, printed=None):
    """Return Examined: a Row for each entry of the source, then one for each that only the book has.

    `printed` is what the file holds, where that is known already.

    Raises PressError where the source has no entries or the file is no PDF.
    """
    try:
        source = read_source(source_path)
    except (OSError, UnicodeDecodeError) as error:
        raise PressError(f"{source_path} cannot be read: {error}") from error
    if not source:
        raise PressError(f"{source_path} has no entries: number, title, page")
    printed = printed or read_back(pdf_path)
    # A correction stands in brackets behind the wording.
    outline = [(NUMBER.fullmatch(re.sub(r" \[[^][]*\]$", "", item.title)), item.target) for item in printed.bookmarks]
    found = _Found(
        printed,
        _match(source, find_contents(printed, *read_frame(source_path))),
        _match(source, [_Item(match[1], match[2], target) for match, target in outline if match]),
        _match(source, find_headings(printed)),
        find_folios(printed),
    )
    pairs = [(entry.number, found.contents.pairs.get(entry), found.headings.pairs.get(entry)) for entry in source]
    places = {number: (line and line.box, heading and heading.box) for number, line, heading in pairs}
    answers = [heading.page for heading in found.headings.pairs.values()]
    rows = [_row(entry, found) for entry in source] + _only_printed(found)
    return Examined(rows, places, page_faults(printed, found.folios, answers), printed)


def _row(entry, found):
    """Return the Row of an entry of the source."""
    printed, contents, bookmarks, headings, folios = found
    listed, bookmark, heading = (each.pairs.get(entry) for each in (contents, bookmarks, headings))
    links = [link.target for link in listed.links] if listed else []
    pages = (
        listed.folio if listed else "",
        _label(printed, links[0] if links else None),
        _label(printed, bookmark and bookmark.target),
        folios[heading.page].text if heading and heading.page in folios else "",
    )
    faults = (
        _told(entry, listed, contents) or _page(entry, pages[0]),
        _led(entry, links, printed, headings),
        _told(entry, bookmark, bookmarks)
        or _worded(entry, bookmark)
        or _led(entry, [bookmark.target], printed, headings),
        _told(entry, heading, headings) or _page(entry, pages[3]),
        _worded(entry, listed) or _worded(entry, heading) if listed or heading else "missing",
    )
    told = {column: fault for column, fault in zip(COLUMNS, faults, strict=True) if fault}
    return Row(entry.number, entry.title, entry.page, *pages, told)


def _only_printed(found):
    """Return a Row for each line of the contents and each bookmark that the source does not have."""
    only = {"printed": "not in the source, or printed twice"}
    rows = [
        Row(item.number, " ".join(item.title.split()), None, item.folio, "", "", "", only)
        for item in found.contents.left
        if item.links
    ]
    only = {"bookmark": "not in the source, or there twice"}
    return rows + [
        Row(item.number, item.title, None, "", "", _label(found.printed, item.target), "", only)
        for item in found.bookmarks.left
    ]


def report(examined, source_path, paper, problems):
    """Note what is wrong with the entries and the pages of a book that is not published yet."""
    for fault in examined.pages:
        problems.add(
            Place(source_path), f"the pages do not agree on {paper}: {fault.what}", "this is a fault of the press"
        )
    lines = source_path.read_text(encoding="utf-8").splitlines()
    for row in examined.rows:
        line = next((at for at, text in enumerate(lines, start=1) if text.split()[:1] == [row.number]), 0)
        for column, fault in row.faults.items():
            problems.add(
                Place(source_path, line),
                f"{row.number} does not agree on {paper}, {column}: {fault}",
                "an answer holds no headings of its own; otherwise this is a fault of the press",
            )


def summary(rows):
    """Return the one line that sums up: `66/66 entries agree, four ways`."""
    return f"{sum(not row.faults for row in rows)}/{len(rows)} entries agree, four ways"


def table(rows):
    """Return a rich Table of the rows: faults in red and marked, told in the last column."""
    result = Table(caption=summary(rows), header_style="bold")
    for head in ("entry", "source", *COLUMNS):
        result.add_column(head, justify="right" if head not in ("entry", "wording") else "left")
    faulty = any(row.faults for row in rows)
    if faulty:
        result.add_column("what is wrong", overflow="fold")
    for row in rows:
        values = (row.printed, row.link, row.bookmark, row.heading, "ok")
        cells = [
            Text(f"{'' if value == 'ok' else value}✗", "red") if column in row.faults else value
            for column, value in zip(COLUMNS, values, strict=True)
        ]
        told = "; ".join(f"{column}: {fault}" for column, fault in row.faults.items())
        source = "" if row.source is None else str(row.source)
        result.add_row(row.number, source, *cells, *([told] if faulty else []))
    return result


def _match(source, items):
    """Pair entries of the source with items of the book, in the book's order.

    The number decides, and among several items of one number the wording; what has no entry's
    number is recognized by its wording.
    """
    left, pairs = list(items), {}
    ways = (
        lambda entry, item: entry.number == item.number and _same(item.title, entry.title),
        lambda entry, item: entry.number == item.number,
        lambda entry, item: _same(item.title, entry.title),
    )
    for way in ways:
        for entry in source:
            if entry not in pairs:
                item = next((item for item in left if way(entry, item)), None)
                if item:
                    pairs[entry] = item
                    left.remove(item)
    misplaced, furthest = set(), -1
    for entry in source:
        if entry in pairs:
            place = items.index(pairs[entry])
            if place < furthest:
                misplaced.add(entry)
            furthest = max(furthest, place)
    return _Match(pairs, left, misplaced)


def _same(printed, title):
    """True where `printed` is `title` but for line ends, with or without a hyphen before them."""
    pieces = [r"[ \n]" if letter == " " else re.escape(letter) for letter in _plain(title)]
    return re.fullmatch(r"(?:-?\n)?".join(pieces), _plain(printed)) is not None


def _plain(text):
    return unicodedata.normalize("NFKC", text).replace("\u2010", "-").replace("\u00ad", "-")


def _label(printed, target):
    return printed.pages[target.page].label if target else ""


def _told(entry, item, match):
    """What is wrong with the item's being there at all, with its number and its place."""
    if item is None:
        return "missing"
    if item.number != entry.number:
        return f"its number is {item.number}"
    return "out of order" if entry in match.misplaced else ""


def _worded(entry, item):
    if item is None or _same(item.title, entry.title):
        return ""
    return f"“{' '.join(item.title.split())}” instead of “{entry.title}”"


def _page(entry, printed):
    return "" if printed == str(entry.page) else f"page {printed or 'missing'}"


def _led(entry, targets, printed, headings):
    """What is wrong with where links lead: to the page, and there to the heading at or below."""
    if not targets:
        return "no link"
    for target in targets:
        if target is None:
            return "leads nowhere"
        fault = _page(entry, _label(printed, target))
        if fault:
            return f"leads to {fault}"
        heading = headings.pairs.get(entry)
        below = [
            other
            for other in headings.pairs.values()
            if other.page == target.page and other.y > (target.y or 0) - SLACK
        ]
        if heading and target.y is not None and heading.page == target.page:
            landed = min(below, key=lambda other: other.y, default=None)
            if landed != heading:
                return f"lands on {landed.number if landed else 'no heading'}"
    return ""
