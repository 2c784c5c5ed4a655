"""Numbers and a figure for the tiny books."""

import matplotlib

matplotlib.use("pdf")

import matplotlib.pyplot as plt

from press.pictures.results import figure, numbers


@numbers
def values():
    """A number that the text quotes."""
    return {"third": 1 / 3}


@figure
def line():
    """A line, 112 mm wide."""
    sheet, axes = plt.subplots(figsize=(112 / 25.4, 30 / 25.4))
    axes.plot([-1, 1], [-1, 1])
    axes.axis("off")
    return sheet
