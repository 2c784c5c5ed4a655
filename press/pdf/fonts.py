"""Mend what the fonts of formulas say about their letters, for search, copying and screen readers.

Place in the flow: `paint` calls it after the pictures are filled in. Typst (0.14) sets brackets in
many sizes, each a glyph of its own. It leaves the pieces of the largest without a letter, and
readers that count how many glyphs stand for one letter take so many for a broken table
(ISO 32000-1, 9.10.3; ISO 14289-1, 7.21.7).
"""

import io
import re
import unicodedata
from collections.abc import Mapping

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Dictionary, Name, Object

from press.pictures.vector import shown_in

NAMED_LETTER = re.compile(r"uni([0-9A-F]{4})$")
PAIR = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>")
# Where letters with a face begin, and the italic h, which stands elsewhere.
MATHEMATICAL, PLANCK = 0x1D400, "\u210e"
MOST_ALIKE = 4  # glyphs of one letter that a font may show


def mend_fonts(pdf: pikepdf.Pdf, read: Mapping[tuple[int, int], dict[str, set[int]]] | None = None) -> None:
    """Give letters to glyphs without one, and spread glyphs of one letter over copies of a font.

    A copy shares the font's program and tables; each form uses one of the copies. Of forms that are `read`
    it is known which codes they show in each font.
    """
    letters, shown = {}, {}
    for form in pdf.objects:
        if not isinstance(form, pikepdf.Stream) or form.get("/Subtype") != Name.Form:
            continue
        fonts = form.get("/Resources", Dictionary()).get("/Font", Dictionary())
        typst = {name.lstrip("/"): font for name, font in fonts.items() if _is_typst(font)}
        if not typst:
            continue
        for name, codes in ((read or {}).get(form.objgen) or _shown(form)).items():
            font = typst.get(name.lstrip("/"))
            if font is None:
                continue
            if font.objgen not in letters:
                letters[font.objgen] = _letters(pdf, font)
            copies = shown.setdefault(font.objgen, [])
            place = next(
                (place for place, (_, known) in enumerate(copies) if _is_clear(known | codes, letters[font.objgen])),
                None,
            )
            if place is None:
                copy = font if not copies else pdf.make_indirect(Dictionary(dict(font.items())))
                place = len(copies)
                copies.append((copy, set()))
            copy, known = copies[place]
            known |= codes
            fonts[name] = copy


def _is_typst(font: Object) -> bool:
    """True for a font whose codes are the numbers of its glyphs, as Typst writes; matplotlib's are letters."""
    if "/ToUnicode" not in font or "/DescendantFonts" not in font:
        return False
    return font.DescendantFonts[0].get("/CIDToGIDMap", Name.Identity) == Name.Identity


def _shown(form: Object) -> dict[str, set[int]]:
    """Return {font resource: codes that a form shows in it}."""
    return shown_in([(str(item.operator), item) for item in pikepdf.parse_content_stream(form)])


def _letters(pdf: pikepdf.Pdf, font: Object) -> dict[int, bytes]:
    """Return {code: letter} of a font, after adding letters that only the glyphs' names tell."""
    table = PAIR.sub(_plain, font.ToUnicode.read_bytes())
    font.ToUnicode.write(table)
    letters = {int(code, 16): letter for code, letter in PAIR.findall(table)}
    program = font.DescendantFonts[0].get("/FontDescriptor", Dictionary()).get("/FontFile2")
    if program is None or not letters:
        return letters
    names = TTFont(io.BytesIO(program.read_bytes()), lazy=True).getGlyphOrder()
    added = {
        code: match[1].encode()
        for code, name in enumerate(names)
        if code not in letters and (match := NAMED_LETTER.match(name))
    }
    if added:
        lines = b"\n".join(b"<%04X> <%s>" % pair for pair in sorted(added.items()))
        more = b"%d beginbfchar\n%s\nendbfchar\nendcmap" % (len(added), lines)
        font.ToUnicode.write(table.replace(b"endcmap", more, 1))
    return letters | added


def _plain(pair: re.Match) -> bytes:
    """Return a line of a table of letters with an italic, bold or script letter of mathematics as a plain one.

    Who looks for z means the letter, whatever its face.
    """
    letter = bytes.fromhex(pair[2].decode()).decode("utf-16-be", "replace")
    folded = unicodedata.normalize("NFKC", letter)
    is_face = len(letter) == 1 and (ord(letter) >= MATHEMATICAL or letter == PLANCK) and len(folded) == 1
    return b"<%s> <%s>" % (pair[1], folded.encode("utf-16-be").hex().upper().encode()) if is_face else pair[0]


def _is_clear(codes: set[int], letters: dict[int, bytes]) -> bool:
    """True where few enough of the codes stand for one letter."""
    alike = {}
    for code in codes:
        letter = letters.get(code)
        alike[letter] = alike.get(letter, 0) + (letter is not None)
    return max(alike.values(), default=0) <= MOST_ALIKE
