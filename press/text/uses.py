"""Read the texts: fill in the numbers, parse the Markdown, collect and number what it uses.

Place in the flow: after the figures, before the formulas. Nothing is set here yet: the result says
which formulas, figures, tables, equations, citations and terms the book has, numbers them by
section, and holds the parsed tokens that `html` turns into HTML.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from jinja2.sandbox import SandboxedEnvironment
from markdown_it import MarkdownIt

from press.content.parts import Passage
from press.content.tree import Entry
from press.problems import Place, Problems
from press.text.blocks import BLOCKS, HEAD, Opened, check_options
from press.text.labels import Numbered, label_of
from press.text.numbers import fill_in, sandbox
from press.text.parser import parser


class Use(NamedTuple):
    """Somewhere that the text points to something: the target, who points, and from where."""

    target: str
    entry: Entry | Passage | None  # None in front and back matter
    place: Place


@dataclass
class Texts:
    """Everything that the texts contain, in the book's order."""

    parsed: dict = field(default_factory=dict)  # (key of entry or passage, *path of the field) -> tokens
    formulas: dict = field(default_factory=dict)  # (latex, display) -> places
    in_tables: set = field(default_factory=set)  # places in tables, whose cells may be wider
    numbered: dict = field(default_factory=dict)  # "fig:..", "tab:..", "eq:.." -> Numbered
    references: list = field(default_factory=list)  # Use of an entry's number, a label, further:...
    citations: list = field(default_factory=list)  # Use of a BibTeX key
    bold: list = field(default_factory=list)  # Use of a term where it is defined
    indexed: list = field(default_factory=list)  # Use of a term elsewhere

    def tokens(self, entry, path):
        """Return the tokens of a field, none where it could not be read; no entry: front and back matter."""
        return self.parsed.get((entry.key if entry else "", *path), [])


def read_texts(book, numbers, problems):
    """Parse every text of the book; faults go to `problems`."""
    reader = _Reader(sandbox(numbers), parser(), Texts(), problems, {})
    for entry in (*book.entries, *book.parts.passages):
        for path, text in entry.fields():
            if path[-1] == "tex":
                reader.texts.formulas.setdefault((text.strip(), True), []).append(entry.place(*path))
            else:
                reader.read(entry, path, text)
    for term, entry, index in book.terms:
        reader.read(entry, ("terms", index, "text"), term.text)
    for name in ("study", "colophon", "collation"):
        reader.read(None, (name,), getattr(book.meta, name), book.place(name))
    for number, group in enumerate(book.notation):
        for index, row in enumerate(group.rows):
            place = book.notation_place(number, "rows", index)
            reader.texts.formulas.setdefault((row.symbol, False), []).append(place)
            reader.read(None, ("notation", number, index), row.meaning, place)
    return reader.texts


@dataclass
class _Reader:
    environment: SandboxedEnvironment
    md: MarkdownIt
    texts: Texts
    problems: Problems
    counts: dict

    def read(self, entry, path, text, place=None):
        """Fill in and parse one field of an entry."""
        place = place or entry.place(*path)
        filled = fill_in(self.environment, text, place, self.problems)
        if filled is None:
            return
        tokens = self.md.parse(filled)
        self._open_blocks(tokens, entry, place)
        before = len(self.texts.citations) + len(self.texts.references)
        self._collect(tokens, entry, place)
        if path[0] in ("key", "formulas") and len(self.texts.citations) + len(self.texts.references) > before:
            self.problems.add(
                place, f"{path[-1]!r} refers to something that its study card does not have", "say it in the answer"
            )
        self.texts.parsed[(entry.key if entry else "", *path)] = tokens

    def _open_blocks(self, tokens, entry, place):
        """Replace each ::: fence by a block token whose body is parsed."""
        for token in tokens:
            if token.type != "colon_fence":
                continue
            here = place.after(token.map[0])
            head = HEAD.match(token.info.strip())
            block = BLOCKS.get(head["name"]) if head else None
            if head is None or block is None:
                self.problems.add(
                    here,
                    f"unknown block {token.info.strip()!r}",
                    f"known are {', '.join(f'{{{name}}}' for name in BLOCKS)}",
                )
                continue
            lines = token.content.split("\n")
            argument, options, body = block.opened(head["argument"], lines)
            skipped = 1 + len(lines) - len(body)
            inner = self.md.parse("\n".join(body))
            for child in inner:
                if child.map:
                    child.map = [line + token.map[0] + skipped for line in child.map]
            opened = Opened(block.name, argument, options, inner)
            check_options(block, opened, here, self.problems)
            block.check(opened, body, here, self.problems)
            token.type, token.meta = "block", {"block": opened}
            if block.is_numbered:
                self._number(block.name, label_of(block.name, argument), entry, here, opened)

    def _number(self, kind, label, entry, here, opened=None):
        if entry is None:
            self.problems.add(here, f"a numbered {kind} stands outside the answers", "take it out, or its label")
            return
        if label in self.texts.numbered:
            self.problems.add(here, f"{label} stands in the book twice", "give it another name, or refer to it")
            return
        count = self.counts[kind, entry.section] = self.counts.get((kind, entry.section), 0) + 1
        self.texts.numbered[label] = Numbered(kind, f"{entry.section}-{count}", entry, here, opened)

    def _collect(self, tokens, entry, place, line=0, in_table=False):
        texts = self.texts
        for token in tokens:
            line = token.map[0] if token.map else line
            here = place.after(line)
            if token.type in ("math_inline", "math_block", "math_block_label", "math_inline_double"):
                key = (token.content.strip(), token.type != "math_inline")
                texts.formulas.setdefault(key, []).append(here)
                if in_table:
                    texts.in_tables.add(here)
                if token.type == "math_block_label":
                    self._number("equation", token.info, entry, here)
            elif token.type == "citation":
                token.meta["use"] = len(texts.citations)
                texts.citations += [Use(key, entry, here) for key, _ in token.meta["works"]]
            elif token.type == "link_open" and not token.attrs["href"].startswith("http"):
                token.meta["use"] = len(texts.references)
                texts.references.append(Use(token.attrs["href"], entry, here))
            elif token.type == "myst_role":
                self._collect_role(token, entry, here)
            elif token.type == "image":
                self.problems.add(here, "a picture that is not drawn by the book", "use a {figure} block")
            elif token.type == "inline":
                self._collect(token.children, entry, place, line, in_table)
                self._collect_bold(token.children, entry, here)
            elif token.type == "block":
                opened = token.meta["block"]
                self._open_blocks(opened.tokens, entry, place)
                self._collect(opened.tokens, entry, place, line, opened.name == "table")

    def _collect_role(self, token, entry, here):
        if token.meta["name"] == "ix":
            token.meta["use"] = len(self.texts.indexed)
            self.texts.indexed.append(Use(token.content, entry, here))
        else:
            self.problems.add(here, f"unknown role {{{token.meta['name']}}}", "known is {ix}`term`")

    def _collect_bold(self, children, entry, here):
        for opening, inside in zip(children, children[1:], strict=False):
            if opening.type == "strong_open" and entry is None:
                self.problems.add(here, f"{inside.content!r} is bold outside the answers", "use *emphasis*")
            elif opening.type == "strong_open":
                self.texts.bold.append(Use(inside.content, entry, here))
