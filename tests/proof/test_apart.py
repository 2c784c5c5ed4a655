"""Files are read back in two processes on two cores: with one core or two all comes out alike."""

import hashlib

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


@pytest.mark.parametrize("papers", [("a4", "letter"), ("letter",)])
def test_the_files_are_the_same_on_one_core_and_on_two(tiny, with_cores, papers):
    digests, verdicts = [], []
    for count in (1, 2):
        started = with_cores(count)
        made = tiny.make(papers)
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
    assert told[0] == told[1] and all(any(paper in line for line in told[1]) for paper in ("a4", "letter"))


def test_no_process_is_left_behind():
    with pytest.raises(KeyError), apart.reader() as reader:
        reader.process = apart.subprocess.Popen(["sleep", "60"], stdout=apart.subprocess.PIPE)
        raise KeyError
    assert reader.process.poll() is not None


def test_a_reader_that_has_ended_is_told(tmp_path):
    with apart.reader() as reader:
        reader.start(apart.Request(tmp_path / "none.pdf", tmp_path / "none.txt"))
        reader.process.wait(60)
        reader.go_on([apart.Request(tmp_path / "none.pdf", tmp_path / "none.txt")] * 1000)
        with pytest.raises(RuntimeError):
            reader.finish()
