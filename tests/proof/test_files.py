"""The proof of finished files: each fault is planted in a made book or in a drawing, and found."""

import json
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pikepdf
import pypdfium2
import pytest
from conftest import BOOKS, print_whole
from pikepdf import Array, Dictionary, Name, String
from reading import MM
from typer.testing import CliRunner

import build
from press import pipeline
from press.pdf.fonts import mend_fonts
from press.pdf.painted import painted
from press.pdf.records import read_back
from press.pdf.runs import read_words
from press.pdf.tags import walk
from press.proof import agreement as check
from press.proof import reader as proof
from press.proof import rules
from press.proof.drawings import proof_figure
from press.proof.findings import Finding
from press.proof.ink import (
    allowed,
    contrast,
    faint,
    hairlines,
    ink_outside,
    proof_boxes,
)
from press.proof.letters import proof_fonts, proof_glyphs
from press.proof.reading import judge, note_box, proof_answers, proof_order, proof_tags
from press.proof.rules import rendered

FONTS = pipeline.TEMPLATES / "fonts"
PAGE = 7  # the page with folio 10


def place(rule, what, *where):
    """Return a Finding without a place: the tests are about what is found."""
    return Finding(rule, "", "", "", what)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The tiny book with full pages, made once: a Printing."""
    return print_whole(BOOKS / "base", tmp_path_factory.mktemp("dist"))


@pytest.fixture
def damaged(made, tmp_path):
    """Return a function that damages the book's file and opens the result."""
    opened = []

    def damage(change):
        with pikepdf.open(made.files["book", "a4"]) as pdf:
            change(pdf)
            pdf.save(tmp_path / "damaged.pdf")
        opened.append(pikepdf.open(tmp_path / "damaged.pdf"))
        return opened[-1]

    yield damage
    for pdf in opened:
        pdf.close()


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
        *ink_outside(picture, mask, place),
        *faint(picture, found, place),
        *hairlines(painted(page), place),
        *proof_glyphs(painted(page), place),
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

    found = list(proof_glyphs(painted(damaged(change).pages[PAGE]), place))
    assert len(found) == 1 and found[0].what.startswith("3 glyphs are missing from ")


def test_contrast_is_that_of_wcag():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


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


def of_kind(pdf, kind):
    return [element.item for element in walk(pdf) if f"/{element.kind}" == kind]


def set_key(kind, key, value, number=0):
    def change(pdf):
        of_kind(pdf, kind)[number][key] = value

    return change


def set_scope(scope, number):
    return set_key("/TH", "/A", Dictionary(O=Name.Table, Scope=scope), number)


def unprinted_link(pdf):
    next(item for item in pdf.pages[PAGE].Annots if item.Subtype == Name.Link).F = 0


def remove_heads(pdf):
    for cell in of_kind(pdf, "/TH"):
        cell.S = Name.TD


@pytest.mark.parametrize(
    "change, rule, told",
    [
        (set_key("/Formula", "/Alt", String("x ⊤ y")), "alt", "words only"),
        (set_key("/Figure", "/Alt", String(" "), 0), "alt", "a figure has no alternative text"),
        (set_key("/H2", "/S", Name.H4), "heading", "H4 follows H1"),
        (set_scope(Name.Both, 0), "scope", "not the scope Row"),
        (set_scope(Name.Row, 2), "scope", "not the scope Column"),
        (unprinted_link, "link", "has no Print flag"),
    ],
)
def test_tags(damaged, change, rule, told):
    pdf = damaged(change)
    found = list(proof_tags(pdf, list(walk(pdf)), place))
    assert [finding.rule for finding in found] == [rule] and told in found[0].what, found


def test_a_table_without_heads(damaged):
    pdf = damaged(remove_heads)
    found = list(proof_tags(pdf, list(walk(pdf)), place))
    assert found and {finding.what for finding in found} == {"a table has no heads"}


def answer(pdf, number=0):
    """Return the element of an answer: heading, correction, answer sentence, paragraphs, notes."""
    heads = [element for element in walk(pdf) if element.kind == "H2" and Name.Art == element.parents[-1].S]
    return heads[number].parents[-1]


def note_late(pdf):
    kids = answer(pdf).K
    note = next(number for number, kid in enumerate(kids) if kid.S == "/NonStruct")
    moved = kids[note]
    del kids[note]
    kids.append(moved)


def note_to_next_page(pdf):
    kids, later = answer(pdf).K, answer(pdf, 1).K
    note = next(number for number, kid in enumerate(kids) if Name.NonStruct == kid.S)
    moved = kids[note]
    del kids[note]
    later.append(moved)


def note_in_two_pieces(pdf):
    kids = answer(pdf).K
    notes = [kid.K[0].K for kid in kids if Name.NonStruct == kid.S]
    inside = next(inside for inside in notes if len(inside) > 1)
    moved = inside[len(inside) - 1]
    del inside[len(inside) - 1]
    kids.append(moved)


def paragraphs_swapped(pdf):
    kids = answer(pdf).K
    numbers = [number for number, kid in enumerate(kids) if kid.S == Name.P][-2:]
    kids[numbers[0]], kids[numbers[1]] = kids[numbers[1]], kids[numbers[0]]


def key_late(pdf):
    kids = answer(pdf, 1).K
    key = next(number for number, kid in enumerate(kids) if kid.S == Name.P)
    moved = kids[key]
    del kids[key]
    kids.append(moved)


def order_of(pdf, made, path):
    printed = read_back(path)
    pages = [made.laid_out.read()[number] for number in made.laid_out.answers[:4]]
    notes = {page.number: [note_box(note) for note in page.besides if note.is_note] for page in pages}
    entries = [("1.1.1", "One is the unit."), ("1.1.2", "Two is a pair."), ("1.2", "It has")]
    return [*proof_order(list(walk(pdf)), printed.runs, notes, place), *proof_answers(printed, entries, place)]


@pytest.mark.parametrize(
    "change, told",
    [
        (paragraphs_swapped, "is read after what stands below it"),
        (note_late, "a note is read after a paragraph that stands below it"),
        (note_to_next_page, "a note is read after a paragraph of another page"),
        (note_in_two_pieces, "a note is read in two pieces"),
        (key_late, "the answer sentence is not read right after the question"),
    ],
)
def test_reading_order(made, damaged, tmp_path, change, told):
    found = order_of(damaged(change), made, tmp_path / "damaged.pdf")
    assert any(told in finding.what for finding in found), found


def test_the_good_book_is_read_in_order(made):
    with pikepdf.open(made.files["book", "a4"]) as pdf:
        assert order_of(pdf, made, made.files["book", "a4"]) == []


def test_the_judge_finds_what_is_wrong(damaged, tmp_path):
    damaged(set_key("/Figure", "/Alt", String("")))
    found, note = judge(tmp_path / "damaged.pdf", "book a4")
    assert not note and any("error" in finding.what for finding in found)


def test_without_the_judge_the_proof_says_so(made, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "outloud", None)
    found, note = judge(made.files["book", "a4"], "book a4")
    assert found == [] and "PDF/UA-1 was not judged" in note


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


@pytest.fixture
def drawing(tmp_path):
    """Return a function that saves a drawing and returns what is found in it."""

    def draw(plot):
        sheet, axes = plt.subplots(figsize=(4, 2))
        plot(axes)
        sheet.savefig(tmp_path / "drawing.pdf")
        plt.close(sheet)
        with pikepdf.open(tmp_path / "drawing.pdf") as pdf:
            return [finding.what for finding in proof_figure(pdf.pages[0], "a/b", lambda rule, what: place(rule, what))]

    return draw


TEAL, RUST = "#0b5563", "#b4572e"
X = [0, 1, 2, 3]


@pytest.mark.parametrize(
    "first, second, label, alike",
    [
        ({"color": TEAL}, {"color": RUST}, False, True),
        ({"color": TEAL}, {"color": RUST}, True, False),
        ({"color": TEAL}, {"color": RUST, "linestyle": "--"}, False, False),
        ({"color": TEAL}, {"color": RUST, "linewidth": 3}, False, False),
        ({"color": TEAL, "marker": "o"}, {"color": RUST, "marker": "s"}, False, False),
        ({"color": TEAL}, {"color": "#d0d0d0"}, False, False),
        ({"color": TEAL}, {"color": TEAL}, False, False),
    ],
)
def test_curves_that_look_alike_in_grey(drawing, first, second, label, alike):
    def plot(axes):
        axes.plot(X, [0, 1, 4, 9], **first)
        axes.plot(X, [9, 8, 7, 6], **second)
        if label:
            axes.text(0.2, 0.9, "one")
            axes.text(0.2, 8.9, "other")

    assert bool(drawing(plot)) == alike


@pytest.mark.filterwarnings("ignore:constrained_layout not applied")  # the label leaves no room for axes
def test_a_label_that_is_cut_off(drawing):
    assert drawing(lambda axes: axes.text(2.5, 0.5, "far too long to fit", fontsize=30)) == [
        "a label of a/b is cut off at the edge of the drawing"
    ]


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


def test_a_rule_registers_itself_for_what_its_argument_is(monkeypatch):
    monkeypatch.setattr(rules, "RULES", {})

    @rules.rule
    def blank(page: rules.FinishedPage):
        yield Finding("blank", f"{page.index}", "", "", "nothing stands here")

    assert [finding.folio for finding in rules.apply(rules.FinishedPage(None, 3, None, None))] == ["3"]
    assert list(rules.apply(rules.FinishedFile(None, None, None, None, None))) == []
