"""The glossary against the answers, read without the press: what is bold has an entry, once.

The press checks the same while it builds; this reads the YAML files as they stand.
"""

import re
from functools import cache
from pathlib import Path

import yaml

BOOK = Path(__file__).resolve().parents[2] / "book"
BOLD = re.compile(r"\*\*([^*]+?)\*\*")
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
# A text says what the term is: one sentence or two, no mathematics that the glossary cannot set.
LONGEST = 260


@cache
def sections():
    """Return {file name: its content} of all files with terms: sections, further, toolbox, experiments."""
    files = [*BOOK.glob("3.*.yaml"), *BOOK.glob("further/*.yaml")]
    files += [path for name in ("toolbox", "experiments") if (path := BOOK / f"{name}.yaml").is_file()]
    return {f"{path.relative_to(BOOK)}": yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(files)}


def texts(node):
    """Yield every string below a node, but not the glossary entries themselves."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for item in node:
            yield from texts(item)
    elif isinstance(node, dict):
        for key, item in node.items():
            if key != "terms":
                yield from texts(item)


def bold(section):
    """Return the bold words of a section, in the order of the text; stars in code are powers."""
    prose = [CODE.sub("", text) for text in texts(section)]
    return [" ".join(found.split()).lower() for text in prose for found in BOLD.findall(text)]


def forms(section):
    """Return {spelling: term} of the glossary entries of a section."""
    return {
        form.lower(): entry["term"]
        for entry in section.get("terms") or []
        for form in (entry["term"], *entry.get("forms", ()))
    }


def test_bold_words_and_entries_are_the_same():
    faults = []
    for name, section in sections().items():
        known, used = forms(section), []
        for word in bold(section):
            if word not in known:
                faults.append(f"{name}: {word!r} is bold and has no entry in its section")
            used.append(known.get(word))
        for entry in section.get("terms") or []:
            if used.count(entry["term"]) != 1:
                times = used.count(entry["term"])
                faults.append(f"{name}: {entry['term']!r} is bold {times} times")
    assert not faults, "\n".join(faults)


def test_no_spelling_belongs_to_two_entries():
    owners = {}
    for name, section in sections().items():
        for form in forms(section):
            owners.setdefault(form, []).append(name)
    assert not {form: names for form, names in owners.items() if len(names) > 1}


def test_see_also_leads_to_an_entry():
    known = {form for section in sections().values() for form in forms(section)}
    lost = [
        (entry["term"], target)
        for section in sections().values()
        for entry in section.get("terms") or []
        for target in entry.get("see", ())
        if target.lower() not in known
    ]
    assert not lost


def test_entries_are_sentences():
    odd = [
        entry["term"]
        for section in sections().values()
        for entry in section.get("terms") or []
        if not entry["text"].strip().endswith(".") or len(entry["text"]) > LONGEST
    ]
    assert not odd
