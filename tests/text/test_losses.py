"""A hundred of the ten thousand slips that `make mutants` makes in the real tree: each told, or printed whole."""

import jinja2
import losses
import lost
import pytest
import slips


def test_no_slip_loses_a_word_or_ends_in_a_traceback():
    counts, odd = losses.run(range(1, 101))
    assert not odd, "\n".join(odd)
    assert counts["told"] and counts["whole"]


@pytest.mark.parametrize("rule", ["text", "block", "math_inline"])
def test_a_rule_that_drops_what_it_should_print_is_seen(monkeypatch, rule):
    monkeypatch.setitem(lost.html.RULES, rule, lambda *_: "")
    assert any("lost" in line for line in losses.run(range(1, 13))[1])


@pytest.mark.parametrize("kind", slips.FILES)
def test_what_is_not_printed_of_any_file_is_seen_and_without_slips_nothing_is_lost(monkeypatch, kind):
    whole, folder = losses.prepared()
    path = min(slips.BOOK.glob(slips.FILES[kind][1])).relative_to(slips.BOOK)
    assert lost.read(whole, folder, kind, path) == []
    monkeypatch.setattr(lost.html, "to_html", lambda *_, **__: "")
    monkeypatch.setattr("press.content.works.full_form", lambda *_: "")
    assert lost.read(whole, folder, kind, path)


@pytest.mark.parametrize("template", ["back.html", "front.html", "entry.html", "tool.html"])
def test_a_template_that_drops_what_it_should_print_is_seen(monkeypatch, template):
    whole, folder = losses.prepared()
    without = losses.body.environment(losses.TEMPLATES, losses.WORDS)
    without.loader = jinja2.ChoiceLoader([jinja2.DictLoader({template: ""}), without.loader])
    monkeypatch.setattr(whole, "templates", without)
    kind = {"tool.html": "toolbox", "front.html": "notation"}.get(template, "section")
    path = min(slips.BOOK.glob(slips.FILES[kind][1])).relative_to(slips.BOOK)
    assert lost.read(whole, folder, kind, path)
