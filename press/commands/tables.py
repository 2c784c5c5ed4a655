"""What the commands tell, as tables and sentences.

Place in the flow: at the end of each command.
"""

import typer
from rich.table import Table

from ..proof import agreement, findings, printed
from .line import console


def summary(made, run):
    """Print what was made: the short table at the end of a build."""
    table = Table(show_header=False, title=f"{made.title}{', draft' if made.draft else ''}", title_justify="left")
    table.add_row("pages", f"{made.pages}")
    table.add_row("entries on their page", agreement.summary(made.rows))
    table.add_row("print beside the tree", printed.summary(made.compared))
    table.add_row("answers written", f"{made.written} of {made.answers}")
    table.add_row("figures", f"{made.drawn} drawn, {made.cached} from the cache")
    table.add_row("formulas", f"{made.formulas}")
    table.add_row("seconds", "  ".join(f"{name} {seconds:.1f}" for name, seconds in run.seconds.items()))
    console.print(table, soft_wrap=False)
    for path in made.paths:
        console.print(f"wrote {path} ({path.stat().st_size / 1e6:.2f} MB)")


def faults(sentences):
    """Print what is wrong, a sentence a line, also where nothing else is to be told."""
    for sentence in sentences:
        typer.echo(sentence)


def check(told, pdf, source_file):
    """Print the table of entries, then every fault in a sentence."""
    console.print(f"{pdf} beside {source_file}, entry by entry, four ways:")
    console.print(agreement.table(told.entries.rows), soft_wrap=False)
    console.print(told.sentence)
    faults(f"✗ {fault}" for fault in told.faults)


def fit(spans, laid_out):
    """Print the table of spans."""
    table = Table("pages", "entries", "lines", "of", "fill", "remark")
    for span in spans:
        remarks = [f"{number} lands on {folio}: cut {lines} lines before it" for number, folio, lines in span.late[:1]]
        if span.over and not span.late:
            remarks.append(f"runs over by {span.over:.0f} lines, charged to the next span")
        elif not span.written:
            remarks.append("not all written")
        elif span.last and span.fill < 0.75:
            remarks.append(f"room for {span.there - span.used:.0f} lines, aim for 75-100 %")
        table.add_row(
            span.pages,
            ", ".join(span.numbers),
            f"{span.long:.0f}",
            f"{span.there:.0f}",
            f"{span.long / max(span.there, 1) if span.late else span.fill:.0%}",
            "; ".join(remarks),
        )
    console.print(table, soft_wrap=False)
    for folio, needed, available in laid_out.crowded:
        console.print(
            f"margin of page {folio}: {needed:.0f} pt of notes do not fit into {available:.0f} pt beside wide blocks"
        )


def page(shown):
    """Print the fill of a span, and how much of each page's margin is free."""
    for span in shown.spans:
        late = "".join(f"; {number} lands on {folio}: cut {lines} lines" for number, folio, lines in span.late)
        over = f"; runs over by {span.over:.0f} lines" if span.over else ""
        console.print(
            f"pages {span.pages} ({', '.join(span.numbers)}): {span.long:.0f} of {span.there:.0f} lines, "
            f"{span.fill:.0%}{over}{late}",
        )
    free = ", ".join(f"{1 - taken:.0%} on {folio}" for folio, taken in shown.margins)
    console.print(f"margin free: {free}")
    for crowded in shown.crowded:
        console.print(f"margin of page {crowded.folio}: the notes do not fit")


def proof(result):
    """Print what the proof looked at, and what it found."""
    looked = Table(show_header=False, title="looked at", title_justify="left")
    for what, count in result.looked.items():
        looked.add_row(what, f"{count}")
    console.print(looked, soft_wrap=False)
    for note in result.notes:
        console.print(note)
    count = len(result.findings)
    console.print(f"{count or 'no'} finding{'' if count == 1 else 's'}{':' if count else ''}")
    faults(findings.sentence(finding) for finding in result.findings)
