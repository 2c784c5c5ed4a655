"""Whitening by hand for four invented flats of two features, and of the digits (going further on 3.6.1)."""

import numpy as np

from .kit import style
from .kit.results import figure, numbers
from .models import digits

# Area in square meters, rooms.
FOUR = np.array([[80.0, 2.0], [120.0, 6.0], [90.0, 5.0], [110.0, 3.0]])


@numbers
def by_hand():
    """Each stage for the four flats: centered, standardized, whitened, and the matrices in between."""
    centered = FOUR - FOUR.mean(axis=0)
    standard = centered / centered.std(axis=0)
    correlation = standard.T @ standard / len(FOUR)
    values, vectors = np.linalg.eigh(correlation)
    inverse = vectors @ np.diag(values**-0.5) @ vectors.T
    return {
        "mean": FOUR.mean(axis=0),
        "variance": centered.var(axis=0),
        "deviation": centered.std(axis=0),
        "standard": standard,
        "correlation": correlation,
        "values": values,
        "inverse": inverse,
        "white": standard @ inverse,
        "turned": standard @ vectors / values**0.5,
    }


@numbers
def pixels():
    """Variances of the training digits along their principal axes: largest, smallest that is not zero, how many are."""
    values = np.linalg.eigvalsh(np.cov(digits.split().train_x.T, bias=True))
    positive = values[values > 1e-12]
    return {
        "largest": positive[-1],
        "smallest": positive[0],
        "zero": len(values) - len(positive),
        "factor": float((positive[-1] / positive[0]) ** 0.5),
    }


@figure
def stages():
    """The four flats as measured, standardized and whitened."""
    sheet, panels = style.figure("column", 38, 1, 3)
    found = by_hand()
    looks = (("Measured", FOUR, "area, m²", "rooms"), ("Standardized", found["standard"], "area, s.d.", "rooms, s.d."))
    for axes, (title, points, across, up) in zip(
        panels, (*looks, ("Whitened", found["white"], "first", "second")), strict=True
    ):
        axes.plot(*points.T, "o", color=style.TEAL)
        axes.set_title(title)
        axes.set(xlabel=across, ylabel=up)
    panels[0].set(xlim=(72, 128), ylim=(1, 7), xticks=(80, 100, 120), yticks=(2, 4, 6))
    for axes in panels[1:]:
        axes.set(xlim=(-1.7, 1.7), ylim=(-1.7, 1.7), xticks=(-1, 0, 1), yticks=(-1, 0, 1), aspect="equal")
        style.zero_lines(axes)
    return sheet
