"""Some pages of the book by themselves: the span of an entry, or a passage behind the answers.

Place in the flow: beside `body` and `parts`, from whose pieces it is made, for whoever shows pages while
they are written. Empty pages before the first bring it to its side, and bring the running head along.
"""

from dataclasses import replace

from press.documents.body import entry_of, environment, folio_marks, running
from press.documents.parts import experiments_of, further_of, solutions_of, tool_of


def blanks(first_folio):
    """Return how many empty pages stand before the first: one at least, and as many as its side asks for."""
    return 1 + first_folio % 2


def compose_span(context, entries, templates):
    """Return the HTML of entries that follow each other, on all of their pages."""
    book, first = context.book, entries[0].node.page
    place = book.entries.index(entries[-1])
    following = book.entries[place + 1].node.page if place + 1 < len(book.entries) else 0
    heads = [entry for entry in book.entries[: book.entries.index(entries[0])] if entry.level == 1]
    return _render(
        context,
        templates,
        first,
        running(heads[-1]) if heads else "",
        entries=[entry_of(context, entry) for entry in entries],
        marks={number: folios for number, folios in folio_marks(book).items() if number != entries[0].number},
        closing=range(entries[-1].node.page + 1, following),
    )


def compose_passage(context, passage, templates, first_folio, room):
    """Return the HTML of a passage that begins `room` points below the head of a page."""
    kind, parts = passage.key.partition(":")[0], {}
    if kind == "further":
        parts["further"] = [further_of(context, passage)]
    elif kind == "tool":
        parts["tools"] = [tool_of(context, passage)]
    else:
        parts["experiments"] = experiments_of(context, passage)
    return _render(context, templates, first_folio, context.words.further, room=room, **parts)


def compose_solutions(context, passage, templates, first_folio, room):
    """Return the HTML of the answers and solutions that belong to a passage on a question."""
    answers = [solutions_of(replace(context, is_apart=True), context.entries[passage.number], passage)]
    return _render(context, templates, first_folio, context.words.solutions, room=room, answers=answers)


def _render(context, templates, first_folio, head, room=0, **parts):
    empty = dict.fromkeys(("entries", "closing", "further", "tools", "answers"), ())
    return (
        environment(templates, context.words)
        .get_template("excerpt.html")
        .render(
            meta=context.book.meta,
            first_folio=first_folio,
            blanks=blanks(first_folio),
            head=head,
            room=room,
            **{"experiments": None, "marks": {}, **empty, **parts},
        )
    )
