"""A rich little book, with one of everything that a text can hold: it is printed whole, and the build proves it."""

import shutil
from pathlib import Path

import pytest
from conftest import BOOKS

from press.pdf.records import Target
from press.proof import printed

SENTENCE = "Numbers are counted one after the other until the line is full. "


@pytest.fixture
def rich(tiny):
    """The tiny book, its last answer with one of everything and long enough for three pages."""
    shutil.copytree(BOOKS / "rich", tiny.folder, dirs_exist_ok=True)
    return tiny.replace("1.2.yaml", "  LONG\n", f"  {SENTENCE * 30}\n\n  {SENTENCE * 25}\n")


def test_a_rich_book_is_printed_whole(rich):
    assert rich.faults() == []
    assert sorted(path.name for path in rich.out.iterdir())


def test_an_answer_that_leads_elsewhere_than_to_what_goes_further_on_it(tiny_with_parts, monkeypatch):
    read = printed.read_story

    def other(path):
        story = read(path)
        blocks = [
            block._replace(references=[reference._replace(target=Target(0, None)) for reference in block.references])
            if block.words.startswith("Going further,") and block.kind == "P"
            else block
            for block in story.blocks
        ]
        return story._replace(blocks=blocks) if "cards" not in Path(path).name else story

    monkeypatch.setattr(printed, "read_story", other)
    faults = tiny_with_parts.faults()
    assert any("1.1.1 does not lead to what goes further on it, page 14" in fault for fault in faults), faults
