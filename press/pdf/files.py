"""What makes a finished file: page labels, page boxes of a paper, how a viewer opens it.

Place in the flow: before `saving`. The two papers share every byte of
content and differ only in their page boxes. WeasyPrint has bleed and crop marks of its own, but one layout serves two
papers here, so boxes are set when the pages are drawn.
"""

import hashlib
from datetime import UTC, datetime

from pikepdf import Array, Dictionary, Name, NameTree, Object, Pdf, Stream, String

from press.content.schema import Metadata
from press.page import PAGE, mm
from press.words import Words, roman

BOXES = ("/MediaBox", "/TrimBox", "/BleedBox", "/CropBox")


def label_pages(pdf: Pdf, front_pages: int, first_folio: int) -> None:
    """Give the pages their labels: i, ii, ..., then the folios."""
    pdf.Root.PageLabels = Dictionary(
        Nums=Array([0, Dictionary(S=Name.r), front_pages, Dictionary(S=Name.D, St=first_folio)])
    )


def describe_links(pdf: Pdf, words: Words, front_pages: int, first_folio: int) -> None:
    """Say where each link leads, as "p. 107", in place of the inner name of its target."""
    numbers: dict = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
    targets: dict[str, int] = {}
    for name, target in NameTree(pdf.Root.Names.Dests).items():
        there = target.D[0] if isinstance(target, Dictionary) else target[0]
        targets[str(name)] = numbers[there.objgen]
    for page in pdf.pages:
        for link in page.obj.get("/Annots", Array()):
            number = targets.get(str(link.get("/Dest", "")))
            if number is not None and number >= front_pages:
                link.Contents = String(words.on_page(number - front_pages + first_folio))
            elif number is not None:
                link.Contents = String(words.on_page(roman(number + 1)))


def set_viewer(pdf: Pdf, meta: Metadata, is_book: bool = True) -> None:
    """Say how a viewer should open and print the book (or a sheet), and what it is."""
    pdf.Root.ViewerPreferences = Dictionary(
        DisplayDocTitle=True, PrintScaling=Name("/None"), Duplex=Name.DuplexFlipLongEdge
    )
    if is_book:
        # Beside the bookmarks two pages would be read at less than half their size: one, as wide as there is room.
        pdf.Root.PageLayout = Name.OneColumn
        pdf.Root.PageMode = Name.UseOutlines
        pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.FitH, pdf.pages[0].mediabox[3]])
    day = datetime(meta.date.year, meta.date.month, meta.date.day, tzinfo=UTC)
    if meta.subject:
        pdf.docinfo["/Subject"] = meta.subject
    pdf.docinfo["/CreationDate"] = pdf.docinfo["/ModDate"] = f"D:{day:%Y%m%d%H%M%S}Z"
    with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
        if meta.subject:
            xmp["dc:description"] = meta.subject
        xmp["dc:language"] = {meta.language}
        xmp["xmp:CreateDate"] = xmp["xmp:ModifyDate"] = day.isoformat()
        if meta.license:
            xmp["dc:rights"] = meta.license.name
            xmp["xmpRights:Marked"] = "True"
            xmp["xmpRights:WebStatement"] = meta.license.url


def set_boxes(pdf: Pdf, paper: str, centered: bool = False, bleed: bool = False) -> None:
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
        for name in BOXES:
            page.obj[name] = _box(trim)
        if bleed:
            page.obj.BleedBox = _box(trim, PAGE.bleed.mm)
            page.obj.MediaBox = page.obj.CropBox = _box(trim, PAGE.sheet.mm)


def digest_but_boxes(pdf: Pdf) -> str:
    """Return a digest of all that a file holds but the boxes of its pages."""
    digest = hashlib.sha256()
    for item in pdf.objects:
        if isinstance(item, Stream) and item.get("/Type") not in ("/ObjStm", "/XRef"):
            digest.update(item.stream_dict.unparse() + item.read_raw_bytes())
        elif isinstance(item, Dictionary) and item.get("/Type") == "/Page":
            digest.update(Dictionary({key: value for key, value in item.items() if key not in BOXES}).unparse())
        elif not isinstance(item, Stream) and isinstance(item, Object):
            digest.update(item.unparse(resolved=True))
    return digest.hexdigest()


def _box(trim: tuple[float, float, float, float], more: float = 0.0) -> Array:
    """Return a page box around another, both in mm; the file has points."""
    left, bottom, right, top = trim
    return Array([round(mm(value).pt, 3) for value in (left - more, bottom - more, right + more, top + more)])


def joined(pdfs: list[Pdf]) -> Pdf:
    """Return the pages of some documents as one document."""
    for pdf in pdfs[1:]:
        pdfs[0].pages.extend(pdf.pages)
    return pdfs[0]
