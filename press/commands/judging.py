"""Commands that judge: finished files beside the source and the tree, how the pages are filled, the proof.

Place in the flow: above the pipeline; what a command tells is in tables.
"""

import json
import os
from functools import partial
from pathlib import Path

import typer

from .. import pipeline, writing
from ..layout.spans import measure
from ..pdf import edition
from ..proof import findings, printed, verdict
from ..site import report as page_of_check
from ..site.pages import english
from . import tables
from .line import (
    BOOK,
    CHECKED_BOOK,
    HTML,
    JSON,
    OUT,
    PAGES,
    PDF,
    QUIET,
    SOURCE,
    app,
    console,
    errors,
    new_run,
    usual_book,
)


@app.command()
def check(
    pdf: Path | None = PDF,
    source_file: Path | None = SOURCE,
    folder: Path | None = CHECKED_BOOK,
    out: Path = OUT,
    as_json: bool = JSON,
    html: Path | None = HTML,
    quiet: bool = QUIET,
):
    """Read finished PDFs back: with --pdf and --source four ways, with --book word by word beside the tree."""
    if folder and not html:
        edition.refuse_mixed(out)
        check_tree(folder, out, as_json)
    tree = usual_book(folder)
    usual_pdf, usual_source, day = pipeline.usual_files(tree, out)
    is_own = pdf is None and source_file is None
    pdf, source_file = pdf or usual_pdf, source_file or usual_source
    edition.refuse_mixed(pdf.parent)
    compare = partial(pipeline.check_book, tree, out, new_run()) if is_own and html else None
    told = verdict.judge(pdf, source_file, day if is_own else None, compare)
    if html:
        write_report(told, pdf, html)
    if as_json:
        print(verdict.as_json(told))
    else:
        tables.check(told, pdf, source_file)
    raise typer.Exit(0 if told.agrees else 1)


def write_report(told, pdf, html):
    """Write the check as a page; its links lead to the PDF from where the page lies."""
    href = Path(os.path.relpath(pdf.resolve(), html.resolve().parent)).as_posix()
    edition.put(html, page_of_check.report(told, pdf, href, english(), pipeline.TEMPLATES))
    errors.print(f"wrote {html}")


def check_tree(folder, out, as_json):
    """Compare the files of a book with its tree, say so, and end the command."""
    verdict = pipeline.check_book(folder, out, new_run())
    if as_json:
        print(printed.as_json(verdict))
    else:
        console.print(f"the files of {folder} in {out} beside its tree, word by word:")
        console.print(printed.summary(verdict))
        tables.faults(str(problem) for problem in verdict.problems)
    raise typer.Exit(1 if verdict.problems else 0)


@app.command()
def fit(folder: Path = BOOK, as_json: bool = JSON, pdf: Path | None = PAGES, quiet: bool = QUIET):
    """Show each span of pages: lines used, lines there are, what runs over, what to cut."""
    run = new_run()
    context = pipeline.prepare(folder, run, draft=True)
    laid_out = pipeline.lay_out_book(context, run)
    spans = measure(context.book, laid_out)
    if pdf:
        writing.write_pages(context, laid_out, pdf, run)
    if as_json:
        print(json.dumps([span._asdict() | {"fill": span.fill} for span in spans], indent=1))
    else:
        tables.fit(spans, laid_out)
    raise typer.Exit(1 if any(span.late for span in spans) or laid_out.crowded else 0)


@app.command()
def proof(folder: Path = BOOK, as_json: bool = JSON, quiet: bool = QUIET):
    """Proofread the book: typography, accessibility and print, every page and every file."""
    run = new_run()
    result = pipeline.proof(folder, run)
    if as_json:
        print(findings.as_json(result))
    else:
        tables.proof(result)
    raise typer.Exit(1 if result.findings else 0)
