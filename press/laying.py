"""From texts to pages: lay out the book in its documents and the sheets beside it, and tell what does not fit.

Place in the flow: `pipeline` calls it when everything is drawn and set. The answers are laid out first,
then what quotes their pages; page numbers that only a later part tells are filled in at the end.
"""

from dataclasses import replace
from pathlib import Path

from press.documents import back, body, parts, sheets
from press.layout import engine, joining, slots
from press.layout.spans import faults

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def lay_out_book(context, run, front=None, fonts=None):
    """Compose and lay out front matter and answers; return their Layout.

    Where a part before the first answer takes other pages than planned, or a folio more digits, all is laid
    out again with what is known now.
    """
    book = context.book
    front = front or body.planned(context)
    with run.stage("laying out"):
        html = body.compose(context, TEMPLATES, front)
        pages = front.pages(book.meta.first_page)
        laid_out = engine.lay_out(html, TEMPLATES, pictures_of(context), book.meta.first_page, pages, fonts=fonts)
        if (taken := front_of(book, laid_out, front)) != front:
            return lay_out_book(context, run, taken, fonts)
        if outgrown := slots.outgrown(laid_out.document.pages, back.anchor_places(laid_out)):
            return lay_out_book(replace(context, places=outgrown), run, front, fonts)
        if body.has_back(context) and not parts.has_parts(book):
            # The back matter begins on a right-hand page: book.html forces one, which leaves the sheet before it
            # filled by an empty left-hand page where one is needed. The forced page itself is not printed.
            laid_out.document.pages.pop()
    return laid_out


def front_of(book, laid_out, front):
    """Return how many pages each part before the first answer takes in a layout that was planned for `front`."""
    pages = laid_out.document.pages
    names = [name for name, count in zip(front._fields, front, strict=True) if count]
    starts = [
        next(number for number, page in enumerate(pages) if name in page.anchors)
        for name in (*names, book.entries[0].id)
    ]
    starts[-1] -= front.blanks(book.meta.first_page)
    taken = {name: end - start for name, start, end in zip(names, starts, starts[1:], strict=False)}
    return front._replace(**taken)


def pictures_of(context):
    """Return what WeasyPrint finds in its cache: every formula and figure by its address."""
    return {
        f"vector:{item.page.key}": item.page
        for item in (*context.typeset.formulas.values(), *context.drawings.figures.values())
    }


def lay_out_later(context, laid_out, run, early=None):
    """Lay out what comes after the answers, then fill in all folios that were not known before.

    Returns the Layouts of the parts on pages like those of the answers and of the back matter, each None without any.
    `early` has both made ahead, and paints the answers meanwhile.
    """
    end, fonts = laid_out.end, laid_out.document.font_config
    with run.stage("laying out"):
        places = back.anchor_places(laid_out)
        if early:
            early.paint(laid_out)
            behind, last = early.standing(laid_out)
        else:
            behind = lay_out_parts(context, places, end, fonts)
            last = lay_out_back(context, places, end, behind, fonts)
        for layout in (last, behind):  # what begins on the last page of the parts goes on behind them
            places |= back.anchor_places(layout) if layout else {}
        here = [laid_out, *([] if early else [layout for layout in (behind, last) if layout])]
        slots.fill([page for layout in here for page in layout.document.pages], places)
    return behind, last


def lay_out_parts(context, places, end, fonts):
    """Lay out the parts behind the answers, which have these places and end before a folio; None without any."""
    if not parts.has_parts(context.book):
        return None
    return _go_on(context, parts.compose_parts(context, places, TEMPLATES, end), end, fonts, "parts.css")


def lay_out_back(context, places, end, behind, fonts):
    """Lay out the back matter; it begins on the last page of the parts where that has room. None without any."""
    if not body.has_back(context):
        return None
    used = joining.height_used(behind) if behind else None
    first = (behind.end if behind else end) - (used is not None)
    places = places | (back.anchor_places(behind) if behind else {})
    html = back.compose_back(context, places, TEMPLATES, first, used)
    last = _go_on(context, html, first, fonts, "back.css")
    return last if used is None else joining.joined(behind, last)


def _go_on(context, html, first_folio, fonts, stylesheet):
    """Lay out a part that begins on a folio; its sides are those of the whole book."""
    is_left = first_folio % 2 == 0
    laid_out = engine.lay_out(
        html,
        TEMPLATES,
        pictures_of(context),
        first_folio,
        int(is_left),
        (*engine.BOOK_STYLES, stylesheet),
        fonts,
    )
    if is_left:  # WeasyPrint takes a first page for a right-hand one, so an empty page stands before it
        laid_out.document.pages.pop(0)
    return laid_out._replace(front_pages=0)


def lay_out_sheets(context, laid_out, run):
    """Lay out the study cards and the formula sheet, where a book has any, report what overflows.

    Returns {kind: document}.
    """
    pictures, problems = pictures_of(context), run.problems
    made, full, count = {}, [], 0
    with run.stage("sheets"):
        if sheets.cards_of(context.book):
            made["cards"], full = sheets.cards(context, laid_out, TEMPLATES, pictures)
        if any(entry.node.formulas for entry in context.book.entries):
            made["formulas"], count = sheets.formula_sheet(context, laid_out, TEMPLATES, pictures)
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
    return made


def paint_pages(laid_out, early=None):
    """Paint all pages of the book, and let go of their boxes, which are half of the memory that a book takes."""
    answers, behind = laid_out.book.document, [layout.document for layout in (laid_out.parts, laid_out.back) if layout]
    answers.pages[:] = engine.paint(answers.copy(early.kept(answers.pages) if early else answers.pages))
    painted = early.painted() if early else [engine.paint(document) for document in behind]
    for document, pages in zip(behind, painted, strict=True):
        document.pages[:] = pages


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
