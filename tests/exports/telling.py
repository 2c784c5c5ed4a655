"""The book told once, for every export: front matter, answers, what stands behind them, works and glossary.

`tests/bench.py` measures what other programs take for the same text. An export is a module beside this one
with the forms of its language (`emph`, `table`, `formula`, ...); what is told, and in which order, is said
here. Lists that are made of pages (index, list of figures, collation) are left out, as are cards and formula
sheets; what an export carries is checked by `carrying`.
"""

import re
from html import unescape
from typing import NamedTuple

from markdown_it.tree import SyntaxTreeNode

from press.content.parts import anchor_of, problem_number
from press.documents.parts import experiments_of
from press.pictures.told import told
from press.pipeline import CACHE, TEMPLATES, notation_of
from press.text.blocks import BLOCKS
from press.text.labels import anchor, label_of


class Telling(NamedTuple):
    """A book in the forms of a language."""

    context: object
    forms: object
    written: dict  # {(latex, is_display): the formula in the language}
    sources: dict  # {(latex, is_display): its Typst, as the press has it set}

    def whole(self):
        """Return the whole book."""
        book, forms = self.context.book, self.forms
        parts = [self.front(), *map(self.entry, book.entries), *map(self.passage, book.parts.passages)]
        parts += [self.answers(entry) for entry in book.entries] + [self.works(), self.glossary()]
        title = [book.meta.title, book.meta.subtitle, book.meta.author, book.meta.audience]
        return forms.document([forms.words(line) for line in title if line], "".join(parts), TEMPLATES / "fonts")

    def front(self):
        """Return what stands before the first answer."""
        context, forms, rows = self.context, self.forms, []
        for number, group in enumerate(context.book.notation):
            rows.append([forms.words(group.group), ""])
            for index, row in enumerate(group.rows):
                rows.append([self.written[row.symbol, False], self.line(None, "notation", number, index)])
        text = self.field(None, "study") + self.field(None, "colophon")
        return text + (forms.table(forms.words(context.words.notation), "notation", rows) if rows else "")

    def entry(self, entry):
        """Return a section's head, or a question with its answer."""
        forms, node, words = self.forms, entry.node, self.context.words
        text = forms.heading(entry.level, entry.id, forms.words(f"{node.number} {node.title}"))
        if node.reads:
            text += forms.paragraph(forms.words(f"{words.reads} {node.reads}"))
        if node.key:
            text += forms.paragraph(forms.strong(self.line(entry, "key")))
        text += self.field(entry, "opener") + self.field(entry, "answer")
        if node.watch_out:
            text += forms.note(forms.words(words.watch_out), self.field(entry, "watch_out"))
        asks = [self.field(entry, "check", index, "ask") for index in range(len(node.check))]
        return text + (forms.note(forms.words(words.check), "".join(asks)) if asks else "")

    def passage(self, passage):
        """Return what goes further on a question with its problems, a tool, the experiments."""
        forms, context = self.forms, self.context
        if passage.key == "experiments":
            return self.field(passage, "text") + self.experiments(passage)
        named = {f"{name}": name for name in context.entries}
        title = getattr(passage.node, "title", None) or context.entries[named[passage.number]].wording
        number = context.words.numbered("tool", passage.number) if passage.key.startswith("tool:") else passage.number
        text = forms.heading(2, passage.id, forms.words(f"{number} {title}")) + self.field(passage, "text")
        for index in range(len(getattr(passage.node, "problems", ()))):
            number = problem_number(passage, index)
            text += forms.heading(3, anchor_of(f"problem:{number}"), forms.words(number))
            text += self.field(passage, "problems", index, "ask")
        return text

    def experiments(self, passage):
        """Return the cards of the experiments."""
        forms, text = self.forms, ""
        for card in experiments_of(self.context, passage)["cards"]:
            head = f"{self.context.words.numbered('experiment', card['number'])} {card['title']}"
            rows = [[forms.words(label), forms.words(words)] for label, words in card["rows"]]
            text += forms.table(forms.words(head), card["id"], rows)
        return text

    def answers(self, entry):
        """Return the answers to an entry's self-tests and the solutions of its problems."""
        forms, context = self.forms, self.context
        further = next((each for each in context.book.parts.further if each.number == entry.number), None)
        problems = range(len(further.node.problems) if further else 0)
        if not (entry.node.check or problems):
            return ""
        text = forms.heading(2, f"answers-{entry.id}", forms.words(f"{entry.number} {entry.wording}"))
        text += "".join(self.field(entry, "check", index, "answer") for index in range(len(entry.node.check)))
        for index in problems:
            text += forms.paragraph(forms.words(problem_number(further, index)))
            text += self.field(further, "problems", index, "solution")
        return text

    def works(self):
        """Return the list of works."""
        forms = self.forms
        text = ""
        for work in sorted(self.context.works.values()):
            words = unescape(re.sub(r"<[^>]*>", "", str(work.html)))
            text += forms.paragraph(forms.named(f"ref-{work.number}") + forms.words(f"[{work.number}] {words}"))
        return text

    def glossary(self):
        """Return the terms with what they mean."""
        return "".join(
            self.forms.paragraph(
                f"{self.forms.strong(self.forms.words(term.term))} {self.line(entry, 'terms', index, 'text')}"
            )
            for term, entry, index in (*self.context.book.terms, *self.context.book.parts.terms)
            if self.context.texts.tokens(entry, ("terms", index, "text"))
        )

    def field(self, owner, *path):
        """Return a field as blocks."""
        return self.inside(SyntaxTreeNode(self.context.texts.tokens(owner, path)))

    def line(self, owner, *path):
        """Return a field that is one paragraph, as words in a line."""
        tokens = [token for token in self.context.texts.tokens(owner, path) if token.type == "inline"]
        return self.inside(SyntaxTreeNode(tokens))

    def inside(self, node):
        """Return what a node of the parsed Markdown holds."""
        return "".join(map(self.node, node.children))

    def node(self, node):
        """Return a node of the parsed Markdown; of a kind that is not known KeyError."""
        forms = self.forms
        match node.type:
            case "text" | "code_inline" | "fence" | "myst_role":
                form = {"code_inline": forms.code, "fence": forms.listing}.get(node.type, forms.words)
                return form(node.content)
            case "softbreak" | "hardbreak":
                return " "
            case "inline":
                return self.inside(node)
            case "em" | "strong" | "paragraph":
                return getattr(forms, {"em": "emph"}.get(node.type, node.type))(self.inside(node))
            case "math_inline":
                return self.written[node.content.strip(), False]
            case "math_block" | "math_block_label":
                label = node.info if node.type == "math_block_label" else ""
                number = self.context.texts.numbered[label].number if label else ""
                return forms.equation(self.written[node.content.strip(), True], anchor(label) if label else "", number)
            case "citation":
                return self.citation(node.meta["works"])
            case "link":
                return self.link(node)
            case "bullet_list" | "ordered_list":
                return forms.items([self.inside(item) for item in node.children], node.type == "ordered_list")
            case "table":
                return forms.table("", "", self.rows(node))
            case "block":
                return self.block(node.meta["block"])
        raise KeyError(node.type)

    def rows(self, node):
        """Return the rows of a table."""
        lines = [row for part in node.children for row in part.children]
        return [[self.inside(cell) for cell in row.children] for row in lines]

    def citation(self, cited):
        """Return the numbers of works in brackets."""
        numbers = [(self.context.works[key].number, locator) for key, locator in cited]
        shown = [
            self.forms.leads(f"{number}", f"ref-{number}", is_paged=False)
            + (self.forms.words(f", {locator}") if locator else "")
            for number, locator in numbers
        ]
        joint = "; " if any(locator for _, locator in cited) else ", "
        return self.forms.words("[") + joint.join(shown) + self.forms.words("]")

    def link(self, node):
        """Return an address, or a reference with its page."""
        context, target, shown = self.context, node.attrs["href"], self.inside(node)
        if target.startswith("http"):
            return shown
        words, name = target, ""
        if target in context.entries:
            name = context.entries[target].id
        elif target in context.targets:
            name, kind, number = context.targets[target]
            words = context.words.numbered(kind, number) if number else context.words.further
        else:
            numbered = context.texts.numbered[target]
            words, name = context.words.numbered(numbered.kind, numbered.number), anchor(target)
        return self.forms.leads(shown or self.forms.words(words), name, is_paged=True)

    def block(self, opened):
        """Return what stands between ::: lines."""
        forms, context, argument = self.forms, self.context, opened.argument
        inner = SyntaxTreeNode(opened.tokens)
        kind = BLOCKS[opened.name].counted_as
        if not kind:
            if opened.name == "note":
                return forms.note(forms.words(argument), self.inside(inner))
            head = forms.paragraph(forms.words(f"{context.words.example} {argument}"))
            return head + self.inside(inner) if opened.name == "example" else ""
        label = label_of(kind, argument)
        numbered = context.texts.numbered[label]
        caption = forms.words(f"{context.words.numbered(numbered.kind, numbered.number)} ")
        caption += self.inside(inner.children[0])
        if kind == "table":
            return "".join(forms.table(caption, anchor(label), self.rows(node)) for node in inner.children[1:])
        figure = context.drawings.figures[argument]
        if opened.name == "picture":
            by = [opened.options[name].rstrip(".") for name in ("by", "from", "license") if name in opened.options]
            caption += forms.words(f" {context.words.picture}: {', '.join(by)}.")
        return forms.figure(figure.file, figure.page.width, opened.options["alt"], caption, anchor(label))


def telling(context, forms):
    """Return the Telling of a book; what is not set by the press is not exported."""
    wanted = list(context.texts.formulas)
    known = told(wanted, TEMPLATES / "fonts", CACHE / "formulas", notation_of(context.book))
    written = {key: forms.formula(key, known[key].source, context.typeset.formulas.get(key)) for key in wanted}
    return Telling(context, forms, written, {key: known[key].source for key in wanted})
