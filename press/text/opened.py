"""A block as it stands in a text: its options and its body, and what is checked in blocks of every kind.

Place in the flow: under `blocks`, which declares the kinds, and `tables`.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from press.page import PAGE
from press.problems import Place, near

OPTION = re.compile(r"^:(?P<name>[A-Za-z][\w-]*):\s*(?P<value>.*)$")
MARKUP = re.compile(r"[$*`]|\]\(|\[@|\{\{|\\[A-Za-z]|<[A-Za-z/]|\u2014")
NAME = re.compile(r"[\w/-]+")
WIDTHS = tuple(sorted(PAGE.widths))


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
    counted_as: str = ""  # the kind under which it is numbered: figure, table
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
        check_plain_words(opened, opened.options.get(name, ""), f"the {name}", opened.place(name), problems)


def check_plain_words(opened, words, what, place, problems):
    """Report markup where only plain words are printed."""
    if MARKUP.search(words):
        problems.add(place, f"{what} {words[:60]!r} of this {opened.name} has markup", "write plain words")


def check_name(opened, problems):
    """Report a figure or table without a name, or with one that is none."""
    name = opened.argument
    if not name:
        problems.add(opened.place(), f"this {opened.name} has no name", f"write {{{opened.name}}} and its name")
    elif not NAME.fullmatch(name):
        problems.add(opened.place(), f"the name {name[:60]!r} of this {opened.name}", "use letters, digits, - and /")


def check_caption(opened, tokens, problems):
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


def caption_of(context, tokens, numbered, render):
    """Return the caption of a numbered block as HTML."""
    inner = render([child for child in tokens if child.type == "inline"][:1])
    return f'<span class="label">{context.words.numbered(numbered.kind, numbered.number)}</span> {inner}'
