"""What the tests of the recorder share."""

from collections.abc import Iterator

import pytest

from .raw_server import RawServer, raw_server


@pytest.fixture
def upstream() -> Iterator[RawServer]:
    with raw_server() as server:
        yield server
