"""Draw the figures and compute the numbers: results that the modules of a book's `figures/` declare.

Place in the flow: right after `tree`, because the texts quote the numbers. A function declared
`@figure`, `@numbers` or `@experiment` (`results`) is a result, every other one a helper. Each result
is kept under its recipe (`recipes`) with a digest; what is missing, changed or cannot be read is
made again, module by module, in processes of their own (`worker`).
"""

import ast
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

from press.pictures import cropping, results
from press.pictures.plain import digest_of
from press.pictures.recipes import NotUtf8, Sources
from press.pictures.vector import Page, Pdf, VectorPage, open_pdf
from press.problems import Place, Problems

ROOT = Path(__file__).resolve().parents[2]
# What could make a result differ from machine to machine or from run to run.
SURROUNDINGS = {
    # Threads of a numerical library change sums in the last digit; one thread always adds alike.
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"),
    "PYTHONHASHSEED": "0",
    "MATPLOTLIBRC": os.devnull,
}


class Figure(NamedTuple):
    """A drawn figure: the page that shows it, cut to its ink (points), where it is drawn, its whole sheet.

    `sheet` is the width of the sheet that it is drawn on, `file` holds the whole sheet.
    """

    page: VectorPage
    place: Place
    file: Path
    sheet: float


class Declared(NamedTuple):
    """A result as its module's source declares it: "figure", "numbers" or "experiment", and its line."""

    kind: str
    line: int


class Experiment(NamedTuple):
    """The card of an experiment, {what: value}, and where the experiment is declared."""

    card: dict[str, Any]
    place: Place


class Drawings(NamedTuple):
    """All results: figures by id "module/function", experiments by "module.function", numbers by module.

    Besides, pages by key, and counts. A pikepdf page lives only as long as its document, so the
    documents are kept too.
    """

    figures: dict[str, Figure]
    numbers: dict[str, dict[str, Any]]
    experiments: dict[str, Experiment]
    pages: dict[str, Page]
    documents: list[Pdf]
    drawn: int
    cached: int


def results_of(source: str) -> dict[str, Declared]:
    """Return {function name: Declared} of the results that a module's source text declares."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            marks = [ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list]
            for kind in set(marks) & set(results.KINDS):
                found[node.name] = Declared(kind, node.lineno)
    return found


def draw(
    folder: Path,
    cache: Path,
    fonts: Path,
    problems: Problems,
    progress: Callable[[str], None] = lambda name: None,
    only: Collection[tuple[str, str]] | None = None,
) -> Drawings:
    """Make all results of `folder` that `cache` does not hold; faults go to `problems`.

    `only` names the results that are wanted, as (module, function), where not all are.
    """
    homes = _homes(folder, cache, problems, only)
    made = {home: _stored(home, declared.kind) for (_, _, declared), home in homes.items()}
    stale: dict[str, dict[str, tuple[str, int, str]]] = {}
    for (name, function, declared), home in homes.items():
        if made[home] is None:
            stale.setdefault(name, {})[function] = (declared.kind, declared.line, str(home))
    if stale:
        cache.mkdir(parents=True, exist_ok=True)
        _run(folder, stale, fonts, cache, problems, progress)

    drawings = Drawings({}, {}, {}, {}, [], 0, 0)
    drawn = 0
    for (name, function, declared), home in homes.items():
        drawings.numbers.setdefault(name, {})
        content = made[home] if made[home] is not None else _stored(home, declared.kind)
        if content is None:
            continue
        place = Place(folder / f"{name}.py", declared.line)
        if declared.kind == "numbers":
            drawings.numbers[name][function] = content
        elif declared.kind == "experiment":
            drawings.experiments[f"{name}.{function}"] = Experiment(content, place)
        else:
            _add_figure(drawings, name, function, content, place, home.with_suffix(".pdf"))
            drawn += made[home] is None
    return drawings._replace(drawn=drawn, cached=len(drawings.figures) - drawn)


def _add_figure(drawings: Drawings, name: str, function: str, content: bytes, place: Place, file: Path) -> None:
    """Take a drawn page among the drawings, cut to its ink."""
    drawings.documents.append(open_pdf(content))
    key = f"{name}-{function}"  # a name in the PDF, where a slash would end it
    drawings.pages[key] = page = drawings.documents[-1].pages[0]
    drawings.figures[f"{name}/{function}"] = _cut(page, key, place, file, content)


def _homes(
    folder: Path, cache: Path, problems: Problems, only: Collection[tuple[str, str]] | None
) -> dict[tuple[str, str, Declared], Path]:
    """Return where each declared result is kept: a file without its ending, named by the recipe."""
    sources, homes = Sources(folder), {}
    modules = None if only is None else {module for module, _ in only}
    for file in sorted(folder.glob("*.py")):
        if modules is not None and file.stem not in modules:
            continue
        try:
            sources.module(f"{folder.name}.{file.stem}")
            for function, declared in results_of(file.read_text(encoding="utf-8")).items():
                if only is not None and (file.stem, function) not in only:
                    continue
                recipe = sources.recipe(file.stem, function)
                homes[file.stem, function, declared] = cache / f"{file.stem}-{function}-{recipe}"
        except NotUtf8 as error:
            problems.add(Place(Path(error.filename or file)), error.msg, "save it as UTF-8")
        except SyntaxError as error:
            place = Place(Path(error.filename or file), error.lineno or 0)
            problems.add(place, f"Python: {error.msg}", "mend the module")
    return homes


def _cut(page: Page, key: str, place: Place, file: Path, content: bytes) -> Figure:
    """Cut a drawing to its ink, if it does not bleed; return it as Figure."""
    sheet = float(page.mediabox[2])
    if not cropping.bleeds(sheet):
        cropping.crop(page, cropping.ink(content, hashlib.sha256(content).hexdigest(), file.with_suffix(".ink")))
    width, height = (float(side) for side in page.mediabox[2:])
    return Figure(VectorPage(key, width, height), place, file, sheet)


def _stored(home: Path, kind: str) -> Any:
    """Return the stored value or PDF of a result, or None where it is missing or not as it was written."""
    try:
        content = json.loads(home.with_suffix(".json").read_bytes())
        if kind == "figure":
            drawn = home.with_suffix(".pdf").read_bytes()
            return drawn if content["digest"] == hashlib.sha256(drawn).hexdigest() else None
        return content["value"] if content["digest"] == digest_of(content["value"]) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _run(
    folder: Path,
    stale: dict[str, dict[str, tuple[str, int, str]]],
    fonts: Path,
    cache: Path,
    problems: Problems,
    progress: Callable[[str], None],
) -> None:
    """Have workers, one a core, make what is stale."""
    _clear(cache)
    count = min(len(stale), len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
    workers = [_worker(cache) for _ in range(count)]
    for worker in workers:
        idle.put(worker)

    def make(name: str) -> list[tuple[int, str]]:
        worker = idle.get()
        request = {"folder": str(folder), "name": name, "homes": stale[name], "fonts": str(fonts), "cache": str(cache)}
        assert worker.stdin and worker.stdout
        worker.stdin.write(json.dumps(request) + "\n")
        worker.stdin.flush()
        answer = worker.stdout.readline()
        idle.put(worker)
        return json.loads(answer)

    with ThreadPoolExecutor(count) as pool:
        try:
            for name, faults in zip(stale, pool.map(make, stale), strict=True):
                for line, what in faults:
                    problems.add(Place(folder / f"{name}.py", line), what, "mend the function, or its inputs")
                progress(name)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in workers:  # the end of its pipe ends a worker, and what it runs
                worker.communicate()
            _clear(cache)


def _clear(cache: Path) -> None:
    """Remove the drafts of processes that are no more: `.NAME-PROCESS`."""
    for draft in cache.glob(".*-*"):
        try:
            os.kill(int(draft.name.rpartition("-")[2]), 0)
        except ProcessLookupError:
            draft.unlink(missing_ok=True)
        except (OSError, ValueError):  # somebody else's process, or no draft
            continue


def _worker(cache: Path) -> subprocess.Popen[str]:
    surroundings = {**os.environ, **SURROUNDINGS, "MPLCONFIGDIR": str(cache / "matplotlib")}
    return subprocess.Popen(
        [sys.executable, "-m", "press.pictures.worker"],
        cwd=ROOT,
        env=surroundings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,  # an interruption is for the press, which then closes the pipe
    )
