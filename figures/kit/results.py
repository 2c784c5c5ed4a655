"""The marks of a result; a function that bears none of them is a helper."""

from press.pictures.results import experiment, figure, numbers

__all__ = ["experiment", "figure", "numbers"]
