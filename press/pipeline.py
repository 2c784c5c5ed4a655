"""The stages in order: from a folder with a content tree to finished PDFs.

`prepare` does all that comes before the layout; `lay_out_book` adds the layout and its measures;
`write_book` finishes and writes. The command line shows their progress and prints the summary.
"""

import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from press.content import tree
from press.content import works as references
from press.documents import back as backmatter
from press.documents import body as compose
from press.documents import parts as further
from press.documents import sheets
from press.layout import engine as layout
from press.layout import slots
from press.layout import spans as fit
from press.page import PAGE
from press.pdf import edition, files, marks
from press.pdf import raster as pages
from press.pdf.mending import mend_tags
from press.pdf.paint import paint
from press.pictures import figures as drawing
from press.pictures import formulas
from press.pictures.speech.english import Notation
from press.problems import PressError, Problems
from press.proof import agreement, printed, reader
from press.proof.rules import FileKey, Printing
from press.text import resolve
from press.text import uses as texts
from press.text.html import Context
from press.words import read_words

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
CACHE = ROOT / "build"
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


class Later(NamedTuple):
    """What stands behind the answers: the parts on the page of the answers (None without any), and the back matter."""

    parts: layout.Layout | None
    back: layout.Layout

    @property
    def pages(self):
        """All pages, in order."""
        return [*(self.parts.document.pages if self.parts else []), *self.back.document.pages]


@dataclass
class Run:
    """One run of the press: its problems, what each stage took, and what the summary tells."""

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
        printing = print_all(context, beside, papers, run, bleed)
        rows, compared = read_back(printing, run)
        run.problems.stop_if_any()
        for file in edition.publish(beside, out, book.meta.file, inputs):
            run.progress(f"{out / file} was of an older edition and is removed")
    answers = [entry for entry in book.entries if entry.is_answer]
    return Made(
        book.meta.title,
        draft or book.meta.draft,
        len(printing.layout.document.pages) + len(printing.later.pages),
        rows,
        compared,
        sum(entry.is_written for entry in answers),
        len(answers),
        context.drawings.drawn,
        context.drawings.cached,
        len(context.typeset.formulas),
        [out / path.name for path in printing.files.values()],
    )


def proof(folder, run):
    """Make the book into a folder of its own and proofread it; return a findings.Proof. Raises BookError."""
    context = prepare(folder, run, draft=True)
    with TemporaryDirectory() as out:
        printing = print_all(context, Path(out), tuple(PAGE.papers), run, stops=False)
        with run.stage("proofreading"):
            return reader.look(printing, TEMPLATES)


def print_all(context, out, papers, run, bleed=False, stops=True):
    """Lay out, finish and write book and sheets into a folder; return a Printing.

    What keeps texts from their pages is noted in `run.problems`, and with `stops` ends the run here.
    """
    laid_out, spans = lay_out_book(context, run)
    check_layout(context, laid_out, spans, run.problems)
    sheets_laid_out = lay_out_sheets(context, laid_out, run)
    later = lay_out_later(context, laid_out, run)
    check_notes(context, later, run.problems)
    if stops:
        run.problems.stop_if_any()
    paths = write_book(context, laid_out, later, papers, out, run, bleed)
    paths |= write_sheets(context, sheets_laid_out, papers, out, run)
    return Printing(context, laid_out, spans, later, paths, list(run.problems.found))


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
                rows = agreement.check(path, source)
                agreement.report(rows, source, key.paper, run.problems)
    with run.stage("comparing with the tree"):
        drawings = printing.context.drawings
        compared = printed.compare(book.folder, paths, drawings.numbers, cards_of(drawings))
        run.problems.found += [problem for problem in compared.problems if problem not in run.problems.found]
    return rows, compared


def check_book(folder, out, run):
    """Compare the finished files of a book in the folder `out` with its tree; return a printed.Verdict."""
    book = tree.load(folder.resolve(), run.problems, draft=True)
    run.problems.stop_if_any()
    drawings = drawing.draw(book.path(book.meta.figures), CACHE / "figures", TEMPLATES / "fonts", run.problems)
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
    """Return (finished book on A4, the source's contents list) as the book in a folder names them."""
    problems = Problems()
    meta, _ = tree.read_metadata(folder, problems)
    problems.stop_if_any()
    return out / f"{meta.file}-a4.pdf", folder / meta.source


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
        drawings = drawing.draw(
            book.path(book.meta.figures),
            CACHE / "figures",
            TEMPLATES / "fonts",
            problems,
            lambda name: run.progress(f"  drew {name}"),
        )
    with run.stage("reading texts"):
        read = texts.read_texts(book, drawings.numbers, words, problems)
        works = references.read_references(book.path(book.meta.references), read.citations, problems)
    with run.stage("setting formulas"):
        typeset = formulas.set_formulas(
            read.formulas, TEMPLATES / "fonts", CACHE / "formulas", problems, notation_of(book)
        )
        resolve.resolve(book, read, drawings, typeset.formulas, problems)
    problems.stop_if_any()
    return Context(book, read, typeset, drawings, works, resolve.term_forms(book), words)


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
    drawings = drawing.draw(book.path(book.meta.figures), CACHE / "figures", TEMPLATES / "fonts", run.problems)
    run.problems.stop_if_any()
    if module not in (known := {name.split("/")[0] for name in drawings.figures}):
        raise PressError(f"{module!r} draws no figures; {', '.join(sorted(known))} do")
    paths = []
    for name in drawings.figures:
        if name.split("/")[0] == module:
            paths.append(CACHE / "preview" / f"{name.replace('/', '-')}.png")
            paths[-1].parent.mkdir(parents=True, exist_ok=True)
            pages.picture(drawings.figures[name].file, 0, paths[-1], dots_per_inch=150)
    return paths


def front_pages(book):
    """Pages before the first folio: i to vii, and one more where the first folio is a right-hand page."""
    return FRONT_PAGES + book.meta.first_page % 2


def lay_out_book(setting, run):
    """Compose and lay out front matter and answers; return (Layout, Spans).

    Raises BookError where the front matter takes other pages than planned: all that follows would be off.
    """
    with run.stage("laying out"):
        html = compose.compose(setting, TEMPLATES)
        laid_out = layout.lay_out(
            html, TEMPLATES, pictures_of(setting), setting.book.meta.first_page, front_pages(setting.book)
        )
        if not further.has_parts(setting.book):
            laid_out.document.pages.pop()  # an empty page forced onto the next right-hand side
        check_front(setting, laid_out, run.problems)
        spans = fit.measure(setting.book, laid_out)
    return laid_out, spans


def write_pages(setting, laid_out, path, run):
    """Write the laid-out pages as they are, wherever the headings land: for an author who has to cut."""
    whole = laid_out.document.copy(laid_out.document.pages + lay_out_later(setting, laid_out, run).pages)
    with run.stage("drawing pages"):
        pdf = paint(layout.draw(whole, setting.book.meta.date), {**setting.typeset.pages, **setting.drawings.pages})
        files.label_pages(pdf, laid_out.front_pages, laid_out.first_folio)
        files.save(pdf, path)


def pictures_of(setting):
    """Return what WeasyPrint finds in its cache: every formula and figure by its address."""
    return {
        f"vector:{item.page.key}": item.page
        for item in (*setting.typeset.formulas.values(), *setting.drawings.figures.values())
    }


def lay_out_later(setting, laid_out, run):
    """Lay out what comes after the answers, then fill in all folios that were not known before; return Later."""
    with run.stage("laying out"):
        places, parts = backmatter.anchor_places(laid_out), None
        if further.has_parts(setting.book):
            html = further.compose_parts(setting, places, TEMPLATES, laid_out.end)
            parts = _go_on(setting, html, laid_out.end, laid_out, "parts.css")
            places |= backmatter.anchor_places(parts)
        end = parts.end if parts else laid_out.end
        html = backmatter.compose_back(setting, places, TEMPLATES, end)
        later = Later(parts, _go_on(setting, html, end, laid_out, "back.css"))
        places |= backmatter.anchor_places(later.back)
        slots.fill([*laid_out.document.pages, *later.pages], places)
    return later


def _go_on(setting, html, first_folio, before, stylesheet):
    """Lay out a part that begins on a folio; its sides are those of the whole book."""
    is_left = first_folio % 2 == 0
    laid_out = layout.lay_out(
        html,
        TEMPLATES,
        pictures_of(setting),
        first_folio,
        int(is_left),
        (*layout.BOOK_STYLES, stylesheet),
        before.document.font_config,
    )
    if is_left:  # WeasyPrint takes a first page for a right-hand one, so an empty page stands before it
        laid_out.document.pages.pop(0)
    return laid_out._replace(front_pages=0)


def check_front(setting, laid_out, problems):
    """Stop when what stands before the first answer takes other pages than planned."""
    first = setting.book.entries[0].id
    before = next(number for number, page in enumerate(laid_out.document.pages) if first in page.anchors)
    if before != laid_out.front_pages:
        problems.add(
            setting.book.place("study"),
            f"what stands before the first answer takes {before} pages, {laid_out.front_pages} are planned",
            "shorten `study`, `colophon` or the notation",
        )
        problems.stop_if_any()


def check_layout(setting, laid_out, spans, problems):
    """Report a heading that lands late, and margin notes that do not fit."""
    fit.faults(spans, setting.book, problems)
    for folio, needed, available in laid_out.crowded:
        starts = [entry for entry in setting.book.entries if entry.node.page <= folio]
        problems.add(
            starts[-1].place(),
            f"the margin notes of page {folio} do not fit: {needed:.0f} pt of notes, "
            f"{available:.0f} pt of margin in pieces above, between and below wide blocks",
            "shorten or move a note, a check or a watch_out on that page",
        )


def check_notes(setting, later, problems):
    """Report margin notes behind the answers that do not fit."""
    for folio, needed, available in later.parts.crowded if later.parts else ():
        page = later.parts.body[folio - later.parts.first_folio]
        here = [passage for passage in setting.book.parts.passages if f"passage-{passage.id}" in page.anchors]
        problems.add(
            (here or setting.book.parts.passages)[-1].place("text"),
            f"the margin notes of page {folio} do not fit: {needed:.0f} pt of notes, {available:.0f} pt of margin",
            "shorten or move a note on that page",
        )


def write_book(setting, laid_out, later, papers, out, run, bleed=False):
    """Paint, finish and write the book for each paper; return {FileKey: path}, those with bleed last."""
    meta, front = setting.book.meta, laid_out.front_pages
    with run.stage("drawing pages"):
        vector_pages = {**setting.typeset.pages, **setting.drawings.pages}
        whole = laid_out.document.copy(laid_out.document.pages + later.pages)
        pdf = paint(layout.draw(whole, meta.date), vector_pages)
    with run.stage("finishing"):
        mend_tags(pdf)
        files.label_pages(pdf, front, laid_out.first_folio)
        marks.draw_grids(pdf, fit.grids(laid_out), front, laid_out.first_folio)
        files.set_viewer(pdf, meta)
        paths = names_of_files(setting.book, papers, out, ["book"])
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


def lay_out_sheets(setting, laid_out, run):
    """Lay out the study cards and the formula sheet, report what overflows; return {kind: document}."""
    pictures, problems = pictures_of(setting), run.problems
    with run.stage("sheets"):
        cards, full = sheets.cards(setting, laid_out, TEMPLATES, pictures)
        formula_sheet, count = sheets.formula_sheet(setting, laid_out, TEMPLATES, pictures)
    for entry, side in full:
        problems.add(
            entry.place("key"),
            f"the {side} of the study card of {entry.number} overflows",
            "shorten `key`, or put a smaller formula first" if side == "back" else "write a short `card`",
        )
    if count > sheets.SHEET_PAGES:
        problems.add(
            setting.book.entries[0].place(),
            f"the formula sheet takes {count} pages",
            "take out the formulas that matter least",
        )
    return {"cards": cards, "formulas": formula_sheet}


def write_sheets(setting, documents, papers, out, run):
    """Finish and write the study cards and the formula sheet; return {FileKey: path}."""
    paths = names_of_files(setting.book, papers, out, list(documents))
    with run.stage("sheets"):
        for kind, document in documents.items():
            pdf = paint(
                layout.draw(document, setting.book.meta.date), {**setting.typeset.pages, **setting.drawings.pages}
            )
            mend_tags(pdf)
            if kind == "cards":
                marks.draw_cuts(pdf)
            files.set_viewer(pdf, setting.book.meta, is_book=False)
            for paper in papers:
                files.set_boxes(pdf, paper, centered=True)
                files.save(pdf, paths[FileKey(kind, paper)])
    return paths
