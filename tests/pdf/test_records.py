"""The records of a finished PDF: what a reader's programs find in it."""

import pikepdf
import pytest
import weasyprint
from pikepdf import Array, Dictionary, Name
from tiny_contents import FONTS

from press.pdf.records import Target, read_back
from press.pdf.runs import join
from press.problems import PressError

HTML = f"""<html lang=en><title>Tiny</title><meta name=author content=Somebody><style>
@font-face {{ font-family: Book Sans; src: url({FONTS}/SourceSans3-Regular.ttf) }}
@font-face {{ font-family: Book Serif; src: url({FONTS}/STIXTwoText-Regular.ttf) }}
@font-face {{ font-family: Book Serif; font-style: italic;
              src: url({FONTS}/STIXTwoText-Italic.ttf) }}
@font-face {{ font-family: Book Math; src: url({FONTS}/STIXTwoMath-Regular.ttf) }}
@page {{ size: 300pt 200pt; margin: 30pt; 
         @top-right {{ content: 'Head'; font: 10pt Book Sans }} }}
body {{ margin: 0; font: 10pt/14pt Book Serif, Book Math }}
h1, p, table {{ margin: 0 }}
h1 {{ font: 15pt/20pt Book Sans }}
</style>
<h1 id=a>A first head</h1>
<p style="width: 90pt; hyphens: auto">The different <em>normalizations</em> of a
<a href="#b">far page</a></p>
<p>&#x1d467; and 1<span style="margin-left: 30pt">2</span></p>
<img alt="A square." src="data:image/svg+xml,
<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>">
<p><a href="https://example.org/">outside</a></p>
<h1 id=b style="break-before: page; padding-top: 50pt">B second head</h1>
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Two small pages, labeled i and 88, with crop boxes that do not begin at 0."""
    path = tmp_path_factory.mktemp("pdf") / "tiny.pdf"
    weasyprint.HTML(string=HTML).write_pdf(path, pdf_variant="pdf/ua-1")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r), 1, Dictionary(S=Name.D, St=88)]))
        for page in pdf.pages:
            page.mediabox = page.cropbox = Array([-10, -20, 300, 220])
        pdf.save(path)
    return path


@pytest.fixture(scope="module")
def printed(file):
    return read_back(file)


def run(printed, text):
    (found,) = (run for run in printed.runs if run.text == text)
    return found


def test_pages_have_labels_and_sizes(printed):
    assert printed.pages == [("i", 310, 240), ("88", 310, 240)]


def test_a_run_has_its_place_from_the_corner_of_the_crop_box(printed):
    head = run(printed, "A first head")
    assert (head.page, head.x, head.size, head.turned) == (0, 40, 15, 0)
    # 20 pt of crop box above the sheet, 30 pt of margin, and the baseline in a line of 20 pt.
    assert 62 < head.y < 67 and 105 < head.right < 115
    assert head.font.startswith("Book-Sans")


def test_a_wide_gap_parts_runs(printed):
    gap = run(printed, "2").x - run(printed, "and 1").right
    assert gap == pytest.approx(30, abs=0.1)


def test_another_font_parts_runs(printed):
    italic = [run for run in printed.runs if run.font == "Book-Serif-Italic"]
    assert join(italic) == "nor-\nmalizations"


def test_ligatures_and_hyphens_and_letters_of_mathematics_become_plain(printed):
    below = [run for run in printed.runs if run.page == 0 and 68 < run.y < 130]
    assert join(below).startswith("The different nor-\nmalizations of a far\npage\nz and 1")


def test_turned_text_is_one_run(tmp_path):
    style = HTML.split("</style>")[0]
    turned = f"{style}</style><p style='transform: rotate(-90deg); width: 60pt'>upward text</p>"
    weasyprint.HTML(string=turned).write_pdf(tmp_path / "turned.pdf")
    found = run(read_back(tmp_path / "turned.pdf"), "upward text")
    assert found.turned == 90 and found.size == 10


def test_links_lead_to_pages_and_heights_or_outside(printed):
    inside, outside = printed.links[0], printed.links[-1]
    assert inside.target.page == 1 and inside.address is None
    assert inside.target.y == pytest.approx(50, abs=0.1)
    far = run(printed, "far")
    assert inside.left <= far.x + 1 and inside.top < far.y < inside.bottom
    assert (outside.target, outside.address) == (None, "https://example.org/")


def test_bookmarks_have_levels_titles_and_targets(printed):
    assert [(item.level, item.title, item.target.page) for item in printed.bookmarks] == [
        (1, "A first head", 0),
        (1, "B second head", 1),
    ]
    assert isinstance(printed.bookmarks[0].target, Target)


def test_tags_stand_in_reading_order_with_text_or_alternative(printed):
    told = [(tag.type, tag.page, tag.alt or tag.text) for tag in printed.tags if tag.alt or tag.text]
    assert told[0] == ("Span", 0, "A first head")
    assert ("Figure", 0, "A square.") in told and told[-1] == ("Span", 1, "B second head")
    assert [tag.type for tag in printed.tags if tag.type in ("Document", "H1")] == ["Document", "H1", "H1"]


def test_metadata(printed):
    assert printed.metadata["Title"] == "Tiny" and printed.metadata["Author"] == "Somebody"


def test_a_file_that_is_no_pdf_is_named(tmp_path):
    path = tmp_path / "book.pdf"
    path.write_text("Not a PDF")
    with pytest.raises(PressError, match=r"book\.pdf is not a readable PDF"):
        read_back(path)
