"""The book beside the tree: front matter, each entry with its fields, links with their pages, what is left over.

Place in the flow: `printed` runs it on the book of each paper.
"""

import re
from bisect import bisect_left, bisect_right

from press.pdf.story import FORMULA
from press.proof.beside import quoted
from press.proof.beside_back import BackReading
from press.proof.beside_parts import FURTHER
from press.proof.rawwords import plain
from press.proof.wanted import Wanted

NEAR = 2  # pages: a reference that names no page leads no further, but to a problem behind its own passage


class BookReading(BackReading):
    """The book beside the tree."""

    def run(self):
        """Compare all of it."""
        self.works()
        self.entries()
        self.front()
        at = self.passages(self.behind())
        self.answers(at)
        self.pages_of_events()
        self.glossary()
        self.figures()
        self.index()
        self.collation()
        self.references()
        self.left_over()

    def entries(self):
        """Find each heading, and between it and the next the fields of its entry."""
        at = 0
        for entry in self.book.entries:
            title = entry.node["title"]
            wanted = self.book.said(title, f"the title of {entry.number}", f"{entry.number} {title.text}")
            index = next(
                (
                    index
                    for index in self.heads[bisect_left(self.heads, at) :]
                    if self.consumed(wanted.words, 0, index) == len(wanted.words)
                ),
                None,
            )
            if index is None:
                self.missing(wanted, at, len(self.blocks))
                continue
            self.claim(wanted, [(index, 0)])
            self.headings[entry.number] = index
            page = entry.text("page")
            if self.label(self.blocks[index].page) != page:
                self.fault(
                    wanted, f"{entry.number} stands on page {self.label(self.blocks[index].page)} instead of {page}"
                )
            at = index + 1
        self.begins = sorted(self.headings.values())
        for entry in self.book.entries:
            if entry.number in self.headings:
                self.entry(entry, self.headings[entry.number] + 1)

    def entry(self, entry, start):
        """Find the fields of an entry among the blocks below its heading."""
        book, node, number = self.book, entry.node, entry.number
        end = self.head_from(start)
        if "reads" in node:
            self.find_all(
                [book.said(node["reads"], f"`reads` of {number}", f"{self.book.words['reads']} {entry.text('reads')}")],
                start,
                end,
            )
        for name in ("key", "opener", "answer", "watch_out"):
            if name in node:
                what = f"the {name} of {number}" if name != "watch_out" else f"`watch_out` of {number}"
                self.claims += self.find_all(book.wanted(node[name], what), start, end)
        asks = [
            block for check in node.get("check", []) for block in book.wanted(check["ask"], f"a self-test of {number}")
        ]
        self.claims += self.find_all(asks, start, end)

        self.way_on(number, start, end)
        for index in range(start, end):
            if index not in self.owners and re.match(
                r"\[\d+\] ", self.lines[index][:1][0] if self.lines[index] else ""
            ):
                self.sources(entry, index)

    def way_on(self, number, start, end):
        """Note where an answer says that the book goes further on it; `passages` looks where that leads."""
        for index in range(start, end):
            if index not in self.owners and " ".join(self.lines[index]) == self.book.words["further"]:
                self.ways[number] = index
                self.owners[index] = self.book.said(
                    self.book.numbered[number].node["number"], f"the answer of {number}", ""
                )

    def front(self):
        """Find what stands before the first answer: title page, study, contents, notation."""
        book, meta = self.book, self.book.meta
        end = min(self.headings.values(), default=len(self.blocks))
        year, day = meta["date"].text[:4], str(int(meta["date"].text[8:10]))
        for _ in range(2):  # on the cover and on the title page
            for name in ("title", "subtitle", "author", "audience"):
                if name in meta:
                    self.find_all([book.said(meta[name], f"the {name} of the book", meta[name].text)], 0, end)
        for name in ("study", "colophon"):
            if name in meta:
                self.find_all(book.wanted(meta[name], f"`{name}`"), 0, end)
        edition = [plain(meta["edition"].text)] if "edition" in meta else []
        lines = [" ".join(lines) for lines in self.lines[:end]]
        for parts in ((*edition, year), (*edition, day, year, plain(meta["author"].text))):
            if not any(re.search(r"\b.*?\b".join(map(re.escape, parts)), line) for line in lines):
                self.fault(book.said(meta["date"], "", ""), f"{' … '.join(parts)} is not before the first answer")
        contents = []
        for entry in book.entries:
            dagger = self.book.words["dagger"] * ("reads" in entry.node)
            line = f"{entry.number} {entry.text('title')}{dagger} {entry.text('page')}"
            contents.append(book.said(entry.node["title"], f"the contents, {entry.number}", line))
        self.find_all(contents, 0, end)
        rows = []
        for group in book.notation:
            rows.append(book.said(group["group"], "the notation", group["group"].text))
            for symbol, meaning in group["rows"]:
                rows.append(Wanted("the notation", symbol.file, symbol.line, FORMULA, [symbol.text]))
                rows.append(book.one_line(meaning, f"the notation of {symbol.text}"))
        self.find_all(rows, 0, end)
        self.metadata()

    def metadata(self):
        """Compare what the file says of itself."""
        meta = self.book.meta
        told = {
            "Title": meta["title"].text,
            "Author": meta["author"].text,
            "Subject": meta["subject"].text if "subject" in meta else "",
            "Keywords": ", ".join(word.text for word in meta.get("keywords", [])),
        }
        for name, words in told.items():
            if plain(self.story.metadata.get(name, "")) != plain(words):
                self.fault(self.book.said(meta["title"], "", ""), f"the file's {name} is not {quoted(words)}")

    def references(self):
        """Compare each number that a link prints with the page to which it leads."""
        known = dict(self.caption_pages) | {number: self.blocks[index].page for number, index in self.headings.items()}
        works = {number: self.blocks[self.listed[key][0]].page for key, number in self.book.work_numbers.items()}
        for index, block in enumerate(self.blocks):
            owner = self.owners.get(index) or Wanted("", self.book.folder / "book.yaml", 0, "")
            for reference in block.references:
                words, here = reference.words.rstrip(" ,;"), self.label(reference.page)
                told = re.fullmatch(r"(?P<page>\d+)(?:–\d+)?", words) or self.paged.fullmatch(words)
                told = told or re.fullmatch(rf"(?P<head>){re.escape(self.book.words['page'])} (?P<page>\d+)", words)
                if reference.target is None:
                    self.fault(owner, f"the link “{words}” on page {here} leads nowhere")
                    continue
                page = reference.target.page
                if index in self.to_solutions:  # `solution` has looked
                    continue
                if told:
                    self.counts["page numbers"] += 1
                    is_work = "head" not in told.groupdict() and works.get(told["page"]) == page
                    if self.label(page) != told["page"] and not is_work:
                        self.fault(owner, f"“{words}” on page {here} leads to page {self.label(page)}")
                head = told.groupdict().get("head", "") if told else words
                if head in known and not known[head] <= page <= self.end_of(head, known[head]):
                    self.fault(owner, f"“{words}” on page {here} leads to page {self.label(page)}, not to {head}")
                is_own = head.startswith(f"{self.book.words['problem']} {owner.what.removeprefix(FURTHER)}-")
                if not told and head in known and abs(page - reference.page) > NEAR and not is_own:
                    self.fault(owner, f"“{words}” on page {here} does not say that it leads to page {self.label(page)}")

    def end_of(self, head, first):
        """Return the last page of an answer (a tool leads to the place that uses it), else the first."""
        if head not in self.headings:
            return first
        after = bisect_right(self.begins, self.headings[head])
        return self.blocks[self.begins[after]].page if after < len(self.begins) else first

    def left_over(self):
        """Tell what stands among answers and behind them and is neither in the tree nor a word of the press."""
        first, behind = min(self.headings.values(), default=len(self.blocks)), self.behind()
        heads = {*self.heads, *(index + 1 for index in self.heads if index >= behind)}  # a lead follows a heading
        for index in range(first, len(self.blocks)):
            words = " ".join(self.lines[index])
            is_said = (
                words in self.book.words["notes"] or words in self.headings
                if index < behind
                else index in heads or self.blocks[index].kind == "TH"
            )
            if index not in self.owners and not is_said and words:
                self.surplus(index, words)
