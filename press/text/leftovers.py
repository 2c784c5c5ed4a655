r"""What a text has that the book does not print: markup that is left over, tokens without a design.

Place in the flow: part of the dialect (`parser`); `uses` reports what is found here. Markdown
prints what it does not understand as it stands, a forgotten dollar, a footnote, raw HTML: whatever
looks like markup in a word of the text is a fault here, and `\` before a sign says that it is meant.
"""

import re
from typing import NamedTuple

ROW = "a row of a table that is none"
FOUND = "leftovers"  # the key of the parser's environment under which the faults are


class Leftover(NamedTuple):
    """A fault of a text: line in the text (from 0), what is wrong, how to mend it."""

    line: int
    what: str
    how: str


class Mark(NamedTuple):
    """A pattern that no word of a text has, and what it was meant to be."""

    pattern: re.Pattern
    what: str  # {} stands for what was found
    how: str


# The first that fits is told, once a token.
MARKS = [
    Mark(re.compile(pattern), what, how)
    for pattern, what, how in (
        (r"\[\^[^\]]{0,40}\]?", "a footnote, {}", "footnotes are not set: use a :::{{note}}"),
        (r"\$", "a dollar that opens or closes no formula", r"write \$ for the sign; no blank stands inside of $...$"),
        (
            r":{3,}",
            "{} that begins or ends no block",
            "a block begins with :::{{name}} and ends with ::: on lines alone",
        ),
        (r"(?<!\S)::(?!\S)", "two colons", "a block ends with three, on a line of their own"),
        (r"(?<![\w.])@[\w:.-]{1,60}", "{} is no citation", "write [@key], [@key; @other, p. 3]"),
        (r"\[@|\[ +@", "a citation that is not closed", "write [@key]"),
        (
            r"<!--.{0,40}|<[/!?]?[A-Za-z][^<>]{0,60}>?(?=\W|$)",
            "{} looks like HTML",
            r"the book has Markdown only; write \< for the sign",
        ),
        (r"\]\([^)\s]{0,60}\)?", "a link that leads nowhere, {}", "a link is [](3.4.2), [](fig:name) or <https://...>"),
        (r"\[\]|\]\[", "brackets that are no link", r"write [](3.4.2), or \[ for the sign"),
        (r"(?:^|\s)\[[ xX]\]\s", "a box to tick", "it is not set: use words"),
        (
            r"\[[A-Za-z][\w:.-]{0,60}\]",
            "{} in brackets",
            r"a citation is [@key], a reference [](3.4.2); write \[ for the sign",
        ),
        (r"\[\d+\.\d+\.\d+\]", "{} in brackets", "a reference is [](3.4.2)"),
        (r"~~", "~~", "nothing is struck out here"),
        (r"==\w", "two equals signs", "nothing is marked here; write one, or code between backticks"),
        (r"(?:https?://|\bwww\.)\w\S*", "the address {} that nobody can click", "write <https://...>"),
        (
            r"(?<![\w:]):[A-Za-z_-]{1,40}:(?![\w:])",
            "{} within a text",
            r"options of a block stand right below its line :::{{name}}; write \: for the sign",
        ),
        (r"`", "a backtick that opens or closes no code", r"close it, or write \`"),
        (r"\*", "an asterisk that opens or closes nothing", r"close it without a blank inside, or write \*"),
        (r"(?<!\w)_+\w|\w_+(?!\w)", "an underscore that opens or closes nothing", r"close it, or write \_"),
        (r"\\[A-Za-z]{1,30}|\\", "{} outside of a formula", r"write $...$ around LaTeX, \\ for the sign"),
        (r"\w\^|\^[\w{{(]", "a raised sign outside of a formula", "write $x^2$"),
        (r"[{{}}]", "a brace", r"write $...$ around LaTeX, \{{ for the sign; a role is {{ix}}`term`"),
        (
            r"^\||\|$",
            ROW,
            "a table has a line |---|---| below its heads, as many cells in each row",
        ),
        (r"\S~\S", "~ for a blank", "write a blank"),
        (r"&#?\w{1,20};", "{} is no character", "write the character itself"),
        (r"\u2014", "an em dash", "use a comma, a colon or a new sentence"),
        (r"(?<!-)--(?!-)", "two hyphens", "write \u2013 between numbers, a comma or a colon between words"),
    )
]

# What other programs take for the beginning of a block or an item where it begins a line.
BEGINS = [
    Mark(re.compile(rf"\A(?:{pattern})"), what, how)
    for pattern, what, how in (
        (r"[•◦▪‣·●]\s?", "{} in the place of a list's sign", "begin each item with - and a blank"),
        (r"[-*][^\W\d_]|[-*]\u00a0", "{} without a blank between", "begin each item of a list with - and a blank"),
        (r"#{1,6}\w", "{} that begins a line", r"a text has no headings; write \# for the sign"),
        (r"!!!\s?\w+|\.\. \w+::", "{} begins no block here", "write :::{{note}} and a title, and ::: below it"),
    )
]

# Tokens of Markdown that the book does not set: what they are, what to use instead.
UNKNOWN = {
    "heading_open": ("a heading in a text", r"begin the paragraph with *a few words*; write \# or \- for the sign"),
    "hr": ("a line across the page", r"take it out; write \- or \* for the sign"),
    "blockquote_open": ("a line that begins with >", r"use quotation marks; write \> for the sign"),
    "code_block": ("a line that is indented by four blanks", "take the blanks out, or write ``` before and after code"),
    "image": ("a picture from a file", "pictures are drawn by the book: use a :::{figure} block"),
    "html_block": ("raw HTML", "the book has Markdown only"),
    "html_inline": ("raw HTML", "the book has Markdown only"),
}
KNOWN = {
    *("paragraph_open", "paragraph_close", "inline", "text", "softbreak", "hardbreak", "em_open", "em_close"),
    *("strong_open", "strong_close", "code_inline", "fence", "bullet_list_open", "bullet_list_close"),
    *("ordered_list_open", "ordered_list_close", "list_item_open", "list_item_close", "table_open", "table_close"),
    *("thead_open", "thead_close", "tbody_open", "tbody_close", "tr_open", "tr_close", "th_open", "th_close"),
    *("td_open", "td_close", "math_inline", "math_block", "math_block_label", "citation", "link_open", "link_close"),
    *("myst_role", "block", "colon_fence"),
}


def leftovers(state):
    """Note markup that is left in words, before escaped signs become part of them (a rule of the parser)."""
    faults = state.env.setdefault(FOUND, [])
    row = 0
    for token in state.tokens:
        row = token.map[0] if token.map else row
        if token.type == "inline":
            faults += _in_words(token.children, row)


def _in_words(children, row):
    """Yield what is left in the words of a paragraph, a cell or a caption that begins on a row."""
    line, linked, begins, before = row, False, True, None
    for child, after in zip(children, [*children[1:], None], strict=False):
        if child.type == "math_inline" and _is_price(child, after):
            what = f"${' '.join(child.content.split())[:40]}$ is taken for a formula"
            yield Leftover(line, what, r"write \$ for the sign, \text{...} for words in a formula")
        if child.type == "text_special" and child.markup in ("\\(", "\\)"):
            yield Leftover(line, f"{child.markup} opens no formula here", "write $...$")
        elif child.type == "text_special" and child.info == "escape" and child.content == child.markup:
            more = re.match(r"[A-Za-z]*", after.content if after and after.type == "text" else "")
            what = f"{child.content}{more[0] if more else ''} outside of a formula"
            yield Leftover(line, what, r"write $...$ around LaTeX, \\ for the sign")
        if glued := _glued(child, before, after):
            how = "write the blank, or the whole word within the stars"
            yield Leftover(line, f"{glued!r} is joined to what stands out beside it", how)
        if child.type == "text" and not linked:
            yield from _left(child.content, line, [*BEGINS, *MARKS] if begins else MARKS)
        linked = child.type == "link_open" or linked and child.type != "link_close"
        begins = child.type in ("softbreak", "hardbreak") or begins and child.content == ""
        line, before = line + lines_in(child), child


def _is_price(formula, after):
    """Say whether two dollar signs of a text were taken for the ends of a formula."""
    words = re.sub(r"\\[A-Za-z]+|\{[^{}]*\}", " ", formula.content)
    return bool(after and after.type == "text" and after.content[:1].isdigit() or re.search(r"\s[a-z]{3,}\s", words))


def _glued(token, before, after):
    """Return the word that no blank parts from bold or slanted words beside it, "" where there is none."""
    if token.type != "text":
        return ""
    behind = re.match(r"[^\W\d_]+", token.content) if before and before.type in ("strong_close", "em_close") else None
    ahead = re.search(r"[^\W\d_]+$", token.content) if after and after.type in ("strong_open", "em_open") else None
    found = behind or ahead
    return found[0] if found else ""


def _left(text, line, marks):
    for mark in marks:
        if found := mark.pattern.search(text):
            shown = " ".join(found[0].split())
            yield Leftover(line, mark.what.format(repr(shown)), mark.how.format())
            return


def lines_in(token):
    """Return by how many lines what follows a token in a paragraph stands lower."""
    return 1 if token.type in ("softbreak", "hardbreak") else (token.content or "").count("\n")


def unknown(token):
    """Return (what, how) of a token that the book does not set, None for one that it does."""
    if token.type == "bullet_list_open" and token.markup == "+":
        return "a line that begins with +", r"begin the line with another sign, or write \+"
    if token.type == "ordered_list_open" and token.attrs.get("start", 1) != 1:
        number = f"{token.attrs['start']}{token.markup}"
        return f"a line that begins with {number}, which makes it a list", rf"write {number[:-1]}\{number[-1]}"
    if token.type == "ordered_list_open" and token.markup == ")":
        return "a list with numbers in parentheses, which would be printed 1., 2.", "write 1., 2."
    if token.type == "fence" and token.info.strip().startswith("{"):
        return f"a block between {token.markup}", "a block begins with :::{name} and ends with :::"
    if token.type in UNKNOWN:
        return UNKNOWN[token.type]
    if token.type not in KNOWN and not token.type.endswith("_close"):
        return f"{token.type.removesuffix('_open').replace('_', ' ')}, which the book does not set", "use words"
    return None
