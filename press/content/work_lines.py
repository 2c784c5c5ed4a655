"""The line of a work in the list of references, as HTML.

Place in the flow: called by `works` for each cited work. What matters of an entry is printed, or told.
"""

import re
from html import escape

from press.content.bibtex import plain
from press.content.people import authors, people_field
from press.content.work_fields import (
    BOOKS,
    HARMLESS,
    REPORTS,
    TALKS,
    THESES,
    address_of,
    archive_of,
    doi_of,
    eprint_of,
    plain_or_raw,
    publisher_of,
    year_of,
)


class _Fields:
    """The fields of an entry as text; remembers which were printed. Beside them stand the words of the language."""

    def __init__(self, entry, words):
        self.entry, self.words, self.used = entry, words, set()

    def __call__(self, name):
        self.used.add(name)
        return escape(plain(self.entry.fields[name])) if name in self.entry.fields else ""

    def __contains__(self, name):
        return name in self.entry.fields


def full_form(entry, words, problems):
    """Return a work as its line in the list, as HTML; report fields that matter and are not printed."""
    field = _Fields(entry, words)
    role = people_field(entry)
    field.used.add(role)
    editors = f" ({words.editors})" if role == "editor" else ""
    title = field("title").rstrip(".")
    stop = "" if title.endswith(("?", "!")) else "."
    parts = [f"{escape(authors(entry, words))}{editors} ({escape(year_of(entry))})."]
    if subtitle := field("subtitle"):
        title += f": {subtitle}"
    if entry.type in (*BOOKS, *THESES, *REPORTS) and not ("booktitle" in field and entry.type not in BOOKS):
        parts += _bound(entry, field, title, stop)
    else:
        parts += [f"{title}{stop}", *_venue(entry, field)]
    if note := _said(entry, field, "note"):
        parts.append(_sentence(note))
    parts.append(_identifier(entry, field))
    for name in entry.fields:
        if name not in field.used | HARMLESS and not name.startswith(("hal_", "bdsk", "x-", "__", "mendeley", "opt")):
            what = f"{entry.key}: {name!r} of an @{entry.type} is not printed"
            problems.add(entry.at(name), what, "take it out, or say it under `note`")
    return " ".join(part for part in parts if part)


def _sentence(text):
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _edition(field):
    said = field("edition")
    if not said:
        return ""
    said = re.sub(r"\s*\b(?:edition|ed\.?)\s*$", "", said, flags=re.IGNORECASE)
    ordinal = field.words.ordinal(int(said)) if said.isdigit() else said[:1].lower() + said[1:]
    return f" ({field.words.edition.format(ordinal)})"


def _series(field):
    series, volume, number = field("series"), field("volume"), field("number")
    counted = volume or number
    if not series:
        return f"{field.words.volume} {counted}." if counted else ""
    return f"{series} {counted}." if counted else f"{series}."


def _bound(entry, field, title, stop):
    """Return the parts of a work with a title of its own, set in italics."""
    edition = _edition(field)
    yield f"<i>{title}</i>{edition}{stop if not edition else '.'}"
    if "editor" in field and people_field(entry) != "editor":
        field.used.add("editor")
        yield _sentence(field.words.edited_by.format(escape(authors(entry, field.words, "editor"))))
    if entry.type in THESES:
        kind = field("type") or (field.words.phd_thesis if entry.type == "phdthesis" else field.words.thesis)
        yield f"{kind}, {field(publisher_of(entry))}."
    elif entry.type in REPORTS:
        kind = " ".join(part for part in (field("type") or field.words.report, field("number")) if part)
        yield f"{kind}, {field(publisher_of(entry))}." if publisher_of(entry) else f"{kind}."
    else:
        yield _series(field)
        publisher = publisher_of(entry)
        yield f"{field(publisher)}." if publisher and publisher != people_field(entry) else ""
    if how := _said(entry, field, "howpublished"):
        yield _sentence(how)
    if chapter := field("chapter"):
        yield f"{field.words.chapter} {chapter}."
    field.used |= {"pages", "publisher", "institution", "organization", "number"}


def _pages(field):
    pages = field("pages") or field("eid") or field("articleno")
    return f", {re.sub(r'(?<=[0-9a-z]) ?- ?(?=[0-9a-z])', '–', pages, flags=re.I)}" if pages else ""


def _venue(entry, field):
    """Return the parts that say where a work without a title of its own appeared."""
    if "journal" in field:
        number = f"({field('number')})" if "number" in field else f"({field('issue')})" if "issue" in field else ""
        volume = f" {field('volume')}{number}" if "volume" in field else f" {number}" if number else ""
        yield f"<i>{field('journal')}</i>{volume}{_pages(field)}."
        field.used |= {"publisher", "series", "organization"}
    elif "booktitle" in field:
        yield from _in_book(entry, field)
    if how := _said(entry, field, "howpublished"):
        yield _sentence(how)
    kind, number = field("type"), field("number") if "journal" not in field and "booktitle" not in field else ""
    said = " ".join(part for part in (kind, number) if part)
    yield f"{said}." if said else ""
    for name in ("institution", "organization", "publisher"):
        if name in field and name not in field.used and name != people_field(entry):
            yield f"{field(name)}."
    if "journal" not in field and "booktitle" not in field:
        volume = field("volume")
        yield f"{field.words.volume} {volume}{_pages(field)}." if volume else ""
        field.used.add("pages")


def _in_book(entry, field):
    book, edition = field("booktitle"), _edition(field)
    editors = ""
    if "editor" in field and people_field(entry) != "editor":
        field.used.add("editor")
        word = field.words.editor if len(entry.people("editor")) == 1 else field.words.editors
        people = escape(authors(entry, field.words, "editor"))
        editors = field.words.in_book.format(f"{people} ({word})") + ", "
    if entry.type in TALKS:  # a series of proceedings says nothing that its title does not
        volume = field("volume") if "series" not in field else ""
        field.used |= {"series", "volume", "publisher", "organization", "number"}
        volume = f" {volume}" if volume and not re.search(rf"\b{re.escape(volume)}\b", book) else ""
        yield f"{editors}<i>{book}</i>{edition}{volume}{_pages(field)}."
        return
    series = field("series")
    counted = field("volume") or field("number")
    volume = f" {counted}" if counted and not series and not re.search(rf"\b{re.escape(counted)}\b", book) else ""
    chapter = f", {field.words.in_chapter} {field('chapter')}" if "chapter" in field else ""
    yield f"{editors}<i>{book}</i>{edition}{volume}{chapter}{_pages(field)}."
    yield f"{series} {counted}".rstrip() + "." if series else ""
    field.used |= {"organization"} if "publisher" in field else set()


def _said(entry, field, name):
    """Return words of an entry's own, but not what its address says anyhow."""
    words = field(name)
    told = [eprint_of(entry), doi_of(entry), re.sub(r"^https?://(www\.)?", "", address_of(entry)).rstrip("/")]
    address = next((item for item in told if item and item.casefold() in plain_or_raw(words).casefold()), "")
    rest = words.casefold()
    for item in (address.casefold(), "arxiv", "preprint", "doi", "https", "http", "www", "abs"):
        rest = rest.replace(item, " ") if item else rest
    return "" if address and not re.search(r"[^\W\d_]{3}", re.sub(r"\[[\w.,; -]*\]", "", rest)) else words


# Addresses.


def _identifier(entry, field):
    """Return one address that a reader can type: DOI, arXiv or HAL number, or URL, in this order."""
    archive = archive_of(entry)
    if doi := doi_of(entry):
        return f'<a class="whole" href="https://doi.org/{escape(doi)}">doi:{escape(doi)}</a>'
    number = eprint_of(entry)
    if number and archive == "arxiv":
        return f'<a class="whole" href="https://arxiv.org/abs/{escape(number)}">arXiv:{escape(number)}</a>'
    if number and archive == "hal":
        return f'<a class="whole" href="https://hal.science/{escape(number)}">{escape(number)}</a>'
    if url := address_of(entry):
        shown = re.sub(r"^https?://(www\.)?", "", url).rstrip("/")
        if shown.casefold() in plain_or_raw(entry.fields.get("howpublished", "")).casefold():
            return ""
        return f'<a href="{escape(url)}">{escape(shown)}</a>'
    isbn = field("isbn")
    return f"ISBN {isbn}" if isbn else ""
