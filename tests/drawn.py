"""Draw the real book once before the tests: what its experiments compute is then at hand for all of them.

`make test` runs it. Where everything is drawn it takes two seconds; on a new machine the drawings have both
processors to themselves, and no test trains a network that another has trained.
"""

from press import pipeline
from press.content import tree
from press.problems import Problems


def main():
    """Draw what is not drawn; faults are the tests' to tell."""
    problems = Problems()
    book = tree.load(pipeline.ROOT / "book", problems)
    pipeline.draw(book, problems, print)


if __name__ == "__main__":
    main()
