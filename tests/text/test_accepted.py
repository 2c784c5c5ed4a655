"""What looks like a fault and is meant is printed as it stands."""

from pathlib import Path

import pytest
import reading

from press.text.blocks import bound

ANSWER = ("1.2.yaml", "  So it answers itself.")

# What is accepted: (text of an answer, what the words of the tokens say)
ACCEPTED = {
    "prices with a backslash": (r"It costs \$5 or \$10.", "$5 or $10"),
    "brackets": (r"The interval (0, 1) or \[0, 1\].", "[0, 1]"),
    "less and greater": ("It is so if 3 < 5 and 5 > 3.", "3 < 5 and 5 > 3"),
    "signs with a backslash": (r"A \* b \_ c \` d \# e.", "A * b _ c ` d # e"),
    "code": ("Call `f(**kwargs)` and `a[0]`.", "f(**kwargs)"),
    "en dash": ("Pages 3\u20135.", "Pages 3\u20135"),
    "address": ("See <https://example.org/p/-1x>.", "https://example.org/p/-1x"),
    "percent": ("It is {{ numbers.values.half | percent }} of all.", "50% of all"),
    "names with apostrophes": ("Bayes' theorem and Newton's method.", "Bayes\u2019 theorem"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_meant_is_accepted(tiny, name):
    written, printed = ACCEPTED[name]
    tiny.replace(*ANSWER, f"  {written}")
    texts, _, faults = reading.read(tiny.folder)
    assert not faults
    words = "".join(child.content for token in texts.parsed["1.2", "answer"] for child in token.children or ())
    assert printed in words


def test_a_percentage_in_a_formula_keeps_its_sign(tiny):
    tiny.replace(*ANSWER, "  Then $b = {{ numbers.values.half | percent }}$ holds.")
    texts, _, faults = reading.read(tiny.folder)
    assert not faults and (r"b = 50\%", False) in texts.formulas


def test_braces_of_code_are_left_alone(tiny):
    tiny.replace(*ANSWER, "  So:\n\n  ```\n  print(f'{{x}} {%d}')\n  ```")
    texts, _, faults = reading.read(tiny.folder)
    assert not faults
    assert texts.parsed["1.2", "answer"][3].content == "print(f'{{x}} {%d}')\n"


def test_a_term_with_an_apostrophe_and_terms_that_differ_by_one_sign(tiny):
    terms = ["Jensen's inequality", "\u03b1-decay", "\u03b2-decay", "C++", "C#", "top-1", "top_1"]
    tiny.replace(
        "1.1.yaml",
        "  - term: pair\n",
        "".join(f'  - term: "{term}"\n    text: So.\n' for term in terms) + "  - term: pair\n",
    )
    bold = " and ".join(f"**{term.replace('_', chr(92) + '_')}**" for term in terms)
    tiny.replace("1.1.yaml", "      A **pair** of", f"      {bold}. A **pair** of")
    assert reading.told(tiny.folder) == []


def test_a_label_may_have_letters_of_any_language(tiny):
    for text in ("[](tab:squares)", "{table} squares"):
        tiny.replace("1.1.yaml", text, text.replace("squares", "größe"))
    assert reading.told(tiny.folder) == []


@pytest.mark.parametrize("sign", ["(", "[", "`", "$", "[@", "*", "_", "<", "!["])
def test_a_long_row_of_one_sign_is_told_in_time(tiny, sign):
    path = Path(tiny.folder) / "1.2.yaml"
    path.write_text(path.read_text().replace("So it answers itself.", sign * (40_000 // len(sign))))
    assert reading.told(tiny.folder)


def test_a_short_last_word_stays_with_the_one_before():
    assert bound("<p>Zero is not a prime.</p>") == "<p>Zero is not a\u00a0prime.</p>"
    assert bound("<p>It ends incomprehensibly.</p>") == "<p>It ends incomprehensibly.</p>"
    assert bound('<p>See <a href="#x">[1]</a>.</p>') == '<p>See <a href="#x">[1]</a>.</p>'
