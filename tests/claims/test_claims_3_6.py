"""Claims of section 3.6 that no module of figures computes: proofs of the text, each by another route."""

import numpy as np
import pytest


def test_variance_of_a_unit_is_the_squared_length_for_white_inputs():
    x = np.random.default_rng(5).normal(size=(4000, 2))
    x = (x - x.mean(axis=0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(x.T, ddof=0)).T)
    w = np.array([1.2, 1.6])
    assert (x @ w).var() == pytest.approx(w @ w)


def test_best_rate_and_rule_of_steps():
    values = np.array([1.0, 7.0, 20.0])
    rates = np.linspace(0.001, 0.2, 100_000)
    worst = np.abs(1 - rates[:, None] * values).max(1)
    assert rates[worst.argmin()] == pytest.approx(2 / 21, abs=1e-5)
    assert worst.min() == pytest.approx(19 / 21, abs=1e-4)
    factor, steps = 99 / 101, 0
    share = 1.0
    while share > 1e-3:
        share, steps = share * factor, steps + 1
    assert abs(steps - 50 * np.log(1000)) < 1.5 and round(50 * np.log(1000)) == 345
