"""`new` and `add`: a book that builds at once, in each language; an empty tree from a contents list; one more entry."""

import json

import pytest
from conftest import TinyBook

from press import pipeline
from press.content import tree
from press.pdf.records import read_back
from press.problems import BookError, PressError, Problems
from press.site import publishing
from press.starting import adding, new

LIST = """\ufeffTable of contents
1.1 Wheels ........ 1
1.1.1\tWhy round?1
1.1.3 Why “spokes”, and # why so many? . . . . 2
1.4 Brakes 3
Answers
"""


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """Return a function that gives the small book of a language, made once."""
    made = {}

    def give(language):
        if language not in made:
            folder = tmp_path_factory.mktemp(language) / "My Book"
            new.small_book(folder, language)
            made[language] = folder
        return made[language]

    return give


@pytest.fixture(scope="module")
def edition(begun):
    """Return a function that gives the small book of a language and what was made of it, made once."""
    made = {}

    def give(language):
        if language not in made:
            book = TinyBook(begun(language))
            made[language] = book, book.make(("a4", "letter"))
        return made[language]

    return give


@pytest.mark.parametrize(("language", "told"), [("de", "Die Prüfung"), ("fr", "La vérification")])
def test_a_new_book_has_its_site_in_its_language(edition, language, told):
    book, _ = edition(language)
    made = publishing.make(book.folder, book.out, pipeline.Build())
    text = (made / "index.html").read_text("utf-8")
    assert f'<html lang="{language}-{language.upper()}"' in text and told in text
    assert ">The check<" not in text and "Get the book" not in text


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_a_new_book_is_right_at_once(edition, language):
    book, made = edition(language)
    assert made.compared.problems == [] and not any(row.faults for row in made.rows)
    assert pipeline.proof(book.folder, pipeline.Build()).findings == []
    assert {path.name for path in book.out.glob("*a4.pdf")} == {
        "my-book-a4.pdf",
        "my-book-cards-a4.pdf",
        "my-book-formulas-a4.pdf",
    }


def test_the_small_books_say_the_same(begun):
    """A language that lacks a field, a comment's part or a file would teach less."""
    shapes = []
    for language in new.languages():
        folder = begun(language)
        shapes.append(
            {
                f"{path.relative_to(folder)}": [
                    line.split(":")[0] for line in path.read_text("utf-8").split("\n") if line[:1].isalpha()
                ]
                for path in sorted(folder.rglob("*.yaml"))
            }
        )
    assert shapes[0] == shapes[1] == shapes[2]


def test_an_editor_finds_the_schemas(tmp_path):
    new.small_book(tmp_path / "book", "en")
    for name in ("book.yaml", "1.1.yaml", "further/1.3.yaml"):
        file = tmp_path / "book" / name
        line = file.read_text("utf-8").split("\n")[0]
        assert (file.parent / line.removeprefix("# yaml-language-server: $schema=")).is_file(), line
    told = json.loads((tmp_path / "book" / ".vscode" / "settings.json").read_text("utf-8"))
    assert all((tmp_path / "book" / name).is_file() for name in told["yaml.schemas"])


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "mine.txt").write_text("mine")
    with pytest.raises(PressError, match="is not empty, and nothing is written over"):
        new.small_book(tmp_path / "book", "en")
    assert [path.name for path in (tmp_path / "book").iterdir()] == ["mine.txt"]
    with pytest.raises(PressError, match="is a file"):
        new.small_book(tmp_path / "book" / "mine.txt", "en")


def test_an_unknown_language_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(PressError, match=r"no book can begin in 'klingon' \(known are de, en, fr\)"):
        new.small_book(tmp_path / "book", "klingon")
    assert not (tmp_path / "book").exists()


def listed(tmp_path, text):
    (tmp_path / "list.txt").write_text(text, encoding="utf-8")
    return new.from_list(tmp_path / "book", "en", tmp_path / "list.txt")


def test_a_contents_list_becomes_a_draft(tmp_path):
    notes = listed(tmp_path, LIST)
    assert [note.partition("list.txt:")[2] for note in notes] == [
        "4: 1.1.3 follows 1.1.1; the number is kept",
        "5: 1.4 follows 1.1.3; the number is kept",
    ]
    made = TinyBook(tmp_path / "book").make()
    assert made.draft and made.answers == 3 and made.written == 0 and not any(row.faults for row in made.rows)
    titles = [mark.title for mark in read_back(tmp_path / "dist" / "book-a4.pdf").bookmarks]
    assert "1.1.3 Why “spokes”, and # why so many?" in titles


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("1 Wheels 1\n1.1 Why round? 1\n", "list.txt:1: the number 1 has no dot (number sections 1.1 and"),
        ("1.1 A 1\n1.1.1 B 1\n1.1.1.1 C 2\n", "list.txt:3: 1.1.1.1 is of a third level (a book has sections"),
        ("1.1 A 1\n1.2.1 B 1\n", "list.txt:2: 1.2.1 comes before its section 1.2 (write a line for 1.2)"),
        ("1.1 A 1\n1.1 B 1\n", "list.txt:2: the number 1.1 stands twice"),
        ("1.1 A 4\n1.2 B 3\n", "list.txt:2: page 3 goes back behind page 4"),
        ("1.1 A 4\n1.2 B 300\n", "list.txt:2: 296 pages after the entry before it (100 are the most)"),
        ("1.1 A\n1.2 B 3\n", "list.txt:1: this line has a number and no page (write number, wording, page)"),
        ("No entries\n", "list.txt: this contents list has no entries"),
        ("1.1 深 1\n", "no font of the design has"),
    ],
)
def test_what_a_list_cannot_keep_is_told_at_its_line(tmp_path, text, fault):
    with pytest.raises(BookError) as error:
        listed(tmp_path, text)
    assert any(fault in str(problem) for problem in error.value.problems), error.value.problems
    assert not (tmp_path / "book").exists()


def test_chapters_above_the_sections_are_left_out_and_told(tmp_path):
    assert "2 has no dot and is left out" in listed(tmp_path, "2 Bicycles 1\n2.1 Wheels 1\n2.1.1 Why round? 1\n")[0]


def numbers(folder):
    problems = Problems()
    book = tree.load(folder, problems, draft=True)
    assert problems.found == []
    return [(entry.number, entry.node.page) for entry in book.entries]


def test_questions_and_sections_are_added_in_their_order(tmp_path):
    folder = tmp_path / "book"
    new.small_book(folder, "en")
    before = (folder / "1.1.yaml").read_text("utf-8")
    change = adding.add(folder, "1.1.4")
    assert change.text.splitlines()[change.line - 1] == "  - number: 1.1.4"
    adding.add(folder, "1.1.3")
    adding.add(folder, "1.4")
    adding.add(folder, "1.4.1")
    assert numbers(folder) == [
        *(("1.1", 1), ("1.1.1", 1), ("1.1.2", 2), ("1.1.3", 3), ("1.1.4", 3)),
        *(("1.2", 3), ("1.2.1", 3), ("1.3", 4), ("1.4", 5), ("1.4.1", 6)),
    ]
    after = (folder / "1.1.yaml").read_text("utf-8")
    assert after.startswith(before.rstrip())  # comments and all
    assert 'sections: ["1.1", "1.2", "1.3", "1.4"]' in (folder / "book.yaml").read_text("utf-8")


def test_a_question_is_added_before_another_and_before_what_follows_the_list(tmp_path):
    folder = tmp_path / "book"
    new.small_book(folder, "en")
    file = folder / "1.2.yaml"
    file.write_text(
        file.read_text("utf-8").replace("1.2.1", "1.2.2").replace("  - number", "  # the second\n  - number")
        + "\nterms: []\n"
    )
    adding.add(folder, "1.2.1")
    adding.add(folder, "1.2.3")
    text = file.read_text("utf-8")
    assert [number for number, _ in numbers(folder) if number.startswith("1.2.")] == ["1.2.1", "1.2.2", "1.2.3"]
    assert "\n\n  # the second\n  - number: 1.2.2" in text and text.endswith("\nterms: []\n")


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("1", "1 is no number of an entry: sections are 1.1, questions 1.1.1"),
        ("1.1.1", "1.1.1 is in the book already"),
        ("1.7.1", "there is no section 1.7: python build.py add 1.7 adds it"),
        ("1.3.1", "1.3 is an answer itself"),
    ],
)
def test_what_cannot_be_added_is_told(tmp_path, number, fault):
    folder = tmp_path / "book"
    new.small_book(folder, "en")
    with pytest.raises(PressError, match=fault):
        adding.add(folder, number)


def test_a_source_says_what_is_added(tmp_path):
    listed(tmp_path, "1.1 Wheels 1\n1.1.1 Why round? 1\n")
    folder = tmp_path / "book"
    with pytest.raises(PressError, match=r"1.1.2 is not in contents.txt.*write its line there first"):
        adding.add(folder, "1.1.2")
    with (folder / "contents.txt").open("a", encoding="utf-8") as file:
        file.write("1.1.2 Why 'spokes'? 2\n")
    adding.add(folder, "1.1.2")
    assert numbers(folder)[-1] == ("1.1.2", 2)
