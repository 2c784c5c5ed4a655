"""Fonts are cut alike on every machine: the system's HarfBuzz subsetter has no say in it."""

import pytest
import weasyprint.pdf.fonts
from weasyprint import HTML

from press.layout.cutting import own_subsetter

PAGE = "<html lang=en><title>A page</title><p>Affine, <i>efficient</i> and <b>difficult</b>: 0123.</p>"


def page():
    with own_subsetter():
        return HTML(string=PAGE).write_pdf()


def test_the_systems_library_changes_no_byte(monkeypatch):
    before = page()
    monkeypatch.setattr(weasyprint.pdf.fonts, "harfbuzz_subset", None)
    assert page() == before


def test_only_glyphs_in_use_are_kept(monkeypatch):
    small = len(page())
    monkeypatch.setattr("press.layout.cutting._subset", lambda font, to_unicode, hinting: None)
    assert len(page()) > 3 * small


def test_elsewhere_weasyprint_cuts_as_it_did():
    before = weasyprint.pdf.fonts.Font.subset
    with pytest.raises(KeyError), own_subsetter():
        raise KeyError
    assert weasyprint.pdf.fonts.Font.subset is before
