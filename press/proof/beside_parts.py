"""What stands behind the answers beside the tree: going further, tools, experiments, answers and solutions.

Place in the flow: second part of `beside_book`.
"""

from press.proof.beside import Claim
from press.proof.beside_works import WorksReading
from press.proof.rawnumbers import fill
from press.proof.wanted import fields_of, passage_fields

FURTHER = "what goes further on "  # and the number of the entry: what such a text is called in messages


class PartsReading(WorksReading):
    """The parts behind the answers."""

    @property
    def problems_head(self):
        """Return the head of problems, with the way to their solutions."""
        return f"{self.book.words['problems']} {self.book.words['solution']}"

    def chapter(self, head, field, at):
        """Find a heading behind the answers and the blocks below it; return (Claims, where to look on)."""
        found = self.find(head, at, len(self.blocks))
        if found is None:
            self.missing(head, at, len(self.blocks))
            return [], at
        end = self.head_from(found[1])
        claims = self.find_all(field, found[1], end)
        for index in range(found[1], end):
            words = " ".join(self.lines[index])
            if index not in self.owners and words.startswith((self.problems_head, f"{self.book.words['uses']} ")):
                self.owners[index] = head
        return claims, found[1]

    def page_of(self, number):
        """Return the page on which an entry begins, as printed."""
        return self.label(self.blocks[self.headings[number]].page) if number in self.headings else "?"

    def passages(self, at):
        """Find what goes further, the tools and the experiments; return where to look on."""
        book, wording = self.book, {entry.number: entry for entry in self.book.entries}
        self.asked: dict[str, list[Claim]] = {}
        self.to_solutions: set[int] = set()  # blocks: numbers of problems that lead to their solutions
        for passage in book.passages:
            kind, name = passage.key.partition(":")[0], passage.name
            text = passage.node["text"]
            if kind == "experiments":
                self.claims += self.find_all(book.wanted(text, "the experiments"), at, len(self.blocks))
                self.find_all(self.cards(), at, len(self.blocks))
                continue
            if kind == "tool":
                head = book.said(passage.node["title"], f"the title of {name}", f"{name} {passage.node['title'].text}")
            else:
                entry = wording[name]
                title = f"{name} {entry.wording} {self.book.words['page']} {self.page_of(name)}"
                head = book.said(passage.node["number"], f"{FURTHER}{name}", title)
            asks = {number: book.led(each["ask"], f"problem {number}", number) for number, each in passage.problems}
            field = book.wanted(text, f"{FURTHER}{name}" if kind == "further" else name)
            claims, at = self.chapter(head, [*field, *(block for ask in asks.values() for block in ask)], at)
            self.claims += claims
            if kind == "tool" and at:
                self.caption_pages[name] = self.blocks[at - 1].page
            for number, blocks in asks.items():
                self.asked[number] = [claim for claim in claims if claim.wanted in blocks]
                for claim in self.asked[number][:1]:
                    names = (number, f"{self.book.words['problem']} {number}")
                    self.caption_pages |= dict.fromkeys(names, claim.page(0))
            if kind == "further":
                self.sources_of(wording[name], passage, at)
                self.leads(name, self.blocks[at - 1].page)
        return at

    def leads(self, name, page):
        """Look whether an answer leads to what goes further on it."""
        index = self.ways.get(name)
        if index is None:
            return
        for reference in self.blocks[index].references:
            if reference.target and reference.target.page != page:
                self.fault(
                    self.owners[index], f"{name} does not lead to what goes further on it, page {self.label(page)}"
                )

    def cards(self):
        """Return the cells of the experiments' cards."""
        cells = []
        for index, name in enumerate(self.book.experiments, start=1):
            card = self.book.cards.get(name.text, {})
            what, entry = f"the experiment {name.text}", card.get("entry", "?")
            caption = f"{self.book.words['experiment']} {index} {card.get('title')} {entry}, "
            caption += f"{self.book.words['page']} {self.page_of(entry)}"
            cells.append(self.book.said(name, what, caption)._replace(label=f"{self.book.words['experiment']} {index}"))
            for key, label in self.book.rows.items():
                cells += [self.book.said(label, what, label.text), self.book.said(name, what, told(card.get(key)))]
        return cells

    def sources_of(self, entry, passage, at):
        """Find the list of works that an answer and what goes further on it cite."""
        texts = [*fields_of(entry), *passage_fields(passage)]
        works = "; ".join(self.short_forms(texts))
        if works:
            what = f"the sources of what goes further on {entry.number}"
            line = self.book.said(passage.node["number"], what, f"{self.book.words['sources']} {works}.")
            end = next((index for index in self.heads if index > at), len(self.blocks))
            self.find_all([line], at, end)

    def answers(self, at):
        """Find the answers to the self-tests, and solutions, each below its question's number and wording."""
        book, solved = self.book, {passage.name: passage.problems for passage in self.book.passages}
        is_part = any(solved.values())
        for entry in book.entries:
            checks, number = entry.node.get("check", []), entry.number
            if number not in self.headings or not (checks or solved.get(number)):
                continue
            title = entry.node.get("reads", entry.node["title"])
            page = f"{self.book.words['page']} {self.page_of(number)}" if is_part else self.page_of(number)
            head = book.said(title, f"the answers to the self-tests of {number}", f"{number} {title.text} {page}")
            field, what = [], f"the answer to a self-test of {number}"
            for index, check in enumerate(checks, start=1):
                lead = f"{self.book.words['check']} {index}"
                field += book.led(check["answer"], what, lead) if is_part else book.wanted(check["answer"], what)
            for name, problem in solved.get(number, []):
                field += book.led(problem["solution"], f"the solution of {name}", name)
            claims, at = self.chapter(head, field, at)
            self.claims += claims if is_part else []
            for name, _ in solved.get(number, []):
                self.solution(name, [claim for claim in claims if claim.wanted.what == f"the solution of {name}"])

    def solution(self, name, claims):
        """Look whether the number of a problem leads to its solution."""
        for claim in self.asked.get(name, [])[:1]:
            for index in (index for index, owner in self.owners.items() if owner is claim.wanted):
                self.to_solutions.add(index)
                pages = [reference.target.page for reference in self.blocks[index].references if reference.target]
                if claims and pages != [claims[0].page(0)]:
                    where = f"page {self.label(pages[0])}" if pages else "nowhere"
                    self.fault(claim.wanted, f"problem {name} leads to {where}, where its solution is not")


def told(value):
    """Return what an experiment tells as words."""
    if isinstance(value, list):
        return ", ".join(told(item) for item in value)
    if isinstance(value, int) and abs(value) >= 10000:
        return fill("{{ value | thousands }}", {"value": value})
    return str(value)
