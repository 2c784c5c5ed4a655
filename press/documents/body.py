"""Compose the HTML: put the texts into the Jinja templates, notes beside their paragraphs.

Place in the flow: after everything that has to be known beforehand (figures, formulas, numbers of
tables and references), before `layout`. Page numbers are the layout's business, but for those of entries.
"""

import re
from importlib.metadata import version

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from press.layout.engine import pango_version
from press.text.blocks import aside
from press.text.html import folio, formula_html, render, to_html
from press.text.parser import top_level
from press.words import NO_BREAK

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

# So many lines the first column of the contents may be longer than half, to end with a section.
NEAR = 4

# Folios of the front matter that the contents lists.
FRONT = {"study": "v", "notation": "vii"}


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


def compose(context, templates):
    """Return the HTML of the front matter and all answers."""
    book = context.book
    entries = [entry_of(context, entry) for entry in book.entries]
    half = column_break(book.entries)
    return (
        environment(templates, context.words)
        .get_template("book.html")
        .render(
            meta=book.meta,
            entries=entries,
            contents_columns=[entries[:half], entries[half:]],
            parts=[
                {"id": name, "title": title, "folio": FRONT.get(name) or folio(context, name)}
                for name, title in _parts(context)
            ],
            marks=folio_marks(book),
            study=to_html(context, None, ("study",)),
            colophon=to_html(context, None, ("colophon",)),
            cover=cover(context),
            made_with=made_with(context.words),
            notation=[
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
                for number, group in enumerate(book.notation)
            ],
            recto_follows=not book.parts.passages,
            blank_before_body=book.meta.first_page % 2 == 1,
        )
    )


def made_with(words):
    """Return the line of the colophon that names the programs."""
    programs = words.listed(f"{name} {number}" for name, number in VERSIONS.items())
    return words.made_with.replace("{programs}", programs)


def _parts(context):
    """Return [(anchor, title)] of what the contents lists below the entries, in the book's order."""
    words, parts = context.words, context.book.parts
    has_tests = any(entry.node.check for entry in context.book.entries)
    listed = [
        ("study", words.study, True),
        ("notation", words.notation, True),
        ("going-further", words.further, parts.further),
        ("toolbox", words.toolbox, parts.tools),
        ("experiments", words.experiments, parts.experiments),
        ("answers-and-solutions", words.solutions, parts.problems),
        ("answers-to-self-tests", words.self_tests, has_tests and not parts.problems),
        ("references", context.book.meta.headings.references.rstrip(":"), True),
        ("glossary", words.glossary, True),
        ("figures", words.figures, True),
        ("tables", words.tables, _has(context, "table")),
        ("index", words.index, True),
        ("collation", words.collation, True),
    ]
    return [(name, title) for name, title, is_there in listed if is_there]


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


def column_break(entries):
    """Return the index of the entry that heads the second column of the contents.

    Lines are estimated at 52 characters, so that both columns come out about as long; CSS columns
    would balance them at twenty times the cost. Where a section begins nearby, the column begins with it.
    """
    lines = [1 + len(entry.node.title) // 52 for entry in entries]
    done = [sum(lines[:index]) for index in range(len(lines) + 1)]
    middle = min(range(1, len(lines) + 1), key=lambda index: abs(done[index] - done[-1] / 2))
    near = [
        index
        for index, entry in enumerate(entries)
        if index and entry.level == 1 and 0 <= done[index] - done[middle] <= NEAR
    ]
    return near[0] if near else middle


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
    """Return the running head: the part behind the answers, number and title, cut short where it is long."""
    return short_head(f"{part}{': ' if part else ''}{entry.number} {entry.wording}")


def short_head(text):
    """Return a running head, cut short where it is long."""
    words = text.split()
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
