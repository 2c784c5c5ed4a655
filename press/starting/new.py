"""Begin a book: a small one that teaches by its comments, or the empty tree of a contents list.

Place in the flow: apart from a build; what is written is a book that a build takes. The small books stand in
`templates/new/`, one a language, whole and in order; so do the pieces of an empty tree. Nothing is written
over: the folder is new, and it is there when all of it is right.
"""

import os
import re
import shutil
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from press.content import describing, tree
from press.problems import PressError, Problems, near
from press.starting.listed import Listed, read_list

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "new"
SCHEMAS = TEMPLATES.parents[1] / "schema"  # as `build.py schema` writes them
# What the small books say in the place of the folder, of its name and of the day.
FOLDER, FILE, DAY = "THIS_FOLDER", "small-book", "2026-01-31"
HEADINGS = ("contents", "answers")


def languages() -> list[str]:
    """Return the languages in which a book can begin."""
    return sorted(path.name for path in TEMPLATES.iterdir())


def small_book(folder: Path, language: str) -> None:
    """Write the small book of a language into a new folder. Raises PressError where that cannot be."""
    templates = templates_of(language)
    refuse_taken(folder)
    shutil.copytree(templates / "book", folder, dirs_exist_ok=True)
    file = folder / "book.yaml"
    text = file.read_text(encoding="utf-8")
    for old, new in ((FOLDER, f"{folder}"), (FILE, file_name(folder)), (DAY, f"{date.today()}")):
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8", newline="\n")
    help_editors(folder)


def from_list(folder: Path, language: str, listed: Path) -> list[str]:
    """Write the empty tree of a contents list into a new folder; return what was odd in the list.

    Raises BookError for what cannot be kept, at the lines of the list.
    """
    templates, problems = templates_of(language), Problems()
    refuse_taken(folder)
    read = read_list(listed, problems)
    problems.stop_if_any()
    with TemporaryDirectory() as made:
        draft = Path(made) / "book"
        draft.mkdir()
        shutil.copyfile(listed, draft / "contents.txt")
        for name, text in files_of(read, templates / "empty", file_name(folder)).items():
            (draft / name).write_text(text, encoding="utf-8", newline="\n")
        tree.load(draft, problems)
        # What is wrong now is in the wording of the list, which the tree repeats.
        problems.found = [problem._replace(place=problem.place._replace(file=listed)) for problem in problems.found]
        problems.stop_if_any()
        shutil.copytree(draft, folder, dirs_exist_ok=True)
    help_editors(folder)
    return read.notes


def files_of(listed: Listed, templates: Path, name: str) -> dict[str, str]:
    """Return {file name: text} of the empty tree."""
    headings = {key: words for key, words in zip(HEADINGS, listed.frame, strict=True) if words}
    first = listed.sections[0][0].page
    numbers = [section.number for section, _ in listed.sections]
    book = {"date": date.today(), "file": name, "first_page": first, "headings": headings, "sections": numbers}
    files = {"book.yaml": filled(templates, "book.yaml", **book)}
    for section, questions in listed.sections:
        files[f"{section.number}.yaml"] = section_text(templates, section, questions)
    return files


def section_text(templates: Path, section: Any, questions: list) -> str:
    """Return the text of a section's file."""

    def question(entry: Any, is_first: bool) -> str:
        text = question_text(templates, entry)
        return text.removeprefix("\n") if is_first else text

    return filled(templates, "section.yaml", **section._asdict(), questions=questions, question=question)


def question_text(templates: Path, entry: Any) -> str:
    """Return the text of a question in its section's file, with an empty line before it."""
    return filled(templates, "question.yaml", **entry._asdict())


def filled(templates: Path, name: str, **values: Any) -> str:
    """Return a template filled in."""
    environment = Environment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # YAML has its own way, and every value goes through it
    )
    environment.filters["quoted"] = quoted
    return environment.get_template(name).render(values)


def quoted(words: str) -> str:
    """Return words as YAML takes them, whatever they hold."""
    return "'" + words.replace("'", "''") + "'"


def templates_of(language: str) -> Path:
    """Return the folder of a language's templates; PressError where there is none."""
    found = language.partition("-")[0].lower()
    if found in languages():
        return TEMPLATES / found
    known = f"known are {', '.join(languages())}"
    guess = near(language, languages())
    raise PressError(f"no book can begin in {language!r} ({f'{guess} ' if guess else ''}{known})")


def refuse_taken(folder: Path) -> None:
    """Raise PressError where something would be written over."""
    if folder.exists() and not folder.is_dir():
        raise PressError(f"{folder} is a file: name a folder that is not there yet")
    if folder.is_dir() and any(folder.iterdir()):
        raise PressError(f"{folder} is not empty, and nothing is written over: name a folder that is not there yet")


def help_editors(folder: Path) -> None:
    """Let an editor find the schemas of a new book's files: settings for VS Code, and a first line in each file."""
    for name, (_, patterns) in describing.FILES.items():
        for file in sorted(file for pattern in patterns for file in folder.glob(pattern)):
            line = describing.modeline(name, file.parent.resolve(), SCHEMAS)
            file.write_text(f"{line}\n{file.read_text(encoding='utf-8')}", encoding="utf-8", newline="\n")
    settings = folder / ".vscode" / "settings.json"
    settings.parent.mkdir()
    schemas_at = Path(os.path.relpath(SCHEMAS, folder.resolve())).as_posix()
    settings.write_text(describing.settings("", schemas_at), encoding="utf-8", newline="\n")


def file_name(folder: Path) -> str:
    """Return a name for the PDFs, after the folder."""
    return re.sub(r"[^A-Za-z0-9]+", "-", folder.resolve().name).strip("-").lower()[:80] or "book"
