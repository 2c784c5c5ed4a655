"""The command line of the press: it reads as the list of stages (press/pipeline.py)."""

import json
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from press import pipeline
from press.layout import RendererError
from press.problems import BookError

console, errors = Console(), Console(stderr=True)
app = typer.Typer(add_completion=False, help="Make the study book from its content tree.",
                  pretty_exceptions_enable=False,
                  context_settings={"help_option_names": ["-h", "--help"]})

BOOK = typer.Option(Path("book"), "--book", help="Folder of the content tree (book.yaml stands in it).")
OUT = typer.Option(Path("dist"), "--out", help="Folder for the finished PDFs.")
PAPER = typer.Option("both", "--paper", help="a4, letter or both.", metavar="PAPER")
DRAFT = typer.Option(False, "--draft", help="Let answers be missing, as `draft: true` in book.yaml does.")
JSON = typer.Option(False, "--json", help="Print the result as JSON, for machines.")


@app.callback(invoke_without_command=True)
def main(context: typer.Context, folder: Path = BOOK, out: Path = OUT, paper: str = PAPER, draft: bool = DRAFT):
    """Without a command: make the book, like `build.py book`."""
    if context.invoked_subcommand is None:
        book(folder, out, paper, draft)


@app.command()
def book(folder: Path = BOOK, out: Path = OUT, paper: str = PAPER, draft: bool = DRAFT):
    """Make the book: read, draw, set, lay out, finish, write one PDF a paper."""
    run = new_run()
    setting = pipeline.prepare(folder, run, draft)
    laid_out, spans = pipeline.lay_out_book(setting, run)
    pipeline.check_layout(setting, laid_out, spans, run)
    back = pipeline.back_matter(setting, laid_out, run)
    paths = pipeline.write_book(setting, laid_out, back, papers(paper), out, run)
    paths += pipeline.write_sheets(setting, laid_out, papers(paper), out, run)
    for path in paths:
        console.print(f"wrote {path}")
    console.print({k: round(v, 2) for k, v in run.seconds.items()})


@app.command()
def fit(folder: Path = BOOK, as_json: bool = JSON):
    """Show each span of pages: lines used, lines there are, what runs over, what to cut."""
    run = new_run()
    setting = pipeline.prepare(folder, run, draft=True)
    laid_out, spans = pipeline.lay_out_book(setting, run)
    if as_json:
        print(json.dumps([span._asdict() | {"fill": span.fill} for span in spans], indent=1))
    else:
        show_fit(spans, laid_out)
    raise typer.Exit(1 if any(span.late for span in spans) or laid_out.crowded else 0)


@app.command()
def figures(module: str, folder: Path = BOOK):
    """Draw one module of figures and write each figure as a picture to build/preview/."""
    for path in pipeline.preview(folder, module, new_run()):
        console.print(f"wrote {path}")


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
        table.add_row(span.pages, ", ".join(span.numbers), f"{span.long:.0f}", f"{span.there:.0f}",
                      f"{span.long / span.there:.0%}" if span.there else "-", "; ".join(remarks))
    console.print(table)
    for folio, needed, available in laid_out.crowded:
        console.print(f"margin of page {folio}: notes need {needed:.0f} pt, there are {available:.0f}")


def papers(name):
    """Return the papers that an option names."""
    if name not in ("a4", "letter", "both"):
        raise typer.BadParameter("use a4, letter or both")
    return ("a4", "letter") if name == "both" else (name,)


def new_run():
    """Return a Run that names its stages while they work."""
    return pipeline.Run(progress=lambda stage: errors.print(f"  {stage} ...", highlight=False))


if __name__ == "__main__":
    try:
        app(standalone_mode=True)
    except BookError as error:
        for problem in error.problems:
            errors.print(str(problem), markup=False, highlight=False, soft_wrap=True)
        raise SystemExit(1) from None
    except RendererError as error:
        errors.print(f"the renderer warned, so nothing was written:\n{error}", markup=False, highlight=False)
        raise SystemExit(1) from None
