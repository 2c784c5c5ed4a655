"""The books' own rules of prose: each is broken once and told at its line; the books here pass."""

import json
import re
import subprocess
import sys

import pytest
import yaml
from conftest import ROOT
from typer.testing import CliRunner

import build
from press.content.schema import Prose
from press.problems import BookError
from press.proof.prose import prose_of, sentences

RULES = """american: true
instead: {dense layer: fully connected layer}
never: [it is important to note]
signs: {"—": use a comma}
longest_sentence: 14
known: [cta]
"""


def checked(book, *arguments):
    return CliRunner().invoke(build.app, ["check-text", "-q", "--book", str(book.folder), *arguments])


@pytest.fixture
def ruled(tiny):
    (tiny.folder / "prose.yaml").write_text(RULES, encoding="utf-8")
    return tiny


# What is written, and what is told of it.
FAULTS = {
    "another word": ("A Dense\n  layer answers.", "'Dense layer' (write 'fully connected layer')"),
    "a phrase": ("It is important to note that two is two.", "'It is important to note' (say it without these words)"),
    "a sign": ("Two — a pair — is two.", "the sign '—' (use a comma)"),
    "misspelled": ("So it recieves itself.", "'recieves' is misspelled (write receives)"),
    "British": ("It has a colour.", "'colour' is misspelled (write color)"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_broken_rule_is_told_at_its_line(ruled, name):
    text, told = FAULTS[name]
    ruled.replace("1.2.yaml", "So it answers itself.", f"Nothing.\n\n  {text}")
    result = checked(ruled)
    line = ruled.line_of("1.2.yaml", text.split("\n")[0])
    assert result.exit_code == 1
    assert f"1.2.yaml:{line}: {told}" in result.stdout, result.stdout


def test_what_is_no_prose_is_left_alone(ruled):
    ruled.replace(
        "1.2.yaml", "So it answers itself.", "See `recieve`, $dense layer$ and cta, also called a dense layer."
    )
    assert (checked(ruled).exit_code, checked(ruled).stdout) == (0, "")


def test_a_long_sentence_is_a_warning(ruled):
    ruled.replace("1.2.yaml", "So it answers itself.", "One. Word " + "word " * 13 + "end. Two.")
    result = CliRunner().invoke(build.app, ["check-text", "--book", str(ruled.folder)])
    assert result.exit_code == 0 and "1.2.yaml:6: a sentence of 15 words, 14 are the most" in result.stdout
    told = json.loads(checked(ruled, "--json").stdout)
    assert [(each["line"], each["is_warning"]) for each in told] == [(6, True)]


def test_sentences_are_parted_as_they_are_read():
    text = prose_of("One $x. Y$ two [@key] three? Four\nfive.\n\n- Six. (a) seven (b) eight; nine 3.5 ten")
    assert [len(words) for _, words in sentences(text)] == [5, 2, 1, 2, 2, 2]


def test_faults_of_the_rules_are_told(ruled):
    (ruled.folder / "prose.yaml").write_text("nevr: [so]\n", encoding="utf-8")
    result = checked(ruled)
    assert isinstance(result.exception, BookError)
    assert "unknown key 'nevr' (did you mean 'never'?)" in str(result.exception.problems[0])


@pytest.mark.parametrize("name", ["book", "examples/sundials"])
def test_the_books_here_keep_their_rules(name):
    assert Prose(**yaml.safe_load((ROOT / name / "prose.yaml").read_text(encoding="utf-8"))).american
    result = CliRunner().invoke(build.app, ["check-text", "-q", "--book", str(ROOT / name)])
    assert (result.exit_code, result.stdout) == (0, "")


def test_documents_and_code_are_spelled_right():
    files = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "press", ROOT / "tools", ROOT / "examples"]
    told = subprocess.run(
        [sys.executable, "-m", "codespell_lib", *map(str, files)], cwd=ROOT, capture_output=True, text=True
    )
    assert (told.returncode, told.stdout) == (0, "")


def test_the_hooks_are_local_and_their_programs_are_here():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [repo["repo"] for repo in hooks] == ["local"]
    for hook in hooks[0]["hooks"]:
        assert re.search(r"\.venv/bin/(python|ruff)", hook["entry"]) and hook["language"] == "system"
