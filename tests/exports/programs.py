"""What other programs take for the same text, where they are installed: pdflatex, lualatex, Typst, WeasyPrint.

`tests/bench.py` calls `made` and prints what comes of it. Each program gets the export of its language, which
has to carry every word and formula of the tree (`carrying`) before anything is measured.
"""

import shutil
import statistics
import sys
from pathlib import Path
from typing import NamedTuple

import pypdfium2
import typst
from exports import latex, typ, webpage
from exports.carrying import lacking
from exports.telling import telling

from press import pipeline
from press.pictures.typesetting import PREAMBLE

DOTS = 2  # a point of a drawing, for WeasyPrint
TYPST = "import sys, typst; typst.compile('book.typ', output='book.pdf', root='/', font_paths=[sys.argv[1]])"
FONTS = str(pipeline.TEMPLATES / "fonts")
TEX = ("-interaction=nonstopmode", "-halt-on-error", latex.NAME)


class Program(NamedTuple):
    """A program: its name, the export that it reads, its command, how often it runs until its references stand."""

    name: str
    forms: object
    command: list
    runs: int = 1


PROGRAMS = (
    Program("pdflatex", latex, ["pdflatex", *TEX], 3),
    Program("lualatex", latex, ["lualatex", *TEX], 3),
    Program("Typst", typ, [sys.executable, "-c", TYPST, FONTS]),
    Program("WeasyPrint, formulas as SVG", webpage, [sys.executable, "-m", "weasyprint", webpage.NAME, "book.pdf"]),
)


def export(context, forms, folder: Path) -> None:
    """Write an export with its pictures into a folder; what it lacks ends the program."""
    told = telling(context, forms)
    source = told.whole()
    if faults := lacking(told, source):
        raise SystemExit("\n".join(["an export lacks words or formulas:", *faults[:20]]))
    folder.mkdir(parents=True)
    (folder / forms.NAME).write_text(source, encoding="utf-8")
    if forms is webpage:
        _formulas(context, told, folder)
        for drawing in context.drawings.figures.values():
            page = pypdfium2.PdfDocument(drawing.file)[0]
            page.render(scale=DOTS).to_pil().save(folder / f"{drawing.file.stem}.png")


def _formulas(context, told, folder: Path) -> None:
    """Write each formula as SVG, set as in the book."""
    sources = {context.typeset.formulas[key].page.key: source for key, source in told.sources.items()}
    (folder / "formulas.typ").write_text(PREAMBLE + "\n#pagebreak()\n".join(sources.values()), encoding="utf-8")
    drawn = typst.compile(folder / "formulas.typ", format="svg", font_paths=[FONTS], ignore_system_fonts=True)
    for name, content in zip(sources, drawn, strict=True):
        (folder / f"{name}.svg").write_bytes(content)


def made(folder: Path, run, build, turns: int) -> list[tuple[str, str]]:
    """Measure the programs that are there in turns with `build`; return rows for the bench."""
    context = pipeline.prepare(pipeline.ROOT / "book", pipeline.Build(), draft=True)
    there = [program for program in PROGRAMS if shutil.which(program.command[0])]
    seconds: dict[str, list[float]] = {program.name: [] for program in there}
    own, pages = [], {}
    for turn in range(turns):
        own.append(build().processor)
        for program in there:
            place = folder / f"{program.name.split(',')[0]}-{turn}"
            export(context, program.forms, place)
            seconds[program.name].append(sum(run(program.command, place).processor for _ in range(program.runs)))
            pages[program.name] = len(pypdfium2.PdfDocument(place / "book.pdf"))
    rows = [("this press, warm build, both papers, read back: seconds", f"{statistics.median(own):.1f}")]
    for name, taken in seconds.items():
        least = statistics.median(taken)
        told = f"{least:.1f} s, {least / statistics.median(own):.2f}"
        rows.append((f"{name}, {pages[name]} pages: seconds, and : the warm build", told))
    missing = [program.name for program in PROGRAMS if program not in there]
    return [*rows, *(((", ".join(missing)), "not installed") for _ in missing[:1])]
