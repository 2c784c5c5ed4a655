"""Parse a text: from Markdown to tokens, with its blocks opened and what cannot be printed told.

Place in the flow: under `uses`, which collects what the tokens hold.
"""

import re

from press.problems import near
from press.text.blocks import BLOCKS, HEAD
from press.text.leftovers import FOUND, ROW, unknown
from press.text.numbers import SIGNS
from press.text.opened import open_block
from press.text.tables import check_rows

LONGEST_LINE = 20_000  # characters of a paragraph; see docs/limits.md
OPTION = re.compile(r"\s*:[\w-]+:")
DEEPEST = 8  # levels of tokens: lists in lists


def parse_text(md, text, place, problems, block=""):
    """Return the tokens of a text, blocks opened, `map` in lines of the file; None where a block is not closed."""
    if max(map(len, text.split("\n")), default=0) > LONGEST_LINE:
        problems.add(place, f"a paragraph of more than {LONGEST_LINE:,} characters in a line", "part it")
        return None
    env: dict = {}
    tokens, lines = md.parse(text, env), text.split("\n")
    settle_signs(tokens)
    if any([_is_open(token, lines, place, problems) for token in tokens]):
        return None
    for left in env.get(FOUND, ()):
        if (block, left.what) == ("table", ROW):
            continue  # the block tells it
        problems.add(place.after(left.line), left.what, left.how)
    row = 0
    for index, token in enumerate(tokens):
        row = token.map[0] if token.map else row
        if token.type == "table_open" and token.map:
            check_rows(lines[token.map[0] : token.map[1]], place.after(row), problems)
        if told := unknown(token):
            problems.add(place.after(row), *told)
        if token.level > DEEPEST:
            problems.add(place.after(row), "lists deep in lists", "three levels are the most")
        if token.type == "colon_fence":
            tokens[index] = _opened(md, token, place, problems)
    if None in tokens:
        return None
    _check_numbers(tokens, place, problems)
    for token in tokens:
        if token.map and token.type != "block":
            token.map = [line + place.line for line in token.map]
    return tokens


def _check_numbers(tokens, place, problems):
    """Report items of lists whose numbers are not those that are printed: one after the other from the first."""
    lists: list = []  # the number that the next item has, None where the list has no numbers
    for token in tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            lists.append(int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            lists.pop()
        elif token.type == "list_item_open" and lists[-1] is not None:
            if int(token.info) != lists[-1]:
                what = f"an item with the number {token.info}, which would be printed as {lists[-1]}"
                problems.add(place.after(token.map[0]), what, "number the items in their order")
                return
            lists[-1] += 1


def _is_open(token, lines, place, problems):
    """Say whether a block, code or a formula runs on because its end is missing."""
    if token.type not in ("colon_fence", "fence") or token.map is None:
        return False
    first, last = token.map[0], lines[token.map[1] - 1].strip()
    is_closed = token.map[1] - 1 > first and last.startswith(token.markup) and not last.strip(token.markup[0])
    begins = [re.match(r"\s*(:{3,})\s*\{", line) for line in token.content.split("\n")]
    if token.type == "colon_fence":
        is_closed = is_closed and not any(begin and begin[1] >= token.markup for begin in begins)
    if is_closed:
        return False
    if token.type == "colon_fence" and not token.info.strip():
        problems.add(place.after(first), f"{token.markup} that ends no block", "take it out")
        return True
    what = token.info.split()[0] if token.info.strip() else token.markup
    problems.add(
        place.after(first),
        f"this {what} is not closed" if token.type == "colon_fence" else "this code is not closed",
        f"write {token.markup} on a line of its own after it",
    )
    return True


def _opened(md, token, place, problems):
    """Return a ::: fence as a token that holds the block; None where there is no such block."""
    here = place.after(token.map[0])
    head = HEAD.match(token.info.strip())
    block = BLOCKS.get(head["name"]) if head else None
    if head is None or block is None:
        known = f"known are {', '.join(f'{{{name}}}' for name in BLOCKS)}"
        how = near(head["name"], BLOCKS, known) if head else known
        problems.add(here, f"unknown block {token.info.strip()[:60]!r}", how)
        return None
    unread = False

    def parse(body, at):
        nonlocal unread
        tokens = parse_text(md, body, at, problems, block.name)
        unread = tokens is None
        return tokens or []

    body = token.content.removesuffix("\n").split("\n") if token.content else []
    before = len(problems.found)
    opened = open_block(block, head["argument"], body, here, parse, problems)
    if unread:
        del problems.found[before + 1 :]  # what follows from a body that could not be read
        return None
    token.type, token.meta, token.map = "block", {"block": opened}, [here.line, here.line]
    for child in opened.tokens:
        if child.type == "block" and child.meta["block"].name not in block.inside:
            problems.add(
                child.meta["block"].place(),
                f"a {{{child.meta['block'].name}}} in a {{{block.name}}}",
                "close the one before the other",
            )
    return token


def bold_words(children, index):
    """Return the words between the strong_open token at an index and its end."""
    words = []
    for token in children[index + 1 :]:
        if token.type == "strong_close":
            break
        words.append(" " if token.type == "softbreak" else token.content)
    return "".join(words)


def settle_signs(tokens):
    r"""Write the signs of computed numbers: \% and {,} in mathematics, % and a comma elsewhere.

    What stands in a block is parsed by itself; only its options are words already.
    """
    for token in tokens:
        if token.type == "colon_fence":
            rows = token.content.split("\n")
            token.content = "\n".join(_settled(row, 0) if OPTION.match(row) else row for row in rows)
        else:
            token.content = _settled(token.content, int(token.type.startswith("math")))
        token.info = _settled(token.info, 0)
        settle_signs(token.children or [])


def _settled(text, in_mathematics):
    for sign, meant in SIGNS.items():
        text = text.replace(sign, meant[in_mathematics])
    return text
