"""Resolve what the texts point to, and report all that points nowhere.

Place in the flow: after `uses`, the figures and the formulas, before `documents`: cross references,
figures and their widths, terms and their definitions. What only follows from a fault that is told
already (a field that could not be read, a module that failed, a section that is no YAML) is left out.
"""

from press.content.rules import is_lost, spelling
from press.page import PAGE, pt
from press.pictures.fromfile import Wanted
from press.problems import near
from press.text.blocks import FILE
from press.text.labels import term_anchor
from press.text.names import known_figures, known_targets

NOTE_SIZE = 0.79  # of the text's: `.note` in book.css
LONGEST_NAME = 60  # characters of a formula that is told about
# What an experiment tells beside the rows that the book's list of experiments names.
HEAD = ("title", "entry")


def term_forms(book):
    """Return {spelling: Term} for every term and all its forms."""
    return {spelling(form): term for term, _, _ in book.terms for form in (term.term, *term.forms)}


def resolve(book, texts, drawings, formulas, problems):
    """Report references, figures, terms and formulas that cannot be set as they stand."""
    _references(book, texts, problems)
    _figures(book, texts, drawings, problems)
    _experiments(book, drawings, problems)
    _terms(book, texts, problems)
    for (latex, display), formula in formulas.items():
        for place in set(texts.formulas[latex, display]):
            _size(latex, display, formula, place, texts.rooms.get(place, ""), problems)


def _size(latex, display, formula, place, room, problems):
    """Report a formula that is larger than the room that it stands in; those of cards and cells are made to fit."""
    size = NOTE_SIZE if room == "margin" else 1
    width, height = pt(formula.page.width * size), pt(formula.page.height * size)
    if not display and room != "table" and width.pt > PAGE.widest_inline.pt:
        problems.add(
            place,
            f"inline formula ${latex}$ is {width.mm:.0f} mm wide",
            f"at most {PAGE.widest_inline.mm:g} mm, because it does not break: put it on a line of its own with $$",
        )
    if not display or room in ("table", "card"):
        return
    widest = PAGE.margin if room == "margin" else PAGE.column
    named = f"formula ${latex if len(latex) <= LONGEST_NAME else latex[:LONGEST_NAME] + '...'}$"
    if width.pt > widest.pt:
        what = f"{named} is {width.mm:.0f} mm wide, the {room or 'column'} {widest.mm:g} mm"
        problems.add(place, what, r"break it with \\ in \begin{aligned}, or give parts of it names")
    if height.pt > PAGE.height.pt:
        what = f"{named} is {height.mm:.0f} mm high, a page {PAGE.height.mm:.0f} mm"
        problems.add(place, what, "set it in parts")


def pictures_in(texts):
    """Return the pictures from files that the texts show."""
    return [
        Wanted(opened.argument, PAGE.widths[width].mm, opened.place(), opened.place("width"))
        for item in texts.numbered.values()
        if (opened := item.block) and opened.name == "picture" and FILE.fullmatch(opened.argument)
        if (width := opened.options.get("width")) in PAGE.widths
    ]


def _references(book, texts, problems):
    known = known_targets(book, texts)
    for use in texts.references:
        if use.target in known or use.target in texts.unread:
            continue
        if is_lost(use.target, book.lost) or book.lost and ":" in use.target:
            continue
        problems.add(
            use.place,
            f"cross reference to {use.target!r}, which does not exist",
            near(
                use.target,
                known if ":" in use.target else [],
                "name an entry (3.4.3), a figure, table or equation (fig:..., tab:..., eq:...), "
                "or what stands behind the answers (further:3.4.3, problem:3.4.3-P1, tool:..., experiment:...)",
            ),
        )


def _figures(book, texts, drawings, problems):
    failed = {problem.place.file.stem for problem in problems.found if problem.place.file.suffix == ".py"}
    cover = book.meta.cover
    if cover and cover not in drawings.figures and cover.partition("/")[0] not in failed:
        how = near(cover, known_figures(drawings), "mend its name, or take it out")
        problems.add(book.place("cover"), f"figure {cover!r} does not exist", how)
    for item in texts.numbered.values():
        if item.kind != "figure":
            continue
        if item.block.name == "picture":
            continue
        name = item.block.argument
        figure = drawings.figures.get(name)
        if figure is None:
            known = "name a function without parameters in figures/, as module/function, that returns a figure"
            if not book.path(book.meta.figures).is_dir():
                known = f"there is no folder {book.meta.figures!r}: mend `figures` in book.yaml"
            if name.partition("/")[0] not in failed:
                problems.add(item.place, f"figure {name!r} does not exist", near(name, known_figures(drawings), known))
            continue
        wanted = PAGE.widths.get(item.block.options.get("width", "column"))
        drawn = pt(figure.sheet)
        if wanted and abs(drawn.mm - wanted.mm) > 0.5:
            problems.add(
                item.block.place("width"),
                f"figure {name!r} is drawn {drawn.mm:.0f} mm wide, but set {wanted.mm:.0f} mm wide",
                "use the same width in the text and in style.figure()",
            )


def _experiments(book, drawings, problems):
    """Report experiments that no function describes, or not by what every experiment tells."""
    part = book.parts.experiments
    failed = {problem.place.file.stem for problem in problems.found if problem.place.file.suffix == ".py"}
    numbers = {entry.number for entry in book.entries}
    for index, name in enumerate(part.node.experiments if part else ()):
        if name not in drawings.experiments and name.partition(".")[0] in failed:
            continue
        if name not in drawings.experiments:
            what = f"experiment {name!r} does not exist"
            problems.add(part.place("experiments", index), what, "name an @experiment of figures/, module.function")
            continue
        told, place = drawings.experiments[name]
        due = (*HEAD, *part.node.rows)
        lacks, unknown = [key for key in due if key not in told], [key for key in told if key not in due]
        if lacks or unknown:
            what = f"does not tell {', '.join(lacks)}" if lacks else f"tells {', '.join(unknown)}"
            problems.add(place, f"experiment {name!r} {what}", f"it returns {', '.join(due)}")
        elif told["entry"] not in numbers:
            problems.add(place, f"experiment {name!r} belongs to {told['entry']!r}, which is no entry", "mend `entry`")


def _terms(book, texts, problems):
    """Report bold words and index entries that are no terms, and terms that are defined twice or nowhere."""
    forms = term_forms(book)
    defined, meant = _definitions(book, texts, forms, problems)
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
        unread = {spelling(form) for form in (term.term, *term.forms)} & (texts.unread | meant)
        if term.term not in defined and not unread and entry_is_complete(book, entry):
            what = f"the term {term.term!r} is defined nowhere"
            problems.add(entry.place("terms", index), what, "set it in bold where its section explains it")


def _definitions(book, texts, forms, problems):
    """Return the terms that are set in bold, and those that a misspelled bold word may have been meant for."""
    owner = {term.term: entry for term, entry, _ in book.terms}
    defined, meant = set(), set()
    for use in texts.bold:
        term = forms.get(spelling(use.target))
        if term is None and not book.lost and spelling(use.target) not in texts.unread:
            guess = near(use.target, forms)
            meant.update(form for form in forms if f"{form!r}" in guess)
            how = guess or "add it to the section's `terms`, or use *emphasis*"
            problems.add(use.place, f"{use.target!r} is bold but not a term", how)
        elif term is None:
            continue
        elif term.term in defined:
            what = f"the term {term.term!r} is bold a second time"
            problems.add(use.place, what, "bold marks the place of definition only")
        else:
            defined.add(term.term)
            if use.entry.section != owner[term.term].number:
                what = f"the term {term.term!r} belongs to section {owner[term.term].number}"
                problems.add(use.place, what, "define it there, or move its entry under `terms` to this section")
    return defined, meant


def entry_is_complete(book, section):
    """Say whether everything in a section is written (in a draft, a term may still wait for its text)."""
    return all(entry.is_written for entry in book.entries if entry.section == section.number)
