"""What a result comes from: the statements of the book's `figures/` that a function reaches, as a hash.

Place in the flow: under `figures`, which keeps each result under its recipe, and `worker`, which
keeps computed values under theirs. Two functions of one module have two recipes: a changed label
of a drawing leaves the recipe of the training run alone that it shows.

A statement counts when a function reaches it by name: what it names is followed from module to
module through imports of any form. Where a module is imported, its bare statements (calls, loops,
changes of what belongs to others) count too, because they run. A module that is passed around as a
whole counts as a whole, and so does the folder where code looks names up by itself (`eval`,
`importlib`). Comments, docstrings and empty lines do not count, and neither does what a function
has left behind in another one's variables: results are pure functions (CONTRIBUTING.md).
"""

import ast
import hashlib
import platform
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

from press import page
from press.page import DESIGN

# Code that uses one of these may reach anything.
ANYTHING = {"eval", "exec", "globals", "vars", "__import__", "importlib", "import_module"}
# What moves a number or a byte of a drawing, besides the book's own code.
LIBRARIES = ("numpy", "matplotlib", "contourpy", "kiwisolver", "pillow", "fonttools", "uharfbuzz")
# The imports, as `ast.dump` has them, of a drawing that takes the press's look.
LOOK = re.compile(r"module='press\.pictures(?:\.style'|', names=\[alias\(name='style')|name='press\.pictures\.style'")
OWN = ("fonts.py", "plain.py", "recipes.py", "results.py", "running.py", "worker.py")


class NotUtf8(SyntaxError):
    """A module that no text editor of today has saved."""


class Module(NamedTuple):
    """A module read, not run: what binds each name, its bare statements, and what its imports name.

    `imports` holds (module, name in it or "") for each name that comes from the book's folder.
    """

    bound: dict[str, list[ast.stmt]]
    bare: list[ast.stmt]
    imports: dict[str, list[tuple[str, str]]]
    runs: list[str]


class Sources:
    """The modules of a folder of figures, each read once. A faulty one raises SyntaxError."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.modules: dict[str, Module | None] = {}
        self.faulty: dict[str, SyntaxError] = {}
        self.surroundings = _surroundings(folder)
        self.named: dict[int, list[tuple[str, str, str]]] = {}  # of each statement of `modules`, asked once

    def recipe(self, module: str, function: str) -> str:
        """Return the hash of all that a function of `module` ("optimizers", "kit.style") comes from."""
        digest = hashlib.sha256(self.surroundings)
        lines = self._reached([("name", f"{self.folder.name}.{module}", function)])
        for line in sorted(lines):
            digest.update(line.encode())
        is_styled = any(LOOK.search(line) for line in lines)
        if is_styled or any("module='press.page'" in line for line in lines):  # the colors and widths of the page
            digest.update(DESIGN.read_bytes() + Path(page.__file__).read_bytes())
        if is_styled:
            digest.update(Path(__file__).with_name("style.py").read_bytes())
        return digest.hexdigest()[:16]

    def file(self, dotted: str) -> Path | None:
        """Return the file of a module of the folder, None for any other module."""
        first, *parts = dotted.split(".")
        if first != self.folder.name:
            return None
        place = self.folder.joinpath(*parts)
        return next((file for file in (place / "__init__.py", place.with_suffix(".py")) if file.is_file()), None)

    def module(self, dotted: str) -> Module | None:
        """Read a module of the folder, or return None."""
        if dotted in self.faulty:
            raise self.faulty[dotted]
        if dotted not in self.modules:
            file = self.file(dotted)
            try:
                self.modules[dotted] = self._read(dotted, file) if file else None
            except SyntaxError as error:
                self.faulty[dotted] = error
                raise
        return self.modules[dotted]

    def _read(self, dotted: str, file: Path) -> Module:
        try:
            tree = ast.parse(file.read_text(encoding="utf-8"), filename=str(file))
        except UnicodeDecodeError as error:
            raise NotUtf8("this file is not UTF-8", (str(file), 0, 0, "")) from error
        package = dotted.split(".") if file.name == "__init__.py" else dotted.split(".")[:-1]
        read = Module({}, [], {}, [".".join(dotted.split(".")[:-1])])
        for node in tree.body:
            names = _names_of(node)
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                for name, targets in self._imported(node, package).items():
                    read.imports.setdefault(name, []).extend(targets)
                    read.runs.extend(target for target, _ in targets)
            elif names is None and not _is_text(node):
                read.bare.append(node)
                names = [inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)]
            for number, name in enumerate(names or ()):
                alone = _only(node, number) if isinstance(node, (ast.Import, ast.ImportFrom)) else node
                read.bound.setdefault(name, []).append(alone)
        return read

    def _imported(self, node: ast.Import | ast.ImportFrom, package: list[str]) -> dict[str, list[tuple[str, str]]]:
        """Return what each name stands for that an import statement brings from the folder."""
        found: dict[str, list[tuple[str, str]]] = {}
        if isinstance(node, ast.Import):
            for alias in node.names:
                if self.file(alias.name):
                    found.setdefault(alias.asname or alias.name.split(".")[0], []).append((alias.name, ""))
            return found
        above = package[: len(package) + 1 - node.level] if node.level else []
        base = ".".join([*above, *([node.module] if node.module else [])])
        for alias in node.names:
            inner = f"{base}.{alias.name}"
            if self.file(inner):
                found[alias.asname or alias.name] = [(inner, "")]
            elif self.file(base):
                found[alias.asname or alias.name] = [(base, "" if alias.name == "*" else alias.name)]
        return found

    def _reached(self, start: list[tuple[str, str, str]]) -> set[str]:
        """Follow names through the folder; return each statement met, as text."""
        todo, seen, lines = list(start), set(start), set()
        while todo:
            kind, dotted, name = todo.pop()
            module = self.module(dotted)
            if module is None:
                continue
            found = [("run", dotted, "")]
            if kind == "run":
                found += [("run", other, "") for other in module.runs] + [
                    ("all", d, "") for d, _ in module.imports.get("*", ())
                ]
                nodes = module.bare
            elif kind == "all":
                found += [("name", dotted, other) for other in (*module.bound, *module.imports)]
                nodes = []
            else:
                nodes = module.bound.get(name, [])
                if not nodes:  # a module that another one has imported
                    found.append(("all", f"{dotted}.{name}", ""))
                found += [
                    ("name", *target) if target[1] else ("all", *target) for target in module.imports.get(name, ())
                ]
            for node in nodes:
                lines.add(f"{dotted} {_text(node)}")
                if id(node) not in self.named:
                    self.named[id(node)] = self._named(dotted, module, node)
                found += self.named[id(node)]
            todo += [item for item in dict.fromkeys(found) if item not in seen]
            seen.update(found)
        return lines

    def _named(self, dotted: str, module: Module, node: ast.AST) -> list[tuple[str, str, str]]:
        """What a statement names: names of its module, names in modules that it looks into."""
        found: list[tuple[str, str, str]] = []
        whole = set()
        for inner in ast.walk(node):
            if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
                targets = module.imports.get(inner.value.id, [])
                if len(targets) == 1 and not targets[0][1] and inner.value.id != self.folder.name:
                    found.append(("name", targets[0][0], inner.attr))
                    whole.add(inner.value)
            if isinstance(inner, (ast.Import, ast.ImportFrom)) and inner is not node:
                package = dotted.split(".") if self._is_package(dotted) else dotted.split(".")[:-1]
                for targets in self._imported(inner, package).values():
                    found += [("all", target, "") for target, _ in targets]
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and inner not in whole:
                found.append(("name", dotted, inner.id))
                if inner.id in ANYTHING:
                    found += [("all", other, "") for other in self._everything()]
        return found

    def _is_package(self, dotted: str) -> bool:
        file = self.file(dotted)
        return file is not None and file.name == "__init__.py"

    def _everything(self) -> list[str]:
        files = [file.relative_to(self.folder.parent).with_suffix("") for file in self.folder.rglob("*.py")]
        return [".".join(file.parts).removesuffix(".__init__") for file in files]


def _surroundings(folder: Path) -> bytes:
    """What every result comes from: the press's own part, the versions of libraries, the data."""
    digest = hashlib.sha256(_libraries())
    for file in sorted(file for file in (folder / "data").rglob("*") if file.is_file()):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(folder).as_posix()} {len(content)}".encode() + content)
    return digest.digest()


@cache
def _libraries() -> bytes:
    digest = hashlib.sha256()
    for name in OWN:
        digest.update((Path(__file__).parent / name).read_bytes())
    digest.update(f"{platform.python_version()} {platform.machine()}".encode())
    for library in LIBRARIES:
        try:
            digest.update(f"{library} {version(library)}".encode())
        except PackageNotFoundError:
            digest.update(f"no {library}".encode())
    return digest.digest()


def _names_of(node: ast.stmt) -> list[str] | None:
    """Return the names that a statement binds and nothing else; None for a bare statement."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [alias.asname or alias.name.split(".")[0] for alias in node.names]
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets: list[Any] = list(node.targets) if isinstance(node, ast.Assign) else [node.target]
        flat = [item for target in targets for item in (target.elts if isinstance(target, ast.Tuple) else [target])]
        if all(isinstance(target, ast.Name) for target in flat):
            return [target.id for target in flat]
    return None


def _only(node: ast.Import | ast.ImportFrom, number: int) -> ast.stmt:
    """One name of an import: what else a statement imports does not count."""
    if isinstance(node, ast.Import):
        return ast.Import([node.names[number]])
    return ast.ImportFrom(node.module, [node.names[number]], node.level)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _text(node: ast.AST) -> str:
    """A statement without comments, places and docstrings."""
    if not hasattr(node, "as_text"):
        for inner in ast.walk(node):
            if isinstance(inner, (ast.FunctionDef, ast.ClassDef)) and _is_text(inner.body[0]):
                inner.body = inner.body[1:] or [ast.Pass()]
        node.as_text = ast.dump(node)  # type: ignore[attr-defined]
    return node.as_text  # type: ignore[attr-defined]
