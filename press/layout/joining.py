"""Let what quotes the pages of a part begin below its end, on its last page.

Place in the flow: `laying` lays out the back matter when the pages of all that stands before it are known, in a
document of its own; its first page is left free as far as the page before it is full, and both become one.
"""

from weasyprint.document import Page

from press.layout.boxes import read_pages
from press.layout.engine import Layout
from press.page import PAGE

LEAST_ROOM = 16 * PAGE.line.pt  # for less, what follows begins on a page of its own
AIR = 24.0  # points between the end of the one and the head of the other


def height_used(layout: Layout) -> float | None:
    """Return how far down, in points, the last page of a layout is full and has air below it; None if too far."""
    (page,) = read_pages(layout.document.pages[-1:], str)
    top = PAGE.paper.top.pt
    used = max((line.bottom for line in page.lines), default=top) - top + AIR
    return used if PAGE.height.pt - used >= LEAST_ROOM else None


def joined(before: Layout, after: Layout) -> Layout:
    """Put what stands on the first page of a layout on the last page of another; return the rest of the first."""
    page_box = before.document.pages[-1]._page_box
    root = after.document.pages.pop(0)._page_box.children[0]
    page_box.children = [page_box.children[0], root, *page_box.children[1:]]
    before.document.pages[-1] = Page(page_box)  # gathers links and anchors anew
    return after._replace(first_folio=after.first_folio + 1)
