"""Draw the figures and compute the numbers: run the modules of the book's `figures/` folder.

Place in the flow: right after `tree`, because the texts quote the numbers. A function declared
`@figure`, `@numbers` or `@experiment` (`results`) is a result, every other one a helper. Modules
run in parallel, one process a core, and each module's results are cached under a hash of what they
came from: its source, the modules it imports, the data files, and the versions of Python, numpy
and matplotlib.
"""

import ast
import contextlib
import hashlib
import importlib
import json
import multiprocessing
import os
import platform
import shutil
import sys
import traceback
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import pikepdf

from press.page import DESIGN
from press.pictures import results
from press.pictures.vector import VectorPage
from press.problems import Place

# Threads of a numerical library change sums in the last digit; one thread always adds alike.
ONE_THREAD = {
    name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
}

# What decides the bytes of a drawing: matplotlib, and what it computes, arranges and cuts fonts with.
DRAWN_WITH = ("numpy", "matplotlib", "contourpy", "kiwisolver", "pillow", "fonttools", "uharfbuzz")


class Figure(NamedTuple):
    """A drawn figure: the page that shows it (points), where it is drawn, and the file that holds it."""

    page: VectorPage
    place: Place
    file: Path


class Declared(NamedTuple):
    """A result as its module's source declares it: "figure", "numbers" or "experiment", and its line."""

    kind: str
    line: int


class Experiment(NamedTuple):
    """The card of an experiment, {what: value}, and where the experiment is declared."""

    card: dict
    place: Place


class Drawings(NamedTuple):
    """All results: figures by id "module/function", experiments by "module.function", numbers by module.

    Besides, pages by key, and counts. A pikepdf page lives only as long as its document, so the
    documents are kept too.
    """

    figures: dict
    numbers: dict
    experiments: dict
    pages: dict
    documents: list
    drawn: int
    cached: int


def results_of(source):
    """Return {function name: Declared} of the results that a module's source text declares."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            marks = [ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list]
            for kind in set(marks) & set(results.KINDS):
                found[node.name] = Declared(kind, node.lineno)
    return found


def draw(folder, cache, problems, progress=lambda name: None):
    """Run all modules of `folder`, keep results in `cache`; faults of a module go to `problems`."""
    declared = {}
    for file in sorted(folder.glob("*.py")):
        try:
            declared[file.stem] = results_of(file.read_text(encoding="utf-8"))
        except SyntaxError as error:
            problems.add(Place(file, error.lineno or 0), f"Python: {error.msg}", "mend the module")
    modules = {name: found for name, found in declared.items() if found}
    homes = {name: cache / f"{name}-{_recipe(folder, name)}" for name in modules}
    stale = [name for name in modules if not (homes[name] / "numbers.json").is_file()]
    if stale:
        _run(folder, stale, homes, problems, progress)

    figures, numbers, experiments, pages, documents, drawn = {}, {}, {}, {}, [], 0
    for name, found in modules.items():
        if not (homes[name] / "numbers.json").is_file():
            continue
        values = json.loads((homes[name] / "numbers.json").read_text())
        numbers[name] = {function: value for function, value in values.items() if found[function].kind == "numbers"}
        for function, (kind, line) in found.items():
            place = Place(folder / f"{name}.py", line)
            if kind == "experiment":
                experiments[f"{name}.{function}"] = Experiment(values[function], place)
            if kind != "figure":
                continue
            file = homes[name] / f"{function}.pdf"
            figure_id = f"{name}/{function}"
            documents.append(pikepdf.open(file))
            page = documents[-1].pages[0]
            width, height = float(page.mediabox[2]), float(page.mediabox[3])
            key = f"{name}-{function}"  # a name in the PDF, where a slash would end it
            figures[figure_id] = Figure(VectorPage(key, width, height), place, file)
            pages[key] = page
            drawn += name in stale
    return Drawings(figures, numbers, experiments, pages, documents, drawn, len(figures) - drawn)


def _recipe(folder, name):
    """Hash what the results of a module come from."""
    digest = hashlib.sha256()
    for file in (Path(__file__), Path(results.__file__), DESIGN):
        digest.update(file.read_bytes())
    for part in (platform.python_version(), platform.machine(), *map(version, DRAWN_WITH)):
        digest.update(part.encode())
    for file in sorted(sources_of(folder, f"{folder.name}.{name}")):
        digest.update(file.relative_to(folder).as_posix().encode() + file.read_bytes())
    for file in sorted((folder / "data").glob("*")):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def sources_of(folder, dotted, seen=None):
    """Return the files of `folder` that a module ("figures.kit.style") comes from, by any form of import."""
    seen = set() if seen is None else seen
    parts = dotted.split(".")
    if parts[0] != folder.name:
        return seen
    if len(parts) > 1:
        sources_of(folder, ".".join(parts[:-1]), seen)  # importing a module runs its packages first
    place = folder.joinpath(*parts[1:])
    file = next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None)
    if file is None or file in seen:
        return seen
    seen.add(file)
    package = parts if file.name == "__init__.py" else parts[:-1]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            sources_of(folder, name, seen)
    return seen


def _run(folder, stale, homes, problems, progress):
    saved = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(ONE_THREAD)  # read by the workers when they import numpy
    workers = min(len(stale), os.cpu_count() or 1)
    try:
        with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
            futures = {name: pool.submit(run_module, folder, name, homes[name]) for name in stale}
            for name, future in futures.items():
                for line, what in future.result():
                    problems.add(Place(folder / f"{name}.py", line), what, "mend the function, or its inputs")
                progress(name)
    finally:
        for name, value in saved.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def run_module(folder, name, home):
    """Compute all results of one module into the folder `home`; return faults as (line, what)."""
    if str(folder.parent) not in sys.path:
        sys.path.insert(0, str(folder.parent))
    _number_glyphs_from_one()
    from matplotlib import pyplot  # in the worker only: it takes a second

    faults, numbers = [], {}
    try:
        module = importlib.import_module(f"{folder.name}.{name}")
    except Exception as error:
        return [_fault(error, folder, name)]
    draft = home.with_name(f".{home.name}-{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for function, (kind, line) in results_of((folder / f"{name}.py").read_text(encoding="utf-8")).items():
        try:
            result = getattr(module, function)()
            if fault := _unlike(kind, result):
                faults.append((line, f"{function} is declared @{kind} and {fault}"))
            elif kind == "figure":
                result.savefig(
                    draft / f"{function}.pdf", metadata={"CreationDate": None, "Creator": None, "Producer": None}
                )
                pyplot.close(result)
            else:
                numbers[function] = json.loads(json.dumps(result, default=_plain))
        except Exception as error:
            faults.append(_fault(error, folder, name))
    if not faults:
        (draft / "numbers.json").write_text(json.dumps(numbers))
        if not (home / "numbers.json").is_file():
            shutil.rmtree(home, ignore_errors=True)
        with contextlib.suppress(OSError):  # another run has drawn the same in the meantime
            draft.rename(home)
    shutil.rmtree(draft, ignore_errors=True)
    return faults


def _number_glyphs_from_one():
    """Keep matplotlib 3.11 from giving code 0 to a character above 255, the minus sign on every axis.

    PDF readers take code 0 for .notdef, the sign of a missing glyph (PDF/UA-1, 7.21.8).
    """
    from matplotlib.backends._backend_pdf_ps import CharacterTracker
    from matplotlib.font_manager import FontPath

    original = CharacterTracker.track_glyph
    if original.__name__ != "track_glyph":
        return

    def track(self, font, chars, glyph):
        subset, code = original(self, font, chars, glyph)
        if subset and code == 0:
            code, path = 1, FontPath(font.fname, font.face_index)
            text = chars if isinstance(chars, str) else chr(chars)
            self.used[path][subset][code] = glyph
            self.glyph_maps[path].add(text, glyph, subset, code)
        return subset, code

    CharacterTracker.track_glyph = track


def _unlike(kind, result):
    """Say in which way a result is not what it is declared to be, or return None."""
    what = type(result).__name__
    if hasattr(result, "savefig") != (kind == "figure"):
        return f"returns a {what}, no drawing" if kind == "figure" else "returns a drawing"
    return f"returns a {what}, no dict" if kind == "experiment" and not isinstance(result, dict) else None


def _plain(value):
    """Turn numpy arrays and scalars into lists and numbers for JSON."""
    return value.tolist()


def _fault(error, folder, name):
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename) == folder / f"{name}.py"
    ]
    return (lines[-1] if lines else 0), f"{type(error).__name__}: {error}"
