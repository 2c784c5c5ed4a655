"""The look of this book's drawings: the press's own, under the name by which the modules know it.

Place in the flow: imported by the modules of this folder. What they share beyond it is in `signs`,
`grids` and `diagrams`.
"""

from press.pictures.style import (
    CURVES,
    GREY,
    INK,
    PALE,
    RULE,
    RUST,
    RUST_TINT,
    TEAL,
    TEAL_TINT,
    diagram,
    figure,
    head,
    label,
    plt,
    write,
    zero_lines,
)

__all__ = [
    "CURVES",
    "GREY",
    "INK",
    "PALE",
    "RULE",
    "RUST",
    "RUST_TINT",
    "TEAL",
    "TEAL_TINT",
    "diagram",
    "figure",
    "head",
    "label",
    "plt",
    "write",
    "zero_lines",
]
