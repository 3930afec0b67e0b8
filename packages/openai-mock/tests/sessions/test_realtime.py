import json
from base64 import b64decode, b64encode
from itertools import pairwise
from typing import Any

import pytest
from openai_mock import faults
from openai_mock.sessions.realtime import RealtimeSession
from openai_mock.world import World

WEATHER = {
    "type": "function",
    "name": "get_weather",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    },
}
RESPOND: dict[str, Any] = {"type": "response.create"}
TEXT = [
    "response.created",
    "rate_limits.updated",
    "response.output_item.added",
    "conversation.item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "conversation.item.done",
    "response.output_item.done",
    "response.done",
]


def item(text: str, **more: object) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    created = {"type": "message", "role": "user", "content": content}
    return {"type": "conversation.item.create", "item": {**created, **more}}


def update(**changes: object) -> dict[str, Any]:
    return {"type": "session.update", "session": {"type": "realtime", **changes}}


def append(sound: str | bytes) -> dict[str, Any]:
    audio = sound if isinstance(sound, str) else b64encode(sound).decode()
    return {"type": "input_audio_buffer.append", "audio": audio}


def kinds(events: list[Any]) -> list[str]:
    """The types in their order, each once."""
    return list(dict.fromkeys(event.type for event in events))


def only(events: list[Any], kind: str) -> Any:
    (found,) = [event for event in events if event.type == kind]
    return found


# The session


def test_session_opens_with_its_id_and_model(realtime: Any, world: World):
    (event,) = realtime.opening
    assert event.type == "session.created"
    assert event.session.model == "gpt-realtime"
    assert event.session.output_modalities == ["audio"]
    assert event.session.audio.input.turn_detection.type == "server_vad"
    told = event.session.to_dict()
    assert told["id"].startswith("sess_")
    assert told["expires_at"] == world.clock.seconds() + 3600


def test_update_is_merged_into_the_session(realtime: Any):
    realtime.send(update(audio={"input": {"noise_reduction": {"type": "near_field"}}}))
    (updated,) = realtime.send(
        update(
            model="gpt-realtime",
            instructions="Be brief.",
            audio={"input": {"transcription": {"language": "en"}, "turn_detection": None}},
        )
    )
    assert updated.type == "session.updated"
    assert updated.session.instructions == "Be brief."
    assert updated.session.audio.input.noise_reduction.type == "near_field"
    assert updated.session.audio.input.transcription.language == "en"
    assert updated.session.audio.input.turn_detection is None


def test_every_field_of_a_session_can_be_updated(realtime: Any):
    changes: dict[str, Any] = {
        "audio": {
            "input": {
                "format": {"type": "audio/pcmu"},
                "noise_reduction": {"type": "far_field"},
                "transcription": {"model": "whisper-1", "language": "de", "prompt": "p"},
                "turn_detection": {"type": "semantic_vad", "eagerness": "high"},
            },
            "output": {"format": {"type": "audio/pcma"}, "speed": 1.2, "voice": "cedar"},
        },
        "include": ["item.input_audio_transcription.logprobs"],
        "instructions": "Be brief.",
        "max_output_tokens": 5,
        "output_modalities": ["text"],
        "parallel_tool_calls": False,
        "prompt": {"id": "pmpt_1"},
        "reasoning": {"effort": "low"},
        "tool_choice": "none",
        "tools": [WEATHER],
        "tracing": {"workflow_name": "w"},
        "truncation": {"type": "retention_ratio", "retention_ratio": 0.5},
    }
    (updated,) = realtime.send(update(**changes))
    told = updated.session.to_dict()
    assert {name: told[name] for name in changes} == changes


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"type": "transcription"}, "session.type"),
        ({"model": "gpt-realtime-mini"}, "session.model"),
        ({"output_modalities": ["text", "audio"]}, "session.output_modalities"),
        ({"max_output_tokens": 0}, "session.max_output_tokens"),
        ({"audio": {"output": {"speed": 2.0}}}, "session.audio.output.speed"),
        ({"voice": "alloy"}, "session.voice"),
    ],
)
def test_update_that_cannot_be_is_an_error(realtime: Any, changes: Any, param: str):
    (error,) = realtime.send({**update(**changes), "event_id": "mine"})
    assert error.type == "error"
    assert (error.error.param, error.error.event_id) == (param, "mine")


def test_voice_stays_once_it_was_heard(realtime: Any):
    assert realtime.send(update(audio={"output": {"voice": "cedar"}}))[0].type == "session.updated"
    realtime.send(item("Hi"), RESPOND)
    assert realtime.code(update(audio={"output": {"voice": "ash"}})) == "cannot_update_voice"


def test_session_ends_after_an_hour_of_the_clock(realtime: Any, world: World):
    world.clock.advance(3600)
    assert realtime.code(item("Hi")) == "session_expired"
    assert realtime.session.closing is not None


# Items


def test_item_is_added_and_done(realtime: Any):
    added, done = realtime.send(item("Hello", id="item_1"))
    assert (added.type, done.type) == ("conversation.item.added", "conversation.item.done")
    assert (added.item.id, added.item.status) == ("item_1", "completed")
    (after, _) = realtime.send(item("again"))
    assert after.previous_item_id == "item_1"
    assert after.item.id.startswith("item_")


def test_items_are_retrieved_and_deleted(realtime: Any):
    realtime.send(item("Hello", id="item_1"))
    (retrieved,) = realtime.send({"type": "conversation.item.retrieve", "item_id": "item_1"})
    assert retrieved.item.content[0].text == "Hello"
    delete = {"type": "conversation.item.delete", "item_id": "item_1"}
    assert realtime.send(delete)[0].item_id == "item_1"
    assert realtime.code(delete) == "item_not_found"


# Responses in text


def test_response_in_text_is_the_whole_family_in_order(texting: Any):
    texting.send(item("Are you there?"))
    events = texting.send(RESPOND)
    assert kinds(events) == TEXT
    assert len({event.event_id for event in events}) == len(events)
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert len(deltas) >= 3
    assert "".join(deltas) == "You wrote: Are you there?"
    assert events[-1].response.output[0].content[0].text == "You wrote: Are you there?"


def test_answers_are_of_the_last_words_and_join_the_conversation(texting: Any):
    texting.send(item("first"))
    *_, done = texting.send(RESPOND)
    texting.send(item("second"))
    answered = done.response.output[0].id
    (retrieved,) = texting.send({"type": "conversation.item.retrieve", "item_id": answered})
    assert (retrieved.item.id, retrieved.item.status) == (answered, "completed")
    *_, done = texting.send(RESPOND)
    assert done.response.output[0].content[0].text == "You wrote: second"


def test_response_beside_the_conversation_leaves_it_alone(texting: Any):
    request = {"conversation": "none", "input": [item("aside")["item"]], "metadata": {"a": "b"}}
    events = texting.send({**RESPOND, "response": request})
    assert not [event for event in events if event.type.startswith("conversation.")]
    done = events[-1].response
    assert done.output[0].content[0].text == "You wrote: aside"
    assert (done.conversation_id, done.metadata) == (None, {"a": "b"})
    retrieve = {"type": "conversation.item.retrieve", "item_id": done.output[0].id}
    assert texting.code(retrieve) == "item_not_found"


def test_response_beside_the_conversation_may_refer_to_it(texting: Any):
    texting.send(item("first", id="item_1"), item("second"))
    reference = {"type": "item_reference", "id": "item_1"}
    request = {"conversation": "none", "input": [reference]}
    done = texting.send({**RESPOND, "response": request})[-1].response
    assert done.output[0].content[0].text == "You wrote: first"
    request = {"conversation": "none", "input": [{**reference, "id": "item_x"}]}
    (error,) = texting.send({**RESPOND, "response": request})
    assert error.error.param == "response.input[0].id"


def test_one_response_at_a_time_is_in_the_conversation_and_others_are_told_beside(texting: Any):
    texting.send(item("inside"))
    assert texting.at_once(RESPOND) == []
    created, _ = texting.next(2)
    (error,) = texting.at_once(RESPOND)
    assert error.error.code == "conversation_already_has_active_response"
    assert created.response.id in error.error.message
    aside = {"conversation": "none", "input": [item("aside")["item"]]}
    texting.at_once({**RESPOND, "response": aside})
    told = texting.rest()
    ends = [event.response for event in told if event.type == "response.done"]
    done = [each.output[0].content[0].text for each in ends]
    assert sorted(done) == ["You wrote: aside", "You wrote: inside"]
    begun = [event.response_id for event in told if event.type == "response.output_text.delta"]
    turns = sum(one != other for one, other in pairwise(begun))
    assert turns > 1


def test_response_may_be_set_up_otherwise_than_the_session(realtime: Any):
    realtime.send(item("Hi"))
    wanted = {"output_modalities": ["text"], "max_output_tokens": 2}
    done = realtime.send({**RESPOND, "response": wanted})[-1].response
    assert (done.status, done.status_details.reason) == ("incomplete", "max_output_tokens")
    assert (done.output_modalities, done.max_output_tokens) == (["text"], 2)
    assert done.output[0].content[0].text == "You wrote"
    assert realtime.send(RESPOND)[-1].response.output_modalities == ["audio"]


def test_limits_count_what_was_used(texting: Any):
    texting.send(item("Hi"))
    events = texting.send(RESPOND)
    used = events[-1].response.usage.total_tokens
    requests, tokens = only(texting.send(RESPOND), "rate_limits.updated").rate_limits
    assert (requests.name, requests.limit - requests.remaining) == ("requests", 2)
    assert (tokens.name, tokens.limit - tokens.remaining) == ("tokens", used)
    assert tokens.reset_seconds > 0


# Stopping


def test_response_is_cancelled_where_it_is(texting: Any):
    texting.send(item("one two three four five six", id="mine"))
    texting.at_once(RESPOND)
    texting.next(7)  # the last two are deltas
    events = texting.at_once({"type": "response.cancel"})
    assert kinds(events) == TEXT[6:]
    done = events[-1].response
    assert (done.status, done.status_details.reason) == ("cancelled", "client_cancelled")
    assert (done.output[0].status, done.output[0].content[0].text) == ("incomplete", "You wrote")
    assert done.usage.output_tokens == 2
    assert texting.rest() == []
    assert texting.code({"type": "response.cancel"}) == "response_cancel_not_active"
    assert texting.send(RESPOND)[-1].response.status == "completed"


def test_response_is_cancelled_before_it_began(texting: Any):
    texting.at_once(RESPOND)
    created, _, done = texting.at_once({"type": "response.cancel"})
    assert (created.type, done.type) == ("response.created", "response.done")
    assert (done.response.status, done.response.output) == ("cancelled", [])


def test_response_is_cancelled_by_its_id(texting: Any):
    aside = {"conversation": "none", "input": [item("aside")["item"]]}
    texting.at_once({**RESPOND, "response": aside})
    (created,) = texting.next()
    assert texting.at_once({"type": "response.cancel"})[0].type == "error"  # it is beside it
    cancel = {"type": "response.cancel", "response_id": created.response.id}
    assert texting.at_once({**cancel, "response_id": "resp_other"})[0].type == "error"
    assert texting.at_once(cancel)[-1].response.status == "cancelled"


def test_cancelled_response_leaves_a_pause(talk: Any, world: World):
    stall = faults.stall(after_events=6, seconds=None)
    stalling = talk(RealtimeSession("gpt-realtime", world, faults=(stall,)))
    stalling.send(update(output_modalities=["text"]), item("Hi"))
    stalling.at_once(RESPOND)
    stalling.next(6)
    assert stalling.session.proceed() is stalling.session.proceed()
    done = stalling.at_once({"type": "response.cancel"})[-1].response
    assert (done.status, done.output[0].content[0].text) == ("cancelled", "You")
    assert stalling.session.proceed() is None


@pytest.mark.parametrize(
    "fault",
    [
        faults.error_event(after_events=3),
        faults.duplicate(every=2),
        faults.reorder(),
        faults.no_end(),
    ],
    ids=repr,
)
def test_faults_change_events(talk: Any, world: World, fault: Any):
    broken = talk(RealtimeSession("gpt-realtime", world, faults=(fault,)))
    usual = talk(RealtimeSession("gpt-realtime", world))
    for each in (broken, usual):
        each.send(update(output_modalities=["text"]), item("Hi"))
    changed, unchanged = ([event.type for event in each.send(RESPOND)] for each in (broken, usual))
    assert changed != unchanged


# Functions


def test_function_is_called_and_its_output_answered(texting: Any):
    texting.send(update(output_modalities=["text"], tools=[WEATHER]), item("Weather in Paris?"))
    events = texting.send(RESPOND)
    assert kinds(events) == [
        "response.created",
        "rate_limits.updated",
        "response.output_item.added",
        "conversation.item.added",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
    ]
    call = events[-1].response.output[0]
    assert (call.name, call.status, list(json.loads(call.arguments))) == (
        "get_weather",
        "completed",
        ["city"],
    )
    deltas = [event.delta for event in events if event.type.endswith("arguments.delta")]
    assert "".join(deltas) == call.arguments
    assert only(events, "response.function_call_arguments.done").name == "get_weather"
    output = {"type": "function_call_output", "call_id": call.call_id, "output": "Sunny"}
    texting.send({"type": "conversation.item.create", "item": output})
    done = texting.send(RESPOND)[-1].response
    assert done.output[0].content[0].text == "The tools gave: Sunny"


def test_tools_of_mcp_servers_are_listed_once(texting: Any):
    server = {"type": "mcp", "server_label": "s", "server_url": "https://example.com"}
    _, *events = texting.send(update(tools=[server]))
    assert kinds(events) == [
        "mcp_list_tools.in_progress",
        "conversation.item.added",
        "mcp_list_tools.completed",
        "conversation.item.done",
    ]
    assert (events[1].item.server_label, events[1].item.tools) == ("s", [])
    assert kinds(texting.send(update(tools=[server, WEATHER]))) == ["session.updated"]


def test_output_of_a_call_that_was_never_made_is_an_error(realtime: Any):
    output = {"type": "function_call_output", "call_id": "call_x", "output": "Sunny"}
    created = {"type": "conversation.item.create", "item": output}
    assert realtime.code(created) == "invalid_tool_call_id"


@pytest.mark.parametrize(
    ("wanted", "param"),
    [
        ({"tool_choice": {"type": "function", "name": "x"}}, "session.tool_choice"),
        ({"tools": [{**WEATHER, "parameters": {"type": "x"}}]}, "response.tools[0].parameters"),
    ],
)
def test_tools_that_cannot_be_called_are_told(realtime: Any, wanted: Any, param: str):
    realtime.send(update(tools=[WEATHER]), item("Hi"))
    (error,) = realtime.send({**RESPOND, "response": wanted})
    assert error.error.param == param


# Speech of the model


def test_response_in_speech_has_sound_and_its_transcript(realtime: Any):
    realtime.send(item("Are you there?"))
    events = realtime.send(RESPOND)
    assert kinds(events) == [
        "response.created",
        "rate_limits.updated",
        "response.output_item.added",
        "conversation.item.added",
        "response.content_part.added",
        "response.output_audio_transcript.delta",
        "response.output_audio.delta",
        "response.output_audio.done",
        "response.output_audio_transcript.done",
        "response.content_part.done",
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
    ]
    sound = b"".join(
        b64decode(event.delta) for event in events if event.type == "response.output_audio.delta"
    )
    done = events[-1].response
    assert done.output[0].content[0].transcript == "You wrote: Are you there?"
    assert done.output[0].content[0].audio is None  # deltas alone carry sound
    retrieve = {"type": "conversation.item.retrieve", "item_id": done.output[0].id}
    (retrieved,) = realtime.send(retrieve)
    assert b64decode(retrieved.item.content[0].audio) == sound
    details = done.usage.output_token_details
    assert (details.text_tokens, details.audio_tokens) == (7, len(sound) // 48 // 50)
    assert done.usage.output_tokens == details.text_tokens + details.audio_tokens


def test_speech_that_was_not_heard_is_cut_off(realtime: Any):
    realtime.send(item("Are you there?"))
    spoken = realtime.send(RESPOND)[-1].response.output[0].id
    truncate = {"type": "conversation.item.truncate", "item_id": spoken, "content_index": 0}
    (truncated,) = realtime.send({**truncate, "audio_end_ms": 100})
    assert (truncated.item_id, truncated.audio_end_ms) == (spoken, 100)
    (retrieved,) = realtime.send({"type": "conversation.item.retrieve", "item_id": spoken})
    (part,) = retrieved.item.content
    assert (part.transcript, len(b64decode(part.audio))) == ("", 4800)
    for wrong in ({"audio_end_ms": 101}, {"audio_end_ms": -1}, {"content_index": 1}):
        assert realtime.code({**truncate, "audio_end_ms": 1, **wrong}) == "invalid_value"
    realtime.send(item("text", id="mine"))
    assert realtime.code({**truncate, "item_id": "mine", "audio_end_ms": 1}) == "invalid_value"


def test_call_has_its_sound_elsewhere_and_it_can_be_cleared(talk: Any, world: World):
    calling = talk(RealtimeSession("gpt-realtime", world, is_call=True))
    calling.send(item("one two three"))
    events = calling.send(RESPOND)
    assert "response.output_audio.delta" not in kinds(events)
    assert kinds(events)[6:9] == [
        "output_audio_buffer.started",
        "response.output_audio.done",
        "output_audio_buffer.stopped",
    ]
    clear = {"type": "output_audio_buffer.clear"}
    assert calling.code(clear) == "output_audio_buffer_empty"
    calling.at_once(RESPOND)
    while calling.next()[0].type != "output_audio_buffer.started":
        pass
    assert calling.at_once(clear)[0].type == "output_audio_buffer.cleared"
    assert "output_audio_buffer.stopped" not in kinds(calling.rest())


def test_buffer_of_output_is_one_of_calls(realtime: Any):
    assert realtime.code({"type": "output_audio_buffer.clear"}) == "invalid_value"


# Speech of the user


def test_turn_is_heard_written_down_and_answered(realtime: Any, speech: Any):
    transcription = {"model": "gpt-4o-transcribe"}
    realtime.send(
        update(output_modalities=["text"], audio={"input": {"transcription": transcription}})
    )
    events = realtime.send(append(speech("Hello there")))
    assert kinds(events) == [
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        "conversation.item.input_audio_transcription.delta",
        "conversation.item.input_audio_transcription.completed",
        *(kind for kind in TEXT if not kind.startswith("conversation")),
    ]
    named = {event.item_id for event in events[:3]} | {events[3].item.id}
    assert len(named) == 1
    completed = only(events, "conversation.item.input_audio_transcription.completed")
    assert completed.transcript == "Hello there"
    assert completed.usage.input_tokens > 0
    done = events[-1].response
    assert done.output[0].content[0].text == "You wrote: Hello there"
    assert done.usage.input_token_details.audio_tokens > 0


def test_turns_may_be_left_without_an_answer(realtime: Any, speech: Any):
    detection = {"type": "server_vad", "create_response": False}
    realtime.send(update(audio={"input": {"turn_detection": detection}}))
    events = realtime.send(append(speech("Hello")))
    assert kinds(events)[-1] == "conversation.item.done"


def test_user_who_speaks_interrupts_the_model(realtime: Any, speech: Any):
    realtime.send(item("one two three four"))
    realtime.at_once(RESPOND)
    realtime.next(8)
    events = realtime.at_once(append(speech("Stop it")))
    cancelled = only(events, "response.done").response
    assert cancelled.status_details.reason == "turn_detected"
    assert kinds(events)[0] == "input_audio_buffer.speech_started"
    assert realtime.rest()[-1].response.output[0].content[0].transcript == "You wrote: Stop it"


def test_user_may_be_let_speak_beside_the_model(realtime: Any, speech: Any):
    detection = {"type": "server_vad", "interrupt_response": False}
    realtime.send(update(audio={"input": {"turn_detection": detection}}), item("one two three"))
    realtime.at_once(RESPOND)
    realtime.next(8)
    events = realtime.at_once(append(speech("Go on")))
    assert "response.done" not in kinds(events)
    assert [e.response.status for e in realtime.rest() if e.type == "response.done"] == [
        "completed"
    ]


def test_user_who_says_nothing_is_asked(realtime: Any):
    detection = {"type": "server_vad", "idle_timeout_ms": 1000}
    realtime.send(update(audio={"input": {"turn_detection": detection}}))
    events = realtime.send(append(bytes(48_000)))
    assert (events[0].type, events[0].audio_end_ms) == (
        "input_audio_buffer.timeout_triggered",
        1000,
    )
    assert events[-1].type == "response.done"


def test_sound_is_committed_by_hand(realtime: Any):
    commit = {"type": "input_audio_buffer.commit"}
    realtime.send(update(audio={"input": {"turn_detection": None}}))
    assert realtime.send(append(bytes(4798))) == []
    assert realtime.code(commit) == "input_audio_buffer_commit_empty"
    realtime.send(append(b"\1\0"))
    committed, added, done = realtime.send(commit)
    assert (committed.type, committed.previous_item_id) == ("input_audio_buffer.committed", None)
    assert added.item.id == done.item.id == committed.item_id
    retrieve = {"type": "conversation.item.retrieve", "item_id": committed.item_id}
    (retrieved,) = realtime.send(retrieve)
    assert b64decode(retrieved.item.content[0].audio) == bytes(4798) + b"\1\0"
    assert realtime.code(commit) == "input_audio_buffer_commit_empty"


def test_sound_is_thrown_away(realtime: Any):
    realtime.send(update(audio={"input": {"turn_detection": None}}), append(bytes(9600)))
    (cleared,) = realtime.send({"type": "input_audio_buffer.clear"})
    assert cleared.type == "input_audio_buffer.cleared"
    assert realtime.code({"type": "input_audio_buffer.commit"}) == "input_audio_buffer_commit_empty"


def test_telephony_both_ways(realtime: Any):
    pcmu = {"format": {"type": "audio/pcmu"}}
    realtime.send(update(audio={"input": {**pcmu, "turn_detection": None}, "output": pcmu}))
    realtime.send(append(b"\xff" * 800))
    committed, *_ = realtime.send({"type": "input_audio_buffer.commit"})
    assert committed.type == "input_audio_buffer.committed"
    events = realtime.send(RESPOND)
    sounds = [len(b64decode(e.delta)) for e in events if e.type == "response.output_audio.delta"]
    assert sounds[0] == 1600  # 200 milliseconds
    assert events[-1].response.audio.output.format.type == "audio/pcmu"


def test_message_may_have_sound(texting: Any, speech: Any):
    parts = [{"type": "input_audio", "audio": speech("Hi")}, {"type": "input_text", "text": "you"}]
    message = {"type": "message", "role": "user", "content": parts, "id": "mine"}
    added, _ = texting.send({"type": "conversation.item.create", "item": message})
    assert (added.item.content[0].audio, added.item.content[1].text) == (None, "you")
    (retrieved,) = texting.send({"type": "conversation.item.retrieve", "item_id": "mine"})
    assert retrieved.item.content[0].audio == parts[0]["audio"]
    done = texting.send(RESPOND)[-1].response
    assert done.output[0].content[0].text == "You wrote: Hi\nyou"


@pytest.mark.parametrize(
    ("event", "param"),
    [
        ({"type": "session.destroy"}, "type"),
        ({"type": "conversation.item.create", "item": {"type": "x"}}, "item.type"),
        (item("x", id="a") | {"previous_item_id": "b"}, "previous_item_id"),
        ({"type": "input_audio_buffer.append", "audio": "*"}, "audio"),
        (item("x", content=[{"type": "input_audio", "audio": "*"}]), "item.content[0].audio"),
        (
            {**RESPOND, "response": {"output_modalities": ["text", "audio"]}},
            "response.output_modalities",
        ),
    ],
)
def test_what_cannot_be_answered_is_an_error_event(realtime: Any, event: Any, param: str):
    (error,) = realtime.send(event)
    assert (error.error.type, error.error.param) == ("invalid_request_error", param)
    assert realtime.send(item("still here"))[0].type == "conversation.item.added"


# Transcripts


@pytest.fixture
def transcribing(talk: Any, world: World) -> Any:
    return talk(RealtimeSession("", world, kind="transcription"))


def test_session_for_transcripts_only_writes_down(transcribing: Any, speech: Any):
    (created,) = transcribing.opening
    assert created.session.type == "transcription"
    audio = {"input": {"transcription": {"model": "gpt-4o-transcribe"}}}
    session = {"type": "transcription", "audio": audio}
    (updated,) = transcribing.send({"type": "session.update", "session": session})
    assert updated.session.audio.input.transcription.model == "gpt-4o-transcribe"
    events = transcribing.send(append(speech("Hello there")))
    assert kinds(events)[-1] == "conversation.item.input_audio_transcription.completed"
    assert events[-1].transcript == "Hello there"


@pytest.mark.parametrize("kind", ["response.create", "conversation.item.create", 5])
def test_session_for_transcripts_does_nothing_else(transcribing: Any, kind: object):
    (error,) = transcribing.send({"type": kind})
    assert error.error.param == "type"


def test_session_for_transcripts_cannot_talk(transcribing: Any):
    (error,) = transcribing.send(update())
    assert error.error.param == "session.type"
