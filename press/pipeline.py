"""The stages in order: from a folder with a content tree to finished PDFs, read back.

`make` is the whole: `prepare` (read, draw, parse, set), `lay_out`, `write`, `read_back`, publish. The
command line shows the progress of the stages and prints the summary; `proof` stops for nothing.
"""

import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from press import lastpass, remembered
from press.content import bibtex, tree, works
from press.documents import anki, back, body, parts, sheets
from press.layout import engine, slots
from press.layout.spans import faults, grids, measure
from press.page import PAGE
from press.pdf import edition, files, marks, raster
from press.pdf.mending import mend_tags
from press.pdf.paint import paint
from press.pictures import figures, formulas
from press.pictures.speech.english import Notation
from press.printing import FileKey, LaidOut, Printing
from press.problems import PressError, Problems
from press.proof import agreement, printed, reader
from press.text import resolve, uses
from press.text.html import Context
from press.words import read_words

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
CACHE = ROOT / "build"
WORDS = sorted((TEMPLATES / "words").glob("*.yaml"))
FRONT_PAGES = 7


class Made(NamedTuple):
    """What a build made, for the summary."""

    title: str
    draft: bool
    pages: int
    rows: list  # of agreement.Row, from the finished PDF; no paper differs, or there is none
    compared: printed.Verdict
    written: int
    answers: int
    drawn: int
    cached: int
    formulas: int
    paths: list


@dataclass
class Build:
    """One build: its problems, how long each stage took, and who is told that a stage begins."""

    progress: Callable[[str], None] = lambda stage: None
    problems: Problems = field(default_factory=Problems)
    seconds: dict = field(default_factory=dict)

    @contextmanager
    def stage(self, name):
        """Time a stage and say that it has begun."""
        self.progress(name)
        start = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0) + time.perf_counter() - start


def make(folder, out, papers, draft, run, bleed=False):
    """Make everything that a build makes, read all of it back, and only then publish it; return Made.

    With `bleed` there is also a file of the book for the print shop, with crop marks.
    """
    with edition.new_edition(out, run.progress) as beside:
        for file in edition.mixed(out):
            run.progress(f"{out / file} is not of the edition beside it: all is made anew")
        context = prepare(folder, run, draft)
        book = context.book
        inputs = edition.digest_of_inputs([book.folder, book.path(book.meta.figures), TEMPLATES, ROOT / "press"])
        laid_out = lay_out(context, run)
        run.problems.stop_if_any()
        printing = write(context, laid_out, papers, beside, run, bleed)
        package = write_package(context, laid_out.book, beside, run)
        rows, compared = read_back(printing, run)
        run.problems.stop_if_any()
        for file in edition.publish(beside, out, book.meta.file, inputs):
            run.progress(f"{out / file} was of an older edition and is removed")
    answers = [entry for entry in book.entries if entry.is_answer]
    return Made(
        book.meta.title,
        draft or book.meta.draft,
        len(laid_out.pages),
        rows,
        compared,
        sum(entry.is_written for entry in answers),
        len(answers),
        context.drawings.drawn,
        context.drawings.cached,
        len(context.typeset.formulas),
        [out / path.name for path in (*printing.files.values(), package)],
    )


def proof(folder, run):
    """Make the book into a folder of its own and proofread it; return a findings.Proof. Raises BookError."""
    context = prepare(folder, run, draft=True)
    with TemporaryDirectory() as out:
        printing = write(context, lay_out(context, run), tuple(PAGE.papers), Path(out), run)
        with run.stage("proofreading"):
            return reader.look(printing, TEMPLATES)


def lay_out(context, run):
    """Lay out all pages of the book, and the sheets; return LaidOut. What does not fit goes to `run.problems`."""
    laid_out = lay_out_book(context, run)
    spans = measure(context.book, laid_out)
    check_layout(context, laid_out, spans, run.problems)
    beside = lay_out_sheets(context, laid_out, run)
    behind, last = lay_out_later(context, laid_out, run)
    check_notes(context, behind, run.problems)
    whole = LaidOut(laid_out, spans, behind, last, beside)
    lastpass.note(CACHE, context.book.folder, whole)
    return whole


def write(context, laid_out, papers, out, run, bleed=False):
    """Paint, finish and write the book and its sheets into a folder; return a Printing."""
    paths = write_book(context, laid_out, papers, out, run, bleed)
    paths |= write_sheets(context, laid_out.sheets, papers, out, run)
    return Printing(context, laid_out, paths, list(run.problems.found))


def write_package(context, laid_out, out, run):
    """Write the study cards as a package for Anki; return its path."""
    path = out / f"{context.book.meta.file}-cards.apkg"
    with run.stage("sheets"):
        path.write_bytes(anki.package(context, laid_out))
    return path


def read_back(printing, run):
    """Read all files back, before they are published; return (rows of agreement, Verdict of printed).

    Two questions of their own: does the book agree with the source's contents list, four ways, and
    does every word, number and page number of the tree stand where it has to?
    """
    book, rows = printing.context.book, []
    paths = {key: path for key, path in printing.files.items() if not key.kind.endswith("bleed")}
    with run.stage("reading back"):
        source = book.path(book.meta.source)
        for key, path in paths.items():
            if key.kind == "book":
                examined = agreement.examine(path, source)
                agreement.report(examined, source, key.paper, run.problems)
                rows = examined.rows
    with run.stage("comparing with the tree"):
        drawings = printing.context.drawings
        compared = printed.compare(book.folder, paths, drawings.numbers, cards_of(drawings))
        run.problems.found += [problem for problem in compared.problems if problem not in run.problems.found]
    return rows, compared


def check_book(folder, out, run):
    """Compare the finished files of a book in the folder `out` with its tree; return a printed.Verdict."""
    book = tree.load(folder.resolve(), run.problems, draft=True)
    run.problems.stop_if_any()
    drawings = figures.draw(book.path(book.meta.figures), CACHE / "figures", TEMPLATES / "fonts", run.problems)
    run.problems.stop_if_any()
    paths = {
        key: path
        for paper in PAGE.papers
        for key, path in names_of_files(book, (paper,), out).items()
        if path.is_file()
    }
    if not any(key.kind == "book" for key in paths):
        raise PressError(
            f"{out} has no {book.meta.file}-a4.pdf and no {book.meta.file}-letter.pdf: make the book first"
        )
    return printed.compare(book.folder, paths, drawings.numbers, cards_of(drawings))


def cards_of(drawings):
    """Return {"module.function": what it tells} of the experiments, as their results have it."""
    return {name: experiment.card for name, experiment in drawings.experiments.items()}


def usual_files(folder, out):
    """Return (finished book on A4, the source's contents list, date of the edition) as a book has them."""
    problems = Problems()
    meta, _ = tree.read_metadata(folder, problems)
    problems.stop_if_any()
    return out / f"{meta.file}-a4.pdf", folder / meta.source, meta.date


def names_of_files(book, papers, out, kinds=("book", "cards", "formulas")):
    """Return {FileKey: path} of the files that a build makes."""
    return {
        FileKey(kind, paper): out / f"{book.meta.file}-{'' if kind == 'book' else kind + '-'}{paper}.pdf"
        for kind in kinds
        for paper in papers
    }


def prepare(folder, run, draft=False):
    """Read, draw, parse and set everything that the layout needs; BookError if anything is wrong."""
    problems = run.problems
    with run.stage("reading"):
        book = tree.load(folder.resolve(), problems, draft)
        words = read_words(book.meta.language, book.place("language"), problems)
    with run.stage("drawing figures"):
        drawings = figures.draw(
            book.path(book.meta.figures),
            CACHE / "figures",
            TEMPLATES / "fonts",
            problems,
            lambda name: run.progress(f"  drew {name}"),
        )
    with run.stage("reading texts"):
        read = uses.read_texts(book, drawings.numbers, words, problems)
        cited = cited_works(book, read, words, problems)
    with run.stage("setting formulas"):
        typeset = formulas.set_formulas(
            read.formulas, TEMPLATES / "fonts", CACHE / "formulas", problems, notation_of(book)
        )
        resolve.resolve(book, read, drawings, typeset.formulas, problems)
    problems.stop_if_any()
    return Context(book, read, typeset, drawings, cited, resolve.term_forms(book), words)


def cited_works(book, read, words, problems):
    """Return {key: Work} of the cited works; where nothing was wrong with them the last time, as remembered."""
    file = book.path(book.meta.references)
    before, cited = len(problems.found), sorted({use.target for use in read.citations})
    store = None
    if file.is_file():
        code = [Path(module.__file__ or "") for module in (works, bibtex)]
        store = CACHE / "works" / f"{remembered.digest(file, *cited, book.meta.language, *code, *WORDS)}.json"
        if (known := remembered.recall(store)) is not None:
            return {key: works.Work(*work) for key, work in known.items()}
    found = works.read_references(file, read.citations, words, problems)
    if store and len(problems.found) == before:
        remembered.store(store, found)
    return found


def notation_of(book):
    """Return how the signs of the book's notation are spoken."""
    spoken = [group.spoken for group in book.notation]
    language = Notation()
    return Notation(
        tuple((sign, words) for part in spoken for sign, words in part.signs.items()),
        next((part.upper_index for part in spoken if part.upper_index), language.upper_index),
        frozenset(letter for part in spoken for letter in part.upper_index_letters),
        language.functions.union(*(part.functions for part in spoken)),
    )


def preview(folder, module, run):
    """Draw the figures of one module and write each as a PNG picture; return the paths."""
    book = tree.load(folder.resolve(), run.problems, draft=True)
    drawings = figures.draw(book.path(book.meta.figures), CACHE / "figures", TEMPLATES / "fonts", run.problems)
    run.problems.stop_if_any()
    if module not in (known := {name.split("/")[0] for name in drawings.figures}):
        raise PressError(f"{module!r} draws no figures; {', '.join(sorted(known))} do")
    paths = []
    for name in drawings.figures:
        if name.split("/")[0] == module:
            paths.append(CACHE / "preview" / f"{name.replace('/', '-')}.png")
            paths[-1].parent.mkdir(parents=True, exist_ok=True)
            raster.picture(drawings.figures[name].file, 0, paths[-1], dots_per_inch=150)
    return paths


def front_pages(book):
    """Pages before the first folio: i to vii, and one more where the first folio is a right-hand page."""
    return FRONT_PAGES + book.meta.first_page % 2


def lay_out_book(context, run):
    """Compose and lay out front matter and answers; return their Layout.

    Raises BookError where the front matter takes other pages than planned: all that follows would be off.
    """
    book = context.book
    with run.stage("laying out"):
        html = body.compose(context, TEMPLATES)
        laid_out = engine.lay_out(html, TEMPLATES, pictures_of(context), book.meta.first_page, front_pages(book))
        if outgrown := slots.outgrown(laid_out.document.pages, back.anchor_places(laid_out)):
            return lay_out_book(replace(context, places=outgrown), run)
        if not parts.has_parts(book):
            # The back matter begins on a right-hand page: book.html forces one, which leaves the sheet before it
            # filled by an empty left-hand page where one is needed. The forced page itself is not printed.
            laid_out.document.pages.pop()
        check_front(context, laid_out, run.problems)
    return laid_out


def write_pages(context, laid_out, path, run):
    """Write the laid-out pages as they are, wherever the headings land: for an author who has to cut."""
    behind, last = lay_out_later(context, laid_out, run)
    whole = laid_out.document.copy(LaidOut(laid_out, [], behind, last, {}).pages)
    with run.stage("drawing pages"):
        pdf = paint_pages(context, whole)
        files.label_pages(pdf, laid_out.front_pages, laid_out.first_folio)
        files.save(pdf, path)


def paint_pages(context, document):
    """Paint a laid-out document with its formulas and figures; return it as a PDF."""
    pages = {**context.typeset.pages, **context.drawings.pages}
    return paint(engine.draw(document, context.book.meta.date), pages, context.typeset.lines)


def pictures_of(context):
    """Return what WeasyPrint finds in its cache: every formula and figure by its address."""
    return {
        f"vector:{item.page.key}": item.page
        for item in (*context.typeset.formulas.values(), *context.drawings.figures.values())
    }


def lay_out_later(context, laid_out, run):
    """Lay out what comes after the answers, then fill in all folios that were not known before.

    Returns the Layouts of the parts on pages like those of the answers (None without any) and of the back matter.
    """
    with run.stage("laying out"):
        places, behind = back.anchor_places(laid_out), None
        if parts.has_parts(context.book):
            html = parts.compose_parts(context, places, TEMPLATES, laid_out.end)
            behind = _go_on(context, html, laid_out.end, laid_out, "parts.css")
            places |= back.anchor_places(behind)
        end = behind.end if behind else laid_out.end
        last = _go_on(context, back.compose_back(context, places, TEMPLATES, end), end, laid_out, "back.css")
        places |= back.anchor_places(last)
        slots.fill(LaidOut(laid_out, [], behind, last, {}).pages, places)
    return behind, last


def _go_on(context, html, first_folio, before, stylesheet):
    """Lay out a part that begins on a folio; its sides are those of the whole book."""
    is_left = first_folio % 2 == 0
    laid_out = engine.lay_out(
        html,
        TEMPLATES,
        pictures_of(context),
        first_folio,
        int(is_left),
        (*engine.BOOK_STYLES, stylesheet),
        before.document.font_config,
    )
    if is_left:  # WeasyPrint takes a first page for a right-hand one, so an empty page stands before it
        laid_out.document.pages.pop(0)
    return laid_out._replace(front_pages=0)


def check_front(context, laid_out, problems):
    """Stop when what stands before the first answer takes other pages than planned."""
    first = context.book.entries[0].id
    before = next(number for number, page in enumerate(laid_out.document.pages) if first in page.anchors)
    if before != laid_out.front_pages:
        problems.add(
            context.book.place("study"),
            f"what stands before the first answer takes {before} pages, {laid_out.front_pages} are planned",
            "shorten `study`, `colophon` or the notation",
        )
        problems.stop_if_any()


def check_layout(context, laid_out, spans, problems):
    """Report a heading that lands late, and margin notes that do not fit."""
    faults(spans, context.book, problems)
    for folio, needed, available in laid_out.crowded:
        starts = [entry for entry in context.book.entries if entry.node.page <= folio]
        problems.add(
            starts[-1].place(),
            f"the margin notes of page {folio} do not fit: {needed:.0f} pt of notes, "
            f"{available:.0f} pt of margin in pieces above, between and below wide blocks",
            "shorten or move a note, a check or a watch_out on that page",
        )


def check_notes(context, behind, problems):
    """Report margin notes behind the answers that do not fit."""
    for folio, needed, available in behind.crowded if behind else ():
        page = behind.body[folio - behind.first_folio]
        here = [passage for passage in context.book.parts.passages if f"passage-{passage.id}" in page.anchors]
        problems.add(
            (here or context.book.parts.passages)[-1].place("text"),
            f"the margin notes of page {folio} do not fit: {needed:.0f} pt of notes, {available:.0f} pt of margin",
            "shorten or move a note on that page",
        )


def write_book(context, laid_out, papers, out, run, bleed=False):
    """Paint, finish and write the book for each paper; return {FileKey: path}, those with bleed last."""
    meta, front, first = context.book.meta, laid_out.book.front_pages, laid_out.book.first_folio
    with run.stage("drawing pages"):
        pdf = paint_pages(context, laid_out.book.document.copy(laid_out.pages))
    with run.stage("finishing"):
        mend_tags(pdf, context.typeset.sources)
        files.label_pages(pdf, front, first)
        files.describe_links(pdf, context.words, front, first)
        marks.draw_grids(pdf, grids(laid_out.book), front, first)
        files.set_viewer(pdf, meta)
        paths = names_of_files(context.book, papers, out, ["book"])
        for key, path in paths.items():
            files.set_boxes(pdf, key.paper)
            files.save(pdf, path)
        for paper in papers if bleed else ():
            with files.copied(pdf) as marked:
                files.set_boxes(marked, paper, bleed=True)
                marks.draw_crop_marks(marked)
                paths[FileKey("book bleed", paper)] = out / f"{meta.file}-{paper}-bleed.pdf"
                files.save(marked, paths[FileKey("book bleed", paper)])
    return paths


def lay_out_sheets(context, laid_out, run):
    """Lay out the study cards and the formula sheet, report what overflows; return {kind: document}."""
    pictures, problems = pictures_of(context), run.problems
    with run.stage("sheets"):
        cards, full = sheets.cards(context, laid_out, TEMPLATES, pictures)
        formula_sheet, count = sheets.formula_sheet(context, laid_out, TEMPLATES, pictures)
    for entry, side in full:
        problems.add(
            entry.place("key"),
            f"the {side} of the study card of {entry.number} overflows",
            "shorten `key`, or put a smaller formula first" if side == "back" else "write a short `card`",
        )
    if count > sheets.SHEET_PAGES:
        problems.add(
            context.book.entries[0].place(),
            f"the formula sheet takes {count} pages",
            "take out the formulas that matter least",
        )
    return {"cards": cards, "formulas": formula_sheet}


def write_sheets(context, documents, papers, out, run):
    """Finish and write the study cards and the formula sheet; return {FileKey: path}."""
    paths = names_of_files(context.book, papers, out, list(documents))
    with run.stage("sheets"):
        for kind, document in documents.items():
            pdf = paint_pages(context, document)
            mend_tags(pdf, context.typeset.sources)
            if kind == "cards":
                marks.draw_cuts(pdf)
            files.set_viewer(pdf, context.book.meta, is_book=False)
            for paper in papers:
                files.set_boxes(pdf, paper, centered=True)
                files.save(pdf, paths[FileKey(kind, paper)])
    return paths
