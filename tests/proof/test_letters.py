"""The proof of the fonts in a finished file: embedded, of the book's own folder, drawn as they are."""

from pathlib import Path

import matplotlib
import pytest
from pikepdf import Dictionary, Name

from press import pipeline
from press.proof.letters import proof_fonts

FONTS = pipeline.TEMPLATES / "fonts"


def first_font(pdf):
    return next(item for item in pdf.objects if isinstance(item, Dictionary) and item.get("/Subtype") == Name.Type0)


def other_font(pdf):
    own = first_font(pdf).DescendantFonts[0].FontDescriptor
    return next(
        item
        for item in pdf.objects
        if isinstance(item, Dictionary) and item.get("/Type") == Name.FontDescriptor and item.FontName != own.FontName
    )


def unembed(pdf):
    del first_font(pdf).DescendantFonts[0].FontDescriptor["/FontFile2"]


def make_type3(pdf):
    first_font(pdf).Subtype = Name.Type3


def swap_program(pdf):
    first_font(pdf).DescendantFonts[0].FontDescriptor.FontFile2 = other_font(pdf).FontFile2


def strange_program(pdf):
    path = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
    descriptor = first_font(pdf).DescendantFonts[0].FontDescriptor
    descriptor.FontFile2 = pdf.make_stream(path.read_bytes())


@pytest.mark.parametrize(
    "change, told",
    [
        (unembed, "it is not embedded"),
        (make_type3, "a Type 3 font"),
        (swap_program, "its weight or slant is made up"),
        (strange_program, "not from templates/fonts"),
    ],
)
def test_fonts(damaged, change, told):
    found, _ = proof_fonts(damaged(change), "book a4", FONTS)
    assert len(found) == 1 and told in found[0].what, found
