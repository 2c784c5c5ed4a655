"""Killed, full, cut short, elsewhere: a folder holds a whole edition, and the next build is as if nothing had been."""

import errno
import hashlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import BOOKS, ROOT, as_a_stranger
from typer.testing import CliRunner

import build
from press import pipeline

# The command line with a cache of its own.
PRESS = """
import sys
from pathlib import Path

import press.pipeline

press.pipeline.CACHE = Path(sys.argv.pop(1))
import build

build.run()
"""
SLOW = """
def slow():
    import os, pathlib, time
    pathlib.Path({here!r}).write_text(str(os.getpid()))
    time.sleep(60)


slow()
"""


def digests(out):
    """Return the digests of the PDFs in a folder."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.glob("*.pdf")}


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """What a clean build of the tiny book gives, and the cache that it leaves: (digests, cache)."""
    folder = tmp_path_factory.mktemp("clean")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "CACHE", folder / "cache")
        pipeline.make(BOOKS / "base", folder / "dist", ("a4",), False, pipeline.Build())
    return digests(folder / "dist"), folder / "cache"


@pytest.fixture
def press(tmp_path):
    """Return a function that starts the command line on a book, with a cache and an environment of its own."""

    def start(folder, out, cache=tmp_path / "cache", prepare=lambda: None, **environment):
        def begin():
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # what runs in the background of a shell does not hear it
            prepare()

        return subprocess.Popen(
            [sys.executable, "-c", PRESS, cache, "--book", folder, "--out", out, "--paper", "a4"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=begin,
            start_new_session=True,
        )

    return start


def is_alive(number):
    """Say whether a process runs (a dead one that nobody has asked for does not)."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def drawing_long(tiny, press, tmp_path):
    """Start a build that is stuck in a drawing; return its process and the number of the drawing's."""
    here = tmp_path / "drawing"
    module = tiny.folder / "figures" / "numbers.py"
    module.write_text(module.read_text() + SLOW.format(here=str(here)))
    running = press(tiny.folder, tiny.out)
    end = time.monotonic() + 40 * busy()
    while not (here.exists() and here.read_text()):
        assert running.poll() is None and time.monotonic() < end, running.communicate()
        time.sleep(0.05)
    return running, int(here.read_text())


def busy():
    """Say how many times longer all takes here because others work too."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def gone_soon(number):
    """Wait for the end of a process for two seconds."""
    end = time.monotonic() + 2 * busy()
    while is_alive(number) and time.monotonic() < end:
        time.sleep(0.05)
    return not is_alive(number)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are watched in /proc")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_build_that_is_stopped_ends_at_once_and_leaves_nothing(tiny, press, tmp_path, sign):
    running, drawing = drawing_long(tiny, press, tmp_path)
    began = time.monotonic()
    os.killpg(running.pid, sign) if sign == signal.SIGINT else running.send_signal(sign)
    _, told = running.communicate(timeout=10 * busy())
    assert time.monotonic() - began < 2 * busy()
    assert gone_soon(drawing)
    assert running.returncode == (-9 if sign == signal.SIGKILL else 128 + sign)
    if sign != signal.SIGKILL:
        assert told.decode().splitlines()[-1] == build.STOPPED and b"Traceback" not in told
        assert not tiny.out.exists() and not list(tmp_path.glob(".*.part"))
        left = [path for path in (tmp_path / "cache").rglob("*") if path.is_file() and "matplotlib" not in path.parts]
        assert left == []


def test_the_build_after_a_killed_one_gives_the_bytes_of_a_clean_one(tiny, press, clean, tmp_path):
    for delay in (1.5, 2.5):  # while the libraries load, while it lays out
        killed = press(tiny.folder, tiny.out)
        with pytest.raises(subprocess.TimeoutExpired):
            killed.communicate(timeout=delay)
        killed.kill()
        killed.communicate()
    done = press(tiny.folder, tiny.out)
    _, told = done.communicate()
    assert done.returncode == 0, told
    assert digests(tiny.out) == clean[0] and not list(tmp_path.glob(".*.part"))


DAMAGES = {
    "nothing in it": lambda path: path.write_bytes(b""),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "noise": lambda path: path.write_bytes(bytes(range(256)) * 20),
    "one bit": lambda path: path.write_bytes(path.read_bytes()[:-9] + b"?" + path.read_bytes()[-8:]),
    "a folder": lambda path: (path.unlink(), path.mkdir(), (path / "in it").write_text("")),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_is_mended(tiny, clean, tmp_path, monkeypatch, damage):
    cache = Path(shutil.copytree(clean[1], tmp_path / "cache"))
    monkeypatch.setattr(pipeline, "CACHE", cache)
    for path in [path for path in cache.rglob("*") if path.is_file()]:
        DAMAGES[damage](path)
    tiny.make()
    assert digests(tiny.out) == clean[0]
    assert kept(cache) == kept(clean[1])  # mended for good


def kept(cache):
    """Return what is kept from build to build; the anchors of the last layout are kept under the folder's name."""
    return {
        path.relative_to(cache): path.read_bytes()
        for path in cache.rglob("*")
        if path.is_file() and not {"passes", "matplotlib"} & set(path.parts)
    }


def test_a_full_disk_is_told_and_changes_nothing(tiny, press, clean):
    tiny.make()
    tiny.replace("1.2.yaml", "So it answers itself.", "So it answers nothing.")
    full = press(
        tiny.folder,
        tiny.out,
        clean[1],
        prepare=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000)),
        PYTHONDONTWRITEBYTECODE="1",  # Python keeps what it compiled, even cut short
    )
    _, told = full.communicate()
    assert full.returncode == 1 and b"Traceback" not in told, told
    assert build.REFUSALS[errno.EFBIG] in told.decode() and digests(tiny.out) == clean[0]


@pytest.mark.parametrize("number", build.REFUSALS)
def test_what_the_machine_refuses_is_told_in_a_sentence(monkeypatch, capsys, number):
    def refuse():
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(build, "app", refuse)
    with pytest.raises(SystemExit):
        build.run()
    assert build.REFUSALS[number] in " ".join(capsys.readouterr().err.split())


def test_a_cache_in_a_place_that_cannot_be_is_told(tiny, press, tmp_path):
    (tmp_path / "cache").write_text("a file")
    done = press(tiny.folder, tiny.out)
    _, told = done.communicate()
    assert done.returncode == 1 and b"Traceback" not in told and f"{tmp_path / 'cache'}".encode() in told, told
    assert not tiny.out.exists()


def test_the_cache_of_another_user_is_told_with_what_to_type(tiny, press, clean, tmp_path):
    cache = Path(shutil.copytree(clean[1], tmp_path / "their cache"))
    theirs = cache / "formulas" / "told"
    theirs.chmod(0o555)
    if is_root := os.geteuid() == 0:
        os.chown(theirs, 65534, 65534)
    before = sorted(cache.rglob("*"))
    done = press(tiny.folder, tiny.out, cache, prepare=as_a_stranger)
    told = " ".join(done.communicate()[1].decode().split())
    theirs.chmod(0o755)
    assert done.returncode == 1 and "Traceback" not in told, told
    theirs_or_ours = ("another user (65534)", "sudo chown -R ") if is_root else ("its own user", "chmod -R u+rwX ")
    for said in (f"{theirs} ", *theirs_or_ours, f"'{cache}'"):
        assert said in told
    assert sorted(cache.rglob("*")) == before and not tiny.out.exists()


SURROUNDINGS = {
    "no home, no locale, one core": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "Asia/Tokyo"},
    "Latin-1 and a home that is not there": {"PYTHONIOENCODING": "latin-1", "HOME": "/nowhere", "PYTHONHASHSEED": "7"},
}


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_the_bytes_are_those_of_any_other_folder_and_machine(press, clean, tmp_path, name):
    folder = Path(shutil.copytree(BOOKS / "base", tmp_path / "Bücher # und 100%20 'Blanks'" / "Buch"))
    prepare = (
        (lambda: os.sched_setaffinity(0, {0}))
        if "one core" in name and hasattr(os, "sched_setaffinity")
        else lambda: None
    )
    done = press(folder, folder.parent / "fertig ß", prepare=prepare, **SURROUNDINGS[name])
    _, told = done.communicate()
    assert done.returncode == 0, told.decode(errors="replace")
    assert digests(folder.parent / "fertig ß") == clean[0]


def test_a_mixed_folder_is_named_by_check_and_by_the_next_build(tiny, capsys):
    path = tiny.make().paths[0]
    path.write_bytes(path.read_bytes() + b"\n")
    result = CliRunner().invoke(build.app, ["check", "--book", str(tiny.folder), "--out", str(tiny.out)])
    assert isinstance(result.exception, build.PressError) and "tiny-a4.pdf is not of the edition" in str(
        result.exception
    )
    told = []
    pipeline.make(tiny.folder, tiny.out, ("a4",), False, pipeline.Build(told.append))
    assert any("tiny-a4.pdf is not of the edition" in line for line in told)
    assert pipeline.edition.mixed(tiny.out) == []
