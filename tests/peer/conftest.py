"""One server, and the clients of both packages that send to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ..contract.recording_server import (  # noqa: TID252 - test folders are no packages
    RecordingServer,
    recording,
)
from .callers import Callers, callers


@pytest.fixture(scope="session")
def server() -> Iterator[RecordingServer]:
    with recording() as running:
        yield running


@pytest.fixture(scope="session")
def peers(server: RecordingServer) -> Iterator[Callers]:
    official = pytest.importorskip("openai", reason="the official package is not installed here")
    with callers(official, server.base_url) as made:
        yield made
