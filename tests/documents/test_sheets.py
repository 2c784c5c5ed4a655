"""What quotes the answers elsewhere: study cards, and the list of figures."""

import contextlib
import re
import sqlite3
import tempfile
import zipfile

import pikepdf
from conftest import print_whole
from markupsafe import Markup
from reading import MM

from press.documents.body import ending_in
from press.pdf.records import read_back
from press.proof import rules
from press.proof.cards import cards
from press.words import NO_BREAK

LETTERS = ["$n$ a count", "$x_i$ no one", "$x$ an unknown", "$b$ in no formula"]


def words(path):
    """Return the text of each page of a finished file."""
    printed = read_back(path)
    return [" ".join(run.text for run in printed.runs if run.page == page) for page in range(len(printed.pages))]


def test_a_card_asks_its_question_or_the_title_where_that_is_one(tiny):
    tiny.replace("1.2.yaml", "key: It", "card: Does a section answer itself?\nkey: It")
    cards = words(tiny.make().paths[1])
    assert "Does a section answer itself?" in cards[0] and "A section that is an answer" not in cards[0]
    assert "What is two?" in cards[0]


def test_a_card_names_the_book_and_explains_the_letters_of_its_formula(tiny):
    tiny.replace("1.1.yaml", "tex: 1 = 1", "tex: n + q + x_1 = 1\n        letters: $q$ a share")
    tiny.replace("notation.yaml", "  rows:", f"  letters: {LETTERS}\n  rows:")
    made = tiny.make()
    back = words(made.paths[1])[1]
    assert "1.1.1 One is the unit." in back and "A Tiny Book" in back
    assert [back.find(said) for said in ("a share", "a count", "an unknown")] == sorted(
        back.find(said) for said in ("a share", "a count", "an unknown")
    )
    assert "a share" in back and "an unknown" in back and "no one" not in back and "in no formula" not in back
    sheet = " ".join(words(made.paths[2]))
    assert "Letters" in sheet and "a count" in sheet and "in no formula" not in sheet


def test_a_letter_without_a_meaning_is_a_finding(tiny):
    tiny.replace("1.1.yaml", "tex: 1 = 1", r"tex: q + \hat{n}_k = e^2")
    whole = rules.Whole(print_whole(tiny.folder, tiny.out))
    told = [finding.what for finding in cards(whole)]
    assert [what.split()[2] for what in told] == ["q", r"\hat{n}"], told


def test_the_anki_package_has_the_cards_and_is_the_same_each_time(tiny):
    tiny.replace("1.1.yaml", "tex: 1 = 1", r"tex: n < 2 \alpha")
    tiny.replace("1.1.yaml", "name: One", "name: One, $n$")
    path = tiny.make().paths[-1]
    first = path.read_bytes()
    notes, number = read_package(path)
    assert first == tiny.make().paths[-1].read_bytes() and number == 3
    fields = notes["1.1.1"][2]
    assert fields[1] == "What is the number one?" and fields[2].endswith("10") and fields[6] == "A Tiny Book"
    assert fields[4] == r"One, \(n\)<br>\[n &lt; 2 \alpha\]"
    assert notes["1.1.1"][1].split() == ["tiny::1.1"]
    with zipfile.ZipFile(path) as archive:
        assert {item.date_time[:3] for item in archive.infolist()} == {(2026, 1, 31)}
    # A new edition knows its old notes: by the number of the entry, whatever else has changed.
    tiny.replace("1.1.yaml", "key: One", "key: The number one").replace("book.yaml", "2026-01-31", "2027-01-31")
    later, _ = read_package(tiny.make().paths[-1])
    assert {number: note[0] for number, note in notes.items()} == {number: note[0] for number, note in later.items()}
    assert later["1.1.1"][2][3] != fields[3]


def read_package(path):
    """Return ({entry: (guid, tags, fields)}, number of cards) of an Anki package."""
    with zipfile.ZipFile(path) as archive, tempfile.NamedTemporaryFile() as file:
        file.write(archive.read("collection.anki2"))
        file.flush()
        with contextlib.closing(sqlite3.connect(file.name)) as database:
            rows = database.execute("select guid, tags, flds from notes").fetchall()
            (count,) = database.execute("select count(*) from cards").fetchone()
    notes = [(guid, tags, fields.split("\x1f")) for guid, tags, fields in rows]
    return {fields[0]: (guid, tags, fields) for guid, tags, fields in notes}, count


def test_a_page_number_stands_on_the_line_of_the_last_word():
    assert ending_in("two words", Markup("<a>7</a>")) == f'two <span class="whole">words{NO_BREAK}<a>7</a></span>'
    assert ending_in(Markup("a <i>word</i>"), "7") == f"a <i>word</i>{NO_BREAK}7"  # no word to hold it by


def test_cover_and_title_page_say_for_whom_the_book_is(tiny):
    tiny.replace("book.yaml", "author: Tests", "author: Tests\naudience: For those who count")
    pages = words(tiny.make().paths[0])
    assert "For those who count" in pages[0] and "For those who count" in pages[2]


def test_the_list_of_tables(tiny):
    assert any("Tables 1.1-1 Two squares. " in page for page in words(tiny.make().paths[0]))


def test_the_list_of_figures_has_a_title_or_the_first_sentence(tiny):
    book = words(tiny.make().paths[0])
    assert any("1.1-1 A line. 1" in page for page in book)
    tiny.replace("1.1.yaml", ":width: column", ":width: column\n      :title: What a straight line is")
    assert any("1.1-1 What a straight line is 1" in page for page in words(tiny.make().paths[0]))


def test_cards_are_cut_every_100_and_74_mm_in_the_middle_of_the_sheet(tiny):
    for path in (path for path in tiny.make(("a4", "letter")).paths if "-cards-" in path.name):
        with pikepdf.open(path) as pdf:
            for page in pdf.pages:
                left, bottom, right, top = (float(side) for side in page.MediaBox)
                content = page.Contents[0].read_bytes() if isinstance(page.Contents, pikepdf.Array) else b""
                content = content or page.Contents.read_bytes()
                cuts = re.search(rb"\[1\.5 1\.5\] 0 d (.*?) S", content)[1].decode()
                points = [tuple(map(float, point)) for point in re.findall(r"([\d.]+) ([\d.]+) [ml]", cuts)]
                across = sorted({round((x - (left + right) / 2) / MM, 1) for x, _ in points})
                down = sorted({round((y - (bottom + top) / 2) / MM, 1) for _, y in points})
                assert across == [-100, 0, 100] and down == [-111, -37, 37, 111]
                assert (right - left) / MM / 2 - 100 >= 5 and (top - bottom) / MM / 2 - 111 >= 5  # to cut in
