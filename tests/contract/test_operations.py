"""Every operation of the catalogue sends what it says, and takes what it says comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from operator import attrgetter
from typing import Any, cast
from urllib.parse import parse_qsl, quote

import anyio
import pytest
from openai_http import (
    AsyncOpenAI,
    AsyncStream,
    HttpxBinaryResponseContent,
    OpenAI,
    Stream,
    StreamTruncatedError,
)
from openai_types.catalogue import Operation, WireNames, operations, resolve

from .described_answers import AFTER, answers_to, stream_of
from .described_values import Call, calls, described_classes, events
from .recording_server import Recorded, RecordingServer, recording

# Any: what hundreds of methods take and give, each of another type.

KEYS: dict[str, Any] = {"api_key": "sk-test", "admin_api_key": "sk-admin"}
CONTENT = b"\0 any bytes"


@pytest.fixture(scope="module")
def server() -> Iterator[RecordingServer]:
    with recording() as running:
        yield running


@pytest.fixture(scope="module")
def client(server: RecordingServer) -> Iterator[OpenAI]:
    with OpenAI(base_url=server.base_url, **settings()) as made:
        yield made


def settings() -> dict[str, Any]:
    """A client that tries once, and refuses what is not described."""
    return {**KEYS, "max_retries": 0, "_strict_response_validation": True}


def call(client: OpenAI, operation: Operation, given: Call) -> tuple[Any, list[Any]]:
    """What a call gives, and what iterating over that gives."""
    result = attrgetter(operation.name)(client)(**given.params)
    return result, list(result) if given.streams or operation.page else []


async def call_async(
    client: AsyncOpenAI, operation: Operation, given: Call
) -> tuple[Any, list[Any]]:
    result = attrgetter(operation.name)(client)(**given.params)
    if operation.page:
        return await result, [
            item async for item in attrgetter(operation.name)(client)(**given.params)
        ]
    awaited = await result
    return awaited, [event async for event in awaited] if given.streams else []


def assert_sent(request: Recorded, operation: Operation, given: Call) -> None:
    """A request is where the catalogue says and has in each place what was given for it."""
    places: dict[str, dict[str, Any]] = {
        "path": {},
        "query": {},
        "header": {},
        "body": {},
        "file": {},
    }
    for each in operation.parameters:
        if each.name in given.params:
            places[each.place][each.wire] = given.params[each.name]
    assert given.params.keys() <= {each.name for each in operation.parameters}
    path, _, fixed = operation.path.partition("?")
    for name, text in places["path"].items():
        path = path.replace(f"{{{name}}}", quote(text, safe=""))
    assert (request.method, request.path) == (operation.method, f"/v1{path}")
    expected = {*dict(parse_qsl(fixed)), *named(places["query"])}
    assert {name.partition("[")[0] for name, _ in request.query} == expected
    assert_headers(request, operation, places["header"])
    assert_body(request, operation, places["body"], places["file"])


def assert_headers(request: Recorded, operation: Operation, given: Mapping[str, Any]) -> None:
    key = KEYS["admin_api_key" if operation.auth == "admin" else "api_key"]
    sent = {
        "authorization": f"Bearer {key}",
        "accept": operation.accept or "application/json",
        **operation.headers,
        **{name: text if isinstance(text, str) else ",".join(text) for name, text in given.items()},
    }
    for name, text in sent.items():
        assert request.headers[name.lower()] == text


def assert_body(
    request: Recorded, operation: Operation, body: dict[str, Any], files: dict[str, Any]
) -> None:
    body, files = (in_wire_names(each, operation.wire_names) for each in (body, files))
    if operation.raw_content:
        assert_raw(request, body)
    elif sends_form(operation, files):
        assert request.media_type == "multipart/form-data"
        sent = {
            (part.name.partition("[")[0], part.filename is not None) for part in request.parts()
        }
        assert sent == {*((name, False) for name in named(body)), *((name, True) for name in files)}
    elif any(each.place in {"body", "file"} for each in operation.parameters):
        assert request.media_type == "application/json"
        assert request.json() == json.loads(json.dumps({**body, **files}))
    else:
        assert (request.content, request.media_type) == (b"", "")


def sends_form(operation: Operation, files: Mapping[str, Any]) -> bool:
    takes_files = any(each.place == "file" for each in operation.parameters)
    is_json = not files if operation.json_without_files else any(map(is_dict, files.values()))
    return takes_files and not is_json


def is_dict(given: Any) -> bool:
    return isinstance(given, Mapping)


def in_wire_names(given: Any, names: WireNames, place: str = "") -> Any:
    """Parameters as the catalogue says that they are sent."""
    if isinstance(given, list):
        return [in_wire_names(each, names, place) for each in cast("list[Any]", given)]
    if not is_dict(given) or place not in names:
        return given
    steps = {key: names[place].get(key, names[place].get("*", ("", ""))) for key in given}
    return {
        wire or key: in_wire_names(given[key], names, inside) if inside else given[key]
        for key, (wire, inside) in steps.items()
    }


def assert_raw(request: Recorded, body: dict[str, Any]) -> None:
    """A session description alone is sent as it is; with more, in a form."""
    if {*body} == {"sdp"}:
        assert (request.media_type, request.content) == ("application/sdp", body["sdp"].encode())
        return
    contents = {part.name: part.content for part in request.parts()}
    assert contents.pop("sdp") == body["sdp"].encode()
    assert {name: json.loads(each) for name, each in contents.items()} == {
        name: each for name, each in body.items() if name != "sdp"
    }


def named(given: Mapping[str, Any]) -> set[str]:
    """The names that a query or a form has: null and what is empty is not written."""
    return {name for name, each in given.items() if each is not None and each not in ([], {})}


def assert_result(result: Any, inside: list[Any], operation: Operation, given: Call) -> None:
    if given.streams:
        assert isinstance(result, Stream | AsyncStream)
        assert inside
        assert isinstance(inside[0], described_classes(resolve(given.returns)))
    elif operation.page:
        assert type(result).__name__.partition("[")[0].endswith(operation.page)
        for item in inside:
            assert isinstance(item, described_classes(resolve(given.returns)))
        assert len(inside) == 1 + result.has_next_page()
    elif given.returns == "None":
        assert result is None
    elif given.returns == "bytes":
        assert isinstance(result, HttpxBinaryResponseContent)
        assert result.content == CONTENT
    else:
        assert isinstance(result, described_classes(resolve(given.returns)))


def assert_following(requests: list[Recorded], operation: Operation) -> None:
    """The request for the next page is the first one, but for where it begins."""
    first, *others = requests
    for request in others:
        assert (request.method, request.path) == (first.method, first.path)
        more = dict(request.query)
        marker = more.pop("page" if operation.page == "TokenPage" else "after")
        assert marker == AFTER
        assert more == {name: text for name, text in first.query if name in more}


NAMES = sorted(operations())


@pytest.mark.parametrize("name", NAMES)
def test_calls(name: str, client: OpenAI, server: RecordingServer):
    operation = operations()[name]
    for given in calls(operation):
        server.expect(*answers_to(operation, given, CONTENT))
        result, inside = call(client, operation, given)
        assert_sent(server.requests[0], operation, given)
        assert_following(server.requests, operation)
        assert len(server.requests) == (len(inside) if operation.page else 1)
        assert_result(result, inside, operation, given)


@pytest.mark.parametrize("name", NAMES)
def test_asynchronous_calls(name: str, server: RecordingServer):
    operation = operations()[name]

    async def run() -> None:
        async with AsyncOpenAI(base_url=server.base_url, **settings()) as client:
            for given in calls(operation):
                first, *others = answers_to(operation, given, CONTENT)
                # A page is asked for twice: awaited, then iterated over from its begin.
                server.expect(*([first, first, *others] if operation.page else [first]))
                result, inside = await call_async(client, operation, given)
                assert_sent(
                    server.requests[-len(inside) if operation.page else 0], operation, given
                )
                assert_result(result, inside, operation, given)

    anyio.run(run)


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_is_given_in_some_call(name: str):
    operation = operations()[name]
    given = {each for one in calls(operation) for each in one.params}
    assert given == {each.name for each in operation.parameters}


@pytest.mark.parametrize("name", NAMES)
def test_calls_with_what_is_required_have_no_more(name: str):
    operation = operations()[name]
    required = {each.name for each in operation.parameters if each.required}
    smallest = min(calls(operation), key=lambda each: len(each.params))
    assert required <= {*smallest.params}
    assert all(required <= {*each.params} for each in calls(operation))


STREAMING = [name for name in NAMES if operations()[name].streams]


@pytest.mark.parametrize("name", STREAMING)
def test_every_described_event_is_given(name: str, client: OpenAI, server: RecordingServer):
    """Each in a stream of its own: some end theirs, and some are an error of the stream."""
    operation = operations()[name]
    given = next(each for each in calls(operation) if each.streams)
    for event in events(resolve(operation.streams)):
        if event.get("event") == "error":
            continue  # raised as an APIError, with the fields of the event
        known = {"event", "data"} if operation.event_and_data else {*event}
        server.expect(stream_of(operation, [event]))
        stream = attrgetter(name)(client)(**given.params)
        assert [one.to_dict() for one in some(stream)] == [
            {name: event[name] for name in event.keys() & known}
        ]


def some(stream: Stream[Any]) -> Iterator[Any]:
    """The events of a stream, which may end before that which its API ends with."""
    with suppress(StreamTruncatedError):
        yield from stream


def test_path_parameters_are_one_segment_each(client: OpenAI, server: RecordingServer):
    odd = "a/b c?d#e%2F\u00fc.."
    for operation in operations().values():
        paths = {each.name: odd for each in operation.parameters if each.place == "path"}
        given = calls(operation)[-1]
        if paths:
            given = Call({**given.params, **paths}, given.returns, given.streams)
            server.expect(*answers_to(operation, given, CONTENT))
            call(client, operation, given)
            assert_sent(server.requests[0], operation, given)
