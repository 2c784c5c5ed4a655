"""Compare what is printed with the tree that it came from: every word, number and page number.

Place in the flow: at the end of every build, on the finished files of both papers, and in
`check --book`. The tree is read a second time, by `rawtree`, `rawtext`, `rawnumbers` and `wanted`,
which share nothing with the rooms that set the texts: what those swallow or change is missing here.

Each block of each field has to stand among the blocks of its entry, in its order and once for each
time that it is wanted. Lines of print may break at blanks, after hyphens and inside long addresses.
Formulas are stretches that are not looked into, but for their place, their order, and the computed
numbers in them, which their alternative texts have to name.
"""

import json
import re
from typing import NamedTuple

from press.pdf.story import FORMULA, JOINT, PICTURE, read_story
from press.problems import Place, Problem
from press.proof.rawnumbers import BEGIN, END, fill
from press.proof.rawtext import EVENT
from press.proof.wanted import (
    Wanted,
    cited,
    fields_of,
    parts_of_work,
    passage_fields,
    plain,
    read_book,
    short_form,
    squeezed,
)

MEND = "look at that page; what the press has not understood there it has dropped or changed"
CARD_HEIGHT = 66 * 72 / 25.4  # points
NEAR = 2  # pages: a reference that names no page leads no further
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
ENTRY = re.compile(r"\d+(?:\.\d+)+")


class Verdict(NamedTuple):
    """The result: Problems, and how much was compared."""

    problems: list[Problem]
    counts: dict[str, int]


class Claim(NamedTuple):
    """Where a wanted block was found: the wanted block, and (offset in its words, page) of each piece."""

    wanted: Wanted
    pieces: list[tuple[int, int]]

    def page(self, offset):
        """Return the index of the page on which a place in the words stands."""
        return [page for start, page in self.pieces if start <= offset][-1]


def compare(folder, files, numbers, cards=None):
    """Compare files with the tree in `folder`; return a Verdict.

    `files` maps (kind, paper) to paths, `numbers` and `cards` are the raw results of figures/.
    """
    problems, counts = {}, {}
    for paper in dict.fromkeys(paper for _, paper in files):
        book = read_book(folder, numbers, cards)
        reading = BookReading(book, read_story(files["book", paper]))
        reading.run()
        readings = [reading]
        for kind, Reading in (("cards", CardsReading), ("formulas", SheetReading)):
            if (kind, paper) in files:
                readings.append(Reading(book, read_story(files[kind, paper]), reading))
                readings[-1].run()
        for each in readings:
            problems |= dict.fromkeys(each.problems)
            for name, count in each.counts.items():
                counts[name] = counts.get(name, 0) + count
    return Verdict(sorted(problems, key=lambda problem: (str(problem.place.file), problem.place.line)), counts)


def summary(verdict):
    """Return the line that sums up, and says what was compared."""
    counted = ", ".join(f"{count:,} {name}" for name, count in verdict.counts.items())
    found = f"{len(verdict.problems)} faults" if verdict.problems else "nothing missing"
    return f"{found} in {counted}, beside the tree"


def as_json(verdict):
    """Return the Verdict as JSON."""
    told = [
        {"file": str(place.file), "line": place.line, "what": what, "how": how} for place, what, how in verdict.problems
    ]
    return json.dumps({"compared": verdict.counts, "problems": told}, ensure_ascii=False, indent=1)


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
        return self.story.labels[page]

    # Finding

    def find_all(self, field, start, end):
        """Claim the blocks of a field, in order, among the blocks from `start` to `end`."""
        at, claims = start, []
        for wanted in field:
            if not wanted.words:
                continue
            found = self.find(wanted, at, end)
            if found is None and (early := self.find(wanted, start, at)):
                self.fault(wanted, f"{_quoted(wanted.words)} in {wanted.what} stands out of its order")
                found = early
            if found is None:
                claims += self.missing(wanted, start, end)
            else:
                claims.append(found[0])
                at = max(at, found[1])
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
            self.fault(wanted, f"the picture of {wanted.what}, {_quoted(words)}, is not on page {page}")
            return []
        best, most = None, 0
        for index in range(start, end):
            if index not in self.owners and (common := _common(words, " ".join(self.lines[index]))) > most:
                best, most = index, common
        if best is None or most < min(8, len(words) / 2):
            page = self.label(self.blocks[min(start, len(self.blocks) - 1)].page)
            self.fault(wanted, f"{_quoted(words)} in {wanted.what} is not on page {page}")
            return []
        self.owners[best] = wanted
        begin = words.rfind(" ", 0, most) + 1
        instead = " ".join(self.lines[best])[begin:]
        page = self.label(self.blocks[best].page)
        self.fault(
            wanted, f"{_quoted(words[begin:])} in {wanted.what} is not on page {page}, which has {_quoted(instead)}"
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
        self.fault(near, f"{_quoted(words)} on page {page} is not in the tree, or there more than once")


class BookReading(Reading):
    """The book beside the tree."""

    def run(self):
        """Compare all of it."""
        self.claims: list[Claim] = []
        self.headings: dict[str, int] = {}  # entry number: index of the block of its heading
        self.caption_pages: dict[str, int] = {}
        self.ways: dict[str, int] = {}  # entry number: index of the block that says that the book goes further
        self.heads = [index for index, block in enumerate(self.blocks) if block.kind in ("H1", "H2", "H3")]
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

    def works(self):
        """Find the list of references, and the number that it gives each work."""
        listed = self.list_of_works()
        self.listed: dict[str, list[int]] = {}
        file = self.book.folder / self.book.meta["references"].text
        for key, (citing, line) in cited(self.book).items():
            work = self.book.works.get(key)
            if work is None:
                continue
            parts = [squeezed(part) for part in parts_of_work(work)]
            wanted = Wanted(f"the work {key}", file, work.line, key)
            near = [(sum(part in text for part in parts), number) for number, (_, text) in listed.items()]
            most, number = max(near, default=(0, ""), key=lambda pair: pair[0])
            if most < len(parts) / 2:
                self.fault(wanted, f"{key}, cited at {citing.name}:{line}, is not in the list of references")
                continue
            held, text = listed[number]
            at = len(number)
            for part, shown in zip(parts, parts_of_work(work), strict=True):
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

    def entries(self):
        """Find each heading, and between it and the next the fields of its entry."""
        at = 0
        for entry in self.book.entries:
            title = entry.node["title"]
            wanted = self.book.said(title, f"the title of {entry.number}", f"{entry.number} {title.text}")
            index = next(
                (
                    index
                    for index in self.heads
                    if index >= at and self.consumed(wanted.words, 0, index) == len(wanted.words)
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
        for entry in self.book.entries:
            if entry.number in self.headings:
                self.entry(entry, self.headings[entry.number] + 1)

    def entry(self, entry, start):
        """Find the fields of an entry among the blocks below its heading."""
        book, node, number = self.book, entry.node, entry.number
        end = next((index for index in self.heads if index >= start), len(self.blocks))
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
                self.owners[index] = self.book.said(self.entry_of(number).node["number"], f"the answer of {number}", "")

    def entry_of(self, number):
        """Return the entry of a number."""
        return next(entry for entry in self.book.entries if entry.number == number)

    def sources(self, entry, index):
        """Compare a list of short references in the margin with the works that the entry cites."""
        keys = {key for text in fields_of(entry) for key in self.book.cited_in(text) if key in self.listed}
        numbers = sorted((int(self.book.work_numbers[key]), key) for key in keys)
        line = ", ".join(f"[{number}] {short_form(self.book.works[key])}" for number, key in numbers)
        wanted = self.book.said(entry.node["title"], f"the sources of {entry.number}", line)
        if self.find(wanted, index, index + 1) is None:
            self.missing(wanted, index, index + 1)

    def front(self):
        """Find what stands before the first answer: title page, study, contents, notation."""
        book, meta = self.book, self.book.meta
        end = min(self.headings.values(), default=len(self.blocks))
        year, day = meta["date"].text[:4], str(int(meta["date"].text[8:10]))
        for _ in range(2):  # on the cover and on the title page
            for name in ("title", "subtitle", "author"):
                self.find_all([book.said(meta[name], f"the {name} of the book", meta[name].text)], 0, end)
        for name in ("study", "colophon"):
            self.find_all(book.wanted(meta[name], f"`{name}`"), 0, end)
        edition = plain(meta["edition"].text)
        lines = [" ".join(lines) for lines in self.lines[:end]]
        for parts in ((edition, year), (edition, day, year, plain(meta["author"].text))):
            if not any(re.search(r"\b.*?\b".join(map(re.escape, parts)), line) for line in lines):
                self.fault(book.said(meta["edition"], "", ""), f"{' … '.join(parts)} is not before the first answer")
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
            "Subject": meta["subject"].text,
            "Keywords": ", ".join(word.text for word in meta["keywords"]),
        }
        for name, words in told.items():
            if plain(self.story.metadata.get(name, "")) != plain(words):
                self.fault(self.book.said(meta["title"], "", ""), f"the file's {name} is not {_quoted(words)}")

    def pages_of_events(self):
        """Note on which pages terms are defined and used and works are cited, and where captions stand."""
        self.defined: dict[str, int] = {}
        self.used: dict[str, set[int]] = {}
        self.cited: dict[str, set[int]] = {}
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

    def behind(self):
        """Return where what follows the answers begins, among the blocks."""
        last = max(self.headings.values(), default=0)
        return next((index for index in self.heads if index > last), len(self.blocks))

    def chapter(self, head, field, at):
        """Find a heading behind the answers and the blocks below it; return (Claims, where to look on)."""
        found = self.find(head, at, len(self.blocks))
        if found is None:
            self.missing(head, at, len(self.blocks))
            return [], at
        end = next((index for index in self.heads if index >= found[1]), len(self.blocks))
        while end < len(self.blocks) and " ".join(self.lines[end]) == self.book.words["problems"]:
            end = next((index for index in self.heads if index > end), len(self.blocks))
        claims = self.find_all(field, found[1], end)
        for index in range(found[1], end):
            words = " ".join(self.lines[index])
            if index not in self.owners and (
                words == self.book.words["problems"] or words.startswith(f"{self.book.words['uses']} ")
            ):
                self.owners[index] = head
        return claims, found[1]

    def page_of(self, number):
        """Return the page on which an entry begins, as printed."""
        return self.label(self.blocks[self.headings[number]].page) if number in self.headings else "?"

    def passages(self, at):
        """Find what goes further, the tools and the experiments; return where to look on."""
        book, wording = self.book, {entry.number: entry for entry in self.book.entries}
        self.asked: dict[str, list[Claim]] = {}
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
                head = book.said(passage.node["number"], f"what goes further on {name}", title)
            asks = {
                number: book.led(each["ask"], f"problem {number}", number, self.book.words["solution"])
                for number, each in passage.problems
            }
            field = book.wanted(text, f"what goes further on {name}" if kind == "further" else name)
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
        for reference in self.blocks[index].references if index is not None else []:
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
            cells += [self.book.said(name, what, told(card.get(key))) for key in TOLD]
        return cells

    def sources_of(self, entry, passage, at):
        """Find the list of works that an answer and what goes further on it cite."""
        texts = [*fields_of(entry), *passage_fields(passage)]
        keys = {key for text in texts for key in self.book.cited_in(text) if key in self.listed}
        numbers = sorted((int(self.book.work_numbers[key]), key) for key in keys)
        works = "; ".join(f"[{number}] {short_form(self.book.works[key])}" for number, key in numbers)
        if works:
            what = f"the sources of what goes further on {entry.number}"
            line = self.book.said(passage.node["number"], what, f"{self.book.words['sources']} {works}.")
            end = next(
                (index for index in self.heads if index > at and self.blocks[index].kind != "H3"), len(self.blocks)
            )
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
        """Look whether a problem leads to its solution."""
        for claim in self.asked.get(name, []):
            for index in (index for index, owner in self.owners.items() if owner is claim.wanted):
                for reference in self.blocks[index].references:
                    is_way = reference.words.startswith(self.book.words["solution"]) and claims and reference.target
                    if is_way and reference.target.page != claims[0].page(0):
                        page = self.label(reference.target.page)
                        self.fault(claim.wanted, f"problem {name} leads to page {page}, where its solution is not")

    def glossary(self):
        """Find each term with its explanation and page, in the order of letters."""
        rows = []
        for term in sorted(self.book.terms, key=lambda term: term["term"].text.casefold()):
            name = term["term"].text
            if name in self.defined:
                page = self.label(self.defined[name])
                rows.append(self.book.one_line(term["text"], f"the glossary, {name}", name, page))
            else:
                self.fault(self.book.said(term["term"], "", ""), f"{name!r} is defined on no page")
        self.find_all(rows, self.behind(), len(self.blocks))

    def figures(self):
        """Find the list of figures, each with its title and page."""
        rows = []
        order = list(self.book.labels.values())
        captions = [claim for claim in self.claims if claim.wanted.label.startswith(self.book.words["fig"] + " ")]
        for claim in sorted(captions, key=lambda claim: order.index(claim.wanted.label)):
            rows.append(self.figure(claim))
        self.find_all(rows, self.behind(), len(self.blocks))

    def figure(self, claim):
        """Return the line of the list of figures for a caption."""
        wanted, number = claim.wanted, claim.wanted.label.split()[-1]
        label = next(label for label, printed in self.book.labels.items() if printed == wanted.label)
        piece = next(
            piece
            for pieces in self.book.pieces.values()
            for piece in pieces
            if piece.kind == "caption" and piece.label == label
        )
        words, formulas = piece.options.get("title"), []
        if words is None:
            caption = re.sub(r"\s*\[[^\]]*\]", "", wanted.words.replace(EVENT, "").removeprefix(plain(wanted.label)))
            words = re.split(r"(?<=[^.][.])\s+(?=[A-Z])", caption, maxsplit=1)[0]
            formulas = wanted.formulas[: words.count(FORMULA)]
        line = plain(f"{number} {words} {self.label(claim.page(0))}")
        return Wanted(f"the list of figures, {number}", wanted.file, wanted.line, line, formulas)

    def index(self):
        """Find each term with the pages that define and use it, in the order of letters."""
        rows = []
        for term in sorted(self.book.terms, key=lambda term: term["term"].text.casefold()):
            name = term["term"].text
            if name not in self.defined:
                continue
            main = self.defined[name]
            line = f"{name}, {', '.join(self.mentions(self.used.get(name, set()), main))}"
            if term.get("see"):
                line += f"; {self.book.words['see']} {', '.join(sorted(other.text for other in term['see']))}"
            rows.append(self.book.said(term["term"], f"the index, {name}", line))
        self.find_all(rows, self.behind(), len(self.blocks))

    def collation(self):
        """Find each line of the source with its pages and its correction."""
        book, rows = self.book, book_rows(self.book)
        start = self.behind()
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
                if told:
                    self.counts["page numbers"] += 1
                    is_work = "head" not in told.groupdict() and works.get(told["page"]) == page
                    if self.label(page) != told["page"] and not is_work:
                        self.fault(owner, f"“{words}” on page {here} leads to page {self.label(page)}")
                head = told.groupdict().get("head", "") if told else words
                if head in known and known[head] != page:
                    self.fault(owner, f"“{words}” on page {here} leads to page {self.label(page)}, not to {head}")
                if not told and head in known and abs(page - reference.page) > NEAR:
                    self.fault(owner, f"“{words}” on page {here} does not say that it leads to page {self.label(page)}")

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


# What the card of an experiment tells, in its order.
TOLD = ("compares", "data", "split", "network", "initialization", "loss", "optimizer")
TOLD += ("rate", "tuned", "batch", "steps", "seeds", "plotted")


def told(value):
    """Return what an experiment tells as words."""
    if isinstance(value, list):
        return ", ".join(told(item) for item in value)
    if isinstance(value, int) and abs(value) >= 10000:
        return fill("{{ value | thousands }}", {"value": value})
    return str(value)


def book_rows(book):
    """Return [(entry, its line of the collation)]."""
    rows = []
    for entry in book.entries:
        words = entry.text("title")
        if "reads" in entry.node:
            words += f" {book.words['correction']} {entry.text('reads')} {entry.text('reason')}"
        rows.append((entry, words))
    return rows


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


def _is_inside_a_word(words, at, line):
    """Say whether a line of print ended inside a word without a hyphen: only addresses may do that."""
    inside = words[at - 1 : at].isalnum() and words[at : at + 1].isalnum() and not line.endswith("-")
    return inside and not re.search(r"[/.@]", words[words.rfind(" ", 0, at) + 1 : at])


def _offsets(words):
    """Return where the events of a block stand in its words, markers not counted."""
    return [match.start() - number for number, match in enumerate(re.finditer(EVENT, words))]


def _common(words, printed):
    """Return how many letters two texts have in common at their beginning."""
    count = 0
    for one, other in zip(words, printed, strict=False):
        if one != other:
            break
        count += 1
    return count


def _quoted(words):
    """Return words in quotation marks, cut short, formulas as dots."""
    words = words.replace(FORMULA, " … ").replace(PICTURE, "").replace(EVENT, "").strip()
    return f"“{words if len(words) <= 70 else words[:67].rstrip() + '…'}”"
