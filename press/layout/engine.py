"""Lay out HTML with WeasyPrint, bring each heading to its page, place the margin, and paint.

Place in the flow: after `documents`, before `spans`, which measures the result, and `press.pdf`, which
finishes what `draw` paints. A heading carries the folio on which it has to begin, and margin notes are
floats of no height; what WeasyPrint has to do otherwise for both stands in `patches`, and how notes
and wide blocks find their places when all pages are laid out in `margin`.
"""

import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname
from weakref import WeakKeyDictionary

import weasyprint
from weasyprint.document import Document, Page
from weasyprint.text.ffi import pango
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from press.layout.cutting import own_subsetter
from press.layout.margin import Crowded, place_margin
from press.layout.painting import PaintedPage, painted
from press.layout.patches import objects_uncompressed, pages_named_once, patched
from press.page import css
from press.pictures.vector import VectorPage

BOOK_STYLES = ("fonts.css", "book.css")


def pango_version() -> str:
    """Return the version of Pango, as "1.50.12": by it the machine has a say in the bytes of a book."""
    version = pango.pango_version()
    return f"{version // 10000}.{version // 100 % 100}.{version % 100}"


class RendererError(Exception):
    """WeasyPrint warned of something; carries the messages."""


class Layout(NamedTuple):
    """A laid-out document and what the measuring stages need of it."""

    document: Document
    first_folio: int
    front_pages: int
    crowded: list[Crowded]

    @property
    def body(self) -> list[Page]:
        """The pages of the answers, in order."""
        return self.document.pages[self.front_pages :]

    @property
    def end(self) -> int:
        """The folio after the last page."""
        return self.first_folio + len(self.body)


class Fetcher(URLFetcher):
    """Give WeasyPrint the files of the templates folder and nothing else, no network."""

    def __init__(self, templates: Path) -> None:
        super().__init__(allowed_protocols=["file"])
        self.root = templates.resolve()

    def fetch(self, url: str, headers: Any = None) -> Any:
        """Fetch a file of the design; anything else is refused."""
        if not Path(url2pathname(urlsplit(url).path)).resolve().is_relative_to(self.root):
            raise ValueError(f"{url} is outside the templates folder")
        return super().fetch(url, headers)


# The word on every page of a draft that is made in spite of faults, while one is made.
_DRAFT: list[str] = []


@contextmanager
def as_draft(word: str) -> Iterator[None]:
    """Lay out and draw with a word on every page, whatever WeasyPrint warns of."""
    _DRAFT.append(word)
    try:
        yield
    finally:
        _DRAFT.pop()


def _on_every_page(word: str) -> str:
    said = f"content: {json.dumps(word, ensure_ascii=False)}"
    return f"@page {{ @bottom-center {{ {said} }} }} .cover::after {{ {said} }}"


def lay_out(
    html: str,
    templates: Path,
    pictures: Mapping[str, VectorPage],
    first_folio: int,
    front_pages: int,
    stylesheets: Sequence[str] = BOOK_STYLES,
    fonts: FontConfiguration | None = None,
) -> Layout:
    """Lay out HTML; `pictures` maps "vector:..." to VectorPages, `fonts` shares a FontConfiguration."""
    fonts = fonts or FontConfiguration()
    fetcher = Fetcher(templates)
    with renderer_messages(), patched(first_folio - front_pages - 1):
        sheets = [
            _style("", templates, fonts, fetcher),
            *(_style(name, templates, fonts, fetcher) for name in (*stylesheets, *(["draft.css"] if _DRAFT else []))),
            *(weasyprint.CSS(string=_on_every_page(word)) for word in _DRAFT),
        ]
        document = weasyprint.HTML(string=html, base_url=templates.as_uri() + "/", url_fetcher=fetcher).render(
            stylesheets=sheets, cache=dict(pictures), font_config=fonts
        )
    crowded = []
    for index, page in enumerate(document.pages):
        full = place_margin(page._page_box, index - front_pages + first_folio, is_left=index % 2 == 1)
        if full:
            crowded.append(full)
        document.pages[index] = Page(page._page_box)  # gathers links and anchors anew
    return Layout(document, first_folio, front_pages, crowded)


def fonts_of(templates: Path) -> FontConfiguration:
    """Return the fonts of the design, for layouts that share them in several processes."""
    fonts = FontConfiguration()
    with renderer_messages():
        _style("fonts.css", templates, fonts, Fetcher(templates))
    return fonts


# Style sheets by the fonts that they brought, which live as long: one that layouts share is parsed once.
_STYLES: WeakKeyDictionary[FontConfiguration, dict[Path, weasyprint.CSS]] = WeakKeyDictionary()


def _style(name: str, templates: Path, fonts: FontConfiguration, fetcher: Fetcher) -> weasyprint.CSS:
    """Return a style sheet of the templates, without a name the lengths and colors of the page."""
    known = _STYLES.setdefault(fonts, {})
    if (place := templates / name) not in known:
        source = {"filename": place} if name else {"string": css()}
        known[place] = weasyprint.CSS(**source, font_config=fonts, url_fetcher=fetcher)
    return known[place]


def excerpt(layout: Layout, first: int, last: int | None) -> Document:
    """Return some pages of a layout by their folios, as a document of its own whose links lead nowhere else."""
    start = layout.front_pages - layout.first_folio
    pages = layout.document.pages[start + first : None if last is None else start + last + 1]
    anchors = {name for page in pages for name in page.anchors}
    for page in pages:
        page.links = [link for link in page.links if link[0] != "internal" or link[1] in anchors]
    return layout.document.copy(pages)


def paint(document: Document, tagged: bool = True) -> list[PaintedPage]:
    """Paint the pages of a laid-out document that are not painted yet; return all of them."""
    with renderer_messages():
        return painted(document, tagged)


def draw(document: Document, created: date, tagged: bool = True) -> bytes:
    """Draw a laid-out document; return it as a PDF whose pictures are still empty.

    Pages that are only looked at need no tags.
    `created` is the book's date; it stands in the metadata, so that the same book gives the same
    bytes on every day (SOURCE_DATE_EPOCH is what WeasyPrint reads).
    """
    saved = os.environ.get("SOURCE_DATE_EPOCH")
    midnight = datetime(created.year, created.month, created.day, tzinfo=UTC)
    os.environ["SOURCE_DATE_EPOCH"] = str(int(midnight.timestamp()))
    try:
        with renderer_messages(), pages_named_once(), objects_uncompressed(), own_subsetter():
            whole = document.copy(painted(document, tagged))
            return whole.write_pdf(pdf_variant="pdf/ua-1" if tagged else None)
    finally:
        if saved is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = saved


class _Collector(logging.Handler):
    """Keep what is logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message."""
        self.messages.append(record.getMessage())


@contextmanager
def renderer_messages() -> Iterator[None]:
    """Raise RendererError with all that WeasyPrint logs: a property it does not know, a dead link."""
    handler, logger = _Collector(), logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
    if handler.messages and not _DRAFT:
        raise RendererError("\n".join(dict.fromkeys(handler.messages)))
