"""Commands that begin: a new book, one more entry.

Place in the flow: above press/starting, which knows how a tree is written.
"""

from pathlib import Path

import typer

from ..starting import adding
from ..starting import new as beginning
from .line import BOOK, QUIET, app, console

LANGUAGE = typer.Option("en", "--language", help=f"The book's language: {', '.join(beginning.languages())}.")
LIST = typer.Option(None, "--from", help="A contents list (number, title, page): make its empty tree, a draft.")


@app.command()
def new(folder: Path, language: str = LANGUAGE, listed: Path | None = LIST, quiet: bool = QUIET):
    """Begin a book in a new folder: a small one that builds at once, or the empty tree of a contents list."""
    if listed:
        for note in beginning.from_list(folder, language, listed):
            console.print(note)
    else:
        beginning.small_book(folder, language)
    console.print(f"wrote {folder}; make it with:")
    console.print(f"  python build.py --book {folder} --out {folder / 'dist'}")
    console.print(f"  python build.py watch --book {folder}")


@app.command()
def add(number: str, folder: Path = BOOK, quiet: bool = QUIET):
    """Add a question (2.3.1) to its section, or a section (2.3) with a file of its own."""
    change = adding.add(folder, number)
    console.print(f"{change.file}:{change.line}: {number} is added; write it there (until then build with --draft)")
