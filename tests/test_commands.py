"""The command line beside the books: versions, silence, where books and files are looked for by themselves."""

import re
import tomllib
from pathlib import Path

import pytest
from conftest import BOOKS, ROOT
from typer.testing import CliRunner

import build
from press.commands import line
from press.proof import findings


def run(*arguments):
    return CliRunner().invoke(build.app, [str(argument) for argument in arguments])


def test_version_names_the_press_and_what_decides_its_bytes():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    result = run("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"press {version}, Python 3.") and "WeasyPrint 70.0" in result.stdout


def test_quiet_tells_nothing_where_nothing_is_wrong(tiny):
    for arguments in (["--quiet"], ["--quiet", "book"], ["book", "-q"], ["check", "-q"], ["fit", "-q"]):
        result = run(*arguments, "--book", tiny.folder, *(["--paper", "a4"] if arguments[-1] != "-q" else []))
        assert (result.exit_code, result.output) == (0, ""), arguments
    assert "pages" in run("book", "--book", tiny.folder, "--paper", "a4").stdout, "silence lasts for one command"


def test_quiet_still_tells_what_is_wrong(tiny):
    tiny.make()
    tiny.replace("1.2.yaml", "So it answers itself.", "So it answers nothing.")
    result = run("check", "-q", "--book", tiny.folder)
    assert result.exit_code == 1 and "1.2.yaml:" in result.stdout and "word by word" not in result.stdout


def test_files_stand_beside_the_book_and_each_on_a_line_of_its_own(tiny):
    result = run("book", "--book", tiny.folder)
    wrote = re.findall(r"^wrote (\S+) \(\d", result.stdout, re.MULTILINE)
    assert len(wrote) == 7 and all(Path(path).parent == tiny.folder.parent / "dist" for path in wrote)
    assert all(Path(path).is_file() for path in wrote)


def test_the_book_is_the_one_here_or_that_of_the_press(tiny, monkeypatch, tmp_path):
    monkeypatch.chdir(tiny.folder)
    assert line.usual_book(None).resolve() == tiny.folder
    assert line.beside(line.usual_book(None)).resolve() == tiny.folder.parent / "dist"
    monkeypatch.chdir(tiny.folder.parent)
    assert line.usual_book(None).resolve() == tiny.folder
    assert line.beside(line.usual_book(None)) == Path("dist")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert line.usual_book(None) == ROOT / "book"


def test_an_option_of_no_command_is_refused_before_it(tiny):
    result = run("--keep-going", "fit", "--book", tiny.folder)
    assert result.exit_code == 2 and "fit has no --keep-going" in result.output


def test_a_picture_of_another_kind_is_refused(tiny):
    result = run("contact-sheet", "--to", "x.txt")
    assert result.exit_code == 2 and ".png, .jpg" in result.output


@pytest.mark.parametrize(
    "finding, told",
    [
        (findings.Finding("ink", "107", "line 20", "3.4.2", "7 dots"), "page 107, line 20 (3.4.2): 7 dots [ink]"),
        (findings.Finding("box", "cards a4 page 3", "TrimBox", "", "large"), "cards a4 page 3, TrimBox: large [box]"),
        (findings.Finding("fill", "", "", "", "empty"), "empty [fill]"),
    ],
)
def test_a_finding_is_a_sentence(finding, told):
    assert findings.sentence(finding) == told


def test_the_proof_tells_its_findings_last():
    result = run("proof", "--book", BOOKS / "base", "--quiet")
    assert result.exit_code == 1 and all(" [fill]" in row for row in result.stdout.strip().split("\n"))


def test_titles_and_paths_are_printed_as_they_stand(tiny):
    tiny.replace("book.yaml", "title: A Tiny Book", 'title: "A [/b] Book"')
    out = tiny.out / "[" / "b]"
    result = run("book", "--book", tiny.folder, "--out", out, "--paper", "a4")
    assert result.exit_code == 0 and "A [/b] Book" in result.stdout and f"wrote {out / 'tiny-a4.pdf'}" in result.stdout
    result = run("schema", "--to", out / "[" / "b]")
    assert result.exit_code == 0 and f"wrote {out / '[' / 'b]' / 'book.json'}" in result.stdout


@pytest.mark.parametrize("command", ["new", "add"])
def test_what_begins_a_book_may_be_silent_too(command, tiny, tmp_path):
    arguments = [tmp_path / "one"] if command == "new" else ["1.3", "--book", tiny.folder]
    result = run(command, *arguments, "--quiet")
    assert "No such option" not in result.output and result.stdout == ""
