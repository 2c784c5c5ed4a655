"""Proof of the letters: every font is embedded and the design's own, no glyph is missing.

Place in the flow: called by `proof` with the fonts and the marks of finished files, and with the
laid-out pages, which alone know the weight and slant that the design asked for.
"""

import re

from press.layout.laid import LaidPage
from press.pdf.embedded import called, embedded_fonts, missing_glyphs, own_name
from press.proof.breaks import found
from press.proof.findings import Finding
from press.proof.rules import FinishedFile, FinishedPage, Whole, rule

ITALIC_SLANTS = (0.05, 0.6)  # of the letters' height: what a made-up italic is slanted by
BOLD = 500  # a weight above it is wanted bold
WEIGHT_SLACK = 150  # a semibold may be asked for where the family has a bold
FILLED, UNSEEN = 0, 3  # rendering modes of text: anything else draws an outline, as a made-up bold


@rule
def fonts(file: FinishedFile):
    """Find fonts of a file that are not embedded, or not the design's."""
    findings, count = proof_fonts(file.pdf, file.name, file.fonts)
    file.whole.looked["fonts"] += count
    return findings


@rule
def glyphs(page: FinishedPage):
    """Find letters without a glyph, and made-up bold and italic; the papers have the same content."""
    return proof_glyphs(page.marks, page.upward) if page.file.is_first else []


@rule
def weights(whole: Whole):
    """Find text in another weight or slant than the design asks for."""
    return proof_weights(whole.pages)


def proof_fonts(pdf, name, folder):
    """Return (Findings, count) of the fonts of a PDF called `name`; `folder` has the design's."""
    known = {own_name(path.read_bytes()) for path in folder.glob("*.ttf")}
    fonts = embedded_fonts(pdf)
    faults = [(font.called, _font_fault(font, known)) for font in fonts]
    return [Finding("font", name, "", "", f"{font}: {fault}") for font, fault in faults if fault], len(fonts)


def _font_fault(font, known):
    if font.is_drawn:
        return "a Type 3 font, which draws its letters as pictures"
    if not font.has_program:
        return "it is not embedded"
    if font.own not in known:
        return f"{font.own or 'its program'} is not from templates/fonts"
    if _plain(font.called) != _plain(font.own):
        return f"asked for, but {font.own} is embedded: its weight or slant is made up"
    return ""


def _plain(name):
    """Return a font's name without what WeasyPrint and PostScript write differently."""
    return re.sub(r"[^a-z0-9]|regular$", "", name.lower().rstrip(","))


def proof_glyphs(marks, finding):
    """Find missing glyphs, and letters that are stroked or slanted by the program, in Marks.

    `finding` turns what is wrong and a height on the page into a Finding.
    """
    for mark in marks:
        if mark.kind != "text" or mark.mode == UNSEEN:
            continue
        missing = missing_glyphs(mark)
        a, b, c, d, _, y = mark.matrix
        height = (a * a + b * b) ** 0.5
        slant = abs(a * c + b * d) / (height * height or 1)
        if missing:
            yield finding("glyph", f"{missing} glyphs are missing from {called(mark.font)}", y)
        if mark.mode != FILLED:
            yield finding("font", f"letters of {called(mark.font)} are stroked, as a made-up bold is", y)
        if ITALIC_SLANTS[0] < slant < ITALIC_SLANTS[1]:
            what = f"letters of {called(mark.font)} are slanted, as a made-up italic is"
            yield finding("font", what, y)


def proof_weights(pages: list[LaidPage]):
    """Find text that the design wants bold or italic and that another font of the family sets.

    Letters count, signs do not: arrows and the like come from a font that has one weight. Pango
    calls such a font bold too; what it is stands in its program.
    """
    for text in (text for page in pages for text in page.letterings):
        bold = text.weight > BOLD
        for name, weight, is_italic in sorted(text.fonts):
            if bold and weight < text.weight - WEIGHT_SLACK or text.is_italic and not is_italic:
                wanted = " ".join(word for word, on in (("bold", bold), ("italic", text.is_italic)) if on)
                what = f"{text.text.strip()[:30]!r} is wanted {wanted}, but set in {name}"
                yield found("font", text.where, what)
