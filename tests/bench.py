"""What the press takes, as ratios: they hold on any computer, seconds do not.

`make bench` runs it. It builds the real book twice with a cache of its own: cold, with nothing
drawn, and warm, with all figures and formulas in the cache.
"""

import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from press import pipeline


def build(cache, out):
    """Build the book with a folder as cache; return (Made, {stage: seconds})."""
    pipeline.CACHE = cache
    run = pipeline.Build()
    made = pipeline.make(pipeline.ROOT / "book", out, ("a4", "letter"), True, run)
    return made, run.seconds


def ratios(made, cold, warm):
    """Return [(what, ratio)] of a cold and a warm build."""
    page, formula = warm["laying out"] / made.pages, cold["setting formulas"] / made.formulas
    both = sum(warm.values())
    return [
        ("cold build : warm build", sum(cold.values()) / both),
        ("drawing figures, cold : laying out", cold["drawing figures"] / warm["laying out"]),
        ("laying out a page : setting a formula", page / formula),
        ("laying out : painting", warm["laying out"] / warm["drawing pages"]),
        ("laying out : whole warm build", warm["laying out"] / both),
        ("finishing both papers : painting", warm["finishing"] / warm["drawing pages"]),
        ("reading back : laying out", warm["reading back"] / warm["laying out"]),
    ]


def main():
    """Build cold, build warm, print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        cache, out = Path(folder) / "cache", Path(folder) / "dist"
        made, cold = build(cache, out)
        _, warm = build(cache, out)
    table = Table("ratio", "", title=f"{made.pages} pages, {made.formulas} formulas")
    for what, ratio in ratios(made, cold, warm):
        table.add_row(what, f"{ratio:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
