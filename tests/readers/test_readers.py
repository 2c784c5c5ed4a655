"""Programs that readers and printers use open the finished files: `make test-readers`, which installs them."""

import ctypes
import json
import re
import shutil
from collections import Counter
from html import unescape
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from readers.programs import PDFJS, install, run

from press.pdf.records import Places, read_back

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FILES = sorted((ROOT / "dist").glob("*.pdf"))
BOOKS = [path for path in FILES if not any(kind in path.name for kind in ("-cards-", "-formulas-", "-bleed"))]


def by_name(path):
    return path.name


@pytest.fixture(scope="module")
def script():
    """The script for pdf.js, beside the package that it imports."""
    install("pdfjs-dist", PDFJS)
    return shutil.copy(HERE / "outline.mjs", ROOT / "build" / "readers")


def targets(printed):
    """Return to which pages the links of each page lead."""
    return [
        [link.target.page for link in printed.links if link.page == page and link.target]
        for page in range(len(printed.pages))
    ]


def test_there_are_files_to_read():
    assert len(BOOKS) == 2 and len(FILES) >= 6


@pytest.mark.parametrize("path", BOOKS, ids=by_name)
def test_pdfjs_reads_the_labels_outline_and_words_that_the_press_reads(path, script):
    told, printed = json.loads(run("node", script, path).stdout.splitlines()[-1]), read_back(path)
    assert told["labels"] == [page.label for page in printed.pages]
    assert told["outline"] == [[mark.title, mark.target.page] for mark in printed.bookmarks]
    assert told["links"] == targets(printed)
    assert [page for page, count in enumerate(told["words"]) if not count] == [
        page for page in range(len(printed.pages)) if not any(run.page == page for run in printed.runs)
    ]


@pytest.mark.parametrize("path", BOOKS, ids=by_name)
def test_pdfium_reads_the_labels_outline_and_targets_that_the_press_reads(path):
    printed, document = read_back(path), pypdfium2.PdfDocument(path)
    assert [document.get_page_label(index) for index in range(len(document))] == [page.label for page in printed.pages]
    outline = [[mark.get_title(), mark.get_dest().get_index()] for mark in document.get_toc()]
    assert outline == [[mark.title, mark.target.page] for mark in printed.bookmarks]
    assert [sorted(pdfium_links(document, index)) for index in range(len(document))] == [
        sorted(pages) for pages in targets(printed)
    ]
    document.close()


def pdfium_links(document, index):
    """Yield the pages to which the links of a page lead."""
    page, place, link = document[index], ctypes.c_int(0), pdfium.FPDF_LINK()
    while pdfium.FPDFLink_Enumerate(page, place, link):
        where = pdfium.FPDFLink_GetDest(document, link)
        if where:
            yield pdfium.FPDFDest_GetDestPageIndex(document, where)


@pytest.mark.parametrize("path", BOOKS, ids=by_name)
def test_poppler_reads_the_outline_and_the_names_that_the_press_reads(path):
    told = run("pdftohtml", "-xml", "-i", "-stdout", path).stdout
    items = re.findall(r'<item page="(\d+)">(.*?)</item>', told.partition("<outline>")[2])
    printed = read_back(path)
    assert [[unescape(title), int(page) - 1] for page, title in items] == [
        [mark.title, mark.target.page] for mark in printed.bookmarks
    ]
    named = re.findall(r'^ *(\d+) \[.*?\] "(.*)"$', run("pdfinfo", "-dests", path).stdout, re.MULTILINE)
    with pikepdf.open(path) as pdf:
        places = Places(pdf, [[float(value) for value in page.cropbox] for page in pdf.pages])
        numbers = {name: places.numbers[where[0].objgen] + 1 for name, where in places.named.items()}
    assert {name: int(page) for page, name in named} == numbers and len(numbers) > 60


@pytest.mark.parametrize("order", ["two up", "booklet"])
def test_two_pages_on_a_sheet_lose_no_letter(tmp_path, order):
    """Two pages side by side, in order or as a booklet: PDFium sets, Poppler reads, Ghostscript prints them."""
    path, sheets = BOOKS[0], tmp_path / "sheets.pdf"
    source, ordered = pypdfium2.PdfDocument(path), pypdfium2.PdfDocument.new()
    count = -(-len(source) // 4) * 4
    booklet = [(count - 1 - n, n) if n % 2 == 0 else (n, count - 1 - n) for n in range(count // 2)]
    pairs = booklet if order == "booklet" else [(n, n + 1) for n in range(0, count, 2)]
    for place in [place for pair in pairs for place in pair]:
        if place < len(source):
            ordered.import_pages(source, [place])
        else:
            ordered.new_page(595, 842)
    made = pypdfium2.PdfDocument(pdfium.FPDF_ImportNPagesToOne(ordered, 842, 595, 2, 1))
    assert len(made) == count // 2
    made.save(sheets)
    assert letters(sheets) == letters(path)
    told = run("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=nullpage", sheets)
    assert told.stdout + told.stderr == ""


def letters(path):
    """Return how often each letter stands in a file, as Poppler reads it."""
    return Counter("".join(run("pdftotext", path, "-").stdout.split()))


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
