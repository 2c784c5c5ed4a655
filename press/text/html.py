"""Turn parsed tokens into HTML: formulas, figures, tables, citations and cross references resolved.

Place in the flow: `compose` calls `to_html` for every text. All numbers of figures, tables,
equations and references are known by now; page numbers are left to the layout
(`target-counter`), but for those of entries.
"""

import re
from dataclasses import dataclass
from html import escape

from press.text.uses import Texts, parser

# A hyphen that stands for a minus: before a digit, not inside a word or a range.
MINUS = re.compile(r"(?<![\w–-])-(?=\d)")
WIDEST_INLINE = 30 * 72 / 25.4  # points; an inline formula does not break
COLUMN_WIDTHS = {"column": 112.0, "wide": 164.0, "margin": 45.0}  # millimeters, design of the page
# A book has about so many pages behind the last answer; their folios have as many digits as `slot`.
LATER_PAGES = 70
# Marks a formula's spoken text, so that `finish` can tag it Formula instead of Figure.
FORMULA_MARK = "\ue000"


@dataclass
class Setting:
    """What the texts refer to: everything that rendering a token can need."""

    book: object
    texts: Texts
    typeset: object
    drawings: object
    works: dict
    terms: dict  # form in lower case -> Term
    problems: object
    places: dict | None = None  # {anchor: folio}, for what is set after the answers

    def __post_init__(self):
        self.md = parser()
        for name, rule in RULES.items():
            self.md.add_render_rule(name, rule)
        self.entries = {entry.number: entry for entry in self.book.entries}
        self.targets = self.book.parts.targets
        self.slot = "0" * len(str(self.book.entries[-1].node.page + LATER_PAGES))


def to_html(setting, entry, path, inline=False):
    """Return the HTML of one field of an entry, "" if it could not be read."""
    tokens = setting.texts.parsed.get((entry.key if entry else "", *path), [])
    if inline and tokens:
        tokens = [child for child in tokens if child.type == "inline"]
    return render(setting, entry, tokens)


def render(setting, entry, tokens):
    """Return the HTML of tokens that stand in an entry."""
    return setting.md.renderer.render(tokens, setting.md.options, {"setting": setting, "entry": entry})


def blocks(tokens):
    """Split tokens into top-level blocks, each a list of tokens."""
    found, current, depth = [], [], 0
    for token in tokens:
        current.append(token)
        depth += token.nesting
        if depth == 0:
            found.append(current)
            current = []
    return found


def formula_html(setting, latex, display):
    """Return the picture of a formula: sized in em, on the baseline, with its spoken text."""
    formula = setting.typeset.formulas.get((latex, display))
    if formula is None:  # reported as a fault already
        return ""
    style = f"width:{formula.width:.4f}em"
    if not display:
        style += f";vertical-align:{-formula.depth:.4f}em"
    kind = "display" if display else "inline"
    return (
        f'<img class="formula {kind}" src="vector:{formula.page.key}" style="{style}" '
        f'alt="{FORMULA_MARK}{escape(formula.spoken)}">'
    )


def _text(self, tokens, idx, options, env):
    return MINUS.sub("\u2212", escape(tokens[idx].content))


def _math_inline(self, tokens, idx, options, env):
    return formula_html(env["setting"], tokens[idx].content.strip(), False)


def _math_block(self, tokens, idx, options, env):
    picture = formula_html(env["setting"], tokens[idx].content.strip(), True)
    return f'<div class="equation">{picture}</div>\n'


def _math_block_label(self, tokens, idx, options, env):
    setting, label = env["setting"], tokens[idx].info
    picture = formula_html(setting, tokens[idx].content.strip(), True)
    number = setting.texts.numbered[label].number
    return (
        f'<div class="equation numbered" id="{anchor(label)}">{picture}'
        f'<span class="equation-number">({number})</span></div>\n'
    )


def _citation(self, tokens, idx, options, env):
    setting, shown = env["setting"], []
    for use, (key, locator) in enumerate(tokens[idx].meta["works"], start=tokens[idx].meta["use"]):
        if key in setting.works:
            number = setting.works[key].number
            link = f'<a class="cite" id="cite-{use}" href="#ref-{number}">{number}</a>'
            shown.append(f"{link}, {escape(locator)}" if locator else link)
    joint = "; " if any(locator for _, locator in tokens[idx].meta["works"]) else ", "
    return f'<span class="citation">[{joint.join(shown)}]</span>'


def _link_open(self, tokens, idx, options, env):
    """Write a cross reference whole; its closing token adds nothing.

    The page of an entry is known: the build stops where one begins elsewhere. Left to the layout
    like other pages it would have nearly all pages laid out twice.
    """
    setting, target = env["setting"], tokens[idx].attrs["href"]
    if target.startswith("http"):
        return f'<a class="external" href="{escape(target)}">'
    is_bare = tokens[idx + 1].type == "link_close"
    if target in setting.entries:
        entry = setting.entries[target]
        if is_bare:
            return f'<a href="#{entry.id}">{target}, p.\u00a0{entry.node.page}'
        return _reference(setting, entry.id, "", True)
    if target in setting.targets:
        name, words = setting.targets[target]
        # The toolbox lists where each tool is used.
        use = f' id="use-{tokens[idx].meta["use"]}"' if target.startswith("tool:") else ""
        paged = "" if _is_within(target, env["entry"]) else f", p.\u00a0{folio(setting, name)}"
        return f'<a{use} href="#{name}">{words if is_bare else ""}{paged}'
    numbered = setting.texts.numbered.get(target)
    if numbered is None:
        return "<a>"
    words = f"{numbered.kind}\u00a0{numbered.number}" if is_bare else ""
    return _reference(setting, anchor(target), words, numbered.entry, env["entry"])


def _is_within(target, here):
    """Say whether a problem stands in the passage that refers to it."""
    return here is not None and target.startswith(f"problem:{here.number}-") and here.key.startswith("further:")


def _reference(setting, target, words, there, here):
    """Open a link; the page comes from the layout, or from `places` in what is laid out later.

    What stands on the same page, or in the same passage behind the answers, needs no page.
    """
    page = getattr(there.node, "page", None)
    if here is not None and (here.key == there.key or page and page == getattr(here.node, "page", None)):
        return f'<a href="#{target}">{words}'
    if setting.places or not page:
        return f'<a href="#{target}">{words}, p.\u00a0{folio(setting, target)}'
    return f'<a class="paged" href="#{target}">{words}'


def folio(setting, target):
    """Return the folio of an anchor, where it is not laid out yet a slot for it: digits of the same width."""
    if setting.places and target in setting.places:
        return f"{setting.places[target]}"
    return f'<span class="slot" data-target="{target}">{setting.slot}</span>'


def _strong_open(self, tokens, idx, options, env):
    term = env["setting"].terms.get(tokens[idx + 1].content.lower())
    return f'<dfn id="{term_anchor(term.term)}">' if term else "<dfn>"


def _strong_close(self, tokens, idx, options, env):
    return "</dfn>"


def _role(self, tokens, idx, options, env):
    return f'<span id="ix-{tokens[idx].meta["use"]}">{escape(tokens[idx].content)}</span>'


def _directive(self, tokens, idx, options, env):
    meta = tokens[idx].meta
    return {"figure": _figure, "table": _table, "note": _note, "example": _example, "place": lambda *_: ""}[
        meta["kind"]
    ](env["setting"], env["entry"], meta, env)


def _figure(setting, entry, meta, env):
    figure = setting.drawings.figures.get(meta["argument"])
    numbered = setting.texts.numbered.get(f"fig:{meta['argument']}")
    if figure is None or numbered is None:  # reported as a fault already
        return ""
    width = meta["options"].get("width", "column")
    caption = _caption(setting, entry, meta["tokens"], numbered)
    alt = escape(meta["options"].get("alt", ""))
    body = (
        f'<figure class="figure {width}" id="{anchor("fig:" + meta["argument"])}">'
        f'<img class="drawing" src="vector:{figure.page.key}" alt="{alt}" '
        f'style="width:{figure.page.width:.2f}pt"><figcaption>{caption}</figcaption></figure>\n'
    )
    return f'<aside class="note"><div>{body}</div></aside>\n' if width == "margin" else body


def _caption(setting, entry, tokens, numbered):
    inner = render(setting, entry, [child for child in tokens if child.type == "inline"][:1])
    return f'<span class="label">{numbered.kind}\u00a0{numbered.number}</span> {inner}'


def _table(setting, entry, meta, env):
    numbered = setting.texts.numbered.get(f"tab:{meta['argument']}")
    opening = next((i for i, child in enumerate(meta["tokens"]) if child.type == "table_open"), None)
    if opening is None or numbered is None:
        return ""
    width = meta["options"].get("width", "column")
    caption = _caption(setting, entry, meta["tokens"][:opening], numbered)
    inner = render(setting, entry, _aligned(meta["tokens"][opening:], meta["options"].get("align", "")))
    start = f'<table id="{anchor("tab:" + meta["argument"])}"><caption>{caption}</caption>'
    return f'<div class="table-block {width}">{inner.replace("<table>", start, 1)}</div>\n'


def _aligned(tokens, align):
    """Set each cell's column alignment (l, c, r).

    Where the first head is empty, the first cells head their rows.
    """
    names = {"l": "left", "c": "center", "r": "right"}
    columns, column = align.split(), 0
    corner = next((place for place, token in enumerate(tokens) if token.type == "th_open"), None)
    heads_rows = corner is not None and not tokens[corner + 1].content.strip()
    for token in tokens:
        if token.type == "tr_open":
            column = 0
        elif token.type in ("td_open", "th_open"):
            token.attrs = {"class": names.get(columns[column] if column < len(columns) else "l", "left")}
            if token.type == "th_open":
                token.attrs["scope"] = "col"
            elif heads_rows and column == 0:
                token.tag, token.attrs["scope"] = "th", "row"
            column += 1
        elif token.type == "td_close" and heads_rows and column == 1:
            token.tag = "th"
    return tokens


def _note(setting, entry, meta, env):
    title = f'<p class="note-title">{escape(meta["argument"])}</p>' if meta["argument"] else ""
    return f'<aside class="note"><div>{title}{render(setting, entry, meta["tokens"])}</div></aside>\n'


def _example(setting, entry, meta, env):
    title = f'<p class="example-title"><span>Example.</span> {escape(meta["argument"])}</p>'
    return f'<div class="example">{title}{render(setting, entry, meta["tokens"])}</div>\n'


def anchor(label):
    """Return the HTML id of a figure, table or equation."""
    return re.sub(r"[^a-zA-Z0-9]+", "-", label)


def term_anchor(term):
    """Return the HTML id of the place where a term is defined."""
    return "term-" + re.sub(r"[^a-z0-9]+", "-", term.lower())


RULES = {
    "text": _text,
    "math_inline": _math_inline,
    "math_block": _math_block,
    "math_block_label": _math_block_label,
    "math_inline_double": _math_block,
    "citation": _citation,
    "link_open": _link_open,
    "strong_open": _strong_open,
    "strong_close": _strong_close,
    "myst_role": _role,
    "directive": _directive,
}
