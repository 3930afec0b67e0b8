import json
from collections.abc import Callable
from typing import Any

import pytest
from openai_mock.ids import Identifiers
from openai_mock.realtime import RealtimeSession
from openai_types import Decoder
from openai_types.realtime import RealtimeServerEvent

decode = Decoder[RealtimeServerEvent](RealtimeServerEvent, strict=True)

Answers = Callable[..., list[Any]]


@pytest.fixture
def send(ids: Identifiers) -> Answers:
    """Sends an event to a session; gives the strictly decoded answers."""
    session = RealtimeSession("gpt-realtime", ids=ids)

    def sent(event: object) -> list[Any]:
        frame = event if isinstance(event, str | bytes) else json.dumps(event)
        return [decode(json.dumps(answer)) for answer in session.receive(frame)]

    return sent


def item(text: str, **more: object) -> dict[str, object]:
    content = [{"type": "input_text", "text": text}]
    created = {"type": "message", "role": "user", "content": content}
    return {"type": "conversation.item.create", "item": {**created, **more}}


def code_of(answers: list[Any]) -> str:
    (answer,) = answers
    assert answer.type == "error"
    assert answer.error.type == "invalid_request_error"
    return answer.error.code


def test_session_opens_with_its_id_and_model(ids: Identifiers):
    (opening,) = RealtimeSession("gpt-realtime", ids=ids).opening()
    event: Any = decode(json.dumps(opening))
    assert event.type == "session.created"
    assert event.session.model == "gpt-realtime"
    assert event.session.to_dict()["id"].startswith("sess_")


def test_update_is_merged_into_the_session(send: Answers):
    audio = {"input": {"noise_reduction": {"type": "near_field"}}}
    send({"type": "session.update", "session": {"type": "realtime", "audio": audio}})
    changes = {
        "type": "realtime",
        "model": "gpt-realtime",
        "output_modalities": ["text"],
        "instructions": "Be brief.",
        "audio": {"input": {"transcription": {"language": "en"}}},
    }
    (updated,) = send({"type": "session.update", "session": changes})
    assert updated.type == "session.updated"
    assert updated.session.instructions == "Be brief."
    assert updated.session.audio.input.noise_reduction.type == "near_field"
    assert updated.session.audio.input.transcription.language == "en"


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"type": "transcription"}, "session.type"),
        ({"type": "realtime", "model": "gpt-realtime-mini"}, "session.model"),
        ({"type": "realtime", "output_modalities": ["audio"]}, "session.output_modalities"),
        ({"type": "realtime", "voice": "alloy"}, "session.voice"),
    ],
)
def test_update_that_cannot_be_is_an_error(send: Answers, changes: object, param: str):
    (error,) = send({"type": "session.update", "session": changes, "event_id": "mine"})
    assert error.type == "error"
    assert (error.error.param, error.error.event_id) == (param, "mine")


def test_item_is_added_and_done(send: Answers):
    added, done = send(item("Hello", id="item_1"))
    assert (added.type, done.type) == ("conversation.item.added", "conversation.item.done")
    assert (added.item.id, added.item.status) == ("item_1", "completed")
    (after, _) = send(item("again"))
    assert after.previous_item_id == "item_1"
    assert after.item.id.startswith("item_")


def test_items_are_retrieved_and_deleted(send: Answers):
    send(item("Hello", id="item_1"))
    (retrieved,) = send({"type": "conversation.item.retrieve", "item_id": "item_1"})
    assert retrieved.item.content[0].text == "Hello"
    (deleted,) = send({"type": "conversation.item.delete", "item_id": "item_1"})
    assert deleted.item_id == "item_1"
    assert code_of(send({"type": "conversation.item.delete", "item_id": "item_1"})) == (
        "item_not_found"
    )


def test_response_is_the_whole_family_in_order(send: Answers):
    send(item("Are you there?"))
    events = send({"type": "response.create"})
    assert list(dict.fromkeys(event.type for event in events)) == [
        "response.created",
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
    assert len({event.event_id for event in events}) == len(events)
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert len(deltas) >= 3
    assert "".join(deltas) == "You wrote: Are you there?"
    assert events[-1].response.output[0].content[0].text == "You wrote: Are you there?"


def test_answers_are_of_the_last_words_and_join_the_conversation(send: Answers):
    send(item("first", id="item_1"))
    *_, done = send({"type": "response.create"})
    send(item("second"))
    answered = done.response.output[0].id
    assert send({"type": "conversation.item.retrieve", "item_id": answered})[0].item.id == answered
    *_, done = send({"type": "response.create"})
    assert done.response.output[0].content[0].text == "You wrote: second"


def test_response_beside_the_conversation_leaves_it_alone(send: Answers):
    request = {"conversation": "none", "input": [item("aside")["item"]], "metadata": {"a": "b"}}
    events = send({"type": "response.create", "response": request})
    assert not [event for event in events if event.type.startswith("conversation.")]
    done = events[-1].response
    assert done.output[0].content[0].text == "You wrote: aside"
    assert (done.conversation_id, done.metadata) == (None, {"a": "b"})
    answered = done.output[0].id
    assert code_of(send({"type": "conversation.item.retrieve", "item_id": answered})) == (
        "item_not_found"
    )


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("{", "invalid_json"),
        (b"\xff", "invalid_json"),
        ({"type": "session.destroy"}, "invalid_value"),
        ({"type": "conversation.item.create", "item": {"type": "x"}}, "invalid_value"),
        (item("x", id="a") | {"previous_item_id": "b"}, "item_not_found"),
        ({"type": "response.cancel"}, "response_cancel_not_active"),
        ({"type": "input_audio_buffer.append", "audio": "AA=="}, "unsupported_value"),
        ({"type": "input_audio_buffer.commit"}, "unsupported_value"),
        (
            {"type": "response.create", "response": {"output_modalities": ["audio"]}},
            "unsupported_value",
        ),
    ],
)
def test_what_cannot_be_answered_is_an_error_event(send: Answers, event: object, code: str):
    assert code_of(send(event)) == code
    assert send(item("still here"))[0].type == "conversation.item.added"


def test_audio_buffer_is_empty_and_can_be_cleared(send: Answers):
    (cleared,) = send({"type": "input_audio_buffer.clear"})
    assert cleared.type == "input_audio_buffer.cleared"
