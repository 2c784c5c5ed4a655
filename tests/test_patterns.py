"""No pattern of the press explodes: each finds, or gives up, in time on long rows of the signs that it knows."""

import ast
import itertools
import re
import time

import pytest
from conftest import ROOT

# The longest line of a text has twenty times as many letters: what takes so long there grows with its square at most.
LONG, MOST_SECONDS = 1_000, 0.5
SIGNS = [
    *".:-|=*_$`~#%&@<>\"'/+,;!?\\([{}])^ \t\n†aA1é",
    "a ",
    "1.",
    ". ",
    "- ",
    "--",
    "::",
    "\\a",
    "{a",
    "a}",
    "a,",
    "[@",
]
SIGNS += ["a.", "a-", "$a", "| ", "|-", "{{", "}}", "a=", "<a", "**", "``", "and ", "\\{", "[a", "](", "http://"]


def patterns():
    """Yield (place, pattern) of each pattern that is written out in the press."""
    for path in sorted((ROOT / "press").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(ast.Attribute(ast.Name("re"), _), [ast.Constant(str() | bytes() as written), *_]):
                    named = ast.unparse(node)
                    flags = [flag for flag in (re.VERBOSE, re.DOTALL) if f"re.{flag.name}" in named]
                    yield f"{path.stem}:{node.lineno}", re.compile(written, sum(flags))


ALL = {pattern: name for name, pattern in patterns()}


@pytest.mark.parametrize("pattern", ALL, ids=ALL.values())
def test_no_pattern_explodes(pattern):
    for sign, (before, end) in itertools.product(SIGNS, (("", "\x00"), ("1.1 ", "x"), ("\\", ""), ("{", "%"))):
        row = before + sign * (LONG // len(sign)) + end
        row = row.encode() if isinstance(pattern.pattern, bytes) else row
        began = time.process_time()
        pattern.search(row)
        pattern.fullmatch(row)
        assert time.process_time() - began < MOST_SECONDS, f"{pattern.pattern!r} on a row of {sign!r}"
