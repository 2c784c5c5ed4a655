"""What BibTeX knows of a work: its kinds, the fields that need not be printed, its identifiers.

Place in the flow: under `people`, `work_lines` and `works`.
"""

import re

from press.content.bibtex import leftover, plain

BOOKS = ("book", "booklet", "collection", "proceedings", "manual", "mvbook", "periodical")
THESES = ("phdthesis", "mastersthesis", "thesis")
REPORTS = ("techreport", "report")
PARTS = ("incollection", "inbook", "inreference")
TALKS = ("inproceedings", "conference")
ARTICLES = ("article",)
OTHERS = ("misc", "online", "electronic", "www", "unpublished", "software", "dataset", "preprint")
TYPES = (*BOOKS, *THESES, *REPORTS, *PARTS, *TALKS, *ARTICLES, *OTHERS)
ARCHIVES = ("arxiv", "hal")  # of eprints, whose numbers are printed
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


def plain_or_raw(value):
    """Return a field as text, as it stands where it is no LaTeX that can be read."""
    try:
        return plain(value)
    except Exception:  # pybtex raises several kinds, all of them about the field
        return value if leftover(value) else f"\\{value}"


def year_of(entry):
    """Return the year of a work as text."""
    return plain(entry.fields["year"])


def publisher_of(entry):
    """Return the name of the field that says who published a work, "" for none."""
    return next((name for name in ("publisher", "institution", "organization") if entry.fields.get(name)), "")


def doi_of(entry):
    """Return the DOI of a work without an address before it, "" for none."""
    doi = _unescaped(entry.fields.get("doi", ""))
    return re.sub(r"^(?:https?://)?(?:dx\.)?(?:doi\.org/)?(?:doi:\s*)?", "", doi, flags=re.IGNORECASE).rstrip(".")


def address_of(entry):
    """Return the address of a work, "" for none."""
    found = re.fullmatch(r"\\url\s*\{(.*)\}", entry.fields.get("url", "").strip())
    return _unescaped(found[1] if found else entry.fields.get("url", ""))


def eprint_of(entry):
    """Return the number of an eprint without its archive and version."""
    number = _unescaped(entry.fields.get("eprint", ""))
    return re.sub(r"^(?:https?://)?(?:www\.)?(?:arxiv\.org/)?(?:abs/|pdf/|arxiv:)?", "", number, flags=re.I).strip()


def archive_of(entry):
    """Return the archive of an eprint in small letters."""
    return entry.fields.get("eprinttype", "arXiv").strip("{} ").lower()


def _unescaped(latex):
    return re.sub(
        r"\\([_%&#~$])|\{\\(textasciitilde)\}|[{}]", lambda found: found[1] or ("~" if found[2] else ""), latex
    ).strip()
