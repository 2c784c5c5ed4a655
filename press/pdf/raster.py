"""Pages as pictures: single pages, and all pages on one sheet.

Used by the commands that show (`contact-sheet`, `figures`) and by `proof`, which looks at pixels.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
from PIL import Image

from press.problems import PressError

BACKGROUND = (150, 150, 150)


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
