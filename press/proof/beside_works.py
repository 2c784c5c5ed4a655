"""The list of references beside the BibTeX file: each cited work, its number, the pages that cite it.

Place in the flow: first part of `beside_book`, because citations print the numbers of this list.
"""

import re
from bisect import bisect_left

from press.problems import Place, Problem
from press.proof.beside import MEND, Claim, Reading
from press.proof.rawworks import parts_of_work, short_form, squeezed
from press.proof.wanted import Wanted, cited, fields_of, file_of


class WorksReading(Reading):
    """What the book says of the works that it cites; and what all readings of the book note for one another."""

    def __init__(self, book, story):
        super().__init__(book, story)
        self.claims: list[Claim] = []
        self.headings: dict[str, int] = {}  # entry number: index of the block of its heading
        self.caption_pages: dict[str, int] = {}
        self.ways: dict[str, int] = {}  # entry number: index of the block that says that the book goes further
        self.heads = [index for index, block in enumerate(self.blocks) if block.kind in ("H1", "H2")]
        self.listed: dict[str, list[int]] = {}  # key of a work: indexes of its blocks
        self.cited: dict[str, set[int]] = {}  # key of a work: the pages that cite it

    def head_from(self, start):
        """Return the first heading from a block on, where there is none what ends the blocks."""
        at = bisect_left(self.heads, start)
        return self.heads[at] if at < len(self.heads) else len(self.blocks)

    def behind(self):
        """Return where what follows the answers begins, among the blocks."""
        last = max(self.headings.values(), default=0)
        return self.head_from(last + 1)

    def works(self):
        """Find the list of references, and the number that it gives each work."""
        listed = self.list_of_works()
        file = file_of(self.book.folder, self.book.meta, "references")
        for key, (citing, line) in cited(self.book).items():
            work = self.book.works.get(key)
            if work is None:
                continue
            parts = [squeezed(part) for part in parts_of_work(work, self.book.words["et_al"])]
            wanted = Wanted(f"the work {key}", file, work.line, key)
            near = [(sum(part in text for part in parts), number) for number, (_, text) in listed.items()]
            most, number = max(near, default=(0, ""), key=lambda pair: pair[0])
            if most < len(parts) / 2:
                self.fault(wanted, f"{key}, cited at {citing.name}:{line}, is not in the list of references")
                continue
            held, text = listed[number]
            at = len(number)
            for part, shown in zip(parts, parts_of_work(work, self.book.words["et_al"]), strict=True):
                found = text.find(part, at)
                if found < 0:
                    page = self.label(self.blocks[held[0]].page)
                    self.fault(wanted, f"“{shown}” of the work {key} is not on page {page}: {self.quoted(held)}")
                at = max(at, found + len(part))
            for index in held:
                self.owners[index] = wanted
                self.counts["words"] += len(self.blocks[index].words.split())
            self.listed[key] = held
            self.book.work_numbers[key] = number
        if len(set(self.book.work_numbers.values())) != len(listed):
            self.problems.append(
                Problem(Place(file), "not each number of the list of references is a cited work", MEND)
            )

    def list_of_works(self):
        """Return {number: (indexes of blocks, letters)} of the list of references: lines numbered from 1."""
        listed: dict[str, tuple[list[int], str]] = {}
        for start, end in zip(self.heads, [*self.heads[1:], len(self.blocks)], strict=True):
            found: dict[str, tuple[list[int], str]] = {}
            for index in range(start, end):
                block = self.blocks[index]
                number = re.match(r"(\d+)(?![\d.])", block.words)
                if block.kind == "LBody" and number and number[1] == str(len(found) + 1):
                    found[number[1]] = ([index], squeezed(block.words))
                elif block.kind == "LBody" and found:  # goes on in another column or on another page
                    held, text = found[str(len(found))]
                    found[str(len(found))] = ([*held, index], text + squeezed(block.words))
            listed = max(listed, found, key=len)
        return listed

    def quoted(self, held):
        """Return the end of what blocks say."""
        words = " ".join(line for index in held for line in self.lines[index])
        return f"“…{words[-60:]}”" if len(words) > 60 else f"“{words}”"

    def short_forms(self, texts):
        """Return the works that texts cite, in short and in the order of their numbers."""
        keys = {key for text in texts for key in self.book.cited_in(text) if key in self.listed}
        numbers = sorted((int(self.book.work_numbers[key]), key) for key in keys)
        et_al = self.book.words["et_al"]
        return [f"[{number}] {short_form(self.book.works[key], et_al)}" for number, key in numbers]

    def sources(self, entry, index):
        """Compare a list of short references in the margin with the works that the entry cites."""
        line = ", ".join(self.short_forms(fields_of(entry)))
        wanted = self.book.said(entry.node["title"], f"the sources of {entry.number}", line)
        if self.find(wanted, index, index + 1) is None:
            self.missing(wanted, index, index + 1)

    def cited_pages(self):
        """Compare the pages behind each work in the list of references with those that cite it."""
        for key, held in self.listed.items():
            pages = self.mentions(self.cited.get(key, set()))
            links = [reference for index in held for reference in self.blocks[index].references]
            text = "".join(squeezed(self.blocks[index].words) for index in held)
            if not text.endswith(squeezed(", ".join(pages))) or len(links) != len(pages):
                self.fault(
                    self.owners[held[0]],
                    f"the work {key} is cited on {', '.join(pages) or 'no page'}, "
                    f"but on page {self.label(self.blocks[held[0]].page)} stands {self.quoted(held)}",
                )

    def mentions(self, pages, main=None):
        """Return pages as an index prints them: consecutive ones as a range, the main one by itself."""
        ranges = []
        for page in sorted(pages - {main}):
            if ranges and page == ranges[-1][1] + 1:
                ranges[-1] = (ranges[-1][0], page)
            else:
                ranges.append((page, page))
        ranges = sorted([*ranges, *([(main, main)] if main is not None else [])])
        return [self.label(a) if a == b else f"{self.label(a)}–{self.label(b)}" for a, b in ranges]
