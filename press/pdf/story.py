"""Read a finished PDF as a story: its words in reading order, block by block, with formulas and links.

Place in the flow: after the last stage that writes. `proof.printed` compares the story with the tree.
What counts is what stands on the page: words come from pdfium, as a reader's program finds them, a
text object at a time; the structure tree only says which of them belong together, and in what order.
"""

import unicodedata
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf

from press.pdf.records import Places, Target
from press.pdf.runs import JOINT, Marked, Reach, read_marked
from press.pdf.tags import kids

# What stands in the text for a formula or a picture.
FORMULA, PICTURE = "\ufffc", "\ufffb"
# Elements that hold lines of text; what stands in them, and is none of them, is within a line.
HOLDERS = {"P", "H1", "H2", "H3", "H4", "Caption", "TD", "TH", "LBody", "Lbl"}
ALWAYS_WITHIN = {"Span", "Link", "Code", "Em", "Strong"}
FAR = 6  # points: a gap on a line that is wider parts words
# What a blank may be, and how hyphens may be written that end a line or stand in a word.
PLAIN = str.maketrans({"\u2010": "-", "\u2011": "-", "\u00ad": "-", "\x02": "-", "\ufffe": "-", "\u00a0": " "})


class Reference(NamedTuple):
    """A link inside the file: its words, the page that it stands on, and where it leads."""

    words: str
    target: Target | None
    page: int


class Block(NamedTuple):
    """A paragraph, heading, cell or line of a list: its words, JOINT where its lines of print meet.

    `x` and `y` are where its first words begin, in points from the top left corner of the crop box.
    `spoken` are the alternative texts of its formulas, in order, and `pictures` those of its pictures.
    """

    kind: str
    page: int
    x: float
    y: float
    words: str
    spoken: list[str]
    pictures: list[str]
    references: list[Reference]


class Story(NamedTuple):
    """A file: the label, width and height of each page, its blocks in reading order, and its metadata.

    `reach` is that of the words of each page, those outside its crop box too.
    """

    labels: list[str]
    sizes: list[tuple[float, float]]
    blocks: list[Block]
    metadata: dict[str, str]
    reach: list[Reach]


def read_story(path: Path) -> Story:
    """Read the PDF at `path`."""
    with pikepdf.open(path) as pdf:
        boxes = [[float(value) for value in page.cropbox] for page in pdf.pages]
        places = Places(pdf, boxes)
        marked, reach = zip(*read_marked(path, boxes), strict=True)
        reader = _Reader(places, list(marked))
        reader.read(pdf.Root.get("/StructTreeRoot", pikepdf.Dictionary()), None, False)
        reader.close()
        return Story(
            [page.label for page in pdf.pages],
            [(box[2] - box[0], box[3] - box[1]) for box in boxes],
            reader.blocks,
            {str(key)[1:]: str(value) for key, value in pdf.docinfo.items()},
            list(reach),
        )


class _Reader:
    """Walks the structure tree and gathers blocks."""

    def __init__(self, places: Places, marked: list[dict[int, Marked]]) -> None:
        self.places, self.marked = places, marked
        self.blocks = []
        self.kind = ""
        self.page: int | None = None
        self.where: tuple | None = None
        self.last: tuple | None = None  # page, baseline and right end of the words before
        self.words, self.spoken, self.pictures = [], [], []
        self.links = []  # (first word, after the last, target, page)

    def close(self) -> None:
        """End the block that is being gathered."""
        words = "".join(self.words).strip(" " + JOINT)
        if words:
            page, x, y = self.where or (self.page or 0, 0.0, 0.0)
            references = [Reference(self.plain(start, end), *rest) for start, end, *rest in self.links]
            words = unicodedata.normalize("NFKC", words)
            self.blocks.append(Block(self.kind, page, x, y, words, self.spoken, self.pictures, references))
        self.where = self.last = None
        self.words, self.spoken, self.pictures, self.links = [], [], [], []

    def plain(self, start: int, end: int) -> str:
        """Return a part of the words in one line."""
        return unicodedata.normalize("NFKC", " ".join("".join(self.words[start:end]).split()))

    def read(self, node: Any, page: int | None, within: bool) -> None:
        """Read an element and what it holds; `within` says that it stands within a line."""
        kind = str(node.get("/S", "/"))[1:]
        if "/Pg" in node:
            page = self.places.numbers.get(node.Pg.objgen)
        if kind in ("Formula", "Figure"):
            self.picture(node, page, kind == "Formula")
            return
        is_block = kind not in ALWAYS_WITHIN and not (within and kind == "NonStruct")
        if is_block:
            self.begin(kind, page)
        start, target = len(self.words), None
        for kid in kids(node):
            if isinstance(kid, int):
                self.text(page, kid)
            elif "/S" in kid:
                self.read(kid, page, kind in HOLDERS or not is_block)
                if is_block and self.kind != kind:  # a block in it has ended
                    self.begin(kind, page)
            elif "/MCID" in kid:
                self.text(self.places.numbers.get(kid.Pg.objgen) if "/Pg" in kid else page, int(kid.MCID))
            elif "/Obj" in kid and kind == "Link":
                target = kid.Obj
        if target is not None and "/URI" not in target.get("/A", pikepdf.Dictionary()):
            self.link(start, page, self.places.target(target))
        if is_block:
            self.begin("", page)

    def begin(self, kind: str, page: int | None) -> None:
        """End the block that is being gathered and begin another."""
        self.close()
        self.kind, self.page = kind, page

    def link(self, start: int, page: Any, target: Target | None) -> None:
        """Note a link; pieces of one on several lines of print, or one within another, are one."""
        while self.links and self.links[-1][0] >= start:  # inside this one
            self.links.pop()
        if self.links and self.links[-1][2] == target and not "".join(self.words[self.links[-1][1] : start]).strip():
            start, _, _, page = self.links.pop()
        self.links.append((start, len(self.words), target, page))

    def picture(self, node: Any, page: Any, is_formula: bool) -> None:
        """Note a formula or a picture, where one stands."""
        (self.spoken if is_formula else self.pictures).append(str(node.get("/Alt", "")))
        self.words.append(FORMULA if is_formula else PICTURE)

    def text(self, page: Any, mark: int) -> None:
        """Add the words of a marked content."""
        words = self.marked[page].get(mark) if page is not None else None
        if words is None:
            return
        if self.where is None:
            self.where = (page, words.x, words.first)
        if self.last is not None and (self.last[0] != page or abs(self.last[1] - words.first) > 1):
            self.words.append(JOINT)
        elif self.last is not None and words.x - self.last[2] > FAR:
            self.words.append(" ")  # pdfium has none before a single letter
        self.words.append(words.text.translate(PLAIN))
        self.last = (page, words.last, words.right)
