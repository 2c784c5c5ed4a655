"""The blocks that stand between ::: lines: each one declaration of its options, its checks and its HTML.

Place in the flow: `uses` opens and checks them, `html` sets them. The table of blocks in
CONTRIBUTING.md is made from this registry (`documentation`). A new block is a `Block` in BLOCKS
and its look in `templates/book.css`.
"""

import re
from collections.abc import Callable
from html import escape
from typing import NamedTuple

from press.page import PAGE
from press.text.labels import anchor, label_of

HEAD = re.compile(r"^\{(?P<name>[a-z]+)\}\s*(?P<argument>.*)$")
OPTION = re.compile(r"^:(?P<name>[a-z]+):\s*(?P<value>.*)$")
WIDTHS = tuple(sorted(PAGE.widths))
PLACEABLE = ("check", "sources", "watch_out")


class Option(NamedTuple):
    """A line :name: value at the head of a block."""

    name: str
    meaning: str
    needed: bool = False


class Opened(NamedTuple):
    """A block as it stands in a text: its declaration's name, what stands behind it, its options and its tokens."""

    name: str
    argument: str
    options: dict[str, str]
    tokens: list


class Block(NamedTuple):
    """A kind of block: what it is for, its options, what is checked, its HTML."""

    name: str
    argument: str
    meaning: str
    options: tuple[Option, ...]
    check: Callable  # (opened, source lines, place, problems)
    html: Callable  # (opened, context, entry, render)
    is_numbered: bool = False

    def opened(self, argument, lines):
        """Return (argument, options, lines that are left) of a block in a text."""
        options = {}
        while lines and (option := OPTION.match(lines[0])):
            options[option["name"]] = option["value"].strip()
            lines = lines[1:]
        return argument.strip(), options, lines


def check_options(block, opened, place, problems):
    """Report options that are missing or unknown."""
    needed = {option.name for option in block.options if option.needed}
    for name in sorted(needed - opened.options.keys()):
        problems.add(place, f"this {block.name} has no :{name}:", "add the line")
    for name in sorted(opened.options.keys() - {option.name for option in block.options}):
        problems.add(place, f"unknown option :{name}: of a {block.name}", "take it out")
    if opened.options.get("width", "wide") not in WIDTHS:
        problems.add(place, f"unknown width {opened.options['width']!r}", f"use one of {', '.join(WIDTHS)}")


def _check_name(opened, place, problems):
    if not opened.argument:
        problems.add(place, f"this {opened.name} has no name", f"write {{{opened.name}}} and its name")


def _check_title(opened, title, place, problems):
    if re.search(r"[$*`]", title):
        problems.add(place, f"the title {title!r} of this {opened.name} has markup", "write plain words")


# Figures.


def _check_figure(opened, lines, place, problems):
    _check_name(opened, place, problems)
    _check_title(opened, opened.options.get("title", ""), place, problems)


def _figure(opened, context, entry, render):
    figure = context.drawings.figures.get(opened.argument)
    label = label_of("figure", opened.argument)
    numbered = context.texts.numbered.get(label)
    if figure is None or numbered is None:  # reported as a fault already
        return ""
    width = opened.options.get("width", "column")
    caption = _caption(context, opened.tokens, numbered, render)
    alt = escape(opened.options.get("alt", ""))
    body = (
        f'<figure class="figure {width}" id="{anchor(label)}">'
        f'<img class="drawing" src="vector:{figure.page.key}" alt="{alt}" '
        f'style="width:{figure.page.width:.2f}pt"><figcaption>{caption}</figcaption></figure>\n'
    )
    return aside("", "", body) if width == "margin" else body


def _caption(context, tokens, numbered, render):
    inner = render([child for child in tokens if child.type == "inline"][:1])
    return f'<span class="label">{context.kind_words[numbered.kind]}\u00a0{numbered.number}</span> {inner}'


# Tables.


def _check_table(opened, lines, place, problems):
    _check_name(opened, place, problems)
    if any(r"\|" in line for line in lines):  # Markdown takes the backslash for its own and leaves a single bar
        problems.add(place, r"\| in a table loses its backslash", r"write \Vert")


def _table(opened, context, entry, render):
    label = label_of("table", opened.argument)
    numbered = context.texts.numbered.get(label)
    opening = next((i for i, child in enumerate(opened.tokens) if child.type == "table_open"), None)
    if opening is None or numbered is None:
        return ""
    caption = _caption(context, opened.tokens[:opening], numbered, render)
    inner = render(_aligned(opened.tokens[opening:], opened.options.get("align", "")))
    start = f'<table id="{anchor(label)}"><caption>{caption}</caption>'
    width = opened.options.get("width", "column")
    return f'<div class="table-block {width}">{inner.replace("<table>", start, 1)}</div>\n'


def _aligned(tokens, align):
    """Set each cell's column alignment (l, c, r).

    Where the first head is empty, the first cells head their rows.
    """
    names = {"l": "left", "c": "center", "r": "right"}
    columns, column = align.split(), 0
    corner = next((index for index, token in enumerate(tokens) if token.type == "th_open"), None)
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


# Notes, examples, and where the notes of an entry stand.


def _check_titled(opened, lines, place, problems):
    _check_title(opened, opened.argument, place, problems)


def _note(opened, context, entry, render):
    return aside("", escape(opened.argument), render(opened.tokens))


def aside(kind, title, body):
    """Return a margin note as HTML, "" for one that says nothing."""
    head = f'<p class="note-title">{title}</p>' if title else ""
    return f'<aside class="{f"note {kind}".strip()}"><div>{head}{body}</div></aside>\n' if body else ""


def _example(opened, context, entry, render):
    title = f'<p class="example-title"><span>Example.</span> {escape(opened.argument)}</p>'
    return f'<div class="example">{title}{render(opened.tokens)}</div>\n'


def _check_place(opened, lines, place, problems):
    if opened.argument not in PLACEABLE:
        problems.add(place, f"cannot place {opened.argument!r}", f"use one of {', '.join(PLACEABLE)}")


def _place(opened, context, entry, render):
    return ""  # `documents` puts the note there


WIDTH = (
    f"column ({PAGE.column.mm:g} mm), wide ({PAGE.wide.mm:g} mm, column and margin) or margin ({PAGE.margin.mm:g} mm)"
)
BLOCKS = {
    block.name: block
    for block in (
        Block(
            "figure",
            "module/function",
            "A drawing from `figures/` with its caption.",
            (
                Option("width", f"{WIDTH}; the width with which it is drawn", needed=True),
                Option("alt", "what is to be seen, for somebody who cannot see it; no LaTeX", needed=True),
                Option("title", "for the list of figures, where the caption's first sentence says too little"),
            ),
            _check_figure,
            _figure,
            is_numbered=True,
        ),
        Block(
            "table",
            "name",
            "A caption and a Markdown table.",
            (
                Option("align", "a letter a column: l, c or r"),
                Option("width", "column or wide"),
            ),
            _check_table,
            _table,
            is_numbered=True,
        ),
        Block("note", "title", "A margin note beside the paragraph before it.", (), _check_titled, _note),
        Block("example", "title", "A worked example, on tinted ground.", (), _check_titled, _example),
        Block(
            "place",
            "check, sources or watch_out",
            "Puts that note of the entry beside the paragraph before it.",
            (),
            _check_place,
            _place,
        ),
    )
}


def documentation():
    """Return the table of blocks for CONTRIBUTING.md, in Markdown."""
    rows = ["| block | what it is | options |", "|---|---|---|"]
    for block in BLOCKS.values():
        options = "; ".join(
            f"`:{option.name}:` {option.meaning}{'' if option.needed else ' (may be left out)'}"
            for option in block.options
        )
        rows.append(f"| `{{{block.name}}} {block.argument}` | {block.meaning} | {options} |")
    return "\n".join(rows)
