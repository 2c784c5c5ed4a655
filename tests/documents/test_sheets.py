"""What quotes the answers elsewhere: study cards, and the list of figures."""

from press.pdf.records import read_back


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
