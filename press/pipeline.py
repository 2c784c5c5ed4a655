"""The stages in order: from a folder with a content tree to finished PDFs, read back.

`make` is the whole: `prepare` (read, draw, parse, set), `lay_out`, `write`, `read_back`, publish. The
command line shows the progress of the stages and prints the summary; `proof` stops for nothing.
"""

import os
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from press import ahead, aside, lastpass, remembered, writing
from press.content import source, tree, works
from press.laying import TEMPLATES, check_layout, check_notes, lay_out_book, lay_out_later, lay_out_sheets, paint_pages
from press.layout.spans import measure
from press.page import PAGE
from press.pdf import edition
from press.pictures import figures, formulas, fromfile
from press.pictures.speech.english import Notation
from press.printing import LaidOut
from press.problems import PressError, Problems
from press.proof import agreement, apart, printed, reader
from press.text import resolve, uses
from press.text.html import Context
from press.words import read_words

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "build"
WORDS = sorted((TEMPLATES / "words").glob("*.yaml"))
# What a work is printed by: with any other code its line may be another.
WORKS_CODE = [
    *sorted((ROOT / "press" / "content").glob("*.py")),
    *(ROOT / "press" / f for f in ("characters.py", "page.py", "words.py")),
]


class Made(NamedTuple):
    """What a build made, for the summary."""

    title: str
    draft: bool
    pages: int
    rows: list  # of agreement.Row, from the finished PDF; no paper differs, or there is none
    compared: printed.Verdict
    written: int
    answers: int
    drawn: int
    cached: int
    formulas: int
    paths: list


@dataclass
class Build:
    """One build: its problems, how long each stage took, and who is told that a stage begins."""

    progress: Callable[[str], None] = lambda stage: None
    problems: Problems = field(default_factory=Problems)
    seconds: dict = field(default_factory=dict)

    @contextmanager
    def stage(self, name):
        """Time a stage and say that it has begun."""
        self.progress(name)
        start = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0) + time.perf_counter() - start


def make(folder, out, papers, draft, run, bleed=False):
    """Make everything that a build makes, read all of it back, and only then publish it; return Made.

    With `bleed` there is also a file of the book for the print shop, with crop marks.
    """
    with edition.new_edition(out, run.progress) as beside:
        for file in edition.mixed(out):
            run.progress(f"{out / file} is not of the edition beside it: all is made anew")
        context = prepare(folder, run, draft)
        book = context.book
        inputs = inputs_of(book)
        with aside.Aside() as hands, aside.Aside() as others, apart.reader() as reader:
            is_aside = cores() > 1 and aside.CAN_FORK
            begin_sheets = partial(sheets_aside, hands, context, papers, beside) if is_aside else None
            early = ahead.begin(others, context, lastpass.last_pass(CACHE, book.folder)) if is_aside else None
            laid_out = lay_out(context, run, begin_sheets, early)
            with run.stage("drawing pages"):
                paint_pages(laid_out, early)
            sheets = take_sheets(hands, run) if is_aside else None
            run.problems.stop_if_any()
            begin = partial(begin_reading, reader, book) if cores() > 1 else lambda path: None
            printing = writing.write(context, laid_out, papers, beside, run, bleed, begin, sheets)
            package = writing.write_package(context, laid_out.book, beside, run)
            rows, compared = read_back(printing, run, reader)
        run.problems.stop_if_any()
        for file in edition.publish(beside, out, book.meta.file, inputs):
            run.progress(f"{out / file} was of an older edition and is removed")
    answers = [entry for entry in book.entries if entry.is_answer]
    return Made(
        book.meta.title,
        draft or book.meta.draft,
        len(laid_out.pages),
        rows,
        compared,
        sum(entry.is_written for entry in answers),
        len(answers),
        context.drawings.drawn,
        context.drawings.cached,
        len(context.typeset.formulas),
        [out / path.name for path in (*printing.files.values(), package) if path],
    )


def inputs_of(book):
    """Return a digest of all that an edition is made from."""
    return edition.digest_of_inputs([book.folder, book.path(book.meta.figures), TEMPLATES, ROOT / "press"])


def proof(folder, run):
    """Make the book into a folder of its own and proofread it; return a findings.Proof. Raises BookError."""
    context = prepare(folder, run, draft=True)
    with TemporaryDirectory() as out:
        printing = writing.write(context, lay_out(context, run), tuple(PAGE.papers), Path(out), run)
        with run.stage("proofreading"):
            return reader.look(printing, TEMPLATES)


def lay_out(context, run, begin_sheets=None, early=None):
    """Lay out all pages of the book, and the sheets; return LaidOut. What does not fit goes to `run.problems`.

    `begin_sheets` has the sheets made by somebody else from the layout of the answers, `early` the parts behind them.
    """
    laid_out = lay_out_book(context, run, fonts=early and early.fonts)
    if early:
        early.confirm(laid_out)
    spans = measure(context.book, laid_out)
    check_layout(context, laid_out, spans, run.problems)
    beside = begin_sheets(laid_out) if begin_sheets else lay_out_sheets(context, laid_out, run)
    behind, last = lay_out_later(context, laid_out, run, early)
    check_notes(context, behind, run.problems)
    whole = LaidOut(laid_out, spans, behind, last, beside)
    lastpass.note(CACHE, context.book.folder, whole)
    return whole


def sheets_aside(hands, context, papers, out, laid_out):
    """Have the sheets laid out and written aside; the press has no pages of them."""

    def make_sheets():
        run = Build()
        documents = lay_out_sheets(context, laid_out, run)
        paths = {} if run.problems.found else writing.write_sheets(context, documents, papers, out, run)
        return paths, run.problems.found

    hands.start(make_sheets)
    return {}


def take_sheets(hands, run):
    """Return the {FileKey: path} of the sheets that were made aside; what is wrong with them goes to the problems."""
    with run.stage("sheets"):
        paths, found = hands.result()
    run.problems.found += found
    return paths


def begin_reading(reader, book, path):
    """Let the first book that is written be examined while the press goes on."""
    if reader.process is None:
        reader.start(apart.Request(path, source_of(book)))


def read_back(printing, run, reader):
    """Read all files back, before they are published; return (rows of agreement, Verdict of printed).

    Two questions of their own: does the book agree with the source's contents list, four ways, and
    does every word, number and page number of the tree stand where it has to? `reader` may have begun.
    """
    listed = source_of(printing.context.book)
    with run.stage("reading back"):
        begun = reader if reader.process else None
        examined, compared = apart.read_back(printing.context, listed, printing.files, begun)
        for paper, found in examined.items():
            agreement.report(found, listed, paper, run.problems)
    run.problems.found += [problem for problem in compared.problems if problem not in run.problems.found]
    return found.rows, compared  # of the last paper; where papers differ nothing is published


def cores():
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check_book(folder, out, run):
    """Compare the finished files of a book in the folder `out` with its tree; return a printed.Verdict."""
    book = tree.load(folder.resolve(), run.problems, draft=True)
    run.problems.stop_if_any()
    drawings = draw(book, run.problems)
    run.problems.stop_if_any()
    paths = {
        key: path
        for paper in PAGE.papers
        for key, path in writing.names_of_files(book, (paper,), out).items()
        if path.is_file()
    }
    if not any(key.kind == "book" for key in paths):
        raise PressError(
            f"{out} has no {book.meta.file}-a4.pdf and no {book.meta.file}-letter.pdf: make the book first"
        )
    return printed.compare(book.folder, paths, drawings.numbers, apart.cards_of(drawings))


def usual_files(folder, out):
    """Return (finished book on A4, the contents list to compare it with, date of the edition) as a book has them."""
    problems = Problems()
    meta, _ = tree.read_metadata(folder, problems)
    problems.stop_if_any()
    listed = tree.part_of(folder, meta, "source") or source_of(tree.load(folder, problems, draft=True))
    problems.stop_if_any()
    return out / f"{meta.file}-a4.pdf", listed, meta.date


def source_of(book):
    """Return the contents list of a book's source; of a book without one, a list made from its tree."""
    if listed := book.part("source"):
        return listed
    text = source.as_list(entry.node for entry in book.entries)
    file = CACHE / "contents" / f"{remembered.digest(text)}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
    return file


def prepare(folder, run, draft=False, stops=True):
    """Read, draw, parse and set everything that the layout needs; BookError if anything is wrong and it `stops`."""
    problems = run.problems
    with run.stage("reading"):
        book = tree.load(folder.resolve(), problems, draft)
        words = read_words(book.meta.language, book.place("language"), problems)
    with run.stage("drawing figures"):
        drawings = draw(book, problems, lambda name: run.progress(f"  drew {name}"))
    with run.stage("reading texts"):
        read = uses.read_texts(book, drawings.numbers, words, problems)
        cited = cited_works(book, read, words, problems)
        drawings = with_pictures(book, read, drawings, problems)
    with run.stage("setting formulas"):
        typeset = formulas.set_formulas(
            read.formulas, TEMPLATES / "fonts", CACHE / "formulas", problems, notation_of(book)
        )
        resolve.resolve(book, read, drawings, typeset.formulas, problems)
    if stops:
        problems.stop_if_any()
    return Context(book, read, typeset, drawings, cited, resolve.term_forms(book), words)


def draw(book, problems, progress=lambda name: None, only=None):
    """Return the Drawings of a book, those that have changed drawn anew; `only` as figures.draw has it."""
    remembered.refuse_closed(CACHE)
    fonts = TEMPLATES / "fonts"
    return figures.draw(book.path(book.meta.figures), CACHE / "figures", fonts, problems, progress, only)


def with_pictures(book, read, drawings, problems):
    """Return the drawings with the pictures from files that the texts show."""
    return fromfile.add(book.folder, CACHE / "pictures", resolve.pictures_in(read), drawings, problems)


def cited_works(book, read, words, problems):
    """Return {key: Work} of the cited works; where nothing was wrong with them the last time, as remembered."""
    file = book.part("references")
    before, cited = len(problems.found), sorted({use.target for use in read.citations})
    store = None
    if file is None:
        for use in read.citations:
            what = f"citation of {use.target!r}, and the book has no works"
            problems.add(use.place, what, f"write them into {book.meta.references}, or take the citation out")
        return {}
    if file.is_file():
        recipe = remembered.digest(file, *cited, book.meta.language, *WORKS_CODE, *WORDS)
        store = CACHE / "works" / f"{recipe}.json"
        if (known := remembered.recall(store)) is not None:
            return {key: works.Work(*work) for key, work in known.items()}
    found = works.read_references(file, read.citations, words, problems)
    if store and len(problems.found) == before:
        remembered.store(store, found)
    return found


def notation_of(book):
    """Return how the signs of the book's notation are spoken."""
    spoken = [group.spoken for group in book.notation]
    language = Notation()
    return Notation(
        tuple((sign, words) for part in spoken for sign, words in part.signs.items()),
        next((part.upper_index for part in spoken if part.upper_index), language.upper_index),
        frozenset(letter for part in spoken for letter in part.upper_index_letters),
        language.functions.union(*(part.functions for part in spoken)),
    )
