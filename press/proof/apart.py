"""Read the files of one paper back, in a process of their own: python -m press.proof.apart.

Place in the flow: `pipeline` starts it as soon as the files of a paper are written, and goes on with the
next paper meanwhile. Request and answer are pickles between two halves of one program; the judges are the
same that read the last paper in the press itself.
"""

import gc
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from press.proof import agreement, printed

ROOT = Path(__file__).resolve().parents[2]


class Request(NamedTuple):
    """What is read: the book's folder, its files on one paper, what the tree is compared with."""

    folder: Path
    source: Path
    files: dict[tuple[str, str], Path]
    numbers: dict[str, Any]
    cards: dict[str, Any]


class Judged(NamedTuple):
    """What came of it: what the source's contents list came to, and how the words compare."""

    examined: Any
    verdict: printed.Verdict


def judge(request: Request) -> Judged:
    """Read the files of a request in this process."""
    book = next(path for (kind, _), path in request.files.items() if kind == "book")
    return Judged(
        agreement.examine(book, request.source),
        printed.compare(request.folder, request.files, request.numbers, request.cards),
    )


def request(context: Any, source: Path, files: dict[Any, Path], paper: str) -> Request:
    """Return what there is to read of the files on a paper; what the print shop gets has nothing else to say."""
    book, drawings = context.book, context.drawings
    mine = {tuple(key): path for key, path in files.items() if key.paper == paper and not key.kind.endswith("bleed")}
    return Request(book.folder, source, mine, drawings.numbers, cards_of(drawings))


def cards_of(drawings: Any) -> dict[str, Any]:
    """Return {"module.function": what it tells} of the experiments, as their results have it."""
    return {name: experiment.card for name, experiment in drawings.experiments.items()}


class Readers:
    """The processes that read while the press goes on, by paper; `papers` says which are read so."""

    def __init__(self, context: Any, source: Path, papers: tuple[str, ...]) -> None:
        self.context, self.source, self.papers = context, source, papers
        self.begun: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, files: dict[Any, Path]) -> None:
        """Begin with the files of a paper, when all of them are written."""
        paper = next(key.paper for key in files)
        if paper in self.papers:
            self.begun[paper] = process = subprocess.Popen(
                [sys.executable, "-m", "press.proof.apart"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,  # an interruption is for the press, which then ends it
            )
            assert process.stdin
            pickle.dump(tuple(request(self.context, self.source, files, paper)), process.stdin)
            process.stdin.close()
            process.stdin = None

    def finish(self, paper: str) -> Judged:
        """Wait for what was found on a paper."""
        answer, _ = self.begun[paper].communicate()
        if self.begun[paper].returncode:
            raise RuntimeError("reading back failed")  # its traceback is on the screen
        return Judged(*pickle.loads(answer))


@contextmanager
def readers(context: Any, source: Path, papers: tuple[str, ...]) -> Iterator[Readers]:
    """Yield Readers, of whom none is left behind."""
    all_of_them = Readers(context, source, papers)
    try:
        yield all_of_them
    finally:
        for process in all_of_them.begun.values():
            if process.poll() is None:
                process.kill()
                process.communicate()


def main() -> None:
    """Answer one request."""
    gc.disable()
    examined, verdict = judge(Request(*pickle.load(sys.stdin.buffer)))
    examined = examined._replace(printed=None)  # nobody asks for it, and it is all letters of the file
    pickle.dump((examined, verdict), sys.stdout.buffer)


if __name__ == "__main__":
    main()
