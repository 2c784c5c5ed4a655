"""Set every formula of the book in one Typst run, and cache the result by content.

Place in the flow: after `texts` has collected the LaTeX, before `compose` asks for sizes. Two
gates stand before Typst, because either alone lets faults pass: mathra in strict mode knows
made-up command names and gives the column; tex2typst knows what Typst 0.14 cannot say.
"""

import hashlib
import io
import json
import os
import re
from importlib.metadata import version
from typing import NamedTuple

import pikepdf
import typst
from tex2typst import tex2typst

from press.pictures.speech import problems_of, speak
from press.pictures.vector import VectorPage

# What tex2typst refuses or changes in silence, and what to write instead.
REFUSED = (
    (r"\\bm\b", r"\bm", r"write \mathbf, or \boldsymbol for Greek letters"),
    (r"\\[lr]Vert\b", r"\lVert", r"write \|x\|"),
    (r"\\[lr]vert\b", r"\lvert", "write |x|"),
    (r"\\[Bb]igg?[lrm]?(?![a-zA-Z])", r"\Bigl", r"write \left( and \right)"),
    (r"\\[td]frac\b", r"\tfrac", r"write \frac"),
    (r"\\wide(hat|tilde)\b", r"\widehat", r"write \hat or \tilde"),
    (r"\\operatorname\*", r"\operatorname*", r"write \arg\max, or \operatorname"),
    (r"\\xrightarrow\b", r"\xrightarrow", r"write \to and say the rest in words"),
    (r"\\(stackrel|overset|underset)\b", r"\stackrel", "say it in words"),
    (r"\\tag\b", r"\tag", "give the equation a label, (eq:name) after the closing $$"),
    (r"\\h?phantom\b", r"\phantom", r"use \quad, or & in an aligned environment"),
    (r"\\(text)?color\b", r"\color", "leave colors to the design"),
)

# What typst raises for a faulty source: its own error, or a RuntimeError from the compiler's panics.
FAULTY = (typst.TypstError, RuntimeError)

# Each formula is a page cut to its ink; the metadata gives its depth below the baseline. Typst
# leaves up to 0.7 of the leading of a line below the baseline, whatever the edge: hence the leading.
PREAMBLE = """
#set document(date: none)
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#set text(size: 10pt, font: "STIX Two Text", fallback: false)
#show math.equation: set text(font: "STIX Two Math", top-edge: "bounds", bottom-edge: "bounds")
#set math.mat(row-gap: 0.45em, column-gap: 0.62em)
#set math.cases(gap: 0.45em)
#let formula(body) = [#body #context [#metadata((
  measure(body).height / 1pt,
  measure({ set par(leading: 99em)
    show math.equation: set text(bottom-edge: "baseline")
    body }).height / 1pt))<extent>]]
"""


class Formula(NamedTuple):
    """A formula set: the page that draws it, depth below the baseline in em, spoken form."""

    page: VectorPage
    depth: float
    spoken: str

    @property
    def width(self):
        """Width in em of the text around it."""
        return self.page.width / 10


class TypesetFormulas(NamedTuple):
    """All formulas by (latex, is_display), their pages by key, and the document that holds the pages."""

    formulas: dict[tuple[str, bool], Formula]
    pages: dict[str, pikepdf.Page]
    document: pikepdf.Pdf | None = None


def set_formulas(wanted, fonts, cache, problems):
    """Set all formulas at once.

    `wanted` maps (latex, is_display) to the places where it stands, `fonts` is the folder of
    fonts, `cache` a folder. Every faulty formula is reported at each of its places.
    """
    sources = {}
    for (latex, display), places in wanted.items():
        source, faults = _to_typst(latex, display)
        for what, how in faults:
            for place in places:
                problems.add(place, f"formula ${_short(latex)}$: {what}", how)
        if not faults:
            sources[latex, display] = source
    if not sources:
        return TypesetFormulas({}, {})

    lines = list(sources.values())
    recipe = "\n".join([version("typst"), *sorted(_digests(fonts)), PREAMBLE, *lines])
    stem = cache / f"formulas-{hashlib.sha256(recipe.encode()).hexdigest()[:16]}"
    if not stem.with_suffix(".json").is_file():
        try:
            pdf, extents = _typeset(lines, fonts)
        except FAULTY:
            _name_faulty(sources, wanted, fonts, problems)
            return TypesetFormulas({}, {})
        cache.mkdir(parents=True, exist_ok=True)
        for suffix, data in ((".pdf", pdf), (".json", json.dumps(extents).encode())):  # the second says: complete
            part = stem.with_suffix(f"{suffix}.{os.getpid()}")
            part.write_bytes(data)
            part.replace(stem.with_suffix(suffix))
    extents = json.loads(stem.with_suffix(".json").read_text())
    typeset = pikepdf.open(io.BytesIO(stem.with_suffix(".pdf").read_bytes()))

    formulas, pages = {}, {}
    for number, (key, page, (full, above)) in enumerate(zip(sources, typeset.pages, extents, strict=True)):
        _, _, width, height = (float(value) for value in page.mediabox)
        name = f"formula{number}"
        pages[name] = page
        formulas[key] = Formula(VectorPage(name, width, height), (full - above) / 10, speak(key[0]))
    return TypesetFormulas(formulas, pages, typeset)


def _short(latex):
    one_line = " ".join(latex.split())
    return one_line if len(one_line) <= 50 else one_line[:47] + "..."


def _to_typst(latex, display):
    faults = [(f"{name} is not known here", how) for pattern, name, how in REFUSED if re.search(pattern, latex)]
    faults += [(what, "mend the LaTeX; CONTRIBUTING.md lists what is refused") for what in problems_of(latex)]
    if faults:
        return None, faults
    # In Typst a lone double bar is a sign with space around it; a pair is a norm.
    latex = re.sub(r"\\\|(.+?)\\\|", r"\\left\\| \1 \\right\\|", latex, flags=re.DOTALL)
    latex = re.sub(r"(?<![A-Za-z\\])([VW])_(?:\{([a-z])|([a-z]))", _closer, latex)
    try:
        source = tex2typst(" ".join(latex.split()))
    except Exception as error:  # tex2typst raises several kinds, all of them about the formula
        return None, [(str(error), "mend the LaTeX; CONTRIBUTING.md lists what is refused")]
    return ("#formula[$ %s $]" if display else "#formula[$%s$]") % source, []


def _closer(start):
    """Move a lower-case index to an italic V or W: STIX Two Math kerns it too far away."""
    letter, first, only = start.groups()
    return f"{letter}_{{\\!{first}" if first else f"{letter}_{{\\!{only}}}"


def _digests(fonts):
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(fonts.glob("*.ttf"))]


def _typeset(lines, fonts):
    source = (PREAMBLE + "\n#pagebreak()\n".join(lines)).encode()
    folders = [str(fonts)]
    extents = json.loads(typst.query(source, "<extent>", font_paths=folders, ignore_system_fonts=True))
    pdf = typst.compile(source, font_paths=folders, ignore_system_fonts=True)
    return pdf, [extent["value"] for extent in extents]


def _name_faulty(sources, wanted, fonts, problems):
    """Typst names only the first fault of a run, so halve the list until each one stands alone."""

    def search(keys):
        try:
            _typeset([sources[key] for key in keys], fonts)
        except FAULTY as error:
            if len(keys) > 1:
                search(keys[: len(keys) // 2])
                search(keys[len(keys) // 2 :])
                return
            for place in wanted[keys[0]]:
                problems.add(place, f"formula ${_short(keys[0][0])}$: {error}", "mend the LaTeX")

    search(list(sources))
