"""Proof of accessibility: PDF/UA-1 by an independent judge, and what no validator can know.

Place in the flow: called by `proof` with finished PDFs. `outloud` judges every file by all its
rules; the rest asserts what this book promises: formulas in words, figures described, headings
without gaps, heads of tables with their scope, and an order of reading that is that of the page.
"""

import re

from press.pdf.tags import children
from press.proof.findings import Finding
from press.proof.rules import FinishedFile, rule

FOOT, LINE, NOTE_GAP = 30 * 72 / 25.4 + 50 * 13.6, 13.6, 9.0  # points
WORDS_ONLY = re.compile(r"[A-Za-z0-9 ,.-]+")
PRINT_FLAG = 4
RUNNING_HEADS = "PAG-001"  # a rule of the judge, which does not look at digits
OF_PROBLEMS = re.compile(r"[\d.]+-P\d+|.*, p\.\s\d+")  # a problem's number; a head that leads to a page
HEADING = re.compile(r"H([1-6])")
BLOCKS = {"P", "H1", "H2", "H3", "Caption", "Table", "L", "Figure"}
BACKWARD = 6.0  # points by which the next piece of text may begin higher: an index, a tall letter
LETTERS_COMPARED = 12


@rule
def judged(file: FinishedFile):
    """Find what the independent judge of PDF/UA-1 finds; of the same content on another paper it says the same."""
    if file.is_repeated:
        return []
    findings, note = judge(file.path, file.name)
    if not file.is_first:
        # It measures from the corner of the first paper, of which the others are windows.
        findings = [finding for finding in findings if RUNNING_HEADS not in finding.what]
    file.whole.notes += [note] if note and note not in file.whole.notes else []
    return findings


@rule
def tags(file: FinishedFile):
    """Find faults of the structure tree; the same tree on another paper has the same."""
    if file.is_repeated:
        return []
    file.whole.looked["tags"] += len(file.tags)
    return proof_tags(file.pdf, file.tags, file.at_element)


@rule
def order(file: FinishedFile):
    """Find what is read in another order than it stands on the page, in the book's first file."""
    if file.is_book and file.is_first:
        notes = {page.number: [note_box(note) for note in page.besides if note.is_note] for page in file.whole.body}
        yield from proof_order(file.tags, file.printed.runs, notes, file.whole.finding)


@rule
def answers(file: FinishedFile):
    """Find answer sentences that are not read right after their question, in the book's first file."""
    if file.is_book and file.is_first:
        context = file.whole.context
        begins = [(e.number, _beginning(context, e)) for e in context.book.entries if e.is_answer and e.node.key]
        finding = lambda rule, what, number: Finding(rule, "", "tags", number, what)  # noqa: E731
        yield from proof_answers(file.printed, begins, finding)


def note_box(note):
    """Return the rectangle of a note: left, top, right, bottom."""
    return note.left, note.top, note.right, note.bottom


def _beginning(context, entry):
    """Return the words with which an answer sentence begins, up to its first formula or link."""
    inline = next(token for token in context.texts.tokens(entry, ("key",)) if token.type == "inline")
    words = ""
    for token in inline.children:
        if token.type in ("math_inline", "link_open"):
            break
        words += token.content
    return words


def judge(path, name):
    """Return (Findings, note) of outloud's rules for a file; the note says where it is missing."""
    try:
        import outloud
    except ImportError:
        return [], "outloud is not installed (pip install -e '.[test]'): PDF/UA-1 was not judged"
    result = outloud.check(str(path))
    if result.error:
        return [Finding("outloud", name, "", "", result.error)], ""
    return [
        Finding(
            "outloud",
            f"{name} page {found.page}" if found.page else name,
            "",
            "",
            f"{found.severity} {found.rule}: {found.message}",
        )
        for found in result.sorted_findings()
        if found.severity != "info" and not opens_pages(found)
    ], ""


def opens_pages(found):
    """Say whether the judge takes numbers and heads of problems that open pages, each another, for one running head."""
    lines = (getattr(found, "evidence", None) or "").split("; ")
    return found.rule == RUNNING_HEADS and all(OF_PROBLEMS.fullmatch(line) for line in lines)


def proof_tags(pdf, tree, finding):
    """Find faults of single elements: `finding` takes a rule, what is wrong, and an element."""
    level = 0
    headed = {around.objgen for element in tree if element.kind == "TH" for around in element.parents}
    for element in tree:
        kind, alt = element.kind, element.alt or ""
        heading = HEADING.fullmatch(kind)
        if kind == "Formula" and not WORDS_ONLY.fullmatch(alt):
            yield finding("alt", f"a formula is spoken as {alt!r}: words only are wanted", element)
        elif kind == "Figure" and not alt.strip():
            yield finding("alt", "a figure has no alternative text", element)
        elif kind == "TH" and element.scope != _scope(element):
            yield finding("scope", f"a head of a table has not the scope {_scope(element)}", element)
        elif kind == "Table" and element.item.objgen not in headed:
            yield finding("scope", "a table has no heads", element)
        elif heading:
            if int(heading[1]) > level + 1:
                yield finding(
                    "heading",
                    f"H{heading[1]} follows H{level}" if level else f"the first heading is H{heading[1]}",
                    element,
                )
            level = int(heading[1])
    for index, page in enumerate(pdf.pages):
        for item in page.obj.get("/Annots", []):
            if item.get("/Subtype") == "/Link" and not int(item.get("/F", 0)) & PRINT_FLAG:
                yield finding("link", f"a link on page {index + 1} has no Print flag", None)
            if item.get("/Subtype") == "/Link" and str(item.get("/Dest", "")) == str(item.get("/Contents", "-")):
                yield finding("link", f"a link on page {index + 1} is described by the name {item.Dest}", None)


def _scope(cell):
    """Return the scope that a head should have: it heads its row where other cells are no heads."""
    return "Column" if all(str(kid.S) == "/TH" for kid in children(cell.parents[-1])) else "Row"


def proof_order(tree, runs, notes, finding):
    """Find text that is read in another order than it stands on the pages of the answers.

    `runs` are textruns.Runs, `notes` {page index: rectangles of the margin notes, y downward, in
    points}, for the pages of the answers only. Read in the order of tags, the text of the column
    runs down the page; each note is read in one piece, after a paragraph of its page that does not
    stand below it. `finding` takes a rule, what is wrong, a page index and a height.
    """
    where = {}
    for run in runs:
        if run.mark is not None:
            where.setdefault((run.page, run.mark), run)
    before, block, lowest, seen, open_note, pictured = None, None, {}, set(), None, False
    for element in tree:
        pictured = pictured or element.kind == "Figure"
        for mark in element.marks:
            run = where.get(mark)
            if run is None or run.page not in notes:
                continue
            note = _note_at(run, notes[run.page])
            if note is None:
                around = [item for item in (*element.parents, element.item) if str(item.S)[1:] in BLOCKS]
                in_table = any(str(item.S) == "/Table" for item in around)
                if not in_table and run.y < lowest.get(run.page, 0) - BACKWARD:
                    yield finding("order", f"{run.text[:30]!r} is read after what stands below it", run.page, run.y)
                lowest[run.page] = max(lowest.get(run.page, 0), run.y)
                if not around or around[0].objgen != block:
                    # A caption begins below its picture, which has no text of its own.
                    before, block = None if pictured else run, around[0].objgen if around else None
                open_note, pictured = None, False
                continue
            if (run.page, note) != open_note:
                what = _out_of_place(run.page, note, before, notes[run.page], seen)
                if what:
                    yield finding("order", what, run.page, run.y)
            open_note = run.page, note
            seen.add(open_note)


def _note_at(run, rectangles):
    """Return the number of the note that a run stands in, or None."""
    return next(
        (
            number
            for number, (left, top, right, bottom) in enumerate(rectangles)
            if left - 2 <= run.x <= right and top - 2 <= run.y <= bottom + 2
        ),
        None,
    )


def _out_of_place(page, note, before, rectangles, seen):
    """Return what is wrong with a note's being read here; `before` begins the paragraph before."""
    if (page, note) in seen:
        return "a note is read in two pieces"
    if before is not None and before.page != page:
        # A paragraph may go on from the page before.
        return "" if before.page == page - 1 else "a note is read after a paragraph of another page"
    if before is None or before.y - before.size < rectangles[note][3]:
        return ""
    floor = FOOT
    for _, top, _, bottom in sorted(rectangles, key=lambda box: -box[1]):
        if bottom < floor - LINE:
            break
        if top == rectangles[note][1]:  # lifted, because there is no room below
            return ""
        floor = top - NOTE_GAP
    return "a note is read after a paragraph that stands below it"


def proof_answers(printed, entries, finding):
    """Find answers that are not read as question, then answer sentence.

    `entries` are (number, key); `key` is the plain text with which the answer sentence begins.
    """
    blocks = []
    for tag in printed.tags:
        if HEADING.fullmatch(tag.type) or tag.type == "P":
            blocks.append([tag.type, ""])
        if blocks:
            blocks[-1][1] += " " + tag.text.replace("\n", " ")
    for number, key in entries:
        wanted = _letters(key)[:LETTERS_COMPARED]
        after = None
        for position, (kind, text) in enumerate(blocks):
            if HEADING.fullmatch(kind) and text.split()[:1] == [number]:
                after = [block for block in blocks[position + 1 : position + 3] if block[0] == "P"]
                if any(_letters(text).startswith(wanted) for _, text in after):
                    break
        else:
            what = (
                "the answer sentence is not read right after the question"
                if after is not None
                else "its heading is not among the tags"
            )
            yield finding("order", what, number)


def _letters(text):
    return re.sub(r"[^a-z]", "", text.lower())
