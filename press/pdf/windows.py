"""Two papers are two windows on the same pages: what was read through one is what is seen through the other.

Place in the flow: `proof` asks it before it reads a book on its second paper. Nothing is taken for
granted: the second file with the boxes of the first has to be the first, byte for byte, and no word may
stand outside either window. Where that is not so the second file is read like the first.
"""

from collections.abc import Iterable
from pathlib import Path

import pikepdf

from press.pdf import saving
from press.pdf.records import Bookmark, Link, Page, Printed, Target
from press.pdf.runs import Reach

BOXES = ("/MediaBox", "/CropBox", "/TrimBox", "/BleedBox")


def are_one(one: Path, other: Path) -> bool:
    """Say whether two files differ in the boxes of their pages alone."""
    with pikepdf.open(one) as first, pikepdf.open(other) as second:
        if len(first.pages) != len(second.pages):
            return False
        for here, there in zip(first.pages, second.pages, strict=True):
            for name in BOXES:
                there.obj[name] = pikepdf.Array(list(here.obj[name]))
        return saving.written(second) == one.read_bytes()


def crop_boxes(path: Path) -> list[list[float]]:
    """Return the window on each page: left, bottom, right, top."""
    with pikepdf.open(path) as pdf:
        return [[float(value) for value in page.cropbox] for page in pdf.pages]


def show_all(paths: Iterable[Path], reach: list[Reach]) -> bool:
    """Say whether words that reach so far on each page stand within the windows of all files."""
    return all(
        letters is None
        or (box[0] <= letters[0] and box[1] <= letters[1] and letters[2] <= box[2] and letters[3] <= box[3])
        for path in paths
        for box, letters in zip(crop_boxes(path), reach, strict=True)
    )


def through(printed: Printed, one: Path, other: Path) -> Printed | None:
    """Return what was read in one file as the other shows it; None where a word stands outside a window."""
    before, after = crop_boxes(one), crop_boxes(other)
    right = [old[0] - new[0] for old, new in zip(before, after, strict=True)]
    down = [new[3] - old[3] for old, new in zip(before, after, strict=True)]

    def moved(target: Target | None) -> Target | None:
        return target and target._replace(y=None if target.y is None else target.y + down[target.page])

    runs = [
        run._replace(
            x=round(run.x + right[run.page], 2),
            y=round(run.y + down[run.page], 2),
            right=round(run.right + right[run.page], 2),
        )
        for run in printed.runs
    ]
    pages = [Page(page.label, box[2] - box[0], box[3] - box[1]) for page, box in zip(printed.pages, after, strict=True)]
    if not (_are_inside(printed) and _are_inside(printed._replace(pages=pages, runs=runs))):
        return None
    return printed._replace(
        pages=pages,
        runs=runs,
        links=[_moved(link, right[link.page], down[link.page], moved(link.target)) for link in printed.links],
        bookmarks=[Bookmark(mark.level, mark.title, moved(mark.target)) for mark in printed.bookmarks],
    )


def _moved(link: Link, right: float, down: float, target: Target | None) -> Link:
    return link._replace(
        left=link.left + right, right=link.right + right, top=link.top + down, bottom=link.bottom + down, target=target
    )


def _are_inside(printed: Printed) -> bool:
    """Say whether all words stand on their pages; letters of formulas, told by their place in the picture, may not."""
    sizes = [(page.width, page.height) for page in printed.pages]
    return all(
        0 <= run.x <= sizes[run.page][0] and 0 <= run.y <= sizes[run.page][1] and (run.turned or run.right >= run.x)
        for run in printed.runs
        if run.mark is not None
    )
