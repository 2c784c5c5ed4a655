"""Proof of the letters: every font is embedded and the design's own, no glyph is missing.

Place in the flow: called by `proof` with a finished PDF and what `painted` found on its pages, and
with the laid-out pages, which alone know the weight and slant that the design asked for.
"""

import io
import re
from functools import cache

from fontTools.ttLib import TTFont
from pikepdf import Dictionary, Name

from press.layout.boxes import LaidPage
from press.proof.breaks import found
from press.proof.findings import Finding

POSTSCRIPT_NAME = 6  # in a font's table of names
ITALIC_SLANTS = (0.05, 0.6)  # of the letters' height: what a made-up italic is slanted by
BOLD = 500  # a weight above it is wanted bold
WEIGHT_SLACK = 150  # a semibold may be asked for where the family has a bold
FILLED, UNSEEN = 0, 3  # rendering modes of text: anything else draws an outline, as a made-up bold


def proof_fonts(pdf, name, folder):
    """Return (Findings, count) of the fonts of a PDF called `name`; `folder` has the design's."""
    known = {_own_name(path.read_bytes()) for path in folder.glob("*.ttf")}
    fonts = [
        item
        for item in pdf.objects
        if isinstance(item, Dictionary)
        and item.get("/Type") == Name.Font
        and item.get("/Subtype") not in (Name.CIDFontType0, Name.CIDFontType2)
    ]
    findings = []
    for font in fonts:
        called = str(font.get("/BaseFont", "a font without a name"))[1:].split("+")[-1]
        fault = _font_fault(font, called, known)
        if fault:
            findings.append(Finding("font", name, "", "", f"{called}: {fault}"))
    return findings, len(fonts)


def _font_fault(font, called, known):
    if font.Subtype == Name.Type3:
        return "a Type 3 font, which draws its letters as pictures"
    holder = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    descriptor = holder.get("/FontDescriptor", {})
    program = next((descriptor[key] for key in ("/FontFile2", "/FontFile3", "/FontFile") if key in descriptor), None)
    if program is None:
        return "it is not embedded"
    own = _own_name(program.read_bytes())
    if own not in known:
        return f"{own or 'its program'} is not from templates/fonts"
    if _plain(called) != _plain(own):
        return f"asked for, but {own} is embedded: its weight or slant is made up"
    return ""


@cache
def _own_name(program):
    return TTFont(io.BytesIO(program), lazy=True)["name"].getDebugName(POSTSCRIPT_NAME)


def _plain(name):
    """Return a font's name without what WeasyPrint and PostScript write differently."""
    return re.sub(r"[^a-z0-9]|regular$", "", name.lower().rstrip(","))


def proof_glyphs(marks, place):
    """Find missing glyphs, and letters that are stroked or slanted by the program, in Marks.

    `place` turns what is wrong and a height on the page into a Finding.
    """
    for mark in marks:
        if mark.kind != "text" or mark.mode == UNSEEN:
            continue
        missing = _missing(mark)
        a, b, c, d, _, y = mark.matrix
        height = (a * a + b * b) ** 0.5
        slant = abs(a * c + b * d) / (height * height or 1)
        if missing:
            yield place("glyph", f"{missing} glyphs are missing from {_called(mark)}", y)
        if mark.mode != FILLED:
            yield place("font", f"letters of {_called(mark)} are stroked, as a made-up bold is", y)
        if ITALIC_SLANTS[0] < slant < ITALIC_SLANTS[1]:
            what = f"letters of {_called(mark)} are slanted, as a made-up italic is"
            yield place("font", what, y)


def _called(mark):
    return str(mark.font.get("/BaseFont", "/?"))[1:].split("+")[-1]


def _missing(mark):
    """Return how many letters of a text have no glyph: number 0, or one that the font has not."""
    if "/DescendantFonts" not in mark.font:
        return 0
    glyphs, count = _glyph_numbers(mark.font)
    codes = [mark.text[i] << 8 | mark.text[i + 1] for i in range(0, len(mark.text) - 1, 2)]
    found_numbers = (code if glyphs is None else glyphs.get(code, 0) for code in codes)
    return sum(not 0 < number < count for number in found_numbers)


_GLYPHS = {}


def _glyph_numbers(font):
    """Return ({code: glyph}, None where both are the same; number of glyphs) of a Type 0 font."""
    program = font.DescendantFonts[0].FontDescriptor.FontFile2
    key = font.objgen, _digest(program)
    if key not in _GLYPHS:
        table = font.DescendantFonts[0].get("/CIDToGIDMap", Name.Identity)
        glyphs = None
        if not isinstance(table, Name):
            data = table.read_bytes()
            glyphs = {i // 2: data[i] << 8 | data[i + 1] for i in range(0, len(data) - 1, 2)}
        count = TTFont(io.BytesIO(program.read_bytes()), lazy=True)["maxp"].numGlyphs
        _GLYPHS[key] = glyphs, count
    return _GLYPHS[key]


def _digest(stream):
    return hash(stream.read_raw_bytes())


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
