"""What a language changes beside the words of the press: numbers, quotes, order, divided words, formulas."""

import pytest
from conftest import TinyBook

from press.pdf.records import open_file, read_back
from press.pdf.tags import walk
from press.problems import Place, Problems
from press.text.numbers import fill_in
from press.text.parser import parser
from press.text.parsing import parse_text
from press.words import Numerals, read_words, sort_key

NUMBERS = {"a": {"b": {"third": 1 / 3, "many": 101770, "share": 0.1234, "half": 0.5, "small": 2e-6, "few": [0.5, 1.0]}}}


@pytest.mark.parametrize(
    ("asked", "en", "de", "fr"),
    [
        ("third | fixed(2)", "0.33", "0,33", "0,33"),
        ("many | thousands", "101,770", "101.770", "101\u202f770"),
        ("share | percent(1)", "12.3%", "12,3\u00a0%", "12,3\u00a0%"),
        ("half", "0.5", "0,5", "0,5"),
        ("third | general(3)", "0.333", "0,333", "0,333"),
    ],
)
def test_computed_numbers_are_written_as_the_language_has_them(asked, en, de, fr):
    for language, wanted in (("en-US", en), ("de-DE", de), ("fr-FR", fr)):
        assert shown(language, f"{{{{ a.b.{asked} }}}}") == wanted


def shown(language, text):
    """Return the words of a text with its numbers filled in."""
    place, problems = Place("a.yaml", 1), Problems()
    words = read_words(language, place, problems)
    filled = fill_in(text, NUMBERS, words.numerals, place, problems)
    tokens = parse_text(parser(words.quotes), filled, place, problems)
    assert problems.found == []
    return tokens[1].children[0].content


@pytest.mark.parametrize(
    ("asked", "de"),
    [
        ("third | fixed(2)", "0{,}33"),
        ("small | sci", r"2{,}0 \times 10^{-6}"),
        ("few | row", r"0{,}50,\; 1{,}00"),
        ("share | percent", r"12\,\%"),
    ],
)
def test_in_mathematics_too(asked, de):
    assert shown("de-DE", f"${{{{ a.b.{asked} }}}}$") == de


def test_texts_of_results_are_no_numbers():
    place, problems = Place("a.yaml", 1), Problems()
    numbers = {"a": {"b": {"name": "version 1.5"}}}
    assert fill_in("{{ a.b.name }}", numbers, Numerals(",", ".", True), place, problems) == "version 1.5"


def test_words_are_sorted_without_their_accents():
    words = ["Zahn", "Öl", "Ofen", "Œuvre", "élan", "Esel", "Straße", "Strasse"]
    assert sorted(words, key=sort_key) == ["élan", "Esel", "Œuvre", "Ofen", "Öl", "Strasse", "Straße", "Zahn"]


@pytest.fixture(scope="module")
def german(tmp_path_factory):
    """A German book with terms that begin with umlauts, quotes, long words; return the path of its A4 file."""
    import shutil

    from conftest import BOOKS

    folder = tmp_path_factory.mktemp("german")
    book = TinyBook(folder / "book")
    shutil.copytree(BOOKS / "plain", book.folder)
    book.replace("book.yaml", "en-US", "de-DE")
    terms = "".join(f"  - term: {term}\n    text: Ein Wort.\n" for term in ("Zahn", "Öl", "Ofen"))
    book.replace("1.1.yaml", "opener", f"terms:\n{terms}opener")
    long = "Donaudampfschifffahrtsgesellschaftskapitäne und Fahrradschlauchreparaturkästen " * 6
    said = "Ein **Zahn**, **Öl**, ein **Ofen** und \"ein 'Rad'\", $x = 9{,}81$."
    book.replace("1.1.yaml", "It keeps its axle at one height.", f"{said} {long}")
    book.make()
    return book.out / "plain-a4.pdf"


def test_a_german_book(german):
    printed = read_back(german)
    text = " ".join(run.text for run in printed.runs)
    assert "„ein ‚Rad‘“" in text
    back = [run.text.split()[0].strip(",") for run in printed.runs if run.page == printed.runs[-1].page]
    assert [word for word in back if word in ("Zahn", "Öl", "Ofen")] == 2 * ["Ofen", "Öl", "Zahn"]
    lines = [run.text for run in printed.runs if run.text.endswith("-")]
    assert len(lines) > 3, "long words are divided"


def test_formulas_say_in_which_language_they_are_spoken(german, tiny):
    with open_file(german) as pdf:
        formulas = [element for element in walk(pdf) if element.kind == "Formula"]
        assert formulas and all(str(element.item.Lang) == "en" for element in formulas)
        assert str(pdf.Root.Lang) == "de-DE"
    tiny.make()
    with open_file(tiny.out / "tiny-a4.pdf") as pdf:
        assert not any("/Lang" in element.item for element in walk(pdf) if element.kind == "Formula")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("tlh", "'tlh' is no language (there are words in de, en, fr; write it as in en-US)"),
        ("it-IT", "the press has no words in 'it-IT' (there are words in de, en, fr, or write "),
        ("klingon", "'klingon' is no language tag (use a tag such as en-US; there are words in de, en, fr)"),
    ],
)
def test_an_unknown_language_is_told_with_those_there_are(tiny, language, told):
    faults = tiny.replace("book.yaml", "en-US", language).faults()
    assert len(faults) == 1 and told in faults[0]
