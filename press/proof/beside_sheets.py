"""Study cards and formula sheet beside the tree.

Place in the flow: `printed` runs them after the book, whose pages they quote.
"""

from press.pdf.story import FORMULA
from press.proof.beside import Reading
from press.proof.wanted import Wanted, plain

CARD_HEIGHT = 66 * 72 / 25.4  # points


class CardsReading(Reading):
    """The study cards beside the tree: fronts on odd pages, each back behind its front."""

    def __init__(self, book, story, whole):
        super().__init__(book, story)
        self.whole, self.spoken = whole, whole.spoken

    def run(self):
        """Compare each card."""
        for entry in self.book.entries:
            if entry.is_answer and "key" in entry.node and entry.number in self.whole.headings:
                self.card(entry)
        self.left_over()

    def card(self, entry):
        """Find the front of a card, and in the cell behind it the back."""
        book, number = self.book, entry.number
        title = entry.node.get("card") or entry.node.get("reads") or entry.node["title"]
        page = self.whole.label(self.whole.blocks[self.whole.headings[number]].page)
        front = [
            book.said(title, f"the study card of {number}", f"{number} {title.text}"),
            book.said(title, f"the study card of {number}", f"{self.book.words['page']} {page}"),
        ]
        claims = self.find_all(front[:1], 0, len(self.blocks))
        if not claims:
            return
        at = next(index for index, owner in self.owners.items() if owner is front[0])
        head = self.blocks[at]
        self.find_all(front[1:], at + 1, at + 2)
        column, row = self.cell(head)
        back = [book.one_line(entry.node["key"], f"the study card of {number}")]
        for formula in entry.node.get("formulas", [])[:1]:
            back.append(book.one_line(formula["name"], f"the study card of {number}"))
            tex = formula["tex"]
            back.append(Wanted(f"the study card of {number}", tex.file, tex.line, FORMULA, [tex.text.strip()]))
        back.append(book.said(title, f"the study card of {number}", number))
        behind = [
            index
            for index, block in enumerate(self.blocks)
            if block.page == head.page + 1 and block.y and self.cell(block) == (1 - column, row)
        ]
        if not behind:
            self.fault(front[0], f"the study card of {number} has no back behind its front on page {head.page + 1}")
            return
        self.find_all(back, behind[0], behind[-1] + 1)

    def cell(self, block):
        """Return column and row of a block, counted from the middle of the sheet."""
        width, height = self.story.sizes[block.page]
        return int(block.x > width / 2), (block.y - height / 2) // CARD_HEIGHT


class SheetReading(Reading):
    """The formula sheet beside the tree."""

    def __init__(self, book, story, whole):
        super().__init__(book, story)
        self.whole, self.spoken = whole, whole.spoken

    def run(self):
        """Compare it, section by section."""
        book, title = self.book, self.book.meta["title"]
        rows, section = [], None
        for entry in book.entries:
            if entry.level == 1:
                section = entry
            for formula in entry.node.get("formulas", []):
                if section is not None:
                    heading = section.node.get("reads", section.node["title"])
                    rows.append(book.said(heading, "the formula sheet", f"{section.number} {heading.text}"))
                    section = None
                here = self.whole.headings.get(entry.number)
                page = self.whole.label(self.whole.blocks[here].page) if here is not None else ""
                rows.append(book.one_line(formula["name"], f"the formula sheet, {entry.number}", after=page))
                tex = formula["tex"]
                rows.append(
                    Wanted(f"the formula sheet, {entry.number}", tex.file, tex.line, FORMULA, [tex.text.strip()])
                )
        head = next(index for index, block in enumerate(self.blocks) if block.kind == "H1")
        self.owners[head] = Wanted("", title.file, title.line, "")
        if plain(title.text) not in " ".join(self.lines[head]):
            self.fault(self.owners[head], "the formula sheet does not name the book")
        self.find_all(rows, 0, len(self.blocks))
        self.left_over()
