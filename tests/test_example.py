"""The second book: built and proofread, its numbers by another route."""

import numpy as np
import pytest
from conftest import ROOT, print_whole

from press.pdf.story import read_story
from press.pipeline import TEMPLATES
from press.proof import printed, reader
from press.proof.rawwords import plain

BOOK = ROOT / "examples" / "sundials"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The book in print."""
    return print_whole(BOOK, tmp_path_factory.mktemp("sundials"))


@pytest.fixture(scope="module")
def numbers(made):
    """Its computed numbers by module."""
    return made.context.drawings.numbers


def test_it_is_printed_as_it_is_written(made):
    assert not made.problems
    assert not printed.compare(BOOK, made.files, made.context.drawings.numbers).problems


def test_the_proof_finds_nothing(made):
    assert reader.look(made, TEMPLATES).findings == []


def test_it_has_12_to_20_pages_and_a_picture_with_its_license(made):
    story = read_story(next(path for key, path in made.files.items() if tuple(key) == ("book", "a4")))
    assert 12 <= len(story.labels) <= 20
    words = " ".join(plain(block.words.replace("\n", " ")) for block in story.blocks)
    assert "Picture: The Sundials Authors, made by a program of this book, CC BY 4.0." in words


def test_no_word_of_the_other_book_stands_in_it(made):
    for path in (path for path in made.files.values()):
        words = " ".join(block.words for block in read_story(path).blocks).lower()
        for word in ("network", "learning", "gradient", "neuron"):
            assert word not in words, (path.name, word)


def test_hour_lines_by_planes(numbers):
    """The plane of the style and the Sun cuts the ground in the hour line, whatever the declination."""
    for latitude in (30, 40, 50, 60):
        lean = np.radians(latitude)
        style = np.array([0, np.cos(lean), np.sin(lean)])
        for hour in range(1, 6):
            turn = np.radians(15 * hour)
            for tilt in np.radians([-20, 0, 23]):
                sun = np.array(
                    [
                        -np.cos(tilt) * np.sin(turn),
                        np.sin(tilt) * np.cos(lean) - np.cos(tilt) * np.sin(lean) * np.cos(turn),
                        np.sin(lean) * np.sin(tilt) + np.cos(lean) * np.cos(tilt) * np.cos(turn),
                    ]
                )
                line = np.cross(np.cross(style, sun), [0, 0, 1])
                angle = np.degrees(np.arctan(line[0] / line[1]))
                assert angle == pytest.approx(numbers["dial"]["lines"][f"at{latitude}"][hour], abs=1e-9)


def test_the_equation_of_time_by_its_first_two_waves(numbers):
    """The formula of the sheet, 9.9 sin 2L - 7.7 sin M, comes within half a minute of what the text says."""
    day = np.arange(1, 366)
    anomaly = np.radians(360 * (day - 3) / 365.25)
    both = 9.9 * np.sin(2 * (anomaly + np.radians(283))) - 7.7 * np.sin(anomaly)
    told = numbers["clock"]["extremes"]
    assert both.max() == pytest.approx(told["most"], abs=0.5) and -both.min() == pytest.approx(told["least"], abs=0.5)
    assert (told["most_day"], told["least_day"]) == ("November 3", "February 11")
    assert told["zeros"] == ["April 15", "June 12", "September 1", "December 24"]
    seconds = -60 * np.diff(both)
    assert seconds.max() == pytest.approx(numbers["clock"]["solar_day"]["longest"], abs=2)


def test_shadows_and_days_at_50_degrees(numbers):
    told = numbers["sky"]["noon"]
    assert told["shadow"]["summer"] == pytest.approx(1 / np.tan(np.radians(63.44)))
    assert told["shadow"]["winter"] / told["shadow"]["summer"] == pytest.approx(6.7, abs=0.1)
    hours = np.degrees(np.arccos(-np.tan(np.radians(50)) * np.tan(np.radians(23.44)))) / 7.5
    assert told["day"]["summer"] == pytest.approx(hours) and told["day"]["winter"] == pytest.approx(24 - hours)


def test_the_half_shadow(numbers):
    assert numbers["dial"]["blur"]["per_meter"] == pytest.approx(1000 * np.radians(0.53), rel=1e-4)
    assert numbers["dial"]["blur"]["minutes"] == pytest.approx(0.53 * 4)
