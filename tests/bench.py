"""What the press takes, as ratios: they hold on any computer, seconds do not.

`make bench` runs it: a warm build of this tree against the same of another commit (by itself the first
edition), in turns; a build with one core against one with two; a page alone; in `watch` the time from
the save of each answer to its new page; what other programs take for the same text (`exports/`); how
books of more and more pages grow (`growth.py`); and the experiments from nothing (`cold.py`).
`--only warm,watch` picks some. What it prints is Markdown; the last run stands in docs/performance.md.
"""

import argparse
import json
import math
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

import httpx2

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from exports import programs  # noqa: E402

from press import lastpass, pipeline, watch  # noqa: E402
from press.content import tree  # noqa: E402
from press.pdf.raster import labels  # noqa: E402
from press.problems import Problems  # noqa: E402

FIRST_EDITION = "46ef8a5"
TURNS = 2
COPIES = (1, 2, 5, 10, 20)  # of the answers, some 65 pages each
EVERYTHING = "watch,page,cores,warm,exports,cold,growth"


class Taken(NamedTuple):
    """What a program took: seconds of the processor and of the clock, megabytes at its highest."""

    processor: float
    clock: float
    megabytes: float


def run(command: list, folder: Path, cores: int | None = None) -> Taken:
    """Run a program that has to succeed, with so many cores; return what it and its processes took."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    limited = ["taskset", "-c", "0", *command] if cores == 1 else command
    made = subprocess.run(limited, cwd=folder, capture_output=True, text=True, check=False)
    if made.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} in {folder}:\n{made.stdout[-2000:]}{made.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(used, time.perf_counter() - start, after.ru_maxrss / 1024)


def checked_out(commit: str, folder: Path) -> Path:
    """Put the files of a commit into a folder, with the packages of this tree; return it."""
    folder.mkdir()
    content = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "x", "-C", folder], input=content, check=True)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def build(folder: Path, out: Path, cores: int | None = None) -> Taken:
    """Build the whole book of a tree."""
    return run([sys.executable, "build.py", "--out", str(out)], folder, cores)


def pages_in(out: Path) -> int:
    """Return how many pages the book on A4 has."""
    books = [path for path in out.glob("*-a4.pdf") if not path.stem.endswith(("-cards-a4", "-formulas-a4"))]
    return len(labels(books[0].read_bytes()))


def warm(commit: str, temporary: Path) -> list[tuple[str, str]]:
    """Compare warm builds of this tree and of a commit, in turns."""
    trees = {"this tree": ROOT, commit: checked_out(commit, temporary / "then")}
    outs = {name: temporary / f"dist-{number}" for number, name in enumerate(trees)}
    for name, folder in trees.items():
        build(folder, outs[name])  # draws what is missing
    taken: dict[str, list[Taken]] = {name: [] for name in trees}
    for _ in range(TURNS):
        for name, folder in trees.items():
            taken[name].append(build(folder, outs[name]))
    rows, page = [], {}
    for name, runs in taken.items():
        pages = pages_in(outs[name])
        page[name] = statistics.median(each.processor for each in runs) / pages
        wall = statistics.median(each.clock / each.processor for each in runs)
        rows.append((f"{name}: pages", f"{pages}"))
        rows.append((f"{name}: processor seconds a page", f"{page[name]:.3f}"))
        rows.append((f"{name}: clock : processor", f"{wall:.2f}"))
        rows.append((f"{name}: megabytes at the highest", f"{max(each.megabytes for each in runs):.0f}"))
    return [*rows, ("processor seconds a page, this tree : that one", f"{page['this tree'] / page[commit]:.2f}")]


def one_core(temporary: Path) -> list[tuple[str, str]]:
    """Compare a build on one core with one on all: time and bytes."""
    outs = [temporary / "one", temporary / "all"]
    taken = [build(ROOT, out, cores) for out, cores in zip(outs, (1, None), strict=True)]
    names = sorted(path.name for path in outs[0].glob("*.pdf"))
    same = sum((outs[0] / name).read_bytes() == (outs[1] / name).read_bytes() for name in names)
    return [
        ("clock, one core : all cores", f"{taken[0].clock / taken[1].clock:.2f}"),
        ("files with the same bytes on one core and on all", f"{same} of {len(names)}"),
    ]


def alone(temporary: Path) -> list[tuple[str, str]]:
    """Compare the pages of one entry with the whole book."""
    whole = build(ROOT, temporary / "whole")
    page = run([sys.executable, "build.py", "page", "3.4.2"], ROOT)
    return [("processor seconds, whole book : `page 3.4.2`", f"{whole.processor / page.processor:.1f}")]


def saved(temporary: Path) -> list[tuple[str, str]]:
    """Measure the time from the save of each answer to the answer of the browser's request for its page."""
    for name in ("book", "figures"):
        shutil.copytree(ROOT / name, temporary / "watched" / name)
    folder = temporary / "watched" / "book"
    known = lastpass.file_of(pipeline.CACHE, ROOT / "book")
    if known.is_file():
        shutil.copy(known, lastpass.file_of(pipeline.CACHE, folder))
    stop, address, seconds = threading.Event(), [], {}
    told = (folder, temporary / "watched-dist", lambda line: None, address.append, stop)
    watched = threading.Thread(target=watch.run, args=told)
    watch.Whole.later = lambda self: None  # what is measured is the pages alone
    watched.start()
    try:
        while not address or "whole" not in httpx2.get(f"{address[0]}state").json()["status"]:
            time.sleep(0.1)
        entries = tree.load(folder, Problems(), draft=True).entries
        for entry in [entry for entry in entries if entry.is_answer]:
            seconds[entry.number] = _saved(address[0], entry)
    finally:
        stop.set()
        watched.join()
    rows = [("answers edited", f"{len(seconds)}")]
    for index, name in enumerate(("clock", "processor")):
        ordered = sorted(seconds, key=lambda number: seconds[number][index])
        told = statistics.median(taken[index] for taken in seconds.values())
        rows.append((f"seconds of the {name} from save to page, median", f"{told:.2f}"))
        rows.append((f"{name}, fastest ({ordered[0]})", f"{seconds[ordered[0]][index]:.2f}"))
        slow = ", ".join(f"{number} {seconds[number][index]:.2f}" for number in ordered[:-6:-1])
        rows.append((f"{name}, the five slowest", slow))
    return rows


def _saved(address: str, entry) -> tuple[float, float]:
    """Add a word to an answer; return the seconds of clock and processor until the picture of its page is there."""
    text, key = entry.file.read_text(encoding="utf-8"), entry.node.key
    first = key.strip()[:12]
    head = text.index(f'number: "{entry.number}"') if f'number: "{entry.number}"' in text else text.index(entry.number)
    at = text.index(first, text.index("key:", head))
    with httpx2.Client(base_url=address, timeout=60) as browser:
        state = browser.get("/state").json()
        before = state["made"]
        start, begun = time.perf_counter(), time.process_time()
        entry.file.write_text(f"{text[:at]}Now {text[at:]}", encoding="utf-8")
        while state["made"] == before or f"{entry.node.page}" not in state["edited"]:
            state = browser.get(f"/state?after={state['version']}").json()
            if state["elsewhere"] or any(page["problems"] for page in state["pages"]):
                raise SystemExit(f"{entry.number}: a word more is a fault: {state['elsewhere'] or state['edited']}")
        browser.get(f"/page/{entry.node.page}?v={state['version']}").raise_for_status()
        return time.perf_counter() - start, time.process_time() - begun


def told_by(program: str, *arguments: object) -> dict:
    """Run a program beside this one; return the JSON that it prints."""
    command = [sys.executable, "-W", "ignore", str(ROOT / "tests" / program), *map(str, arguments)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if made.returncode:
        raise SystemExit(made.stderr[-2000:])
    return json.loads(made.stdout.splitlines()[-1])


def grown(temporary: Path) -> list[tuple[str, str]]:
    """Measure books of more and more pages; the exponents say how each stage grows with them."""
    made, rows = [], []
    for copies in COPIES:
        made.append(told_by("growth.py", copies, temporary / f"times-{copies}"))
        pages, seconds = made[-1]["pages"], sum(made[-1]["seconds"].values())
        each = f"{1000 * seconds / pages:.0f} ms and {made[-1]['megabytes'] / pages:.1f} MB a page"
        rows.append((f"{pages} pages", f"{seconds:.0f} s, {made[-1]['megabytes']:.0f} MB: {each}"))
    for stage in made[0]["seconds"]:  # front matter does not grow with the answers
        both = (exponent([(it[pages], it["seconds"][stage]) for it in made]) for pages in ("answers", "pages"))
        rows.append((f"exponent of {stage}, by pages of answers and by all", " and ".join(f"{it:.2f}" for it in both)))
    rows.append(("exponent of the memory", f"{exponent([(it['pages'], it['megabytes']) for it in made]):.2f}"))
    return rows


def exponent(points: list[tuple[float, float]]) -> float:
    """Return the slope of the line of least squares through the logarithms of points."""
    xs, ys = ([math.log(value) for value in values] for values in zip(*points, strict=True))
    return statistics.linear_regression(xs, ys).slope


def cold() -> list[tuple[str, str]]:
    """Measure the experiments from nothing."""
    taken = told_by("cold.py")
    rows = [("all results in one process, seconds of the processor", f"{taken['all']:.0f}")]
    return rows + [(name, f"{seconds:.1f}") for name, seconds in taken["longest"]]


def machine() -> str:
    """Describe the machine, and how loaded it is."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if os.path.exists("/proc/cpuinfo") else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")] or ["unknown"]
    python, system = platform.python_version(), platform.system()
    return f"Python {python}, {system}, {os.cpu_count()} cores ({names[0]}), load {os.getloadavg()[0]:.1f} at the start"


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--against", default=FIRST_EDITION, help="the commit to compare with")
    parser.add_argument("--only", default=EVERYTHING, help=f"some of: {EVERYTHING}")
    given = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        tables = {
            "watch": lambda: saved(place),
            "page": lambda: alone(place),
            "cores": lambda: one_core(place),
            "warm": lambda: warm(given.against, place),
            "exports": lambda: programs.made(place / "exports", run, lambda: build(ROOT, place / "own"), TURNS),
            "cold": cold,
            "growth": lambda: grown(place),
        }
        for name in given.only.split(","):
            print(f"\n| {name} | |\n|---|--:|")
            for what, value in tables[name]():
                print(f"| {what} | {value} |", flush=True)


if __name__ == "__main__":
    main()
