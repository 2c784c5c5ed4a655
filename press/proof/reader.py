"""Proof: look at everything that a build makes as a proofreader would, and tell every fault.

Place in the flow: after everything, and apart from the build: `pipeline.proof` makes the book into a
folder of its own, and here every rule looks at it: at the printing with the layout that it was painted
from, at each file, at each page. The rules stand in the modules named below, and register themselves.
"""

from press.printing import Printing
from press.proof import breaks, cards, distances, drawings, ink, letters, margin, reading, setting
from press.proof.findings import Proof
from press.proof.rules import Whole, apply, finished

# The modules that hold rules.
ROOMS = (breaks, margin, setting, distances, cards, letters, drawings, reading, ink)


def look(printing: Printing, templates) -> Proof:
    """Look at a printing with all rules; return a Proof."""
    whole = Whole(printing)
    findings = list(apply(whole))
    whole.looked |= {
        "pages": len(whole.pages),
        "figures drawn": len(printing.context.drawings.figures),
        "files": len(printing.files),
    }
    for key, path in printing.files.items():
        with finished(whole, key, path, templates / "fonts") as file:
            findings += apply(file)
            for page in file.pages():
                findings += apply(page)
    return Proof(list(dict.fromkeys(findings)), dict(whole.looked), whole.notes)
