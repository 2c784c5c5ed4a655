"""Commands that make something: the book, one entry's pages, the pages in the browser, the site, a drawing.

Place in the flow: above the pipeline; what a command tells is in tables.
"""

import threading
from pathlib import Path

import typer

from .. import keepgoing, pipeline, preview
from ..pdf import edition, raster
from ..problems import BookError
from ..site import publishing
from . import tables
from .line import BLEED, BOOK, DRAFT, KEEP, OPEN, OUT, PAPER, PDF, PNG, QUIET, SHEET, VERSION, app, console, new_run

SHEETS = (".png", ".jpg", ".jpeg", ".pdf")


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    folder: Path = BOOK,
    out: Path = OUT,
    paper: str = PAPER,
    draft: bool = DRAFT,
    keep_going: bool = KEEP,
    quiet: bool = QUIET,
    version: bool = VERSION,
):
    """Without a command: make the book, like `build.py book`. Options before a command are the command's."""
    if context.invoked_subcommand is None:
        book(folder, out, paper, draft, False, keep_going, quiet)
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
def book(
    folder: Path = BOOK,
    out: Path = OUT,
    paper: str = PAPER,
    draft: bool = DRAFT,
    bleed: bool = BLEED,
    keep_going: bool = KEEP,
    quiet: bool = QUIET,
):
    """Make the book, the study cards and the formula sheet, one PDF a paper; publish them if all agrees."""
    if paper not in ("a4", "letter", "both"):
        raise typer.BadParameter("use a4, letter or both", param_hint="--paper")
    papers = ("a4", "letter") if paper == "both" else (paper,)
    run = new_run()
    if not keep_going:
        tables.summary(pipeline.make(folder, out, papers, draft, run, bleed), run)
        return
    kept = keepgoing.make(folder, out, papers, draft, run, bleed)
    if kept.made:
        tables.summary(kept.made, run)
        return
    for path in kept.paths:
        console.print(f"wrote {path}, a draft with its faults marked")
    raise BookError(kept.problems)


@app.command()
def page(number: str, folder: Path = BOOK, png: bool = PNG, open_it: bool = OPEN, quiet: bool = QUIET):
    """Make the pages of one entry (3.4.2), or of what stands behind the answers (further:3.4.2, tool:variance)."""
    shown = preview.page(folder, number, new_run())
    path = shown.path
    if png:
        path = path.with_suffix(".png")
        raster.contact_sheet(shown.path, path, 90, 2, begins_left=shown.margins[0][0] % 2 == 0)
    tables.page(shown)
    console.print(f"wrote {path}")
    if open_it:
        typer.launch(str(path))


@app.command()
def watch(folder: Path = BOOK, out: Path = OUT, open_it: bool = OPEN, quiet: bool = QUIET):
    """Show the book in the browser while it is written: pages at once, the whole edition behind them."""
    from press import watch as watching  # its server is needed here alone

    def opened(address):
        console.print(f"watching {folder} at {address} (end with Ctrl-C)")
        if open_it:
            typer.launch(address)

    watching.run(folder, out, console.print, opened, threading.Event())


@app.command()
def site(folder: Path = BOOK, out: Path = OUT, quiet: bool = QUIET):
    """Check the files in --out and write the site to take them from, into its folder site/."""
    edition.refuse_mixed(out)
    run = new_run()
    console.print(f"wrote {publishing.make(folder, out, run)}/index.html")


@app.command("contact-sheet")
def contact_sheet(pdf: Path | None = PDF, folder: Path = BOOK, out: Path = OUT, to: Path = SHEET, quiet: bool = QUIET):
    """Write one picture of all pages, spreads side by side."""
    if to.suffix.lower() not in SHEETS:
        raise typer.BadParameter(f"write a picture: {', '.join(SHEETS)}", param_hint="--to")
    raster.contact_sheet(pdf or pipeline.usual_files(folder, out)[0], to)
    console.print(f"wrote {to}")


@app.command()
def figures(module: str, folder: Path = BOOK, quiet: bool = QUIET):
    """Draw one module of figures and write each figure as a picture to build/preview/."""
    for path in preview.drawings_of(folder, module, new_run()):
        console.print(f"wrote {path}")
