"""The list of references: number the works that the book cites, print each in full and in short.

Place in the flow: after the texts have been read, whose citations it takes. Works are numbered in
the order of the printed list (authors, year), so a reader finds [12] both by its number and by its
author. What matters of an entry is printed, or told.
"""

import re
from typing import NamedTuple

from press.characters import lacking, named
from press.content.bibtex import BibEntry, faults_of_names, leftover, plain, read_entries
from press.content.people import authors, people_field, short_form
from press.content.work_fields import (
    ARCHIVES,
    HARMLESS,
    THESES,
    TYPES,
    address_of,
    archive_of,
    doi_of,
    eprint_of,
    plain_or_raw,
    publisher_of,
)
from press.content.work_lines import full_form
from press.page import FONTS
from press.problems import near
from press.words import sort_key

RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
DOI = re.compile(r"10\.\d{4,9}/[^\s<>\"{}|\\^`]+")
ADDRESS = re.compile(r"https?://[\w.-]+\.[\w-]+(?::\d+)?(?:[/?#][^\s<>\"{}|\\^`]*)?")


class Work(NamedTuple):
    """A cited work: its number in the list, short form for the margin, full form as HTML."""

    number: int
    short: str
    html: str


def read_references(path, citations, words, problems):
    """Return {key: Work} for the cited works; an unknown key is a fault at each place that cites it.

    `words` are those of the book's language.
    """
    before = len(problems.found)
    entries = read_entries(path, problems)
    if entries is None:
        return {}
    unread = len(problems.found) > before  # an entry that could not be parsed may be the one that is cited
    cited: dict[str, BibEntry] = {}
    for use in citations:
        if use.target in entries:
            cited[use.target] = entries[use.target]
        elif not unread:
            problems.add(
                use.place,
                f"citation of {use.target!r}, which {path.name} does not have",
                near(use.target, entries, "mend the key, or add the work"),
            )
    whole = {key: entry for key, entry in cited.items() if _is_whole(entry, problems)}
    _tell_doubles(whole.values(), words, problems)
    ordered = sorted(
        whole.values(), key=lambda entry: (sort_key(authors(entry, words))[0], entry.fields["year"], entry.key)
    )
    works = {
        entry.key: Work(number, short_form(entry, words), full_form(entry, words, problems))
        for number, entry in enumerate(ordered, start=1)
    }
    for entry in ordered:
        for sign in lacking(works[entry.key].html, FONTS):
            field = next((name for name, value in entry.fields.items() if sign in value), "")
            problems.add(entry.at(field), f"no font of the design has {named(sign)}", "write it in Latin letters")
    return works


def _is_whole(entry, problems):
    """Say whether a work has what its line in the list needs; report what it lacks or has in a wrong form."""
    before = len(problems.found)

    def tell(name, what, how):
        problems.add(entry.at(name), f"{entry.key}: {what}", how)

    fields = entry.fields
    if entry.type not in TYPES:
        tell("", f"@{entry.type} is no kind of work that is known", near(entry.type, TYPES, "use @misc"))
    lacks = [name for name in ("title", "year") if not plain_or_raw(fields.get(name, ""))]
    lacks += [] if people_field(entry) else ["author"]
    lacks += ["publisher"] if entry.type in ("book", *THESES) and not publisher_of(entry) else []
    for name in lacks:
        problems.add(entry.at(name), f"{entry.key} has no {name}", "add it")
    if "year" not in lacks and not re.fullmatch(r"\D{0,10}[12]\d{3}[a-z]?", fields["year"]):
        tell("year", f"the year {fields['year'][:20]!r}", "write four digits")
    for role in ("author", "editor"):
        for what, how in faults_of_names(fields.get(role, "")) if role in fields else ():
            tell(role, what, how)
    for name, value in fields.items():
        if name in HARMLESS - {"title", "author", "editor", "year"}:
            continue
        if found := leftover(plain_or_raw(value)):
            tell(name, f"LaTeX is left in the {name}, {found!r}", "write the letters themselves")
        elif RTL.search(value):
            tell(name, f"the {name} has letters that no font of the design has", "write it in Latin letters")
    if "doi" in fields and not DOI.fullmatch(doi_of(entry)):
        tell("doi", f"{fields['doi'][:60]!r} is no DOI", "a DOI begins with 10.")
    archive = archive_of(entry)
    if "eprint" in fields and "doi" not in fields and archive not in ARCHIVES:
        how = near(archive, ARCHIVES, f"known are {', '.join(ARCHIVES)}; say another's number under `note`")
        tell("eprinttype", f"the archive {archive[:40]!r} of its eprint", how)
    if "url" in fields and not ADDRESS.fullmatch(address_of(entry)):
        tell("url", f"{fields['url'][:60]!r} is no address", "an address begins with https://")
    return len(problems.found) == before


def _tell_doubles(entries, words, problems):
    """Report works that stand in the list twice under two keys."""
    seen: dict = {}
    for entry in entries:
        title = "".join(sign for sign in plain(entry.fields["title"]).casefold() if sign.isalnum())
        marks = [
            ("doi", doi_of(entry).casefold()),
            ("eprint", eprint_of(entry)),
            ("title", f"{title} {short_form(entry, words)}"),
        ]
        for name, mark in marks:
            other = seen.setdefault((name, mark), entry) if mark else entry
            if other is not entry:
                what = f"{entry.key} is the same work as {other.key} (the same {name})"
                problems.add(entry.place, what, "cite it by one key")
                break
