"""Faults planted in the press itself: does the suite catch each?

`make mutants` copies the repository, changes one line of the press at a time, and runs only the tests
that have to see it, as many at once as there are processors. A fault that no test sees survives, and
the exit status is 1. `python tests/mutants.py index` plants those with "index" in their name.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent


class Mutant(NamedTuple):
    """A fault: what it is, the file, the text there and what replaces it, the tests to run."""

    what: str
    file: str
    old: str
    new: str
    tests: str


LAYOUT, FILES = "layout/test_layout.py", "proof/test_files.py"
WHOLE, NUMBERS = "proof/test_whole.py", "proof/test_printed.py::test_numbers_are_formatted_alike_on_two_ways"
MUTANTS = [
    Mutant(
        "page counter off by one",
        "templates/book.html",
        "counter-reset: page {{ meta.first_page }}",
        "counter-reset: page {{ meta.first_page + 1 }}",
        FILES,
    ),
    Mutant(
        "link of the contents lost",
        "templates/front.html",
        '<a class="folio" href="#{{ entry.id }}">',
        '<a class="folio" href="#contents">',
        FILES,
    ),
    Mutant(
        "formula half a point low",
        "press/text/html.py",
        "vertical-align:{REACH - formula.depth:.4f}em",
        "vertical-align:{REACH - formula.depth - 0.05:.4f}em",
        FILES,
    ),
    Mutant(
        "note not moved to the outer side",
        "press/layout/margin.py",
        "NOTE_LEFT[is_left] - note.border_box_x()",
        "0",
        LAYOUT,
    ),
    Mutant(
        "side head not moved to the outer side",
        "press/layout/margin.py",
        "NOTE_LEFT[is_left] - head.border_box_x()",
        "0",
        "proof/test_breaks.py",
    ),
    Mutant(
        "side head without its paragraph",
        "templates/book.css",
        "break-inside: avoid; break-after: avoid; bookmark-level: none",
        "break-inside: avoid; bookmark-level: none",
        "proof/test_breaks.py",
    ),
    Mutant(
        "words of a side head lost",
        "press/text/heads.py",
        "_head(children[1:end], token.map)",
        "_head(children[end - 1 : end], token.map)",
        "documents/test_parts.py",
    ),
    Mutant(
        "text waits behind a table that does not fit",
        "press/layout/trading.py",
        "if not is_late or",
        "if True or not is_late or",
        "layout/test_trading.py",
    ),
    Mutant(
        "back matter set on the solutions before it",
        "press/laying.py",
        "back.compose_back(context, places, TEMPLATES, first, used)",
        "back.compose_back(context, places, TEMPLATES, first)",
        "documents/test_parts.py",
    ),
    Mutant(
        "numbers of a table not on the point",
        "press/text/tables.py",
        'token.attrs["style"] = f"--after: {after:.3f}em"',
        "pass",
        "text/test_tables.py",
    ),
    Mutant(
        "heads over groups not read back",
        "press/proof/rawtext.py",
        'yield from (head for head in heads if head.raw not in ("", "<"))',
        "pass",
        "text/test_tables.py",
    ),
    Mutant("page labels one too high", "press/pdf/files.py", "St=first_folio)", "St=first_folio + 1)", LAYOUT),
    Mutant(
        "spoken text of formulas lost",
        "press/pdf/mending.py",
        "item.Alt = String(words)",
        'item.Alt = String("")',
        FILES,
    ),
    Mutant(
        "break before an entry not forced",
        "press/layout/patches.py",
        'return "page"',
        "return page_break(before, after)",
        LAYOUT,
    ),
    Mutant(
        "depth of tall formulas too small",
        "press/pictures/typesetting.py",
        "measure({ set par(leading: 99em)",
        "measure({ set par(leading: 0.65em)",
        "pictures/test_formulas.py",
    ),
    Mutant(
        "formulas not compared with what is said",
        "press/pictures/formulas.py",
        "if letters.fold(shown) != meant",
        "if False",
        "pictures/test_formulas.py",
    ),
    Mutant(
        "bars paired across parentheses",
        "press/pictures/latex.py",
        "opened.append({})",
        "pass",
        "pictures/test_formulas.py",
    ),
    Mutant(
        "Typst code let through",
        "press/pictures/latex.py",
        "if CODE.search(",
        "if not CODE.search(",
        "pictures/test_formulas.py",
    ),
    Mutant(
        "a NaN kept",
        "press/pictures/plain.py",
        "and not math.isfinite(value)",
        "and False",
        "pictures/test_figures.py",
    ),
    Mutant(
        "warnings of drawings unheard",
        "press/pictures/running.py",
        "told.append((filename, lineno, str(message)))",
        "pass",
        "pictures/test_figures.py",
    ),
    Mutant(
        "imports within imports not followed",
        "press/pictures/recipes.py",
        "self.named[id(node)] = self._named(dotted, module, node)",
        "self.named[id(node)] = []",
        "pictures/test_recipes.py",
    ),
    Mutant(
        "text cut after its first word",
        "press/layout/patches.py",
        "if is_cut and not minimum",
        "if False and not minimum",
        "proof/test_breaks.py",
    ),
    Mutant(
        "pictures drawn at 98 %",
        "press/pictures/vector.py",
        "a=width / self.width",
        "a=0.98 * width / self.width",
        FILES,
    ),
    Mutant(
        "equation number doubled",
        "press/text/uses.py",
        "self.counts.get((kind, entry.section), 0) + 1",
        "self.counts.get((kind, entry.section), 0) + 1 - (kind == 'equation')",
        FILES,
    ),
    Mutant(
        "Letter shifted by a millimeter",
        "templates/page.yaml",
        "top: 22 mm, inner: 27 mm",
        "top: 22 mm, inner: 28 mm",
        LAYOUT,
    ),
    Mutant(
        "notes painted before the text",
        "press/layout/painting.py",
        "with notes_in_reading_order(rest), heads_as_artifacts(rest)",
        "with heads_as_artifacts(rest)",
        FILES,
    ),
    Mutant(
        "scope of row heads lost",
        "press/pdf/mending.py",
        "Scope = Name.Row if is_row else Name.Column",
        "Scope = Name.Column",
        FILES,
    ),
    # What the book prints: each of these once went through all tests, or is of the same kind.
    Mutant("percentages ten times too large", "press/text/numbers.py", "fixed(100 * _number(value), decimals)", "fixed(1000 * _number(value), decimals)", WHOLE),
    Mutant("grouped numbers one too large", "press/text/numbers.py", "{round(_number(value)):,}", "{round(_number(value)) + 1:,}", WHOLE),
    Mutant("powers of ten one too large", "press/text/numbers.py", "{{{int(exponent)}}}", "{{{int(exponent) + 1}}}", WHOLE),
    Mutant("numbers cut instead of rounded", "press/text/numbers.py", 'f"{_number(value):.{decimals}f}"', 'f"{int(_number(value) * 10**decimals) / 10**decimals:.{decimals}f}"', NUMBERS),
    Mutant("index terms cut to a word", "press/documents/back.py", '"term": term.term,\n                "mentions"', '"term": term.term.split()[0],\n                "mentions"', WHOLE),
    Mutant("main page of the index one too high", "press/documents/back.py", "Mention(main, main,", "Mention(main + 1, main + 1,", WHOLE),
    Mutant("index without its other pages", "press/documents/back.py", "True), *fold(others)]", "True)]", WHOLE),
    Mutant("ranges of the index one page short", "press/documents/back.py", "last=max(folded[-1].last, mention.last)", "last=folded[-1].last", WHOLE),
    Mutant("see-also terms lost", "press/documents/back.py", '"see": sorted(term.see, key=sort_key)', '"see": []', WHOLE),
    Mutant("pages of the glossary one too high", "press/documents/back.py", '"folio": places.get(term_anchor(term.term)),', '"folio": 1 + places.get(term_anchor(term.term), 0),', WHOLE),
    Mutant("glossary in the order of codes", "press/documents/back.py", 'if row["folio"]), key=lambda row: sort_key(row["term"]))', 'if row["folio"]), key=lambda row: row["term"])', WHOLE),
    Mutant("pages that cite a work lost", "press/documents/back.py", "fold(mentions.get(key, []))", "[]", WHOLE),
    Mutant("pages of the collation one too high", "press/documents/back.py", '"folio": places[entry.id],\n            "reads"', '"folio": places[entry.id] + 1,\n            "reads"', WHOLE),
    Mutant("corrections without their reason", "press/documents/back.py", '"reason": entry.node.reason', '"reason": ""', WHOLE),
    Mutant("pages of the list of figures one too high", "press/documents/back.py", '"folio": places[anchor(label)],', '"folio": places[anchor(label)] + 1,', WHOLE),
    Mutant("titles of figures cut to a word", "press/documents/back.py", 'return escape(item.block.options["title"])', 'return escape(item.block.options["title"].split()[0])', WHOLE),
    Mutant("years of the sources end in 0", "press/content/people.py", "{year_of(entry)}", "{year_of(entry)[:3]}0", "documents/test_parts.py"),
    Mutant("watch_out of another entry", "press/documents/body.py", 'to_html(context, entry, ("watch_out",))', 'to_html(context, context.book.entries[1], ("watch_out",))', WHOLE),
    Mutant("last self-test of an entry lost", "press/documents/body.py", "for index in range(len(entry.node.check)):", "for index in range(len(entry.node.check[:1])):", WHOLE),
    Mutant("corrected wordings lost", "templates/entry.html", '{% if entry.reads %}<p class="reads">', '{% if false %}<p class="reads">', WHOLE),
    Mutant("notes not shown", "templates/book.css", ".note p + p {", ".note p + p { display: none; ", WHOLE),
    Mutant("last cells not shown", "templates/book.css", "th:last-child, td:last-child {", "th:last-child { padding-right: 0 }\ntd:last-child { display: none; ", WHOLE),
    Mutant("a row of each table not shown", "templates/book.css", "tbody { border-bottom: 0.8pt", "tbody tr:nth-child(2) { display: none }\ntbody { border-bottom: 0.8pt", WHOLE),
    Mutant("second items of lists not shown", "templates/book.css", "li + li { margin-top: 2pt }", "li + li { display: none }", WHOLE),
    Mutant("code not shown", "templates/book.css", "pre { margin: 5pt 0;", "pre { display: none; margin: 5pt 0;", WHOLE),
    Mutant("captions dropped", "press/text/blocks.py", "<figcaption>{caption}</figcaption>", "<figcaption></figcaption>", WHOLE),
    Mutant("columns swapped", "press/text/tables.py", 'inner.replace("<table>", start, 1)', 're.sub("(?s)(<td.*?</td>)(.*?)(<td.*?</td>)", lambda row: row[3] + row[2] + row[1], inner).replace("<table>", start, 1)', WHOLE),
    Mutant("titles of notes lost", "press/text/blocks.py", 'head = f\'<p class="note-title">{title}</p>\' if title else ""', 'head = ""', WHOLE),
    Mutant("numbers of citations shifted", "press/text/html.py", 'href="#ref-{number}">{number}</a>', 'href="#ref-{number}">{number % 3 + 1}</a>', WHOLE),
    Mutant("pages of cross references one too high", "press/text/html.py", "{context.words.on_page(entry.node.page)}", "{context.words.on_page(entry.node.page + 1)}", WHOLE),
    Mutant("equation numbers one too high", "press/text/html.py", "number = context.texts.numbered[label].number\n", 'number = context.texts.numbered[label].number + "1"\n', WHOLE),
    Mutant("titles of works cut", "press/content/work_lines.py", 'title = field("title").rstrip(".")', 'title = field("title")[:5]', WHOLE),
    Mutant("cards with another's back", "templates/cards.html", '{% for card in page %}\n<article class="card" id="back', '{% for card in page | reverse %}\n<article class="card" id="back', WHOLE),
    Mutant("cards with another formula", "press/documents/sheets.py", "in entry.node.formulas[:1]", "in entry.node.formulas[-1:]", WHOLE),
    Mutant("pages of the formula sheet one too high", "press/documents/sheets.py", '"folio": places[entry.id],\n            }', '"folio": places[entry.id] + 1,\n            }', WHOLE),
    Mutant("meanings of the notation cut", "templates/front.html", "<td>{{ meaning }}</td>", "<td></td>", WHOLE),
    Mutant("subtitle lost", "templates/front.html", '<p class="subtitle">{{ meta.subtitle }}</p>', "", WHOLE),
    Mutant("cut lines off by 5 mm", "press/pdf/marks.py", "left + number * card.width.mm for", "left + number * (card.width.mm - 5) for", "documents/test_sheets.py"),
    Mutant("Letter a millimeter narrower", "templates/page.yaml", "width: 215.9 mm", "width: 214.9 mm", LAYOUT),
    # Check, site and preview.
    Mutant("a page that is there twice goes unseen", "press/proof/pages.py", "if other <= one and there[other] > 1:", "if False:", "proof/test_pages.py"),
    Mutant("empty pages go unseen", "press/proof/pages.py", "faults += _empty(printed, sheets, with_text, answers, told)", "pass", "proof/test_pages.py"),
    Mutant("labels go unread", "press/proof/pages.py", "faults += _labels(sheets, cause)", "pass", "proof/test_pages.py"),
    Mutant("sides go unread", "press/proof/pages.py", "faults += _sides(sheets, folios)", "pass", "proof/test_pages.py"),
    Mutant("faults that shift go one by one", "press/proof/verdict.py", "return int(shown) - row.source", "return None", "proof/test_pages.py"),
    Mutant("missing links told as shifted", "press/proof/verdict.py", 'if fault == "no link":', 'if fault == "none":', "proof/test_pages.py"),
    Mutant("a report without its red", "press/site/report.py", "getattr(row, name), row.faults.get(name))", "getattr(row, name), None)", "site/test_report.py"),
    Mutant("a report with another page's heading", "press/site/report.py", "address(href, heading.page + 1)", "address(href, heading.page)", "site/test_report.py"),
    Mutant("a site of files that do not agree", "press/site/publishing.py", "    if faults:\n        raise", "    if False:\n        raise", "site/test_site.py"),
    Mutant("no page for what was changed", "press/watching.py", "return self._pages(context, [] if found else keys, found, keys)", "return self._pages(context, [], found, keys)", "test_watch.py"),
    Mutant("a faulty text takes the place of the good one", "press/watching.py", "        if not found:\n            self.context = context", "        self.context = context", "test_watch.py"),
    Mutant("a span without those that run over into it", "press/preview.py", 'while first and f"{starts[first - 1]}" in last.over:', "while False:", "layout/test_preview.py"),
    Mutant("a second paper never judged", "press/proof/rules.py", "== digest and not self.is_first", "is not None and not self.is_first", "pdf/test_papers.py"),
    Mutant("numbers of lists never looked at", "press/text/parsing.py", "if int(token.info) != lists[-1]:", "if False:", "text/test_refused.py"),
    Mutant("formulas as wide as they like", "press/text/resolve.py", "if width.pt > widest.pt:", "if False:", "test_errors.py"),
    # What comes from elsewhere.
    Mutant("a cache of another user goes unseen", "press/remembered.py", "if (closed := _closed(cache)) is None:", "if _closed(cache) is None or True:", "test_robust.py::test_the_cache_of_another_user_is_told_with_what_to_type"),
    Mutant("characters that nobody sees are kept", "press/content/reading.py", "for found in UNSEEN.finditer(text):", "for found in ():", "content/test_reading.py"),
    Mutant("lines below > are joined unseen", "press/content/reading.py", 'if node.style == ">":', "if False:", "content/test_reading.py"),
    Mutant("percent signs of works taken for comments", "press/content/bibtex.py", 'r"\\1\\\\%", latex)', 'r"\\1%", latex)', "content/test_bibtex.py"),
    Mutant("files of the design compared by prefix", "press/layout/engine.py", "if not Path(url2pathname(urlsplit(url).path)).resolve().is_relative_to(self.root):", "if not url.startswith(self.root.as_uri()):", "layout/test_fetching.py"),
    Mutant("functions set as letters", "press/pictures/latex.py", "faults.append((f\"{name} is set as", "str((f\"{name} is set as", "test_errors.py"),
    Mutant("a store of works that forgets half of the code", "press/pipeline.py", '*sorted((ROOT / "press" / "content").glob("*.py")),', 'ROOT / "press/content/works.py",', "test_remembered.py"),
    Mutant("a draft that stops at faults", "press/keepgoing.py", "draft, stops=False)", "draft, stops=True)", "test_keepgoing.py::test_every_fault_of_an_author_leaves_a_draft"),
    Mutant("what is damaged stays in the cache", "press/remembered.py", "        draft.replace(file)", "        file.exists() or draft.replace(file)", "test_robust.py::test_a_damaged_cache_is_mended"),
    Mutant("links of the second paper not moved", "press/pdf/windows.py", "left=link.left + right", "left=link.left", "pdf/test_windows.py"),
]  # fmt: skip


def plant(copy, mutant):
    """Put a fault into the copy; return the text to put back."""
    path = copy / mutant.file
    text = path.read_text(encoding="utf-8")
    if mutant.old not in text:
        raise SystemExit(f"{mutant.file} has no {mutant.old!r} any more: mend tests/mutants.py")
    path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    return text


def caught(copy, mutant):
    """Run the tests on a planted fault; return the first that fails, or ""."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-rfE", "--tb=no", "-p", "no:cacheprovider"]
    result = subprocess.run([*command, f"tests/{mutant.tests}"], cwd=copy, capture_output=True, text=True, check=False)
    if result.returncode not in (0, 1):
        raise SystemExit(f"the tests of {mutant.what!r} do not run:\n{result.stdout}{result.stderr}")
    found = re.search(r"(?:FAILED|ERROR) tests/(\S+)", result.stdout)
    return found[1] if result.returncode and found else ""


def try_all(share):
    """Plant a share of the faults in a copy of its own; return [(what, who caught it, seconds)]."""
    told = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "press"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "dist", "build"))
        (copy / "build").mkdir()
        for name in ("figures", "formulas"):
            if (ROOT / "build" / name).is_dir():
                shutil.copytree(ROOT / "build" / name, copy / "build" / name, dirs_exist_ok=True)
        for mutant in share:
            start = time.perf_counter()
            text = plant(copy, mutant)
            test = caught(copy, mutant)
            (copy / mutant.file).write_text(text, encoding="utf-8")
            told.append((mutant.what, test, time.perf_counter() - start))
    return told


def main(words=()):
    """Plant the faults that have one of the words in their name, or all; exit 1 if one survives."""
    chosen = [mutant for mutant in MUTANTS if not words or any(word in mutant.what for word in words)]
    shares = [chosen[start :: os.cpu_count() or 1] for start in range(os.cpu_count() or 1)]
    with ThreadPoolExecutor() as pool:
        told = [row for rows in pool.map(try_all, shares) for row in rows]
    table = Table("fault", "caught by", "seconds")
    for what, test, seconds in told:
        table.add_row(what, test or "NOBODY", f"{seconds:.0f}")
    Console().print(table)
    survivors = [what for what, test, _ in told if not test]
    print(f"{len(told) - len(survivors)} of {len(told)} faults are caught")
    raise SystemExit(1 if survivors else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
