"""Fill in the page numbers that were not known when their lines were set.

Place in the flow: after all parts are laid out. A link to a later part holds a slot: as many
tabular digits as a folio of that part has. Here the folio takes their place, in the text box as it
stands, so that no line can change.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from weasyprint.document import Page
from weasyprint.formatting_structure import boxes
from weasyprint.text.line_break import split_first_line

from press.layout.boxes import Box, descend, has_class

FIGURE_SPACE = "\u2007"


class Slot(NamedTuple):
    """A slot: the text box that holds its digits, and the anchor whose folio it shows."""

    box: Box
    target: str


def slots(pages: Iterable[Page]) -> list[Slot]:
    """Return the Slots of laid-out pages, in order."""
    found = []
    for page in pages:
        for box in descend(page._page_box):
            if has_class(box, "slot") and box.element.get("data-target"):
                texts = [child for child in descend(box) if isinstance(child, boxes.TextBox)]
                found += [Slot(text, box.element.get("data-target")) for text in texts]
    return found


def fill(pages: Iterable[Page], places: Mapping[str, int]) -> None:
    """Write the folios, {anchor: folio}, into the slots of pages; a shorter one is led by a figure space."""
    for slot in slots(pages):
        digits = f"{places.get(slot.target, 0)}"  # of a link that leads nowhere, of which the renderer warns
        room = len(slot.box.text)
        if len(digits) > room:
            raise ValueError(f"folio {digits} does not fit into a slot of {room} digits")
        slot.box.text = digits.rjust(room, FIGURE_SPACE)
        layout = slot.box.pango_layout
        layout.text = slot.box.text  # drawn anew from this text


def shown(page: Page) -> list[str]:
    """Return what stands in the slots of a page."""
    return [slot.box.text for slot in slots([page])]


def outgrown(pages: Iterable[Page], places: Mapping[str, int]) -> dict[str, int]:
    """Return {anchor: folio} of the folios that have more digits than their slots."""
    found = slots(pages)
    return {
        slot.target: places[slot.target]
        for slot in found
        if slot.target in places and len(f"{places[slot.target]}") > len(slot.box.text)
    }


def widths(slot: Slot) -> tuple[float, float]:
    """Return (width that the line keeps for a slot, width of what stands in it), in CSS pixels."""
    return slot.box.width, split_first_line(slot.box.text, slot.box.style, None, None, 0)[3]
