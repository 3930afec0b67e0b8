"""Every operation through the official package and through this one: one request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

import openai_suite
import pytest
from openai_types.catalogue import Operation, operations

# Test folders are no packages that could be imported from the root.
from ..contract.described_answers import answers_to  # noqa: TID252
from ..contract.described_values import Call, calls  # noqa: TID252
from ..contract.recording_server import Recorded, RecordingServer, recording  # noqa: TID252

pytestmark = pytest.mark.peer
openai = pytest.importorskip("openai", reason="the official package is not installed here")

# Any: what hundreds of methods of two packages take and give.

Request = dict[str, Any]
COMPARED_HEADERS = ("authorization", "openai-beta", "idempotency-key")


def in_json(official: Request) -> Request:
    """A form without files: the API takes it as JSON too, and so it is sent here."""
    if official["media type"] != "multipart/form-data" or any(
        part.filename for part in official["body"]
    ):
        return official
    fields = {part.name: part.content.decode() for part in official["body"]}
    return {**official, "media type": "application/json", "body": fields}


def as_floats(official: Request) -> Request:
    """The official package asks for base64 where the user asked for nothing."""
    given = official["body"]
    if given["encoding_format"] == "base64":
        given = {name: each for name, each in given.items() if name != "encoding_format"}
    return {**official, "body": given}


# What is sent here instead of what the official package sends; the docstrings say why.
DIFFERENCES: dict[str, Callable[[Request], Request]] = {
    "audio.voices.create": in_json,
    "embeddings.create": as_floats,
    "videos.create": in_json,
}
# A key of these TypedDicts is named `async_` and has to be written `async`.
RESERVED = {"beta.agents.create", "beta.agents.sessions.create", "beta.agents.update"}


@pytest.fixture(scope="module")
def server() -> Iterator[RecordingServer]:
    with recording() as running:
        yield running


@pytest.fixture(scope="module")
def clients(server: RecordingServer) -> Iterator[tuple[Any, Any]]:
    settings: dict[str, Any] = {
        "api_key": "sk-test",
        "admin_api_key": "sk-admin",
        "base_url": server.base_url,
        "max_retries": 0,
    }
    with openai.OpenAI(**settings) as official, openai_suite.OpenAI(**settings) as ours:
        yield official, ours


def sent(server: RecordingServer, client: Any, operation: Operation, given: Call) -> Recorded:
    server.expect(*answers_to(operation, given, b"content"))
    result = attrgetter(operation.name)(client)(**given.params)
    if given.streams:
        result.close()
    return server.requests[0]


def matters(request: Recorded) -> Request:
    accept = request.headers.get("accept")
    return {
        "method": request.method,
        "path": request.path,
        "query": sorted(request.query),
        "headers": {name: request.headers.get(name) for name in COMPARED_HEADERS},
        "accept": None if accept == "application/json" else accept,
        "media type": request.media_type if request.content else "",
        "body": body(request),
    }


def body(request: Recorded) -> Any:
    if request.media_type == "multipart/form-data":
        return sorted(request.parts(), key=repr)
    is_json = request.content and request.media_type == "application/json"
    return request.json() if is_json else request.content


NAMES = [
    pytest.param(
        name,
        marks=pytest.mark.xfail(name in RESERVED, reason="`async_` is sent as it is"),
    )
    for name in sorted(operations())
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the official package warns of some
@pytest.mark.parametrize("name", NAMES)
def test_both_send_the_same_request(name: str, server: RecordingServer, clients: tuple[Any, Any]):
    operation = operations()[name]
    explained = DIFFERENCES.get(name)
    differs = False
    for given in calls(operation):
        official, ours = (matters(sent(server, each, operation, given)) for each in clients)
        differs |= ours != official
        assert ours == (explained(official) if explained else official)
    assert differs == (explained is not None)
