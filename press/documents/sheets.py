"""Two sheets to print beside the book: study cards and the formula sheet.

Place in the flow: after the layout of the answers, whose pages they quote; finished like the book.
Six cards stand on a page (their size: templates/page.yaml), fronts and backs on alternate pages. The
backs run from right to left, so that a sheet printed on both sides (long edge) has each back behind
its front. A card explains the letters of its formula; the formula sheet ends with all letters that
its formulas do not explain themselves.
"""

from markupsafe import Markup

from press.documents.back import anchor_places
from press.documents.body import environment
from press.documents.legend import card_letters, legend, letters_at, own_letters
from press.layout import engine as layout
from press.layout.boxes import overflowing
from press.page import PAGE
from press.pdf.marks import ACROSS, DOWN
from press.text.html import formula_html, to_html

CARDS_A_PAGE = ACROSS * DOWN
CARD_TEXT_WIDTH = PAGE.card.width.pt - 2 * PAGE.card.padding.pt
CARD_FORMULA_SIZE = 12  # points at most; all cards have the size of the widest formula
SHEET_PAGES = 4  # two leaves
COLUMN_TEXT_WIDTH = (PAGE.paper.width.pt - 2 * PAGE.formulas.side.pt - PAGE.formulas.gap.pt) / 2 - 8
# Sizes of formulas, in points, tried in turn until all of them fit.
SHEET_SIZES = (12, 11, 10, 9.5, 9, 8.5, 8)


def cards_of(book):
    """Return the entries that have a study card: answers with a `key`."""
    return [entry for entry in book.entries if entry.is_answer and entry.node.key]


def cards(context, body, templates, pictures):
    """Lay out the study cards of all answers with a `key`; return (document, [(entry, side that overflows)])."""
    places = anchor_places(body)
    written = cards_of(context.book)
    size = min(
        (_fitting(context, entry.node.formulas[0], CARD_TEXT_WIDTH) for entry in written if entry.node.formulas),
        default=CARD_FORMULA_SIZE,
    )
    made = [
        {
            "number": entry.number,
            "question": entry.node.card or entry.wording,
            "folio": places[entry.id],
            "key": to_html(context, entry, ("key",), inline=True),
            "formulas": [
                {
                    "name": to_html(context, entry, ("formulas", 0, "name"), inline=True),
                    "picture": _formula(context, formula, min(size, CARD_FORMULA_SIZE), CARD_TEXT_WIDTH),
                    "letters": card_letters(context, entry, 0),
                }
                for formula in entry.node.formulas[:1]
            ],
        }
        for entry in written
    ]
    pages = [made[start : start + CARDS_A_PAGE] for start in range(0, len(made), CARDS_A_PAGE)]
    html = environment(templates, context.words).get_template("cards.html").render(meta=context.book.meta, pages=pages)
    laid_out = layout.lay_out(
        html, templates, pictures, 1, 0, ("fonts.css", "book.css", "sheets.css"), body.document.font_config
    )
    full = [name.split("-") for name in overflowing(laid_out.document.pages, "card", PAGE.card.padding.pt / 2)]
    return laid_out.document, [(context.entries[number], side) for side, number in full]


def formula_sheet(context, body, templates, pictures):
    """Lay out all key formulas on a few pages; return (document, pages it took at the smallest size)."""
    places = anchor_places(body)

    def at(size):
        html = _sheet_html(context, places, templates, size)
        laid_out = layout.lay_out(
            html, templates, pictures, 1, 0, ("fonts.css", "book.css", "sheets.css"), body.document.font_config
        )
        return laid_out.document

    # The largest size that fits: mostly the first, else found among the others by halving.
    fitting, sizes = at(SHEET_SIZES[0]), list(SHEET_SIZES[1:])
    smaller = None
    while sizes and (smaller or len(fitting.pages) > SHEET_PAGES):
        middle = len(sizes) // 2
        document = at(sizes[middle])
        if len(document.pages) <= SHEET_PAGES:
            smaller, sizes = document, sizes[:middle]
        else:
            fitting, sizes = document, sizes[middle + 1 :]
    fitting = smaller or fitting
    return fitting, len(fitting.pages)


def _sheet_html(context, places, templates, size):
    formulas = [formula for entry in context.book.entries for formula in entry.node.formulas]
    common = sorted({place for formula in formulas for place in legend(context.book, formula).common})
    groups = []
    for section in context.book.sections:
        rows = [
            {
                "name": to_html(context, entry, ("formulas", index, "name"), inline=True),
                "picture": _formula(context, formula, size, COLUMN_TEXT_WIDTH),
                "letters": own_letters(context, entry, index),
                "folio": places[entry.id],
            }
            for entry in context.book.entries
            if entry.section == section.number
            for index, formula in enumerate(entry.node.formulas)
        ]
        if rows:
            groups.append({"number": section.number, "title": section.wording, "rows": rows})
    return (
        environment(templates, context.words)
        .get_template("formulas.html")
        .render(meta=context.book.meta, groups=groups, letters=letters_at(context, common), size=size)
    )


def _formula(context, formula, size, widest):
    """Return a formula's picture at a size in points, smaller where it would be too wide."""
    fitting = min(size, _fitting(context, formula, widest))
    return Markup(f'<span style="font-size:{fitting:.2f}pt">{formula_html(context, formula.tex.strip(), True)}</span>')


def _fitting(context, formula, widest):
    """Return the size in points at which a formula is as wide as there is room."""
    return widest / context.typeset.formulas[formula.tex.strip(), True].width
