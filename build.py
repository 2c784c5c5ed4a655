"""The press's door: `python build.py COMMAND`; the commands are functions of press/commands.

Here stands what a machine and its keyboard may do to any of them: a key that ends the run, a disk that is
full, a name that is not UTF-8, a fault of the press itself.
"""

import errno
import gc
import os
import signal
import sys
import traceback
from io import TextIOWrapper
from typing import cast

STOPPED = "stopped: what was there is as it was"

try:
    from press.layout import needs

    needs.stop_without_pango()
    from press.commands import app, errors
    from press.layout.engine import RendererError
    from press.problems import BookError, PressError
except KeyboardInterrupt:  # the libraries take a second to load
    sys.exit(STOPPED)


class Stop(BaseException):
    """Ctrl-C, or a polite end from elsewhere; typer would make a word of its own of KeyboardInterrupt."""


def stop(number, _):
    """End what runs, once: what it has begun is cleared away on the way out."""
    for polite in POLITE:
        signal.signal(polite, signal.SIG_IGN)
    raise Stop(number)


POLITE = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def run():
    """Run the command line.

    What an author or the one at the keyboard can mend is told in a sentence with its place; a fault of
    the press ends in its traceback, and asks for a report.
    """
    gc.disable()  # it would look through hundreds of thousands of boxes, all of them alive, again and again
    if sys.getfilesystemencoding() != "utf-8":  # a locale of another kind: libraries want names in UTF-8
        os.environ["PYTHONUTF8"] = "1"  # for the processes that draw, too
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    for name in (*sys.argv, os.getcwd()):
        if not name.isprintable() and name != name.encode(errors="replace").decode():
            raise SystemExit(f"{name!a}: this name is not UTF-8 (rename the folder or the file)")
    for stream in (sys.stdout, sys.stderr):
        cast(TextIOWrapper, stream).reconfigure(errors="replace")  # what a terminal cannot show is no reason to end
    for polite in POLITE:
        if signal.getsignal(polite) != signal.SIG_IGN:  # as nohup has it
            signal.signal(polite, stop)
    try:
        app()
    except Stop as error:
        errors.print(STOPPED)
        raise SystemExit(128 + error.args[0]) from None
    except BookError as error:
        for problem in error.problems:
            errors.print(str(problem))
    except RendererError as error:
        errors.print(f"the renderer warned, so nothing was written:\n{error}")
    except PressError as error:
        errors.print(str(error))
    except OSError as error:
        told = unable(error)
        if told is None:
            report()
        errors.print(told)
    except Exception:
        report()
    raise SystemExit(1)


# What a machine refuses, and what to do about it.
REFUSALS = {
    errno.ENOSPC: "the disk is full (make room and run it again; what was there is as it was)",
    errno.EDQUOT: "your share of the disk is full (make room and run it again; what was there is as it was)",
    errno.EFBIG: "the file would be larger than this machine allows (see ulimit -f)",
    errno.EROFS: "this place can only be read (name another with --out, or copy the repository elsewhere)",
    errno.EACCES: "this may not be opened (mend its rights; if another user made it, remove it)",
    errno.EPERM: "this may not be changed (mend its rights; if another user made it, remove it)",
    errno.EMFILE: "too many files are open (see ulimit -n)",
    errno.ENOMEM: "the machine has no memory left",
}


def unable(error):
    """Say what the machine refused and what to do, or return None where the press is to blame."""
    place = f"{error.filename}: " if error.filename is not None else ""
    if error.errno in REFUSALS:
        return place + REFUSALS[error.errno]
    return place + str(error.strerror) if place else None


def report():
    """Print the traceback of a fault of the press, and ask for a report."""
    errors.print(traceback.format_exc())
    errors.print(
        "This is a fault of the press, not of the book. Please report it, with the lines above and the command.",
    )


if __name__ == "__main__":
    run()
