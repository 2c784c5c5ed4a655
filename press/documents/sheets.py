"""Two sheets to print beside the book: study cards and the formula sheet.

Place in the flow: after the layout of the answers, whose pages they quote; finished like the book.
Eight cards of 98 x 66 mm stand on a page, fronts and backs on alternate pages. The backs run from
right to left, so that a sheet printed on both sides (long edge) has each back behind its front.
"""

from markupsafe import Markup

from press.documents.back import anchor_places
from press.documents.body import environment
from press.layout import engine as layout
from press.layout.boxes import overflowing
from press.page import PAGE
from press.text.html import formula_html, to_html

CARDS_A_PAGE = 8
CARD_TEXT_WIDTH = PAGE.card.width.pt - 2 * PAGE.card.padding.pt
CARD_FORMULA_SIZE = 12  # points
SHEET_PAGES = 2
COLUMN_TEXT_WIDTH = (PAGE.paper.width.pt - 2 * PAGE.formulas.side.pt - PAGE.formulas.gap.pt) / 2 - 8
# Sizes of formulas, in points, tried in turn until all of them fit on two pages.
SHEET_SIZES = (10.5, 10, 9.5, 9, 8.5, 8, 7.5)


def cards(context, body, templates, pictures):
    """Lay out the study cards of all answers with a `key`; return (document, [(entry, side that overflows)])."""
    places = anchor_places(body)
    written = [entry for entry in context.book.entries if entry.is_answer and entry.node.key]
    made = [
        {
            "number": entry.number,
            "question": entry.node.card or entry.wording,
            "folio": places[entry.id],
            "key": to_html(context, entry, ("key",), inline=True),
            "formulas": [
                (
                    to_html(context, entry, ("formulas", 0, "name"), inline=True),
                    _formula(context, formula, CARD_FORMULA_SIZE, CARD_TEXT_WIDTH),
                )
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
    """Lay out all key formulas on two pages; return (document, pages it took at the smallest size)."""
    places = anchor_places(body)

    def at(size):
        html = _sheet_html(context, places, templates, size)
        laid_out = layout.lay_out(
            html, templates, pictures, 1, 0, ("fonts.css", "book.css", "sheets.css"), body.document.font_config
        )
        return laid_out.document

    # The largest size that fits, by halving: what fits at one size fits at every smaller one.
    low, high, fitting = 0, len(SHEET_SIZES) - 1, None
    while low < high:
        middle = (low + high) // 2
        document = at(SHEET_SIZES[middle])
        if len(document.pages) <= SHEET_PAGES:
            high, fitting = middle, document
        else:
            low = middle + 1
    if fitting is None or high == len(SHEET_SIZES) - 1:
        fitting = at(SHEET_SIZES[high])
    return fitting, len(fitting.pages)


def _sheet_html(context, places, templates, size):
    groups = []
    for section in context.book.sections:
        rows = [
            {
                "name": to_html(context, entry, ("formulas", index, "name"), inline=True),
                "picture": _formula(context, formula, size, COLUMN_TEXT_WIDTH),
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
        .render(meta=context.book.meta, groups=groups, size=size)
    )


def _formula(context, formula, size, widest):
    """Return a formula's picture at a size in points, smaller where it would be too wide."""
    latex = formula.tex.strip()
    typeset = context.typeset.formulas[latex, True]
    fitting = min(size, size * widest / (typeset.width * size))
    return Markup(f'<span style="font-size:{fitting:.2f}pt">{formula_html(context, latex, True)}</span>')
