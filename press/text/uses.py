"""Read the texts: fill in the numbers (Jinja, sandboxed), parse the Markdown, collect what it uses.

Place in the flow: after `drawing`, before `formulas`. Nothing is set here yet: the result says
which formulas, figures, tables, equations, citations and terms the book has, numbers them by
section, and holds the parsed tokens that `markup` turns into HTML.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from press.problems import Place
from press.text.numbers import FILTERS

DIRECTIVE = re.compile(r"^\{(?P<kind>[a-z]+)\}\s*(?P<argument>.*)$")
OPTION = re.compile(r"^:(?P<name>[a-z]+):\s*(?P<value>.*)$")
# What may stand between ::: lines: options that are needed, options that are known.
DIRECTIVES = {
    "figure": ({"width", "alt"}, {"width", "alt", "title"}),
    "table": (set(), {"align", "width"}),
    "note": (set(), set()),
    "example": (set(), set()),
    "place": (set(), set()),
}
WIDTHS = {"column", "wide", "margin"}
PLACEABLE = {"watch_out", "check", "sources"}


class Numbered(NamedTuple):
    """A figure, table or equation: its kind, its printed number ("3.4-1") and the entry it stands in."""

    kind: str
    number: str
    entry: object
    place: Place


class Use(NamedTuple):
    """Somewhere that the text points to something: the target, who points, and from where."""

    target: str
    entry: object
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


class _Environment(SandboxedEnvironment):
    """Jinja for answers: numbers by name and filters, nothing else; {{ a.items }} is the key "items"."""

    def getattr(self, obj, attribute):
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


def read_texts(book, numbers, problems):
    """Parse every text of the book; faults go to `problems`."""
    environment = _Environment(undefined=StrictUndefined, autoescape=False)
    environment.filters.clear()
    environment.filters.update(FILTERS)
    environment.globals.clear()
    environment.globals.update(numbers)
    reader = _Reader(environment, parser(), Texts(), problems, {})
    for entry in book.entries:
        node = entry.node
        fields = [("opener",)] if getattr(node, "opener", None) else []
        fields += [(name,) for name in ("key", "answer", "watch_out") if getattr(node, name)]
        for path in fields:
            reader.read(entry, path, getattr(node, path[0]))
        for index, check in enumerate(node.check):
            reader.read(entry, ("check", index, "ask"), check.ask)
            reader.read(entry, ("check", index, "answer"), check.answer)
        for index, formula in enumerate(node.formulas):
            place = entry.place("formulas", index, "tex")
            reader.texts.formulas.setdefault((formula.tex.strip(), True), []).append(place)
            reader.read(entry, ("formulas", index, "name"), formula.name)
    for passage in book.parts.passages:
        reader.read(passage, ("text",), passage.node.text)
        for index, problem in enumerate(getattr(passage.node, "problems", [])):
            reader.read(passage, ("problems", index, "ask"), problem.ask)
            reader.read(passage, ("problems", index, "solution"), problem.solution)
    for term, entry, index in book.terms:
        reader.read(entry, ("terms", index, "text"), term.text)
    for name in ("study", "colophon", "collation"):
        reader.read(None, (name,), getattr(book.meta, name), book.place(name))
    for number, group in enumerate(book.notation):
        for row, (symbol, meaning) in enumerate(group["rows"]):
            place = Place(book.path(book.meta.notation))
            reader.texts.formulas.setdefault((symbol, False), []).append(place)
            reader.read(None, ("notation", number, row), meaning, place)
    return reader.texts


def parser():
    """Return the Markdown parser of the book: CommonMark, tables, mathematics, directives, roles."""
    md = MarkdownIt("commonmark", {"html": False, "typographer": True})
    md.enable(["table", "smartquotes"])
    md.use(dollarmath_plugin, allow_labels=True, allow_space=False)
    md.use(colon_fence_plugin)
    md.use(myst_role_plugin)
    md.inline.ruler.before("link", "citation", _citation)
    return md


def _citation(state, silent):
    """Read [@key], [@key1; @key2, ch. 6] as one token; `meta` holds (key, locator) pairs."""
    match = re.match(r"\[@([^\]]+)\]", state.src[state.pos :])
    if not match:
        return False
    if not silent:
        token = state.push("citation", "", 0)
        parts = [part.strip().lstrip("@") for part in match[1].split(";")]
        token.meta = {"works": [tuple(s.strip() for s in part.partition(",")[::2]) for part in parts]}
    state.pos += match.end()
    return True


@dataclass
class _Reader:
    environment: object
    md: object
    texts: Texts
    problems: object
    counts: dict

    def read(self, entry, path, text, place=None):
        """Fill in and parse one field of an entry."""
        place = place or entry.place(*path)
        try:
            filled = self.environment.from_string(text).render()
        except TemplateError as error:
            line = (getattr(error, "lineno", None) or _line_of(error)) - 1
            self.problems.add(
                place.after(line),
                f"computed number: {error.message}",
                "numbers are {{ module.function.key | fixed(2) }}; write { { in LaTeX",
            )
            return
        except (TypeError, ValueError, IndexError, KeyError) as error:
            self.problems.add(
                place.after(_line_of(error) - 1),
                f"computed number: {error}",
                "look at what the function in figures/ returns",
            )
            return
        tokens = self.md.parse(filled)
        self._open_directives(tokens, entry, place)
        before = len(self.texts.citations) + len(self.texts.references)
        self._collect(tokens, entry, place)
        if path[0] in ("key", "formulas") and len(self.texts.citations) + len(self.texts.references) > before:
            self.problems.add(
                place, f"{path[-1]!r} refers to something that its study card does not have", "say it in the answer"
            )
        self.texts.parsed[(entry.key if entry else "", *path)] = tokens

    def _open_directives(self, tokens, entry, place):
        """Replace each ::: fence by a directive token whose body is parsed."""
        for token in tokens:
            if token.type != "colon_fence":
                continue
            here = place.after(token.map[0])
            match = DIRECTIVE.match(token.info.strip())
            if not match or match["kind"] not in DIRECTIVES:
                self.problems.add(
                    here,
                    f"unknown block {token.info.strip()!r}",
                    f"known are {', '.join(f'{{{name}}}' for name in DIRECTIVES)}",
                )
                continue
            options, body, skipped = {}, token.content.split("\n"), 1
            while body and (option := OPTION.match(body[0])):
                options[option["name"]] = option["value"].strip()
                body, skipped = body[1:], skipped + 1
            self._check_options(match["kind"], match["argument"], options, here)
            if match["kind"] == "table" and any(r"\|" in line for line in body):
                # Markdown takes the backslash for its own and leaves a single bar.
                self.problems.add(here, r"\| in a table loses its backslash", r"write \Vert")
            inner = self.md.parse("\n".join(body))
            for child in inner:
                if child.map:
                    child.map = [line + token.map[0] + skipped for line in child.map]
            token.type = "directive"
            token.meta = {
                "kind": match["kind"],
                "argument": match["argument"].strip(),
                "options": options,
                "tokens": inner,
            }
            if match["kind"] in ("figure", "table"):
                prefix = match["kind"][:3]
                self._number(f"{prefix}:{token.meta['argument']}", match["kind"].capitalize(), entry, here)

    def _check_options(self, kind, argument, options, here):
        needed, known = DIRECTIVES[kind]
        for name in sorted(needed - options.keys()):
            self.problems.add(here, f"this {kind} has no :{name}:", "add the line")
        for name in sorted(options.keys() - known):
            self.problems.add(here, f"unknown option :{name}: of a {kind}", "take it out")
        if options.get("width", "wide") not in WIDTHS:
            self.problems.add(here, f"unknown width {options['width']!r}", f"use one of {', '.join(sorted(WIDTHS))}")
        if kind in ("figure", "table") and not argument:
            self.problems.add(here, f"this {kind} has no name", f"write {{{kind}}} and its name")
        title = argument.strip() if kind in ("note", "example") else options.get("title", "")
        if re.search(r"[$*`]", title):
            self.problems.add(here, f"the title {title!r} of this {kind} has markup", "write plain words")
        if kind == "place" and argument not in PLACEABLE:
            self.problems.add(here, f"cannot place {argument!r}", f"use one of {', '.join(sorted(PLACEABLE))}")

    def _number(self, label, kind, entry, here):
        if entry is None:
            self.problems.add(
                here, f"a numbered {kind.lower()} stands outside the answers", "take it out, or its label"
            )
            return
        if label in self.texts.numbered:
            self.problems.add(here, f"{label} stands in the book twice", "give it another name, or refer to it")
            return
        count = self.counts[kind, entry.section] = self.counts.get((kind, entry.section), 0) + 1
        self.texts.numbered[label] = Numbered(kind, f"{entry.section}-{count}", entry, here)

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
                    self._number(token.info, "Equation", entry, here)
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
            elif token.type == "directive":
                self._open_directives(token.meta["tokens"], entry, place)
                self._collect(token.meta["tokens"], entry, place, line, token.meta["kind"] == "table")

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


def _line_of(error):
    """Return the line of a template at which rendering failed, from the traceback."""
    line, trace = 1, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
