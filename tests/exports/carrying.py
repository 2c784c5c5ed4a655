"""Does an export carry every word and formula of the tree? The second reading of the tree says what these are.

`press.proof` reads the tree a way of its own, as for the finished book; here each block that it wants is
looked for in an export of `telling`, in the order of the book.
"""

import re

from press.pdf.story import FORMULA
from press.proof.beside import quoted
from press.proof.beside_parts import told
from press.proof.rawnumbers import BEGIN, END
from press.proof.rawtext import EVENT
from press.proof.rawwords import plain
from press.proof.rawworks import parts_of_work
from press.proof.wanted import read_book

MARK = re.compile(r"•|\d+[.)]")  # of an item of a list, which an export leaves to its program


def lacking(telling, source):
    """Return what an export lacks, a line for each block."""
    words, formulas = telling.forms.plain(source)
    words = plain(words)
    written: dict = {}
    for (latex, _), form in telling.written.items():
        written.setdefault(_bare(latex), set()).add(form)
    faults, at = [], 0
    for wanted in (wanted for wanted in _wanted(telling.context) if not MARK.fullmatch(wanted.words)):
        start = _found(plain(wanted.words.replace(EVENT, "")), words, at)
        if start is None:
            faults.append(f"{quoted(wanted.words)} in {wanted.what} is not in the export")
            continue
        at, first = start + len(wanted.words.replace(EVENT, "")), words.count(FORMULA, 0, start)
        for latex, form in zip(wanted.formulas, formulas[first:], strict=False):
            if form not in written.get(_bare(latex), ()):
                faults.append(f"another formula stands in the export for ${latex}$ in {wanted.what}: {form}")
    return faults


def _bare(latex):
    """Return LaTeX without what tells computed numbers, blanks as one."""
    for sign in (BEGIN, END):
        latex = latex.replace(sign, "")
    return "".join(latex.replace("{,}", ",").replace("\\%", "%").split())


def _found(wanted, words, at):
    """Return where words stand by themselves behind a place, None if they do not."""
    at = words.find(wanted, at)
    while at >= 0:
        end = at + len(wanted)
        if not (
            words[at - 1 : at].isalnum()
            and wanted[:1].isalnum()
            or words[end : end + 1].isalnum()
            and wanted[-1:].isalnum()
        ):
            return at
        at = words.find(wanted, at + 1)
    return None


def _wanted(context):
    """Yield the blocks that the tree wants, in the order of `telling`."""
    cards = {name: experiment.card for name, experiment in context.drawings.experiments.items()}
    book = read_book(context.book.folder, context.drawings.numbers, cards)
    book.work_numbers = {key: f"{work.number}" for key, work in context.works.items()}
    entries, paged = {entry.number: entry for entry in book.entries}, book.reference
    # What an export says of pages is its own.
    book.reference = lambda shown, target: (shown or target) if target in entries else paged(shown, target)
    for name in ("title", "subtitle", "author", "audience"):
        if name in book.meta:
            yield book.said(book.meta[name], name, book.meta[name].text)
    for name in ("study", "colophon"):
        if name in book.meta:
            yield from book.wanted(book.meta[name], name)
    for group in book.notation:
        yield book.said(group["group"], "the notation", group["group"].text)
        for symbol, meaning in group["rows"]:
            yield book.said(symbol, "the notation", FORMULA)._replace(formulas=[symbol.text])
            yield book.one_line(meaning, "the notation")
    for entry in book.entries:
        yield from _entry(book, entry)
    for passage in book.passages:
        yield from _passage(book, passage, entries)
    for entry in book.entries:
        yield from _answers(book, entry)
    for work in sorted(context.works.values()):
        key = next(key for key, each in context.works.items() if each is work)
        for part in parts_of_work(book.works[key], book.words["et_al"]):
            yield book.said(book.meta["title"], f"the work {key}", part)
    for term in book.terms:
        yield book.one_line(term["text"], "the glossary", before=term["term"].text)


def _entry(book, entry):
    node, number = entry.node, entry.number
    yield book.said(node["title"], f"the title of {number}", f"{number} {node['title'].text}")
    if "reads" in node:
        yield book.said(node["reads"], f"`reads` of {number}", f"{book.words['reads']} {entry.text('reads')}")
    for name in ("key", "opener", "answer", "watch_out"):
        if name in node:
            yield from book.wanted(node[name], f"the {name} of {number}")
    for check in node.get("check", []):
        yield from book.wanted(check["ask"], f"a self-test of {number}")


def _passage(book, passage, entries):
    name, node = passage.name, passage.node
    if name:
        title = node["title"].text if "title" in node else entries[name].wording
        yield book.said(node["text"], f"the title of {passage.key}", f"{name} {title}")
    yield from book.wanted(node["text"], passage.key)
    for number, problem in passage.problems:
        yield book.said(problem["ask"], f"problem {number}", number)
        yield from book.wanted(problem["ask"], f"problem {number}")
    for index, each in enumerate(book.experiments if passage.key == "experiments" else (), start=1):
        card = book.cards[each.text]
        yield book.said(each, each.text, f"{book.words['experiment']} {index} {card['title']}")
        for key, label in book.rows.items():
            yield book.said(label, each.text, f"{label.text} {told(card[key])}")


def _answers(book, entry):
    for check in entry.node.get("check", []):
        yield from book.wanted(check["answer"], f"the answer to a self-test of {entry.number}")
    solved = next((passage for passage in book.passages if passage.key == f"further:{entry.number}"), None)
    for number, problem in solved.problems if solved else ():
        yield book.said(problem["solution"], f"the solution of {number}", number)
        yield from book.wanted(problem["solution"], f"the solution of {number}")
