"""A hundred of the ten thousand slips that `make mutants` makes in the real tree: each told, or printed whole."""

import losses
import pytest


def test_no_slip_loses_a_word_or_ends_in_a_traceback():
    counts, odd = losses.run(1, 100)
    assert not odd, "\n".join(odd)
    assert counts["told"] and counts["whole"]


@pytest.mark.parametrize("rule", ["text", "block", "math_inline"])
def test_a_rule_that_drops_what_it_should_print_is_seen(monkeypatch, rule):
    monkeypatch.setitem(losses.html.RULES, rule, lambda *_: "")
    assert any("lost" in line for line in losses.run(1, 12)[1])
