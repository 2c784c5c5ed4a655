"""The blocks that stand between ::: lines: each one declaration of its options, its checks and its HTML.

Place in the flow: `uses` opens and checks them, `html` sets them. The table of blocks in
CONTRIBUTING.md is made from this registry (`documentation`). A new block is a `Block` in BLOCKS
and its look in `templates/book.css`.
"""

import re
from collections.abc import Callable
from html import escape
from typing import NamedTuple

from markdown_it.rules_block.table import escapedSplit

from press.page import PAGE
from press.problems import Place, near
from press.text.labels import anchor, label_of
from press.words import NO_BREAK

HEAD = re.compile(r"^\{(?P<name>[\w-]+)\}\s*(?P<argument>.*)$")
OPTION = re.compile(r"^:(?P<name>[A-Za-z][\w-]*):\s*(?P<value>.*)$")
MARKUP = re.compile(r"[$*`]|\]\(|\[@|\{\{|\\[A-Za-z]|<[A-Za-z/]|\u2014")
NAME = re.compile(r"[\w/-]+")
# A short word alone on the last line of a note or a caption looks like a fault.
RUNT = re.compile(r" ([^\s<>]{1,9})(</p>|</figcaption>)")
WIDTHS = tuple(sorted(PAGE.widths))
PLACEABLE = ("check", "sources", "watch_out")


class Option(NamedTuple):
    """A line :name: value at the head of a block."""

    name: str
    meaning: str
    needed: bool = False


class Opened(NamedTuple):
    """A block as it stands in a text.

    `lines` are what stands below the options, the first of them at `body`; `places` are those of
    the options, "" is the place of the block itself.
    """

    name: str
    argument: str
    options: dict[str, str]
    tokens: list
    lines: list[str]
    body: Place
    places: dict[str, Place]

    def place(self, option=""):
        """Return the place of an option, or of the block."""
        return self.places.get(option, self.places[""])

    def above(self, kind):
        """Return the tokens before the first of a kind."""
        first = next((index for index, token in enumerate(self.tokens) if token.type == kind), len(self.tokens))
        return self.tokens[:first]


class Block(NamedTuple):
    """A kind of block: what it is for, its options, what is checked, its HTML."""

    name: str
    argument: str
    meaning: str
    options: tuple[Option, ...]
    check: Callable  # (opened, problems)
    html: Callable  # (opened, context, entry, render)
    is_numbered: bool = False
    inside: tuple[str, ...] = ()  # blocks that may stand in it


def open_block(block, argument, lines, place, parse, problems):
    """Return a block of a text as Opened, its options and its body checked."""
    options, places, rest = {}, {"": place}, lines
    while rest and (option := OPTION.match(rest[0])):
        here = place.after(1 + len(lines) - len(rest))
        if option["name"] in options:
            problems.add(here, f"the option :{option['name']}: stands twice", "keep one of them")
        options[option["name"]], places[option["name"]] = option["value"].strip(), here
        rest = rest[1:]
    body = place.after(1 + len(lines) - len(rest))
    if options and rest and rest[0].startswith((" ", "\t")):
        problems.add(body, "an option of several lines", "write it in one line")
    opened = Opened(block.name, argument.strip(), options, parse("\n".join(rest), body), rest, body, places)
    _check_options(block, opened, problems)
    block.check(opened, problems)
    return opened


def _check_options(block, opened, problems):
    known = [option.name for option in block.options]
    strange = {name: near(name, known) for name in opened.options if name not in known}
    meant = " ".join(strange.values())
    for name, guess in strange.items():
        listed = ", ".join(f":{option}:" for option in known)
        how = guess or (f"take it out; known are {listed}" if known else "take it out")
        problems.add(opened.place(name), f"unknown option :{name}: of a {block.name}", how)
    for option in block.options:
        if option.needed and option.name not in opened.options and f"'{option.name}'" not in meant:
            problems.add(opened.place(), f"this {block.name} has no :{option.name}:", "add the line")
        elif option.needed and not opened.options.get(option.name, "-"):
            problems.add(opened.place(option.name), f":{option.name}: is empty", "write it")
    width = opened.options.get("width", "wide")
    if width not in WIDTHS:
        how = near(width, WIDTHS, f"use one of {', '.join(WIDTHS)}")
        problems.add(opened.place("width"), f"unknown width {width!r}", how)
    for name in ("alt", "title"):
        _check_plain(opened, opened.options.get(name, ""), f"the {name}", opened.place(name), problems)


def _check_plain(opened, words, what, place, problems):
    if MARKUP.search(words):
        problems.add(place, f"{what} {words[:60]!r} of this {opened.name} has markup", "write plain words")


def _check_name(opened, problems):
    name = opened.argument
    if not name:
        problems.add(opened.place(), f"this {opened.name} has no name", f"write {{{opened.name}}} and its name")
    elif not NAME.fullmatch(name):
        problems.add(opened.place(), f"the name {name[:60]!r} of this {opened.name}", "use letters, digits, - and /")


def _check_caption(opened, tokens, problems):
    """Report a caption that is not just one paragraph."""
    kinds = [token.type for token in tokens]
    if not kinds:
        problems.add(opened.place(), f"this {opened.name} has no caption", "write one below the options")
    elif kinds[:3] != ["paragraph_open", "inline", "paragraph_close"]:
        problems.add(opened.body, f"this {opened.name} begins with no caption", "a caption is one paragraph")
    elif len(kinds) > 3:
        further = next((token.map[0] for token in tokens[3:] if token.map), opened.body.line)
        problems.add(
            Place(opened.body.file, further),
            f"more than a caption in this {opened.name}",
            "a caption is one paragraph; close the block with ::: before what follows",
        )


# Figures.


def _check_figure(opened, problems):
    _check_name(opened, problems)
    _check_caption(opened, opened.tokens, problems)


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
    return aside("", "", body) if width == "margin" else bound(body)


def bound(html):
    """Keep the last word of each paragraph and caption with the one before, where both are short."""
    return RUNT.sub(f"{NO_BREAK}\\1\\2", str(html))


def _caption(context, tokens, numbered, render):
    inner = render([child for child in tokens if child.type == "inline"][:1])
    return f'<span class="label">{context.words.numbered(numbered.kind, numbered.number)}</span> {inner}'


# Tables.


def _check_table(opened, problems):
    _check_name(opened, problems)
    rows = [(opened.body.after(index), line) for index, line in enumerate(opened.lines)]
    rows = [(place, line) for place, line in rows if line.lstrip().startswith("|")]
    _check_caption(opened, opened.above("table_open"), problems) if rows else None
    if not any(token.type == "table_open" for token in opened.tokens):
        _tell_no_table(opened, rows, problems)
        return
    first = next(index for index, token in enumerate(opened.tokens) if token.type == "table_open")
    last = next(index for index, token in enumerate(opened.tokens) if token.type == "table_close")
    columns = len([token for token in opened.tokens[first:last] if token.type == "th_open"])
    if not any(token.type == "td_open" for token in opened.tokens):
        problems.add(opened.place(), "this table has no rows", "add them below the line |---|---|")
    if opened.tokens[last + 1 :]:
        problems.add(opened.place(), "something stands below the rows of this table", "put it behind the closing :::")
    align = opened.options.get("align", "")
    if "align" in opened.options and (set(align.split()) - {"l", "c", "r"} or len(align.split()) != columns):
        what = f":align: has {len(align.split())} letters, the table {columns} columns"
        problems.add(opened.place("align"), what, "write l, c or r for each column, with blanks")


def _tell_no_table(opened, rows, problems):
    if len(rows) > 1 and not rows[1][1].strip(" |:-"):
        heads, columns = (len(cells(line)) for _, line in rows[:2])
        problems.add(
            rows[0][0], f"this table has {heads} heads and {columns} columns", "write as many as there are heads"
        )
    elif rows:
        problems.add(rows[0][0], "this table has no line |---|---| below its heads", "add it")
    else:
        problems.add(opened.place(), "this table has no table in it", "write rows | a | b |")


def cells(line):
    """Return the cells of a row, as Markdown parts it."""
    parts = escapedSplit(line.strip())
    return parts[not parts[0].strip() : len(parts) - (len(parts) > 1 and not parts[-1].strip())]


def check_rows(lines, place, problems):
    r"""Report rows of a table (head, line of dashes, rows) that have more or fewer cells than the head."""
    heads = len(cells(lines[0]))
    for index, line in enumerate(lines):
        here = place.after(index)
        if r"\|" in line:  # Markdown takes the backslash for its own and leaves a single bar
            problems.add(here, r"\| in a table loses its backslash", r"write \Vert, or \vert for one bar")
        elif len(cells(line)) != heads:
            how = r"part cells by |; write \vert for a bar in a formula" if "$" in line else "part cells by |"
            problems.add(here, f"this row has {len(cells(line))} cells, the head {heads}", how)


def _table(opened, context, entry, render):
    label = label_of("table", opened.argument)
    numbered = context.texts.numbered.get(label)
    above = opened.above("table_open")
    if numbered is None:  # reported as a fault already
        return ""
    caption = _caption(context, above, numbered, render)
    inner = render(_aligned(opened.tokens[len(above) :], opened.options.get("align", "")))
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


def _check_titled(opened, problems):
    _check_plain(opened, opened.argument, "the title", opened.place(), problems)
    if not opened.tokens:
        problems.add(opened.place(), f"this {opened.name} is empty", "write it, or take it out")


def _check_example(opened, problems):
    _check_titled(opened, problems)
    if not opened.argument:
        problems.add(opened.place(), "this example has no title", "say behind {example} what it is about")


def _note(opened, context, entry, render):
    return aside("", escape(opened.argument), render(opened.tokens))


def aside(kind, title, body):
    """Return a margin note as HTML, "" for one that says nothing."""
    head = f'<p class="note-title">{title}</p>' if title else ""
    body = bound(body)
    return f'<aside class="{f"note {kind}".strip()}"><div>{head}{body}</div></aside>\n' if body else ""


def _example(opened, context, entry, render):
    title = f'<p class="example-title"><span>{context.words.example}</span> {escape(opened.argument)}</p>'
    return f'<div class="example">{title}{render(opened.tokens)}</div>\n'


def _check_place(opened, problems):
    if opened.argument not in PLACEABLE:
        how = near(opened.argument, PLACEABLE, f"use one of {', '.join(PLACEABLE)}")
        problems.add(opened.place(), f"cannot place {opened.argument!r}", how)
    if opened.tokens:
        problems.add(opened.body, "this {place} has words of its own", "close it with ::: before them")


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
        Block(
            "example",
            "title",
            "A worked example, on tinted ground.",
            (),
            _check_example,
            _example,
            inside=("figure", "table", "note"),
        ),
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
