r"""What an author writes is printed, or refused at its line: inputs that other tools print wrong or lose.

Each row is a change of the tiny book: file, text, what replaces it, the message, and text of the
line that the message names. In `new`, what stands for an answer is indented as in the file.
"""

import re

import pytest
import reading

ANSWER = ("1.2.yaml", "  So it answers itself.")
FIGURE_END = ("1.1.yaml", "      A line. It rises.\n      :::\n")
ROWS = ("1.1.yaml", "      | one | 1 |\n")
KEY = ("1.2.yaml", "key: It has no questions.")

# name: (file, old, new, message, text of the named line)
FAULTS = {
    # Blocks that run on.
    "figure without end": (*FIGURE_END, "      A line. It rises.\n", "this {figure} is not closed", ":::{figure}"),
    "figure that two colons end": (
        *FIGURE_END,
        "      A line. It rises.\n      ::\n",
        "this {figure} is not closed",
        ":::{figure}",
    ),
    "note without end": (
        *ANSWER,
        "  So.\n\n  :::{note} A\n  Note.\n\n  Main.",
        "this {note} is not closed",
        ":::{note}",
    ),
    "example without end": (*ANSWER, "  :::{example} A\n  One.", "this {example} is not closed", ":::{example}"),
    "place without end": (
        *ANSWER,
        "  So.\n\n  :::{place} watch_out\n\n  Main.",
        "this {place} is not closed",
        ":::{place}",
    ),
    "code without end": (*ANSWER, "  ```\n  x = 1\n\n  So.", "this code is not closed", "```"),
    "code without end in a note": (*ANSWER, "  :::{note} A\n  ```\n  x\n  :::", "this code is not closed", "```"),
    "formula without end": (*ANSWER, "  So\n\n  $$\n  x\n\n  and more.", "a dollar that opens or closes no", "$$"),
    "formula without beginning": (*ANSWER, "  x\n  $$\n\n  and more.", "a dollar that opens or closes no", "$$"),
    "end without block": (*ANSWER, "  So.\n\n  :::\n", "::: that ends no block", ":::"),
    "block in a block": (
        *ANSWER,
        "  ::::{note} A\n  So.\n\n  :::{note} B\n  Inside.\n  :::\n  ::::",
        "a {note} in a {note}",
        ":::{note} B",
    ),
    # As other programs have it.
    "block of MyST": (*ANSWER, "  So.\n\n  ```{note} A\n  In.\n  ```", "a block between ```", "{note}"),
    "block of MkDocs": (*ANSWER, "  So.\n\n  !!! note\n  In.", "'!!! note' begins no block here", "!!! note"),
    "block of reStructuredText": (*ANSWER, "  So.\n\n  .. note:: A\n\n  In.", "'.. note::' begins no block", ".. note"),
    "highlighter": (*ANSWER, "  It is ==flat== here.", "two equals signs", "==flat"),
    "name of an emoji": (*ANSWER, "  It is :smile: here.", "':smile:' within a text", ":smile:"),
    "option below the caption": (
        *FIGURE_END,
        "      A line. It rises.\n      :title: A line\n      :::\n",
        "':title:' within a text",
        ":title:",
    ),
    "reference in brackets": (*ANSWER, "  See [1.1.2] for it.", "'[1.1.2]' in brackets", "[1.1.2]"),
    "link of a wiki": (*ANSWER, "  See [[1.1.2]] for it.", "'[1.1.2]' in brackets", "[1.1.2]"),
    "bare address": (
        *ANSWER,
        "  See https://example.org/a.",
        "the address 'https://example.org/a.' that nobody",
        "See",
    ),
    "bare www": (*ANSWER, "  See\n  www.example.org for it.", "the address 'www.example.org' that nobody", "www"),
    "bullets of a word processor": (*ANSWER, "  So:\n\n  • one\n  • two", "in the place of a list's sign", "• one"),
    "item without its blank": (*ANSWER, "  So:\n\n  -one\n  -two", "'-o' without a blank between", "-one"),
    "item with a blank that is none": (*ANSWER, "  So:\n\n  -\u00a0one", "without a blank between", "one"),
    "heading without its blank": (*ANSWER, "  So.\n\n  #Heading", "'#H' that begins a line", "#Heading"),
    "numbers in parentheses": (*ANSWER, "  1) one\n  2) two", "which would be printed 1., 2.", "1) one"),
    "no blank behind bold": (*ANSWER, "  So\n  a **pair**of it.", "'of' is joined to what stands out", "**pair**of"),
    "no blank before a slanted word": (*ANSWER, "  So very*flat* it is.", "'very' is joined to what", "very*"),
    # Numbers of lists.
    "number of a list twice": (
        *ANSWER,
        "  1. One.\n  2. Two.\n  2. Three.",
        "the number 2, which would be printed as 3",
        "2. Three",
    ),
    "number of a list left out": (
        *ANSWER,
        "  1. One.\n  3. Three.",
        "the number 3, which would be printed as 2",
        "3. Three",
    ),
    "number in a list in a list": (
        *ANSWER,
        "  - One:\n\n    1. Two.\n    1. Three.",
        "the number 1, which would be printed as 2",
        "1. Three",
    ),
    # More or less than is printed.
    "second paragraph of a caption": (
        *FIGURE_END,
        "      A line. It rises.\n\n      SECOND paragraph.\n      :::\n",
        "more than a caption in this figure",
        "SECOND",
    ),
    "list for a caption": (*FIGURE_END, "      - A line.\n      :::\n", "begins with no caption", "- A line"),
    "list below a caption": (
        *FIGURE_END,
        "      A line.\n\n      - LOST\n      :::\n",
        "more than a caption",
        "LOST",
    ),
    "figure without caption": (*FIGURE_END, "      :::\n", "this figure has no caption", "{figure}"),
    "table without caption": ("1.1.yaml", "      Two squares.\n\n", "", "this table has no caption", "{table}"),
    "second paragraph before a table": (
        "1.1.yaml",
        "      Two squares.\n",
        "      Two squares.\n\n      LOST.\n",
        "more than a caption in this table",
        "LOST",
    ),
    "text below a table": (
        "1.1.yaml",
        "      | two | 4 |\n",
        "      | two | 4 |\n\n      LOST.\n",
        "something stands below the rows",
        "{table}",
    ),
    "words in a place": (*ANSWER, "  So.\n\n  :::{place} watch_out\n  LOST\n  :::", "has words of its own", "LOST"),
    "place without its note": (*ANSWER, "  So.\n\n  :::{place} check\n  :::", "1.2 has no 'check' to place", "{place}"),
    "place outside an answer": (
        "1.1.yaml",
        "  Two questions about numbers.",
        "  Two.\n\n  :::{place} check\n  :::",
        "a {place} outside an answer",
        "{place}",
    ),
    "empty note": (*ANSWER, "  So.\n\n  :::{note} A\n  :::", "this note is empty", "{note}"),
    "example without title": (*ANSWER, "  :::{example}\n  So.\n  :::", "this example has no title", "{example}"),
    "second paragraph of a key": (*KEY, "key: |\n  One.\n\n  SECOND.", "'key' is one paragraph", "SECOND"),
    "formula in a key": (*KEY, "key: |\n  One.\n\n  $$\n  x\n  $$", "'key' is one paragraph", "$$"),
    "list in a key": (*KEY, "key: |\n  - one\n  - two", "'key' is one paragraph", "- one"),
    "code in a key": (*KEY, "key: |\n  One.\n\n  ```\n  x\n  ```", "'key' is one paragraph", "```"),
    "second paragraph of a term": (
        "1.1.yaml",
        "    text: Two things.",
        "    text: |\n      Two things.\n\n      SECOND.",
        "the text of a term is one paragraph",
        "SECOND",
    ),
    "figure in the margin": (
        "1.1.yaml",
        "    watch_out: One is not a prime.",
        "    watch_out: |\n      :::{note} A\n      So.\n      :::",
        "a {note} in 'watch_out'",
        "{note}",
    ),
    # Tables.
    "row with more cells": (*ROWS, "      | one | 1 | LOST |\n", "this row has 3 cells, the head 2", "LOST"),
    "row with fewer cells": (*ROWS, "      | one |\n", "this row has 1 cells, the head 2", "| one |"),
    "bar in a formula of a table": (*ROWS, "      | $|x|$ | 1 |\n", "this row has 4 cells, the head 2", "$|x|$"),
    "table without a rule": (
        "1.1.yaml",
        "      |---|---|\n",
        "",
        "this table has no line |---|---|",
        "| Number | Square |",
    ),
    "rule of another width": (
        "1.1.yaml",
        "|---|---|",
        "|---|---|---|",
        "this table has 2 heads and 3 columns",
        "| Number | Square |",
    ),
    "table without rows": (
        "1.1.yaml",
        "      | one | 1 |\n      | two | 4 |\n",
        "",
        "this table has no rows",
        "{table}",
    ),
    "align of another width": ("1.1.yaml", ":align: l r", ":align: l", ":align: has 1 letters, the table 2", ":align:"),
    "align with other letters": ("1.1.yaml", ":align: l r", ":align: l x", ":align: has 2 letters", ":align:"),
    "table in an answer, uneven": (
        *ANSWER,
        "  | a | b |\n  |---|---|\n  | 1 | 2 | LOST |",
        "this row has 3 cells, the head 2",
        "LOST",
    ),
    # Options.
    "misspelled option": ("1.1.yaml", ":width: column", ":widht: column", "unknown option :widht:", ":widht:"),
    "unknown width": ("1.1.yaml", ":width: column", ":width: 80%", "unknown width '80%'", ":width:"),
    "option twice": (
        "1.1.yaml",
        ":width: column",
        ":width: column\n      :width: column",
        "the option :width: stands twice",
        None,
    ),
    "alt with LaTeX": ("1.1.yaml", ":alt: A straight", ":alt: A $y$ straight", "of this figure has markup", ":alt:"),
    "alt of nothing": (
        "1.1.yaml",
        ":alt: A straight line that rises from the lower left to the upper right.",
        ":alt:",
        ":alt: is empty",
        ":alt:",
    ),
    "misspelled block": (*ANSWER, "  :::{exmaple} A\n  So.\n  :::", "did you mean 'example'?", "exmaple"),
    # Markup that is left over.
    "dollar": (*ANSWER, "  It maps to $(0, 1). The", "a dollar that opens or closes no formula", "$("),
    "dollar with blanks": (*ANSWER, "  Then $ x = 1 $ holds.", "a dollar that opens", "$ x"),
    "two dollars in a line": (*ANSWER, "  Then $$y = 2$$ holds.", "a dollar that opens", "$$"),
    "prices": (*ANSWER, "  Prices of $5-$10 and US$5/US$10.", "is taken for a formula", "$5"),
    "prices in words": (*ANSWER, "  From $5 and up to 7$ a piece.", "is taken for a formula", "$5"),
    "footnote": (*ANSWER, "  So it ends.[^1]\n\n  [^1]: The note.", "a footnote", "[^1]"),
    "key without @": (
        *ANSWER,
        "  As in [glorot2010understanding].",
        "'[glorot2010understanding]' in brackets",
        "As in",
    ),
    "see @key": (*ANSWER, "  As in [see @peano1889arithmetices].", "is no citation", "As in"),
    "braces for brackets": (*ANSWER, "  As in {@peano1889arithmetices}.", "is no citation", "As in"),
    "blank before a key": (*ANSWER, "  As in [ @peano1889arithmetices].", "is no citation", "As in"),
    "comma for semicolon": (
        *ANSWER,
        "  As in [@peano1889arithmetices, @peano1889arithmetices].",
        "behind a comma (part works by semicolons",
        "As in",
    ),
    "citation without end": (*ANSWER, "  As in [@peano1889arithmetices", "is no citation", "As in"),
    "raw HTML": (*ANSWER, "  It <b>becomes</b> flat.", "looks like HTML", "<b>"),
    "HTML block": (*ANSWER, "  <div>\n  x\n  </div>", "looks like HTML", "<div>"),
    "script": (*ANSWER, "  <script>alert(1)</script>", "looks like HTML", "<script>"),
    "style": (*ANSWER, "  <style>p { display: none }</style>", "looks like HTML", "<style>"),
    "comment": (*ANSWER, "  So <!-- not this --> it goes.", "looks like HTML", "<!--"),
    "file link": (*ANSWER, "  See [this](file:///etc/passwd).", "a link that leads nowhere", "this"),
    "file link in angles": (*ANSWER, "  See <file:///etc/passwd>.", "looks like HTML", "<file"),
    "javascript link": (*ANSWER, "  See [this](javascript:alert(1)).", "a link that leads nowhere", "this"),
    "data link": (*ANSWER, "  See [this](data:text/html,x).", "a link that leads nowhere", "this"),
    "http link behind words": (*ANSWER, "  See [flat](https://example.org).", "behind other words", "flat"),
    "httpx link": (*ANSWER, "  See [a](httpx:evil).", "behind other words", "[a]"),
    "http without slashes": (*ANSWER, "  See [b](http:javascript).", "behind other words", "[b]"),
    "address of another kind": (*ANSWER, "  See <ftp://example.org/x>.", "the address 'ftp://example.org/x'", "ftp"),
    "link with a title": (*ANSWER, '  See [so](1.1.2 "LOST").', "the title 'LOST' of a link", "LOST"),
    "empty web link": (*ANSWER, "  flat [](https://example.org), at", "behind other words", "flat"),
    "link to a file of the book": (*ANSWER, "  See [b](../secret.txt).", "behind other words", "[b]"),
    "link by name": (
        *ANSWER,
        "  See [text][ref].\n\n  [ref]: https://example.org",
        "brackets that are no link",
        "[text]",
    ),
    "definition that swallows its line": (
        *ANSWER,
        "  So.\n\n  [unit]: https://example.org",
        "'[unit]' in brackets",
        "[unit]",
    ),
    "unclosed link": (*ANSWER, "  See [](1.1.2 for it.", "a link that leads nowhere", "See"),
    "struck out": (*ANSWER, "  It is ~~not~~ flat.", "~~", "~~"),
    "box to tick": (*ANSWER, "  - [ ] do it", "a box to tick", "[ ]"),
    "asterisk": (*ANSWER, "  It is *flat.", "an asterisk", "*flat"),
    "two asterisks": (*ANSWER, "  It is **flat.", "an asterisk", "**flat"),
    "underscore": (*ANSWER, "  It is _flat.", "an underscore", "_flat"),
    "backtick": (*ANSWER, "  It is `flat.", "a backtick", "`flat"),
    "LaTeX in the text": (*ANSWER, r"  The \alpha is small.", r"\alpha outside of a formula", "small"),
    "LaTeX brackets": (*ANSWER, r"  The \(x\) is small.", r"\( opens no formula", "small"),
    "power in the text": (*ANSWER, "  The x^2 is small.", "a raised sign", "small"),
    "role": (*ANSWER, "  The {ix} `unit`.", "a brace", "{ix}"),
    "misspelled role": (*ANSWER, "  The {idx}`unit`.", "unknown role {idx}", "{idx}"),
    "entity": (*ANSWER, "  The &foo; sign.", "'&foo;' is no character", "&foo;"),
    "em dash": (*ANSWER, "  The sign \u2014 here.", "an em dash", "here"),
    "two hyphens": (*ANSWER, "  The sign -- here.", "two hyphens", "here"),
    "Jinja comment": (*ANSWER, "  So {# not this #} it goes.", "a brace", "{#"),
    "Jinja block": (*ANSWER, "  {% for a in b %}x{% endfor %}", "a brace", "{%"),
    "heading": (*ANSWER, "  Before.\n\n  # A heading\n\n  After.", "a heading in a text", "# A heading"),
    "heading by a line of dashes": (*ANSWER, "  A heading\n  ---\n\n  After.", "a heading in a text", "A heading"),
    "heading in a note": (
        "1.1.yaml",
        "    watch_out: One is not a prime.",
        "    watch_out: |\n      # Care\n\n      So.",
        "a heading in a text",
        "# Care",
    ),
    "rule": (*ANSWER, "  Before.\n\n  ***\n\n  After.", "a line across the page", "***"),
    "quotation": (*ANSWER, "  Where x is\n  > 5 it is flat.", "a line that begins with >", "> 5"),
    "indented code": (*ANSWER, "  So:\n\n      x = 1\n", "indented by four blanks", "x = 1"),
    "year that makes a list": (*ANSWER, "  1986. It was so.", "a line that begins with 1986.", "1986"),
    "plus that makes a list": (*ANSWER, "  One\n  + two is three.", "a line that begins with +", "+ two"),
    "lists deep in lists": (
        *ANSWER,
        "  - a\n    - b\n      - c\n        - d\n          - e",
        "lists deep in lists",
        None,
    ),
    "picture": (*ANSWER, "  ![A cat](cat.png)", "a picture from a file", "cat"),
    "label of an equation": (
        *ANSWER,
        "  $$\n  x\n  $$ (tension)",
        "(tension) is no label of an equation",
        "$$",
    ),
    "empty formula": (*ANSWER, "  So.\n\n  $$\n  $$", "this formula is empty", "$$"),
    "pipe": (*ANSWER, "  | a | b |", "a row of a table that is none", "| a"),
    "tilde": (*ANSWER, "  Figure~3 shows it.", "~ for a blank", "~3"),
    # Plain words.
    "formula in a correction": (
        "1.1.yaml",
        "    reads: What is the number one?",
        "    reads: What is the number $1$?",
        "'reads' has markup",
        "$1$",
    ),
    "formula on a card": (*KEY, "card: What is $x$?\nkey: It has no questions.", "'card' has markup", "$x$"),
    "bold in a term": ("1.1.yaml", "term: pair", "term: '**pair**'", "'term' has markup", "term: '**"),
    # Nothing.
    "blank answer": ("1.2.yaml", "answer: |\n  So it answers itself.", 'answer: "  "', "'answer' is empty", "answer: "),
    "blank key": (*KEY, 'key: "  "', "'key' is empty", "key"),
    "answer of a comment": (*ANSWER, "  {# nothing #}", "a brace", "nothing"),
    "blank self-test": (
        "1.1.yaml",
        "        answer: No, it is a unit.",
        "        answer: ' '",
        "is empty",
        "answer: ' '",
    ),
    # Right lines within a paragraph.
    "citation in a later line": (*ANSWER, "  One\n  two\n  three [@nobody].", "citation of 'nobody'", "three"),
    "reference in a later line": (*ANSWER, "  One\n  two\n  three [](9.9.9).", "reference to '9.9.9'", "three"),
    "bold in a later line": (*ANSWER, "  One\n  two\n  three **four**.", "'four' is bold", "three"),
    # Suggestions.
    "misspelled label": ("1.1.yaml", "[](tab:squares)", "[](tab:sqares)", "did you mean 'tab:squares'?", "sqares"),
    "misspelled figure": ("1.1.yaml", "{figure} numbers/line", "{figure} numbers/lin", "mean 'numbers/line'?", "{fig"),
    "misspelled key of a work": (
        "1.1.yaml",
        "peano1889arithmetices]",
        "peano1889arithmetics]",
        "did you mean",
        "peano",
    ),
    "misspelled term": ("1.1.yaml", "{ix}`units`", "{ix}`unitts`", "did you mean 'units'?", "unitts"),
    # Numbers.
    "number that is no number": (*ANSWER, "  {{ numbers.values.nan | fixed(2) }}", "nan is no finite number", "{{"),
    "infinite number": (*ANSWER, "  {{ numbers.values.inf | thousands }}", "inf is no finite number", "{{"),
    "infinite number, sci": (*ANSWER, "  {{ numbers.values.nan | sci }}", "nan is no finite number", "{{"),
    "number without a filter": (*ANSWER, "  {{ numbers.values.third }}", "numbers.values.third is 0.333", "{{"),
    "all numbers": (*ANSWER, "  {{ numbers.values }}", "numbers.values is no number, but dict", "{{"),
    "list of numbers": (*ANSWER, "  {{ numbers.values.list }}", "is no number, but list", "{{"),
    "misspelled number": (*ANSWER, "  {{ numbers.values.thrid | fixed(2) }}", "did you mean 'third'?", "{{"),
    "misspelled module": (*ANSWER, "  {{ nubers.values.third | fixed(2) }}", "did you mean 'numbers'?", "{{"),
    "misspelled filter": (*ANSWER, "  {{ numbers.values.third | fxed(2) }}", "did you mean 'fixed'?", "{{"),
    "beyond a list": (*ANSWER, "  {{ numbers.values.list[7] | fixed(2) }}", "has 2 values, there is no [7]", "{{"),
    "brace missing": (*ANSWER, "  {{ numbers.values.third | fixed(2) }", "{{ without its }}", "{{"),
    "code with braces": (*ANSWER, "  So `{{x}}`.", "'x' is no module of figures/", "{{"),
    "division by zero": (*ANSWER, "  {{ 1/0 }}", "division by zero", "1/0"),
    "power": (*ANSWER, "  {{ 9**9**9 }}", "pow is not known here", "9**9"),
    "overflow": (*ANSWER, "  {{ (10**400) | fixed(2) }}", "pow is not known here", "10**"),
    "recursion": (*ANSWER, "  {{ " + 200 * "(" + "1" + 200 * ")" + " }}", "computed number", "((("),
    "call": (*ANSWER, "  {{ range(10) }}", "call is not known here", "range"),
    "class": (*ANSWER, "  {{ ''.__class__ }}", "computed number", "__class__"),
    "method of the results": (*ANSWER, '  {{ numbers.values["update"]({"third": 9}) }}', "computed number", "update"),
    "long text": (*ANSWER, '  {{ "a" * 999999999 }}', "'a' is not a number", "999"),
    "too many digits": (*ANSWER, "  {{ numbers.values.third | fixed(1000000000) }}", "up to 20", "{{"),
    "import": (*ANSWER, "  {{ self }}", "'self' is no module of figures/", "self"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_printed_is_refused_at_its_line(tiny, name):
    file, old, new, message, marked = FAULTS[name]
    tiny.replace(file, old, new)
    faults = reading.told(tiny.folder)
    about = [line for line in faults if message in line]
    assert about, faults
    assert re.search(r" \(.+\)$", about[0])
    if marked:
        assert about[0].split(": ")[0] == f"{file}:{tiny.line_of(file, marked)}"


@pytest.mark.parametrize("name", FAULTS)
def test_the_cause_is_told_and_not_what_follows(tiny, name):
    file, old, new, _, _ = FAULTS[name]
    tiny.replace(file, old, new)
    assert len(reading.told(tiny.folder)) <= 2, reading.told(tiny.folder)
