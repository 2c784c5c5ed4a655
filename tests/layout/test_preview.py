"""The pages of one entry by themselves are the pages of the whole book."""

import pytest
from typer.testing import CliRunner

import build
from press import pipeline, preview
from press.pdf.records import read_back
from press.problems import BookError, PressError

SENTENCE = "Numbers are counted one after the other until the line is full. "


def letters_on(path, folios):
    """Return {folio: (text, x, y) of each run} of some pages, places to a tenth of a point."""
    printed, found = read_back(path), {}
    for run in printed.runs:
        folio = printed.pages[run.page].label
        if folio in folios:
            found.setdefault(folio, []).append((run.text, round(run.x, 1), round(run.y, 1)))
    return found


def shown(book, name):
    """Return (what was shown, letters of its pages)."""
    made = preview.page(book.folder, name, pipeline.Build())
    return made, letters_on(made.path, {f"{folio}" for folio, _ in made.margins})


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """Keep what these books tell out of the real cache, but for what is drawn and set."""
    (tmp_path / "cache").mkdir()
    for name in ("figures", "formulas"):
        (tmp_path / "cache" / name).symlink_to((pipeline.CACHE / name).resolve(), target_is_directory=True)
    monkeypatch.setattr(pipeline, "CACHE", tmp_path / "cache")


def test_each_span_alone_is_as_in_the_whole_book(tiny_with_parts):
    tiny_with_parts.replace(
        "1.1.yaml", "A **pair** of", f"{SENTENCE * 40}\n\n      {SENTENCE * 20}\n\n      A **pair** of"
    )
    path = tiny_with_parts.make().paths[0]
    for number in ("1.1.1", "1.1.2", "1.2"):
        made, pages = shown(tiny_with_parts, number)
        own = {f"{folio}" for folio, _ in made.margins if made.spans[0].first <= folio <= (made.spans[0].last or 99)}
        assert own and {folio: pages[folio] for folio in own if folio in pages} == letters_on(path, own)
    _, layout, spans = tiny_with_parts.lay_out()
    assert spans[1].over > 3
    assert shown(tiny_with_parts, "1.2")[0].spans == [spans[2]]


def test_passages_begin_where_the_whole_book_has_them(tiny_with_parts):
    path = tiny_with_parts.make().paths[0]
    for name, words in (("further:1.1.2", "1.1.2"), ("tool:sum", "sum")):
        _, pages = shown(tiny_with_parts, name)
        first = min(pages)
        whole = letters_on(path, {first})[first]
        body = [run for run in pages[first] if run[2] > 80]  # below the running head
        assert len(body) > 2 and set(body) <= set(whole), words


def test_a_span_is_right_without_a_layout_of_the_whole_book(tiny):
    tiny.replace("1.1.yaml", "A **pair** of", f"{SENTENCE * 40}\n\n      {SENTENCE * 20}\n\n      A **pair** of")
    _, pages = shown(tiny, "1.2")
    assert {"13": pages["13"]} == letters_on(tiny.make().paths[0], {"13"})


def test_only_faults_of_the_entry_are_told(tiny):
    tiny.replace("1.2.yaml", "  So it answers itself.", "  So it answers itself, see [](9.9).")
    preview.page(tiny.folder, "1.1.1", pipeline.Build())
    with pytest.raises(BookError) as told:
        preview.page(tiny.folder, "1.2", pipeline.Build())
    assert [problem.place.file.name for problem in told.value.problems] == ["1.2.yaml"]


def test_an_unknown_entry_is_named(tiny):
    with pytest.raises(PressError, match="no '1.1.3'"):
        preview.page(tiny.folder, "1.1.3", pipeline.Build())


def test_the_command_tells_the_fill_and_writes_a_picture(tiny):
    result = CliRunner().invoke(build.app, ["page", "1.1.1", "--book", str(tiny.folder), "--png"])
    assert result.exit_code == 0, result.output
    assert "pages 10–11 (1.1, 1.1.1):" in result.stdout and "margin free:" in result.stdout
    assert (pipeline.CACHE / "preview" / "page-1.1.1.png").is_file()
