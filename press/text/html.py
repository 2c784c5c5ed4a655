"""Turn parsed tokens into HTML: formulas, blocks, citations and cross references resolved.

Place in the flow: `documents` calls `to_html` for every text. All numbers of figures, tables,
equations and references are known by now; a page number that is not, but for those of entries, is a
slot of as many digits, which `layout.slots` fills in.
"""

import re
from dataclasses import dataclass, field
from html import escape

from markupsafe import Markup

from press.content.rules import spelling
from press.content.schema import Term
from press.content.tree import Book
from press.content.works import Work
from press.pictures.figures import Drawings
from press.pictures.formulas import TypesetFormulas
from press.pictures.vector import Picture, formula_alt
from press.text.blocks import BLOCKS, aside, bound
from press.text.heads import hang
from press.text.labels import anchor, term_anchor
from press.text.parser import parser
from press.text.parsing import bold_words
from press.text.texts import Texts
from press.words import Words

# A hyphen that stands for a minus: before a digit, not inside a word or a range.
MINUS = re.compile(r"(?<![\w–-])-(?=\d)")
# A book has about so many pages behind the last answer; their folios have as many digits as `slot`.
LATER_PAGES = 70

# Scripts and small fractions reach so far (in em) into the space between lines: the distance of lines stays.
REACH = 0.22


@dataclass
class Context:
    """What the texts refer to: everything that rendering a token can need."""

    book: Book
    texts: Texts
    typeset: TypesetFormulas
    drawings: Drawings
    works: dict[str, Work]
    terms: dict[str, Term]  # by the spelling of each form
    words: Words
    places: dict[str, int] | None = None  # {anchor: folio}, for what is set after the answers
    is_apart: bool = False  # texts stand apart from the answer or passage that they belong to
    is_paged: bool = True  # figures, tables and equations are quoted with their pages
    read: dict[str, Picture] = field(default_factory=dict)  # pages of formulas and figures that are read, by key

    def __post_init__(self):
        self.md = parser(self.words.quotes)
        for name, rule in RULES.items():
            self.md.add_render_rule(name, rule)
        self.entries = {entry.number: entry for entry in self.book.entries}
        self.targets = self.book.parts.targets
        self.slot = "0" * len(str(self.book.entries[-1].node.page + LATER_PAGES))

    @property
    def pages(self):
        """{key: page} of all formulas and figures."""
        return {**self.typeset.pages, **self.drawings.pages}


def to_html(context, entry, path, inline=False):
    """Return one field of an entry as Markup, empty if it could not be read."""
    tokens = context.texts.tokens(entry, path)
    if inline and tokens:
        tokens = [child for child in tokens if child.type == "inline"]
    return render(context, entry, tokens)


def hung_html(context, entry, path):
    """Return a field as Markup whose paragraphs have the margin for their heads."""
    return render(context, entry, hang(context.texts.tokens(entry, path)))


def render(context, entry, tokens):
    """Return tokens that stand in an entry as Markup."""
    return Markup(context.md.renderer.render(tokens, context.md.options, {"context": context, "entry": entry}))


def formula_html(context, latex, display):
    """Return the picture of a formula: sized in em, on the baseline, with its spoken text."""
    formula = context.typeset.formulas.get((latex, display))
    if formula is None:  # reported as a fault already
        return Markup("")
    style = f"width:{formula.width:.4f}em"
    if not display:
        style += f";vertical-align:{REACH - formula.depth:.4f}em;margin:{-REACH}em 0"
    kind = "display" if display else "inline"
    return Markup(
        f'<img class="formula {kind}" src="vector:{formula.page.key}" style="{style}" '
        f'alt="{escape(formula_alt(formula.spoken, formula.page.key))}">'
    )


def _text(self, tokens, idx, options, env):
    before = tokens[idx - 1] if idx else None
    if before and before.type == "link_open" and before.markup == "autolink":
        return escape(tokens[idx].content)  # an address, to be typed as it stands
    return MINUS.sub("\u2212", escape(tokens[idx].content))


def _paragraph_open(self, tokens, idx, options, env):
    """Tell a paragraph that opens with a head of its own: a term that it defines, or what it is about."""
    children = tokens[idx + 1].children or [] if idx + 1 < len(tokens) else []
    first = next((child for child in children if child.type != "text" or child.content), None)
    if first is not None and first.type in ("em_open", "strong_open") and not tokens[idx].meta.get("is_headed"):
        tokens[idx].attrs["class"] = "run-in"
    return self.renderToken(tokens, idx, options, env)


def _side_head(self, tokens, idx, options, env):
    return bound(f'<h3 class="side-head">{self.renderInline(tokens[idx].children, options, env)}</h3>\n')


def _math_inline(self, tokens, idx, options, env):
    return formula_html(env["context"], tokens[idx].content.strip(), False)


def _math_block(self, tokens, idx, options, env):
    picture = formula_html(env["context"], tokens[idx].content.strip(), True)
    return f'<div class="equation">{picture}</div>\n'


def _math_block_label(self, tokens, idx, options, env):
    context, label = env["context"], tokens[idx].info
    picture = formula_html(context, tokens[idx].content.strip(), True)
    number = context.texts.numbered[label].number
    return (
        f'<div class="equation numbered" id="{anchor(label)}">{picture}'
        f'<span class="equation-number">({number})</span></div>\n'
    )


def _citation(self, tokens, idx, options, env):
    context, shown = env["context"], []
    for use, (key, locator) in enumerate(tokens[idx].meta["works"], start=tokens[idx].meta["use"]):
        if key in context.works:
            number = context.works[key].number
            link = f'<a class="cite" id="cite-{use}" href="#ref-{number}">{number}</a>'
            shown.append(f"{link}, {escape(locator)}" if locator else link)
        else:  # reported as a fault already; in a draft it is seen
            shown.append(f"{escape(key)}?")
    joint = "; " if any(locator for _, locator in tokens[idx].meta["works"]) else ", "
    return f'<span class="citation">[{joint.join(shown)}]</span>'


def _link_open(self, tokens, idx, options, env):
    """Write a cross reference whole; its closing token adds nothing.

    The page of an entry is known: the build stops where one begins elsewhere. Left to the layout
    like other pages it would have nearly all pages laid out twice.
    """
    context, target = env["context"], tokens[idx].attrs["href"]
    if target.startswith("http"):
        return f'<a class="external" href="{escape(target)}">'
    is_bare = tokens[idx + 1].type == "link_close"
    if target in context.entries:
        entry = context.entries[target]
        if is_bare:
            return f'<a href="#{entry.id}">{target}, {context.words.on_page(entry.node.page)}'
        return _reference(context, entry.id, "", entry, None)
    if target in context.targets:
        name, kind, number = context.targets[target]
        words = context.words.numbered(kind, number) if number else context.words.further
        # The toolbox lists where each tool is used.
        use = f' id="use-{tokens[idx].meta["use"]}"' if target.startswith("tool:") else ""
        is_near = _is_within(context, target, env["entry"]) or not context.is_paged
        paged = "" if is_near else f", {context.words.on_page(folio(context, name))}"
        return f'<a{use} href="#{name}">{words if is_bare else ""}{paged}'
    numbered = context.texts.numbered.get(target)
    if numbered is None:  # reported as a fault already; in a draft it is seen
        return f"<a>{escape(target)}?" if is_bare else "<a>"
    words = context.words.numbered(numbered.kind, numbered.number) if is_bare else ""
    return _reference(context, anchor(target), words, numbered.entry, env["entry"])


def _is_within(context, target, here):
    """Say whether a problem stands in the passage that refers to it."""
    stands = f"problem:{here.number}-" if here is not None and here.key.startswith("further:") else None
    return stands is not None and target.startswith(stands) and not context.is_apart


def _reference(context, target, words, there, here):
    """Open a link with the page that it leads to.

    What stands on the same page, or in the same passage behind the answers, needs no page.
    """
    page = getattr(there.node, "page", None)
    is_near = here is not None and (here.key == there.key or page and page == getattr(here.node, "page", None))
    if is_near and not context.is_apart or not context.is_paged:
        return f'<a href="#{target}">{words}'
    return f'<a href="#{target}">{words}, {context.words.on_page(folio(context, target, page))}'


def folio(context, target, near=None):
    """Return the folio of an anchor, where it is not laid out yet a slot for it: digits of the same width.

    `near` is a page of the answers near the anchor, none behind them.
    """
    if context.places and target in context.places:
        return Markup(context.places[target])
    digits = "0" * len(f"{near}") if near else context.slot
    return Markup(f'<span class="slot" data-target="{target}">{digits}</span>')


def _strong_open(self, tokens, idx, options, env):
    term = env["context"].terms.get(spelling(bold_words(tokens, idx)))
    return f'<dfn id="{term_anchor(term.term)}">' if term else "<dfn>"


def _strong_close(self, tokens, idx, options, env):
    return "</dfn>"


def _role(self, tokens, idx, options, env):
    return f'<span id="ix-{tokens[idx].meta["use"]}">{escape(tokens[idx].content)}</span>'


def _block(self, tokens, idx, options, env):
    opened, context, entry = tokens[idx].meta["block"], env["context"], env["entry"]
    return BLOCKS[opened.name].html(opened, context, entry, lambda inner: str(render(context, entry, inner)))


def _fault(self, tokens, idx, options, env):
    """Return the note of `keepgoing` beside a paragraph with faults."""
    told, is_short = tokens[idx].meta["problems"], tokens[idx].meta["is_short"]
    notes = []
    for problem in told:
        where = f"{problem.place.file.name}:{problem.place.line or ''}".rstrip(":")
        what = "" if is_short else f": {problem.what} ({problem.how})"
        notes.append(f'<p lang="en"><span class="note-title">{escape(where)}</span>{escape(what)}</p>')
    return aside("fault", "", "".join(notes))


RULES = {
    "fault": _fault,
    "text": _text,
    "paragraph_open": _paragraph_open,
    "side_head": _side_head,
    "math_inline": _math_inline,
    "math_block": _math_block,
    "math_block_label": _math_block_label,
    "citation": _citation,
    "link_open": _link_open,
    "strong_open": _strong_open,
    "strong_close": _strong_close,
    "myst_role": _role,
    "block": _block,
}
