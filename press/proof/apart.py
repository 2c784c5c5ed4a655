"""Read the files of one paper back, in a process of their own: python -m press.proof.apart.

Place in the flow: `pipeline` starts it as soon as the files of a paper are written, and goes on with the
next paper meanwhile. Request and answer are pickles between two halves of one program; the judges are the
same that read the last paper in the press itself.
"""

import gc
import pickle
import subprocess
import sys
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
    """What came of it: the rows of the source's contents list, and how the words compare."""

    rows: list
    verdict: printed.Verdict


def judge(request: Request) -> Judged:
    """Read the files of a request in this process."""
    book = next(path for (kind, _), path in request.files.items() if kind == "book")
    return Judged(
        agreement.check(book, request.source),
        printed.compare(request.folder, request.files, request.numbers, request.cards),
    )


def start(request: Request) -> subprocess.Popen[bytes]:
    """Have a process of its own read the files of a request; `finish` waits for it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "press.proof.apart"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # an interruption is for the press, which then ends it
    )
    assert process.stdin
    pickle.dump(request, process.stdin)
    process.stdin.close()
    process.stdin = None
    return process


def finish(process: subprocess.Popen[bytes]) -> Judged:
    """Return what a process found."""
    answer, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"reading back ended with {process.returncode}")  # its traceback is on the screen
    return pickle.loads(answer)


def main() -> None:
    """Answer one request."""
    gc.disable()
    pickle.dump(judge(pickle.load(sys.stdin.buffer)), sys.stdout.buffer)


if __name__ == "__main__":
    main()
