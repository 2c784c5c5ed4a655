"""A tiny printed book for the tests of reading back: contents, folios, headings, bookmarks.

It is set by WeasyPrint from a source's contents list alone, in the manner of the real book: front
matter with roman folios, the contents in two columns under `1) Question:`, and then one page
after the other from the source's first page on, each entry's heading on its page.
"""

import html
from pathlib import Path

import pikepdf
import weasyprint
from pikepdf import Array, Dictionary, Name

FONTS = (Path(__file__).parent.parent / "templates" / "fonts").as_uri()

STYLE = """
@font-face { font-family: Book Sans; src: url(FONTS/SourceSans3-Regular.ttf) }
@font-face { font-family: Book Sans; font-weight: 600; src: url(FONTS/SourceSans3-SemiBold.ttf) }
@font-face { font-family: Book Serif; src: url(FONTS/STIXTwoText-Regular.ttf) }
@page { size: A4; margin: 30mm 22mm 27mm 24mm }
@page front { @top-right-corner { content: counter(page, lower-roman); font: 600 10pt Book Sans } }
@page :nth(1 of body) { counter-reset: page FIRST }
@page body:right { @top-right-corner { content: counter(page); font: 600 10pt Book Sans }
                   @top-left { content: string(section, start); font: 600 8.5pt Book Sans } }
@page body:left { @top-left-corner { content: counter(page); font: 600 10pt Book Sans }
                  @top-right { content: string(section, start); font: 600 8.5pt Book Sans } }
html { font: 10pt/13.6pt Book Serif; hyphens: auto }
h1, h2, p, ol { margin: 0; padding: 0 }
.front { page: front; break-after: page }
main { page: body; display: block }
.contents ol { font: 8pt/9.7pt Book Sans; list-style: none; width: 78mm }
.contents div { position: relative }
.contents ol + ol { position: absolute; top: 0; right: 0 }
.contents li { position: relative; padding: 0 34pt 1pt 27pt; text-indent: -27pt }
.contents li.section { font-weight: 600; padding-top: 5pt }
.contents .number { display: inline-block; width: 27pt; text-indent: 0 }
.contents .folio { position: absolute; right: 0; bottom: 1pt }
.contents .folio a::after { content: target-counter(attr(href), page) }
.contents h1 { bookmark-level: none }
main h1, main h2 { font: 600 15pt/19pt Book Sans; break-after: avoid; bookmark-label: attr(title) }
main h1 { string-set: section content(text) }
main h2 { font-size: 11.6pt; line-height: 14.6pt; padding-left: 34pt; text-indent: -34pt }
main h2 .number { display: inline-block; min-width: 34pt; text-indent: 0 }
.reads { font: 9.2pt/12pt Book Sans }
.new-page { break-before: page }
"""


def print_book(path, entries, *, contents=None, headings=None, bookmarks=None, folios=None, corrected=()):
    """Write the PDF of a source's entries to `path` and return `path`.

    `contents`, `headings` and `bookmarks` map the number of an entry to the (number, title) that
    the part prints instead, or to None where the entry is left out; in the contents a page may
    follow. `folios` maps a page to what its head prints instead. `corrected` are the numbers with
    a dagger and a corrected wording.
    The first page of `entries` has to be even: front matter is three pages long.
    """
    first = entries[0].page
    style = STYLE.replace("FONTS", FONTS).replace("FIRST", str(first))
    for page, printed in (folios or {}).items():
        corner = "@top-left-corner" if page % 2 == 0 else "@top-right-corner"
        style += (
            f"@page body:nth({page - first + 1} of body)"
            f"{{ {corner} {{ content: '{printed}'; font: 600 10pt Book Sans }} }}"
        )
    listed = list(_contents(entries, contents or {}, corrected))
    half = (len(listed) + 1) // 2
    document = "".join(
        [
            "<html lang=en><title>Tiny</title><meta name=author content=Somebody>",
            f"<style>{style}</style>"
            "<section class=front><p>Cover</p></section>"
            "<section class='front contents'><h1>1) Question:</h1>",
            # Two lists: WeasyPrint takes ten times as long to balance columns.
            "<div><ol>",
            *listed[:half],
            "</ol><ol>",
            *listed[half:],
            "</ol></div></section><section class=front><p>Notation</p></section><main><p>2) Answer:</p>",
            *_body(entries, headings or {}, bookmarks or {}, corrected),
            "</main>",
        ]
    )
    weasyprint.HTML(string=document).write_pdf(path, pdf_variant="pdf/ua-1")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r), 3, Dictionary(S=Name.D, St=first)]))
        pdf.save(path)
    return path


def _contents(entries, changes, corrected):
    for entry in entries:
        printed = changes.get(entry.number, (entry.number, entry.title))
        if printed:
            number, title, *page = printed
            folio = page[0] if page else f"<a href='#e-{entry.number}'></a>"
            dagger = "†" if entry.number in corrected else ""
            section = " class=section" if entry.number.count(".") == 1 else ""
            yield (
                f"<li{section}><span class=number>{number}</span><span class=title>"
                f"<a href='#e-{entry.number}'>{html.escape(title)}</a>{dagger}</span>"
                f"<span class=folio>{folio}</span></li>"
            )


def _body(entries, changes, bookmarks, corrected):
    page = entries[0].page
    for entry in entries:
        while page < entry.page:
            page += 1
            yield "<div class=new-page></div>"
        number, title = changes.get(entry.number, (entry.number, entry.title))
        bookmark = bookmarks.get(entry.number, (entry.number, entry.title))
        tag = "h1" if entry.number.count(".") == 1 else "h2"
        label = f" title='{html.escape(' '.join(bookmark))}'" if bookmark else ""
        level = "" if bookmark else " style='bookmark-level: none'"
        yield (
            f"<{tag} id='e-{entry.number}'{label}{level}>"
            f"<span class=number>{number}</span> {html.escape(title)}</{tag}>"
        )
        if entry.number in corrected:
            yield "<p class=reads>READ A corrected wording of the question?</p>"
        yield "<p>The answer, in a line or two, as 3.4.2 says, on p. 107.</p>"
