"""What stands behind the answers: going further, toolbox, experiments, answers and solutions.

Place in the flow: after the layout of the answers, whose pages it quotes, before `back`, which
quotes both. It is laid out on the page of the answers, notes in the margin; pages that lead to a
part itself are slots, filled in when all parts are laid out.
"""

from dataclasses import replace

from markupsafe import Markup

from press.content.parts import anchor_of, problem_number
from press.documents.body import environment, running, short_head
from press.text.html import folio, hung_html, to_html


def has_parts(book):
    """Say whether a book has anything to print here."""
    return bool(book.parts.passages)


def compose_parts(context, places, templates, first_folio):
    """Return the HTML of the parts; `places` are {anchor: folio} of the answers."""
    context = replace(context, places=places)
    book = context.book
    return (
        environment(templates, context.words)
        .get_template("parts.html")
        .render(
            meta=book.meta,
            first_folio=first_folio,
            is_left=first_folio % 2 == 0,
            further=[further_of(context, passage) for passage in book.parts.further],
            tools=[tool_of(context, passage) for passage in book.parts.tools],
            toolbox_lead=book.parts.toolbox_lead,
            experiments=experiments_of(context, book.parts.experiments),
            answers=_answers(replace(context, is_apart=True)) if book.parts.problems else [],
        )
    )


def further_of(context, passage):
    """Return what the template needs of what goes further on a question."""
    entry = context.entries[passage.number]
    return {
        "id": passage.id,
        "number": entry.number,
        "title": entry.wording,
        "entry": entry.id,
        "page": entry.node.page,
        "head": running(entry, context.words.further),
        "text": hung_html(context, passage, ("text",)),
        "problems": [
            {
                "number": problem_number(passage, index),
                "id": anchor_of(f"problem:{problem_number(passage, index)}"),
                "solution": _solution_anchor(passage, index),
                "ask": to_html(context, passage, ("problems", index, "ask")),
            }
            for index in range(len(passage.node.problems))
        ],
        "solutions": _to_solutions(context, passage) if passage.node.problems else "",
        "sources": _sources(context, entry, passage),
    }


def _to_solutions(context, passage):
    """Return the way from the head of the problems to their solutions."""
    first = _solution_anchor(passage, 0)
    words = f"{context.words.solution}, {context.words.on_page(folio(context, first))}"
    return Markup(f'<a class="to-solution" href="#{first}">{words}</a>')


def _solution_anchor(passage, index):
    return anchor_of(f"solution:{problem_number(passage, index)}")


def _sources(context, entry, passage):
    """Return what an answer and its passage cite, in the order of the references."""
    cited = {use.target for use in context.texts.citations if use.entry in (entry, passage)}
    works = sorted(context.works[key] for key in cited if key in context.works)
    return [{"number": work.number, "short": work.short} for work in works]


def tool_of(context, tool):
    """Return what the template needs of a tool."""
    return {
        "id": tool.id,
        "number": context.words.numbered("tool", tool.number),
        "title": tool.node.title,
        "head": short_head(f"{context.words.toolbox}: {tool.node.title}"),
        "text": hung_html(context, tool, ("text",)),
        "uses": _uses(context, tool),
    }


def _uses(context, tool):
    """Return the places that use a tool: the first of each answer, of each passage and of its solutions."""
    found = {}
    for index, use in enumerate(context.texts.references):
        if use.target == tool.key and use.entry is not None and use.entry is not tool:
            found.setdefault(_user(use), f"use-{index}")
    return [
        {"name": name, "id": name_id, "folio": Markup(context.words.on_page(folio(context, name_id)))}
        for name, name_id in found.items()
    ]


def _user(use):
    """Return what the list of a tool's uses calls a place: an answer, Going further, a solution, another tool."""
    name = use.entry.key.replace("further:", "further ").replace("tool:", "tool ")
    fields = [path for path, _ in use.entry.fields() if use.entry.place(*path).line <= use.place.line]
    stands_in = max(fields, key=lambda path: use.entry.place(*path).line, default=("",))
    return name.replace("further", "solution") if stands_in[-1] == "solution" else name


def experiments_of(context, passage):
    """Return what the template needs of the experiments, None without any."""
    if passage is None:
        return None
    cards = []
    for index, name in enumerate(passage.node.experiments, start=1):
        told = context.drawings.experiments[name].card
        entry = context.entries[told["entry"]]
        cards.append(
            {
                "id": anchor_of(f"experiment:{name}"),
                "number": index,
                "title": told["title"],
                "entry": entry.id,
                "place": f"{entry.number}, {context.words.on_page(entry.node.page)}",
                "rows": [(label, _words(told[key])) for key, label in passage.node.rows.items()],
            }
        )
    return {"text": to_html(context, passage, ("text",)), "cards": cards}


def _words(value):
    """Return what an experiment tells as words: a list with commas, whole numbers in groups of three."""
    if isinstance(value, list):
        return ", ".join(_words(item) for item in value)
    if isinstance(value, int) and abs(value) >= 10000:
        return f"{value:,}"
    return f"{value}".replace("-", "\u2212") if isinstance(value, (int, float)) else f"{value}"


def _answers(context):
    """Return the self-tests' answers and the solutions, entry by entry."""
    passages = {passage.number: passage for passage in context.book.parts.further}
    found = [solutions_of(context, entry, passages.get(entry.number)) for entry in context.book.entries]
    return [part for part in found if part["tests"] or part["solutions"]]


def solutions_of(context, entry, passage):
    """Return the self-tests' answers of an entry, and the solutions of the problems of its passage."""
    tests = [
        {
            "lead": context.words.numbered("test", f"{index + 1}"),
            "text": to_html(context, entry, ("check", index, "answer")),
        }
        for index in range(len(entry.node.check))
    ]
    solutions = [
        {
            "id": _solution_anchor(passage, index),
            "lead": _to_problem(context, passage, index),
            "text": to_html(context, passage, ("problems", index, "solution")),
        }
        for index in range(len(passage.node.problems) if passage else 0)
    ]
    return {
        "number": entry.number,
        "title": entry.wording,
        "head": running(entry, context.words.solutions),
        "entry": entry.id,
        "page": entry.node.page,
        "tests": tests,
        "solutions": solutions,
    }


def _to_problem(context, passage, index):
    """Return the number of a problem, which leads back to it from its solution."""
    number = problem_number(passage, index)
    problem = anchor_of(f"problem:{number}")
    return Markup(f'<a href="#{problem}">{number}, {context.words.on_page(folio(context, problem))}</a>')
