"""How the press grows with a book: the real answers once, twice, five times ... and what each stage takes.

`tests/bench.py` runs it: python tests/growth.py COPIES FOLDER writes a tree of so many copies of the answers
into a folder, makes the book of it on both papers in one process, reads the first back, and prints the pages
of answers and of all, the seconds of each stage and the memory as JSON. Copies show the drawings of the
first, so that what grows is the book and not the experiments; what stands behind the answers is left out. A
copy may not fit its pages as the original does: a note that ends below its page would have the second paper
read, too, which is why it is never read here.
"""

import gc
import json
import re
import resource
import shutil
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from press import laying, pipeline, printing, writing  # noqa: E402
from press.pictures import figures  # noqa: E402
from press.proof import apart  # noqa: E402

SECTIONS = "sections: "


def write_tree(copies: int, folder: Path) -> None:
    """Write a tree of so many copies of the answers."""
    shutil.copytree(ROOT / "book", folder, ignore=shutil.ignore_patterns("further", "toolbox.yaml", "experiments.yaml"))
    shutil.copytree(ROOT / "figures", folder.parent / "figures")
    text = (ROOT / "book" / "book.yaml").read_text(encoding="utf-8")
    names = re.findall(r'"([\d.]+)"', text[text.index(SECTIONS) :].split("\n")[0])
    source = (ROOT / "book" / "contents.txt").read_text(encoding="utf-8")
    pages = [int(page) for page in re.findall(r"(\d+)$", source, re.MULTILINE)]
    step = max(pages) - min(pages) + 4 - (max(pages) - min(pages)) % 2  # left stays left
    lines = [line for line in source.split("\n") if re.match(r"3\.\d", line)]
    more: list[str] = []
    for copy in range(copies):
        for name in names:
            whole = (ROOT / "book" / f"{name}.yaml").read_text(encoding="utf-8")
            (folder / f"{numbered(name, copy)}.yaml").write_text(copied(whole, copy, step * copy), encoding="utf-8")
        for line in lines:
            head = line.rstrip("0123456789")
            more.append(f"{numbered(head, copy)}{int(line[len(head) :]) + step * copy}")
    at = source.index(lines[0]), source.index(lines[-1]) + len(lines[-1])
    (folder / "contents.txt").write_text(source[: at[0]] + "\n".join(more) + source[at[1] :], encoding="utf-8")
    wanted = [numbered(name, copy) for copy in range(copies) for name in names]
    row = next(row for row in text.split("\n") if row.startswith(SECTIONS))
    text = text.replace(row, f"{SECTIONS}{json.dumps(wanted)}")
    (folder / "book.yaml").write_text(alone(text), encoding="utf-8")


def numbered(text: str, copy: int) -> str:
    """Return a text that begins with a number of the book as the copy has it: 3.4.2, 13.4.2, 23.4.2."""
    return re.sub(r"^3(?=\.\d)", f"{10 * copy + 3}", text)


def alone(text: str) -> str:
    """Return a text without references to what stands behind the answers, or to terms of it."""
    text = re.sub(r"^ +see: .*\n", "", re.sub(r"\{ix\}`([^`]*)`", r"\1", text), flags=re.MULTILINE)
    return re.sub(r"\[([^\]]*)\]\((?:further|tool|problem|experiment):[^)]*\)", lambda link: link[1] or "there", text)


def copied(text: str, copy: int, shift: int) -> str:
    """Return a section as a copy has it: its own numbers, pages and labels, no terms of its own."""
    text = alone(text)
    if not copy:
        return text
    text = re.sub(r"^terms:\n(?:[ ].*\n|\n)*", "", text, flags=re.MULTILINE).replace("**", "")
    text = re.sub(r'(number: "?|\]\()3(?=\.\d)', rf"\g<1>{10 * copy + 3}", text)
    text = re.sub(r"^( *page: )(\d+)$", lambda page: f"{page[1]}{int(page[2]) + shift}", text, flags=re.MULTILINE)
    text = re.sub(r"(\{figure\} *\w+/\w+|\]\(fig:\w+/\w+)", rf"\1__{copy}", text)
    return re.sub(r"(\{table\} *[\w-]+|\]\(tab:[\w-]+|\(eq:[\w-]+)", rf"\1-{copy}", text)


def with_copies(copies: int):
    """Let the press have the drawings of the first for all copies."""
    draw = figures.draw

    def drawn(*arguments, **named):
        made = draw(*arguments, **named)
        made.figures.update(
            {f"{name}__{copy}": figure for name, figure in list(made.figures.items()) for copy in range(1, copies)}
        )
        return made

    figures.draw = drawn


def make(folder: Path, out: Path) -> dict:
    """Make the book of a tree; return pages, seconds of the processor by stage, megabytes at the highest."""
    seconds: dict[str, float] = {}

    @contextmanager
    def stage(_, name):
        start = time.process_time()
        yield
        seconds[name] = seconds.get(name, 0) + time.process_time() - start

    pipeline.Build.stage = stage
    run = pipeline.Build()
    context = pipeline.prepare(folder, run, draft=True)
    laid_out = laying.lay_out_book(context, run)
    behind, last = laying.lay_out_later(context, laid_out, run)
    whole = printing.LaidOut(laid_out, [], behind, last, {})
    paths = writing.write_book(context, whole, ("a4", "letter"), out, run)
    with run.stage("reading back"):
        first = {key: path for key, path in paths.items() if key.paper == "a4"}
        apart.read_back(context, context.book.path(context.book.meta.source), first)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"pages": len(whole.pages), "answers": len(whole.answers), "seconds": seconds, "megabytes": memory}


if __name__ == "__main__":
    gc.disable()
    number, place = int(sys.argv[1]), Path(sys.argv[2])
    write_tree(number, place / "book")
    with_copies(number)
    print(json.dumps(make(place / "book", place / "dist")))
