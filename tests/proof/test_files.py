"""The proof of finished files: each fault is planted in a made book or in a drawing, and found."""

import json
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from conftest import BOOKS, unplaced
from pikepdf import Array, Dictionary, Name
from reading import MM
from typer.testing import CliRunner

import build
from press import pipeline
from press.pdf.painted import painted
from press.pdf.records import read_back
from press.pdf.runs import read_words
from press.proof import agreement as check
from press.proof import reader as proof
from press.proof import rules
from press.proof.findings import Finding
from press.proof.ink import (
    allowed,
    contrast,
    faint,
    hairlines,
    ink_outside,
    proof_boxes,
)
from press.proof.letters import proof_glyphs
from press.proof.reading import judge
from press.proof.rules import rendered

PAGE = 7  # the page with folio 10


def paint(content):
    """Return a change that paints something on a page, under a matrix of its own."""

    def change(pdf):
        pdf.pages[PAGE].contents_add(b"q\n", prepend=True)
        pdf.pages[PAGE].contents_add(b"\nQ q " + content + b" Q")

    return change


def look_at(pdf, path):
    """Return what the rules of print find on the damaged page."""
    page, document = pdf.pages[PAGE], pypdfium2.PdfDocument(path)
    picture, found = rendered(document[PAGE]), read_words(document[PAGE])
    mask = allowed(picture.shape, PAGE, "a4", True)
    result = [
        *ink_outside(picture, mask, unplaced),
        *faint(picture, found, unplaced),
        *hairlines(painted(page), unplaced),
        *proof_glyphs(painted(page), unplaced),
    ]
    document.close()
    return result


def test_the_tiny_book_has_no_findings_but_pages_that_are_not_full(made):
    result = proof.look(made, pipeline.TEMPLATES)
    assert {finding.rule for finding in result.findings} == {"fill"}, result.findings
    assert result.looked["pages"] == 13 and result.looked["files"] == 6
    assert result.looked["margin notes"] == 5 and result.looked["words on their ground"] > 300
    assert not result.notes


def test_the_command_prints_findings_and_fails(made, monkeypatch):
    monkeypatch.setattr(pipeline, "proof", lambda folder, run: proof.look(made, pipeline.TEMPLATES))
    result = CliRunner().invoke(build.app, ["proof", "--json"])
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert {"rule", "folio", "place", "entry", "what"} == set(told["findings"][0])
    assert told["looked"]["files"] == 6
    assert "findings" in CliRunner().invoke(build.app, ["proof"]).stdout


def test_the_tiny_book_agrees_with_its_source_four_ways(made):
    for paper in ("a4", "letter"):
        rows = check.check(made.files["book", paper], BOOKS / "base" / "contents.txt")
        assert [row.faults for row in rows] == [{}] * 4


def test_formulas_stand_on_the_line_and_figures_are_drawn_at_their_size(made):
    runs = [run for run in read_back(made.files["book", "a4"]).runs if run.page == PAGE]
    words_before = next(run for run in runs if run.text.endswith(", and"))
    with pikepdf.open(made.files["book", "a4"]) as pdf:
        height = float(pdf.pages[PAGE].MediaBox[3])
        baselines = [
            height - mark.matrix[5]
            for mark in painted(pdf.pages[PAGE])
            if mark.kind == "text" and any(name.startswith("/formula") for name in mark.forms)
        ]
    assert min(baselines, key=lambda y: abs(y - words_before.y)) == pytest.approx(words_before.y, abs=0.1)
    assert [run.text for run in runs if run.text.startswith("(1.1-")] == ["(1.1-1)"]
    with pikepdf.open(made.files["book", "a4"]) as pdf:
        line = next(
            mark for mark in painted(pdf.pages[PAGE]) if mark.kind == "stroke" and "/numbers-line" in mark.forms
        )
        figure = made.context.drawings.figures["numbers/line"]
        left, _, right, _ = line.clip
        assert line.width == pytest.approx(1.5, abs=0.001)  # of matplotlib, as it was drawn
        assert right - left < figure.sheet == pytest.approx(112 * MM, abs=0.1)
        assert figure.page.width < right - left  # cut to its ink, inside its axes


def test_no_letter_of_a_formula_touches_the_box_that_clips_it(made):
    with pikepdf.open(made.files["book", "a4"]) as pdf:
        marks = [
            mark
            for mark in painted(pdf.pages[PAGE])
            if mark.kind == "text" and mark.clip and any(name.startswith("/formula") for name in mark.forms)
        ]
        assert marks
        for mark in marks:  # the pictures are cut to their ink, the boxes are a point larger
            left, bottom, right, top = mark.clip
            assert bottom + 0.9 < mark.box[1] < top - 0.9
            assert left + 0.7 < mark.box[0] < right - 0.9


@pytest.mark.parametrize(
    "content, rule, told",
    [
        (b"0 g 10 400 20 20 re f", "ink", "ink outside the type area, 4-10 mm from the left"),
        (b"0.2 w 220 250 m 300 250 l S", "hairline", "a line is 0.20 pt thin"),
        (b"0.1 0 0 0.1 0 0 cm 2 w 2200 2500 m 3000 2500 l S", "hairline", "a line is 0.20 pt thin"),
        (b"0.6 g BT /F 12 Tf 220 250 Td (Faint) Tj ET", "contrast", "'Faint' in #999999 on #ffffff: 2.8:1"),
        (
            b"0.04 0.33 0.39 rg 210 240 90 30 re f 0.7 0.34 0.18 rg BT /F 12 Tf 220 250 Td (Inks) Tj ET",
            "contrast",
            "on #0a5463: 1.",
        ),
        (b"BT /F 12 Tf 2 Tr 220 250 Td (Fat) Tj ET", "font", "stroked, as a made-up bold is"),
        (b"BT /F 12 Tf 1 0 0.2 1 220 250 Tm (Slanted) Tj ET", "font", "as a made-up italic is"),
    ],
)
def test_what_is_painted_wrong(damaged, tmp_path, content, rule, told):
    def change(pdf):
        paint(content)(pdf)
        pdf.pages[PAGE].obj.Resources.Font["/F"] = pdf.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        )

    found = look_at(damaged(change), tmp_path / "damaged.pdf")
    assert [finding.rule for finding in found] == [rule]
    assert told in found[0].what


def test_the_good_page_has_nothing_painted_wrong(made):
    with pikepdf.open(made.files["book", "a4"]) as pdf:
        assert look_at(pdf, made.files["book", "a4"]) == []


def test_a_missing_glyph(damaged):
    def change(pdf):
        name = next(iter(pdf.pages[PAGE].obj.Resources.Font.keys())).encode()
        paint(b"BT " + name + b" 12 Tf 220 250 Td <00000000FFFE> Tj ET")(pdf)

    found = list(proof_glyphs(painted(damaged(change).pages[PAGE]), unplaced))
    assert len(found) == 1 and found[0].what.startswith("3 glyphs are missing from ")


def test_contrast_is_that_of_wcag():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_boxes(made, paper):
    with pikepdf.open(made.files["book", paper]) as pdf:
        assert list(proof_boxes(pdf, paper, "book")) == []
        other = {"a4": "letter", "letter": "a4"}[paper]
        assert len(list(proof_boxes(pdf, other, "book"))) == 4 * len(pdf.pages)
        pdf.pages[3].obj.TrimBox = Array([0, 0, 100, 100])
        assert [finding.place for finding in proof_boxes(pdf, paper, "book")] == ["TrimBox"]


def test_bleed_and_crop_marks(tiny):
    paths = {
        path.name: path
        for path in pipeline.make(tiny.folder, tiny.out, ("a4", "letter"), False, pipeline.Build(), bleed=True).paths
    }
    for paper in ("a4", "letter"):
        with (
            pikepdf.open(paths[f"tiny-{paper}.pdf"]) as plain,
            pikepdf.open(paths[f"tiny-{paper}-bleed.pdf"]) as marked,
        ):
            assert b"q 1 g" not in plain.pages[0].Contents.read_bytes()
            for one, other in zip(plain.pages, marked.pages, strict=True):
                trim = [float(side) for side in one.MediaBox]
                assert [float(side) for side in other.TrimBox] == pytest.approx(trim, abs=0.01)
                for name, wide in (("/BleedBox", 3 * MM), ("/MediaBox", 10 * MM)):
                    left, bottom, right, top = trim
                    assert [float(side) for side in other.obj[name]] == pytest.approx(
                        [left - wide, bottom - wide, right + wide, top + wide], abs=0.01
                    )
                lines = [
                    mark for mark in painted(other) if mark.kind == "stroke" and mark.artifact and mark.width == 0.25
                ]
                assert len(lines) == 1 and len(lines[0].points) == 16
                bleed = [float(side) for side in other.BleedBox]
                assert not any(bleed[0] < x < bleed[2] and bleed[1] < y < bleed[3] for x, y in lines[0].points)
            found, _ = judge(paths[f"tiny-{paper}-bleed.pdf"], "bleed")
            assert found == []
            document = pypdfium2.PdfDocument(paths[f"tiny-{paper}-bleed.pdf"])
            cover = rendered(document[0])
            edge = round((10 - 2.5) * 100 / 25.4)  # half a millimeter inside the bleed
            assert tuple(cover[300, edge]) == (11, 85, 99)
            assert tuple(cover[300, edge // 2]) == (255, 255, 255)
            document.close()


def test_a_rule_registers_itself_for_what_its_argument_is(monkeypatch):
    monkeypatch.setattr(rules, "RULES", {})

    @rules.rule
    def blank(page: rules.FinishedPage):
        yield Finding("blank", f"{page.index}", "", "", "nothing stands here")

    assert [finding.folio for finding in rules.apply(rules.FinishedPage(None, 3, None, None))] == ["3"]
    assert list(rules.apply(rules.FinishedFile(None, None, None, None, None))) == []


def test_every_module_with_rules_is_one_of_the_rooms_of_proof():
    folder = Path(rules.__file__).parent
    with_rules = {path.stem for path in folder.glob("*.py") if "\n@rule" in path.read_text()} - {"rules"}
    assert {module.__name__.rpartition(".")[2] for module in proof.ROOMS} == with_rules
