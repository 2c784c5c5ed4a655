r"""BibTeX as reference managers, DBLP, publishers and HAL export it: entries with the line of each field.

Place in the flow: `works` prints what is read here. Each entry is parsed by itself, so that a fault
in one hides no other. LaTeX becomes letters (`plain`); what is left of it is a fault.
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from pybtex.database import Person
from pybtex.database.input.bibtex import Parser, month_names
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text

from press.content.reading import read_file
from press.problems import Place, near

BEGIN = re.compile(r"^[ \t]*@[ \t]*([A-Za-z]+)[ \t]*[{(][ \t]*([^\s,{}()=\"]*)", re.MULTILINE)
MACRO = re.compile(r"@\s*string\s*[{(]\s*([A-Za-z][\w:.-]*)\s*=\s*(?:\"([^\"]*)\"|\{(.*)\})\s*[})]", re.I | re.S)
LONGEST_ENTRY = 20_000  # characters; see docs/limits.md
WORDS_ONLY = re.compile(r"\\(?:url|emph|textit|textbf|textsc|texttt|textrm|mbox|text|enquote|nolinkurl)\s*\{([^{}]*)\}")
SUFFIX = re.compile(r"(?:jr|sr|esq|i{1,3}|iv|vi{0,3}|2nd|3rd|4th)\.?", re.IGNORECASE)
# What other programs call a field (biblatex, Zotero, HAL).
ALIASES = {"journaltitle": "journal", "school": "institution", "annotation": "annote", "archiveprefix": "eprinttype"}
RAISED = str.maketrans("0123456789+-()nixkt", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱˣᵏᵗ")
LOWERED = str.maketrans("0123456789+-()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma sigma tau "
    "upsilon phi chi psi omega"
)
SIGNS = {
    **{name: chr(0x3B1 + index) for index, name in enumerate(re.findall(r"\w+", GREEK))},
    **{"Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Omega": "Ω"},
    **{"varepsilon": "ε", "varphi": "φ", "ell": "ℓ", "infty": "∞", "times": "×", "cdot": "·", "pm": "±", "to": "→"},
    **{"rightarrow": "→", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "approx": "≈", "sim": "∼"},
    **{"log": "log", "ln": "ln", "exp": "exp", "max": "max", "min": "min", "prime": "′", "partial": "∂", "sqrt": "√"},
    **{"ldots": "…", "dots": "…", "sum": "∑", "in": "∈", "lt": "<", "gt": ">", "%": "%", "&": "&", ",": " ", " ": " "},
}


class BibEntry(NamedTuple):
    """An entry of a BibTeX file: key, type, raw fields by lower-case name, and where they stand."""

    key: str
    type: str
    fields: dict[str, str]
    place: Place
    lines: dict[str, int]

    def at(self, name):
        """Return the place of a field."""
        return Place(self.place.file, self.lines.get(name, self.place.line))

    def people(self, role):
        """Return the Persons of a role, "others" among them as such."""
        return [Person(name) for name in names_of(self.fields.get(role, ""))]


def read_entries(path, problems):
    """Return {key: BibEntry} of a file, None where it cannot be read; faults go to `problems`."""
    text = read_file(path, problems)
    if text is None:
        return None
    begins = list(BEGIN.finditer(text))
    entries: dict = {}
    macros = dict(month_names)
    for begin, after in zip(begins, [*begins[1:], None], strict=True):
        kind, chunk = begin[1].lower(), text[begin.start() : after.start() if after else len(text)]
        place = Place(path, text.count("\n", 0, begin.start()) + 1)
        if kind in ("comment", "preamble"):
            continue
        behind = chunk[begin.end() - begin.start() :].lstrip()[:1]
        if kind == "string":
            _read_macro(chunk, macros, place, problems)
        elif len(chunk) > LONGEST_ENTRY:
            what = f"BibTeX: {begin[2]} has {len(chunk):,} characters"
            problems.add(place, what, "is its last brace missing? take long fields out")
        elif begin[2] and behind not in (",", "}", ")"):
            problems.add(place, f"BibTeX: no comma behind the key {begin[2]!r}", "write @article{key, title = ...")
        elif entry := _parsed(chunk, kind, macros, place, problems):
            other = next((key for key in entries if key.lower() == entry.key.lower()), None)
            if other:
                problems.add(place, f"BibTeX: the key {entry.key!r} stands twice", f"keep one; see {other!r} above")
            entries[entry.key] = entry
    for entry in list(entries.values()):
        entries[entry.key] = _inherited(entry, entries, problems)
    return entries


def _read_macro(chunk, macros, place, problems):
    found = MACRO.match(chunk.strip())
    if found is None:
        problems.add(place, "BibTeX: this @string is not one text", "write @string{name = {text}}, without #")
        return
    macros[found[1].lower()] = found[2] if found[2] is not None else found[3]


def _parsed(chunk, kind, macros, place, problems):
    if chunk.count("#") > 20:
        problems.add(place, "BibTeX: more than 20 texts joined by #", "write them out")
        return None
    try:
        parsed = Parser(macros=macros, person_fields=()).parse_string(chunk)
    except PybtexError as error:
        line = place.line + max(getattr(error, "lineno", 1) or 1, 1) - 1
        what = str(error).splitlines()[0] if str(error) else "this entry"
        if "syntax error" in what and _is_unclosed(chunk):
            what, line = "a brace of this entry is not closed", place.line
        problems.add(Place(place.file, line), f"BibTeX: {what}", "mend the entry")
        return None
    for key, entry in parsed.entries.items():
        fields: dict = {}
        lines = {}
        for name, value in entry.fields.items():
            lower = ALIASES.get(name.lower(), name.lower())
            found = re.search(rf"^\s*{re.escape(name)}\s*=|[{{,]\s*{re.escape(name)}\s*=", chunk, re.I | re.M)
            start = found.end() if found else 0
            lines[lower] = place.line + chunk.count("\n", 0, start)
            fields.setdefault(lower, value.strip())
        if "year" not in fields and "date" in fields:
            fields["year"], lines["year"] = fields.pop("date")[:4], lines.pop("date")
        return BibEntry(key, kind, fields, place, lines)
    problems.add(place, "BibTeX: an entry without a key", "write @article{key, ...}")
    return None


def _is_unclosed(chunk):
    return chunk.count("{") - chunk.count("\\{") > chunk.count("}") - chunk.count("\\}")


def _inherited(entry, entries, problems):
    """Return an entry with what it has from the one that it names by `crossref`."""
    if "crossref" not in entry.fields:
        return entry
    parent = entries.get(entry.fields["crossref"])
    if parent is None:
        how = near(entry.fields["crossref"], entries, "add that entry, or take `crossref` out")
        problems.add(
            entry.at("crossref"), f"{entry.key}: crossref to {entry.fields['crossref']!r}, which is not there", how
        )
        return entry
    handed = dict(parent.fields)
    if "title" in handed:
        handed.setdefault("booktitle", handed.pop("title"))
    handed.pop("crossref", None)
    own = {name: value for name, value in entry.fields.items() if name != "crossref"}
    return entry._replace(fields={**handed, **own})


def names_of(text):
    """Return the names of a list of people: parts between "and" outside of braces."""
    names, depth, start = [], 0, 0
    for found in re.finditer(r"[{}]|(?<=\s)and(?=\s)", text, re.IGNORECASE):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if found[0] not in "{}" and depth == 0:
            names.append(text[start : found.start()].strip())
            start = found.end()
    return [*names, text[start:].strip()]


def faults_of_names(text):
    """Yield (what, how) for each name that BibTeX would read otherwise than it is meant."""
    joined = 'authors are joined by "and"'
    outside = re.sub(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}", "", text)
    if ";" in outside:
        yield "a semicolon between names", joined
        return
    if re.search(r"\s&\s|\s\\&\s", outside):
        yield "an & between names", joined
        return
    if re.search(r"\bet\.? al\b", outside):
        yield "et al. among the names", 'write "and others"'
    for name in names_of(text):
        bare = re.sub(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}", "x", name)
        parts = [part.strip() for part in bare.split(",")]
        if not name or not all(parts):
            yield f"an empty name in {' '.join(text.split())[:60]!r}", joined
        elif len(parts) > 3 or len(parts) == 3 and not SUFFIX.fullmatch(parts[1]):
            yield f"commas between the names {' '.join(name.split())[:60]!r}", joined
        elif len(parts) == 2 and SUFFIX.fullmatch(parts[1]):
            yield f"{' '.join(name.split())[:60]!r} ends in a suffix", "write Last, Jr., First"
        elif re.search(r"(?<=\s)and$|^and(?=\s)", name, re.IGNORECASE):
            yield f"an empty name in {' '.join(text.split())[:60]!r}", joined
    if names_of(text) == ["others"]:
        yield "nobody but others", "name the first author"


@cache
def plain(latex):
    r"""Return a field as text: accents, simple formulas, \emph and the like become what they mean."""
    latex = re.sub(
        r"\\(?:url|emph|textit|textbf|textsc|texttt|textrm|mbox|text|enquote|nolinkurl)\s*\{([^{}]*)\}", r"\1", latex
    )
    latex = re.sub(r"\\href\s*\{[^{}]*\}\s*\{([^{}]*)\}", r"\1", latex)
    latex = re.sub(r"\\ensuremath\s*\{([^{}]*)\}", r"$\1$", latex)
    latex = re.sub(r"\$([^$]*)\$", lambda found: _formula(found[1]), latex)
    latex = re.sub(r"(?<!\\)((?:\\\\)*)%", r"\1\\%", latex)  # no comment, as LaTeX has it: BibTeX knows none in a field
    text = str(Text.from_latex(latex)).replace("---", "—").replace("--", "–")
    text = text.replace("``", "“").replace("''", "”").replace("'(", "′(").replace("'", "’").replace("`", "‘")
    return " ".join(unicodedata.normalize("NFC", text).split(" ")).replace("\n", " ").strip()


def _formula(latex):
    """Return a simple formula as text, between dollars where it is not simple."""
    text = re.sub(r"\\(?:mathrm|mathbf|mathcal|mathbb|text|rm|operatorname)\s*\{([^{}]*)\}", r"\1", latex)
    text = re.sub(r"\\([A-Za-z]+|[%&, ])", lambda found: SIGNS.get(found[1], f"\\{found[1]}"), text)
    text = re.sub(r"\^(?:\{([^{}]*)\}|(.))", lambda found: _moved(found, RAISED), text)
    text = re.sub(r"_(?:\{([^{}]*)\}|(.))", lambda found: _moved(found, LOWERED), text)
    text = re.sub(r"(?<![\w])-(?=\w)|(?<=\s)-(?=\s)", "−", text.replace("'", "′"))
    return f"${latex}$" if re.search(r"[\\^{}]|_(?=.)", text) else text


def _moved(found, table):
    what = found[1] if found[1] is not None else found[2]
    moved = what.translate(table)
    return moved if all(ord(sign) in table for sign in what) else found[0]


def leftover(text):
    r"""Return the LaTeX that is left in a plain text, "" where there is none."""
    found = re.search(r"\\[A-Za-z]+|[\\{}$~^]", text)
    return found[0] if found else ""
