"""Every fault on the default transport, and on the one whose limits are the library's own."""

import functools
from typing import Any

import pytest


@pytest.fixture(params=[None, "pyreqwest"], ids=["httpx", "pyreqwest"])
def transport(request: pytest.FixtureRequest) -> str | None:
    return request.param


@pytest.fixture
def caller(kind: str, transport: str | None, new_caller: Any, server: Any) -> Any:
    caller = new_caller(kind, server.url)
    make = caller.make

    @functools.wraps(make)
    def make_with(**options: Any) -> Any:
        chosen = {} if "http_client" in options else {"transport": transport}
        return make(**chosen, **options)

    caller.make = make_with
    return caller
