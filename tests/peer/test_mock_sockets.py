"""The sockets of the mock server with the official package as the client, as users open them."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from openai_mock import MockServer, serve
from openai_mock.content.audio import pcm

pytestmark = [
    pytest.mark.peer,
    pytest.mark.filterwarnings("ignore:connect.. must be used:DeprecationWarning"),
]
openai = pytest.importorskip("openai", reason="the official package is not installed here")

# Any: the classes of the official package, which is not there in every session of nox.

WEATHER = {"type": "function", "name": "weather", "parameters": {"type": "object"}}
SECOND = 48_000  # bytes of samples


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with serve() as server:
        yield server


@pytest.fixture(scope="module")
def client(mock: MockServer) -> Iterator[Any]:
    with openai.OpenAI(api_key=mock.api_key, base_url=mock.base_url, max_retries=0) as made:
        yield made


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def async_client(mock: MockServer) -> AsyncIterator[Any]:
    key, url = mock.api_key, mock.base_url
    async with openai.AsyncOpenAI(api_key=key, base_url=url, max_retries=0) as made:
        yield made


def until(connection: Any, *kinds: str) -> list[Any]:
    """The events up to one of these types."""
    events: list[Any] = []
    for event in connection:
        events.append(event)
        if event.type in kinds:
            break
    return events


def speech(text: str) -> str:
    """Speech that is heard as its text, with silence after it."""
    return base64.b64encode(pcm(text) + bytes(SECOND)).decode()


def user(text: str) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    return {"type": "message", "role": "user", "content": content}


def test_conversation_in_speech(client: Any):
    with client.realtime.connect(model="gpt-realtime") as connection:
        audio = {"input": {"transcription": {"model": "gpt-4o-transcribe"}}}
        connection.session.update(session={"type": "realtime", "audio": audio})
        connection.input_audio_buffer.append(audio=speech("Is anybody there?"))
        events = until(connection, "response.done")
    by_type = {event.type: event for event in events}
    transcribed = by_type["conversation.item.input_audio_transcription.completed"]
    assert transcribed.transcript == "Is anybody there?"
    said = by_type["response.output_audio_transcript.done"].transcript
    assert said == "You wrote: Is anybody there?"
    sound = [event.delta for event in events if event.type == "response.output_audio.delta"]
    assert sum(len(base64.b64decode(each)) for each in sound) > SECOND
    usage = by_type["response.done"].response.usage
    assert usage.output_token_details.audio_tokens > 0


def test_what_one_model_says_another_hears(client: Any):
    spoken = client.audio.speech.create(
        model="gpt-4o-mini-tts",
        voice="alloy",
        input="Hello from the other side",
        response_format="pcm",
    ).read()
    with client.realtime.connect(model="gpt-realtime") as connection:
        session = {"type": "realtime", "output_modalities": ["text"]}
        connection.session.update(session=session)
        for at in range(0, len(spoken), 4800):
            piece = base64.b64encode(spoken[at : at + 4800]).decode()
            connection.input_audio_buffer.append(audio=piece)
        connection.input_audio_buffer.append(audio=base64.b64encode(bytes(SECOND)).decode())
        done = until(connection, "response.done")[-1].response
    assert done.output[0].content[0].text == "You wrote: Hello from the other side"


def test_functions_in_a_conversation(client: Any):
    with client.realtime.connect(model="gpt-realtime") as connection:
        connection.session.update(
            session={"type": "realtime", "output_modalities": ["text"], "tools": [WEATHER]}
        )
        connection.conversation.item.create(item=user("How is the weather?"))
        connection.response.create()
        (call,) = until(connection, "response.done")[-1].response.output
        assert (call.type, call.name) == ("function_call", "weather")
        connection.conversation.item.create(
            item={"type": "function_call_output", "call_id": call.call_id, "output": "Sunny"}
        )
        connection.response.create()
        (message,) = until(connection, "response.done")[-1].response.output
    assert message.content[0].text == "The tools gave: Sunny"


def test_secret_of_a_client_opens_a_session(client: Any, mock: MockServer):
    session = {"type": "realtime", "model": "gpt-realtime", "instructions": "Be brief."}
    secret = client.realtime.client_secrets.create(session=session).value
    with (
        openai.OpenAI(api_key=secret, base_url=mock.base_url) as browser,
        browser.realtime.connect() as connection,
    ):
        assert connection.recv().session.instructions == "Be brief."


def test_transcripts_only(client: Any):
    with client.realtime.connect(extra_query={"intent": "transcription"}) as connection:
        audio = {"input": {"transcription": {"model": "whisper-1"}}}
        connection.session.update(session={"type": "transcription", "audio": audio})
        connection.input_audio_buffer.append(audio=speech("Hello"))
        completed = until(connection, "conversation.item.input_audio_transcription.completed")[-1]
    assert completed.transcript == "Hello"


def test_translation(client: Any):
    with client.realtime.translations.connect(model="gpt-realtime-translate") as connection:
        connection.session.update(session={"audio": {"output": {"language": "de"}}})
        connection.session.input_audio_buffer.append(audio=speech("Hello"))
        connection.session.close()
        events = until(connection, "session.closed")
    words = [event.delta for event in events if event.type == "session.output_transcript.delta"]
    assert "".join(words) == "[de] Hello"


def test_responses_on_one_connection(client: Any):
    with client.responses.connect() as connection:
        connection.response.create(model="gpt-5.5", input="Is anybody there?", store=False)
        first = until(connection, "response.completed", "error")[-1].response
        connection.response.create(
            model="gpt-5.5",
            input="Really?",
            previous_response_id=first.id,
            store=False,
            stream_id="a",
        )
        last = until(connection, "response.completed", "error")[-1]
        connection.response.create(model="gpt-imaginary", input="Hi")
        error = until(connection, "response.completed", "error")[-1]
    assert first.output_text == "You wrote: Is anybody there?"
    assert (last.stream_id, last.response.output_text) == ("a", "You wrote: Really?")
    assert (error.status, error.error.code) == (404, "model_not_found")


def test_script_answers_on_a_connection(client: Any, mock: MockServer):
    mock.on.responses.create(input="Scripted?").reply("Yes.")
    with client.responses.connect() as connection:
        connection.response.create(model="gpt-5.5", input="Scripted?")
        assert until(connection, "response.completed")[-1].response.output_text == "Yes."
    mock.script.clear()


def test_live_session_with_its_other_connections(client: Any):
    with client.live.connect() as connection:
        connection.session.start(
            session={
                "model": "gpt-live-1",
                "delegation": {"type": "responses", "responses": {"model": "gpt-5.5"}},
            }
        )
        started = connection.recv()
        assert started.type == "session.started"
        connection.session.input_audio.append(audio=speech("Is anybody there?"))
        events = until(connection, "session.usage.updated")
        words = [event.delta for event in events if event.type == "session.output_transcript.delta"]
        assert "".join(words) == "You wrote: Is anybody there?"
        inner = [event.event["type"] for event in events if event.type == "response.event"]
        assert (inner[0], inner[-1]) == ("response.created", "response.completed")
        with client.live.sideband.connect(session_id=started.session.id) as sideband:
            sideband.session.input_audio.mute()
            assert sideband.recv().type == "session.input_audio.muted"
        with client.live.forks.connect(session_id=started.session.id) as fork:
            fork.session.start(session={"store": True})
            assert fork.recv().session.model == "gpt-live-1"
        connection.session.close()
        assert until(connection, "session.closed")[-1].reason == "close_requested"


@pytest.mark.anyio
async def test_response_is_cancelled(async_client: Any):
    stall = {"x-mock-fault": "stall:after_events=2,seconds=60"}
    async with async_client.realtime.connect(
        model="gpt-realtime", extra_headers=stall
    ) as connection:
        await connection.conversation.item.create(item=user("Is anybody there?"))
        await connection.response.create()
        kinds: list[str] = []
        async for event in connection:
            kinds.append(event.type)
            if event.type == "rate_limits.updated":
                await connection.response.cancel()
            if event.type == "response.done":
                assert event.response.status == "cancelled"
                break
    assert kinds[0] == "session.created"


@pytest.mark.anyio
async def test_response_is_steered(async_client: Any, mock: MockServer):
    stall = {"x-mock-fault": "stall:after_events=2,seconds=60"}
    async with async_client.responses.connect(extra_headers=stall) as connection:
        await connection.response.create(model="gpt-5.5", input="Is anybody there?")
        texts: list[str] = []
        async for event in connection:
            if event.type == "response.in_progress":
                steer = {"previous_response_id": event.response.id, "input": "Really?"}
                if texts:
                    mock.clock.advance(60)
                else:
                    await connection.send({"type": "response.steer", **steer})
            if event.type == "response.steer.accepted":
                mock.clock.advance(60)
            if event.type == "response.completed":
                texts.append(event.response.output_text)
            if len(texts) == 2:
                break
    assert texts == ["You wrote: Is anybody there?", "You wrote: Really?"]


def test_everything_is_in_the_journal(client: Any, mock: MockServer):
    with client.responses.connect() as connection:
        connection.response.create(model="gpt-5.5", input="For the journal")
        until(connection, "response.completed")
    exchange = mock.requests.to("responses.connect")[-1]
    sent = [frame.json() for frame in exchange.frames if frame.direction == "in"]
    assert json.dumps(sent).count("For the journal") == 1
