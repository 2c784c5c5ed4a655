"""The pages of one entry, as the whole book will have them, without making the whole book; one module's drawings.

Place in the flow: beside `pipeline`, from the same stages; the commands `page` and `watch` show what is
made here. All texts are read, because they number what they share, but only those of the pages are
filled in, set and laid out. A span begins where the last one that ran over began; where other pages
lie is known from the last layout of the whole book.
"""

import math
import re
from pathlib import Path
from typing import NamedTuple

from press import lastpass, laying, pipeline
from press.content import tree
from press.documents import excerpt
from press.documents.back import anchor_places
from press.layout import engine, slots
from press.layout.spans import TOP, Span, grids, margin_taken, measure
from press.page import PAGE
from press.pdf import files, marks, raster, saving
from press.pdf.paint import paint
from press.pictures import formulas
from press.problems import PressError, Problems, near
from press.text import numbers, resolve, uses
from press.text.html import Context
from press.text.labels import anchor
from press.words import read_words

FONTS: dict = {}  # emptied when the style has changed
FIGURE = re.compile(r":{3,} *\{(?:figure|picture)\} *(\S+)")


class Excerpt(NamedTuple):
    """Some pages by themselves: their layout, the folios to show, their spans (none behind the answers)."""

    layout: engine.Layout
    first: int
    last: int | None
    spans: list[Span]


class Shown(NamedTuple):
    """What was made: the file, the spans with what they hold, and (folio, share of its margin taken) of each page."""

    path: Path
    spans: list[Span]
    margins: list[tuple[int, float]]
    crowded: list


def page(folder: Path, name: str, run: "pipeline.Build") -> Shown:
    """Make the pages of an entry or a passage, and write them as a PDF; raises BookError for faults on them."""
    book = tree.load(folder.resolve(), run.problems, draft=True)
    last = lastpass.last_pass(pipeline.CACHE, folder)
    passage = next((passage for passage in book.parts.passages if passage.key == name), None)
    entries = [] if passage else span_of(book, name, last)
    wanted = [passage] if passage else entries
    context = prepare(book, wanted, run)
    with run.stage("laying out"):
        excerpts = excerpts_of(context, name, last, wanted)
    with run.stage("drawing pages"):
        path = pipeline.CACHE / "preview" / f"page-{name.replace(':', '-')}.pdf"
        write(context, excerpts, path)
    return Shown(
        path,
        [span for part in excerpts for span in part.spans],
        [(folio, margin_taken(page)) for part in excerpts for folio, page in pages_of(part)],
        [crowded for part in excerpts for crowded in part.layout.crowded if crowded.folio >= part.first],
    )


def span_of(book, number, last):
    """Return the entries of the span of an entry, after those whose text runs over onto its first page."""
    entry = next((entry for entry in book.entries if entry.number == number), None)
    if entry is None:
        known = [*(entry.number for entry in book.entries), *(passage.key for passage in book.parts.passages)]
        raise PressError(f"the book has no {number!r} ({near(number, known, 'name an entry, as 3.4.2')})")
    starts = list(dict.fromkeys(entry.node.page for entry in book.entries))
    place = starts.index(entry.node.page)
    first = place if last.answers else max(place - 2, 0)  # without a layout to ask, from two spans before
    while first and f"{starts[first - 1]}" in last.over:
        first -= 1
    return [entry for entry in book.entries if starts[first] <= entry.node.page <= starts[place]]


def prepare(book, wanted, run):
    """Read, draw and set what some entries or passages need; BookError for what is wrong with these."""
    wanted = [*wanted, *(entry for entry in book.entries if f"further:{entry.number}" in {w.key for w in wanted})]
    keys, problems = {item.key for item in wanted}, Problems()
    with run.stage("drawing figures"):
        drawings = pipeline.draw(book, problems, lambda name: run.progress(f"  drew {name}"), results_for(wanted))
    with run.stage("reading texts"):
        words = read_words(book.meta.language, book.place("language"), problems)
        read = uses.read_texts(book, drawings.numbers, words, problems, keys)
        cited = pipeline.cited_works(book, read, words, problems)
        drawings = pipeline.with_pictures(book, read, drawings, problems)
    with run.stage("setting formulas"):
        is_theirs = owners(book, keys)
        needed = {key: places for key, places in read.formulas.items() if any(map(is_theirs, places))}
        typeset = formulas.set_formulas(
            needed,
            laying.TEMPLATES / "fonts",
            pipeline.CACHE / "formulas",
            problems,
            pipeline.notation_of(book),
        )
        resolve.resolve(book, read, drawings, typeset.formulas, problems)
    run.problems.found = [problem for problem in (*run.problems.found, *problems.found) if is_theirs(problem.place)]
    run.problems.stop_if_any()
    return Context(book, read, typeset, drawings, cited, resolve.term_forms(book), words)


def results_for(wanted):
    """Return {(module, function)} of the results that the texts of entries and passages show or quote."""
    found = set()
    for item in wanted:
        for _, text in item.fields():
            found |= numbers.results_in(text) | {name.partition("/")[::2] for name in FIGURE.findall(text)}
        found |= {tuple(name.split(".")) for name in getattr(item.node, "experiments", ())}
    return found


def owners(book, keys):
    """Return a function that says whether a place belongs to some entries or passages, or to a drawing of theirs."""
    owner = owner_of(book)
    return lambda place: place.file.suffix == ".py" or owner(place) in keys


def owner_of(book):
    """Return a function that tells the key of the entry or passage in which a place stands, "" in none."""
    starts = {}
    for item in (*book.entries, *book.parts.passages):
        starts.setdefault(item.file, []).append((item.lines.get((), (0, False))[0], item.key))

    def owner(place):
        before = [start for start in starts.get(place.file, ()) if start[0] <= place.line]
        return max(before)[1] if before else ""

    return owner


def excerpts_of(context, name, last, wanted):
    """Lay out the pages of an entry or a passage; return Excerpts."""
    passage = next((item for item in wanted if item.key == name and item in context.book.parts.passages), None)
    context.places = last.answers if passage else None
    told = folios(context, last, wanted)
    return passages(context, passage, last, told) if passage else [answers(context, wanted, name, told)]


def folios(context, last, wanted):
    """Return {anchor: folio} of what does not stand on the pages themselves, as the last layout had it."""
    keys = {item.key for item in wanted}
    near = {
        anchor(label): item.entry.node.page
        for label, item in context.texts.numbered.items()
        if getattr(item.entry.node, "page", None)
    }
    own = {anchor(label) for label, item in context.texts.numbered.items() if item.entry.key in keys}
    return {name: folio for name, folio in (near | last.behind | last.answers).items() if name not in own}


def answers(context, entries, number, told):
    """Lay out a span; return its Excerpt."""
    first = entries[0].node.page
    laid_out = lay_out(context, excerpt.compose_span(context, entries, laying.TEMPLATES), first, told)
    spans = [span for span in measure(context.book, laid_out) if number in span.numbers]
    last = None if spans[0].last is None else spans[0].last + math.ceil(spans[0].over / PAGE.lines)
    return Excerpt(laid_out, spans[0].first, last, spans)


def passages(context, passage, last, told):
    """Lay out a passage, and the solutions of its problems, where the last layout had them; return Excerpts."""
    made = []
    for name, compose in (
        (f"passage-{passage.id}", excerpt.compose_passage),
        (f"passage-solutions-{passage.number}", excerpt.compose_solutions),
    ):
        if made and not getattr(passage.node, "problems", ()):
            continue
        first = last.behind.get(name, context.book.entries[-1].node.page + 2)
        room = max(last.heights.get(name, TOP) - TOP, 0)
        html = compose(context, passage, laying.TEMPLATES, first, room)
        made.append(Excerpt(lay_out(context, html, first, told, ("parts.css",)), first, None, []))
    return made


def lay_out(context, html, first, told, more=()):
    """Lay out an excerpt that begins on a folio, and fill in the folios that it is the first to tell.

    Excerpts of one program share their fonts and style sheets.
    """
    fonts = FONTS.setdefault("fonts", engine.FontConfiguration())
    laid_out = engine.lay_out(
        html,
        laying.TEMPLATES,
        laying.pictures_of(context),
        first,
        excerpt.blanks(first),
        (*engine.BOOK_STYLES, *more),
        fonts,
    )
    places = {**told, **anchor_places(laid_out)}
    wanted = {slot.target for slot in slots.slots(laid_out.document.pages)}
    slots.fill(laid_out.document.pages, {name: places.get(name, 0) for name in wanted})
    return laid_out


def draw(context, part, tagged=False):
    """Draw an excerpt; return its PDF."""
    document = engine.excerpt(part.layout, part.first, part.last)
    drawn = engine.draw(document, context.book.meta.date, tagged)
    pdf = paint(drawn, context.pages, context.typeset.lines, context.read)
    if part.spans:
        last = max(folio for folio, _ in pages_of(part))
        free = {folio: room for folio, room in grids(part.layout).items() if part.first <= folio <= last}
        marks.draw_grids(pdf, free, 0, part.first)
    return pdf


def write(context, excerpts, path):
    """Draw excerpts and write them into one file."""
    whole = files.joined([draw(context, part, tagged=True) for part in excerpts])
    files.label_pages(whole, 0, excerpts[0].first)
    saving.save(whole, path)


def pages_of(part):
    """Return [(folio, page)] of the pages that an excerpt shows."""
    pages = enumerate(part.layout.body, start=part.layout.first_folio)
    return [(folio, page) for folio, page in pages if part.first <= folio <= (part.last or folio)]


def drawings_of(folder, module, run):
    """Draw the figures of one module and write each as a PNG picture; return the paths."""
    book = tree.load(folder.resolve(), run.problems, draft=True)
    drawings = pipeline.draw(book, run.problems)
    run.problems.stop_if_any()
    if module not in (known := {name.split("/")[0] for name in drawings.figures}):
        raise PressError(f"{module!r} draws no figures; {', '.join(sorted(known))} do")
    paths = []
    for name in drawings.figures:
        if name.split("/")[0] == module:
            paths.append(pipeline.CACHE / "preview" / f"{name.replace('/', '-')}.png")
            paths[-1].parent.mkdir(parents=True, exist_ok=True)
            raster.picture(drawings.figures[name].file, 0, paths[-1], dots_per_inch=150)
    return paths
