r"""YAML, the shape of the tree, paths and the contents list: faults told at their line, none as a traceback."""

from pathlib import Path

import pytest
import reading

KEY = ("1.2.yaml", "key: It has no questions.")
TITLE = ("book.yaml", "title: A Tiny Book")
BOMB = "\n".join(
    ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]", *(f"a{n}: &a{n} [{','.join(9 * [f'*a{n - 1}'])}]" for n in range(1, 10))]
)

# name: (file, old, new, message, text of the named line, or a number)
FAULTS = {
    # What YAML could do.
    "tag": (*KEY, 'key: !!python/object/apply:os.system "touch x"', "the tag 'tag:yaml.org,2002:python/", "key:"),
    "tag of a type": (*KEY, "key: !!int three", "the tag 'tag:yaml.org,2002:int'", "key:"),
    "include": (*KEY, "key: !include x", "the tag '!include'", "key:"),
    "recursion": (*KEY, "key: &a [*a]", "&a is an anchor or alias", "key:"),
    "alias": (*KEY, "key: *a", "*a is an anchor or alias", "key:"),
    "alias bomb": ("notation.yaml", "- group: Numbers", f"{BOMB}\n- group: Numbers", "is an anchor or alias", "a0"),
    "list for a key": (*KEY, "? [a, b]\n: c\nkey: It has.", "a list or mapping stands for a key", "[a, b]"),
    "brackets, 900 deep": (*KEY, "key: " + 900 * "[" + 900 * "]", "more than 20 levels", "key:"),
    "control character": (*KEY, "key: It has\x07 none.", "a control character, U+0007", "key:"),
    "private character": (*KEY, "key: It has \ue000 none.", "a private character, U+E000", "key:"),
    "control character by escape": (*KEY, r'key: "It has \x07 none."', "written as an escape", "key:"),
    # What YAML changes in silence.
    "LaTeX in double quotes": (*KEY, r'key: "It has $\nu = \tau$."', r"takes \n for a control character", "key:"),
    "formula in double quotes": ("1.1.yaml", "tex: 1 = 1", r'tex: "T = \frac{p}{r}"', r"takes \f for a", "tex:"),
    "thin space in double quotes": (*KEY, r'key: "p\,r"', "in double quotes \\ begins an escape", "key:"),
    "comment that cuts a text": (*KEY, "key: The language C # is old.", "for a comment and leaves it out", "key:"),
    "number in braces": (*KEY, "key: {{ numbers.values.third }}", "YAML takes {{ for brackets", "key:"),
    "number in braces with a filter": (*KEY, "key: {{ numbers.values.third | fixed(2) }} is it", "YAML", "key:"),
    "list below >": (
        "1.2.yaml",
        "answer: |\n  So it answers itself.",
        "answer: >\n  So:\n\n  - one\n  - two",
        "YAML joins the lines below >, so '- one' begins no line",
        "- one",
    ),
    "block below >": (
        "1.2.yaml",
        "answer: |\n  So it answers itself.",
        "answer: >\n  So.\n\n  :::{note} A\n  In.\n  :::",
        "joins the lines below >, so ':::{note} A'",
        ":::{note}",
    ),
    # What is copied from elsewhere.
    "soft hyphen": (*KEY, "key: It has no ques\u00adtions.", "a character that nobody sees, '\\xad' (U+00AD", "key:"),
    "zero width": (
        "1.2.yaml",
        "it answers",
        "it\u200banswers",
        "nobody sees, '\\u200b' (U+200B, ZERO WIDTH SPACE)",
        "So it",
    ),
    "line separator": ("1.2.yaml", "it answers", "it\u2028answers", "nobody sees, '\\u2028'", "So it"),
    "mark of direction": (
        "references.bib",
        "Arithmetices",
        "Arith\u200emetices",
        "nobody sees, '\\u200e'",
        "metices P",
    ),
    "ligature": ("1.2.yaml", "it answers", "it \ufb01ts", "LATIN SMALL LIGATURE FI) in the place of letters", "So it"),
    # Typing.
    "colon in a text": (*KEY, "key: It is so: it has none.", "a colon within a text", "key:"),
    "quote without end": (*KEY, "key: 'It has none.", "the quote that opens here is not closed", "key:"),
    "quote that ends too late": (
        "1.2.yaml",
        "key: It has no questions.\nanswer: |\n  So it answers itself.",
        "key: 'It has none.\nwatch_out: 'Care'\nanswer: |\n  So.",
        "the quote that opens here ends in line 5",
        "key:",
    ),
    "tab for indentation": ("1.2.yaml", "  So it answers itself.", "\tSo.", "YAML: ", 6),
    "tab behind a key": (*KEY, "key:\tIt has no questions.", "YAML: a tab where blanks belong", "key:"),
    "tab behind a text": (*KEY, "key: It has none.\t", "YAML: a tab where blanks belong", "key:"),
    "misspelled key": (*KEY, "keey: It has no questions.", "did you mean 'key'?", "keey"),
    "misspelled key of a question": ("1.1.yaml", "    watch_out:", "    watchout:", "mean 'watch_out'?", "watchout"),
    "misspelled key of book.yaml": ("book.yaml", "colophon:", "colofon:", "did you mean 'colophon'?", "colofon"),
    "misspelled key of the notation": ("notation.yaml", "  rows:", "  row:", "did you mean 'rows'?", "row:"),
    "number without quotes": (
        "1.2.yaml",
        'number: "1.2"',
        "number: 1.2",
        "'number': input should be a valid string (put it in quotes)",
        "number:",
    ),
    "text for a number": ("1.2.yaml", "page: 13", "page: '13'", "'page': input should be a valid integer", "page:"),
    "page 0": ("1.2.yaml", "page: 13", "page: 0", "'page': input should be greater", "page:"),
    "page of many digits": ("1.2.yaml", "page: 13", "page: " + "1" * 5000, "is no number that exists", "page:"),
    "page far away": ("1.2.yaml", "page: 13", "page: 9000", "8988 pages after the entry before it", "page:"),
    "list for a text": (*KEY, "key: [a, b]", "'key': input should be a valid string", "key:"),
    "nothing for a text": (*KEY, "key:\ncard: ''", "'card' is empty", "card:"),
    "date that is none": ("book.yaml", "date: 2026-01-31", "date: 2026-02-30", "is no date that exists", "date:"),
    "month 13": ("book.yaml", "date: 2026-01-31", "date: 2026-13-31", "is no date that exists", "date:"),
    "date as a text": ("book.yaml", "date: 2026-01-31", "date: today", "(write it as in 2026-11-27)", "date:"),
    "lone equals": ("notation.yaml", "[n, ", "[=, ", None, None),
    # The notation.
    "notation of another shape": (
        "notation.yaml",
        "- group: Numbers",
        "x: y\nz:\n- group: Numbers",
        "notation.yaml",
        None,
    ),
    "notation with one cell": ("notation.yaml", '[n, "A count"]', "[n]", "notation.yaml:3", "[n]"),
    "notation with three cells": ("notation.yaml", '[n, "A count"]', "[n, a, b]", "notation.yaml:3", "[n, a, b]"),
    "notation with a number": ("notation.yaml", "[n, ", "[1, ", "notation.yaml:3", "[1, "),
    "notation with an empty sign": ("notation.yaml", "[n, ", '["", ', "notation.yaml:3", '["", '),
    "notation with a word": ("notation.yaml", '[n, "A count"]', "x", "notation.yaml:3", "- x"),
    "empty group": ("notation.yaml", "- group: Numbers", '- group: " "', "is empty", "group"),
    # book.yaml.
    "file that leads out": ("book.yaml", "file: tiny", "file: ../evil", "is no name of a file", "file:"),
    "file that is absolute": ("book.yaml", "file: tiny", "file: /tmp/evil", "is no name of a file", "file:"),
    "file in a folder": ("book.yaml", "file: tiny", "file: a/b", "is no name of a file", "file:"),
    "file without name": ("book.yaml", "file: tiny", 'file: ""', "'file'", "file:"),
    "file of a star": ("book.yaml", "file: tiny", 'file: "*"', "is no name of a file", "file:"),
    "file with a long name": ("book.yaml", "file: tiny", f"file: {300 * 'a'}", "is no name of a file", "file:"),
    "sections that lead out": (
        "book.yaml",
        '["1.1", "1.2"]',
        '["1.1", "../1.2"]',
        "leads out of the book",
        "sections:",
    ),
    "source that leads out": ("book.yaml", "source: c", "source: ../c", "leads out of the book's folder", "source:"),
    "references that lead out": (
        "book.yaml",
        "references: references.bib",
        "references: /etc/passwd",
        "leads out",
        "references: /etc",
    ),
    "notation that leads out": ("book.yaml", "notation: n", "notation: a/../../n", "leads out", "notation:"),
    "figures that lead out": ("book.yaml", "figures: figures", "figures: ../../figures", "leads out", "figures:"),
    "references without name": (
        "book.yaml",
        "references: references.bib",
        'references: ""',
        "'references'",
        'references: ""',
    ),
    "notation that is a folder": (
        "book.yaml",
        "notation: notation.yaml",
        "notation: figures",
        "this is a folder",
        None,
    ),
    "references that are missing": (
        "book.yaml",
        "references: references.bib",
        "references: none.bib",
        "none.bib: this file does not exist",
        None,
    ),
    "language in words": ("book.yaml", "language: en-US", "language: English", "use a tag such as en-US", "language:"),
    "language with a blank": (
        "book.yaml",
        "language: en-US",
        "language: en US",
        "use a tag such as en-US",
        "language:",
    ),
    "first page too early": (
        "book.yaml",
        "first_page: 10",
        "first_page: 8",
        "has to be the page of the first entry",
        "first_page:",
    ),
    "first page too late": (
        "book.yaml",
        "first_page: 10",
        "first_page: 11",
        "has to be the page of the first entry",
        "first_page:",
    ),
    "first page 0": (
        "book.yaml",
        "first_page: 10",
        "first_page: 0",
        "'first_page': input should be greater",
        "first_page:",
    ),
    "title of blanks": (*TITLE, 'title: " "', "'title' is empty", "title:"),
    "title of two lines": (*TITLE, "title: |\n  A\n  B", "more than one line", "title:"),
    "empty study": (
        "book.yaml",
        "study: |\n  Read it.",
        "study: ''",
        "'study' is empty (write it, or take the key out)",
        "study:",
    ),
    "no sections": ("book.yaml", '["1.1", "1.2"]', "[]", "'sections' is empty", "sections:"),
    # The contents list.
    "contents without a page": (
        "contents.txt",
        "an answer 13",
        "an answer",
        "this line has a number and no page",
        "an answer",
    ),
    "contents without a dot": ("contents.txt", "1.2 A section", "1 A section", "1.2 is not in contents.txt", None),
    "contents of many digits": (
        "contents.txt",
        "an answer 13",
        "an answer " + 40_000 * "1",
        "no page that a book has",
        5,
    ),
    "contents without entries": ("contents.txt", "1.", "x", "this contents list has no entries", None),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_told_at_its_line(tiny, name):
    file, old, new, message, marked = FAULTS[name]
    tiny.replace(file, old, new)
    faults = reading.told(tiny.folder)
    if message is None:
        assert not faults
        return
    about = [line for line in faults if message in line]
    assert about, faults
    assert about[0].endswith(")")
    if marked:
        line = marked if isinstance(marked, int) else tiny.line_of(file, marked)
        assert about[0].split(": ")[0].split(":")[-1] == f"{line}"


def test_faults_of_independent_files_are_told_in_one_run(tiny):
    tiny.replace("1.2.yaml", "key: It", "kez: It")
    tiny.replace("1.1.yaml", "[](1.1.2)", "[](9.9.9)")
    tiny.replace("1.1.yaml", "**unit**", "**unity**")
    tiny.replace("notation.yaml", "rows", "row")
    tiny.replace("references.bib", "1889}\n}", "nineteen}\n}")
    faults = "\n".join(reading.told(tiny.folder))
    for message in ("'kez'", "9.9.9", "'unity'", "'row'", "peano1889arithmetices"):
        assert message in faults


def test_what_follows_from_a_section_that_cannot_be_read_is_left_out(tiny):
    tiny.replace("1.1.yaml", "opener: |", "opener: [")
    tiny.replace("1.2.yaml", "So it answers itself.", "By [](1.1.2), [](tab:squares) and {ix}`units`.")
    faults = reading.told(tiny.folder)
    assert len(faults) == 1 and faults[0].startswith("1.1.yaml:"), faults


@pytest.mark.parametrize("name", ["1.1.yaml", "book.yaml", "notation.yaml", "contents.txt", "references.bib"])
def test_a_file_that_is_not_utf_8_is_told_with_line_and_byte(tiny, name):
    path = tiny.folder / name
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([*lines[:2], b"# \xe9", *lines[2:]]))
    assert any(line.startswith(f"{name}:3: this file is not UTF-8: byte 0xe9") for line in reading.told(tiny.folder))


@pytest.mark.parametrize("name", ["1.1.yaml", "book.yaml", "notation.yaml", "contents.txt", "references.bib"])
def test_a_byte_order_mark_and_windows_line_ends_are_taken(tiny, name):
    path = tiny.folder / name
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert reading.told(tiny.folder) == []


@pytest.mark.parametrize(
    "line",
    [
        "1.2\tA section that is an answer\t13",
        "1.2 A section that is an answer ........ 13",
        "1.2\u00a0A section that is an answer . . . . . 13",
        "  1.2 A section that is an answer13  ",
    ],
)
def test_contents_lines_of_other_makes_are_read(tiny, line):
    tiny.replace("contents.txt", "1.2 A section that is an answer 13", line)
    assert reading.told(tiny.folder) == []


def test_a_number_without_a_dot_is_told_as_such(tiny):
    tiny.replace("contents.txt", "1.2 A section", "12 A section")
    tiny.replace("1.2.yaml", '"1.2"', '"12"')
    assert any("'number': '12' is no number" in line for line in reading.told(tiny.folder))


def test_a_link_that_leads_out_of_the_book_is_refused(tiny, tmp_path):
    secret = tmp_path / "secret.bib"
    secret.write_text("@book{x, title = {X}}")
    (tiny.folder / "references.bib").unlink()
    (tiny.folder / "references.bib").symlink_to(secret)
    assert any("'references.bib' is a link that leads out" in line for line in reading.told(tiny.folder))


def test_a_folder_without_a_book_is_told(tmp_path):
    assert "no book here" in reading.told(tmp_path)[0]
    (tmp_path / "book.yaml").write_text("")
    assert "is missing" in reading.told(tmp_path)[0]
    assert "no book here" in reading.told(tmp_path / "book.yaml")[0]


def test_a_file_that_is_too_large_is_told(tiny):
    Path(tiny.folder / "1.2.yaml").write_text("# " + 2_000_000 * "x")
    assert any("larger than 2 MB" in line for line in reading.told(tiny.folder))


def test_a_field_that_is_too_long_is_told(tiny):
    tiny.replace("1.2.yaml", "  So it answers itself.", 10_000 * "  So it is.\n")
    assert any("'answer': a text of" in line for line in reading.told(tiny.folder))
