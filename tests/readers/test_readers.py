"""Programs that readers and printers use open the finished files: `make test-readers`, which installs them."""

import json
import shutil
from pathlib import Path

import pytest
from readers.programs import install, run

from press.pdf.records import read_back

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PDFJS = "pdfjs-dist@4.2.67"
FILES = sorted((ROOT / "dist").glob("*.pdf"))
BOOKS = [path for path in FILES if not any(kind in path.name for kind in ("-cards-", "-formulas-", "-bleed"))]


def by_name(path):
    return path.name


@pytest.fixture(scope="module")
def script():
    """The script for pdf.js, beside the package that it imports."""
    install("pdfjs-dist", PDFJS)
    return shutil.copy(HERE / "outline.mjs", ROOT / "build" / "readers")


def test_there_are_files_to_read():
    assert len(BOOKS) == 2 and len(FILES) >= 6


@pytest.mark.parametrize("path", BOOKS, ids=by_name)
def test_pdfjs_reads_the_labels_outline_and_words_that_the_press_reads(path, script):
    told, printed = json.loads(run("node", script, path).stdout.splitlines()[-1]), read_back(path)
    assert told["labels"] == [page.label for page in printed.pages]
    assert told["outline"] == [[mark.title, mark.target.page] for mark in printed.bookmarks]
    assert [page for page, count in enumerate(told["words"]) if not count] == [
        page for page in range(len(printed.pages)) if not any(run.page == page for run in printed.runs)
    ]


@pytest.mark.parametrize("path", FILES, ids=by_name)
def test_poppler_reads_a_tagged_file_without_a_word_of_complaint(path):
    assert "Tagged:          yes" in run("pdfinfo", path).stdout
    text = run("pdftotext", "-layout", path, "-")
    assert text.stderr == "" and len(text.stdout.split()) > 100


@pytest.mark.parametrize("path", BOOKS, ids=by_name)
def test_poppler_finds_formulas_as_one_would_type_them(path):
    text = run("pdftotext", path, "-").stdout
    assert [words for words in ("σ(z)", "ŷ", "max(0, z)") if words not in text] == []


@pytest.mark.parametrize("path", FILES, ids=by_name)
def test_ghostscript_prints_every_page(path):
    told = run("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=nullpage", path)
    assert told.stdout + told.stderr == ""


@pytest.mark.parametrize("path", FILES, ids=by_name)
def test_qpdf_finds_the_file_sound(path):
    told = run("qpdf", "--check", "--warning-exit-0", path)
    # qpdf 11 reckons the first page of a linearized file otherwise than qpdf 12 of pikepdf, which wrote it.
    known = ("hint table", "end of first page section (/E) mismatch", "operation succeeded with warnings")
    assert [line for line in told.stderr.splitlines() if line and not any(words in line for words in known)] == []
