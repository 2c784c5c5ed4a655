"""Tables with their captions: what is checked in them, and their HTML.

Place in the flow: declared as a block in `blocks`; `uses` checks the rows of every table.
"""

import re
from html import escape
from itertools import groupby

from markdown_it.rules_block.table import escapedSplit

from press.text.labels import anchor, label_of
from press.text.opened import caption_of, check_caption, check_name, check_plain_words

AS_LEFT = "<"  # in :above:, a column under the same head as the one left of it
# Widths in the font of tables, in em: a digit, a decimal sign.
DIGIT, POINT = 0.497, 0.249
GROUPED = 0.8  # of the width of a table, for the columns that have heads over them


def check_table(opened, problems):
    """Report what is wrong with a table as a whole; its rows are checked by `check_rows`."""
    check_name(opened, problems)
    rows = [(opened.body.after(index), line) for index, line in enumerate(opened.lines)]
    rows = [(place, line) for place, line in rows if line.lstrip().startswith("|")]
    check_caption(opened, opened.above("table_open"), problems) if rows else None
    if not any(token.type == "table_open" for token in opened.tokens):
        _tell_no_table(opened, rows, problems)
        return
    first = next(index for index, token in enumerate(opened.tokens) if token.type == "table_open")
    last = next(index for index, token in enumerate(opened.tokens) if token.type == "table_close")
    columns = len([token for token in opened.tokens[first:last] if token.type == "th_open"])
    if not any(token.type == "td_open" for token in opened.tokens):
        problems.add(opened.place(), "this table has no rows", "add them below the line |---|---|")
    if opened.tokens[last + 1 :]:
        problems.add(opened.place(), "something stands below the rows of this table", "put it behind the closing :::")
    align = opened.options.get("align", "")
    if "align" in opened.options and (set(align.split()) - {"l", "c", "r"} or len(align.split()) != columns):
        what = f":align: has {len(align.split())} letters, the table {columns} columns"
        problems.add(opened.place("align"), what, "write l, c or r for each column, with blanks")
    if "above" in opened.options:
        _check_above(opened, columns, problems)


def _check_above(opened, columns, problems):
    """Report heads over groups of columns that are not as many as there are columns, or over none."""
    above = _heads_above(opened)
    if len(above) != columns or above[0] == AS_LEFT:
        what = f":above: has {len(above)} cells, the table {columns} columns"
        how = "write | | 10 epochs | < | 40 epochs | < |: a cell a column, < where the head goes on"
        problems.add(opened.place("above"), what, how)
    for words in above:
        check_plain_words(opened, words.replace(AS_LEFT, ""), "the head", opened.place("above"), problems)


def _tell_no_table(opened, rows, problems):
    if len(rows) > 1 and not rows[1][1].strip(" |:-"):
        heads, columns = (len(cells(line)) for _, line in rows[:2])
        problems.add(
            rows[0][0], f"this table has {heads} heads and {columns} columns", "write as many as there are heads"
        )
    elif rows:
        problems.add(rows[0][0], "this table has no line |---|---| below its heads", "add it")
    else:
        problems.add(opened.place(), "this table has no table in it", "write rows | a | b |")


def cells(line):
    """Return the cells of a row, as Markdown parts it."""
    parts = escapedSplit(line.strip())
    return parts[not parts[0].strip() : len(parts) - (len(parts) > 1 and not parts[-1].strip())]


def check_rows(lines, place, problems):
    r"""Report rows of a table (head, line of dashes, rows) that have more or fewer cells than the head."""
    heads = len(cells(lines[0]))
    for index, line in enumerate(lines):
        here = place.after(index)
        if r"\|" in line:  # Markdown takes the backslash for its own and leaves a single bar
            problems.add(here, r"\| in a table loses its backslash", r"write \Vert, or \vert for one bar")
        elif len(cells(line)) != heads:
            how = r"part cells by |; write \vert for a bar in a formula" if "$" in line else "part cells by |"
            problems.add(here, f"this row has {len(cells(line))} cells, the head {heads}", how)


def table(opened, context, entry, render):
    """Return a table with its caption as HTML."""
    label = label_of("table", opened.argument)
    numbered = context.texts.numbered.get(label)
    above = opened.above("table_open")
    if numbered is None:  # reported as a fault already
        return ""
    caption = caption_of(context, above, numbered, render)
    rows = _aligned(opened.tokens[len(above) :], opened.options.get("align", ""))
    _set_on_the_point(rows, context.words.numerals.decimal)
    inner, heads = render(rows), _heads_above(opened)
    start = f'<table id="{anchor(label)}"><caption>{caption}</caption>'
    inner = inner.replace("<table>", start, 1)
    if heads:
        inner = inner.replace("<thead>", f"{_columns(heads)}<thead>\n{_grouped(heads)}", 1)
    width, kind = opened.options.get("width", "column"), " grouped" if heads else ""
    return f'<div class="table-block {width}{kind}">{inner}</div>\n'


def _heads_above(opened):
    """Return the heads over groups of columns, a word a column; none where there are no groups."""
    return [words.strip() for words in cells(opened.options["above"])] if "above" in opened.options else []


def _columns(above):
    """Return the columns below heads over groups, of one width as far as their words let them be."""
    grouped = [bool(words) for words in above]
    width = GROUPED / sum(grouped)
    return "".join(f'<col style="width: {width:.1%}">' if is_grouped else "<col>" for is_grouped in grouped) + "\n"


def _grouped(above):
    """Return the row of heads over groups of columns, each with a rule under it."""
    groups: list[list[str]] = []
    for words in above:
        groups[-1].append(words) if words == AS_LEFT else groups.append([words])
    row = "".join(
        f'<th scope="col" colspan="{len(group)}">'
        + (f'<span class="spanner">{escape(group[0])}</span></th>' if group[0] else "</th>")
        for group in groups
    )
    return f"<tr>{row}</tr>"


def _set_on_the_point(tokens, decimal):
    """Give numbers in columns set to the right as much space after them as others have digits after the point."""
    number = re.compile(rf"[-\u2212]?\d+(?:[^\d{re.escape(decimal)}]\d{{3}})*(?P<rest>{re.escape(decimal)}\d+)?")
    columns, column = [], 0
    for index, token in enumerate(tokens):
        if token.type == "tr_open":
            column = 0
        elif token.type in ("td_open", "th_open"):
            if token.attrs.get("class") == "right" and (told := number.fullmatch(tokens[index + 1].content.strip())):
                columns.append((column, token, len(told["rest"] or "")))
            column += 1
    for _, cells_of in groupby(sorted(columns, key=lambda cell: cell[0]), key=lambda cell: cell[0]):
        held = list(cells_of)
        most = max(length for _, _, length in held)
        for _, token, length in held:
            if length < most:
                after = (most - length) * DIGIT if length else (most - 1) * DIGIT + POINT
                token.attrs["style"] = f"--after: {after:.3f}em"


def _aligned(tokens, align):
    """Set each cell's column alignment (l, c, r).

    Where the first head is empty, the first cells head their rows.
    """
    names = {"l": "left", "c": "center", "r": "right"}
    columns, column = align.split(), 0
    corner = next((index for index, token in enumerate(tokens) if token.type == "th_open"), None)
    heads_rows = corner is not None and not tokens[corner + 1].content.strip()
    for token in tokens:
        if token.type == "tr_open":
            column = 0
        elif token.type in ("td_open", "th_open"):
            token.attrs = {"class": names.get(columns[column] if column < len(columns) else "l", "left")}
            if token.type == "th_open":
                token.attrs["scope"] = "col"
            elif heads_rows and column == 0:
                token.tag, token.attrs["scope"] = "th", "row"
            column += 1
        elif token.type == "td_close" and heads_rows and column == 1:
            token.tag = "th"
    return tokens
