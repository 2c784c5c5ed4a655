"""What holds between the parts of the tree: the source's contents list, answers that are due, terms.

Place in the flow: `tree` calls it when all files are read and each of them fits its model.
"""

from press.content.source import read_source
from press.problems import Place


def check_against_source(entries, source_file, problems):
    """Report where the tree's numbers, titles, pages and order are not the source's."""
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


def check_answers(entries, meta, draft, problems):
    """Report answers and openers that are missing, or stand where none is due."""
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
            Place(entries[0].file.parent / "book.yaml"),
            "the book is a draft, but every answer is written",
            "take `draft: true` out of book.yaml",
        )


def check_terms(terms, problems):
    """Report terms with two owners, and see-also terms that nobody owns."""
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
