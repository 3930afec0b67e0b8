"""Our own client of Realtime and the mock server: what one side says, the other hears."""

from collections.abc import Iterator
from typing import Any

import pytest
from openai_mock import MockServer, faults, serve
from openai_realtime import RealtimeClosedError, RealtimeConnectionError, connect
from openai_stream import RealtimeResponseAccumulator

MESSAGE: Any = {
    "type": "message",
    "role": "user",
    "content": [{"type": "input_text", "text": "Is anybody there?"}],
}


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with serve() as server:
        yield server


def test_conversation(mock: MockServer):
    with connect(model="gpt-realtime", api_key=mock.api_key, base_url=mock.base_url) as connection:
        connection.conversation.item.create(item=MESSAGE)
        connection.response.create()
        events: list[Any] = []
        for event in connection:
            events.append(event)
            if event.type == "response.done":
                break
    assert not [event for event in events if event.type == "error"]
    done = events[-1].response
    assert done.output[0].content[0].transcript == "You wrote: Is anybody there?"


@pytest.mark.anyio
async def test_conversation_in_asyncio(mock: MockServer):
    async with connect(
        model="gpt-realtime", api_key=mock.api_key, base_url=mock.base_url
    ) as connection:
        session: Any = {"type": "realtime", "output_modalities": ["text"]}
        await connection.session.update(session=session)
        await connection.conversation.item.create(item=MESSAGE)
        await connection.response.create()
        text = ""
        async for event in connection:
            if event.type == "response.output_text.delta":
                text += event.delta
            if event.type == "response.done":
                break
    assert text == "You wrote: Is anybody there?"


def test_a_response_is_put_together_from_the_events_of_its_session(mock: MockServer):
    accumulator = RealtimeResponseAccumulator()
    with connect(model="gpt-realtime", api_key=mock.api_key, base_url=mock.base_url) as connection:
        connection.conversation.item.create(item=MESSAGE)
        connection.response.create()
        transcripts: list[Any] = []
        done: Any = None
        for event in connection:
            accumulator.add(event)
            if event.type == "response.output_audio_transcript.delta":
                output: Any = accumulator.snapshot().output
                transcripts.append(output[0].content[0].transcript)
            if event.type == "response.done":
                done = event.response
                break
    assert transcripts[-1] == "You wrote: Is anybody there?"
    assert transcripts == sorted(transcripts)
    assert accumulator.snapshot() is done


def test_connection_that_the_server_closes():
    with (
        serve(fault=faults.close_socket(1011, after_events=2)) as server,
        connect(
            model="gpt-realtime", api_key=server.api_key, base_url=server.base_url
        ) as connection,
    ):
        connection.conversation.item.create(item=MESSAGE)
        with pytest.raises(RealtimeClosedError) as caught:
            list(connection)
    assert caught.value.code == 1011


def test_connection_that_is_refused(mock: MockServer):
    with (
        pytest.raises(RealtimeConnectionError, match="gpt-imaginary"),
        connect(model="gpt-imaginary", api_key=mock.api_key, base_url=mock.base_url),
    ):
        pass


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
