"""What the pages of 3.12 say that no figure computes, recomputed from the definitions."""

from fractions import Fraction
from itertools import product


def masks_with_chances(count, p):
    for mask in product((0, 1), repeat=count):
        yield mask, Fraction(1 - p) ** sum(mask) * Fraction(p) ** (count - sum(mask))


def test_variance_with_exact_fractions():
    for p in (Fraction(1, 10), Fraction(1, 5), Fraction(1, 2), Fraction(4, 5)):
        square = sum(chance * (mask[0] * 3 / (1 - p)) ** 2 for mask, chance in masks_with_chances(1, p))
        assert (square - 9) / 9 == p / (1 - p)


def test_noise_adds_a_weight_penalty():
    p, w, x, y = Fraction(1, 5), (2, -3, 1), (1, 2, 4), 5
    mean = sum(
        chance * (y - sum(a * m * b / (1 - p) for a, m, b in zip(w, mask, x, strict=True))) ** 2
        for mask, chance in masks_with_chances(3, p)
    )
    plain = (y - sum(a * b for a, b in zip(w, x, strict=True))) ** 2
    assert mean == plain + p / (1 - p) * sum((a * b) ** 2 for a, b in zip(w, x, strict=True))
