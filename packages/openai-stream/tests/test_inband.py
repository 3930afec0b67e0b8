import json
from typing import Any

import pytest
from openai_stream import ServerSentEvent
from openai_stream.inband import MAX_ANSWER_SIZE, Unframed, find_error, is_no_error
from openai_types import Decoder
from openai_types.chat import ChatCompletionChunk
from pydantic import BaseModel

# Any: JSON of any shape.


def error_in(data: Any, event: str | None = None) -> Any:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return find_error(ServerSentEvent(event, raw))


def test_error_object_gives_its_fields():
    body = {"message": "Busy", "type": "server_error", "code": "overloaded", "param": "model"}
    error = error_in({"error": body})
    assert str(error) == error.message == "Busy"
    assert (error.type, error.code, error.param) == ("server_error", "overloaded", "model")
    assert error.body == body


def test_error_object_with_numeric_code_gives_it_as_text():
    error = error_in({"id": "x", "choices": [], "error": {"code": 502, "message": "Bad"}})
    assert (error.code, error.message) == ("502", "Bad")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"error": "text"}, "text"),
        ({"error": ["text"]}, "text"),
        ({"error": [{"message": "text"}]}, "text"),
        ([{"error": {"message": "text"}}], "text"),
        ({"error": {"error": {"message": "text"}}}, "text"),
        ({"error": {"message": {"detail": [{"loc": ["body"], "msg": "text"}]}}}, "body: text"),
        ({"error": {"message": '{"message": "text", "code": 3001}'}}, "text"),
        ({"error": {"message": '["text"]'}}, "text"),
        ({"error": {"message": "{not JSON"}}, "{not JSON"),
        ({"error": {"message": "{}"}}, "{}"),
        ({"object": "error", "message": "text", "type": "BadRequest", "code": 400}, "text"),
        ({"object": "error", "message": {"detail": [{"msg": "text"}]}}, "text"),
        ({"message": "text", "code": "1113"}, "text"),
        ({"detail": "text"}, "text"),
        (
            {"detail": [{"type": "extra_forbidden", "loc": ["body", "store"], "msg": "text"}]},
            "body.store: text",
        ),
    ],
)
def test_error_of_each_shape_gives_its_message(data: Any, message: str):
    assert error_in(data).message == message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"upstream died", "upstream died"),
        (b"<html>502</html>", "502"),
        (b'{"code": 500, "message": "text", "extra": 1}', "text"),
        (b'"text"', "text"),
    ],
)
def test_event_named_error_is_one_whatever_its_data(data: bytes, message: str):
    assert error_in(data, "error").message == message


@pytest.mark.parametrize("data", [b"", b"null", b"{}", b"[]", b'{"error": {"code": 1}}'])
def test_error_without_a_message_shows_what_came(data: bytes):
    message = error_in(data, "error").message
    assert "without saying which" in message
    assert data.decode() in message


def test_event_nested_too_deep_to_parse_is_left_to_the_decoder():
    assert error_in(b'{"error": ' * 100_000) is None
    assert error_in(b'{"error": ' * 400 + b"1" + b"}" * 400) is None


@pytest.mark.parametrize(
    "data",
    [
        {"choices": [{"delta": {"content": '{"error": "quoted"}'}}]},
        {"choices": [], "error": None},
        {"choices": [], "error": {}},
        {"choices": [], "message": "hi", "code": 1},
        {"message": "hi"},
        {"type": "response.created", "response": {"error": {"message": "of the response"}}},
        {"type": "response.output_item.added", "item": {"type": "message"}},
        {"type": "error", "event_id": "evt_1", "error": {"message": "of the session"}},
        ["error"],
        "error",
        b'{"error": {"message": "cut of',
    ],
)
def test_ordinary_events_are_no_errors(data: Any):
    assert error_in(data) is None


def test_error_event_of_the_responses_api_is_an_ordinary_event():
    data = {"type": "error", "code": "x", "message": "m", "param": None, "sequence_number": 3}
    assert error_in(data, "error") is None
    assert error_in(data | {"error": {"message": "nested"}}, "error").body == {"message": "nested"}


def test_fields_of_an_error_are_found_in_each_shape():
    error = error_in({"detail": [{"type": "missing", "loc": ["body", "model"], "msg": "text"}]})
    assert (error.code, error.param, error.type) == (None, "model", "missing")


def unframed(*chunks: bytes) -> Unframed:
    made = Unframed()
    for chunk in chunks:
        if made.open:
            made.feed(chunk)
    return made


@pytest.mark.parametrize(
    ("chunks", "data"),
    [
        ([b'{"error"', b": 1}"], b'{"error": 1}'),
        ([b"\xef\xbb\xbf[", b"]"], b"[]"),
        ([b" \n", b"", b"\t<html>"], b"<html>"),
        ([b"data: {}", b"{}"], b""),
        ([b": comment", b"{"], b""),
        ([b"\n\n", b"event: x\n"], b""),
        ([], b""),
        ([b"  "], b""),
    ],
)
def test_answer_that_is_no_stream_is_kept(chunks: list[bytes], data: bytes):
    assert unframed(*chunks).data == data


def test_answer_that_is_no_stream_is_kept_up_to_a_size():
    made = unframed(b"{", *[b"x" * 2**18] * 9)
    assert not made.open
    assert MAX_ANSWER_SIZE <= len(made.data) < MAX_ANSWER_SIZE + 2**19
    blank = unframed(*[b"\n"] * 100_000)
    assert blank.open
    assert blank.data == b""


class Loose(BaseModel):
    """A model that leaves out what it does not know."""


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ({"id": "x", "choices": []}, True),
        ({"id": "x", "choices": [], "error": None}, False),
        ({"error": {"message": "Busy"}}, False),
        ({"object": "error", "message": "Busy"}, False),
        ({"detail": "Not found"}, False),
        ({"object": "error", "message": "Busy", "choices": []}, True),
    ],
)
def test_fields_of_a_model_show_whether_it_may_report_an_error(data: Any, shown: bool):
    raw = json.dumps(data).encode()
    assert is_no_error(Decoder[Any](ChatCompletionChunk)(raw)) is shown
    assert not (shown and error_in(data))


@pytest.mark.parametrize("event", [{"id": "x"}, ["x"], None, Loose.model_validate({"error": 1})])
def test_what_is_no_model_or_left_something_out_shows_nothing(event: object):
    assert not is_no_error(event)
