"""A process that runs modules of figures, each in a fork of its own: python -m press.pictures.worker.

Place in the flow: `figures` starts one for each core and asks it by a line of JSON, the arguments of
`running.run_module`; the answer is a line with the faults. The worker loads numpy and matplotlib
once; a module finds them as if it were the first that uses them, and may end as it likes.
"""

import contextlib
import faulthandler
import json
import logging
import os
import re
import resource
import signal
import sys
import tempfile
import threading
import traceback
from pathlib import Path

from press.pictures import running


def main():
    """Answer requests until the press closes the pipe."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a module prints is for the author's eyes
    load_libraries()
    for request in iter(sys.stdin.readline, ""):
        answers.write(json.dumps(_fork(json.loads(request))) + "\n")
        answers.flush()


def load_libraries():
    """Import what every drawing needs, with the backend for PDF."""
    fonts_log = logging.getLogger("matplotlib.font_manager")
    fonts_log.setLevel(logging.ERROR)  # it tells of the cache that it builds once
    import matplotlib

    matplotlib.use("pdf")
    from matplotlib import pyplot  # noqa: F401
    from matplotlib.backends import backend_pdf  # noqa: F401

    fonts_log.setLevel(logging.WARNING)
    _number_glyphs_from_one()


def _fork(request):
    """Run one module in a process of its own; return its faults, also when it dies."""
    receive, send = os.pipe()
    with tempfile.TemporaryFile() as crash:
        if not (child := os.fork()):
            _work(request, send, crash)
        os.close(send)
        with os.fdopen(receive) as pipe:
            answer = pipe.read()
        _, status = os.waitpid(child, 0)
        if answer:
            return json.loads(answer)
        crash.seek(0)
        return [_death(status, crash.read().decode(errors="replace"), request)]


def _work(request, send, crash):
    try:
        faulthandler.enable(crash)
        threading.Thread(target=_end_with_the_press, daemon=True).start()
        seconds = running.PROCESSOR * (len(request["homes"]) + 1)  # for code that no exception ends
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        faults = running.run_module(**request)
        with os.fdopen(send, "w") as pipe:
            json.dump(faults, pipe)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _end_with_the_press():
    """The press says nothing while a module runs: what can be read is the end of its pipe."""
    os.read(0, 1)
    os._exit(1)


def _death(status, trace, request):
    file = re.escape(str(Path(request["folder"]) / f"{request['name']}.py"))
    number = re.search(rf'File "{file}", line (\d+)', trace)
    if os.WIFSIGNALED(status):
        what = f"the process died of {signal.Signals(os.WTERMSIG(status)).name}"
    else:
        what = f"the process ended without a result (status {os.WEXITSTATUS(status)})"
    return (int(number[1]) if number else 0), what


def _number_glyphs_from_one():
    """Keep matplotlib 3.11 from giving code 0 to a character above 255, the minus sign on every axis.

    PDF readers take code 0 for .notdef, the sign of a missing glyph (PDF/UA-1, 7.21.8).
    """
    from matplotlib.backends._backend_pdf_ps import CharacterTracker
    from matplotlib.font_manager import FontPath

    original = CharacterTracker.track_glyph

    def track(self, font, chars, glyph):
        subset, code = original(self, font, chars, glyph)
        if subset and code == 0:
            code, path = 1, FontPath(font.fname, font.face_index)
            text = chars if isinstance(chars, str) else chr(chars)
            self.used[path][subset][code] = glyph
            self.glyph_maps[path].add(text, glyph, subset, code)
        return subset, code

    CharacterTracker.track_glyph = track


if __name__ == "__main__":
    main()
