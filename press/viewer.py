"""The page in the browser that shows a book while it is written: a small server on this machine alone.

Place in the flow: the command `watch` runs it beside `watching`. A `Board` holds what is to be seen: the
pages of the last whole book, over them the pages made since, fill and margin of the spans, and faults. The
browser asks for the state and waits for the next one; a page is a picture drawn when it is asked for.
"""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from press.laying import TEMPLATES
from press.pdf import raster
from press.watching import Made

DOTS_PER_INCH = 110
PATIENCE, STEP = 25.0, 0.005  # seconds that a browser is kept waiting, and between two looks
ON_THIS_MACHINE = ["127.0.0.1", "localhost", "testserver"]


class Seen(NamedTuple):
    """A page to be seen: the version that brought it, the file or the bytes that hold it, its place in them."""

    version: int
    content: bytes
    number: int


class Board:
    """What the browser shows. Whoever changes it raises its version."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.version = self.made = 0
        self.pages: dict[str, Seen] = {}
        self.spans: dict[str, dict[str, Any]] = {}
        self.margins: dict[str, float] = {}
        self.problems: dict[str, list[str]] = {}
        self.edited: list[str] = []
        self.status = ""

    def show_whole(self, path: Path, spans: list[dict[str, Any]], margins: dict[str, float]) -> None:
        """Show the pages of a whole book that was made, in place of all others."""
        content = path.read_bytes()  # the file may be replaced meanwhile
        with self.lock:
            self.version += 1
            labels = raster.labels(content)
            self.pages = {label: Seen(self.version, content, index) for index, label in enumerate(labels)}
            self.spans, self.margins = {f"{span['first']}": span for span in spans}, dict(margins)
            self.problems, self.edited = {}, []

    def show_made(self, made: Made, place_of: Callable[[Any], str]) -> None:
        """Show the pages made of a change; `place_of` gives the page of a fault, where the old one stays."""
        with self.lock:
            self.version += 1
            self.made = self.version
            self.problems = {}
            for problem in made.problems:
                self.problems.setdefault(place_of(problem), []).append(f"{problem}")
            for sheet in made.sheets:
                self.pages[f"{sheet.folio}"] = Seen(self.version, sheet.pdf, sheet.number)
                self.margins[f"{sheet.folio}"] = sheet.margin
            for span in made.spans:
                self.spans[f"{span.first}"] = span._asdict() | {"fill": span.fill, "pages": span.pages}
            self.edited = [f"{sheet.folio}" for sheet in made.sheets] or sorted(self.problems)
            self.status = f"made in {made.seconds:.2f} s" if made.sheets else self.status

    def tell(self, status: str, problems: list[str] | None = None) -> None:
        """Say what is going on with the whole book."""
        with self.lock:
            self.version += 1
            self.status = status
            if problems is not None:
                self.problems = {"": problems} if problems else {}

    def state(self) -> dict[str, Any]:
        """Return all that the browser needs to know."""
        with self.lock:
            pages = [
                {
                    "label": label,
                    "version": seen.version,
                    "left": number % 2 == 1,
                    "problems": self.problems.get(label, []),
                }
                for number, (label, seen) in enumerate(self.pages.items())
            ]
            elsewhere = [line for place, lines in self.problems.items() if place not in self.pages for line in lines]
            return {
                "version": self.version,
                "made": self.made,
                "pages": pages,
                "spans": [self._span(span) for span in self.spans.values()],
                "elsewhere": elsewhere,
                "edited": self.edited,
                "jump": self.edited,
                "status": self.status,
            }

    def _span(self, span: dict[str, Any]) -> dict[str, Any]:
        last = span["last"] or span["first"]
        folios = [f"{folio}" for folio in range(span["first"], last + 1)]
        late = [f"{number} lands on {folio}: cut {lines} lines" for number, folio, lines in span["late"]]
        over = [f"runs over by {span['over']:.0f} lines"] if span["over"] else []
        return {
            "first": f"{span['first']}",
            "pages": span["pages"],
            "numbers": span["numbers"],
            "fill": span["fill"],
            "late": bool(late),
            "remark": "; ".join(late or over),
            "margins": [f"{1 - self.margins[folio]:.0%}" for folio in folios if folio in self.margins],
            "edited": bool(set(folios) & set(self.edited)),
        }

    def picture(self, label: str) -> bytes | None:
        """Return a page as PNG, None where there is none."""
        with self.lock:  # pdfium does one thing at a time
            if label not in self.pages:
                return None
            seen = self.pages[label]
            return raster.quick_picture(seen.content, seen.number, DOTS_PER_INCH)


def application(board: Board) -> Starlette:
    """Return the server's application."""

    async def home(_: Request) -> Response:
        return HTMLResponse((TEMPLATES / "viewer.html").read_text(encoding="utf-8"))

    async def state(request: Request) -> Response:
        known = request.query_params.get("after", "-1")
        after = int(known) if known.lstrip("-").isdigit() else -1
        for _ in range(int(PATIENCE / STEP)):
            if board.version != after or await request.is_disconnected():
                break
            await asyncio.sleep(STEP)
        return JSONResponse(board.state())

    def page(request: Request) -> Response:
        content = board.picture(request.path_params["label"])
        if content is None:
            return Response(status_code=404)
        return Response(content, media_type="image/png", headers={"Cache-Control": "max-age=3600"})

    return Starlette(
        routes=[Route("/", home), Route("/state", state), Route("/page/{label}", page)],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=ON_THIS_MACHINE)],
    )
