"""The command line of the press; the stages that it runs are listed in press/pipeline.py."""

import errno
import gc
import json
import os
import signal
import sys
import threading
import traceback
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import cast

STOPPED = "stopped: what was there is as it was"

try:
    import typer
    from rich.console import Console
    from rich.table import Table

    from press.layout import needs

    needs.stop_without_pango()
    from press import pipeline, preview, writing
    from press.layout.engine import RendererError
    from press.layout.spans import measure
    from press.pdf import edition, raster
    from press.problems import BookError, PressError
    from press.proof import agreement, findings, printed, verdict
    from press.site import publishing
    from press.site import report as page_of_check
    from press.site.pages import english
except KeyboardInterrupt:  # the libraries take a second to load
    sys.exit(STOPPED)

console, errors = Console(), Console(stderr=True)
app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Make the study book from its content tree.",
    context_settings={"help_option_names": ["-h", "--help"]},
)

BOOK = typer.Option(Path("book"), "--book", help="Folder of the content tree (book.yaml stands in it).")
OUT = typer.Option(Path("dist"), "--out", help="Folder for the finished PDFs.")
PAPER = typer.Option("both", "--paper", help="a4, letter or both.", metavar="PAPER")
DRAFT = typer.Option(False, "--draft", help="Let answers be missing, as `draft: true` in book.yaml does.")
BLEED = typer.Option(False, "--bleed", help="Make also a book with 3 mm bleed and crop marks.")
JSON = typer.Option(False, "--json", help="Print the result as JSON, for machines.")
PDF = typer.Option(None, "--pdf", help="The finished book; by itself the A4 file of book/ in dist/.")
CHECKED_BOOK = typer.Option(None, "--book", help="Compare the files in --out with this tree, word by word.")
SOURCE = typer.Option(None, "--source", help="The source's contents list; by itself that of book/.")
HTML = typer.Option(None, "--html", help="Write the result as a page that anybody can read.")
PNG = typer.Option(False, "--png", help="Write a picture of the pages, side by side.")
OPEN = typer.Option(False, "--open", help="Show it in the system's viewer.")
PAGES = typer.Option(None, "--pdf", help="Write the pages too, wherever the headings land.")
SHEET = typer.Option(Path("build/contact-sheet.png"), "--to", help="The picture to write.")


@app.callback(invoke_without_command=True)
def main(context: typer.Context, folder: Path = BOOK, out: Path = OUT, paper: str = PAPER, draft: bool = DRAFT):
    """Without a command: make the book, like `build.py book`. Options before a command are the command's."""
    if context.invoked_subcommand is None:
        book(folder, out, paper, draft, bleed=False)
        return
    command = app_command(context, context.invoked_subcommand)
    given = {name: value for name, value in context.params.items() if is_given(context, name)}
    for name in given:
        option = next(option for option in context.command.params if option.name == name)
        if name not in {known.name for known in command.params}:
            raise typer.BadParameter(f"{context.invoked_subcommand} has no {option.opts[0]}")
    context.default_map = {context.invoked_subcommand: given}


def app_command(context, name):
    """Return a command of the command line by its name."""
    return context.command.get_command(context, name)


def is_given(context, name):
    """Say whether an option stands on the command line."""
    return context.get_parameter_source(name).name == "COMMANDLINE"


@app.command()
def book(folder: Path = BOOK, out: Path = OUT, paper: str = PAPER, draft: bool = DRAFT, bleed: bool = BLEED):
    """Make the book, the study cards and the formula sheet, one PDF a paper; publish them if all agrees."""
    if paper not in ("a4", "letter", "both"):
        raise typer.BadParameter("use a4, letter or both", param_hint="--paper")
    papers = ("a4", "letter") if paper == "both" else (paper,)
    run = new_run()
    show_summary(pipeline.make(folder, out, papers, draft, run, bleed), run)


@app.command()
def check(
    pdf: Path | None = PDF,
    source_file: Path | None = SOURCE,
    folder: Path | None = CHECKED_BOOK,
    out: Path = OUT,
    as_json: bool = JSON,
    html: Path | None = HTML,
):
    """Read finished PDFs back: with --pdf and --source four ways, with --book word by word beside the tree."""
    if folder and not html:
        name_mixed(out)
        check_tree(folder, out, as_json)
    usual_pdf, usual_source, day = pipeline.usual_files(folder or Path("book"), out)
    is_own = pdf is None and source_file is None
    pdf, source_file = pdf or usual_pdf, source_file or usual_source
    name_mixed(pdf.parent)
    compare = partial(pipeline.check_book, folder or Path("book"), out, new_run()) if is_own and html else None
    told = verdict.judge(pdf, source_file, day if is_own else None, compare)
    if html:
        write_report(told, pdf, html)
    if as_json:
        print(verdict.as_json(told))
    else:
        show_check(told, pdf, source_file)
    raise typer.Exit(0 if told.agrees else 1)


def write_report(told, pdf, html):
    """Write the check as a page; its links lead to the PDF from where the page lies."""
    href = Path(os.path.relpath(pdf.resolve(), html.resolve().parent)).as_posix()
    edition.put(html, page_of_check.report(told, pdf, href, english(), pipeline.TEMPLATES))
    errors.print(f"wrote {html}", highlight=False, soft_wrap=True)


def show_check(told, pdf, source_file):
    """Print the table of entries, then every fault in a sentence."""
    console.print(f"{pdf} beside {source_file}, entry by entry, four ways:", highlight=False)
    console.print(agreement.table(told.entries.rows))
    for fault in told.faults:
        console.print(f"✗ {fault}", markup=False, highlight=False, soft_wrap=True)
    console.print(told.sentence, highlight=False, soft_wrap=True)


def name_mixed(out):
    """End the command where a folder holds files of more than one edition: a build was stopped, or a file changed."""
    if files := edition.mixed(out):
        raise PressError(
            f"{out} is mixed: {', '.join(files)} {'is' if len(files) == 1 else 'are'} not of the edition that the "
            "manifest beside it names (a build was stopped, or a file was changed: make the book anew)"
        )


def check_tree(folder, out, as_json):
    """Compare the files of a book with its tree, say so, and end the command."""
    verdict = pipeline.check_book(folder, out, new_run())
    if as_json:
        print(printed.as_json(verdict))
    else:
        console.print(f"the files of {folder} in {out} beside its tree, word by word:", highlight=False)
        for problem in verdict.problems:
            console.print(str(problem), markup=False, highlight=False, soft_wrap=True)
        console.print(printed.summary(verdict), highlight=False)
    raise typer.Exit(1 if verdict.problems else 0)


@app.command()
def fit(folder: Path = BOOK, as_json: bool = JSON, pdf: Path | None = PAGES):
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
        show_fit(spans, laid_out)
    raise typer.Exit(1 if any(span.late for span in spans) or laid_out.crowded else 0)


@app.command()
def page(number: str, folder: Path = BOOK, png: bool = PNG, open_it: bool = OPEN):
    """Make the pages of one entry (3.4.2), or of what stands behind the answers (further:3.4.2, tool:variance)."""
    shown = preview.page(folder, number, new_run())
    path = shown.path
    if png:
        path = path.with_suffix(".png")
        raster.contact_sheet(shown.path, path, 90, 2, begins_left=shown.margins[0][0] % 2 == 0)
    show_page(shown)
    console.print(f"wrote {path}", highlight=False, soft_wrap=True)
    if open_it:
        typer.launch(str(path))


@app.command()
def watch(folder: Path = BOOK, out: Path = OUT, open_it: bool = OPEN):
    """Show the book in the browser while it is written: pages at once, the whole edition behind them."""
    from press import watch as watching  # its server is needed here alone

    def opened(address):
        console.print(f"watching {folder} at {address} (end with Ctrl-C)", highlight=False)
        if open_it:
            typer.launch(address)

    def tell(line):
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    watching.run(folder, out, tell, opened, threading.Event())


@app.command()
def site(folder: Path = BOOK, out: Path = OUT):
    """Check the files in --out and write the site to take them from, into its folder site/."""
    name_mixed(out)
    run = new_run()
    console.print(f"wrote {publishing.make(folder, out, run)}/index.html", highlight=False, soft_wrap=True)


@app.command()
def proof(folder: Path = BOOK, as_json: bool = JSON):
    """Proofread the book: typography, accessibility and print, every page and every file."""
    run = new_run()
    result = pipeline.proof(folder, run)
    if as_json:
        print(findings.as_json(result))
    else:
        show_proof(result)
    raise typer.Exit(1 if result.findings else 0)


@app.command("contact-sheet")
def contact_sheet(pdf: Path | None = PDF, to: Path = SHEET):
    """Write one picture of all pages, spreads side by side."""
    raster.contact_sheet(pdf or pipeline.usual_files(Path("book"), Path("dist"))[0], to)
    console.print(f"wrote {to}")


@app.command()
def figures(module: str, folder: Path = BOOK):
    """Draw one module of figures and write each figure as a picture to build/preview/."""
    for path in pipeline.preview(folder, module, new_run()):
        console.print(f"wrote {path}")


def show_summary(made, run):
    """Print what was made: the short table at the end of a build."""
    table = Table(show_header=False, title=f"{made.title}{', draft' if made.draft else ''}", title_justify="left")
    table.add_row("pages", f"{made.pages}")
    table.add_row("entries on their page", agreement.summary(made.rows))
    table.add_row("print beside the tree", printed.summary(made.compared))
    table.add_row("answers written", f"{made.written} of {made.answers}")
    table.add_row("figures", f"{made.drawn} drawn, {made.cached} from the cache")
    table.add_row("formulas", f"{made.formulas}")
    table.add_row("written", "\n".join(f"{path} ({path.stat().st_size / 1e6:.2f} MB)" for path in made.paths))
    table.add_row("seconds", "  ".join(f"{name} {seconds:.1f}" for name, seconds in run.seconds.items()))
    console.print(table)


def show_fit(spans, laid_out):
    """Print the table of spans."""
    table = Table("pages", "entries", "lines", "of", "fill", "remark")
    for span in spans:
        remarks = [f"{number} lands on {folio}: cut {lines} lines before it" for number, folio, lines in span.late[:1]]
        if span.over and not span.late:
            remarks.append(f"runs over by {span.over:.0f} lines, charged to the next span")
        elif not span.written:
            remarks.append("not all written")
        elif span.last and span.fill < 0.75:
            remarks.append(f"room for {span.there - span.used:.0f} lines, aim for 75-100 %")
        table.add_row(
            span.pages,
            ", ".join(span.numbers),
            f"{span.long:.0f}",
            f"{span.there:.0f}",
            f"{span.long / max(span.there, 1) if span.late else span.fill:.0%}",
            "; ".join(remarks),
        )
    console.print(table)
    for folio, needed, available in laid_out.crowded:
        console.print(
            f"margin of page {folio}: {needed:.0f} pt of notes do not fit into {available:.0f} pt beside wide blocks"
        )


def show_page(shown):
    """Print the fill of a span, and how much of each page's margin is free."""
    for span in shown.spans:
        late = "".join(f"; {number} lands on {folio}: cut {lines} lines" for number, folio, lines in span.late)
        over = f"; runs over by {span.over:.0f} lines" if span.over else ""
        console.print(
            f"pages {span.pages} ({', '.join(span.numbers)}): {span.long:.0f} of {span.there:.0f} lines, "
            f"{span.fill:.0%}{over}{late}",
            highlight=False,
            soft_wrap=True,
        )
    free = ", ".join(f"{1 - taken:.0%} on {folio}" for folio, taken in shown.margins)
    console.print(f"margin free: {free}", highlight=False, soft_wrap=True)
    for crowded in shown.crowded:
        console.print(f"margin of page {crowded.folio}: the notes do not fit", highlight=False)


def show_proof(result):
    """Print what the proof looked at, and what it found."""
    looked = Table(show_header=False, title="looked at", title_justify="left")
    for what, count in result.looked.items():
        looked.add_row(what, f"{count}")
    console.print(looked)
    if result.findings:
        console.print(findings.table(result.findings))
    for note in result.notes:
        console.print(note, markup=False, highlight=False)
    console.print(f"{len(result.findings)} findings")


def new_run():
    """Return a Build that names its stages while they work."""
    return pipeline.Build(progress=lambda stage: errors.print(f"  {stage} ...", highlight=False))


class Stop(BaseException):
    """Ctrl-C, or a polite end from elsewhere; typer would make a word of its own of KeyboardInterrupt."""


def stop(number, _):
    """End what runs, once: what it has begun is cleared away on the way out."""
    for polite in POLITE:
        signal.signal(polite, signal.SIG_IGN)
    raise Stop(number)


POLITE = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def run():
    """Run the command line.

    What an author or the one at the keyboard can mend is told in a sentence with its place; a fault of
    the press ends in its traceback, and asks for a report.
    """
    gc.disable()  # it would look through hundreds of thousands of boxes, all of them alive, again and again
    if sys.getfilesystemencoding() != "utf-8":  # a locale of another kind: libraries want names in UTF-8
        os.environ["PYTHONUTF8"] = "1"  # for the processes that draw, too
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    for name in (*sys.argv, os.getcwd()):
        if not name.isprintable() and name != name.encode(errors="replace").decode():
            raise SystemExit(f"{name!a}: this name is not UTF-8 (rename the folder or the file)")
    for stream in (sys.stdout, sys.stderr):
        cast(TextIOWrapper, stream).reconfigure(errors="replace")  # what a terminal cannot show is no reason to end
    for polite in POLITE:
        if signal.getsignal(polite) != signal.SIG_IGN:  # as nohup has it
            signal.signal(polite, stop)
    try:
        app()
    except Stop as error:
        errors.print(STOPPED, highlight=False)
        raise SystemExit(128 + error.args[0]) from None
    except BookError as error:
        for problem in error.problems:
            errors.print(str(problem), markup=False, highlight=False, soft_wrap=True)
    except RendererError as error:
        errors.print(f"the renderer warned, so nothing was written:\n{error}", markup=False, highlight=False)
    except PressError as error:
        errors.print(str(error), markup=False, highlight=False, soft_wrap=True)
    except OSError as error:
        told = unable(error)
        if told is None:
            report()
        errors.print(told, markup=False, highlight=False, soft_wrap=True)
    except Exception:
        report()
    raise SystemExit(1)


# What a machine refuses, and what to do about it.
REFUSALS = {
    errno.ENOSPC: "the disk is full (make room and run it again; what was there is as it was)",
    errno.EDQUOT: "your share of the disk is full (make room and run it again; what was there is as it was)",
    errno.EFBIG: "the file would be larger than this machine allows (see ulimit -f)",
    errno.EROFS: "this place can only be read (name another with --out, or copy the repository elsewhere)",
    errno.EACCES: "this may not be opened (mend its rights; if another user made it, remove it)",
    errno.EPERM: "this may not be changed (mend its rights; if another user made it, remove it)",
    errno.EMFILE: "too many files are open (see ulimit -n)",
    errno.ENOMEM: "the machine has no memory left",
}


def unable(error):
    """Say what the machine refused and what to do, or return None where the press is to blame."""
    place = f"{error.filename}: " if error.filename is not None else ""
    if error.errno in REFUSALS:
        return place + REFUSALS[error.errno]
    return place + str(error.strerror) if place else None


def report():
    """Print the traceback of a fault of the press, and ask for a report."""
    errors.print(traceback.format_exc(), markup=False, highlight=False, soft_wrap=True)
    errors.print(
        "This is a fault of the press, not of the book. Please report it, with the lines above and the command.",
        highlight=False,
    )


if __name__ == "__main__":
    run()
