"""Proof of the study cards and the formula sheet: no letter of a key formula is left without a meaning.

Place in the flow: called by `proof`; what is printed is compared with the tree elsewhere (`beside_sheets`).
"""

from press.documents.legend import legend
from press.proof.findings import Finding
from press.proof.rules import Whole, rule


@rule
def cards(whole: Whole):
    """Find letters that neither a formula nor the notation explains."""
    book = whole.context.book
    for entry in book.entries:
        for formula in entry.node.formulas:
            for letter in legend(book, formula).unexplained:
                what = f"the letter {letter} of the key formula {formula.name!r} is explained nowhere on its card"
                yield Finding("letters", "", "card", entry.number, what)
