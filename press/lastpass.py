"""What the last layout of the whole book knew, for those who lay out a part of it.

Place in the flow: `pipeline` notes it whenever it has laid out a book, `preview` asks for it: on which
page each anchor stands, how far down a passage begins, which span runs over onto the next.
"""

from pathlib import Path
from typing import NamedTuple

from press import remembered
from press.documents.back import anchor_places
from press.layout.boxes import PIXEL
from press.layout.spans import margin_taken
from press.printing import LaidOut


class LastPass(NamedTuple):
    """Folios by anchor of the answers, and of what stands behind them.

    Also heights in points by anchor of a passage, lines that run over by first folio of a span, the spans
    and which share of its margin each page of the answers has taken.
    """

    answers: dict[str, int]
    behind: dict[str, int]
    heights: dict[str, float]
    over: dict[str, float]
    spans: list[dict]
    margins: dict[str, float]


def note(cache: Path, folder: Path, laid_out: LaidOut) -> None:
    """Keep what a layout tells."""
    behind, heights = anchor_places(laid_out.back) if laid_out.back else {}, {}
    if laid_out.parts:
        behind |= anchor_places(laid_out.parts)
        for page in reversed(laid_out.parts.body):  # a passage of several pages begins on the first
            heights |= {name: area[1] * PIXEL for name, area in page.anchors.items() if name.startswith("passage-")}
    spans = [span._asdict() | {"fill": span.fill, "pages": span.pages} for span in laid_out.spans]
    pages = enumerate(laid_out.book.body, start=laid_out.book.first_folio)
    margins = {f"{folio}": margin_taken(page) for folio, page in pages}
    over = {f"{span.first}": span.over for span in laid_out.spans if span.over}
    remembered.store(
        file_of(cache, folder), LastPass(anchor_places(laid_out.book), behind, heights, over, spans, margins)._asdict()
    )


def last_pass(cache: Path, folder: Path) -> LastPass:
    """Return what the last layout of the book in a folder told, nothing where there was none."""
    told = remembered.recall(file_of(cache, folder))
    return LastPass(**told) if told and set(told) == set(LastPass._fields) else LastPass({}, {}, {}, {}, [], {})


def file_of(cache: Path, folder: Path) -> Path:
    return cache / "passes" / f"{remembered.digest(str(folder.resolve()))}.json"
