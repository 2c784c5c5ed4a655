"""Resolve what the texts point to, and report all that points nowhere.

Place in the flow: after `uses`, the figures and the formulas, before `documents`: cross references,
figures and their widths, terms and their definitions. What only follows from a fault that is told
already (a field that could not be read, a module that failed, a section that is no YAML) is left out.
"""

from press.content.rules import is_lost, spelling
from press.page import PAGE, pt
from press.problems import near
from press.text.labels import term_anchor


def term_forms(book):
    """Return {spelling: Term} for every term and all its forms."""
    return {spelling(form): term for term, _, _ in book.terms for form in (term.term, *term.forms)}


def resolve(book, texts, drawings, formulas, problems):
    """Report references, figures, terms and formulas that cannot be set as they stand."""
    _references(book, texts, problems)
    _figures(book, texts, drawings, problems)
    _terms(book, texts, problems)
    widest = PAGE.widest_inline
    for (latex, display), formula in formulas.items():
        if not display and formula.page.width > widest.pt:
            for place in set(texts.formulas[latex, display]) - texts.in_tables:
                width = pt(formula.page.width).mm
                problems.add(
                    place,
                    f"inline formula ${latex}$ is {width:.0f} mm wide",
                    f"at most {widest.mm:g} mm, because it does not break: put it on a line of its own with $$",
                )


def _references(book, texts, problems):
    numbers = {entry.number for entry in book.entries}
    for use in texts.references:
        if use.target in numbers or use.target in texts.numbered or use.target in texts.unread:
            continue
        if is_lost(use.target, book.lost) or book.lost and ":" in use.target:
            continue
        problems.add(
            use.place,
            f"cross reference to {use.target!r}, which does not exist",
            near(
                use.target,
                [*texts.numbered, *numbers] if ":" in use.target else [],
                "name an entry (3.4.3), or a figure, table or equation (fig:..., tab:..., eq:...)",
            ),
        )


def _figures(book, texts, drawings, problems):
    failed = {problem.place.file.stem for problem in problems.found if problem.place.file.suffix == ".py"}
    cover = book.meta.cover
    if cover and cover not in drawings.figures and cover.partition("/")[0] not in failed:
        how = near(cover, drawings.figures, "mend its name, or take it out")
        problems.add(book.place("cover"), f"figure {cover!r} does not exist", how)
    for item in texts.numbered.values():
        if item.kind != "figure":
            continue
        name = item.block.argument
        figure = drawings.figures.get(name)
        if figure is None:
            known = "name a function without parameters in figures/, as module/function, that returns a figure"
            if not book.path(book.meta.figures).is_dir():
                known = f"there is no folder {book.meta.figures!r}: mend `figures` in book.yaml"
            if name.partition("/")[0] not in failed:
                problems.add(item.place, f"figure {name!r} does not exist", near(name, drawings.figures, known))
            continue
        wanted = PAGE.widths.get(item.block.options.get("width", "column"))
        drawn = pt(figure.page.width)
        if wanted and abs(drawn.mm - wanted.mm) > 0.5:
            problems.add(
                item.block.place("width"),
                f"figure {name!r} is drawn {drawn.mm:.0f} mm wide, but set {wanted.mm:.0f} mm wide",
                "use the same width in the text and in style.figure()",
            )


def _terms(book, texts, problems):
    forms = term_forms(book)
    owner = {term.term: entry for term, entry, _ in book.terms}
    defined = {}
    for use in texts.bold:
        term = forms.get(spelling(use.target))
        if term is None and not book.lost:
            how = near(use.target, forms, "add it to the section's `terms`, or use *emphasis*")
            problems.add(use.place, f"{use.target!r} is bold but not a term", how)
        elif term is None:
            continue
        elif term.term in defined:
            problems.add(
                use.place, f"the term {term.term!r} is bold a second time", "bold marks the place of definition only"
            )
        else:
            defined[term.term] = use
            if use.entry.section != owner[term.term].number:
                problems.add(
                    use.place,
                    f"the term {term.term!r} belongs to section {owner[term.term].number}",
                    "define it there, or move its entry under `terms` to this section",
                )
    for use in texts.indexed:
        if spelling(use.target) not in forms and not book.lost:
            how = near(use.target, forms, "add it to a section's `terms`")
            problems.add(use.place, f"index entry {use.target!r} is not a term", how)
    anchors: dict = {}
    for term, entry, index in book.terms:
        other = anchors.setdefault(term_anchor(term.term), term)
        if other is not term and spelling(other.term) != spelling(term.term):
            what = f"the terms {term.term!r} and {other.term!r} are too alike"
            problems.add(entry.place("terms", index, "term"), what, "give one of them another name")
        unread = {spelling(form) for form in (term.term, *term.forms)} & texts.unread
        if term.term not in defined and not unread and entry_is_complete(book, entry):
            problems.add(
                entry.place("terms", index),
                f"the term {term.term!r} is defined nowhere",
                "set it in bold where its section explains it",
            )


def entry_is_complete(book, section):
    """Say whether everything in a section is written (in a draft, a term may still wait for its text)."""
    return all(entry.is_written for entry in book.entries if entry.section == section.number)
