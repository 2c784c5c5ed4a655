"""What stands behind the answers is made beside them: the files are the same, whatever the last layout was."""

import hashlib
import os

import pytest

from press import ahead, aside, lastpass, laying, pipeline
from press.layout import slots

pytestmark = pytest.mark.skipif(not aside.CAN_FORK, reason="the press forks on Linux with Pango 1.50 alone")


@pytest.fixture
def book(tiny_with_parts, tmp_path, monkeypatch):
    """Return a book with parts, and notes of the last layout of its own."""
    monkeypatch.setattr(lastpass, "file_of", lambda cache, folder: tmp_path / "pass.json")
    return tiny_with_parts


@pytest.fixture
def made(book, monkeypatch):
    """Return a function that makes the book with so many cores: digests of the files, the works begun ahead."""

    def make(count):
        begun, here = [], []
        begin, lay_out_parts = ahead.Ahead._begin, laying.lay_out_parts
        with monkeypatch.context() as patch:
            patch.setattr(pipeline, "cores", lambda: count)
            patch.setattr(ahead.Ahead, "_begin", lambda self, asked: begun.append(asked) or begin(self, asked))
            patch.setattr(laying, "lay_out_parts", lambda *given: here.append(1) or lay_out_parts(*given))
            paths = book.make(("a4", "letter")).paths
        assert len(here) == (count == 1)
        return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths], len(begun)

    return make


def test_the_files_are_the_same_on_one_core_and_on_two(made):
    first, begun = made(2)  # nothing is known of the book
    assert begun == 1
    again, begun = made(2)
    assert begun == 1 and again == first
    alone, begun = made(1)
    assert begun == 0 and alone == first


def test_where_the_answers_have_changed_it_begins_anew(made, book, monkeypatch):
    made(2)
    known = lastpass.last_pass(pipeline.CACHE, book.folder)
    assert known.answers and known.behind
    wrong = known._replace(
        answers={name: folio + 1 for name, folio in known.answers.items()},
        behind={name: folio + 2 for name, folio in known.behind.items()},
    )
    monkeypatch.setattr(lastpass, "last_pass", lambda cache, folder: wrong)
    after, begun = made(2)
    assert begun == 2
    assert after == made(1)[0]


def test_pages_whose_folios_were_guessed_wrong_are_painted_again(book, monkeypatch):
    made = []
    for shift in (0, 3):
        run = pipeline.Build()
        context = pipeline.prepare(book.folder, run)
        known = made[0][1] if made else lastpass.LastPass({}, {}, {}, {}, [], {})
        guess = known._replace(behind={name: folio + shift for name, folio in known.behind.items()})
        with aside.Aside() as hands:
            early = ahead.begin(hands, context, guess)
            laid_out = pipeline.lay_out(context, run, early=early)
            kept = [page in early.shown and early.kept([page])[0] is page for page in laid_out.book.document.pages]
        known = lastpass.last_pass(pipeline.CACHE, book.folder)
        made.append((kept, known))
    assert not any(made[0][0]) and any(made[1][0]) and not all(made[1][0])


def test_a_book_without_anything_behind_its_answers_has_nothing_ahead(tiny):
    context = pipeline.prepare(tiny.folder, pipeline.Build())
    assert ahead.begin(aside.Aside(), context, lastpass.LastPass({}, {}, {}, {}, [], {})) is None


def test_a_fault_ahead_is_told_as_one_here(book, monkeypatch):
    def fail(*given):
        raise RuntimeError(f"in {os.getpid()}")

    monkeypatch.setattr(pipeline, "cores", lambda: 2)
    monkeypatch.setattr(laying, "lay_out_parts", fail)
    with pytest.raises(RuntimeError, match="in ") as error:
        book.make()
    assert f"{os.getpid()}" not in str(error.value)


@pytest.mark.parametrize("is_ahead", [False, True])
def test_what_begins_on_the_last_page_of_the_parts_is_referred_to_there(book, is_ahead):
    file = next(book.folder.glob("*.bib"))
    works = [
        f"@misc{{w{n}, author={{Ann {n}}}, title={{On {n}, and what is said of it}}, year=1900}}" for n in range(200)
    ]
    file.write_text("\n\n".join([file.read_text(encoding="utf-8"), *works]), encoding="utf-8")
    book.replace("1.1.yaml", "is computed", " ".join(f"[@w{n}]" for n in range(200)) + " is computed")
    run = pipeline.Build()
    context = pipeline.prepare(book.folder, run)
    with aside.Aside() as hands:
        early = ahead.begin(hands, context, lastpass.LastPass({}, {}, {}, {}, [], {})) if is_ahead else None
        laid_out = pipeline.lay_out(context, run, early=early)
    pages = [number for number, page in enumerate(laid_out.pages) if "references" in page.anchors]
    assert len(pages) > 1 and "references" in laid_out.parts.document.pages[-1].anchors
    shown = {slot.target: slot.box.text for slot in slots.slots(laid_out.book.document.pages)}
    assert shown["references"] == laid_out.folio(pages[0])
