"""The names that a text can point to: one source for the command that lists them and for "did you mean".

Place in the flow: `resolve` asks what is known, `press.naming` lists it.
"""

from collections.abc import Iterator
from typing import Any

DEEPEST = 4  # keys below a function's name; what lies deeper is data rather than a number to quote


def known_targets(book: Any, texts: Any) -> set[str]:
    """Return what a cross reference can name: entries, figures, tables, equations, what stands behind the answers."""
    return {entry.number for entry in book.entries} | texts.numbered.keys() | book.parts.targets.keys()


def known_figures(drawings: Any) -> set[str]:
    """Return the drawings that a text can show, as module/function."""
    return set(drawings.figures)


def known_numbers(drawings: Any) -> list[str]:
    """Return the computed numbers that a text can quote, as module.function.key."""
    return [name for module, results in sorted(drawings.numbers.items()) for name in _below(module, results, DEEPEST)]


def _below(name: str, value: Any, depth: int) -> Iterator[str]:
    """Yield the names of the numbers and words in a result; of a list its first item stands for all."""
    if isinstance(value, dict) and depth:
        for key, inner in value.items():
            yield from _below(f"{name}.{key}" if str(key).isidentifier() else f"{name}[{key!r}]", inner, depth - 1)
    elif isinstance(value, list) and value and depth:
        yield from _below(f"{name}[0]", value[0], depth - 1)
    else:
        yield name
