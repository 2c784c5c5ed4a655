"""Style, types and who imports whom: `make lint`, beside the other tests."""

import shutil
import subprocess

import pytest
from conftest import ROOT


@pytest.mark.skipif(not shutil.which("make"), reason="make is not there")
def test_the_code_is_in_order():
    told = subprocess.run(["make", "lint"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
