"""Give the output folder a whole new edition at once, or leave the old one as it was.

Place in the flow: around all that a build does. Its files are written into a folder beside the
output, and when all of them are there and found good, the two folders change places in one step of
the file system (`renameat2`). Where that cannot be (the folder holds files of others, is a mount, or
the system knows no such step), the files are replaced one by one between two writings of the
manifest, `NAME-edition.json`, by which the next build and `check` name a mixed folder.
"""

import contextlib
import ctypes
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from press.problems import PressError

try:
    import fcntl
except ImportError:  # Windows: no second build is waited for there
    fcntl = None  # type: ignore[assignment]

DRAFT = "-draft"  # behind the name of a book in the name of a draft with faults, which goes when an edition comes
SITE = "site"  # a folder with copies of an edition, which stays when a new one comes
HERE, EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux; macOS calls the second RENAME_SWAP


class Manifest(NamedTuple):
    """What stands in an output folder: the inputs that it was made from, and the digest of each file."""

    inputs: str
    files: dict[str, str]
    whole: bool = True


@contextlib.contextmanager
def new_edition(out: Path, tell: Callable[[str], None]) -> Iterator[Path]:
    """Yield a folder beside `out` to write an edition into; a second build waits, and says so by `tell`.

    The folder is gone at the end, whatever happened; `publish` comes before.
    """
    out = out.resolve()  # a link to a folder stays a link
    is_new = not out.exists()
    handle, is_locked = _lock(out, tell)
    try:
        if is_locked:  # what is left here is nobody's any more
            for left in (*out.parent.glob(f".{out.name}-*.part"), *out.glob(f".{out.name}-*.part")):
                shutil.rmtree(left, ignore_errors=True)
        beside = _beside(out)
        try:
            yield beside
        finally:
            shutil.rmtree(beside, ignore_errors=True)
            if is_new:
                with contextlib.suppress(OSError):  # it holds the new edition
                    out.rmdir()
    finally:
        if handle is not None:
            os.close(handle)


def publish(beside: Path, out: Path, name: str, inputs: str) -> list[str]:
    """Put the files in `beside` in the place of the edition of `name` in `out`; return the names of what went.

    Files of an earlier run from the same `inputs` stay (the other paper, the one with bleed); files
    made from other inputs go: a folder holds one edition of a book.
    """
    out = out.resolve()
    old = read_manifest(out, name) or Manifest("", {})
    made = sorted(path.name for path in beside.iterdir())
    stay = [file for file in old.files if file not in made and old.inputs == inputs and _agrees(out, file, old)]
    gone = [file for file in old.files if file not in made and file not in stay and (out / file).is_file()]
    gone += [path.name for path in out.glob(f"{name}{DRAFT}-*.pdf")]
    files = {file: _digest(beside / file) for file in made} | {file: old.files[file] for file in stay}
    new = Manifest(inputs, dict(sorted(files.items())))
    for file in made:
        _sync(beside / file)
    ours = {*made, *old.files, *gone, _manifest(name)}
    ours |= {f".{file}.part" for file in ours}  # left by a build that was killed
    if not (_may_change_places(beside, out, ours) and _whole_folder(beside, out, name, new, stay)):
        _one_by_one(beside, out, name, new, made, gone)
    return gone


def publish_folder(made: Path, out: Path) -> Path:
    """Put a folder that is wholly there into `out`, in the place of one of its name; return where it is now."""
    target = out.resolve() / made.name
    for path in made.rglob("*"):
        _sync(path)
    if not target.exists():
        made.replace(target)
    elif not _exchange(made, target):  # the old one goes with what is beside `out`
        old = made.with_name(f"{made.name}.old")
        target.replace(old)
        made.replace(target)
    return out / made.name


def put(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def mixed(out: Path) -> list[str]:
    """Return the names of files in `out` that are not of the edition which a manifest there names."""
    found = []
    for path in sorted(out.glob(f"*{_manifest('')}")) if out.is_dir() else ():
        manifest = read_manifest(out, path.name.removesuffix(_manifest("")))
        if manifest is not None:
            present = [file for file in manifest.files if (out / file).is_file()]
            found += [file for file in present if not (manifest.whole and _agrees(out, file, manifest))]
    return found


def refuse_mixed(out: Path) -> None:
    """End the command where a folder holds files of more than one edition.

    Raises:
        PressError: a build was stopped, or a file was changed.
    """
    if files := mixed(out):
        raise PressError(
            f"{out} is mixed: {', '.join(files)} {'is' if len(files) == 1 else 'are'} not of the edition that the "
            "manifest beside it names (a build was stopped, or a file was changed: make the book anew)"
        )


def read_manifest(out: Path, name: str) -> Manifest | None:
    """Return the manifest of a book in a folder, or None where there is none that can be read."""
    try:
        return Manifest(**json.loads((out / _manifest(name)).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def digest_of_inputs(folders: list[Path]) -> str:
    """Return a digest of all files in some folders: by it, two runs know that they make the same edition."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(folder).as_posix().encode(errors="surrogateescape"))
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _manifest(name: str) -> str:
    return f"{name}-edition.json"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _agrees(out: Path, file: str, manifest: Manifest) -> bool:
    return (out / file).is_file() and _digest(out / file) == manifest.files[file]


def _lock(out: Path, tell: Callable[[str], None]) -> tuple[int | None, bool]:
    """Lock the output folder itself, so that no file is left; return its handle, and whether it is locked."""
    waits = False
    while True:
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PressError(f"{out} cannot be made: {error.strerror} (name another folder with --out)") from error
        if not os.access(out, os.W_OK | os.X_OK):
            raise PressError(f"{out} cannot be written to (mend its rights, or name another folder with --out)")
        if fcntl is None:
            return None, False
        handle = os.open(out, os.O_RDONLY)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not waits:
                    tell(f"another build is writing to {out}: waiting for its end")
                waits = True
                fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError:  # a file system without locks
            return handle, False
        except BaseException:
            os.close(handle)
            raise
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(handle), out.stat()):
                return handle, True
        os.close(handle)  # the other build has put a new folder in its place


def _beside(out: Path) -> Path:
    """Make the folder for the new files, where it can change places with `out` if at all possible."""
    for parent in (out.parent, out):
        path = parent / f".{out.name}-{os.getpid()}.part"
        try:
            if parent.stat().st_dev != out.stat().st_dev:  # `out` is a mount
                continue
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir()
            return path
        except OSError as error:
            reason = error.strerror
    raise PressError(f"{out} cannot be written to: {reason} (mend it, or name another folder with --out)")


def _may_change_places(beside: Path, out: Path, ours: set[str]) -> bool:
    """Say whether the whole folder may go: it is nobody else's, and nobody stands in it."""
    state = out.stat()
    return (
        beside.parent != out
        and all(
            (path.name in ours and path.is_file() or path.name == SITE) and not path.is_symlink()
            for path in out.iterdir()
        )
        and not Path.cwd().is_relative_to(out)
        and (not hasattr(os, "geteuid") or state.st_uid == os.geteuid())
    )


def _whole_folder(beside: Path, out: Path, name: str, new: Manifest, stay: list[str]) -> bool:
    """Let the folders change places; False where the system or the file system cannot."""
    for file in stay:
        shutil.copy2(out / file, beside / file)
    _write(beside / _manifest(name), new)
    shutil.copymode(out, beside)
    if _exchange(beside, out):
        if (beside / SITE).exists():
            (beside / SITE).replace(out / SITE)
        _sync(out.parent)
        return True
    for file in (*stay, _manifest(name)):
        (beside / file).unlink()
    return False


def _one_by_one(beside: Path, out: Path, name: str, new: Manifest, made: list[str], gone: list[str]) -> None:
    """Replace file by file; until the last is there the manifest says that the folder is not whole."""
    _write(out / _manifest(name), new._replace(whole=False))
    for file in made:
        (beside / file).replace(out / file)
    for file in gone:
        (out / file).unlink(missing_ok=True)
    _write(out / _manifest(name), new)


def _write(path: Path, manifest: Manifest) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(json.dumps(manifest._asdict(), indent=1) + "\n", encoding="utf-8")
        _sync(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Bring a file or folder to the disk: what a power cut leaves is whole too."""
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change their names in one step; False where that is not to be had."""
    if sys.platform == "win32":
        return False
    library = ctypes.CDLL(None)
    paths = os.fsencode(one), os.fsencode(other)
    if hasattr(library, "renameat2"):
        return library.renameat2(HERE, paths[0], HERE, paths[1], EXCHANGE) == 0
    if hasattr(library, "renamex_np"):
        return library.renamex_np(*paths, EXCHANGE) == 0
    return False
