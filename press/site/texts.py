"""The book's short texts for a browser: keys, key formulas and glossary, and the same as plain words.

Place in the flow: under `site`. The HTML is that of the book; formulas become pictures of themselves
with their words, references lose their links, and plain words are what the search looks at.
"""

import re
from html import escape, unescape
from typing import Any, NamedTuple

from markupsafe import Markup

from press.documents.legend import card_letters
from press.pdf.raster import drawn_clips
from press.pictures.vector import spoken
from press.site.pages import picture_data
from press.text.html import Context, formula_html, to_html
from press.text.labels import term_anchor
from press.words import sort_key

# A formula is set at 10 points; so many dots are two or three to a CSS pixel.
DOTS_PER_INCH = 300
FORMULA = re.compile(r'src="vector:([^"]+)"')
ALT = re.compile(r'alt="([^"]*)"')


class Card(NamedTuple):
    """A card: number, question, page, key and key formulas as HTML, and all of it as plain words."""

    number: str
    question: str
    page: int
    key: Markup
    formulas: list[tuple[str, Markup, Markup]]  # name, picture, what its letters mean
    plain: str


class GlossaryTerm(NamedTuple):
    """A term of the glossary; `id` is its anchor."""

    term: str
    id: str
    text: Markup
    plain: str


def cards(context: Context) -> list[Card]:
    """Return the study cards of a book, in its order."""
    found = []
    for entry in context.book.entries:
        if not (entry.is_answer and entry.node.key):
            continue
        key = _clean(to_html(context, entry, ("key",), inline=True))
        formulas = [
            (
                _plain(_clean(to_html(context, entry, ("formulas", index, "name"), inline=True))),
                _clean(formula_html(context, formula.tex.strip(), True)),
                _clean(Markup("; ").join(Markup(letter) for letter in card_letters(context, entry, index))),
            )
            for index, formula in enumerate(entry.node.formulas)
        ]
        question = entry.node.card or entry.wording
        found.append(Card(entry.number, question, entry.node.page, key, formulas, _plain(key)))
    return found


def glossary(context: Context) -> list[GlossaryTerm]:
    """Return the terms of a book by their alphabet."""
    rows = []
    for term, entry, index in context.book.terms:
        text = _clean(to_html(context, entry, ("terms", index, "text"), inline=True))
        rows.append(GlossaryTerm(term.term, term_anchor(term.term), text, _plain(text)))
    return sorted(rows, key=lambda row: sort_key(row.term))


def draw(context: Context, html: str) -> str:
    """Return a page in which every formula stands as a picture."""
    names = sorted(set(FORMULA.findall(html)))
    if not names:
        return html
    drawn = drawn_clips([context.typeset.pages[name] for name in names], DOTS_PER_INCH)
    data = {name: picture_data(clip) for name, clip in zip(names, drawn, strict=True)}
    return FORMULA.sub(lambda found: f'src="{data[found[1]]}"', html)


def _clean(html: Any) -> Markup:
    """Return HTML of the book without what has a place only there: links, anchors, numbers of works."""
    text = re.sub(r'<span class="citation">.*?</span>|</?a\b[^>]*>| id="[^"]*"', "", str(html))
    return Markup(ALT.sub(lambda found: f'alt="{escape(_said(found))}"', text).strip())


def _said(found: re.Match) -> str:
    alt = unescape(found[1])
    told = spoken(alt)
    return alt if told is None else told[0]


def _plain(html: Markup) -> str:
    """Return HTML as words: a formula is what one says for it."""
    text = re.sub(r"<img[^>]*>", lambda found: f" {(ALT.search(found[0]) or ['', ''])[1]} ", str(html))
    return " ".join(unescape(re.sub(r"<[^>]+>", "", text)).split())
