"""Read the texts: fill in the numbers, have them parsed, collect and number what they use.

Place in the flow: after the figures, before the formulas. Nothing is set here yet: the result says
which formulas, figures, tables, equations, citations and terms the book has, numbers them by
section, and holds the parsed tokens that `html` turns into HTML. What cannot be printed as it is
written is a fault here, at its line.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt

from press.content.rules import spelling
from press.problems import Place, Problems
from press.text.blocks import BLOCKS
from press.text.labels import Numbered, anchor, label_of
from press.text.leftovers import lines_in, unknown
from press.text.numbers import fill_in, unfilled
from press.text.opened import MARKUP
from press.text.parser import parser
from press.text.parsing import bold_words, parse_text
from press.text.texts import Texts, Use
from press.words import Numerals

MANY = 1_000_000  # more than a book refers, cites and indexes
LABEL = re.compile(r"eq:[\w-]+")
ADDRESS = re.compile(r"https?://[\w.-]+\.\w+(?:[:/?#]\S*)?\Z")


def read_texts(book, numbers, words, problems, only=None):
    """Parse every text of the book; faults go to `problems`.

    `only` names the entries and passages that are wanted, by key, where not all are: of the others nothing
    but what they define and number counts, so their computed numbers are left out and their faults not told.
    """
    figures = book.path(book.meta.figures)
    broken = frozenset(
        problem.place.file.stem for problem in problems.found if figures in Path(problem.place.file).parents
    )
    reader = _Reader(numbers, words.numerals, broken, parser(words.quotes), Texts(), problems, {})
    for entry in (*book.entries, *book.parts.passages):
        reader.fills = only is None or entry.key in only
        reader.problems = problems if reader.fills else Problems()
        reader.read_all(entry)
    reader.fills, reader.problems = only is None, problems if only is None else Problems()
    for term, owner, index in book.parts.terms:
        for which, form in enumerate((term.term, *term.forms)):
            path = ("forms", which - 1) if which else ("term",)
            check_plain(form, path[0], owner.place("terms", index, *path), reader.problems)
    for term, entry, index in book.terms:
        reader.read(entry, ("terms", index, "text"), term.text)
    for name in ("study", "colophon", "collation"):
        if text := getattr(book.meta, name):
            reader.read(None, (name,), text, book.place(name))
    for number, group in enumerate(book.notation):
        for index, row in enumerate(group.rows):
            symbol, meaning = (book.notation_place(number, "rows", index, column) for column in (0, 1))
            reader.texts.formulas.setdefault((row.symbol, False), []).append(symbol)
            reader.read(None, ("notation", number, index), row.meaning, meaning)
        for index, letter in enumerate(group.letters):
            reader.read(None, ("letters", number, index), letter, book.notation_place(number, "letters", index))
    return reader.texts


def reread(book, before, keys, numbers, words, problems):
    """Return the Texts of a book of which only some entries and passages have changed, by key.

    What the others hold is taken over from `before`; their figures, tables and equations are numbered anew.
    Formulas are those of the entries that were read.
    """
    texts = Texts(
        parsed={path: tokens for path, tokens in before.parsed.items() if path[0] not in keys or path[1] == "terms"}
    )
    texts.unread |= before.unread
    texts.first_use = before.first_use + MANY
    items = {item.key: item for item in (*book.entries, *book.parts.passages)}
    for name in ("references", "citations", "bold", "indexed"):
        for use in getattr(before, name):
            item = items.get(use.entry.key, use.entry) if use.entry else None
            if item is None or item.key not in keys:
                getattr(texts, name).append(use._replace(entry=item))
            elif name == "references":  # a tool lists its uses by their numbers: the others keep theirs
                texts.references.append(use._replace(target=book.entries[0].number, entry=item))
    reader = _Reader(numbers, words.numerals, frozenset(), parser(words.quotes), texts, problems, {})
    kept: dict = {}
    for label, item in before.numbered.items():
        kept.setdefault(item.entry.key, []).append((label, item))
    for entry in (*book.entries, *book.parts.passages):
        for label, item in kept.get(entry.key, ()) if entry.key not in keys else ():
            count = reader.counts[item.kind, entry.section] = reader.counts.get((item.kind, entry.section), 0) + 1
            texts.numbered[label] = item._replace(number=f"{entry.section}-{count}", entry=entry)
            reader.anchors[anchor(label)] = label
        if entry.key in keys:
            reader.read_all(entry)
    return texts


def check_plain(words, name, place, problems):
    """Report markup in words that are printed as they stand."""
    if found := MARKUP.search(words):
        problems.add(place, f"{name!r} has markup, {found[0]!r}, and is printed as it stands", "write plain words")


# Fields that stand in one line of print: key sentences, names of formulas, texts of terms and of the notation.
ONE_PARAGRAPH = ("key", "formulas", "terms", "notation", "letters")
# What is set in the margin, or in a table, whose cells may be wider: blocks by name.
ROOMS = {"note": "margin", "table": "table"}
# What may stand in a field beside paragraphs: blocks by name.
IN_MARGIN = ("watch_out", "ask")


@dataclass
class _Reader:
    numbers: dict
    numerals: Numerals
    broken: frozenset  # modules of figures/ that failed
    md: MarkdownIt
    texts: Texts
    problems: Problems
    counts: dict
    anchors: dict = field(default_factory=dict)  # of all labels: the label
    fills: bool = True  # computed numbers are filled in, not only passed over

    def read_all(self, entry):
        """Read all fields of an entry or a passage."""
        for path, text in entry.fields():
            if path[-1] == "tex":
                self.texts.formulas.setdefault((text.strip(), True), []).append(entry.place(*path))
                self.texts.rooms[entry.place(*path)] = "card"
            else:
                self.read(entry, path, text)
        for path, line in entry.plain():
            if path[0] == "terms" and MARKUP.search(line):
                self.texts.unread |= {spelling(line), spelling(line.strip("*_`$ "))}
            name = path[-1] if isinstance(path[-1], str) else path[-2]
            check_plain(line, name, entry.place(*path), self.problems)

    def read(self, entry, path, text, place=None):
        """Fill in and parse one field of an entry."""
        place = place or entry.place(*path)
        filled = self._filled(text, place) if self.fills else unfilled(text)
        tokens = None if filled is None else parse_text(self.md, filled, place, self.problems)
        if tokens is None:
            self.texts.note_unread(text)
            return
        self._check_shape(tokens, entry, path, place)
        before = len(self.texts.citations) + len(self.texts.references)
        self._collect(tokens, entry, place, "margin" if path[-1] in IN_MARGIN and path[0] != "problems" else "")
        if path[0] in ("key", "formulas") and len(self.texts.citations) + len(self.texts.references) > before:
            self.problems.add(
                place, f"{path[-1]!r} refers to something that its study card does not have", "say it in the answer"
            )
        self.texts.parsed[(entry.key if entry else "", *path)] = tokens

    def _filled(self, text, place):
        return fill_in(text, self.numbers, self.numerals, place, self.problems, self.broken)

    def _check_shape(self, tokens, entry, path, place):
        """Report what a field cannot hold: more than a paragraph where one is printed, blocks in the margin."""
        kinds = [token.type for token in tokens]
        if not kinds:
            self.problems.add(place, f"{path[-1]!r} says nothing", "write it, or take the key out")
        elif path[0] in ONE_PARAGRAPH and kinds != ["paragraph_open", "inline", "paragraph_close"]:
            further = next((token for token in tokens[3:] if token.map), tokens[0])
            name = {"terms": "the text of a term", "notation": "a meaning", "letters": "a letter"}.get(
                path[0], f"{path[-1]!r}"
            )
            self.problems.add(
                Place(place.file, further.map[0]), f"{name} is one paragraph", "say it in a sentence, without lists"
            )
        for token in tokens:
            if token.type == "block":
                self._check_block(token.meta["block"], entry, path)

    def _check_block(self, opened, entry, path):
        if path[-1] in IN_MARGIN and path[0] != "problems":
            self.problems.add(
                opened.place(), f"a {{{opened.name}}} in {path[-1]!r}", "it stands in the margin: use words"
            )
        if opened.name != "place":
            return
        if path != ("answer",):
            self.problems.add(opened.place(), "a {place} outside an answer", "take it out")
        elif opened.argument in ("check", "watch_out") and not getattr(entry.node, opened.argument):
            self.problems.add(opened.place(), f"{entry.number} has no {opened.argument!r} to place", "take it out")

    def _number(self, kind, label, entry, here, opened=None):
        if entry is None:
            self.problems.add(here, f"a numbered {kind} stands outside the answers", "take it out, or its label")
            return
        if label in self.texts.numbered:
            self.problems.add(here, f"{label} stands in the book twice", "give it another name, or refer to it")
            return
        if (alike := self.anchors.setdefault(anchor(label), label)) != label:
            self.problems.add(here, f"{label} and {alike} are too alike", "give it another name")
            return
        count = self.counts[kind, entry.section] = self.counts.get((kind, entry.section), 0) + 1
        self.texts.numbered[label] = Numbered(kind, f"{entry.section}-{count}", entry, here, opened)

    def _collect(self, tokens, entry, place, room=""):
        line = place.line
        for token in tokens:
            line = token.map[0] if token.map else line
            here = Place(place.file, line)
            if token.type == "inline":
                self._collect_inline(token.children, entry, here, room)
            elif token.type in ("math_block", "math_block_label"):
                self._formula(token, here, room)
                if token.type == "math_block_label":
                    if not LABEL.fullmatch(token.info):
                        what = f"({token.info[:40]}) is no label of an equation"
                        self.problems.add(here, what, "a label is (eq:name)")
                    self._number("equation", token.info, entry, here)
            elif token.type == "block":
                opened = token.meta["block"]
                if kind := BLOCKS[opened.name].counted_as:
                    self._number(kind, label_of(kind, opened.argument), entry, opened.place(), opened)
                self._collect(opened.tokens, entry, opened.body, ROOMS.get(opened.name, room))

    def _collect_inline(self, children, entry, here, room):
        texts = self.texts
        for index, token in enumerate(children):
            if token.type == "math_inline":
                self._formula(token, here, room)
            elif token.type == "citation":
                self._citation(token, entry, here)
            elif token.type == "link_open":
                self._link(token, children[index + 1], entry, here)
            elif token.type == "myst_role":
                self._role(token, entry, here)
            elif token.type == "strong_open":
                words = bold_words(children, index)
                if entry is None:
                    self.problems.add(here, f"{words!r} is bold outside the answers", "use *emphasis*")
                else:
                    texts.bold.append(Use(words, entry, here))
            elif told := unknown(token):
                self.problems.add(here, *told)
            here = here.after(lines_in(token))

    def _formula(self, token, here, room):
        latex = token.content.strip()
        if not latex:
            self.problems.add(here, "this formula is empty", "write it between the dollars")
            return
        self.texts.formulas.setdefault((latex, token.type != "math_inline"), []).append(here)
        if room:
            self.texts.rooms[here] = room

    def _citation(self, token, entry, here):
        token.meta["use"] = self.texts.first_use + len(self.texts.citations)
        for key, locator in token.meta["works"]:
            if not re.fullmatch(r"[^\s@,;\[\]{}]+", key):
                self.problems.add(here, f"{key!r} is no key of a work", "write [@key], [@key; @other, p. 3]")
            if "@" in locator:
                self.problems.add(here, f"{locator!r} behind a comma", "part works by semicolons: [@key; @other]")
            self.texts.citations.append(Use(key, entry, here))

    def _link(self, token, inside, entry, here):
        target = token.attrs["href"] = unquote(token.attrs["href"])
        if "title" in token.attrs:
            self.problems.add(
                here, f"the title {token.attrs['title'][:40]!r} of a link", "it is not printed: take it out"
            )
        if token.markup == "autolink":
            if not ADDRESS.match(target):
                self.problems.add(here, f"the address {target[:60]!r}", "an address begins with https://")
        elif re.match(r"[A-Za-z][A-Za-z0-9+.-]*:/", target) or target.startswith(("http", "mailto:", "/", "#", ".")):
            what = f"a link to {target[:60]!r} behind other words, which a reader of paper cannot follow"
            self.problems.add(here, what, "write <https://...>, or cite a work")
        else:
            token.meta["use"] = self.texts.first_use + len(self.texts.references)
            self.texts.references.append(Use(target, entry, here))

    def _role(self, token, entry, here):
        if token.meta["name"] == "ix":
            token.meta["use"] = self.texts.first_use + len(self.texts.indexed)
            self.texts.indexed.append(Use(token.content, entry, here))
        else:
            self.problems.add(here, f"unknown role {{{token.meta['name']}}}", "known is {ix}`term`")
