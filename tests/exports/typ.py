"""The book as Typst, whose formulas are those that the press has set; as tagged PDF, like the press's.

One of the exports of `telling`. Names stand in parentheses and words in brackets, so that `plain` can read
the words back.
"""

import json
import re

from press.pdf.story import FORMULA

NAME = "book.typ"
HEAD = """#set document(title: "The book")
#set page(paper: "a4", margin: (left: 24mm, right: 64mm, top: 28mm, bottom: 27mm), numbering: "1")
#set text(font: "STIX Two Text", size: 10pt, lang: "en")
#set par(justify: true)
#set smartquote(enabled: false)
#show math.equation: set text(font: "STIX Two Math")
#let at(name, inner) = link(label(name), inner)
#let atpage(name, inner) = link(label(name))[#inner, p. #context counter(page).at(label(name)).first()]
#let named(name) = [#metadata(none)#label(name)]
#let margin(inner) = place(right, dx: 50mm, box(width: 44mm, text(8pt, inner)))
#let drawing(file, width, alt) = image(file, width: width, alt: alt)
#let tagged(inner, number) = grid(columns: (1fr, auto), align: horizon, inner, number)
"""
FORMULAS = re.compile(r"(?<!\\)\$((?:\\.|[^$\\])+)\$", re.DOTALL)
ESCAPED = re.compile(r"([\\#$*_\[\]<>@`~=+/\"'-])")
ALT = re.compile(r'#drawing\("[^"]*", [\d.]+pt, ("(?:\\.|[^"\\])*")\)')


def document(title, body, fonts):
    """Return the whole."""
    return HEAD + "".join(map(paragraph, title)) + "#outline()\n" + body


def words(text):
    """Return words with their signs escaped."""
    return ESCAPED.sub(r"\\\1", text)


def emph(inner):
    """Return emphasis."""
    return f"#emph[{inner}];"


def strong(inner):
    """Return what is bold."""
    return f"#strong[{inner}];"


def code(text):
    """Return code in a line."""
    return f"#text()[{words(text)}];"


def listing(text):
    """Return lines of code."""
    return "".join(f"#block()[{words(line)}]\n" for line in text.splitlines() if line.strip())


def formula(key, source, typeset):
    """Return a formula as the press has it set."""
    return source.removeprefix("#formula[").removesuffix("]")


def equation(written, name, number):
    """Return a formula on a line of its own."""
    return f"#tagged()[{written}][({number})]{named(name)}\n\n" if name else f"{written}\n\n"


def named(name):
    """Return the place that a name leads to."""
    return f'#named("{name}");' if name else ""


def heading(level, name, inner):
    """Return a heading."""
    return f"\n\n#heading(level: {level})[{inner}]{named(name)}\n\n"


def paragraph(inner):
    """Return a paragraph."""
    return f"{inner}\n\n"


def items(inners, is_numbered):
    """Return a list."""
    return f"#{'enum' if is_numbered else 'list'}()" + "".join(f"[{inner.strip()}]" for inner in inners) + "\n\n"


def table(caption, name, rows):
    """Return a table below its caption."""
    cells = "".join(f"[{cell}]" for row in rows for cell in row)
    return f"\n\n{named(name)}{caption}\n\n#table(columns: {len(rows[0])}){cells}\n\n"


def figure(file, width, alt, caption, name):
    """Return a drawing above its caption."""
    return f'\n\n{named(name)}#drawing("{file}", {width:.0f}pt, {json.dumps(alt, ensure_ascii=False)})\n\n{caption}\n\n'


def note(head, body):
    """Return a note in the margin."""
    return f"#margin()[#strong[{head}]; {body}]\n\n"


def leads(inner, name, is_paged):
    """Return words that lead somewhere, with the page if it `is_paged`."""
    return f'#{"atpage" if is_paged else "at"}("{name}")[{inner}];'


def plain(source):
    """Return (words, formulas) of an export, FORMULA for each formula."""
    body, formulas = source.removeprefix(HEAD), []

    def taken(match):
        formulas.append(match[0])
        return f" {FORMULA} "

    body = ALT.sub(lambda match: f" {words(json.loads(match[1]))} ", body)
    body = FORMULAS.sub(taken, body)
    body = re.sub(r"(?<!\\)\]\[", " ", re.sub(r"(?<!\\)#\w+(?:\([^()]*\))?;?", "", body))
    return re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)(?:\];?|\[)", "", body)), formulas
