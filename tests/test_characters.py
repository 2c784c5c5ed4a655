"""A character that no font of the design has is refused at its line, in whatever file it stands."""

import pytest

from press.characters import lacking, named
from press.page import FONTS

PLACES = {
    "a key": ("1.2.yaml", "It has no", "It has 😀 no", "It has 😀"),
    "a line of an answer": ("1.1.yaml", "A line. It rises.", "A line. It rises 学.", "rises 学"),
    "a title": ("1.1.yaml", "title: First section", "title: First 学 section", "First 学"),
    "a formula": ("1.1.yaml", "tex: 1 = 1", "tex: 1 = 学", "1 = 学"),
    "the notation": ("notation.yaml", '"A count"', '"A 学 count"', "学"),
    "book.yaml": ("book.yaml", "study: |", "study: |\n  学 comes first.", "学 comes"),
    "a cited work": ("references.bib", "title", "note = {学},\n  title", "学"),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_character_without_a_font_is_told_at_its_line(tiny, name):
    file, old, new, shown = PLACES[name]
    path = tiny.folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    faults = tiny.faults()
    line = tiny.line_of(file, shown)
    assert any(fault.startswith(f"{file}:{line}: ") and "no font of the design has" in fault for fault in faults), (
        faults
    )


def test_what_is_not_drawn_needs_no_font():
    assert lacking("a\u00a0b\u00ad\u200bc\n\u2013 é Ł ≤ 𝐱 α", FONTS) == []
    assert lacking("a 学 b 学 😀", FONTS) == ["学", "😀"]
    assert lacking("ü", FONTS, "STIX") == [] and named("学") == "'学' (U+5B66, CJK UNIFIED IDEOGRAPH-5B66)"
