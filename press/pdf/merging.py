"""One program a font for all drawings: matplotlib embeds a subset a drawing, most of it the same letters.

Place in the flow: after `paint`, for files that are kept; pages that are only looked at do not wait for it.
Fonts of one name whose codes mean the same become one font; what is embedded is a subset of the design's own
file, with the letters of all of them. Each keeps its codes: the map from codes to glyphs is made anew, by the
names that the glyphs have.
"""

import io
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Object, Pdf, Stream

from press.page import FONTS
from press.pdf.embedded import called, own_name

RANGE = re.compile(rb"<([0-9a-fA-F]{4})> <[0-9a-fA-F]{4}> \[([^\]]*)\]")
UNUSED = {"BASE", "DSIG", "GDEF", "GPOS", "GSUB", "MATH", "STAT", "gasp"}  # tables for who lays text out
WIDEST_BLOCK = 100  # entries of one block of a table of letters (ISO 32000-1, 9.10.3)


class Code(NamedTuple):
    """What a code of a font means: the name of its glyph, the letter that it stands for, its width."""

    glyph: str
    letter: bytes
    width: float


def merge_fonts(pdf: Pdf) -> None:
    """Let the forms of a PDF share the fonts of drawings."""
    forms = [item for item in pdf.objects if isinstance(item, Stream) and "/Font" in item.get("/Resources", {})]
    by_name: dict[str, dict] = {}
    for form in forms:
        for font in form.Resources.Font.values():
            if _has_map(font) and called(font) in design():
                by_name.setdefault(called(font), {})[font.objgen] = font
    instead: dict = {}
    for name, fonts in sorted(by_name.items()):
        if len(fonts) > 1:
            instead |= _merged(pdf, name, fonts)
    for form in forms:
        shown = form.Resources.Font
        for key, font in shown.items():
            if font.objgen in instead:
                shown[key] = instead[font.objgen]


@cache
def design() -> dict[str, Path]:
    """Return {PostScript name: file} of the design's fonts."""
    return {own_name(path.read_bytes()) or "": path for path in sorted(FONTS.glob("*.ttf"))}


def _has_map(font: Object) -> bool:
    """True for a font with a map of its own from codes to glyphs, as matplotlib embeds them."""
    return (
        "/DescendantFonts" in font
        and "/ToUnicode" in font
        and isinstance(font.DescendantFonts[0].get("/CIDToGIDMap"), Stream)
        and "/FontFile2" in font.DescendantFonts[0].FontDescriptor
    )


def _merged(pdf: Pdf, name: str, fonts: dict) -> dict:
    """Return {number of a font: the one that takes its place}."""
    kinds: list[tuple[dict[int, Code], list]] = []
    for number, font in sorted(fonts.items()):
        codes = _codes(font)
        for known, numbers in kinds:
            if all(known.get(code, meant) == meant for code, meant in codes.items()):
                known.update(codes)
                numbers.append(number)
                break
        else:
            kinds.append((dict(codes), [number]))
    glyphs = sorted({meant.glyph for known, _ in kinds for meant in known.values()})
    program, order = _subset(design()[name], glyphs)
    first = next(iter(fonts.values()))
    descriptor = pdf.make_indirect(Dictionary(dict(first.DescendantFonts[0].FontDescriptor.items())))
    descriptor.FontFile2 = pdf.make_stream(program, Length1=len(program))
    descriptor.MaxWidth = max(meant.width for known, _ in kinds for meant in known.values())
    descriptor.FontName = first.BaseFont
    places = {glyph: place for place, glyph in enumerate(order)}
    return {
        number: made
        for known, numbers in kinds
        for made in [_font(pdf, first, descriptor, known, places)]
        for number in numbers
    }


def _codes(font: Object) -> dict[int, Code]:
    """Return what the codes of a font mean."""
    inner = font.DescendantFonts[0]
    order = TTFont(io.BytesIO(inner.FontDescriptor.FontFile2.read_bytes()), lazy=True).getGlyphOrder()
    glyphs, widths = inner.CIDToGIDMap.read_bytes(), _widths(inner.W)
    codes = {}
    for start, letters in RANGE.findall(font.ToUnicode.read_bytes()):
        for code, letter in enumerate(re.findall(rb"<([0-9a-fA-F]+)>", letters), start=int(start, 16)):
            glyph = int.from_bytes(glyphs[2 * code : 2 * code + 2])
            if code in widths and glyph:
                codes[code] = Code(order[glyph], letter, widths[code])
    return codes


def _widths(blocks: Object) -> dict[int, float]:
    """Return {code: width} of blocks of a first code and the widths from it on (ISO 32000-1, 9.7.4.3)."""
    items: list = list(blocks)
    return {
        int(first) + place: float(width)
        for first, widths in zip(items[::2], items[1::2], strict=True)
        for place, width in enumerate(widths)
    }


def _subset(path: Path, glyphs: list[str]) -> tuple[bytes, list[str]]:
    """Return a font's program with some of its glyphs, and their names in order."""
    options = Options(notdef_outline=True, glyph_names=True, hinting=False, name_IDs=[1, 2, 6])
    font = TTFont(path, recalcTimestamp=False)
    for table in UNUSED & set(font.keys()):  # before the subsetter reads all of it
        del font[table]
    subsetter = Subsetter(options)
    subsetter.populate(glyphs=glyphs)
    subsetter.subset(font)
    written = io.BytesIO()
    font.save(written)
    return written.getvalue(), font.getGlyphOrder()


def _font(pdf: Pdf, like: Object, descriptor: Object, codes: dict[int, Code], places: dict[str, int]) -> Object:
    """Return a composed font with these codes, over a program whose glyphs have these places."""
    glyphs = bytearray(2 * (max(codes) + 1))
    for code, meant in codes.items():
        glyphs[2 * code : 2 * code + 2] = places[meant.glyph].to_bytes(2)
    inner = Dictionary(dict(like.DescendantFonts[0].items()))
    inner.FontDescriptor, inner.CIDToGIDMap = descriptor, pdf.make_stream(bytes(glyphs))
    inner.W = Array([part for code in sorted(codes) for part in (code, Array([_number(codes[code].width)]))])
    font = Dictionary(dict(like.items()))
    font.DescendantFonts = Array([pdf.make_indirect(inner)])
    font.ToUnicode = pdf.make_stream(_table(codes))
    return pdf.make_indirect(font)


def _number(width: float) -> int | float:
    return int(width) if width == int(width) else width


def _table(codes: dict[int, Code]) -> bytes:
    """Return a table of letters for codes."""
    lines = [b"<%04x> <%s>" % (code, codes[code].letter) for code in sorted(codes)]
    blocks = [lines[start : start + WIDEST_BLOCK] for start in range(0, len(lines), WIDEST_BLOCK)]
    return b"\n".join(
        [
            b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap",
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def",
            b"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange",
            *(b"%d beginbfchar\n%s\nendbfchar" % (len(block), b"\n".join(block)) for block in blocks),
            b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend",
        ]
    )
