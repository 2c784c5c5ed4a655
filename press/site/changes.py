"""What is new, and what was false: from a CHANGELOG.md to HTML.

Place in the flow: under `site`. Errata stand in the changelog under headings of their own; the site
shows them apart from the news.
"""

import re
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markupsafe import Markup

# The newest sections are shown; the whole list is in the repository.
NEWEST = 2
HEADING = re.compile(r"^(#{2,3}) (.*)$", re.MULTILINE)


class Changes(NamedTuple):
    """News and errata as HTML, empty where there are none."""

    news: Markup
    errata: Markup


def read_changes(file: Path) -> Changes:
    """Return what a changelog says in its newest sections, and all its errata."""
    if not file.is_file():
        return Changes(Markup(""), Markup(""))
    text = file.read_text(encoding="utf-8")
    starts = [*HEADING.finditer(text)]
    ends = [*(start.start() for start in starts[1:]), len(text)]
    news, errata, sections = [], [], 0
    for start, end in zip(starts, ends, strict=False):
        part = text[start.end() : end]
        is_errata = "errata" in start[2].casefold()
        sections += len(start[1]) == 2
        if is_errata:
            errata.append(f"### {start[2]}\n{part}")
        elif sections <= NEWEST:
            news.append(f"### {start[2]}\n{part}")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    return Changes(Markup(markdown.render("\n".join(news))), Markup(markdown.render("\n".join(errata))))
