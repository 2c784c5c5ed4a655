"""The book as HTML with formulas as SVG, for plain WeasyPrint: what the press would be without pages of vectors.

One of the exports of `telling`. The formulas are set by Typst, as in the book; drawings are pictures of dots,
because WeasyPrint shows no PDF.
"""

import re
from html import escape, unescape

from press.pdf.story import FORMULA

NAME = "book.html"
HEAD = """<!DOCTYPE html><html lang="en-US"><meta charset="utf-8"><title>The book</title><style>
@font-face { font-family: Book; src: url(FONTS/STIXTwoText-Regular.ttf) }
@font-face { font-family: Book; font-style: italic; src: url(FONTS/STIXTwoText-Italic.ttf) }
@font-face { font-family: Book; font-weight: 600; src: url(FONTS/STIXTwoText-SemiBold.ttf) }
@page { size: A4; margin: 28mm 64mm 27mm 24mm; @bottom-center { content: counter(page) } }
html { font: 10pt/13.6pt Book; hyphens: auto; text-align: justify }
strong, h1, h2, h3 { font-weight: 600 }
h1 { break-before: page }
aside { float: right; clear: right; width: 44mm; margin-right: -50mm; font-size: 8pt; text-align: left }
a { color: inherit; text-decoration: none }
.paged::after { content: ", p. " target-counter(attr(href), page) }
table { width: 100% }
</style>
"""
TAG = re.compile(r"<[^>]*>")
PICTURES = re.compile(r'<img (class="formula" src="(?P<name>[^"]*)"|class="drawing")[^>]* alt="(?P<alt>[^"]*)">')


def document(title, body, fonts):
    """Return the whole."""
    return HEAD.replace("FONTS", fonts.as_uri()) + "".join(map(paragraph, title)) + body


def words(text):
    """Return words with their signs as HTML has them."""
    return escape(text)


def emph(inner):
    """Return emphasis."""
    return f"<em>{inner}</em>"


def strong(inner):
    """Return what is bold."""
    return f"<strong>{inner}</strong>"


def code(text):
    """Return code in a line."""
    return f"<code>{words(text)}</code>"


def listing(text):
    """Return lines of code."""
    return f"<pre>{words(text)}</pre>\n"


def formula(key, source, typeset):
    """Return a formula as a picture that `bench` has made."""
    name, style = f"{typeset.page.key}.svg", f"width:{typeset.width:.4f}em;vertical-align:{-typeset.depth:.4f}em"
    return f'<img class="formula" src="{name}" style="{style}" alt="{escape(typeset.spoken)}">'


def equation(written, name, number):
    """Return a formula on a line of its own."""
    return f'<div id="{name}">{written} ({number})</div>\n' if name else f"<div>{written}</div>\n"


def named(name):
    """Return the place that a name leads to."""
    return f'<span id="{name}"></span>' if name else ""


def heading(level, name, inner):
    """Return a heading."""
    return f'<h{level} id="{name}">{inner}</h{level}>\n'


def paragraph(inner):
    """Return a paragraph."""
    return f"<p>{inner}</p>\n"


def items(inners, is_numbered):
    """Return a list."""
    kind = "ol" if is_numbered else "ul"
    return f"<{kind}>" + "".join(f"<li>{inner}</li>" for inner in inners) + f"</{kind}>\n"


def table(caption, name, rows):
    """Return a table below its caption."""
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    return f"{named(name)}<p>{caption}</p><table>{lines}</table>\n"


def figure(file, width, alt, caption, name):
    """Return a drawing above its caption."""
    drawn = f'<img class="drawing" src="{file.stem}.png" style="width:{width:.0f}pt" alt="{escape(alt)}">'
    return f"{named(name)}<p>{drawn}</p><p>{caption}</p>\n"


def note(head, body):
    """Return a note in the margin."""
    return f"<aside><strong>{head}</strong> {body}</aside>\n"


def leads(inner, name, is_paged):
    """Return words that lead somewhere, with the page if it `is_paged`."""
    return f'<a{" class=paged" if is_paged else ""} href="#{name}">{inner}</a>'


def plain(source):
    """Return (words, formulas) of an export, FORMULA for each formula."""
    body, formulas = source.partition("</style>")[2], []

    def taken(match):
        if not match["name"]:
            return f" {match['alt']} "
        formulas.append(match[0])
        return f" {FORMULA} "

    body = PICTURES.sub(taken, body)
    return unescape(TAG.sub(" ", re.sub(r"</?(?:em|strong|code|a|span)\b[^>]*>", "", body))), formulas
