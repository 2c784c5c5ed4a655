"""The words that the press itself prints, in the language of a book; its dates and lists.

Place in the flow: under everything. `documents` and `text` print them; they stand in one file a
language, `templates/words/en.yaml`. Dates and lists are written as Babel knows them.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import yaml
from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from pydantic import BaseModel, ConfigDict, ValidationError

from press.problems import BookError, Place, Problems, near

FOLDER = Path(__file__).resolve().parent.parent / "templates" / "words"
NO_BREAK = "\u00a0"


def roman(number: int) -> str:
    """Return a small number as the pages before the first answer print it: i, iv, xii."""
    tens, ones = divmod(number, 10)
    return "x" * tens + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[ones]


class Numerals(NamedTuple):
    """How a language writes numbers: 3.14 and 101,770 and 12%, or 3,14 and 101.770 and 12 %."""

    decimal: str
    group: str
    is_percent_apart: bool


def sort_key(text: str) -> tuple[str, str]:
    """Return the key by which words stand in a list, as English, German and French have it: accents count last."""
    plain = text.casefold().replace("œ", "oe").replace("æ", "ae")
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return plain, text


class Words(BaseModel):
    """All words of a language; a file that lacks one, or has one too many, is at fault."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    language: str  # as in book.yaml, "en-US"

    page: str
    figure: str
    picture: str  # before who made one that comes from a file
    table: str
    equation: str
    example: str
    quotes: str

    reads: str
    watch_out: str
    check: str
    sources: str

    cover: str
    cover_alt: str
    draft: str
    draft_on_cover: str
    colophon: str
    made_with: str
    study: str
    contents: str
    contents_lead: str
    contents_dagger: str
    notation: str

    further: str
    further_lead: str
    problem: str
    problems: str
    solution: str
    tool: str
    toolbox: str
    uses: str
    experiment: str
    experiments: str
    solutions: str
    solutions_lead: str
    test: str

    self_tests: str
    references: str
    references_lead: str
    glossary: str
    figures: str
    tables: str
    index: str
    index_lead: str
    see_also: str
    collation: str
    number: str
    wording: str
    source_page: str
    own_page: str
    correction: str

    et_al: str
    editor: str
    editors: str
    edited_by: str  # {} stands for names
    in_book: str  # {} stands for names
    edition: str  # {} stands for "2nd"
    volume: str
    chapter: str
    in_chapter: str
    thesis: str
    phd_thesis: str
    report: str
    ordinal_one: str
    ordinal_two: str
    ordinal_few: str
    ordinal_other: str

    cards: str
    formula_sheet: str
    formulas: str
    letters: str

    divides: bool = False  # words at the ends of lines, in column and notes
    site: dict[str, str] = {}  # of the site and the check as a page; a language without them has none

    def numbered(self, kind: str, number: str) -> str:
        """Return the name of a figure, table or equation: "Figure 3.4-1"."""
        return f"{getattr(self, kind)}{NO_BREAK}{number}"

    def on_page(self, folio: int | str) -> str:
        """Return "p. 107"."""
        return f"{self.page}{NO_BREAK}{folio}"

    def dated(self, day: date) -> str:
        """Return a date in full, as in "January 31, 2026"."""
        return format_date(day, "long", locale=self._locale)

    def listed(self, items: Iterable[str]) -> str:
        """Return items as a list in a sentence, as in "one, two, and three"."""
        return format_list(list(items), locale=self._locale)

    @property
    def numerals(self) -> Numerals:
        """How numbers are written, as Babel knows it."""
        symbols = self._locale.number_symbols["latn"]
        percents = self._locale.percent_formats[None].pattern
        return Numerals(symbols["decimal"], symbols["group"], bool(re.search(r"\s", percents)))

    def ordinal(self, number: int) -> str:
        """Return "2nd"; which ending a number has is known to Babel."""
        return f"{number}{getattr(self, f'ordinal_{self._locale.ordinal_form(number)}', self.ordinal_other)}"

    @property
    def _locale(self) -> Locale:
        return Locale.parse(self.language, sep="-")


def languages() -> list[str]:
    """Return the languages in which the press has words."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def _known() -> str:
    return ", ".join(languages())


def read_words(language: str, place: Place, problems: Problems) -> Words:
    """Return the words of a language; `place` says where the book names it. Raises BookError."""
    try:
        file = FOLDER / f"{Locale.parse(language, sep='-').language}.yaml"
        return Words(language=language, **yaml.safe_load(file.read_text(encoding="utf-8")))
    except (UnknownLocaleError, ValueError) as error:
        if not isinstance(error, ValidationError):
            problems.add(place, f"{language!r} is no language", f"there are words in {_known()}; write it as in en-US")
        for fault in error.errors() if isinstance(error, ValidationError) else ():
            name = fault["loc"][0]
            what = {"missing": f"the word {name!r} is missing", "extra_forbidden": f"{name!r} is no word of the press"}
            problems.add(Place(file), what.get(fault["type"], f"{name}: {fault['msg']}"), "compare it with en.yaml")
    except FileNotFoundError:
        how = near(language.partition("-")[0], languages(), f"there are words in {_known()}, or write {file}")
        problems.add(place, f"the press has no words in {language!r}", how)
    raise BookError(problems.found)
