"""What a figures module declares: `@figure`, `@numbers`, `@experiment` mark results, `@computed` keeps work.

A book's `figures/` imports them (this book's by way of `figures/kit/results.py`). The marks change
nothing: `figures` reads them in the source, before anything runs, and what bears none of them is
a helper. `@computed` stands on what takes long, such as a training run.
"""

import functools

KINDS = ("experiment", "figure", "numbers")

# How a computed value is kept beyond this process: `worker` puts in its own way, elsewhere nothing is kept.
keeping = [lambda function, arguments, named: function(*arguments, **named)]


def figure(function):
    """Declare a drawing: the function returns a matplotlib figure, `{figure} module/function` shows it."""
    return function


def numbers(function):
    """Declare numbers: the function returns what texts quote as `{{ module.function.key }}`."""
    return function


def experiment(function):
    """Declare the card of an experiment: a dict that says how it was set up, made of the constants it runs with."""
    return function


def computed(function):
    """Compute once for each arguments, as `functools.cache` does, and in a build once for each source.

    The value is kept under a hash of all that it comes from (`recipes`), so a drawing that shows it
    can change and nothing is computed again. Arguments are numbers and texts, or tuples of them;
    the value is made of numbers, texts, lists, tuples, dicts and numpy arrays.
    """
    known = {}

    @functools.wraps(function)
    def take(*arguments, **named):
        key = (arguments, tuple(sorted(named.items())))
        if key not in known:
            known[key] = keeping[-1](function, arguments, named)
        return known[key]

    take.cache_clear = known.clear  # type: ignore[attr-defined]  # as functools.cache has it
    return take
