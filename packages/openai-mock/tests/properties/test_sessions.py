"""Whatever is sent to a session: what it answers are events of the description, and it goes on.

Every event that a client may send is done or answered by an error; what is sent is made from the
description of these events, changed, and put in any order.
"""

import copy
import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai_mock.checking.schemas import client_event_validators
from openai_mock.content.audio import pcm
from openai_mock.faults.wire import Wait
from openai_mock.sessions.live import LiveSession
from openai_mock.sessions.realtime import RealtimeSession
from openai_mock.sessions.responses import ResponsesSession
from openai_mock.sessions.session import Session
from openai_mock.sessions.translation import TranslationSession
from openai_mock.world import World
from openai_types import Decoder
from openai_types.live import ConnectServerEvent, ForkServerEvent, ServerEvent
from openai_types.realtime import RealtimeServerEvent, RealtimeTranslationServerEvent
from openai_types.responses import ResponsesServerEvent

SOUND = b64encode(pcm("hello") + bytes(48_000)).decode()
MESSAGE = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}
FUNCTION = {"type": "function", "name": "f", "parameters": {"type": "object"}}
QUESTION = {"type": "predicate", "instructions": "Is it so?"}
LIVE: dict[str, Any] = {"model": "gpt-live-1", "instructions": "Be brief."}
KNOWN = {"id": "sess_1", "model": "gpt-live-1", "status": "active", "expires_at": 9}
OUTPUT = {"type": "function_call_output", "call_id": "call_1", "output": "x"}
DECISIONS = {"type": "decisions", "decisions": {"model": "gpt-5.5", "questions": [QUESTION]}}

REALTIME_EVENTS: list[dict[str, Any]] = [
    {
        "type": "session.update",
        "event_id": "mine",
        "session": {
            "type": "realtime",
            "output_modalities": ["text"],
            "max_output_tokens": 10,
            "tools": [FUNCTION, {"type": "mcp", "server_label": "s", "server_url": "x"}],
            "audio": {
                "input": {
                    "format": {"type": "audio/pcmu"},
                    "turn_detection": {"type": "semantic_vad"},
                    "transcription": {"model": "whisper-1"},
                },
                "output": {"format": {"type": "audio/pcma"}, "voice": "ash", "speed": 1.1},
            },
        },
    },
    {"type": "conversation.item.create", "previous_item_id": "root", "item": MESSAGE},
    {"type": "conversation.item.create", "item": {**MESSAGE, "id": "item_1"}},
    {"type": "conversation.item.create", "item": OUTPUT},
    {"type": "conversation.item.retrieve", "item_id": "item_1"},
    {
        "type": "conversation.item.truncate",
        "item_id": "item_1",
        "content_index": 0,
        "audio_end_ms": 5,
    },
    {"type": "conversation.item.delete", "item_id": "item_1"},
    {"type": "input_audio_buffer.append", "audio": SOUND},
    {"type": "input_audio_buffer.commit"},
    {"type": "input_audio_buffer.clear"},
    {"type": "output_audio_buffer.clear"},
    {"type": "response.create"},
    {
        "type": "response.create",
        "response": {
            "conversation": "none",
            "max_output_tokens": "inf",
            "metadata": {"a": "b"},
            "input": [OUTPUT, MESSAGE, {"type": "item_reference", "id": "item_1"}],
        },
    },
    {"type": "response.cancel", "response_id": "resp_1"},
    {"type": "response.cancel"},
]
LIVE_EVENTS: list[dict[str, Any]] = [
    {"type": "session.update", "session": {"delegation": {"type": "client"}}},
    {"type": "session.input_audio.append", "audio": SOUND},
    {"type": "session.input_audio.mute"},
    {"type": "session.input_audio.unmute"},
    {"type": "session.output_audio.fixture.play", "audio": SOUND},
    {"type": "session.instructions.append", "content": "x", "delegation_id": None},
    {"type": "session.thinking.append", "content": "x", "delegation_id": None},
    {"type": "session.commentary.append", "content": "x", "delegation_id": None},
    {"type": "decision.item.create", "item": {"role": "user", "content": "x", "id": "item_1"}},
    {"type": "decision.item.delete", "item_id": "item_1"},
    {"type": "decision.create", "event_id": "mine"},
    {"type": "response.item.create", "item": MESSAGE},
    {"type": "response.create"},
]
LIVE_CLOSE = {"type": "session.close", "event_id": "last"}
KINDS: dict[str, tuple[Callable[[World], Session], Any, list[dict[str, Any]]]] = {
    "realtime": (
        lambda world: RealtimeSession("gpt-realtime", world),
        RealtimeServerEvent,
        REALTIME_EVENTS,
    ),
    "call": (
        lambda world: RealtimeSession("gpt-realtime", world, is_call=True),
        RealtimeServerEvent,
        REALTIME_EVENTS,
    ),
    "transcription": (
        lambda world: RealtimeSession("", world, kind="transcription"),
        RealtimeServerEvent,
        [
            {
                "type": "session.update",
                "session": {
                    "type": "transcription",
                    "include": ["item.input_audio_transcription.logprobs"],
                    "audio": {"input": {"transcription": {"model": "gpt-transcribe"}}},
                },
            },
            *REALTIME_EVENTS,
        ],
    ),
    "translation": (
        lambda world: TranslationSession("gpt-realtime-translate", world),
        RealtimeTranslationServerEvent,
        [
            {"type": "session.update", "session": {"audio": {"output": {"language": "de"}}}},
            {"type": "session.input_audio_buffer.append", "audio": SOUND},
            {"type": "session.close"},
        ],
    ),
    "responses": (
        ResponsesSession,
        ResponsesServerEvent,
        [
            {"type": "response.create", "model": "gpt-5.5", "input": "Hi", "store": False},
            {
                "type": "response.create",
                "model": "gpt-5.5",
                "input": [MESSAGE],
                "stream_id": "a",
                "generate": False,
                "tools": [{**FUNCTION, "strict": False}],
                "previous_response_id": "resp_1",
            },
            {"type": "response.steer", "previous_response_id": "resp_1", "input": "And?"},
        ],
    ),
    "live": (
        LiveSession,
        ServerEvent,
        [
            {"type": "session.start", "session": {**LIVE, "delegation": {"type": "client"}}},
            *LIVE_EVENTS,
            LIVE_CLOSE,
        ],
    ),
    "live with responses": (
        LiveSession,
        ServerEvent,
        [
            {
                "type": "session.start",
                "session": {
                    **LIVE,
                    "delegation": {"type": "responses", "responses": {"model": "gpt-5.5"}},
                },
            },
            *LIVE_EVENTS,
            LIVE_CLOSE,
        ],
    ),
    "live with decisions": (
        LiveSession,
        ServerEvent,
        [
            {"type": "session.start", "session": {**LIVE, "delegation": DECISIONS}},
            *LIVE_EVENTS,
            LIVE_CLOSE,
        ],
    ),
    "attached": (
        lambda world: LiveSession(world, "attached", {**KNOWN}),
        ConnectServerEvent,
        [{"type": "transport.dtmf.send", "event": "5"}, *LIVE_EVENTS, LIVE_CLOSE],
    ),
    "forked": (
        lambda world: LiveSession(world, "forked", {**KNOWN}),
        ForkServerEvent,
        [{"type": "session.start", "session": {"store": True}}, *LIVE_EVENTS, LIVE_CLOSE],
    ),
}
DECODERS = {name: Decoder[Any](union, strict=True) for name, (_, union, _) in KINDS.items()}

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["auto", "text", "audio", "item_1", "root", "AAAA", "gpt-5.5", "\ud800"])
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=5,
)


def places(holder: Any) -> list[tuple[Any, str | int]]:
    """Each place in an event: what holds it, and the key or the index there."""
    if not isinstance(holder, dict | list):
        return []
    held = cast("dict[str, Any] | list[Any]", holder)
    keys: list[Any] = list(held) if isinstance(held, dict) else list(range(len(held)))
    return [(held, key) for key in keys] + [
        inner for key in keys for inner in places(cast("Any", held)[key])
    ]


@st.composite
def mutated(draw: st.DrawFn, events: list[dict[str, Any]]) -> dict[str, Any]:
    """One of some events, often with one of its parts replaced or removed."""
    event = copy.deepcopy(draw(st.sampled_from(events)))
    if draw(st.booleans()):
        holder, key = draw(st.sampled_from(places(event)))
        if draw(st.booleans()):
            holder[key] = draw(values)
        else:
            del holder[key]
    return event


def told_by(session: Session) -> list[Any]:
    """What is told of all that is in progress."""
    found: list[Any] = []
    while session.closing is None and (told := session.proceed()) is not None:
        assert not isinstance(told, Wait)
        found.append(told)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_event_of_a_client_is_answered(kind: str):
    make, _, events = KINDS[kind]
    session = make(World())
    sent = {event["type"] for event in events}
    assert sent >= client_event_validators(session.client_events).keys()
    for event in events:
        answers = [*session.receive(json.dumps(event)), *told_by(session)]
        for answer in answers:
            DECODERS[kind](json.dumps(answer))
        assert answers or event["type"].endswith("append"), event


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(data=st.data())
def test_any_events_in_any_order_are_answered_by_events_of_the_description(
    kind: str, data: st.DataObject
):
    make, _, events = KINDS[kind]
    session = make(World())
    told: list[Any] = [*session.opening()]
    if events[0]["type"] == "session.start" and data.draw(st.booleans()):
        told += session.receive(json.dumps(events[0]))
    for _ in range(data.draw(st.integers(1, 5))):
        told += session.receive(json.dumps(data.draw(mutated(events))))
        if data.draw(st.booleans()):
            told += told_by(session)
        if session.closing:
            break
    for event in (*told, *told_by(session)):
        DECODERS[kind](json.dumps(event))


@pytest.mark.parametrize("kind", KINDS)
@given(frame=st.text(max_size=30) | st.binary(max_size=30))
def test_frames_that_are_no_events_are_answered_by_an_error(kind: str, frame: str | bytes):
    make, _, _ = KINDS[kind]
    (error,) = make(World()).receive(frame)
    assert DECODERS[kind](json.dumps(error)).type == "error"
