"""The study cards as a package for Anki: the same fronts and backs, formulas as MathJax.

Place in the flow: after the layout of the answers, beside `sheets`. A note is known by the book and
the number of its entry, so a new edition updates the cards of somebody who learns with them. The
book's date is the only time in the package, and the archive is packed anew with it: the same book
gives the same bytes. Where packages are written it is genanki that knows how (pinned, MIT license).
"""

import hashlib
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from html import escape

import genanki

from press.documents.back import anchor_places
from press.documents.legend import card_letters
from press.documents.sheets import cards_of
from press.text.html import to_html

SIDES = ("Number", "Question", "Page", "Answer", "Formula", "Letters", "Book")
FRONT = (
    '<div class="head"><b>{{Number}}</b> <span>{{Book}}</span></div>'
    '<div class="question">{{Question}}</div><div class="page">{{Page}}</div>'
)
BACK = (
    '{{FrontSide}}<hr id="answer"><div class="key">{{Answer}}</div>'
    '{{#Formula}}<div class="formula">{{Formula}}</div>{{/Formula}}'
    '{{#Letters}}<div class="letters">{{Letters}}</div>{{/Letters}}'
)
LOOK = """
.card { font: 20px/1.4 serif; max-width: 36em; margin: 0 auto; text-align: left }
.head, .page, .letters { font: 14px/1.4 sans-serif }
.head { display: flex; justify-content: space-between }
.question { font: 600 24px/1.3 sans-serif; margin: 1em 0 }
.formula { margin: 1em 0 }
"""
ENTRY = "collection.anki2"


def package(context, body):
    """Return the package of all study cards as bytes; `body` is the Layout of the answers."""
    meta, words = context.book.meta, context.words
    context = replace(context)  # with a Markdown renderer of its own
    for name, rule in RULES.items():
        context.md.add_render_rule(name, rule)
    places = anchor_places(body)
    model = genanki.Model(
        number_of(f"{meta.file} model"),
        f"{meta.title}: {words.cards}",
        fields=[{"name": name} for name in SIDES],
        templates=[{"name": words.cards, "qfmt": FRONT, "afmt": BACK}],
        css=LOOK,
    )
    deck = genanki.Deck(number_of(f"{meta.file} deck"), meta.title, escape(meta.subtitle or ""))
    for entry in cards_of(context.book):
        deck.add_note(
            genanki.Note(
                model=model,
                fields=_fields(context, entry, places[entry.id]),
                guid=genanki.guid_for(meta.file, entry.number),
                tags=[f"{meta.file}::{entry.section}"],
            )
        )
    midnight = datetime(meta.date.year, meta.date.month, meta.date.day, tzinfo=UTC)
    return _packed(deck, midnight)


def number_of(name):
    """Return the number by which Anki knows a deck or a model: from its name, so that editions share it."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") | 1 << 30


def _fields(context, entry, folio):
    formula = entry.node.formulas[0] if entry.node.formulas else None
    name = to_html(context, entry, ("formulas", 0, "name"), inline=True)
    shown = f"{name}<br>\\[{escape(formula.tex.strip())}\\]" if formula else ""
    return [
        entry.number,
        escape(entry.node.card or entry.wording),
        context.words.on_page(folio),
        to_html(context, entry, ("key",), inline=True),
        shown,
        "; ".join(card_letters(context, entry, 0)) if formula else "",
        escape(context.book.meta.title),
    ]


def _packed(deck, day):
    """Return a deck's package as an archive whose files have one time and one order."""
    made, packed = io.BytesIO(), io.BytesIO()
    genanki.Package(deck).write_to_file(made, timestamp=day.timestamp())
    with zipfile.ZipFile(made) as there, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as here:
        for name in (ENTRY, "media"):
            info = zipfile.ZipInfo(name, day.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            here.writestr(info, there.read(name))
    return packed.getvalue()


def _math(self, tokens, idx, options, env):
    return f"\\({escape(tokens[idx].content.strip())}\\)"


# What a card shows otherwise than the book: formulas as MathJax, terms in bold without an anchor.
RULES = {
    "math_inline": _math,
    "strong_open": lambda self, tokens, idx, options, env: "<b>",
    "strong_close": lambda self, tokens, idx, options, env: "</b>",
    "myst_role": lambda self, tokens, idx, options, env: escape(tokens[idx].content),
}
