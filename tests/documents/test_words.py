"""The words of the press stand in one file: in another language no English one is left in print."""

import re

import pytest
import yaml
from conftest import ROOT

from press import words
from press.pdf.records import read_back

ENGLISH = yaml.safe_load((ROOT / "templates" / "words" / "en.yaml").read_text(encoding="utf-8"))
BOOK = {  # what the tiny book says, in a language of which no word is English
    "1.1.yaml": [
        ("opener: |\n  Two questions about numbers.", "opener: |\n  Du demandoj pri nombroj."),
        ("First section", "Unua sekcio"),
        ("What is one?", "Kio estas unu?"),
        ("What is two?", "Kio estas du?"),
        ("reads: What is the number one?", "reads: Kio estas la nombro unu?"),
        ("The article is missing.", "Mankas la artikolo."),
        ("One is the unit.", "Unu estas la unuo."),
        ("name: One", "name: Unu"),
        ("One is the **unit** [", "Unu estas la **unuo** ["),
        ("and $x_1 + 1 = 2$ leads to", "kaj $x_1 + 1 = 2$ kondukas al"),
        ("The value of {{", "La valoro {{"),
        ("is computed. See [](fig:numbers/line) and", "estas «kalkulita». Vidu [](fig:numbers/line) kaj"),
        ("A line. It rises.", "Linio. Ĝi kreskas."),
        ("A straight line that rises from the lower left to the upper right.", "Rekta linio."),
        ("Two squares.", "Du kvadratoj."),
        ("| Number | Square |", "| Nombro | Kvadrato |"),
        ("| one | 1 |\n      | two | 4 |", "| unu | 1 |\n      | du | 4 |"),
        ("One is not a prime.", "Unu ne estas primo."),
        ("Is one a prime?", "Ĉu unu estas primo?"),
        ("No, it is a unit.", "Ne, ĝi estas unuo."),
        ("Two is a pair.", "Du estas paro."),
        ("A **pair** of {ix}`units`, by", "**Paro** el {ix}`unuoj`, laŭ"),
        ("What is $1 + 1$?", "Kiom estas $1 + 1$?"),
        ("It is $2$.", "Ĝi estas $2$."),
        ("term: unit", "term: unuo"),
        ("text: The number one.", "text: La nombro unu."),
        ("forms: [units]", "forms: [unuoj]"),
        ("term: pair", "term: paro"),
        ("text: Two things.", "text: Du aĵoj."),
        ("see: [unit]", "see: [unuo]"),
    ],
    "1.2.yaml": [
        ("A section that is an answer", "Sekcio kiu respondas"),
        ("It has no questions.", "Ĝi ne havas demandojn."),
        ("So it answers itself.", ":::{example} Du kaj du\n  Ĝi respondas sin.\n  :::"),
    ],
    "contents.txt": [
        ("1) Question:", "1) Demando:"),
        ("2) Answer:", "2) Respondo:"),
        ("References:", "Literaturo:"),
        ("First section", "Unua sekcio"),
        ("What is one?", "Kio estas unu?"),
        ("What is two?", "Kio estas du?"),
        ("A section that is an answer", "Sekcio kiu respondas"),
    ],
    "notation.yaml": [("Numbers", "Nombroj"), ("A count", "Nombro"), ("An unknown, ", "Nekonata, ")],
    "book.yaml": [
        ("A Tiny Book", "Eta Libro"),
        ("for one test", "por unu provo"),
        ("author: Tests", "author: Provoj"),
        ("First edition", "Unua eldono"),
        ("en-US", "eo"),
        ("testing", "provado"),
        ("[tests]", "[provoj]"),
        ("1) Question:", "1) Demando:"),
        ("2) Answer:", "2) Respondo:"),
        ("References:", "Literaturo:"),
        ("Read it.", "Legu."),
        ("Made for a test.", "Farita por provo."),
        ("Line by line.", "Linio post linio."),
    ],
}


@pytest.fixture
def esperanto(tiny, monkeypatch):
    """The tiny book in another language, whose words stand in the tests."""
    monkeypatch.setattr(words, "FOLDER", ROOT / "tests" / "words")
    monkeypatch.setattr("press.proof.rawwords.FOLDER", ROOT / "tests" / "words")
    for file, pairs in BOOK.items():
        for old, new in pairs:
            tiny.replace(file, old, new)
    return tiny


def phrases():
    """Return the English words that the press knows, each as a reader would find it."""
    said = [
        ENGLISH[name]
        for name in ENGLISH
        if name not in ("quotes", "page", "made_with", "site", "divides") and "{}" not in ENGLISH[name]
    ]
    return [*said, "Made with", "1) Question:", "2) Answer:", "References:", "January"]


def test_a_book_in_another_language_prints_no_english_word_of_the_press(esperanto):
    printed = [read_back(path) for path in esperanto.make().paths if path.suffix == ".pdf"]
    texts = [" ".join(run.text for run in file.runs) for file in printed]
    texts += [mark.title for file in printed for mark in file.bookmarks] + [file.metadata["Title"] for file in printed]
    whole = "\n".join(texts)
    left = [words for words in phrases() if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", whole)]
    assert left == []
    for told in ("Figuro 1.1-1", "Tabelo 1.1-1", "Ekzemplo.", "LEGU", "Atentu", "31 Januaro 2026", "vidu ankaŭ"):
        assert told in whole.replace("\u00a0", " "), told


@pytest.mark.parametrize(
    "language, told",
    [
        (
            "de-DE",
            ("Abbildung 1.1-1", "LIES", "Vorsicht", "31. Januar 2026", "siehe auch", "Register", "Vergleich mit der"),
        ),
        (
            "fr-FR",
            ("Tableau 1.1-1", "LIRE", "Attention", "31 janvier 2026", "voir aussi", "Glossaire", "Collation avec"),
        ),
    ],
)
def test_german_and_french_have_their_words(tiny, language, told):
    for file, pairs in BOOK.items():
        for old, new in pairs:
            tiny.replace(file, old, language if new == "eo" else new)
    file = ROOT / "templates" / "words" / f"{language[:2]}.yaml"
    own = {said for said in yaml.safe_load(file.read_text(encoding="utf-8")).values() if isinstance(said, str)}
    whole = " ".join(run.text for path in tiny.make().paths if path.suffix == ".pdf" for run in read_back(path).runs)
    whole = whole.replace("\u00a0", " ")
    for words_told in told:
        assert words_told in whole, words_told
    left = [said for said in phrases() if said not in own and re.search(rf"(?<!\w){re.escape(said)}(?!\w)", whole)]
    assert left == []


def test_english_stands_in_its_own_file(tiny):
    whole = " ".join(run.text for path in tiny.make().paths if path.suffix == ".pdf" for run in read_back(path).runs)
    for name in ("figure", "reads", "watch_out", "check", "glossary", "index", "collation", "see_also", "study"):
        assert ENGLISH[name] in whole, name


@pytest.mark.parametrize(
    "language, told",
    [
        ("tlh", "book.yaml:6: 'tlh' is no language (there are words in"),
        ("it-IT", "book.yaml:6: the press has no words in 'it-IT'"),
    ],
)
def test_a_language_without_words_is_told_where_the_book_names_it(tiny, language, told):
    faults = tiny.replace("book.yaml", "en-US", language).faults()
    assert len(faults) == 1 and faults[0].startswith(told)


def test_a_words_file_that_lacks_a_word_is_told_with_it(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(words, "FOLDER", tmp_path)
    said = {name: value for name, value in ENGLISH.items() if name != "glossary"} | {"glosary": "Glossary"}
    (tmp_path / "en.yaml").write_text(yaml.safe_dump(said), encoding="utf-8")
    faults = tiny.faults()
    assert [fault.partition(": ")[2] for fault in faults] == [
        "the word 'glossary' is missing (compare it with en.yaml)",
        "'glosary' is no word of the press (compare it with en.yaml)",
    ]


def test_a_heading_that_the_source_does_not_have(tiny):
    tiny.replace("book.yaml", '"2) Answer:"', '"2) Answers:"')
    assert tiny.faults() == ["book.yaml:14: '2) Answers:' is no line of contents.txt (write it as the source has it)"]
