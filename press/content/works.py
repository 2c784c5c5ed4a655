"""The list of references: read the BibTeX file, number the works that the book cites.

Place in the flow: after `texts` has collected the citations. Works are numbered in the order of
the printed list (authors, year), so a reader finds [12] both by its number and by its author.
"""

import re
import unicodedata
from html import escape
from typing import NamedTuple

from pybtex.database import BibliographyDataError, parse_file
from pybtex.richtext import Text
from pybtex.scanner import PybtexSyntaxError

from press.problems import Place

BOUND = ("book", "phdthesis", "mastersthesis")  # works with a title of their own, set in italics
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"


class Work(NamedTuple):
    """A cited work: its number in the list, short form for the margin, full form as HTML."""

    number: int
    short: str
    html: str


def read_references(path, citations, problems):
    """Return {key: Work} for the cited works; an unknown key is a fault at each place that cites it."""
    try:
        entries = parse_file(str(path), bib_format="bibtex").entries
    except FileNotFoundError:
        problems.add(Place(path), "the file of references does not exist", "name it in book.yaml")
        return {}
    except (BibliographyDataError, PybtexSyntaxError) as error:
        problems.add(Place(path, getattr(error, "lineno", None) or 0), f"BibTeX: {error}", "mend the entry")
        return {}
    for use in citations:
        if use.target not in entries:
            problems.add(
                use.place,
                f"citation of {use.target!r}, which {path.name} does not have",
                "mend the key, or add the work",
            )
    cited = {use.target for use in citations if use.target in entries}
    cited = {key for key in cited if _is_whole(key, entries[key], path, problems)}
    ordered = sorted(cited, key=lambda key: (_sort_form(_authors(entries[key])), entries[key].fields["year"], key))
    return {key: Work(number, _short(entries[key]), _full(entries[key])) for number, key in enumerate(ordered, start=1)}


def _is_whole(key, entry, path, problems):
    """Say whether a work has what its line in the list needs; report what it lacks."""
    lacks = [name for name in ("title", "year") if name not in entry.fields]
    lacks += [] if _people(entry) else ["author"]
    lacks += ["publisher"] if entry.type in BOUND and not {"publisher", "school"} & set(entry.fields) else []
    for name in lacks:
        problems.add(Place(path), f"{key} has no {name}", "add it")
    return not lacks


def _sort_form(text):
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def _plain(latex):
    """Return a BibTeX field as text; a simple formula keeps its raised figures, f'(0) its prime."""
    text = str(Text.from_latex(latex)).replace("--", "–").replace("'(", "′(").replace("'", "’")
    return re.sub(r"\$(.+?)\$", lambda math: re.sub(r"\^(\d+)", _raised, math[1]), text)


def _raised(power):
    return power[1].translate(str.maketrans("0123456789", RAISED))


def _last_name(person):
    return " ".join(str(part) for part in person.rich_prelast_names + person.rich_last_names)


def _people(entry):
    return entry.persons.get("author") or entry.persons.get("editor") or []


def _short(entry):
    """Return author and year as the margin has them: one name, two names, or the first et al."""
    people = [_last_name(person) for person in _people(entry)]
    if people[1:] and people[1].lower() == "others":
        people = [people[0], "", ""]
    names = {1: people[0], 2: " & ".join(people[:2])}.get(len(people), f"{people[0]} et al.")
    return f"{names} {entry.fields['year']}"


def _author(person):
    initials = "".join(
        f"{str(part)[0]}." if "-" not in str(part) else "-".join(f"{half[0]}." for half in str(part).split("-"))
        for part in person.rich_first_names + person.rich_middle_names
    )
    return f"{_last_name(person)}, {initials}" if initials else _last_name(person)


def _authors(entry, most=6):
    people = [_author(person) for person in _people(entry)]
    if any(name.startswith("others") for name in people) or len(people) > most:
        people = [name for name in people if not name.startswith("others")][: most - 2]
        return ", ".join(people) + ", et al."
    return people[0] if len(people) == 1 else ", ".join(people[:-1]) + " & " + people[-1]


def _full(entry):
    fields = {name: _plain(value) for name, value in entry.fields.items() if name not in ("url", "doi")}
    editors = " (eds.)" if not entry.persons.get("author") else ""
    title = escape(fields["title"])
    stop = "" if title.endswith(("?", "!")) else "."
    parts = [f"{escape(_authors(entry))}{editors} ({fields['year']})."]
    if entry.type in BOUND:
        parts.append(f"<i>{title}</i>{stop}")
        parts.append(escape(fields.get("publisher") or f"{fields.get('type', 'Thesis')}, {fields['school']}") + ".")
    else:
        parts.append(f"{title}{stop}")
        parts.append(_venue(fields))
    parts.append(_identifier(entry.fields))
    return " ".join(part for part in parts if part)


def _venue(fields):
    if "journal" in fields:
        number = f"({escape(fields['number'])})" if "number" in fields else ""
        volume = f" {escape(fields['volume'])}{number}" if "volume" in fields else ""
        pages = f", {escape(fields['pages'])}" if "pages" in fields else ""
        return f"<i>{escape(fields['journal'])}</i>{volume}{pages}."
    if "booktitle" in fields:
        pages = f", {escape(fields['pages'])}" if "pages" in fields else ""
        volume = fields.get("volume", "") if "series" not in fields else ""
        volume = f" {escape(volume)}" if volume not in fields["booktitle"] else ""
        return f"<i>{escape(fields['booktitle'])}</i>{volume}{pages}."
    published = fields.get("howpublished", "")
    return f"{escape(published)}." if published and fields.get("eprint", " ") not in published else ""


def _identifier(raw):
    """Return one address that a reader can type: DOI, arXiv number or URL, in this order."""
    if "doi" in raw:
        return f'<a class="whole" href="https://doi.org/{escape(raw["doi"])}">doi:{escape(raw["doi"])}</a>'
    if "eprint" in raw:
        return (
            f'<a class="whole" href="https://arxiv.org/abs/{escape(raw["eprint"])}">arXiv:{escape(raw["eprint"])}</a>'
        )
    if "url" in raw:
        url = raw["url"]
        shown = re.sub(r"^https?://(www\.)?", "", url).rstrip("/")
        return f'<a href="{escape(url)}">{escape(shown)}</a>'
    return f"ISBN {raw['isbn']}" if "isbn" in raw else ""
