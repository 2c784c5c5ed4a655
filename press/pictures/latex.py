r"""LaTeX to Typst, through gates: what a formula may hold, in one list from which the docs are made.

Place in the flow: under `formulas`. mathra in strict mode knows made-up command names and gives the
column; tex2typst knows what Typst 0.14 cannot say, but lets text through as code, so whatever Typst
could take for code, a string or a comment is refused here, before and after the conversion.
"""

import re
from typing import NamedTuple

from tex2typst import tex2typst

from press.pictures.speech.tree import joined_thousands, problems_of, read

LONGEST, DEEPEST = 2_000, 40  # characters of a formula, groups within groups


class Refused(NamedTuple):
    """A pattern that is refused, how it is named, and what to write instead."""

    pattern: str
    name: str
    how: str


# What tex2typst refuses, changes in silence or sets otherwise than it is said.
REFUSED = (
    Refused(r"\\bm(?![a-zA-Z])", r"\bm", r"write \mathbf, or \boldsymbol for Greek letters"),
    Refused(r"\\[lr]Vert(?![a-zA-Z])", r"\lVert", r"write \|x\|"),
    Refused(r"\\[lr]vert(?![a-zA-Z])", r"\lvert", "write |x|"),
    Refused(r"(?<!\\)\|\s*\|", "||", r"write \|x\| for a norm, \cdot between two absolute values"),
    Refused(r"\\[Bb]igg?[lrm]?(?![a-zA-Z])", r"\Bigl", r"write \left( and \right)"),
    Refused(r"\\[td]frac(?![a-zA-Z])", r"\tfrac", r"write \frac"),
    Refused(r"\\wide(hat|tilde)(?![a-zA-Z])", r"\widehat", r"write \hat or \tilde"),
    Refused(r"\\operatorname\*", r"\operatorname*", r"write \arg\max, or \operatorname with letters alone"),
    Refused(r"\\xrightarrow(?![a-zA-Z])", r"\xrightarrow", r"write \to and say the rest in words"),
    Refused(r"\\(stackrel|overset|underset)(?![a-zA-Z])", r"\stackrel", "say it in words"),
    Refused(r"\\middle(?![a-zA-Z])", r"\middle", r"write \mid"),
    Refused(r"\\tag(?![a-zA-Z])", r"\tag", "give the equation a label, (eq:name) after the closing $$"),
    Refused(r"\\h?phantom(?![a-zA-Z])", r"\phantom", r"use \quad, or & in an aligned environment"),
    Refused(r"\\(text)?color(?![a-zA-Z])", r"\color", "leave colors to the design"),
    Refused(r"(?<!\\)(?:\\\\)*%", "%", r"it begins a comment: write \%"),
    Refused(r"[\^_]\s*\d\d", "x^23", "write x^{23}, or x^2 3: LaTeX raises one digit"),
    Refused(r"(?<!\\)[\^_]\s*[A-Za-z]{2,}(?![A-Za-z_^])", "x_in", "write x_{in}, or x_i n: LaTeX lowers one letter"),
    Refused(r"[‘’“”]", "’", "write ' for a derivative, words in \\text"),
    Refused(r'["`@]', '", `, @', "these are no signs of mathematics: leave them out"),
    Refused(r"(?<!\\)(?:\\\\)*#", "#", r"write \#"),
    Refused(r"(?<!\\)(?:\\\\)*\$", "$", r"a formula within a formula: close the \text before it; write \$ for dollars"),
    Refused(
        r"[\x00-\x09\x0b-\x1f\x7f]",
        "a control character",
        r"in double quotes YAML takes \t and \b for one: use single quotes",
    ),
)
# Commands whose argument is text, not mathematics.
WORDS = re.compile(r"\\(?:text(?:rm|bf|it|sf|tt|up|normal)?|mbox|operatorname)\s*\{((?:[^{}\\]|\\.)*)\}")
# Names that are printed as letters side by side where their backslash was forgotten.
NAMES = re.compile(
    r"(?<![A-Za-z\\])(?:sin|cos|tan|tanh|exp|log|ln|max|min|lim|det|arg|sqrt|frac|sum|prod|cdot|times|infty|alpha|beta"
    r"|gamma|delta|epsilon|eta|theta|lambda|sigma|phi|omega)(?![A-Za-z])"
)
UPRIGHT = re.compile(r"\\(?:math[a-z]+|begin|end)\s*\{[^{}]*\}")
UNLIKE_TEXT = re.compile(r"~|\\(?![%&_$#])")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
# What Typst may take for code, the end of the formula or a comment. tex2typst writes #none for an open fence.
CODE = re.compile(r"(?<!\\)#(?!none\b|h\(|v\()|(?<!\\)\$|//|/\*|(?<!\\)[@`]")


def to_typst(latex: str, display: bool) -> tuple[str, list[tuple[str, str]]]:
    """Return a formula as Typst source, and its faults as (what, how)."""
    faults = _size(latex) or [
        (f"{item.name} is not known here", item.how) for item in REFUSED if re.search(item.pattern, latex)
    ]
    for name in dict.fromkeys(NAMES.findall(UPRIGHT.sub(" ", WORDS.sub(" ", latex)))):
        faults.append((f"{name} is set as {len(name)} letters side by side", rf"write \{name}"))
    for words in WORDS.findall(latex):
        if found := UNLIKE_TEXT.search(words):
            faults.append((f"{words[found.start() :][:6]!r} in words is printed as it is", "write plain words"))
    if faults:
        return "", faults
    mend = "mend the LaTeX; CONTRIBUTING.md lists what is refused"
    faults += [(what, mend) for what in problems_of(latex)]
    if not faults and _has_empty_table(read(latex)):
        faults.append(("a matrix without entries", "write its entries"))
    if faults:
        return "", faults
    shown = _paired_bars(" ".join(joined_thousands(latex).split()))
    shown = re.sub(r"(?<![A-Za-z\\])([VW])_(?:\{([a-z])|([a-z]))", _closer, shown)
    shown = shown.replace("{,}", r"\text{,}")
    try:
        source = tex2typst(shown)
    except Exception as error:  # tex2typst raises several kinds, all of them about the formula
        return "", [(str(error).split("\n")[0], mend)]
    source = re.sub(r'\s*","\s*', '","', source)
    if CODE.search(STRING.sub("", source)):
        return "", [("Typst would take it for code", mend)]
    return ("#formula[$ %s $]" if display else "#formula[$%s$]") % source, []


def _size(latex: str) -> list[tuple[str, str]]:
    if not latex.strip():
        return [("it is empty", "write the formula, or take the signs around it out")]
    if len(latex) > LONGEST:
        return [(f"{len(latex)} characters, {LONGEST} may be", "cut it in several")]
    depth = deepest = 0
    for sign in re.findall(r"\\(?:left|begin|right|end)(?![a-zA-Z])|\\.|[{}]", latex):
        depth += {"{": 1, r"\left": 1, r"\begin": 1, "}": -1, r"\right": -1, r"\end": -1}.get(sign, 0)
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        return [(f"groups stand {deepest} deep in each other, {DEEPEST} may be", "give parts of it names")]
    return []


def _has_empty_table(node) -> bool:
    if isinstance(node, list):
        return any(map(_has_empty_table, node))
    if not isinstance(node, dict):
        return False
    return (node.get("type") == "table" and not any(node["rows"])) or any(map(_has_empty_table, node.values()))


def _paired_bars(latex: str) -> str:
    r"""Turn pairs of | and \| of one depth into fences: in Typst a lone bar is a relation, with space around it.

    A pair stands in one group, one pair of parentheses and one cell, as in `speech.tree`.
    """
    tokens = re.findall(r"\\(?:left|right)\s*(?:\\[a-zA-Z]+|\\.|.)|\\[a-zA-Z]+\s*|\\.|.", latex, re.DOTALL)
    names = {"|": "|", r"\|": r"\|", r"\vert": "|", r"\Vert": r"\|"}
    opened: list[dict[str, int]] = [{}]
    for number, token in enumerate(tokens):
        bar = names.get(token.strip())
        if token[0] in "{([" or token in (r"\{", r"\[") or token.startswith((r"\left", r"\lfloor", r"\lceil")):
            if not re.match(r"\\left(?=[a-z])", token):
                opened.append({})
        elif token[0] in "})]" or token in (r"\}",) or re.match(r"\\right(?![a-z])|\\rfloor|\\rceil", token):
            if len(opened) > 1:
                opened.pop()
        elif token in ("&", r"\\"):
            opened[-1].clear()
        elif bar and bar in opened[-1]:
            start = opened[-1].pop(bar)
            opened[-1].clear()
            tokens[start], tokens[number] = rf"\left{bar} ", rf" \right{bar} "
        elif bar:
            opened[-1][bar] = number
    return "".join(tokens)


def _closer(start: re.Match[str]) -> str:
    """Move a lower-case index to an italic V or W: STIX Two Math kerns it too far away."""
    letter, first, only = start.groups()
    return f"{letter}_{{\\!{first}" if first else f"{letter}_{{\\!{only}}}"
