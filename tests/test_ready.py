"""A fresh machine is made ready, or told in the first second what to type; nothing is asked of the network here."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import as_a_stranger

ROOT = Path(__file__).resolve().parent.parent
# Programs that the script needs; all others are hidden from it.
TOOLS = ("sh", "dirname", "mkdir", "mktemp", "rm", "tail", "env", "touch", "cp", "true")


@pytest.fixture
def machine(tmp_path):
    """Return a function that runs the script on a machine with a Python and some stand-ins of programs."""
    tools, house = tmp_path / "bin", tmp_path / "house with blanks"
    shutil.copytree(ROOT / "tools", house / "tools")
    (house / "press" / "layout").mkdir(parents=True)
    shutil.copy(ROOT / "press" / "layout" / "needs.py", house / "press" / "layout")
    shutil.copy(ROOT / "pyproject.toml", house)
    tools.mkdir()
    for name in TOOLS:
        (tools / name).symlink_to(shutil.which(name))

    def run(*arguments, without=(), prepare=None, **programs):
        """Run it where Python has not what `without` names; `programs` are lines of sh by their name."""
        lines = {
            # Downloads nothing: pip and venv are only written down.
            "python3": f'case "$*" in {"".join(_refuses(word) for word in without)} '
            f'*" pip "*) echo "$*" >> log;; '
            '*" venv "*) echo "$*" >> log; mkdir -p .venv/bin; cp "$0" .venv/bin/python;; '
            f'*) exec "{sys.executable}" "$@";; esac',
            "id": "echo 1000",
            **{name.replace("_", "-"): line for name, line in programs.items()},
        }
        for name, line in lines.items():
            (tools / name).write_text(f"#!/bin/sh\n{line}\n")
            (tools / name).chmod(0o755)
        result = subprocess.run(
            ["sh", "tools/ready.sh", *arguments],
            cwd=house,
            env={"PATH": str(tools)},
            preexec_fn=prepare,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        log = house / "log"
        result.log = log.read_text() if log.exists() else ""
        return result

    return run


def _refuses(word):
    return f"*{word}*) exit 1;; "


def test_a_machine_that_has_all_gets_its_packages_quietly(machine):
    told = machine()
    assert told.returncode == 0, told.stderr
    assert "venv --clear .venv" in told.log and "pip install -qq" in told.log
    assert told.stderr == "" and len(told.stdout.splitlines()) == 1
    assert machine().stdout == ""  # ready is ready


@pytest.mark.parametrize(
    "manager, command",
    [
        ("apt_get", "sudo apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0"),
        ("dnf", "sudo dnf install -y pango"),
        ("pacman", "sudo pacman -Sy --noconfirm --needed pango"),
    ],
)
@pytest.mark.parametrize("sudo", ["exit 1", "none"])
def test_who_may_not_install_is_told_what_to_type_before_anything_is_downloaded(machine, manager, command, sudo):
    told = machine(without=["needs.py"], **{manager: "echo ran >> log"}, **({} if sudo == "none" else {"sudo": sudo}))
    assert told.returncode == 1 and told.log == ""
    assert "Pango" in told.stderr.splitlines()[0] and command in told.stderr


@pytest.mark.parametrize("rights", [{"id": "echo 0"}, {"sudo": 'shift; exec "$@"'}])
def test_who_may_install_gets_what_is_missing_and_is_told(machine, rights):
    told = machine(without=["needs.py", "ensurepip"], apt_get='echo "apt-get $*" >> log', **rights)
    version = ".".join(map(str, sys.version_info[:2]))
    assert f"install -y --no-install-recommends python{version}-venv libpango-1.0-0 libpangoft2-1.0-0" in told.log
    assert told.log.startswith("apt-get update")
    assert "Python's venv, Pango" in told.stdout.splitlines()[0]
    assert told.returncode == 1 and "pip" not in told.log  # it is still missing: no package comes without it


def test_an_installation_that_fails_is_told_with_its_reason(machine):
    told = machine(without=["needs.py"], id="echo 0", apt_get="echo E: no route >&2; exit 100")
    assert told.returncode == 1 and "E: no route" in told.stderr and "Type it yourself" in told.stderr


def test_without_a_manager_of_packages_it_is_told_too(machine):
    told = machine(without=["needs.py"])
    assert told.returncode == 1 and "no apt, dnf, pacman or Homebrew" in told.stderr


def test_a_python_that_is_too_old_is_told(machine):
    told = machine(without=["version_info"], dnf="exit 1")
    assert told.returncode == 1 and "Python 3.11 or newer" in told.stderr.splitlines()[0]


def test_a_folder_that_another_user_has_made_is_told(machine, tmp_path):
    theirs = tmp_path / "house with blanks" / "build"
    theirs.mkdir()
    theirs.chmod(0o555)
    if os.geteuid() == 0:
        os.chown(theirs, 65534, 65534)
    told = machine(prepare=as_a_stranger)
    theirs.chmod(0o755)
    assert told.returncode == 1 and told.log == "", told
    assert "build/ may not be written to" in told.stderr and "sudo chown -R 1000 build" in told.stderr


def test_the_press_says_what_to_type_where_pango_is_missing():
    fault = "import ctypes; ctypes.CDLL = lambda *_, **__: exec('raise OSError')"
    told = subprocess.run(
        [sys.executable, "-c", f"{fault}; import build"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert told.stderr.startswith("Pango is missing") and "Traceback" not in told.stderr
