"""What the fuzzer starts from, and what it has found, holds in every run of the tests."""

from pathlib import Path

import pytest

from .checks import CHECKS, corpus


@pytest.mark.parametrize("path", corpus(), ids=lambda path: path.name)
def test_every_check_holds(path: Path):
    stream = path.read_bytes()
    for check in CHECKS:
        check(stream)
