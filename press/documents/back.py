"""Everything after the last answer: answers to self-tests, references, glossary, figures, index, collation.

Place in the flow: after the layout of the answers, because nearly all of it quotes their pages. It
is laid out by itself, as a second document whose page counter goes on, and joined to the first.
"""

import re
from dataclasses import replace
from html import escape
from typing import NamedTuple

from markupsafe import Markup

from press.content.rules import spelling
from press.documents.body import environment
from press.text.html import render, to_html
from press.text.labels import anchor, term_anchor
from press.words import sort_key


class Mention(NamedTuple):
    """A page in the index or beside a reference: folio (or a range), anchor to jump to, main place or not."""

    first: int
    last: int
    target: str
    main: bool = False

    def __str__(self):
        return f"{self.first}" if self.first == self.last else f"{self.first}–{self.last}"


def compose_back(context, places, templates, first_folio, above=None):
    """Return the HTML of the back matter; `places` are {anchor: folio} of all that stands before it.

    `above` is how much of its first page others have taken, in points.
    """
    context = replace(context, places=places, is_apart=True)
    return (
        environment(templates, context.words)
        .get_template("back.html")
        .render(
            meta=context.book.meta,
            first_folio=first_folio,
            is_left=first_folio % 2 == 0,
            above=above,
            tests=[] if context.book.parts.problems else _tests(context, places),
            works=_works(context, places),
            glossary=_glossary(context, places),
            figures=_listed(context, places, "figure"),
            tables=_listed(context, places, "table"),
            index=index_entries(context, places),
            collation=_collation(context, places) if context.book.part("source") else [],
            collation_lead=to_html(context, None, ("collation",)),
        )
    )


def anchor_places(layout):
    """Return {id: folio} for every anchor of a layout's body."""
    places = {}
    for index, page in enumerate(layout.body):
        for name in page.anchors:
            places.setdefault(name, layout.first_folio + index)
    return places


def _tests(context, places):
    tests = []
    for entry in context.book.entries:
        answers = [to_html(context, entry, ("check", index, "answer")) for index in range(len(entry.node.check))]
        if answers:
            tests.append(
                {
                    "number": entry.number,
                    "id": entry.id,
                    "title": entry.wording,
                    "folio": places[entry.id],
                    "answers": answers,
                }
            )
    return tests


def _works(context, places):
    mentions = {}
    for index, use in enumerate(context.texts.citations):
        folio = places.get(f"cite-{index}")
        if folio:
            mentions.setdefault(use.target, []).append(Mention(folio, folio, f"cite-{index}"))
    return [
        {"number": work.number, "html": Markup(work.html), "mentions": fold(mentions.get(key, []))}
        for key, work in sorted(context.works.items(), key=lambda pair: pair[1].number)
    ]


def _glossary(context, places):
    rows = [
        {
            "term": term.term,
            "text": to_html(context, entry, ("terms", index, "text"), inline=True),
            "id": term_anchor(term.term),
            "folio": places.get(term_anchor(term.term)),
        }
        for term, entry, index in context.book.terms
    ]
    return sorted((row for row in rows if row["folio"]), key=lambda row: sort_key(row["term"]))


def _listed(context, places, kind):
    """Return the rows of the list of figures, or of tables."""
    rows = []
    for label, item in context.texts.numbered.items():
        if item.kind == kind and anchor(label) in places:
            rows.append(
                {
                    "number": item.number,
                    "id": anchor(label),
                    "folio": places[anchor(label)],
                    "caption": Markup(_title(context, item)),
                }
            )
    return rows


def _title(context, item):
    """Return the title of a figure or table, or its caption up to the first full stop, as HTML with its formulas."""
    if "title" in item.block.options:
        return escape(item.block.options["title"])
    unpaged = replace(context, is_paged=False)  # a reference in a title is words, without its page
    html = render(unpaged, item.entry, [child for child in item.block.tokens if child.type == "inline"][:1])
    html = re.sub(r'\s*<span class="citation">.*?</span>|<a [^>]*>|</a>| id="[^"]*"', "", html)
    return re.split(r"(?<=[^.][.])\s+(?=[A-Z<])", html, maxsplit=1)[0]


def index_entries(context, places):
    """Return the index: for each term its pages (main place first in bold), and see-also terms."""
    by_term = {}
    for index, use in enumerate(context.texts.indexed):
        term = context.terms.get(spelling(use.target))
        if term and f"ix-{index}" in places:
            folio = places[f"ix-{index}"]
            by_term.setdefault(term.term, []).append(Mention(folio, folio, f"ix-{index}"))
    rows = []
    for term, _, _ in context.book.terms:
        main = places.get(term_anchor(term.term))
        if main is None:
            continue
        others = [m for m in by_term.get(term.term, []) if m.first != main]
        mentions = [Mention(main, main, term_anchor(term.term), True), *fold(others)]
        rows.append(
            {
                "term": term.term,
                "mentions": sorted(mentions, key=lambda m: m.first),
                "see": sorted(term.see, key=sort_key),
            }
        )
    rows.sort(key=lambda row: sort_key(row["term"]))
    for before, row in zip([None, *rows], rows, strict=False):
        row["heads_letter"] = before is not None and sort_key(before["term"])[0][0] != sort_key(row["term"])[0][0]
    return rows


def fold(mentions):
    """Fold mentions on consecutive pages into ranges and drop doubles."""
    folded = []
    for mention in sorted(mentions, key=lambda m: m.first):
        if folded and mention.first <= folded[-1].last + 1:
            folded[-1] = folded[-1]._replace(last=max(folded[-1].last, mention.last))
        else:
            folded.append(mention)
    return folded


def _collation(context, places):
    return [
        {
            "number": entry.number,
            "title": entry.node.title,
            "id": entry.id,
            "source_page": entry.node.page,
            "folio": places[entry.id],
            "reads": entry.node.reads,
            "reason": entry.node.reason,
        }
        for entry in context.book.entries
    ]
