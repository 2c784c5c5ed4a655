"""The letters of a PDF: runs on one baseline in one font and size, words of one color, words of one mark.

Place in the flow: the text half of `records` and of `story`; `proof` looks at the words' contrast. pdfium finds the
letters, as a reader's program does, and they are grouped here by where they stand, not by how the
file happens to write them.
"""

import ctypes
import math
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

# In parts of the font size: a gap wider than WORD_GAP is a space, wider than RUN_GAP a new run.
WORD_GAP, RUN_GAP = 0.15, 0.6
# In points: letters of one word stand about on a level, and nearer than this.
LEVEL, GAP = 1, 2
JOINT = "\n"  # where a new line of print begins
MOST = 1 << 14  # letters of a text object, twice what a line can hold
INVISIBLE = 3  # the text render mode that paints nothing
HYPHEN = 2  # pdfium's code for a hyphen that ends a line


class Run(NamedTuple):
    """Text on one baseline in one font and size, without a wide gap.

    Lengths are points; `x` and `right` are its ends and `y` its baseline, downward from the top
    left corner of the crop box. `page` counts from 0. `mark` is the number of its marked content,
    by which tags refer to the run, or None (the letters inside the picture of a formula).
    `turned` is the direction of the text in degrees, counterclockwise, 0 for ordinary text; `x`
    and `y` are then where its first letter begins.
    """

    page: int
    x: float
    y: float
    right: float
    size: float
    font: str
    text: str
    mark: int | None
    turned: int


class Words(NamedTuple):
    """Letters of one color that follow each other: color 0-255, box in points with y downward, text."""

    color: tuple[int, ...]
    left: float
    top: float
    right: float
    bottom: float
    text: str


# Left, bottom, right and top of where words begin on a page, as the file has it; None where there are none.
Reach = tuple[float, float, float, float] | None


class Marked(NamedTuple):
    """The words of one marked content: they stand on one line of print, or on more."""

    text: str
    x: float
    first: float
    last: float
    right: float  # where the last of them end


class _Look(NamedTuple):
    """What the letters of a run share."""

    font: str
    size: float
    mark: int | None
    turned: int


class _Letter(NamedTuple):
    """A letter where pdfium has it (y upward), and where it begins, ends and stands as one reads.

    For text that runs upward, `begin` and `end` are heights.
    """

    text: str
    x: float
    y: float
    left: float
    bottom: float
    right: float
    top: float
    begin: float
    end: float
    baseline: float
    look: _Look
    color: tuple[int, ...]


def read_runs(path: Path, boxes: list[list[float]]) -> list[Run]:
    """Return all runs of the PDF at `path`, in the order of the file.

    `boxes` holds the crop box of each page: left, bottom, right, top.
    """
    document = pypdfium2.PdfDocument(path)
    try:
        return [run for number, box in enumerate(boxes) for run in _page_runs(document[number], number, box[0], box[3])]
    finally:
        document.close()


def read_words(page: Any) -> list[Words]:
    """Return the Words of a pypdfium2 page that stand on it: what is one color and has no gap."""
    left, _, right, top = page.get_cropbox()
    found: list[Words] = []
    before = None
    for letter in _letters(page):
        if letter.text.isspace():
            before = None
            continue
        edges = letter.left - left, top - letter.top, letter.right - left, top - letter.bottom
        here = Words(letter.color, *edges, letter.text)
        is_near = before and abs(before.bottom - here.bottom) < LEVEL and abs(here.left - before.right) < GAP
        if before and is_near and before.color == here.color:
            here = before._replace(right=here.right, text=before.text + here.text, top=min(before.top, here.top))
            found[-1] = here
        else:
            found.append(here)
        before = here
    return [words for words in found if words.right > 0 and words.left < right - left]


def read_marked(path: Path, boxes: list[list[float]]) -> list[tuple[dict[int, Marked], Reach]]:
    """Return {mark: words} and their reach for each page, a text object at a time: a fraction of the letters' time.

    What is not painted, or stands off the page, is no word.
    """
    document = pypdfium2.PdfDocument(path)
    try:
        return [_page_marked(document[number], box) for number, box in enumerate(boxes)]
    finally:
        document.close()


def _page_marked(page: Any, box: list[float]) -> tuple[dict[int, Marked], Reach]:
    left, bottom, right, top = box
    letters, matrix = (ctypes.c_ushort * MOST)(), pdfium.FS_MATRIX()
    edges = [ctypes.c_float() for _ in range(4)]
    text, found, xs, ys = page.get_textpage(), {}, [], []
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        item = pdfium.FPDFPage_GetObject(page, index)
        if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        mark = pdfium.FPDFPageObj_GetMarkedContentID(item)
        pdfium.FPDFPageObj_GetMatrix(item, matrix)
        if mark < 0 or pdfium.FPDFTextObj_GetTextRenderMode(item) == INVISIBLE:
            continue
        xs.append(matrix.e)
        ys.append(matrix.f)
        if not (left <= matrix.e <= right and bottom <= matrix.f <= top):
            continue
        length = pdfium.FPDFTextObj_GetText(item, text, letters, MOST)
        words = ctypes.string_at(letters, max(length - 2, 0)).decode("utf-16-le", "replace").replace("\x00", "")
        x, y = matrix.e - left, top - matrix.f
        pdfium.FPDFPageObj_GetBounds(item, *edges)
        end = edges[2].value - left
        before = found.get(mark)
        if before:
            joint = JOINT if abs(before.last - y) > 1 else ""
            found[mark] = before._replace(text=before.text + joint + words, last=y, right=end)
        else:
            found[mark] = Marked(words, x, y, y, end)
    return found, (min(xs), min(ys), max(xs), max(ys)) if xs else None


def _space(letter: _Letter) -> float:
    return WORD_GAP * letter.look.size


def join(runs: Sequence[Run]) -> str:
    """Return the text of runs that follow each other, with a line end where the baseline changes.

    Compatibility characters (ligatures, the bold letters of mathematics) become plain ones, and so
    do the hyphens of Unicode, which share their glyph with the hyphen of the keyboard.
    """
    text = ""
    for before, run in zip([None, *runs], runs, strict=False):
        if before and (run.page != before.page or abs(run.y - before.y) > 0.3 * before.size):
            text += "\n"
        elif before and not -RUN_GAP < (run.x - before.right) / run.size < WORD_GAP:
            text += " "
        text += run.text
    return unicodedata.normalize("NFKC", text).replace("\u2010", "-")


def _page_runs(page: Any, number: int, left: float, top: float) -> Iterator[Run]:
    groups = []
    for letter in _letters(page):
        if not groups or not _goes_on(groups[-1][-1], letter):
            groups.append([])
        groups[-1].append(letter)
    for letters in groups:
        while letters and letters[-1].text.isspace():
            letters.pop()
        while letters and letters[0].text.isspace():
            letters.pop(0)
        if letters:
            first, last = letters[0], letters[-1]
            yield Run(
                number,
                round(first.x - left, 2),
                round(top - first.y, 2),
                round(last.right - left, 2),
                first.look.size,
                first.look.font,
                _spaced(letters),
                first.look.mark,
                first.look.turned,
            )


def _goes_on(before: _Letter, letter: _Letter) -> bool:
    """True where `letter` belongs to the run that `before` ends."""
    if letter.look != before.look:
        return False
    size = letter.look.size
    # The letters of a ligature all have the place of its one glyph.
    return abs(letter.baseline - before.baseline) < 0.05 * size and (
        letter.begin == before.begin or -RUN_GAP < (letter.begin - before.end) / size < RUN_GAP
    )


def _spaced(letters: list[_Letter]) -> str:
    text = letters[0].text
    for before, letter in zip(letters, letters[1:], strict=False):
        wide = letter.begin - before.end > _space(letter)
        text += (" " if wide else "") + letter.text
    # pdfium counts a letter beyond the basic plane, such as an italic of mathematics, as two.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return " ".join(text.split())


def _letters(page: Any) -> Iterator[_Letter]:
    """Yield the letters of a page; pdfium's own spaces and line ends are left out."""
    held = page.get_textpage()
    text, looks = (
        held.raw,
        {},
    )  # the handle itself: asked for a letter at a time, its holder takes as long as the answer
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    at_x, at_y, at_box = ctypes.byref(x), ctypes.byref(y), ctypes.byref(box)
    colors: dict[int, tuple[int, ...]] = {}
    for index in range(held.count_chars()):
        item = pdfium.FPDFText_GetTextObject(text, index)
        if not item or pdfium.FPDFText_IsGenerated(text, index):
            continue
        key = ctypes.addressof(item.contents)
        if key not in looks:
            looks[key] = _look(text, index, item)
            colors[key] = _color(text, index)
        look = looks[key]
        pdfium.FPDFText_GetCharOrigin(text, index, at_x, at_y)
        pdfium.FPDFText_GetLooseCharBox(text, index, at_box)
        code = pdfium.FPDFText_GetUnicode(text, index)
        letter = "-" if code == HYPHEN and pdfium.FPDFText_IsHyphen(text, index) == 1 else chr(code)
        left, bottom, right, top = edges = box.left, box.bottom, box.right, box.top
        if look.turned:
            begin, end, baseline = {
                90: (y.value, top, -x.value),
                180: (-x.value, -left, -y.value),
                270: (-y.value, -bottom, x.value),
            }.get(look.turned, (x.value, right, y.value))
        else:
            begin, end, baseline = x.value, right, y.value
        yield _Letter(letter, x.value, y.value, *edges, begin, end, baseline, look, colors[key])


def _color(text: Any, index: int) -> tuple[int, ...]:
    parts = [ctypes.c_uint() for _ in range(4)]
    pdfium.FPDFText_GetFillColor(text, index, *parts)
    return tuple(part.value for part in parts[:3])


def _look(text: Any, index: int, item: Any) -> _Look:
    matrix, flags = pdfium.FS_MATRIX(), ctypes.c_int()
    pdfium.FPDFText_GetMatrix(text, index, matrix)
    # The size in the file times the scale of the page's and the form's transformation.
    size = pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
    length = pdfium.FPDFText_GetFontInfo(text, index, None, 0, flags)
    name = ctypes.create_string_buffer(max(length, 1))
    pdfium.FPDFText_GetFontInfo(text, index, name, length, flags)
    mark = pdfium.FPDFPageObj_GetMarkedContentID(item)
    turned = round(math.degrees(math.atan2(matrix.b, matrix.a))) % 360
    # A subset's name starts with six letters and a plus sign.
    font = name.value.decode().split("+")[-1]
    return _Look(font, round(size, 2), mark if mark >= 0 else None, turned)
