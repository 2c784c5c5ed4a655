"""Proof: look at everything that a build makes as a proofreader would, and tell every fault.

Place in the flow: after everything: it looks at the files of a Printing and at the pages that they were
painted from. The rules stand in `breaks`, `margin`, `letters`, `drawings`, `reading` and `ink`; here
they get their pages, and their findings a folio and an entry.
"""

from press.layout.spans import fragments
from press.pdf.painted import painted
from press.pdf.raster import opened
from press.pdf.records import open_file, read_back
from press.pdf.runs import read_words
from press.pdf.tags import walk
from press.printing import FileKey
from press.proof.breaks import LINE, TOP, proof_layout
from press.proof.drawings import proof_figure
from press.proof.findings import Finding, Proof
from press.proof.ink import allowed, faint, hairlines, ink_outside, proof_boxes, rendered
from press.proof.letters import proof_fonts, proof_glyphs, proof_weights
from press.proof.margin import proof_margin
from press.proof.reading import judge, proof_answers, proof_order, proof_tags


def place_on_page(made, rule, what, index, height):
    """Return a Finding on a page of the book; `height` is in points from the top of A4."""
    folio, y = made.laid_out.folio(index), float(height)
    here = [piece for piece in fragments(made.laid_out.book) if str(piece.folio) == folio]
    above = [piece.number for piece in here if piece.top <= y + LINE] or [""]
    line = round((y - TOP) / LINE) + 1
    return Finding(rule, folio, f"line {line}" if line > 0 else "head", above[-1], what)


def look(made, templates):
    """Look at a made book; return a Proof."""
    findings, looked, notes = [*_landing(made)], {}, []
    pages = made.laid_out.read()
    body = [pages[number] for number in made.laid_out.answers]
    first_edition = made.context.book.meta.first_edition
    for found, counts in (
        proof_layout(made.context, pages, body, made.laid_out.spans),
        proof_margin(body, first_edition),
    ):
        findings += found
        looked |= counts
    findings += proof_weights(pages)
    findings += _figures(made)
    looked |= {
        "pages": len(pages),
        "figures drawn": len(made.context.drawings.figures),
        "files": len(made.files),
        "fonts": 0,
        "words on their ground": 0,
        "tags": 0,
    }
    for key, path in made.files.items():
        name = str(key)
        with open_file(path) as pdf:
            found, count = proof_fonts(pdf, name, templates / "fonts")
            findings += found
            looked["fonts"] += count
            findings += proof_boxes(pdf, key.paper, name)
            tree = list(walk(pdf))
            looked["tags"] += len(tree)
            findings += _tags(made, name, pdf, tree, body)
            found, count = _pages(made, name, path, pdf)
            findings += found
            looked["words on their ground"] += count
        found, note = judge(path, name)
        findings += found
        notes += [note] if note else []
    if sections := made.context.book.meta.first_edition:
        notes.append(f"not rewritten yet, so excused from what only rewriting meets: {', '.join(sections)}")
    return Proof(list(dict.fromkeys(findings)), looked, list(dict.fromkeys(notes)))


def _landing(made):
    """Find what stops a build, and tell it in the same words beside the rest."""
    for problem in made.problems:
        where = f"{problem.place.file.name}:{problem.place.line}"
        yield Finding("landing", "", where, "", f"{problem.what} ({problem.how})")


def _figures(made):
    for name, figure in made.context.drawings.figures.items():
        numbered = made.context.texts.numbered.get(f"fig:{name}")
        entry = numbered.entry.number if numbered else ""
        with open_file(figure.file) as pdf:
            yield from proof_figure(
                pdf.pages[0], name, lambda rule, what, entry=entry: Finding(rule, "", "figure", entry, what)
            )


def _tags(made, name, pdf, tree, body):
    """Find faults of tags; order and answer sentences are looked at in the book's first file."""
    is_book = name.startswith("book")

    def place(rule, what, element):
        index = element.page if element is not None else None
        if index is None:
            return Finding(rule, name, "tags", "", what)
        folio = made.laid_out.folio(index) if is_book else f"{name} page {index + 1}"
        return Finding(rule, folio, "tags", "", what)

    yield from proof_tags(pdf, tree, place)
    if name == "book a4":
        printed = read_back(made.files[FileKey("book", "a4")])
        notes = {page.number: [note_box(note) for note in page.besides if note.is_note] for page in body}
        yield from proof_order(tree, printed.runs, notes, lambda *told: place_on_page(made, *told))
        answers = [
            (entry.number, _beginning(made.context, entry))
            for entry in made.context.book.entries
            if entry.is_answer and entry.node.key
        ]
        yield from proof_answers(printed, answers, lambda rule, what, number: Finding(rule, "", "tags", number, what))


def note_box(note):
    """Return the rectangle of a note: left, top, right, bottom."""
    return note.left, note.top, note.right, note.bottom


def _beginning(context, entry):
    """Return the words with which an answer sentence begins, up to its first formula or link."""
    parsed = context.texts.tokens(entry, ("key",))
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
    with opened(path) as document:
        for index, page in enumerate(pdf.pages):

            def place(rule, what, height, index=index):
                return (
                    place_on_page(made, rule, what, index, height)
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
                found, marks = read_words(document[index]), painted(page)
                count += len(found)
                findings += faint(picture, found, place)
                findings += hairlines(marks, upward)
                findings += proof_glyphs(marks, upward)
    return findings, count
