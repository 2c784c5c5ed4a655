"""Modules of figures run in a state of their own, and whatever goes wrong is told with file and line."""

import hashlib
import json
import os
import pickle
import py_compile

import pytest

from press import pipeline
from press.pictures import figures
from press.pictures.figures import draw
from press.pictures.plain import kept
from press.problems import Problems

HEAD = """import matplotlib.pyplot as plt
from press.pictures.results import computed, experiment, figure, numbers

"""
HOW = "(mend the function, or its inputs)"


def drawn(tiny, body="", name="more", cache=None):
    """Draw the figures of the tiny book, one more module among them; return (drawings, faults)."""
    if body:
        tiny.folder.joinpath("figures", f"{name}.py").write_text(HEAD + body, encoding="utf-8")
    problems = Problems()
    fonts = pipeline.TEMPLATES / "fonts"
    drawings = draw(tiny.folder / "figures", cache or pipeline.CACHE / "figures", fonts, problems)
    return drawings, [str(problem).replace(f"{tiny.folder}/", "") for problem in problems.found]


FAULTS = {
    # What the module does, and what is told (line 4 is the first line of the body).
    "nan": ("@numbers\ndef a():\n    return {'b': [1.0, float('nan')]}\n", 5, "a.b[1] is nan"),
    "infinity of numpy": (
        "import numpy\n@numbers\ndef a():\n    return {'b': numpy.array([numpy.inf])}\n",
        6,
        "a.b[0] is inf",
    ),
    "a raw object": ("@numbers\ndef a():\n    return {'b': {1, 2}}\n", 5, "a.b is a set"),
    "a complex number": ("@numbers\ndef a():\n    return 1j\n", 5, "a is a complex"),
    "sys.exit(0)": ("import sys\n@numbers\ndef a():\n    sys.exit(0)\n", 7, "SystemExit: 0"),
    "sys.exit(0) at import": ("import sys\nsys.exit(0)\n@numbers\ndef a():\n    return 1\n", 5, "SystemExit: 0"),
    "KeyboardInterrupt": ("@numbers\ndef a():\n    raise KeyboardInterrupt\n", 6, "KeyboardInterrupt"),
    "the end of the process": (
        "import os\n@numbers\ndef a():\n    os._exit(0)\n",
        0,
        "the process ended without a result (status 0)",
    ),
    "a crash": ("import ctypes\n@numbers\ndef a():\n    ctypes.string_at(0)\n", 7, "the process died of SIGSEGV"),
    "a warning": (
        "import warnings\n@numbers\ndef a():\n    warnings.warn('dark', stacklevel=1)\n    return 1\n",
        7,
        "a warns: dark",
    ),
    "a division by zero": (
        "import numpy\n@numbers\ndef a():\n    return 1 if (numpy.ones(1) / numpy.zeros(1)).size else 0\n",
        7,
        "a warns: divide by zero",
    ),
    "a letter that no font has": (
        "@figure\ndef a():\n    sheet, axes = plt.subplots()\n    axes.set_title('学')\n    return sheet\n",
        5,
        "a warns: Glyph 23398",
    ),
    "a font of the machine": (
        "@figure\ndef a():\n    sheet, axes = plt.subplots()\n"
        "    axes.set_title('x', family='DejaVu Sans')\n    return sheet\n",
        5,
        "a warns: findfont: Font family 'DejaVu Sans' not found",
    ),
    "a font by its file": (
        "import matplotlib, pathlib\n@figure\ndef a():\n    sheet, axes = plt.subplots()\n"
        "    axes.set_title('x', font=pathlib.Path(matplotlib.get_data_path(), 'fonts/ttf/DejaVuSerif.ttf'))\n"
        "    return sheet\n",
        6,
        "a draws with DejaVuSerif",
    ),
    "a computed object": (
        "@computed\ndef a():\n    return plt.figure()\n@numbers\ndef b():\n    return a() and 1\n",
        9,
        "TypeError: matplotlib.figure.Figure cannot be kept",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_a_module_is_told_with_its_line_in_every_build(tiny, name):
    body, line, what = FAULTS[name]
    for _ in range(2):
        _, faults = drawn(tiny, body)
        place = f"figures/more.py:{line}" if line else "figures/more.py"
        assert [fault for fault in faults if fault.startswith(f"{place}: {what}")], faults
        assert all(fault.startswith("figures/more.py") and fault.endswith(HOW) for fault in faults), faults


def test_a_result_without_end_is_ended(tiny):
    tiny.folder.joinpath("figures", "__init__.py").write_text(
        "from press.pictures import running\nrunning.PROCESSOR = 0.2\n", encoding="utf-8"
    )
    _, faults = drawn(tiny, "@numbers\ndef a():\n    while True:\n        sum(range(9))\n")
    assert faults == [f"figures/more.py:7: TimeoutError: more than 0.2 s of the processor {HOW}"]


def test_settings_of_one_module_do_not_reach_another(tiny):
    quote = "@numbers\ndef width():\n    return plt.rcParams['lines.linewidth']\n"
    for name in ("a", "b", "d", "e"):
        drawn_source = HEAD + quote
        tiny.folder.joinpath("figures", f"{name}.py").write_text(drawn_source, encoding="utf-8")
    drawings, faults = drawn(tiny, "plt.rcParams['lines.linewidth'] = 12\n" + quote, "c")
    assert faults == []
    assert [drawings.numbers[name]["width"] for name in "abcde"] == [1.5, 1.5, 12, 1.5, 1.5]


def test_the_settings_of_the_user_do_not_count(tiny, tmp_path, monkeypatch):
    tmp_path.joinpath("matplotlibrc").write_text("lines.linewidth: 7\n", encoding="utf-8")
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path))
    drawings, _ = drawn(tiny, "@numbers\ndef user():\n    return plt.rcParams['lines.linewidth']\n")
    assert drawings.numbers["more"]["user"] == 1.5


def test_old_bytecode_of_the_same_time_and_size_is_not_taken(tiny):
    source = tiny.folder / "figures" / "extra.py"
    body = "from .extra import K\n@numbers\ndef k():\n    return K\n"
    for value in (3, 4):
        source.write_text(f"K = {value}\n", encoding="utf-8")
        os.utime(source, (0, 0))
        if value == 3:
            py_compile.compile(str(source))
        drawings, faults = drawn(tiny, body)
        assert faults == [] and drawings.numbers["more"]["k"] == value


@pytest.mark.parametrize(
    "form", ["from figures import extra", "from .sub import extra", "import figures.extra as extra"]
)
def test_a_changed_helper_changes_the_number(tiny, form):
    folder = tiny.folder / "figures"
    folder.joinpath("sub").mkdir()
    for value in (3, 4):
        for place in (folder, folder / "sub"):
            place.joinpath("extra.py").write_text(f"K = {value}\n", encoding="utf-8")
        drawings, faults = drawn(tiny, f"{form}\n@numbers\ndef k():\n    return extra.K\n")
        assert faults == [] and drawings.numbers["more"]["k"] == value


TRAINED = """import pathlib
@computed
def trained(rate, steps=3):
    with pathlib.Path({count!r}).open("a") as file:
        file.write("x")
    return {{"loss": rate * steps, "all": (1, [2.5])}}

@figure
def drawing():
    sheet, axes = plt.subplots()
    axes.set_title("{label} " + str(trained(2)["loss"]) + str(type(trained(2)["all"]).__name__))
    return sheet
"""


def test_a_changed_label_draws_again_and_does_not_train_again(tiny, tmp_path):
    count = tmp_path / "count"
    for label in ("one", "two"):
        drawings, faults = drawn(tiny, TRAINED.format(count=str(count), label=label), cache=tmp_path / "cache")
        assert faults == [] and drawings.drawn == (2 if label == "one" else 1)
    assert count.read_text() == "x"
    drawings, faults = drawn(
        tiny, TRAINED.format(count=str(count), label="two").replace("steps=3", "steps=4"), cache=tmp_path / "cache"
    )
    assert faults == [] and count.read_text() == "xx"


@pytest.mark.parametrize("damage", ["cut", "changed", "noise", "gone", "folder"])
def test_a_damaged_cache_is_made_again(tiny, tmp_path, damage):
    cache = tmp_path / "cache"
    body = TRAINED.format(count=str(tmp_path / "count"), label="one")
    drawings, _ = drawn(tiny, body, cache=cache)
    before = {path.name: path.read_bytes() for path in cache.glob("*.*")}
    for path in list(cache.glob("*.*")):
        content = path.read_bytes()
        path.unlink()
        if damage == "folder":
            path.mkdir()
        elif damage != "gone":
            middle = len(content) // 2
            flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
            path.write_bytes({"cut": content[:middle], "changed": flipped, "noise": b"\0\xff" * 99}[damage])
    again, faults = drawn(tiny, body, cache=cache)
    assert faults == [] and again.numbers == drawings.numbers
    assert {path.name: path.read_bytes() for path in cache.glob("*.*")} == before


def test_a_computed_value_runs_no_code_when_it_is_read(tmp_path):
    class Evil:
        def __reduce__(self):
            return (print, ("evil",))

    content = pickle.dumps(Evil())
    path = tmp_path / "x.computed"
    path.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
    with pytest.raises(TypeError, match="cannot be kept"):
        kept(path, dict)


@pytest.mark.parametrize(
    "content, told",
    [
        (b"K = '\xe9'\n", "this file is not UTF-8 (save it as UTF-8)"),
        (b"def k(:\n", "Python: invalid syntax (mend the module)"),
    ],
)
def test_a_helper_that_cannot_be_read_is_named(tiny, content, told):
    tiny.folder.joinpath("figures", "extra.py").write_bytes(content)
    _, faults = drawn(tiny, "from .extra import K\n@numbers\ndef k():\n    return K\n")
    assert len(faults) == 1 and faults[0].startswith("figures/extra.py") and faults[0].endswith(told)


def test_numbers_are_stored_as_json_with_their_digest(tiny, tmp_path):
    drawn(tiny, cache=tmp_path)
    (stored,) = tmp_path.glob("numbers-values-*.json")
    assert json.loads(stored.read_text())["value"] == {"third": 1 / 3}
    assert figures._stored(stored.with_suffix(""), "numbers") == {"third": 1 / 3}
