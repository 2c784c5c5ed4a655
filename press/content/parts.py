"""What stands behind the answers: going further, the toolbox, how the experiments were run.

Place in the flow: `tree` calls `load_parts` after the sections. All of it is optional: a book has
these parts as soon as the folder `further/` or the files `toolbox.yaml` and `experiments.yaml` are
there. Each text that stands by itself is a `Passage`, which has what later stages ask of an entry.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from press.content.reading import read_yaml
from press.content.schema import Experiments, FurtherSection, Toolbox
from press.content.validation import below, place_of, validate
from press.problems import Place

# Figures, tables and equations of a part have numbers of their own: G3.4-1, T-1, E-1.
FURTHER, TOOLBOX, EXPERIMENTS = "G", "T", "E"


@dataclass(frozen=True)
class Passage:
    """A text behind the answers: what goes further on one question, a tool, the experiments' lead."""

    key: str  # as references name it: "further:3.4.2", "tool:variance"
    number: str  # as printed: "3.4.2", or "5" of a tool
    section: str  # what its figures are numbered by, and which terms it may define: "G3.4", "T"
    node: Any  # schema.Further, Tool or Experiments
    file: Path
    lines: dict

    @property
    def id(self):
        """The anchor of the heading in HTML and PDF."""
        return anchor_of(self.key)

    def fields(self):
        """Yield (path, text) of each field that has Markdown, in reading order."""
        yield ("text",), self.node.text
        for index, problem in enumerate(getattr(self.node, "problems", [])):
            yield ("problems", index, "ask"), problem.ask
            yield ("problems", index, "solution"), problem.solution

    def plain(self):
        """Yield (path, words) of each field that is printed as it stands."""
        if title := getattr(self.node, "title", None):
            yield ("title",), title

    def place(self, *path):
        """Return the place of a field."""
        return place_of(self.file, self.lines, path)


class Owner(NamedTuple):
    """The head of a file that has `terms`: where they stand and where they may be defined."""

    key: str
    section: str
    file: Path
    lines: dict

    @property
    def number(self):
        """The section, as a section's own entry has it."""
        return self.section

    def place(self, *path):
        """Return the place of a field."""
        return place_of(self.file, self.lines, path)


class Parts(NamedTuple):
    """The passages behind the answers, in the book's order, and the terms (Term, Owner, index) that they define."""

    further: list
    tools: list
    experiments: Passage | None
    terms: list
    toolbox_lead: str | None = None

    @property
    def passages(self):
        """All passages in the order in which they are printed."""
        return [*self.further, *self.tools, *([self.experiments] if self.experiments else [])]

    @property
    def problems(self):
        """{key: (Passage, index)} of all problems: "problem:3.4.2-P1"."""
        return {
            f"problem:{problem_number(passage, index)}": (passage, index)
            for passage in self.further
            for index in range(len(passage.node.problems))
        }

    @property
    def targets(self):
        """{what a text refers to: (anchor, kind, number)} of everything behind the answers."""
        found = {passage.key: (passage.id, "further", "") for passage in self.further}
        found |= {tool.key: (tool.id, "tool", tool.number) for tool in self.tools}
        for target in self.problems:
            found[target] = anchor_of(target), "problem", target.partition(":")[2]
        names = self.experiments.node.experiments if self.experiments else []
        for index, name in enumerate(names, start=1):
            found[f"experiment:{name}"] = anchor_of(f"experiment:{name}"), "experiment", f"{index}"
        return found


def anchor_of(target):
    """Return the anchor of a target such as "problem:3.4.2-P1"."""
    return target.replace(":", "-")


def problem_number(passage, index):
    """Return the printed number of a problem: 3.4.2-P1."""
    return f"{passage.number}-P{index + 1}"


def load_parts(folder, entries, lost, problems):
    """Read the parts that a book has; `lost` are sections that could not be read, faults go to `problems`."""
    terms = []
    further = _further(folder / "further", entries, lost, terms, problems)
    lead, tools = _tools(folder / "toolbox.yaml", terms, problems)
    experiments = _experiments(folder / "experiments.yaml", terms, problems)
    return Parts(further, tools, experiments, terms, lead)


def _read(model, file, problems):
    """Return (data, lines) of a file, (None, lines) where it does not fit its model."""
    data, lines = read_yaml(file, problems)
    return (None if data is None else validate(model, data, file, lines, problems)), lines


def _own_terms(data, owner, terms):
    terms.extend((term, owner, index) for index, term in enumerate(data.terms))


def _further(folder, entries, lost, terms, problems):
    known = {entry.number: entry for entry in entries}
    order = [entry.number for entry in entries if entry.is_answer]
    found = {}
    for file in sorted(folder.glob("*.yaml")):
        data, lines = _read(FurtherSection, file, problems)
        if data is None or data.number in lost:
            continue
        if data.number != file.stem or data.number not in known:
            problems.add(
                Place(file, lines[("number",)][0]),
                f"{data.number!r} is not the section that {file.name} is named after",
                "name the file after a section of the tree, and repeat it under `number`",
            )
            continue
        _own_terms(data, Owner(f"further {data.number}", FURTHER + data.number, file, lines), terms)
        for index, node in enumerate(data.questions):
            place = Place(file, lines[("questions", index)][0])
            if node.number not in order or known[node.number].section != data.number:
                problems.add(place, f"{node.number} is no answer of section {data.number}", "use the answer's number")
            elif node.number in found:
                problems.add(place, f"{node.number} goes further twice", "join the two")
            else:
                own = below(lines, "questions", index)
                found[node.number] = Passage(
                    f"further:{node.number}", node.number, FURTHER + data.number, node, file, own
                )
    return [found[number] for number in order if number in found]


def _tools(file, terms, problems):
    """Return the lead of the toolbox and its tools."""
    if not file.is_file():
        return None, []
    data, lines = _read(Toolbox, file, problems)
    if data is None:
        return None, []
    _own_terms(data, Owner("toolbox", TOOLBOX, file, lines), terms)
    tools = {}
    for index, node in enumerate(data.tools):
        if node.id in tools:
            problems.add(
                Place(file, lines[("tools", index)][0]), f"the tool {node.id!r} stands twice", "give it another id"
            )
        own = below(lines, "tools", index)
        tools[node.id] = Passage(f"tool:{node.id}", f"{index + 1}", TOOLBOX, node, file, own)
    return data.lead, list(tools.values())


def _experiments(file, terms, problems):
    if not file.is_file():
        return None
    data, lines = _read(Experiments, file, problems)
    if data is None:
        return None
    _own_terms(data, Owner("experiments", EXPERIMENTS, file, lines), terms)
    return Passage("experiments", "", EXPERIMENTS, data, file, lines)
