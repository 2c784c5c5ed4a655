"""One file beside the tree: how a wanted block is found among the printed ones, and told where it is not.

Place in the flow: below `printed`. `Reading` is what the readings of the book, the cards and the
formula sheet have in common.
"""

import re
from typing import NamedTuple

from press.pdf.story import FORMULA, JOINT, PICTURE
from press.problems import Place, Problem
from press.proof.rawnumbers import BEGIN, END
from press.proof.rawtext import EVENT
from press.proof.rawwords import plain
from press.proof.wanted import Wanted

MEND = "look at that page; what the press has not understood there it has dropped or changed"
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
ENTRY = re.compile(r"\d+(?:\.\d+)+")


class Claim(NamedTuple):
    """Where a wanted block was found: the wanted block, and (offset in its words, page) of each piece."""

    wanted: Wanted
    pieces: list[tuple[int, int]]

    def page(self, offset):
        """Return the index of the page on which a place in the words stands."""
        return [page for start, page in self.pieces if start <= offset][-1]


class Reading:
    """One file beside the tree: its blocks, which of them are claimed and by what, and what is wrong."""

    def __init__(self, book, story):
        self.book, self.story, self.blocks = book, story, story.blocks
        self.paged = re.compile(rf"(?P<head>.*), {re.escape(book.words['page'])} (?P<page>\d+)")
        self.lines = [[plain(line) for line in self.unpaged(block).split(JOINT)] for block in self.blocks]
        self.lines = [[line for line in lines if line] for lines in self.lines]
        self.owners: dict[int, Wanted] = {}
        self.problems: list[Problem] = []
        self.counts = {"words": 0, "formulas": 0, "page numbers": 0}
        self.spoken: dict[str, str] = {}

    def unpaged(self, block):
        """Return a block's words without the pages of references that depend on the layout.

        They are compared with their links. The page of an entry is the tree's, and stays.
        """
        words = block.words
        for reference in block.references:
            told = self.paged.fullmatch(reference.words)
            if told and not ENTRY.fullmatch(told["head"]):
                pattern = r"\s+".join(re.escape(word) for word in reference.words.split())
                words = re.sub(pattern, told["head"], words, count=1)
        return words

    def fault(self, wanted, what, how=MEND):
        """Note what is wrong with something that is wanted."""
        self.problems.append(Problem(Place(wanted.file, wanted.line), what, how))

    def label(self, page):
        """Return the label of a page, as printed."""
        return "" if page is None else self.story.labels[page]  # of a page that the file does not have

    # Finding

    def find_all(self, field, start, end):
        """Claim the blocks of a field, in order, among the blocks from `start` to `end`."""
        at, later, claims = start, start, []
        for wanted in field:
            if not wanted.words:
                continue
            found = self.find(wanted, max(at, later) if wanted.may_wait else at, end)
            if found is None and (early := self.find(wanted, start, at)):
                self.fault(wanted, f"{quoted(wanted.words)} in {wanted.what} stands out of its order")
                found = early
            if found is None:
                claims += self.missing(wanted, start, end)
            else:
                claims.append(found[0])
                later = max(later, found[1])
                at = at if wanted.may_wait else max(at, found[1])
        return claims

    def find(self, wanted, start, end):
        """Claim a wanted block; return (Claim, index of the block after it), None if it is not there."""
        if wanted.is_picture:
            for index in range(start, end):
                if index not in self.owners and wanted.words in map(plain, self.blocks[index].pictures):
                    return self.claim(wanted, [(index, 0)])
            return None
        words = wanted.words.replace(EVENT, "")
        for index in range(start, end):
            if index not in self.owners and (done := self.consumed(words, 0, index)):
                held = self.whole_of(words, done, index, end)
                if held:
                    return self.claim(wanted, held)
        return None

    def whole_of(self, words, done, index, end):
        """Return [(block, where it begins in the words)] of a block and of what goes on elsewhere, [] if not all."""
        held = [(index, 0)]
        for later in range(index + 1, end):
            if done == len(words) or self.blocks[later].page > self.blocks[held[-1][0]].page + 1:
                break
            if later in self.owners or not self.goes_on(held[-1][0], later):
                continue
            if further := self.consumed(words, done, later):
                held.append((later, done))
                done = further
        return held if done == len(words) else []

    def goes_on(self, before, later):
        """Say whether a block can be the rest of another: it stands higher up or on the next page."""
        one, other = self.blocks[before], self.blocks[later]
        return other.page > one.page or other.y < one.y

    def consumed(self, words, at, index):
        """Return how far the words reach when the whole block is read from them, None if it is not there."""
        for number, line in enumerate(self.lines[index]):
            if words.startswith(" ", at) and at:
                at += 1
            elif number and _is_inside_a_word(words, at, self.lines[index][number - 1]):
                return None
            if words.startswith(line, at):
                at += len(line)
            elif line.endswith("-") and words.startswith(line[:-1], at):
                at += len(line) - 1
            else:
                return None
        return at

    def claim(self, wanted, held):
        """Take blocks for a wanted block, and look at its formulas."""
        spoken = []
        for index, _ in held:
            self.owners[index] = wanted
            spoken += self.blocks[index].spoken
        self.counts["words"] += len(wanted.words.split())
        self.counts["formulas"] += len(wanted.formulas)
        page = self.label(self.blocks[held[0][0]].page)
        for latex, said in zip(wanted.formulas, spoken, strict=False):
            self.formula(wanted, latex, said, page)
        claim = Claim(wanted, [(start, self.blocks[index].page) for index, start in held])
        return claim, held[-1][0] + 1

    def formula(self, wanted, latex, said, page):
        """Look whether a formula names its computed numbers, and is spoken as elsewhere."""
        numbers = [number for part in re.findall(f"{BEGIN}(.*?){END}", latex) for number in NUMBER.findall(part)]
        spoken = NUMBER.findall(said)
        left = iter(spoken)
        lost = next((number for number in numbers if number not in left), None)
        latex = " ".join(latex.replace(BEGIN, "").replace(END, "").split())
        if lost is not None:
            self.fault(wanted, f"the computed number {lost} of the formula ${latex}$ is not on page {page}: “{said}”")
        elif self.spoken.setdefault(latex, said) != said:
            self.fault(wanted, f"another formula stands for ${latex}$ on page {page}: “{said}”")

    def missing(self, wanted, start, end):
        """Tell that a block is not there, and what stands where it should; return [Claim] of that."""
        words = wanted.words.replace(EVENT, "")
        if wanted.is_picture:
            page = self.label(self.blocks[start].page) if start < len(self.blocks) else "?"
            self.fault(wanted, f"the picture of {wanted.what}, {quoted(words)}, is not on page {page}")
            return []
        best, most = None, 0
        for index in range(start, end):
            if index not in self.owners and (common := _common(words, " ".join(self.lines[index]))) > most:
                best, most = index, common
        if best is None or most < min(8, len(words) / 2):
            page = self.label(self.blocks[min(start, len(self.blocks) - 1)].page)
            self.fault(wanted, f"{quoted(words)} in {wanted.what} is not on page {page}")
            return []
        self.owners[best] = wanted
        begin = words.rfind(" ", 0, most) + 1
        instead = " ".join(self.lines[best])[begin:]
        page = self.label(self.blocks[best].page)
        self.fault(
            wanted, f"{quoted(words[begin:])} in {wanted.what} is not on page {page}, which has {quoted(instead)}"
        )
        return [Claim(wanted, [(0, self.blocks[best].page)])]

    def left_over(self):
        """Tell what nothing in the tree wants."""
        for index, lines in enumerate(self.lines):
            if index not in self.owners and lines:
                self.surplus(index, " ".join(lines))

    def surplus(self, index, words):
        """Tell of a block that nothing in the tree wants."""
        above = max((at for at in self.owners if at < index), default=None)
        near = self.owners[above] if above is not None else Wanted("", self.book.folder / "book.yaml", 0, "")
        page = self.label(self.blocks[index].page)
        self.fault(near, f"{quoted(words)} on page {page} is not in the tree, or there more than once")


def _is_inside_a_word(words, at, line):
    """Say whether a line of print ended inside a word without a hyphen: only addresses may do that."""
    inside = words[at - 1 : at].isalnum() and words[at : at + 1].isalnum() and not line.endswith("-")
    return inside and not re.search(r"[/.@]", words[words.rfind(" ", 0, at) + 1 : at])


def _common(words, printed):
    """Return how many letters two texts have in common at their beginning."""
    count = 0
    for one, other in zip(words, printed, strict=False):
        if one != other:
            break
        count += 1
    return count


def quoted(words):
    """Return words in quotation marks, cut short, formulas as dots."""
    words = words.replace(FORMULA, " … ").replace(PICTURE, "").replace(EVENT, "").strip()
    return f"“{words if len(words) <= 70 else words[:67].rstrip() + '…'}”"
