"""Who made a work, as the list of references and the margin name them.

Place in the flow: under `work_lines` and `works`.
"""

import re

from press.content.bibtex import plain
from press.content.work_fields import THESES, plain_or_raw, year_of


def people_field(entry):
    """Return the name of the field that says who made a work, "" for none."""
    wanted = ("author",) if entry.type in THESES else ("author", "editor", "organization", "institution")
    return next((name for name in wanted if plain_or_raw(entry.fields.get(name, ""))), "")


def people(entry):
    """Return the persons who made a work, [] where an organization did."""
    role = people_field(entry)
    return entry.people(role) if role in ("author", "editor") else []


def last_name(person):
    """Return the last name of a person as text."""
    return " ".join(plain(part) for part in [*person.prelast_names, *person.last_names])


def is_others(person):
    """Say whether a "person" stands for further ones that are not named."""
    return last_name(person).lower() == "others" and not person.first_names


def short_form(entry, words):
    """Return author and year as the margin has them: one name, two names, or the first et al."""
    persons = people(entry)
    names = [last_name(person) for person in persons] or [plain(entry.fields[people_field(entry)])]
    is_cut = len(names) > 2 or persons and is_others(persons[-1])
    named = f"{names[0]} {words.et_al}" if is_cut else " & ".join(names)
    return f"{named} {year_of(entry)}"


def _author(person):
    initials = "".join(_initials(plain(part)) for part in [*person.first_names, *person.middle_names])
    lineage = " ".join(plain(part) for part in person.lineage_names)
    return ", ".join(part for part in (last_name(person), initials, lineage) if part)


def _initials(name):
    """Return the initials of a given name: Jean-Paul gives J.-P., J.K. stays."""
    if re.fullmatch(r"(?:[^\W\d_]\.)+", name):
        return name
    halves = [half for half in re.split(r"[-\u2010\u2011–]+", name) if half]
    return "-".join(f"{half[0]}." for half in halves)


def authors(entry, words, role="", most=6):
    """Return the names of those who made a work as its line in the list has them."""
    role = role or people_field(entry)
    persons = entry.people(role) if role in ("author", "editor") else []
    if not persons:
        return plain(entry.fields[role])
    names = [_author(person) for person in persons if not is_others(person)]
    if len(names) < len(persons) or len(names) > most:
        return ", ".join(names[: most - 2]) + f", {words.et_al}"
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " & " + names[-1]
