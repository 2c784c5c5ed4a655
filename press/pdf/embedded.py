"""The fonts of a finished file: what each is called, what is embedded for it, which glyphs it lacks.

Place in the flow: beside `painted`, for `proof`, which judges them.
"""

import io
from functools import cache
from typing import NamedTuple

from fontTools.ttLib import TTFont
from pikepdf import Dictionary, Name, Object, Pdf

from press.pdf.painted import Mark

POSTSCRIPT_NAME = 6  # in a font's table of names


class Embedded(NamedTuple):
    """A font of a file: the name that it is called by, and its program's own; "" where none is embedded."""

    called: str
    own: str
    is_drawn: bool  # a Type 3 font, which draws its letters as pictures
    has_program: bool


def embedded_fonts(pdf: Pdf) -> list[Embedded]:
    """Return the fonts of a PDF; the parts of a composed font are not counted apart."""
    return [
        _embedded(item)
        for item in pdf.objects
        if isinstance(item, Dictionary)
        and item.get("/Type") == Name.Font
        and item.get("/Subtype") not in (Name.CIDFontType0, Name.CIDFontType2)
    ]


def _embedded(font: Object) -> Embedded:
    holder = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    descriptor = holder.get("/FontDescriptor", Dictionary())
    program = next((descriptor[key] for key in ("/FontFile2", "/FontFile3", "/FontFile") if key in descriptor), None)
    own = "" if program is None else own_name(program.read_bytes()) or ""
    return Embedded(called(font), own, font.Subtype == Name.Type3, program is not None)


def called(font: Object) -> str:
    """Return the name that a font is called by, without the letters of its subset."""
    return str(font.get("/BaseFont", "/a font without a name"))[1:].split("+")[-1]


@cache
def own_name(program: bytes) -> str | None:
    """Return the name that a font program has for itself."""
    return TTFont(io.BytesIO(program), lazy=True)["name"].getDebugName(POSTSCRIPT_NAME)


def missing_glyphs(mark: Mark) -> int:
    """Return how many letters of a text have no glyph: number 0, or one that the font has not."""
    if "/DescendantFonts" not in mark.font:
        return 0
    glyphs, count = _glyph_numbers(mark.font)
    numbers = (code if glyphs is None else glyphs.get(code, 0) for code in pairs(mark.text))
    return sum(not 0 < number < count for number in numbers)


def pairs(data: bytes) -> list[int]:
    """Return the numbers that each two bytes make."""
    return [data[at] << 8 | data[at + 1] for at in range(0, len(data) - 1, 2)]


_GLYPHS: dict[tuple, tuple[dict[int, int] | None, int]] = {}  # a font is asked for at every text


def _glyph_numbers(font: Object) -> tuple[dict[int, int] | None, int]:
    """Return ({code: glyph}, None where both are the same; number of glyphs) of a composed font."""
    holder = font.DescendantFonts[0]
    program, table = holder.FontDescriptor.FontFile2, holder.get("/CIDToGIDMap", Name.Identity)
    key = font.objgen, hash(program.read_raw_bytes())
    if key not in _GLYPHS:
        glyphs = None if isinstance(table, Name) else dict(enumerate(pairs(table.read_bytes())))
        _GLYPHS[key] = glyphs, TTFont(io.BytesIO(program.read_bytes()), lazy=True)["maxp"].numGlyphs
    return _GLYPHS[key]
