"""More numbers and a figure as wide as the margin."""

import matplotlib

matplotlib.use("pdf")

import matplotlib.pyplot as plt

from press.pictures.results import figure, numbers


@numbers
def kept():
    """Numbers of each form."""
    return {"share": 0.125, "count": 12345, "small": -0.0000042, "row": [0.5, -1.25]}


@figure
def square():
    """Four lines."""
    sheet, axes = plt.subplots(figsize=(45 / 25.4, 30 / 25.4))
    axes.plot([0, 1, 1, 0, 0], [0, 0, 1, 1, 0])
    axes.axis("off")
    return sheet
