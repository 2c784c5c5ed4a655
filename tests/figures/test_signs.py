"""The table of signs: in one drawing no two are alike in black and white."""

from itertools import combinations

import pytest

from figures.kit import signs, style


def luminance(color):
    """Relative luminance of sRGB, from black (0) to white (1)."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("name", signs.TABLES)
def test_two_signs_of_a_table_differ_without_their_color(name):
    for (a, one), (b, other) in combinations(signs.TABLES[name].items(), 2):
        near = abs(luminance(one.color) - luminance(other.color)) < 0.12
        assert not (near and one.line == other.line and one.marker == other.marker), (a, b)
        assert one.marker != other.marker, (a, b)
        assert (one.color, one.line) != (other.color, other.line), (a, b)


def test_the_colors_are_those_of_the_page():
    used = {sign.color for table in signs.TABLES.values() for sign in table.values()}
    assert used <= {style.TEAL, style.RUST, style.INK, style.GREY}


def test_a_sign_is_options_for_plot():
    sheet, axes = style.figure("margin", 20)
    (line,) = axes.plot([0, 1], [0, 1], **signs.METHODS["Adam"].both)
    assert line.get_marker() == "P" and line.get_color() == style.GREY
    style.plt.close(sheet)
