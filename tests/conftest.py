"""Tiny books: `tests/books/base` is a whole book; a test changes what it is about and builds it."""

import ctypes
import gc
import os
import shutil
from pathlib import Path

# One thread for sums of numpy, as the drawings have it: where all processors work, the others only wait.
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))
import pikepdf
import pytest

from press import pipeline, writing
from press.layout.spans import measure
from press.pictures import figures, results, running
from press.pictures.plain import kept
from press.problems import BookError
from press.proof.findings import Finding

# A book is hundreds of thousands of boxes, nearly all alive: look through them seldom, as build.run never does.
gc.set_threshold(500_000, 10, 10)
BOOKS = Path(__file__).resolve().parent / "books"
ROOT = BOOKS.parent.parent


class TinyBook:
    """A copy of a book in a folder of its own, to change and build."""

    def __init__(self, folder):
        self.folder = folder
        self.out = folder.parent / "dist"

    def replace(self, file, old, new):
        """Replace text in a file of the book; `old` has to be there."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return self

    def line_of(self, file, text):
        """Return the number of the first line of a file that contains the text."""
        lines = (self.folder / file).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, start=1) if text in line)

    def make(self, papers=("a4",), draft=False):
        """Build all; return press.pipeline.Made."""
        return pipeline.make(self.folder, self.out, papers, draft, pipeline.Build())

    def lay_out(self):
        """Lay out without writing; return (context, layout, spans)."""
        run = pipeline.Build()
        context = pipeline.prepare(self.folder, run)
        laid_out = pipeline.lay_out_book(context, run)
        return context, laid_out, measure(context.book, laid_out)

    def faults(self):
        """Build and return the content errors as lines, paths relative to the book."""
        try:
            self.make()
        except BookError as error:
            return [str(problem).replace(f"{self.folder}/", "") for problem in error.problems]
        return []


def print_whole(folder, out):
    """Make everything for both papers without stopping for what does not fit; return the Printing."""
    run = pipeline.Build()
    context = pipeline.prepare(folder, run, draft=True)
    return writing.write(context, pipeline.lay_out(context, run), ("a4", "letter"), out, run)


def as_a_stranger():
    """Take from root what it may do to the files of others; who is not root has never had it."""
    drop, rights = 24, (1, 2, 3)  # PR_CAPBSET_DROP; CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
    for right in rights if os.geteuid() == 0 else ():
        if ctypes.CDLL(None).prctl(drop, right, 0, 0, 0):
            raise OSError("this machine does not let root give up its rights")


def unplaced(rule, what, *where):
    """Return a Finding without a place, for tests that are about what is found."""
    return Finding(rule, "", "", "", what)


@pytest.fixture
def tiny_with_parts(tiny):
    """The base book with what may stand behind the answers: `tests/books/parts`."""
    shutil.copytree(BOOKS / "parts", tiny.folder, dirs_exist_ok=True)
    tiny.replace("1.1.yaml", "is computed.", "is computed, by [](tool:sum), see [](further:1.1.1).")
    return tiny


@pytest.fixture
def tiny(tmp_path):
    """A fresh copy of the base book."""
    return TinyBook(Path(shutil.copytree(BOOKS / "base", tmp_path / "book")))


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The tiny book with full pages, made once: a Printing."""
    return print_whole(BOOKS / "base", tmp_path_factory.mktemp("dist"))


@pytest.fixture
def damaged(made, tmp_path):
    """Return a function that damages the book's file and opens the result."""
    opened = []

    def damage(change):
        with pikepdf.open(made.files["book", "a4"]) as pdf:
            change(pdf)
            pdf.save(tmp_path / "damaged.pdf")
        opened.append(pikepdf.open(tmp_path / "damaged.pdf"))
        return opened[-1]

    yield damage
    for pdf in opened:
        pdf.close()


@pytest.fixture(scope="session", autouse=True)
def computed_once():
    """Take computed values of the book's experiments from the build where it has them; nothing is written there.

    They are kept under a hash of the statements that they come from, so what a test sees is what these compute.
    """
    keep = running._keeper(ROOT / "figures", pipeline.CACHE / "figures")

    def look(*asked):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(running, "kept", lambda path, compute: kept(path, compute) if path.is_file() else compute())
            return keep(*asked)

    results.keeping.append(look)
    yield
    results.keeping.remove(look)


@pytest.fixture(scope="session", autouse=True)
def one_core():
    """Let builds use one core, for the other is busy with other tests; test_apart and test_aside see to two.

    Each build would start a second interpreter to read its files back, which takes longer than to read a tiny book.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "cores", lambda: 1)
        yield


class _Waiting:
    """A process that draws: at the end of a build it waits for the next one, instead of ending."""

    def __init__(self, process, idle):
        self.process, self.idle = process, idle
        self.stdin, self.stdout = process.stdin, process.stdout

    def communicate(self):
        """End with the build, as the press sees it."""
        if self.process.poll() is None:
            self.idle.append(self)


@pytest.fixture(scope="session", autouse=True)
def drawn_by_one_process():
    """Draw the books of all tests with the same processes, one a core: to load numpy and matplotlib takes a second.

    Each module runs in a fork of its own all the same. Where the environment is another, so is the process.
    """
    start, waiting = figures._worker, {}

    def worker(cache):
        around = frozenset((name, value) for name, value in os.environ.items() if not name.startswith("PYTEST"))
        idle = waiting.setdefault(around, [])
        return idle.pop() if idle else _Waiting(start(cache), idle)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "_worker", worker)
        yield
    for one in (one for idle in waiting.values() for one in idle):
        one.process.communicate()


# Modules in the order of the processor's time that they take, from minutes down to seconds.
LONGEST = (
    *("test_book.py", "test_robust.py", "test_keepgoing.py", "test_lint.py", "test_watch.py", "test_layout.py"),
    *("test_starting.py", "test_losses.py", "test_sheets.py", "test_parts.py", "test_fromfile.py", "test_commands.py"),
    *("test_optional.py", "test_errors.py", "test_apart.py", "test_report.py", "test_figures.py", "test_windows.py"),
    *("test_printed.py", "test_preview.py", "test_files.py", "test_site.py", "test_example.py", "test_words.py"),
)


def pytest_collection_modifyitems(items):
    """Begin with what takes longest (`make test` keeps this order), so that no process waits at the end."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))
