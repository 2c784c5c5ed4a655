"""Every message that an author can get is in a test: found by reading the press, not by a list."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What no text is known to bring about: it is told all the same, if a library ever reads otherwise than today.
GUARDS = {"is not one number", "says nothing", "BibTeX: an entry without a key"}
PATHS = sorted(path for path in ROOT.glob("tests/**/*.py") if path != Path(__file__))


def told():
    """Return the texts that stand in the tests: all of it, and each string that can be a piece of a message."""
    sources = [path.read_text(encoding="utf-8") for path in PATHS]
    strings = {
        node.value.strip()
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return "\n".join(sources), {text for text in strings if len(text) >= 10 and " " in text}


def messages():
    """Return {(file, line): pieces of plain words} of every call that tells an author what is wrong."""
    found = {}
    for path in sorted(ROOT.glob("press/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in ("problems.add", "fault", "NumberFault", "Problem"):
                words = node.args[0 if _name(node.func) == "NumberFault" else 1 : 2 if len(node.args) > 1 else 1]
                for piece in words[:1]:
                    if pieces := _pieces(piece):
                        found[f"{path.relative_to(ROOT)}:{node.lineno}"] = pieces
    return found


def _name(function):
    if isinstance(function, ast.Attribute):
        inner = function.value
        owner = inner.attr if isinstance(inner, ast.Attribute) else getattr(inner, "id", "")
        return "problems.add" if function.attr == "add" and owner == "problems" else function.attr
    return getattr(function, "id", "")


def _pieces(node):
    """Return the stretches of plain words in a message, all of its ways to be told."""
    if isinstance(node, ast.IfExp):
        return [*_pieces(node.body), *_pieces(node.orelse)]
    values = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = [value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)]
    return [text.strip() for text in texts if len(re.findall("[a-z]", text)) > 3]


def test_every_message_is_in_a_test():
    tests, strings = told()
    missing = [
        f"{place}: {max(pieces, key=len)!r}"
        for place, pieces in messages().items()
        if not GUARDS.intersection(pieces)
        and not any(piece.strip(" ,;:“”'") in tests or any(text in piece for text in strings) for piece in pieces)
    ]
    assert len(messages()) > 60
    assert missing == []
