"""What a proof found: one record for every fault, and how it is printed.

Place in the flow: the modules of `proof` return Findings; the command line prints the Proof.
"""

import json
from typing import NamedTuple


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


def sentence(finding):
    """Return a finding as a sentence: page 107, line 20 (3.4.2): what is wrong [rule]."""
    page = f"page {finding.folio}" if finding.folio and " " not in finding.folio else finding.folio
    where = ", ".join(part for part in (page, finding.place) if part)
    entry = f" ({finding.entry})" if finding.entry else ""
    told = f"{finding.what} [{finding.rule}]"
    return f"{where}{entry}: {told}" if where or entry else told


def as_json(proof):
    """Return a Proof as JSON."""
    return json.dumps(
        {"findings": [finding._asdict() for finding in proof.findings], "looked": proof.looked, "notes": proof.notes},
        ensure_ascii=False,
        indent=1,
    )
