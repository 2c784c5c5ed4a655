"""Look at every page of a finished PDF, those between the landmarks too: numbers, labels, contents.

Place in the flow: beside `agreement`, which compares entries. Here each page is compared with its
neighbors: the printed number is one more than that before, the label that a viewer shows is the
printed number, a page in the answers has text, no link and no tag speaks of a page that is not there.
Faults are whole sentences; pages that are off by the same number for the same cause are one fault.
"""

import re
from collections import Counter
from itertools import groupby
from typing import NamedTuple

ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
SMALL = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}

# The kinds of faults that shift all pages behind them.
CAUSES = ("missing", "added", "doubled")
# Numbers at the inner edge are a fault of pages where fewer than one in so many has it.
FEW = 5


class PageFault(NamedTuple):
    """A fault of pages: its kind, the first and the last page (counted from 1, as the file has them), a sentence.

    Kinds: missing, lost, added, doubled, moved, empty, unnumbered (what the pages are); label (what a
    viewer calls them); side (the number stands at the inner edge); link (it leads to no page).
    """

    kind: str
    first: int
    last: int
    what: str


class _Sheet(NamedTuple):
    """A page: its position in the file, from 0, printed number and label as (is arabic, value), or None."""

    position: int
    folio: tuple[bool, int] | None
    label: tuple[bool, int] | None
    text: str  # the number as it is printed
    shown: str  # the label as the file has it


def page_faults(printed, folios, answers):
    """Return the PageFaults of a Printed; `folios` are those found, `answers` the pages of headings of entries."""
    sheets = []
    for index, page in enumerate(printed.pages):
        text = folios[index].text if index in folios else ""
        sheets.append(_Sheet(index, _value(text), _value(page.label), text, page.label))
    with_text = {run.page for run in printed.runs}
    faults = [*_sequence(sheets, with_text), *_lost(printed)]
    told = {page for fault in faults for page in range(fault.first, fault.last + 1)}
    faults += _empty(printed, sheets, with_text, answers, told)
    faults += _unnumbered(sheets, with_text, told)
    cause = "; ".join(fault.what.rstrip(".") for fault in faults if fault.kind in CAUSES)
    faults += _labels(sheets, cause)
    if not cause:
        faults += _sides(sheets, folios)
    return sorted(faults, key=lambda fault: (fault.first, fault.kind))


def pages_without_text(printed):
    """Return the pages without text, counted from 1."""
    with_text = {run.page for run in printed.runs}
    return [index + 1 for index in range(len(printed.pages)) if index not in with_text]


def counted(number, what):
    """Return "one page", "12 pages"."""
    return f"{SMALL.get(number, number)} {what}{'' if number == 1 else 's'}"


def listed(numbers):
    """Return numbers as in "111", "111 and 112", "111 to 114"."""
    numbers = sorted(numbers)
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]} to {numbers[-1]}"
    return " and ".join(
        [", ".join(map(str, numbers[:-1])), str(numbers[-1])] if len(numbers) > 1 else map(str, numbers)
    )


def _is(number):
    """Return the verb for what `counted` returned."""
    return "is" if number.startswith("one ") else "are"


def _value(text):
    """Return a page number as (is arabic, value), None where it is none."""
    if re.fullmatch(r"\d+", text):
        return True, int(text)
    if not re.fullmatch(r"[ivxlc]+", text):
        return None
    values = [ROMAN[letter] for letter in text]
    return False, sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def _sequence(sheets, with_text):
    """Compare each printed number with the one before: pages that are missing, added, doubled, moved."""
    for is_arabic in (False, True):
        row = [sheet for sheet in sheets if sheet.folio and sheet.folio[0] == is_arabic]
        there = Counter(sheet.folio[1] for sheet in row)
        for before, sheet in zip(row, row[1:], strict=False):
            one, other, between = before.folio[1], sheet.folio[1], sheet.position - before.position - 1
            first, last = before.position + 1, sheet.position + 1
            absent = [number for number in range(one + 1, other) if number not in there]
            if other <= one and there[other] > 1:
                yield PageFault("doubled", last, last, f"Page {other} is there twice.")
            elif other <= one:
                yield PageFault("moved", last, last, f"Page {other} stands after page {one}.")
            elif absent and not between:
                are = f"Page {absent[0]} is" if len(absent) == 1 else f"Pages {listed(absent)} are"
                yield PageFault("missing", first, last, f"{are} missing.")
            elif len(absent) > between:
                number = counted(len(absent) - between, "page")
                yield PageFault("missing", first, last, f"Between pages {one} and {other} {number} too few stand.")
            elif between > other - one - 1:
                inside = range(before.position + 1, sheet.position)
                is_empty = with_text.isdisjoint(inside)
                number = counted(between - max(other - one - 1, 0), "page")
                what = f"without a number{' or text' if is_empty else ''} between pages {one} and {other}"
                yield PageFault("added", first + 1, last - 1, f"There {_is(number)} {number} too many, {what}.")


def _lost(printed):
    """Pages of which links, bookmarks or tags speak, and which the file does not have."""
    at = Counter(link.page + 1 for link in printed.links if link.target is None and link.address is None)
    if at:
        where = f"on page {min(at)} of the file" if len(at) == 1 else f"on {counted(len(at), 'page')}"
        number = counted(sum(at.values()), "link")
        yield PageFault("link", min(at), max(at), f"There {_is(number)} {number} to no page, {where}.")
    if printed.lost:
        number, end = counted(printed.lost, "page"), len(printed.pages)
        yield PageFault("lost", end, end, f"The file’s tags speak of {number} that the file does not have.")


def _empty(printed, sheets, with_text, answers, told):
    """Pages without text: among the answers, or with contents that the tags know, or where links lead."""
    led = {link.target.page for link in printed.links if link.target}
    led |= {mark.target.page for mark in printed.bookmarks if mark.target}
    inside = range(min(answers, default=0), max(answers, default=-1) + 1)
    for sheet in sheets:
        index = sheet.position
        if index in with_text or index + 1 in told:
            continue
        if index in inside or index in led or index in printed.tagged:
            yield PageFault("empty", index + 1, index + 1, f"{_named(sheet)} has no text.")


def _unnumbered(sheets, with_text, told):
    """Pages with text that print no number, behind the first page that prints one."""
    arabic = [sheet.position for sheet in sheets if sheet.folio and sheet.folio[0]]
    lack = [
        sheet
        for sheet in sheets[min(arabic, default=len(sheets)) :]
        if sheet.folio is None and sheet.position in with_text and sheet.position + 1 not in told
    ]
    for _, group in groupby(enumerate(lack), key=lambda pair: pair[1].position - pair[0]):
        some = [sheet for _, sheet in group]
        if len(some) == 1:
            yield PageFault(
                "unnumbered", some[0].position + 1, some[0].position + 1, f"{_named(some[0])} prints no number."
            )
        else:
            first, last = some[0].position + 1, some[-1].position + 1
            yield PageFault("unnumbered", first, last, f"Pages {first} to {last} of the file print no number.")


def _labels(sheets, cause):
    """Labels that are not the printed number, or do not follow the label before."""
    off = {sheet.position: _off(sheet) for sheet in sheets}
    for by, group in groupby(sheets, key=lambda sheet: off[sheet.position]):
        some = list(group)
        first, last = some[0], some[-1]
        if by is None:
            continue
        kind = "label", first.position + 1, last.position + 1
        if not isinstance(by, int):
            yield PageFault(*kind, f"A viewer calls page {first.text} “{first.shown}”.")
            continue
        whole = last is [sheet for sheet in sheets if sheet.folio][-1]
        until = "on" if whole else f"to page {last.text}"
        many = f"From page {first.text} {until} a viewer shows" if first is not last else "A viewer shows"
        which = "a number that is" if first is not last else f"for page {first.text} a number that is"
        told = f"{many} {which} {SMALL.get(abs(by), abs(by))} {'more' if by > 0 else 'less'} than the printed one"
        yield PageFault(*kind, f"{told}{f' ({cause[0].lower()}{cause[1:]})' if cause and len(some) > 1 else ''}.")
    yield from _jumps(sheets, off)


def _off(sheet):
    """Return by how much a label differs from the printed number: None for not at all, a text where it is no number."""
    if sheet.folio is None or sheet.folio == sheet.label:
        return None
    if sheet.label is None or sheet.label[0] != sheet.folio[0]:
        return sheet.shown or "nothing"
    return sheet.label[1] - sheet.folio[1]


def _jumps(sheets, off):
    """Labels that do not go on where no printed number tells it."""
    for before, sheet in zip(sheets, sheets[1:], strict=False):
        if off[before.position] is not None or off[sheet.position] is not None or (before.folio and sheet.folio):
            continue
        goes_on = before.label and sheet.label and sheet.label == (before.label[0], before.label[1] + 1)
        begins = before.label and sheet.label and not before.label[0] and sheet.label[0] and sheet.folio
        if not goes_on and not begins:
            yield PageFault(
                "label",
                sheet.position + 1,
                sheet.position + 1,
                f"A viewer calls page {sheet.position + 1} of the file “{sheet.shown}”, after “{before.shown}”.",
            )


def _sides(sheets, folios):
    """Numbers at the inner edge, of single pages or of all from one on; a book may have them all on one side."""
    numbered = [sheet for sheet in sheets if sheet.folio and sheet.folio[0]]
    inner = [sheet for sheet in numbered if not folios[sheet.position].is_outer]
    if inner and (inner == numbered[-len(inner) :] or len(inner) < len(numbered) / FEW):
        first, last = inner[0], inner[-1]
        many = f"{counted(len(inner), 'page').capitalize()}, from page {first.text} on, print their numbers"
        what = f"Page {first.text} prints its number" if first is last else many
        yield PageFault("side", first.position + 1, last.position + 1, f"{what} at the inner edge.")


def _named(sheet):
    """Return how a page is called in a sentence: by its number, else by its position."""
    if sheet.label and sheet.label[0]:
        return f"Page {sheet.label[1]}"
    return f"Page {sheet.position + 1} of the file"
