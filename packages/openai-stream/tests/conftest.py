"""A response to hang streams on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from .sources import Colour


@dataclass
class Request:
    method: str = "POST"
    url: str = "http://127.0.0.1/v1/responses"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass
class Response:
    status_code: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    request: Request = field(default_factory=Request)


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def response() -> Response:
    return Response()


@pytest.fixture(params=["sync", "async"])
def colour(request: pytest.FixtureRequest, response: Response) -> Colour:
    return Colour(request.param, response)
