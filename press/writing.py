"""From pages to files: paint, finish and write the book and its sheets, one file a paper.

Place in the flow: after `laying`. The sheets are written first: as soon as the book is there on one paper,
all files of that paper can be read back while the other is written.
"""

from press.documents import anki
from press.documents.sheets import cards_of
from press.laying import lay_out_later
from press.layout import engine
from press.layout.spans import grids
from press.pdf import files, marks, saving
from press.pdf.mending import mend_tags
from press.pdf.merging import merge_fonts
from press.pdf.paint import paint
from press.printing import FileKey, LaidOut, Printing


def names_of_files(book, papers, out, kinds=("book", "cards", "formulas")):
    """Return {FileKey: path} of the files that a build makes."""
    return {
        FileKey(kind, paper): out / f"{book.meta.file}-{'' if kind == 'book' else kind + '-'}{paper}.pdf"
        for kind in kinds
        for paper in papers
    }


def write(context, laid_out, papers, out, run, bleed=False, written=lambda path: None, sheets=None):
    """Paint, finish and write the book and its sheets into a folder; return a Printing.

    `written` is told the path of the book on each paper as soon as it is there; `sheets` are the paths of the
    sheets where they are written already.
    """
    beside = write_sheets(context, laid_out.sheets, papers, out, run) if sheets is None else sheets
    paths = write_book(context, laid_out, papers, out, run, bleed, written)
    return Printing(context, laid_out, paths | beside, list(run.problems.found))


def write_book(context, laid_out, papers, out, run, bleed=False, written=lambda path: None):
    """Paint, finish and write the book for each paper; return {FileKey: path}, those with bleed last."""
    meta, front, first = context.book.meta, laid_out.book.front_pages, laid_out.book.first_folio
    with run.stage("drawing pages"):
        pdf = paint_pages(context, laid_out.book.document.copy(laid_out.pages))
    with run.stage("finishing"):
        mend_tags(pdf, context.typeset.sources, context.words.language)
        files.label_pages(pdf, front, first)
        files.describe_links(pdf, context.words, front, first)
        marks.draw_grids(pdf, grids(laid_out.book), front, first)
        files.set_viewer(pdf, meta)
        paths = names_of_files(context.book, papers, out, ["book"])
        for key, path in paths.items():
            files.set_boxes(pdf, key.paper)
            saving.save(pdf, path)
            written(path)
        for paper in papers if bleed else ():
            with saving.copied(pdf) as marked:
                files.set_boxes(marked, paper, bleed=True)
                marks.draw_crop_marks(marked)
                paths[FileKey("book bleed", paper)] = out / f"{meta.file}-{paper}-bleed.pdf"
                saving.save(marked, paths[FileKey("book bleed", paper)])
    return paths


def write_sheets(context, documents, papers, out, run):
    """Finish and write the study cards and the formula sheet; return {FileKey: path}."""
    paths = names_of_files(context.book, papers, out, list(documents))
    with run.stage("sheets"):
        for kind, document in documents.items():
            pdf = paint_pages(context, document)
            mend_tags(pdf, context.typeset.sources, context.words.language)
            if kind == "cards":
                marks.draw_cuts(pdf)
            files.set_viewer(pdf, context.book.meta, is_book=False)
            for paper in papers:
                files.set_boxes(pdf, paper, centered=True)
                saving.save(pdf, paths[FileKey(kind, paper)])
    return paths


def write_package(context, laid_out, out, run):
    """Write the study cards as a package for Anki; return its path, None for a book without cards."""
    if not cards_of(context.book):
        return None
    path = out / f"{context.book.meta.file}-cards.apkg"
    with run.stage("sheets"):
        path.write_bytes(anki.package(context, laid_out))
    return path


def write_pages(context, laid_out, path, run):
    """Write the laid-out pages as they are, wherever the headings land: for an author who has to cut."""
    behind, last = lay_out_later(context, laid_out, run)
    whole = laid_out.document.copy(LaidOut(laid_out, [], behind, last, {}).pages)
    with run.stage("drawing pages"):
        pdf = paint_pages(context, whole)
        files.label_pages(pdf, laid_out.front_pages, laid_out.first_folio)
        saving.save(pdf, path)


def paint_pages(context, document):
    """Paint a laid-out document with its formulas and figures; return it as a PDF."""
    pdf = paint(engine.draw(document, context.book.meta.date), context.pages, context.typeset.lines, context.read)
    merge_fonts(pdf)
    return pdf
