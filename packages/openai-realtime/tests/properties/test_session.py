"""Whatever a server sends, reading it gives an event or the documented error, and loses nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_realtime.session import Session, encode
from openai_types.errors import DecodeError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
TYPES = st.sampled_from(
    [
        "session.created",
        "session.updated",
        "response.created",
        "response.output_text.delta",
        "response.done",
        "error",
        "moon.risen",
    ]
)


def make_event(name: str, fields: dict[str, object]) -> dict[str, object]:
    return {**fields, "type": name}


EVENTS = st.builds(
    make_event,
    TYPES,
    st.dictionaries(
        st.sampled_from(["session", "response", "delta", "error", "event_id", "new"])
        | st.from_regex(r"x_[a-z]{1,8}", fullmatch=True),
        JSON,
        max_size=5,
    ),
)


@given(EVENTS)
def test_receive_with_any_object_gives_back_what_came(event: dict[str, object]):
    assert Session().receive(json.dumps(event)).to_dict() == event


@given(st.lists(EVENTS, max_size=20))
def test_receive_collects_only_while_a_response_is_in_progress(events: list[dict[str, object]]):
    session = Session()
    started = False
    for event in events:
        session.receive(json.dumps(event))
        started = started or event["type"] == "response.created"
        assert started or not session.events
        if session.events:
            assert session.events[0].type == "response.created"


@given(st.text() | st.binary())
def test_receive_with_any_frame_gives_an_event_or_the_documented_error(frame: str | bytes):
    try:
        is_object = isinstance(json.loads(frame), dict)
    except (ValueError, RecursionError):
        is_object = False
    if is_object:
        Session().receive(frame)
    else:
        with pytest.raises(DecodeError):
            Session().receive(frame)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_encode_is_read_back_unchanged(text: str):
    event = {"type": "input_audio_buffer.append", "audio": text}
    assert json.loads(encode(event)) == event  # pyright: ignore[reportArgumentType]
