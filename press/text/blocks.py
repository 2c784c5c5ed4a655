"""The blocks that stand between ::: lines: each one declaration of its options, its checks and its HTML.

Place in the flow: `uses` opens and checks them, `html` sets them. The table of blocks in
CONTRIBUTING.md is made from this registry (`documentation`). A new block is a `Block` in BLOCKS
and its look in `templates/book.css`.
"""

import re
from html import escape

from press.content.parts import Passage
from press.page import PAGE
from press.problems import near
from press.text.labels import anchor, label_of
from press.text.opened import Block, Option, caption_of, check_caption, check_name, check_plain_words
from press.text.tables import check_table, table
from press.words import NO_BREAK

HEAD = re.compile(r"^\{(?P<name>[\w-]+)\}\s*(?P<argument>.*)$")
# A short word alone on the last line of a note or a caption looks like a fault.
RUNT = re.compile(r" ([^\s<>]{1,9})(</p>|</figcaption>|</h3>)")
FILE = re.compile(r"[\w-]+(?:/[\w-]+)*\.(?:png|jpe?g)", re.IGNORECASE)
PLACEABLE = ("check", "watch_out")


# Figures.


def _check_figure(opened, problems):
    check_name(opened, problems)
    check_caption(opened, opened.tokens, problems)


def _figure(opened, context, entry, render):
    figure = context.drawings.figures.get(opened.argument)
    label = label_of("figure", opened.argument)
    numbered = context.texts.numbered.get(label)
    if numbered is None:  # reported as a fault already
        return ""
    width = opened.options.get("width", "column")
    caption = caption_of(context, opened.tokens, numbered, render) + _credit(opened, context.words)
    if figure is None:  # reported, too; in a draft others may refer to it
        return f'<div id="{anchor(label)}"><p>{caption}</p></div>\n'
    alt = escape(opened.options.get("alt", ""))
    body = (
        f'<figure class="figure {width}" id="{anchor(label)}">'
        f'<img class="drawing" src="vector:{figure.page.key}" alt="{alt}" '
        f'style="width:{figure.page.width:.2f}pt"><figcaption>{caption}</figcaption></figure>\n'
    )
    has_margin = not isinstance(entry, Passage)  # behind the answers it is the heads'
    return aside("", "", body) if width == "margin" and has_margin else bound(body)


def _check_picture(opened, problems):
    name = opened.argument
    if not name:
        problems.add(opened.place(), "this picture has no file", "write {picture} and its path in the book's folder")
    elif "://" in name:
        problems.add(opened.place(), f"the picture {name[:60]!r} is an address", "save it in the book's folder")
    elif name.startswith(("/", "~")) or ".." in name:
        what = f"the picture {name[:60]!r} leads out of the book's folder"
        problems.add(opened.place(), what, "put the file there")
    elif not name.lower().endswith((".png", ".jpg", ".jpeg")):
        problems.add(opened.place(), f"the picture {name[:60]!r} is no PNG and no JPEG", "save it as one")
    elif not FILE.fullmatch(name):
        problems.add(opened.place(), f"the picture {name[:60]!r}", "name it with letters, digits, - and _ alone")
    check_caption(opened, opened.tokens, problems)
    for option in ("by", "license", "from"):
        words = opened.options.get(option, "")
        check_plain_words(opened, words, f"the {option}", opened.place(option), problems)


def _credit(opened, words):
    """Return who made a picture and under what terms it is used, as the end of its caption; "" for a drawing."""
    parts = [opened.options[name].rstrip(".") for name in ("by", "from", "license") if opened.options.get(name)]
    return f' <span class="credit">{words.picture}: {escape(", ".join(parts))}.</span>' if parts else ""


def bound(html):
    """Keep the last word of each paragraph and caption with the one before, where both are short."""
    return RUNT.sub(f"{NO_BREAK}\\1\\2", str(html))


# Notes, examples, and where the notes of an entry stand.


def _check_titled(opened, problems):
    check_plain_words(opened, opened.argument, "the title", opened.place(), problems)
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
    f"column ({PAGE.column.mm:g} mm), wide ({PAGE.wide.mm:g} mm, column and margin) or margin ({PAGE.margin.mm:g} mm, "
    "behind the answers in the column)"
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
            counted_as="figure",
        ),
        Block(
            "picture",
            "folder/file.jpg",
            "A picture from a PNG or JPEG file in the book's folder, with its caption.",
            (
                Option("width", "as for a figure", needed=True),
                Option("alt", "what is to be seen, for somebody who cannot see it", needed=True),
                Option("by", "who made it; printed below the picture", needed=True),
                Option("license", "under what terms it may be used; printed, too", needed=True),
                Option("from", "where it comes from; printed, too"),
                Option("title", "for the list of figures"),
            ),
            _check_picture,
            _figure,
            counted_as="figure",
        ),
        Block(
            "table",
            "name",
            "A caption and a Markdown table.",
            (
                Option("align", "a letter a column: l, c or r; numbers at the right stand point below point"),
                Option("above", "heads over groups of columns, `| | 10 epochs | < | 40 epochs | < |`"),
                Option("width", "column or wide"),
            ),
            check_table,
            table,
            counted_as="table",
        ),
        Block("note", "title", "A margin note beside the paragraph before it.", (), _check_titled, _note),
        Block(
            "example",
            "title",
            "A worked example, on tinted ground.",
            (),
            _check_example,
            _example,
            inside=("figure", "picture", "table", "note"),
        ),
        Block(
            "place",
            "check or watch_out",
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
