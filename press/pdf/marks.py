"""What is drawn on finished pages besides the text: dot grid, lines to cut along, crop marks.

Place in the flow: after `paint`. All of it is an artifact, so that readers do not take it for content.
"""

from pikepdf import Object, Pdf

from press.page import PAGE, mm

STEP = PAGE.grid.pt
ACROSS, DOWN = 2, 3  # study cards on a sheet


def draw_grids(pdf: Pdf, grids: dict[int, tuple[float, float]], front_pages: int, first_folio: int) -> None:
    """Draw the dot grid on what a span leaves free, under everything else and as an artifact.

    One dashed line a row of dots: a dash of no length with round ends is a dot.
    """
    paper = PAGE.paper
    for folio, (top, bottom) in grids.items():
        page = pdf.pages[folio - first_folio + front_pages]
        is_left = folio % 2 == 0
        left = paper.width.pt - paper.inner.pt - PAGE.column.pt if is_left else paper.inner.pt
        rows = int((bottom - top) // STEP) + 1
        lowest = paper.height.pt - bottom
        heights = [lowest + row * STEP for row in range(rows)]
        lines = [f"{left + 0.6:.2f} {y:.2f} m {left + PAGE.column.pt:.2f} {y:.2f} l S" for y in heights]
        content = "\n".join(["/Artifact BMC q 0.75 G 1 w 1 J", f"[0 {STEP:.4f}] 0 d", *lines, "Q EMC\n"])
        page.contents_add(content.encode(), prepend=True)


def draw_cuts(pdf: Pdf) -> None:
    """Draw dashed lines to cut the study cards along.

    One stroke and an artifact: readers would take the cards for the cells of a table.
    """
    paper, card = PAGE.paper, PAGE.card
    left, top = (paper.width.mm - ACROSS * card.width.mm) / 2, (paper.height.mm - DOWN * card.height.mm) / 2
    across = [left + number * card.width.mm for number in range(ACROSS + 1)]
    down = [top + number * card.height.mm for number in range(DOWN + 1)]
    lines = [(x, down[0], x, down[-1]) for x in across] + [(across[0], y, across[-1], y) for y in down]
    path = " ".join(
        f"{mm(x).pt:.2f} {mm(paper.height.mm - y).pt:.2f} {operator}"
        for left, top, right, bottom in lines
        for x, y, operator in ((left, top, "m"), (right, bottom, "l"))
    )
    content = f"/Artifact BMC q 0.6 G 0.3 w [1.5 1.5] 0 d {path} S Q EMC\n".encode()
    for page in pdf.pages:
        page.contents_add(content, prepend=True)


def draw_crop_marks(pdf: Pdf) -> None:
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


def _rectangle(box: Object) -> str:
    left, bottom, right, top = (float(side) for side in box)
    return f"{left:.3f} {bottom:.3f} {right - left:.3f} {top - bottom:.3f} re"
