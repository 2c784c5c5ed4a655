"""Commands that tell an author and an editor what may be written: the schemas of the files, the names that exist.

Place in the flow: above the pipeline; nothing is laid out here.
"""

import json
from pathlib import Path

import typer

from .. import naming, pipeline
from ..content import describing
from ..pdf import edition
from ..problems import PressError
from ..proof import prose
from . import tables
from .line import BOOK, JSON, QUIET, app, console, new_run

TO = typer.Option(pipeline.ROOT / "schema", "--to", help="Folder for the schemas.")
KIND = typer.Argument(None, help=f"Only one kind: {', '.join(naming.KINDS)}.")


@app.command()
def schema(to: Path = TO, quiet: bool = QUIET):
    """Write the JSON Schemas of the files of a book, by which an editor completes keys and marks faults."""
    for name, text in describing.schemas().items():
        edition.put(to / f"{name}.json", text)
        console.print(f"wrote {to / name}.json")


@app.command("check-text")
def check_text(folder: Path = BOOK, as_json: bool = JSON, quiet: bool = QUIET):
    """Compare the text with the book's rules of prose (prose.yaml), and its spelling; long sentences are warnings."""
    run = new_run()
    rules = naming.prose_rules(folder, run)
    try:
        found = prose.remarks(folder, rules)
    except ModuleNotFoundError:
        raise PressError("codespell is not here: pip install -e '.[test]' brings it") from None
    faults = [remark for remark in found if not remark.is_warning]
    if as_json:
        told = [
            {"file": str(place.file), "line": place.line, "what": what, "how": how, "is_warning": is_warning}
            for (place, what, how), is_warning in found
        ]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for remark in [remark for remark in found if remark.is_warning]:
            console.print(f"warning: {remark.problem}")
        count = f"{len(faults) or 'no'} fault{'' if len(faults) == 1 else 's'}, {len(found) - len(faults)} warnings"
        console.print(f"the text of {folder} beside its rules: {count}")
        tables.faults(str(remark.problem) for remark in faults)
    raise typer.Exit(1 if faults else 0)


@app.command()
def names(kind: str | None = KIND, folder: Path = BOOK, as_json: bool = JSON, quiet: bool = QUIET):
    """Tell the names that texts may use: entries, labels, works, terms, computed numbers, figures."""
    if kind is not None and kind not in naming.KINDS:
        raise typer.BadParameter(f"use one of {', '.join(naming.KINDS)}", param_hint="KIND")
    found = naming.names_of(folder, new_run())
    shown = {name: found[name] for name in naming.KINDS if kind in (None, name)}
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    for name, known in shown.items():
        for each in known:
            typer.echo(each if kind else f"{name}  {each}")
