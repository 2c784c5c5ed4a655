"""What is remembered from build to build is forgotten when any of the code that found it out changes."""

import ast
from pathlib import Path

import pytest
from conftest import ROOT

from press import pipeline
from press.pictures import told

# Modules that a result does not depend on: how faults are collected, how things are kept.
ASIDE = {"press/__init__.py", "press/problems.py", "press/remembered.py"}


def reached(files):
    """Return the modules of the press that some of its modules import, and what those import."""
    found, left = set(), list(files)
    while left:
        file = left.pop()
        if file in found or not file.is_file():
            continue
        found.add(file)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("press"):
                names = [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
            elif isinstance(node, ast.Import):
                names = [name.name for name in node.names if name.name.startswith("press.")]
            for name in names:
                place = ROOT.joinpath(*name.split("."))
                left += [place.with_suffix(".py"), place / "__init__.py"]
    return {file.relative_to(ROOT).as_posix() for file in found if file.stat().st_size > 200}  # not a mere docstring


@pytest.mark.parametrize(
    "code, door",
    [(told.CODE, "press/pictures/told.py"), (pipeline.WORKS_CODE, "press/content/works.py")],
    ids=["formulas", "works"],
)
def test_all_code_that_a_result_comes_from_is_in_its_name(code, door):
    known = {Path(file).resolve().relative_to(ROOT).as_posix() for file in code}
    assert reached([ROOT / door]) - known - ASIDE == set()
