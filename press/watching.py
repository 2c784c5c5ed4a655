"""A book in memory while it is written: what has changed is read again, and its pages are made at once.

Place in the flow: `viewer` shows what a `Session` has, the command `watch` runs both. A changed text is
read alone, between what the last reading knew of all others; a changed drawing is drawn, and the spans that
show it are made; whatever else changes is read as a whole. The whole edition is made behind it (`whole`).
"""

import gc
import io
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from press import lastpass, laying, pipeline, preview
from press.content import tree
from press.layout.spans import Span, margin_taken
from press.pictures import figures, formulas
from press.problems import BookError, Problem, Problems
from press.text import resolve, uses
from press.text.html import Context


class Sheet(NamedTuple):
    """A page made by itself: its folio, the PDF that holds it, its place in it, the share of its margin taken."""

    folio: int
    pdf: bytes
    number: int
    margin: float


class Made(NamedTuple):
    """What came of a change: the entries, their pages, their spans, what is wrong, and the seconds that it took."""

    keys: list[str]
    sheets: list[Sheet]
    spans: list[Span]
    problems: list[Problem]
    seconds: float


class Session:
    """The state between two changes. `reload` reads all, `change` what has changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.context: Context | None = None
        self.last = lastpass.last_pass(pipeline.CACHE, self.folder)

    def reload(self) -> list[Problem]:
        """Read, draw and set the whole book; return what is wrong with it, whereupon the last good state stays."""
        run = pipeline.Build()
        try:
            self.context = pipeline.prepare(self.folder, run, draft=True)
        except BookError as error:
            return error.problems
        finally:
            gc.collect()
            gc.freeze()  # what lives from now on is looked at no more, so what a change leaves is soon found
        return []

    def change(self, files: Iterable[Path]) -> Made:
        """Make the pages that some changed files touch."""
        start, files = time.perf_counter(), set(files)
        self.last = lastpass.last_pass(pipeline.CACHE, self.folder)
        if self.context is None:
            problems = self.reload()
            return Made([], [], [], problems, time.perf_counter() - start)
        if any(file.suffix != ".yaml" or not file.is_relative_to(self.folder) for file in files):
            made = self._all_changed()
        else:
            made = self._texts_changed(files)
        return made._replace(seconds=time.perf_counter() - start)

    def page_of(self, problem: Problem) -> str:
        """Return the folio of the page on which the entry of a fault stands, "" where it has none."""
        if self.context is None:
            return ""
        book = self.context.book
        key = preview.owner_of(book)(problem.place)
        pages = {entry.key: entry.node.page for entry in book.entries}
        passages = {passage.key: self.last.behind.get(f"passage-{passage.id}") for passage in book.parts.passages}
        return f"{(pages | passages).get(key) or ''}"

    def _all_changed(self) -> Made:
        """Read all again, and make the pages of those that show or quote a result which is another one now."""
        before = self.context
        preview.FONTS.clear()
        if problems := self.reload():
            return Made([], [], [], problems, 0)
        assert before and self.context
        changed = changed_results(before.drawings, self.context.drawings)
        items = [*self.context.book.entries, *self.context.book.parts.passages]
        keys = [item.key for item in items if preview.results_for([item]) & changed]
        return self._pages(self.context, keys, [])

    def _texts_changed(self, files: set[Path]) -> Made:
        before, problems = self.context, Problems()
        assert before
        try:
            book = tree.load(self.folder, problems, draft=True)
        except BookError as error:
            return Made([], [], [], error.problems, 0)
        keys = changed_keys(before.book, book)
        if keys is None or {file.name for file in files} & {"book.yaml", "notation.yaml"}:
            return self._all_changed()
        here = [problem for problem in problems.found if problem.place.file in files]
        if here:  # what could not be read is missing: the pages stay as they are
            return Made(keys, [], [], here, 0)
        context = self._reread(before, book, keys, problems)
        is_theirs = preview.owners(book, set(keys))
        found = [problem for problem in problems.found if is_theirs(problem.place)]
        if not found:
            self.context = context
        return self._pages(context, [] if found else keys, found, keys)

    def _reread(self, before: Context, book: Any, keys: list[str], problems: Problems) -> Context:
        """Return the Context of a book of which some entries have changed."""
        texts = uses.reread(book, before.texts, set(keys), before.drawings.numbers, before.words, problems)
        works = before.works
        if any(use.target not in works for use in texts.citations):
            works = pipeline.cited_works(book, texts, before.words, problems)
        known = before.typeset
        new = {key: places for key, places in texts.formulas.items() if key not in known.formulas}
        typeset = known
        if new:
            fonts, cache = laying.TEMPLATES / "fonts", pipeline.CACHE / "formulas"
            notation = pipeline.notation_of(book)
            added = formulas.set_formulas(new, fonts, cache, problems, notation, 1_000_000 + len(known.pages))
            typeset = formulas.TypesetFormulas(
                known.formulas | added.formulas, known.pages | added.pages, (known.document, added.document)
            )
        drawings = pipeline.with_pictures(book, texts, before.drawings, problems)
        resolve.resolve(
            book,
            texts,
            drawings,
            {key: typeset.formulas[key] for key in texts.formulas if key in typeset.formulas},
            problems,
        )
        return replace(
            before,
            book=book,
            texts=texts,
            drawings=drawings,
            typeset=typeset,
            works=works,
            terms=resolve.term_forms(book),
            places=None,
        )

    def _pages(self, context: Context, keys: list[str], problems: list[Problem], told: list[str] | None = None) -> Made:
        """Make the pages of some entries, each span once."""
        sheets, spans, done = [], [], set()
        for key in keys:
            if key in done:
                continue
            passage = next((item for item in context.book.parts.passages if item.key == key), None)
            wanted = [passage] if passage else preview.span_of(context.book, key, self.last)
            for part in preview.excerpts_of(context, key, self.last, wanted):
                pdf = io.BytesIO()
                preview.draw(context, part).save(pdf)
                pages = preview.pages_of(part)
                sheets += [
                    Sheet(folio, pdf.getvalue(), index, margin_taken(page)) for index, (folio, page) in enumerate(pages)
                ]
                spans += part.spans
                done |= {number for span in part.spans for number in span.numbers}
        return Made(told or keys, sheets, spans, problems, 0)


def changed_keys(before: Any, after: Any) -> list[str] | None:
    """Return the keys of what differs between two readings of a book; None where its order does."""
    old = {item.key: item for item in (*before.entries, *before.parts.passages)}
    new = {item.key: item for item in (*after.entries, *after.parts.passages)}
    if list(old) != list(new) or before.meta != after.meta:
        return None
    keys = []
    for key, item in new.items():
        mine, others = (_said(each) for each in (item, old[key]))
        if mine != others:
            if mine.get("page") != others.get("page"):
                return None
            keys.append(key)
    return keys


def _said(item: Any) -> dict:
    """Return what an entry or a passage says itself; a section's questions are entries of their own."""
    return {name: value for name, value in dict(item.node).items() if name != "questions"}


def changed_results(before: figures.Drawings, after: figures.Drawings) -> set[tuple[str, str]]:
    """Return (module, function) of the results that are others now."""
    changed = {
        (name.partition("/")[0], name.partition("/")[2])
        for name, figure in after.figures.items()
        if before.figures.get(name, figure._replace(file=Path())).file != figure.file
    }
    changed |= {
        (name.partition(".")[0], name.partition(".")[2])
        for name, experiment in after.experiments.items()
        if name not in before.experiments or before.experiments[name].card != experiment.card
    }
    for module, results in after.numbers.items():
        changed |= {
            (module, name) for name, value in results.items() if before.numbers.get(module, {}).get(name) != value
        }
    return changed
