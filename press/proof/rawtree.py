"""The content tree as it stands in its files: YAML strings with their lines, and BibTeX fields.

Place in the flow: first of the second reading. Nothing is checked and nothing is converted here, and
nothing is shared with `press.content`: a scalar is the text that YAML has for it, and its line.
"""

import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # of libyaml, where it is there: a fourteenth of the time


class Text(NamedTuple):
    """A scalar: its text, the file it stands in, and the line on which its text begins."""

    text: str
    file: Path
    line: int


def read_yaml(file):
    """Return what a YAML file holds as dicts, lists and Texts; an empty file is an empty dict."""
    return _plain(yaml.compose(file.read_text(encoding="utf-8"), Loader=LOADER), file)


def _plain(node, file):
    if node is None:
        return {}
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value, file) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value, file) for value in node.value]
    return Text(node.value, file, node.start_mark.line + 1 + (node.style in ("|", ">")))


class Work(NamedTuple):
    """An entry of a BibTeX file: its kind, its fields as BibTeX has them, its line."""

    kind: str
    fields: dict[str, str]
    line: int


def read_bibtex(file):
    """Return {key: Work} of a BibTeX file."""
    text, works = file.read_text(encoding="utf-8"), {}
    for head in re.finditer(r"^\s*@(\w+)\s*\{\s*([^,\s]+)\s*,", text, re.MULTILINE):
        fields, at = {}, head.end()
        while field := re.compile(r"(?:\s|,)*+(\w++)\s*+=\s*+").match(text, at):
            value, at = _value(text, field.end())
            fields[field[1].lower()] = " ".join(value.split())
        works[head[2]] = Work(head[1].lower(), fields, text.count("\n", 0, head.start(2)) + 1)
    return works


def _value(text, at):
    """Return the value that begins at `at`, without its braces or quotes, and where it ends."""
    if text[at] not in '{"':
        end = next((place for place in range(at, len(text)) if text[place] in ",}" or text[place].isspace()), len(text))
        return text[at:end], end
    depth, start, quoted = 0, at, text[at] == '"'
    while at < len(text):
        letter = text[at]
        depth += (letter == "{") - (letter == "}")
        at += 1
        if at - 1 > start and ((quoted and letter == '"' and not depth) or (not quoted and not depth)):
            break
    return text[start + 1 : at - 1], at


ACCENTS = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "c": "\u0327",
    "v": "\u030c",
    "u": "\u0306",
    "H": "\u030b",
    "r": "\u030a",
    "k": "\u0328",
}
LETTERS = {"o": "ø", "O": "Ø", "ss": "ß", "ae": "æ", "AE": "Æ", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł", "i": "ı"}


def plain_latex(value):
    """Return a BibTeX value as words: accents set, braces and dollars gone, powers as they are read."""
    value = re.sub(r"\\(['`^\"~=.])\s*\{?\\?([A-Za-z])\}?", _accented, value)
    value = re.sub(r"\\([cvuHrk])(?:\s*\{|\s+)([A-Za-z])\}?", _accented, value)
    value = re.sub(r"\\(ss|ae|AE|aa|AA|o|O|l|L|i)(?![A-Za-z])\s*", lambda match: LETTERS[match[1]], value)
    value = re.sub(r"\\([&%$#_{}])", r"\1", value.replace("~", " ").replace("---", "—").replace("--", "–"))
    value = value.replace("``", '"').replace("''", '"').replace("`", "'")
    value = re.sub(r"\\(?:emph|textit|textbf|texttt|mathrm)\b", "", value)
    return re.sub(r"[{}$^]", "", value)


def _accented(match):
    letter = "i" if match[2] == "ı" else match[2]
    return unicodedata.normalize("NFC", letter + ACCENTS[match[1]])


def people(value):
    """Return [(last name, first names)] of a BibTeX list of names; a name in braces is whole."""
    depth, names, current = 0, [], ""
    for word in re.split(r"(\s+)", value.strip()):
        if word == "and" and not depth:
            names.append(current.strip())
            current = ""
            continue
        depth += word.count("{") - word.count("}")
        current += word
    return [_person(name) for name in [*names, current.strip()]]


def _person(name):
    if re.fullmatch(r"\{[^{}]*\}", name):
        return plain_latex(name), ""
    if "," in name:
        last, _, first = name.partition(",")
        return plain_latex(last).strip(), plain_latex(first.rpartition(",")[2]).strip()
    words = plain_latex(name).split()
    start = next((index for index, word in enumerate(words[:-1]) if word[0].islower()), len(words) - 1)
    return " ".join(words[start:]), " ".join(words[:start])
