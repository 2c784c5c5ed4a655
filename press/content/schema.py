"""What may stand in the content tree: the fields of a question, a section, `book.yaml` and the notation.

Place in the flow: `tree` reads the YAML files into these models. CONTRIBUTING.md shows a
section filled in, `tests/books/base/book.yaml` the other.
"""

import re
from datetime import date
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel
from pydantic_core import PydanticCustomError

from press.words import languages

LONGEST_FIELD = 50_000  # characters; see docs/limits.md
LONGEST_LINE = 1_000
LAST_PAGE = 9_999
TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


def _written(text):
    if not text.strip():
        raise PydanticCustomError("string_too_short", "empty")
    if len(text) > LONGEST_FIELD:
        raise ValueError(f"a text of {len(text):,} characters (part it; {LONGEST_FIELD:,} are the most)")
    return text


def _line(text):
    _written(text)
    if "\n" in text.strip():
        raise ValueError("more than one line (write it in one)")
    if len(text) > LONGEST_LINE:
        raise ValueError(f"a line of {len(text):,} characters (shorten it; {LONGEST_LINE} are the most)")
    return text


def _number(text):
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3}){1,3}", text):
        raise ValueError(f'{text[:20]!r} is no number (quote it and write dots between figures, as in "1.10")')
    return text


def _language(text):
    if not TAG.fullmatch(text):
        known = ", ".join(languages())
        raise ValueError(f"{text[:20]!r} is no language tag (use a tag such as en-US; there are words in {known})")
    return text


def _name(text):
    if not NAME.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no name of a file (use letters, digits, - and _ only)")
    return text


def _inside(text):
    if text.startswith(("/", "\\", "~")) or ".." in text.replace("\\", "/").split("/") or "\0" in text or not text:
        raise ValueError(f"{text[:40]!r} leads out of the book's folder (name a file in it)")
    return text


def _beside(text):
    if text.startswith("../"):
        _inside(text[3:])
    else:
        _inside(text)
    return text


Text = Annotated[str, AfterValidator(_written)]  # Markdown or LaTeX, not blank
Line = Annotated[str, AfterValidator(_line)]  # plain words in one line, not blank
Number = Annotated[str, AfterValidator(_number)]
Page = Annotated[int, Field(ge=1, le=LAST_PAGE)]
Inside = Annotated[str, AfterValidator(_inside)]  # a file of the book


class Strict(BaseModel):
    """A model that takes no unknown key and converts no type."""

    model_config = ConfigDict(strict=True, extra="forbid")


class SelfTest(Strict):
    """A self-test: the question stands in the margin, the answer at the end of the book."""

    ask: Text
    answer: Text


class KeyFormula(Strict):
    """A key formula, for the cards and the formula sheet."""

    name: Text
    tex: Text
    letters: Text | None = None  # what its letters mean, where the notation does not say it: "$q$ a share, $n$ trials"


class Term(Strict):
    """A glossary entry: the term, its explanation, other forms of the word, see-also terms."""

    term: Line
    text: Text
    forms: list[Line] = []
    see: list[Line] = []


class Node(Strict):
    """What a question, or a section that is an answer itself, says."""

    number: Number
    title: Line
    reads: Line | None = None
    reason: Line | None = None
    page: Page
    key: Text | None = None
    formulas: list[KeyFormula] = []
    answer: Text | None = None
    watch_out: Text | None = None
    check: list[SelfTest] = []
    card: Line | None = None  # the question on the study card, where the title is none


class Section(Node):
    """A section: an opener and its questions, or an answer of its own, and the terms that it owns."""

    opener: Text | None = None
    terms: list[Term] = []
    questions: list[Node] = []


class Headings(Strict):
    """What the source has above its questions, above its answers, and above its references."""

    contents: Line | None = None
    answers: Line | None = None
    references: Line | None = None


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
    """`toolbox.yaml`: what the book uses beyond what it asks of its reader."""

    terms: list[Term] = []
    lead: Line | None = None
    tools: list[Tool] = Field(min_length=1)


class Experiments(Strict):
    """`experiments.yaml`: the data sets, and the experiments in the order in which they are printed."""

    terms: list[Term] = []
    text: str = Field(min_length=1)
    rows: dict[str, Line] = Field(min_length=1)  # what each card tells, in its order, and what the row is called
    experiments: list[str] = Field(min_length=1)  # "module.function" of figures/, decorated @experiment


class License(Strict):
    """Under what terms the book may be used: the name as the file's metadata has it, and where it is read."""

    name: str
    url: str


class Metadata(Strict):
    """`book.yaml`: what stands on the title page, and where the parts are (paths from its folder).

    A part that stands under its usual name need not be named; where nothing stands there, the book does without.
    """

    title: Line
    subtitle: Line | None = None
    audience: Line | None = None  # for whom the book is, on the cover and the title page
    author: Line
    edition: Line | None = None
    date: date
    language: Annotated[str, AfterValidator(_language)]
    subject: Line | None = None  # in the file's metadata, and on the site
    keywords: list[Line] = []
    file: Annotated[str, AfterValidator(_name)]
    first_page: Page
    draft: bool = False
    source: Inside = "contents.txt"
    headings: Headings = Headings()
    figures: Annotated[str, AfterValidator(_beside)] = "figures"  # in the book's folder, or a folder beside it
    notation: Inside = "notation.yaml"
    references: Inside = "references.bib"
    sections: list[Inside] = Field(min_length=1)
    license: License | None = None
    cover: Line | None = None  # id of the figure on the cover
    study: Text | None = None  # Markdown: how to study with this book
    colophon: Text | None = None  # Markdown: licenses, sources, where to report an error
    collation: Text | None = None  # Markdown: how the book's wording is compared with the source's


class Sign(NamedTuple):
    """A row of the notation: LaTeX, and what it means in Markdown."""

    symbol: Text
    meaning: Text


class Spoken(Strict):
    """How the signs of a group are said, where the language alone would say something else."""

    signs: dict[str, Line] = {}  # "⊙": times entry by entry
    upper_index: Line = ""  # what stands before the upper index of a^{(l)}: of layer
    upper_index_letters: list[Line] = []  # and for which letters
    functions: list[Line] = []  # letters that stand for functions when parentheses follow


class Group(Strict):
    """Signs that belong together, under a heading."""

    group: Line
    rows: list[Sign] = Field(min_length=1)
    letters: list[Text] = []  # the same in short, for cards and the formula sheet: "$B$ batch size"
    spoken: Spoken = Spoken()


class Prose(Strict):
    """`prose.yaml`: the book's own rules of prose, which `build.py check-text` runs."""

    american: bool = False
    instead: dict[str, Line] = {}
    never: list[Line] = []
    signs: dict[str, Line] = {}
    longest_sentence: int | None = None
    known: list[Line] = []


class Notation(RootModel[list[Group]]):
    """`notation.yaml`."""
