"""What holds between the parts of the tree: the source's contents list, answers that are due, terms.

Place in the flow: `tree` calls it when all files are read and each of them fits its model.
"""

from press.content.source import source_lines, undotted
from press.problems import Place, near

LONGEST_SPAN = 100  # pages; see docs/limits.md


def check_headings(headings, source_file, place, problems):
    """Report headings of the source that its list does not have; `place` gives the place of one by its name."""
    if not source_file.is_file():
        return
    rows = {row.strip() for row in source_file.read_text(encoding="utf-8-sig", errors="replace").split("\n")}
    for name, words in headings.model_dump(exclude_none=True).items():
        if words not in rows:
            problems.add(place(name), f"{words!r} is no line of {source_file.name}", "write it as the source has it")


def check_order(entries, problems):
    """Report numbers that stand twice, and pages that go back or leap."""
    seen, last_page = set(), 0
    for entry in entries:
        number = entry.number
        if number in seen:
            problems.add(entry.place("number"), f"the number {number} stands twice", "give each entry its own number")
        seen.add(number)
        if entry.node.page < last_page:
            problems.add(
                entry.place("page"),
                f"page {entry.node.page} of {number} goes back behind page {last_page}",
                "pages never decrease",
            )
        elif last_page and entry.node.page - last_page > LONGEST_SPAN:
            problems.add(
                entry.place("page"),
                f"{number} stands {entry.node.page - last_page} pages after the entry before it",
                f"mend the page; {LONGEST_SPAN} are the most",
            )
        last_page = max(last_page, entry.node.page)


def check_without_source(entries, collation, problems):
    """Report what speaks of a source in a book without one; `collation` is the place of that text, if there is one."""
    name_it = "name the source's contents list under `source` in book.yaml, or take it out"
    if collation:
        problems.add(collation, "a collation with a source, and this book has none", name_it)
    for entry in entries:
        if entry.node.reads:
            what = f"{entry.number} corrects the wording of a source, and this book has none"
            problems.add(entry.place("reads"), what, "mend the title itself")


def check_against_source(entries, source_file, lost, problems):
    """Report where the tree's numbers, titles, pages and order are not the source's.

    `lost` are the numbers of sections that could not be read: what they lack is told already.
    """
    source = source_lines(source_file, problems)
    if not source:
        if source_file.is_file():
            problems.add(Place(source_file), "this contents list has no entries", "write lines of number, title, page")
        return
    _check_each(entries, {entry.number: entry for _, entry in source}, source_file, problems)
    seen = {entry.number for entry in entries}
    for line, item in source:
        if item.number not in seen and not is_lost(item.number, lost):
            problems.add(
                Place(source_file, line),
                f"{item.number} {item.title!r} is not in the tree",
                "add it to its section, a missing number leaves a hole in the contents",
            )
    in_source = [item.number for _, item in source]
    in_tree = [entry.number for entry in entries if entry.number in in_source]
    if [number for number in in_source if number in seen] != in_tree and len(seen) == len(entries):
        problems.add(Place(source_file), "the entries of the tree are in another order", "keep the source's order")


def _check_each(entries, wanted, source_file, problems):
    """Compare each entry with the line of its number in `wanted`; tell the numbers that have none."""
    without_dot = undotted(source_file)
    for entry in entries:
        number = entry.number
        if number in wanted:
            _compare(entry, wanted[number], problems)
        elif number in without_dot:
            problems.add(
                Place(source_file, without_dot[number]),
                f"the number {number} has no dot",
                "number sections 1.1 and questions 1.1.1",
            )
        elif not any(problem.what.startswith("this line has a number") for problem in problems.found):
            how = near(number, wanted, "use the source's number")
            problems.add(entry.place("number"), f"{number} is not in {source_file.name}", how)
        if bool(entry.node.reads) != bool(entry.node.reason):
            problems.add(
                entry.place("reads" if entry.node.reads else "reason"),
                f"{number} has only one of `reads` and `reason`",
                "a correction needs both: what it should say, and why",
            )
        elif entry.node.reads and entry.node.reads == entry.node.title:
            problems.add(
                entry.place("reads"), f"{number} is corrected to its own title", "take out `reads` and `reason`"
            )


def is_lost(number, lost):
    """Say whether an entry belongs to a section that could not be read."""
    return any(number == section or number.startswith(f"{section}.") for section in lost)


def _compare(entry, item, problems):
    number, node = entry.number, entry.node
    if node.title != item.title:
        problems.add(
            entry.place("title"),
            f"the title of {number} is {node.title!r}, in the source {item.title!r}",
            "keep the source's wording and put the correction under `reads`",
        )
    if node.page != item.page:
        problems.add(
            entry.place("page"),
            f"{number} stands on page {node.page}, in the source on {item.page}",
            "use the source's page",
        )


def check_first_page(entries, meta, place, problems):
    """Report a first page on which no answer begins."""
    if entries and meta.first_page != entries[0].node.page:
        problems.add(
            place,
            f"first_page is {meta.first_page}, and {entries[0].number} begins on page {entries[0].node.page}",
            "first_page has to be the page of the first entry",
        )


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


def spelling(word):
    """Return a term or a form of it as it is compared: without case, curly apostrophes and doubled blanks."""
    return " ".join(word.replace("\u2019", "'").split()).lower()


def check_terms(terms, lost, problems):
    """Report terms with two owners, and see-also terms that nobody owns."""
    seen = {}
    for term, entry, index in terms:
        for form in (term.term, *term.forms):
            key = spelling(form)
            if key in seen and seen[key] is not term:
                problems.add(
                    entry.place("terms", index, "term"),
                    f"the term {form!r} stands in the glossary twice",
                    "a term belongs to one section",
                )
            seen[key] = term
    for term, entry, index in terms:
        for which, other in enumerate(term.see):
            if spelling(other) in map(spelling, (term.term, *term.forms, *term.see[:which])):
                what = f"see-also {other!r} is the term itself, or stands there twice"
                problems.add(entry.place("terms", index, "see", which), what, "take it out")
            if spelling(other) not in seen and not lost:
                problems.add(
                    entry.place("terms", index, "see", which),
                    f"see-also {other!r} is not a term",
                    near(other, seen, "add the term to a section's `terms`, or take it out"),
                )
