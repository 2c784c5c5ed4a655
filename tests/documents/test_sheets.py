"""What quotes the answers elsewhere: study cards, and the list of figures."""

import re

import pikepdf

from press.pdf.records import read_back

MM = 72 / 25.4


def words(path):
    """Return the text of each page of a finished file."""
    printed = read_back(path)
    return [" ".join(run.text for run in printed.runs if run.page == page) for page in range(len(printed.pages))]


def test_a_card_asks_its_question_or_the_title_where_that_is_one(tiny):
    tiny.replace("1.2.yaml", "key: It", "card: Does a section answer itself?\nkey: It")
    cards = words(tiny.make().paths[1])
    assert "Does a section answer itself?" in cards[0] and "A section that is an answer" not in cards[0]
    assert "What is two?" in cards[0]


def test_the_list_of_figures_has_a_title_or_the_first_sentence(tiny):
    book = words(tiny.make().paths[0])
    assert any("1.1-1 A line. 1" in page for page in book)
    tiny.replace("1.1.yaml", ":width: column", ":width: column\n      :title: What a straight line is")
    assert any("1.1-1 What a straight line is 1" in page for page in words(tiny.make().paths[0]))


def test_cards_are_cut_every_98_and_66_mm_in_the_middle_of_the_sheet(tiny):
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
                assert across == [-98, 0, 98] and down == [-132, -66, 0, 66, 132]
