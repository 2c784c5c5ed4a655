"""Pages as they were seen and found good: references, and what differs from them.

`python tests/seen.py` makes the references anew, after somebody has looked at the pages. Fonts and
libraries are pinned, and the Pango of Debian 12 and of Debian 13 set every line alike; should a later
one draw other dots, the test says with which versions the references were made.
"""

import hashlib
import json
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np
from PIL import Image

TESTS = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS.parent))

from press import pipeline  # noqa: E402  (found in the folder above)
from press.layout.engine import pango_version  # noqa: E402
from press.pdf import raster as pages  # noqa: E402

REFERENCES, DIFFERENCES = TESTS / "references", TESTS.parent / "build" / "seen"
DOTS = 70  # an inch
TELLING, MOST = 24, 8  # grey levels (of 255) by which a dot differs, and how many dots may

# What matters most: contents, an opener, a wide figure and notes on either side.
SEEN = {"contents": 5, "opener": 7, "wide-right": 10, "wide-left": 11}
SENTENCE = "Numbers are counted one after the other until the line is full. "
WIDE = """  :::{figure} numbers/%s
  :width: wide
  :alt: A line.
  A wide line, see [](fig:numbers/%s).
  :::

"""
DRAWN = '''

@figure
def %s():
    """A line, 164 mm wide."""
    sheet, axes = plt.subplots(figsize=(164 / 25.4, 30 / 25.4))
    axes.plot([-1, 1], [-1, 1])
    axes.axis("off")
    return sheet
'''
NOTE = "  :::{note} A note\n  A remark that takes a few lines of the margin, $x_1 = 1$.\n  :::\n\n"


def write_book(folder):
    """Copy the tiny book and make its last answer long, with wide figures on both sides."""
    shutil.copytree(TESTS / "books" / "base", folder)
    paragraph = f"  {SENTENCE * 6}\n\n"
    answer = (
        paragraph * 2
        + NOTE
        + WIDE % ("first", "first")
        + paragraph * 6
        + WIDE % ("second", "second")
        + NOTE
        + paragraph
    )
    for file, old, new in (
        ("1.2.yaml", "  So it answers itself.\n", answer),
        ("figures/numbers.py", "@numbers", (DRAWN % "first" + DRAWN % "second").strip() + "\n\n\n@numbers"),
    ):
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return folder


def make(folder):
    """Make the book of `write_book` in a folder; return the path of its A4 file."""
    book = write_book(folder / "book")
    return pipeline.make(book, folder / "dist", ("a4",), False, pipeline.Build()).paths[0]


def look(path, name):
    """Return a page as a grey picture, values 0 to 255."""
    return np.asarray(pages.raster(path, SEEN[name], DOTS, grey=True).convert("L")).astype(int)


def versions():
    """Return what decides how a page comes out, dot by dot."""
    fonts = hashlib.sha256()
    for path in sorted((pipeline.TEMPLATES / "fonts").glob("*.ttf")):
        fonts.update(path.read_bytes())
    return {
        "Pango": pango_version(),
        "fonts": fonts.hexdigest()[:16],
        "pypdfium2": version("pypdfium2"),
        "matplotlib": version("matplotlib"),
    }


def advice(name):
    """Say what to do about a page that looks otherwise."""
    recorded = json.loads((REFERENCES / "versions.json").read_text())
    others = [
        f"{what} {recorded[what]} drew the reference, here is {now}"
        for what, now in versions().items()
        if recorded[what] != now
    ]
    return "; ".join([f"see build/seen/{name}.png; if it is right, run python tests/seen.py", *others])


def differing(name, picture):
    """Return how many dots of a page differ from its reference, and save where, if too many.

    In the saved picture teal dots are new and rust dots are gone.
    """
    reference = np.asarray(Image.open(REFERENCES / f"{name}.png")).astype(int)
    if reference.shape != picture.shape:
        return picture.size
    change = picture - reference
    count = int((abs(change) > TELLING).sum())
    if count > MOST:
        shown = np.repeat((255 - (255 - picture) // 4)[:, :, None], 3, axis=2).astype(np.uint8)
        shown[change < -TELLING] = (11, 85, 99)
        shown[change > TELLING] = (180, 87, 46)
        DIFFERENCES.mkdir(parents=True, exist_ok=True)
        Image.fromarray(shown).save(DIFFERENCES / f"{name}.png")
    return count


def record():
    """Write the references and the versions that made them."""
    REFERENCES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = make(Path(folder))
        for name in SEEN:
            coarse = (look(path, name) + 4) // 8 * 8  # smaller files; 4 levels off at most
            Image.fromarray(coarse.clip(0, 255).astype(np.uint8)).save(REFERENCES / f"{name}.png", optimize=True)
    (REFERENCES / "versions.json").write_text(json.dumps(versions(), indent=1) + "\n")


if __name__ == "__main__":
    record()
