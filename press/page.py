"""The page, said once: lengths, papers and colors of templates/page.yaml.

Place in the flow: under everything. The layout takes them as CSS variables (`css`) and in pixels,
the finished file in points, the drawings in millimeters; here, and nowhere else, the three units meet.
"""

from pathlib import Path
from typing import Any, NamedTuple

import yaml

DESIGN = Path(__file__).resolve().parent.parent / "templates" / "page.yaml"
FONTS = DESIGN.parent / "fonts"
IN_AN_INCH = {"mm": 25.4, "pt": 72, "px": 96}


class Length(NamedTuple):
    """A length as the design says it; `mm`, `pt` and `px` are what others measure in."""

    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.value:g}{self.unit}"

    def _in(self, unit: str) -> float:
        return self.value if unit == self.unit else self.value * (IN_AN_INCH[unit] / IN_AN_INCH[self.unit])

    @property
    def mm(self) -> float:
        """In millimeters, as drawings are measured."""
        return self._in("mm")

    @property
    def pt(self) -> float:
        """In points, as a PDF is measured."""
        return self._in("pt")

    @property
    def px(self) -> float:
        """In CSS pixels, as the renderer measures its boxes."""
        return self._in("px")


def mm(value: float) -> Length:
    """Return so many millimeters."""
    return Length(value, "mm")


def pt(value: float) -> Length:
    """Return so many points."""
    return Length(value, "pt")


def px(value: float) -> Length:
    """Return so many CSS pixels."""
    return Length(value, "px")


class Paper(NamedTuple):
    """A sheet, and the margins that put the type area on it."""

    width: Length
    height: Length
    top: Length
    inner: Length


class Card(NamedTuple):
    """A study card, and the space inside its edges."""

    width: Length
    height: Length
    padding: Length


class FormulaSheet(NamedTuple):
    """The formula sheet: margins above and beside, the space between its two columns."""

    top: Length
    side: Length
    gap: Length


class Page(NamedTuple):
    """The design of the page; the first paper is the one that is laid out."""

    papers: dict[str, Paper]
    line: Length
    lines: int
    column: Length
    gutter: Length
    margin: Length
    note_gap: Length
    note_drop: Length
    head_drop: Length
    widest_inline: Length
    grid: Length
    bleed: Length
    sheet: Length
    card: Card
    formulas: FormulaSheet
    colors: dict[str, str]

    @property
    def paper(self) -> Paper:
        """The paper that is laid out."""
        return next(iter(self.papers.values()))

    @property
    def height(self) -> Length:
        """The height of the type area: all its lines."""
        return Length(self.lines * self.line.value, self.line.unit)

    @property
    def overhang(self) -> Length:
        """What a wide block reaches beyond the text column: gutter and margin column."""
        return mm(self.gutter.mm + self.margin.mm)

    @property
    def wide(self) -> Length:
        """The width of the type area."""
        return mm(self.column.mm + self.overhang.mm)

    @property
    def outer(self) -> Length:
        """The outer margin of the paper that is laid out."""
        return mm(self.paper.width.mm - self.paper.inner.mm - self.wide.mm)

    @property
    def widths(self) -> dict[str, Length]:
        """The widths that a figure or a table may have, by the name that authors give."""
        return {"column": self.column, "wide": self.wide, "margin": self.margin}


def _read() -> Page:
    with DESIGN.open(encoding="utf-8") as file:
        said = yaml.safe_load(file)
    groups = ("papers", "card", "formulas", "colors")
    return Page(
        **{name: _lengths(value) for name, value in said.items() if name not in groups},
        papers={name: Paper(**_lengths(paper)) for name, paper in said["papers"].items()},
        card=Card(**_lengths(said["card"])),
        formulas=FormulaSheet(**_lengths(said["formulas"])),
        colors=said["colors"],
    )


def _lengths(said: Any) -> Any:
    """Return what the file says with each "112 mm" as a Length."""
    if isinstance(said, dict):
        return {name: _lengths(value) for name, value in said.items()}
    if isinstance(said, str):
        value, unit = said.split()
        return Length(float(value), unit)
    return said


PAGE = _read()


def css() -> str:
    """Return the design as variables for the style sheets: var(--column), var(--teal)."""
    paper = PAGE.paper
    # A hair more than the lines, so that rounding never costs the last one.
    bottom = mm(int((paper.height.mm - paper.top.mm - PAGE.height.mm) * 10) / 10)
    said = {
        "page-width": paper.width,
        "page-height": paper.height,
        "top": paper.top,
        "bottom": bottom,
        "inner": paper.inner,
        "outer": PAGE.outer,
        "beside": mm(PAGE.outer.mm + PAGE.overhang.mm),
        **{name: getattr(PAGE, name) for name in ("line", "column", "gutter", "margin", "overhang", "wide")},
        **{f"card-{name}": length for name, length in PAGE.card._asdict().items()},
        **{f"formulas-{name}": length for name, length in PAGE.formulas._asdict().items()},
        **{name.replace("_", "-"): color for name, color in PAGE.colors.items()},
    }
    lines = "".join(f"  --{name}: {value};\n" for name, value in said.items())
    return f":root {{\n{lines}}}\n"
