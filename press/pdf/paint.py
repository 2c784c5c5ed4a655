"""From what WeasyPrint drew to a PDF with its formulas and figures.

Place in the flow: after `layout.engine.draw`. WeasyPrint draws an empty form for each picture; here the
pages that Typst and matplotlib drew take their places, as real text.
"""

import io
from collections.abc import Mapping

import pikepdf

from press.pdf.fonts import mend_fonts
from press.pictures.vector import fill


def paint(drawn: bytes, pages: Mapping[str, pikepdf.Page], lines: Mapping[str, str]) -> pikepdf.Pdf:
    """Open a drawn document and fill in its vector pages, and the `lines` of those that are formulas."""
    pdf = pikepdf.open(io.BytesIO(drawn))
    fill(pdf, pages, lines)
    mend_fonts(pdf)
    return pdf
