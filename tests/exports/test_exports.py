"""An export for other programs carries every word and formula of a book, or says which it lacks."""

import re
import subprocess

import pypdfium2
import pytest
from exports import latex, typ, webpage
from exports.carrying import lacking
from exports.programs import PROGRAMS, export
from exports.telling import telling

from press import pipeline

FORMS = {"latex": latex, "typ": typ, "webpage": webpage}


@pytest.fixture
def context(tiny_with_parts):
    """A tiny book with everything that a book may have, ready to be set."""
    return pipeline.prepare(tiny_with_parts.folder, pipeline.Build())


@pytest.mark.parametrize("forms", FORMS.values(), ids=FORMS)
def test_every_word_and_formula_is_carried(context, forms):
    told = telling(context, forms)
    assert lacking(told, told.whole()) == []


# What is dropped from an export, and what is said of it.
DROPPED = {
    "word": ("So it answers", "So answers", "“So it answers itself.” in the answer of 1.2 is not in the export"),
    "title": ("What is two?", "", "“1.1.2 What is two?” in the title of 1.1.2 is not in the export"),
    "cell": ("two", "", "“two” in the answer of 1.1.1 is not in the export"),
    "caption": ("A line. It rises.", "A line.", "in the answer of 1.1.1 is not in the export"),
    "picture": ("that rises from", "from", "“A straight line that rises from"),
    "work": ("Arithmetices", "", "in the work peano1889arithmetices is not in the export"),
    "term": ("Two things.", "", "“pair Two things.” in the glossary is not in the export"),
}


@pytest.mark.parametrize("forms", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(("old", "new", "what"), DROPPED.values(), ids=DROPPED)
def test_a_dropped_word_is_told(context, forms, old, new, what):
    told = telling(context, forms)
    source = told.whole()
    assert old in source
    assert any(what in line for line in lacking(told, source.replace(old, new)))


@pytest.mark.parametrize("forms", FORMS.values(), ids=FORMS)
def test_a_dropped_formula_and_another_one_are_told(context, forms):
    told = telling(context, forms)
    source, one, other = told.whole(), *(told.written[latex, False] for latex in ("x_1 + 1 = 2", "1 + 1"))
    assert one in source and other in source
    assert any("1.1.1" in line for line in lacking(told, source.replace(one, "")))
    assert any("another formula" in line for line in lacking(told, source.replace(one, other)))


def test_installed_programs_set_an_export(context, tmp_path):
    """Typst and WeasyPrint are the press's own libraries."""
    for program in PROGRAMS[2:]:
        place = tmp_path / program.name.split(",")[0]
        export(context, program.forms, place)
        words = re.sub(r"\s+", " ", _read(program, place))
        assert "So it answers itself." in words and "p. " in words


def _read(program, place):
    """Return the words of what a program makes."""
    subprocess.run(program.command, cwd=place, check=True)
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(place / "book.pdf"))
