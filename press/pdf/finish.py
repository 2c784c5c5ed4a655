"""Finish the PDF: fill in formulas and figures, page labels, boxes, tags, dot grid; write both papers.

Place in the flow: after `fit`; the last stage that writes. WeasyPrint does none of this (70.0), so
pikepdf does it on WeasyPrint's result. The two papers share every byte of content and differ only
in their page boxes.
"""

import io
import os
import re
from datetime import UTC, datetime

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from press.layout.cutting import own_subsetter
from press.layout.engine import POINT, notes_in_reading_order, renderer_messages
from press.page import PAGE, mm
from press.pdf.fonts import mend_fonts
from press.pictures.vector import fill
from press.text.html import FORMULA_MARK

GRID_STEP = PAGE.grid.pt
PRINT_FLAG = 4


def paint(document, pages, created):
    """Draw a laid-out document and fill in its vector pages; return a pikepdf.Pdf.

    `created` is the book's date; it stands in the metadata, so that the same book gives the same
    bytes on every day (SOURCE_DATE_EPOCH is what WeasyPrint reads).
    """
    saved = os.environ.get("SOURCE_DATE_EPOCH")
    midnight = datetime(created.year, created.month, created.day, tzinfo=UTC)
    os.environ["SOURCE_DATE_EPOCH"] = str(int(midnight.timestamp()))
    try:
        with renderer_messages(), notes_in_reading_order(document), own_subsetter():
            data = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=b"press")
    finally:
        if saved is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = saved
    pdf = pikepdf.open(io.BytesIO(data))
    fill(pdf, pages)
    mend_fonts(pdf)
    return pdf


def mend_tags(pdf):
    """Put right what WeasyPrint's tags leave open; see the notes at each step."""
    tree = pdf.Root.StructTreeRoot
    _prune(tree.K)
    _free_running_heads(pdf, tree)
    for item in pdf.objects:
        if not isinstance(item, Dictionary):
            continue
        if item.get("/Type") == Name.StructElem:
            _mend_element(item)
        elif item.get("/Subtype") == Name.Link:
            item.F = PRINT_FLAG  # PDF/UA-1, 7.18.1; WeasyPrint leaves the flag out


def _free_running_heads(pdf, tree):
    """Turn running heads into artifacts: WeasyPrint marks them as content, outside the tree."""
    reached = set()

    def walk(element):
        reached.add(element.objgen)
        kids = element.get("/K", Array())
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, Dictionary) and kid.get("/Type") == Name.StructElem:
                walk(kid)

    for element in tree.K:
        walk(element)
    parents = dict(zip(*[iter(tree.ParentTree.Nums)] * 2, strict=True))
    for page in pdf.pages:
        elements = parents[int(page.obj.StructParents)]
        loose = [number for number, element in enumerate(elements) if element.objgen not in reached]
        if loose:
            page.contents_coalesce()
            content = page.obj.Contents.read_bytes()
            for number in loose:
                content = re.sub(
                    rb"/\w+\s*<<\s*/MCID %d\s*>>\s*BDC" % number, b"/Artifact <</Type /Pagination>> BDC", content
                )
                elements[number] = None
            page.obj.Contents = pdf.make_stream(content)


def _mend_element(item):
    alt = str(item.get("/Alt", ""))
    if alt.startswith(FORMULA_MARK):
        item.S = Name.Formula  # WeasyPrint has no tag for formulas
        item.Alt = String(alt.removeprefix(FORMULA_MARK))
    elif item.get("/S") == Name.TH:
        # WeasyPrint drops the scope; head cells in the first column of a body row head their row.
        attributes = item.get("/A", Dictionary(O=Name.Table))
        is_row = item.P.get("/P", {}).get("/S") not in (Name.THead,)
        attributes.Scope = Name.Row if is_row else Name.Column
        item.A = attributes


def _prune(kids):
    """Drop elements without content (an empty span, a folio mark); return True if any is left.

    An empty cell stays: a row of a table keeps its columns.
    """
    if not isinstance(kids, Array):
        return True
    for index in range(len(kids) - 1, -1, -1):
        kid = kids[index]
        if isinstance(kid, Dictionary) and kid.get("/Type") == Name.StructElem:
            inside = kid.get("/K")
            if kid.S in (Name.TD, Name.TH):
                continue
            if inside is None or (isinstance(inside, Array) and not _prune(inside) and not len(inside)):
                del kids[index]
    return len(kids) > 0


def label_pages(pdf, front_pages, first_folio):
    """Give the pages their labels: i, ii, ..., then the folios."""
    pdf.Root.PageLabels = Dictionary(
        Nums=Array([0, Dictionary(S=Name.r), front_pages, Dictionary(S=Name.D, St=first_folio)])
    )


def draw_grids(pdf, grids, front_pages, first_folio):
    """Draw the dot grid on what a span leaves free, under everything else and as an artifact.

    One dashed line a row of dots: a dash of no length with round ends is a dot.
    """
    paper = PAGE.paper
    for folio, (top, bottom) in grids.items():
        page = pdf.pages[folio - first_folio + front_pages]
        is_left = (folio - first_folio + front_pages) % 2 == 1
        left = paper.width.pt - paper.inner.pt - PAGE.column.pt if is_left else paper.inner.pt
        rows = int((bottom - top) / POINT // GRID_STEP) + 1
        lowest = paper.height.pt - bottom / POINT
        heights = [lowest + row * GRID_STEP for row in range(rows)]
        lines = [f"{left + 0.6:.2f} {y:.2f} m {left + PAGE.column.pt:.2f} {y:.2f} l S" for y in heights]
        content = "\n".join(["/Artifact BMC q 0.75 G 1 w 1 J", f"[0 {GRID_STEP:.4f}] 0 d", *lines, "Q EMC\n"])
        page.contents_add(content.encode(), prepend=True)


def draw_cuts(pdf):
    """Draw dashed lines to cut the study cards along.

    One stroke and an artifact: readers would take the cards for the cells of a table.
    """
    paper, card = PAGE.paper, PAGE.card
    left, top = (paper.width.mm - 2 * card.width.mm) / 2, (paper.height.mm - 4 * card.height.mm) / 2
    across = [left + number * card.width.mm for number in range(3)]
    down = [top + number * card.height.mm for number in range(5)]
    lines = [(x, down[0], x, down[-1]) for x in across] + [(across[0], y, across[-1], y) for y in down]
    path = " ".join(
        f"{mm(x).pt:.2f} {mm(paper.height.mm - y).pt:.2f} {operator}"
        for left, top, right, bottom in lines
        for x, y, operator in ((left, top, "m"), (right, bottom, "l"))
    )
    content = f"/Artifact BMC q 0.6 G 0.3 w [1.5 1.5] 0 d {path} S Q EMC\n".encode()
    for page in pdf.pages:
        page.contents_add(content, prepend=True)


def set_viewer(pdf, meta, is_book=True):
    """Say how a viewer should open and print the book (or a sheet), and what it is."""
    pdf.Root.ViewerPreferences = Dictionary(
        DisplayDocTitle=True, PrintScaling=Name("/None"), Duplex=Name.DuplexFlipLongEdge
    )
    if is_book:
        pdf.Root.PageLayout = Name.TwoPageRight
        pdf.Root.PageMode = Name.UseOutlines
    pdf.docinfo["/Subject"] = meta.subject
    with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
        xmp["dc:description"] = meta.subject


def set_boxes(pdf, paper, centered=False, bleed=False):
    """Set the page boxes for a paper: the same content, another window on it.

    The book's window keeps the inner and top margins of the paper; a `centered` sheet stays in
    the middle, so that fronts and backs meet. With `bleed` the page is 3 mm larger on each side,
    on a sheet with room for crop marks; the trimmed page stays where it was.
    """
    wanted, laid_out = PAGE.papers[paper], PAGE.paper
    width, height = wanted.width.mm, wanted.height.mm
    for index, page in enumerate(pdf.pages):
        outer_shift = wanted.inner.mm - laid_out.inner.mm
        if centered:
            left, top = (laid_out.width.mm - width) / 2, (laid_out.height.mm + height) / 2
        else:  # a left-hand page has its inner margin on the right
            left = laid_out.width.mm + outer_shift - width if index % 2 == 1 else -outer_shift
            top = laid_out.height.mm - laid_out.top.mm + wanted.top.mm
        trim = left, top - height, left + width, top
        for name in ("/MediaBox", "/TrimBox", "/BleedBox", "/CropBox"):
            page.obj[name] = _box(trim)
        if bleed:
            page.obj.BleedBox = _box(trim, PAGE.bleed.mm)
            page.obj.MediaBox = page.obj.CropBox = _box(trim, PAGE.sheet.mm)


def _box(trim, more=0.0):
    """Return a page box around another, both in mm; the file has points."""
    left, bottom, right, top = trim
    return Array([round(mm(value).pt, 3) for value in (left - more, bottom - more, right + more, top + more)])


def draw_crop_marks(pdf):
    """Draw crop marks at the corners of pages with bleed, as artifacts outside the bleed.

    What a ground has beyond the bleed is covered in white, so that the marks can be seen.
    """
    for page in pdf.pages:
        left, bottom, right, top = (float(side) for side in page.obj.TrimBox)
        gap, end = mm(PAGE.bleed.mm + 1).pt, mm(PAGE.sheet.mm - 1).pt
        lines = [(x, y + way * gap, x, y + way * end) for x in (left, right) for y, way in ((bottom, -1), (top, 1))]
        lines += [(x + way * gap, y, x + way * end, y) for y in (bottom, top) for x, way in ((left, -1), (right, 1))]
        path = " ".join("{:.3f} {:.3f} m {:.3f} {:.3f} l".format(*line) for line in lines)
        outside = " ".join(_rectangle(page.obj[name]) for name in ("/MediaBox", "/BleedBox"))
        content = f"/Artifact BMC q 1 g {outside} f* 0 G 0.25 w {path} S Q EMC\n"
        # WeasyPrint's stream leaves its own scale behind.
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(b"\nQ\n" + content.encode())


def _rectangle(box):
    left, bottom, right, top = (float(side) for side in box)
    return f"{left:.3f} {bottom:.3f} {right - left:.3f} {top - bottom:.3f} re"


def save(pdf, path):
    """Write a PDF beside its place; `publish` gives it its name when all files of a run are there.

    A Pdf that pikepdf 10.18 saves a second time linearized and with object streams loses its page
    tree, so a copy is saved.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with copied(pdf) as copy:
        copy.save(
            _unpublished(path),
            linearize=True,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )


def copied(pdf):
    """Return a Pdf of its own with the same content."""
    plain = io.BytesIO()
    pdf.save(plain, deterministic_id=True)
    return pikepdf.open(plain)


def publish(paths):
    """Rename the files of a run into place, after nothing can go wrong any more."""
    for path in paths:
        _unpublished(path).replace(path)


def discard(folder, name):
    """Remove what a run that failed has left beside the places of a book's files."""
    for part in folder.glob(f".{name}-*.part"):
        part.unlink()


def _unpublished(path):
    return path.with_name(f".{path.name}.part")
