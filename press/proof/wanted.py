"""What the tree wants to see in print: each block of each field, as words, in the order of its field.

Place in the flow: between `rawtree` and `rawtext`, which read the files, and `printed`, which looks
for what is wanted. The order of fields, the numbers of figures and the words that the press adds
("Figure", "READ", "p.") are said here a second time, on purpose.
"""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from press.pdf.story import FORMULA
from press.proof.rawnumbers import fill
from press.proof.rawtext import Piece, read_pieces, read_words
from press.proof.rawtree import Text, read_bibtex, read_yaml
from press.proof.rawwords import plain, signs_of, words_of

# The files of parts that book.yaml does not name.
USUAL = {"source": "contents.txt", "notation": "notation.yaml", "references": "references.bib"}


class Wanted(NamedTuple):
    """A block that has to be in print; a picture is told by its alternative text."""

    what: str  # "the answer of 3.4.2"
    file: Path
    line: int
    words: str  # plain, EVENT before each event
    formulas: list[str] = []
    events: list[tuple[str, str]] = []
    is_picture: bool = False
    label: str = ""
    may_wait: bool = False  # of a figure or table that may stand behind the text that follows it


@dataclass
class RawEntry:
    """A line of the contents as its file has it."""

    number: str
    section: str
    level: int
    node: dict

    def text(self, name):
        """Return the words of a simple field, "" where it is not there."""
        return self.node[name].text if name in self.node else ""

    @property
    def wording(self):
        """The corrected title, where there is one."""
        return self.text("reads") or self.text("title")

    @property
    def is_answer(self):
        """True where an answer is due."""
        return self.level == 2 or not self.node.get("questions")


@dataclass
class RawPassage:
    """A text behind the answers: what goes further on a question, a tool, the lead of the experiments."""

    key: str  # "further:3.4.2", "tool:variance"
    section: str  # "G3.4", "T", "E"
    node: dict
    name: str  # "3.4.2", "Tool 5"

    @property
    def is_hung(self):
        """True where the heads of paragraphs hang in the margin."""
        return self.key != "experiments"

    @property
    def problems(self):
        """[(number, problem)] of its problems, as in "3.4.2-P1"."""
        return [(f"{self.name}-P{index}", each) for index, each in enumerate(self.node.get("problems", []), start=1)]


@dataclass
class RawBook:
    """The tree as it stands in the files, with the raw results of its figures."""

    folder: Path
    meta: dict
    entries: list[RawEntry]
    terms: list[dict]
    notation: list
    works: dict
    numbers: dict
    words: dict  # that the press adds
    cards: dict  # of the experiments: "training.counting": what it tells
    passages: list[RawPassage] = field(default_factory=list)
    signs: tuple = (".", ",", "%")  # of numbers
    experiments: list[Text] = field(default_factory=list)
    rows: dict[str, Text] = field(default_factory=dict)  # of the cards of experiments: what each is called
    labels: dict[str, str] = field(default_factory=dict)  # "fig:folds/xor": "Figure 3.4-1"
    pieces: dict = field(default_factory=dict)  # id of a Text: its Pieces
    work_numbers: dict[str, str] = field(default_factory=dict)  # as the list of references prints them

    def work(self, key):
        """Return the number that a citation prints."""
        return self.work_numbers.get(key, "?")

    def reference(self, shown, target):
        """Return what a cross reference prints, without the page, which `printed` looks at."""
        if entry := self.numbered.get(target):
            page = f", {self.words['page']} {entry.text('page')}"
            return (shown or target) + page
        return shown or self.labels.get(target) or self.targets.get(target, target)

    @cached_property
    def numbered(self):
        """{number: entry}."""
        return {entry.number: entry for entry in self.entries}

    @cached_property
    def captions(self):
        """{number as printed, "Figure 3.4-1": the caption's Piece}, once the book is numbered."""
        pieces = (piece for pieces in self.pieces.values() for piece in pieces if piece.kind == "caption")
        return {self.labels[piece.label]: piece for piece in pieces if piece.label in self.labels}

    @cached_property
    def targets(self):
        """{target of a reference: what it prints} behind the answers."""
        found = {}
        for passage in self.passages:
            found[passage.key] = passage.name if passage.key.startswith("tool:") else self.words["further"]
            for number, _ in passage.problems:
                found[f"problem:{number}"] = f"{self.words['problem']} {number}"
        for index, name in enumerate(self.experiments, start=1):
            found[f"experiment:{name.text}"] = f"{self.words['experiment']} {index}"
        return found

    def led(self, text: Text, what: str, lead: str) -> list[Wanted]:
        """Return the blocks of a text below a lead, which hangs in the margin."""
        return [Wanted(what, text.file, text.line, plain(lead)), *self.wanted(text, what)]

    def read(self, text: Text) -> list[Piece]:
        """Return the pieces of a field, with its computed numbers filled in."""
        if id(text) not in self.pieces:
            filled = fill(text.text, self.numbers, self.signs)
            self.pieces[id(text)] = read_pieces(filled, text.line, self._is_hung(text))
        return self.pieces[id(text)]

    def cited_in(self, text: Text) -> dict:
        """Return {key: (file, line)} of the works that a field cites."""
        return {
            key: (text.file, piece.line)
            for piece in self.read(text)
            if piece.kind in ("words", "cell", "caption")
            for kind, key in read_words(piece.raw, self).events
            if kind == "work"
        }

    def wanted(self, text: Text, what: str) -> list[Wanted]:
        """Return the blocks that a field wants to see in print."""
        waits = ("picture", "caption", "cell") if self._is_hung(text) else ()
        found = [self._wanted(piece, text.file, what) for piece in self.read(text)]
        return [each._replace(may_wait=piece.kind in waits) for each, piece in zip(found, self.read(text), strict=True)]

    def _is_hung(self, text: Text) -> bool:
        """Say whether a text has the margin for its heads, and pages without end for its figures."""
        return any(text is passage.node["text"] for passage in self.passages if passage.is_hung)

    def _wanted(self, piece, file, what):
        label = self.labels.get(piece.label, "")
        if piece.kind == "picture":
            return Wanted(what, file, piece.line, plain(piece.raw), is_picture=True)
        if piece.kind == "equation":
            number = f"({label.split()[-1]})" if label else ""
            return Wanted(what, file, piece.line, FORMULA + number, [piece.raw], label=label)
        if piece.kind in ("title", "code", "mark"):
            return Wanted(what, file, piece.line, plain(piece.raw))
        if piece.kind == "example":
            return Wanted(what, file, piece.line, plain(f"{self.words['example']} {piece.raw}"))
        words = read_words(piece.raw, self)
        lead = f"{label} " if piece.kind == "caption" else ""
        credit = [piece.options[name].rstrip(".") for name in ("by", "from", "license") if name in piece.options]
        after = f" {self.words['picture']}: {', '.join(credit)}." if credit else ""
        return Wanted(
            what,
            file,
            piece.line,
            plain(lead + words.text + after),
            words.formulas,
            words.events,
            label=label if piece.kind == "caption" else "",
        )

    def one_line(self, text: Text, what: str, before="", after="") -> Wanted:
        """Return a field that stands in one line with something before and after it."""
        blocks = [block for block in self.wanted(text, what) if not block.is_picture]
        return Wanted(
            what,
            text.file,
            text.line,
            plain(" ".join(part for part in (before, *(block.words for block in blocks), after) if part)),
            [latex for block in blocks for latex in block.formulas],
            [event for block in blocks for event in block.events],
        )

    def said(self, text: Text, what: str, words: str) -> Wanted:
        """Return words that come from a field of plain words."""
        return Wanted(what, text.file, text.line, plain(words))


def read_book(folder, numbers, cards=None):
    """Read the tree of a folder; `numbers` are the raw results by module, `cards` those of the experiments."""
    meta = read_yaml(folder / "book.yaml")
    entries, terms = [], []
    for name in meta["sections"]:
        node = read_yaml(folder / f"{name.text}.yaml")
        number = node["number"].text
        entries.append(RawEntry(number, number, 1, node))
        entries += [RawEntry(question["number"].text, number, 2, question) for question in node.get("questions", [])]
        terms += node.get("terms", [])
    notation, works = (file_of(folder, meta, name) for name in ("notation", "references"))
    book = RawBook(
        folder,
        meta,
        entries,
        terms,
        read_yaml(notation) or [] if notation.exists() else [],
        read_bibtex(works) if works.exists() else {},
        numbers,
        words_of(meta["language"].text),
        cards or {},
        signs=signs_of(meta["language"].text),
    )
    _read_parts(book)
    _number(book)
    return book


def file_of(folder, meta, name):
    """Return the file of a part, by the name that book.yaml gives it or its usual one."""
    return folder / (meta[name].text if name in meta else USUAL[name])


def _read_parts(book):
    """Read what stands behind the answers, in the order of the questions, of the tools."""
    order = [entry.number for entry in book.entries]
    files = [read_yaml(file) for file in sorted((book.folder / "further").glob("*.yaml"))]
    for node in sorted(files, key=lambda node: order.index(node["number"].text)):
        section = f"G{node['number'].text}"
        for question in node["questions"]:
            number = question["number"].text
            book.passages.append(RawPassage(f"further:{number}", section, question, number))
        book.terms += node.get("terms", [])
    if (file := book.folder / "toolbox.yaml").exists():
        node = read_yaml(file)
        for index, tool in enumerate(node["tools"], start=1):
            book.passages.append(RawPassage(f"tool:{tool['id'].text}", "T", tool, f"{book.words['tool']} {index}"))
        book.terms += node.get("terms", [])
    if (file := book.folder / "experiments.yaml").exists():
        node = read_yaml(file)
        book.passages.append(RawPassage("experiments", "E", node, ""))
        book.experiments, book.rows = node["experiments"], node["rows"]
        book.terms += node.get("terms", [])


def _number(book):
    """Give figures, tables and equations their numbers, section by section."""
    counts = {}
    owners = [(entry.section, fields_of(entry)) for entry in book.entries]
    owners += [(passage.section, passage_fields(passage)) for passage in book.passages]
    for section, texts in owners:
        for piece in (piece for text in texts for piece in book.read(text)):
            if piece.label and piece.kind != "picture" and piece.label not in book.labels:
                kind = piece.label[:3] if piece.kind == "caption" else "eq"
                counts[kind, section] = counts.get((kind, section), 0) + 1
                book.labels[piece.label] = f"{book.words[kind]} {section}-{counts[kind, section]}"


def passage_fields(passage):
    """Return the texts of a passage in the order in which they are numbered."""
    texts = [passage.node["text"]]
    for _, problem in passage.problems:
        texts += [problem["ask"], problem["solution"]]
    return texts


def fields_of(entry):
    """Return the texts of an entry in the order in which they are numbered."""
    texts = [entry.node[name] for name in ("opener", "key", "answer", "watch_out") if name in entry.node]
    for check in entry.node.get("check", []):
        texts += [check[name] for name in ("ask", "answer") if name in check]
    return texts


def cited(book):
    """Return {key: (file, line)} of the works that the book cites, in the order of the texts."""
    keys: dict[str, tuple[Path, int]] = {}
    texts = [text for entry in book.entries for text in fields_of(entry)]
    texts += [text for passage in book.passages for text in passage_fields(passage)]
    texts += [term["text"] for term in book.terms]
    texts += [book.meta[name] for name in ("study", "colophon", "collation") if name in book.meta]
    for text in texts:
        keys = book.cited_in(text) | keys
    return keys
