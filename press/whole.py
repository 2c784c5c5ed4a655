"""The whole edition behind an author's back: built anew by a process of its own when nothing has changed for a while.

Place in the flow: `watch` asks it after every change and between changes.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
QUIET = 2.0  # seconds without a change before the whole book is begun
NICE = 10  # the pages that are waited for come first


class Ended(NamedTuple):
    """How a build ended: whether the edition is published, and what it printed."""

    is_made: bool
    lines: list[str]


class Whole:
    """At most one build at a time, of the newest state of the tree."""

    def __init__(self, folder: Path, out: Path) -> None:
        self.command = [sys.executable, str(ROOT / "build.py"), "--book", str(folder), "--out", str(out), "--draft"]
        self.process: subprocess.Popen[bytes] | None = None
        self.output: IO[bytes] | None = None
        self.due: float | None = None

    def later(self) -> None:
        """Something has changed: what is being built is of yesterday, the next build begins when it is quiet."""
        self.stop()
        self.due = time.monotonic() + QUIET

    def poll(self) -> Ended | None:
        """Begin the build that is due; return how one ended, once."""
        if self.process is None and self.due is not None and time.monotonic() >= self.due:
            self.due, self.output = None, tempfile.TemporaryFile()  # noqa: SIM115 (it is read when the build has ended)
            self.process = subprocess.Popen(
                self.command,
                stdout=self.output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=(lambda: os.nice(NICE)) if hasattr(os, "nice") else None,
            )
        if self.process is None or self.process.poll() is None:
            return None
        assert self.output
        self.output.seek(0)
        lines = self.output.read().decode("utf-8", "replace").splitlines()
        ended = Ended(self.process.returncode == 0, [line for line in lines if not line.startswith("  ")])
        self.process = None
        return ended

    def stop(self) -> None:
        """End what is being built; the edition that is there stays."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None
