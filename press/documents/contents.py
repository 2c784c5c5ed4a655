"""The contents page: which entries stand in which column of which page.

Place in the flow: under `body`.
"""

# So many lines the first column of the contents may be longer than half, to end with a section.
NEAR = 4

# Lines of the contents that a page has room for in each of its two columns.
CONTENTS_LINES = 46


def lead(context):
    """Return what stands above the contents, "" where there is nothing to say."""
    if context.book.part("source") is None:
        return ""
    is_corrected = any(entry.node.reads for entry in context.book.entries)
    return " ".join([context.words.contents_lead, *([context.words.contents_dagger] if is_corrected else [])])


def pages(entries):
    """Return the entries of the contents page by page, each page as its two columns."""
    found: list = [[]]
    room = 2 * CONTENTS_LINES
    for entry in entries:
        taken = lines_of(entry)
        if taken > room:
            found.append([])
            room = 2 * CONTENTS_LINES
        found[-1].append(entry)
        room -= taken
    halves = [column_break(page) for page in found]
    return [(page[:half], page[half:]) for page, half in zip(found, halves, strict=True)]


def lines_of(entry):
    """Return how many lines an entry takes in the contents, estimated at 52 characters a line."""
    return 1 + len(entry.node.title) // 52


def column_break(entries):
    """Return the index of the entry that heads the second column of the contents.

    Both columns come out about as long; CSS columns would balance them at twenty times the cost. Where a
    section begins nearby, the column begins with it.
    """
    lines = [lines_of(entry) for entry in entries]
    done = [sum(lines[:index]) for index in range(len(lines) + 1)]
    middle = min(range(1, len(lines) + 1), key=lambda index: abs(done[index] - done[-1] / 2))
    near = [
        index
        for index, entry in enumerate(entries)
        if index and entry.level == 1 and 0 <= done[index] - done[middle] <= NEAR
    ]
    return near[0] if near else middle
