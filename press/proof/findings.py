"""What a proof found: one record for every fault, and how it is printed.

Place in the flow: the modules of `proof` return Findings; the command line prints the Proof.
"""

import json
from typing import NamedTuple

from rich.markup import escape
from rich.table import Table


class Finding(NamedTuple):
    """A fault: the rule that it breaks, where (folio, place on the page, entry), and what it is.

    `folio` is the page as printed, with the file's name before it where the file is not the book;
    what concerns no single page or entry leaves these empty.
    """

    rule: str
    folio: str
    place: str
    entry: str
    what: str


class Proof(NamedTuple):
    """The result: Findings, {what was looked at: how many}, and notes on what was left out."""

    findings: list[Finding]
    looked: dict
    notes: list[str]


def table(findings):
    """Return a rich Table of the findings, in the order of rules and pages."""
    result = Table("rule", "page", "place", "entry", "what", header_style="bold")
    for finding in findings:
        result.add_row(*(escape(value) for value in finding))
    return result


def as_json(proof):
    """Return a Proof as JSON."""
    return json.dumps(
        {"findings": [finding._asdict() for finding in proof.findings], "looked": proof.looked, "notes": proof.notes},
        ensure_ascii=False,
        indent=1,
    )
