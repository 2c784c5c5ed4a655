"""The faults that `make mutants` plants still find their place, and the tests that should see them are there."""

import mutants
import pytest


@pytest.mark.parametrize("mutant", mutants.MUTANTS, ids=lambda mutant: mutant.what)
def test_a_fault_finds_its_place(mutant):
    assert (mutants.ROOT / mutant.file).read_text(encoding="utf-8").count(mutant.old) == 1
    file, _, test = mutant.tests.partition("::")
    assert f"def {test}" in (mutants.ROOT / "tests" / file).read_text(encoding="utf-8")
