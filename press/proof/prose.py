"""The text beside the book's own rules of prose: words to write otherwise, phrases, signs, long sentences, spelling.

Place in the flow: beside the build, for `build.py check-text`; it reads the files of the tree as they stand
(`rawtree`) and nothing else, so it is done in a second. The rules stand in `prose.yaml` in the book's folder,
whose model is `content.schema.Prose`; a book without one is looked at for its spelling.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from press.problems import Place, Problem
from press.proof.rawtree import Text, read_yaml

# Keys whose words are not the author's prose: LaTeX, names, paths, and the wording of a source.
UNREAD = {"number", "title", "tex", "id", "file", "date", "language", "figures", "notation", "references", "source"}
UNREAD |= {"sections", "cover", "license", "experiments", "author", "headings", "spoken", "reads", "see", "forms"}
# What stands in a text and is no prose: code, mathematics, numbers, citations, references, roles, addresses.
MARKUP = re.compile(
    r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$(?:\\.|[^$\\])+\$|\{\{.*?\}\}|\[@[^\]]*\]|\]\([^)\s]*\)|\{\w+\}|<https?:[^>]*>",
    re.DOTALL,
)
HEAD = re.compile(r"^\s*:{3,}.*$|^\s*:(?:width|align|license|from|by):.*$|^\s*\|[\s|:-]+\|\s*$", re.MULTILINE)
END = re.compile(
    r"\s(?=\([a-z]\)\s)|;\s|[.!?:][\"'”’)*]*\s+(?=[\"'“‘(*]*[A-Z\ue000])|\n\s*\n|\n(?=\s*(?:[-*+|:]|\d+[.)])\s?)"
)
WORD = re.compile(r"[\w'’-]*[A-Za-z][\w'’-]*|\ue000")
NAMED = re.compile(r"\bcalled\s+(?:an?\s+)?\Z")
STANDS = "\ue000"  # for what was taken out of a line
SPELLING = "clear,rare,en-GB_to_en-US"  # dictionaries of codespell: misspellings, and British spelling


class Remark(NamedTuple):
    """One remark: a Problem, and whether it is only a warning."""

    problem: Problem
    is_warning: bool = False


def files_of(folder: Path) -> list[Path]:
    """Return the files of a tree in which there is prose."""
    named = read_yaml(folder / "book.yaml").get("sections", [])
    usual = [folder / f"{name.text}.yaml" for name in named] + sorted((folder / "further").glob("*.yaml"))
    usual += [folder / name for name in ("toolbox.yaml", "experiments.yaml", "notation.yaml", "book.yaml")]
    return [file for file in usual if file.is_file()]


def remarks(folder: Path, rules: Any) -> list[Remark]:
    """Return what a book's text has against its rules (`content.schema.Prose`), in the order of files and lines."""
    found: list[Remark] = []
    rows: dict[Path, dict[int, str]] = {}
    for file in files_of(folder):
        for text in texts_of(read_yaml(file)):
            prose = prose_of(text.text)
            found += look(prose, text, rules)
            for below, row in enumerate(prose.split("\n")):
                lines = rows.setdefault(file, {})
                lines[text.line + below] = f"{lines.get(text.line + below, '')} {row}"
    found += spelling(rows, rules)
    return sorted(found, key=lambda remark: (str(remark.problem.place.file), remark.problem.place.line))


def texts_of(node: Any, key: str = "") -> Iterator[Text]:
    """Yield the texts of a tree that are prose."""
    if isinstance(node, dict):
        for name, inner in node.items():
            if name not in UNREAD:
                yield from texts_of(inner, name)
    elif isinstance(node, list):
        first = 1 if key == "rows" and node and isinstance(node[0], Text) else 0  # a sign and its meaning
        for inner in node[first:]:
            yield from texts_of(inner, key)
    else:
        yield node


def prose_of(text: str) -> str:
    """Return a text with its markup taken out, on the same lines."""

    def blank(match: re.Match[str]) -> str:
        return STANDS + "\n" * match[0].count("\n")

    return HEAD.sub("", MARKUP.sub(blank, text)).replace("**", "").replace("[", "")


def look(prose: str, text: Text, rules: Any) -> Iterator[Remark]:
    """Yield what a text has against the rules of a book."""

    def at(start: int) -> Place:
        return Place(text.file, text.line + prose.count("\n", 0, start))

    for wrong, right in (*rules.instead.items(), *((phrase, "") for phrase in rules.never)):
        pattern = rf"(?<![\w-]){re.escape(wrong)}(?![\w-])".replace(r"\ ", r"\s+")
        for match in re.finditer(pattern, prose, re.IGNORECASE):
            if NAMED.search(prose[: match.start()]):
                continue  # another name is told there, once
            how = f"write {right!r}" if right else "say it without these words"
            yield Remark(Problem(at(match.start()), f"{' '.join(match[0].split())!r}", how))
    for sign, how in rules.signs.items():
        for match in re.finditer(re.escape(sign), prose):
            yield Remark(Problem(at(match.start()), f"the sign {sign!r}", how))
    if rules.longest_sentence:
        for start, words in sentences(prose):
            if len(words) > rules.longest_sentence:
                what = f"a sentence of {len(words)} words, {rules.longest_sentence} are the most"
                yield Remark(Problem(at(start), what, f"part it: “{' '.join(words[:6])} …”"), True)


def sentences(prose: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (where it begins, its words) of each sentence."""
    start = 0
    for end in [*(match.end() for match in END.finditer(prose)), len(prose)]:
        words = WORD.findall(prose[start:end])
        if words:
            yield start + len(prose[start:end]) - len(prose[start:end].lstrip()), words
        start = end


def spelling(rows: dict[Path, dict[int, str]], rules: Any) -> Iterator[Remark]:
    """Yield what codespell has against the words of some files, told at their lines."""
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (file, lines) in enumerate(rows.items()):
            copy = Path(folder) / f"{number}.txt"
            copy.write_text("\n".join(lines.get(line, "") for line in range(1, max(lines) + 1)), encoding="utf-8")
            names[copy] = file
        if not names:
            return
        command = [sys.executable, "-m", "codespell_lib", "--builtin", SPELLING if rules.american else "clear,rare"]
        command += ["--ignore-words-list", ",".join(["_", *rules.known]), "--disable-colors", "--config", "/dev/null"]
        told = subprocess.run([*command, *map(str, names)], capture_output=True, text=True, encoding="utf-8")
        if "No module named" in told.stderr:
            raise ModuleNotFoundError("codespell_lib")
    for copy, line, what in re.findall(r"^(.+?):(\d+): (.+)$", told.stdout, re.MULTILINE):
        wrong, _, right = what.partition(" ==> ")
        yield Remark(Problem(Place(names[Path(copy)], int(line)), f"{wrong!r} is misspelled", f"write {right}"))
