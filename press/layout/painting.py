"""Paint pages one by one, wherever: a painted page has all that its file needs, and none of the renderer's boxes.

Place in the flow: `engine.draw` paints what is not painted yet, and writes it all. WeasyPrint paints into one
file; here each page is painted by itself, which may be in another process, beside the layout of others. What
pages share in the file (fonts, pictures) is joined in their order, so that the file is the same wherever they
were painted. Boxes are half of the memory that a book takes; a painted page keeps of them what its tags say.
"""

import copy
import zlib
from typing import Any, NamedTuple

import pydyf
from weasyprint.document import Document, Page
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf.fonts import Font
from weasyprint.pdf.stream import Stream

from press.layout.boxes import Box, parts
from press.layout.margin import notes_in_reading_order
from press.layout.patches import heads_as_artifacts
from press.page import px

SCALE = px(1).pt
LEVEL = 9  # of compression, as pydyf has it
SHARED = ("ExtGState", "XObject")  # what pages share under a name that tells what it is
NUMBERED = ("Pattern", "Shading")  # what WeasyPrint numbers through all pages; the design has none


class BareElement(NamedTuple):
    """What the tags ask of an element of the HTML."""

    tag: str
    attrib: dict[str, str]


CELLS, ATTRIBUTES = ("th", "td"), ("alt", "src", "scope")
NOT_ASKED = BareElement("", {})


class UsedFont(NamedTuple):
    """A font that a page uses: its key in the file, the font, widths and letters of the glyphs that are shown."""

    key: int
    font: Font
    widths: dict[int, int]
    letters: dict[int, str]


class AnchoredPage(NamedTuple):
    """A page that is laid out elsewhere: where its anchors stand."""

    anchors: dict[str, tuple[float, float, float, float]]


class PaintedPage:
    """A page as WeasyPrint asks for it when it writes a file, already painted.

    `content` is compressed; `parts` are what `boxes.parts` tells of a page.
    """

    def __init__(self, page: Page, content: bytes, tags: dict | None, resources: dict, fonts: list[UsedFont]) -> None:
        bare: dict[int, Box] = {}
        self._page_box = _bare(page._page_box, bare)
        self.width, self.height, self.bleed = page.width, page.height, page.bleed
        self.bookmarks, self.anchors, self.forms = page.bookmarks, page.anchors, None
        self.links = [(kind, target, area, bare[id(box)]) for kind, target, area, box in page.links]
        self.content, self.resources, self.fonts = content, resources, fonts
        self.tags = [(bare[id(box)], tag) for box, tag in (tags or {}).items()]
        self.parts = parts(page)

    def paint(self, stream: Stream, scale: float) -> None:
        """Put what is painted into the stream of a file, and what it uses to what pages before it use."""
        assert scale == SCALE
        stream.stream, stream.compress = [self.content], False
        stream.extra["Filter"] = "/FlateDecode"
        if stream._tags is not None:
            stream._tags.update((box, dict(tag)) for box, tag in self.tags)
        for kind in SHARED:
            for name, resource in self.resources[kind].items():
                stream._resources[kind].setdefault(name, resource)
        for key, used, widths, letters in self.fonts:
            if key not in stream._fonts:
                stream._fonts[key] = copy.copy(used)
                stream._fonts[key].widths, stream._fonts[key].to_unicode = {}, {}
            font = stream._fonts[key]
            for glyph, width in widths.items():
                font.widths.setdefault(glyph, width)
            for glyph, letter in letters.items():
                font.to_unicode.setdefault(glyph, letter)


class _Fonts(dict[int, Font]):
    """The fonts of one page, as it comes to use them; those known from other pages are not made again."""

    def __init__(self, known: dict[int, Font]) -> None:
        super().__init__()
        self.known = known

    def __contains__(self, key: Any) -> bool:
        if not super().__contains__(key) and key in self.known:
            self[key] = self.known[key]
        return super().__contains__(key)

    def __setitem__(self, key: int, font: Font) -> None:
        self.known[key] = font
        font.widths, font.to_unicode = {}, {}
        super().__setitem__(key, font)


def painted(document: Document, tagged: bool = True) -> list[PaintedPage]:
    """Paint the pages of a document that are not painted yet; return all of them."""
    known: dict[int, Font] = {}
    apart: dict[int, Font] = {}
    rest = document.copy([page for page in document.pages if not isinstance(page, PaintedPage)])
    with notes_in_reading_order(rest), heads_as_artifacts(rest):
        return [
            page if isinstance(page, PaintedPage) else _painted(page, document, tagged, known, apart)
            for page in document.pages
        ]


def _painted(
    page: Page, document: Document, tagged: bool, known: dict[int, Font], apart: dict[int, Font]
) -> PaintedPage:
    """Paint a page; `known` are fonts that pages before it have used, `apart` the same without their handles."""
    fonts, tags = _Fonts(known), {} if tagged else None
    resources = pydyf.Dictionary({kind: pydyf.Dictionary() for kind in (*SHARED, *NUMBERED)})
    resources["ColorSpace"] = None
    area = (0, 0, page.width, page.height)
    stream = Stream(fonts, area, resources, {}, tags, document.color_profiles, document.output_intent)
    stream.transform(d=-1, f=page.height * SCALE)
    page.paint(stream, SCALE)
    if any(resources[kind] for kind in NUMBERED) or not _are_named_by_content(resources):
        raise RuntimeError("a page has a gradient, a transparent group or a picture that is not a vector page")
    for key, font in fonts.items():
        if key not in apart:
            apart[key] = copy.copy(font)
            del apart[key].hb_font, apart[key].hb_face
    used = [UsedFont(key, apart[key], font.widths, font.to_unicode) for key, font in fonts.items()]
    content = zlib.compress(b"\n".join(pydyf._to_bytes(item) for item in stream.stream), LEVEL)
    return PaintedPage(page, content, tags, {kind: dict(resources[kind]) for kind in SHARED}, used)


def _are_named_by_content(resources: dict) -> bool:
    """Say whether the same name means the same on all pages: vector pages by their key, opacity by its value."""
    return all(name[0] in "Aa" for name in resources["ExtGState"]) and all(
        form is not None and "VectorPage" in form.extra for form in resources["XObject"].values()
    )


def _bare(box: Box, bare: dict[int, Box]) -> Box:
    """Return a box with what the tags ask of it and of all in it, and note it in `bare` under the id of the whole."""
    around, box = box, box._box if isinstance(box, AbsolutePlaceholder) else box
    kind: Any = type(box)
    kept = bare[id(box)] = bare[id(around)] = kind.__new__(kind)
    kept.element_tag, kept.element = box.element_tag, None if box.element is None else NOT_ASKED
    kept.children = [_bare(child, bare) for child in box.children]
    if isinstance(box, boxes.ReplacedBox) or box.element_tag in CELLS:
        told = {name: box.element.get(name) for name in ATTRIBUTES if name in box.element.attrib}
        kept.element = BareElement(box.element.tag, told)
    if isinstance(box, boxes.ReplacedBox):
        kept.position_x, kept.position_y, kept.width, kept.height = *_corner(box), box.width, box.height
        kept.margin_left = kept.padding_left = kept.border_left_width = 0
        kept.margin_top = kept.padding_top = kept.border_top_width = 0
    elif box.element_tag in CELLS:
        kept.colspan, kept.rowspan = box.colspan, box.rowspan
    elif box.element_tag == "li":
        kept.style = {name: box.style[name] for name in ("display", "list_style_type")}
    elif box.is_table_wrapper:
        kept.is_table_wrapper = True
    return kept


def _corner(box: Box) -> tuple[float, float]:
    return box.content_box_x(), box.content_box_y()
