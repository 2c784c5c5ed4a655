"""YAML as authors write it: the data, the line of every field, and the models that it has to fit.

Place in the flow: `tree` reads book.yaml, the notation and the sections with it. Only plain YAML
is read: mappings with words for keys, lists, texts, numbers, dates. Tags, anchors and aliases are
refused where they stand, and so is what YAML changes in silence: escapes in double quotes (a
backslash begins LaTeX here), text behind a `#`.
"""

import re
import unicodedata
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from press.characters import lacking, named
from press.content.composing import Fault, compose
from press.page import FONTS
from press.problems import Place, Problems

BIGGEST_FILE = 2_000_000  # bytes; see docs/limits.md
# In double quotes YAML reads \n, \t, \f, ... as control characters; what is left means itself.
ESCAPE = re.compile(r"\\(?:\\|\"|/|\n|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|(\\.)", re.DOTALL)
# One blank, a number sign and a blank: more likely a text cut short than a comment.
CUT_SHORT = re.compile(r"(?<=\S) #[ \w]")
# What a program for writing or a PDF leaves in what is copied from it: it prints nothing, and no search finds the word.
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069]")
LIGATURE = re.compile("[\ufb00-\ufb06]")
# What begins a line of its own: a list, a block, a fence, a row, an option. Below > YAML joins it to the line before.
STRUCTURE = re.compile(r"(?:[-*+]|\d+[.)])\s|:::|```|\$\$|\||:\w+:")
SINGLE_QUOTES = "write it in single quotes or below |, where a backslash means itself"
INDENTATION = "look at the indentation, at colons and at quotes in this line and the one before"


def read_file(file, problems):
    """Return the text of a file that an author wrote, None (and a fault) where it cannot be read."""
    try:
        if not file.is_file():
            what = "this file does not exist" if not file.exists() else "this is a folder, not a file"
            problems.add(Place(file), what, "write it, or mend its name in book.yaml")
            return None
        if file.stat().st_size > BIGGEST_FILE:
            problems.add(Place(file), "this file is larger than 2 MB", "part it; docs/limits.md states the limits")
            return None
        raw = file.read_bytes()
    except OSError as error:
        problems.add(Place(file), f"this file cannot be read: {error.strerror}", "look at its rights")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        kind = "UTF-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "Latin-1 or Windows-1252"
        line = raw.count(b"\n", 0, error.start) + 1
        problems.add(
            Place(file, line),
            f"this file is not UTF-8: byte 0x{raw[error.start]:02x} (saved as {kind}?)",
            "save it as UTF-8",
        )
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for found in UNSEEN.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        problems.add(Place(file, line), f"a character that nobody sees, {named(found[0])}", "delete it")
    return UNSEEN.sub("", text)


def read_yaml(file, problems):
    """Return (data, lines): `lines` maps a path of keys and indices to (line, starts a block).

    Data is None where the file is not YAML; {} where it is empty.
    """
    text = read_file(file, problems)
    if text is None:
        return None, {}
    if file in _LAST and _LAST[file].text == text:
        problems.found += [problem for problem in _LAST[file].problems if problem not in problems.found]
        return _LAST[file].data, _LAST[file].lines
    told = Problems()
    data, lines = _read_text(file, text, told)
    _LAST[file] = _Read(text, data, lines, told.found)
    problems.found += [problem for problem in told.found if problem not in problems.found]
    return data, lines


class _Read(NamedTuple):
    """A file as it was read the last time."""

    text: str
    data: Any
    lines: dict
    problems: list


# What was read of each file: whoever reads a book again reads only what has changed.
_LAST: dict[Path, _Read] = {}


def _read_text(file, text, problems):
    try:
        _refuse_control_characters(text)
        root = compose(text)
        lines: dict = {}
        data = _Reader(file, text, lines, problems).value(root, ()) if root is not None else {}
    except Fault as fault:
        problems.add(Place(file, fault.line), fault.what, fault.how)
        return None, {}
    except yaml.YAMLError as error:
        problems.add(*_told(file, text, error))
        return None, {}
    return data, lines


def _refuse_control_characters(text):
    for found in re.finditer(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ue000-\uf8ff\ud800-\udfff]", text):
        line = text.count("\n", 0, found.start()) + 1
        code = f"U+{ord(found[0]):04X}"
        kind = "private" if "\ue000" <= found[0] <= "\uf8ff" else "control"
        raise Fault(line, f"a {kind} character, {code}, that nobody sees", "delete it")


class _Reader:
    """Turns nodes into values, and notes where each of them stands."""

    def __init__(self, file, text, lines, problems):
        self.file, self.text, self.lines, self.problems = file, text, lines, problems
        self.rows = text.split("\n")
        self.constructor = yaml.SafeLoader("")

    def value(self, node, path):
        """Return the value of a node at a path of keys."""
        is_block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
        self.lines.setdefault(path, (node.start_mark.line + 1, is_block))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node, path):
        data: dict = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                row = self.rows[key_node.start_mark.line]
                if "{{" in row:
                    raise Fault(line, "YAML takes {{ for brackets of its own", "put the text in single quotes")
                raise Fault(line, "YAML: a list or mapping stands for a key", "a key is a word before a colon")
            key = key_node.value
            if key in data:
                self._add(line, f"the key {key!r} stands twice", "keep one of them")
            if not isinstance(value_node, yaml.ScalarNode):  # a list below its key begins at the key
                self.lines.setdefault((*path, key), (line, False))
            data[key] = self.value(value_node, (*path, key))
        return data

    def _scalar(self, node):
        line = node.start_mark.line + 1
        if node.style == '"':
            self._check_escapes(node, line)
        elif node.style is None and node.tag == "tag:yaml.org,2002:str":
            row = self.rows[node.end_mark.line][node.end_mark.column :]
            if " " in node.value and CUT_SHORT.match("x" + row, 1):
                self._add(
                    node.end_mark.line + 1,
                    f"YAML takes {row.strip()[:30]!r} for a comment and leaves it out",
                    "put the text in quotes, or two blanks before a comment",
                )
        rows = self.text[node.start_mark.index : node.end_mark.index].split("\n")
        for below, row in enumerate(rows):
            for sign in lacking(row, FONTS):
                self._add(line + below, f"no font of the design has {named(sign)}", "write another sign, or words")
            for sign in LIGATURE.findall(row):
                letters = unicodedata.normalize("NFKC", sign)
                self._add(line + below, f"{named(sign)} in the place of letters", f"write {letters}")
        if node.style == ">":
            self._check_joined(rows, line)
        if node.tag == "tag:yaml.org,2002:value":  # a lone "=", for which SafeLoader has no type
            return node.value
        try:
            value = self.constructor.construct_object(node)
        except ValueError:
            kind = "date" if node.tag.endswith("timestamp") else "number"
            raise Fault(
                line, f"{node.value[:40]!r} is no {kind} that exists", "mend it, or put it in quotes if it is a text"
            ) from None
        return value

    def _check_joined(self, rows, line):
        """Report a line below > that begins something and is joined to another."""
        for below, (before, row, after) in enumerate(zip(rows[1:], rows[2:], [*rows[3:], ""], strict=False), 2):
            if STRUCTURE.match(row.strip()) and (before.strip() or after.strip()):
                what = f"YAML joins the lines below >, so {' '.join(row.split())[:30]!r} begins no line"
                self._add(line + below, what, "write | in the place of >")
                return

    def _check_escapes(self, node, line):
        raw = self.text[node.start_mark.index : node.end_mark.index]
        for found in ESCAPE.finditer(raw):
            if found[1]:
                at = line + raw.count("\n", 0, found.start())
                self._add(at, f"in double quotes YAML takes {found[1]} for a control character", SINGLE_QUOTES)
                return
        if any(unicodedata.category(sign) in ("Cc", "Co", "Cs") for sign in node.value.replace("\n", "")):
            self._add(line, "a control or private character, written as an escape", "take it out")

    def _add(self, line, what, how):
        self.problems.add(Place(self.file, line), what, how)


def _told(file, text, error):
    """Return the place, the fault and the cure of what PyYAML raises."""
    mark, what = getattr(error, "problem_mark", None), getattr(error, "problem", None) or "this is not YAML"
    context = getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else 0
    if "escape character" in what:
        sign = what.partition("escape character ")[2]
        return Place(file, line), f"YAML: in double quotes \\ begins an escape, and {sign} is none", SINGLE_QUOTES
    if getattr(error, "context", "") == "while scanning a quoted scalar" and context:
        return Place(file, context.line + 1), "YAML: the quote that opens here is not closed", "close it"
    if opened := _long_quote(text, mark):
        return (
            Place(file, opened + 1),
            f"YAML: the quote that opens here ends in line {line}, and what follows is no YAML",
            "close it where the text ends; double a quote inside single quotes",
        )
    if "\t" in (mark.buffer or "" if mark else "") and "'\\t'" in what:
        return Place(file, line), "YAML: a tab where blanks belong", "use blanks"
    if "mapping values are not allowed" in what:
        return Place(file, line), "YAML: a colon within a text", "put the text in quotes, or below |"
    if line and "{{" in text.split("\n")[line - 1]:
        return Place(file, line), "YAML takes {{ for brackets of its own", "put the text in single quotes"
    return Place(file, line), f"YAML: {what}", INDENTATION


def _long_quote(text, mark):
    """Return the line of a quoted text that runs over several lines and ends where the fault is."""
    if mark is None:
        return None
    opened = None
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if token.start_mark.index >= mark.index:
                break
            quoted = isinstance(token, yaml.ScalarToken) and token.style in ("'", '"')
            runs_on = quoted and token.end_mark.line > token.start_mark.line
            opened = token.start_mark.line if runs_on and token.end_mark.line >= mark.line - 1 else opened
    except yaml.YAMLError:
        pass
    return opened
