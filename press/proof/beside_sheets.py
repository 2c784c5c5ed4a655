"""Study cards and formula sheet beside the tree.

Place in the flow: `printed` runs them after the book, whose pages they quote.
"""

import re

from press.pdf.story import FORMULA
from press.proof.beside import Reading
from press.proof.rawwords import plain
from press.proof.wanted import Wanted

CARD_HEIGHT = 74 * 72 / 25.4  # points
LETTERS = re.compile(r"\\[A-Za-z]+|\S")
# A plain letter in one with a hat or a face is none, and one with a face in one with a hat is none.
HATS, FACES = (
    re.compile(rf" \\(?:{names}) +\{{(?:[^{{}}]|\{{[^{{}}]*\}})*\}} ")
    for names in ("hat|tilde|bar|overline", "hat|tilde|bar|overline|mathbf|boldsymbol|mathcal|mathbb")
)


def explained(book, formula):
    """Return the texts that explain letters of a formula: its own, and those of the notation in their order."""
    common = [letter for group in book.notation for letter in group.get("letters", [])]
    own = [formula["letters"]] if "letters" in formula else []
    names = " ".join(text.text for text in (formula["name"], *own))
    known = [(_letters(symbol), None) for symbol in re.findall(r"\$(.*?)\$", names)]
    known += [(_letters(re.findall(r"\$(.*?)\$", text.text)[0]), text) for text in common]
    tex, found = _apart(formula["tex"].text), []
    for symbol, text in sorted(known, key=lambda pair: -len(pair[0])):
        hidden = None if HATS.search(symbol) else HATS if FACES.search(symbol) else FACES
        seen = hidden.sub("?", tex) if hidden else tex
        if symbol in seen:
            tex = tex.replace(symbol, " ? ") if hidden is not FACES else _outside(tex, symbol)
            found += [text] if text is not None else []
    return own, [text for text in common if text in found]


def _outside(tex, symbol):
    """Return LaTeX without a plain symbol, but where it stands in one with a face."""
    faces = FACES.findall(tex)
    parts = [part.replace(symbol, " ? ") for part in FACES.split(tex)]
    return "".join(part + face for part, face in zip(parts, [*faces, ""], strict=True))


def _apart(tex):
    return "".join(f" {letter} " for letter in LETTERS.findall(re.sub(r"\\(text|mathrm|operatorname)\{.*?\}", "", tex)))


def _letters(symbol):
    """Return a symbol without the dot that stands for what it is applied to."""
    return _apart(max(symbol.partition("=")[0].split("\\cdot"), key=len))


def listed(book, texts, what):
    """Return texts that stand in one paragraph, parted by semicolons, as one Wanted."""
    lines = [book.one_line(text, what) for text in texts]
    words = plain("; ".join(line.words for line in lines))
    return Wanted(what, texts[0].file, texts[0].line, words, [latex for line in lines for latex in line.formulas])


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
            book.said(title, f"the study card of {number}", f"{book.meta['title'].text}, {book.words['page']} {page}"),
        ]
        name = book.said(book.meta["title"], f"the study card of {number}", book.meta["title"].text)
        claims = self.find_all(front[:1], 0, len(self.blocks))
        if not claims:
            return
        at = next(index for index, owner in self.owners.items() if owner is front[0])
        head = self.blocks[at]
        self.find_all(front[1:], at + 1, at + 2)
        column, row = self.cell(head)
        back = [
            book.said(title, f"the study card of {number}", number),
            book.one_line(entry.node["key"], f"the study card of {number}"),
        ]
        for formula in entry.node.get("formulas", [])[:1]:
            back.append(book.one_line(formula["name"], f"the study card of {number}"))
            tex = formula["tex"]
            back.append(Wanted(f"the study card of {number}", tex.file, tex.line, FORMULA, [tex.text.strip()]))
            own, common = explained(book, formula)
            back += [listed(book, own + common, f"the study card of {number}")] if own or common else []
        back.append(name)
        behind = [
            index
            for index, block in enumerate(self.blocks)
            if block.page == head.page + 1 and block.y and self.cell(block) == (1 - column, row)
        ]
        if not behind:
            self.fault(front[0], f"the study card of {number} has no back behind its front on page {head.page + 1}")
            return
        end = behind[-1] + 1
        while end < len(self.blocks) and self.blocks[end].page == head.page + 1 and not self.blocks[end].y:
            end += 1  # a formula alone has no place
        self.find_all(back, behind[0], end)

    def cell(self, block):
        """Return column and row of a block, counted from the middle of the sheet."""
        width, height = self.story.sizes[block.page]
        return int(block.x > width / 2), (block.y - height / 2 + CARD_HEIGHT / 2) // CARD_HEIGHT


class SheetReading(Reading):
    """The formula sheet beside the tree."""

    def __init__(self, book, story, whole):
        super().__init__(book, story)
        self.whole, self.spoken = whole, whole.spoken

    def run(self):
        """Compare it, section by section."""
        book, title = self.book, self.book.meta["title"]
        rows, section, letters = [], None, []
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
                own, common = explained(book, formula)
                rows += [book.one_line(text, f"the formula sheet, {entry.number}") for text in own]
                letters += common
        if letters:
            rows.append(book.said(title, "the formula sheet", book.words["letters"]))
            texts = [text for group in book.notation for text in group.get("letters", []) if text in letters]
            rows.append(listed(book, texts, "the letters of the formula sheet"))
        head = next(index for index, block in enumerate(self.blocks) if block.kind == "H1")
        self.owners[head] = Wanted("", title.file, title.line, "")
        if plain(title.text) not in " ".join(self.lines[head]):
            self.fault(self.owners[head], "the formula sheet does not name the book")
        self.find_all(rows, 0, len(self.blocks))
        self.left_over()
