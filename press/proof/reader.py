"""Proof: look at everything that a build makes as a proofreader would, and tell every fault.

Place in the flow: after everything, and apart from the build: it makes the book into a folder of
its own, and looks at those files and at the layout that they were painted from. The rules stand in
the modules `proof_layout`, `proof_margin`, `proof_type`, `proof_figures`, `proof_access` and
`proof_print`; here they get their pages, and their findings a folio and an entry.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pikepdf
import pypdfium2

from press import pipeline
from press.layout import spans as fit
from press.page import PAGE
from press.pdf import finish
from press.pdf.painted import painted
from press.pdf.records import read_back
from press.proof.breaks import LINE, POINT, TOP, Sheet, items, proof_layout
from press.proof.drawings import proof_figure
from press.proof.findings import Finding, Proof
from press.proof.ink import allowed, faint, hairlines, ink_outside, proof_boxes, rendered, words
from press.proof.letters import proof_fonts, proof_glyphs, proof_weights
from press.proof.margin import note_boxes, proof_margin
from press.proof.reading import elements, judge, proof_answers, proof_order, proof_tags


class Made(NamedTuple):
    """A book on the way to the press: what it is made from, its layout, its files by name."""

    setting: object
    layout: object
    spans: list
    back: list
    files: dict  # "book a4": path; the book's and the sheets' for both papers

    @property
    def sheets(self):
        """All pages, front matter and back matter included, as Sheets."""
        pages = [*self.layout.document.pages, *self.back]
        return [Sheet(self.folio(index), index, page._page_box) for index, page in enumerate(pages)]

    def folio(self, index):
        """Return the folio of a page, as printed."""
        front = self.layout.front_pages
        if index < front:
            return ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")[index]
        return str(index - front + self.layout.first_folio)

    def place(self, rule, what, index, height):
        """Return a Finding on a page of the book; `height` is in points from the top of A4."""
        folio, y = self.folio(index), float(height) * POINT
        here = [piece for piece in fit.fragments(self.layout) if str(piece.folio) == folio]
        above = [piece.number for piece in here if piece.top <= y + LINE] or [""]
        line = round((y - TOP) / LINE) + 1
        return Finding(rule, folio, f"line {line}" if line > 0 else "head", above[-1], what)


def proof(folder, run):
    """Make the book of a content tree and look at it; return a Proof. Raises BookError."""
    with TemporaryDirectory() as out:
        made = make(folder, Path(out), run)
        with run.stage("proofreading"):
            return look(made)


def make(folder, out, run):
    """Make the book and the sheets for both papers into a folder; return a Made."""
    setting = pipeline.prepare(folder, run, draft=True)
    laid_out, spans = pipeline.lay_out_book(setting, run)
    back = pipeline.back_matter(setting, laid_out, run)
    papers = tuple(PAGE.papers)
    paths = [
        *pipeline.write_book(setting, laid_out, back, papers, out, run),
        *pipeline.write_sheets(setting, laid_out, papers, out, run),
    ]
    finish.publish(paths)
    names = [f"{kind} {paper}" for kind in ("book", "cards", "formulas") for paper in papers]
    return Made(setting, laid_out, spans, back, dict(zip(names, paths, strict=True)))


def look(made):
    """Look at a made book; return a Proof."""
    findings, looked, notes = [*_landing(made)], {}, []
    body = made.sheets[made.layout.front_pages : len(made.layout.document.pages)]
    for found, counts in (proof_layout(made.setting, made.sheets, body, made.spans), proof_margin(body)):
        findings += found
        looked |= counts
    findings += proof_weights([item for sheet in made.sheets for item in items(sheet)])
    findings += _figures(made)
    looked |= {
        "pages": len(made.sheets),
        "figures drawn": len(made.setting.drawings.figures),
        "files": len(made.files),
        "fonts": 0,
        "words on their ground": 0,
        "tags": 0,
    }
    for name, path in made.files.items():
        with pikepdf.open(path) as pdf:
            found, count = proof_fonts(pdf, name, pipeline.TEMPLATES / "fonts")
            findings += found
            looked["fonts"] += count
            findings += proof_boxes(pdf, name.split()[1], name)
            tree = elements(pdf)
            looked["tags"] += len(tree)
            findings += _tags(made, name, pdf, tree)
            found, count = _pages(made, name, path, pdf)
            findings += found
            looked["words on their ground"] += count
        found, note = judge(path, name)
        findings += found
        notes += [note] if note else []
    return Proof(list(dict.fromkeys(findings)), looked, list(dict.fromkeys(notes)))


def _landing(made):
    """Find what stops a build, so that the proof tells it beside the rest."""
    for span in made.spans:
        for number, folio, lines in span.late[:1]:
            yield Finding(
                "landing",
                str(folio),
                "heading",
                number,
                f"begins on page {folio} instead of {span.first}: cut {lines} lines before it",
            )
    for folio, needed, available in made.layout.crowded:
        yield Finding("margin", str(folio), "margin", "", f"the notes need {needed:.0f} pt, there are {available:.0f}")


def _figures(made):
    for name, figure in made.setting.drawings.figures.items():
        numbered = made.setting.texts.numbered.get(f"fig:{name}")
        entry = numbered.entry.number if numbered else ""
        with pikepdf.open(figure.file) as pdf:
            yield from proof_figure(
                pdf.pages[0], name, lambda rule, what, entry=entry: Finding(rule, "", "figure", entry, what)
            )


def _tags(made, name, pdf, tree):
    """Find faults of tags; order and answer sentences are looked at in the book's first file."""
    pages = {page.objgen: index for index, page in enumerate(pdf.pages)}
    is_book = name.startswith("book")

    def place(rule, what, element):
        index = pages.get(element.Pg.objgen) if element is not None and "/Pg" in element else None
        if index is None:
            return Finding(rule, name, "tags", "", what)
        folio = made.folio(index) if is_book else f"{name} page {index + 1}"
        return Finding(rule, folio, "tags", "", what)

    yield from proof_tags(pdf, tree, place)
    if name == "book a4":
        front, printed = made.layout.front_pages, read_back(made.files[name])
        notes = {sheet.index: note_boxes(sheet) for sheet in made.sheets[front : len(made.layout.document.pages)]}
        yield from proof_order(pdf, tree, printed.runs, notes, made.place)
        answers = [
            (entry.number, _beginning(made.setting, entry))
            for entry in made.setting.book.entries
            if entry.is_answer and entry.node.key
        ]
        yield from proof_answers(printed, answers, lambda rule, what, number: Finding(rule, "", "tags", number, what))


def _beginning(setting, entry):
    """Return the words with which an answer sentence begins, up to its first formula or link."""
    parsed = setting.texts.tokens(entry, ("key",))
    inline = next(token for token in parsed if token.type == "inline")
    words = ""
    for token in inline.children:
        if token.type in ("math_inline", "link_open"):
            break
        words += token.content
    return words


def _pages(made, name, path, pdf):
    """Return (Findings, words looked at) of the rendered pages of a file.

    The papers share their content: ink is looked for on both, the rest on the first.
    """
    kind, paper = name.split()
    is_book, findings, count = kind == "book", [], 0
    document = pypdfium2.PdfDocument(path)
    for index, page in enumerate(pdf.pages):

        def place(rule, what, height, index=index):
            return (
                made.place(rule, what, index, height)
                if is_book
                else Finding(rule, f"{name} page {index + 1}", f"{height:.0f} pt", "", what)
            )

        def upward(rule, what, height, top=float(page.mediabox[3]), place=place):
            return place(rule, what, top - height)

        picture = rendered(document[index])
        if not (is_book and index == 0):  # the cover's ground bleeds
            mask = allowed(picture.shape, index, paper, is_book)
            findings += ink_outside(picture, mask, place)
        if paper == "a4":
            found, marks = words(document[index]), painted(page)
            count += len(found)
            findings += faint(picture, found, place)
            findings += hairlines(marks, upward)
            findings += proof_glyphs(marks, upward)
    document.close()
    return findings, count
