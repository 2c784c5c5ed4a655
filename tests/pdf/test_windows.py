"""The second paper is read through the first only where it is the first through another window."""

import shutil

import pikepdf
import pytest

from press import pipeline
from press.pdf import saving, windows
from press.pdf.records import read_back
from press.problems import BookError
from press.proof import agreement, apart, printed


@pytest.fixture
def books(tiny):
    """The book on both papers."""
    return [path for path in tiny.make(("a4", "letter")).paths if path.name in ("tiny-a4.pdf", "tiny-letter.pdf")]


def nearly(value):
    """Return a record with its lengths to a tenth of a point."""
    if isinstance(value, float):
        return round(value + 1e-6, 1)
    return type(value)(*map(nearly, value)) if isinstance(value, tuple) and hasattr(value, "_fields") else value


def test_what_is_read_through_one_window_is_what_the_other_shows(books):
    assert windows.are_one(*books)
    derived, read = windows.through(read_back(books[0]), *books), read_back(books[1])
    for name in ("pages", "links", "bookmarks"):
        assert [nearly(item) for item in getattr(derived, name)] == [nearly(item) for item in getattr(read, name)]
    for run, other in zip(derived.runs, read.runs, strict=True):
        assert run._replace(x=0, y=0, right=0) == other._replace(x=0, y=0, right=0)
        assert max(abs(run.x - other.x), abs(run.y - other.y), abs(run.right - other.right)) < 0.011
    assert derived.tags == read.tags


def test_files_that_differ_in_more_than_boxes_are_two(books, tmp_path):
    changed = tmp_path / "changed.pdf"
    for change in (
        lambda pdf: pdf.pages[9].contents_add(b"% a word"),
        lambda pdf: pdf.pages.remove(p=10),
        lambda pdf: pdf.docinfo.__setitem__("/Title", "Another"),
    ):
        with pikepdf.open(books[1]) as pdf:
            change(pdf)
            saving.save(pdf, changed)
        assert not windows.are_one(books[0], changed)


def narrowed(path):
    """Let the right half of each page be outside its window."""
    shutil.copy(path, path.with_suffix(".old"))
    with pikepdf.open(path.with_suffix(".old")) as pdf:
        for page in pdf.pages:
            left, bottom, right, top = (float(value) for value in page.CropBox)
            page.CropBox = page.MediaBox = pikepdf.Array([left, bottom, (left + right) / 2, top])
        path.write_bytes(saving.written(pdf))


def test_a_word_outside_a_window_is_missed(books, monkeypatch):
    assert windows.through(read_back(books[0]), *books)
    narrowed(books[1])
    assert windows.are_one(*books)
    assert windows.through(read_back(books[0]), *books) is None
    files = {("book", "a4"): books[0], ("book", "letter"): books[1]}
    folder = books[0].parents[1] / "book"
    drawings = pipeline.prepare(folder, pipeline.Build()).drawings
    assert printed.compare(folder, {("book", "a4"): books[0]}, drawings.numbers).problems == []
    assert printed.compare(folder, files, drawings.numbers, are_one=True).problems


def test_a_second_paper_of_its_own_is_read_in_full(tiny, monkeypatch):
    read, seen = agreement.read_back, []
    monkeypatch.setattr(agreement, "read_back", lambda path: seen.append(path.name) or read(path))
    monkeypatch.setattr(pipeline, "cores", lambda: 1)
    tiny.make(("a4", "letter"))
    assert [name for name in seen if "letter" in name] == []
    monkeypatch.setattr(apart.windows, "are_one", lambda one, other: False)
    tiny.make(("a4", "letter"))
    assert len([name for name in seen if "letter" in name]) == 1


def test_a_fault_on_the_second_paper_alone_is_found(tiny, monkeypatch):
    save = saving.save

    def spoiled(pdf, path):
        if path.name == "tiny-letter.pdf":
            del pdf.Root.PageLabels
        save(pdf, path)

    monkeypatch.setattr(saving, "save", spoiled)
    with pytest.raises(BookError) as told:
        tiny.make(("a4", "letter"))
    papers = [paper for problem in told.value.problems for paper in ("on letter", "on a4") if paper in str(problem)]
    assert papers and "on a4" not in papers
