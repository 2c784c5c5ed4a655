"""Read the finished files back, on two cores in two processes: python -m press.proof.apart.

Place in the flow: the end of every build. Two questions of their own are asked of each book: does it agree
with the source's contents list, four ways (`agreement`), and does every word of the tree stand in it
(`printed`)? The first is asked in a process of its own as soon as one paper is written, the second in
the press itself. Requests and answers are pickles between two halves of one program; with one core the
same functions are called one after the other.
"""

import contextlib
import gc
import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from press.pdf import windows
from press.proof import agreement, printed

ROOT = Path(__file__).resolve().parents[2]


class Request(NamedTuple):
    """A book on a paper that is examined beside a source; `is_one`: it is the one before through another window."""

    book: Path
    source: Path
    is_one: bool = False


class Judged(NamedTuple):
    """What came of it: by paper what the source's contents list came to, and how the words compare."""

    examined: dict[str, Any]
    verdict: printed.Verdict


def examine(requests: Iterable[Request]) -> list[Any]:
    """Examine books one after the other; return agreement.Examined of each, without the letters of the file."""
    found: list[Any] = []
    before, letters = Path(), None
    for book, source, is_one in requests:
        seen = windows.through(letters, before, book) if is_one and letters else None
        examined = agreement.examine(book, source, seen)
        before, letters = book, examined.printed
        found.append(examined._replace(printed=None))  # nobody asks for it, and it is all letters of the file
    return found


def read_back(context: Any, source: Path, files: dict[Any, Path], reader: "Reader | None" = None) -> Judged:
    """Read the files of all papers beside a contents list; `reader` has begun with the first."""
    book, drawings = context.book, context.drawings
    mine = {key: path for key, path in files.items() if not key.kind.endswith("bleed")}  # it has nothing else to say
    books = {key.paper: path for key, path in mine.items() if key.kind == "book"}
    paths = list(books.values())
    are_one = [False, *(windows.are_one(paths[0], path) for path in paths[1:])]
    requests = [Request(path, source, is_one) for path, is_one in zip(paths, are_one, strict=True)]
    if reader:
        reader.go_on(requests[1:])
    verdict = printed.compare(book.folder, mine, drawings.numbers, cards_of(drawings), all(are_one[1:]))
    examined = reader.finish() if reader else examine(requests)
    return Judged(dict(zip(books, examined, strict=True)), verdict)


def cards_of(drawings: Any) -> dict[str, Any]:
    """Return {"module.function": what it tells} of the experiments, as their results have it."""
    return {name: experiment.card for name, experiment in drawings.experiments.items()}


class Reader:
    """The process that examines books while the press goes on."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, request: Request) -> None:
        """Begin with the first book."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "press.proof.apart"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # an interruption is for the press, which then ends it
        )
        self._ask([request])

    def go_on(self, requests: list[Request]) -> None:
        """Say which books are the others; there are no more."""
        self._ask(requests)
        assert self.process and self.process.stdin
        with contextlib.suppress(BrokenPipeError):  # it has ended, and `finish` says so
            self.process.stdin.close()
        self.process.stdin = None

    def _ask(self, requests: list[Request]) -> None:
        assert self.process and self.process.stdin
        with contextlib.suppress(BrokenPipeError):
            for request in requests:
                pickle.dump(tuple(request), self.process.stdin)
            self.process.stdin.flush()

    def finish(self) -> list[Any]:
        """Wait for what was found."""
        assert self.process
        answer, _ = self.process.communicate()
        if self.process.returncode:
            raise RuntimeError("reading back failed")  # its traceback is on the screen
        return pickle.loads(answer)

    def end(self) -> None:
        """Leave no process behind."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


@contextmanager
def reader() -> Iterator[Reader]:
    """Yield a Reader that is not left behind."""
    one = Reader()
    try:
        yield one
    finally:
        one.end()


def requests_in(stream: IO[bytes]) -> Iterator[Request]:
    """Yield the requests as they come."""
    while True:
        try:
            yield Request(*pickle.load(stream))
        except EOFError:
            return


def main() -> None:
    """Answer what is asked."""
    gc.disable()
    pickle.dump(examine(requests_in(sys.stdin.buffer)), sys.stdout.buffer)


if __name__ == "__main__":
    main()
