"""Vector pages: formulas and figures drawn in the book as Form XObjects, as real text.

Used by `formulas`, `figures` and `fromfile` (which make single-page pictures in other PDFs), by `layout`
(WeasyPrint looks pictures up in its cache before it fetches anything, and finds a `VectorPage`)
and by `pdf.paint` (which fills the empty forms that WeasyPrint drew). Ten times faster to draw than
SVG, and a formula can be searched and copied.
"""

import io
from typing import Any, NamedTuple

import pikepdf
import pydyf

from press.page import pt

# What the other modules of this room name without the library.
Page = pikepdf.Page
Pdf = pikepdf.Pdf

# WeasyPrint has no tag for formulas: this letter before an alternative text asks for one (see `spoken`).
FORMULA_MARK = "\ue000"
# Typst tags its own PDFs; inside the Figure of the book these marks would be nested (PDF/UA-1, 7.1).
MARKED_CONTENT = {"BDC", "BMC", "EMC", "MP", "DP"}
# A form is clipped to its box, in whole dots on a screen: without air the tops of digits are shaved.
AIR = 1  # point on each side


class VectorPage(NamedTuple):
    """A page of another PDF standing in for a picture: unique key, width and height in points."""

    key: str
    width: float
    height: float

    def get_intrinsic_size(self, _resolution, _font_size):
        """Return (width, height, ratio) in CSS pixels, as WeasyPrint asks of a picture."""
        return pt(self.width).px, pt(self.height).px, self.width / self.height

    def draw(self, stream, width, height, _style):
        """Draw one empty form that carries the key; `fill` puts the page into it later."""
        objects = stream._resources["XObject"]
        if self.key not in objects:
            box = pydyf.Array((0, 0, self.width, self.height))
            objects[self.key] = pydyf.Stream(
                [],
                pydyf.Dictionary(
                    {"Type": "/XObject", "Subtype": "/Form", "BBox": box, "VectorPage": pydyf.String(self.key)}
                ),
            )
        with stream.stacked():
            stream.transform(a=width / self.width, d=-height / self.height, f=height)
            stream.draw_x_object(self.key)


class Picture(NamedTuple):
    """What a form holds in place of a picture: its content, and {font resource: codes that it shows in it}."""

    content: bytes
    shown: dict[str, set[int]]


def open_pdf(content: bytes) -> Pdf:
    """Open a small PDF of pictures; its pages live only as long as it does."""
    return pikepdf.open(io.BytesIO(content))


def page_of_dots(dots: Any, width: float, height: float) -> bytes:
    """Return a PDF of one page that a picture of dots fills (`fromfile.Dots`); width and height in points."""
    pdf = pikepdf.new()
    image = pdf.make_stream(
        dots.content,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=dots.width,
        Height=dots.height,
        ColorSpace=pikepdf.Name.DeviceGray if dots.is_grey else pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
    )
    if dots.is_jpeg:
        image.Filter = pikepdf.Name.DCTDecode
    page = pdf.add_blank_page(page_size=(width, height))
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Dots=image))
    page.obj.Contents = pdf.make_stream(b"q %.3f 0 0 %.3f 0 0 cm /Dots Do Q" % (width, height))
    made = io.BytesIO()
    pdf.save(made, deterministic_id=True)
    return made.getvalue()


def formula_alt(words: str, key: str) -> str:
    """Return the alternative text of a formula's picture: its words, marked as a formula's, and its key."""
    return f"{FORMULA_MARK}{words}{FORMULA_MARK}{key}"


def spoken(alt: str) -> tuple[str, str] | None:
    """Return (words, key) of an alternative text that `formula_alt` made, None for any other."""
    _, mark, rest = alt.partition(FORMULA_MARK)
    words, _, key = rest.partition(FORMULA_MARK)
    return (words, key) if mark else None


def read(pages, lines, known):
    """Read the pages of pictures that are not `known` yet into it, as {key: Picture}; `lines` as `fill` has them."""
    for key in pages:
        if key not in known:
            known[key] = _read(pages[key], lines.get(key))


def _read(page, line):
    named = [(str(instruction.operator), instruction) for instruction in pikepdf.parse_content_stream(page)]
    content = pikepdf.unparse_content_stream([item for operator, item in named if operator not in MARKED_CONTENT])
    if line is not None:
        replaced = pikepdf.Dictionary(ActualText=pikepdf.String(line))
        content = b"/Span " + replaced.unparse() + b" BDC\n" + content + b"\nEMC"
    return Picture(content, shown_in(named))


def shown_in(named):
    """Return {font resource: codes that are shown in it} of [(operator, instruction)], codes of two bytes."""
    found, current = {}, None
    for operator, item in named:
        if operator == "Tf":
            current = found.setdefault(str(item.operands[0]), set())
        elif operator in ("Tj", "TJ") and current is not None:
            parts = item.operands[0]
            for part in parts if isinstance(parts, pikepdf.Array) else [parts]:
                if isinstance(part, pikepdf.String):
                    codes = bytes(part)
                    current.update(high << 8 | low for high, low in zip(codes[::2], codes[1::2], strict=False))
    return found


def fill(pdf, pages, lines, known):
    """Put the page named by each empty form in its place; return {number of a form: what its Picture shows}.

    `pages` maps a VectorPage's key to a pikepdf page. Keys of forms that are met twice share one
    copied form's resources, so a formula used a hundred times is stored once. `lines` has the text
    of some in one line: it takes the place of their letters for who searches or copies. `known` has
    the pages that are read already.
    """
    copied, shown = {}, {}
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Stream) or "/VectorPage" not in item:
            continue
        key = str(item.VectorPage)
        if key not in copied:
            read({key: pages[key]}, lines, known)
            copied[key] = pdf.copy_foreign(pages[key].as_form_xobject())
        form = copied[key]
        item.write(known[key].content)
        shown[item.objgen] = known[key].shown
        for name in ("/Resources", "/Matrix", "/Group"):
            if name in form:
                item[name] = form[name]
        left, bottom, right, top = map(float, form.BBox)
        item.BBox = pikepdf.Array([left - AIR, bottom - AIR, right + AIR, top + AIR])
        del item["/VectorPage"]
    return shown
