"""The command line itself: its options, what stands before a command, and where it prints.

Place in the flow: under every command of this room. A command is a function marked `@app.command()` in a
module beside this one, which press/commands/__init__.py names; an option that several commands share
stands here, once.
"""

import platform
import tomllib
from pathlib import Path

import typer
from rich.console import Console

from .. import pipeline
from ..documents.body import VERSIONS

# Words are printed as they stand, brackets too, and a path stays on one line.
console, errors = (
    Console(stderr=is_error, markup=False, highlight=False, soft_wrap=True) for is_error in (False, True)
)
app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Make the study book from its content tree.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def usual_book(folder: Path | None) -> Path:
    """Return the folder of the book that a command is for: the one named, the one here, or the press's own."""
    if folder is not None:
        return folder
    here = [path for path in (Path("book"), Path(".")) if (path / "book.yaml").is_file()]
    return here[0] if here else pipeline.ROOT / "book"


def usual_out(context: typer.Context, out: Path | None) -> Path:
    """Return the folder of the finished files: the one named, or dist/ beside the book."""
    return out if out is not None else beside(usual_book(context.params.get("folder")))


def beside(folder: Path) -> Path:
    """Return dist/ beside the folder of a book, in words as short as those that name the book."""
    return folder.parent / "dist" if folder.name else folder / "../dist"


def hush(quiet: bool) -> bool:
    """Print nothing from now on but what is wrong."""
    console.quiet = quiet
    return quiet


def tell_version(wanted: bool) -> None:
    """Print the versions of the press and of what decides how a book comes out, and end."""
    if wanted:
        project = tomllib.loads((pipeline.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        programs = {"Python": platform.python_version(), **VERSIONS}
        typer.echo(f"press {project['version']}, " + ", ".join(f"{name} {number}" for name, number in programs.items()))
        raise typer.Exit()


BOOK = typer.Option(
    None,
    "--book",
    help="Folder of the content tree (book.yaml stands in it).",
    callback=usual_book,
    show_default="book/ here, or the folder that one stands in, or the book of the press",
)
OUT = typer.Option(
    None, "--out", help="Folder for the finished PDFs.", callback=usual_out, show_default="dist/ beside the book"
)
QUIET = typer.Option(False, "--quiet", "-q", help="Tell nothing but what is wrong.", callback=hush)
VERSION = typer.Option(False, "--version", help="Tell the versions, and end.", callback=tell_version, is_eager=True)
KEEP = typer.Option(
    False, "--keep-going", help="In spite of faults write a draft, NAME-draft-PAPER.pdf, with a mark at each of them."
)
PAPER = typer.Option("both", "--paper", help="a4, letter or both.", metavar="PAPER")
DRAFT = typer.Option(False, "--draft", help="Let answers be missing, as `draft: true` in book.yaml does.")
BLEED = typer.Option(False, "--bleed", help="Make also a book with 3 mm bleed and crop marks.")
JSON = typer.Option(False, "--json", help="Print the result as JSON, for machines.")
PDF = typer.Option(None, "--pdf", help="The finished book; by itself the A4 file in --out.")
CHECKED_BOOK = typer.Option(None, "--book", help="Compare the files in --out with this tree, word by word.")
SOURCE = typer.Option(None, "--source", help="The source's contents list; by itself that of the book.")
HTML = typer.Option(None, "--html", help="Write the result as a page that anybody can read.")
PNG = typer.Option(False, "--png", help="Write a picture of the pages, side by side.")
OPEN = typer.Option(False, "--open", help="Show it in the system's viewer.")
PAGES = typer.Option(None, "--pdf", help="Write the pages too, wherever the headings land.")
SHEET = typer.Option(pipeline.CACHE / "contact-sheet.png", "--to", help="The picture to write (PNG, JPEG or PDF).")


def new_run():
    """Return a Build that names its stages while they work."""
    tell = (lambda stage: None) if console.quiet else (lambda stage: errors.print(f"  {stage} ..."))
    return pipeline.Build(progress=tell)
