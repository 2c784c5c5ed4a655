"""The command line itself: its options, what stands before a command, and where it prints.

Place in the flow: under every command of this room. A command is a function marked `@app.command()` in a
module beside this one, which press/commands/__init__.py names; an option that several commands share
stands here, once.
"""

from pathlib import Path

import typer
from rich.console import Console

from .. import pipeline

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


def new_run():
    """Return a Build that names its stages while they work."""
    return pipeline.Build(progress=lambda stage: errors.print(f"  {stage} ...", highlight=False))
