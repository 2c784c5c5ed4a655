"""What is done in a fork comes out as if it were done here: values, faults, and no process is left."""

import os
import time
from pathlib import Path

import pytest

from press import aside, laying, pipeline, writing
from press.problems import BookError

pytestmark = pytest.mark.skipif(not aside.CAN_FORK, reason="the press forks on Linux with Pango 1.50 alone")


def test_pango_has_no_thread_of_its_own_where_the_press_forks(tiny):
    tiny.lay_out()
    threads = [path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")]
    assert threads and not any("pango" in name for name in threads), "what is laid out in a fork would wait for ever"


def test_a_value_comes_back():
    with aside.Aside() as hands:
        hands.start(lambda: (os.getpid(), "done"))
        child, word = hands.result()
    assert child != os.getpid() and word == "done"


def test_what_is_raised_comes_back_with_its_place():
    def fail():
        raise OSError(28, "No space left", "sheet.pdf")

    with aside.Aside() as hands, pytest.raises(OSError, match="No space left") as told:
        hands.start(fail)
        hands.result()
    assert told.value.filename == "sheet.pdf" and "in fail" in told.value.__notes__[0]


def test_a_process_that_dies_is_told():
    with aside.Aside() as hands, pytest.raises(RuntimeError, match="without a result"):
        hands.start(lambda: os.kill(os.getpid(), 9))
        hands.result()


def test_no_process_is_left_behind():
    with pytest.raises(KeyError), aside.Aside() as hands:
        hands.start(lambda: os.read(os.pipe()[0], 1))
        child = hands.child
        raise KeyError
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_sheets_that_do_not_fit_are_told_from_aside_too(tiny, monkeypatch):
    monkeypatch.setattr(laying.sheets, "SHEET_PAGES", 0)
    told = []
    for count in (1, 2):
        monkeypatch.setattr(pipeline, "cores", lambda count=count: count)
        with pytest.raises(BookError) as error:
            tiny.make()
        told.append([str(problem) for problem in error.value.problems])
    assert told[0] == told[1] and any("the formula sheet takes" in line for line in told[0])


def test_with_two_cores_the_press_itself_writes_no_sheet(tiny, monkeypatch):
    monkeypatch.setattr(pipeline, "cores", lambda: 2)
    here = []
    write = writing.write_sheets
    monkeypatch.setattr(writing, "write_sheets", lambda *given: here.append(os.getpid()) or write(*given))
    assert len([path for path in tiny.make().paths if "-cards-a4" in path.name and path.is_file()]) == 1
    assert here == []


def test_results_come_one_after_the_other():
    def work():
        yield "one" * 30_000  # more than a pipe holds by itself: it goes on all the same
        os.write(done[1], b"!")
        yield "two"

    done = os.pipe()
    with aside.Aside() as hands:
        hands.start(work)
        assert os.read(done[0], 1) == b"!"
        assert hands.result() == "one" * 30_000
        assert hands.result() == "two"
        with pytest.raises(RuntimeError, match="without a result"):
            hands.result()


def test_a_work_that_is_stopped_makes_room_for_another():
    with aside.Aside() as hands:
        hands.start(lambda: os.read(os.pipe()[0], 1))
        child = hands.child
        hands.stop()
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)
        hands.start(lambda: "another")
        assert hands.result() == "another"


def test_a_fork_ends_with_the_one_that_made_it():
    receive, send = os.pipe()

    def work():
        with aside.Aside() as inner:
            inner.start(lambda: (os.write(send, b"%d" % os.getpid()), os.read(os.pipe()[0], 1)))
            os.read(os.pipe()[0], 1)

    with aside.Aside() as hands:
        hands.start(work)
        child = Path(f"/proc/{int(os.read(receive, 20))}/stat")
        assert child.exists()
    for _ in range(500):
        if not child.exists() or child.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.01)
    pytest.fail("the fork lives on")


def test_a_fork_whose_results_nobody_reads_ends():
    with aside.Aside() as hands:
        hands.start(lambda: bytes(aside.ROOM * 2))
        child = hands.child
        hands.pipe.close()
        assert os.waitpid(child, 0)[0] == child
        hands.pipe = None
