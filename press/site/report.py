"""The check as a page: the verdict, each line of the source beside what the PDF prints, with pictures.

Place in the flow: after `proof.verdict`; `build.py check --html` writes it, and the site has one.
"""

from pathlib import Path
from typing import Any

from press.pdf.raster import clips
from press.proof.pages import pages_without_text
from press.proof.verdict import Verdict
from press.site.pages import address, page, picture, said
from press.words import Words

# Pictures have two dots to a CSS pixel, and are as large as the print.
DOTS_PER_INCH, SCALE = 144, 1.5
READINGS = ("printed", "link", "bookmark", "heading")


def report(verdict: Verdict, pdf: Path, href: str, words: Words, templates: Path, home: str = "") -> str:
    """Return the page; `href` is where the PDF lies as seen from it, `home` the page to go back to."""
    site, labels = said(words), [sheet.label for sheet in verdict.entries.printed.pages]
    return page(
        templates,
        words,
        "check.html",
        verdict=verdict,
        day=words.dated(verdict.day),
        dated=site[f"dated_{verdict.dated}"],
        href=address(href),
        home=home,
        language=words.language,
        rows=_rows(verdict, pdf, href, words),
        readings=[(site[f"column_{name}"], site[f"reading_{name}"]) for name in READINGS],
        beyond=_beyond(verdict, labels, words),
    )


def _rows(verdict: Verdict, pdf: Path, href: str, words: Words) -> list[dict[str, Any]]:
    """Return what the page shows of each entry."""
    site, places = said(words), verdict.entries.places
    boxes = [box for pair in places.values() for box in pair if box]
    cut = dict(zip(boxes, clips(pdf, boxes, DOTS_PER_INCH), strict=True))
    rows = []
    for row in verdict.entries.rows:
        line, heading = places.get(row.number, (None, None)) if row.source is not None else (None, None)
        rows.append(
            {
                "row": row,
                "cells": [
                    *((site[f"column_{name}"], getattr(row, name), row.faults.get(name)) for name in READINGS),
                    (site["column_wording"], "" if row.source is None else site["same"], row.faults.get("wording")),
                ],
                "line": picture(cut[line], site["line_alt"].format(row.number), SCALE) if line else "",
                "heading": picture(cut[heading], site["heading_alt"].format(row.number), SCALE) if heading else "",
                "href": address(href, heading.page + 1) if heading else "",
            }
        )
    return rows


def _beyond(verdict: Verdict, labels: list[str], words: Words) -> list[tuple[str, str, bool]]:
    """Return what was checked beside the entries: what, the result, whether it is at fault."""
    site, faults = said(words), verdict.entries.pages
    off = [fault for fault in faults if fault.kind in ("label", "side", "unnumbered")]
    other = [fault for fault in faults if fault not in off]
    empty = [f"{number} ({labels[number - 1]})" for number in pages_without_text(verdict.entries.printed)]
    counted = words.listed(f"{count:,} {name}" for name, count in (verdict.compared or {}).items())
    why_not = site["no_pages"] if faults else site["no_tree"]
    return [
        (site["beyond_labels"], site["differs"] if off else site["agrees"], bool(off)),
        (site["beyond_pages"], site["differs"] if other else site["agrees"], bool(other)),
        (site["beyond_number"], site["numbered"].format(len(labels), labels[0], labels[-1]), False),
        (site["beyond_empty"], words.listed(empty) if empty else site["none"], False),
        (site["beyond_words"], counted if verdict.compared else why_not, False),
    ]
