"""Declared results: found in the source, checked for what they return, cards of experiments kept."""

import re

from press import pipeline
from press.pictures.figures import draw, results_of
from press.problems import Problems

MARKED = """
from press.pictures import results
from press.pictures.results import experiment, figure, numbers
from functools import cache

def helper():
    return {}

@numbers
@cache
def values():
    return {}

@results.figure
def drawing():
    pass

@experiment
def trial():
    return {}
"""
UNLIKE = """from matplotlib import pyplot as plt
from press.pictures.results import experiment, figure, numbers

@figure
def a():
    return {}

@numbers
def b():
    return plt.figure()

@experiment
def c():
    return 1.0
"""


def drawn(tiny, module=None):
    """Draw the figures of the tiny book, one more module among them; return (drawings, faults)."""
    if module:
        tiny.folder.joinpath("figures", "more.py").write_text(module, encoding="utf-8")
    problems = Problems()
    drawings = draw(tiny.folder / "figures", pipeline.CACHE / "figures", pipeline.TEMPLATES / "fonts", problems)
    return drawings, [str(problem).replace(f"{tiny.folder}/", "") for problem in problems.found]


def test_what_bears_a_mark_is_a_result_and_nothing_else():
    assert {name: declared.kind for name, declared in results_of(MARKED).items()} == {
        "values": "numbers",
        "drawing": "figure",
        "trial": "experiment",
    }


def test_a_helper_is_neither_drawn_nor_quotable(tiny):
    drawings, faults = drawn(tiny, "def helper():\n    return {'a': 1}\n")
    assert faults == [] and "more" not in drawings.numbers


def test_the_card_of_an_experiment_comes_with_its_place(tiny):
    source = "from press.pictures.results import experiment\n@experiment\ndef trial():\n    return {'steps': 300}\n"
    drawings, faults = drawn(tiny, source)
    assert faults == []
    card, place = drawings.experiments["more.trial"]
    assert card == {"steps": 300} and (place.file.name, place.line) == ("more.py", 3)
    assert drawings.numbers["more"] == {}


def test_a_result_of_another_kind_than_declared_is_told(tiny):
    _, faults = drawn(tiny, UNLIKE)
    assert faults == [
        f"figures/more.py:{line}: {what} (mend the function, or its inputs)"
        for line, what in (
            (5, "a is declared @figure and returns a dict, no drawing"),
            (9, "b is declared @numbers and returns a drawing"),
            (13, "c is declared @experiment and returns a float, no dict"),
        )
    ]


def test_every_result_of_the_book_is_shown_or_quoted():
    figures = pipeline.ROOT / "figures"
    files = (pipeline.ROOT / "book").rglob("*.yaml*")  # what waits for its place counts too
    book = "\n".join(path.read_text(encoding="utf-8") for path in files)
    unused = []
    for path in figures.glob("*.py"):
        for name, declared in results_of(path.read_text(encoding="utf-8")).items():
            if declared.kind == "experiment" and not (pipeline.ROOT / "book" / "experiments.yaml").is_file():
                continue  # the list of experiments is still to come
            named = f"{path.stem}/{name}" if declared.kind == "figure" else f"{path.stem}.{name}"
            if not re.search(rf"(?<![\w.-]){re.escape(named)}(?![\w-])", book):
                unused.append(f"{named}, line {declared.line}")
    assert unused == []
