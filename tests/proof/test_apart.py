"""One paper is read in a process of its own while the other is written: with one core or two all comes out alike."""

import hashlib
from pathlib import Path

import pytest

from press import pipeline, writing
from press.problems import BookError
from press.proof import apart


@pytest.fixture
def with_cores(monkeypatch):
    """Return a function that lets the press see so many cores, and counts the processes that read."""

    def see(count):
        started = []
        start = apart.subprocess.Popen
        monkeypatch.setattr(pipeline, "cores", lambda: count)
        monkeypatch.setattr(apart.subprocess, "Popen", lambda *a, **k: started.append(a) or start(*a, **k))
        return started

    return see


def test_the_files_are_the_same_on_one_core_and_on_two(tiny, with_cores):
    digests, verdicts = [], []
    for count in (1, 2):
        started = with_cores(count)
        made = tiny.make(("a4", "letter"))
        readers = [command for (command, *_) in started if "press.proof.apart" in command]
        assert len(readers) == count - 1
        digests.append([hashlib.sha256(path.read_bytes()).hexdigest() for path in made.paths])
        verdicts.append((made.rows, made.compared))
    assert digests[0] == digests[1] and verdicts[0] == verdicts[1]


def test_what_the_other_process_finds_is_told(tiny, with_cores, monkeypatch):
    monkeypatch.setattr(writing.files, "label_pages", lambda pdf, front, first: None)
    told = []
    for count in (1, 2):
        with_cores(count)
        with pytest.raises(BookError) as error:
            tiny.make(("a4", "letter"))
        told.append([str(problem) for problem in error.value.problems])
    assert told[0] == told[1] and any("a4" in line for line in told[1])


def test_no_process_is_left_behind(tiny):
    started = apart.Readers(None, Path(), ())
    with pytest.raises(KeyError), apart.readers(None, Path(), ()) as readers:
        readers.begun["a4"] = apart.subprocess.Popen(["sleep", "60"], stdout=apart.subprocess.PIPE)
        started = readers
        raise KeyError
    assert started.begun["a4"].poll() is not None
