"""A draft in spite of faults: the pages as they are, each fault marked in the margin where it is.

Place in the flow: beside `pipeline`, for `build.py --keep-going`. The book is made as always; where that
stops at faults, what could be read is laid out once more with a note beside each of them, and written as
NAME-draft-PAPER.pdf. Nothing else is written, and the edition in the output folder stays as it is.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from markdown_it.token import Token

from press import pipeline, preview, writing
from press.content.tree import Entry
from press.laying import check_layout, lay_out_book, lay_out_later
from press.layout import engine
from press.layout.spans import measure
from press.pdf import edition
from press.printing import LaidOut
from press.problems import BookError, Problem, Problems
from press.text.html import Context
from press.text.parser import top_level

# Fields in which a note can stand beside a paragraph, by the first step of their path.
LONG = ("answer", "opener", "text", "problems")


class Kept(NamedTuple):
    """What came of it: the edition where nothing was wrong, else the drafts and the faults that they show."""

    made: pipeline.Made | None
    paths: list[Path]
    problems: list[Problem]


def make(
    folder: Path, out: Path, papers: tuple[str, ...], draft: bool, run: pipeline.Build, bleed: bool = False
) -> Kept:
    """Make the book, or where that stops at faults a draft with their marks; BookError where not even that can be."""
    try:
        return Kept(pipeline.make(folder, out, papers, draft, run, bleed), [], [])
    except BookError as error:
        found = error.problems
    run.problems = Problems()
    context = pipeline.prepare(folder, run, draft, stops=False)
    run.problems.found += [problem for problem in found if problem not in run.problems.found]
    with engine.as_draft(context.words.draft):
        laid_out = lay_out_book(context, run)
        check_layout(context, laid_out, measure(context.book, laid_out), run.problems)
        problems = run.problems.sorted()
        whole = lay_out_marked(context, problems, run)
        paths = write(context, whole, out, papers, run)
    return Kept(None, paths, problems)


def lay_out_marked(context: Context, problems: list[Problem], run: pipeline.Build) -> LaidOut:
    """Lay out the whole book with its marks; where they do not fit beside the notes, they only name their lines."""
    for is_short in (False, True):
        marked = mark(context, problems, is_short)
        laid_out = lay_out_book(marked, run)
        if not laid_out.crowded:
            break
    behind, last = lay_out_later(marked, laid_out, run)
    return LaidOut(laid_out, [], behind, last, {})


def write(context: Context, whole: LaidOut, out: Path, papers: tuple[str, ...], run: pipeline.Build) -> list[Path]:
    """Write the draft for each paper; return the paths."""
    meta = context.book.meta.model_copy(update={"file": f"{context.book.meta.file}{edition.DRAFT}"})
    context = replace(context, book=replace(context.book, meta=meta))
    with edition.new_edition(out, run.progress) as beside:
        files = writing.write_book(context, whole, papers, beside, run)
        return [file.replace(out / file.name) for file in files.values()]


def mark(context: Context, problems: list[Problem], is_short: bool = False) -> Context:
    """Return the Context of a book in whose texts a note stands for each fault."""
    parsed = dict(context.texts.parsed)
    entries = {entry.key: entry for entry in context.book.entries}
    spots: dict[tuple, list[tuple[int, Problem]]] = {}
    for problem in problems:
        item, path, line = spot_of(context, problem)
        if isinstance(item, Entry) and not getattr(item.node, path[0]):
            said = item.node.model_copy(update={path[0]: "…"})  # what is not written yet has a place for its mark
            entries[item.key] = replace(item, node=said)
        spots.setdefault((item.key, *path), []).append((line, problem))
    for name, found in spots.items():
        parsed[name] = _with_marks(parsed.get(name, []), found, is_short)
    book = replace(context.book, entries=list(entries.values()))
    return replace(context, book=book, texts=replace(context.texts, parsed=parsed))


def spot_of(context: Context, problem: Problem) -> tuple[Any, tuple, int]:
    """Return where a fault is marked: an entry or passage, the path of a long field, the line in it."""
    book, place = context.book, problem.place
    if place.file.suffix == ".py":  # where the drawing is shown, if it is
        for shown in context.texts.numbered.values():
            if shown.block is not None and shown.block.argument.partition("/")[0] == place.file.stem:
                place = shown.place
                break
    items = {item.key: item for item in (*book.entries, *book.parts.passages)}
    item: Any = items.get(preview.owner_of(book)(place))
    fields = [path for path, _ in item.fields() if path[0] in LONG] if item else []
    above = [path for path in fields if item.place(*path).line <= place.line]
    if above:
        return item, max(above, key=lambda path: item.place(*path).line), place.line
    if item is None or isinstance(item, Entry) and not item.is_answer and not item.opener:
        section = item.section if item else book.entries[0].section
        item = next((entry for entry in book.entries if entry.is_answer and entry.section == section), book.entries[0])
    path = ("answer",) if isinstance(item, Entry) and item.is_answer else fields[0] if fields else ("opener",)
    return item, path, 0


def _with_marks(tokens: list, found: list[tuple[int, Problem]], is_short: bool) -> list:
    """Return tokens with a note behind each piece in whose lines there are faults."""
    pieces = top_level(tokens)
    starts = [piece[0].map[0] if piece[0].map else 0 for piece in pieces]
    notes: dict[int, list[Problem]] = {}
    for line, problem in found:
        before = [index for index, start in enumerate(starts) if start <= line]
        notes.setdefault(before[-1] if before else 0, []).append(problem)
    marked = []
    for index, piece in enumerate(pieces or [[]]):
        marked += piece
        if index in notes:
            marked.append(Token("fault", "", 0, meta={"problems": notes[index], "is_short": is_short}))
    return marked
