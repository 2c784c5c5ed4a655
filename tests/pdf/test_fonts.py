"""Letters of fonts that show different signs by one code: what a reader copies is mended."""

import pikepdf
from pikepdf import Array, Dictionary, Name

from press import pipeline
from press.pdf.fonts import mend_fonts

FONTS = pipeline.TEMPLATES / "fonts"


def forms_with_brackets(pdf, **maps):
    """Return a font whose table knows six sizes of a bracket, and six forms that show one each."""
    letters = b"\n".join(b"<%04X> <0028>" % code for code in range(1, 7))
    table = b"6 beginbfchar\n" + letters + b"\nendbfchar\nendcmap"
    font = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            ToUnicode=pdf.make_stream(table),
            DescendantFonts=Array(
                [
                    Dictionary(
                        **maps,
                        FontDescriptor=Dictionary(
                            FontFile2=pdf.make_stream((FONTS / "STIXTwoMath-Regular.ttf").read_bytes())
                        ),
                    )
                ]
            ),
        )
    )
    forms = [
        pdf.make_indirect(
            pdf.make_stream(
                b"BT /F 9 Tf <%04X> Tj ET" % code,
                Type=Name.XObject,
                Subtype=Name.Form,
                Resources=Dictionary(Font=Dictionary(F=font)),
            )
        )
        for code in range(1, 7)
    ]
    return font, forms


def test_letters_of_brackets_are_mended():
    pdf = pikepdf.new()
    font, forms = forms_with_brackets(pdf)
    mend_fonts(pdf)
    used = [form.Resources.Font.F.objgen for form in forms]
    assert len(set(used)) == 2 and used.count(used[0]) == 4
    assert b"<239B>" in font.ToUnicode.read_bytes()  # a piece of the largest bracket


def test_fonts_whose_codes_are_letters_are_left_alone():
    pdf = pikepdf.new()
    font, forms = forms_with_brackets(pdf, CIDToGIDMap=pdf.make_stream(bytes(14)))
    before = font.ToUnicode.read_bytes()
    mend_fonts(pdf)
    assert font.ToUnicode.read_bytes() == before
    assert {form.Resources.Font.F.objgen for form in forms} == {font.objgen}
