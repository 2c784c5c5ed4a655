"""What the raw fields of a file of the tree have and the HTML has not.

`losses` asks it of each mutant. What is wanted comes from the raw files twice: by the press's own second reading
(`press.proof.wanted`), and by a reading of this file's own, which knows little and so overlooks nothing.
"""

import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from types import SimpleNamespace

import slips
from standins import WORDS, Formulas, Keys, Places

from press.content.parts import Parts
from press.content.tree import load
from press.content.works import read_references
from press.documents import back, body, parts
from press.documents.body import environment
from press.pictures.latex import to_typst
from press.problems import Problems
from press.proof import wanted as second
from press.proof.rawnumbers import BEGIN, END
from press.proof.rawtree import plain_latex, read_bibtex, read_yaml
from press.proof.rawwords import plain
from press.proof.rawworks import parts_of_work, squeezed
from press.text import html
from press.text.resolve import resolve, term_forms
from press.text.uses import read_texts

TEMPLATES = slips.BOOK.parent / "templates"
WORD = re.compile(r"[A-Za-z\u00c0-\u024f]{2,}|\d+")
FORMULA = re.compile(r"\$\$(.+?)\$\$(?: *\([^)]*\))?|(?<!\\)\$(.+?)(?<!\\)\$", re.DOTALL)
UNPRINTED = re.compile(
    r"\[@[^\]]*\]|\]\([^)]*\)|^ *:{3,} *\{(?:figure|table|place)\}.*$|\{(?:note|example|ix)\}|<https?:[^>]*>"
    r"|^ *:(?:width|align|title):.*$|^ *:(?:alt|above):|^ *(?:```.*$|\d+[.)] )",
    re.MULTILINE,
)
TAG = re.compile(r'<[^>]*?alt="([^"]*)"[^>]*>|<[^>]+>')
SHOWN = re.compile(r'src="vector:formula-(\d+)"')
# Fields printed as they are written: of an entry, and how often (contents, heading, collation); of the book.
PLAIN = {"title": 3, "reads": 2, "reason": 1}
OF_BOOK = ("title", "subtitle", "audience", "author", "edition", "subject")
# Fields that a work's line in the list of references has as they stand, beside those of `parts_of_work`.
OF_WORK = ("subtitle", "note", "chapter")


def read(whole, folder, kind, path):
    """Read a tree with one changed file as far as HTML; return what is lost. BookError where it is told."""
    problems = Problems()
    book = load(folder, problems)
    problems.stop_if_any()
    if kind == "references":
        works = read_references(folder / path, whole.texts.citations, WORDS, problems)
        problems.stop_if_any()
        return list(lost_of_works(works, read_bibtex(folder / path)))
    own = own_of(book, (folder / path).resolve())
    texts = read_texts(own, whole.numbers, WORDS, problems)
    numbered = dict(texts.numbered)
    problems.stop_if_any()
    check_formulas(texts, whole.texts, problems)
    resolve(book, together(whole.texts, texts, own, problems), whole.drawings, {}, problems)
    problems.stop_if_any()
    raw = raw_of(whole, read_yaml(folder / path), kind, own)
    formulas = Formulas()
    context = html.Context(
        book,
        texts,
        SimpleNamespace(formulas=formulas),
        whole.drawings,
        Keys(work=SimpleNamespace(number=1, short="", html="")),
        term_forms(book),
        WORDS,
    )
    gone = []
    for what, owner, path, text in fields(raw, own, kind):
        shown = html.to_html(context, owner, path)
        gone += [f"{what}: {each}" for each in lost_of_field(raw.wanted(text, what), text.text, shown, formulas)]
    alone = replace(context, book=shortened(book, own), texts=replace(texts, numbered=numbered))
    with templates_of(whole):
        document = composed(alone, kind)
    for words, times in plain_words(raw, kind):
        if document.count(plain(words)) < times:
            gone.append(f"{words}: less than {times} times")
    return gone


def check_formulas(texts, known, problems):
    """Report formulas that cannot be set, as `set_formulas` does, without setting them."""
    for (latex, display), places in texts.formulas.items():
        if (latex, display) not in known.formulas:
            for what, how in to_typst(latex, display)[1]:
                problems.add(places[0], f"formula ${latex}$: {what}", how)


def own_of(book, file):
    """Return a book of what stands in one file alone."""
    passages = [passage for passage in book.parts.passages if passage.file == file]
    terms = [row for row in book.terms if row[1].file == file]
    is_notation = file == (book.folder / book.meta.notation).resolve()
    return replace(
        book,
        entries=[entry for entry in book.entries if entry.file == file],
        terms=terms,
        notation=book.notation if is_notation else [],
        parts=Parts(
            [passage for passage in passages if passage.key.startswith("further:")],
            [passage for passage in passages if passage.key.startswith("tool:")],
            next((passage for passage in passages if passage.key == "experiments"), None),
            [row for row in book.parts.terms if row[1].file == file],
        ),
    )


def together(before, texts, own, problems):
    """Put what was read of one file among what the other files have; return the Texts of the whole book."""
    keys = {item.key for item in (*own.entries, *own.parts.passages)}
    merged = replace(texts, numbered=dict(texts.numbered))
    for name in ("references", "citations", "bold", "indexed"):
        others = [use for use in getattr(before, name) if use.entry and use.entry.key not in keys]
        setattr(merged, name, [*getattr(texts, name), *others])
    for label, item in before.numbered.items():
        if item.entry.key not in keys:
            if label in texts.numbered:
                problems.add(texts.numbered[label].place, f"{label} stands in the book twice", "give it another name")
            merged.numbered[label] = item
    texts.numbered = merged.numbered
    return merged


def raw_of(whole, node, kind, own):
    """Return the second reading's book with one file read anew."""
    raw = replace(whole.raw, labels={}, pieces=dict(whole.raw.pieces))
    if kind == "section":
        number = node["number"].text
        mine = [second.RawEntry(number, number, 1, node)]
        mine += [second.RawEntry(each["number"].text, number, 2, each) for each in node.get("questions", [])]
        raw.entries = [
            entry
            for old in raw.entries
            for entry in (mine if old.section == number and old.level == 1 else [old] * (old.section != number))
        ]
    elif kind in ("further", "toolbox", "experiments"):
        passages = own.parts.passages
        nodes = {"further": node.get("questions"), "toolbox": node.get("tools"), "experiments": [node]}[kind]
        by_key = {key_of(kind, each): each for each in nodes}
        mine = [
            second.RawPassage(each.key, each.section, by_key[each.key], name_of(raw, kind, each)) for each in passages
        ]
        raw.passages = [*mine, *(old for old in raw.passages if old.section != passages[0].section)]
    elif kind == "book":
        raw.meta = node
    else:
        raw.notation = node
    raw.node = node
    second._number(raw)
    return raw


def key_of(kind, node):
    """Return the key of a passage from its raw node."""
    return {
        "further": lambda: f"further:{node['number'].text}",
        "toolbox": lambda: f"tool:{node['id'].text}",
        "experiments": lambda: "experiments",
    }[kind]()


def name_of(raw, kind, passage):
    """Return the printed name of a passage."""
    return {"further": passage.number, "toolbox": f"{raw.words['tool']} {passage.number}", "experiments": ""}[kind]


def fields(raw, own, kind):
    """Yield (what, owner, path, raw text) of each field with Markdown."""
    if kind == "book":
        there = (name for name in ("study", "colophon", "collation") if name in raw.meta)
        yield from ((name, None, (name,), raw.meta[name]) for name in there)
    elif kind == "notation":
        for number, group in enumerate(raw.notation):
            for index, (_, meaning) in enumerate(group["rows"]):
                yield f"notation {number}", None, ("notation", number, index), meaning
            for index, letter in enumerate(group.get("letters", [])):
                yield f"letters {number}", None, ("letters", number, index), letter
    else:
        nodes = {entry.number: entry.node for entry in raw.entries}
        nodes |= {passage.key: passage.node for passage in raw.passages}
        for owner in (*own.entries, *own.parts.passages):
            for path, _ in owner.fields():
                if path[-1] != "tex":
                    yield f"{owner.key} {path}", owner, path, followed(nodes[owner.key], path)
        for _, owner, index in own.terms:
            path = ("terms", index, "text")
            yield f"{owner.key} {path}", owner, path, followed(raw.node, path)


def followed(node, path):
    """Return what stands at a path of keys and indexes."""
    for step in path:
        node = node[step]
    return node


def plain_words(raw, kind):
    """Yield (words that the file wants printed as they stand, how often at least)."""
    node = raw.node
    if kind == "book":
        yield from ((node[name].text, 1) for name in OF_BOOK if name in node)
        yield from ((text.text, 1) for text in (*node.get("headings", {}).values(), *node.get("keywords", [])))
    elif kind == "notation":
        yield from ((group["group"].text, 1) for group in node)
    elif kind == "section":
        for each in (node, *node.get("questions", [])):
            yield from ((each[name].text, times) for name, times in PLAIN.items() if name in each)
    elif kind == "toolbox":
        yield from ((tool["title"].text, 1) for tool in node["tools"])
    for term in node.get("terms", []) if isinstance(node, dict) else ():
        yield term["term"].text, 2  # glossary and index


def shortened(book, own):
    """Return a book of one file's parts and the entries that they belong to."""
    numbers = {passage.number for passage in own.parts.further}
    entries = own.entries or [entry for entry in book.entries if entry.number in numbers] or book.entries[:1]
    return replace(own, entries=entries)


@contextmanager
def templates_of(whole):
    """Lend the rooms that compose documents the templates that are compiled."""
    for room in (body, parts, back):
        room.environment = lambda templates, words: whole.templates
    yield
    for room in (body, parts, back):
        room.environment = environment


def composed(context, kind):
    """Return the words of all documents in which a file's plain words stand, and of what they say to programs."""
    documents = [back.compose_back(context, Places(), TEMPLATES, 200)]
    if kind in ("section", "book", "notation"):
        documents.append(body.compose(context, TEMPLATES, body.planned(context)))
    if kind == "toolbox":
        documents.append(parts.compose_parts(context, Places(), TEMPLATES, 150))
    programs = re.findall(r'content="([^"]*)"', " ".join(documents))
    return plain(unescape(" ".join([*(TAG.sub("", document) for document in documents), *programs])))


def lost_of_field(blocks, raw, shown, formulas):
    """Yield what a raw field has and its HTML has not."""
    words = [word for block in blocks for word in WORD.findall(block.words)]
    set_as = [" ".join(formulas.latex[int(number)].split()) for number in SHOWN.findall(shown)]
    meant = [
        " ".join(latex.replace(BEGIN, "").replace(END, "").split()) for block in blocks for latex in block.formulas
    ]
    printed = plain(unescape(TAG.sub(r" \1 ", counted(shown))))
    yield from missing(words, WORD.findall(printed))
    yield from missing([latex.replace(r"\%", "%") for latex in meant], [latex.replace(r"\%", "%") for latex in set_as])
    known, count = simply(raw)
    yield from Counter(known) - Counter(WORD.findall(unescape(TAG.sub(r" \1 ", shown))))
    if count > len(set_as):
        yield "a formula"


def counted(shown):
    """Return HTML with the numbers of lists written out before their items."""
    lists: list = []

    def write(tag):
        if tag[1]:
            lists.append(int(tag[3] or 1) if tag[1] == "ol" else None)
        elif not tag[2]:
            lists.pop()
        elif lists[-1] is not None:
            lists[-1] += 1
            return f"{tag[0]} {lists[-1] - 1}. "
        return tag[0]

    return re.sub(r'<(?:(ol|ul)|(li)|/(?:ol|ul))(?: start="(\d+)")?>', write, shown)


def missing(wanted, printed):
    """Yield the first of what is wanted that does not stand in print, in this order."""
    left = iter(printed)
    yield from (f"{one} out of place" for one in wanted if one not in left)


def simply(text):
    """Return the words that a raw text prints, and how many formulas, by a reading of its own."""
    text = re.sub(r"\{\{-?.*?-?\}\}", " ", text, flags=re.DOTALL)
    code = " ".join(re.findall(r"`([^`\n]+)`", text))
    text = re.sub(r"`[^`\n]+`", " ", text)
    formulas = len(FORMULA.findall(text))
    return WORD.findall(code) + WORD.findall(UNPRINTED.sub(" ", FORMULA.sub(" ", text))), formulas


def lost_of_works(works, raw):
    """Yield what the fields of each cited work have and its line in the list has not."""
    for key, work in works.items():
        if key not in raw:
            yield f"{key}: the second reading does not find it"
            continue
        line = squeezed(unescape(TAG.sub("", work.html)))
        asked = [squeezed(part) for part in parts_of_work(raw[key], WORDS.et_al)]
        yield from (f"{key}: {part}" for part in asked if part not in line)
        fields = raw[key].fields
        text = Counter(WORD.findall(plain(unescape(TAG.sub("", work.html)))))
        for name in OF_WORK:
            words = WORD.findall(plain(plain_latex(fields.get(name, ""))))
            yield from (f"{key} {name}: {word}" for word in Counter(words) - text)
