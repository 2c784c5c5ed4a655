"""The stages in order: from a folder with a content tree to finished PDFs.

`prepare` does all that comes before the layout; `lay_out_book` adds the layout and its measures;
`write_book` finishes and writes. The command line shows their progress and prints the summary.
"""

import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from press.content import tree
from press.content import works as references
from press.documents import back as backmatter
from press.documents import body as compose
from press.documents import sheets
from press.layout import engine as layout
from press.layout import spans as fit
from press.pdf import finish
from press.pdf import raster as pages
from press.pictures import figures as drawing
from press.pictures import formulas
from press.problems import Problems
from press.proof import agreement as check
from press.text import resolve
from press.text import uses as texts
from press.text.html import Context

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
CACHE = ROOT / "build"
FRONT_PAGES = 7


class Made(NamedTuple):
    """What a build made, for the summary."""

    title: str
    draft: bool
    pages: int
    rows: list  # of check.Row, from the finished PDF
    written: int
    answers: int
    drawn: int
    cached: int
    formulas: int
    paths: list


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
    """Make everything that a build makes, and read the book back; return Made.

    With `bleed` there is also a file of the book for the print shop, with crop marks.
    """
    setting = prepare(folder, run, draft)
    book = setting.book
    laid_out, spans = lay_out_book(setting, run)
    check_layout(setting, laid_out, spans, run)
    back = back_matter(setting, laid_out, run)
    try:
        paths = write_book(setting, laid_out, back, papers, out, run, bleed)
        paths += write_sheets(setting, laid_out, papers, out, run)
        finish.publish(paths)
    finally:
        finish.discard(out, book.meta.file)
    with run.stage("reading back"):
        rows = check.check(paths[0], book.path(book.meta.source))
    answers = [entry for entry in book.entries if entry.is_answer]
    return Made(
        book.meta.title,
        draft or book.meta.draft,
        len(laid_out.document.pages) + len(back),
        rows,
        sum(entry.is_written for entry in answers),
        len(answers),
        setting.drawings.drawn,
        setting.drawings.cached,
        len(setting.typeset.formulas),
        paths,
    )


def prepare(folder, run, draft=False):
    """Read, draw, parse and set everything that the layout needs; BookError if anything is wrong."""
    problems = run.problems
    with run.stage("reading"):
        book = tree.load(folder.resolve(), problems, draft)
    with run.stage("drawing figures"):
        drawings = drawing.draw(
            book.path(book.meta.figures), CACHE / "figures", problems, lambda name: run.progress(f"  drew {name}")
        )
    with run.stage("reading texts"):
        read = texts.read_texts(book, drawings.numbers, problems)
        works = references.read_references(book.path(book.meta.references), read.citations, problems)
    with run.stage("setting formulas"):
        typeset = formulas.set_formulas(read.formulas, TEMPLATES / "fonts", CACHE / "formulas", problems)
        resolve.resolve(book, read, drawings, typeset.formulas, problems)
    problems.stop_if_any()
    return Context(book, read, typeset, drawings, works, resolve.term_forms(book))


def preview(folder, module, run):
    """Draw the figures of one module and write each as a PNG picture; return the paths."""
    book = tree.load(folder.resolve(), run.problems, draft=True)
    drawings = drawing.draw(book.path(book.meta.figures), CACHE / "figures", run.problems)
    run.problems.stop_if_any()
    if module not in (known := {name.split("/")[0] for name in drawings.figures}):
        raise ValueError(f"{module!r} draws no figures; {', '.join(sorted(known))} do")
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
    """Compose and lay out front matter and answers; return (Layout, Spans)."""
    with run.stage("laying out"):
        html = compose.compose(setting, TEMPLATES)
        laid_out = layout.lay_out(
            html, TEMPLATES, pictures_of(setting), setting.book.meta.first_page, front_pages(setting.book)
        )
        laid_out.document.pages.pop()  # an empty page forced onto the next right-hand side
        spans = fit.measure(setting.book, laid_out)
    return laid_out, spans


def write_pages(setting, laid_out, path, run):
    """Write the laid-out pages as they are, wherever the headings land: for an author who has to cut."""
    whole = laid_out.document.copy(laid_out.document.pages + back_matter(setting, laid_out, run))
    with run.stage("drawing pages"):
        pdf = finish.paint(whole, {**setting.typeset.pages, **setting.drawings.pages}, setting.book.meta.date)
        finish.label_pages(pdf, laid_out.front_pages, laid_out.first_folio)
        finish.save(pdf, path)
        finish.publish([path])


def pictures_of(setting):
    """Return what WeasyPrint finds in its cache: every formula and figure by its address."""
    return {
        f"vector:{item.page.key}": item.page
        for item in (*setting.typeset.formulas.values(), *setting.drawings.figures.values())
    }


def back_matter(setting, laid_out, run):
    """Lay out what comes after the answers; return its pages."""
    with run.stage("laying out"):
        first = laid_out.first_folio + len(laid_out.body)
        html = backmatter.compose_back(setting, laid_out, TEMPLATES, first)
        back = layout.lay_out(
            html,
            TEMPLATES,
            pictures_of(setting),
            first,
            0,
            ("fonts.css", "book.css", "back.css"),
            laid_out.document.font_config,
        )
    return back.document.pages


def check_layout(setting, laid_out, spans, run):
    """Stop when a heading lands late or margin notes do not fit."""
    problems, first = run.problems, setting.book.entries[0].id
    before = next(number for number, page in enumerate(laid_out.document.pages) if first in page.anchors)
    if before != laid_out.front_pages:
        problems.add(
            setting.book.place("study"),
            f"what stands before the first answer takes {before} pages, {laid_out.front_pages} are planned",
            "shorten `study`, `colophon` or the notation",
        )
        problems.stop_if_any()
    fit.faults(spans, setting.book, problems)
    for folio, needed, available in laid_out.crowded:
        starts = [entry for entry in setting.book.entries if entry.node.page <= folio]
        problems.add(
            starts[-1].place(),
            f"the margin notes of page {folio} do not fit: {needed:.0f} pt of notes, "
            f"{available:.0f} pt of margin in pieces above, between and below wide blocks",
            "shorten or move a note, a check or a watch_out on that page",
        )
    problems.stop_if_any()


def write_book(setting, laid_out, back, papers, out, run, bleed=False):
    """Paint, finish and write the book for each paper; return the paths, those with bleed last."""
    meta, front = setting.book.meta, laid_out.front_pages
    with run.stage("drawing pages"):
        vector_pages = {**setting.typeset.pages, **setting.drawings.pages}
        whole = laid_out.document.copy(laid_out.document.pages + back)
        pdf = finish.paint(whole, vector_pages, meta.date)
    with run.stage("finishing"):
        finish.mend_tags(pdf)
        finish.label_pages(pdf, front, laid_out.first_folio)
        finish.draw_grids(pdf, fit.grids(laid_out), front, laid_out.first_folio)
        finish.set_viewer(pdf, meta)
        paths = []
        for paper in papers:
            finish.set_boxes(pdf, paper)
            paths.append(out / f"{meta.file}-{paper}.pdf")
            finish.save(pdf, paths[-1])
        for paper in papers if bleed else ():
            with finish.copied(pdf) as marked:
                finish.set_boxes(marked, paper, bleed=True)
                finish.draw_crop_marks(marked)
                paths.append(out / f"{meta.file}-{paper}-bleed.pdf")
                finish.save(marked, paths[-1])
    return paths


def write_sheets(setting, laid_out, papers, out, run):
    """Lay out, finish and write the study cards and the formula sheet; return the paths."""
    meta, problems, pictures = setting.book.meta, run.problems, pictures_of(setting)
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
        problems.stop_if_any()
        paths = []
        for name, document in (("cards", cards), ("formulas", formula_sheet)):
            pdf = finish.paint(document, {**setting.typeset.pages, **setting.drawings.pages}, meta.date)
            finish.mend_tags(pdf)
            if name == "cards":
                finish.draw_cuts(pdf)
            finish.set_viewer(pdf, meta, is_book=False)
            for paper in papers:
                finish.set_boxes(pdf, paper, centered=True)
                paths.append(out / f"{meta.file}-{name}-{paper}.pdf")
                finish.save(pdf, paths[-1])
    return paths
