"""A small reading of Markdown of its own: which words an author's text asks for, block by block.

Place in the flow: between the raw strings of `rawtree` and `printed`, which looks for these words on
the page. It shares nothing with the press's parser, and is made the other way round: what it does
not know as a mark of Markdown is a word. So what the press's parser swallows is missing on the page.
"""

import re
from typing import NamedTuple

from press.pdf.story import FORMULA

FENCE = re.compile(r"^\s*(:{3,})\s*(?:\{(?P<kind>\w+)\}\s*(?P<argument>.*?))?\s*$")
OPTION = re.compile(r"^\s*:(?P<name>[a-z]+):\s*(?P<value>.*?)\s*$")
ITEM = re.compile(r"^(?P<indent>\s*)(?P<mark>[-*+]|\d+[.)])(?P<gap>\s+)(?=\S)")
RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
DISPLAY = re.compile(r"^\s*\$\$(?P<math>.*?)(?:(?P<end>\$\$)\s*(?:\((?P<label>[^)\s]+)\))?)?\s*$", re.DOTALL)
INLINE = re.compile(
    r"""\\(?P<escaped>[!-/:-@\[-`{-~])
    |(?<!`)(?P<ticks>`++)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)
    |\$\$(?P<display>.+?)\$\$
    |\$(?P<math>(?:\\.|[^$\\])+?)\$
    |\[@(?P<works>[^\]]+)\]
    |\[(?P<shown>[^\]]*)\]\((?P<target>[^)\s]+)\)
    |(?P<mark>\*+)
    |(?P<role>\{\w+\})(?=`)""",
    re.VERBOSE | re.DOTALL,
)
# Emphasis at the beginning of a paragraph that ends as a sentence does.
HEAD = re.compile(r"\*(?!\*)(?P<head>(?:[^*$]|\$[^$]*\$)+[.?!])\*(?!\*)\s*(?P<rest>.*)", re.DOTALL)
# In the words: where a term is defined or used, or a work is cited; each has its place in `Words.events`.
EVENT = "\ue000"


class Piece(NamedTuple):
    """A block of a text: what it is, its Markdown, its line, the label that gives it its number, its options."""

    kind: str  # words, caption, cell, title, example, mark, code, equation, picture
    raw: str
    line: int
    label: str = ""
    options: dict[str, str] = {}


class Words(NamedTuple):
    """The words of a block, FORMULA for each formula and EVENT before each event."""

    text: str
    formulas: list[str]  # LaTeX
    events: list[tuple[str, str]]  # ("term" | "index" | "work", what)


def read_pieces(text, line, hangs=False):
    """Return the pieces of a text whose first line has the number `line`; its heads may hang in the margin."""
    return list(_blocks([(line + index, row) for index, row in enumerate(text.split("\n"))], hangs))


def _headed(raw, line):
    """Yield a paragraph, and before it its head, which hangs in the margin without its full stop."""
    head = HEAD.match(raw)
    if head:
        yield Piece("words", head["head"].removesuffix("."), line)
    if not head or head["rest"]:
        yield Piece("words", head["rest"] if head else raw, line)


def _blocks(rows, hangs=False):
    at = 0
    while at < len(rows):
        line, row = rows[at]
        if not row.strip():
            at += 1
        elif fence := FENCE.match(row):
            end = _closing(rows, at, fence[1])
            yield from _directive(fence["kind"] or "", fence["argument"] or "", rows[at + 1 : end], line)
            at = end + 1
        elif row.strip().startswith("```"):
            end = next((i for i in range(at + 1, len(rows)) if rows[i][1].strip().startswith("```")), len(rows))
            yield from (Piece("code", code, number) for number, code in rows[at + 1 : end] if code.strip())
            at = end + 1
        elif row.strip().startswith("$$"):
            at = yield from _display(rows, at)
        elif ITEM.match(row):
            at = yield from _item(rows, at)
        elif "|" in row and at + 1 < len(rows) and RULE.match(rows[at + 1][1]) and "|" in rows[at + 1][1]:
            yield from _cells(row, line)
            at += 2
            while at < len(rows) and "|" in rows[at][1] and rows[at][1].strip():
                yield from _cells(rows[at][1], rows[at][0])
                at += 1
        else:
            end = at + 1
            while end < len(rows) and not _interrupts(rows, end):
                end += 1
            raw = "\n".join(row.strip() for _, row in rows[at:end])
            yield from _headed(raw, line) if hangs else [Piece("words", raw, line)]
            at = end


def _display(rows, at):
    """Yield a formula that stands by itself; return where the next block begins."""
    (line, row), end = rows[at], at
    while (end == at and row.strip() == "$$") or "$$" not in rows[end][1].replace("$$", "", end == at):
        end += 1
        if end == len(rows):
            break
    whole = "\n".join(row for _, row in rows[at : end + 1])
    match = DISPLAY.match(whole)
    if match and match["end"]:
        yield Piece("equation", match["math"].strip(), line, match["label"] or "")
    else:
        yield Piece("words", whole, line)
    return end + 1


def _interrupts(rows, at):
    row = rows[at][1]
    return (
        not row.strip()
        or FENCE.match(row)
        or row.strip().startswith(("$$", "```"))
        or re.match(r"\s*(?:[-*+]|1[.)])\s+\S", row)
        or ("|" in row and at + 1 < len(rows) and RULE.match(rows[at + 1][1]) and "|" in rows[at + 1][1])
    )


def _closing(rows, at, colons):
    """Return where the fence that opens at `at` ends."""
    depth = 0
    for index in range(at + 1, len(rows)):
        fence = FENCE.match(rows[index][1])
        if fence and fence["kind"] and len(fence[1]) == len(colons):
            depth += 1
        elif fence and not fence["kind"] and len(fence[1]) >= len(colons):
            if not depth:
                return index
            depth -= 1
    return len(rows)


def _directive(kind, argument, rows, line):
    options, at = {}, 0
    while at < len(rows) and (option := OPTION.match(rows[at][1])):
        options[option["name"]] = option["value"]
        at += 1
    inside = list(_blocks(rows[at:]))
    if kind in ("figure", "picture", "table"):
        label = f"{'tab' if kind == 'table' else 'fig'}:{argument}"
        if kind != "table":
            yield Piece("picture", options.get("alt", ""), line, label)
        first = next((index for index, piece in enumerate(inside) if piece.kind == "words"), None)
        for index, piece in enumerate(inside):
            if index == first:
                yield piece._replace(kind="caption", label=label, options=options)
                heads = _cells(options.get("above", ""), line)
                yield from (head for head in heads if head.raw not in ("", "<"))
            else:
                yield piece
        return
    if kind == "example":
        yield Piece("example", argument, line)
    elif argument and kind != "place":
        yield Piece("title", argument, line)
    yield from inside


def _item(rows, at):
    """Yield the pieces of an item of a list; return where the next block begins."""
    line, row = rows[at]
    match = ITEM.match(row)
    assert match is not None  # the caller has seen its mark
    inner = len(match[0])
    body, end = [(line, row[inner:])], at + 1
    while end < len(rows):
        text = rows[end][1]
        indent = len(text) - len(text.lstrip())
        if text.strip() and indent < inner and (ITEM.match(text) or not rows[end - 1][1].strip() or FENCE.match(text)):
            break
        body.append((rows[end][0], text[min(indent, inner) :]))
        end += 1
    yield Piece("mark", match["mark"] if match["mark"][0].isdigit() else "•", line)
    yield from _blocks(body)
    return end


def _cells(row, line):
    """Yield the cells of a row; bars in formulas and code belong to the cell, as their author means them."""
    shielded = re.sub(r"\\.|\$[^$]*\$|`[^`]*`", lambda match: "\ue010" * len(match[0]), row)
    bars = [index for index, letter in enumerate(shielded) if letter == "|"]
    text = row.strip()
    start = 0 if not text.startswith("|") else bars.pop(0) + 1
    for bar in [*bars, len(row)]:
        cell = row[start:bar].strip()
        if cell or bar < len(row):
            yield Piece("cell", cell.replace(r"\|", "|"), line)
        start = bar + 1


def _works(raw, names, events):
    """Return what a citation prints, and note its works."""
    shown = []
    for work in raw.split(";"):
        key, _, locator = (part.strip() for part in work.strip().lstrip("@").partition(","))
        events.append(("work", key))
        shown.append(f"{EVENT}{names.work(key)}" + (f", {locator}" if locator else ""))
    return "[" + ("; " if "," in "".join(shown) else ", ").join(shown) + "]"


def read_words(raw, names):
    """Return the Words of a block's Markdown; `names` knows what references and citations print."""
    text, formulas, events, is_strong, role, at = [], [], [], False, "", 0
    for match in INLINE.finditer(raw):
        between = raw[at : match.start()]
        text.append(between)
        at = match.end()
        kind = match.lastgroup if match["works"] is None else "works"
        if match["escaped"]:
            text.append(match["escaped"])
        elif match["code"] is not None:
            if role == "{ix}":
                text.append(EVENT)
                events.append(("index", match["code"]))
            text.append(role * (role != "{ix}") + match["code"].strip())
        elif match["math"] is not None or match["display"] is not None:
            formulas.append((match["math"] or match["display"]).strip())
            text.append(FORMULA)
        elif kind == "works":
            text.append(_works(match["works"], names, events))
        elif match["target"]:
            if match["target"].startswith("http"):
                inner = read_words(match["shown"], names)
                text.append(inner.text)
            else:
                text.append(names.reference(match["shown"], match["target"]))
        elif match["mark"]:
            before, after = raw[max(match.start() - 1, 0) : match.start()], raw[match.end() : match.end() + 1]
            if before.isspace() and after.isspace():
                text.append(match["mark"])
            elif len(match["mark"]) >= 2:
                is_strong = not is_strong
                if is_strong:
                    text.append(EVENT)
                    end = raw.find("**", match.end())
                    events.append(("term", raw[match.end() : end if end > 0 else None]))
        role = match["role"] or ""
    text.append(raw[at:])
    return Words("".join(text), formulas, events)
