"""Pages as pictures: single pages, and all pages on one sheet.

Used by the commands that show (`contact-sheet`, `figures`), by `proof`, which looks at pixels, and by
`site`, whose pictures are cut from pages.
"""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pikepdf
import pypdfium2
from PIL import Image

from press.problems import PressError

BACKGROUND = (150, 150, 150)
# Around what is cut from a page, in points.
AIR = 1
# So many greys are enough for letters in a small picture.
GREYS = 16


class Clip(NamedTuple):
    """A picture as a PNG file's bytes, and its size in dots."""

    png: bytes
    width: int
    height: int


@contextmanager
def opened(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    """Open a PDF whose pages are rendered or read for letters."""
    if not path.is_file():
        raise PressError(f"{path} does not exist")
    document = pypdfium2.PdfDocument(path)
    try:
        yield document
    finally:
        document.close()


def raster(path: Path, index: int, dots_per_inch: int, grey: bool = False) -> Image.Image:
    """Return one page as a PIL image."""
    with opened(path) as document:
        return document[index].render(scale=dots_per_inch / 72, grayscale=grey).to_pil()


def picture(path: Path, index: int, target: Path, dots_per_inch: int) -> None:
    """Write one page as a PNG file."""
    raster(path, index, dots_per_inch).save(target)


def contact_sheet(
    path: Path, target: Path, dots_per_inch: int = 30, columns: int = 10, begins_left: bool = False
) -> None:
    """Write one picture of all pages, spreads side by side as they lie open."""
    with opened(path) as document:
        tiles = [document[index].render(scale=dots_per_inch / 72).to_pil() for index in range(len(document))]
    width, height = max(t.width for t in tiles), max(t.height for t in tiles)
    empty = 0 if begins_left else 1  # page i is a right-hand page: its left neighbor stays empty
    rows = -(-(len(tiles) + empty) // columns)
    sheet = Image.new("RGB", (columns * (width + 6) + 6, rows * (height + 6) + 6), BACKGROUND)
    for number, tile in enumerate(tiles, start=empty):
        row, column = divmod(number, columns)
        sheet.paste(tile, (6 + column * (width + 6), 6 + row * (height + 6)))
    target.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(target)


def labels(content: bytes) -> list[str]:
    """Return the labels of the pages of a PDF in memory, as a viewer shows them."""
    with pypdfium2.PdfDocument(content) as document:
        return [document.get_page_label(index) or f"{index + 1}" for index in range(len(document))]


def quick_picture(content: bytes, index: int, dots_per_inch: int) -> bytes:
    """Return a page of a PDF in memory as PNG, quickly rather than small."""
    with pypdfium2.PdfDocument(content) as document:
        image = document[index].render(scale=dots_per_inch / 72).to_pil()
    drawn = io.BytesIO()
    image.save(drawn, "PNG", compress_level=1)
    return drawn.getvalue()


def clips(path: Path, boxes: Iterable[tuple[int, float, float, float, float]], dots_per_inch: int) -> list[Clip]:
    """Cut stretches of pages out, each (page from 0, left, top, right, bottom) in points from the crop box."""
    scale, cut, wanted = dots_per_inch / 72, {}, list(boxes)
    with opened(path) as document:
        for index in sorted({box[0] for box in wanted}):
            page = document[index].render(scale=scale, grayscale=True).to_pil()
            for box in wanted:
                if box[0] == index:
                    left, top, right, bottom = (value * scale for value in box[1:])
                    air = AIR * scale
                    edges = max(left - air, 0), max(top - air, 0), min(right + air, page.width), bottom + air
                    cut[box] = _clip(page.crop(tuple(round(edge) for edge in edges)))
    return [cut[box] for box in wanted]


def page_clip(path: Path, index: int, dots_per_inch: int, colors: int = 64) -> Clip:
    """Return one page as a PNG of few colors."""
    return _clip(raster(path, index, dots_per_inch), colors)


def drawn_clips(pages: Iterable[pikepdf.Page], dots_per_inch: int) -> list[Clip]:
    """Return small pages (formulas) as pictures."""
    with pikepdf.new() as pdf:
        pdf.pages.extend(list(pages))
        content = io.BytesIO()
        pdf.save(content)
    document = pypdfium2.PdfDocument(content.getvalue())
    try:
        return [_clip(page.render(scale=dots_per_inch / 72, grayscale=True).to_pil()) for page in document]
    finally:
        document.close()


def _clip(image: Image.Image, colors: int = GREYS) -> Clip:
    """Return a picture with few colors; the same picture gives the same bytes."""
    content = io.BytesIO()
    image.quantize(colors, method=Image.Quantize.MEDIANCUT).save(content, "PNG", optimize=True)
    return Clip(content.getvalue(), image.width, image.height)
