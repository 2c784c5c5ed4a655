"""The list of references: number the works that the book cites, print each in full and in short.

Place in the flow: after the texts have been read, whose citations it takes. Works are numbered in
the order of the printed list (authors, year), so a reader finds [12] both by its number and by its
author. What matters of an entry is printed, or told.
"""

import re
import unicodedata
from html import escape
from typing import NamedTuple

from markupsafe import Markup

from press.characters import lacking, named
from press.content.bibtex import BibEntry, faults_of_names, leftover, plain, read_entries
from press.page import FONTS
from press.problems import near

BOOKS = ("book", "booklet", "collection", "proceedings", "manual", "mvbook", "periodical")
THESES = ("phdthesis", "mastersthesis", "thesis")
REPORTS = ("techreport", "report")
PARTS = ("incollection", "inbook", "inreference")
TALKS = ("inproceedings", "conference")
ARTICLES = ("article",)
OTHERS = ("misc", "online", "electronic", "www", "unpublished", "software", "dataset", "preprint")
TYPES = (*BOOKS, *THESES, *REPORTS, *PARTS, *TALKS, *ARTICLES, *OTHERS)
# Fields whose absence no reader of the list notices.
HARMLESS = frozenset(
    [
        "abstract",
        "keywords",
        "file",
        "timestamp",
        "biburl",
        "bibsource",
        "issn",
        "isbn",
        "doi",
        "eprint",
        "eprinttype",
        "primaryclass",
        "eprintclass",
        "url",
        "month",
        "day",
        "urldate",
        "address",
        "location",
        "numpages",
        "pagetotal",
        "langid",
        "language",
        "hyphenation",
        "shorttitle",
        "shortjournal",
        "lccn",
        "annote",
        "copyright",
        "rights",
        "archive",
        "archivelocation",
        "library",
        "owner",
        "groups",
        "crossref",
        "xref",
        "ids",
        "keyword",
        "publicationstatus",
        "acmid",
        "articleno",
        "eid",
        "issue_date",
        "pubstate",
        "date-added",
        "date-modified",
        "added-at",
        "interhash",
        "intrahash",
        "description",
        "pdf",
        "audience",
        "venue",
        "eventdate",
        "eventtitle",
        "eventvenue",
        "conference",
        "year",
        "title",
        "author",
        "editor",
        "place",
        "journalabbr",
        "read",
        "rating",
        "review",
        "citeulike-article-id",
        "posted-at",
        "priority",
        "zblnumber",
        "mrnumber",
        "pmid",
        "pmcid",
        "nationality",
    ]
)
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
        whole.values(), key=lambda entry: (_sort_form(_authors(entry, words)), entry.fields["year"], entry.key)
    )
    works = {
        entry.key: Work(number, _short(entry, words), _full(entry, words, problems))
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
    lacks += [] if _people_field(entry) else ["author"]
    lacks += ["publisher"] if entry.type in ("book", *THESES) and not _publisher(entry) else []
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
    if "doi" in fields and not DOI.fullmatch(_doi(entry)):
        tell("doi", f"{fields['doi'][:60]!r} is no DOI", "a DOI begins with 10.")
    if "url" in fields and not ADDRESS.fullmatch(_url(entry)):
        tell("url", f"{fields['url'][:60]!r} is no address", "an address begins with https://")
    return len(problems.found) == before


def plain_or_raw(value):
    """Return a field as text, as it stands where it is no LaTeX that can be read."""
    try:
        return plain(value)
    except Exception:  # pybtex raises several kinds, all of them about the field
        return value if leftover(value) else f"\\{value}"


def _tell_doubles(entries, words, problems):
    """Report works that stand in the list twice under two keys."""
    seen: dict = {}
    for entry in entries:
        title = "".join(sign for sign in plain(entry.fields["title"]).casefold() if sign.isalnum())
        marks = [
            ("doi", _doi(entry).casefold()),
            ("eprint", _eprint(entry)),
            ("title", f"{title} {_short(entry, words)}"),
        ]
        for name, mark in marks:
            other = seen.setdefault((name, mark), entry) if mark else entry
            if other is not entry:
                what = f"{entry.key} is the same work as {other.key} (the same {name})"
                problems.add(entry.place, what, "cite it by one key")
                break


def _sort_form(text):
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold()


# People.


def _people_field(entry):
    wanted = ("author",) if entry.type in THESES else ("author", "editor", "organization", "institution")
    return next((name for name in wanted if plain_or_raw(entry.fields.get(name, ""))), "")


def _people(entry):
    role = _people_field(entry)
    return entry.people(role) if role in ("author", "editor") else []


def _last_name(person):
    return " ".join(plain(part) for part in [*person.prelast_names, *person.last_names])


def _is_others(person):
    return _last_name(person).lower() == "others" and not person.first_names


def _short(entry, words):
    """Return author and year as the margin has them: one name, two names, or the first et al."""
    people = _people(entry)
    names = [_last_name(person) for person in people] or [plain(entry.fields[_people_field(entry)])]
    is_cut = len(names) > 2 or people and _is_others(people[-1])
    people = f"{names[0]} {words.et_al}" if is_cut else " & ".join(names)
    return f"{people} {_year(entry)}"


def _year(entry):
    return plain(entry.fields["year"])


def _author(person):
    initials = "".join(_initials(plain(part)) for part in [*person.first_names, *person.middle_names])
    lineage = " ".join(plain(part) for part in person.lineage_names)
    return ", ".join(part for part in (_last_name(person), initials, lineage) if part)


def _initials(name):
    """Return the initials of a given name: Jean-Paul gives J.-P., J.K. stays."""
    if re.fullmatch(r"(?:[^\W\d_]\.)+", name):
        return name
    halves = [half for half in re.split(r"[-\u2010\u2011–]+", name) if half]
    return "-".join(f"{half[0]}." for half in halves)


def _authors(entry, words, role="", most=6):
    role = role or _people_field(entry)
    people = entry.people(role) if role in ("author", "editor") else []
    if not people:
        return plain(entry.fields[role])
    names = [_author(person) for person in people if not _is_others(person)]
    if len(names) < len(people) or len(names) > most:
        return ", ".join(names[: most - 2]) + f", {words.et_al}"
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " & " + names[-1]


# The full form.


class _Fields:
    """The fields of an entry as text; remembers which were printed. Beside them stand the words of the language."""

    def __init__(self, entry, words):
        self.entry, self.words, self.used = entry, words, set()

    def __call__(self, name):
        self.used.add(name)
        return escape(plain(self.entry.fields[name])) if name in self.entry.fields else ""

    def __contains__(self, name):
        return name in self.entry.fields


def _full(entry, words, problems):
    """Return a work as its line in the list, as HTML; report fields that matter and are not printed."""
    field = _Fields(entry, words)
    role = _people_field(entry)
    field.used.add(role)
    editors = f" ({words.editors})" if role == "editor" else ""
    title = field("title").rstrip(".")
    stop = "" if title.endswith(("?", "!")) else "."
    parts = [f"{escape(_authors(entry, words))}{editors} ({escape(_year(entry))})."]
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


def _publisher(entry):
    return next((name for name in ("publisher", "institution", "organization") if entry.fields.get(name)), "")


def _bound(entry, field, title, stop):
    """Return the parts of a work with a title of its own, set in italics."""
    edition = _edition(field)
    yield f"<i>{title}</i>{edition}{stop if not edition else '.'}"
    if "editor" in field and _people_field(entry) != "editor":
        field.used.add("editor")
        yield _sentence(field.words.edited_by.format(escape(_authors(entry, field.words, "editor"))))
    if entry.type in THESES:
        kind = field("type") or (field.words.phd_thesis if entry.type == "phdthesis" else field.words.thesis)
        yield f"{kind}, {field(_publisher(entry))}."
    elif entry.type in REPORTS:
        kind = " ".join(part for part in (field("type") or field.words.report, field("number")) if part)
        yield f"{kind}, {field(_publisher(entry))}." if _publisher(entry) else f"{kind}."
    else:
        yield _series(field)
        publisher = _publisher(entry)
        yield f"{field(publisher)}." if publisher and publisher != _people_field(entry) else ""
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
        if name in field and name not in field.used and name != _people_field(entry):
            yield f"{field(name)}."
    if "journal" not in field and "booktitle" not in field:
        volume = field("volume")
        yield f"{field.words.volume} {volume}{_pages(field)}." if volume else ""
        field.used.add("pages")


def _in_book(entry, field):
    book, edition = field("booktitle"), _edition(field)
    editors = ""
    if "editor" in field and _people_field(entry) != "editor":
        field.used.add("editor")
        word = field.words.editor if len(entry.people("editor")) == 1 else field.words.editors
        people = escape(_authors(entry, field.words, "editor"))
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
    told = [_eprint(entry), _doi(entry), re.sub(r"^https?://(www\.)?", "", _url(entry)).rstrip("/")]
    address = next((item for item in told if item and item.casefold() in plain_or_raw(words).casefold()), "")
    rest = words.casefold()
    for item in (address.casefold(), "arxiv", "preprint", "doi", "https", "http", "www", "abs"):
        rest = rest.replace(item, " ") if item else rest
    return "" if address and not re.search(r"[^\W\d_]{3}", re.sub(r"\[[\w.,; -]*\]", "", rest)) else words


# Addresses.


def _doi(entry):
    doi = _unescaped(entry.fields.get("doi", ""))
    return re.sub(r"^(?:https?://)?(?:dx\.)?(?:doi\.org/)?(?:doi:\s*)?", "", doi, flags=re.IGNORECASE).rstrip(".")


def _url(entry):
    found = re.fullmatch(r"\\url\s*\{(.*)\}", entry.fields.get("url", "").strip())
    return _unescaped(found[1] if found else entry.fields.get("url", ""))


def _eprint(entry):
    """Return the number of an eprint without its archive and version."""
    number = _unescaped(entry.fields.get("eprint", ""))
    return re.sub(r"^(?:https?://)?(?:www\.)?(?:arxiv\.org/)?(?:abs/|pdf/|arxiv:)?", "", number, flags=re.I).strip()


def _unescaped(latex):
    return re.sub(
        r"\\([_%&#~$])|\{\\(textasciitilde)\}|[{}]", lambda found: found[1] or ("~" if found[2] else ""), latex
    ).strip()


def _identifier(entry, field):
    """Return one address that a reader can type: DOI, arXiv or HAL number, or URL, in this order."""
    archive = entry.fields.get("eprinttype", "arXiv").strip("{} ").lower()
    if doi := _doi(entry):
        return f'<a class="whole" href="https://doi.org/{escape(doi)}">doi:{escape(doi)}</a>'
    number = _eprint(entry)
    if number and archive == "arxiv":
        return f'<a class="whole" href="https://arxiv.org/abs/{escape(number)}">arXiv:{escape(number)}</a>'
    if number and archive == "hal":
        return f'<a class="whole" href="https://hal.science/{escape(number)}">{escape(number)}</a>'
    if url := _url(entry):
        shown = re.sub(r"^https?://(www\.)?", "", url).rstrip("/")
        if shown.casefold() in plain_or_raw(entry.fields.get("howpublished", "")).casefold():
            return ""
        return f'<a href="{escape(url)}">{escape(shown)}</a>'
    isbn = field("isbn")
    return f"ISBN {isbn}" if isbn else ""


def tied(short):
    """Return a short form as Markup, its year kept with its name."""
    name, _, year = short.rpartition(" ")
    return Markup(f"{escape(name)}\u00a0{escape(year)}")
