from collections.abc import Callable
from typing import Any

import httpx
import pytest
from openai_mock import MockServerError, faults
from openai_mock.faults.contents import UNKNOWN
from openai_mock.faults.fault import changed
from openai_mock.replies import BytesReply, EventsReply, JsonReply, Reply

Faulty = Callable[..., httpx.Response]
CALL = {"index": 0, "id": "call_1", "function": {"name": "f"}}
CHUNK: dict[str, Any] = {"choices": [{"delta": {"tool_calls": [CALL]}, "finish_reason": "stop"}]}


def test_wrong_enum(faulty: Faulty):
    answer = faulty("wrong_enum", stream=False).json()
    assert answer["choices"][0]["finish_reason"] == UNKNOWN
    answer = faulty("wrong_enum:output.type,new", stream=False, path="responses").json()
    assert answer["output"][0]["type"] == "new"
    assert answer["output"][0]["content"][0]["type"] == "output_text"


@pytest.mark.parametrize("stream", [True, False])
def test_values_that_are_wrong_by_default_are_in_responses_too(faulty: Faulty, stream: bool):
    assert f'"status":"{UNKNOWN}"' in faulty("wrong_enum", stream=stream, path="responses").text
    assert '"output":null' in faulty("null", stream=stream, path="responses").text


def test_missing_fields_in_answers_and_events(faulty: Faulty):
    assert "usage" not in faulty("missing", stream=False).json()
    assert '"choices"' not in faulty("missing:choices").text


def test_nulls(faulty: Faulty):
    assert faulty("null", stream=False).json()["choices"] is None
    assert '"delta":null' in faulty("null:choices.delta").text


def test_tool_calls_without_an_index():
    reply = changed(EventsReply([(None, CHUNK)]), [faults.no_index()])
    assert isinstance(reply, EventsReply)
    [(_, chunk)] = reply.frames
    expected = {"choices": [{**CHUNK["choices"][0]}]}
    expected["choices"][0]["delta"] = {
        "tool_calls": [{"id": "call_1", "function": CALL["function"]}]
    }
    assert chunk == expected
    assert CALL["index"] == 0  # what is kept stays as it is


def test_error_instead(faulty: Faulty):
    answer = faulty("error:429,code=insufficient_quota,retry_after=7")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert answer.json()["error"]["code"] == "insufficient_quota"


@pytest.mark.parametrize("stream", [True, False])
def test_error_in_a_200(faulty: Faulty, stream: bool):
    answer = faulty("error_in_200:overloaded", stream=stream)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["error"]["message"] == "overloaded"


@pytest.mark.parametrize("status", [200, 502])
def test_page_of_a_proxy(faulty: Faulty, status: int):
    answer = faulty(f"html:{status}")
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith("<!DOCTYPE html>")


def test_empty_body(faulty: Faulty):
    answer = faulty("empty", stream=False)
    assert (answer.status_code, answer.content) == (200, b"")
    assert faulty("empty:503").status_code == 503


def test_headers(faulty: Faulty):
    answer = faulty("content_type:text/plain+retry_after:5", stream=False)
    assert (answer.headers["content-type"], answer.headers["retry-after"]) == ("text/plain", "5")
    assert answer.json()["object"] == "chat.completion"


def test_what_has_no_fields_is_left_alone():
    for reply in (Reply(), BytesReply(b"x", "text/plain")):
        assert changed(reply, [faults.missing("usage")]) is reply


def test_impossible_values_are_told():
    for make in (
        lambda: faults.error(1000),
        lambda: faults.html(0),
        lambda: faults.empty(99),
        lambda: faults.content_type("a\nb"),
        lambda: faults.retry_after("ä"),
    ):
        with pytest.raises(MockServerError):
            make()


def test_names_say_how_they_were_made():
    assert repr(faults.html(502)) == "Fault(html(502))"
    assert faults.error(429).name.startswith("error(429, 'rate_limit_exceeded'")


def test_reply_in_json_keeps_its_status():
    reply = changed(JsonReply({"a": 1}, status=201), [faults.missing("a")])
    assert reply == JsonReply({}, status=201)
