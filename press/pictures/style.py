"""The look of every drawing: sizes on the page's grid, fonts, two inks, and a few helpers.

Place in the flow: imported by the modules of a book's `figures/` (`from press.pictures import style`), and
by nothing of the press. A module calls `style.figure()` for a sheet of the right width, draws on it, and
returns it; the press embeds the sheet at its true size, so a point here is a point on paper. Curves without
a color of their own take the inks in turn.

Rules that the page asks for (CONTRIBUTING.md, "Figures"): labels on the curves instead of legends,
no boxes, 7.5-8 pt text, and no difference that only color carries: line style, marker, hatch or
a label always carries it too, because the book is also printed in black and white.
"""

from functools import cache

import matplotlib

matplotlib.use("pdf")

import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import ScaledTranslation

from press.page import FONTS, PAGE
from press.pictures.fonts import use_fonts

INK, GREY, RULE = PAGE.colors["ink"], PAGE.colors["grey"], PAGE.colors["rule"]
TEAL, RUST = PAGE.colors["teal"], PAGE.colors["rust"]
PALE, TEAL_TINT, RUST_TINT = PAGE.colors["tint"], PAGE.colors["teal_tint"], PAGE.colors["rust_tint"]

# (color, line style) for up to five curves that have to differ in grey print as well.
CURVES = (
    (TEAL, "-"),
    (RUST, (0, (4, 1.6))),
    (INK, (0, (1, 1.2))),
    (GREY, (0, (6, 1.4, 1, 1.4))),
    (TEAL, (0, (2.2, 1.1))),
)

# From the labels of the ticks down to the title of an axis, points: the lines have room of their own.
UNDER_THE_TICKS = 0.5

# Half the height of a digit in a tick's label: so far below its tick stands the base line of the label.
HALF_A_DIGIT = 0.325 * 7.5  # points


# What matplotlib is told once; points, but for colors and weights.
LOOK = {
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "axes.titleweight": 600,
    "axes.titlelocation": "left",
    "axes.titlepad": 4,
    "axes.labelpad": 2.5,
    "axes.labelcolor": INK,
    "text.color": INK,
    "axes.edgecolor": RULE,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "axes.linewidth": 0.5,
    "xtick.major.width": 0.5,
    "ytick.major.width": 0.5,
    "xtick.minor.width": 0.4,
    "ytick.minor.width": 0.4,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.minor.size": 1.5,
    "ytick.minor.size": 1.5,
    "xtick.major.pad": 2,
    "ytick.major.pad": 2,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.linewidth": 1.1,
    "lines.markersize": 3.2,
    "patch.linewidth": 0.5,
    # Colors alone: with line styles in the cycle, a curve whose color is given would take a style from it.
    "axes.prop_cycle": cycler(color=(TEAL, RUST, INK, GREY)),
    "axes.unicode_minus": True,
    "axes.formatter.use_mathtext": True,
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.h_pad": 0.02,
    "figure.constrained_layout.w_pad": 0.02,
    "savefig.transparent": True,
    "legend.frameon": False,
}


def _on_the_tick(axes, pad):
    """Return where labels of ticks stand beside the y-axis: digits centered on their tick, exponents or not.

    Matplotlib centers a line of text with room for descenders, so that digits hang 1.3 points low.
    """
    transform, _, side = _beside_the_axis(axes, pad)
    down = ScaledTranslation(0, -HALF_A_DIGIT / 72, axes.get_figure(root=True).dpi_scale_trans)
    return transform + down, "baseline", side


def _tight(text, spacing):
    """Set lines of one label as close as a caption's: matplotlib takes a fifth more than their height by itself."""
    _set_spacing(text, TIGHT if spacing == BY_ITSELF else spacing)


BY_ITSELF, TIGHT = 1.2, 0.95
_set_spacing = Text.set_linespacing
_beside_the_axis = Axes.get_yaxis_text1_transform


@cache
def _use_look():
    use_fonts(FONTS)
    Axes.get_yaxis_text1_transform = _on_the_tick
    Text.set_linespacing = _tight
    matplotlib.rcParams.update(LOOK)


def figure(width, height, rows=1, columns=1, **options):
    """Return (figure, axes): a sheet as wide as "column", "wide", "margin" or so many mm.

    Options go to matplotlib's `subplots` (sharex, width_ratios, ...). Use `rows=0` for a sheet
    without axes; axes is None then.
    """
    _use_look()
    across = PAGE.widths[width].mm if isinstance(width, str) else width
    size = (across / 25.4, height / 25.4)
    if not rows:
        return plt.figure(figsize=size), None
    sheet, axes = plt.subplots(rows, columns, figsize=size, **options)
    for each in sheet.axes:
        each.xaxis.labelpad = UNDER_THE_TICKS
    return sheet, axes


def label(axes, text, x, y, color=INK, **options):
    """Write a direct label at data coordinates, in the color of what it names."""
    options = {"ha": "left", "va": "center", "fontsize": 8} | options
    return axes.text(x, y, text, color=color, **options)


def write(axes, x, y, text, **options):
    """Write a text of a diagram, centered on a point."""
    return axes.text(x, y, text, **{"ha": "center", "va": "center", "fontsize": 8} | options)


def head(axes, x, y, text, **options):
    """Write the head of a panel of a diagram, as plots have their titles: semibold, from the left."""
    return axes.text(x, y, text, **{"ha": "left", "va": "center", "fontsize": 8, "weight": 600} | options)


def diagram(axes, width, height):
    """Turn axes into a plain drawing board: `width` x `height` units, y upward, no axes, no distortion."""
    axes.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    axes.axis("off")
    return axes


def zero_lines(axes):
    """Draw thin lines through the origin, behind the curves."""
    axes.axhline(0, color=RULE, linewidth=0.4, zorder=0)
    axes.axvline(0, color=RULE, linewidth=0.4, zorder=0)
