"""First stage: read the YAML content tree and check all that can be checked before setting it.

`load(folder, problems)` returns a `Book`: its metadata and its entries in the source's order.
Every entry knows the file and line of each of its fields, so later stages can name them too.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from press.content.parts import Parts, load_parts
from press.content.schema import Metadata, Node, Section
from press.content.source import read_source
from press.problems import Place


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
    def id(self):
        """The anchor of the heading in HTML and PDF."""
        return f"e-{self.node.number}"

    @property
    def is_answer(self):
        """True where an answer is due: at every question, and at a section without questions."""
        return self.level == 2 or not self.node.questions

    @property
    def is_written(self):
        """True when nothing is missing that the reader has been promised here."""
        return bool(self.node.answer) if self.is_answer else bool(self.node.opener)

    def place(self, *path):
        """Return the place of a field, as in place("check", 0, "ask"); block text starts a line later."""
        line, is_block = self.lines.get(path, self.lines[()])
        return Place(self.file, line + is_block)


@dataclass(frozen=True)
class Book:
    """The content tree: metadata, entries in the source's order, and the folder it came from."""

    folder: Path
    meta: Metadata
    entries: list
    terms: list  # of (Term, Entry, index)
    notation: list
    lines: dict  # of book.yaml, as in Entry
    parts: Parts  # what stands behind the answers

    def path(self, name):
        """Return the path of a part that book.yaml names."""
        return (self.folder / name).resolve()

    def place(self, name):
        """Return the place of a field of book.yaml."""
        line, is_block = self.lines.get((name,), (0, False))
        return Place(self.folder / "book.yaml", line + is_block)

    @property
    def sections(self):
        """The level-1 entries."""
        return [entry for entry in self.entries if entry.level == 1]


def load(folder, problems, draft=False):
    """Read the tree in `folder`; faults go to `problems`, BookError when nothing can be built.

    With `draft`, answers may be missing even where book.yaml does not say so.
    """
    book_file = folder / "book.yaml"
    data, lines = _read_yaml(book_file, problems)
    problems.stop_if_any()
    meta = _validate(Metadata, data, book_file, lines, problems)
    problems.stop_if_any()
    book_lines = lines

    entries, terms = [], []
    for name in meta.sections:
        file = folder / f"{name}.yaml"
        data, lines = _read_yaml(file, problems)
        section = data is not None and _validate(Section, data, file, lines, problems)
        if not section:
            continue
        head = Entry(section, 1, section.number, file, lines)
        entries.append(head)
        terms.extend((term, head, index) for index, term in enumerate(section.terms))
        for index, node in enumerate(section.questions):
            entries.append(Entry(node, 2, section.number, file, _below(lines, "questions", index)))
    problems.stop_if_any()

    _check_against_source(entries, folder / meta.source, problems)
    _check_answers(entries, meta, draft, problems)

    def read(model, file):
        data, lines = _read_yaml(file, problems)
        return (data if data is None else _validate(model, data, file, lines, problems)), lines

    parts = load_parts(folder, entries, read, problems)
    terms += parts.terms
    _check_terms(terms, problems)
    notation, _ = _read_yaml(folder / meta.notation, problems)
    return Book(folder, meta, entries, terms, notation or [], book_lines, parts)


def _read_yaml(file, problems):
    """Return (data, lines): lines maps a path of keys and indices to (line, starts a block)."""
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except FileNotFoundError:
        problems.add(Place(file), "this file does not exist", "write it, or take its name out of book.yaml")
        return None, {}
    except UnicodeDecodeError:
        problems.add(Place(file), "this file is not UTF-8", "save it as UTF-8")
        return None, {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "this is not YAML"
        problems.add(
            Place(file, mark.line + 1 if mark else 0),
            f"YAML: {what}",
            "look at the indentation, at colons and at quotes in this line and the one before",
        )
        return None, {}
    lines = {}
    data = _construct(root, (), lines, file, problems) if root is not None else {}
    return data, lines


def _construct(node, path, lines, file, problems):
    is_block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
    lines.setdefault(path, (node.start_mark.line + 1, is_block))
    if isinstance(node, yaml.MappingNode):
        data = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if key in data:
                problems.add(
                    Place(file, key_node.start_mark.line + 1), f"the key {key!r} stands twice", "keep one of them"
                )
            data[key] = _construct(value_node, (*path, key), lines, file, problems)
        return data
    if isinstance(node, yaml.SequenceNode):
        return [_construct(child, (*path, index), lines, file, problems) for index, child in enumerate(node.value)]
    return yaml.SafeLoader("").construct_object(node, deep=True)


def _below(lines, *prefix):
    depth = len(prefix)
    return {path[depth:]: line for path, line in lines.items() if path[:depth] == prefix}


_HOW = {
    "extra_forbidden": "take it out, or look for a misspelled key",
    "missing": "add it",
    "string_too_short": "write it, or take the key out",
}


def _validate(model, data, file, lines, problems):
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for fault in error.errors():
            path = fault["loc"]
            known = path
            while known not in lines and known:
                known = known[:-1]
            name = ".".join(map(str, path)) or "the file"
            what = {
                "extra_forbidden": f"unknown key {path[-1] if path else ''!r}",
                "missing": f"{name!r} is missing",
                "string_too_short": f"{name!r} is empty",
            }.get(fault["type"], f"{name!r}: {fault['msg'][0].lower()}{fault['msg'][1:]}")
            how = _HOW.get(fault["type"], 'see CONTRIBUTING.md for the shape of the tree; quote numbers like "3.10"')
            problems.add(Place(file, lines.get(known, (0, False))[0]), what, how)
        return None


def _check_against_source(entries, source_file, problems):
    if not source_file.is_file():
        problems.add(
            Place(source_file), "the source's contents list does not exist", "name it in book.yaml as `source`"
        )
        return
    source = read_source(source_file)
    wanted = {entry.number: entry for entry in source}
    seen, last_page = set(), 0
    for entry in entries:
        node, number = entry.node, entry.number
        if number in seen:
            problems.add(entry.place("number"), f"the number {number} stands twice", "give each entry its own number")
        seen.add(number)
        if node.page < last_page:
            problems.add(
                entry.place("page"),
                f"page {node.page} of {number} goes back behind page {last_page}",
                "pages never decrease",
            )
        last_page = max(last_page, node.page)
        if number not in wanted:
            problems.add(entry.place("number"), f"{number} is not in {source_file.name}", "use the source's number")
            continue
        if node.title != wanted[number].title:
            problems.add(
                entry.place("title"),
                f"the title of {number} is {node.title!r}, in the source {wanted[number].title!r}",
                "keep the source's wording and put the correction under `reads`",
            )
        if node.page != wanted[number].page:
            problems.add(
                entry.place("page"),
                f"{number} stands on page {node.page}, in the source on {wanted[number].page}",
                "use the source's page",
            )
        if bool(node.reads) != bool(node.reason):
            problems.add(
                entry.place(),
                f"{number} has only one of `reads` and `reason`",
                "a correction needs both: what it should say, and why",
            )
    for entry in source:
        if entry.number not in seen:
            problems.add(
                Place(source_file),
                f"{entry.number} {entry.title!r} is not in the tree",
                "add it to its section, a missing number leaves a hole in the contents",
            )
    order = [e.number for e in source if e.number in seen]
    if order != [e.number for e in entries if e.number in wanted] and len(seen) == len(entries):
        problems.add(Place(source_file), "the entries of the tree are in another order", "keep the source's order")


def _check_answers(entries, meta, draft, problems):
    for entry in entries:
        node = entry.node
        if not entry.is_answer and node.answer:
            problems.add(
                entry.place("answer"),
                f"section {entry.number} has questions and an answer",
                "an answer stands on a section only when it has no questions; write an opener",
            )
        if node.answer and not node.key:
            problems.add(
                entry.place(),
                f"{entry.number} has an answer without `key`",
                "say the answer in one sentence under `key`",
            )
        if not (meta.draft or draft) and not entry.is_written:
            missing = "answer" if entry.is_answer else "opener"
            problems.add(
                entry.place(),
                f"{entry.number} has no {missing}",
                f"write the {missing}, or set `draft: true` in book.yaml",
            )
    if meta.draft and all(entry.is_written for entry in entries):
        problems.add(
            Place(meta_file(entries)),
            "the book is a draft, but every answer is written",
            "take `draft: true` out of book.yaml",
        )


def meta_file(entries):
    """Return book.yaml beside the files of the entries."""
    return entries[0].file.parent / "book.yaml"


def _check_terms(terms, problems):
    seen = {}
    for term, entry, index in terms:
        for form in (term.term, *term.forms):
            if form.lower() in seen and seen[form.lower()] is not term:
                problems.add(
                    entry.place("terms", index),
                    f"the term {form!r} stands in the glossary twice",
                    "a term belongs to one section",
                )
            seen[form.lower()] = term
    for term, entry, index in terms:
        for other in term.see:
            if other.lower() not in seen:
                problems.add(
                    entry.place("terms", index, "see"),
                    f"see-also {other!r} is not a term",
                    "add the term to a section's `terms`, or take it out",
                )
