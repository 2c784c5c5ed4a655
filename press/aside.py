"""Work aside: what is independent is done in a fork of the press, where the machine has a second core.

Place in the flow: `pipeline` has the sheets made aside, and what stands behind the answers (`ahead`).
The fork has all that the press has, hands back what can be pickled, and ends.
"""

import ctypes
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import IO, Any, NoReturn

from press.layout.engine import pango_version

# Elsewhere the libraries of the system do not live through it. Newer versions of Pango ask for fonts in a thread of
# their own, which no fork has: it would wait for an answer for ever.
WITHOUT_THREADS = "1.50."
CAN_FORK = sys.platform == "linux" and pango_version().startswith(WITHOUT_THREADS)
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
ROOM = 1 << 20  # bytes of a pipe: a small result does not keep a work waiting


class Aside:
    """At most one work that goes on aside; as a context manager it leaves no process behind."""

    def __init__(self) -> None:
        self.child = 0
        self.pipe: IO[bytes] | None = None

    def __enter__(self) -> "Aside":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, work: Callable[[], Any]) -> None:
        """Begin a work; where it yields its results one after the other, each is handed over when it is there."""
        import fcntl  # Windows has none, and does not come here

        receive, send = os.pipe()
        fcntl.fcntl(send, fcntl.F_SETPIPE_SZ, ROOM)
        self.child = os.fork()
        if not self.child:
            os.close(receive)
            _end_with_press()
            _do(work, send)
        os.close(send)
        self.pipe = os.fdopen(receive, "rb")

    def result(self) -> Any:
        """Wait for the next result and return it; what the work raised is raised here."""
        assert self.pipe
        try:
            value, error = pickle.load(self.pipe)
        except EOFError:
            raise RuntimeError("a process of the press ended without a result") from None
        if error is not None:
            raise error
        return value

    def stop(self) -> None:
        """End the work, if one goes on."""
        if self.pipe:
            os.kill(self.child, signal.SIGKILL)
            os.waitpid(self.child, 0)
            self.pipe.close()
            self.child, self.pipe = 0, None


def _end_with_press() -> None:
    """Have the system end this process with the one that made it, however that ends: forks make forks."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _do(work: Callable[[], Any], send: int) -> NoReturn:
    """Do a work, send what came of it, and end without a word."""
    try:
        with os.fdopen(send, "wb") as pipe:
            try:
                came = work()
                for value in came if isinstance(came, Iterator) else [came]:
                    pipe.write(pickle.dumps((value, None)))
                    pipe.flush()
            except BaseException as error:
                error.add_note(traceback.format_exc())
                pipe.write(pickle.dumps((None, error)))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)
