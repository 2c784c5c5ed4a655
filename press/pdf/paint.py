"""From what WeasyPrint drew to a PDF with its formulas and figures.

Place in the flow: after `layout.engine.draw`. WeasyPrint draws an empty form for each picture; here the
pages that Typst and matplotlib drew take their places, as real text.
"""

import io
from collections.abc import Mapping

import pikepdf

from press.pdf.fonts import mend_fonts
from press.pictures.vector import Picture, fill

IDENTIFIER = "press"


def paint(
    drawn: bytes, pages: Mapping[str, pikepdf.Page], lines: Mapping[str, str], known: dict[str, Picture]
) -> pikepdf.Pdf:
    """Open a drawn document and fill in its vector pages, and the `lines` of those that are formulas.

    `known` are pictures that are read already; those that are read here come to them.
    """
    pdf = pikepdf.open(io.BytesIO(drawn))
    pdf.trailer.ID = pikepdf.Array([pikepdf.String(IDENTIFIER)] * 2)  # WeasyPrint would write all twice to make one
    mend_fonts(pdf, fill(pdf, pages, lines, known))
    return pdf
