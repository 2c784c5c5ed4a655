"""Drawings are cut to their ink: what a sheet leaves free does not reach the page, and what bleeds stays whole."""

import pytest

from press import pipeline, remembered
from press.page import PAGE
from press.pictures.figures import draw
from press.problems import Problems

DRAWING = """import matplotlib.pyplot as plt
from press.pictures.results import figure

@figure
def square():
    sheet = plt.figure(figsize=({width} / 25.4, 40 / 25.4))
    sheet.add_artist(plt.Rectangle(({left}, 0.25), 0.5, 0.5, facecolor="black", linewidth=0))
    return sheet
"""


def drawn(folder, cache, width=45.0, left=0.25):
    folder.mkdir(exist_ok=True)
    folder.joinpath("__init__.py").touch()
    folder.joinpath("one.py").write_text(DRAWING.format(width=width, left=left), encoding="utf-8")
    problems = Problems()
    drawings = draw(folder, cache, pipeline.TEMPLATES / "fonts", problems)
    assert not problems.found
    return drawings


@pytest.mark.parametrize(("left", "width"), [(0.25, 22.5), (0.75, 22.5), (-0.25, 22.5)])
def test_a_drawing_is_as_large_as_its_ink(tmp_path, left, width):
    figure = drawn(tmp_path / "figures", tmp_path / "cache", left=left).figures["one/square"]
    assert (figure.page.width * 25.4 / 72, figure.page.height * 25.4 / 72) == pytest.approx((width, 20.0), abs=0.15)
    assert figure.sheet * 25.4 / 72 == pytest.approx(45, abs=0.01)


def test_the_cut_page_begins_at_its_ink(tmp_path):
    drawings = drawn(tmp_path / "figures", tmp_path / "cache")
    page = drawings.pages["one-square"]
    assert [float(side) for side in page.mediabox[:2]] == [0, 0]
    content = b"".join(stream.read_bytes() for stream in page.Contents)
    left, bottom = (float(value) for value in content.split()[5:7])
    assert (left * 25.4 / 72, bottom * 25.4 / 72) == pytest.approx((-45 / 4, -10), abs=0.15)


def test_a_drawing_that_bleeds_stays_whole(tmp_path):
    wide = PAGE.wide.mm + 40
    figure = drawn(tmp_path / "figures", tmp_path / "cache", width=wide).figures["one/square"]
    assert figure.page.width * 25.4 / 72 == pytest.approx(wide, abs=0.01)


def test_where_the_ink_is_is_kept_and_measured_again_where_it_cannot_be_read(tmp_path):
    first = drawn(tmp_path / "figures", tmp_path / "cache").figures["one/square"].page
    (kept,) = (tmp_path / "cache").glob("*.ink")
    known = remembered.recall(kept)
    for broken in (b"{}", kept.read_bytes()[:-5]):
        kept.write_bytes(broken)
        assert drawn(tmp_path / "figures", tmp_path / "cache").figures["one/square"].page == first
    remembered.store(kept, {"digest": "another", "ink": [0, 0, 9, 9]})
    assert drawn(tmp_path / "figures", tmp_path / "cache").figures["one/square"].page == first
    remembered.store(kept, known | {"ink": [0, 0, 9, 9]})
    assert drawn(tmp_path / "figures", tmp_path / "cache").figures["one/square"].page.width == 9
