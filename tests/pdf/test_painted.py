"""What a page paints, beside what pdfium finds on the same page."""

import ctypes

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from pikepdf import Array, Dictionary, Name

from press.pdf.painted import painted

CONTENT = b"""
q 2 0 0 2 10 20 cm 0.5 w 1 0 0 RG 0 0 m 30 40 l S Q
0 0 1 rg 100 100 50 20 re f
q 1 0 0 1 5 5 cm /Form Do Q
BT /F 10 Tf 14 TL 72 700 Td (one) Tj T* (two) Tj (three) ' 2 3 (four) " 0 -20 TD (five) Tj T* (six) Tj
1 0 0 1 300 400 Tm [(se) -20 (ven)] TJ ET
"""
SHOWN = [b"one", b"two", b"three", b"four", b"five", b"six", b"seven", b"inside"]


@pytest.fixture
def file(tmp_path):
    """A page with lines of text by every operator, a stroke under a matrix, a fill, and a form."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    form = pdf.make_stream(
        b"0 1 0 RG 3 w 0 0 10 10 re S BT /F 8 Tf 20 30 Td (inside) Tj ET",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, 100, 100]),
        Matrix=Array([1, 0, 0, 1, 40, 60]),
        Resources=Dictionary(Font=Dictionary(F=font)),
    )
    page.obj.Resources = Dictionary(Font=Dictionary(F=font), XObject=Dictionary(Form=form))
    page.obj.Contents = pdf.make_stream(CONTENT)
    pdf.save(tmp_path / "page.pdf")
    return tmp_path / "page.pdf"


def found_by_pdfium(path):
    """Return (place of the first letter of each text object, number of paths) as pdfium has them."""
    places, x, y = {}, ctypes.c_double(), ctypes.c_double()
    document = pypdfium2.PdfDocument(path)
    page = document[0]
    text = page.get_textpage()
    for index in range(text.count_chars()):
        item = pdfium.FPDFText_GetTextObject(text, index)
        if item and not pdfium.FPDFText_IsGenerated(text, index):
            pdfium.FPDFText_GetCharOrigin(text, index, x, y)
            places.setdefault(ctypes.addressof(item.contents), (x.value, y.value))
    paths = sum(item.type == pdfium.FPDF_PAGEOBJ_PATH for item in page.get_objects(max_depth=3))
    document.close()
    return list(places.values()), paths


def test_texts_stand_where_pdfium_finds_them(file):
    with pikepdf.open(file) as pdf:
        marks = painted(pdf.pages[0])
    texts = [mark for mark in marks if mark.kind == "text"]
    assert sorted(mark.text for mark in texts) == sorted(SHOWN)
    places, paths = found_by_pdfium(file)
    assert sorted((round(mark.box[0], 2), round(mark.box[1], 2)) for mark in texts) == sorted(
        (round(x, 2), round(y, 2)) for x, y in places
    )
    assert len([mark for mark in marks if mark.kind in ("stroke", "fill")]) == paths


def test_colors_widths_and_boxes_under_a_matrix(file):
    with pikepdf.open(file) as pdf:
        marks = painted(pdf.pages[0])
    line, fill, frame = [mark for mark in marks if mark.kind != "text"]
    assert (line.kind, line.width, line.color, line.box) == ("stroke", 1.0, (1, 0, 0), (10, 20, 70, 100))
    assert (fill.kind, fill.color, fill.box) == ("fill", (0, 0, 1), (100, 100, 150, 120))
    assert (frame.color, frame.box, frame.forms) == ((0, 1, 0), (45, 65, 55, 75), ("/Form",))
