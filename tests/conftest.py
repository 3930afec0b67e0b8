"""What the tests that span packages share: the checkout, its packages, and a mock server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openai_mock import MockServer, serve

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def server() -> Iterator[MockServer]:
    with serve() as running:
        yield running


@pytest.fixture(params=[path.name for path in sorted((ROOT / "packages").iterdir())])
def package(request: pytest.FixtureRequest) -> Path:
    """The folder of one package; a test that asks for it runs once for each."""
    return ROOT / "packages" / str(request.param)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
