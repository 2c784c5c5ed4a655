"""Faults planted in the press itself: does the suite catch each?

`make mutants` copies the repository, changes one line of the press at a time, and runs the tests
that should see it. A fault that no test sees survives, and the exit status is 1.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import time
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
        "vertical-align:{-formula.depth:.4f}em",
        "vertical-align:{-formula.depth - 0.05:.4f}em",
        FILES,
    ),
    Mutant(
        "note not moved to the outer side",
        "press/layout/margin.py",
        "NOTE_LEFT[is_left] - note.border_box_x()",
        "0",
        LAYOUT,
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
        "press/pictures/formulas.py",
        "measure({ set par(leading: 99em)",
        "measure({ set par(leading: 0.65em)",
        "pictures/test_formulas.py",
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
        "press/layout/engine.py",
        "renderer_messages(), notes_in_reading_order(document)",
        "renderer_messages()",
        FILES,
    ),
    Mutant(
        "scope of row heads lost",
        "press/pdf/mending.py",
        "Scope = Name.Row if is_row else Name.Column",
        "Scope = Name.Column",
        FILES,
    ),
]


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
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-p", "no:cacheprovider", f"tests/{mutant.tests}"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode not in (0, 1):
        raise SystemExit(f"the tests of {mutant.what!r} do not run:\n{result.stdout}")
    found = re.search(r"(?:FAILED|ERROR) tests/(\S+)", result.stdout)
    return found[1] if result.returncode and found else ""


def main():
    """Plant every fault, print who caught it, exit 1 if one survives."""
    table, survivors = Table("fault", "caught by", "seconds"), []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "press"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "dist"))
        for mutant in MUTANTS:
            start = time.perf_counter()
            text = plant(copy, mutant)
            test = caught(copy, mutant)
            (copy / mutant.file).write_text(text, encoding="utf-8")
            table.add_row(mutant.what, test or "NOBODY", f"{time.perf_counter() - start:.0f}")
            survivors += [] if test else [mutant.what]
    Console().print(table)
    print(f"{len(MUTANTS) - len(survivors)} of {len(MUTANTS)} faults are caught")
    raise SystemExit(1 if survivors else 0)


if __name__ == "__main__":
    main()
