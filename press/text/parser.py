"""The dialect: CommonMark with tables, mathematics, citations, roles and ::: fences, as tokens.

Place in the flow: `uses` parses every text of the tree with it, `html` renders the same tokens.
"""

import re

from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from press.text.leftovers import leftovers

CITATION = re.compile(r"\[@([^\]]+)\]")


def parser(quotes):
    """Return the Markdown parser of the book; `quotes` are its marks: opening and closing, outer and inner."""
    md = MarkdownIt("commonmark", {"html": False, "typographer": True, "quotes": quotes})
    md.enable(["table", "smartquotes"])
    md.disable("reference")  # a line that defines a link would vanish
    md.use(dollarmath_plugin, allow_labels=True, allow_space=False)
    md.use(colon_fence_plugin)
    md.use(myst_role_plugin)
    md.inline.ruler.before("link", "citation", _citation)
    md.core.ruler.before("smartquotes", "leftovers", leftovers)
    return md


def _citation(state, silent):
    """Read [@key], [@key1; @key2, ch. 6] as one token; `meta` holds (key, locator) pairs."""
    match = CITATION.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        token = state.push("citation", "", 0)
        parts = [part.strip().lstrip("@") for part in match[1].split(";")]
        token.meta = {"works": [tuple(s.strip() for s in part.partition(",")[::2]) for part in parts]}
    state.pos += match.end() - match.start()
    return True


def every(tokens):
    """Yield tokens and what stands in their blocks, in order."""
    for token in tokens:
        yield token
        if token.type == "block":
            yield from every(token.meta["block"].tokens)


def top_level(tokens):
    """Split tokens into the pieces that stand one below the other, each a list of tokens."""
    found, current, depth = [], [], 0
    for token in tokens:
        current.append(token)
        depth += token.nesting
        if depth == 0:
            found.append(current)
            current = []
    return found
