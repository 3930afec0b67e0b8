import json

import pytest
from openai_realtime.closing import Ending
from openai_realtime.session import Session, encode
from openai_types.errors import DecodeError, OpenAIError
from openai_types.realtime import ResponseCancelEvent


def frame(type: str, **fields: object) -> str:
    return json.dumps({"type": type, **fields})


def receive(*frames: str) -> Session:
    session = Session()
    for each in frames:
        session.receive(each)
    return session


def types(session: Session) -> list[str | None]:
    return [event.type for event in session.events]


STARTED = frame("response.created", response={"id": "resp_1"})
DELTA = frame("response.output_text.delta", delta="Hel")
DONE = frame("response.done", response={"id": "resp_1"})


def test_encode_with_a_dict():
    text = encode({"type": "input_audio_buffer.append", "audio": "AAAA"})
    assert json.loads(text) == {"type": "input_audio_buffer.append", "audio": "AAAA"}


def test_encode_with_a_model_sends_only_what_was_set():
    event = ResponseCancelEvent(type="response.cancel", response_id="resp_1")
    assert json.loads(encode(event)) == {"type": "response.cancel", "response_id": "resp_1"}


def test_encode_with_a_model_inside_sends_only_what_was_set():
    received = Session().receive(
        frame("conversation.item.added", item={"type": "message", "role": "user", "id": "item_1"})
    )
    event = {"type": "conversation.item.create", "item": getattr(received, "item")}  # noqa: B009
    assert json.loads(encode(event)) == {  # pyright: ignore[reportArgumentType]
        "type": "conversation.item.create",
        "item": {"type": "message", "role": "user", "id": "item_1"},
    }


def test_encode_with_text_beyond_ascii_is_utf8():
    assert "ü€😀" in encode({"type": "input_audio_buffer.append", "audio": "ü€😀"})


@pytest.mark.parametrize("audio", [object(), "\ud800", b"\xff"])
def test_encode_with_what_json_does_not_know_is_refused(audio: object):
    with pytest.raises(OpenAIError, match="cannot be written as JSON"):
        encode({"type": "input_audio_buffer.append", "audio": audio})  # pyright: ignore[reportArgumentType]


def test_receive_gives_the_event():
    event = Session().receive(DELTA)
    assert event.type == "response.output_text.delta"
    assert event.to_dict() == {"type": "response.output_text.delta", "delta": "Hel"}


@pytest.mark.parametrize("data", ["", "not json", "[]", b"\xff"])
def test_receive_with_no_event_raises_and_changes_nothing(data: str | bytes):
    session = receive(STARTED)
    with pytest.raises(DecodeError):
        session.receive(data)
    assert types(session) == ["response.created"]


@pytest.mark.parametrize("type", ["session.created", "session.updated"])
def test_receive_remembers_the_id_of_the_session(type: str):
    assert receive(frame(type, session={"id": "sess_1"})).id == "sess_1"


@pytest.mark.parametrize("odd", [{}, {"session": None}, {"session": {"id": 5}}, {"session": "x"}])
def test_receive_with_an_odd_session_keeps_the_id(odd: dict[str, object]):
    session = receive(
        frame("session.created", session={"id": "sess_1"}), frame("session.updated", **odd)
    )
    assert session.id == "sess_1"


def test_events_outside_a_response_are_not_collected():
    assert receive(frame("input_audio_buffer.committed"), DELTA).events == []


def test_events_of_a_response_in_progress_are_collected():
    session = receive(STARTED, DELTA, frame("moon.risen"))
    assert types(session) == ["response.created", "response.output_text.delta", "moon.risen"]


def test_events_are_let_go_when_the_response_is_done():
    assert receive(STARTED, DELTA, DONE).events == []


def test_events_are_kept_until_the_last_of_several_responses_is_done():
    other = frame("response.created", response={"id": "resp_2"})
    session = receive(STARTED, other, DONE, DELTA)
    assert types(session) == [
        "response.created",
        "response.created",
        "response.done",
        "response.output_text.delta",
    ]
    session.receive(frame("response.done", response={"id": "resp_2"}))
    assert session.events == []


@pytest.mark.parametrize("odd", [{}, {"response": None}, {"response": {"id": []}}])
def test_events_are_let_go_when_the_done_response_has_no_id(odd: dict[str, object]):
    assert receive(STARTED, DELTA, frame("response.done", **odd)).events == []


def test_events_are_let_go_when_the_response_began_without_an_id():
    assert receive(frame("response.created", response={}), DELTA, DONE).events == []


def test_closed_carries_what_was_received():
    session = receive(frame("session.created", session={"id": "sess_1"}), STARTED, DELTA)
    error = session.closed(Ending(1011, "server error"))
    assert (error.code, error.reason, error.normal) == (1011, "server error", False)
    assert error.session_id == "sess_1"
    assert error.events == session.events
    assert len(error.events) == 2
