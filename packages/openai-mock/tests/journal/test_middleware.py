from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_mock import Exchange, Journal, MockServer
from openai_mock.journal import Close, Journaling
from openai_mock.journal.middleware import SLOW
from openai_mock.serving.hosting import ThreadedServer, listen
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

if TYPE_CHECKING:
    from openai_mock.serving.answering import App, Message, Receive, Send

RESPONSE = {"model": "gpt-5.5", "input": "Hello there"}
PATIENCE = 30.0  # seconds; reached only when something is broken
SCOPE: dict[str, Any] = {"type": "http", "method": "POST", "path": "/v1/x", "headers": []}
SOCKET: dict[str, Any] = {"type": "websocket", "path": "/v1/realtime", "headers": []}
LONG = (b"content-length", b"9")
START: dict[str, Any] = {"type": "http.response.start", "status": 200, "headers": []}
END: dict[str, Any] = {"type": "http.response.body", "body": b"ok"}


# Over a real socket.


def test_call_is_in_the_journal_when_the_client_has_its_answer(
    watched: MockServer, caller: httpx.Client
):
    for count in range(1, 6):
        answer = caller.post("/responses", json=RESPONSE)
        assert len(watched.requests) == count
        exchange = watched.requests[-1]
        assert exchange.json() == RESPONSE
        assert (exchange.operation, exchange.model) == ("responses.create", "gpt-5.5")
        assert (exchange.method, exchange.path) == ("POST", "/v1/responses")
        assert exchange.headers["authorization"] == "[removed]"
        assert exchange.headers["content-type"] == "application/json"
        assert (exchange.ended, exchange.status, exchange.problem) == ("complete", 200, None)
        assert exchange.response
        assert exchange.response.json() == answer.json()
        assert exchange.response.headers["x-request-id"] == answer.headers["x-request-id"]


def test_query_is_in_the_journal(watched: MockServer, caller: httpx.Client):
    caller.get("/files?limit=2&order=asc")
    exchange = watched.requests.to("files.list")[0]
    assert (exchange.query["limit"], exchange.query["order"]) == ("2", "asc")


def test_stream_is_in_the_journal_event_by_event(watched: MockServer, caller: httpx.Client):
    answer = caller.post("/responses", json={**RESPONSE, "stream": True})
    response = watched.requests[-1].response
    assert response
    assert response.body == answer.content
    sent = [line.removeprefix("data: ") for line in answer.text.split("\n") if "data: " in line]
    assert [event.data for event in response.events] == sent
    assert [event.name for event in response.events] == [json.loads(each)["type"] for each in sent]
    times = [event.at for event in response.events]
    assert times == sorted(times)


def test_refused_call_is_explained(watched: MockServer, caller: httpx.Client):
    caller.post("/responses", json={**RESPONSE, "temprature": 1})
    exchange = watched.requests[-1]
    assert (exchange.ended, exchange.status) == ("complete", 400)
    assert exchange.problem
    assert (exchange.problem.code, exchange.problem.param) == ("unknown_parameter", "temprature")
    assert "'temperature'" in exchange.problem.remedy


@pytest.mark.parametrize("path", ["/responses", "/nowhere"])
def test_body_that_was_not_read_by_a_refusal_is_known(watched: MockServer, path: str):
    answer = httpx.post(watched.base_url + path, json=RESPONSE, trust_env=False)
    assert answer.status_code in (401, 404)
    assert watched.requests[-1].json() == RESPONSE


def test_upload_beyond_the_limit_is_counted(watched: MockServer, caller: httpx.Client):
    body = b"x" * (5 * 1024 * 1024)
    caller.post("/responses", content=body, headers={"content-type": "text/plain"})
    request = watched.requests[-1].request
    assert len(request.body) + request.dropped == len(body)
    assert request.dropped == 1024 * 1024


def opened(server: MockServer, *, key: str | None = None) -> Any:  # Any: as in conftest
    url = f"{server.base_url.replace('http', 'ws')}/realtime?model=gpt-realtime"
    headers = {"authorization": f"Bearer {key or server.api_key}"}
    return connect(url, additional_headers=headers, proxy=None)


def test_frames_of_a_websocket_are_in_the_journal_both_ways(watched: MockServer):
    with opened(watched) as websocket:
        frames = [("out", websocket.recv())]
        for sent in ('{"type": "input_audio_buffer.clear"}', b"{"):
            websocket.send(sent)
            frames += [("in", sent), ("out", websocket.recv())]
        exchange = watched.requests[-1]
        assert (exchange.method, exchange.status, exchange.ended) == ("WEBSOCKET", 101, None)
        assert [(each.direction, each.data) for each in exchange.frames] == frames
        assert exchange.frames[0].json()["type"] == "session.created"
        websocket.close(1000, "bye")
    [exchange] = watched.requests.to("realtime.connect").wait_for(1, PATIENCE, ended=True)
    assert (exchange.ended, exchange.close) == ("complete", Close(1000, "bye", "client"))
    assert exchange.model == "gpt-realtime"
    assert exchange.problem
    assert exchange.problem.code == "invalid_json"


def test_websocket_whose_client_breaks_off_has_left(watched: MockServer):
    with opened(watched) as websocket:
        websocket.recv()
        websocket.socket.shutdown(socket.SHUT_RDWR)
        [exchange] = watched.requests.wait_for(1, PATIENCE, ended=True)
    assert (exchange.ended, exchange.close) == ("client left", Close(1006, "", "client"))


def test_close_without_a_code_is_not_leaving(watched: MockServer):
    with opened(watched) as websocket:
        websocket.recv()
        websocket.socket.sendall(b"\x88\x80\0\0\0\0")  # a masked close frame with nothing in it
        [exchange] = watched.requests.wait_for(1, PATIENCE, ended=True)
    assert (exchange.ended, exchange.close) == ("complete", Close(1005, "", "client"))


def test_refused_websocket_is_in_the_journal(watched: MockServer):
    with pytest.raises(InvalidStatus), opened(watched, key="sk-wrong-but-secret"):
        pass
    [exchange] = watched.requests.wait_for(1, PATIENCE, ended=True)
    assert (exchange.status, exchange.ended, exchange.close) == (401, "complete", None)
    assert exchange.problem
    assert exchange.problem.code == "invalid_api_key"
    assert exchange.response
    assert exchange.response.json()["error"]["code"] == "invalid_api_key"


@contextmanager
def running(app: App) -> Generator[int]:
    """Another application on a socket; gives its port."""
    with listen("127.0.0.1", 0) as listener:
        server = ThreadedServer(app)
        thread = threading.Thread(target=server.run_on, args=(listener,))
        thread.start()
        server.ready.wait()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


async def until_the_client_leaves(scope: Message, receive: Receive, send: Send) -> None:
    del scope
    await receive()
    await send(START)
    await send({**END, "more_body": True})
    while (await receive())["type"] != "http.disconnect":
        pass


@pytest.mark.parametrize("politely", [True, False])
def test_client_that_leaves_in_the_middle_of_a_stream(politely: bool):
    journal = Journal()
    with running(Journaling(until_the_client_leaves, journal)) as port:
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(b"POST /v1/x HTTP/1.1\r\nhost: x\r\n\r\n")
        assert connection.recv(1)
        assert journal.requests[-1].ended is None
        if not politely:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()
        [exchange] = journal.requests.wait_for(1, PATIENCE, ended=True)
    assert exchange.ended == "client left"
    assert exchange.response
    assert exchange.response.body == b"ok"
    assert exchange.problem


# Without a socket, where the order of all that happens is given.


def passed(
    app: App, scope: Message, incoming: Iterable[Message], journal: Journal
) -> tuple[list[Message], Exchange]:
    """What an application says in the end, and what the journal knows then."""
    messages, said = iter(incoming), list["Message"]()

    async def receive() -> Message:
        for message in messages:
            return message
        return await asyncio.get_running_loop().create_future()  # nothing more comes

    async def send(message: Message) -> None:
        said.append(message)

    asyncio.run(_run(Journaling(app, journal)(scope, receive, send)))
    return said, journal.requests[-1]


async def _run(call: Any) -> None:
    await asyncio.wait_for(call, PATIENCE)


BODY: list[Message] = [{"type": "http.request", "body": b"123456789", "more_body": False}]


@given(pieces=st.lists(st.binary(max_size=20), max_size=10))
def test_everything_goes_on_as_it_came_and_at_once(pieces: list[bytes]):
    journal = Journal()
    seen: list[bytes] = []
    incoming = [{"type": "http.request", "body": each, "more_body": True} for each in pieces]
    incoming.append({"type": "http.request", "more_body": False})

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        del scope
        await send(START)
        for expected in incoming:
            message = await receive()
            assert message is expected
            echo = {"type": "http.response.body", "body": message.get("body", b"")}
            await send({**echo, "more_body": message["more_body"]})
            response = journal.requests[-1].response
            seen.append(response.body if response else b"")

    said, exchange = passed(app, {**SCOPE, "headers": [LONG]}, incoming, journal)
    assert said[0] is START
    assert [message["body"] for message in said[1:]] == [*pieces, b""]
    assert seen[:-1] == [b"".join(pieces[: end + 1]) for end in range(len(pieces))]
    assert exchange.body == b"".join(pieces)
    assert exchange.ended == "complete"


def app_that(*steps: Message | Exception | None) -> App:
    """An application that says messages, hears one where there is None, and may fail."""

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        del scope
        for step in steps:
            if isinstance(step, Exception):
                raise step
            await (receive() if step is None else send(step))

    return app


refusing = app_that(START, END)


def test_body_is_not_asked_for_where_the_client_waits_for_permission():
    scope = {**SCOPE, "headers": [LONG, (b"expect", b"100-continue")]}
    _, exchange = passed(refusing, scope, BODY, Journal())
    assert (exchange.body, exchange.request.read) == (b"", False)


def test_body_that_does_not_come_is_not_waited_for():
    part: Message = {"type": "http.request", "body": b"1", "more_body": True}
    said, exchange = passed(refusing, {**SCOPE, "headers": [LONG]}, [part], Journal())
    assert said == [START, END]
    assert (exchange.body, exchange.request.read, exchange.ended) == (b"1", False, "complete")


def test_only_as_much_of_an_unread_body_is_taken_as_is_kept():
    asked: list[int] = []

    def parts() -> Iterator[Message]:
        for number in range(100):
            asked.append(number)
            yield {"type": "http.request", "body": b"12345", "more_body": True}

    journal = Journal(body_limit=7)
    _, exchange = passed(refusing, {**SCOPE, "headers": [LONG]}, parts(), journal)
    assert exchange.body == b"1234512"
    assert len(asked) == 2


LEFT: Message = {"type": "http.disconnect"}


def test_client_that_left_while_a_slow_answer_was_made_is_noticed():
    now = [0.0]

    async def slow(scope: Message, receive: Receive, send: Send) -> None:
        del scope
        await receive()
        now[0] = 2 * SLOW
        await send(START)
        await send(END)

    for incoming, ended in ((BODY, "complete"), ([*BODY, LEFT], "client left")):
        now[0] = 0
        journal = Journal(timer=lambda: now[0])
        said, exchange = passed(slow, {**SCOPE, "headers": [LONG]}, incoming, journal)
        assert (exchange.ended, exchange.duration) == (ended, 2 * SLOW)
        assert said == [START, END]


def test_client_that_leaves_before_its_body_is_there():
    _, exchange = passed(app_that(None), {**SCOPE, "headers": [LONG]}, [LEFT], Journal())
    assert (exchange.ended, exchange.response) == ("client left", None)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_stream_is_over_for_clients_that_leave_when_they_have_read_its_last_event(end: bytes):
    last = {"type": "http.response.body", "body": b"data: [DONE]" + 2 * end, "more_body": True}
    _, exchange = passed(app_that(None, START, last, None), SCOPE, [*BODY, LEFT], Journal())
    assert (exchange.ended, exchange.problem) == ("complete", None)


def test_end_of_the_connection_after_the_answer_is_not_leaving():
    _, exchange = passed(app_that(START, END, None), SCOPE, [LEFT], Journal())
    assert exchange.ended == "complete"


@pytest.mark.parametrize("before", [[], [START], [START, {**END, "more_body": True}]])
def test_application_that_breaks_off_is_told_and_its_error_goes_on(before: list[Message]):
    journal = Journal()
    with pytest.raises(ValueError, match="why"):
        passed(app_that(*before, ValueError("why")), SCOPE, [], journal)
    [exchange] = journal.requests
    assert exchange.ended == "server error"
    assert exchange.problem
    assert "broke off" in exchange.problem.message


def test_websocket_that_the_server_closes():
    accepted: Message = {"type": "websocket.accept", "headers": [(b"x-request-id", b"req_1")]}
    closed: Message = {"type": "websocket.close", "code": 1011, "reason": "server_error"}
    after: Message = {"type": "websocket.disconnect", "code": 1006}
    _, exchange = passed(app_that(accepted, closed, None), SOCKET, [after], Journal())
    assert (exchange.ended, exchange.close) == ("complete", Close(1011, "server_error", "server"))
    assert exchange.response
    assert exchange.response.headers["x-request-id"] == "req_1"
    assert exchange.problem
    assert "1011" in exchange.problem.message


def test_websocket_that_is_closed_before_it_is_accepted_is_forbidden():
    _, exchange = passed(app_that({"type": "websocket.close"}), SOCKET, [], Journal())
    assert (exchange.status, exchange.ended) == (403, "complete")


def test_end_of_the_server_is_not_said_by_the_client():
    after: Message = {"type": "websocket.disconnect", "code": 1012}
    _, exchange = passed(app_that(None), SOCKET, [after], Journal())
    assert (exchange.ended, exchange.close) == ("complete", Close(1012, "", "server"))
    assert exchange.problem is None


def test_other_kinds_of_scope_pass_by():
    called: list[Any] = []

    async def app(*given: Any) -> None:
        called.append(given)

    journal, receive, send = Journal(), cast("Receive", object()), cast("Send", object())
    asyncio.run(_run(Journaling(app, journal)({"type": "lifespan"}, receive, send)))
    assert called == [({"type": "lifespan"}, receive, send)]
    assert journal.requests == []
