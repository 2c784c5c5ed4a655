r"""Slips of the hand in the real tree: is each told, or printed whole?

`make mutants` makes 10,000 changes of the book's sections, seeded, one at a time: a sign lost or
doubled, a line gone, a colon missing, markup where none was. Each is read as far as HTML. It is
told as a fault, or every word and formula of its raw fields stands in the HTML; a traceback, more
than 10 seconds, or a word that is lost is a fault of the press. The words wanted come from the raw
YAML by a reading of this file's own, which knows little and so overlooks nothing.
"""

import random
import re
import signal
import sys
import tempfile
from collections import Counter
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import yaml

from press.content.reading import read_yaml
from press.content.schema import Section
from press.content.tree import Entry, load
from press.content.validation import validate
from press.problems import BookError, Place, Problems
from press.text import html
from press.text.uses import read_texts
from press.words import read_words

BOOK = Path(__file__).resolve().parent.parent / "book"
WORDS = read_words("en-US", Place(Path("book.yaml")), Problems())
SIGNS = "$`*_[](){}:|\\<>#&@\"'-+~^%=!\t\n"
PIECES = (
    *("{{", "}}", "{%", "{#", "[^1]", "<b>", "---", ":::", "::"),
    *("$$", "**", "[@", "](", "# ", "> ", "1986. ", "    "),
)
KINDS = (
    *("lost", "lost sign", "doubled", "sign", "piece"),
    *("line lost", "line twice", "lines", "indent", "blank", "cut"),
)
MOST_SECONDS = 10
WORD = re.compile(r"[A-Za-z\u00c0-\u024f]{2,}|\d+")
FORMULA = re.compile(r"\$\$(.+?)\$\$(?: *\([^)]*\))?|(?<!\\)\$(.+?)(?<!\\)\$", re.DOTALL)
UNPRINTED = re.compile(
    r"\[@[^\]]*\]|\]\([^)]*\)|^ *:{3,} *\{(?:figure|table|place)\}.*$|\{(?:note|example|ix)\}|<https?:[^>]*>"
    r"|^ *:(?:width|align|title):.*$|^ *:alt:|^ *(?:```.*$|\d+[.)] )",
    re.MULTILINE,
)
TAG = re.compile(r'<[^>]*?alt="([^"]*)"[^>]*>|<[^>]+>')


class Slow(Exception):
    """A mutant that is still being read after the time that it has."""


class Anything(dict):
    """Figures or formulas of every name: what counts here is the text around them."""

    def get(self, key, default=None):
        return drawn(key)


def drawn(key):
    """Return a stand-in for a figure or a formula; its address holds what it shows."""
    latex = key[0] if isinstance(key, tuple) else key
    page = SimpleNamespace(key=latex, width=100.0, height=10.0)
    return SimpleNamespace(page=page, width=1.0, depth=0.0, spoken="", file=None, place=Place(Path("figure")))


def mutated(text, rng):
    """Return a text with one slip, and what it was."""
    at = rng.randrange(len(text))
    lines = text.split("\n")
    row = rng.randrange(len(lines))
    spots = [found.start() for found in re.finditer(r"[$`*\[\](){}:|\\@\"']|^ +", text, re.MULTILINE)]
    spot = rng.choice(spots)
    kind = rng.choice(KINDS)
    match kind:
        case "lost":
            return text[:at] + text[at + 1 :], kind
        case "lost sign":
            return text[:spot] + text[spot + 1 :], kind
        case "doubled":
            return text[:spot] + text[spot] + text[spot:], kind
        case "sign":
            return text[:at] + rng.choice(SIGNS) + text[at:], kind
        case "piece":
            return text[:at] + rng.choice(PIECES) + text[at:], kind
        case "line lost":
            lines.pop(row)
        case "line twice":
            lines.insert(row, lines[row])
        case "lines":
            other = min(row + 1, len(lines) - 1)
            lines[row], lines[other] = lines[other], lines[row]
        case "indent":
            lines[row] = rng.choice(("  ", "    ", " ", "")) + rng.choice((lines[row], lines[row].lstrip()))
        case "blank":
            lines.insert(row, "")
        case "cut":
            return text[:at], kind
    return "\n".join(lines), kind


def read(file, book):
    """Read a section as far as HTML; return (faults, HTML by entry and path, entries)."""
    problems = Problems()
    data, lines = read_yaml(file, problems)
    section = validate(Section, data, file, lines, problems) if data is not None else None
    if section is None or problems.found:
        return problems.found or ["not read"], {}, []
    entries = [Entry(section, 1, section.number, file, lines)]
    for index, node in enumerate(section.questions):
        below = {path[2:]: line for path, line in lines.items() if path[:2] == ("questions", index)}
        entries.append(Entry(node, 2, section.number, file, below))
    alone = SimpleNamespace(
        entries=entries,
        parts=SimpleNamespace(passages=[], terms=[], targets={}),
        terms=[(term, entries[0], index) for index, term in enumerate(section.terms)],
        meta=SimpleNamespace(figures="figures", study="x", colophon="x", collation="x"),
        notation=[],
        path=lambda name: BOOK / name,
        place=lambda name: Place(file, 1),
    )
    texts = read_texts(alone, NUMBERS, WORDS, problems)
    if problems.found:
        return problems.found, {}, entries
    context = html.Context(
        alone, texts, SimpleNamespace(formulas=Anything()), SimpleNamespace(figures=Anything()), WORKS, {}, WORDS
    )
    fields = [(entry, path) for entry in entries for path, _ in entry.fields()]
    return [], {(entry.number, path): html.to_html(context, entry, path) for entry, path in fields}, entries


class Works(dict):
    """Works of every key."""

    def __contains__(self, key):
        return True

    def __getitem__(self, key):
        return SimpleNamespace(number=key)


NUMBERS: dict = {}
WORKS = Works()


def wanted(text):
    """Return the words that a raw text prints, and how many formulas, by a reading of its own."""
    text = re.sub(r"\{\{-?.*?-?\}\}", " ", text, flags=re.DOTALL)
    code = " ".join(re.findall(r"`([^`\n]+)`", text))
    text = re.sub(r"`[^`\n]+`", " ", text)
    formulas = len(FORMULA.findall(text))
    return WORD.findall(code) + WORD.findall(UNPRINTED.sub(" ", FORMULA.sub(" ", text))), formulas


def lost(file, printed, entries):
    """Return what a section's raw fields have and its HTML has not."""
    gone = []
    raw = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    nodes = [raw, *(raw.get("questions") or [])]
    for entry, node in zip(entries, nodes, strict=True):
        for path, _ in entry.fields():
            if path[-1] == "tex":
                continue
            field = node
            for step in path:
                field = field[step]
            code = printed[entry.number, path]
            words, formulas = wanted(field)
            shown = Counter(WORD.findall(unescape(TAG.sub(r" \1 ", code))))
            gone += [f"{entry.number} {path}: {word}" for word in Counter(words) - shown]
            if formulas > code.count('<img class="formula'):
                gone.append(f"{entry.number} {path}: a formula")
    return gone


def judge(seed, book, folder):
    """Make one mutant; return (verdict, what), the verdict one of told, whole, lost, slow, traceback."""
    rng = random.Random(seed)
    name = rng.choice(book.meta.sections)
    text, kind = mutated((BOOK / f"{name}.yaml").read_text(encoding="utf-8"), rng)
    file = folder / f"{name}.yaml"
    file.write_text(text, encoding="utf-8")
    signal.signal(signal.SIGALRM, _slow)
    signal.alarm(MOST_SECONDS)
    try:
        faults, printed, entries = read(file, book)
        if faults:
            return "told", kind
        gone = lost(file, printed, entries)
        return ("lost", f"{kind}: {'; '.join(gone[:3])}") if gone else ("whole", kind)
    except BookError:
        return "told", kind
    except Slow:
        return "slow", kind
    except Exception as error:
        return "traceback", f"{kind}: {type(error).__name__}: {error}"
    finally:
        signal.alarm(0)


def _slow(number, frame):
    raise Slow


def run(first, count, tell=lambda line: None):
    """Return (counts, lines of what was neither told nor whole) of the mutants of some seeds."""
    book = load(BOOK, Problems())
    NUMBERS.update(_every_number(book))
    counts, odd = Counter(), []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + count):
            verdict, what = judge(seed, book, Path(folder))
            counts[verdict] += 1
            if verdict not in ("told", "whole"):
                odd.append(f"{seed}: {verdict}: {what}")
                tell(odd[-1])
    return counts, odd


def _every_number(book):
    """Return results of the shape that the texts of the book ask for, all of them 7."""
    numbers: dict = {}
    texts = [path.read_text(encoding="utf-8") for path in BOOK.glob("*.yaml")]
    asked = re.compile(r"\{\{-?\s*([A-Za-z_]\w*(?:\.\w+)*)((?:\[\d+\])*)\s*\|?\s*(\w*)")
    for name, indices, which in asked.findall("\n".join(texts)):
        here, parts = numbers, [int(part) if part.isdigit() else part for part in name.split(".")]
        for part in parts[:-1]:
            here = here.setdefault(part, {})
            if not isinstance(here, dict):
                break
        else:
            depth = indices.count("[") + {"row": 1, "column": 1, "matrix": 2}.get(which, 0)
            value = 7
            for _ in range(depth):
                value = [value] * 30
            if not isinstance(here.get(parts[-1]), (dict, list)):
                here[parts[-1]] = value
    return numbers


def main():
    """Judge the mutants; exit 1 if one was lost, slow or ended in a traceback."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    counts, odd = run(1, count, lambda line: print(line, flush=True))
    print(", ".join(f"{number} {verdict}" for verdict, number in counts.most_common()))
    raise SystemExit(bool(odd))


if __name__ == "__main__":
    main()
