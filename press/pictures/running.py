"""Run one module of figures in this process: results drawn, numbers written, faults told.

Place in the flow: called by `worker` in a process that ends afterwards, because a module may change
whatever it likes. Nothing comes from the user's matplotlibrc, the machine's fonts or old bytecode.
"""

import contextlib
import hashlib
import importlib
import importlib.machinery
import json
import logging
import os
import re
import signal
import sys
import traceback
import types
import warnings
from pathlib import Path

from press.pictures import results
from press.pictures.fonts import use_fonts
from press.pictures.plain import Unprintable, digest_of, kept, plain, put
from press.pictures.recipes import Sources

# Seconds that a result may take: of the processor, and of the clock (for one that sleeps).
PROCESSOR, CLOCK = 60, 600
METADATA = {"CreationDate": None, "Creator": None, "Producer": None}
# A title is semibold, and the fonts for letters that its own font lacks have no such weight.
NOTHING = "findfont: Failed to find font weight"
# Warnings about the libraries, not about the drawing.
LIBRARIES_OWN = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)


def run_module(folder, name, homes, fonts, cache):
    """Make results of one module, {function: [kind, line, file without ending]}.

    Returns the faults as (line, what). What has no fault is written: a drawing as PDF, and for each
    result a JSON file with its value, or with the drawing's digest, which says that it is complete.
    """
    folder, file = Path(folder), str(Path(folder) / f"{name}.py")
    design = use_fonts(Path(fonts))
    _import_from_source(folder)
    results.keeping.append(_keeper(folder, Path(cache)))
    faults = []
    with _listening() as told:
        try:
            module = importlib.import_module(f"{folder.name}.{name}")
        except BaseException as error:
            return [_fault(error, file, 0)]
        faults += _warned(told, file, 0, "")
        for function, (kind, line, home) in homes.items():
            told.clear()
            home = Path(home)
            try:
                with _limited():
                    _make(getattr(module, function)(), function, kind, home, design)
            except BaseException as error:
                faults.append(_fault(error, file, line))
            if warned := _warned(told, file, line, f"{function} warns: "):
                faults += warned
                home.with_suffix(".json").unlink(missing_ok=True)
    return faults


def _keeper(folder, cache):
    """Return how computed values are kept: under the recipe of the function, for each arguments."""
    sources = Sources(folder)

    def keep(function, arguments, named):
        module = function.__module__.removeprefix(f"{folder.name}.")
        recipe = f"{sources.recipe(module, function.__name__)} {arguments!r} {sorted(named.items())!r}"
        key = hashlib.sha256(recipe.encode()).hexdigest()[:16]
        return kept(cache / f"{module}.{function.__name__}-{key}.computed", lambda: function(*arguments, **named))

    return keep


def _make(result, function, kind, home, design):
    """Write a result; ValueError if it is not what it is declared to be."""
    if unlike := _unlike(kind, result):
        raise Unprintable(f"{function} is declared @{kind} and {unlike}")
    draft = home.with_name(f".{home.name}-{os.getpid()}")
    if kind == "figure":
        result.savefig(draft, format="pdf", metadata=METADATA)
        drawn = draft.read_bytes()
        if foreign := _fonts_of(drawn) - design:
            raise Unprintable(f"{function} draws with {', '.join(sorted(foreign))}, which the design does not have")
        content = {"digest": hashlib.sha256(drawn).hexdigest()}
        put(draft, home.with_suffix(".pdf"))
    else:
        value = plain(result, function)
        content = {"digest": digest_of(value), "value": value}
    draft.write_text(json.dumps(content), encoding="utf-8")
    put(draft, home.with_suffix(".json"))


def _unlike(kind, result):
    """Say in which way a result is not what it is declared to be, or return None."""
    what = type(result).__name__
    if hasattr(result, "savefig") != (kind == "figure"):
        return f"returns a {what}, no drawing" if kind == "figure" else "returns a drawing"
    return f"returns a {what}, no dict" if kind == "experiment" and not isinstance(result, dict) else None


def _fonts_of(drawn):
    """Return the PostScript names of the fonts in a PDF of matplotlib, which compresses no dictionaries."""
    names = re.findall(rb"/BaseFont\s*/([^\s/>]+)", drawn)
    return {re.sub(r"^[A-Z]{6}\+", "", name.decode()) for name in names}


@contextlib.contextmanager
def _limited():
    """End a result that takes too long by an exception at the line where it is."""

    def too_long(number, _frame):
        raise TimeoutError(
            f"more than {PROCESSOR} s of the processor" if number == signal.SIGVTALRM else f"more than {CLOCK} s"
        )

    timers = (
        (signal.SIGVTALRM, signal.ITIMER_VIRTUAL, PROCESSOR),
        (signal.SIGALRM, signal.ITIMER_REAL, CLOCK),
    )
    for alarm, timer, seconds in timers:
        signal.signal(alarm, too_long)
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for _, timer, _ in timers:
            signal.setitimer(timer, 0)


@contextlib.contextmanager
def _listening():
    """Collect what Python and matplotlib warn of, as (file, line, what)."""
    told = []

    class Handler(logging.Handler):
        def emit(self, record):
            told.append(("", 0, record.getMessage()))

    def show(message, category, filename, lineno, file=None, line=None):
        if not issubclass(category, LIBRARIES_OWN):
            told.append((filename, lineno, str(message)))

    handler, log = Handler(logging.WARNING), logging.getLogger("matplotlib")
    log.addHandler(handler)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.showwarning = show
            yield told
    finally:
        log.removeHandler(handler)


def _warned(told, file, line, start):
    """Return warnings as faults, each once, at their line where it is one of the module."""
    return [
        (number if where == file else line, start + " ".join(what.split()))
        for where, number, what in dict.fromkeys(told)
        if not what.startswith(NOTHING)
    ]


def _import_from_source(folder):
    """Import the book's modules from their source: bytecode goes by the time of a file, which may lie."""

    class Source(importlib.machinery.SourceFileLoader):
        def get_code(self, fullname):
            path = self.get_filename(fullname)
            return compile(self.get_data(path), path, "exec", dont_inherit=True)

    finder = importlib.machinery.FileFinder.path_hook((Source, [".py"]))

    def hook(path):
        if Path(path) == folder.parent or folder in (Path(path), *Path(path).parents):
            return finder(path)
        raise ImportError("not of the book")

    sys.path_hooks.insert(0, hook)
    sys.path_importer_cache.clear()
    sys.path.insert(0, str(folder.parent))
    if not (folder / "__init__.py").exists():  # or a folder of that name elsewhere on the path would be taken for it
        package = types.ModuleType(folder.name)
        package.__path__ = [str(folder)]
        sys.modules[folder.name] = package


def _fault(error, file, line):
    """Return (line, what) of an exception: the last line of the module that it went through."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    what = str(error) if isinstance(error, Unprintable) else f"{type(error).__name__}: {error}"
    if isinstance(error, SyntaxError) and error.filename == file:
        lines.append(error.lineno)
    return (lines[-1] if lines else line), what
