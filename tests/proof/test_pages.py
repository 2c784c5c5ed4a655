"""The pages between the landmarks: each damage to a good book's file is told as what it is."""

import json
import re
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name, String
from tiny_contents import print_book

from press.content.source import read_source
from press.problems import BookError, Problems
from press.proof import agreement, verdict

ROOT = Path(__file__).resolve().parents[2]
LINES = (ROOT / "book" / "contents.txt").read_text(encoding="utf-8").splitlines()
# The book: three pages of front matter (i to iii), then 106 to 112.
FIRST = 3


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("source") / "contents.txt"
    path.write_text("\n".join([LINES[0], *LINES[18:28], *LINES[-3:]]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def good(source, tmp_path_factory):
    return print_book(tmp_path_factory.mktemp("good") / "book.pdf", read_source(source))


@pytest.fixture
def judged(source, good, tmp_path):
    """Damage the good book's file and judge it."""

    def judge(damage):
        path = tmp_path / "book.pdf"
        with pikepdf.open(good) as pdf:
            damage(pdf)
            pdf.save(path)
        return verdict.judge(path, source)

    return judge


def page_faults(told):
    return [(fault.kind, fault.first, fault.what) for fault in told.entries.pages]


def number_anew(pdf, *ranges):
    """Give the file labels that go on without a gap from each (index, first number)."""
    pdf.Root.PageLabels = Dictionary(
        Nums=[0, Dictionary(S=Name.r), *(part for at, n in ranges for part in (at, Dictionary(S=Name.D, St=n)))]
    )


def test_a_good_book_has_nothing_to_tell(source, good):
    told = verdict.judge(good, source)
    assert told.faults == [] and told.agrees
    assert told.sentence == "The book agrees with its source: all 10 entries, four ways, and all 10 pages."


def test_a_page_removed(judged):
    told = judged(lambda pdf: pdf.pages.__delitem__(FIRST + 5))  # 111
    assert ("missing", 8, "Page 111 is missing.") in page_faults(told)
    assert "The file’s tags speak of one page that the file does not have." in told.faults
    label = "A viewer shows for page 112 a number that is one less than the printed one"
    assert any(fault.startswith(label) for fault in told.faults)


def test_a_page_removed_shifts_all_that_follow_for_one_reason(judged):
    told = judged(lambda pdf: pdf.pages.__delitem__(FIRST + 1))  # 107
    assert (
        "From 3.4.3 on all pages of links in the contents and bookmarks are one less than the source’s: "
        "page 107 is missing." in told.faults
    )
    assert (
        "From page 108 on a viewer shows a number that is one less than the printed one (page 107 is missing)."
        in told.faults
    )
    assert not any(fault.startswith("3.4.4:") for fault in told.faults)


def test_the_last_page_removed(judged):
    told = judged(lambda pdf: pdf.pages.__delitem__(-1))
    assert ("lost", 9, "The file’s tags speak of one page that the file does not have.") in page_faults(told)
    assert any(re.match(r"There are .* links to no page, on page 2 of the file", fault) for fault in told.faults)


def test_an_empty_page_added(judged):
    def damage(pdf):
        pdf.add_blank_page(page_size=(595, 842))
        pdf.pages.insert(FIRST + 3, pdf.pages[-1])
        del pdf.pages[-1]

    told = judged(damage)
    assert ("added", 7, "There is one page too many, without a number or text between pages 108 and 109.") in (
        page_faults(told)
    )
    assert any("one more than the source’s: there is one page too many" in fault for fault in told.faults)


def test_an_empty_page_added_and_labelled_as_if_it_belonged_there(judged):
    def damage(pdf):
        pdf.add_blank_page(page_size=(595, 842))
        pdf.pages.insert(FIRST + 3, pdf.pages[-1])
        del pdf.pages[-1]
        number_anew(pdf, (FIRST, 106), (FIRST + 4, 109))

    assert [kind for kind, *_ in page_faults(judged(damage))] == ["added", "label"]


def test_a_page_twice(judged):
    told = judged(lambda pdf: pdf.pages.insert(FIRST + 3, pdf.pages[FIRST + 2]))
    assert ("doubled", 7, "Page 108 is there twice.") in page_faults(told)


def test_a_page_moved(judged):
    def damage(pdf):
        page = pdf.pages[FIRST + 4]
        del pdf.pages[FIRST + 4]
        pdf.pages.insert(FIRST + 2, page)

    assert ("moved", 7, "Page 108 stands after page 110.") in page_faults(judged(damage))


def test_a_page_emptied(judged):
    def damage(pdf):
        pdf.pages[FIRST + 3].Contents = pdf.make_stream(b"")

    assert ("empty", 7, "Page 109 has no text.") in page_faults(judged(damage))


def test_a_page_emptied_behind_the_answers_is_known_by_its_tags(source, tmp_path):
    entries = read_source(source)
    path = print_book(tmp_path / "book.pdf", entries)
    short = tmp_path / "short.txt"
    short.write_text("\n".join([LINES[0], *LINES[18:25], *LINES[-3:]]), encoding="utf-8")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[-1].Contents = pdf.make_stream(b"")
        pdf.save(path)
    assert ("empty", 10, "Page 112 has no text.") in page_faults(verdict.judge(path, short))


def test_a_page_relabelled(judged):
    told = judged(lambda pdf: number_anew(pdf, (FIRST, 106), (FIRST + 3, 199), (FIRST + 4, 110)))
    assert page_faults(told) == [
        ("label", 7, "A viewer shows for page 109 a number that is 90 more than the printed one.")
    ]


def test_a_page_with_a_name_for_a_label(judged):
    def damage(pdf):
        number_anew(pdf, (FIRST, 106), (FIRST + 4, 110))
        pdf.Root.PageLabels.Nums.insert(4, FIRST + 3)
        pdf.Root.PageLabels.Nums.insert(5, Dictionary(P=String("map")))

    assert page_faults(judged(damage)) == [("label", 7, "A viewer calls page 109 “map”.")]


def test_a_label_in_the_front_that_does_not_go_on(judged):
    def damage(pdf):
        number_anew(pdf, (FIRST, 106))
        pdf.Root.PageLabels.Nums.insert(2, 1)
        pdf.Root.PageLabels.Nums.insert(3, Dictionary(S=Name.r, St=7))

    told = page_faults(judged(damage))
    assert [kind for kind, *_ in told] == ["label"] * len(told) and told


def test_a_folio_that_is_not_printed(source, tmp_path):
    path = print_book(tmp_path / "book.pdf", read_source(source), folios={109: ""})
    assert ("unnumbered", 7, "Page 109 prints no number.") in page_faults(verdict.judge(path, source))


def test_numbers_at_the_inner_edge(judged):
    def damage(pdf):
        del pdf.pages[0]
        number_anew(pdf, (FIRST - 1, 106))

    kinds = {kind for kind, *_ in page_faults(judged(damage))}
    assert "side" in kinds and "missing" not in kinds


def test_a_link_to_no_page(judged):
    def damage(pdf):
        next(iter(pdf.pages[1].Annots)).Dest = String("nowhere")

    assert ("link", 2, "There is one link to no page, on page 2 of the file.") in page_faults(judged(damage))


def test_a_build_stops_for_a_fault_of_its_pages(source, good, tmp_path):
    with pikepdf.open(good) as pdf:
        pdf.pages[FIRST + 3].Contents = pdf.make_stream(b"")
        pdf.save(tmp_path / "book.pdf")
    problems = Problems()
    agreement.report(agreement.examine(tmp_path / "book.pdf", source), source, "a4", problems)
    assert f"{source}: the pages do not agree on a4: Page 109 has no text. (this is a fault of the press)" in map(
        str, problems.found
    )
    with pytest.raises(BookError):
        problems.stop_if_any()


# The verdict


def row(number, source, faults, **shown):
    pages = dict.fromkeys(("printed", "link", "bookmark", "heading"), f"{source}") | shown
    return agreement.Row(number, "Title", source, **pages, faults=faults)


@pytest.mark.parametrize(
    "column, fault, told",
    [
        ("printed", "missing", "the line in the contents is missing"),
        ("printed", "page 108", "the line in the contents has page 108, the source 106"),
        ("printed", "its number is 3.4.12", "the line in the contents has the number 3.4.12"),
        ("printed", "out of order", "the line in the contents is out of order"),
        ("link", "no link", "the link in the contents is missing"),
        ("link", "leads to page 107", "the link in the contents leads to page 107"),
        ("link", "lands on 3.4.5", "the link in the contents lands on 3.4.5"),
        ("link", "leads to page missing", "the link in the contents leads to a page without a number"),
        ("heading", "page missing", "the heading has no page number"),
        ("wording", "“A” instead of “B”", "the wording is “A” instead of “B”"),
        ("bookmark", "not in the source, or there twice", "the bookmark is not in the source, or there twice"),
    ],
)
def test_a_fault_is_a_whole_sentence(column, fault, told):
    assert verdict.sentences([row("3.4", 106, {column: fault})]) == [f"3.4: {told}."]


def test_the_same_fault_in_several_parts_is_one_sentence():
    faults = dict.fromkeys(("printed", "bookmark", "heading"), "missing")
    assert verdict.sentences([row("3.4", 106, faults)]) == [
        "3.4: the line in the contents, the bookmark and the heading are missing."
    ]


def test_many_entries_without_a_link_are_one_sentence():
    rows = [row(f"3.{n}", 106 + n, {"link": "no link"}, link="") for n in range(4)]
    assert verdict.sentences(rows) == ["All links in the contents are missing."]
    assert verdict.sentences([*rows, row("3.9", 120, {})]) == ["From 3.0 to 3.3 all links in the contents are missing."]


def test_the_shape_of_the_json_is_the_documented_one(source, good):
    told = json.loads(verdict.as_json(verdict.judge(good, source)))
    tables = (ROOT / "docs" / "check.md").read_text(encoding="utf-8").split("## As JSON")[1].split("has:")
    whole, file, row, fault = (re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) for table in tables)
    assert whole == list(told) and row == list(told["rows"][0]) and file == list(told["pdf"])
    assert fault == list(agreement.PageFault._fields)
    assert told["agrees"] is True and told["dated"] in ("file", "disk") and len(told["pdf"]["sha256"]) == 64
