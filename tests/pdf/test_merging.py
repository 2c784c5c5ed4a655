"""Drawings share their fonts: one program a font, the same picture and the same letters as before."""

import io

import pikepdf
import pypdfium2
import pytest
from pikepdf import Dictionary, Name

from press import pipeline
from press.pdf.embedded import called, embedded_fonts
from press.pdf.merging import merge_fonts
from press.pictures.figures import draw
from press.problems import Problems

MODULE = """import matplotlib.pyplot as plt
from press.pictures.results import figure


def written(text):
    sheet = plt.figure(figsize=(1.5, 1))
    sheet.text(0.1, 0.4, text)
    return sheet


@figure
def one():
    return written("Abc 12")


@figure
def two():
    return written("Abd 34")


@figure
def minus():
    return written("a \\u2212 1")


@figure
def times():
    return written("a \\u00d7 \\u2192")
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Four drawings, as pages by key."""
    folder = tmp_path_factory.mktemp("book") / "figures"
    folder.mkdir()
    folder.joinpath("__init__.py").touch()
    folder.joinpath("words.py").write_text(MODULE, encoding="utf-8")
    problems = Problems()
    drawings = draw(folder, pipeline.CACHE / "figures", pipeline.TEMPLATES / "fonts", problems)
    assert not problems.found
    return drawings


def sheet_of(drawings):
    """Return a PDF with each drawing as a form on a page of its own."""
    pdf = pikepdf.new()
    for key in sorted(drawings.pages):
        form = pdf.copy_foreign(drawings.pages[key].as_form_xobject())
        pdf.add_blank_page(page_size=(108, 72))
        page = pdf.pages[-1]
        page.obj.Resources = Dictionary(XObject=Dictionary({"/D": form}))
        page.obj.Contents = pdf.make_stream(b"/D Do")
    return pdf


def seen(pdf):
    """Return what PDFium shows and reads on each page."""
    written = io.BytesIO()
    pdf.save(written)
    document = pypdfium2.PdfDocument(written.getvalue())
    return [(page.render(scale=3).to_numpy().tobytes(), page.get_textpage().get_text_range()) for page in document]


def programs(pdf):
    return {item.FontFile2.objgen for item in pdf.objects if isinstance(item, Dictionary) and "/FontFile2" in item}


def test_fonts_of_one_name_share_a_program_and_nothing_looks_different(pages):
    pdf = sheet_of(pages)
    before = seen(pdf)
    assert {text.strip() for _, text in before} >= {"Abc 12", "Abd 34"}
    assert len(programs(pdf)) >= 4
    merge_fonts(pdf)
    assert seen(pdf) == before
    written = io.BytesIO()
    pdf.save(written)
    with pikepdf.open(written) as saved:
        assert len(programs(saved)) == 1
        fonts = embedded_fonts(saved)
        assert {(font.called, font.own) for font in fonts} == {("SourceSans3-Regular", "SourceSans3-Regular")}


def test_codes_that_mean_different_letters_stay_in_fonts_of_their_own(pages):
    pdf = sheet_of(pages)
    merge_fonts(pdf)
    shown = [list(page.Resources.XObject.D.Resources.Font.values()) for page in pdf.pages]
    tables = {font.objgen: font.ToUnicode.read_bytes() for fonts in shown for font in fonts}
    special = [table for table in tables.values() if b"<2212>" in table or b"<2192>" in table]
    assert len(special) == 2
    assert all((b"<2212>" in table) != (b"<2192>" in table) for table in special)


def test_the_same_drawings_give_the_same_bytes(pages):
    contents = []
    for _ in range(2):
        pdf, written = sheet_of(pages), io.BytesIO()
        merge_fonts(pdf)
        pdf.save(written, deterministic_id=True)
        contents.append(written.getvalue())
    assert contents[0] == contents[1]


def test_a_font_that_the_design_does_not_have_is_left_alone(pages):
    pdf = sheet_of(pages)
    font = next(iter(pdf.pages[0].Resources.XObject.D.Resources.Font.values()))
    font.BaseFont = Name("/ABCDEF+Elsewhere")
    merge_fonts(pdf)
    kept = next(iter(pdf.pages[0].Resources.XObject.D.Resources.Font.values()))
    assert called(kept) == "Elsewhere"
    assert kept.objgen == font.objgen
