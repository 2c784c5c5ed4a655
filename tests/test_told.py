"""The rarer faults of a tree are told as well: what no other test asks for (see test_messages.py)."""

import pytest

from press import pipeline
from press.problems import BookError

# What is changed in the tiny book, and what is told: (file, text, replacement, message).
FAULTS = {
    "order": ("book.yaml", '["1.1", "1.2"]', '["1.2", "1.1"]', "the entries of the tree are in another order"),
    "option of two lines": ("1.1.yaml", "      :alt: A", "      :alt: A\n        longer text, a", "an option of several lines"),
    "unknown place": ("1.2.yaml", "  So it", "  :::{place} sauces\n  :::\n\n  So it", "cannot place 'sauces'"),
    "table without a table": ("1.2.yaml", "  So it", "  :::{table} none\n  Words.\n  :::\n\n  So it", "this table has no table in it"),
    "unknown filter": ("1.1.yaml", "| fixed(3)", "| fixt(3)", "there is no filter 'fixt'"),
    "filter with two": ("1.1.yaml", "| fixed(3)", "| fixed(3, 4)", "fixed takes one number at most"),
    "digits": ("1.1.yaml", "| fixed(3)", "| fixed(30)", "): digits are a whole number up to 20"),
    "endless number": ("1.1.yaml", "numbers.values.third | fixed(3)", "1" + 310 * "0" + " | thousands", "a number of more than 300 digits"),
    "figure twice": ("1.2.yaml", "  So it", "  :::{figure} numbers/line\n  :width: column\n  :alt: A line again.\n  Again.\n  :::\n\n  So it", "fig:numbers/line stands in the book twice"),
    "labels alike": ("1.2.yaml", "  So it", "  $$\n  x\n  $$ (eq:a-b)\n\n  $$\n  y\n  $$ (eq:a/b)\n\n  So it", "are too alike"),
    "work without a key": ("references.bib", "@book{peano1889arithmetices,", "@book{,", "entry key expected"),
    "key of a work": ("1.2.yaml", "So it", "[@no key] so it", "'no key' is no key of a work"),
    "bold in the front matter": ("book.yaml", "Read it.", "Read **it**.", "'it' is bold outside the answers"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_rare_fault_is_told(tiny, name):
    file, old, new, message = FAULTS[name]
    tiny.replace(file, old, new)
    with pytest.raises(BookError) as raised:
        pipeline.prepare(tiny.folder, pipeline.Build())
    assert any(message in str(problem) for problem in raised.value.problems), list(map(str, raised.value.problems))


def test_a_file_that_may_not_be_read_is_told(tiny, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(tiny.folder), "read_bytes", refuse)
    assert any("this file cannot be read: Permission denied" in line for line in tiny.faults())
