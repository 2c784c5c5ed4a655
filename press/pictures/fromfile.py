"""Pictures from files: PNG and JPEG in the book's folder, checked and made into pages of small PDFs.

Place in the flow: after the texts are read, because they name the files and the widths. A picture
becomes a `Figure` like a drawing, so all that follows treats it alike. Nothing is fetched, nothing
is read outside of the book's folder, and nothing of a file is printed but its dots: what a camera
writes beside them (place, time, name) stays behind. A JPEG keeps its own coding, so nothing is lost.
"""

import hashlib
import io
import math
import re
import struct
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageCms, ImageFile

from press import remembered
from press.page import mm
from press.pictures.figures import Drawings, Figure
from press.pictures.vector import VectorPage, open_pdf, page_of_dots
from press.problems import Place, Problems, near

BIGGEST = 10_000_000  # bytes; see docs/limits.md
MOST_DOTS = 25_000_000
LEAST_DOTS = 150  # an inch, at the width at which it is set
TALLEST = 200  # mm; the type area has 240, and a caption stands below
ENDINGS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
ORIENTATION = 0x0112  # of EXIF: what the camera had for up
SMALLER = "make it smaller: 300 dots an inch are enough"


class Wanted(NamedTuple):
    """A picture that a text shows: its path in the book's folder, its width in mm, where both are said."""

    name: str
    width: float
    place: Place
    width_place: Place


class Dots(NamedTuple):
    """What is printed of a file: size in dots, grey or colored, the dots as JPEG or as plain samples."""

    width: int
    height: int
    is_grey: bool
    is_jpeg: bool
    content: bytes


class Fault(Exception):
    """What is wrong with a file, how to mend it, and whether its width in print is what is wrong."""

    def __init__(self, what: str, how: str, is_width: bool = False) -> None:
        super().__init__(what)
        self.what, self.how, self.is_width = what, how, is_width


def add(folder: Path, cache: Path, wanted: Iterable[Wanted], drawings: Drawings, problems: Problems) -> Drawings:
    """Return the drawings with the pictures that the texts want; faults go to `problems`."""
    figures, pages, documents = dict(drawings.figures), dict(drawings.pages), list(drawings.documents)
    for item in wanted:
        try:
            content = _read(folder, item.name)
            home = cache / remembered.digest(content, f"{item.width}", Path(__file__))
            made = _kept(home) or _make(home, content, item)
        except Fault as fault:
            place = item.width_place if fault.is_width else item.place
            problems.add(place, f"the picture {item.name!r} {fault.what}", fault.how)
            continue
        documents.append(open_pdf(made))
        page, key = documents[-1].pages[0], f"picture-{remembered.digest(made)}"
        width, height = float(page.mediabox[2]), float(page.mediabox[3])
        figures[item.name] = Figure(VectorPage(key, width, height), item.place, home.with_suffix(".pdf"), width)
        pages[key] = page
    return drawings._replace(figures=figures, pages=pages, documents=documents)


def _read(folder: Path, name: str) -> bytes:
    """Return what a picture's file holds; it has to stand in the folder, links followed."""
    path = folder / name
    if not path.is_file():
        known = [file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.suffix.lower() in ENDINGS]
        raise Fault("does not exist", near(name, known, "put the file into the book's folder, or mend its name"))
    if not path.resolve().is_relative_to(folder.resolve()):
        raise Fault("is a link that leads out of the book's folder", "put the file itself there")
    if path.stat().st_size > BIGGEST:
        raise Fault(f"has {path.stat().st_size / 1e6:.1f} MB, {BIGGEST / 1e6:.0f} MB are the most", SMALLER)
    return path.read_bytes()


def _kept(home: Path) -> bytes | None:
    """Return the stored page of a picture, None where it is missing or not as it was written."""
    try:
        made = home.with_suffix(".pdf").read_bytes()
    except OSError:
        return None
    return made if remembered.recall(home.with_suffix(".json")) == hashlib.sha256(made).hexdigest() else None


def _make(home: Path, content: bytes, item: Wanted) -> bytes:
    """Make the page of a picture and keep it; raises Fault."""
    dots = read_dots(content, ENDINGS[Path(item.name).suffix.lower()])
    height = item.width * dots.height / dots.width
    if height > TALLEST:
        raise Fault(f"would be {height:.0f} mm high, {TALLEST} mm are the most", "cut it, or set it narrower", True)
    if (resolution := dots.width / (item.width / 25.4)) < LEAST_DOTS:
        least = math.ceil(item.width / 25.4 * LEAST_DOTS)
        raise Fault(
            f"has {dots.width} dots for {item.width:g} mm, {resolution:.0f} an inch; {LEAST_DOTS} are the least",
            f"take one of {least} dots or more, or a narrower width",
            True,
        )
    made = page_of_dots(dots, mm(item.width).pt, mm(height).pt)
    home.parent.mkdir(parents=True, exist_ok=True)
    home.with_suffix(".pdf").write_bytes(made)
    remembered.store(home.with_suffix(".json"), hashlib.sha256(made).hexdigest())
    return made


def read_dots(content: bytes, kind: str) -> Dots:
    """Return what is printed of a PNG or JPEG file; raises Fault where it cannot be printed as it is."""
    with _strict():
        try:
            picture: Image.Image = Image.open(io.BytesIO(content), formats=[kind])
        except Image.DecompressionBombError:
            raise Fault(f"has more than {MOST_DOTS / 1e6:.0f} million dots", SMALLER) from None
        except UNREADABLE:
            raise Fault(f"is no {kind}", f"save it as {kind}, or give it the ending that it should have") from None
        if (dots := picture.width * picture.height) > MOST_DOTS:
            what = f"has {dots / 1e6:.0f} million dots, {MOST_DOTS / 1e6:.0f} million are the most"
            raise Fault(what, SMALLER)
        try:
            picture.load()
            _check(picture)
        except UNREADABLE as error:
            raise Fault(f"cannot be read to its end: {error}", "save it anew") from None
    is_grey = picture.mode in GREY
    if kind == "JPEG":
        return Dots(*picture.size, is_grey, True, without_remarks(content))
    if picture.has_transparency_data:
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture.convert("RGBA"))
    return Dots(*picture.size, is_grey, False, picture.convert("L" if is_grey else "RGB").tobytes())


@contextmanager
def _strict() -> Iterator[None]:
    """Have Pillow refuse what is cut short, whatever WeasyPrint has told it, and be silent on sizes, judged here."""
    lenient = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


# What Pillow raises at files that are cut short, changed, or made to be a trap.
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error)
GREY = ("1", "L", "LA")


def _check(picture: Image.Image) -> None:
    """Refuse what would be printed otherwise than it is seen."""
    if picture.getexif().get(ORIENTATION, 1) != 1:
        raise Fault("lies on its side: only a note in the file says which way is up", "turn it and save it upright")
    if picture.mode == "CMYK":
        raise Fault("has the inks of a press (CMYK)", "save it as RGB")
    if picture.mode not in (*GREY, "P", "PA", "RGB", "RGBA"):
        raise Fault("has 16 bits for each color", "save it with 8")
    if (profile := picture.info.get("icc_profile")) and "srgb" not in (named := _profile(profile)).lower():
        raise Fault(f"has the colors of {named!r}", "save it in sRGB")


def _profile(content: bytes) -> str:
    """Return how a color profile calls itself."""
    try:
        return (ImageCms.ImageCmsProfile(io.BytesIO(content)).profile.profile_description or "no name").strip()
    except (OSError, ImageCms.PyCMSError):
        return "a damaged profile"


def without_remarks(jpeg: bytes) -> bytes:
    """Return a JPEG without what stands in it beside the picture: its remarks, thumbnails, whatever follows its end.

    The segments are those of ITU-T T.81, B.1; Adobe's (APP14) stays, for it says how the colors are coded.
    """
    kept, at = [SOI], 2
    while jpeg[at : at + 2] != EOI:
        if at + 4 > len(jpeg):
            raise Fault("cannot be read to its end", "save it anew")
        marker = jpeg[at + 1]
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4])
        if jpeg[at] != 0xFF or end > len(jpeg) or marker in UNPRINTABLE:
            raise Fault("is a JPEG of a kind that printers do not know", "save it anew as a baseline JPEG")
        if marker == SOS:
            scan = END_OF_SCAN.search(jpeg, end)
            end = scan.start() if scan else len(jpeg)
        if marker not in REMARKS:
            kept.append(jpeg[at:end])
        at = end
        while jpeg[at : at + 2] == b"\xff\xff":  # fill bytes
            at += 1
    return b"".join([*kept, EOI])


SOI, EOI, SOS = b"\xff\xd8", b"\xff\xd9", 0xDA
REMARKS = {*range(0xE0, 0xEE), 0xEF, 0xFE}  # APP0 to APP13, APP15, COM
UNPRINTABLE = {0xC3, *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)}  # lossless, arithmetic, hierarchic
END_OF_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
