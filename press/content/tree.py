"""First stage: read the YAML content tree and check all that can be checked before setting it.

`load(folder, problems)` returns a `Book`: its metadata and its entries in the source's order.
Every entry knows the file and line of each of its fields, so later stages can name them too.
"""

from dataclasses import dataclass
from pathlib import Path

from press.content.parts import Parts, load_parts
from press.content.reading import read_yaml
from press.content.rules import (
    check_against_source,
    check_answers,
    check_first_page,
    check_headings,
    check_order,
    check_terms,
    check_without_source,
)
from press.content.schema import Metadata, Node, Notation, Section
from press.content.validation import below, place_of, validate
from press.problems import BookError, Place


@dataclass(frozen=True)
class Entry:
    """A line of the contents: a section (level 1) or a question (level 2) with what it says."""

    node: Node
    level: int
    section: str
    file: Path
    lines: dict

    @property
    def number(self):
        """The number in the source, as in "3.4.2"."""
        return self.node.number

    @property
    def key(self):
        """The name of the entry among all texts: its number."""
        return self.node.number

    @property
    def wording(self):
        """The title as it should read."""
        return self.node.reads or self.node.title

    def fields(self):
        """Yield (path, text) of each field that has Markdown or LaTeX, in reading order."""
        node = self.node
        texts = {"opener": self.opener, "key": node.key, "answer": node.answer, "watch_out": node.watch_out}
        for name, text in texts.items():
            if text:
                yield (name,), text
        for index, test in enumerate(node.check):
            yield ("check", index, "ask"), test.ask
            yield ("check", index, "answer"), test.answer
        for index, formula in enumerate(node.formulas):
            yield ("formulas", index, "tex"), formula.tex
            yield ("formulas", index, "name"), formula.name
            if formula.letters:
                yield ("formulas", index, "letters"), formula.letters

    def plain(self):
        """Yield (path, words) of each field that is printed as it stands, but for the source's title."""
        node = self.node
        for name, words in (("reads", node.reads), ("reason", node.reason), ("card", node.card)):
            if words:
                yield (name,), words
        for index, term in enumerate(node.terms if isinstance(node, Section) else ()):
            yield ("terms", index, "term"), term.term
            for which, form in enumerate(term.forms):
                yield ("terms", index, "forms", which), form

    @property
    def id(self):
        """The anchor of the heading in HTML and PDF."""
        return f"e-{self.node.number}"

    @property
    def opener(self):
        """What stands before the questions of a section."""
        return self.node.opener if isinstance(self.node, Section) else None

    @property
    def is_answer(self):
        """True where an answer is due: at every question, and at a section without questions."""
        return not (isinstance(self.node, Section) and self.node.questions)

    @property
    def is_written(self):
        """True when nothing is missing that the reader has been promised here."""
        return bool(self.node.answer if self.is_answer else self.opener)

    def place(self, *path):
        """Return the place of a field, as in place("check", 0, "ask")."""
        return place_of(self.file, self.lines, path)


@dataclass(frozen=True)
class Book:
    """The content tree: metadata, entries in the source's order, and the folder it came from."""

    folder: Path
    meta: Metadata
    entries: list
    terms: list  # of (Term, Entry, index)
    notation: list  # of schema.Group
    lines: dict  # of book.yaml, as in Entry
    notation_lines: dict
    parts: Parts  # what stands behind the answers
    lost: tuple = ()  # numbers of sections that could not be read

    def path(self, name):
        """Return the path of a part that book.yaml names."""
        return (self.folder / name).resolve()

    def part(self, name):
        """Return the file of the source, the notation or the references; None where the book has none."""
        return part_of(self.folder, self.meta, name)

    def place(self, name):
        """Return the place of a field of book.yaml."""
        return place_of(self.folder / "book.yaml", self.lines, (name,))

    def notation_place(self, *path):
        """Return the place of a field of the notation."""
        return place_of(self.folder / self.meta.notation, self.notation_lines, path)

    @property
    def sections(self):
        """The level-1 entries."""
        return [entry for entry in self.entries if entry.level == 1]


def load(folder, problems, draft=False):
    """Read the tree in `folder`; faults go to `problems`, BookError when nothing can be built.

    A section that cannot be read is left out and the rest checked, so that one run tells the
    faults of all. With `draft`, answers may be missing even where book.yaml does not say so.
    """
    folder = folder.resolve()
    book_file = folder / "book.yaml"
    if not book_file.is_file():
        problems.add(Place(folder), "no book here: there is no book.yaml", "name the folder of a book with --book")
        problems.stop_if_any()
    meta, book_lines = read_metadata(folder, problems)
    if meta is None:
        raise BookError(problems.found)
    _check_paths(folder, meta, book_lines, problems)

    entries, terms, lost = _read_sections(folder, meta.sections, problems)
    check_order(entries, problems)
    _check_source(folder, meta, entries, lost, book_lines, problems)
    if not lost:
        check_first_page(entries, meta, place_of(book_file, book_lines, ("first_page",)), problems)
        check_answers(entries, meta, draft, problems)
    parts = load_parts(folder, entries, lost, problems)
    terms += parts.terms
    check_terms(terms, lost, problems)

    rows, notation_lines = _read_notation(part_of(folder, meta, "notation"), problems)
    return Book(folder, meta, entries, terms, rows, book_lines, notation_lines, parts, tuple(lost))


def part_of(folder, meta, name):
    """Return the file that book.yaml names for a part; None where it names none and none has the usual name."""
    file = (folder / getattr(meta, name)).resolve()
    return file if name in meta.model_fields_set or file.exists() else None


def _read_notation(file, problems):
    """Return the groups of the notation and the lines of their fields."""
    data, lines = read_yaml(file, problems) if file else (None, {})
    notation = validate(Notation, data or [], file, lines, problems) if data is not None else None
    return (notation.root if notation else []), lines


def _read_sections(folder, names, problems):
    """Return the entries of the sections, their terms, and the numbers of those that could not be read."""
    entries, terms, lost = [], [], []
    for name in names:
        file = folder / f"{name}.yaml"
        data, lines = read_yaml(file, problems)
        section = validate(Section, data, file, lines, problems, is_partial=True) if data is not None else None
        if section is None:
            number = data.get("number") if isinstance(data, dict) else None
            lost.append(number if isinstance(number, str) else name)
            continue
        head = Entry(section, 1, section.number, file, lines)
        entries.append(head)
        terms.extend((term, head, index) for index, term in enumerate(section.terms))
        for index, node in enumerate(section.questions):
            entries.append(Entry(node, 2, section.number, file, below(lines, "questions", index)))
    return entries, terms, lost


def _check_source(folder, meta, entries, lost, book_lines, problems):
    """Compare the entries with the source; without one, nothing may speak of it."""

    def place(*path):
        return place_of(folder / "book.yaml", book_lines, path)

    if source := part_of(folder, meta, "source"):
        check_headings(meta.headings, source, lambda name: place("headings", name), problems)
        check_against_source(entries, source, lost, problems)
    else:
        check_without_source(entries, place("collation") if meta.collation else None, problems)


def read_metadata(folder, problems):
    """Return what book.yaml says, None where it cannot be read, and the lines of its fields."""
    file = folder / "book.yaml"
    data, lines = read_yaml(file, problems)
    return validate(Metadata, data, file, lines, problems, is_partial=True) if data is not None else None, lines


def _check_paths(folder, meta, lines, problems):
    """Report parts that lead out of the book's folder by a link (figures may stand beside it), and missing figures."""
    parts: list = [((name,), getattr(meta, name)) for name in ("source", "notation", "references", "figures")]
    parts += [(("sections", index), f"{name}.yaml") for index, name in enumerate(meta.sections)]
    for path, name in parts:
        ground = folder.parent if path == ("figures",) else folder
        if not (folder / name).resolve().is_relative_to(ground):
            problems.add(
                place_of(folder / "book.yaml", lines, path),
                f"{name!r} is a link that leads out of the book's folder",
                "put the file itself there",
            )
    if "figures" in meta.model_fields_set and not (folder / meta.figures).is_dir():
        place = place_of(folder / "book.yaml", lines, ("figures",))
        problems.add(place, f"there is no folder {meta.figures!r}", "make it, or mend or take out `figures`")
    problems.stop_if_any()
