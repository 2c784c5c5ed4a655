"""Side heads: what the paragraphs behind the answers are about, hung in the margin column beside them.

Place in the flow: `html.hung_html` calls `hang` on a text that has the margin to itself. An author declares
such a head by nothing but the paragraph: emphasis at its beginning that ends as a sentence does.
"""

import copy

from markdown_it.token import Token

ENDS = (".", "?", "!")


def hang(tokens):
    """Return tokens with a `side_head` before each paragraph that opens with a head; the words go over to it."""
    hung: list[Token] = []
    for token in tokens:
        children = token.children or []
        end = _end_of_head(children) if token.type == "inline" and token.level == 1 else None
        if end is None or hung[-1].type != "paragraph_open":
            hung.append(token)
            continue
        opening, rest = copy.copy(hung.pop()), copy.copy(token)
        opening.meta = {"is_headed": True}
        rest.children = _without_space(children[end + 1 :])
        hung += [_head(children[1:end], token.map), opening, rest]
    return list(_without_empty(hung))


def _end_of_head(children):
    """Return where the emphasis ends that a paragraph opens with, None where it is no head."""
    if not children or children[0].type != "em_open":
        return None
    end = next(index for index, child in enumerate(children) if child.type == "em_close")
    return end if children[end - 1].content.endswith(ENDS) else None


def _head(children, rows):
    """Return a head as a token of its own: in the margin it needs no full stop."""
    last = copy.copy(children[-1])
    last.content = last.content.removesuffix(".")
    return Token("side_head", "h3", 0, children=[*children[:-1], last], map=rows, block=True)


def _without_space(children):
    """Return the children of a paragraph without the space between its head and its first word."""
    if children and children[0].type == "text":
        first = copy.copy(children[0])
        first.content = first.content.lstrip()
        children = [first, *children[1:]] if first.content else children[1:]
    return children[1:] if children and children[0].type == "softbreak" else children


def _without_empty(tokens):
    """Leave out the paragraphs that had nothing but their head."""
    rest = iter(tokens)
    for token in rest:
        if token.type == "paragraph_open" and token.meta.get("is_headed"):
            words = next(rest)
            if not words.children:
                next(rest)  # its end
                continue
            yield from (token, words)
        else:
            yield token
