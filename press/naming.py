"""The names that the texts of a book may use: what `build.py names` lists, and what "did you mean" guesses from.

Place in the flow: beside `pipeline`, after its first stages; nothing is laid out. What a text has wrong
does not matter here: the names of the rest are told.
"""

from pathlib import Path

from press import pipeline
from press.content import schema, tree
from press.content.bibtex import read_entries
from press.content.reading import read_yaml
from press.content.validation import validate
from press.problems import Problems
from press.text import uses
from press.text.names import known_figures, known_numbers, known_targets
from press.words import read_words

KINDS = ("entries", "labels", "works", "terms", "figures", "numbers")


def prose_rules(folder: Path, run: pipeline.Build) -> schema.Prose:
    """Return the rules of prose of a book, none but of spelling where it has no prose.yaml; BookError for faults."""
    file, problems = folder / "prose.yaml", run.problems
    tree.read_metadata(folder, problems)
    data, lines = read_yaml(file, problems) if file.is_file() else ({}, {})
    rules = validate(schema.Prose, data, file, lines, problems) if data is not None else None
    problems.stop_if_any()
    assert rules
    return rules


def names_of(folder: Path, run: pipeline.Build) -> dict[str, list[str]]:
    """Return {kind: names} of all that texts may refer to, cite, define, show and quote; BookError without a book."""
    problems = run.problems
    with run.stage("reading"):
        book = tree.load(folder.resolve(), problems, draft=True)
        words = read_words(book.meta.language, book.place("language"), problems)
    with run.stage("drawing figures"):
        drawings = pipeline.draw(book, problems)
    read = uses.read_texts(book, drawings.numbers, words, problems)
    entries = {entry.number for entry in book.entries}
    works = book.path(book.meta.references)
    return {
        "entries": [entry.number for entry in book.entries],
        "labels": sorted(known_targets(book, read) - entries),
        "works": sorted(read_entries(works, Problems()) or {}) if works.is_file() else [],
        "terms": sorted({form for term, _, _ in book.terms for form in (term.term, *term.forms)}, key=str.casefold),
        "figures": sorted(known_figures(drawings)),
        "numbers": known_numbers(drawings),
    }
