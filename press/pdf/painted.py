"""What a finished page paints: strokes, fills, text, pictures, with place, color and width.

Place in the flow: after everything, for `proof`; it interprets the content streams of a PDF, forms
included, as a printer would. Lengths are points; x grows to the right and y upward, as in the file.
Left out, because nothing asks for it: where the second letter of a text operator stands (the text
matrix does not move on as letters are shown), character and word space, what a clip is but its
rectangle, soft masks and blend modes.
Source: ISO 32000-1, 8.4 (graphics state), 8.5 (paths), 9.4 (text).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Name

IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
BLACK = (0.0, 0.0, 0.0)


class Mark(NamedTuple):
    """One thing painted.

    `kind` is stroke, fill, text or picture; `box` left, bottom, right, top; `color` red, green and
    blue from 0 to 1, None for a pattern; `width` the width of a stroke at its thinnest and `dash`
    its pattern, both in points of the page; `clip` the rectangle that it is clipped to, or None.
    `font` is the name of a text's font resource, `text` its bytes, `mode` its rendering mode,
    `matrix` the matrix from text space. `forms` names the forms that it stands in, outermost first.
    """

    kind: str
    box: tuple
    color: tuple | None
    width: float = 0.0
    dash: tuple = ()
    points: tuple = ()
    clip: tuple | None = None
    font: Any = None
    text: bytes = b""
    mode: int = 0
    matrix: tuple = IDENTITY
    forms: tuple = ()
    artifact: bool = False


def painted(page: pikepdf.Page) -> list[Mark]:
    """Return the Marks of a pikepdf page, in the order in which they are painted."""
    walker = _Walker()
    walker.run(page.obj, page.obj.get("/Resources", {}), _State(), (), False)
    return walker.marks


def multiply(first: tuple, second: tuple) -> tuple:
    """Return the matrix that applies `first` and then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def apply(matrix: tuple, x: float, y: float) -> tuple[float, float]:
    """Return a point under a matrix."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def bounds(points: Iterable[tuple[float, float]]) -> tuple[float, float, float, float]:
    """Return the rectangle around points: left, bottom, right, top."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


@dataclass
class _State:
    """The graphics state, which the operators q and Q keep and bring back."""

    matrix: tuple = IDENTITY
    clip: tuple | None = None
    fill: tuple | None = BLACK
    stroke: tuple | None = BLACK
    width: float = 1.0
    dash: tuple = ()
    font: Any = None
    size: float = 0.0
    mode: int = 0
    leading: float = 0.0


class _Walker:
    """Interprets content streams and collects Marks."""

    def __init__(self) -> None:
        self.marks = []
        self.parsed = {}

    def instructions(self, stream: Any) -> list[tuple]:
        """Return (operands, operator) of a stream, parsed once however often it is painted."""
        key = stream.objgen
        if key == (0, 0) or key not in self.parsed:
            self.parsed[key] = [(item.operands, str(item.operator)) for item in pikepdf.parse_content_stream(stream)]
        return self.parsed[key]

    def run(self, stream: Any, resources: Any, state: _State, forms: tuple, artifact: bool) -> None:
        """Interpret one stream."""
        stack, path, pending = [], [], False
        text = _Text()
        nesting = [artifact]
        for operands, operator in self.instructions(stream):
            match operator:
                case "q":
                    stack.append(replace(state))
                case "Q":
                    state = stack.pop()
                case "m" | "l" | "c" | "v" | "y" | "re":
                    path += _points(operator, _floats(operands), state.matrix)
                case "W" | "W*":
                    pending = True
                case "S" | "s" | "f" | "F" | "f*" | "B" | "B*" | "b" | "b*" | "n":
                    if path:
                        self.paint(operator, path, state, forms, nesting[-1])
                        if pending:
                            state.clip = _meet(state.clip, bounds(path))
                    path, pending = [], False
                case "Tj" | "TJ" | "'" | '"':
                    text.show(operator, state)
                    self.letters(_shown(operands), multiply(text.matrix, state.matrix), state, forms, nesting[-1])
                case "BT" | "Tm" | "Td" | "TD" | "T*":
                    text.move(operator, operands, state)
                case "BMC" | "BDC":
                    nesting.append(nesting[-1] or operands[0] == Name.Artifact)
                case "EMC":
                    nesting.pop()
                case "Do":
                    self.draw(str(operands[0]), resources, state, forms, nesting[-1])
                case "sh" | "INLINE IMAGE":
                    self.picture(state, forms, nesting[-1])
                case _:
                    _set(operator, operands, resources, state)

    def letters(self, shown: bytes, matrix: tuple, state: _State, forms: tuple, artifact: bool) -> None:
        """Add the mark of a text operator, at its first letter."""
        origin = apply(matrix, 0, 0)
        self.marks.append(
            Mark(
                "text",
                (*origin, *origin),
                state.fill,
                width=state.size,
                clip=state.clip,
                font=state.font,
                text=shown,
                mode=state.mode,
                matrix=matrix,
                forms=forms,
                artifact=artifact,
            )
        )

    def paint(self, operator: str, path: list, state: _State, forms: tuple, artifact: bool) -> None:
        """Add the marks of a path that an operator paints."""
        mark = Mark(
            "fill", bounds(path), state.fill, points=tuple(path), clip=state.clip, forms=forms, artifact=artifact
        )
        if operator in ("f", "F", "f*", "B", "B*", "b", "b*"):
            self.marks.append(mark)
        if operator in ("S", "s", "B", "B*", "b", "b*"):
            a, b, c, d, _, _ = state.matrix
            thinnest = min(math.hypot(a, b), math.hypot(c, d))
            self.marks.append(
                mark._replace(
                    kind="stroke",
                    color=state.stroke,
                    width=state.width * thinnest,
                    dash=tuple(part * thinnest for part in state.dash),
                )
            )

    def draw(self, name: str, resources: Any, state: _State, forms: tuple, artifact: bool) -> None:
        """Add what an XObject paints."""
        item = resources.XObject[name]
        if item.Subtype == Name.Image:
            self.picture(state, forms, artifact)
            return
        inside = replace(state)
        inside.matrix = multiply(_floats(item.get("/Matrix", IDENTITY)), state.matrix)
        left, bottom, right, top = _floats(item.BBox)
        corners = [apply(inside.matrix, x, y) for x in (left, right) for y in (bottom, top)]
        inside.clip = _meet(state.clip, bounds(corners))
        self.run(item, item.get("/Resources", resources), inside, (*forms, name), artifact)

    def picture(self, state: _State, forms: tuple, artifact: bool) -> None:
        """Add an image, which fills the unit square."""
        corners = [apply(state.matrix, x, y) for x in (0, 1) for y in (0, 1)]
        self.marks.append(Mark("picture", bounds(corners), None, clip=state.clip, forms=forms, artifact=artifact))


@dataclass
class _Text:
    """Where text stands (ISO 32000-1, 9.4.2): the text matrix, and that of the beginning of the line."""

    matrix: tuple = IDENTITY
    line: tuple = IDENTITY

    def move(self, operator: str, operands: Any, state: _State) -> None:
        """Follow an operator that moves to another place or line."""
        if operator == "BT":
            self.line = IDENTITY
        elif operator == "Tm":
            self.line = _floats(operands)
        elif operator == "T*":
            self.line = multiply((1, 0, 0, 1, 0, -state.leading), self.line)
        else:
            x, y = _floats(operands)
            self.line = multiply((1, 0, 0, 1, x, y), self.line)
            if operator == "TD":
                state.leading = -y
        self.matrix = self.line

    def show(self, operator: str, state: _State) -> None:
        """Follow an operator that shows text: two of them go to the next line first."""
        if operator in ("'", '"'):
            self.move("T*", (), state)


def _set(operator: str, operands: Any, resources: Any, state: _State) -> None:
    """Set what an operator says of the graphics state; what paints nothing else is left out."""
    match operator:
        case "cm":
            state.matrix = multiply(_floats(operands), state.matrix)
        case "w":
            state.width = float(operands[0])
        case "d":
            state.dash = tuple(map(float, operands[0]))
        case "gs":
            more = resources.ExtGState[str(operands[0])]
            state.width = float(more.get("/LW", state.width))
        case "g" | "rg" | "k" | "sc" | "scn":
            state.fill = _color(operands)
        case "G" | "RG" | "K" | "SC" | "SCN":
            state.stroke = _color(operands)
        case "cs":
            state.fill = BLACK
        case "CS":
            state.stroke = BLACK
        case "Tf":
            state.font, state.size = resources.Font[str(operands[0])], float(operands[1])
        case "Tr":
            state.mode = int(operands[0])
        case "TL":
            state.leading = float(operands[0])


def _points(operator: str, values: tuple, matrix: tuple) -> list[tuple[float, float]]:
    """Return the points of a path operator, as they stand on the page."""
    if operator == "re":
        x, y, width, height = values
        values = (x, y, x + width, y, x + width, y + height, x, y + height)
    return [apply(matrix, *values[at : at + 2]) for at in range(0, len(values), 2)]


def _floats(operands: Any) -> tuple[float, ...]:
    return tuple(float(value) for value in operands)


def _color(operands: Any) -> tuple | None:
    """Return red, green, blue of gray, RGB or CMYK operands; None for a pattern."""
    if any(isinstance(value, Name) for value in operands):
        return None
    values = _floats(operands)
    if len(values) == 1:
        return values * 3
    if len(values) == 4:
        cyan, magenta, yellow, black = values
        return tuple((1 - ink) * (1 - black) for ink in (cyan, magenta, yellow))
    return values


def _shown(operands: Any) -> bytes:
    """Return the bytes of a text operator's strings."""
    last = operands[-1]
    parts = last if isinstance(last, pikepdf.Array) else [last]
    return b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))


def _meet(clip: tuple | None, box: tuple) -> tuple:
    """Return the part of a rectangle inside another; None stands for the whole page."""
    if clip is None:
        return box
    return (max(clip[0], box[0]), max(clip[1], box[1]), min(clip[2], box[2]), min(clip[3], box[3]))
