import json
import socket
from collections.abc import Callable
from typing import Any, cast

import pytest
from anyio import create_task_group, wait_all_tasks_blocked
from openai_realtime import RealtimeClosedError, RealtimeConnection, RealtimeError, connect
from openai_types.errors import DecodeError, OpenAIError
from openai_types.realtime import (
    RealtimeErrorEvent,
    ResponseDoneEvent,
    ResponseTextDeltaEvent,
    SessionCreatedEvent,
    UnknownRealtimeServerEvent,
)
from websockets.exceptions import ConnectionClosedError
from websockets.frames import Close
from websockets.sync.client import ClientConnection
from websockets.sync.server import ServerConnection

pytestmark = pytest.mark.anyio

CREATED = {"type": "session.created", "event_id": "e1", "session": {"id": "sess_1"}}
STARTED = {"type": "response.created", "event_id": "e2", "response": {"id": "resp_1"}}
DONE = {"type": "response.done", "event_id": "e9", "response": {"id": "resp_1"}}


def delta(text: str) -> dict[str, Any]:
    return {"type": "response.output_text.delta", "event_id": "e3", "delta": text}


def saying(*events: object) -> Callable[[ServerConnection], None]:
    return lambda websocket: say(websocket, *events)


def say(websocket: ServerConnection, *events: object) -> None:
    for event in events:
        websocket.send(json.dumps(event))


async def test_text_conversation(server: Any, colour: Any):
    received: list[Any] = []

    def script(websocket: ServerConnection) -> None:
        say(websocket, CREATED)
        received.extend(json.loads(websocket.recv()) for _ in range(3))
        say(websocket, STARTED, delta("Hel"), delta("lo"), DONE)

    async with colour.open(server.play(script)) as connection:
        first = await colour.do(connection.recv)
        assert isinstance(first, SessionCreatedEvent)
        await colour.do(connection.session.update, session={"type": "realtime"})
        await colour.do(
            connection.conversation.item.create,
            item={
                "type": "message",
                "role": "user",
                "content": [{"type": "input_text", "text": "Say hello"}],
            },
        )
        await colour.do(connection.response.create)
        events: list[Any] = []
        await colour.collect(connection, events)
    assert "".join(e.delta for e in events if isinstance(e, ResponseTextDeltaEvent)) == "Hello"
    assert isinstance(events[-1], ResponseDoneEvent)
    assert received == [
        {"type": "session.update", "session": {"type": "realtime"}},
        {
            "type": "conversation.item.create",
            "item": {
                "type": "message",
                "role": "user",
                "content": [{"type": "input_text", "text": "Say hello"}],
            },
        },
        {"type": "response.create"},
    ]


async def test_handshake_carries_model_key_and_no_body_headers(server: Any, colour: Any):
    url = server.play()
    async with colour.open(url, organization="org_1", extra_query={"x": 1}):
        pass
    (request,) = server.requests
    assert request.path == "/v1/realtime?model=gpt-realtime&x=1"
    assert request.headers["Authorization"] == "Bearer sk-test"
    assert request.headers["OpenAI-Organization"] == "org_1"
    assert request.headers.get_all("User-Agent")[0].startswith("openai-realtime/")
    assert len(request.headers.get_all("User-Agent")) == 1


async def test_unknown_event_type_keeps_everything(server: Any, colour: Any):
    unknown = {"type": "moon.risen", "phase": 0.5, "of": [{"planet": "earth"}], "x": None}
    async with colour.open(server.play(saying(unknown))) as connection:
        event = await colour.do(connection.recv)
    assert isinstance(event, UnknownRealtimeServerEvent)
    assert event.to_dict() == unknown


async def test_error_event_is_an_event_and_the_session_goes_on(server: Any, colour: Any):
    error = {"type": "error", "event_id": "e", "error": {"type": "invalid", "message": "no"}}
    events: list[Any] = []
    async with colour.open(server.play(saying(error, DONE))) as connection:
        await colour.collect(connection, events)
    assert isinstance(events[0], RealtimeErrorEvent)
    assert len(events) == 2


@pytest.mark.parametrize("frame", ["not json", "[]", "", "null", b"\xff\x00"])
async def test_frame_that_is_no_event_leaves_the_connection_usable(
    server: Any, colour: Any, frame: str | bytes
):
    def script(websocket: ServerConnection) -> None:
        websocket.send(frame)
        say(websocket, CREATED)

    async with colour.open(server.play(script)) as connection:
        with pytest.raises(DecodeError) as caught:
            await colour.do(connection.recv)
        assert isinstance(await colour.do(connection.recv), SessionCreatedEvent)
    assert caught.value.data == (frame.encode() if isinstance(frame, str) else frame)


async def test_binary_frame_with_an_event_is_read(server: Any, colour: Any):
    def script(websocket: ServerConnection) -> None:
        websocket.send(json.dumps(CREATED).encode())

    async with colour.open(server.play(script)) as connection:
        assert isinstance(await colour.do(connection.recv), SessionCreatedEvent)


async def test_recv_bytes_and_parse_event_together_are_recv(server: Any, colour: Any):
    async with colour.open(server.play(saying(CREATED))) as connection:
        frame = await colour.do(connection.recv_bytes)
        assert json.loads(frame) == CREATED
        assert isinstance(connection.parse_event(frame), SessionCreatedEvent)


async def test_abrupt_end_raises_with_what_was_received(server: Any, colour: Any):
    def script(websocket: ServerConnection) -> None:
        say(websocket, CREATED, STARTED, delta("Hel"))
        websocket.recv()  # until the client has read what was said
        websocket.socket.shutdown(socket.SHUT_RDWR)

    async with colour.open(server.play(script)) as connection:
        events = [await colour.do(connection.recv) for _ in range(3)]
        await colour.do(connection.response.cancel)
        with pytest.raises(RealtimeClosedError, match="broke without a close frame") as caught:
            await colour.collect(connection, events)
    error = caught.value
    assert (error.code, error.reason, error.normal) == (1006, "", False)
    assert error.session_id == "sess_1"
    assert error.events == events[1:]


async def test_close_with_a_code_raises_after_the_last_event(server: Any, colour: Any):
    def script(websocket: ServerConnection) -> None:
        say(websocket, CREATED)
        websocket.close(4000, "invalid_request_error.model_not_found")

    events: list[Any] = []
    async with colour.open(server.play(script)) as connection:
        with pytest.raises(RealtimeClosedError, match="Check the name of the model") as caught:
            await colour.collect(connection, events)
    assert len(events) == 1
    assert caught.value.code == 4000
    assert caught.value.reason == "invalid_request_error.model_not_found"
    assert caught.value.__cause__ is not None


async def test_expired_session_is_not_a_normal_end(server: Any, colour: Any):
    def script(websocket: ServerConnection) -> None:
        websocket.close(1001, "maximum duration of 60 minutes")

    async with colour.open(server.play(script)) as connection:
        with pytest.raises(RealtimeClosedError, match="maximum duration"):
            await colour.collect(connection, [])


async def test_recv_and_send_after_a_normal_close_raise(server: Any, colour: Any):
    async with colour.open(server.play()) as connection:
        await colour.collect(connection, [])
        with pytest.raises(RealtimeClosedError, match="closed the session normally") as caught:
            await colour.do(connection.recv)
        assert caught.value.normal
        with pytest.raises(RealtimeClosedError, match="closed the session normally"):
            await colour.do(connection.response.create)


async def test_close_ends_the_iteration_normally(server: Any, colour: Any):
    codes: list[Any] = []

    def script(websocket: ServerConnection) -> None:
        for _ in websocket:
            pass
        codes.append((websocket.close_code, websocket.close_reason))

    async with colour.open(server.play(script)) as connection:
        await colour.do(connection.close, code=4321, reason="done here")
        await colour.do(connection.close)
        await colour.collect(connection, [])
        with pytest.raises(RealtimeClosedError, match="was closed before"):
            await colour.do(connection.response.create)


@pytest.mark.parametrize(
    ("received", "sent", "received_first", "message"),
    [
        (None, None, None, "code 1006"),
        (None, Close(1011, "keepalive ping timeout"), None, "stopped answering pings"),
        (Close(1011, "oops"), None, None, r"code 1011 \(oops\)\. The server failed"),
        (Close(1009, ""), Close(1009, ""), True, "Send audio in smaller parts"),
        (Close(1000, ""), Close(1009, ""), False, "code 1009.*larger than max_size"),
    ],
)
def test_the_close_frame_that_came_first_says_why(
    received: Close | None, sent: Close | None, received_first: bool | None, message: str
):
    closed = ConnectionClosedError(received, sent, received_first)

    class Broken:
        def recv(self, *, decode: bool) -> bytes:
            assert not decode
            raise closed

    connection = RealtimeConnection(cast("ClientConnection", Broken()))
    with pytest.raises(RealtimeClosedError, match=message):
        list(connection)


async def test_event_larger_than_a_megabyte_is_received(server: Any, colour: Any):
    large = {"type": "response.output_audio.delta", "delta": "A" * 3_000_000}
    async with colour.open(server.play(saying(large))) as connection:
        event = await colour.do(connection.recv)
    assert len(event.delta) == 3_000_000


async def test_event_larger_than_the_limit_given_names_it(server: Any, colour: Any):
    url = server.play(saying(delta("A" * 1000)))
    options = {"max_size": 100, "write_limit": 1000}
    async with colour.open(url, websocket_connection_options=options) as connection:
        with pytest.raises(RealtimeClosedError, match="larger than max_size") as caught:
            await colour.do(connection.recv)
    assert caught.value.code == 1009


async def test_send_with_something_that_is_no_json_is_refused(server: Any, colour: Any):
    async with colour.open(server.play(saying(CREATED))) as connection:
        with pytest.raises(OpenAIError, match="cannot be written as JSON"):
            await colour.do(connection.input_audio_buffer.append, audio=object())
        assert isinstance(await colour.do(connection.recv), SessionCreatedEvent)


async def test_two_tasks_that_receive_are_told(server: Any):
    def script(websocket: ServerConnection) -> None:
        for _ in websocket:
            pass

    manager = connect(model="m", api_key="k", base_url=server.play(script))
    async with manager as connection, create_task_group() as group:
        group.start_soon(connection.recv)
        await wait_all_tasks_blocked()
        with pytest.raises(RealtimeError, match="Receive in one place"):
            await connection.recv()
        group.cancel_scope.cancel()
