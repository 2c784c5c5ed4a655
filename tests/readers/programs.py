"""Programs of the system and packages of Node.js that the files are opened with."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PDFJS = "pdfjs-dist@4.2.67"


def run(*command, **options):
    """Run a program; return what it says, or fail with it."""
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **options)
    assert result.returncode == 0, f"{' '.join(map(str, command))}\n{result.stdout[-2000:]}{result.stderr[-2000:]}"
    return result


def install(name, pinned):
    """Return the folder of a package of Node.js, installed where it is missing."""
    home = ROOT / "build" / "readers"
    there = home / "node_modules" / name
    wanted = pinned.rpartition("@")[2]
    if not there.is_dir() or json.loads((there / "package.json").read_text())["version"] != wanted:
        if shutil.which("npm") is None:
            pytest.skip(f"{name} is not there, and npm is not installed: make test-readers does it")
        home.mkdir(parents=True, exist_ok=True)
        run("npm", "install", "--silent", "--omit=optional", "--ignore-scripts", "--prefix", home, pinned)
    return there
