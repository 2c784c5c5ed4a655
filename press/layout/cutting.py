"""Cut the fonts of a file down to the glyphs that it uses, with HarfBuzz from a wheel.

Place in the flow: `engine` writes a file inside `own_subsetter`. WeasyPrint 70.0 takes the system's
libharfbuzz-subset, and without it fontTools; both make other bytes than their neighbors, and the
first is a package that many machines lack. The wheel `uharfbuzz` (pinned) is the same everywhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import uharfbuzz
from uharfbuzz import SubsetFlags
from weasyprint.pdf.fonts import Font

# Tables that a page has no use for: layout, signatures, bitmaps, colors.
DROPPED = (b"BASE", b"DSIG", b"EBDT", b"EBLC", b"EBSC", b"GPOS", b"GSUB", b"JSTF", b"LTSH", b"PCLT", b"SVG ")
KEPT_AS_THEY_ARE = SubsetFlags.PASSTHROUGH_UNRECOGNIZED | SubsetFlags.DESUBROUTINIZE


@contextmanager
def own_subsetter() -> Iterator[None]:
    """Let WeasyPrint cut fonts with the wheel's HarfBuzz for the time of one file."""
    before = Font.subset
    Font.subset = _subset
    try:
        yield
    finally:
        Font.subset = before


def _subset(font: Font, to_unicode: dict, hinting: bool) -> None:
    """Do what `Font.subset` of WeasyPrint does: empty all other glyphs, then drop those after the last."""
    if not to_unicode:
        return
    outline = SubsetFlags.NOTDEF_OUTLINE if font.missing else SubsetFlags.DEFAULT
    wanted = uharfbuzz.SubsetInput()
    wanted.glyph_set.update(sorted(to_unicode))
    wanted.drop_table_tag_set.update(int.from_bytes(tag, "big") for tag in DROPPED)
    wanted.flags = KEPT_AS_THEY_ARE | SubsetFlags.RETAIN_GIDS | outline
    emptied = wanted.subset(uharfbuzz.Face(font.file_content, font.index))
    wanted.glyph_set.update(range(max(to_unicode) + 1))
    wanted.flags = KEPT_AS_THEY_ARE | outline | (SubsetFlags.DEFAULT if hinting else SubsetFlags.NO_HINTING)
    font.file_content = wanted.subset(emptied).blob.data
