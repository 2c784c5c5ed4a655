"""The site: pages, pictures and files that a reader takes the book from, written whole or not at all.

Place in the flow: after a build, from the files that it published and from the tree that they were made
of. The files are checked first, each way there is; where they do not agree there is no site.
"""

import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from press import pipeline, writing
from press.content.citation import read_citation
from press.documents.sheets import cards_of
from press.page import PAGE
from press.pdf import edition
from press.pdf.raster import page_clip
from press.pdf.records import read_back
from press.problems import PressError
from press.proof import apart, printed
from press.proof.landmarks import NUMBER
from press.proof.verdict import Verdict, judge
from press.site import texts
from press.site.changes import read_changes
from press.site.downloads import FOLDER, Download, downloads, told
from press.site.pages import address, page, said
from press.site.report import report
from press.text.html import Context

# Sample pages, in dots per inch.
SAMPLE, COVER = 80, 80


def make(folder: Path, out: Path, run: pipeline.Build) -> Path:
    """Write the site of the book in `folder`, whose files stand in `out`; return the folder of the site."""
    context = pipeline.prepare(folder, run, draft=True)
    words, meta = context.words, context.book.meta
    said(words)  # or there is no site in this language
    found = downloads(out, meta.file, len(cards_of(context.book)))
    books = {item.paper: item for item in found if item.kind == "book"}
    if "a4" not in books:
        raise PressError(f"{out} has no {meta.file}-a4.pdf: make the book first")
    verdicts = checked(context, books, out, run)
    with run.stage("writing the site"), edition.new_edition(out, run.progress) as beside:
        made = beside / edition.SITE
        (made / FOLDER).mkdir(parents=True)
        for item in found:
            shutil.copyfile(item.path, made / item.href)
        sums = "".join(f"{item.sha256}  {item.path.name}\n" for item in found)
        (made / FOLDER / "SHA256SUMS").write_text(sums, encoding="utf-8", newline="\n")
        shared = {"language": words.language, "meta": meta, "verdict": verdicts["a4"], "day": words.dated(meta.date)}
        pages = {
            "index.html": front(context, found, verdicts["a4"], made, shared),
            "cards.html": cards(context, found, verdicts["a4"], shared),
        }
        for paper, verdict in verdicts.items():
            book = books[paper]
            pages[check_page(paper)] = report(verdict, book.path, book.href, words, pipeline.TEMPLATES, "index.html")
        for name, text in pages.items():
            (made / name).write_text(text, encoding="utf-8", newline="\n")
        return edition.publish_folder(made, out)


def check_page(paper: str) -> str:
    """Return the name of the page of the check on a paper."""
    return "check.html" if paper == "a4" else f"check-{paper}.html"


def checked(context: Context, books: dict[str, Download], out: Path, run: pipeline.Build) -> dict[str, Verdict]:
    """Return the verdict on each paper. Raises PressError where a file does not agree with source or tree."""
    book = context.book
    files = writing.names_of_files(book, tuple(books), out)
    there = {key: path for key, path in files.items() if path.is_file()}
    drawings = context.drawings

    def compare() -> printed.Verdict:
        with run.stage("comparing with the tree"):
            return printed.compare(book.folder, there, drawings.numbers, apart.cards_of(drawings))

    with run.stage("reading back"):
        source, whole = pipeline.source_of(book), cache(compare)
        verdicts = {paper: judge(item.path, source, book.meta.date, whole) for paper, item in books.items()}
    faults = [fault for verdict in verdicts.values() for fault in verdict.faults]
    if faults:
        raise PressError("\n".join([*dict.fromkeys(faults), "the files do not agree, so there is no site"]))
    return verdicts


def front(context: Context, found: list[Download], verdict: Verdict, made: Path, shared: dict[str, Any]) -> str:
    """Return the first page, and write its pictures."""
    book, words = context.book, context.words
    site, beside = said(words), book.folder.parent
    pdf = next(item for item in found if item.kind == "book")
    changes = read_changes(beside / "CHANGELOG.md")
    citation = read_citation(beside / "CITATION.cff", problems := pipeline.Problems())
    problems.stop_if_any()
    contents = contents_of(context, pdf, verdict)
    glossary = texts.glossary(context)
    text = page(
        pipeline.TEMPLATES,
        words,
        "index.html",
        "search.js",
        pdf=pdf,
        samples=samples(context, pdf, verdict, made),
        groups=told(found, site),
        has_bleed=any(item.kind == "bleed" for item in found),
        sums=f"{FOLDER}/SHA256SUMS",
        contents=contents,
        index=Markup(index_of(contents, texts.cards(context), glossary, site).replace("</", "<\\/")),
        changes=changes,
        citation=citation,
        bibtex=bibtex(citation) if citation else "",
        glossary=glossary,
        checks=[check_page(paper) for paper in PAGE.papers if any(item.paper == paper for item in found)],
        **shared,
    )
    return texts.draw(context, text)


def cards(context: Context, found: list[Download], verdict: Verdict, shared: dict[str, Any]) -> str:
    """Return the page of cards and glossary."""
    pdf = next(item for item in found if item.kind == "book")
    sheet = next((item for item in found if item.kind == "cards"), None)
    places = fronts(sheet.path) if sheet else {}
    number = physical(verdict)
    rows = [
        {
            "card": card,
            "href": address(pdf.href, number[f"{card.page}"]),
            "sheet": places[card.number] // 2 + 1 if card.number in places else None,
            "sheet_href": address(sheet.href, places[card.number]) if sheet and card.number in places else "",
        }
        for card in texts.cards(context)
    ]
    text = page(pipeline.TEMPLATES, context.words, "cards.html", cards=rows, glossary=texts.glossary(context), **shared)
    return texts.draw(context, text)


def fronts(path: Path) -> dict[str, int]:
    """Return {number of an entry: page of the cards, from 1, on which the front of its card stands}."""
    largest: dict[str, tuple[float, int]] = {}
    for run in read_back(path).runs:
        if found := NUMBER.match(run.text):
            largest[found[1]] = max(largest.get(found[1], (0, 0)), (run.size, -run.page))
    return {number: 1 - page for number, (_, page) in largest.items()}


def physical(verdict: Verdict) -> dict[str, int]:
    """Return {label: number of the page in the file, from 1}, as the PDF's labels have it."""
    return {sheet.label: index + 1 for index, sheet in enumerate(verdict.entries.printed.pages)}


def contents_of(context: Context, pdf: Download, verdict: Verdict) -> list[dict[str, Any]]:
    """Return the lines of the contents, in the source's words, each with where it leads."""
    number = physical(verdict)
    return [
        {
            "number": entry.number,
            "title": entry.node.title,
            "is_section": entry.number.count(".") == 1,
            "page": entry.node.page,
            "href": address(pdf.href, number[f"{entry.node.page}"]),
            "card": f"cards.html#card-{entry.number}" if entry.is_answer and entry.node.key else "",
        }
        for entry in context.book.entries
    ]


def index_of(contents: list[dict], found: list[texts.Card], glossary: list[texts.GlossaryTerm], site: dict) -> str:
    """Return what the search looks through, as JSON: [title, words, where, page, where the page is]."""
    keys = {card.number: card for card in found}
    rows = []
    for line in contents:
        card = keys.get(line["number"])
        title = f"{line['number']} {line['title']}"
        words = [] if card is None else [card.question] * (card.question != line["title"]) + [card.plain]
        rows.append([title, " ".join(words), line["card"], site["to_page"].format(line["page"]), line["href"]])
    rows += [[term.term, term.plain, f"cards.html#{term.id}", "", ""] for term in glossary]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def samples(context: Context, pdf: Download, verdict: Verdict, made: Path) -> list[dict[str, Any]]:
    """Write pictures of the cover and of some pages; return what each shows. The cover is the first."""
    site, sheets, places = said(context.words), verdict.entries.printed.pages, verdict.entries.places
    begins: dict[int, list[str]] = {}
    for row in verdict.entries.rows:
        if heading := places[row.number][1]:
            begins.setdefault(heading.page, []).append(f"{row.number} {row.title}")
    middle = sorted(begins)[len(begins) // 2]
    left = middle - (middle % 2 == 0)  # a left-hand page, and the right-hand page beside it
    lines = next((line.page for line, _ in places.values() if line), 0)
    behind = [
        mark.target.page
        for mark in verdict.entries.printed.bookmarks
        if mark.target and mark.title in (context.words.further, context.words.toolbox)
    ]
    found = []
    (made / "pages").mkdir()
    for index in dict.fromkeys([0, lines, left, left + 1, *behind]):
        clip = page_clip(pdf.path, index, COVER if index == 0 else SAMPLE)
        name = f"pages/{index + 1}.png"
        (made / name).write_bytes(clip.png)
        here = "; ".join(begins.get(index, []))
        label = sheets[index].label
        alt = site["sample_begins"].format(label, here) if here else site["sample_alt"].format(label)
        found.append({"src": name, "alt": alt, "clip": clip, "href": address(pdf.href, index + 1)})
    return found


def bibtex(citation: Any) -> str:
    """Return a citation for BibTeX."""
    fields = {
        "title": f"{{{citation.title}}}",
        "author": " and ".join(
            f"{author.family}, {author.given}" if author.family else f"{{{author.name}}}" for author in citation.authors
        ),
        "year": f"{citation.released.year}",
        "edition": citation.version,
        "doi": citation.doi,
        "url": citation.url,
    }
    key = "".join(letter for letter in citation.title.split(":")[0].lower() if letter.isalnum())
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@book{{{key}{citation.released.year},\n{lines}}}"
