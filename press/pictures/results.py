"""What a figures module declares: `@figure`, `@numbers` and `@experiment` mark its results.

A book's `figures/` imports them (this book's by way of `figures/kit/results.py`). They change
nothing: `figures` reads them in the source, before anything runs, and what bears none of them is
a helper.
"""

KINDS = ("experiment", "figure", "numbers")


def figure(function):
    """Declare a drawing: the function returns a matplotlib figure, `{figure} module/function` shows it."""
    return function


def numbers(function):
    """Declare numbers: the function returns what texts quote as `{{ module.function.key }}`."""
    return function


def experiment(function):
    """Declare the card of an experiment: a dict that says how it was set up, made of the constants it runs with."""
    return function
