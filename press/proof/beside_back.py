"""The back matter beside the tree: glossary, list of figures, index, collation, each with its pages.

Place in the flow: third part of `beside_book`. The pages are those on which the words were found.
"""

import re

from press.pdf.story import FORMULA
from press.proof.beside_parts import PartsReading
from press.proof.rawtext import EVENT
from press.proof.rawwords import in_order, plain
from press.proof.wanted import Wanted, file_of


class BackReading(PartsReading):
    """What quotes the pages of the book."""

    def pages_of_events(self):
        """Note on which pages terms are defined and used and works are cited, and where captions stand."""
        self.defined: dict[str, int] = {}
        self.used: dict[str, set[int]] = {}
        forms = {}
        for term in self.book.terms:
            for form in (term["term"], *term.get("forms", [])):
                forms[form.text.lower()] = term["term"].text
        for claim in self.claims:
            if claim.wanted.label:
                self.caption_pages[claim.wanted.label] = claim.page(0)
            for (kind, what), offset in zip(claim.wanted.events, _offsets(claim.wanted.words), strict=False):
                page = claim.page(offset)
                term = forms.get(" ".join(what.split()).lower())
                if kind == "work":
                    self.cited.setdefault(what, set()).add(page)
                elif kind == "index" and term:
                    self.used.setdefault(term, set()).add(page)
                elif kind == "term" and term:
                    self.defined.setdefault(term, page)
        self.cited_pages()

    def glossary(self):
        """Find each term with its explanation and page, in the order of letters."""
        rows = []
        for term in sorted(self.book.terms, key=lambda term: in_order(term["term"].text)):
            name = term["term"].text
            if name in self.defined:
                page = self.label(self.defined[name])
                rows.append(self.book.one_line(term["text"], f"the glossary, {name}", name, page))
            else:
                self.fault(self.book.said(term["term"], "", ""), f"{name!r} is defined on no page")
        self.find_all(rows, self.behind(), len(self.blocks))

    def figures(self):
        """Find the lists of figures and of tables, each with its title and page."""
        order = {printed: index for index, printed in enumerate(self.book.labels.values())}
        for kind in ("fig", "tab"):
            captions = [claim for claim in self.claims if claim.wanted.label.startswith(self.book.words[kind] + " ")]
            captions.sort(key=lambda claim: order[claim.wanted.label])
            self.find_all([self.row_of(claim) for claim in captions], self.behind(), len(self.blocks))

    def row_of(self, claim):
        """Return the line of the list of figures, or of tables, for a caption."""
        wanted, number = claim.wanted, claim.wanted.label.split()[-1]
        words, formulas = self.book.captions[wanted.label].options.get("title"), []
        if words is None:
            caption = re.sub(r"\s*\[[^\]]*\]", "", wanted.words.replace(EVENT, "").removeprefix(plain(wanted.label)))
            words = re.split(r"(?<=[^.][.])\s+(?=[A-Z])", caption, maxsplit=1)[0]
            formulas = wanted.formulas[: words.count(FORMULA)]
        line = plain(f"{number} {words} {self.label(claim.page(0))}")
        return Wanted(f"the list with {claim.wanted.label}", wanted.file, wanted.line, line, formulas)

    def index(self):
        """Find each term with the pages that define and use it, in the order of letters."""
        rows = []
        for term in sorted(self.book.terms, key=lambda term: in_order(term["term"].text)):
            name = term["term"].text
            if name not in self.defined:
                continue
            main = self.defined[name]
            line = f"{name}, {', '.join(self.mentions(self.used.get(name, set()), main))}"
            if term.get("see"):
                others = sorted((other.text for other in term["see"]), key=in_order)
                line += f"; {self.book.words['see']} {', '.join(others)}"
            rows.append(self.book.said(term["term"], f"the index, {name}", line))
        self.find_all(rows, self.behind(), len(self.blocks))

    def collation(self):
        """Find each line of the source with its pages and its correction; a book without a source has none."""
        book, rows = self.book, book_rows(self.book)
        if not file_of(book.folder, book.meta, "source").exists():
            return
        start = self.behind()
        if "collation" in book.meta:
            self.find_all(book.wanted(book.meta["collation"], "`collation`"), start, len(self.blocks))
        cells = []
        for entry, title in rows:
            what = f"the collation, {entry.number}"
            here = self.headings.get(entry.number)
            words = [
                entry.number,
                title,
                entry.text("page"),
                self.label(self.blocks[here].page) if here is not None else "",
            ]
            cells += [book.said(entry.node["title"], what, cell) for cell in words]
        self.find_all(cells, start, len(self.blocks))


def book_rows(book):
    """Return [(entry, its line of the collation)]."""
    rows = []
    for entry in book.entries:
        words = entry.text("title")
        if "reads" in entry.node:
            words += f" {book.words['correction']} {entry.text('reads')} {entry.text('reason')}"
        rows.append((entry, words))
    return rows


def _offsets(words):
    """Return where the events of a block stand in its words, markers not counted."""
    return [match.start() - number for number, match in enumerate(re.finditer(EVENT, words))]
