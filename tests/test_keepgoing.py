"""--keep-going: a draft in spite of faults, each of them marked beside its line; nothing else is written."""

import shutil
from pathlib import Path

import pytest
from conftest import BOOKS, TinyBook
from test_errors import FAULTS
from typer.testing import CliRunner

import build
from press import keepgoing, pipeline
from press.pdf.records import read_back
from press.pdf.story import read_story
from press.problems import BookError
from press.proof.rawwords import plain


def drafted(book, papers=("a4",)):
    return keepgoing.make(book.folder, book.out, papers, False, pipeline.Build())


def words_on(path):
    """What each page of a file has, by its label."""
    printed = read_back(path)
    return {
        label: plain(" ".join(run.text for run in printed.runs if run.page == index))
        for index, (label, *_) in enumerate(printed.pages)
    }


def test_a_fault_is_marked_on_its_page_and_draft_stands_on_every_one(tiny):
    tiny.replace("1.1.yaml", "[](eq:count)", "[](eq:counts)").replace("1.1.yaml", "[@peano1889ari", "[@peano1888ari")
    kept = drafted(tiny, ("a4", "letter"))
    assert kept.made is None and [path.name for path in kept.paths] == ["tiny-draft-a4.pdf", "tiny-draft-letter.pdf"]
    assert sorted(path.name for path in tiny.out.iterdir()) == ["tiny-draft-a4.pdf", "tiny-draft-letter.pdf"]
    pages = words_on(kept.paths[0])
    assert all("draft" in words for words in pages.values()), pages
    line = tiny.line_of("1.1.yaml", "eq:counts")
    told = f"1.1.yaml:{line}: cross reference to 'eq:counts', which does not exist (did you mean 'eq:count'?)"
    assert "1.1.yaml:" in pages["10"] and "peano1888" in pages["10"]
    assert "[peano1888arithmetices?]" in pages["10"] and "by eq:counts?" in pages["12"]
    notes = [block for block in read_story(kept.paths[0]).blocks if told in plain(block.words)]
    assert [note.page for note in notes] == [list(pages).index("12")]
    assert notes[0].x < 150, "a mark stands in the margin, which is on the left here"


def test_a_book_without_faults_is_made_as_always_and_its_drafts_go(tiny):
    tiny.replace("1.1.yaml", "[](eq:count)", "[](eq:counts)")
    assert drafted(tiny).paths[0].is_file()
    tiny.replace("1.1.yaml", "[](eq:counts)", "[](eq:count)")
    kept = drafted(tiny)
    assert kept.made and not kept.problems
    assert "tiny-a4.pdf" in (names := {path.name for path in tiny.out.iterdir()}) and "tiny-draft-a4.pdf" not in names


def test_the_edition_stays_as_it_is(tiny):
    tiny.make()
    before = {path.name: path.read_bytes() for path in tiny.out.iterdir()}
    tiny.replace("1.1.yaml", "[](eq:count)", "[](eq:counts)")
    drafted(tiny)
    after = {path.name: path.read_bytes() for path in tiny.out.iterdir()}
    assert after.pop("tiny-draft-a4.pdf") and after == before


def test_what_only_the_layout_tells_is_marked_too(tiny):
    tiny.replace("1.1.yaml", "      :::{table} squares", "      More.\n\n" * 200 + "      :::{table} squares")
    kept = drafted(tiny)
    assert "is too long" in kept.problems[0].what
    assert any("is too long" in words for words in words_on(kept.paths[0]).values())


def test_a_margin_that_is_too_full_for_words_has_the_lines_alone(tiny):
    paragraphs = "".join(f"      See [](1.1.{number}), which is not there.\n\n" for number in range(5, 40))
    tiny.replace("1.1.yaml", "      :::{table} squares", paragraphs + "      :::{table} squares")
    kept = drafted(tiny)
    words = " ".join(words_on(kept.paths[0]).values())
    line = tiny.line_of("1.1.yaml", "1.1.20")
    assert f"1.1.yaml:{line}" in words and "'1.1.20', which does not exist" not in words


def test_every_fault_of_an_author_leaves_a_draft(tmp_path):
    """As many faults in a book as can be; those that are hidden by others have their turn in the next book."""
    left = [name for name in FAULTS if FAULTS[name][0] != "book.yaml"]
    while left:
        book = TinyBook(Path(shutil.copytree(BOOKS / "base", tmp_path / f"{len(left)}" / "book")))
        here = [name for name in left if planted(book, *FAULTS[name][:3])]
        try:
            kept = drafted(book)
        except BookError as error:
            pytest.fail(f"{here}: {[str(problem) for problem in error.problems]}")
        told = " ".join(f"{problem.what} {problem.how}" for problem in kept.problems)
        seen = [name for name in here if FAULTS[name][3] in told]
        assert seen, f"none of {here} is told in {told}"
        assert len(words_on(kept.paths[0])) > 8
        left = [name for name in left if name not in seen]


def planted(book, file, old, new):
    """Plant a fault where no other has taken its place."""
    is_free = old in (book.folder / file).read_text(encoding="utf-8")
    if is_free:
        book.replace(file, old, new)
    return is_free


def test_the_command_ends_with_1_and_the_faults_last(tiny):
    tiny.replace("1.1.yaml", "[](eq:count)", "[](eq:counts)")
    result = CliRunner().invoke(build.app, ["--keep-going", "--book", str(tiny.folder), "--paper", "a4"])
    assert isinstance(result.exception, BookError)  # build.run prints them, and ends with 1
    assert f"wrote {tiny.out}/tiny-draft-a4.pdf, a draft with its faults marked" in result.stdout
