"""What was found out once is remembered from build to build, under the name of what it comes from.

Used where the same question is asked in every build: how a formula is spoken, how a work is printed,
where the last layout had the anchors. A file that is cut short, changed or missing is no answer. The folder of
all that is kept may be another user's, who made the book here once: that is told before anything is done.
"""

import hashlib
import json
import os
import shlex
import shutil
from pathlib import Path
from typing import Any

from press.problems import PressError

MOST = 1000


def digest(*parts: str | bytes | Path) -> str:
    """Return a name for texts, bytes and the contents of files, the same for the same parts in order."""
    whole = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part.encode() if isinstance(part, str) else part
        whole.update(len(content).to_bytes(8) + content)
    return whole.hexdigest()[:16]


def recall(file: Path) -> Any:
    """Return what was stored in a file, None where nothing was or it is not whole."""
    try:
        told, _, content = file.read_bytes().partition(b"\n")
        return json.loads(content) if told == _digest(content) else None
    except (OSError, ValueError):
        return None


def store(file: Path, value: Any) -> None:
    """Store a value of plain lists, texts and numbers; whoever reads meanwhile has the old one or the new one.

    Of one kind (suffix) in one folder the MOST files stored last are kept.
    """
    content = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}-{os.getpid()}")
    try:
        draft.write_bytes(_digest(content) + b"\n" + content)
        if file.is_dir():  # what nobody has stored here, in the way
            shutil.rmtree(file)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    stored = sorted(file.parent.glob(f"*{file.suffix}"), key=_age)
    for old in stored[MOST:]:
        old.unlink(missing_ok=True)


def refuse_closed(cache: Path) -> None:
    """End the command where this user may not keep something in the cache, or in one of its folders.

    Raises:
        PressError: who owns it, and what to type.
    """
    if (closed := _closed(cache)) is None:
        return
    shown, number = shlex.quote(str(cache)), closed.stat().st_uid
    is_ours = not hasattr(os, "geteuid") or number == os.geteuid()
    mend = f"chmod -R u+rwX {shown}" if is_ours else f'sudo chown -R "$(id -u)" {shown}'
    raise PressError(
        f"{closed} {'is closed to its own user' if is_ours else f'belongs to another user ({number})'}: "
        f"the press keeps there what it has found out once (type  {mend}  or remove {cache}, which the next build "
        "fills anew)"
    )


def _closed(folder: Path, depth: int = 2) -> Path | None:
    """Return a folder, or one in it, in which this user may not read or write."""
    if not folder.is_dir():
        return None
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return folder
    with os.scandir(folder) as inside:
        folders = [Path(item) for item in inside if depth and item.is_dir()]
    return next((found for item in folders if (found := _closed(item, depth - 1))), None)


def _age(file: Path) -> float:
    try:
        return -file.stat().st_mtime
    except OSError:  # another process was faster
        return 0.0


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
