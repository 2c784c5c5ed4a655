"""Work aside: what is independent is done in a fork of the press, where the machine has a second core.

Place in the flow: `pipeline` has the sheets made aside while what stands behind the answers is laid out.
The fork has all that the press has, hands back what can be pickled, and ends.
"""

import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

from press.layout.engine import pango_version

# Elsewhere the libraries of the system do not live through it. Newer versions of Pango ask for fonts in a thread of
# their own, which no fork has: it would wait for an answer for ever.
WITHOUT_THREADS = "1.50."
CAN_FORK = sys.platform == "linux" and pango_version().startswith(WITHOUT_THREADS)


class Aside:
    """At most one work that goes on aside; as a context manager it leaves no process behind."""

    def __init__(self) -> None:
        self.child = self.receive = 0

    def __enter__(self) -> "Aside":
        return self

    def __exit__(self, *_: object) -> None:
        if self.child:
            os.kill(self.child, signal.SIGKILL)
            os.waitpid(self.child, 0)
            os.close(self.receive)

    def start(self, work: Callable[[], Any]) -> None:
        """Begin a work."""
        self.receive, send = os.pipe()
        self.child = os.fork()
        if not self.child:
            _do(work, send)
        os.close(send)

    def result(self) -> Any:
        """Wait for the work and return what came of it; what it raised is raised here."""
        with os.fdopen(self.receive, "rb") as pipe:
            answer = pipe.read()
        os.waitpid(self.child, 0)
        self.child = 0
        if not answer:
            raise RuntimeError("a process of the press ended without a result")
        value, error = pickle.loads(answer)
        if error is not None:
            raise error
        return value


def _do(work: Callable[[], Any], send: int) -> NoReturn:
    """Do a work, send what came of it, and end without a word."""
    try:
        try:
            answer: tuple[Any, BaseException | None] = work(), None
        except BaseException as error:
            error.add_note(traceback.format_exc())
            answer = None, error
        with os.fdopen(send, "wb") as pipe:
            pipe.write(pickle.dumps(answer))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)
