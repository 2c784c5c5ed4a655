"""Compose the HTML: put the texts into the Jinja templates, notes beside their paragraphs.

Place in the flow: after everything that has to be known beforehand (figures, formulas, numbers of
tables and references), before `layout`. Page numbers are the layout's business, but for those of entries.
"""

import re
from importlib.metadata import version
from itertools import accumulate
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from press.content.rules import spelling
from press.documents import contents
from press.layout.engine import pango_version
from press.text.blocks import aside
from press.text.html import folio, formula_html, render, to_html
from press.text.parser import top_level
from press.words import NO_BREAK, roman

# What the colophon names: the programs that decide how the book comes out.
VERSIONS = {
    name: version(package)
    for name, package in (
        ("WeasyPrint", "weasyprint"),
        ("Typst", "typst"),
        ("matplotlib", "matplotlib"),
        ("NumPy", "numpy"),
    )
} | {"Pango": pango_version()}

# A running head of so many words looks like a sentence, and readers miss those in artifacts.
RUNNING_WORDS = 8

# Cover with an empty back, title page and colophon; then what a book has of study, contents and notation.
FIRST_PAGES = 4

# Parts that stand before the first answer, and parts on pages like those of the answers; what else there is
# follows at full width, in the back matter.
BEFORE = ("study", "notation")
BEHIND = ("going-further", "toolbox", "experiments", "answers-and-solutions")


class Front(NamedTuple):
    """How many pages each part before the first answer takes."""

    study: int
    contents: int
    notation: int

    @property
    def folios(self):
        """The first page of each part, as printed."""
        starts = accumulate(self[:-1], initial=FIRST_PAGES + 1)
        return {name: roman(start) for name, start in zip(self._fields, starts, strict=True)}

    def pages(self, first_folio):
        """Return how many pages stand before the first answer: its side asks for an empty one, or not."""
        return FIRST_PAGES + sum(self) + self.blanks(first_folio)

    def blanks(self, first_folio):
        """Return how many empty pages bring the first answer to its side: odd folios to the right."""
        return int((FIRST_PAGES + sum(self) + first_folio) % 2 == 0)


def planned(context):
    """Return the Front of a book as it should be; `laying` looks how many pages its parts really take."""
    study, notation = bool(context.book.meta.study), bool(context.book.notation)
    return Front(int(study), len(contents.pages(context.book.entries)), int(notation))


def environment(templates, words):
    """Return the Jinja environment of the templates folder, in which `words` are at hand."""
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["words"] = words
    environment.filters["ending_in"] = ending_in
    return environment


def ending_in(text, tail):
    """Put something behind the last word of a text, on its line: a page never stands alone on the last one.

    The two are held together by a span: at a mere no-break space WeasyPrint 70.0 now and then breaks
    the line after its first word.
    """
    text = escape(text)
    before, blank, last = text.rpartition(" ")
    if re.search(r"[<>]", last):
        return Markup(f"{text}{NO_BREAK}{escape(tail)}")
    return Markup(f'{before}{blank}<span class="whole">{last}{NO_BREAK}{escape(tail)}</span>')


def compose(context, templates, front):
    """Return the HTML of the front matter and all answers."""
    book, entries = context.book, {entry.key: entry_of(context, entry) for entry in context.book.entries}
    parts = parts_of(context)
    return (
        environment(templates, context.words)
        .get_template("book.html")
        .render(
            meta=book.meta,
            entries=list(entries.values()),
            contents_pages=[
                [[entries[entry.key] for entry in column] for column in columns]
                for columns in contents.pages(book.entries)
            ],
            contents_lead=contents.lead(context),
            parts=[
                {"id": name, "title": title, "folio": front.folios.get(name) or folio(context, name)}
                for name, title in parts.items()
            ],
            marks=folio_marks(book),
            study=to_html(context, None, ("study",)),
            colophon=to_html(context, None, ("colophon",)),
            cover=cover(context),
            made_with=made_with(context.words),
            notation=_notation(context),
            recto_follows=has_back(context) and not book.parts.passages,
            blank_before_body=front.blanks(book.meta.first_page),
        )
    )


def _notation(context):
    """Return the groups of the notation page, each sign with what it means."""
    return [
        {
            "group": group.group,
            "rows": [
                (
                    formula_html(context, row.symbol, False),
                    to_html(context, None, ("notation", number, index), inline=True),
                )
                for index, row in enumerate(group.rows)
            ],
        }
        for number, group in enumerate(context.book.notation)
    ]


def made_with(words):
    """Return the line of the colophon that names the programs."""
    programs = words.listed(f"{name} {number}" for name, number in VERSIONS.items())
    return words.made_with.replace("{programs}", programs)


def parts_of(context):
    """Return {anchor: title} of what a book has beside its answers, as the contents lists it, in its order."""
    words, parts, book = context.words, context.book.parts, context.book
    has_tests = any(entry.node.check for entry in book.entries)
    defined = {spelling(use.target) for use in context.texts.bold}
    has_terms = any(spelling(form) in defined for term, _, _ in book.terms for form in (term.term, *term.forms))
    listed = [
        ("study", words.study, book.meta.study),
        ("notation", words.notation, book.notation),
        ("going-further", words.further, parts.further),
        ("toolbox", words.toolbox, parts.tools),
        ("experiments", words.experiments, parts.experiments),
        ("answers-and-solutions", words.solutions, parts.problems),
        ("answers-to-self-tests", words.self_tests, has_tests and not parts.problems),
        ("references", (book.meta.headings.references or words.references).rstrip(":"), context.works),
        ("glossary", words.glossary, has_terms),
        ("figures", words.figures, _has(context, "figure")),
        ("tables", words.tables, _has(context, "table")),
        ("index", words.index, has_terms),
        ("collation", words.collation, book.part("source")),
    ]
    return {name: title for name, title, is_there in listed if is_there}


def has_back(context):
    """Say whether a book has anything behind the answers and what stands on pages like theirs."""
    return not set(parts_of(context)) <= {*BEFORE, *BEHIND}


def _has(context, kind):
    return any(item.kind == kind for item in context.texts.numbered.values())


def cover(context):
    """Return the cover's figure as HTML, "" for a book without one."""
    figure = context.drawings.figures.get(context.book.meta.cover)
    return (
        Markup(
            f'<img class="drawing" src="vector:{figure.page.key}" style="width:{figure.page.width:.2f}pt" '
            f'alt="{context.words.cover_alt}">'
        )
        if figure
        else ""
    )


def folio_marks(book):
    """Return {entry number: folios} of empty marks before an entry.

    Each page of a span but its first gets a mark, which makes sure that the page is there even
    when the answer ends before it; the entry itself brings its own page.
    """
    marks, previous = {}, None
    for entry in book.entries:
        if previous is not None and entry.node.page > previous + 1:
            marks[entry.number] = list(range(previous + 1, entry.node.page))
        previous = entry.node.page
    return marks


def entry_of(context, entry):
    """Return what the template needs of an entry."""
    node = entry.node
    return {
        "id": entry.id,
        "is_first": entry is context.book.entries[0],
        "number": node.number,
        "title": node.title,
        "reads": node.reads,
        "level": entry.level,
        "page": node.page,
        "folio": folio(context, entry.id, node.page),
        "running": running(entry),
        "key": to_html(context, entry, ("key",), inline=True) if node.key else "",
        "opener": to_html(context, entry, ("opener",)) if getattr(node, "opener", None) else "",
        "answer": Markup(_head_of_notes(context, entry) + _with_notes(context, entry)) if node.answer else "",
    }


def running(entry, part=""):
    """Return the running head: number and title; behind the answers the part and the number, which find the page."""
    return f"{part}: {entry.number}" if part else short_head(f"{entry.number} {entry.wording}")


def short_head(text):
    """Return a running head; of a long one what stands before its first comma, cut short where that is long too."""
    words = text.split() if len(text.split()) < RUNNING_WORDS else text.partition(",")[0].split()
    return " ".join(words if len(words) < RUNNING_WORDS else [*words[: RUNNING_WORDS - 2], "…"])


def _with_notes(context, entry):
    """Return the answer with its margin notes, each after the paragraph that it stands beside."""
    pieces = top_level(context.texts.tokens(entry, ("answer",)))
    notes = {
        "watch_out": _watch_out(context, entry),
        "check": _check(context, entry),
    }
    placed = {
        piece[0].meta["block"].argument: index
        for index, piece in enumerate(pieces)
        if piece[0].type == "block" and piece[0].meta["block"].name == "place"
    }
    # By itself a warning stands beside the first paragraph, the rest beside the second half.
    usual = {"watch_out": 0, "check": len(pieces) // 2}
    html = []
    for index, piece in enumerate(pieces):
        html.append(render(context, entry, piece))
        html += [notes[name] for name in notes if placed.get(name, usual[name]) == index]
    return "".join(html)


def _watch_out(context, entry):
    return aside("watch-out", context.words.watch_out, to_html(context, entry, ("watch_out",)))


def _check(context, entry):
    asks = []
    for index in range(len(entry.node.check)):
        text = to_html(context, entry, ("check", index, "ask"))
        asks.append(f'<div class="ask">{text}</div>')
    return aside("check", context.words.check, "".join(asks))


def _head_of_notes(context, entry):
    """Return what opens an entry's notes: its number, and the way to what goes further on it."""
    target = context.targets.get(f"further:{entry.number}")
    blocks = [token.meta["block"] for token in context.texts.tokens(entry, ("answer",)) if token.type == "block"]
    in_margin = any(block.name == "note" or block.options.get("width") == "margin" for block in blocks)
    if not (target or in_margin or entry.node.check or entry.node.watch_out):
        return ""
    way = ""
    if target:
        words = f"{context.words.further}, {context.words.on_page(folio(context, target[0]))}"
        way = f'<p class="way-on"><a href="#{target[0]}">{words}</a></p>'
    return aside("head", "", f'<p class="note-entry">{entry.number}</p>{way}')
