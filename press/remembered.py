"""What was found out once is remembered from build to build, under the name of what it comes from.

Used where the same question is asked in every build: how a formula is spoken, how a work is printed,
where the last layout had the anchors. A file that is cut short, changed or missing is no answer.
"""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

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


def _age(file: Path) -> float:
    try:
        return -file.stat().st_mtime
    except OSError:  # another process was faster
        return 0.0


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
