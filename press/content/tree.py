"""First stage: read the YAML content tree and check all that can be checked before setting it.

`load(folder, problems)` returns a `Book`: its metadata and its entries in the source's order.
Every entry knows the file and line of each of its fields, so later stages can name them too.
"""

from dataclasses import dataclass
from pathlib import Path

from press.content.parts import Parts, load_parts
from press.content.reading import below, place_of, read_yaml, validate
from press.content.rules import check_against_source, check_answers, check_terms
from press.content.schema import Metadata, Node, Notation, Section


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

    def path(self, name):
        """Return the path of a part that book.yaml names."""
        return (self.folder / name).resolve()

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

    With `draft`, answers may be missing even where book.yaml does not say so.
    """
    book_file = folder / "book.yaml"
    data, lines = read_yaml(book_file, problems)
    problems.stop_if_any()
    meta = validate(Metadata, data, book_file, lines, problems)
    problems.stop_if_any()
    book_lines = lines

    entries, terms = [], []
    for name in meta.sections:
        file = folder / f"{name}.yaml"
        data, lines = read_yaml(file, problems)
        section = data is not None and validate(Section, data, file, lines, problems)
        if not section:
            continue
        head = Entry(section, 1, section.number, file, lines)
        entries.append(head)
        terms.extend((term, head, index) for index, term in enumerate(section.terms))
        for index, node in enumerate(section.questions):
            entries.append(Entry(node, 2, section.number, file, below(lines, "questions", index)))
    problems.stop_if_any()

    check_against_source(entries, folder / meta.source, problems)
    check_answers(entries, meta, draft, problems)
    parts = load_parts(folder, entries, problems)
    terms += parts.terms
    check_terms(terms, problems)
    notation_file = folder / meta.notation
    data, notation_lines = read_yaml(notation_file, problems)
    notation = validate(Notation, data or [], notation_file, notation_lines, problems)
    problems.stop_if_any()
    return Book(folder, meta, entries, terms, notation.root, book_lines, notation_lines, parts)
