"""A rich little book, with one of everything that a text can hold: it is printed whole, and the build proves it."""

import shutil

import pytest
from conftest import BOOKS

SENTENCE = "Numbers are counted one after the other until the line is full. "


@pytest.fixture
def rich(tiny):
    """The tiny book, its last answer with one of everything and long enough for three pages."""
    shutil.copytree(BOOKS / "rich", tiny.folder, dirs_exist_ok=True)
    return tiny.replace("1.2.yaml", "  LONG\n", f"  {SENTENCE * 30}\n\n  {SENTENCE * 25}\n")


def test_a_rich_book_is_printed_whole(rich):
    assert rich.faults() == []
    assert sorted(path.name for path in rich.out.iterdir())
