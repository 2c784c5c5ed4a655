"""What the last layout of the whole book knew, for those who lay out a part of it.

Place in the flow: `pipeline` notes it whenever it has laid out a book, `preview` asks for it: on which
page each anchor stands, how far down a passage begins, which span runs over onto the next.
"""

from pathlib import Path
from typing import NamedTuple

from press import remembered
from press.documents.back import anchor_places
from press.layout.boxes import PIXEL
from press.printing import LaidOut


class LastPass(NamedTuple):
    """Folios by anchor of the answers, and of what stands behind them.

    Also heights in points by anchor of a passage, and lines that run over by first folio of a span.
    """

    answers: dict[str, int]
    behind: dict[str, int]
    heights: dict[str, float]
    over: dict[str, float]


def note(cache: Path, folder: Path, laid_out: LaidOut) -> None:
    """Keep what a layout tells."""
    behind, heights = anchor_places(laid_out.back), {}
    if laid_out.parts:
        behind |= anchor_places(laid_out.parts)
        for page in reversed(laid_out.parts.body):  # a passage of several pages begins on the first
            heights |= {name: area[1] * PIXEL for name, area in page.anchors.items() if name.startswith("passage-")}
    over = {f"{span.first}": span.over for span in laid_out.spans if span.over}
    remembered.store(_file(cache, folder), LastPass(anchor_places(laid_out.book), behind, heights, over)._asdict())


def last_pass(cache: Path, folder: Path) -> LastPass:
    """Return what the last layout of the book in a folder told, nothing where there was none."""
    told = remembered.recall(_file(cache, folder))
    return LastPass(**told) if told else LastPass({}, {}, {}, {})


def _file(cache: Path, folder: Path) -> Path:
    return cache / "passes" / f"{remembered.digest(str(folder.resolve()))}.json"
