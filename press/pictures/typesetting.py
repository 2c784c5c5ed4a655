"""Set formulas with Typst, in a process of its own: python -m press.pictures.typesetting.

Place in the flow: `formulas` asks by JSON on the standard input and reads the answer as JSON; the
pages go to a file. Typst sees an empty folder, no packages and no fonts but those of the design;
the process has a limit of time and of memory, because a formula may ask for more than there is.
"""

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# Seconds of the processor for a run, and more for each formula; memory in bytes.
SECONDS, MORE, MEMORY = 10, 0.1, 2 * 2**30

# Each formula is a page cut to its ink; the metadata gives its depth below the baseline. Typst
# leaves up to 0.7 of the leading of a line below the baseline, whatever the edge: hence the leading.
PREAMBLE = """
#set document(date: none)
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#set text(size: 10pt, font: "STIX Two Text", fallback: false)
#show math.equation: set text(font: "STIX Two Math", top-edge: "bounds", bottom-edge: "bounds")
#set math.mat(row-gap: 0.45em, column-gap: 0.62em, align: right)
#set math.cases(gap: 0.45em)
#let formula(body) = [#body #context [#metadata((
  measure(body).height / 1pt,
  measure({ set par(leading: 99em)
    show math.equation: set text(bottom-edge: "baseline")
    body }).height / 1pt))<extent>]]
"""


class TypesettingError(Exception):
    """Typst refuses a run of formulas, or has no end."""


def typeset(lines: list[str], fonts: Path, pdf: Path) -> list[list]:
    """Set formulas, a page each, into the file `pdf`; return [height, height above the base line, letters] of each."""
    request = json.dumps({"lines": lines, "fonts": str(fonts), "pdf": str(pdf)})
    made = subprocess.run(
        [sys.executable, "-m", "press.pictures.typesetting"],
        input=request,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
    )
    if made.returncode > 0 and "TypesettingError: " not in made.stderr and "MemoryError" not in made.stderr:
        raise RuntimeError(made.stderr)  # a fault of the press
    if made.returncode:
        told = made.stderr.rpartition("TypesettingError: ")[2].strip() if made.returncode > 0 else ""
        raise TypesettingError(told.split("\n")[0] or "Typst does not end, or needs too much memory")
    return json.loads(made.stdout)


def main() -> None:
    """Answer one request."""
    import pypdfium2
    import typst

    request = json.load(sys.stdin)
    seconds = int(SECONDS + MORE * len(request["lines"]))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with tempfile.TemporaryDirectory() as empty:
        source = Path(empty) / "formulas.typ"
        source.write_text(PREAMBLE + "\n#pagebreak()\n".join(request["lines"]), encoding="utf-8")
        options: dict[str, Any] = {
            "root": empty,
            "font_paths": [request["fonts"]],
            "ignore_system_fonts": True,
            "package_path": empty,
        }
        try:
            extents = json.loads(typst.query(str(source), "<extent>", **options))
            pdf = typst.compile(str(source), **options)
        except (typst.TypstError, RuntimeError) as error:  # RuntimeError: the compiler's panics
            raise TypesettingError(" ".join(str(error).split())) from error
    Path(request["pdf"]).write_bytes(pdf)
    letters = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    json.dump([[*item["value"], text] for item, text in zip(extents, letters, strict=True)], sys.stdout)


if __name__ == "__main__":
    main()
