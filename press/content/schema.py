"""What may stand in the content tree: the fields of a question, a section, `book.yaml` and the notation.

Place in the flow: `tree` reads the YAML files into these models. CONTRIBUTING.md shows a
section filled in, `tests/books/base/book.yaml` the other.
"""

from datetime import date
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, RootModel


class Strict(BaseModel):
    """A model that takes no unknown key and converts no type."""

    model_config = ConfigDict(strict=True, extra="forbid")


class SelfTest(Strict):
    """A self-test: the question stands in the margin, the answer at the end of the book."""

    ask: str = Field(min_length=1)
    answer: str = Field(min_length=1)


class KeyFormula(Strict):
    """A key formula, for the cards and the formula sheet."""

    name: str = Field(min_length=1)
    tex: str = Field(min_length=1)


class Term(Strict):
    """A glossary entry: the term, its explanation, other forms of the word, see-also terms."""

    term: str = Field(min_length=1)
    text: str = Field(min_length=1)
    forms: list[str] = []
    see: list[str] = []


class Node(Strict):
    """What a question, or a section that is an answer itself, says."""

    number: str
    title: str
    reads: str | None = None
    reason: str | None = None
    page: int
    key: str | None = Field(default=None, min_length=1)
    formulas: list[KeyFormula] = []
    answer: str | None = Field(default=None, min_length=1)
    watch_out: str | None = Field(default=None, min_length=1)
    check: list[SelfTest] = []
    card: str | None = Field(default=None, min_length=1)  # the question on the study card, where the title is none


class Section(Node):
    """A section: an opener and its questions, or an answer of its own, and the terms that it owns."""

    opener: str | None = Field(default=None, min_length=1)
    terms: list[Term] = []
    questions: list[Node] = []


class Problem(Strict):
    """A problem of Going further; its solution stands in the part of answers and solutions."""

    ask: str = Field(min_length=1)
    solution: str = Field(min_length=1)


class Further(Strict):
    """What goes further on one answer, and its problems."""

    number: str
    text: str = Field(min_length=1)
    problems: list[Problem] = []


class FurtherSection(Strict):
    """`further/3.4.yaml`: what goes further on the answers of a section."""

    number: str
    terms: list[Term] = []
    questions: list[Further] = Field(min_length=1)


class Tool(Strict):
    """A tool of the toolbox: `id` is the name by which texts refer to it."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str = Field(min_length=1)
    text: str = Field(min_length=1)


class Toolbox(Strict):
    """`toolbox.yaml`: the mathematics that the book uses beyond what it asks of its reader."""

    terms: list[Term] = []
    tools: list[Tool] = Field(min_length=1)


class Experiments(Strict):
    """`experiments.yaml`: the data sets, and the experiments in the order in which they are printed."""

    terms: list[Term] = []
    text: str = Field(min_length=1)
    experiments: list[str] = Field(min_length=1)  # "module.function" of figures/, decorated @experiment


class Metadata(Strict):
    """`book.yaml`: what stands on the title page, and where the parts are (paths from its folder)."""

    title: str
    subtitle: str
    author: str
    edition: str
    date: date
    language: str
    subject: str
    keywords: list[str]
    file: str
    first_page: int
    draft: bool = False
    source: str
    figures: str
    notation: str
    references: str
    sections: list[str]
    cover: str | None = None  # id of the figure on the cover
    study: str = Field(min_length=1)  # Markdown: how to study with this book
    colophon: str = Field(min_length=1)  # Markdown: licenses, sources, where to report an error
    collation: str = Field(min_length=1)  # Markdown: how the book's wording is compared with the source's


class Sign(NamedTuple):
    """A row of the notation: LaTeX, and what it means in Markdown."""

    symbol: str
    meaning: str


class Group(Strict):
    """Signs that belong together, under a heading."""

    group: str = Field(min_length=1)
    rows: list[Sign] = Field(min_length=1)


class Notation(RootModel[list[Group]]):
    """`notation.yaml`."""
