"""The documents say what is: tables made from the code, the map of the house, the example of the tour."""

import ast
import re
import tomllib

import pytest
from conftest import ROOT

import press
from press import pipeline
from press.layout.boxes import read_pages
from press.pdf.records import read_back
from press.text.html import render
from tools import docs

TOUR = (ROOT / "docs" / "how-the-press-works.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", docs.FILES)
def test_what_a_document_says_of_the_code_is_as_it_is(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "<!-- made: " in text and docs.filled(text) == text, "run `make docs`"


def test_the_map_names_every_room_in_the_order_of_the_contract():
    named = re.findall(r"^(\w+) {3,}", press.__doc__, re.MULTILINE)
    contract = next(
        contract
        for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    )
    layers = [[name.removeprefix("press.") for name in layer.split(" | ")] for layer in reversed(contract["layers"])]
    height = {name: number for number, layer in enumerate(layers) for name in layer}
    rooms = {path.name for path in (ROOT / "press").iterdir() if (path / "__init__.py").is_file()}
    assert set(docs.ROOMS) == rooms == set(named) - {"pipeline", "printing"}
    assert [height[name] for name in named] == sorted(height[name] for name in named)


def test_every_module_says_its_place_in_the_flow():
    for file in (ROOT / "press").rglob("*.py"):
        said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
        assert said and said[0].isupper(), file


def test_the_files_that_the_tour_names_exist():
    for name in re.findall(r"`((?:press|templates|tests)/[\w/.]+)`", TOUR):
        assert (ROOT / name).exists() or name == "templates/words/de.yaml", name


def test_the_sentence_of_the_tour_goes_the_way_that_is_told(tiny):
    """Line 24 of 1.1.yaml, in each form in which the tour shows it."""
    line = tiny.line_of("1.1.yaml", "leads to")
    assert f"`tests/books/base/1.1.yaml`, line {line}" in TOUR
    assert (tiny.folder / "1.1.yaml").read_text().split("\n")[line - 1].strip() in TOUR
    context = pipeline.prepare(tiny.folder, pipeline.Build())
    entry = context.entries["1.1.1"]
    assert entry.place("answer").line == line
    assert f"`{context.typeset.formulas['x_1 + 1 = 2', False].spoken}`" in TOUR
    shown = re.search(r"```html\n(.*)\n```", TOUR)[1]
    assert str(render(context, entry, context.texts.tokens(entry, ("answer",))[:3])).startswith(shown)
    laid_out = pipeline.lay_out_book(context, pipeline.Build())
    lines = [line.text for page in read_pages(laid_out.document.pages, str) for line in page.lines]
    assert re.search(r"a `Line` with the text `(.*?)` \(", TOUR)[1] in [text.replace("\u00a0", " ") for text in lines]
    printed = read_back(tiny.make().paths[0])
    assert "leads to" in [run.text for run in printed.runs]
    assert "x sub 1 plus 1 equals 2" in [tag.alt for tag in printed.tags if tag.type == "Formula"]
