"""Read a book up to the point where formulas are set: enough for every fault of its texts, in milliseconds.

Figures are not drawn: `numbers/line` is there by name, 112 mm wide.
"""

from pathlib import Path
from types import SimpleNamespace

from press.content import tree
from press.content.works import read_references
from press.pictures.figures import Drawings
from press.problems import BookError, Place, Problems
from press.text import resolve
from press.text.uses import read_texts
from press.words import read_words

MM = 72 / 25.4
WORDS = read_words("en-US", Place(Path("book.yaml")), Problems())
LINE = SimpleNamespace(
    page=SimpleNamespace(key="line", width=112 * MM), sheet=112 * MM, place=Place(Path("numbers.py"), 1)
)
NUMBERS = {"values": {"third": 1 / 3, "nan": float("nan"), "inf": float("inf"), "half": 0.5, "list": [1.0, 2.0]}}


def read(folder, numbers=None, figures=None):
    """Return (Texts or None, works, faults) of a book."""
    problems = Problems()
    texts, works = None, {}
    try:
        book = tree.load(folder, problems)
        results = {"numbers": NUMBERS} if numbers is None else numbers
        drawings = Drawings(figures or {"numbers/line": LINE}, results, {}, {}, [], 0, 0)
        texts = read_texts(book, results, WORDS, problems)
        works = read_references(book.path(book.meta.references), texts.citations, WORDS, problems)
        resolve.resolve(book, texts, drawings, {}, problems)
        problems.stop_if_any()
    except BookError as error:
        return texts, works, error.problems
    return texts, works, []


def told(folder):
    """Return the faults of a book as lines, paths relative to it."""
    return [str(problem).replace(f"{folder.resolve()}/", "") for problem in read(folder)[2]]
