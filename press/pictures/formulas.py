"""Set every formula of the book in one Typst run, and prove that the page shows what is said.

Place in the flow: after `text` has collected the LaTeX, before `documents` ask for sizes. `told`
says what can be set and how it is spoken, `typesetting` sets it, and the letters on each set page are compared
with the tree from which the formula is spoken: where they disagree, the formula is refused.
"""

import hashlib
import json
import os
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from press.pictures import typesetting
from press.pictures.plain import digest_of, put
from press.pictures.speech import letters
from press.pictures.speech.english import PLAIN, Notation
from press.pictures.told import told
from press.pictures.typesetting import TypesettingError, typeset
from press.pictures.vector import Page, VectorPage, open_pdf
from press.problems import Place, Problems

Wanted = dict[tuple[str, bool], list[Place]]


class Formula(NamedTuple):
    """A formula set: the page that draws it, depth below the baseline in em, spoken form, form in one line."""

    page: VectorPage
    depth: float
    spoken: str
    line: str

    @property
    def width(self) -> float:
        """Width in em of the text around it."""
        return self.page.width / 10


class TypesetFormulas(NamedTuple):
    """All formulas by (latex, is_display), their pages by key, and the document that holds the pages."""

    formulas: dict[tuple[str, bool], Formula]
    pages: dict[str, Page]
    document: Any = None

    @property
    def lines(self) -> dict[str, str]:
        """{key of a page: the formula in one line}."""
        return {formula.page.key: formula.line for formula in self.formulas.values()}

    @property
    def sources(self) -> dict[str, str]:
        """{key of a page: the formula's LaTeX}."""
        return {formula.page.key: latex for (latex, _), formula in self.formulas.items()}


def set_formulas(
    wanted: Wanted, fonts: Path, cache: Path, problems: Problems, notation: Notation = PLAIN, first: int = 0
) -> TypesetFormulas:
    """Set all formulas at once.

    `wanted` maps (latex, is_display) to the places where it stands, `fonts` is the folder of
    fonts, `cache` a folder, `notation` the words of the book's own signs. Every
    faulty formula is reported at each of its places. `first` is the number of the first one, where others are set.
    """
    cache.mkdir(parents=True, exist_ok=True)
    known, sources = told(list(wanted), fonts, cache, notation), {}
    for key, places in wanted.items():
        for what, how in known[key].faults:
            _report(problems, key[0], places, what, how)
        if not known[key].faults:
            sources[key] = known[key].source
    if not sources:
        return TypesetFormulas({}, {})

    stem = cache / f"formulas-{_recipe(sources, fonts)}"
    if (extents := _stored(stem)) is None:
        try:
            extents = _set(list(sources.values()), fonts, stem)
        except TypesettingError:
            _name_faulty(sources, wanted, fonts, stem, problems)
            return TypesetFormulas({}, {})
    document = open_pdf(stem.with_suffix(".pdf").read_bytes())

    return _measured(sources, wanted, known, document, extents, first, problems)


def _measured(sources, wanted, known, document, extents, first, problems) -> TypesetFormulas:
    """Return the pages of a document as formulas; one that shows other letters than are said is a fault."""
    formulas, pages = {}, {}
    for number, (key, page, (full, above, shown)) in enumerate(
        zip(sources, document.pages, extents, strict=True), first
    ):
        meant = known[key].letters
        if letters.fold(shown) != meant:
            what = f"the page would show {letters.fold(shown)!r}, and {meant!r} is said"
            _report(problems, key[0], wanted[key], what, "write it another way")
            continue
        _, _, width, height = (float(value) for value in page.mediabox)
        name = f"formula{number}"
        pages[name] = page
        formulas[key] = Formula(
            VectorPage(name, width, height), (full - above) / 10, known[key].spoken, known[key].line
        )
    return TypesetFormulas(formulas, pages, document)


def _report(problems: Problems, latex: str, places: list[Place], what: str, how: str) -> None:
    one_line = " ".join(latex.split())
    short = one_line if len(one_line) <= 50 else one_line[:47] + "..."
    for place in places:
        problems.add(place, f"formula ${short}$: {what}", how)


def _recipe(sources: dict[tuple[str, bool], str], fonts: Path) -> str:
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(fonts.glob("*.ttf"))]
    recipe = [version("typst"), version("pypdfium2"), *digests, typesetting.PREAMBLE, *sources.values()]
    return hashlib.sha256("\n".join(recipe).encode()).hexdigest()[:16]


def _stored(stem: Path) -> list | None:
    """Return what is known of each set formula, or None where a file is missing or not as it was written."""
    try:
        content = json.loads(stem.with_suffix(".json").read_bytes())
        drawn = hashlib.sha256(stem.with_suffix(".pdf").read_bytes()).hexdigest()
        return content["extents"] if content["digest"] == digest_of([content["extents"], drawn]) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _set(lines: list[str], fonts: Path, stem: Path) -> list:
    draft = stem.with_name(f".{stem.name}-{os.getpid()}")
    try:
        extents = typeset(lines, fonts, draft)
        drawn = hashlib.sha256(draft.read_bytes()).hexdigest()
        put(draft, stem.with_suffix(".pdf"))
        draft.write_text(json.dumps({"extents": extents, "digest": digest_of([extents, drawn])}), encoding="utf-8")
        put(draft, stem.with_suffix(".json"))  # the second says: complete
        return extents
    finally:
        draft.unlink(missing_ok=True)


def _name_faulty(
    sources: dict[tuple[str, bool], str], wanted: Wanted, fonts: Path, stem: Path, problems: Problems
) -> None:
    """Typst names only the first fault of a run, so halve the list until each one stands alone."""
    draft = stem.with_name(f".{stem.name}-{os.getpid()}")

    def search(keys: list[tuple[str, bool]]) -> None:
        try:
            typeset([sources[key] for key in keys], fonts, draft)
        except TypesettingError as error:
            if len(keys) > 1:
                search(keys[: len(keys) // 2])
                search(keys[len(keys) // 2 :])
            else:
                _report(problems, keys[0][0], wanted[keys[0]], str(error), "mend the LaTeX")

    search(list(sources))
    draft.unlink(missing_ok=True)
