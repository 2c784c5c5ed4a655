r"""Slips of the hand in the real tree: is each told, or printed whole?

`make mutants` makes 10,000 changes of the book's files (`slips`), seeded, one at a time. The whole tree is read
with each, as far as HTML. It is told as a fault, or every word, number and formula of its raw fields stands in
the HTML in the file's order (`lost`); a traceback, more than 10 seconds, or a word that is lost is a fault of
the press.
"""

import os
import shutil
import signal
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import slips
from lost import TEMPLATES, read
from standins import WORDS, Whole

from press.content import reading
from press.content.tree import load
from press.documents import body
from press.problems import BookError, Problems

MOST_SECONDS = 10


class Slow(Exception):
    """A mutant that is still being read after the time that it has."""


def judge(seed, whole, folder):
    """Make one mutant; return (verdict, what), the verdict one of told, whole, lost, slow, traceback."""
    kind, path, text, slip = slips.slip(seed)
    what, file = f"{path}: {slip}", folder / path
    file.write_text(text, encoding="utf-8")
    signal.signal(signal.SIGVTALRM, _slow)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)  # of the processor
    try:
        gone = read(whole, folder, kind, path)
        return ("lost", f"{what}: {'; '.join(gone[:3])}") if gone else ("whole", what)
    except BookError:
        return "told", what
    except Slow:
        return "slow", what
    except Exception as error:
        return "traceback", f"{what}: {type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        shutil.copyfile(slips.BOOK / path, file)
        if file in whole.remembered:  # read once for all
            reading._LAST[file] = whole.remembered[file]


def _slow(number, frame):
    raise Slow


@cache
def prepared():
    """Return the Whole, and a copy of the tree to make mutants of: read once for all of them."""
    whole, folder = Whole(), tempfile.TemporaryDirectory()
    book = Path(shutil.copytree(slips.BOOK, Path(folder.name) / "book")).resolve()
    (book.parent / "figures").mkdir()
    load(book, Problems())
    whole.remembered, whole.kept = dict(reading._LAST), folder
    whole.templates = body.environment(TEMPLATES, WORDS)  # compiled once, and not for each mutant
    return whole, book


def run(seeds, tell=lambda line: None):
    """Return (counts, lines of what was neither told nor whole) of the mutants of some seeds."""
    (whole, book), counts, odd = prepared(), Counter(), []
    for seed in seeds:
        verdict, what = judge(seed, whole, book)
        counts[verdict] += 1
        if verdict not in ("told", "whole"):
            odd.append(f"{seed}: {verdict}: {what}")
            tell(odd[-1])
    return counts, odd


def main():
    """Judge the mutants, a share on each processor; exit 1 if one was lost, slow or ended in a traceback."""
    count, workers = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, os.cpu_count() or 1
    shares = [range(1 + start, count + 1, workers) for start in range(workers)]
    with ProcessPoolExecutor(workers) as pool:
        results = list(pool.map(run, shares, [told] * workers))
    counts = sum((counts for counts, _ in results), Counter())
    print(", ".join(f"{number} {verdict}" for verdict, number in counts.most_common()))
    raise SystemExit(any(odd for _, odd in results))


def told(line):
    """Print a line at once."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
