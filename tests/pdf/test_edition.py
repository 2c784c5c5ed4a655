"""An output folder holds one whole edition: the old one until the new one is there."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from press.pdf import edition
from press.problems import PressError

ROOT = Path(__file__).resolve().parents[2]
OLD = {"tiny-a4.pdf": "old", "tiny-letter.pdf": "old"}
NEW = {"tiny-a4.pdf": "new", "tiny-letter.pdf": "new"}


def write(out, files, inputs="1", name="tiny"):
    """Publish an edition with these files."""
    with edition.new_edition(out, pytest.fail) as beside:
        for file, text in files.items():
            (beside / file).write_text(text)
        return edition.publish(beside, out, name, inputs)


def held(out):
    """Return the files in a folder with their texts, without manifests."""
    return {path.name: path.read_text() for path in out.iterdir() if path.suffix != ".json"}


@pytest.fixture
def out(tmp_path):
    """An output folder that holds an old edition, and nothing beside it."""
    out = tmp_path / "an out folder"
    write(out, OLD)
    yield out
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_a_new_edition_takes_the_place_of_the_old_one_as_a_folder(out):
    before = out.stat()
    assert write(out, NEW, "2") == []
    assert held(out) == NEW and edition.mixed(out) == []
    assert out.stat().st_ino != before.st_ino and out.stat().st_mode == before.st_mode


def test_what_fails_changes_nothing(out):
    with pytest.raises(KeyError), edition.new_edition(out, pytest.fail) as beside:
        (beside / "tiny-a4.pdf").write_text("half")
        raise KeyError
    assert held(out) == OLD and edition.mixed(out) == []


def test_a_folder_that_was_not_there_is_not_left_behind(tmp_path):
    with pytest.raises(KeyError), edition.new_edition(tmp_path / "out", pytest.fail):
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_files_of_one_edition_gather_and_those_of_another_go(out):
    assert write(out, {"tiny-a4.pdf": "one"}, "1") == []
    assert held(out) == {"tiny-a4.pdf": "one", "tiny-letter.pdf": "old"}
    assert edition.mixed(out) == []
    assert write(out, {"tiny-a4.pdf": "two"}, "2") == ["tiny-letter.pdf"]
    assert held(out) == {"tiny-a4.pdf": "two"}


def test_what_others_have_in_the_folder_stays(out):
    (out / "notes.txt").write_text("mine")
    (out / "site").mkdir()
    before = out.stat().st_ino
    write(out, {"tiny-two-a4.pdf": "other"}, name="tiny-two")
    write(out, {"tiny-a4.pdf": "new"}, "2")
    assert out.stat().st_ino == before and (out / "site").is_dir()
    (out / "site").rmdir()
    assert held(out) == {"tiny-a4.pdf": "new", "tiny-two-a4.pdf": "other", "notes.txt": "mine"}


def test_a_folder_in_which_somebody_stands_stays_the_same_folder(out, monkeypatch):
    monkeypatch.chdir(out)
    before = out.stat().st_ino
    write(Path(), NEW, "2")
    assert out.stat().st_ino == before and held(out) == NEW


def test_a_link_to_a_folder_stays_a_link(out, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(out)
    write(link, NEW, "2")
    assert link.is_symlink() and held(out) == NEW


@pytest.mark.parametrize("moment", range(5))
def test_where_folders_cannot_change_places_a_mixed_one_is_named(out, monkeypatch, moment):
    """Stop at each of the steps: manifest, two files, manifest."""
    monkeypatch.setattr(edition, "_exchange", lambda one, other: False)
    replace, steps = Path.replace, iter(range(10))

    def stopped(path, target):
        if path.parent != out and path.name.endswith("edition.json.part"):  # of the folder beside
            return replace(path, target)
        if next(steps) == moment:
            raise KeyboardInterrupt
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", stopped)
    if moment == 4:
        write(out, NEW, "2")
        assert held(out) == NEW and edition.mixed(out) == []
        return
    with pytest.raises(KeyboardInterrupt):
        write(out, NEW, "2")
    whole = set(held(out).values()) == {"old"} and not edition.mixed(out)
    assert whole == (moment == 0)
    assert moment == 0 or "tiny-a4.pdf" in edition.mixed(out)
    monkeypatch.setattr(Path, "replace", replace)
    write(out, NEW, "2")
    assert held(out) == NEW and edition.mixed(out) == []


@pytest.mark.parametrize("text", ["", "noise", "{}", "[1]", '{"inputs": "1", "files": {}, "other": 1}'])
def test_a_manifest_of_noise_is_no_manifest(out, text):
    (out / "tiny-edition.json").write_text(text)
    assert edition.read_manifest(out, "tiny") is None
    write(out, NEW, "2")
    assert held(out) == NEW


def test_a_file_that_was_changed_is_named(out):
    (out / "tiny-letter.pdf").write_text("marked by hand")
    assert edition.mixed(out) == ["tiny-letter.pdf"]
    assert json.loads((out / "tiny-edition.json").read_text())["whole"]


WAIT = """
import sys
from pathlib import Path
from press.pdf import edition
with edition.new_edition(Path(sys.argv[1]), lambda line: print(line, flush=True)) as beside:
    print("in", flush=True)
    sys.stdin.readline()
    (beside / "tiny-a4.pdf").write_text(sys.argv[2])
    edition.publish(beside, Path(sys.argv[1]), "tiny", sys.argv[2])
"""


def build_of(out, text):
    return subprocess.Popen(
        [sys.executable, "-c", WAIT, out, text], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_a_second_build_says_that_it_waits_and_comes_after_the_first(out):
    first = build_of(out, "first")
    assert first.stdout.readline() == "in\n"
    second = build_of(out, "second")
    assert second.stdout.readline() == f"another build is writing to {out}: waiting for its end\n"
    first.communicate("\n")
    assert held(out) == {"tiny-a4.pdf": "first"}
    assert second.stdout.readline() == "in\n"
    second.communicate("\n")
    assert held(out) == {"tiny-a4.pdf": "second"}


def test_a_build_that_is_killed_leaves_the_old_edition_and_the_next_one_clears_up(out):
    killed = build_of(out, "killed")
    assert killed.stdout.readline() == "in\n"
    killed.kill()
    killed.communicate()
    assert held(out) == OLD
    assert [path.suffix for path in out.parent.iterdir() if path != out] == [".part"]
    write(out, NEW, "2")
    assert held(out) == NEW


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_told_before_the_work(tmp_path):
    out = tmp_path / "out"
    out.mkdir(mode=0o555)
    with pytest.raises(PressError, match="cannot be written to"), edition.new_edition(out, pytest.fail):
        pass


def test_a_place_that_is_no_folder_is_told(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(PressError, match="cannot be made"), edition.new_edition(tmp_path / "out" / "in", pytest.fail):
        pass


def test_the_same_inputs_have_the_same_digest_and_others_another(tmp_path):
    (tmp_path / "a").write_text("1")
    before = edition.digest_of_inputs([tmp_path])
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text(str(time.time()))
    assert edition.digest_of_inputs([tmp_path]) == before
    (tmp_path / "a").write_text("2")
    assert edition.digest_of_inputs([tmp_path]) != before


def test_a_site_in_the_folder_stays_when_a_new_edition_comes(out):
    (out / "site").mkdir()
    (out / "site" / "index.html").write_text("old")
    before = out.stat()
    write(out, NEW, "2")
    assert out.stat().st_ino != before.st_ino and edition.mixed(out) == []
    assert (out / "site" / "index.html").read_text() == "old"
    assert (out / "tiny-a4.pdf").read_text() == "new"


@pytest.mark.parametrize("exchanges", [True, False])
def test_a_folder_takes_the_place_of_an_old_one(out, monkeypatch, exchanges):
    if not exchanges:
        monkeypatch.setattr(edition, "_exchange", lambda *_: False)
    for text in ("old", "new"):
        with edition.new_edition(out, pytest.fail) as beside:
            (beside / "site").mkdir()
            (beside / "site" / f"{text}.html").write_text(text)
            edition.publish_folder(beside / "site", out)
    assert [path.name for path in (out / "site").iterdir()] == ["new.html"]
