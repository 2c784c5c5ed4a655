"""Proof of the drawings: curves that share axes can be told apart in grey, labels are whole.

Place in the flow: called by `proof` with the figures' own PDFs, in which each curve is one stroke
clipped to its axes. Lengths are points.

Two curves are told apart where their greys are far apart, or where line style, thickness, marker or
a direct label of their own tells them. Curves of one color and style are one family, and lose
nothing in grey. Axes are known by their ticks; a diagram has none, and its lines may look alike.
"""

import math

from press.pdf.painted import bounds, painted
from press.proof.findings import Finding
from press.proof.rules import Whole, rule

TELLING_GREY = 0.25  # of the way from black to white
TELLING_WIDTH = 1.5  # ratio
LEAST_WIDTH = 0.6  # what is thinner is a grid line or an aid
LARGEST_SIGN = 5.0  # pt; a single point of a plot is drawn as its outline, and is no curve
LABEL_REACH = 12.0  # from a label's nearest letter to its curve
LEAST_TICK, LONGEST_TICK = 2.0, 4.0  # shorter ones have no labels
MARKER_REACH = 1.0
HALF_A_DIGIT, OFF_THE_TICK = 2.44, 0.6  # of labels of 7.5 pt
LABEL_WIDTH, LABEL_HEIGHT = 30.0, 2.2  # where a tick's label stands, from the tick
AREA = 40.0  # square points: what is smaller is a marker
COLORED = 0.03  # difference of blue and red of a color that is not grey
TELLING_TINT = 0.12  # of the way from black to white


@rule
def drawings(whole: Whole):
    """Find faults of the drawings, each in its own file."""
    numbered = whole.context.texts.numbered
    for name, page in whole.drawn():
        entry = numbered[f"fig:{name}"].entry.number if f"fig:{name}" in numbered else ""
        finding = lambda rule, what, entry=entry: Finding(rule, "", "figure", entry, what)  # noqa: E731
        yield from proof_figure(page, name, finding)
        marks = painted(page)
        yield from hanging_labels(marks, name, finding)
        yield from like_tints(marks, name, finding)


def proof_figure(page, name, finding):
    """Find curves that look alike and labels that are cut off in a figure's pikepdf page.

    `finding` turns a rule and what is wrong into a Finding.
    """
    marks = painted(page)
    left, bottom, right, top = map(float, page.mediabox)
    letters = [mark for mark in marks if mark.kind == "text"]
    for letter in letters:
        x, y, _, _ = letter.box
        if not (left - 0.5 <= x <= right and bottom - 0.5 <= y <= top):
            yield finding("figure", f"a label of {name} is cut off at the edge of the drawing")
            break
    for clip, curves in _charts(marks).items():
        inside = [letter for letter in letters if _within(letter.box[:2], clip)]
        looks = [_look(curve, marks) for curve in curves]
        named = _named(curves, inside)
        for one in range(len(curves)):
            for other in range(one + 1, len(curves)):
                if _alike(looks[one], looks[other]) and not (named[one] and named[other]):
                    yield finding(
                        "figure",
                        f"two curves of {name} look alike in grey: {_tell(curves[one])} and {_tell(curves[other])}",
                    )


def hanging_labels(marks, name, finding):
    """Find labels of y-axes that do not stand on the level of their ticks; a drawing is told once."""
    texts = [mark for mark in marks if mark.kind == "text"]
    for tick in (mark for mark in marks if _is_level_tick(mark)):
        left, height = tick.box[0], tick.box[1]
        near = [
            text.matrix[5] + HALF_A_DIGIT - height
            for text in texts
            if 0 < left - text.matrix[4] < LABEL_WIDTH and abs(text.matrix[5] + HALF_A_DIGIT - height) < LABEL_HEIGHT
        ]
        off = min(near, key=abs, default=0.0)
        if abs(off) > OFF_THE_TICK:
            yield finding("tick", f"a label of {name} stands {off:+.1f} pt beside its tick")
            return


def _is_level_tick(mark):
    if mark.kind != "stroke" or mark.clip is not None or len(mark.points) != 2:
        return False
    left, bottom, right, top = mark.box
    return top - bottom < 0.01 and LEAST_TICK < right - left <= LONGEST_TICK


def like_tints(marks, name, finding):
    """Find a cold and a warm color of areas that a black-and-white print shows alike; a drawing is told once.

    Shades of one color are a scale, and lose nothing in grey.
    """
    areas = {}
    for mark in marks:
        left, bottom, right, top = mark.box
        if mark.kind == "fill" and mark.color is not None and (right - left) * (top - bottom) > AREA:
            areas.setdefault(tuple(round(part, 2) for part in mark.color))
    cold, warm = ([color for color in areas if way * (color[2] - color[0]) > COLORED] for way in (1, -1))
    apart = min((abs(_greyness(one) - _greyness(other)) for one in cold for other in warm), default=1.0)
    if apart < TELLING_TINT:
        yield finding("tint", f"two tints of {name} look alike in grey, {apart:.0%} apart")


def _greyness(color):
    return sum(share * part for share, part in zip((0.299, 0.587, 0.114), color, strict=True))


def _charts(marks):
    """Return {rectangle of axes with ticks: the curves in it}."""
    strokes = [mark for mark in marks if mark.kind == "stroke" and mark.color]
    ticks = [
        mark
        for mark in strokes
        if mark.clip is None and len(mark.points) == 2 and math.dist(*mark.points) <= LONGEST_TICK
    ]
    curves = {}
    for mark in strokes:
        if (
            mark.clip
            and not mark.forms
            and mark.width >= LEAST_WIDTH
            and math.dist(mark.points[0], mark.points[-1]) > 0.01
            and max(mark.box[2] - mark.box[0], mark.box[3] - mark.box[1]) > LARGEST_SIGN
        ):
            curves.setdefault(tuple(round(side, 1) for side in mark.clip), []).append(mark)
    return {
        clip: found
        for clip, found in curves.items()
        if len(found) > 1 and sum(_touches(tick, clip) for tick in ticks) > 1
    }


def _touches(tick, clip):
    return any(
        abs(tick.box[side] - clip[side]) < 0.2 or abs(tick.box[side - 2] - clip[side]) < 0.2 for side in (0, 1)
    ) and _within(tick.box[2:], clip, LONGEST_TICK)


def _within(point, clip, slack=0.0):
    return clip[0] - slack <= point[0] <= clip[2] + slack and clip[1] - slack <= point[1] <= clip[3] + slack


def _look(curve, marks):
    """Return what tells a curve: its grey, width, dashes and the outline of its markers."""
    red, green, blue = curve.color
    grey = 0.299 * red + 0.587 * green + 0.114 * blue
    return grey, curve.width, tuple(round(part, 1) for part in curve.dash), _marker(curve, marks)


def _marker(curve, marks):
    """Return the outline of the markers on a curve, around their middle, or None."""
    for mark in marks:
        if mark.forms and mark.kind in ("stroke", "fill"):
            left, bottom, right, top = bounds(mark.points)
            middle = (left + right) / 2, (bottom + top) / 2
            if any(math.dist(middle, point) < MARKER_REACH for point in curve.points):
                return mark.kind, tuple((round(x - middle[0], 1), round(y - middle[1], 1)) for x, y in mark.points)
    return None


def _alike(one, other):
    return (
        0.01 < abs(one[0] - other[0]) < TELLING_GREY
        and one[2:] == other[2:]
        and max(one[1], other[1]) / min(one[1], other[1]) < TELLING_WIDTH
    )


def _named(curves, letters):
    """Return for each curve whether a label stands nearer to it than to the others."""
    named = [False] * len(curves)
    for letter in letters:
        distances = [_distance(letter.box[:2], curve.points) for curve in curves]
        nearest = min(distances, default=math.inf)
        if nearest < LABEL_REACH:
            named[distances.index(nearest)] = True
    return named


def _distance(point, points):
    """Return how far a point is from a line through points."""
    return min(_to_segment(point, start, end) for start, end in zip(points, points[1:], strict=False))


def _to_segment(point, start, end):
    width, height = end[0] - start[0], end[1] - start[1]
    length = width * width + height * height
    along = (
        0.0
        if length == 0
        else max(0.0, min(1.0, ((point[0] - start[0]) * width + (point[1] - start[1]) * height) / length))
    )
    return math.dist(point, (start[0] + along * width, start[1] + along * height))


def _tell(curve):
    dashes = "dashed " + "-".join(f"{part:.1f}" for part in curve.dash) if curve.dash else "solid"
    color = "#" + "".join(f"{round(part * 255):02x}" for part in curve.color)
    return f"{dashes} {color} {curve.width:.1f} pt"
