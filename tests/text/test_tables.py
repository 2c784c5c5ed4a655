"""Tables: heads over groups of columns, numbers below one another on the decimal point."""

import re

import pytest

from press import pipeline
from press.pdf.records import read_back

TABLE = """

      :::{table} groups
      :align: l r r r
      :above: | | first | < | second |
      A table with groups.

      | Row | A | B | C |
      |---|---|---|---|
      | one | 0.25 | 1 | 2 |
      | two | 12.5 | 1,000 | - |
      :::

      See [](tab:groups).
"""


def groups(tiny_with_parts, above="| | first | < | second |"):
    """Return the book with a table whose columns have heads over them."""
    table = TABLE.replace("| | first | < | second |", above)
    return tiny_with_parts.replace("further/1.1.yaml", "\n      *What {ix}", f"{table}\n      *What {{ix}}")


def test_heads_over_groups_of_columns_are_printed_once_and_read_back(tiny_with_parts):
    made = groups(tiny_with_parts).make()
    assert not made.compared.problems
    words = " ".join(run.text for run in read_back(made.paths[0]).runs)
    assert re.search(r"A table with groups\. first second Row A B C one 0\.25", words)


def test_a_head_over_groups_that_is_not_printed_is_missed(tiny_with_parts):
    made = groups(tiny_with_parts).make()
    changed = tiny_with_parts.replace("further/1.1.yaml", "| | first |", "| | third |")
    told = pipeline.check_book(changed.folder, made.paths[0].parent, pipeline.Build())
    assert any("third" in problem.what for problem in told.problems)


def test_numbers_stand_on_the_decimal_point(tiny_with_parts):
    runs = read_back(groups(tiny_with_parts).make().paths[0]).runs
    right = {run.text.strip(): run.right for run in runs if run.text.strip() in ("0.25", "12.5")}
    assert right["0.25"] - right["12.5"] == pytest.approx(0.497 * 8.4, abs=0.3)


@pytest.mark.parametrize("above", ["| | first | second |", "| < | first | < | second |", "| | *first* | < | second |"])
def test_wrong_heads_over_groups_are_told(tiny_with_parts, above):
    (told,) = groups(tiny_with_parts, above).faults()
    assert "further/1.1.yaml:" in told and ("cells, the table 4 columns" in told or "has markup" in told)
