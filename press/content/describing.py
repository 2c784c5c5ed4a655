"""What each key of the content tree means: for editors as JSON Schema, for the documents as tables.

Place in the flow: beside `schema`, whose models it explains; nothing is read here. `build.py schema` writes
the schemas to `schema/`, where a test compares them with the models, and `modeline` tells an editor which
of them a file follows.
"""

import json
import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from press.content import schema

# The files of a book: the name of the schema, its model, the files that follow it (from the book's folder).
FILES: dict[str, tuple[type[BaseModel], list[str]]] = {
    "book": (schema.Metadata, ["book.yaml"]),
    "section": (schema.Section, ["[0-9]*.yaml"]),
    "notation": (schema.Notation, ["notation.yaml"]),
    "further": (schema.FurtherSection, ["further/*.yaml"]),
    "toolbox": (schema.Toolbox, ["toolbox.yaml"]),
    "experiments": (schema.Experiments, ["experiments.yaml"]),
    "prose": (schema.Prose, ["prose.yaml"]),
}
NODE = {
    "number": 'The number as the contents list has it, in quotes: "3.10" without them would be 3.1.',
    "title": "The wording of the contents list, letter for letter.",
    "reads": "The wording as it should read, only where the list's is wrong; printed beside the heading.",
    "reason": "Why it should read so, in a few words; due wherever `reads` stands.",
    "page": "The page on which the entry begins, as the contents list has it.",
    "key": "The answer in one sentence that stands by itself: it opens the page and fills the study card.",
    "formulas": "Key formulas: the first stands on the study card, all of them on the formula sheet.",
    "answer": "The answer in Markdown. A section has one only where it has no questions.",
    "watch_out": "A mistake that readers make, and what holds; printed in the margin.",
    "check": "Self-tests: asked in the margin, answered at the end of the book.",
    "card": "The question on the study card, only where title and correction are no question.",
}
TERMS = "The glossary entries that this file owns; a term has one owner in the whole book."
MEANINGS: dict[str, dict[str, str]] = {
    "Metadata": {
        "title": "The title of the book.",
        "subtitle": "A line below the title.",
        "audience": "For whom the book is, on the cover and the title page.",
        "author": "Who wrote it, as on the title page.",
        "edition": 'Which edition it is, as in "Second edition".',
        "date": "The day of the edition, as in 2026-11-27; the files bear it, and not the day of the build.",
        "language": "The language, as in en-US, de-DE or fr-FR: printed words, hyphens, dates and quotes.",
        "subject": "What the book is about, in the file's metadata and on the site.",
        "keywords": "Keywords for the file's metadata.",
        "file": "How the finished files are named: letters, digits, - and _.",
        "first_page": "The page of the first entry.",
        "draft": "true while answers may be missing; taken out when all are written.",
        "source": "The contents list that the book keeps: a line for each entry with number, wording and page.",
        "headings": "Lines of the contents list above its questions, answers and references, where it has them.",
        "figures": "The folder of the Python modules that draw and compute; it may stand beside the book's folder.",
        "notation": "The file with the signs that the book uses.",
        "references": "The BibTeX file of the works cited.",
        "sections": "The files of the sections in their order, without .yaml.",
        "license": "Under what terms the book may be used.",
        "cover": "The figure on the cover, module/function.",
        "study": "How to study with the book, in Markdown; a page before the contents.",
        "colophon": "Licenses, sources, where to report an error, in Markdown; behind the title page.",
        "collation": "How the book's wording is compared with that of its source, in Markdown; only with a source.",
    },
    "Headings": {
        "contents": "Above the questions.",
        "answers": "Above the answers.",
        "references": "Above the references.",
    },
    "License": {"name": "Its name, as in CC BY 4.0.", "url": "Where it can be read."},
    "Section": NODE
    | {
        "opener": "Two to four lines before the questions: what the section gives the reader.",
        "terms": TERMS,
        "questions": "The questions of the section, in the order of the contents list.",
    },
    "Node": NODE,
    "KeyFormula": {
        "name": "What the formula is called.",
        "tex": "The formula in LaTeX, without dollars; in single quotes or below |.",
        "letters": "What its letters mean, where the notation does not say it: '$q$ a share, $n$ trials'.",
    },
    "SelfTest": {"ask": "A question that can be answered from this page alone.", "answer": "Its answer."},
    "Term": {
        "term": "The term, as the text has it in bold where it is defined.",
        "text": "What it means, in a sentence.",
        "forms": "Other spellings that the texts use, such as the plural.",
        "see": "Terms to which the index points from here.",
    },
    "Group": {
        "group": "The heading above the signs.",
        "rows": "The signs: pairs of LaTeX and meaning.",
        "letters": "The same in short, for cards and the formula sheet: '$B$ batch size'.",
        "spoken": "How signs are read aloud, where the language alone would say something else.",
    },
    "Spoken": {
        "signs": "A sign and its words.",
        "upper_index": 'What stands before the index of $a^{(l)}$, as in "of layer".',
        "upper_index_letters": "For which letters that holds.",
        "functions": "Letters that are functions when parentheses follow.",
    },
    "Prose": {
        "american": "true where British spelling is a fault.",
        "instead": "Words and phrases that are not written, and what is written instead: one term for one thing.",
        "never": "Phrases that are not written at all.",
        "signs": "Signs that are not written, and what to do instead.",
        "longest_sentence": "Words in a sentence beyond which there is a warning.",
        "known": "Words that the spelling check takes for misspelled and that are right.",
    },
    "FurtherSection": {
        "number": "The section's number.",
        "terms": TERMS,
        "questions": "What goes further, one item for an answer.",
    },
    "Further": {
        "number": "The number of the answer on which this goes further.",
        "text": "The text, in Markdown.",
        "problems": "Problems; their solutions stand at the end of the book.",
    },
    "Problem": {"ask": "The problem, in Markdown.", "solution": "Its solution."},
    "Toolbox": {
        "terms": TERMS,
        "lead": "A sentence below the heading of the toolbox.",
        "tools": "The tools, in their order.",
    },
    "Tool": {
        "id": "The name by which texts refer to it: [](tool:variance).",
        "title": "What it is called in print.",
        "text": "The text, in Markdown.",
    },
    "Experiments": {
        "terms": TERMS,
        "text": "What all experiments share, such as their data.",
        "rows": "What each card tells, in this order: the key that the function returns, and what the row is called.",
        "experiments": "Functions of figures/ that are marked @experiment, as module.function, in their order.",
    },
}


def schemas() -> dict[str, str]:
    """Return the JSON Schemas of a book's files by name, with what each key means."""
    return {
        name: json.dumps(_described(model), ensure_ascii=False, indent=1) + "\n" for name, (model, _) in FILES.items()
    }


def _described(model: type[BaseModel]) -> dict[str, Any]:
    said = model.model_json_schema()
    for name, part in {model.__name__: said, **said.get("$defs", {})}.items():
        for key, field in part.get("properties", {}).items():
            field["description"] = MEANINGS[name][key]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **said}


def modeline(name: str, folder: Path, schemas_at: Path) -> str:
    """Return the comment by which an editor finds the schema of a file in `folder`."""
    path = Path(os.path.relpath(schemas_at / f"{name}.json", folder)).as_posix()
    return f"# yaml-language-server: $schema={path}"


def settings(folder: str, schemas_at: str) -> str:
    """Return settings for VS Code: which files of a book follow which schema."""
    known = {f"{schemas_at}/{name}.json": [f"{folder}/{file}" for file in files] for name, (_, files) in FILES.items()}
    return json.dumps({"yaml.schemas": known, "yaml.customTags": []}, indent=1) + "\n"


def table(model: type[BaseModel]) -> str:
    """Return the keys of a model as a table in Markdown, those that may be left out marked."""
    rows = ["| key | what it says |", "|---|---|"]
    for key, field in model.model_fields.items():
        mark = "" if field.is_required() else " *"
        rows.append(f"| `{key}`{mark} | {MEANINGS[model.__name__][key].replace('|', chr(92) + '|')} |")
    return "\n".join(rows)
