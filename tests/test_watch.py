"""A book that is watched: what is saved is made, shown, and told where it is wrong."""

import socket
import threading
import time

import httpx2
import pytest
from starlette.testclient import TestClient

from press import pipeline, preview, watch
from press.pdf.records import read_back
from press.viewer import Board, application
from press.watching import Session

OLD = "So it answers itself."


@pytest.fixture(autouse=True)
def own_passes(tmp_path, monkeypatch):
    """Keep what these books tell out of the real cache, but for what is drawn and set."""
    (tmp_path / "cache").mkdir()
    for name in ("figures", "formulas"):
        (tmp_path / "cache" / name).symlink_to((pipeline.CACHE / name).resolve(), target_is_directory=True)
    monkeypatch.setattr(pipeline, "CACHE", tmp_path / "cache")
    preview.FONTS.clear()


@pytest.fixture
def session(tiny_with_parts):
    """A session of a book that was made as a whole before."""
    tiny_with_parts.make()
    session = Session(tiny_with_parts.folder)
    assert session.reload() == []
    return session


def letters(path, folio):
    """Return (text, x, y) of each run of a page."""
    printed = read_back(path)
    return [(run.text, run.x, run.y) for run in printed.runs if printed.pages[run.page].label == folio]


def test_a_changed_text_makes_its_span_as_the_whole_book_has_it(session, tiny_with_parts, tmp_path):
    new = f"{OLD} It adds $7 + 5 = 12$, see [](fig:numbers/line) and [@peano1889arithmetices]."
    tiny_with_parts.replace("1.2.yaml", OLD, new)
    made = session.change([tiny_with_parts.folder / "1.2.yaml"])
    assert (made.keys, [sheet.folio for sheet in made.sheets], made.problems) == (["1.2"], [13], [])
    (tmp_path / "page.pdf").write_bytes(made.sheets[0].pdf)
    alone, whole = read_back(tmp_path / "page.pdf").runs, letters(tiny_with_parts.make().paths[0], "13")
    assert text_of((run.text, run.x, run.y) for run in alone) == text_of(whole)
    # Without tags a line is one run: each begins where one of the whole book does.
    assert {(run.x, run.y) for run in alone} <= {(x, y) for _, x, y in whole}


def text_of(runs):
    """Return the letters of runs, without blanks."""
    return "".join("".join(text for text, _, _ in runs).split())


def test_what_changes_never_takes_the_anchors_of_what_does_not(session, tiny_with_parts):
    """Both stand on one page, and what is read again numbers its citations anew."""
    file = tiny_with_parts.folder / "1.1.yaml"
    tiny_with_parts.replace("1.1.yaml", "about numbers.", "about numbers [@peano1889arithmetices].")
    assert session.change([file]).problems == []
    tiny_with_parts.replace("1.1.yaml", "One is the **unit**", "Again [@peano1889arithmetices], one is the **unit**")
    made = session.change([file])
    assert made.problems == [] and made.keys == ["1.1.1"] and made.sheets


def test_what_goes_further_is_made_where_it_stood(session, tiny_with_parts):
    file = "further/1.1.yaml"
    tiny_with_parts.replace(file, "Two is the first even number", "Now two is the first even number")
    made = session.change([tiny_with_parts.folder / file])
    assert made.keys == ["further:1.1.2"] and made.sheets[0].folio == session.last.behind["passage-further-1.1.2"]


def test_a_fault_is_told_at_its_page_and_the_last_good_pages_stay(session, tiny_with_parts):
    path = tiny_with_parts.folder / "1.2.yaml"
    for wrong in (f"{OLD} See [](9.9).", f"{OLD} And $\\foo$.", f"{OLD}\n  :::{{note}}"):
        good = session.context
        tiny_with_parts.replace("1.2.yaml", OLD, wrong)
        made = session.change([path])
        assert session.context is good
        assert made.sheets == [] and len(made.problems) == 1 and session.page_of(made.problems[0]) == "13"
        tiny_with_parts.replace("1.2.yaml", wrong, OLD)
        session.change([path])
    path.write_text("number: [", encoding="utf-8")
    made = session.change([path])
    assert made.sheets == [] and made.problems


def test_a_changed_drawing_makes_the_spans_that_show_it(session, tiny_with_parts):
    module = tiny_with_parts.folder / "figures" / "numbers.py"
    module.write_text(module.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    assert session.change([module]).sheets == []  # every drawing is the one it was
    tiny_with_parts.replace("figures/numbers.py", "plt.subplots(", "plt.subplots(facecolor='white', ")
    made = session.change([module])
    assert made.keys and all(
        preview.results_for([item]) for item in session.context.book.entries if item.key in made.keys
    )


def test_a_changed_card_makes_the_pages_of_the_experiments(session, tiny_with_parts):
    module = tiny_with_parts.folder / "figures" / "training.py"
    tiny_with_parts.replace("figures/training.py", "numbers, invented", "numbers, made up")
    made = session.change([module])
    assert made.keys == ["experiments"] and made.sheets[0].folio == session.last.behind["passage-experiments"]


def test_the_server_shows_pages_spans_and_faults(session, tiny_with_parts):
    board = Board()
    path = tiny_with_parts.out / f"{session.context.book.meta.file}-a4.pdf"
    board.show_whole(path, session.last.spans, session.last.margins)
    client = TestClient(application(board))
    assert "<main" in client.get("/").text
    first = client.get("/state").json()
    assert [page["label"] for page in first["pages"]][:8] == ["i", "ii", "iii", "iv", "v", "vi", "vii", "10"][
        :8
    ] or first
    assert [span["numbers"] for span in first["spans"]] == [["1.1", "1.1.1"], ["1.1.2"], ["1.2"]]
    assert all(span["margins"] for span in first["spans"])
    tiny_with_parts.replace("1.2.yaml", OLD, f"{OLD} Truly.")
    board.show_made(session.change([tiny_with_parts.folder / "1.2.yaml"]), session.page_of)
    then = client.get(f"/state?after={first['version']}").json()
    changed = [page["label"] for page, old in zip(then["pages"], first["pages"], strict=True) if page != old]
    assert then["edited"] == changed == ["13"] and then["spans"][2]["edited"]
    picture = client.get("/page/13")
    assert picture.content.startswith(b"\x89PNG") and client.get("/page/999").status_code == 404
    tiny_with_parts.replace("1.2.yaml", f"{OLD} Truly.", f"{OLD} [](9.9)")
    board.show_made(session.change([tiny_with_parts.folder / "1.2.yaml"]), session.page_of)
    wrong = client.get("/state").json()
    assert "9.9" in next(page["problems"] for page in wrong["pages"] if page["label"] == "13")[0]
    assert client.get("/page/13").content == picture.content


def test_only_this_machine_is_served(session):
    client = TestClient(application(Board()), base_url="http://elsewhere.example")
    assert client.get("/state").status_code == 400
    assert watch.HOST == "127.0.0.1"


def has_loopback():
    """Say whether this machine can speak with itself; in a network of its own it may have to be told to."""
    try:
        with socket.create_server((watch.HOST, 0)) as server:
            socket.create_connection(server.getsockname(), 2).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_loopback(), reason="this machine has no loopback (ip link set lo up)")
def test_a_save_reaches_the_browser_and_the_whole_book_follows(tiny, monkeypatch):
    monkeypatch.setattr("press.whole.QUIET", 0.1)
    tiny.make(("a4", "letter"))
    stop, address, told = threading.Event(), [], []
    thread = threading.Thread(target=watch.run, args=(tiny.folder, tiny.out, told.append, address.append, stop))
    thread.start()
    try:
        wait_for(lambda: address and ask(address[0], lambda state: "today" in state["status"]))
        tiny.replace("1.2.yaml", OLD, f"{OLD} Truly.")
        made = wait_for(lambda: ask(address[0], lambda state: state["made"] > 0))
        assert made["edited"] == ["13"]
        wait_for(lambda: ask(address[0], lambda state: "agrees" in state["status"]))
        assert "Truly" in " ".join(
            text
            for text, _, _ in letters(
                next(
                    path
                    for path in tiny.out.glob("*-a4.pdf")
                    if "-cards-" not in path.name and "-formulas-" not in path.name
                ),
                "13",
            )
        )
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


def ask(address, is_wanted):
    """Return the state of the page if it is the wanted one."""
    state = httpx2.get(f"{address}state").json()
    return state if is_wanted(state) else None


def wait_for(question, seconds=120):
    """Return the answer to a question as soon as there is one."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := question():
            return answer
        time.sleep(0.05)
    raise AssertionError("nothing came")
