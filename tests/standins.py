"""The real tree without slips, and stand-ins for what takes long: drawings, results, set formulas, works.

`losses` reads each mutant against them: what counts there is whether all that is written is printed.
"""

import re
from pathlib import Path
from types import SimpleNamespace

import slips

from press.content.tree import load
from press.page import PAGE
from press.pictures.figures import Drawings, Experiment
from press.problems import Place, Problems
from press.proof import wanted
from press.text.resolve import HEAD
from press.text.uses import read_texts
from press.words import read_words

WORDS = read_words("en-US", Place(Path("book.yaml")), Problems())
FIGURE = Place(Path("figure"))


class Formulas(dict):
    """A stand-in for the picture of each formula; its address says which formula it shows."""

    latex: list[str] = []

    def get(self, key, default=None):
        self.latex.append(key[0])
        page = SimpleNamespace(key=f"formula-{len(self.latex) - 1}", width=100.0, height=10.0)
        return SimpleNamespace(page=page, width=1.0, depth=0.0, spoken="")


class Keys(dict):
    """Works of every key, with their key for a number."""

    def get(self, key, default=None):
        return key

    def __contains__(self, key):
        return True

    def __getitem__(self, key):
        return SimpleNamespace(number=key)


class Places(dict):
    """A page for every anchor."""

    def get(self, key, default=None):
        return 88

    def __contains__(self, key):
        return True

    def __getitem__(self, key):
        return 88


class Whole:
    """The real tree as it is without slips, read twice: by the press, and by its second reading."""

    def __init__(self):
        problems = Problems()
        self.book = load(slips.BOOK, problems)
        self.numbers = every_number(slips.BOOK)
        self.texts = read_texts(self.book, self.numbers, WORDS, problems)
        problems.stop_if_any()
        self.raw = wanted.read_book(slips.BOOK, self.numbers)
        self.raw.work_numbers = Keys()
        self.drawings = Drawings(*self._drawn(), 0, 0)

    def _drawn(self):
        """Return figures of the widths that the texts name, results and experiments."""
        figures = {}
        for item in self.texts.numbered.values():
            if item.kind == "figure":
                width = PAGE.widths[item.block.options.get("width", "column")].pt
                page = SimpleNamespace(key="figure", width=width, height=10.0)
                figures[item.block.argument] = SimpleNamespace(page=page, sheet=width, file=None, place=FIGURE)
        cover = self.book.meta.cover
        figures[cover] = SimpleNamespace(page=SimpleNamespace(key="cover", width=100.0), place=FIGURE)
        part = self.book.parts.experiments.node
        card = {name: name for name in (*HEAD, *part.rows)} | {"entry": self.book.entries[0].number}
        names = part.experiments
        return figures, self.numbers, {name: Experiment(card, FIGURE) for name in names}, {}, []


def every_number(folder):
    """Return results of the shape that the texts of a book ask for, all of them 7."""
    shapes: dict = {}  # names and, for each place in a list, ""
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.yaml")]
    asked = re.compile(r"\{\{-?\s*([A-Za-z_]\w*(?:\.\w+)*)((?:\[\d+\])*)\s*\|?\s*(\w*)")
    for name, indices, which in asked.findall("\n".join(texts)):
        here = shapes
        depth = indices.count("[") + {"row": 1, "column": 1, "matrix": 2}.get(which, 0)
        for part in [*name.split("."), *[""] * depth]:
            here = here.setdefault("" if part.isdigit() else part, {})
    return {name: _sevens(shape) for name, shape in shapes.items()}


def _sevens(shape):
    if "" in shape:
        return [_sevens(shape[""])] * 30
    return {name: _sevens(inner) for name, inner in shape.items()} or 7
