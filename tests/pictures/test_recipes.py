"""Recipes: what a result comes from, followed by name through every form of import."""

import pytest

from press.pictures.recipes import Sources

MODULE = '''
{imports}
from .kit.results import computed, figure

RATE = 0.1
COLOR = "teal"

def _step(w):
    return w - RATE * w

@computed
def trained():
    """Train."""
    return _step({reach}K)

@figure
def drawing():
    return COLOR, "label", trained()
'''
IMPORTS = {
    "from .extra import K": "",
    "from figures.extra import K": "",
    "from .extra import K as L": "L or ",
    "from . import extra": "extra.",
    "from figures import extra": "extra.",
    "from figures import extra as e": "e.",
    "import figures.extra": "figures.extra.",
    "import figures.extra as e": "e.",
    "from .sub.inner import K": "",
    "from .sub import inner": "inner.",
    "from .sub import K": "",
    "from . import sub": "sub.inner.",
    "import figures.sub.inner": "figures.sub.inner.",
    "from .extra import *": "",
    "from .between import K": "",
}


@pytest.fixture
def folder(tmp_path):
    """A folder of figures with a helper in each kind of place."""
    root = tmp_path / "figures"
    for path, text in {
        "__init__.py": "",
        "kit/__init__.py": "",
        "kit/results.py": "from press.pictures.results import computed, figure\n",
        "extra.py": "K = 3\nOTHER = 4\n",
        "between.py": "from .extra import K\n",
        "sub/__init__.py": "from .inner import K\n",
        "sub/inner.py": "K = 3\n",
        "data/points.csv": "1,2\n",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def recipes(folder, **changes):
    """Write the module with changes, and return its recipes (of the training, of the drawing)."""
    text = MODULE.format(**{"imports": "from .extra import K", "reach": ""} | changes.pop("form", {}))
    for old, new in changes.get("replace", ()):
        assert old in text
        text = text.replace(old, new)
    (folder / "topic.py").write_text(text, encoding="utf-8")
    sources = Sources(folder)
    return sources.recipe("topic", "trained"), sources.recipe("topic", "drawing")


@pytest.mark.parametrize("statement", IMPORTS)
def test_an_import_in_any_form_is_followed(folder, statement):
    form = {"imports": statement, "reach": IMPORTS[statement]}
    before = recipes(folder, form=form)
    for file in folder.rglob("*.py"):
        if "K = 3" in file.read_text(encoding="utf-8"):
            file.write_text(file.read_text(encoding="utf-8").replace("K = 3", "K = 5"), encoding="utf-8")
    after = recipes(folder, form=form)
    assert before[0] != after[0] and before[1] != after[1]


@pytest.mark.parametrize(
    "old, new",
    [
        ('"label"', '"another label"'),
        ('COLOR = "teal"', 'COLOR = "rust"'),
        ("return COLOR", "print()\n    return COLOR"),
    ],
)
def test_a_changed_drawing_leaves_the_training_alone(folder, old, new):
    before, after = recipes(folder), recipes(folder, replace=[(old, new)])
    assert before[0] == after[0] and before[1] != after[1]


@pytest.mark.parametrize(
    "old, new",
    [
        ("RATE = 0.1", "RATE = 0.2"),
        ("w - RATE", "w + RATE"),
        ("return _step(K)", "return _step(2 * K)"),
        ("RATE = 0.1", "RATE = 0.1\nprint(RATE)"),
        ("RATE = 0.1", "RATE = 0.1\nimport numpy\nnumpy.seterr(all='ignore')"),
        ("RATE = 0.1", "RATE = 0.1\nfor RATE in (0.2, 0.3):\n    pass"),
        ("RATE = 0.1", "RATE = 0.1\nRATE += 1"),
    ],
)
def test_whatever_the_training_reaches_counts(folder, old, new):
    before, after = recipes(folder), recipes(folder, replace=[(old, new)])
    assert before[0] != after[0] and before[1] != after[1]


@pytest.mark.parametrize(
    "old, new",
    [
        ("RATE = 0.1", "RATE = 0.1  # slow"),
        ('"""Train."""', '"""Train well."""'),
        ("import computed, figure", "import computed, figure, numbers"),
        ("\nRATE", "\n\n\nRATE"),
    ],
)
def test_words_for_people_and_other_names_of_an_import_do_not_count(folder, old, new):
    assert recipes(folder) == recipes(folder, replace=[(old, new)])


def test_a_name_that_nobody_reaches_does_not_count(folder):
    before = recipes(folder)
    folder.joinpath("extra.py").write_text("K = 3\nOTHER = 5\n", encoding="utf-8")
    assert recipes(folder) == before


@pytest.mark.parametrize("reach", ["eval('K') + ", "globals()['K'] + ", "getattr(extra, 'OTHER') + "])
def test_what_looks_names_up_by_itself_comes_from_everything(folder, reach):
    form = {"imports": "from . import extra\nfrom .extra import K", "reach": reach}
    before = recipes(folder, form=form)
    folder.joinpath("extra.py").write_text("K = 3\nOTHER = 5\n", encoding="utf-8")
    assert recipes(folder, form=form)[0] != before[0]


def test_data_count_in_folders_too(folder):
    before = recipes(folder)
    folder.joinpath("data", "mnist").mkdir()
    folder.joinpath("data", "mnist", "a.csv").write_text("1", encoding="utf-8")
    assert recipes(folder)[0] != before[0]


def test_what_a_module_runs_when_it_is_imported_counts(folder):
    before = recipes(folder)
    folder.joinpath("extra.py").write_text("K = 3\nOTHER = 4\nprint(OTHER)\n", encoding="utf-8")
    assert recipes(folder)[0] != before[0]
