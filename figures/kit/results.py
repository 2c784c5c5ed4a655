"""The marks of a result, and of what is computed once; a function that bears no mark is a helper."""

from press.pictures.results import computed, experiment, figure, numbers

__all__ = ["computed", "experiment", "figure", "numbers"]
